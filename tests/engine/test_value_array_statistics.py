"""Functions of NumPy whose own code is made for floats: covariances, slopes of tables, fits, and
ufuncs of SciPy that are formulas of entries."""

import math
import warnings

import pytest
from mpmath import mp, mpf

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.errors import AutogradError, OperandError

np = pytest.importorskip("numpy")

ROW = np.array([0.3, -1.2, 0.8, 2.5, 1.9, -0.4])
OTHER = np.array([1.1, 0.2, -0.7, 1.6, 2.4, 0.9])
TABLE = np.array([ROW, OTHER, ROW[::-1] * OTHER])
PLACES = np.array([0.0, 0.5, 1.7, 2.0, 3.1, 4.5])
REPEATS = np.array([1, 2, 1, 1, 3, 1])
WEIGHTS = np.array([0.5, 2.0, 1.0, 0.7, 1.2, 0.9])
CASES = {
    "cov of one": (lambda x: np.cov(x), ROW),
    "cov of two": (lambda x: np.cov(x, OTHER), ROW),
    "cov of rows": (lambda x: np.cov(x), TABLE),
    "cov of columns": (lambda x: np.cov(x, rowvar=False), TABLE),
    "cov, biased": (lambda x: np.cov(x, bias=True), TABLE),
    "cov, ddof": (lambda x: np.cov(x, ddof=2), TABLE),
    "cov, repeated": (lambda x: np.cov(x, fweights=REPEATS), TABLE),
    "cov, weighted": (lambda x: np.cov(x, aweights=WEIGHTS), TABLE),
    "cov, both": (lambda x: np.cov(x, fweights=REPEATS, aweights=WEIGHTS), TABLE),
    "corrcoef": (lambda x: np.corrcoef(x), TABLE),
    "corrcoef of two": (lambda x: np.corrcoef(x, OTHER), ROW),
    "gradient": (lambda x: np.gradient(x), ROW),
    "gradient, spaced": (lambda x: np.gradient(x, 2.0), ROW),
    "gradient, places": (lambda x: np.gradient(x, PLACES), ROW),
    "gradient, order 2": (lambda x: np.gradient(x, edge_order=2), ROW),
    "gradient, places, order 2": (lambda x: np.gradient(x, PLACES, edge_order=2), ROW),
    "gradient by places": (lambda x: np.gradient(ROW, x, edge_order=2), PLACES),
    "gradient of a table": (lambda x: np.stack(list(np.gradient(x, 2.0, PLACES))), TABLE),
    "gradient along an axis": (lambda x: np.gradient(x, axis=1), TABLE),
    "gradient of two": (lambda x: np.gradient(x), ROW[:2]),
    "gradient of three": (lambda x: np.gradient(x, edge_order=2), ROW[:3]),
    "polyfit": (lambda x: np.polyfit(PLACES, x, 2), ROW),
    "polyfit by places": (lambda x: np.polyfit(x, ROW, 2), PLACES),
    "polyfit, weighted": (lambda x: np.polyfit(PLACES, x, 1, w=WEIGHTS), ROW),
    "polyfit of columns": (lambda x: np.polyfit(PLACES, x, 1), TABLE.T),
    "polyfit far from 0": (lambda x: np.polyfit(PLACES + 200.0, x, 2), ROW),
    "polyfit, degree 0": (lambda x: np.polyfit(PLACES, x, 0), ROW),
    "angle": (lambda x: np.angle(x), ROW),
    "angle in degrees": (lambda x: np.angle(x, deg=True), ROW),
}


def slopes(f, at):
    """∂f/∂at by central differences of NumPy's own function."""
    y, h = np.asarray(f(at)), 1e-6
    result = np.empty(y.shape + at.shape)
    for place in np.ndindex(at.shape):
        step = np.zeros(at.shape)
        step[place] = h
        result[(..., *place)] = (np.asarray(f(at + step)) - np.asarray(f(at - step))) / (2 * h)
    return result


