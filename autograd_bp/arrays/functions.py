"""The functions of NumPy, other than ufuncs, that its own code would not record as they are meant:
`np.where(c, value, 0.0)`. They are called by ufuncs.py; those of np.linalg stand in linalg.py."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.arrays import counts, orders, quantiles, reductions, statistics
from autograd_bp.arrays.slices import delivered, entries_of
from autograd_bp.arrays.value_array import as_values, boxed, has_dimensions, plain
from autograd_bp.errors import OperandError
from autograd_bp.value import Value


def _where(condition: Any, *branches: Any) -> Any:
    if len(branches) != 2:
        raise OperandError(
            "np.where(condition) of a Value asks for places, which are integers: compare "
            "value.data, or give both branches"
        )
    return _chosen(plain(condition), *map(plain, branches))


def _chosen(condition: Any, yes: Any, no: Any) -> Any:
    """By NumPy's own choice where the truth is known, which records nothing."""
    if getattr(getattr(condition, "dtype", None), "kind", "") == "b" and condition.ndim:
        return np.where(condition, boxed(yes), boxed(no))
    return f.where(condition, yes, no)


def _select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    if len(condlist) != len(choicelist):
        raise OperandError(
            f"np.select needs a choice for each condition, got {len(choicelist)} choices and "
            f"{len(condlist)} conditions"
        )
    result = plain(default)
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        result = _chosen(plain(condition), plain(choice), result)
    return result


def _piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **options: Any) -> Any:
    """Each function of all of x, of which where chooses."""
    x = as_values(plain(x))
    conditions = list(condlist) if isinstance(condlist, (list, tuple)) else [condlist]
    pieces = [g(x, *args, **options) if callable(g) else g for g in funclist]
    if len(pieces) not in (len(conditions), len(conditions) + 1):
        raise OperandError(
            f"np.piecewise needs a function for each condition, and perhaps one more, got "
            f"{len(pieces)} functions and {len(conditions)} conditions"
        )
    rest = pieces.pop() if len(pieces) > len(conditions) else 0.0
    return _select(conditions[::-1], pieces[::-1], rest)  # the last that holds counts


def _take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    if axis is None:
        arr, axis = np.reshape(arr, -1), 0
    arr = as_values(entries_of(arr).astype(object))
    places = entries_of(indices)
    axis %= arr.ndim
    index = [
        places if k == axis else np.arange(n).reshape([n if j == k else 1 for j in range(arr.ndim)])
        for k, n in enumerate(arr.shape)
    ]
    return arr[tuple(as_values(key) for key in index)]


def _take(a: Any, indices: Any, axis: int | None = None, out: Any = None, mode: Any = None) -> Any:
    if out is not None or mode not in (None, "raise"):
        raise OperandError("np.take of Values has no out= and no mode=: an index is a place")
    array = as_values(entries_of(a).astype(object))
    if axis is None:
        array, axis = array.reshape(-1), 0
    key = indices if isinstance(indices, Value) else as_values(np.asarray(indices))
    index = (*(slice(None),) * (axis % array.ndim), key)
    return array[index]


def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **options: Any) -> Any:
    low, high = options.pop("min", a_min), options.pop("max", a_max)
    if out is not None or options:
        raise OperandError("np.clip of a Value takes bounds alone: leave out out=, where=, dtype=")
    bounds = [None if bound is None else plain(bound) for bound in (low, high)]
    return f.clip(plain(a), *bounds)


def _round(a: Any, decimals: int = 0, out: Any = None) -> Any:
    return delivered(ops.round_(plain(a), decimals), out)


def _fix(x: Any, out: Any = None) -> Any:
    return delivered(ops.trunc(plain(x)), out)


def _nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    target = None if copy or not isinstance(x, np.ndarray) else x
    x = plain(x)
    finite = ops.where(ops.not_equal(x, x), nan, x)
    largest = sys.float_info.max
    high, low = largest if posinf is None else posinf, -largest if neginf is None else neginf
    low_too = ops.where(ops.equal(x, -math.inf), low, finite)
    return delivered(ops.where(ops.equal(x, math.inf), high, low_too), target)


def _sinc(x: Any) -> Any:
    return ops.sinc(plain(x))


def _i0(x: Any) -> Any:
    return ops.bessel_i(0)(plain(x))


def _interp(
    x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: Any = None
) -> Any:
    if period is not None:
        raise OperandError("np.interp of a Value takes no period=: give bp.primitives.remainder")
    knots, heights = list(map(plain, xp)), list(map(plain, fp))
    if len(knots) != len(heights) or not knots:
        raise OperandError(
            f"np.interp needs as many heights as places, got {len(heights)} and {len(knots)}"
        )

    def at(x: Any) -> Any:
        y = heights[0]
        for k in range(len(knots) - 1):
            start, end = knots[k], knots[k + 1]
            line = heights[k] + (x - start) * ops.div(heights[k + 1] - heights[k], end - start)
            y = ops.where(ops.less(x, start), y, line)
        y = ops.where(ops.less(knots[-1], x), heights[-1] if right is None else right, y)
        return y if left is None else ops.where(ops.less(x, knots[0]), left, y)

    x = plain(x)
    return np.frompyfunc(at, 1, 1)(x) if has_dimensions(x) else at(x)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "where": _where,
    "select": _select,
    "piecewise": _piecewise,
    "take": _take,
    "take_along_axis": _take_along_axis,
    "clip": _clip,
    "round": _round,
    "around": _round,
    "fix": _fix,
    "nan_to_num": _nan_to_num,
    "sinc": _sinc,
    "i0": _i0,
    "interp": _interp,
    **orders.FUNCTIONS,
    **counts.FUNCTIONS,
    **quantiles.FUNCTIONS,
    **reductions.FUNCTIONS,
    **statistics.FUNCTIONS,
}
