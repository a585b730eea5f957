"""Derivatives up to order 4 where numbers are tiny, huge or infinite, compared with formulas.

The units are those of the derivative itself, and of what rounding the input moves it by: nothing
else is allowed for, such as the size of derivatives of lower order.
"""

import math

import pytest
from mpmath import mp, mpf

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.primitives import TABLE, Primitive
from benchmarks.accuracy.references import ROWS
from benchmarks.fuzz.exact import Partials

ORDER = 4
ULPS = 40.0
INF, NAN = math.inf, math.nan
DIGITS_OF_TAILS = 800  # e^-1000, and what its differences need


def derivatives(op, x, order=ORDER):
    """The value and the derivatives, each recorded from the one before."""
    at = Value(x)
    y, found = op(at), []
    for _ in range(order + 1):
        found.append(y.data if isinstance(y, Value) else float(y))
        y = bp.gradients(y, at, record=True) if isinstance(y, Value) else 0.0
    return found


# ------------------------------------------------------------------------- formulas of all orders
def erfcx(x):
    """(-2)ᵏ k! e^(x²) iᵏerfc(x)."""
    scale = lambda k: (-2) ** k * mp.factorial(k)  # noqa: E731
    if x > 2:
        powers = [
            mp.hyperu(mpf(k + 1) / 2, mpf(1) / 2, x * x) / (2**k * mp.sqrt(mp.pi)) for k in range(6)
        ]
    else:
        powers = [2 / mp.sqrt(mp.pi), mp.exp(x * x) * mp.erfc(x)]
        for k in range(1, 6):
            powers.append((powers[-2] - 2 * x * powers[-1]) / (2 * k))
        del powers[0]
    return [scale(k) * power for k, power in enumerate(powers)]


def log_ndtr(x):
    """Its slope m has m' = -m (x + m), which gives all coefficients of its series."""
    with mp.workdps(mp.dps + 30 + int(40 * mp.log10(1 + abs(x)))):
        z = -x
        if z > 100:  # by the continued fraction of the inverse Mills ratio, DLMF 7.9.1
            tail = mpf(0)
            for k in range(400, 0, -1):
                tail = k / (z + tail)
            slope = z + tail
            value = -z * z / 2 - mp.log(slope * mp.sqrt(2 * mp.pi))
        else:
            below = mp.erfc(z / mp.sqrt(2)) / 2
            slope = mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi) / below
            value = mp.log(below) if x < 0 else mp.log1p(-mp.erfc(x / mp.sqrt(2)) / 2)
        series = [slope]
        for k in range(ORDER + 1):
            products = mp.fsum(series[i] * series[k - i] for i in range(k + 1))
            before = series[k - 1] if k else 0
            series.append(-(x * series[k] + before + products) / (k + 1))
        return [value, *(s * mp.factorial(k) for k, s in enumerate(series))][: ORDER + 2]


def polygammas(first):
    def found(x):
        return [mp.loggamma(x) if n < 0 else mp.psi(n, x) for n in range(first, first + ORDER + 2)]

    return found


FORMULAS = {
    "erfcx": erfcx,
    "log_ndtr": log_ndtr,
    "lgamma": polygammas(-1),
    "digamma": polygammas(0),
    "trigamma": polygammas(1),
}
TINY = (1e-300, 1e-100, 1e-30, 1e-10, 1e-5)
SIZES = (*TINY, 0.01, 0.3, 0.7, 2.3, 3.7, 8.0, 12.0, 20.0, 30.0, 37.0, 45.0, 100.0)
BOTH_SIDES = (*SIZES, *(-x for x in SIZES))
BOTH_SIDES_OF_1E_9 = tuple(x for x in BOTH_SIDES if abs(x) > 1e-9)
POINTS = {
    "erfcx": (*BOTH_SIDES[:-5], 300.0, 1e4, 1e10, 1e30, 1e60, 1e75),
    "log_ndtr": (*BOTH_SIDES, -1e4, -1e10, -1e30, -1e70),
    "lgamma": (1e-70, 1e-10, 0.3, 2.3, 30.0, 1e5),
    "digamma": (1e-60, 1e-10, 0.3, 2.3, 30.0, 1e5),
    "trigamma": (1e-50, 1e-10, 0.3, 2.3, 30.0, 1e5),
    "silu": BOTH_SIDES,
    "gelu": BOTH_SIDES[:-5],
    "softplus": BOTH_SIDES,
    "log_sigmoid": BOTH_SIDES,
    "logistic": BOTH_SIDES_OF_1E_9,
    "sigmoid_slope": BOTH_SIDES_OF_1E_9,
    "sech2": BOTH_SIDES_OF_1E_9,
    "ndtr": (-37.0, -20.0, -8.0, -1e-3, 1e-3, 0.7, 8.0, 20.0, 37.0),
    "erf": (-20.0, -3.7, 1e-5, 0.3, 8.0, 25.0),
    "asin": (*TINY[2:], 0.3, 0.9, 0.999, 1.0 - 1e-9, -1e-10),
    "acos": (*TINY[2:], 0.3, 0.9, 0.999, -0.999),
    "atanh": (*TINY[2:], 0.3, 0.9, 1.0 - 1e-9, -1e-10),
    "atan": (1e-30, 1e-5, 0.3, 3.7, 100.0, 1e10, 1e60),
    "logit": (1e-70, 1e-10, 0.3, 0.7, 1.0 - 1e-9),
    "entr": (1e-90, 1e-10, 0.3, 2.3, 1e10, 1e60),
    "erfinv": (1e-10, 0.3, 0.7, 0.99, 1.0 - 1e-9, -0.999),
    "ndtri": (1e-70, 1e-10, 0.01, 0.3, 0.7, 1.0 - 1e-9),
    "sinc": (1e-30, 1e-10, 1e-5, 0.01, 0.3, 0.7, 2.3, 30.3),
    "log1p": (1e-30, 1e-5, 0.3, 1e10, -0.999),
    "expm1": (-30.0, -1e-10, 1e-10, 0.3, 30.0),
}


