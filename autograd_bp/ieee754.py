"""The functions that expressions may call, on Python's floats, as IEEE 754 and C define them.

None of them raises: outside its domain a function is NaN, at a pole or on overflow infinite.
"""

from __future__ import annotations

import math
from collections.abc import Callable

INF = math.inf
NAN = math.nan


def total(function: Callable[..., float], overflow: float = INF) -> Callable[..., float]:
    """`function` of the math module as C defines it: NaN outside its domain, ±∞ on overflow."""

    def forward(*inputs: float) -> float:
        try:
            return function(*inputs)
        except ValueError:
            return NAN
        except OverflowError:
            return overflow

    return forward


def divide(a: float, b: float) -> float:
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0.0 or a != a:
            return NAN
        return math.copysign(INF, a) * math.copysign(1.0, b)


def pow(a: float, b: float) -> float:
    try:
        return math.pow(a, b)
    except ValueError:  # 0 ** negative, or a negative number to a fractional power
        if a != 0.0:
            return NAN
        return math.copysign(INF, a) if b % 2.0 == 1.0 else INF
    except OverflowError:
        return -INF if a < 0.0 and b % 2.0 == 1.0 else INF


def _logarithm(function: Callable[[float], float], pole: float) -> Callable[[float], float]:
    """A logarithm with -∞ at its pole."""

    def forward(x: float) -> float:
        if x > pole:
            return function(x)
        return -INF if x == pole else NAN if x == x else x

    return forward


log = _logarithm(math.log, 0.0)
log1p = _logarithm(math.log1p, -1.0)
log2 = _logarithm(math.log2, 0.0)
log10 = _logarithm(math.log10, 0.0)
exp = total(math.exp)
expm1 = total(math.expm1)
sqrt = total(math.sqrt)
sin = total(math.sin)
cos = total(math.cos)
tan = total(math.tan)
asin = total(math.asin)
acos = total(math.acos)
cosh = total(math.cosh)
acosh = total(math.acosh)
fmod = total(math.fmod)


def atanh(x: float) -> float:
    if -1.0 < x < 1.0:
        return math.atanh(x)
    return math.copysign(INF, x) if abs(x) == 1.0 else NAN


def sinh(x: float) -> float:
    try:
        return math.sinh(x)
    except OverflowError:
        return math.copysign(INF, x)


def cbrt(x: float) -> float:
    """The cube root; math.cbrt exists only from Python 3.11 on, and differs in the last digit."""
    if x == 0.0 or not math.isfinite(x):
        return x
    root = math.copysign(math.pow(abs(x), 1.0 / 3.0), x)
    # One Newton step brings the last digits right.
    return root - (root - x / (root * root)) / 3.0


def floor(x: float) -> float:
    return float(math.floor(x)) if math.isfinite(x) and x != 0.0 else x
