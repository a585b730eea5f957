"""A loss where a performance is wanted: the loop would make it larger."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

from autograd_bp.contexts import no_recording
from autograd_bp.errors import AutogradError
from autograd_bp.nn.module import Module
from autograd_bp.nn.sequences import applied
from autograd_bp.value import Value

__all__ = ["LossWarning", "warn_of_loss"]


class LossWarning(UserWarning):
    """The performance falls as the outputs come to what is desired: it looks like a loss.

    Training moves the weights so that the performance goes up. For a loss, give its negative.
    """


def warn_of_loss(
    network: Module, row: tuple[Any, list[Any]], performance: Callable[[Any, Any], Any]
) -> None:
    """Warn where the performance of a row falls on the way from the outputs to d."""
    x, d = row
    try:
        with no_recording():
            z = applied(network)(x)
            outputs = [z.data] if isinstance(z, Value) else [output.data for output in z]
            if len(outputs) != len(d):
                return
            middle = [0.5 * (a + float(b)) for a, b in zip(outputs, d, strict=True)]
            now, nearer = (
                _number(performance(d, [Value(z) for z in numbers]))
                for numbers in (outputs, middle)
            )
    except (AutogradError, TypeError, ValueError, ArithmeticError, AttributeError):
        return  # the loop meets the same, and says it
    if math.isfinite(nearer) and nearer < now:
        warnings.warn(
            f"the performance falls from {now:.4g} to {nearer:.4g} when the outputs of the first "
            "row come half way to d: it looks like a loss, which training would make larger; give "
            "its negative as the performance",
            LossWarning,
            stacklevel=6,
        )


def _number(P: Any) -> float:
    return float(P.data if isinstance(P, Value) else P)
