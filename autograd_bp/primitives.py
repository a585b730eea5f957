"""The table of primitives: one entry per operation, and the only place where it is described.

An entry puts what is computed beside its partial derivatives. Everything else reads the entry or
is printed from it: the operators of `Value`, the sweep, the native kernels, the compiler's
backends, the page's JavaScript, formulas, pictures and the tests.

The parts of an entry:

- The first function is the *expression* (see expressions.py): what is computed, on expressions.
  It is written as floating-point arithmetic is to be done, step by step; every target does the
  same steps. NaN in is NaN out, save where IEEE 754 says otherwise (`nan ** 0` is 1).
- The second is the *rule*. It takes the inputs and, as `y`, the output, and returns one partial
  derivative for each input. It is written with operators and entries of this table, so it runs
  on floats (when a node is recorded), on Values (so that gradients are graphs), on arrays and on
  expressions. Two operators raise on plain floats, so rules use `div` and `pow` instead of `/`
  and `**`.
- `definition` says the same function in terms of simpler entries. An entry that has one is a
  composite: it is recorded as one node, it can be unfolded, and tests compare it with its
  definition.
- `notation` says how it is written in formulas: as a function of `m`, which is the module
  notation/maths.py, and of the inputs; or as the name of a function. Without it formulas call it
  by its symbol, if that is a word, or by its name.
- The other columns are those of `Primitive`, in entry.py.

An entry of any number of inputs is a Fold, whose rule gives the partials of one term.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from typing import Any

from autograd_bp import rounding
from autograd_bp.entry import FAMILIES, TABLE, Kink, Primitive, number, primitive
from autograd_bp.expressions import (
    INITIAL,
    LIST,
    LIST_WITH_INITIAL,
    PAIRS,
    PAIRS_WITH_INITIAL,
    Expression,
    Fold,
    Stage,
    call,
    choose,
    parameters,
)

__all__ = ["TABLE", "Primitive", "number", "primitive"]

INF = math.inf
NAN = math.nan


def entry(
    name: str, expression: Callable[..., Any], partials: Callable[..., Any] | None, **columns: Any
) -> Primitive:
    """Add an entry whose inputs are the parameters of its expression."""
    arity = len(parameters(expression))
    columns = {"trusted": True, **columns}
    return Primitive(name, arity, None, partials, expression=expression, **columns)


def fold(name: str, folded: Fold, **columns: Any) -> Primitive:
    """Add an entry of any number of inputs."""
    return Primitive(name, None, None, folded.partials, expression=folded, trusted=True, **columns)


def comparison(name: str, test: Callable[..., Any], symbol: str, **columns: Any) -> Primitive:
    """Add an entry that is 1 where a test of two numbers holds, else 0."""
    return Primitive(
        name,
        2,
        None,
        lambda a, b, y: (0.0, 0.0),
        expression=lambda a, b: choose(test(a, b), 1.0, 0.0),
        gate=True,
        finite=True,
        symbol=symbol,
        notation=lambda m, a, b: m.words(a, f" {symbol} ", b),
        points=(*_PAIRS, (2.5, 2.5), (NAN, 1.0), (INF, INF)),
        kinks="its derivatives are 0 everywhere",
        trusted=True,
        **columns,
    )


class _Later:
    """The module special.py, which is imported when a target first asks for an expression."""

    def __getattr__(self, name: str) -> Any:
        from autograd_bp import special as module

        return getattr(module, name)


special: Any = _Later()


def family(
    name: str, member: Callable[[int], Primitive], known: dict[int, Primitive]
) -> Callable[[int], Primitive]:
    """A function that gives the primitive of an order, and makes it when it is first asked for.

    Arguments:
        name: what the names of its members begin with; `Primitive.named` makes them too.
        member: makes the entry of an order.
        known: the members that are entries of the table.
    """

    def of(order: int) -> Primitive:
        if order not in known:
            known[order] = member(order)
        return known[order]

    FAMILIES[name] = of
    return of


def c_function(name: str) -> Callable[[Any], Expression]:
    """The expression that calls the function of C's library of this name."""
    return lambda a: call(name, a)


def _cbrt(x: Expression) -> Expression:
    # C's and Python's own functions differ in the last digit. One Newton step brings it right.
    root = call("copysign", call("pow", abs(x), 1.0 / 3.0), x)
    improved = root - (root - x / (root * root)) / 3.0
    return choose((x == 0.0) | ~call("isfinite", x), x, improved)


def _sigmoid(x: Expression) -> Expression:
    # e^-x overflows for x below -709; the exponential of -|x| never does.
    e = call("exp", -abs(x))
    return choose(x >= 0.0, 1.0, e) / (1.0 + e)


def _softplus(x: Expression) -> Expression:
    # The larger of x and 0, plus a correction that never overflows.
    correction = call("log1p", call("exp", -abs(x)))
    return choose(x > 0.0, x, 0.0) + correction


def _log_sigmoid(x: Expression) -> Expression:
    correction = call("log1p", call("exp", -abs(x)))
    return -(choose(x < 0.0, -x, 0.0) + correction)


def _sigmoid_slope(x: Expression) -> Expression:
    # In terms of e^-|x|: 1 - β would lose its digits where β is near 1.
    e = call("exp", -abs(x))
    return e / ((1.0 + e) * (1.0 + e))


def _compare(a: Expression, b: Expression | float) -> Expression:
    return choose(a == b, 0.0, choose(a > b, 1.0, choose(a < b, -1.0, NAN)))


