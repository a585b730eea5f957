"""fit: a model from a table in memory, in one call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from autograd_bp.errors import DataError, SettingError, ShapeError
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network
from autograd_bp.training.facts import facts_of
from autograd_bp.training.frames import Column, Frame, frame_of, free_name
from autograd_bp.training.history import Epoch
from autograd_bp.training.judging import baseline_of
from autograd_bp.training.learning import (
    chosen_optimiser,
    learning_settings,
    optimiser_facts,
    optimiser_saved,
    stopped_facts,
    train_options,
)
from autograd_bp.training.loading import frame_of_path, table_name
from autograd_bp.training.loop import train
from autograd_bp.training.meaning import OUTPUTS, output_of
from autograd_bp.training.model import Model
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.rows import weights_of
from autograd_bp.training.session import network_for
from autograd_bp.training.tabular import TableData, TableSplit, table_data

__all__ = ["fit"]


def fit(
    network: Module | Sequence[int] | None,
    X: Any,
    y: Any = None,
    *,
    sample_weight: Any = None,
    balanced: bool = False,
    task: str = "auto",
    output: str = "auto",
    activation: str | Sequence[str] = "sigmoid",
    optimiser: str | Optimiser = "auto",
    rate: float | None = None,
    schedule: Any = None,
    epochs: int | None = None,
    batch: int | str = "auto",
    decay: float | str = "auto",
    clip_norm: float | None = None,
    clip_value: float | None = None,
    frozen: Iterable[Any] = (),
    patience: int | None = None,
    seed: int = 0,
    keep: Collection[str] = (),
    progress: bool | str = False,
    on_epoch: Callable[[Epoch], object] | None = None,
    callbacks: Any = (),
    checkpoint: Any = None,
    resume: Any = None,
    compiled: bool | str = "auto",
) -> Model:
    """Learn from a table of any make; every row is learned from.

    Arguments:
        network: a Network, whose weights are moved and whose numbers of inputs and outputs must be
            those of the encoded table; or a module of your own; or the sizes of the hidden layers;
            or None for one of 10.
        X: the rows: a frame of pandas, polars, Arrow or any make, an array, a dict of columns, a
            list of rows or of dicts, an iterable of such tables chunk after chunk, or the path of a
            file. Cells may be numbers, text, truths, dates, or missing.
        y: the answers, one for each row, or several numbers for each; or the names of the columns
            of X that have them. When left out, the column "target", or the last one.
        sample_weight: how much each row counts, or the name of a column.
        balanced: whether each class counts the same, however many rows it has.
        task: "classes", "numbers" or "auto", see `autograd_bp.training.plan`.
        output: "auto", or "sigmoid" for the outputs of the post.
        activation: of the hidden layers, where no network is given.
        optimiser: as for `train`; "auto" as for `plan`.
        rate: δ; that of the optimiser when left out, for ascent by the kind of output.
        schedule: the factor of the rate, as for `train`.
        epochs: how often to go over the rows; by their number when left out.
        batch: how many rows make a step, as for `train`.
        decay: λ of -½ λ Σ w² beside the mean performance; 0 when left out, but 0.003 for the
            optimiser that "auto" chooses.
        clip_norm: as for `train`.
        clip_value: as for `train`.
        frozen: as for `train`.
        patience: as for `train`.
        seed: decides the first weights and the order of the rows.
        keep: columns to learn from although they look like identifiers.
        progress: whether a bar is shown on a terminal.
        on_epoch: called with each finished Epoch; training stops when it returns True.
        callbacks: as for `train`.
        checkpoint: as for `train`.
        resume: as for `train`.
        compiled: as for `train`.

    Returns: the model. `model.about["history"]` has P, epoch by epoch, and `model.scaling.report()`
        says what was done to which column.

    Raises: DataError when the table cannot be learned from; ShapeError when a network has other
        numbers of inputs or outputs; SettingError for a setting out of range.

    Example:
        >>> from autograd_bp.training import fit
        >>> table = {"size": [1.0, 2.0, 3.0, 4.0], "colour": ["red", "red", "blue", "blue"]}
        >>> model = fit([3], table, ["small", "small", "large", "large"], epochs=200)
        >>> model.predict({"size": 1.5, "colour": "red"})
        'small'
    """
    options = train_options(schedule, clip_norm, clip_value, patience)
    chosen_optimiser(
        optimiser, "linear", rate=rate, epochs=epochs, batch=batch
    )  # an unknown one is refused first
    data = _data(X, y, task, sample_weight)
    split = data.split(seed, 0.0, output=output, balanced=balanced, keep=list(keep))
    hidden = None if network is None or isinstance(network, Module) else list(network)
    settings: dict[str, Any] = {
        "data": data.name,
        "seed": seed,
        "output": output_of(split.target),
    }
    made, defaults = network_for(split, len(data.answers), hidden, activation, seed)
    own: Module = made
    if isinstance(network, Module):
        _require_fitting(network, split)
        own = network
    tool, of_learning = learning_settings(
        optimiser,
        settings["output"],
        rate=rate,
        epochs=epochs,
        batch=batch,
        decay=decay,
        rows=len(split.training),
        known_rate=defaults.rate,
        known_epochs=defaults.epochs,
    )
    settings |= of_learning
    history = train(
        own,
        split,
        optimiser=tool,
        **of_learning,
        **options,
        seed=seed,
        frozen=frozen,
        progress=progress,
        on_epoch=on_epoch,
        callbacks=callbacks,
        checkpoint=checkpoint,
        resume=resume,
        compiled=compiled,
    )
    about = {
        **settings,
        **facts_of(data),
        "epochs_finished": len(history.epochs),
        "optimiser": optimiser_facts(tool),
        "how": history.how,
        **stopped_facts(history),
        "history": history.P,
        "baseline": baseline_of(split.target, data.answers),
    }
    return Model.of(own, data, split, about, optimiser_saved(tool))


def _data(X: Any, y: Any, task: str, sample_weight: Any) -> TableData:
    name = "table"
    if isinstance(X, (str, bytes)) or hasattr(X, "__fspath__"):
        name, frame = table_name(X), frame_of_path(X)
    else:
        frame = frame_of(X, "X")
    frame = Frame(frame.source, dict(frame.columns), list(frame.remarks), frame.lines)
    targets: list[str] | None
    if y is None or isinstance(y, str):
        targets = None if y is None else [y]
    elif _are_names(y, frame):
        targets = list(y)
    else:
        targets = _with_answers(frame, y)
    weight = sample_weight if isinstance(sample_weight, str) else None
    if sample_weight is not None and weight is None:
        weight = _free("weight", frame)
        numbers = weights_of(sample_weight, len(frame)) or []
        frame.columns[weight] = Column(weight, list(numbers))
    return table_data(name, frame, target=targets, task=task, weight=weight)


def _are_names(y: Any, frame: Frame) -> bool:
    """Whether y are names of columns, and not an answer for each row."""
    if not isinstance(y, (list, tuple)) or not y:
        return False
    return all(isinstance(name, str) and name in frame.columns for name in y)


def _with_answers(frame: Frame, y: Any) -> list[str]:
    """Put the answers into the frame; the names that they have there."""
    answers = frame_of(y, "y")
    if len(answers) != len(frame):
        raise DataError(f"X has {len(frame)} rows and y has {len(answers)}: give one y for each")
    names = []
    for column in answers.columns.values():
        is_named = hasattr(y, "columns") or getattr(y, "name", None)
        wanted = column.name if is_named else "y" if len(answers.columns) == 1 else column.name
        name = _free(wanted.replace("x", "y", 1) if not is_named else wanted, frame)
        column.name = name
        frame.columns[name] = column
        names.append(name)
    return names


def _free(name: str, frame: Frame) -> str:
    return free_name(name, frame.columns) if name in frame.columns else name


def _require_fitting(network: Module, split: TableSplit) -> None:
    """Raises ShapeError, or SettingError for other outputs than those of the target. What a module
    of another class takes and gives shows when it runs."""
    if type(network) is not Network:
        return
    width = split.scaling.width
    sizes, n_outputs = network.sizes, split.target.n_outputs
    if (sizes[0], sizes[-1]) != (width, n_outputs):
        raise ShapeError(
            f"the table is {width} inputs and {n_outputs} outputs when it is encoded, and the "
            f"network has {sizes[0]} and {sizes[-1]}: give the sizes of the hidden layers instead "
            f"of a network, such as fit([10], X, y), or Network([{width}, 10, {n_outputs}], ...)"
        )
    needed = OUTPUTS[output_of(split.target)].activation
    last = network.activation_names[-1]
    if last != needed:
        raise SettingError(
            f"outputs of this target are {needed} neurons ({output_of(split.target)}), and the "
            f"network ends with {last}: Network({list(sizes)}, [..., {needed!r}]), or for sigmoids "
            "with the performance of the post output='sigmoid'"
        )
