"""Special functions as expressions: what the entries of the table for them compute.

Python's math module, C's libraries and NumPy either lack these functions or disagree about their
last digits, so each is written here as the arithmetic that is to be done. The rational
approximations are those of special_coefficients.py; how they were computed is in
tools/fit_special.py. The formulas are those of the NIST Digital Library of Mathematical Functions
(DLMF), https://dlmf.nist.gov; the number of each stands beside it.

Every branch of a choice is computed where a target works on many numbers at once. So a branch
that is not taken may be infinite or NaN, but never an error.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from autograd_bp import special_coefficients as coefficients
from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import Expression, as_expression, call, choose

INF, NAN = math.inf, math.nan
# Numbers that are no floats: the nearest float, and what is left.
SQRT_2 = (1.4142135623730951, -9.667293313452913e-17)
SQRT_2_PI = (2.5066282746310007, -1.8328579980459167e-16)
HALF_SQRT_PI = (0.886226925452758, -3.8332932499128993e-17)
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
    return _of_positive(a, b, difference)


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
    return _of_positive(a, b, (-1.0) ** s * float(math.factorial(order)) * total)


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


def _power(x: Expression, exponent: int) -> Expression:
    power = x
    for _ in range(exponent - 1):
        power = power * x
    return power


def _zeta(s: int) -> float:
    """ζ(s) for s ≥ 2; what follows n = 39 by the Euler-Maclaurin formula, DLMF 25.2.9."""
    n, rest, rising = 40.0, [40.0 ** (1 - s) / (s - 1), 0.5 * 40.0**-s], float(s)
    for k, b in enumerate(BERNOULLI[:4], 1):
        rest.append(float(b) / math.factorial(2 * k) * rising * n ** (1 - s - 2 * k))
        rising *= (s + 2 * k - 1) * (s + 2 * k)
    return math.fsum([*rest, *(float(m) ** -s for m in range(1, 40))])


# ------------------------------------------------------- the error function and the normal law
def _halves_of_square(x: Expression) -> tuple[Expression, Expression]:
    """Two numbers whose sum is x², the first without rounding."""
    coarse = call("floor", x * 16.0 + 0.5) / 16.0
    return coarse * coarse, (x - coarse) * (x + coarse)


def exp_of_square(x: Expression, factor: float) -> Expression:
    """e^(factor x²) without the error that the rounding of x² makes in a large exponent."""
    coarse, fine = _halves_of_square(x)
    precise = call("exp", factor * coarse) * call("exp", factor * fine)
    return choose(abs(x) < 64.0, precise, call("exp", factor * (x * x)))


def erfcx(x: Expression) -> Expression:
    """e^(x²) erfc(x), which neither overflows nor vanishes for large x."""
    size = abs(x)
    t = choose(call("isinf", x), 1.0, (size - 3.0) / (size + 3.0))
    far = 0.5 * rational(coefficients.ERFCX, t) / (0.5 + size)
    square = exp_of_square(x, 1.0)
    near = square * call("erfc", x)
    return choose(size < 1.0, near, choose(x > 0.0, far, 2.0 * square - far))


# t = (x - centre) / (x + centre), the shift, and the approximation of (shift + x) times the ratio.
ERFC_RATIOS = {
    2: (3.0, 1.0, coefficients.ERFC_RATIO_2),
    3: (3.5, 1.25, coefficients.ERFC_RATIO_3),
    4: (3.5, 1.5, coefficients.ERFC_RATIO_4),
    5: (4.0, 2.0, coefficients.ERFC_RATIO_5),
    6: (4.0, 2.0, coefficients.ERFC_RATIO_6),
}
FRACTION_STEPS = 64  # of a continued fraction whose rest is known to 14 digits
# kₙ₋₁ of `mills_excess` is 2ν / (w + x) + Σ P_j(x/w) w^(1-2j), with w² = x² + 4ν and ν = n - ½.
# These are the P_j, lowest power first: k is put into its formula, and powers of w are compared.
FRACTION_REST = (
    (0.0, 0.5),
    (0.5, 0.0, -1.25),
    (0.0, -4.5, 0.0, 7.5),
    (-4.75, 0.0, 55.25, 0.0, -69.0625),
    (0.0, 153.0, 0.0, -847.5, 0.0, 847.5),
    (157.75, 0.0, -4312.875, 0.0, 15529.6875, 0.0, -12941.40625),
)


def _erfc_ratio(n: int, x: Expression) -> Expression:
    """iⁿerfc(x) / iⁿ⁻¹erfc(x) for x ≥ 0, which is near 1/(2x) for large x: how much less each
    integral of erfc is than the one before (DLMF 7.18)."""
    # By 2n iⁿerfc = iⁿ⁻²erfc - 2x iⁿ⁻¹erfc, DLMF 7.18.7, from that of the next order.
    if n + 1 not in ERFC_RATIOS:
        return _fraction_of_erfc(n, x)
    centre, shift, approximation = ERFC_RATIOS[n + 1]
    t = choose(call("isinf", x), 1.0, (x - centre) / (x + centre))
    return 0.5 / (x + (n + 1.0) * (rational(approximation, t) / (shift + x)))


def _fraction_of_erfc(n: int, x: Expression) -> Expression:
    """The same by a continued fraction of many steps: the formula once for each."""
    last = n + FRACTION_STEPS
    z, nu = math.sqrt(2.0) * x, last - 0.5
    w = call("sqrt", z * z + 4.0 * nu)
    rest = as_expression(0.0)
    for terms in reversed(FRACTION_REST):
        rest = rest / (w * w) + polynomial(terms, choose(call("isinf", x), 1.0, z / w))
    ratio = (2.0 * nu / (w + z) + rest / w) / (last * math.sqrt(2.0))
    for k in reversed(range(n + 1, last + 1)):
        ratio = 0.5 / (x + k * ratio)
    return ratio


def ierfcx(order: int, x: Expression) -> Expression:
    """e^(x²) iⁿerfc(x), n times the integral of erfc from x on (DLMF 7.18.2)."""
    base = erfcx(x)
    right = base
    for n in range(1, order + 1):
        right = right * _erfc_ratio(n, x)
    # DLMF 7.18.7 forwards, where little cancels.
    before, left = as_expression(2.0 / math.sqrt(math.pi)), base
    for n in range(1, order + 1):
        before, left = left, before / (2.0 * n) - (x / n) * left
    return choose(x < (0.25 if order < 3 else 0.0), left, right)


def mills_excess(order: int, x: Expression) -> Expression:
    """φ(x) / Φ(-x) - x for x ≥ 0 and order 0; for order n the tail kₙ of its continued fraction,
    kₙ = (n + 1) / (x + kₙ₊₁), DLMF 7.9.1."""
    ratio = _erfc_ratio(order + 1, x * math.sqrt(0.5))
    return choose(x >= 0.0, ((order + 1.0) * math.sqrt(2.0)) * ratio, NAN)


def ndtr(x: Expression) -> Expression:
    """The standard normal distribution function: the probability of a number below x."""
    z = x * -math.sqrt(0.5)
    tail = 0.5 * erfcx(abs(z)) * exp_of_square(x, -0.5)
    left = choose(x < -1.0, tail, 0.5 * call("erfc", z))
    return choose(x == -INF, 0.0, choose(x > 1.0, 1.0 - tail, left))


def gelu(x: Expression) -> Expression:
    """x Φ(x); -inf · 0 is 0."""
    return choose(x == -INF, -0.0, x * ndtr(x))


def log_ndtr(x: Expression) -> Expression:
    """ln of `ndtr`, which stays exact far to the left."""
    z = x * -math.sqrt(0.5)
    left = call("log", 0.5 * erfcx(abs(z))) - (0.5 * x) * x
    middle = call("log", 0.5 * call("erfc", z))
    right = call("log1p", -ndtr(-x))
    return choose(x < -1.0, left, choose(x < 0.0, middle, right))


def normal_pdf(x: Expression) -> Expression:
    """The standard normal density."""
    return exp_of_square(x, -0.5) * (1.0 / math.sqrt(2.0 * math.pi))


def _tail_quantile(p: Expression) -> Expression:
    """The x at which a standard normal variable is larger with probability p < 0.075.

    It is a little less than √(-2 ln p); what is less is approximated, so that its rounding hardly
    counts.
    """
    r = call("sqrt", -call("log", p))
    near = rational(coefficients.TAIL_QUANTILE, r - 1.6)
    shortfall = choose(r < 5.0, near, rational(coefficients.FAR_TAIL_QUANTILE, r - 5.0))
    return r * SQRT_2[0] - (shortfall - r * SQRT_2[1])


def _central_quantile(q: Expression) -> Expression:
    """The excess of the standard normal quantile of 1/2 + q over √(2π) q, divided by q."""
    square = q * q
    return square * rational(coefficients.CENTRAL_QUANTILE, 0.425 * 0.425 - square)


def ndtri(p: Expression) -> Expression:
    """The standard normal quantile, the inverse of `ndtr`; ∓∞ at 0 and 1, NaN outside."""
    q = p - 0.5
    central = q * SQRT_2_PI[0] + q * (SQRT_2_PI[1] + _central_quantile(q))
    tail = choose(q < 0.0, p, 1.0 - p)
    far = choose(tail == 0.0, INF, _tail_quantile(tail))
    outer = choose(q < 0.0, -far, far)
    return choose((p < 0.0) | (p > 1.0), NAN, choose(abs(q) <= 0.425, central, outer))


def erfinv(x: Expression) -> Expression:
    """The inverse of erf; ±∞ at ±1, NaN outside."""
    size = abs(x)
    rest = _central_quantile(0.5 * x) * (0.5 * math.sqrt(0.5))
    central = x * HALF_SQRT_PI[0] + x * (HALF_SQRT_PI[1] + rest)
    tail = 0.5 * (1.0 - size)
    far = choose(tail == 0.0, INF, _tail_quantile(tail) * math.sqrt(0.5))
    outer = choose(x < 0.0, -far, far)
    return choose(size > 1.0, NAN, choose(size <= 0.85, central, outer))


# --------------------------------------------------------------------- spherical Bessel functions
def spherical_bessel_pi(order: int, x: Expression) -> Expression:
    """j_order(πx), the spherical Bessel function; sin(πx) / (πx) for order 0.

    By its power series near 0 (DLMF 10.53.1), else upwards from sine and cosine (DLMF 10.51.1).
    """
    z = math.pi * x
    edge = order + 2.0
    odd = math.prod(range(1, 2 * order + 2, 2))
    half, terms, term, k = -edge * edge / 2.0, [1.0], 1.0, 0
    while abs(term) > 1e-19:
        k += 1
        term *= half / (k * (2 * order + 2 * k + 1))
        terms.append(terms[-1] / (k * (2 * order + 2 * k + 1)))
    series = polynomial(terms, -0.5 * (z * z))
    for _ in range(order):
        series = series * z
    series = series * (1.0 / odd)
    sine, cosine = sin_pi(x), cos_pi(x)
    before, now = cosine / z, sine / z
    for k in range(order):
        before, now = now, (2.0 * k + 1.0) / z * now - before
    far = choose(call("isinf", x), 0.0, now)
    return choose(abs(z) < edge, series, far)