def _atan2_partials(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    # b / (a² + b²) without the overflow of the squares; at infinity, where 1 / h is 0, it is 0.
    h = hypot(a, b)
    near = div(1.0, h)
    return where(near, div(div(b, h), h), 0.0), where(near, -div(div(a, h), h), 0.0)


def _logaddexp(a: Expression, b: Expression) -> Expression:
    # The difference of equal infinities is NaN.
    distance = choose(a == b, 0.0, abs(a - b))
    return choose(a > b, a, b) + call("log1p", call("exp", -distance))


def _logaddexp_partials(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    # The difference of equal infinities is NaN. Where it is a number derivatives need it, also 0.
    distance = a - b
    distance = where(equal(distance, distance), distance, where(equal(a, b), 0.0, distance))
    return sigmoid(distance), sigmoid(-distance)


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
    return choose(x > -700.0, x * _sigmoid(x), choose(x == -INF, -0.0, x * root * root))


def _slope_of_quantile(tail: Any, size: Any, near: Any) -> Any:
    # 1 / φ, or its like for erfinv, where e^(size²) would magnify the rounding of the quantile:
    # the tail is ½ e^(-size²) erfcx(size), so it says what e^(size²) is. It is inf at tail = 0.
    far = where(tail, div(0.5 * erfcx(size), tail), INF)
    return where(less(tail, 0.25), far, near)


def _slope_of_log_ndtr(x: Any) -> Any:
    # φ(x) / Φ(x): to the left both vanish, and e^(-x²/2) is taken out of both.
    far = div(math.sqrt(2.0 / math.pi), erfcx(x * -math.sqrt(0.5)))
    return where(less(x, 0.0), far, div(normal_pdf(x), ndtr(x)))


def _bessel_partial(order: int, x: Any) -> Any:
    # DLMF 10.51.2, for j_n(πx).
    below, above = spherical_bessel_pi(order - 1)(x), spherical_bessel_pi(order + 1)(x)
    return math.pi / (2.0 * order + 1.0) * (order * below - (order + 1.0) * above)


def _clip_partials(a: Any, b: Any, c: Any, y: Any) -> tuple[Any, Any, Any]:
    # Those of minimum(maximum(a, b), c).
    inner, below = maximum(a, b), 0.5 * compare(a, b)
    above = 0.5 * compare(inner, c)
    return (0.5 + below) * (0.5 - above), (0.5 - below) * (0.5 - above), 0.5 + above


def _gap_to_half(x: float) -> float:
    return _gap_to_integer(x + 0.5)


def _gap_to_multiple(a: float, b: float) -> float:
    return math.remainder(a, b) if b != 0.0 and math.isfinite(a) else INF


def _gap_to_bounds(a: float, b: float, c: float) -> float:
    return min(_gap_of_two(a, b), _gap_of_two(max(a, b), c), key=abs)


def _gap_of_two(a: float, b: float) -> float:
    # Infinite inputs of one sign are equal, and their difference is NaN.
    return 0.0 if a == b else a - b


def _gap_to_integer(x: float) -> float:
    return x - round(x) if math.isfinite(x) else math.inf


def _least(*x: float) -> float:
    return min(x, key=abs, default=INF)


def _size(*x: float) -> float:
    return max(map(abs, x), default=0.0)


def _added(*x: Any) -> Any:
    """The sum as a chain of additions, from left to right."""
    total = x[0] if x else 0.0
    for value in x[1:]:
        total = total + value
    return total


def _dot_definition(*x: Any) -> Any:
    left, right = PAIRS_WITH_INITIAL.lists(x)
    products = [a * b for a, b in zip(left, right, strict=True)]
    initial = PAIRS_WITH_INITIAL.initial_value(x)
    return _added(*(products if initial is None else [initial, *products]))


def _other_shares_partials(e: Any, rest: Any, y: Any) -> tuple[Any, Any]:
    scale = part(rest)
    return -share_slope(e, scale), (e * scale) * scale


def _cross_entropy_partials(
    left: Any, right: Any, top: Any, rest: Any, scale: Any, total: Any, beside: Any
) -> tuple[Any, Any]:
    # Of the only largest logit total · share - left would lose its digits.
    e = expdiff(right, top)
    of_largest = beside - total * other_shares(1.0, rest)
    return (
        -log_share(right - top, rest),
        where(moves(e, scale), total * share(e, scale) - left, of_largest),
    )


def _cross_entropy_slopes(*x: Any, y: Any) -> list[Any]:
    """As formulas show them."""
    d, logits = PAIRS.lists(x)
    total, whole = logsumexp(*logits), _added(*d)
    slopes = [whole * exp(v - total) - p for p, v in zip(d, logits, strict=True)]
    return [*[total - v for v in logits], *slopes]


def _cross_entropy_definition(*x: Any) -> Any:
    d, logits = PAIRS.lists(x)
    total = log(_added(*(exp(v) for v in logits)))
    return _added(*(p * (total - v) for p, v in zip(d, logits, strict=True)))


def _performance_definition(*x: Any) -> Any:
    errors = [d - z for d, z in zip(*PAIRS.lists(x), strict=True)]
    return -0.5 * _added(*(error * error for error in errors))


# The sum from left to right: Python's own sum() compensates, and C does not.
_TOTAL = Stage(lambda total, x: total + x, total=0.0)

# The largest number is taken out: no exponential overflows, and log1p keeps what the others add.
# Of the numbers e^(x - top) those that are 1 are counted, one of them left out. The derivatives
# are those of shares of these numbers. The largest is 1 and stays 1 when its x moves: only so the
# shares keep their digits where one of them is near 1.
_TOP = Stage(
    lambda top, x: choose((top > x) | call("isnan", top), top, x),
    top=-INF,
)
_OTHERS = Stage(
    lambda ones, others, x, top: _beside_one(ones, others, call("exp", x - top)),
    ones=-1.0,
    others=0.0,
)


def _beside_one(ones: Any, others: Any, e: Expression) -> tuple[Any, Any]:
    return ones + choose(e == 1.0, 1.0, 0.0), others + choose(e == 1.0, 0.0, e)


# The same of pairs, whose right number it is, and of a list and one more number.
_TOP_OF_RIGHT = Stage(
    lambda top, right: choose((top > right) | call("isnan", top), top, right),
    top=-INF,
)
_OTHERS_OF_RIGHT = Stage(
    lambda ones, others, right, top: _beside_one(ones, others, call("exp", right - top)),
    ones=-1.0,
    others=0.0,
)
_MISSES = Stage(
    lambda total, misses, left, right, top: (
        total + left,
        # A class that does not count may have the logit -inf.
        misses + left * choose(left == 0.0, 0.0, top - right),
    ),
    total=0.0,
    misses=0.0,
)
_TOP_OF_ALL = Stage(
    lambda top, x: choose((top > x) | call("isnan", top), top, x),
    top=INITIAL,
)
_INITIAL_POWER = call("exp", INITIAL - Expression("input", "top"))
_OTHERS_OF_ALL = Stage(
    lambda ones, others, x, top: _beside_one(ones, others, call("exp", x - top)),
    ones=choose(_INITIAL_POWER == 1.0, 0.0, -1.0),
    others=choose(_INITIAL_POWER == 1.0, 0.0, _INITIAL_POWER),
)

# Squares of numbers up to 1 neither overflow nor vanish.
_LARGEST = Stage(
    lambda largest, infinite, x: (
        choose((largest > abs(x)) | call("isnan", largest), largest, abs(x)),
        choose(call("isinf", x), INF, infinite),
    ),
    largest=0.0,
    infinite=0.0,
)
_SQUARES = Stage(
    lambda squares, x, largest: (
        squares
        + choose(largest == 0.0, 0.0, x / largest) * choose(largest == 0.0, 0.0, x / largest)
    ),
    squares=0.0,
)


# ------------------------------------------------------------------------------- the table
# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
_PAIRS = ((1.5, -2.0), (-2.0, 3.0), (0.0, 0.0), (0.0, -1.0), (-0.3, 0.7), (1e200, -1e200))
_SPECIAL = (-745.2, -30.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 30.0, 709.0)

# Arithmetic.
add = entry("add", lambda a, b: a + b, lambda a, b, y: (1.0, 1.0),
    public=False, symbol="+", notation=lambda m, a, b: a + b, numpy="add", points=_PAIRS,
    finite=True,
    summary="The sum of two numbers, a + b.")
sub = entry("sub", lambda a, b: a - b, lambda a, b, y: (1.0, -1.0),
    public=False, symbol="−", notation=lambda m, a, b: a - b, numpy="subtract", points=_PAIRS,
    finite=True,
    summary="The difference of two numbers, a - b.")
mul = entry("mul", lambda a, b: a * b, lambda a, b, y: (b, a),
    public=False,
    symbol="×", notation=lambda m, a, b: m.product(a, b), numpy="multiply", points=_PAIRS,
    finite=True,
    summary="The product of two numbers, a · b.")
div: Primitive = entry("div", lambda a, b: a / b, lambda a, b, y: (div(1.0, b), -div(y, b)),
    public=False, symbol="÷", notation=lambda m, a, b: a / b, numpy="divide", points=_PAIRS,
    summary="The quotient of two numbers, a / b; at b = 0 it is infinite, or NaN for a = 0.")
pow: Primitive = entry("pow", lambda a, b: call("pow", a, b),
    lambda a, b, y: (
        # 0 for b = 0; but for a ≠ 0 that number still depends on b, and derivatives see it.
        where(b, b * pow(a, b - 1.0), where(a, b * pow(a, b - 1.0), 0.0)),
        where(a, y * log(a), where(heaviside(b, 1.0), 0.0, -INF)),
    ),
    public=False, symbol="^", notation=lambda m, a, b: a**b, numpy="power",
    points=((2.0, 3.0), (2.0, -0.5), (2.0, 0.0), (0.0, 0.0), (0.0, 2.0), (0.0, -1.0),
            (1e-3, 80.0)),
    kinks="x**0 has the derivative 0 in x, also at x = 0; 0**b has the derivative 0 in b for "
          "b >= 0; for a negative base the derivative in the exponent is undefined (NaN)",
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="a to the power b, where a gradient also passes to the exponent.")
power: Primitive = entry("power", lambda a, b: choose(b == 1.0, a, call("pow", a, b)),
    lambda a, b, y: (where(b, b * power(a, b - 1.0), 0.0), 0.0),
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
abs_ = entry("abs", lambda x: abs(x), lambda x, y: (compare(x, 0.0),),
    gate=True, definition=lambda x: maximum(x, -x),
    public=False, symbol="| |", notation=lambda m, x: m.enclosed("|", x, "|"), numpy="absolute",
    kinks="abs'(0) = 0, the middle of -1 and 1",
    finite=True,
    kink=Kink(lambda x: x, "x < 0", "x > 0", "x = 0"),
    summary="The absolute value of a number.")

# Exponentials, logarithms, roots.
exp = entry("exp", c_function("exp"), lambda x, y: (y,),
    notation=lambda m, x: m.e**x, numpy="exp", points=_SPECIAL,
    summary="The exponential function, e to the power x.")
expm1 = entry("expm1", c_function("expm1"), lambda x, y: (exp(x),),
    notation=lambda m, x: m.e**x - 1, definition=lambda x: exp(x) - 1.0, numpy="expm1",
    points=_SPECIAL,
    summary="e to the power x, minus 1, without cancellation for small x.")
exp2 = entry("exp2", lambda x: call("pow", 2.0, x), lambda x, y: (y * math.log(2.0),),
    notation=lambda m, x: 2**x, definition=lambda x: pow(2.0, x), numpy="exp2",
    summary="2 to the power x.")
log: Primitive = entry("log", c_function("log"), lambda x, y: (div(1.0, x),),
    notation="ln", numpy="log", domain=((0.0, INF),),
    points=(5e-324, 1e-9, 0.5, 1.0, 3.0, 1e300, 0.0, -1.0),
    summary="The natural logarithm.")
log1p = entry("log1p", c_function("log1p"), lambda x, y: (div(1.0, 1.0 + x),),
    notation=lambda m, x: m.named("ln", 1 + x), definition=lambda x: log(1.0 + x), numpy="log1p",
    domain=((-1.0, INF),), points=(-1.0, -0.999, -1e-12, 0.0, 1e-300, 1e-12, 1.0, 1e300),
    summary="The natural logarithm of 1 + x, without cancellation for small x.")
log2 = entry("log2", c_function("log2"), lambda x, y: (div(1.0 / math.log(2.0), x),),
    notation=lambda m, x: m.log(2, x), definition=lambda x: log(x) / math.log(2.0), numpy="log2",
    domain=((0.0, INF),), points=(1e-9, 0.5, 1.0, 8.0, 0.0),
    summary="The logarithm to the base 2.")
log10 = entry("log10", c_function("log10"), lambda x, y: (div(1.0 / math.log(10.0), x),),
    notation=lambda m, x: m.log(10, x), definition=lambda x: log(x) / math.log(10.0), numpy="log10",
    domain=((0.0, INF),), points=(1e-9, 0.5, 1.0, 1000.0, 0.0),
    summary="The logarithm to the base 10.")
sqrt = entry("sqrt", c_function("sqrt"), lambda x, y: (div(0.5, y),),
    symbol="√", notation=lambda m, x: m.root(x), definition=lambda x: power(x, 0.5), numpy="sqrt",
    domain=((0.0, INF),), points=(0.0, 1e-300, 0.25, 1.0, 2.0, 1e300),
    kinks="sqrt'(0) = +inf, the limit from the right",
    kink=Kink(lambda x: x, above="x > 0", at="x = 0"),
    summary="The square root.")
cbrt = entry("cbrt", _cbrt, lambda x, y: (div(1.0, 3.0 * (y * y)),),
    symbol="∛", notation=lambda m, x: m.root(x, 3), numpy="cbrt", kinks="cbrt'(0) = +inf",
    points=(-1e300, -8.0, -0.3, -5e-324, 0.0, 1e-310, 0.7, 27.0, 1.7e308),
    finite=True,
    kink=Kink(lambda x: x, "x < 0", "x > 0", "x = 0"),
    summary="The cube root, also of negative numbers.")

# Trigonometry and its hyperbolic companions.
sin = entry("sin", c_function("sin"), lambda x, y: (cos(x),),
    numpy="sin", finite=True,
    summary="The sine of an angle in radians.")
cos: Primitive = entry("cos", c_function("cos"), lambda x, y: (-sin(x),),
    numpy="cos", finite=True,
    summary="The cosine of an angle in radians.")
tan = entry("tan", c_function("tan"), lambda x, y: (1.0 + y * y,),
    definition=lambda x: sin(x) / cos(x), numpy="tan", finite=True,
    summary="The tangent of an angle in radians.")
asin = entry("asin", c_function("asin"), lambda x, y: (div(1.0, sqrt((1.0 - x) * (1.0 + x))),),
    notation="arcsin", numpy="arcsin", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 0.3, 0.999, 1.0, 1.5),
    summary="The angle in radians whose sine is x, from -π/2 to π/2.")
acos = entry("acos", c_function("acos"), lambda x, y: (-div(1.0, sqrt((1.0 - x) * (1.0 + x))),),
    notation="arccos", numpy="arccos", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 0.3, 0.999, 1.0, 1.5),
    summary="The angle in radians whose cosine is x, from 0 to π.")
atan = entry("atan", c_function("atan"), lambda x, y: (div(1.0, 1.0 + x * x),),
    notation="arctan", numpy="arctan",
    finite=True,
    summary="The angle in radians whose tangent is x, from -π/2 to π/2.")
atan2 = entry("atan2", lambda a, b: call("atan2", a, b), _atan2_partials,
    numpy="arctan2",
    points=((1.0, 2.0), (-1.0, -2.0), (0.0, 1.0), (1.0, 0.0), (1e200, 1e200)),
    kinks="atan2 has no derivative at (0, 0): both partials are NaN",
    finite=True,
    kink=Kink(_size, above="away from 0", at="all inputs 0"),
    summary="The angle in radians of the point with the coordinates (b, a), from -π to π.")
sinh = entry("sinh", c_function("sinh"), lambda x, y: (cosh(x),),
    definition=lambda x: (exp(x) - exp(-x)) / 2.0, numpy="sinh",
    summary="The hyperbolic sine.")
cosh: Primitive = entry("cosh", c_function("cosh"), lambda x, y: (sinh(x),),
    definition=lambda x: (exp(x) + exp(-x)) / 2.0, numpy="cosh",
    summary="The hyperbolic cosine.")
tanh = entry("tanh", c_function("tanh"), lambda x, y: (1.0 - y * y,),
    definition=lambda x: sinh(x) / cosh(x), numpy="tanh",
    finite=True,
    summary="The hyperbolic tangent, which maps every number to one between -1 and 1.")
asinh = entry("asinh", c_function("asinh"), lambda x, y: (div(1.0, hypot(x, 1.0)),),
    notation="arsinh", numpy="arcsinh",
    finite=True,
    summary="The number whose hyperbolic sine is x.")
acosh = entry("acosh", c_function("acosh"), lambda x, y: (div(1.0, sqrt(x - 1.0) * sqrt(x + 1.0)),),
    notation="arcosh", numpy="arccosh", domain=((1.0, INF),),
    points=(1.0, 1.0001, 2.0, 1e200, 0.5),
    summary="The number, 0 or more, whose hyperbolic cosine is x.")
atanh = entry("atanh", c_function("atanh"), lambda x, y: (div(1.0, (1.0 - x) * (1.0 + x)),),
    notation="artanh", numpy="arctanh", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 1e-12, 0.999, 1.0, 1.5),
    summary="The number whose hyperbolic tangent is x.")
