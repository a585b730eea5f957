"""The special functions: derivatives of any order, families, and what every target computes."""

import math
import pickle

import mpmath as mp
import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Primitive, Value
from autograd_bp.compiling.backends import registry
from autograd_bp.errors import PrimitiveError

INF = math.inf

# Each with its function in mpmath, and points away from zeros of what is compared.
DIFFERENTIATED = {
    "lgamma": (lambda x: mp.log(abs(mp.gamma(x))), [0.3, 1.0, 2.0, 7.5, 30.0, -0.4]),
    "digamma": (mp.digamma, [0.3, 1.0, 7.5, -0.4]),
    "trigamma": (lambda x: mp.psi(1, x), [0.3, 2.0, -0.4]),
    "erfinv": (mp.erfinv, [0.0, 0.3, -0.3, 0.9]),
    "ndtri": (lambda p: mp.sqrt(2) * mp.erfinv(2 * p - 1), [0.3, 0.5, 0.01]),
    "ndtr": (mp.ncdf, [-3.0, 0.0, 0.5]),
    "log_ndtr": (lambda x: mp.log(mp.ncdf(x)), [-8.0, -0.5, 0.0, 0.5, 3.0]),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [-1.0, 0.0, 0.5, 2.0]),
    "sinc": (mp.sincpi, [0.0, 0.3, 1.0, 2.6]),
    "gelu": (lambda x: x * mp.ncdf(x), [-2.0, 0.0, 1.5]),
    "normal_pdf": (mp.npdf, [-2.0, 0.0, 0.5]),
    "entr": (lambda x: -x * mp.log(x), [0.2, 3.0]),
    "logit": (lambda x: mp.log(x / (1 - x)), [0.2, 0.5, 0.9]),
    "silu": (lambda x: x / (1 + mp.exp(-x)), [-2.0, 0.0, 3.0]),
}


@pytest.mark.parametrize(
    ("name", "point"), [(name, x) for name, (_, points) in DIFFERENTIATED.items() for x in points]
)
def test_derivatives_to_order_4_are_those_of_mpmath(name, point):
    function = getattr(bp, name)
    x = Value(point)
    y = function(x)
    with mp.workdps(40):
        true = [
            mp.factorial(k) * c for k, c in enumerate(mp.taylor(DIFFERENTIATED[name][0], point, 4))
        ]
    scale = max(abs(float(t)) for t in true)
    for order in range(5):
        assert y.data == pytest.approx(float(true[order]), rel=1e-10, abs=1e-13 * scale), order
        y = bp.gradients(y, x, record=True) if order < 4 else y


@pytest.mark.parametrize(("a", "b"), [(0.5, 0.5), (2.0, 3.5), (30.0, 0.2), (12.0, 40.0)])
def test_mixed_derivatives_of_the_beta_function_are_those_of_mpmath(a, b):
    for function, true in (
        (bp.beta, mp.beta),
        (bp.log_beta, lambda a, b: mp.log(mp.beta(a, b))),
    ):
        hessian = bp.hessian(lambda p, f=function: f(*p))([a, b])
        with mp.workdps(40):
            for i, j, orders in ((0, 0, (2, 0)), (0, 1, (1, 1)), (1, 1, (0, 2))):
                expected = float(mp.diff(true, (a, b), orders))
                assert hessian[i][j] == pytest.approx(expected, rel=1e-12)
                assert hessian[j][i] == pytest.approx(expected, rel=1e-12)


