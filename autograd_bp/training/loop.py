"""The training loop: record, sweep, step, row after row, in another order in each epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Any

from autograd_bp import functions
from autograd_bp.contexts import no_recording
from autograd_bp.errors import DataError, SettingError
from autograd_bp.interrupts import interrupts
from autograd_bp.nn.module import Module
from autograd_bp.nn.performances import is_known
from autograd_bp.training.choosing import choose_loop
from autograd_bp.training.dataset import Split, order
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.meaning import OUTPUTS, is_number, output_of
from autograd_bp.training.optimisers.ascent import GradientAscent
from autograd_bp.training.orders import orders, remember_order
from autograd_bp.training.progress import Bar
from autograd_bp.training.rows import ArrayRows, Pair, pairs_of, weights_of
from autograd_bp.training.settings import not_negative, whole
from autograd_bp.training.signs import warn_of_loss
from autograd_bp.training.spread import is_spread, train_by_blocks
from autograd_bp.training.tabular import TableSplit
from autograd_bp.training.target import is_right
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

if TYPE_CHECKING:
    from autograd_bp.training.batches import Batches

__all__ = ["evaluate", "train"]

Examples = Iterable[tuple[Sequence[Any], Any]]
Performance = Callable[[Any, Any], Any]


@explains_keywords
def train(
    network: Module,
    data: Split | TableSplit | Examples,
    *,
    rate: float = 0.5,
    epochs: int = 20,
    batch: int = 1,
    seed: int = 0,
    held_out: Examples = (),
    performance: Performance | None = None,
    sample_weight: Iterable[float] | None = None,
    decay: float = 0.0,
    progress: bool = False,
    on_epoch: Callable[[Epoch], object] | None = None,
    compiled: bool | str = "auto",
    block: int | None = None,
) -> History:
    """Train a network, in place, by gradient ascent on examples.

    Arguments:
        network: a Network, or any Module that computes outputs from a row of inputs.
        data: a split of a data set; or pairs (x, d) of inputs and desired outputs; or a tuple of
            two tables, (X, D): arrays, frames or lists of rows, also arrays and frames of Dask; or
            an iterable of such tuples.
        rate: δ in Δw = δ ∇P.
        epochs: how many times to go over the training rows.
        batch: how many rows are swept for one step. 1 is learning per example, as in the
            post; a larger batch is ascent on the *mean* of its performances, so a rate means
            the same for every size.
        seed: decides the order of the rows, which is different in each epoch and the same
            on every platform. A call that finds the weights as the last call with this seed left
            them goes on with that order: 5 epochs and 5 more are 10 epochs.
        held_out: pairs to judge by, where `data` is no split.
        performance: a function of d and the outputs, whose value is to go up. One that falls
            when the outputs come to d is a loss, and a LossWarning says so. When left out it is
            P = -½ Σ (d - z)², or what the target of a split is learned with.
        sample_weight: how much each row counts: its performance is multiplied by it.
        decay: λ of -½ λ Σ w² beside the mean performance, over all weights but the bias weights.
        progress: True for a progress bar on stderr, if that is a terminal and tqdm is installed.
        on_epoch: called with each finished Epoch; training stops when it returns True.
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

    Raises: SettingError when a setting is out of range, or the weights have grown beyond all
        numbers; DataError when there are no rows, or a number among them is NaN or infinite.

    Example:
        >>> from autograd_bp.nn import Network
        >>> from autograd_bp.training import train
        >>> either = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]
        >>> network = Network([2, 1])
        >>> train(network, either, rate=1.0, epochs=100).accuracy[-1]
        1.0
    """
    rows: Sequence[Pair]
    if block is not None or is_spread(data):
        return train_by_blocks(
            network,
            data,
            held_out,
            optimiser=GradientAscent(None, rate),
            epochs=epochs,
            batch=batch,
            seed=seed,
            performance=performance,
            sample_weight=sample_weight,
            decay=decay,
            progress=progress,
            on_epoch=on_epoch,
            compiled=compiled,
            block=block,
        )
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
    epochs, batch = whole("epochs", epochs), whole("batch", batch)
    ascent = GradientAscent(network.parameters(), rate)
    ascent.zero_grad()
    plan = _Plan(
        network,
        rows,
        held_out,
        performance or functions.performance,
        judged,
        epochs,
        batch,
        compiled,
        weights_of(sample_weight, len(rows)),
        not_negative("decay", decay),
    )
    history = History()
    bar = Bar(len(rows), epochs, shown=progress)
    with interrupts.handled(of_command=False):
        try:
            with interrupts.stoppable():
                plan.run(ascent, orders(network, seed, len(rows)), history, bar, on_epoch)
        except KeyboardInterrupt:
            ascent.zero_grad()
            history.interrupted = True
        finally:
            remember_order(network, history)
            bar.close()
        if interrupts.count:
            history.interrupted = True
    return history


@dataclass
class _Plan:
    """The rows and settings of one training."""

    network: Module
    rows: Sequence[Pair]
    held_out: Sequence[Pair]
    performance: Performance
    judged: bool
    epochs: int
    batch: int
    compiled: bool | str
    sample_weight: list[float] | None
    decay: float

    def run(
        self,
        ascent: GradientAscent,
        random: Random,
        history: History,
        bar: Bar,
        on_epoch: Callable[[Epoch], object] | None,
    ) -> None:
        network, rows = self.network, self.rows
        batches, history.how = choose_loop(
            self.compiled,
            network,
            rows,
            self.performance,
            passes=self.epochs,
            batch=self.batch,
            with_gradient=True,
            sample_weight=self.sample_weight,
        )
        decayed = _decayed(network) if self.decay else []
        if batches is not None:
            batches.decay(self.decay, set(decayed))
        judge = None
        if self.held_out:
            judge = _judge(self.compiled, network, self.held_out, self.performance, self.epochs)
        if not is_known(self.performance):
            warn_of_loss(network, rows[0], self.performance)
        for number in range(1, self.epochs + 1):
            places = order(len(rows), random)
            if batches is not None:
                P, right = batches.ascend(places, self.batch, ascent.rate, bar)
            else:
                P, right = self._epoch(places, ascent, decayed, bar)
            _require_finite(number, P, ascent)
            score: tuple[float | None, float | None] = (None, None)
            if self.held_out:
                score = _score(network, self.held_out, self.performance, self.judged, judge)
            share = right / len(rows) if self.judged else None
            history.epochs.append(Epoch(number, P / len(rows), share, *score))
            bar.finish(history.epochs[-1])
            if on_epoch is not None and _is_true(on_epoch(history.epochs[-1])):
                break

    def _epoch(
        self, places: list[int], ascent: GradientAscent, decayed: list[Value], bar: Bar
    ) -> tuple[float, int]:
        """Σ P of the rows and how many were right, each before the step that learns from it."""
        total, right, weights = 0.0, 0, self.sample_weight
        for start in range(0, len(places), self.batch):
            part = places[start : start + self.batch]
            share = 1.0 / len(part)
            for place in part:
                x, d = self.rows[place]
                z = _outputs(self.network(x))
                P = self.performance(d, z)
                if weights is not None:
                    P = weights[place] * P
                P.backward(share)
                total += P.data
                if self.judged and is_right(d, [output.data for output in z]):
                    right += 1
            for w in decayed:
                w.grad -= self.decay * w.data
            ascent.step()
            bar.advance(len(part))
        return total, right


def _decayed(network: Module) -> list[Value]:
    """The weights that decay: all but bias weights."""
    return [
        w for name, w in network.named_parameters() if name.rpartition(".")[2] not in ("bias", "w0")
    ]


def _is_true(answer: object) -> bool:
    """True, also NumPy's; a number or a list that a callback happens to return is no answer."""
    return answer is True or (
        getattr(getattr(answer, "dtype", None), "kind", "") == "b" and bool(answer)
    )