hypot: Primitive = entry("hypot", lambda a, b: call("hypot", a, b),
    lambda a, b, y: (where(y, div(a, y), 0.0), where(y, div(b, y), 0.0)),
    notation=lambda m, a, b: m.root(a**2 + b**2), numpy="hypot",
    definition=lambda a, b: sqrt(a * a + b * b),
    points=((3.0, 4.0), (-3.0, 4.0), (0.0, 0.0), (0.0, 2.0), (1e200, 1e200)),
    kinks="both partials are 0 at (0, 0)",
    kink=Kink(_size, above="away from 0", at="all inputs 0"),
    summary="The length of the vector (a, b), without overflow of the squares.")
erf = entry("erf", c_function("erf"), lambda x, y: (2.0 / math.sqrt(math.pi) * exp(-(x * x)),),
    finite=True,
    summary="The error function: 2/√π times the integral of e^(-t²) from 0 to x.")
erfc = entry("erfc", c_function("erfc"), lambda x, y: (-2.0 / math.sqrt(math.pi) * exp(-(x * x)),),
    definition=lambda x: 1.0 - erf(x),
    finite=True,
    summary="The complement of the error function, 1 - erf(x), without cancellation for large x.")

# Neurons: the sigmoid β has the derivative β(1 - β), in terms of its own output.
sigmoid = entry("sigmoid", _sigmoid, lambda x, y: (y * (1.0 - y),),
    definition=lambda x: 1.0 / (1.0 + exp(-x)), symbol="σ",
    points=(-1000.0, -40.0, *_SPECIAL, 1000.0),
    finite=True,
    summary="The logistic function σ, which maps every number to one between 0 and 1.")
log_sigmoid = entry("log_sigmoid", _log_sigmoid, lambda x, y: (logistic(-x),),
    definition=lambda x: log(sigmoid(x)), symbol="ln σ",
    notation=lambda m, x: m.named("ln", m.named("σ", x)),
    points=(-1000.0, *_SPECIAL, 1000.0),
    finite=True,
    summary="The logarithm of the sigmoid, without underflow for large negative x.")
