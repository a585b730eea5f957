"""The gamma function and its kin as expressions: what the entries of the table for them compute.

Python's math module, C's libraries and NumPy either lack these functions or disagree about their
last digits, so each is written here as the arithmetic that is to be done. The rational
approximations are those of coefficients.py; how they were computed is in
tools/fit_special.py. The formulas are those of the NIST Digital Library of Mathematical Functions
(DLMF), https://dlmf.nist.gov; the number of each stands beside it.

Every branch of a choice is computed where a target works on many numbers at once. So a branch
that is not taken may be infinite or NaN, but never an error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import Expression, as_expression, call, choose
from autograd_bp.special import coefficients

INF, NAN = math.inf, math.nan
BERNOULLI = [Fraction(1, 6), Fraction(-1, 30), Fraction(1, 42), Fraction(-1, 30), Fraction(5, 66),
             Fraction(-691, 2730), Fraction(7, 6), Fraction(-3617, 510), Fraction(43867, 798),
             Fraction(-174611, 330), Fraction(854513, 138)]  # fmt: skip
"""The Bernoulli numbers B_2, B_4, ..., B_22 (DLMF 24.2.1)."""


def polynomial(terms: Sequence[float], t: Expression) -> Expression:
    """Σ terms[k] t^k by Horner's rule."""
    total = as_expression(terms[-1])
    for term in reversed(terms[:-1]):
        total = total * t + term
    return total


def rational(pair: coefficients.Rational, t: Expression) -> Expression:
    """The quotient of two polynomials."""
    return polynomial(pair[0], t) / polynomial(pair[1], t)


def _from_integer(x: Expression) -> tuple[Expression, Expression]:
    """The exact distance to the nearest integer, and whether that is even."""
    below = call("floor", x)
    nearest = choose(x - below > 0.5, below + 1.0, below)
    return x - nearest, call("floor", nearest / 2.0) * 2.0 == nearest


def sin_pi(x: Expression) -> Expression:
    """sin(πx) without the rounding of πx."""
    distance, even = _from_integer(x)
    sine = call("sin", math.pi * distance)
    return choose(even, sine, -sine)


def cos_pi(x: Expression) -> Expression:
    """cos(πx) without the rounding of πx; near its zeros as the sine of what is left to them."""
    distance, even = _from_integer(x)
    size = abs(distance)
    near_zero = call("sin", math.pi * (0.5 - size))
    cosine = choose(size < 0.25, call("cos", math.pi * distance), near_zero)
    return choose(even, cosine, -cosine)


def cot_pi(x: Expression) -> Expression:
    """cot(πx), infinite at integers."""
    distance, _ = _from_integer(x)
    return 1.0 / call("tan", math.pi * distance)


# ------------------------------------------------------------------ the gamma function and its kin
def lgamma(x: Expression) -> Expression:
    """ln |Γ(x)|: infinite at 0 and at negative integers."""
    size = abs(x)
    positive = _lgamma_of_positive(size)
    # Near 0 from Γ(x) = Γ(2 + x) / (x (1 + x)), DLMF 5.5.1.
    near_zero = _lgamma_near_0(x)
    # Reflection, DLMF 5.5.3; a negative integer has a sine of 0.
    reflected = -call("log", abs(size * sin_pi(x)) / math.pi) - positive
    result = choose(size < 0.5, near_zero, choose(x > 0.0, positive, reflected))
    return choose(call("isinf", x), INF, choose(x == 0.0, INF, result))


def _lgamma_near_0(x: Expression) -> Expression:
    return (x * rational(coefficients.LGAMMA, x) - call("log1p", x)) - call("log", abs(x))


def _lgamma_above_0(x: Expression) -> Expression:
    """ln Γ(x) for x > 0."""
    return choose(x < 0.5, _lgamma_near_0(x), _lgamma_of_positive(x))


def _lgamma_of_positive(x: Expression) -> Expression:
    # Up or down to [1.5, 2.5) by Γ(x + 1) = x Γ(x), DLMF 5.5.1. The distance from 2 is exact.
    low = x < 1.5
    z, product = x, as_expression(1.0)
    for _ in range(8):
        above = z >= 2.5
        product = choose(above, product * (z - 1.0), product)
        z = choose(above, z - 1.0, z)
    t = choose(low, x - 1.0, z - 2.0)
    logarithm = call("log", choose(low, x, product))
    near_two = t * rational(coefficients.LGAMMA, t)
    small = choose(low, near_two - logarithm, near_two + logarithm)
    # Stirling's series, DLMF 5.11.1.
    constant = 0.5 * math.log(2.0 * math.pi) - 0.5
    large = (x - 0.5) * (call("log", x) - 1.0) + (_stirling_rest(x) + constant)
    return choose(x < 10.0, small, large)


