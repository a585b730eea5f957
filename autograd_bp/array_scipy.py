"""Ufuncs of scipy.special that are recorded although the table has no entry of their own: each is
a formula of entries, under SciPy's name and with SciPy's order of operands."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd_bp import incomplete
from autograd_bp import primitives as ops
from autograd_bp.value import Value


def _relative_entropy(x: Any, y: Any) -> Any:
    """x ln(x / y), which is 0 for x = 0 and infinite outside of its domain."""
    inside = ops.logical_and(ops.less(0.0, x), ops.less(0.0, y))
    at_zero = ops.logical_and(ops.equal(x, 0.0), ops.less_equal(0.0, y))
    is_nan = ops.logical_or(ops.not_equal(x, x), ops.not_equal(y, y))
    outside = ops.where(at_zero, 0.0, ops.where(is_nan, math.nan, math.inf))
    return ops.where(inside, x * ops.log(ops.div(x, y)), outside)


def _kullback_leibler(x: Any, y: Any) -> Any:
    return _relative_entropy(x, y) - x + y


def _huber(delta: Any, r: Any) -> Any:
    size = ops.abs_(r)
    inside = ops.where(ops.less_equal(size, delta), 0.5 * r * r, delta * (size - 0.5 * delta))
    return ops.where(ops.less(delta, 0.0), math.inf, inside)


def _pseudo_huber(delta: Any, r: Any) -> Any:
    ratio = ops.div(r, delta)
    return ops.where(ops.equal(delta, 0.0), 0.0, delta * delta * (ops.hypot(1.0, ratio) - 1.0))


def _box_cox(logarithm: Any, power: Any) -> Any:
    """(x^power - 1) / power, which is ln x for a power of 0. The series there has the derivatives
    by the power, to order 4."""
    if not isinstance(power, Value):
        return logarithm if power == 0.0 else ops.div(ops.expm1(power * logarithm), power)
    u = power * logarithm
    series = logarithm * (1.0 + u / 2.0 * (1.0 + u / 3.0 * (1.0 + u / 4.0 * (1.0 + u / 5.0))))
    return ops.where(ops.equal(power, 0.0), series, ops.div(ops.expm1(u), power))


def _logarithm_of_inverse(y: Any, power: Any) -> Any:
    """ln(1 + power y) / power, which is y for a power of 0; there as above."""
    if not isinstance(power, Value):
        return y if power == 0.0 else ops.div(ops.log1p(power * y), power)
    u = power * y
    series = y * (1.0 - u * (1.0 / 2.0 - u * (1.0 / 3.0 - u * (1.0 / 4.0 - u * (1.0 / 5.0)))))
    return ops.where(ops.equal(power, 0.0), series, ops.div(ops.log1p(u), power))


def _log_gamma(x: Any) -> Any:
    return ops.where(ops.less_equal(0.0, x), ops.lgamma(x), math.nan)


def _cosine_minus_one(x: Any) -> Any:
    half = ops.sin(0.5 * x)
    return -2.0 * half * half


def _poisson(function: Callable[..., Any]) -> Callable[..., Any]:
    return lambda k, mean: function(ops.floor(k) + 1.0, mean)


lower, upper = incomplete.gammainc, incomplete.gammaincc

SCIPY: dict[str, Callable[..., Any]] = {
    "exp10": lambda x: ops.pow(10.0, x),
    "rel_entr": _relative_entropy,
    "kl_div": _kullback_leibler,
    "huber": _huber,
    "pseudo_huber": _pseudo_huber,
    "boxcox": lambda x, power: _box_cox(ops.log(x), power),
    "boxcox1p": lambda x, power: _box_cox(ops.log1p(x), power),
    "inv_boxcox": lambda y, power: ops.exp(_logarithm_of_inverse(y, power)),
    "inv_boxcox1p": lambda y, power: ops.expm1(_logarithm_of_inverse(y, power)),
    "cosm1": _cosine_minus_one,
    "loggamma": _log_gamma,
    "erfcinv": lambda x: ops.ndtri(0.5 * x) * -math.sqrt(0.5),
    "chdtr": lambda degrees, x: lower(0.5 * degrees, 0.5 * x),
    "chdtrc": lambda degrees, x: upper(0.5 * degrees, 0.5 * x),
    "gdtr": lambda rate, shape, x: lower(shape, rate * x),
    "gdtrc": lambda rate, shape, x: upper(shape, rate * x),
    "pdtr": _poisson(upper),
    "pdtrc": _poisson(lower),
}
