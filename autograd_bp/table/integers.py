"""Rounding, and what is left of divisions; rounding.py has the longer expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_bp import rounding
from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import call, choose
from autograd_bp.table import gaps
from autograd_bp.table.making import INF, entry

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import div
    from autograd_bp.table.choices import sign, where


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
ceil = entry("ceil", rounding.ceil, lambda x, y: (0.0,), gate=True,
    notation=lambda m, x: m.enclosed("⌈", x, "⌉"), numpy="ceil",
    points=(-1.5, -1.0, -0.3, -0.0, 0.0, 0.5, 1.0, 1e300, -INF),
    kinks="flat: the derivative is 0 everywhere, also at the jumps",
    finite=True,
    kink=Kink(gaps.to_integer, "between integers", "between integers", "at an integer", jumps=True),
    summary="The smallest integer that is not below x.")
trunc: Primitive = entry("trunc", rounding.trunc, lambda x, y: (0.0,), gate=True, numpy="trunc",
    points=(-1.5, -1.0, -0.3, -0.0, 0.0, 0.5, 1.0, 1e300, INF),
    kinks="flat: the derivative is 0 everywhere, also at the jumps",
    finite=True,
    kink=Kink(gaps.to_integer, "between integers", "between integers", "at an integer", jumps=True),
    summary="The integer part of x: x rounded towards 0.")
round_: Primitive = entry("round", rounding.round_half_even, lambda x, y: (0.0,), gate=True,
    numpy="rint",
    points=(-2.5, -1.5, -0.5, -0.3, -0.0, 0.0, 0.49999999999999994, 0.5, 1.5, 2.5, 1e300, INF),
    kinks="flat: the derivative is 0 everywhere, also at the jumps; halves go to the even integer",
    finite=True,
    kink=Kink(gaps.to_half, "between halves", "between halves", "at a half", jumps=True),
    summary="The integer nearest to x; of two the even one, as Python's round.")
_QUOTIENTS = ((7.0, 2.0), (-7.0, 2.0), (7.0, -2.0), (-7.5, 0.3), (1.0, 0.1), (0.0, -3.0), (6.0, 3.0),
              (5.0, INF), (5.0, -INF))
floor_divide: Primitive = entry("floor_divide", rounding.floor_divide, lambda a, b, y: (0.0, 0.0),
    gate=True, symbol="//", notation=lambda m, a, b: m.enclosed("⌊", a / b, "⌋"),
    numpy="floor_divide", points=(*_QUOTIENTS, (1.0, 0.0), (-1.0, 0.0), (0.0, 0.0)),
    kinks="flat: both derivatives are 0 everywhere, also at the jumps",
    kink=Kink(gaps.to_multiple, "between multiples", "between multiples", "at a multiple", jumps=True),
    summary="The largest integer that is not above a / b, as Python's a // b.")
remainder = entry("remainder", rounding.remainder, lambda a, b, y: (1.0, -floor_divide(a, b)),
    symbol="%", notation=lambda m, a, b: m.named("mod", a, b), numpy="remainder",
    points=_QUOTIENTS,
    kinks="a - b⌊a / b⌋: at a jump the derivatives of the side that its value belongs to",
    kink=Kink(gaps.to_multiple, "between multiples", "between multiples", "at a multiple", jumps=True),
    summary="What is left of a after its division by b, with the sign of b, as Python's a % b.")
fmod = entry("fmod", lambda a, b: call("fmod", a, b),
    # The quotient towards 0: of a - y it is whole up to rounding.
    lambda a, b, y: (1.0, -round_(div(a - y, b))),
    numpy="fmod", points=_QUOTIENTS,
    kinks="a minus a multiple of b towards 0: at a jump the derivatives of the side that its value "
          "belongs to",
    kink=Kink(gaps.to_multiple, "between multiples", "between multiples", "at a multiple", jumps=True),
    summary="What is left of a after its division by b, with the sign of a, as C's fmod.")
copysign: Primitive = entry("copysign",
    # The sign of NaN is not the same everywhere: it counts as positive.
    lambda a, b: choose(call("isnan", b), abs(a), call("copysign", a, b)),
    # The sign of a zero is that of its reciprocal.
    lambda a, b, y: (sign(a) * where(b, sign(b), sign(div(1.0, b))), 0.0),
    gate=True, numpy="copysign", points=((1.5, -2.0), (-1.5, 1e-300), (0.0, -1.0), (-3.0, 2.0)),
    kinks="both partials are 0 at a = 0; the derivative in b is 0 everywhere",
    finite=True,
    kink=Kink(lambda a, b: min(a, b, key=abs), "below 0", "above 0", "an input is 0", jumps=True),
    summary="A number of the size of a and the sign of b.")
