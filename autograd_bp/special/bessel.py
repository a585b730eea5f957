"""Bessel functions of integer order as expressions; see gamma.py.

Those of order 0 and 1 are approximated (DLMF 10.17.3 far out), the others come from them by
recurrences in the direction in which these are stable, or by the power series. An order is a
number that is known when the expression is made.
"""

from __future__ import annotations

import math
from fractions import Fraction

from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import Expression, as_expression, call, choose
from autograd_bp.special import coefficients
from autograd_bp.special.gamma import INF, NAN, cos_pi, polynomial, rational, sin_pi

LARGEST_ORDER = 120  # of which an expression is made: derivatives need orders above those asked for
EDGE = 5.0  # between the approximations of J and Y
TWO_OVER_PI = 2.0 / math.pi
OVERFLOW = 720.0  # where e^x, and so every I, is infinite


def _checked(order: int) -> None:
    if order > LARGEST_ORDER:
        raise PrimitiveError(
            f"a Bessel function of order {order} is needed, and expressions are made up to "
            f"{LARGEST_ORDER}: take a lower order, or fewer derivatives"
        )


# ---------------------------------------------------------------------------- J and Y, orders 0, 1
def _waves(x: Expression) -> tuple[Expression, Expression]:
    """sin x + cos x and sin x - cos x, neither with the cancellation where it is near 0: their
    product is -cos 2x."""
    sine, cosine = call("sin", x), call("cos", x)
    total, difference = sine + cosine, sine - cosine
    product = -call("cos", 2.0 * x)
    is_opposite = sine * cosine < 0.0
    in_range = x < 1e300
    return (
        choose(in_range & is_opposite, product / difference, total),
        choose(in_range & ~is_opposite, product / total, difference),
    )


def _far(n: int, x: Expression) -> tuple[Expression, Expression]:
    """J and Y of order 0 or 1 for x ≥ 5, from amplitude and phase (DLMF 10.17.3)."""
    ratio = EDGE / x
    t = ratio * ratio
    p = rational((coefficients.BESSEL_P0, coefficients.BESSEL_P1)[n], t)
    q = rational((coefficients.BESSEL_Q0, coefficients.BESSEL_Q1)[n], t) / x
    total, difference = _waves(x)
    cosine, sine = (total, difference) if n == 0 else (difference, -total)
    root = 1.0 / call("sqrt", math.pi * x)
    return root * (p * cosine - q * sine), root * (p * sine + q * cosine)


def _near_j(n: int, x: Expression) -> Expression:
    """J of order 0 or 1 for |x| ≤ 5, with its zero there as a factor."""
    root, rest = (coefficients.BESSEL_ROOT_0, coefficients.BESSEL_ROOT_1)[n]
    size = abs(x)
    t = size * size / 12.5 - 1.0
    smooth = rational((coefficients.BESSEL_J0, coefficients.BESSEL_J1)[n], t)
    value = ((size - root) - rest) * (size + root) * smooth
    small = _series(n, size)  # exact at 0
    if n == 1:
        value, small = value * x, choose(x < 0.0, -small, small)
    return choose(size < 1.0, small, value)


def _near_y(n: int, x: Expression) -> Expression:
    """Y of order 0 or 1 for 0 < x ≤ 5."""
    t = x * x / 12.5 - 1.0
    logarithm = TWO_OVER_PI * (call("log", x) * _near_j(n, x))
    if n == 0:
        return logarithm + polynomial(coefficients.BESSEL_Y0, t)
    return (logarithm + x * polynomial(coefficients.BESSEL_Y1, t)) - TWO_OVER_PI / x


def _j(n: int, x: Expression) -> Expression:
    """J of order 0 or 1."""
    size = abs(x)
    far, _ = _far(n, size)
    if n == 1:
        far = choose(x < 0.0, -far, far)
    value = choose(size < EDGE, _near_j(n, x), far)
    return choose(call("isinf", x), 0.0, value)


def _y(n: int, x: Expression) -> Expression:
    """Y of order 0 or 1: -∞ at 0, NaN for negative numbers."""
    _, far = _far(n, x)
    value = choose(x < EDGE, _near_y(n, x), far)
    value = choose(x == 0.0, -INF, choose(x == INF, 0.0, value))
    return choose(x >= 0.0, value, NAN)


# ---------------------------------------------------------------------------- J and Y of any order
def bessel_j(order: int, x: Expression) -> Expression:
    """Jₙ(x), DLMF 10.2.2, for an order n ≥ 0."""
    _checked(order)
    if order < 2:
        return _j(order, x)
    size = abs(x)
    # By DLMF 10.6.1 upwards, where x is above the order.
    before, now = _j(0, size), _j(1, size)
    for k in range(1, order):
        before, now = now, 2.0 * k / size * now - before
    inner = choose(
        size < 2.0 * math.sqrt(order + 1.0), _series(order, size), _downwards(order, size)
    )
    value = choose(size < float(order), inner, choose(size == INF, 0.0, now))
    return choose(x < 0.0, -value, value) if order % 2 else value


def _series(order: int, x: Expression, sign: int = -1) -> Expression:
    """The power series of Jₙ, DLMF 10.2.2, for x² < 4 (n + 1); that of Iₙ with the sign 1."""
    terms, size, k = [Fraction(1)], 1.0, 0
    while size > 1e-19:
        k += 1
        terms.append(terms[-1] * sign / (k * (order + k)))
        size *= (order + 1.0) / (k * (order + k))
    half = 0.5 * x
    series = polynomial([float(term) for term in terms], half * half)
    # In two factors: xⁿ may be below all floats where the quotient is not.
    upper = order // 2
    factor = _power(half, upper) * (1.0 / math.factorial(upper))
    rest = math.factorial(upper) / math.factorial(order)
    return series * (factor * (_power(half, order - upper) * rest))


