"""The incomplete gamma and beta functions, against mpmath and on every target."""

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
PARAMETERS = [1e-3, 0.3, 1.0, 2.5, 7.9, 9.99, 10.0, 15.9, 16.0, 33.3, 250.0, 1e4]
UNIT = 2.0**-52


@functools.cache
def _series(a, x):
    """The series of DLMF 8.7.1 with e^-x: all terms have one sign."""
    total = term = mp.mpf(1)
    k = 0
    while term > total * mp.eps:
        k += 1
        term *= x / (a + k)
        total += term
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a + 1)) * total


def _exact_gamma(a, x):
    """P and Q, with digits to spare where one is small."""
    if x > a + 1:
        above = mp.gammainc(a, x, mp.inf, regularized=True)
        return 1 - above, above
    return _series(a, x), 1 - _series(a, x)


def _exact_beta(a, b, x):
    """DLMF 8.17.8: all terms have one sign."""
    total = term = mp.mpf(1)
    n = 0
    while term > total * mp.eps or n < 3:
        term *= (a + b + n) / (a + 1 + n) * x
        n += 1
        total += term
    scale = mp.loggamma(a + b) - mp.loggamma(a + 1) - mp.loggamma(b)
    return mp.exp(a * mp.log(x) + b * mp.log(1 - x) + scale) * total


def _by_a(a, x):
    """∂P/∂a by a difference of which 36 digits are left."""
    with mp.workdps(70):
        a, x = mp.mpf(a), mp.mpf(x)
        step = a * mp.mpf(10) ** -18
        side = 0 if x <= a + 1 else 1
        above, below = (_exact_gamma(a + h, x)[side] for h in (step, -step))
        return (-1) ** side * (above - below) / (2 * step)


def _ratios(a):
    spread = 3.0 / math.sqrt(a) if a > 9.0 else 0.9
    return [
        1e-3,
        0.1,
        1.0 - spread,
        1.0 - spread / 9.0,
        1.0,
        1.0 + spread / 7.0,
        1.0 + spread,
        5.0,
        40.0,
    ]


@pytest.mark.parametrize("a", PARAMETERS)
def test_gammainc_and_gammaincc_are_right_to_some_units(a):
    compared = 0
    for x in [*[a * ratio for ratio in _ratios(a)], 0.7, 1.3, 1e-300]:
        with mp.workdps(50):
            lower, upper = _exact_gamma(mp.mpf(a), mp.mpf(x))
        for function, true in ((bp.gammainc, lower), (bp.gammaincc, upper)):
            if true > 1e-290:
                assert abs(function(a, x) / true - 1) <= 6 * UNIT, (function, x)
                compared += 1
    assert compared >= 15


@pytest.mark.parametrize("a", [1e-3, 0.6, 2.5, 9.99, 16.0, 1e3])
def test_derivatives_of_gammainc_by_a_are_right_to_some_units(a):
    for x in [a * ratio for ratio in _ratios(a)]:
        true = _by_a(a, x)
        if abs(true) > 1e-290:
            assert abs(ops.gammainc(1)(a, x) / true - 1) <= 10 * UNIT, x
            node = Value(a)
            bp.gammaincc(node, x).backward()
            assert node.grad == -ops.gammainc(1)(a, x)


BETAS = [
    (0.5, 0.5),
    (1e-3, 1e-3),
    (2.0, 3.0),
    (1e-3, 40.0),
    (12.5, 0.02),
    (10.0, 15.99),
    (300.0, 2.0),
]
BETAS += [(3e3, 2e3), (3e3, 40.0), (5819.8, 0.0248)]


