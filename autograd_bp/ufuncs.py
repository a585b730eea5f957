"""NumPy's functions on Values and on arrays of them: elementwise, recorded.

`np.exp(value)` and `array + value` arrive at `Value.__array_ufunc__`, which calls this file.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.entry import TABLE
from autograd_bp.value import Value, apply

COMPARISONS = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")


def apply_ufunc(ufunc: Any, method: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> Any:
    """What `Value.__array_ufunc__` returns: NotImplemented for a function without a primitive."""
    op = next((op for op in TABLE if op.numpy == ufunc.__name__), None)
    if op is not None and method == "__call__" and not options:
        if op is ops.power:  # NumPy knows no constant exponents
            op = ops.pow
        if not any(getattr(operand, "ndim", 0) for operand in inputs):
            return apply(op, inputs)
        return np.frompyfunc(op, ufunc.nin, 1)(*map(_boxed, inputs))
    if op is None and ufunc.__name__ not in COMPARISONS:
        return NotImplemented
    return getattr(ufunc, method)(*map(_boxed, inputs), **options)


def _boxed(operand: Any) -> Any:
    """A Value as an array of no dimensions: NumPy then reads it, and does not call it again."""
    if not isinstance(operand, Value):
        return operand
    box = np.empty((), dtype=object)
    box[()] = operand
    return box
