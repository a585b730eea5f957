"""Bessel functions of integer order, against mpmath and on every target."""

import functools
import math
import pickle
from types import SimpleNamespace

import mpmath as mp
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp import primitives as ops
from autograd_bp.arrays.ufuncs import recorded
from autograd_bp.compiling.backends import registry
from autograd_bp.errors import OperandError, PrimitiveError

np = pytest.importorskip("numpy")

BACKENDS = [backend.name for backend in registry.backends() if backend.unavailable() is None]
KINDS = {
    "bessel_i": (bp.bessel_i, mp.besseli),
    "bessel_j": (bp.bessel_j, mp.besselj),
    "bessel_k": (bp.bessel_k, mp.besselk),
    "bessel_y": (bp.bessel_y, mp.bessely),
}
ORDERS = [0, 1, 2, 3, 7, 20, 50, 100]
POINTS = [1e-9, 0.3, 0.99, 1.01, 2.404825557695773, 3.9, 4.99, 5.01, 7.9, 8.1, 14.0, 29.0, 31.0]
POINTS += [47.5, 119.0, 300.25, 650.0]
NAMES = sorted(KINDS)


@functools.cache
def exact(name, order, x, derivative=0):
    """By DLMF 10.6.1 and 10.29.1 for derivatives."""
    function = KINDS[name][1]
    if derivative == 0:
        if order < 0:
            return (
                (-1) ** order * exact(name, -order, x)
                if name in ("bessel_j", "bessel_y")
                else (exact(name, -order, x))
            )
        return function(order, x)
    above = 1 if name in ("bessel_i", "bessel_k") else -1
    sign = -1 if name == "bessel_k" else 1
    lower = exact(name, order - 1, x, derivative - 1)
    return sign * (lower + above * exact(name, order + 1, x, derivative - 1)) / 2


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("name", NAMES)
def test_values_are_right_to_a_few_units(name, order):
    function, _ = KINDS[name]
    compared = 0
    for x in [*POINTS, *[-x for x in POINTS if name in ("bessel_i", "bessel_j")]]:
        with mp.workdps(40):
            true = exact(name, order, mp.mpf(x))
            slope = exact(name, order, mp.mpf(x), 1)
        if not 1e-290 < abs(true) < 1e300:
            continue
        unit = math.ulp(abs(float(true)))
        if name in ("bessel_j", "bessel_y"):
            unit += abs(float(slope) * x) * 2.0**-53
        allowed = 6.0 if name in ("bessel_j", "bessel_y") else 6.0 + order / 6.0
        assert abs(function(order, x) - true) <= allowed * unit, x
        compared += 1
    assert compared >= 5


@pytest.mark.parametrize("order", [0, 1, 2, 5, 30])
@pytest.mark.parametrize("name", NAMES)
def test_derivatives_to_the_fourth_are_those_of_mpmath(name, order):
    function, _ = KINDS[name]
    for at in (0.3, 2.2, 6.5, 17.0, 40.0):
        x = Value(at)
        y = function(order, x)
        with mp.workdps(40):
            true = [exact(name, order, mp.mpf(at), k) for k in range(5)]
        scale = max(map(abs, true))
        for k in range(5):
            assert abs(y.data - true[k]) <= 1e-13 * abs(true[k]) + 1e-14 * scale, (at, k)
            y = bp.gradients(y, x, record=True) if k < 4 else y


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_at_0_and_modes_agree(name):
    function, _ = KINDS[name]
    at = 0.0 if name in ("bessel_i", "bessel_j") else 1.5
    for order in range(4):
        f = lambda x, n=order: function(n, x)  # noqa: E731
        series = bp.taylor(f, at, 4)
        with mp.workdps(40):
            true = [exact(name, order, mp.mpf(at), k) / mp.factorial(k) for k in range(5)]
        assert series == pytest.approx([float(c) for c in true], rel=1e-13, abs=1e-15)
        assert bp.jvp(f, at, 1.0)[1] == pytest.approx(float(true[1]), rel=1e-13, abs=1e-15)


def test_special_numbers():
    nan, inf = math.nan, math.inf
    for order in (0, 1, 2, 9):
        for function in (bp.bessel_i, bp.bessel_j, bp.bessel_k, bp.bessel_y):
            assert math.isnan(function(order, nan))
        assert bp.bessel_j(order, inf) == bp.bessel_j(order, -inf) == bp.bessel_y(order, inf) == 0.0
        assert bp.bessel_k(order, inf) == 0.0
        assert bp.bessel_i(order, inf) == inf
        assert bp.bessel_i(order, -inf) == (-inf if order % 2 else inf)
        assert bp.bessel_j(order, 0.0) == bp.bessel_i(order, 0.0) == (1.0 if order == 0 else 0.0)
        assert bp.bessel_y(order, 0.0) == -inf
        assert bp.bessel_k(order, 0.0) == inf
        assert math.isnan(bp.bessel_y(order, -1.0))
        assert math.isnan(bp.bessel_k(order, -1.0))
        assert bp.bessel_y(order + 5, 1e-300) == -inf
    assert bp.bessel_i(0, 712.0) == pytest.approx(float(mp.besseli(0, 712)), rel=1e-14)


