"""The incomplete beta function as expressions; see incomplete.py.

Below the mean it is integrated downwards from x. Above it is 1 less the other tail, which is the
same function with a and b, x and 1 - x exchanged: so the text speaks of s, t, p and q = 1 - p.
"""

from __future__ import annotations

import math

from autograd_bp.expressions import Expression, as_expression, call, choose
from autograd_bp.special import coefficients
from autograd_bp.special.doubled import (
    Pair,
    exact_product,
    exact_sum,
    logarithm_of_ratio,
    pair,
    times,
)
from autograd_bp.special.gamma import (
    NAN,
    digamma,
    digamma_difference,
    polygamma,
    polygamma_difference,
    polynomial,
)
from autograd_bp.special.incomplete import (
    NEGLIGIBLE,
    STEPS,
    checked_order,
    density_at_0,
    density_of_pole,
    grown,
    log_less_digamma,
    mass_of_gamma,
)

Orders = tuple[int, int]
Slopes = dict[Orders, Expression]


def bell(orders: Orders, kappa: Slopes) -> dict[Orders, Expression]:
    """∂^m/∂s^m ∂^n/∂t^n e^f is e^f B(m, n), in terms of the derivatives κ of f."""
    values = {(0, 0): as_expression(1.0)}
    for m in range(orders[0] + 1):
        for n in range(orders[1] + 1):
            if m:
                values[m, n] = _next(values, kappa, m - 1, n, (1, 0))
            elif n:
                values[m, n] = _next(values, kappa, m, n - 1, (0, 1))
    return values


def _next(
    values: dict[Orders, Expression], kappa: Slopes, m: int, n: int, more: Orders
) -> Expression:
    total = as_expression(0.0)
    for i in range(m + 1):
        for j in range(n + 1):
            factor = float(math.comb(m, i) * math.comb(n, j))
            slope = kappa[i + more[0], j + more[1]]
            total = total + factor * (slope * values[m - i, n - j])
    return total


def _shortfall(w: Expression) -> Expression:
    """w - ln(1 + w) for |w| < 1/3, by ln(1 + w) = 2 artanh s with s = w / (2 + w)."""
    s = w / (2.0 + w)
    square = s * s
    terms = [2.0 / (2 * k + 1) for k in range(1, 11)]
    return s * (w - square * polynomial(terms, square))


class _Parameters:
    """Of s, t, p and q = 1 - p, p and q as pairs: the density at p, and its derivatives."""

    def __init__(self, orders: Orders, s: Expression, t: Expression, p: Pair, q: Pair) -> None:
        checked_order("betainc", sum(orders))
        self.orders, self.s, self.t, self.p, self.q = orders, s, t, p, q
        self.pair_total = exact_sum(s, t)
        self.total = self.pair_total[0]
        self.scaled_p = times(self.pair_total, p)
        self.scaled_q = times(self.pair_total, q)
        near_1 = call("log1p", -p[0])
        self.log_q = choose(p[0] < 0.5, near_1, call("log", q[0]))

    def mass(self, *, over: bool = False) -> Expression:
        """p^s q^t Γ(s + t) / (Γ(s + 1) Γ(t)), or this over p q, by the gamma law for each power."""
        of_p, of_q = (
            mass_of_gamma(scaled, parameter, factors=(self.total, part[0]), over=over)
            for scaled, parameter, part in (
                (self.scaled_p, self.s, self.p),
                (self.scaled_q, self.t, self.q),
            )
        )
        ratio = self.t / self.total
        return of_p * of_q * ratio / mass_of_gamma(pair(self.total), self.total)

    def slopes(self, s: Expression, is_large: Expression) -> Slopes:
        """Of ln (p^s q^t Γ(s + t) / (Γ(s) Γ(t))) by s and t, at another s; `is_large` where s is
        the same, and above 10."""
        t, total = self.t, s + self.t
        of_total = log_less_digamma(choose(total >= 10.0, total, 10.0), 1.0)
        # What is small beside the logarithms and digammas near the mean, where s and t are large.
        near_p = logarithm_of_ratio(self.scaled_p[0], choose(is_large, s, 1.0))
        near_q = logarithm_of_ratio(self.scaled_q[0], t)
        of_s = log_less_digamma(choose(is_large, s, 10.0), 1.0)
        of_t = log_less_digamma(choose(t >= 10.0, t, 10.0), 1.0)
        kappa = self._of_gammas(s)
        kappa[1, 0] = choose(
            is_large,
            near_p + (of_s - of_total),
            call("log", self.p[0]) + (digamma(total) - digamma(s)),
        )
        kappa[0, 1] = choose(
            is_large & (t >= 10.0),
            near_q + (of_t - of_total),
            self.log_q + digamma_difference(t, s),
        )
        return kappa

    def slopes_of_mass(self) -> Slopes:
        """Of ln of the mass by s and t, where s is small."""
        s, total = self.s, self.total
        kappa = self._of_gammas(s)
        for i in range(2, max(self.orders) + 1):
            if (i, 0) in kappa:
                kappa[i, 0] = polygamma(i - 1, total) - polygamma(i - 1, s + 1.0)
        kappa[1, 0] = call("log", self.p[0]) + (digamma(total) - digamma(s + 1.0))
        kappa[0, 1] = self.log_q + digamma_difference(self.t, s)
        return kappa

    def _of_gammas(self, s: Expression) -> Slopes:
        """The derivatives of ln Γ(s + t) - ln Γ(s) - ln Γ(t), those of order 1 apart."""
        kappa = {}
        limit = max(self.orders)
        for i in range(limit + 1):
            for j in range(limit + 1):
                if 2 <= i + j <= sum(self.orders):
                    slope = polygamma(i + j - 1, s + self.t)
                    if i == 0:
                        slope = polygamma_difference(j - 1, self.t, s)
                    if j == 0:
                        slope = slope - polygamma(i - 1, s)
                    kappa[i, j] = slope
        return kappa


