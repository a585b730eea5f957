"""NumPy for functions of `compat.autograd`: numbers, Values, and arrays of both.

The functions that the table has are this library's, which take arrays that mix Values and floats;
all else is NumPy's own, most of which works on arrays of Values as it is (see docs/numpy.md).
"""

# mypy: disable-error-code="no-any-return"
from __future__ import annotations

import functools
import importlib
import operator as _operator
from collections.abc import Callable
from typing import Any

from autograd_bp import functions as _functions
from autograd_bp.errors import MissingExtraError as _MissingExtraError
from autograd_bp.primitives import TABLE as _TABLE
from autograd_bp.value import Value as _Value

try:
    import numpy as _numpy
except ModuleNotFoundError:
    raise _MissingExtraError(
        'compat.autograd.numpy needs NumPy: pip install "autograd_bp[arrays]"'
    ) from None

_OTHERS = {"abs": "absolute", "true_divide": "divide", "fmax": "maximum", "fmin": "minimum"}


def _elementwise(op: Callable[..., Any], own: Callable[..., Any]) -> Callable[..., Any]:
    """An entry of the table for Values and arrays of objects, and NumPy's function for all else."""

    @functools.wraps(own)
    def function(*operands: Any, **options: Any) -> Any:
        arrays = [_array(operand) for operand in operands]
        if options or not any(_holds_values(array) for array in arrays):
            return own(*arrays, **options)
        return op(*arrays)

    return function


def _array(operand: Any) -> Any:
    return _numpy.array(operand) if isinstance(operand, (list, tuple)) else operand


def _holds_values(operand: Any) -> bool:
    return (
        isinstance(operand, _Value) or getattr(getattr(operand, "dtype", None), "kind", "") == "O"
    )


_KNOWN: dict[str, Callable[..., Any]] = {}
for _op in _TABLE:
    if _op.numpy is not None and _op.arity is not None and hasattr(_numpy, _op.numpy):
        _KNOWN.setdefault(_op.numpy, _elementwise(_op, getattr(_numpy, _op.numpy)))
for _name, _other in _OTHERS.items():
    if _other in _KNOWN:
        _KNOWN[_name] = _KNOWN[_other]
# The operator holds a plain exponent fixed: otherwise (-2) ** 3 would have the derivative NaN by 3.
_KNOWN["power"] = _elementwise(_operator.pow, _numpy.power)
_KNOWN["where"] = _elementwise(_functions.where, _numpy.where)


def __getattr__(name: str) -> Any:
    if name in _KNOWN:
        return _KNOWN[name]
    if name == "linalg":
        return importlib.import_module("autograd_bp.linalg")
    if name == "numpy_boxes":
        raise AttributeError(f"module {__name__!r} has no boxes: Values are what is recorded")
    return getattr(_numpy, name)


def __dir__() -> list[str]:
    return sorted({*dir(_numpy), *_KNOWN})