def exact_partials(function, a, b):
    """Partials of beta or log_beta to order 4, by series: those of lgamma are polygammas."""
    a, b = mp.mpf(a), mp.mpf(b)

    def of_logarithm(i, j):
        if i + j == 0:
            return mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b)
        one = 0 if i and j else mp.psi(i + j - 1, a if i else b)
        return one - mp.psi(i + j - 1, a + b)

    orders = [(i, j) for i in range(5) for j in range(5 - i)]
    logarithm = {(i, j): of_logarithm(i, j) for i, j in orders}
    if function is bp.log_beta:
        return logarithm
    scaled = {(i, j): c / mp.factorial(i) / mp.factorial(j) for (i, j), c in logarithm.items()}
    start = mp.exp(scaled.pop((0, 0)))
    total = dict.fromkeys(orders, mp.mpf(0))
    power = {(0, 0): start}
    for k in range(1, 6):
        for place, c in power.items():
            total[place] += c
        products = dict.fromkeys(orders, mp.mpf(0))
        for (i, j), c in power.items():
            for (p, q), d in scaled.items():
                if i + j + p + q <= 4:
                    products[i + p, j + q] += c * d / k
        power = products
    return {(i, j): c * mp.factorial(i) * mp.factorial(j) for (i, j), c in total.items()}


def partial(function, a, b, i, j):
    a, b = Value(a), Value(b)
    y = function(a, b)
    for x in [a] * i + [b] * j:
        y = bp.gradients(y, x, record=True)
    return y.data


@pytest.mark.parametrize(
    ("a", "b"), [(1e-5, 1e-5), (1e-8, 3.0), (1e-3, 2e-3), (1e-20, 1e-10), (1e-40, 0.3), (0.1, 20.0)]
)
def test_partials_of_beta_of_tiny_numbers_are_as_right_as_the_page_says(a, b):
    for function in (bp.beta, bp.log_beta):
        with mp.workdps(400):
            exact = exact_partials(function, a, b)
            for (i, j), expected in exact.items():
                error = abs(partial(function, a, b, i, j) - expected)
                bound = 1e-13 * abs(expected)
                if function is bp.beta and i and j:  # docs/kinks.md
                    bound += 40 * 2.0**-52 * exact[0, 0] / mp.mpf(a) ** i / mp.mpf(b) ** j
                assert error <= bound, (function, i, j)


@pytest.mark.parametrize("order", [*range(9), 30, 60, 120, 165])
def test_polygamma_of_any_order(order):
    for x in (0.3, 1.0, 4.5, 40.0, -0.3, -3.7):
        with mp.workdps(60):  # mpmath cancels at negative numbers
            shift = max(0, math.ceil(-x))
            poles = mp.fsum(1 / (mp.mpf(x) + k) ** (order + 1) for k in range(shift))
            exact = mp.psi(order, mp.mpf(x) + shift)
            if shift:
                exact += (-1) ** (order + 1) * mp.factorial(order) * poles
        assert bp.polygamma(order, x) == pytest.approx(float(exact), rel=1e-13)
    x = Value(2.5)
    y = bp.polygamma(order, x)
    y.backward()
    assert x.grad == pytest.approx(float(mp.psi(order + 1, 2.5)), rel=1e-14)


@pytest.mark.parametrize("order", [-1, 166, 10**30, 1.5, "2", Value(1.0)])
def test_the_order_of_polygamma_is_a_whole_number(order):
    with pytest.raises(PrimitiveError, match="order"):
        bp.polygamma(order, 2.0)


def test_a_derivative_beyond_the_largest_order_says_what_the_limit_is():
    slope = lambda x: bp.polygamma(165, x)  # noqa: E731
    assert bp.taylor(slope, 2.5, 4)[4] == pytest.approx(
        float(mp.psi(169, 2.5) / mp.factorial(4)), rel=1e-13
    )
    with pytest.raises(PrimitiveError, match="floats hold factorials"):
        bp.taylor(slope, 2.5, 5)


def test_a_member_of_a_family_is_found_by_its_name_and_survives_a_pickle():
    seventh = Primitive.named("polygamma_7")
    assert seventh is Primitive.named("polygamma_7")
    assert pickle.loads(pickle.dumps(seventh)) is seventh
    y = bp.polygamma(6, Value(2.0))
    copy = pickle.loads(pickle.dumps(bp.gradients(y, y.parents[0], record=True)))
    assert copy.op is seventh
    for name in ("polygamma_x", "polygamma_", "nothing_7"):
        with pytest.raises(PrimitiveError, match="no primitive named"):
            Primitive.named(name)