softplus = entry("softplus", _softplus, lambda x, y: (logistic(x),),
    definition=lambda x: log(1.0 + exp(x)), notation=lambda m, x: m.named("ln", 1 + m.e**x),
    points=(-1000.0, *_SPECIAL, 1000.0),
    finite=True,
    summary="The logarithm of 1 + e^x, a smooth form of relu, without overflow.")
relu = entry("relu", lambda x: choose((x > 0.0) | call("isnan", x), x, 0.0),
    lambda x, y: (heaviside(x, 0.0),),
    gate=True, definition=lambda x: maximum(x, 0.0), kinks="relu'(0) = 0",
    finite=True,
    kink=Kink(lambda x: x, "x < 0", "x > 0", "x = 0"),
    summary="x where it is positive, else 0: the rectified linear unit.")
threshold = entry("threshold", lambda x: choose(x >= 0.0, 1.0, choose(x < 0.0, 0.0, x)), None,
    refusal="the threshold function is a step: its derivative is 0 wherever it has one, so no "
            "gradient passes and nothing before it can learn; use sigmoid, its smooth replacement",
    symbol="⎍",
    kinks="threshold(0) = 1; a sweep through it is refused",
    finite=True,
    kink=Kink(lambda x: x),
    summary="The step function: 1 from 0 on, 0 below. No gradient passes it.")

# Choices. Their partials are 0 or 1, and an exact 0 closes the gate.
maximum: Primitive = entry("maximum", lambda a, b: choose((a > b) | call("isnan", a), a, b),
    lambda a, b, y: (0.5 + 0.5 * compare(a, b), 0.5 - 0.5 * compare(a, b)),
    gate=True, symbol="max", numpy="maximum",
    points=_PAIRS, kinks="a tie gives half to each",
    finite=True,
    kink=Kink(_gap_of_two, "a < b", "a > b", "a = b"),
    summary="The larger of two numbers.")
minimum = entry("minimum", lambda a, b: choose((a < b) | call("isnan", a), a, b),
    lambda a, b, y: (0.5 - 0.5 * compare(a, b), 0.5 + 0.5 * compare(a, b)),
    gate=True, symbol="min", numpy="minimum",
    points=_PAIRS, kinks="a tie gives half to each",
    finite=True,
    kink=Kink(_gap_of_two, "a < b", "a > b", "a = b"),
    summary="The smaller of two numbers.")
where: Primitive = entry("where", lambda c, a, b: choose(c != 0.0, a, b),
    lambda c, a, b, y: (0.0, nonzero(c), 1.0 - nonzero(c)),
    public=False,
    gate=True, symbol="if", notation=lambda m, c, a, b: m.words("if ", c, " then ", a, " else ", b),
    points=((1.0, 2.0, 3.0), (0.0, 2.0, 3.0), (0.0, INF, 3.0), (-1.0, 2.0, NAN)),
    kinks="the branch that is not taken gets nothing, whatever its value",
    finite=True, fixed=(0,), labels=("condition", "yes", "no"),
    summary="One of two numbers, chosen by a condition that is a number: 0 is false.")
sign = entry("sign",
    lambda x: choose(x > 0.0, 1.0, choose(x < 0.0, -1.0, choose(x == 0.0, 0.0, x))),
    lambda x, y: (0.0,), gate=True, numpy="sign",
    kinks="flat: the derivative is 0 everywhere, also at the jump",
    finite=True,
    kink=Kink(lambda x: x, "x < 0", "x > 0", "x = 0"),
    summary="-1, 0 or 1: the sign of a number.")
floor = entry("floor", c_function("floor"), lambda x, y: (0.0,), gate=True,
    symbol="floor", notation=lambda m, x: m.enclosed("⌊", x, "⌋"), numpy="floor",
    points=(-1.5, -1.0, -0.0, 0.0, 0.5, 1.0, 1e300),
    kinks="flat: the derivative is 0 everywhere, also at the jumps",
    finite=True,
    kink=Kink(_gap_to_integer, "between integers", "between integers", "at an integer"),
    summary="The largest integer that is not above x.")
heaviside: Primitive = entry("heaviside",
    lambda a, b: choose(a == 0.0, b, choose(a > 0.0, 1.0, choose(a < 0.0, 0.0, a))),
    lambda a, b, y: (0.0, nonzero(a) * -1.0 + 1.0),
    gate=True, symbol="H", notation="heaviside", numpy="heaviside",
    points=((-1.0, 0.5), (0.0, 0.5), (2.0, 0.5)),
    kinks="the step that rules use, 1 for a > 0, b at 0: its derivative in a is 0 everywhere",
    finite=True,
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="The step function with a value of its own at 0: 0 below, b at 0, 1 above.")
compare: Primitive = entry("compare", _compare, lambda a, b, y: (0.0, 0.0), gate=True,
    public=False, symbol="<>", points=_PAIRS,
    kinks="the sign of a - b, without the difference: its derivatives are 0 everywhere",
    finite=True,
    kink=Kink(_gap_of_two),
    summary="The sign of a - b, also where the difference would overflow.")
nonzero: Primitive = entry("nonzero", lambda x: choose(x == 0.0, 0.0, 1.0),
    lambda x, y: (0.0,),
    gate=True, public=False, symbol="≠0", kinks="its derivative is 0 everywhere",
    finite=True,
    kink=Kink(lambda x: x),
    summary="0 where x is 0, else 1.")

# Any number of inputs.
sum_ = fold("sum", Fold(LIST, [_TOTAL], lambda total: total, lambda x: 1.0),
    definition=_added, symbol="Σ", notation=lambda m, x: m.sum(*x), finite=True,
    points=((1.0, 2.0, 3.0), (1e16, 1.0, -1e16), (5.0,), ()),
    summary="The sum of any number of numbers, added from left to right.")
dot = fold("dot", Fold(PAIRS_WITH_INITIAL,
        [Stage(lambda total, left, right: total + left * right, total=INITIAL)],
        lambda total: total, lambda left, right: (right, left)),
    definition=_dot_definition, symbol="Σ×", finite=True, labels=("left", "right", "bias"),
    notation=lambda m, left, right, *initial: m.sum(*map(m.product, left, right), *initial),
    points=((1.0, 2.0, 3.0, 4.0), (1.0, 2.0, 3.0, 4.0, 0.5), (0.5,), ()),
    summary="The sum of the products of two lists, and of an initial value if there is one.")
mean = fold("mean", Fold(LIST,
        # Where the sum overflows the mean need not.
        [_TOTAL, Stage(lambda small, x, n: small + x / n, small=0.0,
                       when=lambda total: ~call("isfinite", total))],
        lambda total, small, n: choose(call("isfinite", total), total / n, small),
        lambda n: 1.0 / n),
    definition=lambda *x: _added(*x) / float(len(x)), symbol="mean", finite=True,
    notation=lambda m, x: m.sum(*x) / len(x),
    points=((1.0, 2.0, 6.0), (5.0,), (1.5e308, 1.5e308, -1e307)),
    summary="The mean of any number of numbers, also where their sum would overflow.")
norm = fold("norm", Fold(LIST, [_LARGEST, _SQUARES],
        lambda largest, infinite, squares:
            choose(infinite == INF, INF, largest * call("sqrt", squares)),
        lambda x, y: where(y, div(x, y), 0.0)),
    definition=lambda *x: sqrt(_added(*(v * v for v in x))), symbol="‖ ‖",
    notation=lambda m, x: m.root(m.sum(*[v**2 for v in x])),
    points=((3.0, 4.0), (0.0, 0.0), (1e200, 1e200, 1e200), (-2.0,)),
    kinks="all partials are 0 where all inputs are 0",
    kink=Kink(_size, above="away from 0", at="all inputs 0"),
    summary="The length of a vector, without overflow of the squares.")
logsumexp = fold("logsumexp", Fold(LIST, [_TOP, _OTHERS],
        lambda top, ones, others:
            choose(call("isfinite", top), top + call("log1p", others + ones), top),
        lambda x, top, scale: share(expdiff(x, top), scale),
        {"top": (lambda top: top, lambda x: largest(*x)),
         "scale": (lambda ones, others: part(others + ones),
                   lambda x, top: part(rest(*[expdiff(v, top) for v in x])))},
        written=lambda *x, y: [exp(v - y) for v in x]),
    definition=lambda *x: log(_added(*(exp(v) for v in x))), symbol="ln Σ e", finite=True,
    notation=lambda m, x: m.named("ln", m.sum(*[m.e**v for v in x])),
    points=((1.0, 2.0, 3.0), (1000.0, 1000.0), (-1000.0, -1001.0), (0.0,)),
    summary="The logarithm of the sum of exponentials, without overflow.")