def truth(name, x):
    if name in FORMULAS:
        return FORMULAS[name](mpf(x))
    far = DIGITS_OF_TAILS if abs(x) > 15.0 else 0
    table = Partials(ROWS[name].function, (x,), (0,), ORDER, 60 + far)
    found = [table[(0,) * k] for k in range(ORDER + 1)]
    # What the next derivative says, roughly: it is only a tolerance.
    return [*found, ORDER * found[-1] / min(1.0, abs(x)) if name == "entr" else found[-1]]


@pytest.mark.parametrize("name", POINTS)
def test_derivatives_up_to_order_four_keep_their_digits(name):
    for x in POINTS[name]:
        with mp.workdps(60):
            exact = truth(name, x)
            found = derivatives(Primitive.named(name), x)
            for k in range(ORDER + 1):
                unit = 2.0**-52 * (abs(exact[k]) + abs(exact[k + 1] * x)) + mpf(5e-324)
                if abs(exact[k]) < 1e300:
                    error = abs(mpf(found[k]) - exact[k])
                    assert error <= ULPS * unit, (name, k, x, found[k], float(exact[k]))


# --------------------------------------------------------------------------- at infinity
LIMITS = {  # at -∞ and ∞: the value, and the slope
    "exp": ((0.0, 0.0), (INF, INF)),
    "expm1": ((-1.0, 0.0), (INF, INF)),
    "exp2": ((0.0, 0.0), (INF, INF)),
    "log": (None, (INF, 0.0)),
    "log1p": (None, (INF, 0.0)),
    "log2": (None, (INF, 0.0)),
    "log10": (None, (INF, 0.0)),
    "sqrt": (None, (INF, 0.0)),
    "cbrt": ((-INF, 0.0), (INF, 0.0)),
    "neg": ((INF, -1.0), (-INF, -1.0)),
    "abs": ((INF, -1.0), (INF, 1.0)),
    "sin": (None, None),
    "cos": (None, None),
    "tan": (None, None),
    "asin": (None, None),
    "acos": (None, None),
    "atan": ((-math.pi / 2, 0.0), (math.pi / 2, 0.0)),
    "sinh": ((-INF, INF), (INF, INF)),
    "cosh": ((INF, -INF), (INF, INF)),
    "tanh": ((-1.0, 0.0), (1.0, 0.0)),
    "asinh": ((-INF, 0.0), (INF, 0.0)),
    "acosh": (None, (INF, 0.0)),
    "atanh": (None, None),
    "erf": ((-1.0, 0.0), (1.0, 0.0)),
    "erfc": ((2.0, 0.0), (0.0, 0.0)),
    "square_left": ((-INF, INF), (-INF, -INF)),
    "slope_of_atan": ((0.0, 0.0), (0.0, 0.0)),
    "exp_of_minus_square": ((0.0, 0.0), (0.0, 0.0)),
    "sigmoid": ((0.0, 0.0), (1.0, 0.0)),
    "log_sigmoid": ((-INF, 1.0), (0.0, 0.0)),
    "softplus": ((0.0, 0.0), (INF, 1.0)),
    "relu": ((0.0, 0.0), (INF, 1.0)),
    "sign": ((-1.0, 0.0), (1.0, 0.0)),
    "floor": ((-INF, 0.0), (INF, 0.0)),
    "nonzero": ((1.0, 0.0), (1.0, 0.0)),
    "logical_not": ((0.0, 0.0), (0.0, 0.0)),
    "ceil": ((-INF, 0.0), (INF, 0.0)),
    "trunc": ((-INF, 0.0), (INF, 0.0)),
    "round": ((-INF, 0.0), (INF, 0.0)),
    "square": ((INF, -INF), (INF, INF)),
    "degrees": ((-INF, 180.0 / math.pi), (INF, 180.0 / math.pi)),
    "radians": ((-INF, math.pi / 180.0), (INF, math.pi / 180.0)),
    "entr": (None, (-INF, -INF)),
    "logit": (None, None),
    "silu": ((0.0, 0.0), (INF, 1.0)),
    "lgamma": (None, (INF, INF)),
    "digamma": (None, (INF, 0.0)),
    "trigamma": (None, (0.0, 0.0)),
    "polygamma_2": (None, (0.0, 0.0)),
    "polygamma_3": (None, (0.0, 0.0)),
    "normal_pdf": ((0.0, 0.0), (0.0, 0.0)),
    "ndtr": ((0.0, 0.0), (1.0, 0.0)),
    "erfcx": ((INF, -INF), (0.0, 0.0)),
    "ierfcx": ((INF, -INF), (0.0, 0.0)),
    "ierfcx_2": ((INF, -INF), (0.0, 0.0)),
    "mills_excess": (None, (0.0, 0.0)),
    "mills_excess_1": (None, (0.0, 0.0)),
    "log_ndtr": ((-INF, INF), (0.0, 0.0)),
    "ndtri": (None, None),
    "erfinv": (None, None),
    "sinc": ((0.0, 0.0), (0.0, 0.0)),
    "spherical_bessel_pi_1": ((0.0, 0.0), (0.0, 0.0)),
    "gelu": ((0.0, 0.0), (INF, 1.0)),
    "logistic": ((0.0, 0.0), (1.0, 0.0)),
    "sigmoid_slope": ((0.0, 0.0), (0.0, 0.0)),
    "sech2": ((0.0, 0.0), (0.0, 0.0)),
    "part": (None, (0.0, 0.0)),
}
"""None where there is no limit, or infinity is outside of the domain."""
UNARY = [op for op in TABLE if op.arity == 1 and op.partials and not op.module.startswith("test")]