@pytest.mark.parametrize(("a", "b"), BETAS)
def test_betainc_is_right_to_some_units(a, b):
    mean = a / (a + b)
    spread = math.sqrt(mean * (1.0 - mean) / (a + b + 1.0))
    points = [mean + k * spread for k in (-6.0, -2.0, -0.3, 0.0, 0.2, 1.0, 3.0)]
    compared = 0
    for x in [*points, 1e-9, 0.01, 0.4, 0.6, 0.95]:
        if not 0.0 < x < 0.98:
            continue
        with mp.workdps(25):
            true = _exact_beta(mp.mpf(a), mp.mpf(b), mp.mpf(x))
        if true > 1e-290:
            assert abs(bp.betainc(a, b, x) / true - 1) <= 8 * UNIT, x
            compared += 1
    assert compared >= 1


def test_betainc_near_1_where_b_is_small():
    for a, b, x in (
        (5819.78, 0.0248, 0.99997),
        (0.128, 0.00165, 0.9977),
        (10.0, 1e-3, 1.0 - 2.0**-40),
    ):
        with mp.workdps(60):
            true = 1 - _exact_beta(mp.mpf(b), mp.mpf(a), 1 - mp.mpf(x))
        assert abs(bp.betainc(a, b, x) / true - 1) <= 8 * UNIT


# By a, by b, twice by a, by both: differences of the series of DLMF 8.17.8 with 70 digits.
SLOPES = {
    (0.5, 0.5, 0.3): [
        *(-0.6428114811572838, 0.46874458391550544, 1.3451995000262817, -0.2657297583584443),
    ],
    (2.0, 3.0, 0.9): [
        *(-0.0037206817498923414, 0.007619564844077965),
        *(-0.002175739262587591, 0.006868545849221845),
    ],
    (0.01, 30.0, 0.001): [
        *(-2.9024560774957906, 0.0003194581189929212, 7.192303937665041, 0.030994136244305987),
    ],
    (61.7, 0.01, 0.99992): [
        *(-0.0001550411878514399, 4.541849002618565),
        *(2.5201057368362865e-06, -0.014765123472024935),
    ],
    (400.0, 300.0, 0.58): [
        *(-0.01167141227577973, 0.015839346482537323),
        *(-0.00015709567933162893, 0.00023303307134024505),
    ],
    (3000.0, 40.0, 0.985): [
        *(-0.0005799456832362356, 0.04083822189111796),
        *(1.2743805101207785e-06, -8.307803701002835e-05),
    ],
    (10000.0, 10000.0, 0.503): [
        *(-0.0019622559785972475, 0.0019740649137160666),
        *(-1.1640287934329029e-05, 1.1809047313027155e-05),
    ],
}


@pytest.mark.parametrize("place", [1, 2, 3, 4])
def test_derivatives_of_betainc_by_its_parameters(place):
    for at, slopes in SLOPES.items():
        allowed = 30 if place < 3 else 200
        assert ops.betainc(place)(*at) == pytest.approx(slopes[place - 1], rel=allowed * UNIT), at


def test_derivatives_by_x_to_the_fourth():
    for a in (2.5, 30.0, 4000.0):
        x = Value(1.07 * a)
        y = bp.gammainc(a, x)
        with mp.workdps(60):
            density = lambda t, a=a: mp.exp((a - 1) * mp.log(t) - t - mp.loggamma(a))  # noqa: E731
            true = [mp.diff(density, mp.mpf(x.data), k) for k in range(4)]
        scale = [abs(true[0]) * a ** (-k / 2.0) for k in range(4)]
        for k in range(4):
            y = bp.gradients(y, x, record=True)
            assert abs(y.data - true[k]) <= 1e-14 * (abs(true[k]) + scale[k]), (a, k)


def test_mixed_derivatives_agree_in_every_mode():
    def f(p):
        return bp.gammainc(p[0], p[1]) * bp.betainc(p[0], p[1], p[2])

    at = [2.5, 3.5, 0.4]
    forward = bp.jacobian(bp.grad(f), mode="forward")(at)
    with mp.workdps(30):
        exact = lambda a, b, x: _exact_gamma(a, b)[0] * _exact_beta(a, b, x)  # noqa: E731
        true = [
            [
                mp.diff(exact, tuple(map(mp.mpf, at)), tuple((i == k) + (j == k) for k in range(3)))
                for j in range(3)
            ]
            for i in range(3)
        ]
    assert np.allclose(bp.hessian(f)(at), np.array(true, dtype=float), rtol=1e-12)
    assert np.allclose(forward, np.array(true, dtype=float), rtol=1e-12)