def test_values_with_names():
    assert bp.lgamma(1.0) == bp.lgamma(2.0) == 0.0
    assert bp.lgamma(0.0) == bp.lgamma(-3.0) == INF
    assert bp.lgamma(171.5) == pytest.approx(math.lgamma(171.5), rel=1e-15)
    assert bp.digamma(1.0) == pytest.approx(-float(mp.euler), rel=1e-15)
    assert math.isnan(bp.digamma(-2.0))
    assert bp.trigamma(1.0) == pytest.approx(math.pi**2 / 6.0, rel=1e-15)
    assert bp.beta(2.0, 3.0) == pytest.approx(1.0 / 12.0, rel=1e-15)
    assert bp.erfinv(0.0) == bp.ndtri(0.5) == 0.0
    assert (bp.erfinv(1.0), bp.erfinv(-1.0)) == (INF, -INF)
    assert (bp.ndtri(0.0), bp.ndtri(1.0)) == (-INF, INF)
    assert bp.ndtr(0.0) == 0.5
    assert bp.ndtri(0.975) == pytest.approx(1.959963984540054, rel=1e-15)
    assert bp.sinc(0.0) == 1.0
    assert [bp.sinc(float(n)) for n in (1, 2, -3, 2**52 + 1)] == [0.0] * 4
    assert bp.erfcx(1e300) == pytest.approx(1.0 / (math.sqrt(math.pi) * 1e300), rel=1e-15)


def test_what_is_inverse_is_inverse():
    for p in (1e-300, 1e-20, 0.01, 0.3, 0.5, 0.7):
        assert bp.ndtr(bp.ndtri(p)) == pytest.approx(p, rel=1e-12)
    for x in (-0.9, 1e-12, 0.5, 0.999):
        assert math.erf(bp.erfinv(x)) == pytest.approx(x, rel=1e-14)


ON_TARGETS = {
    "lgamma": [0.1, 1.3, 2.4, 30.0, -0.3],
    "digamma": [0.1, 1.3, 30.0, -0.3],
    "trigamma": [0.1, 2.4, -0.3],
    "polygamma_3": [0.1, 2.4, -0.3],
    "polygamma_5": [0.1, 2.4, -0.3],
    "ndtr": [-5.5, 0.0, 3.0],
    "log_ndtr": [-37.0, 0.5, 3.0],
    "ndtri": [1e-9, 0.3, 0.999],
    "erfinv": [-0.5, 0.9],
    "erfcx": [-2.5, 0.5, 30.0],
    "sinc": [0.0, 0.5, 2.7],
    "gelu": [-2.5, 0.5],
    "round": [2.5, -0.5],
}


@pytest.mark.parametrize("backend", registry.names())
@pytest.mark.parametrize("name", ON_TARGETS)
def test_every_backend_computes_it_and_its_derivative(name, backend):
    op, points = Primitive.named(name), ON_TARGETS[name]
    try:
        compiled = bp.compiled(lambda w, x: op(w * x) * x, rows="x", backend=backend)
        y, slope = compiled.value_and_grad(1.0, points)
    except (bp.AutogradError, ImportError) as error:
        if "install" in str(error):
            pytest.skip(str(error))
        raise
    partials = [op.partials(x, y=op(x))[0] for x in points]
    assert y == pytest.approx(sum(op(x) * x for x in points), rel=1e-12)
    assert slope == pytest.approx(
        sum(x * x * slope for x, slope in zip(points, partials, strict=True)), rel=1e-12
    )


def test_arrays_get_the_numbers_of_floats():
    for name, points in ON_TARGETS.items():
        op = Primitive.named(name)
        assert op(np.array(points)) == pytest.approx([op(x) for x in points], rel=1e-14)
