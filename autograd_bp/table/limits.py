"""Parts of rules that keep to limits where inputs are infinite.

At infinite inputs a derivative is its limit as all of them grow together. Floating-point numbers
alone do not know it: in 0 · ∞, ∞ - ∞ and ∞ / ∞ they have lost which one is the larger.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import Expression, call, choose
from autograd_bp.folds import LIST, Fold, Stage
from autograd_bp.table.making import INF, TWO_NUMBERS, entry, fold

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import div, pow
    from autograd_bp.table.choices import where
    from autograd_bp.table.elementary import exp, log
    from autograd_bp.table.logic import equal, greater, logical_or


def _stopped(a: Expression, b: Expression) -> Expression:
    product = a * b
    is_stopped = call("isnan", product) & ~(call("isnan", a) | call("isnan", b))
    return choose(is_stopped, 0.0, product)


def _unit(a: Expression, b: Expression, c: Expression) -> Expression:
    of_infinite = call("copysign", 1.0 / call("sqrt", c), a)
    return choose(call("isinf", a), of_infinite, choose((a == 0.0) & (b == 0.0), 0.0, a / b))


def _power_logarithm(a: Expression, b: Expression) -> Expression:
    at_0 = choose(b >= 0.0, 0.0, choose(b < 0.0, -INF, b))
    return choose(a == 0.0, at_0, _stopped(call("pow", a, b), call("log", a)))


def _mixed_slope_of_power(a: Any, b: Any) -> Any:
    """The derivative of a^b by both; 0 at (0, 0), as those by one are."""
    slope = stopped(pow(a, b - 1.0), 1.0 + stopped(b, log(a)))
    return where(logical_or(a, b), slope, 0.0)


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
stopped: Primitive = entry("stopped", _stopped, lambda a, b, y: (unless_stopped(b, a), unless_stopped(a, b)),
    public=False, symbol="×", notation=lambda m, a, b: m.product(a, b), points=TWO_NUMBERS, finite=True,
    definition=lambda a, b: a * b,
    summary="a · b, where 0 times infinity is 0.")
unless_stopped: Primitive = entry("unless_stopped",
    lambda a, b: choose(call("isinf", a) & (b == 0.0), 0.0, a),
    lambda a, b, y: (equal(y, a), 0.0),
    public=False, gate=True, symbol="factor", notation=lambda m, a, b: a, points=TWO_NUMBERS, finite=True,
    kinks="0 where a is infinite and b is 0, and there its derivatives are 0",
    summary="a, but 0 where it is infinite and b is 0: the slope of their product.")
decayed: Primitive = entry("decayed", lambda a, b: choose(b == 0.0, 0.0, a * b), lambda a, b, y: (b, where(b, a, 0.0)),
    public=False, symbol="×", notation=lambda m, a, b: m.product(a, b), points=TWO_NUMBERS, finite=True,
    kinks="0 with all its derivatives where b is 0: b vanishes faster than a grows",
    kink=Kink(lambda a, b: b, "b < 0", "b > 0", "b = 0"),
    definition=lambda a, b: a * b,
    summary="a · b, for a number b that vanishes faster than a grows.")
difference: Primitive = entry("difference", lambda a, b: choose(a == b, 0.0, a - b),
    lambda a, b, y: (1.0, -1.0),
    public=False, symbol="−", notation=lambda m, a, b: a - b, points=TWO_NUMBERS, finite=True,
    definition=lambda a, b: a - b,
    summary="a - b, where equal infinities differ by 0.")
unit: Primitive = entry("unit", _unit,
    lambda a, b, c, y: (div(1.0, b), -div(y, b), 0.0),
    public=False, notation=lambda m, a, b, c: a / b, definition=lambda a, b, c: a / b, fixed=(2,), labels=("part", "length", "infinite"),
    domain=((-INF, INF), (0.0, INF), (0.0, INF)),
    points=((3.0, 5.0, 0.0), (-1.0, 1.0, 0.0), (0.0, 2.0, 0.0), (1e200, 1e200, 0.0)),
    finite=True,
    kinks="0 for the length 0",
    kink=Kink(lambda a, b, c: b, at="b = 0"),
    summary="a / b, the part of a length b; of a length with c infinite parts each is 1/√c.")
infinities: Primitive = fold("infinities",
    Fold(LIST, [Stage(lambda infinite, x: infinite + choose(call("isinf", x), 1.0, x - x), infinite=0.0)],
         lambda infinite: infinite, lambda x: 0.0),
    public=False, gate=True, finite=True, points=((1.0, 2.0, 3.0), (INF, 1.0, -INF), (5.0,)),
    kinks="its derivatives are 0 everywhere",
    summary="How many numbers are infinite; NaN where one is NaN.")
power_slope: Primitive = entry("power_slope", lambda a, b: stopped(b, call("pow", a, b - 1.0)),
    lambda a, b, y: (stopped(b, power_slope(a, b - 1.0)), _mixed_slope_of_power(a, b)),
    public=False, notation=lambda m, a, b: m.product(b, a**(b - 1)),
    definition=lambda a, b: b * pow(a, b - 1.0), domain=((0.0, INF), (-INF, INF)),
    points=((2.0, 3.0), (2.0, -0.5), (2.0, 0.0), (3.0, 1.0), (1e-3, 80.0)),
    kinks="0 for b = 0, also at a = 0",
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="b a^(b - 1), the derivative of a power by its base; 0 for b = 0.")
power_logarithm: Primitive = entry("power_logarithm",
    _power_logarithm, lambda a, b, y: (_mixed_slope_of_power(a, b), stopped(y, log(a))),
    public=False, notation=lambda m, a, b: m.product(a**b, m.named("ln", a)),
    definition=lambda a, b: pow(a, b) * log(a), domain=((0.0, INF), (-INF, INF)),
    points=((2.0, 3.0), (4.0, -0.5), (2.0, 0.0), (1.0, 2.5), (1e-3, 80.0)),
    kinks="at a = 0 the limit: 0 for b >= 0, else -inf",
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="a^b ln a, the derivative of a power by its exponent.")
exp_left: Primitive = entry("exp_left", lambda a, b: choose(a > 0.0, 0.0, _stopped(b, call("exp", a))),
    lambda a, b, y: (y, exp_left(a, 1.0)),
    definition=lambda a, b: where(greater(a, 0.0), 0.0, b * exp(a)),
    public=False, finite=True, points=((-2.0, 1.0), (3.0, 1.0), (-1.0, 0.3), (-700.0, 1.0)),
    kinks="at a = 0 the derivatives of the left side",
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0", jumps=True),
    summary="b e^a for a <= 0, else 0: what the left side of an exponential unit has as its slope.")