performance = fold("performance", Fold(PAIRS,
        [Stage(lambda total, left, right: total + (left - right) * (left - right), total=0.0)],
        lambda total: -0.5 * total, lambda left, right: (-(left - right), left - right)),
    definition=_performance_definition, symbol="P", finite=True,
    labels=("d", "z"),
    notation=lambda m, d, z: m.minus_half * m.sum(*[e**2 for e in map(m.minus, d, z)]),
    points=((1.0, 0.75), (1.0, 0.0, 0.25, 0.5)),
    summary="P = -½ Σ (d - z)², which is 0 for perfect outputs and negative for all others.")

# Comparisons and logic: 1 for true, 0 for false. NaN is unequal to everything, and true.
_TRUTHS = ((1.0, 2.0), (0.0, 3.0), (-1.0, 0.0), (0.0, 0.0), (NAN, 1.0), (-0.0, INF))
less = comparison("less", lambda a, b: a < b, "<", kink=Kink(_gap_of_two),
    summary="1 where a is less than b, else 0.")
less_equal = comparison("less_equal", lambda a, b: a <= b, "≤", kink=Kink(_gap_of_two),
    summary="1 where a is at most b, else 0.")
greater: Primitive = comparison("greater", lambda a, b: a > b, ">", kink=Kink(_gap_of_two),
    summary="1 where a is greater than b, else 0.")
greater_equal = comparison("greater_equal", lambda a, b: a >= b, "≥", kink=Kink(_gap_of_two),
    summary="1 where a is at least b, else 0.")
equal: Primitive = comparison("equal", lambda a, b: a == b, "=", kink=Kink(_gap_of_two),
    summary="1 where two numbers are equal, else 0.")
not_equal = comparison("not_equal", lambda a, b: a != b, "≠", kink=Kink(_gap_of_two),
    summary="1 where two numbers differ, else 0; NaN differs from every number.")
logical_and = comparison("logical_and", lambda a, b: (a != 0.0) & (b != 0.0), "∧",
    kink=Kink(lambda a, b: min(a, b, key=abs)),
    summary="1 where neither of two numbers is 0, else 0.")
logical_or = comparison("logical_or", lambda a, b: (a != 0.0) | (b != 0.0), "∨",
    kink=Kink(lambda a, b: min(a, b, key=abs)),
    summary="1 where one of two numbers is not 0, else 0.")
logical_not = entry("logical_not", lambda x: choose(x == 0.0, 1.0, 0.0), lambda x, y: (0.0,),
    gate=True, symbol="¬", notation="not", finite=True,
    points=(-2.5, 0.0, -0.0, 1.0, NAN),
    kinks="its derivative is 0 everywhere", kink=Kink(lambda x: x),
    summary="1 where x is 0, else 0.")
any_ = fold("any", Fold(LIST, [Stage(lambda result, x: choose(x != 0.0, 1.0, result), result=0.0)],
        lambda result: result, lambda x: 0.0),
    gate=True, finite=True, points=((0.0, 0.0), (0.0, 2.0, 0.0), (1.0, 2.0), (NAN,)),
    kinks="its derivatives are 0 everywhere", kink=Kink(_least),
    summary="1 where one of any number of numbers is not 0, else 0.")
all_ = fold("all", Fold(LIST, [Stage(lambda result, x: choose(x == 0.0, 0.0, result), result=1.0)],
        lambda result: result, lambda x: 0.0),
    gate=True, finite=True, points=((1.0, 2.0), (0.0, 2.0), (NAN,)),
    kinks="its derivatives are 0 everywhere", kink=Kink(_least),
    summary="0 where one of any number of numbers is 0, else 1.")

# Integers and what is left of them.
ceil = entry("ceil", rounding.ceil, lambda x, y: (0.0,), gate=True,
    notation=lambda m, x: m.enclosed("⌈", x, "⌉"), numpy="ceil",
    points=(-1.5, -1.0, -0.3, -0.0, 0.0, 0.5, 1.0, 1e300, -INF),
    kinks="flat: the derivative is 0 everywhere, also at the jumps",
    finite=True,
    kink=Kink(_gap_to_integer, "between integers", "between integers", "at an integer"),
    summary="The smallest integer that is not below x.")
trunc: Primitive = entry("trunc", rounding.trunc, lambda x, y: (0.0,), gate=True, numpy="trunc",
    points=(-1.5, -1.0, -0.3, -0.0, 0.0, 0.5, 1.0, 1e300, INF),
    kinks="flat: the derivative is 0 everywhere, also at the jumps",
    finite=True,
    kink=Kink(_gap_to_integer, "between integers", "between integers", "at an integer"),
    summary="The integer part of x: x rounded towards 0.")
round_: Primitive = entry("round", rounding.round_half_even, lambda x, y: (0.0,), gate=True,
    numpy="rint",
    points=(-2.5, -1.5, -0.5, -0.3, -0.0, 0.0, 0.49999999999999994, 0.5, 1.5, 2.5, 1e300, INF),
    kinks="flat: the derivative is 0 everywhere, also at the jumps; halves go to the even integer",
    finite=True,
    kink=Kink(_gap_to_half, "between halves", "between halves", "at a half"),
    summary="The integer nearest to x; of two the even one, as Python's round.")
_QUOTIENTS = ((7.0, 2.0), (-7.0, 2.0), (7.0, -2.0), (-7.5, 0.3), (1.0, 0.1), (0.0, -3.0), (6.0, 3.0),
              (5.0, INF), (5.0, -INF))
floor_divide: Primitive = entry("floor_divide", rounding.floor_divide, lambda a, b, y: (0.0, 0.0),
    gate=True, symbol="//", notation=lambda m, a, b: m.enclosed("⌊", a / b, "⌋"),
    numpy="floor_divide", points=(*_QUOTIENTS, (1.0, 0.0), (-1.0, 0.0), (0.0, 0.0)),
    kinks="flat: both derivatives are 0 everywhere, also at the jumps",
    kink=Kink(_gap_to_multiple, "between multiples", "between multiples", "at a multiple"),
    summary="The largest integer that is not above a / b, as Python's a // b.")
remainder = entry("remainder", rounding.remainder, lambda a, b, y: (1.0, -floor_divide(a, b)),
    symbol="%", notation=lambda m, a, b: m.named("mod", a, b), numpy="remainder",
    points=_QUOTIENTS,
    kinks="a - b⌊a / b⌋: at a jump the derivatives of the side that its value belongs to",
    kink=Kink(_gap_to_multiple, "between multiples", "between multiples", "at a multiple"),
    summary="What is left of a after its division by b, with the sign of b, as Python's a % b.")
fmod = entry("fmod", lambda a, b: call("fmod", a, b),
    # The quotient towards 0: of a - y it is whole up to rounding.
    lambda a, b, y: (1.0, -round_(div(a - y, b))),
    numpy="fmod", points=_QUOTIENTS,
    kinks="a minus a multiple of b towards 0: at a jump the derivatives of the side that its value "
          "belongs to",
    kink=Kink(_gap_to_multiple, "between multiples", "between multiples", "at a multiple"),
    summary="What is left of a after its division by b, with the sign of a, as C's fmod.")
copysign: Primitive = entry("copysign",
    # The sign of NaN is not the same everywhere: it counts as positive.
    lambda a, b: choose(call("isnan", b), abs(a), call("copysign", a, b)),
    # The sign of a zero is that of its reciprocal.
    lambda a, b, y: (sign(a) * where(b, sign(b), sign(div(1.0, b))), 0.0),
    gate=True, numpy="copysign", points=((1.5, -2.0), (-1.5, 1e-300), (0.0, -1.0), (-3.0, 2.0)),
    kinks="both partials are 0 at a = 0; the derivative in b is 0 everywhere",
    finite=True,
    kink=Kink(lambda a, b: min(a, b, key=abs), "below 0", "above 0", "an input is 0"),
    summary="A number of the size of a and the sign of b.")

# Sums, products and logarithms of a kind that people need often.
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
    summary="The logarithm of e^a + e^b, without overflow.")
