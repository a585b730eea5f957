"""The operators: sums, products, quotients, powers."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import call, choose
from autograd_bp.table.making import TWO_NUMBERS, entry

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.choices import compare, maximum, where
    from autograd_bp.table.limits import power_logarithm, power_slope, stopped


def _slope_of_fixed_power(a: Any, b: Any) -> Any:
    if type(b) is float and isfinite(b):
        return where(b, b * power(a, b - 1.0), 0.0)
    return where(b, stopped(b, power(a, b - 1.0)), 0.0)


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
add = entry("add", lambda a, b: a + b, lambda a, b, y: (1.0, 1.0),
    public=False, symbol="+", notation=lambda m, a, b: a + b, numpy="add", points=TWO_NUMBERS,
    finite=True,
    summary="The sum of two numbers, a + b.")
sub = entry("sub", lambda a, b: a - b, lambda a, b, y: (1.0, -1.0),
    public=False, symbol="−", notation=lambda m, a, b: a - b, numpy="subtract", points=TWO_NUMBERS,
    finite=True,
    summary="The difference of two numbers, a - b.")
mul = entry("mul", lambda a, b: a * b, lambda a, b, y: (b, a),
    public=False,
    symbol="×", notation=lambda m, a, b: m.product(a, b), numpy="multiply", points=TWO_NUMBERS,
    finite=True,
    summary="The product of two numbers, a · b.")
div: Primitive = entry("div", lambda a, b: a / b, lambda a, b, y: (div(1.0, b), -div(y, b)),
    public=False, symbol="÷", notation=lambda m, a, b: a / b, numpy="divide", points=TWO_NUMBERS,
    summary="The quotient of two numbers, a / b; at b = 0 it is infinite, or NaN for a = 0.")
pow: Primitive = entry("pow", lambda a, b: call("pow", a, b),
    lambda a, b, y: (power_slope(a, b), power_logarithm(a, b)),
    public=False, symbol="^", notation=lambda m, a, b: a**b, numpy="power",
    points=((2.0, 3.0), (2.0, -0.5), (2.0, 0.0), (0.0, 0.0), (0.0, 2.0), (0.0, -1.0),
            (1e-3, 80.0)),
    kinks="x**0 has the derivative 0 in x, also at x = 0; 0**b has the derivative 0 in b for "
          "b >= 0; for a negative base the derivative in the exponent is undefined (NaN)",
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="a to the power b, where a gradient also passes to the exponent.")
power: Primitive = entry("power", lambda a, b: choose(b == 1.0, a, call("pow", a, b)),
    lambda a, b, y: (_slope_of_fixed_power(a, b), 0.0),
    public=False, symbol="^", notation=lambda m, a, b: a**b, numpy="power",
    points=((2.0, 3.0), (-2.0, 3.0), (-2.0, 0.5), (0.0, 0.0), (0.0, 1.0), (0.0, -1.0)),
    kinks="a power with a constant exponent: the exponent is held fixed, its partial is 0",
    fixed=(1,),
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="a to the power b, where the exponent is a plain number that is held fixed.")
neg = entry("neg", lambda x: -x, lambda x, y: (-1.0,),
    public=False, symbol="−", notation=lambda m, x: -x, numpy="negative",
    finite=True,
    summary="The negative of a number.")
abs_: Primitive = entry("abs", lambda x: abs(x), lambda x, y: (compare(x, 0.0),),
    gate=True, definition=lambda x: maximum(x, -x),
    public=False, symbol="| |", notation=lambda m, x: m.enclosed("|", x, "|"), numpy="absolute",
    kinks="abs'(0) = 0, the middle of -1 and 1",
    finite=True,
    kink=Kink(lambda x: x, "x < 0", "x > 0", "x = 0"),
    summary="The absolute value of a number.")