@pytest.mark.parametrize("name", CASES)
def test_a_function_of_values_has_numpys_numbers_and_their_derivatives(name):
    f, at = CASES[name]
    expected = np.asarray(f(at))
    y = np.asarray(f(bp.array(np.vectorize(Value, otypes=[object])(at))))
    numbers = np.vectorize(lambda v: v.data if isinstance(v, Value) else v, otypes=[float])(y)
    np.testing.assert_allclose(numbers, expected, rtol=1e-12, atol=1e-13)
    assert numbers.shape == expected.shape
    np.testing.assert_allclose(bp.jacobian(f)(at), slopes(f, at), rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", ["cov, both", "corrcoef", "gradient, places", "polyfit"])
def test_a_compiled_function_computes_them(name):
    f, at = CASES[name]
    compiled = bp.compiled(f, backend="reference")
    np.testing.assert_allclose(compiled(at + 0.1), f(at + 0.1), rtol=1e-10)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda x: np.gradient(x[:1]), "needs 2 values along an axis, got 1"),
        (lambda x: np.gradient(x, [1.0]), r"a place for each of 3 values, got the shape \(1,\)"),
        (lambda x: np.gradient(x, 1.0, 2.0), "one spacing, or one for each of 1 axes, got 2"),
        (lambda x: np.gradient(x[0]), "an array of values, got one Value"),
        (lambda x: np.polyfit(x, [1.0], 1), r"a row of y for each x, got the shapes \(3,\)"),
        (lambda x: np.polyfit(x[:0], x[:0], 1), r"the shapes \(0,\)"),
        (lambda x: np.polyfit(x, x, None), "a whole degree from 0, got None"),
        (lambda x: np.gradient(x, axis="rows"), "no axes 'rows'"),
        (lambda x: np.polyfit(x, x, 1.5), "a whole degree from 0, got 1.5"),
        (lambda x: np.gradient(x, axis=1), "1 dimensions has no axes 1"),
        (lambda x: np.gradient(x, axis=(0, 0)), "no axes"),
        (lambda x: np.cov(x, ddof=0.5), "whole number as ddof=, got 0.5"),
        (lambda x: np.cov(x, aweights=[1.0, -1.0, 2.0]), "aweights= from 0"),
        (lambda x: np.cov(x, fweights=[1, -1, 2]), "whole numbers from 0 as fweights="),
        (lambda x: np.cov(x, fweights=[1, 1.5, 2]), "whole numbers from 0 as fweights="),
        (lambda x: np.cov(x, fweights=[1]), "a weight for each of 3 observations"),
        (lambda x: np.cov(x.reshape(1, 1, 3)), "one or two dimensions"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(call, words):
    with pytest.raises(AutogradError, match=words):
        call(bp.array([Value(1.0), 2.0, 4.0]))


def test_of_several_polynomials_the_one_of_numpys_is_taken():
    def fit(y):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # NumPy's, of the rank
            return np.polyfit([0.5, 1.7], y, 3)

    np.testing.assert_allclose(fit(bp.array(ROW[:2] * Value(1.0))).data, fit(ROW[:2]), rtol=1e-12)
    np.testing.assert_allclose(bp.jacobian(fit)(ROW[:2]), slopes(fit, ROW[:2]), atol=1e-8)


def test_edges_of_tables_are_numpys():
    """A value that is NaN is no part of the slope at its own place; with too few observations
    there is nothing to divide by."""
    row = np.array([1.0, 2.0, math.nan, 5.0, math.inf, 7.0, 9.0])
    whole = np.gradient(bp.array(row * Value(1.0)))
    places = np.gradient(bp.array(row * Value(1.0)), np.arange(7.0))
    with np.errstate(all="ignore"):
        np.testing.assert_array_equal(whole.data, np.gradient(row))
        np.testing.assert_array_equal(places.data, np.gradient(row, np.arange(7.0)))
    few = bp.array([Value(1.0), Value(3.0)])
    assert np.cov(few, ddof=2).data == math.inf
    assert np.cov(few, ddof=3).data == math.inf


# --------------------------------------------------------------------------- SciPy's ufuncs
OF_SCIPY = {
    "exp10": [(0.3,), (2.0,)],
    "rel_entr": [(1.5, 0.7), (0.4, 2.2)],
    "kl_div": [(1.5, 0.7), (0.4, 2.2)],
    "huber": [(1.5, 0.7), (0.4, 2.2), (0.4, -2.2)],
    "pseudo_huber": [(1.5, 0.7), (0.4, -2.2)],
    "boxcox": [(1.5, 0.7), (0.4, -2.2)],
    "boxcox1p": [(1.5, 0.7), (0.4, -2.2)],
    "inv_boxcox": [(1.5, 0.7), (0.4, -1.2)],
    "inv_boxcox1p": [(1.5, 0.7), (0.4, -1.2)],
    "cosm1": [(0.3,), (1e-5,)],
    "loggamma": [(0.3,), (7.5,)],
    "erfcinv": [(0.3,), (1.7,)],
    "chdtr": [(3.0, 2.2)],
    "chdtrc": [(3.0, 2.2)],
    "gdtr": [(0.7, 2.0, 2.2)],
    "gdtrc": [(0.7, 2.0, 2.2)],
    "pdtr": [(2.4, 1.3)],
    "pdtrc": [(2.4, 1.3)],
}


@pytest.mark.parametrize("name", OF_SCIPY)
def test_a_ufunc_of_scipys_has_its_numbers_and_their_derivatives(name):
    ufunc = getattr(pytest.importorskip("scipy.special"), name)
    for at in OF_SCIPY[name]:
        operands = [Value(x) for x in at]
        y = ufunc(*operands)
        y.backward()
        assert y.data == pytest.approx(float(ufunc(*at)), rel=4e-15)
        expected = slopes(lambda x, u=ufunc: u(*x), np.array(at))
        assert [x.grad for x in operands] == pytest.approx(expected.tolist(), rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("rel_entr", (0.0, 1.0)),
        ("rel_entr", (1.0, 0.0)),
        ("rel_entr", (-1.0, 1.0)),
        ("rel_entr", (math.nan, 1.0)),
        ("kl_div", (0.0, 2.0)),
        ("huber", (-1.0, 1.0)),
        ("pseudo_huber", (0.0, 1.0)),
        ("boxcox", (2.0, 0.0)),
        ("inv_boxcox", (2.0, 0.0)),
        ("loggamma", (-0.5,)),
        ("erfcinv", (0.0,)),
    ],
)
def test_a_ufunc_of_scipys_has_its_numbers_at_the_edges(name, at):
    ufunc = getattr(pytest.importorskip("scipy.special"), name)
    assert ufunc(Value(at[0]), *at[1:]).data == pytest.approx(float(ufunc(*at)), nan_ok=True)