@pytest.mark.parametrize("backend", BACKENDS)
def test_compiled_functions_have_the_same_numbers(backend):
    def f(a, x):
        return bp.gammainc(a, x) - bp.betainc(a, 3.0, x / (1.0 + x))

    a, x = [0.5, 2.0, 2.0, 12.0, 40.0], [0.1, 3.0, 1.5, 20.0, 39.0]
    compiled = bp.compiled(f, rows=("a", "x"), reduce=None, backend=backend)
    values = [f(*row) for row in zip(a, x, strict=True)]
    slopes = [bp.grad(f)(*row) for row in zip(a, x, strict=True)]
    assert np.allclose(compiled(a, x), values, rtol=1e-14, atol=4e-16)
    assert np.allclose(compiled.grad(a, x), slopes, rtol=1e-14, atol=4e-16)


def test_special_numbers():
    nan, inf = math.nan, math.inf
    for a in (0.2, 1.0, 5.0, 50.0):
        assert bp.gammainc(a, 0.0) == bp.gammaincc(a, inf) == 0.0
        assert bp.gammainc(a, inf) == bp.gammaincc(a, 0.0) == 1.0
        assert bp.betainc(a, 2.0, 0.0) == bp.betainc(2.0, a, 0.0) == 0.0
        assert bp.betainc(a, 2.0, 1.0) == bp.betainc(2.0, a, 1.0) == 1.0
        assert bp.gammainc(inf, a) == 0.0
        assert bp.gammaincc(inf, a) == 1.0
        for function in (bp.gammainc, bp.gammaincc):
            for arguments in ((nan, a), (a, nan), (-a, 1.0), (a, -1e-300), (-inf, a), (a, -inf)):
                assert math.isnan(function(*arguments))
        for arguments in (
            (nan, a, 0.5),
            (a, nan, 0.5),
            (a, a, nan),
            (-a, 1.0, 0.5),
            (a, -1.0, 0.5),
        ):
            assert math.isnan(bp.betainc(*arguments))
        assert math.isnan(bp.betainc(a, a, -0.1))
        assert math.isnan(bp.betainc(a, a, 1.1))
    assert bp.gammainc(0.0, 2.0) == 1.0
    assert bp.gammaincc(0.0, 2.0) == 0.0
    assert math.isnan(bp.gammainc(0.0, 0.0))
    assert math.isnan(bp.gammaincc(0.0, 0.0))
    assert math.isnan(bp.gammainc(inf, inf))
    assert bp.gammainc(1, 2) == bp.gammainc(1.0, 2.0)


def test_the_ends_of_the_floats():
    numbers = [5e-324, 1e-300, 1e-20, 0.5, 3.0, 40.0, 1e10, 1e100, 1e300, 1.7e308]
    for a in numbers:
        for x in numbers:
            lower, upper = bp.gammainc(a, x), bp.gammaincc(a, x)
            assert abs(lower + upper - 1.0) <= 4 * UNIT, (a, x)
            assert 0.0 <= lower <= 1.0
            assert 0.0 <= upper <= 1.0
            assert ops.gammainc(1)(a, x) <= 0.0, (a, x)
            assert ops.gamma_density(0)(a, x) >= 0.0, (a, x)
    numbers = [1e-300, 1e-20, 0.5, 3.0, 40.0, 1e10, 1e100]
    for a in numbers:
        for b in numbers:
            for x in (5e-324, 1e-300, 1e-20, 0.3, 0.5, 1.0 - 1e-10, 1.0 - 2.0**-53):
                assert 0.0 <= bp.betainc(a, b, x) <= 1.0, (a, b, x)
                assert ops.beta_density(0)(a, b, x) >= 0.0, (a, b, x)
                assert not math.isnan(ops.betainc(1)(a, b, x)), (a, b, x)


