"""The incomplete gamma function as expressions, and what the incomplete beta function
(incomplete_beta.py) has in common with it; see gamma.py.

Each of the two is its density times the integral of e^-E(v), where E grows from 0 and is convex:
the integral along the logarithm of the variable, away from x and down the nearer tail. Nothing
cancels in it, it is smooth, and Gauss's rule of 28 nodes gives it to all digits, if it ends where
e^-E does not count any more. Derivatives by a parameter have a polynomial in v beside e^-E.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import Expression, as_expression, call, choose
from autograd_bp.special import coefficients
from autograd_bp.special.doubled import Pair, deviance, logarithm_of_ratio, pair
from autograd_bp.special.gamma import BERNOULLI, INF, NAN, digamma, polygamma, polynomial, rational
from autograd_bp.special.gamma import _gamma_of_positive as gamma_of_positive
from autograd_bp.special.gamma import _stirling_rest as stirling_rest

Factors = tuple[Expression, Expression]
LARGEST_ORDER = 6  # of derivatives by a parameter
STEPS = 16  # of the recurrence that raises a small parameter
NEGLIGIBLE = 40.0  # e^-40 is below the digits of the integral


def checked_order(name: str, order: int) -> None:
    if order > LARGEST_ORDER:
        raise PrimitiveError(
            f"a derivative of {name} by its parameters of order {order} is needed, and expressions "
            f"are made up to {LARGEST_ORDER}, one more than is asked for: take fewer derivatives"
        )


def bell(order: int, kappa: Sequence[Expression]) -> list[Expression]:
    """The complete Bell polynomials B_0 to B_order: (e^f)^(n) = e^f B_n(f′, f″, ...)."""
    values = [as_expression(1.0)]
    for n in range(order):
        total = kappa[0] * values[n]
        for i in range(1, n + 1):
            total = total + math.comb(n, i) * kappa[i] * values[n - i]
        values.append(total)
    return values


def grown(v: Expression) -> Expression:
    """e^v - 1 - v."""
    terms = [1.0 / math.factorial(k) for k in range(2, 15)]
    return choose(abs(v) < 0.5, polynomial(terms, v) * (v * v), call("expm1", v) - v)


def log_less_digamma(a: Expression, sign: float) -> Expression:
    """ln a - ψ(a) for the sign 1, ln a - ψ(a + 1) for -1, for a ≥ 10: DLMF 5.11.2."""
    terms = [float(b / (2 * k)) for k, b in enumerate(BERNOULLI[:9], 1)]
    square = 1.0 / (a * a)
    return sign * 0.5 / a + polynomial(terms, square) * square


def mass_of_gamma(
    x: Pair, a: Expression, *, factors: Factors | None = None, over: bool = False
) -> Expression:
    """x^a e^-x / Γ(a + 1).

    Arguments:
        x: as a pair.
        a: the parameter, at least 0.
        factors: two numbers whose product x is, which may be below all floats.
        over: whether this is divided by the second factor, or by x.
    """
    is_large, low = a >= 10.0, a < 1.0
    upper, lower = x
    bounded = choose(upper < 1000.0, upper, 1000.0)
    root = call("exp", -0.5 * bounded)
    # Γ(a + 1) = a Γ(a) where a + 1 would be rounded by more than a.
    gamma = choose(low, 1.0, a) * gamma_of_positive(choose(low, a + 1.0, choose(is_large, 1.0, a)))
    scale, part = factors or (as_expression(1.0), bounded)
    of_low = call("pow", part, a)
    if factors:
        of_low = of_low * call("pow", scale, a)
    # x^a may be below all floats where it is not over x.
    power = choose(low, of_low, call("pow", bounded, a))
    if over:
        power = choose(low, of_low / part, call("pow", bounded, a - 1.0) * scale)
    small = root * (power / gamma) * root
    if factors:
        small = small * (1.0 + choose(upper > 1e-300, (a - bounded) * (lower / upper), 0.0))
    stirling = call("exp", -stirling_rest(a)) / call("sqrt", 2.0 * math.pi * a)
    exponent, rest = deviance(x, a)
    large = stirling * (call("exp", -exponent) * (1.0 - rest))
    if over:
        large = choose(large == 0.0, 0.0, large / (factors[1] if factors else upper))
    return choose(is_large, large, small)


class _Gamma:
    """What the incomplete gamma function and its derivatives of an order by a are made of."""

    def __init__(self, order: int, a: Expression, x: Expression) -> None:
        checked_order("gammainc", order)
        self.order, self.a, self.x = order, a, x
        self.is_large = a >= 10.0
        self.is_lower = x < choose(a > 1.0, a, 1.0)
        self.is_raised = self.is_lower & (a < float(STEPS))
        self.raised = choose(self.is_raised, a + float(STEPS), a)
        self.log_ratio = logarithm_of_ratio(x, choose(self.is_large, a, 1.0))

    def slopes(self) -> list[Expression]:
        """Of ln (x^a / Γ(a + 1)) by a, the first derivative and those above."""
        a = self.a
        large = self.log_ratio + log_less_digamma(a, -1.0)
        first = choose(self.is_large, large, self.log_ratio - digamma(a + 1.0))
        return [first, *(-polygamma(i, a + 1.0) for i in range(1, self.order))]

    def raised_slopes(self) -> list[Expression]:
        """Of ln (x^a / Γ(a)) by a, at the raised a."""
        a = self.raised
        ratio = choose(
            self.is_raised | ~self.is_large, call("log", self.x) - call("log", a), self.log_ratio
        )
        return [
            ratio + log_less_digamma(a, 1.0),
            *(-polygamma(i, a) for i in range(1, self.order)),
        ]

    def length(self) -> Expression:
        """Up to which v the integral goes: E(v) is `NEGLIGIBLE` there, or somewhat more."""
        a, x = self.raised, self.x
        # E is at least (x - a) v + x v²/2 upwards, and a v - x (1 - e^-v) with e^-v ≥ 1 - v + v²/3
        # downwards, for v below 1.
        distance = abs(x - a)
        curvature = choose(self.is_lower, x * (4.0 / 3.0), x * 2.0) * NEGLIGIBLE
        square = 2.0 * NEGLIGIBLE / (distance + call("sqrt", distance * distance + curvature))
        up = call("log1p", (NEGLIGIBLE + a * square) / x)
        up = call("log1p", (NEGLIGIBLE + a * up) / x)
        up = choose(up < square, up, square)
        down = (NEGLIGIBLE + x) / a
        for _ in range(3):
            down = (NEGLIGIBLE - x * call("expm1", -down)) / a
        return choose(self.is_lower, choose(square < 1.0, square, down), up)

    def integral(self) -> Expression:
        """∫ e^-E(v) B(v) dv, where B is what the derivative by a makes of the density."""
        a, x, n = self.raised, self.x, self.order
        length = self.length()
        side = choose(self.is_lower, -1.0, 1.0)
        linear = side * (x - a)
        kappa: list[Expression] = []
        if n:
            kappa = [
                choose(self.is_lower, down, up)
                for down, up in zip(self.raised_slopes(), self.slopes(), strict=True)
            ]
        total = as_expression(0.0)
        for node, weight in zip(*coefficients.LEGENDRE, strict=True):
            v = length * node
            term = call("exp", -(linear * v + x * grown(side * v)))
            if n:
                values = bell(n, [kappa[0] + side * v, *kappa[1:]])
                # By 1/Γ(a) = a/Γ(a + 1) upwards, which holds at a = 0 too.
                upwards = self.a * values[n] + n * values[n - 1]
                term = term * choose(self.is_lower, values[n], upwards)
            total = total + weight * term
        return length * total

    def lower(self, mass: Expression, integral: Expression) -> Expression:
        """The derivative of P(a, x), where the integral goes downwards: DLMF 8.8.5 for small a."""
        a, x, n = self.a, self.x, self.order
        total, term = as_expression(0.0), as_expression(1.0)
        kappa = self.slopes() if n else []
        for j in range(STEPS):
            if j:
                z = a + float(j)
                term = term * (x / z)
                kappa = [
                    k - (-1.0) ** i * math.factorial(i) / call("pow", z, i + 1.0)
                    for i, k in enumerate(kappa)
                ]
            total = total + term * bell(n, kappa)[n]
        summed = mass * (total + term * x * integral)
        return choose(self.is_raised, summed, mass * a * integral)

    def upper(self, mass: Expression, integral: Expression) -> Expression:
        """The derivative of Q(a, x), where the integral goes upwards."""
        return mass * (integral if self.order else self.a * integral)

    def both(self) -> tuple[Expression, Expression]:
        """P where x is below a or 1, Q elsewhere: the derivatives by a of the order."""
        mass, integral = mass_of_gamma(pair(self.x), self.a), self.integral()
        return self.lower(mass, integral), self.upper(mass, integral)


def _checked(
    a: Expression, x: Expression, value: Expression, at_0: float, at_inf: float
) -> Expression:
    """The value, what it is at the ends, and NaN outside the domain."""
    inside = choose(
        x == 0.0,
        choose(a == 0.0, NAN, at_0),
        choose(x == INF, choose(a == INF, NAN, at_inf), choose(a == INF, at_0, value)),
    )
    return choose((a >= 0.0) & (x >= 0.0), inside, NAN)


def _scaled(a: Expression, x: Expression) -> tuple[Expression, Expression, Expression]:
    """a and x, both times 2^-400 where a is huge: the law has no width there that floats show. Its
    density falls as 1/√a, which the third number is for."""
    huge = a > 1e200
    z = choose(x < 1e300, x, 1e300)
    z = choose(huge & (x > 1e-100), z * 2.0**-400, z)
    return choose(huge, a * 2.0**-400, a), z, choose(huge, 2.0**-200, 1.0)


def gammainc(order: int, a: Expression, x: Expression) -> Expression:
    """The derivative of an order by a of P(a, x), DLMF 8.2.4."""
    b, z, factor = _scaled(a, x)
    parts = _Gamma(order, b, z)
    lower, upper = parts.both()
    value = choose(parts.is_lower, lower, -upper if order else 1.0 - upper)
    return _checked(a, x, factor * value if order else value, 0.0, 0.0 if order else 1.0)


def gammaincc(a: Expression, x: Expression) -> Expression:
    """Q(a, x) = 1 - P(a, x), DLMF 8.2.4."""
    b, z, _ = _scaled(a, x)
    parts = _Gamma(0, b, z)
    lower, upper = parts.both()
    below = choose(a < 1.0, _upper_of_small(b, z), 1.0 - lower)
    value = choose(parts.is_lower, below, choose(a == 0.0, 0.0, upper))
    return _checked(a, x, value, 1.0, 0.0)


def _upper_of_small(a: Expression, x: Expression) -> Expression:
    """Q(a, x) for a and x below 1 from DLMF 8.7.1, as a sum of small terms."""
    # ln Γ(1 + a) by that of 2 + t.
    low = a < 0.5
    t = choose(low, a, a - 1.0)
    near_two = t * rational(coefficients.LGAMMA, t)
    gamma = call("expm1", choose(low, near_two - call("log1p", a), near_two))  # Γ(1 + a) - 1
    power = call("expm1", a * call("log", x))  # x^a - 1
    total, term = as_expression(0.0), as_expression(1.0)
    for n in range(1, 19):
        term = term * (-x / float(n))
        total = total + term / (a + float(n))
    return (gamma - power - (power + 1.0) * a * total) / (gamma + 1.0)


def gamma_density(order: int, a: Expression, x: Expression) -> Expression:
    """The derivative of an order by a of x^(a - 1) e^-x / Γ(a), which is that of P(a, x) by x."""
    checked_order("gammainc", order)
    b, z, factor = _scaled(a, x)
    mass = factor * mass_of_gamma(pair(z), b, over=True)
    value = mass * b
    if order:
        # By 1/Γ(a) = a/Γ(a + 1).
        values = bell(order, _Gamma(order, b, z).slopes())
        value = mass * (b * values[order] + float(order) * values[order - 1])
    value = choose(mass == 0.0, 0.0, value)
    value = choose((x == INF) | (a == INF), 0.0, value)
    value = choose(x == 0.0, density_at_0(order, a, as_expression(1.0)), value)
    return choose(x >= 0.0, choose(a > 0.0, value, density_of_pole(order, a)), NAN)


def density_of_pole(order: int, a: Expression) -> Expression:
    """The density for a ≤ 0: 0 at the poles of Γ(a), where derivatives by x at 0 end."""
    is_pole = call("floor", a) == a
    return choose(is_pole & (a <= 0.0), 0.0, NAN) if order == 0 else as_expression(NAN)


def density_at_0(order: int, a: Expression, at_1: Expression | float) -> Expression:
    """What x^(a - 1), times what is `at_1` for a = 1, has as the derivative of an
    order by a at x = 0."""
    infinite = INF if order % 2 == 0 else -INF
    at_1 = infinite if order else at_1
    return choose(a > 1.0, 0.0, choose(a == 1.0, at_1, infinite))
