"""The incomplete gamma and beta functions, and the densities of which they are integrals.

They are families, made when they are first needed: the members are the derivatives by a of P(a, x),
and by a and b of I_x(a, b). Of these two orders m and n there is one number, by `_place`. Members of
families named `held` take plain numbers as a and b, so that no derivatives by these are computed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Primitive
from autograd_bp.table.making import INF, entry, family, special_incomplete, special_incomplete_beta

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import div
    from autograd_bp.table.choices import where
    from autograd_bp.table.limits import stopped
    from autograd_bp.table.logic import (
        equal,
        greater_equal,
        less_equal,
        logical_and,
        logical_or,
    )

POSITIVE, UNIT = (0.0, INF), (0.0, 1.0)
GAMMA_POINTS = ((0.5, 0.2), (0.5, 3.0), (2.0, 1.5), (9.0, 12.0), (30.0, 28.0), (1e4, 10100.0))
BETA_POINTS = ((0.5, 0.5, 0.2), (2.0, 3.0, 0.7), (0.3, 20.0, 1e-3), (40.0, 30.0, 0.55))


def _place(m: int, n: int) -> int:
    """The number of the orders m and n: 0 for (0, 0), 1 and 2 for (1, 0) and (0, 1), and so on."""
    return (m + n) * (m + n + 1) // 2 + n


def _orders(place: int) -> tuple[int, int]:
    total = 0
    while (total + 1) * (total + 2) // 2 <= place:
        total += 1
    n = place - total * (total + 1) // 2
    return total - n, n


def _slope_of_gamma_density(n: int, a: Any, x: Any, y: Any) -> Any:
    # y · ((a - 1) / x - 1), and its derivatives by a; at 0 what is the same for a - 1 and a.
    slope = stopped(y, (a - 1.0) - x)
    if n:
        slope = slope + float(n) * gamma_density(n - 1)(a, x)
    at_0 = gamma_density(n)(a - 1.0, x) - y
    return where(_is_end(x, a), at_0, div(slope, x))


def _is_end(x: Any, a: Any) -> Any:
    """Whether x^(a - 1) has x = 0 and is neither 0 identically nor infinite there."""
    inside = logical_or(greater_equal(a, 1.0), less_equal(a, 0.0))
    return logical_and(equal(x, 0.0), inside)


def _slope_of_beta_density(m: int, n: int, a: Any, b: Any, x: Any, y: Any) -> Any:
    # y · ((a - 1) / x - (b - 1) / (1 - x)), and its derivatives by a and b.
    def density(m: int, n: int, a: Any, b: Any) -> Any:
        return beta_density(_place(m, n))(a, b, x)

    def raised(a: Any, b: Any) -> Any:  # the derivatives of (a + b) · density
        terms = stopped(density(m, n, a, b), a + b)
        if m:
            terms = terms + float(m) * density(m - 1, n, a, b)
        return terms + float(n) * density(m, n - 1, a, b) if n else terms

    by_x, by_rest = stopped(y, a - 1.0), stopped(y, b - 1.0)
    if m:
        by_x = by_x + float(m) * density(m - 1, n, a, b)
    if n:
        by_rest = by_rest + float(n) * density(m, n - 1, a, b)
    # (a - 1) / B(a, b) = (a + b - 1) / B(a - 1, b) at 0, and the same for b at 1.
    by_x = where(_is_end(x, a), raised(a - 1.0, b), div(by_x, x))
    by_rest = where(_is_end(1.0 - x, b), raised(a, b - 1.0), div(by_rest, 1.0 - x))
    return by_x - by_rest


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
gammainc: Callable[[int], Primitive] = family("gammainc", lambda n: entry(
    f"gammainc_{n}", lambda a, x: special_incomplete.gammainc(n, a, x),
    lambda a, x, y: (gammainc(n + 1)(a, x), gamma_density(n)(a, x)),
    notation=None if n else lambda m, a, x: m.named("P", a, x),
    public=False, trusted=False, domain=(POSITIVE, POSITIVE), points=GAMMA_POINTS, rounding="magnified",
    summary=f"The derivative of order {n} by a of P(a, x), the regularised lower incomplete gamma function."),
    {})
gammaincc: Callable[[int], Primitive] = family("gammaincc", lambda n: entry(
    f"gammaincc_{n}", lambda a, x: special_incomplete.gammaincc(a, x),
    lambda a, x, y: (-gammainc(1)(a, x), -gamma_density(0)(a, x)),
    notation=lambda m, a, x: m.named("Q", a, x),
    public=False, trusted=False, domain=(POSITIVE, POSITIVE), points=GAMMA_POINTS, rounding="magnified",
    summary="Q(a, x), the regularised upper incomplete gamma function."),
    {})
gamma_density: Callable[[int], Primitive] = family("gamma_density", lambda n: entry(
    f"gamma_density_{n}", lambda a, x: special_incomplete.gamma_density(n, a, x),
    lambda a, x, y: (gamma_density(n + 1)(a, x), _slope_of_gamma_density(n, a, x, y)),
    public=False, trusted=False, domain=(POSITIVE, POSITIVE), points=GAMMA_POINTS, rounding="magnified",
    summary=f"The derivative of order {n} by a of the density x^(a - 1) e^-x / Γ(a)."),
    {})


def _betainc(place: int) -> Primitive:
    m, n = _orders(place)
    return entry(f"betainc_{place}", lambda a, b, x: special_incomplete_beta.betainc((m, n), a, b, x),
        lambda a, b, x, y: (betainc(_place(m + 1, n))(a, b, x), betainc(_place(m, n + 1))(a, b, x),
            beta_density(place)(a, b, x)),
        notation=None if place else lambda m, a, b, x: m.named("I", a, b, x),
        public=False, trusted=False, domain=(POSITIVE, POSITIVE, UNIT), points=BETA_POINTS,
        rounding="magnified",
        summary=f"The derivative of the orders {m} and {n} by a and b of I_x(a, b), "
            "the regularised incomplete beta function.")


def _beta_density(place: int) -> Primitive:
    m, n = _orders(place)
    return entry(f"beta_density_{place}",
        lambda a, b, x: special_incomplete_beta.beta_density((m, n), a, b, x),
        lambda a, b, x, y: (beta_density(_place(m + 1, n))(a, b, x),
            beta_density(_place(m, n + 1))(a, b, x), _slope_of_beta_density(m, n, a, b, x, y)),
        public=False, trusted=False, domain=(POSITIVE, POSITIVE, UNIT), points=BETA_POINTS,
        rounding="magnified",
        summary=f"The derivative of the orders {m} and {n} by a and b of the density "
            "x^(a - 1) (1 - x)^(b - 1) / B(a, b).")


betainc: Callable[[int], Primitive] = family("betainc", _betainc, {})
beta_density: Callable[[int], Primitive] = family("beta_density", _beta_density, {})

# With parameters that are plain numbers; each family has one member.
gammainc_held: Callable[[int], Primitive] = family("gammainc_held", lambda n: entry(
    f"gammainc_held_{n}", lambda a, x: special_incomplete.gammainc(0, a, x),
    lambda a, x, y: (0.0, gamma_density(0)(a, x)), fixed=(0,),
    notation=lambda m, a, x: m.named("P", a, x),
    public=False, trusted=False, domain=(POSITIVE, POSITIVE), points=GAMMA_POINTS, rounding="magnified",
    summary="P(a, x), the regularised lower incomplete gamma function, for a plain number a."),
    {})
gammaincc_held: Callable[[int], Primitive] = family("gammaincc_held", lambda n: entry(
    f"gammaincc_held_{n}", lambda a, x: special_incomplete.gammaincc(a, x),
    lambda a, x, y: (0.0, -gamma_density(0)(a, x)), fixed=(0,),
    notation=lambda m, a, x: m.named("Q", a, x),
    public=False, trusted=False, domain=(POSITIVE, POSITIVE), points=GAMMA_POINTS, rounding="magnified",
    summary="Q(a, x), the regularised upper incomplete gamma function, for a plain number a."),
    {})
betainc_held: Callable[[int], Primitive] = family("betainc_held", lambda n: entry(
    f"betainc_held_{n}", lambda a, b, x: special_incomplete_beta.betainc((0, 0), a, b, x),
    lambda a, b, x, y: (0.0, 0.0, beta_density(0)(a, b, x)), fixed=(0, 1),
    notation=lambda m, a, b, x: m.named("I", a, b, x),
    public=False, trusted=False, domain=(POSITIVE, POSITIVE, UNIT), points=BETA_POINTS,
    rounding="magnified",
    summary="I_x(a, b), the regularised incomplete beta function, for plain numbers a and b."),
    {})
