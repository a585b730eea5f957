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
from autograd_bp.arrays.slices import delivered
from autograd_bp.arrays.value_array import boxed, has_dimensions, plain
from autograd_bp.errors import OperandError


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