xlogy = entry("xlogy", lambda a, b: _x_log(a, b, "log"), lambda a, b, y: (log(b), _ratio_to_0(a, b)),
    notation=lambda m, a, b: m.product(a, m.named("ln", b)), domain=((-INF, INF), (0.0, INF)),
    points=((2.0, 3.0), (0.0, 0.0), (0.0, 2.0), (-1.5, 0.5), (1e-300, 1e-300), (1.0, 0.0)),
    kinks="it is 0 for a = 0, also at b = 0; there its derivative in b is 0",
    kink=Kink(_size, above="away from 0", at="all inputs 0"),
    summary="a times the logarithm of b, which is 0 for a = 0 also at b = 0.")
xlog1py = entry("xlog1py", lambda a, b: _x_log(a, b, "log1p"),
    lambda a, b, y: (log1p(b), _ratio_to_0(a, 1.0 + b)),
    notation=lambda m, a, b: m.product(a, m.named("ln", 1 + b)), domain=((-INF, INF), (-1.0, INF)),
    points=((2.0, 3.0), (0.0, -1.0), (0.0, 2.0), (-1.5, 1e-12), (3.0, -0.9), (1.0, -1.0)),
    kinks="it is 0 for a = 0, also at b = -1; there its derivative in b is 0",
    kink=Kink(lambda a, b: _size(a, 1.0 + b), above="away from 0", at="a = 0 and b = -1"),
    summary="a times the logarithm of 1 + b, which is 0 for a = 0 also at b = -1.")
entr = entry("entr",
    lambda x: choose(x > 0.0, -(x * call("log", x)), choose(x == 0.0, 0.0, choose(x < 0.0, -INF, x))),
    lambda x, y: (-log(x) - 1.0,),
    notation=lambda m, x: -m.product(x, m.named("ln", x)), domain=((0.0, INF),),
    points=(1e-300, 0.3, 1.0, 2.5, 0.0, 1e300),
    kinks="entr'(0) = +inf, the limit from the right",
    kink=Kink(lambda x: x, above="x > 0", at="x = 0"),
    summary="The term -x ln x of an entropy: 0 at 0, and -inf for negative numbers.")
logit = entry("logit", _logit, lambda x, y: (div(1.0, x * (1.0 - x)),),
    definition=lambda x: log(x / (1.0 - x)), domain=((0.0, 1.0),),
    notation=lambda m, x: m.named("ln", x / (1 - x)),
    points=(1e-300, 0.1, 0.5, 0.50000001, 0.7, 0.999, 0.0, 1.0),
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
        where(greater(a, 0.0), 1.0, b * exp(a)), where(greater(a, 0.0), 0.0, expm1(a)),
    ),
    public=False, points=((-2.0, 1.0), (0.0, 0.3), (3.0, 1.0), (-1.0, 0.3), (-700.0, 1.0)),
    kinks="at a = 0 the derivatives of the left side, b and 0",
    finite=True,
    kink=Kink(lambda a, b: a, "a < 0", "a > 0", "a = 0"),
    summary="a where it is positive, else b (e^a - 1): the exponential linear unit.")
silu = entry("silu", _silu,
    lambda x, y: (sigmoid(x) + where(equal(x, INF), 0.0, y * sigmoid(-x)),),
    definition=lambda x: x * sigmoid(x), notation=lambda m, x: m.product(x, m.named("σ", x)),
    finite=True, points=(-INF, -700.0, *_SPECIAL),
    summary="x times its sigmoid, the sigmoid linear unit, which is also called swish.")
clip = entry("clip", lambda a, b, c: minimum(maximum(a, b), c), _clip_partials,
    gate=True, public=False, definition=lambda a, b, c: minimum(maximum(a, b), c),
    points=((0.5, 0.0, 1.0), (-1.0, 0.0, 1.0), (2.0, 0.0, 1.0), (0.0, 0.0, 1.0), (1.0, 0.0, 1.0),
            (1.0, 3.0, 2.0)),
    kinks="a tie gives half to each",
    finite=True, labels=("x", "low", "high"),
    kink=Kink(_gap_to_bounds, "below a bound", "above a bound", "at a bound"),
    summary="x, but low where it is below low, and high where it is above high.")
round_to = entry("round_to", rounding.round_to,
    lambda a, b, c, y: (0.0, 0.0, 0.0),
    gate=True, public=False, symbol="round", fixed=(1, 2),
    points=((2.675, 100.0, 1.0), (0.125, 100.0, 1.0), (-1250.0, 1.0, 100.0), (0.3, 1e10, 1.0),
            (1e300, 1e10, 1.0), (-0.0, 10.0, 1.0), (0.26, 1.0, 1.0), (3456.0, 1.0, 1000.0)),
    kinks="flat: the derivative is 0 everywhere, also at the jumps; halves go to the even digit; "
          "the digits are held fixed",
    labels=("x", "factor", "divisor"),
    kink=Kink(lambda a, b, c: _gap_to_half(a * b / c) if c else INF,
              "between halves", "between halves", "at a half"),
    summary="The multiple of c / b that is nearest to a, as Python's round(a, digits) gives it.")

# Special functions: special.py has their expressions, and where the formulas come from.
lgamma = entry("lgamma", lambda x: special.lgamma(x), lambda x, y: (digamma(x),),
    symbol="ln Γ", notation=lambda m, x: m.named("ln", m.enclosed("|", m.named("Γ", x), "|")),
    points=(-3.5, -0.3, 1e-300, 0.1, 0.6, 1.0, 1.3, 2.0, 2.4, 5.5, 30.0, 1e10, 0.0, -3.0),
    summary="The logarithm of |Γ(x)|, the gamma function: ln((x - 1)!) for integers.")
digamma: Primitive = entry("digamma", lambda x: special.digamma(x), lambda x, y: (trigamma(x),),
    symbol="ψ", notation=lambda m, x: m.named("ψ", x),
    points=(-2.5, -0.3, 1e-300, 0.1, 0.6, 1.0, 1.3, 2.0, 2.4, 5.5, 30.0, 1e10),
    summary="The derivative of lgamma, ψ(x).")
trigamma: Primitive = entry("trigamma", lambda x: special.polygamma(1, x),
    lambda x, y: (polygamma_2(x),),
    symbol="ψ′", notation=lambda m, x: m.named("ψ′", x),
    points=(-2.5, -0.3, 1e-100, 0.1, 1.0, 2.4, 5.5, 30.0, 1e10),
    summary="The derivative of digamma, ψ′(x).")
polygamma_2: Primitive = entry("polygamma_2", lambda x: special.polygamma(2, x),
    lambda x, y: (polygamma_3(x),), public=False, symbol="ψ″",
    notation=lambda m, x: m.named("ψ″", x), points=(-2.3, -0.3, 0.1, 1.0, 2.4, 5.5, 30.0, 1e10),
    summary="The derivative of trigamma, ψ″(x).")
polygamma_3: Primitive = entry("polygamma_3", lambda x: special.polygamma(3, x),
    lambda x, y: (polygamma(4)(x),), public=False, symbol="ψ‴",
    notation=lambda m, x: m.named("ψ‴", x), points=(-2.5, -0.3, 0.1, 1.0, 2.4, 5.5, 30.0, 1e10),
    summary="The third derivative of digamma, ψ‴(x).")
digamma_difference: Primitive = entry("digamma_difference",
    lambda a, b: special.digamma_difference(a, b),
    lambda a, b, y: (polygamma_difference_1(a, b), trigamma(a + b)),
    public=False, definition=lambda a, b: digamma(a + b) - digamma(a),
    domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (1e-5, 20.0), (300.0, 0.1), (30.0, 40.0)),
    summary="ψ(a + b) - ψ(a) for positive numbers, without cancellation.")
polygamma_difference_1: Primitive = entry("polygamma_difference_1",
    lambda a, b: special.polygamma_difference(1, a, b),
    lambda a, b, y: (polygamma_difference(2)(a, b), polygamma_2(a + b)),
    public=False, definition=lambda a, b: trigamma(a + b) - trigamma(a),
    domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (1e-5, 20.0), (300.0, 0.1), (30.0, 40.0)),
    summary="ψ′(a + b) - ψ′(a) for positive numbers, without cancellation.")
log_beta: Primitive = entry("log_beta", lambda a, b: special.log_beta(a, b),
    lambda a, b, y: (-digamma_difference(a, b), -digamma_difference(b, a)),
    symbol="ln B", notation=lambda m, a, b: m.named("ln", m.named("B", a, b)),
    definition=lambda a, b: lgamma(a) + lgamma(b) - lgamma(a + b), domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (1e-5, 20.0), (300.0, 0.1), (1e10, 1e10), (30.0, 40.0)),
    summary="The logarithm of the beta function, without the cancellation of large logarithms.")