@pytest.mark.parametrize("backend", BACKENDS)
def test_compiled_functions_have_the_same_numbers(backend):
    def f(x):
        return [function(3, x) for function, _ in KINDS.values()]

    xs = [0.25, 1.7, 4.5, 5.5, 9.0, 33.0, 120.0]
    compiled = bp.compiled(f, rows="x", reduce=None, backend=backend)
    total = lambda x: sum(f(x))  # noqa: E731
    slopes = bp.compiled(total, rows="x", reduce=None, backend=backend)
    # Some backends have sine and exponential of their own, and fused products.
    assert np.allclose(compiled(xs), np.transpose([f(x) for x in xs]), rtol=3e-15, atol=0.0)
    assert np.allclose(slopes.grad(xs), [bp.grad(total)(x) for x in xs], rtol=3e-15)


def test_arrays_values_and_pickles():
    x = np.array([0.5, 2.0, 40.0])
    assert bp.bessel_j(1, x).tolist() == [bp.bessel_j(1, each) for each in x]
    v = Value(2.0)
    y = bp.bessel_k(3, bp.array([v, 1.0]))
    assert y[0].data == bp.bessel_k(3, 2.0)
    copy = pickle.loads(pickle.dumps(y[0]))
    assert copy.op is y[0].op
    assert ops.Primitive.named("bessel_k_3") is y[0].op


def test_formulas_and_a_page_of_them():
    x = Value(1.5, "x")
    y = bp.bessel_j(2, x) * bp.bessel_k(1, x)
    formula = bp.formula(y, x)
    assert "bessel_j_2(x)" in str(formula)
    assert r"\operatorname{J2}\left(x\right)" in formula.latex()
    assert "bessel_j_2" in bp.step_through(y).html


@pytest.mark.parametrize("order", [-1, 101, 1.5, "2", Value(1.0), None])
@pytest.mark.parametrize("name", NAMES)
def test_the_order_is_a_whole_number(name, order):
    with pytest.raises(PrimitiveError, match=f"the order of {name} is fixed, a whole number"):
        KINDS[name][0](order, 2.0)


def test_a_derivative_beyond_the_largest_order_says_what_the_limit_is():
    assert bp.taylor(lambda x: bp.bessel_j(100, x), 90.0, 4)[4] != 0.0
    with pytest.raises(PrimitiveError, match="made up to 120"):
        ops.bessel_j(121)(1.0)


def test_functions_of_numpy_and_scipy_are_recorded():
    x = Value(2.0)
    assert np.i0(x).data == bp.bessel_i(0, 2.0)
    assert np.i0(bp.array([x, 1.0]))[1] == bp.bessel_i(0, 1.0)
    for name, op in (("j0", "bessel_j_0"), ("y1", "bessel_y_1"), ("k0", "bessel_k_0")):
        assert recorded(SimpleNamespace(__name__=name, nin=1)).name == op
    jv = recorded(SimpleNamespace(__name__="jv", nin=2))
    assert jv(3.0, x).op.name == "bessel_j_3"
    for order in (0.5, -1, x):
        with pytest.raises(OperandError, match="jv needs a whole number"):
            jv(order, x)


def test_the_ends_of_the_floats():
    assert bp.bessel_k(0, 5e-324) == pytest.approx(float(mp.besselk(0, mp.mpf(5e-324))), rel=1e-15)
    assert bp.bessel_k(0, 1e-310) == pytest.approx(float(mp.besselk(0, mp.mpf(1e-310))), rel=1e-15)
    for order in (1, 2, 3, 20):
        for x in (5e-324, 0.0, -0.0):
            assert bp.bessel_k(order, x) == math.inf
            assert bp.grad(functools.partial(bp.bessel_k, order))(x) == -math.inf
    for order, x in ((3, 1e-300), (20, 1e-20), (1, 0.0), (2, 1e-200), (100, 1e-5)):
        derivative = bp.grad(functools.partial(bp.bessel_y, order))
        assert derivative(x) == math.inf
        assert bp.grad(derivative)(x) == -math.inf


def test_an_array_is_no_order():
    with pytest.raises(PrimitiveError, match="the order of bessel_j is fixed"):
        bp.bessel_j(np.array([1, 2]), 1.0)
