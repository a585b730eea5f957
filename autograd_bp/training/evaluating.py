"""How good a network is on rows whose answers are known."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from autograd_bp import functions
from autograd_bp.contexts import no_recording
from autograd_bp.errors import DataError
from autograd_bp.nn.module import Module
from autograd_bp.nn.sequences import applied, takes_length
from autograd_bp.random.sources import asked
from autograd_bp.training.choosing import choose_loop
from autograd_bp.training.rows import ArrayRows, Pair, no_performance, pairs_of
from autograd_bp.training.sequences import pairs_of_sequences
from autograd_bp.training.target import is_right
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.training.batches import Batches

__all__ = ["evaluate", "judge_of", "outputs_of", "score_of_rows"]

Examples = Iterable[tuple[Sequence[Any], Any]]
Performance = Callable[[Any, Any], Any]


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

    Example:
        >>> from autograd_bp.nn import Network
        >>> from autograd_bp.training import evaluate
        >>> half = Network.from_weights([[(0.0, 0.0)]])
        >>> evaluate(half, [([1.0], [1.0]), ([2.0], [0.0])])
        (-0.125, 0.5)
    """
    rows: Sequence[Pair]
    if isinstance(examples, ArrayRows):
        rows = examples
    else:
        read = pairs_of_sequences if takes_length(network) else pairs_of
        rows = read(examples, "examples")
    if not rows:
        raise DataError("there are no rows to judge by: give pairs of inputs and desired outputs")
    judge = judge_of(compiled, network, rows, performance, 1)
    return score_of_rows(network, rows, performance, judged, judge)


def judge_of(
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


def score_of_rows(
    network: Module,
    rows: Sequence[Pair],
    performance: Performance,
    judged: bool,
    judge: Batches | None,
) -> tuple[float, float | None]:
    total, right, apply = 0.0, 0, applied(network)
    if judge is not None:
        total, right = judge.judge()
    else:
        with no_recording(), asked(None):
            for x, d in rows:
                z = outputs_of(apply(x))
                P = performance(d, z)
                if not isinstance(P, Value):
                    raise no_performance(P)
                total += P.data
                right += judged and is_right(d, [output.data for output in z])
    return total / len(rows), right / len(rows) if judged else None


def outputs_of(z: Any) -> Sequence[Value]:
    return [z] if isinstance(z, Value) else z