def digamma(x: Expression) -> Expression:
    """ψ(x) = Γ'(x) / Γ(x): NaN at negative integers, and ∓∞ at ±0."""
    size = choose(x > 0.0, x, -x)
    # Up or down to [1, 3) by ψ(x + 1) = ψ(x) + 1/x, DLMF 5.5.2.
    low = size < 1.0
    z, shift = choose(low, size + 1.0, size), as_expression(0.0)
    for _ in range(7):
        above = z >= 3.0
        z = choose(above, z - 1.0, z)
        shift = choose(above, shift + 1.0 / z, shift)
    root, rest = coefficients.DIGAMMA_ROOT
    by_root = ((z - root) - rest) * rational(coefficients.DIGAMMA, z - 1.5)
    shifted = choose(z < 2.0, by_root, rational(coefficients.DIGAMMA_ABOVE, z - 2.5)) + shift
    # DLMF 5.11.2.
    terms = [float(-b / (2 * k)) for k, b in enumerate(BERNOULLI[:9], 1)]
    square = 1.0 / (size * size)
    large = (call("log", size) - 0.5 / size) + polynomial(terms, square) * square
    # `shifted` is ψ(size + 1) for sizes below 1, else ψ(size).
    positive = choose(low, shifted - 1.0 / size, choose(size < 10.0, shifted, large))
    # Reflection with 1 - x = 1 + |x|, DLMF 5.5.4 and 5.5.2.
    beyond = choose(low, shifted, positive + 1.0 / size)
    reflected = beyond - math.pi * cot_pi(x)
    integer = call("floor", x) == x
    negative = choose(x == 0.0, -1.0 / x, choose(integer, NAN, reflected))
    return choose(x > 0.0, positive, negative)


LARGEST_POLYGAMMA = 170


def polygamma(order: int, x: Expression) -> Expression:
    """The order-th derivative of ψ, order ≥ 1: infinite or NaN at 0 and at negative integers.

    For x > 0 it is ± order! ζ(order + 1, x), DLMF 25.11.12, by the Euler-Maclaurin formula, whose
    terms have one sign until the first that is left out.
    """
    if order > LARGEST_POLYGAMMA:
        raise PrimitiveError(
            f"polygamma of order {order} has the factor {order}!, and floats hold factorials up to "
            f"{LARGEST_POLYGAMMA}!: take an order, or derivatives, up to {LARGEST_POLYGAMMA}"
        )
    s = order + 1
    sign = -1.0 if order % 2 == 0 else 1.0
    size = abs(x)
    # Terms first, then the integral from `start` on.
    shift = 10 + order // 2
    far = size >= float(shift)
    start = choose(far, size, size + float(shift))
    tail = call("pow", start, -float(order)) / float(order)
    tail = tail + 0.5 * call("pow", start, -float(s))
    power, rising = call("pow", start, -float(s + 1)), Fraction(s)
    series = []
    for k, b in enumerate(BERNOULLI, 1):
        series.append(float(b * rising / math.factorial(2 * k)))
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    tail = tail + power * polynomial(series, 1.0 / (start * start))
    beyond = tail
    for k in reversed(range(1, shift)):  # the largest last
        beyond = beyond + call("pow", size + float(k), -float(s))
    first = call("pow", size, -float(s))
    scale = sign * float(math.factorial(order))
    positive = scale * choose(far, tail, beyond + first)
    # Reflection, DLMF 5.15.6 with 1 - x = 1 + |x|.
    cotangent = _derivative_of_cot_pi(order, x)
    mirrored = scale * choose(far, tail - first, beyond) * (-1.0) ** order
    reflected = mirrored - float(math.factorial(order)) * cotangent
    pole = -call("copysign", INF, x) if order % 2 == 0 else as_expression(INF)
    return choose(x > 0.0, positive, choose(x == 0.0, pole, reflected))