def test_slopes_at_the_ends():
    for a, slope in ((0.5, math.inf), (1.0, 1.0), (1.5, 0.0), (2.0, 0.0)):
        assert bp.grad(lambda x, a=a: bp.gammainc(a, x))(0.0) == slope
        assert bp.grad(lambda a: bp.gammainc(a, 0.0))(a) == 0.0
        assert bp.grad(lambda x, a=a: bp.betainc(a, 1.0, x))(0.0) == slope * a if a != 1.0 else 1.0
    assert bp.taylor(lambda x: bp.gammainc(2.0, x), 0.0, 6) == pytest.approx(
        [0.0, 0.0, 1 / 2, -1 / 3, 1 / 8, -1 / 30, 1 / 144], rel=1e-15
    )
    assert bp.taylor(lambda x: bp.betainc(2.0, 3.0, x), 0.0, 5) == [0.0, 0.0, 6.0, -8.0, 3.0, 0.0]
    assert bp.taylor(lambda x: bp.betainc(2.0, 3.0, x), 1.0, 5) == [1.0, 0.0, 0.0, 4.0, 3.0, 0.0]
    assert bp.hessian(lambda x: bp.gammainc(1.0, x))(0.0) == -1.0


def test_arrays_values_and_pickles():
    x = np.array([0.5, 2.0, 40.0])
    assert bp.gammainc(3.0, x).tolist() == [bp.gammainc(3.0, each) for each in x]
    y = bp.betainc(bp.array([Value(2.0), 1.0]), 3.0, 0.25)
    assert y[0].data == bp.betainc(2.0, 3.0, 0.25)
    assert bp.betainc(2.0, 3, Value(0.25)).op.name == "betainc_held_0"
    assert bp.grad(lambda x: bp.betainc(2.0, x, 0.25))(3.0) == ops.betainc(2)(2.0, 3.0, 0.25)
    copy = pickle.loads(pickle.dumps(y[0]))
    assert copy.op is y[0].op
    assert ops.Primitive.named("betainc_0") is y[0].op
    for name, arity in (("gammainc", 2), ("gammaincc", 2), ("betainc", 3)):
        assert recorded(SimpleNamespace(__name__=name, nin=arity)).name == f"{name}_0"


def test_formulas_and_high_precision():
    a, x = Value(2.5, "a"), Value(1.5, "x")
    y = bp.gammainc(a, x)
    formula = bp.formula(y * y, x)
    assert "gammainc_0(a, x)" in str(formula)
    assert r"\operatorname{P}\left(a, x\right)" in formula.latex()
    from autograd_bp.printers.mpmath import Precise

    precise = Precise(mp)
    with mp.workdps(25):
        for member, at in (
            (ops.gammainc(0), (2.5, 1.5)),
            (ops.gammainc(2), (2.5, 1.5)),
            (ops.gammaincc(0), (2.5, 1.5)),
            (ops.gamma_density(1), (2.5, 1.5)),
            *[(ops.betainc(k), (2.5, 1.5, 0.3)) for k in range(6)],
            *[(ops.beta_density(k), (2.5, 1.5, 0.3)) for k in range(6)],
        ):
            true = precise.apply(member, list(map(mp.mpf, at)))
            assert abs(member(*at) / true - 1) < 1e-13, member.name


def test_errors_say_what_to_do():
    with pytest.raises(OperandError, match="gammainc needs numbers that floats hold"):
        bp.gammainc(2.0, 10**400)
    with pytest.raises(PrimitiveError, match="derivative of gammainc by its parameters of order 7"):
        ops.gammainc(7)(1.0, 1.0)
    with pytest.raises(PrimitiveError, match="derivative of betainc by its parameters of order 7"):
        ops.betainc(28)(1.0, 1.0, 0.5)
