"""Exponentials, logarithms and roots; trigonometry and its hyperbolic companions; erf."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from autograd_bp.entry import Kink, Primitive
from autograd_bp.expressions import Expression, call, choose
from autograd_bp.table import gaps
from autograd_bp.table.making import INF, NUMBERS, c_function, entry

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.arithmetic import div, pow, power
    from autograd_bp.table.limits import infinities, unit
    from autograd_bp.table.slopes import exp_of_minus_square, slope_of_atan, square_left


def _cbrt(x: Expression) -> Expression:
    # C's and Python's own functions differ in the last digit. One Newton step brings it right.
    root = call("copysign", call("pow", abs(x), 1.0 / 3.0), x)
    improved = root - (root - x / (root * root)) / 3.0
    return choose((x == 0.0) | ~call("isfinite", x), x, improved)


def _atan2_partials(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    # b / (a² + b²) without the overflow of the squares.
    h = hypot(a, b)
    by_a, by_b = _hypot_partials(a, b, h)
    return div(by_b, h), -div(by_a, h)


def _hypot_partials(a: Any, b: Any, y: Any) -> tuple[Any, Any]:
    infinite = infinities(a, b)
    return unit(a, y, infinite), unit(b, y, infinite)


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
exp: Primitive = entry("exp", c_function("exp"), lambda x, y: (y,),
    notation=lambda m, x: m.e**x, numpy="exp", points=NUMBERS,
    summary="The exponential function, e to the power x.")
expm1 = entry("expm1", c_function("expm1"), lambda x, y: (exp(x),),
    notation=lambda m, x: m.e**x - 1, definition=lambda x: exp(x) - 1.0, numpy="expm1",
    points=NUMBERS,
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
sqrt: Primitive = entry("sqrt", c_function("sqrt"), lambda x, y: (div(0.5, y),),
    symbol="√", notation=lambda m, x: m.root(x), definition=lambda x: power(x, 0.5), numpy="sqrt",
    domain=((0.0, INF),), points=(0.0, 1e-300, 0.25, 1.0, 2.0, 1e300),
    kinks="sqrt'(0) = +inf, the limit from the right",
    kink=Kink(lambda x: x, above="x > 0", at="x = 0"),
    summary="The square root.")
cbrt = entry("cbrt", _cbrt, lambda x, y: (div(div(1.0, y), 3.0 * y),),
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
asin = entry("asin", c_function("asin"), lambda x, y: (div(1.0, sqrt(square_left(x))),),
    notation="arcsin", numpy="arcsin", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 0.3, 0.999, 1.0, 1.5),
    summary="The angle in radians whose sine is x, from -π/2 to π/2.")
acos = entry("acos", c_function("acos"), lambda x, y: (-div(1.0, sqrt(square_left(x))),),
    notation="arccos", numpy="arccos", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 0.3, 0.999, 1.0, 1.5),
    summary="The angle in radians whose cosine is x, from 0 to π.")
atan = entry("atan", c_function("atan"), lambda x, y: (slope_of_atan(x),),
    notation="arctan", numpy="arctan",
    finite=True,
    summary="The angle in radians whose tangent is x, from -π/2 to π/2.")
atan2 = entry("atan2", lambda a, b: call("atan2", a, b), _atan2_partials,
    numpy="arctan2",
    points=((1.0, 2.0), (-1.0, -2.0), (0.0, 1.0), (1.0, 0.0), (1e200, 1e200)),
    kinks="atan2 has no derivative at (0, 0): both partials are NaN",
    finite=True,
    kink=Kink(gaps.size, above="away from 0", at="all inputs 0"),
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
    rounding="saturated",
    summary="The hyperbolic tangent, which maps every number to one between -1 and 1.")
asinh = entry("asinh", c_function("asinh"), lambda x, y: (div(1.0, hypot(x, 1.0)),),
    notation="arsinh", numpy="arcsinh",
    finite=True,
    summary="The number whose hyperbolic sine is x.")
acosh = entry("acosh", c_function("acosh"), lambda x, y: (div(div(1.0, sqrt(x - 1.0)), sqrt(x + 1.0)),),
    notation="arcosh", numpy="arccosh", domain=((1.0, INF),),
    points=(1.0, 1.0001, 2.0, 1e200, 0.5),
    summary="The number, 0 or more, whose hyperbolic cosine is x.")
atanh = entry("atanh", c_function("atanh"), lambda x, y: (div(1.0, square_left(x)),),
    notation="artanh", numpy="arctanh", domain=((-1.0, 1.0),),
    points=(-1.0, -0.5, 0.0, 1e-12, 0.999, 1.0, 1.5),
    summary="The number whose hyperbolic tangent is x.")
hypot: Primitive = entry("hypot", lambda a, b: call("hypot", a, b),
    _hypot_partials,
    notation=lambda m, a, b: m.root(a**2 + b**2), numpy="hypot",
    definition=lambda a, b: sqrt(a * a + b * b),
    points=((3.0, 4.0), (-3.0, 4.0), (0.0, 0.0), (0.0, 2.0), (1e200, 1e200)),
    kinks="both partials are 0 at (0, 0)",
    kink=Kink(gaps.size, above="away from 0", at="all inputs 0"),
    rounding="length",
    summary="The length of the vector (a, b), without overflow of the squares.")
erf = entry("erf", c_function("erf"), lambda x, y: (2.0 / math.sqrt(math.pi) * exp_of_minus_square(x),),
    finite=True,
    summary="The error function: 2/√π times the integral of e^(-t²) from 0 to x.")
erfc: Primitive = entry("erfc", c_function("erfc"), lambda x, y: (-2.0 / math.sqrt(math.pi) * exp_of_minus_square(x),),
    definition=lambda x: 1.0 - erf(x),
    finite=True,
    summary="The complement of the error function, 1 - erf(x), without cancellation for large x.")