class _Tail(_Parameters):
    """What the incomplete beta function and its derivatives of orders by a and b are made of."""

    def __init__(self, orders: Orders, a: Expression, b: Expression, x: Expression) -> None:
        y = exact_sum(as_expression(1.0), -x)
        # Near 1 the part below may be the smaller one beyond the mean too, where b is small. There
        # a series has the value, and the steps of the raised parameter have the derivatives.
        edge = _edge(a, b)
        near_1, near_0 = (b < 1.0) & (y[0] < edge), (a < 1.0) & (x < edge)
        is_lower = x * (a + b) < a
        is_lower = (is_lower & ~near_1) | near_0 if any(orders) else is_lower | near_1
        self.is_lower = is_lower
        s, t = choose(is_lower, a, b), choose(is_lower, b, a)
        p = (choose(is_lower, x, y[0]), choose(is_lower, 0.0, y[1]))
        q = (choose(is_lower, y[0], x), choose(is_lower, y[1], 0.0))
        # Near q = 0 the integrand is flat where t is small: from there on by a series.
        self.edge, self.true_q = _edge(s, t), q[0]
        self.by_series = (t < 1.0) & (q[0] < self.edge)
        if not any(orders):
            rest = exact_sum(as_expression(1.0), -self.edge)
            p, q = self._at_edge(rest, p), self._at_edge(pair(self.edge), q)
        super().__init__(orders, s, t, p, q)
        self.is_raised = s < float(STEPS)
        self.raised = choose(self.is_raised, s + float(STEPS), s)

    def _at_edge(self, edge: Pair, number: Pair) -> Pair:
        first, rest = zip(edge, number, strict=True)
        return choose(self.by_series, *first), choose(self.by_series, *rest)

    # --------------------------------------------------------------------------- integral
    def length(self, linear: Expression, z: Expression, is_near_0: Expression) -> Expression:
        """Up to which v the integral goes: E(v) is `NEGLIGIBLE` there, or somewhat more."""
        s, t = self.raised, self.t
        total = s + t
        # E is at least linear v + (s + t) z (1 - z) v²/3 for v below 1.
        curvature = NEGLIGIBLE * (4.0 / 3.0) * (total * (z * (1.0 - z)))
        square = 2.0 * NEGLIGIBLE / (linear + call("sqrt", linear * linear + curvature))
        # E is s v + (s + t) ln(q + p e^-v), or -t v + (s + t) ln(p + q e^v).
        p, q = self.p[0], self.q[0]
        first = (NEGLIGIBLE - total * call("log", q)) / s
        down = first
        for _ in range(4):
            down = (NEGLIGIBLE - total * call("log", q + p * call("exp", -down))) / s
        up = first
        for _ in range(3):
            up = call("log1p", call("expm1", (NEGLIGIBLE + t * up) / total) / z)
        return choose(square < 1.0, square, choose(is_near_0, down, choose(up < first, up, first)))

    def integral(self) -> Expression:
        """∫ e^-E(v) B(v) dv, where B is what the derivatives make of the density."""
        s, t = self.raised, self.t
        total = s + t
        p, q = self.p, self.q
        left, right = exact_product(s, q[0]), exact_product(t, p[0])
        linear = ((left[0] - right[0]) + (left[1] - right[1])) + (s * q[1] - t * p[1])
        is_near_0 = p[0] <= 0.5
        z = choose(is_near_0, p[0], q[0])
        side = choose(is_near_0, -1.0, 1.0)
        length = self.length(linear, z, is_near_0)
        kappa = self.slopes(s, ~self.is_raised) if any(self.orders) else {}
        sum_ = as_expression(0.0)
        for node, weight in zip(*coefficients.LEGENDRE, strict=True):
            v = length * node
            turned = side * v
            w = z * call("expm1", turned)
            logarithm = call("log1p", w)
            near = z * grown(turned) - _shortfall(w)
            excess = choose(v < 0.5, near, logarithm - z * turned)
            term = call("exp", -(linear * v + total * excess))
            if any(self.orders):
                moved = {
                    **kappa,
                    (1, 0): kappa[1, 0] - (choose(is_near_0, v, 0.0) + logarithm),
                    (0, 1): kappa[0, 1] + (choose(is_near_0, 0.0, v) - logarithm),
                }
                term = term * self.chosen(moved)
            sum_ = sum_ + weight * term
        return length * sum_

    def chosen(self, kappa: Slopes) -> Expression:
        """The Bell polynomial of the orders by s and t."""
        m, n = self.orders
        lower = bell((m, n), kappa)[m, n]
        return lower if m == n else choose(self.is_lower, lower, bell((n, m), kappa)[n, m])

    # ------------------------------------------------------------------------------ values
    def tail(self) -> Expression:
        """The derivative of the probability below p, DLMF 8.17.20 for small s."""
        s, mass, integral = self.s, self.mass(), self.integral()
        total, term = as_expression(0.0), as_expression(1.0)
        n, p = self.total, self.p[0]
        kappa = self.slopes_of_mass() if any(self.orders) else {}
        for j in range(STEPS):
            if j:
                above, below = n + (j - 1.0), s + float(j)
                term = term * (p * (above / below))
                kappa = {key: _stepped(key, k, above, below) for key, k in kappa.items()}
            total = total + (term * self.chosen(kappa) if kappa else term)
        last = term * (p * (n + (STEPS - 1.0))) * integral
        return choose(self.is_raised, mass * (total + last), mass * s * integral)

    def between(self) -> Expression:
        """What is between the edge and the true q, for t < 1: ∫ u^(t-1) (1-u)^(s-1) du / B(s, t),
        by the binomial series."""
        s, t, edge, q = self.s, self.t, self.edge, self.true_q
        # edge^t / (t B(s, t)) from the mass at the edge.
        factor = self.mass() * s / t * call("exp", -s * call("log1p", -edge))
        ratio = call("log", q / edge)
        total, binomial = as_expression(0.0), as_expression(1.0)
        for k in range(28):
            exponent = t + float(k)
            if k:
                binomial = binomial * ((float(k) - s) / float(k) * edge)
            change = call("expm1", exponent * ratio)  # (q / edge)^(t + k) - 1
            total = total - binomial * (change * (t / exponent) if k else change)
        return factor * total


