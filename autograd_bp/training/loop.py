"""The training loop: record, sweep, step, row after row, in another order in each epoch."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd_bp import functions
from autograd_bp.contexts import no_recording
from autograd_bp.errors import DataError, SettingError
from autograd_bp.nn.module import Module
from autograd_bp.training.ascent import GradientAscent, whole
from autograd_bp.training.choosing import choose_loop
from autograd_bp.training.dataset import Split, order, stream
from autograd_bp.training.history import Epoch, History
from autograd_bp.training.progress import Bar
from autograd_bp.training.target import Numbers, is_right
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
    data: Split | Examples,
    *,
    rate: float = 0.5,
    epochs: int = 20,
    batch: int = 1,
    seed: int = 0,
    held_out: Examples = (),
    performance: Performance = functions.performance,
    progress: bool = False,
    on_epoch: Callable[[Epoch], object] | None = None,
    compiled: bool | str = "auto",
) -> History:
    """Train a network, in place, by gradient ascent on examples.

    Arguments:
        network: a Network, or any Module that computes outputs from a row of inputs.
        data: a split of a data set, or pairs (x, d) of inputs and desired outputs.
        rate: δ in Δw = δ ∇P.
        epochs: how many times to go over the training rows.
        batch: how many rows are swept for one step. 1 is learning per example, as in the
            post; a larger batch is ascent on the *mean* of its performances, so a rate means
            the same for every size.
        seed: decides the order of the rows, which is different in each epoch and the same
            on every platform.
        held_out: pairs to judge by, where `data` is no split.
        performance: a function of d and the outputs, whose value is to go up.
        progress: True for a progress bar on stderr, if that is a terminal and tqdm is installed.
        on_epoch: called with each finished Epoch; training stops when it returns True.
        compiled: whether batches run as one compiled program. "auto" does so for a plain Network
            and the performance of the post, where there are enough rows to pay; True does so for
            any network, or raises an error with the reason; False records and sweeps row by row.
            The steps are the same up to rounding: sums over rows, and of products, are added in
            another order. `.how` of the history states the choice and its reason.

    Returns: the history. Ctrl-C ends training early: the weights are those of the last step and
        `.interrupted` is True.

    Raises: SettingError when a setting is out of range, or the weights have grown beyond all
        numbers; DataError when there are no rows.

    Example:
        >>> from autograd_bp.nn import Network
        >>> from autograd_bp.training import train
        >>> either = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 1)]
        >>> network = Network([2, 1])
        >>> train(network, either, rate=1.0, epochs=100).accuracy[-1]
        1.0
    """
    if isinstance(data, Split):
        rows, held_out = _pairs(data.training), _pairs(data.held_out)
        judged = not isinstance(data.target, Numbers)
    else:
        rows, held_out = _pairs(data), _pairs(held_out)
        judged = all(_is_class(d) for _, d in rows)
    if not rows:
        raise DataError("there are no rows to learn from: give pairs of inputs and desired outputs")
    epochs, batch = whole("epochs", epochs), whole("batch", batch)
    ascent = GradientAscent(network.parameters(), rate)
    ascent.zero_grad()
    random = stream(seed, "order")
    batches, how = choose_loop(
        compiled, network, rows, performance, passes=epochs, batch=batch, with_gradient=True
    )
    judge = _judge(compiled, network, held_out, performance, epochs) if held_out else None
    history = History(how=how)
    bar = Bar(len(rows), epochs, shown=progress)
    try:
        for number in range(1, epochs + 1):
            places = order(len(rows), random)
            if batches is not None:
                P, right = batches.ascend(places, batch, ascent.rate, bar)
            else:
                shuffled = [rows[i] for i in places]
                P, right = _epoch(network, shuffled, batch, ascent, performance, judged, bar)
            _require_finite(number, P, ascent)
            score: tuple[float | None, float | None] = (None, None)
            if held_out:
                score = _score(network, held_out, performance, judged, judge)
            share = right / len(rows) if judged else None
            history.epochs.append(Epoch(number, P / len(rows), share, *score))
            bar.finish(history.epochs[-1])
            if on_epoch is not None and on_epoch(history.epochs[-1]) is True:
                break
    except KeyboardInterrupt:
        ascent.zero_grad()
        history.interrupted = True
    finally:
        bar.close()
    return history


def _epoch(
    network: Module,
    rows: list[tuple[Any, list[Any]]],
    batch: int,
    ascent: GradientAscent,
    performance: Performance,
    judged: bool,
    bar: Bar,
) -> tuple[float, int]:
    """Σ P of the rows and how many were right, each before the step that learns from it."""
    total, right = 0.0, 0
    for start in range(0, len(rows), batch):
        part = rows[start : start + batch]
        share = 1.0 / len(part)
        for x, d in part:
            z = _outputs(network(x))
            P = performance(d, z)
            P.backward(share)
            total += P.data
            if judged and is_right(d, [output.data for output in z]):
                right += 1
        ascent.step()
        bar.advance(len(part))
    return total, right


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
    rows = _pairs(examples)
    if not rows:
        raise DataError("there are no rows to judge by: give pairs of inputs and desired outputs")
    judge = _judge(compiled, network, rows, performance, 1)
    return _score(network, rows, performance, judged, judge)


def _judge(
    compiled: bool | str,
    network: Module,
    rows: list[tuple[Any, list[Any]]],
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
    rows: list[tuple[Any, list[Any]]],
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


def _pairs(examples: Examples) -> list[tuple[Any, list[Any]]]:
    """The examples, with desired outputs as lists."""
    try:
        return [(x, list(d) if isinstance(d, Iterable) else [d]) for x, d in examples]
    except (TypeError, ValueError):
        raise DataError(
            "training data are pairs of inputs and desired outputs, such as ([0, 1], [1]), got "
            f"{examples!r:.80}"
        ) from None


def _is_class(d: list[Any]) -> bool:
    """Whether desired outputs are a class: 0 or 1 for one output, a single 1 for several."""
    return all(number in (0, 1) for number in d) and (len(d) == 1 or sum(d) == 1)


def _require_finite(epoch: int, P: float, ascent: GradientAscent) -> None:
    if not math.isfinite(P) or not all(math.isfinite(w.data) for w in ascent.parameters):
        raise SettingError(
            f"the weights ran away in epoch {epoch} (P is {P:g}): use a rate smaller than "
            f"{ascent.rate:g}"
        )