beta = entry("beta", lambda a, b: special.beta(a, b),
    lambda a, b, y: (-y * digamma_difference(a, b), -y * digamma_difference(b, a)),
    symbol="B", notation=lambda m, a, b: m.named("B", a, b),
    definition=lambda a, b: exp(log_beta(a, b)), domain=((0.0, INF), (0.0, INF)),
    points=((0.5, 0.5), (2.0, 3.0), (0.1, 20.0), (30.0, 0.1), (9.0, 9.0)),
    summary="The beta function Γ(a) Γ(b) / Γ(a + b) of positive numbers.")
normal_pdf: Primitive = entry("normal_pdf", lambda x: special.normal_pdf(x),
    lambda x, y: (-x * y,),
    symbol="φ", notation=lambda m, x: m.named("φ", x), finite=True,
    definition=lambda x: exp(-0.5 * (x * x)) * (1.0 / math.sqrt(2.0 * math.pi)),
    points=(-38.0, -2.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    summary="The density φ of the standard normal distribution.")
ndtr: Primitive = entry("ndtr", lambda x: special.ndtr(x), lambda x, y: (normal_pdf(x),),
    symbol="Φ", notation=lambda m, x: m.named("Φ", x), finite=True,
    definition=lambda x: 0.5 * erfc(x * -math.sqrt(0.5)),
    points=(-37.0, -5.5, -0.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    summary="The distribution function Φ of the standard normal distribution.")
erfcx: Primitive = entry("erfcx", lambda x: special.erfcx(x),
    lambda x, y: (-2.0 * ierfcx(x),),
    definition=lambda x: exp(x * x) * erfc(x),
    points=(-20.0, -2.5, -0.3, 0.0, 0.5, 1.0, 3.0, 11.0, 13.0, 30.0, 1e10),
    summary="The scaled complement of the error function, e^(x²) erfc(x).")
ierfcx: Primitive = entry("ierfcx", lambda x: special.ierfcx(x),
    lambda x, y: (2.0 * (x * y) - erfcx(x),), public=False,
    definition=lambda x: 1.0 / math.sqrt(math.pi) - x * erfcx(x),
    points=(-20.0, -2.5, -0.3, 0.0, 0.5, 1.0, 2.0),
    summary="e^(x²) times the integral of erfc from x on; -2 times it is the derivative of erfcx.")
log_ndtr = entry("log_ndtr", lambda x: special.log_ndtr(x),
    lambda x, y: (_slope_of_log_ndtr(x),),
    symbol="ln Φ", notation=lambda m, x: m.named("ln", m.named("Φ", x)),
    definition=lambda x: log(ndtr(x)),
    points=(-1000.0, -37.0, -5.5, -0.5, 0.0, 1e-9, 0.5, 3.0, 20.0),
    summary="The logarithm of the normal distribution function, exact far to the left.")
ndtri = entry("ndtri", lambda x: special.ndtri(x),
    lambda x, y: (_slope_of_quantile(
        where(less(x, 0.5), x, 1.0 - x), abs_(y) * math.sqrt(0.5),
        exp(0.5 * (y * y))) * math.sqrt(2.0 * math.pi),),
    symbol="Φ⁻¹", notation=lambda m, x: m.named("Φ⁻¹", x), domain=((0.0, 1.0),),
    points=(1e-300, 1e-9, 0.05, 0.3, 0.5, 0.6, 0.999, 0.99999999, 0.0, 1.0),
    summary="The standard normal quantile, the inverse of ndtr.")
erfinv = entry("erfinv", lambda x: special.erfinv(x),
    lambda x, y: (_slope_of_quantile(
        where(less(x, 0.0), 0.5 * (1.0 + x), 0.5 * (1.0 - x)), abs_(y),
        exp(y * y)) * (0.5 * math.sqrt(math.pi)),),
    symbol="erf⁻¹", notation=lambda m, x: m.named("erf⁻¹", x), domain=((-1.0, 1.0),),
    points=(-0.99999999, -0.999, -0.5, 0.0, 1e-12, 0.5, 0.9, 0.99999999, 1.0),
    summary="The inverse of the error function.")
sinc: Primitive = entry("sinc", lambda x: special.spherical_bessel_pi(0, x),
    lambda x, y: (-math.pi * spherical_bessel_pi_1(x),), finite=True,
    points=(-30.5, -1.0, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.7),
    summary="sin(πx) / (πx), which is 1 at 0: the normalised cardinal sine, as NumPy's.")
spherical_bessel_pi_1: Primitive = entry("spherical_bessel_pi_1",
    lambda x: special.spherical_bessel_pi(1, x), lambda x, y: (_bessel_partial(1, x),),
    public=False, symbol="j1(π·)", finite=True, points=(-30.5, -0.3, 0.0, 1e-9, 0.5, 1.0, 2.7),
    summary="The spherical Bessel function j₁ at πx.")
gelu = entry("gelu", lambda x: special.gelu(x), lambda x, y: (ndtr(x) + x * normal_pdf(x),),
    definition=lambda x: x * ndtr(x), notation=lambda m, x: m.product(x, m.named("Φ", x)),
    finite=True, points=(-30.0, -2.5, -1e-9, 0.0, 0.5, 3.0, 40.0),
    summary="x times the normal distribution function: the Gaussian error linear unit.")

# Families: one primitive for each order, made when it is first needed.
polygamma: Callable[[int], Primitive] = family("polygamma", lambda order: entry(
        f"polygamma_{order}", lambda x: special.polygamma(order, x),
        lambda x, y: (polygamma(order + 1)(x),), public=False, trusted=False,
        points=(-2.3, 0.1, 1.0, 2.4, 30.0),
        summary=f"The derivative of order {order} of digamma."),
    {0: digamma, 1: trigamma, 2: polygamma_2, 3: polygamma_3})
polygamma_difference: Callable[[int], Primitive] = family("polygamma_difference", lambda order: entry(
        f"polygamma_difference_{order}", lambda a, b: special.polygamma_difference(order, a, b),
        lambda a, b, y: (polygamma_difference(order + 1)(a, b), polygamma(order + 1)(a + b)),
        public=False, trusted=False, domain=((0.0, INF), (0.0, INF)),
        points=((0.5, 0.5), (2.0, 3.0), (300.0, 0.1)),
        summary=f"The polygamma function of order {order} of a + b, less that of a."),
    {0: digamma_difference, 1: polygamma_difference_1})
spherical_bessel_pi = family("spherical_bessel_pi", lambda order: entry(
        f"spherical_bessel_pi_{order}", lambda x: special.spherical_bessel_pi(order, x),
        lambda x, y: (_bessel_partial(order, x),), public=False,
        trusted=False, finite=True, points=(-30.5, -0.3, 0.0, 0.5, 2.7),
        summary=f"The spherical Bessel function of order {order} at πx."),
    {0: sinc, 1: spherical_bessel_pi_1})
# Functions whose derivatives keep their digits where sigmoid and tanh are saturated.
logistic: Primitive = entry("logistic", _sigmoid, lambda x, y: (sigmoid_slope(x),),
    definition=lambda x: 1.0 / (1.0 + exp(-x)), symbol="σ",
    points=(-1000.0, -40.0, *_SPECIAL, 1000.0),
    finite=True,
    summary="The logistic function σ, as sigmoid, with derivatives that are exact in both tails.")
sigmoid_slope: Primitive = entry("sigmoid_slope", _sigmoid_slope,
    lambda x, y: (-(y * tanh(0.5 * x)),),
    definition=lambda x: sigmoid(x) * sigmoid(-x), symbol="σ'",
    notation=lambda m, x: m.product(m.named("σ", x), m.named("σ", -x)),
    points=(-1000.0, -40.0, *_SPECIAL, 1000.0),
    finite=True,
    summary="The slope σ(x) σ(-x) of the sigmoid, exact in both tails.")
sech2: Primitive = entry("sech2", lambda x: 4.0 * _sigmoid_slope(2.0 * x),
    lambda x, y: (-2.0 * (y * tanh(x)),),
    definition=lambda x: 1.0 / (cosh(x) * cosh(x)), symbol="sech²",
    notation=lambda m, x: m.named("sech", x)**2,
    points=(-400.0, -20.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 20.0, 400.0),
    finite=True,
    summary="The slope 1 - tanh² of tanh, exact in both tails.")

# Shares e / Σ e of numbers e = e^(x - top), the largest of which is 1. Their rest is Σ e - 1, and
# part is 1 / Σ e. The only largest stays 1 when its x moves: its derivatives are those of the
# others, with the other sign, and come by way of top. Where several are the largest, top could be
# any number, and its derivatives cancel.
expdiff: Primitive = entry("expdiff", lambda a, b: call("exp", a - b), lambda a, b, y: (y, -y),
    public=False, definition=lambda a, b: exp(a - b), notation=lambda m, a, b: m.e**(a - b),
    points=((1.0, 2.0), (1e17, 1e17), (-745.0, 0.0), (0.5, 0.0), (3.0, -700.0)), finite=True,
    summary="e^(a - b), for a number a that is not above b.")
moves: Primitive = entry("moves", lambda e, part: choose((e == 1.0) & (part > 0.5), 0.0, 1.0),
    lambda e, part, y: (0.0, 0.0),
    gate=True, public=False, points=((0.25, 0.75), (1.0, 0.75), (1.0, 0.5), (-1.0, 0.2)),
    kinks="0 for e = 1 and a part above 1/2, the only largest number, which stays 1; else 1: its "
          "derivatives are 0 everywhere",
    finite=True,
    summary="1 for a number that can move relative to the largest, else 0.")
part: Primitive = entry("part", lambda rest: 1.0 / (1.0 + rest), lambda rest, y: (-(y * y),),
    public=False, definition=lambda rest: 1.0 / (1.0 + rest),
    notation=lambda m, rest: 1 / (1 + rest),
    points=(0.0, 4e-18, 0.5, 1.0, 3.0, 1e20), finite=True,
    summary="1 / (1 + rest), the part of the largest number in a sum.")
share: Primitive = entry("share", lambda e, part: e * part,
    lambda e, part, y: (share_slope(e, part), e),
    public=False, definition=lambda e, part: e * part,
    notation=lambda m, e, part: m.product(e, part), domain=((0.0, 1.0), (0.0, 1.0)),
    points=((0.5, 0.5), (4e-18, 0.3), (1.0, 0.4), (0.999, 1.0), (1e-300, 0.25)),
    kinks="e = 1 with a part above 1/2 is the only largest number: its partial in e is 0",
    finite=True,
    summary="What one number is of a sum: a softmax.")
share_slope: Primitive = entry("share_slope",
    lambda e, part: choose((e == 1.0) & (part > 0.5), 0.0, part),
    lambda e, part, y: (0.0, nonzero(y)),
    public=False, domain=((0.0, 1.0), (0.0, 1.0)), gate=True,
    points=((0.5, 0.5), (4e-18, 0.3), (1.0, 0.4), (0.999, 1.0), (1.0, 0.75)),
    kinks="0 for e = 1 and a part above 1/2, the only largest number, else the part",
    finite=True,
    summary="The derivative of a share by its number.")
other_shares: Primitive = entry("other_shares",
    lambda e, rest: (rest + (1.0 - e)) / (1.0 + rest), _other_shares_partials,
    public=False, definition=lambda e, rest: (rest + (1.0 - e)) / (1.0 + rest),
    symbol="1 - share",
    notation=lambda m, e, rest: (rest + (1 - e)) / (1 + rest), domain=((0.0, 1.0), (0.0, INF)),
    points=((0.5, 0.5), (4e-18, 3.0), (1.0, 1.5), (0.999, 0.0), (1e-300, 0.25)),
    kinks="e = 1 with a rest below 1 is the only largest number: its partial in e is 0",
    finite=True,
    summary="What all other numbers are of a sum.")
log_share: Primitive = entry("log_share", lambda z, rest: z - call("log1p", rest),
    lambda z, rest, y: (moves(1.0 - nonzero(z), part(rest)), -part(rest)),
    public=False, definition=lambda z, rest: z - log1p(rest), symbol="ln share",
    notation=lambda m, z, rest: z - m.named("ln", 1 + rest),
    domain=((-INF, 0.0), (0.0, INF)),
    points=((-1.0, 0.5), (-40.0, 3.0), (0.0, 1.5), (-0.5, 0.0), (-800.0, 0.2)),
    kinks="z = 0 with a rest below 1 is the only largest number: its partial in z is 0",
    finite=True,
    summary="The logarithm of a share.")
largest: Primitive = fold("largest", Fold(LIST, [_TOP],
        lambda top: top, lambda x, y: equal(x, y)),
    definition=lambda *x: functools.reduce(maximum, x), symbol="max", finite=True, gate=True,
    public=False, points=((1.0, 2.0, 3.0), (2.0, 1.5, -1.0), (5.0,), (-1e300, 1e300)),
    kinks="several largest have the partial 1 each: it serves differences to the largest number, "
          "whose derivatives then cancel",
    summary="The largest of any number of numbers, for differences to it.")
rest: Primitive = fold("rest", Fold(LIST,
        [Stage(lambda ones, others, x: _beside_one(ones, others, x), ones=-1.0, others=0.0)],
        lambda ones, others: others + ones,
        lambda x, y: moves(x, part(y))),
    definition=lambda *x: _added(*x, -1.0), notation=lambda m, x: m.sum(*x) - 1, public=False,
    points=((0.25, 1.0, 1.0), (1.0, 1.0, 0.5), (0.75, 0.5), (4e-18, 1.0, 0.0, 1.0)),
    kinks="1 among numbers whose rest is below 1 is the only largest number: its partial is 0", finite=True,
    summary="Σ e - 1, exact where one of the numbers is 1 and the others are small.")
surprise: Primitive = fold("surprise", Fold(LIST_WITH_INITIAL, [_TOP_OF_ALL, _OTHERS_OF_ALL],
        lambda top, ones, others, initial: (top - initial) + call("log1p", others + ones),
        lambda x, top, scale: share(expdiff(x, top), scale),
        {"top": (lambda top: top, lambda x, initial: largest(*x, initial)),
         "rest": (lambda ones, others: others + ones,
                  lambda x, initial, top: rest(*[expdiff(v, top) for v in (initial, *x)])),
         "scale": (lambda ones, others: part(others + ones), lambda rest: part(rest))},
        lambda initial, top, rest: -other_shares(expdiff(initial, top), rest),
        lambda *x, y: [*[exp(v - x[-1] - y) for v in x[:-1]], exp(-y) - 1.0]),
    definition=lambda *x: log(_added(*(exp(v) for v in x))) - x[-1], symbol="-ln share",
    notation=lambda m, x, chosen: m.named("ln", m.sum(*[m.e**v for v in (*x, chosen)])) - chosen,
    labels=("others", "chosen"), public=False,
    points=((1.0, 2.0, 3.0), (1000.0, 1000.0), (-1000.0, -1001.0), (0.0,), (0.0, 40.0)), finite=True,
    summary="-ln of the share of the last number: the cross-entropy of a class.")
cross_entropy: Primitive = fold("cross_entropy", Fold(PAIRS,
        [_TOP_OF_RIGHT, _OTHERS_OF_RIGHT, _MISSES,
         Stage(lambda beside, left, right, top, ones, others: beside + choose(
                   (right == top) & (1.0 / (1.0 + (others + ones)) > 0.5), 0.0, left), beside=0.0)],
        lambda total, misses, ones, others: misses + total * call("log1p", others + ones),
        _cross_entropy_partials,
        {"top": (lambda top: top, lambda right: largest(*right)),
         "rest": (lambda ones, others: others + ones,
                  lambda right, top: rest(*[expdiff(v, top) for v in right])),
         "scale": (lambda ones, others: part(others + ones), lambda rest: part(rest)),
         "total": (lambda total: total, lambda left: sum_(*left)),
         "beside": (lambda beside: beside, lambda left, right, top, scale: dot(
             *left, *[moves(expdiff(v, top), scale) for v in right]))},
        written=_cross_entropy_slopes),
    definition=_cross_entropy_definition, symbol="H", labels=("d", "logit"), public=False,
    notation=lambda m, d, x: m.sum(*[
        m.product(p, m.named("ln", m.sum(*[m.e**v for v in x])) - z)
        for p, z in zip(d, x, strict=True)]),
    points=((0.25, 0.75, 2.0, 3.0), (0.0, 1.0, 0.5, 0.25), (1.0, 0.0, 40.0, 0.0), (1.0, 3.0),
            (0.5, 0.5, 1000.0, 1000.0)),
    kinks="a class of probability 0 does not count, also if its logit is -inf", finite=True,
    summary="Σ d (logsumexp(x) - x), the cross-entropy of probabilities d.")