@pytest.mark.parametrize(
    ("name", "advice"),
    [("gamma", "bp.lgamma"), ("stdtr", "betainc"), ("lambertw", "implicit"), ("wofz", "custom")],
)
def test_a_ufunc_of_scipys_that_is_not_recorded_says_what_to_write(name, advice):
    function = getattr(pytest.importorskip("scipy.special"), name)
    with pytest.raises(OperandError, match=f"of a Value cannot be recorded: .*{advice}"):
        function(*[Value(1.0)] * getattr(function, "nin", 1))


@pytest.mark.parametrize("name", ["boxcox", "boxcox1p", "inv_boxcox", "inv_boxcox1p"])
def test_a_power_of_0_has_its_limit_and_the_derivatives_there(name):
    special, mpmath = pytest.importorskip("scipy.special"), pytest.importorskip("mpmath")
    ufunc, mp = getattr(special, name), mpmath.mp
    exact = {
        "boxcox": lambda x, p: (x**p - 1) / p,
        "boxcox1p": lambda x, p: ((1 + x) ** p - 1) / p,
        "inv_boxcox": lambda x, p: (1 + p * x) ** (1 / p),
        "inv_boxcox1p": lambda x, p: (1 + p * x) ** (1 / p) - 1,
    }[name]
    with mpmath.workdps(60):
        near = mp.taylor(lambda p: exact(mp.mpf(1.5), p), mp.mpf(10) ** -30, 3)
    assert bp.taylor(lambda p: ufunc(1.5, p), 0.0, 3) == pytest.approx([*map(float, near)])
    assert ufunc(Value(1.5), Value(0.0)).data == pytest.approx(float(ufunc(1.5, 0.0)))


