"""Short compositions that people need often: squares, x ln y, activations with a parameter."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd_bp import rounding
from autograd_bp.entry import Kink
from autograd_bp.expressions import Expression, call, choose
from autograd_bp.table import gaps
from autograd_bp.table.making import INF, NUMBERS, entry
from autograd_bp.table.neurons import sigmoid_of

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import div, power
    from autograd_bp.table.choices import compare, maximum, minimum, where
    from autograd_bp.table.elementary import exp, expm1, log, log1p
    from autograd_bp.table.limits import decayed, difference, exp_left
    from autograd_bp.table.logic import greater
    from autograd_bp.table.neurons import sigmoid
    from autograd_bp.table.tails import logistic, sigmoid_slope


def _logaddexp(a: Expression, b: Expression) -> Expression:
    # The difference of equal infinities is NaN.
    distance = choose(a == b, 0.0, abs(a - b))
    return choose(a > b, a, b) + call("log1p", call("exp", -distance))


def _logaddexp_partials(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    distance = difference(a, b)
    return logistic(distance), logistic(-distance)


def _x_log(x: Expression, y: Expression, logarithm: str) -> Expression:
    return choose((x == 0.0) & ~call("isnan", y), 0.0, x * call(logarithm, y))


def _ratio_to_0(a: Any, b: Any) -> Any:
    # a / b, with 0 / 0 = 0. It depends on a wherever b is not 0: derivatives see it at a = 0 too.
    return where(b, div(a, b), where(a, div(a, b), 0.0))


def _logit(x: Expression) -> Expression:
    # Near 1/2 the quotient is near 1, and its logarithm would lose what is left.
    near = call("log1p", (2.0 * x - 1.0) / (1.0 - x))
    return choose((x > 0.3) & (x < 0.65), near, call("log", x / (1.0 - x)))


def _silu(x: Expression) -> Expression:
    # Where e^x is below 2^-1022, half of the exponent keeps the digits; -inf · 0 is 0.
    root = call("exp", 0.5 * x)
    return choose(x > -700.0, x * sigmoid_of(x), choose(x == -INF, -0.0, x * root * root))


def _clip_partials(a: Any, b: Any, c: Any, y: Any) -> tuple[Any, Any, Any]:
    # Those of minimum(maximum(a, b), c).
    inner, below = maximum(a, b), 0.5 * compare(a, b)
    above = 0.5 * compare(inner, c)
    return (0.5 + below) * (0.5 - above), (0.5 - below) * (0.5 - above), 0.5 + above


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
square = entry("square", lambda x: x * x, lambda x, y: (2.0 * x,),
    notation=lambda m, x: x**2, definition=lambda x: power(x, 2.0), numpy="square", finite=True,
    summary="The square of a number.")
degrees = entry("degrees", lambda x: x * (180.0 / math.pi), lambda x, y: (180.0 / math.pi,),
    definition=lambda x: x * (180.0 / math.pi), numpy="degrees", finite=True,
    summary="An angle in degrees, from one in radians.")
radians = entry("radians", lambda x: x * (math.pi / 180.0), lambda x, y: (math.pi / 180.0,),
    definition=lambda x: x * (math.pi / 180.0), numpy="radians", finite=True,
    summary="An angle in radians, from one in degrees.")
logaddexp = entry("logaddexp", _logaddexp, _logaddexp_partials,
    notation=lambda m, a, b: m.named("ln", m.e**a + m.e**b), numpy="logaddexp", finite=True,
    definition=lambda a, b: log(exp(a) + exp(b)),
    points=((1.5, -2.0), (1000.0, 999.0), (0.0, 0.0), (1e17, 1e17), (-800.0, 3.0), (INF, INF)),
    rounding="terms",
    summary="The logarithm of e^a + e^b, without overflow.")
xlogy = entry("xlogy", lambda a, b: _x_log(a, b, "log"), lambda a, b, y: (log(b), _ratio_to_0(a, b)),
    notation=lambda m, a, b: m.product(a, m.named("ln", b)), domain=((-INF, INF), (0.0, INF)),
    points=((2.0, 3.0), (0.0, 0.0), (0.0, 2.0), (-1.5, 0.5), (1e-300, 1e-300), (1.0, 0.0)),
    kinks="it is 0 for a = 0, also at b = 0; there its derivative in b is 0",
    kink=Kink(gaps.size, above="away from 0", at="all inputs 0"),
    summary="a times the logarithm of b, which is 0 for a = 0 also at b = 0.")
xlog1py = entry("xlog1py", lambda a, b: _x_log(a, b, "log1p"),
    lambda a, b, y: (log1p(b), _ratio_to_0(a, 1.0 + b)),
    notation=lambda m, a, b: m.product(a, m.named("ln", 1 + b)), domain=((-INF, INF), (-1.0, INF)),
    points=((2.0, 3.0), (0.0, -1.0), (0.0, 2.0), (-1.5, 1e-12), (3.0, -0.9), (1.0, -1.0)),
    kinks="it is 0 for a = 0, also at b = -1; there its derivative in b is 0",
    kink=Kink(lambda a, b: gaps.size(a, 1.0 + b), above="away from 0", at="a = 0 and b = -1"),
    summary="a times the logarithm of 1 + b, which is 0 for a = 0 also at b = -1.")
entr = entry("entr",
    lambda x: choose(x > 0.0, -(x * call("log", x)), choose(x == 0.0, 0.0, choose(x < 0.0, -INF, x))),
    lambda x, y: (-log(x) - 1.0,),
    notation=lambda m, x: -m.product(x, m.named("ln", x)), domain=((0.0, INF),),
    points=(1e-300, 0.3, 1.0, 2.5, 0.0, 1e300),
    kinks="entr'(0) = +inf, the limit from the right",
    kink=Kink(lambda x: x, above="x > 0", at="x = 0"),
    summary="The term -x ln x of an entropy: 0 at 0, and -inf for negative numbers.")
logit = entry("logit", _logit, lambda x, y: (div(1.0, x) + div(1.0, 1.0 - x),),
    definition=lambda x: log(x / (1.0 - x)), domain=((0.0, 1.0),),
    notation=lambda m, x: m.named("ln", x / (1 - x)),
    points=(1e-300, 0.1, 0.5, 0.50000001, 0.7, 0.999, 0.0, 1.0),
    rounding="magnified",
    summary="The logarithm of the odds x / (1 - x), the inverse of the sigmoid.")

# Activations. `functions.py` gives those with a parameter their usual one.
leaky_relu = entry("leaky_relu", lambda a, b: choose(a > 0.0, a, b * a),
    lambda a, b, y: (where(greater(a, 0.0), 1.0, b), where(greater(a, 0.0), 0.0, a)),
    public=False, points=((-2.0, 0.01), (0.0, 0.01), (3.0, 0.01), (-1.0, 0.3)),
    kinks="at a = 0 the derivatives of the left side, b and a",
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="a where it is positive, else b a: a rectifier that still learns where it is off.")
elu = entry("elu", lambda a, b: choose(a > 0.0, a, b * call("expm1", a)),
    lambda a, b, y: (
        greater(a, 0.0) + exp_left(a, b), where(greater(a, 0.0), 0.0, expm1(a)),
    ),
    public=False, points=((-2.0, 1.0), (0.0, 0.3), (3.0, 1.0), (-1.0, 0.3), (-700.0, 1.0)),
    kinks="at a = 0 the derivatives of the left side, b and 0",
    finite=True,
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="a where it is positive, else b (e^a - 1): the exponential linear unit.")
silu = entry("silu", _silu,
    lambda x, y: (logistic(x) + decayed(x, sigmoid_slope(x)),),
    definition=lambda x: x * sigmoid(x), notation=lambda m, x: m.product(x, m.named("σ", x)),
    finite=True, points=(-INF, -700.0, *NUMBERS),
    summary="x times its sigmoid, the sigmoid linear unit, which is also called swish.")
clip = entry("clip", lambda a, b, c: minimum(maximum(a, b), c), _clip_partials,
    gate=True, public=False, definition=lambda a, b, c: minimum(maximum(a, b), c),
    points=((0.5, 0.0, 1.0), (-1.0, 0.0, 1.0), (2.0, 0.0, 1.0), (0.0, 0.0, 1.0), (1.0, 0.0, 1.0),
            (1.0, 3.0, 2.0)),
    kinks="a tie gives half to each",
    finite=True, labels=("x", "low", "high"),
    kink=Kink(gaps.to_bounds, "below a bound", "above a bound", "at a bound"),
    summary="x, but low where it is below low, and high where it is above high.")
round_to = entry("round_to", rounding.round_to,
    lambda a, b, c, y: (0.0, 0.0, 0.0),
    gate=True, public=False, symbol="round", fixed=(1, 2),
    points=((2.675, 100.0, 1.0), (0.125, 100.0, 1.0), (-1250.0, 1.0, 100.0), (0.3, 1e10, 1.0),
            (1e300, 1e10, 1.0), (-0.0, 10.0, 1.0), (0.26, 1.0, 1.0), (3456.0, 1.0, 1000.0)),
    kinks="flat: the derivative is 0 everywhere, also at the jumps; halves go to the even digit; "
          "the digits are held fixed",
    labels=("x", "factor", "divisor"),
    kink=Kink(lambda a, b, c: gaps.to_half(a * b / c) if c else INF,
              "between halves", "between halves", "at a half", jumps=True),
    summary="The multiple of c / b that is nearest to a, as Python's round(a, digits) gives it.")