def digamma_difference(a: Expression, b: Expression) -> Expression:
    """ψ(a + b) - ψ(a) for a, b > 0, as a sum of positive terms, so that nothing cancels."""
    # Up to a + 10 by DLMF 5.5.2, then the asymptotic series of both, DLMF 5.11.2.
    total = a + b
    start, end = a + 10.0, total + 10.0
    u, v = 1.0 / (end * end), 1.0 / (start * start)
    # P(u) - P(v) = (u - v) D(u, v), where D comes from the steps of Horner's rule.
    value, slope = as_expression(0.0), as_expression(0.0)
    for k, number in reversed([*enumerate(BERNOULLI[:9], 1)]):
        slope = slope * v + value
        value = value * u + float(-number / (2 * k))
    slope = slope * v + value
    ratio = b / end / start
    rest = ratio * (0.5 - (start / end + 1.0) / start * slope)
    difference = call("log1p", b / start) + rest
    for k in reversed(range(10)):  # the largest last
        difference = difference + b / (total + float(k)) / (a + float(k))
    # ψ grows as a logarithm: ψ(2a) - ψ(a) goes to ln 2.
    of_infinite = choose(call("isinf", b), math.log(2.0), b - b)
    finite = choose(call("isinf", b), INF, difference)
    return _of_positive(a, b, choose(call("isinf", a), of_infinite, finite))


def polygamma_difference(order: int, a: Expression, b: Expression) -> Expression:
    """ψ of an order ≥ 1 of a + b less that of a, for a, b > 0: the terms of `polygamma`, each as a
    difference without cancellation, (a + b)^-m - a^-m = a^-m (e^(-m ln(1 + b/a)) - 1)."""
    s, shift = order + 1, 10 + order // 2
    start = a + float(shift)
    growth = call("log1p", b / start)
    rising = Fraction(s)
    parts = [(order, Fraction(1, order)), (s, Fraction(1, 2))]
    for k, bernoulli in enumerate(BERNOULLI, 1):
        parts.append((s + 2 * k - 1, bernoulli * rising / math.factorial(2 * k)))
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    total = as_expression(0.0)
    for exponent, factor in reversed(parts):  # the largest last
        total = total + float(factor) * _power_difference(start, exponent, growth)
    for k in reversed(range(shift)):
        x = a + float(k)
        total = total + _power_difference(x, s, call("log1p", b / x))
    value = (-1.0) ** s * float(math.factorial(order)) * total
    of_infinite = choose(call("isinf", b), 0.0, b - b)
    return _of_positive(a, b, choose(call("isinf", a), of_infinite, value))


def _of_positive(a: Expression, b: Expression, value: Expression) -> Expression:
    """The value where both are positive (or b is 0), else NaN: the series hold nowhere else."""
    return choose(a > 0.0, choose(b >= 0.0, value, NAN), NAN)


def _power_difference(x: Expression, exponent: int, growth: Expression) -> Expression:
    """(x e^growth)^-exponent - x^-exponent."""
    power = call("pow", x, -float(exponent))
    return power * call("expm1", -float(exponent) * growth)


def log_beta(a: Expression, b: Expression) -> Expression:
    """ln B(a, b) = ln (Γ(a) Γ(b) / Γ(a + b)) for a, b > 0, without the cancellation of large
    logarithms (DLMF 5.12.1 with 5.11.1)."""
    low, high = choose(a < b, a, b), choose(a < b, b, a)
    total = low + high
    # Γ(high) / Γ(total) by Stirling's formula, whose large terms are taken together.
    ratio = (0.5 - high) * call("log1p", low / high) - low * (call("log", total) - 1.0)
    ratio = ratio + (_stirling_rest(high) - _stirling_rest(total))
    # Both large: Γ(low) by Stirling's formula as well.
    constant = 0.5 * math.log(2.0 * math.pi)
    both = (low - 0.5) * call("log", low / total) + (0.5 - high) * call("log1p", low / high)
    both = (both - 0.5 * call("log", total)) + constant
    rest = _stirling_rest(low) + (_stirling_rest(high) - _stirling_rest(total))
    first = _lgamma_above_0(low)
    near = (first + _lgamma_above_0(high)) - _lgamma_above_0(total)
    positive = choose(high < 10.0, near, choose(low < 10.0, first + ratio, both + rest))
    inside = choose(call("isinf", high), -INF, positive)
    return choose(low > 0.0, inside, choose(low == 0.0, INF + high, NAN))


