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
    return ops.where(inside, x * _logarithm_of_ratio(x, y), outside)


def _logarithm_of_ratio(x: Any, y: Any) -> Any:
    """ln(x / y) for positive numbers: near 1, and where the ratio is no normal number, too."""
    ratio = ops.div(x, y)
    is_normal = ops.logical_and(ops.less(1e-290, ratio), ops.less(ratio, 1e290))
    is_near = ops.logical_and(ops.less(0.5, ratio), ops.less(ratio, 2.0))
    apart = ops.where(is_normal, ops.log(ratio), ops.log(x) - ops.log(y))
    return ops.where(is_near, ops.log1p(ops.div(x - y, y)), apart)


def _kullback_leibler(x: Any, y: Any) -> Any:
    entropy = _relative_entropy(x, y)
    return ops.where(ops.equal(entropy, math.inf), entropy, entropy - x + y)


def _huber(delta: Any, r: Any) -> Any:
    size = ops.abs_(r)
    inside = ops.where(ops.less_equal(size, delta), 0.5 * r * r, delta * (size - 0.5 * delta))
    return ops.where(ops.less(delta, 0.0), math.inf, inside)


def _pseudo_huber(delta: Any, r: Any) -> Any:
    """δ² (√(1 + (r / δ)²) - 1), for small r without the difference."""
    ratio = ops.div(r, delta)
    length = ops.hypot(1.0, ratio)
    is_small = ops.less(ops.abs_(ratio), 1.0)
    inside = ops.where(is_small, r * ops.div(r, length + 1.0), delta * delta * (length - 1.0))
    zero = ops.logical_and(ops.equal(delta, 0.0), ops.equal(r, r))
    return ops.where(ops.less(delta, 0.0), math.inf, ops.where(zero, 0.0, inside))


# Terms that give four derivatives of the series below their digits where |u| < 1/2.
TERMS = 19


def _exponential_mean(u: Any) -> Any:
    """(e^u - 1) / u = Σ uᵏ / (k + 1)! for small u."""
    total: Any = 1.0
    for k in range(TERMS, 1, -1):
        total = 1.0 + u * total / k
    return total


def _logarithmic_mean(v: Any) -> Any:
    """ln(1 + v) / v for small v: 2 atanh(s) / (s (2 + v)) with s = v / (2 + v)."""
    s = ops.div(v, 2.0 + v)
    square, total = s * s, 1.0 / (2 * TERMS + 1)
    for k in range(TERMS - 1, -1, -1):
        total = 1.0 / (2 * k + 1) + square * total
    return ops.div(2.0 * total, 2.0 + v)


def _divided(function: Any, series: Any, number: Any, power: Any) -> Any:
    """function(power · number) / power, which is the number for a power of 0. Where the quotient
    would lose digits of derivatives by the power, it is number · series(power · number)."""
    if not isinstance(power, Value) and (power == 0.0 or abs(power) > 1e-290):
        return number if power == 0.0 else ops.div(function(power * number), power)
    u = power * number
    apart = ops.div(function(u), power)
    at_infinity = ops.where(ops.equal(power, 0.0), number, apart)
    is_small = ops.less(ops.abs_(u), 0.5)
    return ops.where(is_small, number * series(u), at_infinity)


def _box_cox(logarithm: Any, power: Any) -> Any:
    """(x^power - 1) / power, which is ln x for a power of 0."""
    return _divided(ops.expm1, _exponential_mean, logarithm, power)


def _logarithm_of_inverse(y: Any, power: Any) -> Any:
    """ln(1 + power y) / power, which is y for a power of 0."""
    return _divided(ops.log1p, _logarithmic_mean, y, power)


def _of_positive(result: Any, x: Any) -> Any:
    return ops.where(ops.less_equal(0.0, x), result, math.nan)


def _log_gamma(x: Any) -> Any:
    return _of_positive(ops.lgamma(x), x)


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
    "gdtr": lambda rate, shape, x: _of_positive(lower(shape, rate * x), x),
    "gdtrc": lambda rate, shape, x: _of_positive(upper(shape, rate * x), x),
    "pdtr": _poisson(upper),
    "pdtrc": _poisson(lower),
}