def _stepped(key: Orders, slope: Expression, above: Expression, below: Expression) -> Expression:
    """A derivative of ln (Γ(s + t) / Γ(s + 1)) for the next s."""
    i, j = key
    order = i + j - 1
    scale = (-1.0) ** order * math.factorial(order)
    slope = slope + scale / call("pow", above, order + 1.0)
    return slope if j else slope - scale / call("pow", below, order + 1.0)


def _edge(s: Expression, t: Expression) -> Expression:
    return 1.0 / ((s + t) + 4.0)


def betainc(orders: Orders, a: Expression, b: Expression, x: Expression) -> Expression:
    """The derivative of I_x(a, b), DLMF 8.17.2, of orders by a and b."""
    parts = _Tail(orders, a, b, x)
    tail = parts.tail()
    if any(orders):
        value = choose(parts.is_lower, tail, -tail)
    else:
        tail = choose(parts.by_series, tail + parts.between(), tail)
        value = choose(parts.is_lower, tail, 1.0 - tail)
    at_1 = 0.0 if any(orders) else 1.0
    ends = choose(x == 0.0, 0.0, choose(x == 1.0, at_1, value))
    inside = (a >= 0.0) & (b >= 0.0) & ((x >= 0.0) & (x <= 1.0))
    return choose(inside, ends, NAN)


def beta_density(orders: Orders, a: Expression, b: Expression, x: Expression) -> Expression:
    """The derivative of orders by a and b of x^(a - 1) (1 - x)^(b - 1) / B(a, b)."""
    y = exact_sum(as_expression(1.0), -x)
    parts = _Parameters(orders, a, b, pair(x), y)
    value = parts.mass(over=True) * a
    if any(orders):
        value = value * bell(orders, parts.slopes(a, a >= 10.0))[orders]
    m, n = orders
    at_0 = density_at_0(m, a, b if n == 0 else float(n == 1))
    at_1 = density_at_0(n, b, a if m == 0 else float(m == 1))
    value = choose(x == 0.0, at_0, choose(x == 1.0, at_1, value))
    value = choose(
        (a > 0.0) & (b > 0.0), value, density_of_pole(sum(orders), choose(a > 0.0, b, a))
    )
    return choose((x >= 0.0) & (x <= 1.0), value, NAN)