def _is_something(held_out: Any) -> bool:
    return not (isinstance(held_out, (list, tuple)) and not held_out)


def evaluate(
    network: Module,
    examples: Examples,
    performance: Performance = functions.performance,
    *,
    judged: bool = True,
    compiled: bool | str = "auto",
) -> tuple[float, float | None]:
    """The mean performance over examples and the share that is right; nothing is recorded.

    Arguments:
        network: a Module that computes outputs from a row of inputs.
        examples: pairs (x, d).
        performance: the function of d and the outputs.
        judged: False where right and wrong mean nothing; the share is then None.
        compiled: as for `train`.

    Raises: DataError when there are no examples.
    """
    rows = examples if isinstance(examples, ArrayRows) else pairs_of(examples, "examples")
    if not rows:
        raise DataError("there are no rows to judge by: give pairs of inputs and desired outputs")
    judge = _judge(compiled, network, rows, performance, 1)
    return _score(network, rows, performance, judged, judge)


def _judge(
    compiled: bool | str,
    network: Module,
    rows: Sequence[Pair],
    performance: Performance,
    passes: int,
) -> Batches | None:
    """The program that judges rows, or None where they are judged one by one."""
    batches, _ = choose_loop(
        compiled, network, rows, performance, passes=passes, batch=len(rows), with_gradient=False
    )
    return batches


def _score(
    network: Module,
    rows: Sequence[Pair],
    performance: Performance,
    judged: bool,
    judge: Batches | None,
) -> tuple[float, float | None]:
    total, right = 0.0, 0
    if judge is not None:
        total, right = judge.judge()
    else:
        with no_recording():
            for x, d in rows:
                z = _outputs(network(x))
                total += performance(d, z).data
                right += judged and is_right(d, [output.data for output in z])
    return total / len(rows), right / len(rows) if judged else None


def _outputs(z: Any) -> Sequence[Value]:
    return [z] if isinstance(z, Value) else z


def _is_class(d: list[Any]) -> bool:
    """Whether desired outputs are a class: 0 or 1 for one output, a single 1 for several."""
    return all(number in (0, 1) for number in d) and (len(d) == 1 or sum(d) == 1)


def _require_finite(epoch: int, P: float, ascent: GradientAscent) -> None:
    if not math.isfinite(P) or not all(math.isfinite(w.data) for w in ascent.parameters):
        raise SettingError(
            f"the weights ran away in epoch {epoch} (P is {P:g}): use a rate smaller than "
            f"{ascent.rate:g}"
        )
