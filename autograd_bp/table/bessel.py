"""Bessel functions of integer order; the cardinal sine, and the spherical ones, its derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Primitive
from autograd_bp.table.making import INF, entry, family, special_bessel

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.choices import where
    from autograd_bp.table.logic import equal


def _bessel_partial(order: int, x: Any) -> Any:
    # DLMF 10.51.2, for j_n(πx).
    below, above = spherical_bessel_pi(order - 1)(x), spherical_bessel_pi(order + 1)(x)
    return math.pi / (2.0 * order + 1.0) * (order * below - (order + 1.0) * above)


def _steps(of: Callable[[int], Primitive], order: int, x: Any, sign: float, overflows: bool) -> Any:
    # DLMF 10.6.1 and 10.29.1: half the member below, plus or minus half the member above.
    if order == 0:
        return sign * of(1)(x)
    below, above = of(order - 1)(x), of(order + 1)(x)
    if overflows:  # beside the member above, which does so first, the one below is next to nothing
        below = where(equal(above, -INF), 0.0, below)
    return 0.5 * below + 0.5 * sign * above


def _bessel(
    letter: str, kind: str, sign: float, first: float = 1.0, **columns: Any
) -> Callable[[int], Primitive]:
    """The family of one kind. Its derivative is first · (member below + sign · member above) / 2."""
    name = f"bessel_{letter.lower()}"

    def expression(order: int) -> Callable[[Any], Any]:
        return lambda x: getattr(special_bessel, name)(order, x)

    def member(order: int) -> Primitive:
        return entry(
            f"{name}_{order}",
            expression(order),
            lambda x, y: (first * _steps(of, order, x, sign, letter == "Y"),),
            public=False,
            trusted=False,
            symbol=f"{letter}{order}",
            rounding="magnified",
            summary=f"The {kind}, of order {order}.",
            **columns,
        )

    of = family(name, member, {})
    return of


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
sinc: Primitive = entry("sinc", lambda x: special_bessel.spherical_bessel_pi(0, x),
    lambda x, y: (-math.pi * spherical_bessel_pi_1(x),), finite=True,
    points=(-30.5, -1.0, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.7),
    rounding="magnified",
    summary="sin(πx) / (πx), which is 1 at 0: the normalised cardinal sine, as NumPy's.")
spherical_bessel_pi_1: Primitive = entry("spherical_bessel_pi_1",
    lambda x: special_bessel.spherical_bessel_pi(1, x), lambda x, y: (_bessel_partial(1, x),),
    public=False, symbol="j1(π·)", finite=True, points=(-30.5, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.7),
    rounding="magnified",
    summary="The spherical Bessel function j₁ at πx.")
# The others, made when they are first needed.
spherical_bessel_pi = family("spherical_bessel_pi", lambda order: entry(
        f"spherical_bessel_pi_{order}", lambda x: special_bessel.spherical_bessel_pi(order, x),
        lambda x, y: (_bessel_partial(order, x),), public=False,
        trusted=False, finite=True, points=(-30.5, -0.3, 0.0, 0.5, 2.7),
        summary=f"The spherical Bessel function of order {order} at πx."),
    {0: sinc, 1: spherical_bessel_pi_1})

bessel_j = _bessel("J", "Bessel function of the first kind", -1.0,
    points=(-30.5, -2.4, -0.3, 0.0, 1e-9, 0.5, 2.7, 7.5, 40.0))
bessel_y = _bessel("Y", "Bessel function of the second kind", -1.0, domain=((0.0, INF),),
    points=(1e-9, 0.5, 2.7, 7.5, 40.0))
bessel_i = _bessel("I", "modified Bessel function of the first kind", 1.0,
    points=(-9.5, -2.4, -0.3, 0.0, 1e-9, 0.5, 2.7, 7.5, 40.0))
bessel_k = _bessel("K", "modified Bessel function of the second kind", 1.0, -1.0,
    domain=((0.0, INF),), points=(1e-9, 0.5, 2.7, 7.5, 40.0))