def _power(x: Expression, exponent: int) -> Expression:
    return call("pow", x, float(exponent))


def _downwards(order: int, x: Expression) -> Expression:
    """Jₙ for √n < x < n by DLMF 10.6.1 downwards from an order whose J is next to nothing, scaled
    by 1 = J₀ + 2 J₂ + 2 J₄ + ..., DLMF 10.12.4."""
    start = 2 * ((order + 30 + order // 4) // 2)
    after, now = as_expression(0.0), as_expression(1e-280)
    total, wanted = as_expression(0.0), now
    for k in reversed(range(start)):
        after, now = now, 2.0 * (k + 1.0) / x * now - after
        if k == order:
            wanted = now
        if k and k % 2 == 0:
            total = total + now
    return wanted / (now + 2.0 * total)


def bessel_y(order: int, x: Expression) -> Expression:
    """Yₙ(x), DLMF 10.2.3, for an order n ≥ 0, by DLMF 10.6.1 upwards."""
    _checked(order)
    if order < 2:
        return _y(order, x)
    before, now = _y(0, x), _y(1, x)
    for k in range(1, order):
        after = choose(now == -INF, now, 2.0 * k / x * now - before)
        before, now = now, after
    return choose(x == INF, 0.0, now)


# ---------------------------------------------------------------------------------------- I and K
def _i(n: int, x: Expression) -> Expression:
    """I of order 0 or 1 for x ≥ 0."""
    eighth = 0.125 * x
    near = rational((coefficients.BESSEL_I0, coefficients.BESSEL_I1)[n], eighth * eighth)
    if n == 1:
        near = near * x
    far = rational((coefficients.BESSEL_FAR_I0, coefficients.BESSEL_FAR_I1)[n], 16.0 / x - 1.0)
    return choose(x < 8.0, near, _grown(far, x))


def _grown(scaled: Expression, x: Expression) -> Expression:
    """scaled · e^x / √x, also where e^x alone overflows."""
    half = call("exp", 0.5 * x)
    value = choose(
        x < 700.0,
        call("exp", x) * (scaled / call("sqrt", x)),
        half * (scaled / call("sqrt", x)) * half,
    )
    return choose(x == INF, INF, value)


def bessel_i(order: int, x: Expression) -> Expression:
    """Iₙ(x), DLMF 10.25.2, for an order n ≥ 0."""
    _checked(order)
    size = abs(x)
    value = _i(order, size) if order < 2 else _higher_i(order, size)
    return choose(x < 0.0, -value, value) if order % 2 else value


def _higher_i(order: int, x: Expression) -> Expression:
    # Far out by the series of DLMF 10.40.1, else I₀ times the ratios of consecutive orders.
    edge = min(max(30.0, float(order * order)), OVERFLOW)
    terms, size, k = [Fraction(1)], 1.0, 0
    while abs(size) > 1e-18 and k < 60:
        k += 1
        factor = Fraction((2 * k - 1) ** 2 - 4 * order * order, 8 * k)
        terms.append(terms[-1] * factor)
        size *= float(factor) / edge
    far = polynomial([float(term) for term in terms], 1.0 / x) * (1.0 / math.sqrt(2.0 * math.pi))
    last = math.isqrt(int(order * order + 33.0 * edge)) + 2
    # The last ratio is known to some digits (DLMF 10.37), of which each step adds more.
    ratio = x / (last + 0.5 + call("sqrt", x * x + (last + 1.0) * (last + 1.0)))
    product = _i(0, x)
    for k in reversed(range(1, last)):
        ratio = x / (2.0 * k + x * ratio)
        if k <= order:
            product = product * ratio
    small = _series(order, x, 1)
    near = choose(x < 2.0 * math.sqrt(order + 1.0), small, choose(x == INF, INF, product))
    return near if edge >= OVERFLOW else choose(x < edge, near, _grown(far, x))


def _k(n: int, x: Expression) -> Expression:
    """K of order 0 or 1: ∞ at 0, NaN for negative numbers."""
    # Half of the least floats is 0.
    logarithm = choose(x < 1e-300, call("log", x) - math.log(2.0), call("log", 0.5 * x))
    square = x * x
    if n == 0:
        near = polynomial(coefficients.BESSEL_K0, square) - logarithm * _i(0, x)
    else:
        near = (logarithm * _i(1, x) + x * polynomial(coefficients.BESSEL_K1, square)) + 1.0 / x
    far = rational((coefficients.BESSEL_FAR_K0, coefficients.BESSEL_FAR_K1)[n], 1.0 / x)
    value = choose(x < 1.0, near, call("exp", -x) * (far / call("sqrt", x)))
    return choose(x >= 0.0, choose(x == 0.0, INF, value), NAN)


def bessel_k(order: int, x: Expression) -> Expression:
    """Kₙ(x), DLMF 10.25.3, for an order n ≥ 0, by DLMF 10.29.1 upwards."""
    _checked(order)
    before, now = _k(0, x), _k(1, x)
    if order == 0:
        return before
    for k in range(1, order):
        before, now = now, 2.0 * k / x * now + before
    return now if order == 1 else choose(x == 0.0, INF, now)  # of -0.0 too


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