def beta(a: Expression, b: Expression) -> Expression:
    """Γ(a) Γ(b) / Γ(a + b) for a, b > 0, DLMF 5.12.1: as products, because the exponential of
    `log_beta` would magnify its rounding errors."""
    low, high = choose(a < b, a, b), choose(a < b, b, a)
    total = low + high
    left = high - total + low  # what the rounding of the total has lost
    # Γ(total + left) by ψ(total), of which a few digits are enough (DLMF 5.11.2).
    change = 1.0 - left * (call("log", total) - 0.5 / total)
    small = _gamma_of_positive(low) * (_gamma_of_positive(high) / _gamma_of_positive(total))
    small = small * choose(total > 1.0, change, 1.0)
    rests = _stirling_rest(high) - _stirling_rest(total)
    # Γ(high) / Γ(total) by Stirling's formula, whose large terms are taken together.
    exponent = (0.5 - high) * call("log1p", low / high) + low
    ratio = call("exp", exponent + rests) * call("pow", total, -low)
    one = _gamma_of_positive(low) * ratio * (1.0 - low * (left / total))
    both = _power_of_quotient(low, total, left, low - 0.5)
    both = both * _power_of_quotient(high, total, left, high - 0.5)
    both = both * call("exp", _stirling_rest(low) + rests) / call("sqrt", total)
    both = both * math.sqrt(2.0 * math.pi)
    positive = choose(high < 10.0, small, choose(low < 10.0, one, both))
    # NaN for negative numbers, and 0 for an infinite one.
    return choose(
        low > 0.0, choose(call("isinf", high), 0.0, positive), choose(low == 0.0, INF + high, NAN)
    )


def _gamma_of_positive(x: Expression) -> Expression:
    """Γ(x) for 0 < x < 20, from that of a number in [1.5, 2.5) by Γ(x + 1) = x Γ(x), DLMF 5.5.1."""
    z, product = x, as_expression(1.0)
    for _ in range(18):
        above = z >= 2.5
        product = choose(above, product * (z - 1.0), product)
        z = choose(above, z - 1.0, z)
    tiny, low = x < 0.5, x < 1.5
    t = choose(tiny, x, choose(low, x - 1.0, z - 2.0))
    near_two = call("exp", t * rational(coefficients.LGAMMA, t))
    return choose(low, near_two / choose(tiny, x * (1.0 + x), x), near_two * product)


def _power_of_quotient(
    x: Expression, total: Expression, left: Expression, exponent: Expression
) -> Expression:
    """(x / (total + left))^exponent without the error that rounding the quotient makes in it."""
    quotient = x / total
    # The product of the quotient and the total, exactly, by Dekker's method.
    product = quotient * total
    (q, r), (s, t) = _halves(quotient), _halves(total)
    error = ((q * s - product) + q * t + r * s) + r * t
    rest = ((x - product) - error - quotient * left) / x
    correction = choose(call("isfinite", rest), exponent * rest, 0.0)
    return call("pow", quotient, exponent) * call("exp", correction)


def _halves(x: Expression) -> tuple[Expression, Expression]:
    """A number as the sum of two whose products with others like them are exact."""
    scaled = x * 134217729.0
    upper = scaled - (scaled - x)
    return upper, x - upper


def _stirling_rest(x: Expression) -> Expression:
    """The rest that Stirling's formula leaves of ln Γ(x), for x ≥ 10: DLMF 5.11.1."""
    terms = [float(b / (2 * k * (2 * k - 1))) for k, b in enumerate(BERNOULLI[:9], 1)]
    return polynomial(terms, 1.0 / (x * x)) / x


def _derivative_of_cot_pi(order: int, x: Expression) -> Expression:
    """The order-th derivative of π cot(πx) over order!, from its pole at the nearest integer and
    the power series of the rest, π cot(πd) = 1/d - 2 Σ ζ(2k) d^(2k-1), DLMF 4.19.6 with 25.6.2."""
    distance, _ = _from_integer(x)
    pole = (-1.0) ** order / call("pow", distance, float(order + 1))
    terms: list[float] = []
    k = order // 2 + 1
    while not terms or terms[-1] * 0.25 ** len(terms) > 1e-19 * terms[0]:
        terms.append(2.0 * _zeta(2 * k) * math.comb(2 * k - 1, order))
        k += 1
    series = polynomial(terms, distance * distance)
    return pole - (series if order % 2 else series * distance)


def _zeta(s: int) -> float:
    """ζ(s) for s ≥ 2; what follows n = 39 by the Euler-Maclaurin formula, DLMF 25.2.9."""
    n, rest, rising = 40.0, [40.0 ** (1 - s) / (s - 1), 0.5 * 40.0**-s], float(s)
    for k, b in enumerate(BERNOULLI[:4], 1):
        rest.append(float(b) / math.factorial(2 * k) * rising * n ** (1 - s - 2 * k))
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    return math.fsum([*rest, *(float(m) ** -s for m in range(1, 40))])