EXACT = {  # value, gradient and Hessian, with mpmath's formulas
    "boxcox": (lambda x, p: (x**p - 1) / p, (1.5, 200.0), (1e-17, -1e-12, 1e-8, 1e-4, 0.2, 0.4)),
    "boxcox1p": (lambda x, p: ((1 + x) ** p - 1) / p, (1e-9, 0.5), (1e-17, -1e-9, 1e-4, 0.3)),
    "inv_boxcox": (lambda y, p: (1 + p * y) ** (1 / p), (0.3, -1.5), (1e-17, -1e-9, 1e-4, 0.3)),
    "inv_boxcox1p": (
        lambda y, p: (1 + p * y) ** (1 / p) - 1,
        (1e-9, 0.3),
        (1e-17, -1e-9, 1e-4, 0.3),
    ),
    "pseudo_huber": (
        lambda d, r: d * d * (mp.sqrt(1 + (r / d) ** 2) - 1),
        (2.0, 0.5),
        (1e-9, -1e-4, 0.3, -2.5),
    ),
    "rel_entr": (lambda x, y: x * mp.log(x / y), (2.0, 0.7), (2.0 + 1e-9, 0.3, 1e-310)),
}


@pytest.mark.parametrize("name", EXACT)
def test_formulas_keep_their_digits_where_quotients_and_differences_lose_them(name):
    """A Box-Cox power near 0, a residue near 0, a ratio near 1, and one that overflows."""
    special = pytest.importorskip("scipy.special")
    function, firsts, seconds = EXACT[name]
    ufunc = getattr(special, name)
    with mp.workdps(150):
        for point in [(a, b) for a in firsts for b in seconds]:
            f, x = (lambda v: ufunc(v[0], v[1])), list(point)
            numbers = [f([Value(a) for a in x]).data, *bp.grad(f)(x), *np.ravel(bp.hessian(f)(x))]
            orders = [(0, 0), (1, 0), (0, 1), (2, 0), (1, 1), (1, 1), (0, 2)]
            for order, number in zip(orders, numbers, strict=True):
                right = partial(function, point, order)
                assert number == pytest.approx(right, rel=1e-11, abs=1e-15), (point, order)


def partial(function, point, order):
    """A derivative, from central differences of numbers of 150 digits."""
    weights = ({0: 1}, {1: mpf("0.5"), -1: mpf("-0.5")}, {1: 1, 0: -2, -1: 1})
    steps = [abs(mpf(x)) * mpf(10) ** -20 for x in point]
    total = mpf(0)
    for i, a in weights[order[0]].items():
        for j, b in weights[order[1]].items():
            moved = (mpf(point[0]) + i * steps[0], mpf(point[1]) + j * steps[1])
            total += a * b * function(*moved)
    return float(total / (steps[0] ** order[0] * steps[1] ** order[1]))


@pytest.mark.parametrize(
    ("name", "point", "right"),
    [
        ("boxcox", (0.0, 0.0), -math.inf),
        ("boxcox", (math.inf, 0.0), math.inf),
        ("boxcox1p", (-1.0, 0.0), -math.inf),
        ("inv_boxcox", (-math.inf, 0.0), 0.0),
        ("inv_boxcox1p", (math.inf, 0.0), math.inf),
        ("boxcox", (2.0, 5e-324), math.log(2.0)),
        ("rel_entr", (1e10, 1e-300), 7.138013788281542e12),
        ("kl_div", (1.0, -math.inf), math.inf),
        ("pseudo_huber", (-1.0, math.inf), math.inf),
        ("pseudo_huber", (0.0, math.nan), math.nan),
        ("gdtr", (-1.0, 2.5, -1.0), math.nan),
    ],
)
def test_edges_of_domains_are_scipys(name, point, right):
    special = pytest.importorskip("scipy.special")
    y = getattr(special, name)(*[Value(x) for x in point])
    number = y.data if isinstance(y, Value) else float(y)
    assert number == pytest.approx(right, rel=1e-14, nan_ok=True)
