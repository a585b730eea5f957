"""The training loop: record, sweep, step, row after row, in another order in each epoch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from autograd_bp import functions
from autograd_bp.errors import DataError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.nn.sequences import takes_length
from autograd_bp.training.callbacks import Callback, EarlyStopping, Progress, callbacks_of
from autograd_bp.training.checkpoints import Checkpoint, checkpoint_of, read_checkpoint
from autograd_bp.training.dataset import Split
from autograd_bp.training.evaluating import Examples, Performance, evaluate
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.meaning import OUTPUTS, is_number, output_of
from autograd_bp.training.moving import Mover, frozen_places
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.optimisers.names import optimiser as optimiser_of
from autograd_bp.training.rows import ArrayRows, Pair, pairs_of, weights_of
from autograd_bp.training.running import Run
from autograd_bp.training.schedules import schedule_of
from autograd_bp.training.sequences import pairs_of_sequences
from autograd_bp.training.settings import not_negative, whole
from autograd_bp.training.spread import is_spread, train_by_blocks
from autograd_bp.training.tabular import TableSplit
from autograd_bp.words import explains_keywords

__all__ = ["evaluate", "train"]


@explains_keywords
def train(
    network: Module,
    data: Split | TableSplit | Examples,
    *,
    optimiser: str | Optimiser = "ascent",
    rate: float | None = None,
    schedule: Any = None,
    epochs: int = 20,
    batch: int | str = "auto",
    seed: int = 0,
    held_out: Examples = (),
    performance: Performance | None = None,
    sample_weight: Iterable[float] | None = None,
    decay: float = 0.0,
    clip_norm: float | None = None,
    clip_value: float | None = None,
    frozen: Iterable[Any] = (),
    patience: int | None = None,
    progress: bool | str = False,
    on_epoch: Callable[[Epoch], object] | None = None,
    callbacks: Any = (),
    checkpoint: Any = None,
    resume: Any = None,
    compiled: bool | str = "auto",
    block: int | None = None,
) -> History:
    """Train a network, in place, so that its performance on examples goes up.

    Arguments:
        network: a Network, or any Module that computes outputs from a row of inputs.
        data: a split of a data set; or pairs (x, d) of inputs and desired outputs; or a tuple of
            two tables, (X, D): arrays, frames or lists of rows, also arrays and frames of Dask; or
            an iterable of such tuples. A module whose `__call__` takes a row and its length gets
            rows of different lengths, see docs/training.md.
        optimiser: "ascent", the Δw = δ ∇P of the post, or another name of
            `autograd_bp.training.optimisers`, with settings as in "momentum:momentum=0.8"; or one
            that was made without parameters, which keeps its state for the next call.
        rate: δ; for ascent 0.5 when left out, for others their own default.
        schedule: the factor of the rate: "cosine", "step:10:0.5", "warm-up:2", "plateau:5", one of
            `autograd_bp.training.schedules`, or a function of the time in epochs.
        epochs: how many times to go over the training rows.
        batch: how many rows are swept for one step. 1 is learning per example, as in the
            post, and what "auto" means; a larger batch is ascent on the *mean* of its performances,
            so a rate means the same for every size. For optimisers that need all rows (rprop,
            lbfgs, gauss-newton, levenberg-marquardt, trust-region) "auto" is all of them: they take
            one step in an epoch.
        seed: decides the order of the rows, which is different in each epoch and the same
            on every platform. A call that finds the weights as the last call with this seed left
            them goes on with that order: 5 epochs and 5 more are 10 epochs.
        held_out: pairs to judge by, where `data` is no split.
        performance: a function of d and the outputs, whose value is to go up. One that falls
            when the outputs come to d is a loss, and a LossWarning says so. When left out it is
            P = -½ Σ (d - z)², or what the target of a split is learned with.
        sample_weight: how much each row counts: its performance is multiplied by it.
        decay: λ of -½ λ Σ w² beside the mean performance, over all weights but the bias weights.
        clip_norm: the gradient of a step is made at most this long.
        clip_value: each number of it is made at most this large.
        frozen: parameters that stay as they are: Values, modules, or patterns of the names that
            `named_parameters` has, such as "layers.0.*".
        patience: after so many epochs without a better performance, of the rows held out if there
            are any, the training ends with the weights of its best epoch. See `EarlyStopping`.
        progress: True for a progress bar in a terminal or a notebook, if tqdm is installed, and
            elsewhere for a line on stderr now and then; "lines" for one after each epoch.
        on_epoch: called with each finished Epoch; training stops when it returns True.
        callbacks: functions of the `Progress`, called after each epoch, and `Callback`s.
        checkpoint: a path, or a `Checkpoint` that says how often all that is needed to go on is
            written there. A file that is there already is replaced only by `resume`, or where the
            Checkpoint says force=True.
        resume: True to go on from that checkpoint if it exists; or the path of one. The result
            is what a training without interruption gives, bit for bit.
        compiled: whether batches run as one compiled program. "auto" does so for a plain Network
            and the performance of the post, where there are enough rows to pay; True does so for
            any network, or raises an error with the reason; False records and sweeps row by row.
            The steps are the same up to rounding: sums over rows, and of products, are added in
            another order. `.how` of the history states the choice and its reason.
        block: for rows that are summed in blocks of so many, in an order that the seed decides; see
            docs/training.md. Rows of Dask always are, of 16,384 when left out. A step then takes as
            many blocks as have `batch` rows, or all of them where `batch` is left out.

    Returns: the history. Ctrl-C ends training early: the weights are those of the last step and
        `.interrupted` is True.

    Raises: SettingError when a setting is out of range or another than that of the checkpoint, or
        the weights have grown beyond all numbers; DataError when there are no rows, a number among
        them is NaN or infinite, or they are not those of the checkpoint; ModelError for a
        checkpoint that is damaged; OutputError where a checkpoint would replace another.

    Example:
        >>> from autograd_bp.nn import Network
        >>> from autograd_bp.training import train
        >>> either = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]
        >>> network = Network([2, 1])
        >>> train(network, either, rate=1.0, epochs=100).accuracy[-1]
        1.0
        >>> train(Network([2, 1]), either, optimiser="lbfgs", epochs=10).accuracy[-1]
        1.0
    """
    if takes_length(network) and not is_spread(data):
        data, held_out = _with_lengths(data, held_out)
    in_blocks = block is not None or is_spread(data)
    place, watching = checkpoint_of(checkpoint), callbacks_of(callbacks)
    if patience is not None:
        watching.append(EarlyStopping(patience))
    if on_epoch is not None:
        watching.append(_OnEpoch(on_epoch))
    epochs = whole("epochs", epochs)
    tool = _optimiser(network, optimiser, rate, bound=not in_blocks)
    settings: dict[str, Any] = {
        "network": network,
        "epochs": epochs,
        "seed": seed,
        "decay": not_negative("decay", decay),
        "mover": Mover(
            tool,
            schedule_of(schedule, epochs),
            clip_norm=clip_norm,
            clip_value=clip_value,
            free=frozen_places(network, frozen),
        ),
        "callbacks": watching,
        "checkpoint": place,
        "resumed": _resumed(resume, place),
    }
    if in_blocks:
        return train_by_blocks(
            data,
            held_out,
            batch=_batch(tool, batch, 1),
            performance=performance,
            sample_weight=sample_weight,
            progress=progress,
            compiled=compiled,
            block=block,
            **settings,
        )
    rows: Sequence[Pair]
    if isinstance(data, (Split, TableSplit)):
        rows, held_out = data.training, data.held_out
        judged = not is_number(data.target)
        performance = performance or OUTPUTS[output_of(data.target)].performance
        if sample_weight is None and isinstance(data, TableSplit):
            sample_weight = data.weights
    else:
        rows = pairs_of(data)
        held_out = pairs_of(held_out, "rows held out") if _is_something(held_out) else []
        judged = all(_is_class(d) for _, d in rows)
    if not rows:
        raise DataError("there are no rows to learn from: give pairs of inputs and desired outputs")
    run = Run(
        rows=rows,
        held_out=held_out,
        performance=performance or functions.performance,
        judged=judged,
        batch=_batch(tool, batch, len(rows)),
        compiled=compiled,
        sample_weight=weights_of(sample_weight, len(rows)),
        **settings,
    )
    return run.train(progress)


def _with_lengths(data: Any, held_out: Any) -> tuple[Any, Any]:
    """Rows of different lengths, and those held out, as rows that end with their lengths."""
    if not isinstance(data, (Split, TableSplit, ArrayRows)):
        data = pairs_of_sequences(data)
    if not isinstance(held_out, ArrayRows) and _is_something(held_out):
        held_out = pairs_of_sequences(held_out, "rows held out")
    return data, held_out


def _optimiser(
    network: Module, chosen: str | Optimiser, rate: float | None, *, bound: bool = True
) -> Optimiser:
    """The optimiser, bound to the parameters or not. Raises SettingError for one that goes down, or
    that moves other parameters."""
    if not isinstance(chosen, Optimiser):
        return optimiser_of(chosen, network.parameters() if bound else None, rate)
    if chosen.minimise:
        raise SettingError(
            "training moves up a performance: give an optimiser without minimise=True, and as the "
            "performance the negative of a loss"
        )
    if chosen.parameters and {*chosen.parameters} != {*network.parameters()}:
        raise SettingError(
            "the optimiser was made with parameters that are not those of the network: make it "
            "without parameters"
        )
    if not chosen.parameters and bound:
        chosen.parameters = network.parameters()
    if rate is not None:
        chosen.rate = rate
    return chosen


def _batch(tool: Optimiser, batch: int | str, rows: int) -> int:
    if isinstance(batch, str) and batch == "auto":
        return rows if tool.takes_all_rows else 1
    return whole("batch", batch)


def _resumed(resume: Any, place: Checkpoint | None) -> dict[str, Any] | None:
    """The content of the checkpoint to go on from; None to begin."""
    if resume is None or resume is False:
        if place is not None:
            place.require_free()
        return None
    if resume is not True:
        content = read_checkpoint(resume)
        if place is not None and Path(resume).resolve() != place.path.resolve():
            place.require_free()
        return content
    if place is None:
        raise SettingError("resume=True goes on from the checkpoint: say which with checkpoint=")
    return read_checkpoint(place.path) if place.path.exists() else None


class _OnEpoch(Callback):
    """The function that `on_epoch` is: it gets the epoch alone."""

    def __init__(self, function: Callable[[Epoch], object]) -> None:
        self._function = function

    def after_epoch(self, progress: Progress) -> object:
        return self._function(progress.history.epochs[-1])


def _is_class(d: list[Any]) -> bool:
    """Whether desired outputs are a class: 0 or 1 for one output, a single 1 for several."""
    return all(number in (0, 1) for number in d) and (len(d) == 1 or sum(d) == 1)


def _is_something(held_out: Any) -> bool:
    return not (isinstance(held_out, (list, tuple)) and not held_out)
