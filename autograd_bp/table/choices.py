"""Functions that choose: maximum, where, floor, and the gates that rules use."""

from __future__ import annotations

from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import Expression, call, choose
from autograd_bp.table import gaps
from autograd_bp.table.making import INF, NAN, TWO_NUMBERS, c_function, entry


def _compare(a: Expression, b: Expression | float) -> Expression:
    return choose(a == b, 0.0, choose(a > b, 1.0, choose(a < b, -1.0, NAN)))


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
maximum: Primitive = entry("maximum", lambda a, b: choose((a > b) | call("isnan", a), a, b),
    lambda a, b, y: (0.5 + 0.5 * compare(a, b), 0.5 - 0.5 * compare(a, b)),
    gate=True, symbol="max", numpy="maximum",
    points=TWO_NUMBERS, kinks="a tie gives half to each",
    finite=True,
    kink=Kink(gaps.of_two, "a < b", "a > b", "a = b"),
    summary="The larger of two numbers.")
minimum: Primitive = entry("minimum", lambda a, b: choose((a < b) | call("isnan", a), a, b),
    lambda a, b, y: (0.5 - 0.5 * compare(a, b), 0.5 + 0.5 * compare(a, b)),
    gate=True, symbol="min", numpy="minimum",
    points=TWO_NUMBERS, kinks="a tie gives half to each",
    finite=True,
    kink=Kink(gaps.of_two, "a < b", "a > b", "a = b"),
    summary="The smaller of two numbers.")
where: Primitive = entry("where", lambda c, a, b: choose(c != 0.0, a, b),
    lambda c, a, b, y: (0.0, nonzero(c), 1.0 - nonzero(c)),
    public=False,
    gate=True, symbol="if", notation=lambda m, c, a, b: m.words("if ", c, " then ", a, " else ", b),
    points=((1.0, 2.0, 3.0), (0.0, 2.0, 3.0), (0.0, INF, 3.0), (-1.0, 2.0, NAN)),
    kinks="the branch that is not taken gets nothing, whatever its value",
    finite=True, fixed=(0,), labels=("condition", "yes", "no"),
    summary="One of two numbers, chosen by a condition that is a number: 0 is false.")
sign: Primitive = entry("sign",
    lambda x: choose(x > 0.0, 1.0, choose(x < 0.0, -1.0, choose(x == 0.0, 0.0, x))),
    lambda x, y: (0.0,), gate=True, numpy="sign",
    kinks="flat: the derivative is 0 everywhere, also at the jump",
    finite=True,
    kink=Kink(lambda x: x, "x < 0", "x > 0", "x = 0", jumps=True),
    summary="-1, 0 or 1: the sign of a number.")
floor = entry("floor", c_function("floor"), lambda x, y: (0.0,), gate=True,
    symbol="floor", notation=lambda m, x: m.enclosed("⌊", x, "⌋"), numpy="floor",
    points=(-1.5, -1.0, -0.0, 0.0, 0.5, 1.0, 1e300),
    kinks="flat: the derivative is 0 everywhere, also at the jumps",
    finite=True,
    kink=Kink(gaps.to_integer, "between integers", "between integers", "at an integer", jumps=True),
    summary="The largest integer that is not above x.")
heaviside: Primitive = entry("heaviside",
    lambda a, b: choose(a == 0.0, b, choose(a > 0.0, 1.0, choose(a < 0.0, 0.0, a))),
    lambda a, b, y: (0.0, nonzero(a) * -1.0 + 1.0),
    gate=True, symbol="H", notation="heaviside", numpy="heaviside",
    points=((-1.0, 0.5), (0.0, 0.5), (2.0, 0.5)),
    kinks="the step that rules use, 1 for a > 0, b at 0: its derivative in a is 0 everywhere",
    finite=True,
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0", jumps=True),
    summary="The step function with a value of its own at 0: 0 below, b at 0, 1 above.")
compare: Primitive = entry("compare", _compare, lambda a, b, y: (0.0, 0.0), gate=True,
    public=False, symbol="<>", points=TWO_NUMBERS,
    kinks="the sign of a - b, without the difference: its derivatives are 0 everywhere",
    finite=True,
    kink=Kink(gaps.of_two, jumps=True),
    summary="The sign of a - b, also where the difference would overflow.")
nonzero: Primitive = entry("nonzero", lambda x: choose(x == 0.0, 0.0, 1.0),
    lambda x, y: (0.0,),
    gate=True, public=False, symbol="≠0", kinks="its derivative is 0 everywhere",
    finite=True,
    kink=Kink(lambda x: x, jumps=True),
    summary="0 where x is 0, else 1.")
