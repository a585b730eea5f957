"""The functions of NumPy, other than ufuncs, that its own code would not record as they are meant:
`np.where(c, value, 0.0)`, `np.linalg.solve`. They are called by ufuncs.py."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp import contexts
from autograd_bp import functions as f
from autograd_bp import primitives as ops
from autograd_bp.arrays import boxed, has_dimensions, plain
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


def _clip(a: Any, a_min: Any = None, a_max: Any = None, out: Any = None, **options: Any) -> Any:
    low, high = options.pop("min", a_min), options.pop("max", a_max)
    if out is not None or options:
        raise OperandError("np.clip of a Value takes bounds alone: leave out out=, where=, dtype=")
    bounds = [None if bound is None else plain(bound) for bound in (low, high)]
    return f.clip(plain(a), *bounds)


def _round(a: Any, decimals: int = 0, out: Any = None) -> Any:
    return ops.round_(plain(a), decimals)


def _fix(x: Any, out: Any = None) -> Any:
    return ops.trunc(plain(x))


def _nan_to_num(
    x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None
) -> Any:
    x = plain(x)
    finite = ops.where(ops.not_equal(x, x), nan, x)
    largest = sys.float_info.max
    high, low = largest if posinf is None else posinf, -largest if neginf is None else neginf
    return ops.where(ops.equal(x, math.inf), high, ops.where(ops.equal(x, -math.inf), low, finite))


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


def _on_numbers(function: Any) -> Callable[..., Any]:
    """A question about numbers, which is answered by truth values."""

    def answered(*args: Any, **kwargs: Any) -> Any:
        contexts.refuse_number(f"np.{function.__name__}(value, ...)")
        return function(*map(_numbers, args), **kwargs)

    return answered


def _numbers(operand: Any) -> Any:
    array = np.asarray(operand)
    if array.dtype != object:
        return operand
    return np.vectorize(lambda x: x.data if isinstance(x, Value) else x, otypes=[float])(array)


def linear_algebra(name: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """The function of `autograd_bp.linalg`; NotImplemented where NumPy's own code records."""
    from autograd_bp import linalg

    if name in BY_LAPACK:
        raise OperandError(f"np.linalg.{name} of Values cannot be recorded: {BY_LAPACK[name]}")
    if name not in LINEAR_ALGEBRA:
        return NotImplemented
    if name == "norm" and ({"axis", "keepdims"} & {*kwargs} or len(args) > 2):
        return NotImplemented
    options = {key: option for key, option in kwargs.items() if key in ("a", "b", "x", "ord")}
    if len(options) < len(kwargs) or len(args) > 2:
        raise OperandError(
            f"np.linalg.{name} of Values takes no options, got {sorted(kwargs)}: leave them out"
        )
    return getattr(linalg, name)(*args, **options)


LINEAR_ALGEBRA = {"solve", "inv", "det", "slogdet", "cholesky", "qr", "norm"}
BY_LAPACK = {
    "lstsq": "bp.linalg.lstsq(a, b) gives the solution alone",
    **dict.fromkeys(
        ("eig", "eigh", "eigvals", "eigvalsh", "svd", "svdvals", "pinv", "cond", "matrix_rank"),
        "it needs eigenvalues or singular values, which bp.linalg does not offer; bp.custom calls "
        "a function with a gradient that you state",
    ),
}
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
    "isclose": _on_numbers(np.isclose),
    "allclose": _on_numbers(np.allclose),
    "array_equal": _on_numbers(np.array_equal),
    "array_equiv": _on_numbers(np.array_equiv),
}
