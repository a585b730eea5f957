"""The cardinal sine and the spherical Bessel functions, which are its derivatives."""

from __future__ import annotations

import math
from typing import Any

from autograd_bp.entry import Primitive
from autograd_bp.table.making import entry, family, special


def _bessel_partial(order: int, x: Any) -> Any:
    # DLMF 10.51.2, for j_n(πx).
    below, above = spherical_bessel_pi(order - 1)(x), spherical_bessel_pi(order + 1)(x)
    return math.pi / (2.0 * order + 1.0) * (order * below - (order + 1.0) * above)


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
sinc: Primitive = entry("sinc", lambda x: special.spherical_bessel_pi(0, x),
    lambda x, y: (-math.pi * spherical_bessel_pi_1(x),), finite=True,
    points=(-30.5, -1.0, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.7),
    rounding="magnified",
    summary="sin(πx) / (πx), which is 1 at 0: the normalised cardinal sine, as NumPy's.")
spherical_bessel_pi_1: Primitive = entry("spherical_bessel_pi_1",
    lambda x: special.spherical_bessel_pi(1, x), lambda x, y: (_bessel_partial(1, x),),
    public=False, symbol="j1(π·)", finite=True, points=(-30.5, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.7),
    rounding="magnified",
    summary="The spherical Bessel function j₁ at πx.")
# The others, made when they are first needed.
spherical_bessel_pi = family("spherical_bessel_pi", lambda order: entry(
        f"spherical_bessel_pi_{order}", lambda x: special.spherical_bessel_pi(order, x),
        lambda x, y: (_bessel_partial(order, x),), public=False,
        trusted=False, finite=True, points=(-30.5, -0.3, 0.0, 0.5, 2.7),
        summary=f"The spherical Bessel function of order {order} at πx."),
    {0: sinc, 1: spherical_bessel_pi_1})
