"""fit: a model from a table in memory, in one call."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network
from autograd_bp.nn.sequences import takes_length
from autograd_bp.training.facts import facts_of
from autograd_bp.training.history import Epoch
from autograd_bp.training.joining import joined
from autograd_bp.training.judging import baseline_of
from autograd_bp.training.learning import (
    chosen_optimiser,
    learning_settings,
    optimiser_facts,
    optimiser_saved,
    stopped_facts,
    train_options,
)
from autograd_bp.training.loop import train
from autograd_bp.training.meaning import OUTPUTS, output_of
from autograd_bp.training.model import Model
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.sequence_tables import example_of, sequence_table
from autograd_bp.training.session import network_for
from autograd_bp.training.spread.kinds import is_spread
from autograd_bp.training.tabular import TableData, TableSplit, table_data

__all__ = ["fit"]


def fit(
    network: Module | Sequence[int] | None,
    X: Any,
    y: Any = None,
    *,
    sample_weight: Any = None,
    balanced: bool | Mapping[Any, float] = False,
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
    block: int | None = None,
) -> Model:
    """Learn from a table of any make; every row is learned from.

    Arguments:
        network: a Network, whose weights are moved and whose numbers of inputs and outputs must be
            those of the encoded table; or a module of your own; or the sizes of the hidden layers;
            or None for one of 10.
        X: the rows: a frame of pandas, polars, Arrow or any make, an array, a dict of columns, a
            list of rows or of dicts, an iterable of such tables chunk after chunk, the path of a
            file, or an array or frame of Dask. Cells may be numbers, text, truths, dates, missing.
            For a module that takes a length: rows of different lengths, see docs/training.md.
        y: the answers, one for each row, or several numbers for each; or the names of the columns
            of X that have them. When left out, the column "target", or the last one.
        sample_weight: how much each row counts, or the name of a column.
        balanced: whether each class counts the same, however many rows it has; or how much a row of
            each class counts, {class: weight}, 1 where a class is left out.
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
        block: as for `train`, for tables whose rows lie on a Dask cluster or are summed in blocks.
            The encoder of more than 100,000 rows is then learned on so many from all over the
            table.

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
    blocks: Any = None
    sequences: list[Any] | None = None
    if isinstance(network, Module) and takes_length(network):
        data, split, sequences = sequence_table(
            X, y, sample_weight, task=task, output=output, balanced=balanced, seed=seed
        )
    elif block is not None or is_spread(X):
        from autograd_bp.training.spread.tables import Options, spread_table
        from autograd_bp.training.spread.training import block_size

        how = Options(task, output, balanced, list(keep), seed, block_size(block))
        data, split, blocks = spread_table(X, y, sample_weight, how)
    else:
        data = _data(X, y, task, sample_weight)
        split = data.split(seed, 0.0, output=output, balanced=balanced, keep=list(keep))
    rows = len(data.answers) if blocks is None else blocks.rows
    hidden = None if network is None or isinstance(network, Module) else list(network)
    settings: dict[str, Any] = {
        "data": data.name,
        "seed": seed,
        "output": output_of(split.target),
    }
    made, defaults = network_for(split, rows, hidden, activation, seed)
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
        rows=rows,
        known_rate=defaults.rate,
        known_epochs=defaults.epochs,
    )
    settings |= of_learning
    history = train(
        own,
        split if blocks is None else blocks,
        performance=OUTPUTS[settings["output"]].performance,
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
        block=block,
    )
    about = {
        **settings,
        **facts_of(data),
        "rows": rows,
        "epochs_finished": len(history.epochs),
        "optimiser": optimiser_facts(tool),
        "how": history.how,
        **stopped_facts(history),
        "history": history.P,
        "baseline": baseline_of(split.target, data.answers),
    }
    model = Model.of(own, data, split, about, optimiser_saved(tool))
    if sequences is None:
        return model
    return replace(model, example=(example_of(sequences[-1]), model.example[1]))


def _data(X: Any, y: Any, task: str, sample_weight: Any) -> TableData:
    part = joined(X, y, sample_weight)
    return table_data(part.name, part.frame, target=part.targets, task=task, weight=part.weight)


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