def test_every_entry_of_one_input_has_its_limits_stated():
    assert {*LIMITS} == {op.name for op in UNARY if op.code < len(TABLE) and op.name in ROWS}


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("side", [0, 1], ids=["minus", "plus"])
def test_at_infinity_the_value_and_the_slope_are_the_limits(name, side):
    if LIMITS[name][side] is None:
        return
    x = Value((-INF, INF)[side])
    y = Primitive.named(name)(x)
    assert (y.data, *y.partials) == LIMITS[name][side]
    # Far out the numbers are the same, or on their way there.
    far = Value((-1e300, 1e300)[side])
    z = Primitive.named(name)(far)
    assert all(map(math.isfinite, z.partials)) or not all(map(math.isfinite, y.partials))


def test_two_equal_infinities_share_the_slope_of_logaddexp():
    for x in (-INF, INF):
        a, b = Value(x), Value(x)
        y = bp.logaddexp(a, b)
        assert (y.data, y.partials) == (x, (0.5, 0.5))
    assert bp.logaddexp(Value(INF), Value(0.0)).partials == (1.0, 0.0)


@pytest.mark.parametrize("name", ["gelu", "silu", "erf", "atan", "ndtr", "normal_pdf", "softplus"])
@pytest.mark.parametrize("x", [-INF, INF, -1e300, 1e300])
def test_where_a_slope_has_a_limit_all_later_derivatives_are_0(name, x):
    assert derivatives(Primitive.named(name), x)[2:] == [0.0] * (ORDER - 1)


@pytest.mark.parametrize("op", [op for op in UNARY if op.name in ROWS], ids=lambda op: op.name)
@pytest.mark.parametrize("x", [0.0, -0.0, 5e-324, -5e-324])
def test_next_to_0_the_partials_are_those_of_0(op, x):
    """Subnormal numbers and -0 give what 0 gives, but at poles, kinks and ends of a domain."""
    low, high = op.domain[0]
    slope, near = (op.partials(each, y=op.forward(each))[0] for each in (x, math.copysign(1e-9, x)))
    if op.kink is not None or not (low < x < high) or not math.isfinite(slope):
        return
    if abs(near) < 1e6:
        assert slope == pytest.approx(near, abs=1e-7)
