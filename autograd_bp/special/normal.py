"""The error function and the normal law as expressions; see gamma.py."""

from __future__ import annotations

import math

from autograd_bp.expressions import Expression, as_expression, call, choose
from autograd_bp.special import coefficients
from autograd_bp.special.gamma import INF, NAN, polynomial, rational

# Numbers that are no floats: the nearest float, and what is left.
SQRT_2 = (1.4142135623730951, -9.667293313452913e-17)
SQRT_2_PI = (2.5066282746310007, -1.8328579980459167e-16)
HALF_SQRT_PI = (0.886226925452758, -3.8332932499128993e-17)


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
