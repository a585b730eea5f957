"""Expressions of twice the precision: a number as the sum of two floats; see gamma.py.

By Dekker's exact sums and products (A floating-point technique for extending the available
precision, 1971). Logarithms whose multiples become exponents need it.
"""

from __future__ import annotations

import math

from autograd_bp.expressions import Expression, as_expression, call, choose
from autograd_bp.special.gamma import _halves as halves
from autograd_bp.special.gamma import polynomial

Pair = tuple[Expression, Expression]
LOG_2 = (0.6931471805599453, 2.3190468138462996e-17)
ONE_THIRD = (1.0 / 3.0, 1.850371707708594e-17)
FAR_BELOW, FAR_ABOVE = 1e-35, 1e3  # ratios beyond which e^-deviance is 0, for a ≥ 10


def pair(upper: Expression | float, lower: Expression | float = 0.0) -> Pair:
    return as_expression(upper), as_expression(lower)


def exact_sum(a: Expression, b: Expression) -> Pair:
    total = a + b
    part = total - a
    return total, (a - (total - part)) + (b - part)


def _joined(upper: Expression, lower: Expression) -> Pair:
    """The same sum, of which the second number is below the digits of the first."""
    total = upper + lower
    return total, lower - (total - upper)


def exact_product(a: Expression, b: Expression) -> Pair:
    product = a * b
    (p, q), (r, s) = halves(a), halves(b)
    return product, ((p * r - product) + p * s + q * r) + q * s


def plus(a: Pair, b: Pair) -> Pair:
    total, rest = exact_sum(a[0], b[0])
    return _joined(total, rest + (a[1] + b[1]))


def minus(a: Pair) -> Pair:
    return -a[0], -a[1]


def times(a: Pair, b: Pair) -> Pair:
    product, rest = exact_product(a[0], b[0])
    return _joined(product, rest + (a[0] * b[1] + a[1] * b[0]))


def over(a: Pair, b: Pair) -> Pair:
    quotient = a[0] / b[0]
    product, rest = exact_product(quotient, b[0])
    left = ((a[0] - product) - rest) + (a[1] - quotient * b[1])
    return _joined(quotient, left / b[0])


def _scaled(ratio: Pair) -> tuple[Pair, Expression]:
    """A ratio as m · 2^k with m near 1, and k."""
    upper, lower = ratio
    exponent = as_expression(0.0)
    for sign, steps in ((1.0, (64, 32, 16, 8, 4, 2, 1)), (-1.0, (8, 4, 2, 1))):
        for step in steps:
            factor = 2.0 ** (sign * step)
            moves = upper * factor < 1.415 if sign > 0 else upper * factor > 0.7072
            upper = choose(moves, upper * factor, upper)
            lower = choose(moves, lower * factor, lower)
            exponent = choose(moves, exponent - sign * step, exponent)
    return (upper, lower), exponent


def _excess(m: Pair) -> Pair:
    """m - 1 - ln m for m near 1, by ln m = 2 artanh s with s = (m - 1) / (m + 1)."""
    mu = _joined(m[0] - 1.0, m[1])
    s = over(mu, plus(mu, pair(2.0)))
    square = times(s, s)
    tail = polynomial([1.0 / (2 * k + 1) for k in range(2, 13)], square[0])
    upper, lower = times(square, plus(pair(*ONE_THIRD), pair(square[0] * tail)))
    return times(s, plus(mu, (-2.0 * upper, -2.0 * lower)))


def deviance(x: Pair, a: Expression) -> Pair:
    """x - a - a ln(x / a), for a ≥ 10; infinite where e^-(it) is 0."""
    ratio = over(x, pair(a))
    m, k = _scaled(ratio)
    value = plus(plus(_excess(m), plus(ratio, minus(m))), minus(times(pair(k), pair(*LOG_2))))
    upper, lower = times(value, pair(a))
    far = (ratio[0] < FAR_BELOW) | (ratio[0] > FAR_ABOVE) | (upper > 800.0)
    return choose(far, math.inf, upper), choose(far, 0.0, lower)


def logarithm_of_ratio(x: Expression, a: Expression) -> Expression:
    """ln(x / a), right to all digits where the two are near each other too."""
    near = call("log1p", (x - a) / a)
    ratio = x / a
    in_range = (ratio > 1e-300) & (ratio < 1e300)
    far = choose(in_range, call("log", ratio), call("log", x) - call("log", a))
    return choose(abs(x - a) < 0.5 * a, near, far)
