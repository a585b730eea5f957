"""Performances beside P = -½ Σ (d - z)²: those of probabilities, whose γ is d - z.

`prove` derives their γ by hand under the names "softmax" and "logistic".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp import functions
from autograd_bp.errors import OperandError
from autograd_bp.primitives import log_sigmoid
from autograd_bp.value import Value

__all__ = ["is_known", "logistic", "softmax"]

_LEAST, _LARGEST = 2.0**-1022, 1.0 - 2.0**-53  # outputs whose logits are finite


def softmax(d: Sequence[Any], z: Sequence[Any]) -> Any:
    """P = Σ d_k ln s_k, where s is the softmax of the outputs z: minus the cross-entropy.

    ∂P/∂z_k = d_k - s_k where the d_k add up to 1.
    """
    return -functions.cross_entropy(d, z)


def logistic(d: Sequence[Any], z: Sequence[Any]) -> Any:
    """P = Σ d_k ln z_k + (1 - d_k) ln(1 - z_k), for outputs z_k = σ(α_k): minus the cross-entropy.

    It is computed from the stimuli, as Σ d ln σ(α) + (1 - d) ln σ(-α), since a sigmoid that has
    rounded to 1 has lost how far it is from it. ∂P/∂α_k = d_k - z_k. Where nothing is recorded the
    stimuli are not known: an output of 1 then counts as the next smaller number.

    Raises: OperandError when an output is another function of a stimulus.
    """
    parts = []
    for desired, output in zip(d, z, strict=True):
        if not isinstance(output, Value) or (output.op and output.op.name != "sigmoid"):
            raise OperandError("this performance is for outputs that are sigmoids of a stimulus")
        if output.op is None:
            inside = min(max(output.data, _LEAST), _LARGEST)
            α = Value(math.log(inside / (1.0 - inside)))
        else:
            (α,) = output.parents
        parts.append(desired * log_sigmoid(α) + (1.0 - desired) * log_sigmoid(-α))
    return functions.sum(parts)


def is_known(performance: Callable[[Any, Any], Any]) -> bool:
    """Whether it is one of this library: each run of it does the same, and larger is better."""
    return performance in (functions.performance, softmax, logistic)
