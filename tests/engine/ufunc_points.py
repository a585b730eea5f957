"""NumPy's ufuncs, points at which they are called with Values, and what is right there."""

import pytest

from autograd_bp import Value

np = pytest.importorskip("numpy")

UFUNCS = {
    each.__name__: each
    for each in (getattr(np, name) for name in dir(np))
    if isinstance(each, np.ufunc)
}
ON_MATRICES = {name for name, ufunc in UFUNCS.items() if ufunc.signature is not None}
QUESTIONS = {
    "less",
    "less_equal",
    "greater",
    "greater_equal",
    "equal",
    "not_equal",
    "isnan",
    "isinf",
    "isfinite",
    "signbit",
}
LOGIC = {"logical_and", "logical_or", "logical_not", "logical_xor"}
REFUSED = {
    "bitwise_and",
    "bitwise_count",
    "bitwise_or",
    "bitwise_xor",
    "frexp",
    "gcd",
    "invert",
    "isnat",
    "lcm",
    "left_shift",
    "nextafter",
    "right_shift",
    "spacing",
}
NO_OBJECTS = {
    "copysign",
    "divmod",
    "float_power",
    "heaviside",
    "isfinite",
    "isinf",
    "isnan",
    "ldexp",
    "logaddexp",
    "logaddexp2",
    "modf",
    "signbit",
}
POINTS = {"arccosh": [(1.5,), (3.0,)], "ldexp": [(0.7, 3), (-1.3, -2)]}
ONE = [(0.3,), (0.7,)]
EVERYWHERE = [(-1.7,), (0.3,), (2.6,), (7.25,)]
TWO = [(0.7, 2.3), (7.3, 2.0), (1.4, 1.4 + 1e-3), (3.1, 0.6)]
SIGNED = [(-7.3, 2.0), (7.3, -2.0), (-0.4, 1.5), (-3.0, -1.3)]
ON_ALL_NUMBERS = {
    "absolute",
    "cbrt",
    "ceil",
    "conjugate",
    "cos",
    "deg2rad",
    "degrees",
    "exp",
    "exp2",
    "expm1",
    "fabs",
    "floor",
    "modf",
    "negative",
    "positive",
    "rad2deg",
    "radians",
    "reciprocal",
    "rint",
    "sign",
    "sin",
    "sinh",
    "square",
    "tanh",
    "trunc",
    "arctan",
    "arcsinh",
    *QUESTIONS,
    *LOGIC,
}
ONLY_POSITIVE = {"power", "float_power"}


def points(name):
    ufunc = UFUNCS[name]
    if name in POINTS:
        return POINTS[name]
    if ufunc.nin == 1:
        return EVERYWHERE if name in ON_ALL_NUMBERS else ONE
    return TWO if name in ONLY_POSITIVE else TWO + SIGNED


def outputs(result):
    return result if isinstance(result, tuple) else (result,)


def slopes(ufunc, at, output):
    """∂output/∂input for each input that is a float, by differences of NumPy's own function."""
    found = []
    for i, x in enumerate(at):
        if not isinstance(x, float):
            continue
        h = 1e-5
        up = outputs(ufunc(*at[:i], x + h, *at[i + 1 :]))[output]
        down = outputs(ufunc(*at[:i], x - h, *at[i + 1 :]))[output]
        found.append((float(up) - float(down)) / (2 * h))
    return found


def check(y, leaves, at, ufunc, output):
    expected = outputs(ufunc(*at))[output]
    assert y.data == pytest.approx(float(expected), rel=4e-15, abs=1e-300)
    for leaf in leaves:
        leaf.grad = 0.0
    y.backward()
    assert [leaf.grad for leaf in leaves] == pytest.approx(
        slopes(ufunc, at, output), rel=1e-6, abs=1e-6
    )


def wrapped(at):
    return [Value(x) if isinstance(x, float) else x for x in at]


CALLED = sorted(set(UFUNCS) - REFUSED - ON_MATRICES - QUESTIONS)
