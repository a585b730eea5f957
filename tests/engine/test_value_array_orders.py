"""Arrays of Values: order and equality by numbers, NaN, ties, conditions, and the array out=."""

import functools
import math

import pytest

import autograd_bp as bp
from autograd_bp import Value, ValueArray
from autograd_bp.errors import AutogradError, BranchError, OperandError

np = pytest.importorskip("numpy")
NAN, INF = math.nan, math.inf


def values(entries):
    table = np.array(entries, dtype=float)
    return bp.array(np.vectorize(Value, otypes=[object])(table)) if table.size else bp.array(table)


def numbers(result):
    if isinstance(result, tuple):
        return [numbers(each) for each in result]
    if isinstance(result, np.ndarray) and result.dtype == object:
        return [numbers(each) for each in result]
    return result.data if isinstance(result, Value) else np.asarray(result, dtype=float).tolist()


def same(result, expected):
    np.testing.assert_allclose(
        np.array(numbers(result), dtype=float), np.asarray(expected, dtype=float), rtol=1e-14
    )


ROWS = ([3.0, NAN, 1.0, 2.0, 0.0], [2.0, 2.0, -1.0], [NAN, NAN], [5.0], [-0.0, math.inf, 0.0])
ORDERS = {
    "median": np.median,
    "sort": np.sort,
    "argsort": lambda x: np.argsort(x, kind="stable"),
    "argsort method": lambda x: x.argsort(kind="stable"),
    "partition": lambda x: np.sort(np.partition(x, 0)),
    "first of a partition": lambda x: np.partition(x, 0)[0],
    "place of a partition": lambda x: np.argpartition(x, 0)[0],
    "searchsorted": lambda x: np.searchsorted(x[np.argsort(x)], [0.5, 2.0, NAN]),
    "searched": lambda x: np.searchsorted([0.5, 2.0], x),
    "argmax": np.argmax,
    "argmin": np.argmin,
    "argmax method": lambda x: x.argmax(axis=0),
    "argmin method": lambda x: x.argmin(axis=-1),
    "lexsort": lambda x: np.lexsort((x,)),
    "digitize": lambda x: np.digitize(x, [0.5, 2.0]),
    "unique": np.unique,
    "unique with counts": lambda x: np.unique(x, return_counts=True)[1],
    "inverse of unique": lambda x: np.unique(x, return_inverse=True)[1],
    "isin": lambda x: np.isin(x, [1.0, 2.0]),
    "isin another": lambda x: np.isin([1.0, 2.0], x),
    "intersect1d": lambda x: np.intersect1d(x, [1.0, 2.0]),
    "union1d": lambda x: np.union1d(x, [1.0, 2.0]),
    "setdiff1d": lambda x: np.setdiff1d(x, [1.0, 2.0]),
    "setxor1d": lambda x: np.setxor1d(x, [1.0, 2.0]),
    "nansum": np.nansum,
    "nanprod": np.nanprod,
    "nanmean": np.nanmean,
    "nanvar": lambda x: np.nanvar(x, ddof=0),
    "nanstd": np.nanstd,
    "nanmax": np.nanmax,
    "nanmin": np.nanmin,
    "nanmedian": np.nanmedian,
    "nancumsum": np.nancumsum,
    "nancumprod": np.nancumprod,
    "fmax": np.fmax.reduce,
    "max": np.max,
    "std": np.std,
    "var": np.var,
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("row", ROWS, ids=str)
@pytest.mark.parametrize("name", ORDERS)
def test_numbers_and_nan_go_where_numpy_puts_them(name, row):
    with np.errstate(all="ignore"):
        same(ORDERS[name](values(row)), ORDERS[name](np.array(row)))


TABLE = [[3.0, NAN, 1.0], [2.0, 2.0, 0.5]]
ALONG = (
    "median",
    "sort",
    "argsort",
    "argmax",
    "argmin",
    "nansum",
    "nanmean",
    "nanmax",
    "nanmedian",
)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("name", ALONG)
def test_they_go_along_an_axis(name, axis):
    same(getattr(np, name)(values(TABLE), axis=axis), getattr(np, name)(np.array(TABLE), axis=axis))
    if name not in ("sort", "argsort"):
        kept = getattr(np, name)(values(TABLE), axis=axis, keepdims=True)
        assert kept.shape == ((1, 3) if axis == 0 else (2, 1))
    with pytest.raises((AutogradError, np.exceptions.AxisError)):
        getattr(np, name)(values(TABLE), axis=5)


def test_places_of_numbers_beside_nan_and_sorting_in_place():
    assert (np.nanargmax(values(ROWS[0])), np.nanargmin(values(ROWS[0]))) == (0, 4)
    x = values(ROWS[0])
    entries = {id(each) for each in x}
    x.sort()
    same(x, [0.0, 1.0, 2.0, 3.0, NAN])
    assert type(x) is ValueArray
    assert {id(each) for each in x} == entries


REDUCED = [np.nansum, np.nanmean, np.nanvar, np.nanstd, np.nanmax, np.nanmin, np.nanprod]


@pytest.mark.parametrize("f", REDUCED, ids=lambda f: f.__name__)
def test_no_gradient_reaches_nan(f):
    for at in ([1.0, NAN, 3.0], [NAN, 2.5, 4.0, -1.0], [2.0, 4.0]):
        at = np.array(at)
        there = ~np.isnan(at)
        plain = getattr(np, f.__name__.removeprefix("nan"))
        expected = np.zeros(len(at))
        expected[there] = bp.grad(plain)(at[there])
        assert bp.grad(f)(at) == pytest.approx(expected)
        compiled = bp.compiled(lambda v: f(v), backend="reference")
        assert compiled(at) == pytest.approx(f(at))
        assert compiled.grad(at) == pytest.approx(expected)


EXTREMES = {
    "max": np.max,
    "min": np.min,
    "method": lambda v: v.max(),
    "fmax": lambda v: np.fmax.reduce(v),
    "fmin": lambda v: np.fmin.reduce(v),
    "nanmax": np.nanmax,
    "nanmin": np.nanmin,
    "norm": lambda v: np.linalg.norm(v, np.inf),
    "least norm": lambda v: np.linalg.norm(v, -np.inf),
    "along an axis": lambda v: np.max(v, axis=0),
    "amax": np.amax,
}


@pytest.mark.parametrize("name", EXTREMES)
def test_those_that_tie_have_equal_shares(name):
    f = EXTREMES[name]
    for count in (2, 3, 4, 7):
        shares = pytest.approx(np.full(count, 1.0 / count), rel=1e-14)
        assert bp.grad(f)(np.ones(count)) == shares
        assert bp.compiled(lambda v: f(v), backend="reference").grad(np.ones(count)) == shares


def test_out_is_written():
    x, out = values([1.26, -2.75]), bp.array([0.0, 0.0])
    for write, expected in (
        (lambda: np.round(x, 1, out=out), [1.3, -2.8]),
        (lambda: np.fix(x, out), [1.0, -2.0]),
        (lambda: x.round(1, out=out), [1.3, -2.8]),
    ):
        assert write() is out
        same(out, expected)
    y = values([1.5, NAN, math.inf])
    assert np.nan_to_num(y, copy=False, posinf=9.0) is y
    same(y, [1.5, 0.0, 9.0])
    for function in (np.median, np.nansum, np.max, np.std, np.nanmax):
        box = bp.array(0.0)
        function(x, out=box)
        same(box[()], function(np.array([1.26, -2.75])))
    with pytest.raises(OperandError, match="out= of dtype float64"):
        np.round(x, out=np.zeros(2))
    with pytest.raises(OperandError, match="out= has the shape"):
        np.round(x, out=bp.array([0.0]))


def test_options_that_are_values_are_read():
    assert np.isclose(Value(1.0), 1.05, rtol=Value(0.1))
    assert not np.allclose(bp.array([1.0, Value(2.0)]), [1.0, 2.5], atol=Value(0.1))
    x = values([1.0, 2.0])
    assert np.sum(x, where=bp.array([Value(1.0), 0.0])).data == 1.0
    assert np.mean(x, where=bp.array([Value(0.0), 1.0])).data == 2.0


CONDITIONS = {
    "sum": lambda v: np.sum(v * v, where=v > 1.0),
    "prod": lambda v: np.prod(v, where=v > 1.0),
    "max": lambda v: np.max(v, where=v > 1.0, initial=0.0),
    "mean": lambda v: np.mean(v, where=v > 1.0),
    "var": lambda v: v.var(where=v > 1.0),
    "std": lambda v: np.std(v, where=v > 1.0),
    "exp": lambda v: np.exp(v, where=v > 1.0, out=bp.array(np.zeros(len(v)))).sum(),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_compiled_function_finds_conditions_out(name):
    f = CONDITIONS[name]
    compiled = bp.compiled(lambda v: f(v), backend="reference")
    for at in ([0.5, 2.0, 3.0], [4.0, 1.0, 7.0]):
        at = np.array(at)
        assert compiled(at) == pytest.approx(float(bp.array([f(values(at))])[0].data))
        assert compiled.grad(at) == pytest.approx(bp.grad(f)(at))


@pytest.mark.parametrize(
    "f",
    [
        lambda v: np.argsort(v, axis=0),
        lambda v: np.partition(v, 1),
        lambda v: np.median(v),
        lambda v: np.nanmedian(v),
        lambda v: np.unique(v)[0],
        lambda v: np.nanargmax(v, axis=0),
    ],
)
def test_places_are_refused_in_a_compiled_function(f):
    with pytest.raises(BranchError, match="where"):
        bp.compiled(f)(np.ones((2, 2)))
    with pytest.raises(OperandError, match=r"needs out=.*np\.where"):
        bp.compiled(lambda v: np.exp(v, where=v > 1.0))(np.ones(2))


COMPUTED = {
    "argmax": lambda v: np.argmax(v),
    "argmax of columns": lambda v: np.argmax(v, axis=0),
    "argmin": lambda v: v.argmin(axis=1, keepdims=True),
    "sort": lambda v: np.sort(v, axis=0),
    "sort of all": lambda v: np.sort(v, axis=None),
    "sort of rows": lambda v: np.sort(v),
    "searchsorted": lambda v: np.searchsorted([0.5, 1.0, 2.0], v),
    "from the right": lambda v: np.searchsorted([0.5, 1.0, 2.0], v, side="right"),
    "searched": lambda v: np.searchsorted(np.sort(v[0]), [0.5, 2.0, NAN]),
    "isnan": lambda v: np.isnan(v) * 1.0,
    "isinf": lambda v: np.isinf(v) * 1.0,
    "isfinite": lambda v: np.isfinite(v) * 1.0,
    "signbit": lambda v: np.signbit(v) * 1.0,
    "without NaN": lambda v: np.where(np.isfinite(v), v, -1.0),
}


@pytest.mark.parametrize("name", COMPUTED)
@pytest.mark.parametrize(
    "numbers",
    [
        [[3.0, 1.0, 2.0], [0.5, 0.5, -1.0]],
        [[NAN, 1.0, -0.0], [INF, NAN, -INF]],
        [[1.0, 1.0, 1.0], [2.0, 1.0, 0.0]],
    ],
)
def test_places_and_orders_are_computed_when_a_compiled_function_runs(name, numbers):
    f, v = COMPUTED[name], np.array(numbers)
    compiled = bp.compiled(f, backend="reference")
    compiled(np.zeros(v.shape))
    np.testing.assert_array_equal(compiled(v), f(v))
    assert len(list(compiled.traces)) == 1


def test_an_order_by_comparisons_hands_derivatives_to_the_entries():
    v, weights = np.array([3.0, 1.0, 2.0, 1.0, 5.0]), np.arange(5.0)
    for f in (lambda v: (np.sort(v) * weights).sum(), lambda v: v[np.argmax(v)] ** 2):
        np.testing.assert_allclose(bp.compiled(f).grad(v), bp.grad(f)(v))
    with pytest.raises(BranchError, match=r"np\.sort of 300 Values .* at most 256"):
        bp.compiled(lambda v: np.sort(v))(np.zeros(300))


def test_spellings_of_norm_and_std_have_the_same_gradients():
    norms = (
        np.linalg.norm,
        lambda v: np.linalg.norm(v, axis=0),
        lambda v: np.linalg.norm(v, keepdims=True)[0],
        np.linalg.vector_norm,
        lambda v: np.linalg.matrix_norm(v.reshape(1, -1)),
    )
    for f in norms:
        for at in (np.zeros(2), np.array([3.0, 4.0])):
            assert (
                bp.grad(functools.partial(lambda f, v: f(v), f))(at).tolist()
                == bp.grad(bp.norm)(at).tolist()
            )
    for f in (np.std, lambda v: v.std(), lambda v: np.std(v, axis=0), lambda v: np.nanstd(v)):
        for at in (np.ones(3), np.array([3.0, 4.0, 9.0])):
            assert bp.grad(f)(at) == pytest.approx(bp.grad(bp.std)(at), rel=1e-14)


@pytest.mark.parametrize("order", [None, 1, 2, 3, np.inf, -np.inf, 0, 0.5])
def test_norms_along_axes_are_numpys(order):
    table = np.array([[3.0, -4.0, 1.0], [0.5, 2.0, -7.0]])
    for axis in (0, 1, -1):
        for keepdims in (False, True):
            result = np.linalg.norm(values(table), order, axis=axis, keepdims=keepdims)
            same(result, np.linalg.norm(table, order, axis, keepdims))


def test_results_of_linear_algebra_have_numpys_names():
    table = np.array([[2.0, 1.0], [1.0, 3.0]])
    same(np.linalg.slogdet(values(table)).sign, 1.0)
    same(np.linalg.slogdet(values(table)).logabsdet, math.log(5.0))
    same(np.linalg.qr(values(table)).Q @ np.linalg.qr(values(table)).R, table)
    stack = np.array([table, table * 2.0])
    for power in (0, 1, 3, -1):
        same(np.linalg.matrix_power(values(stack), power), np.linalg.matrix_power(stack, power))


def test_integers_that_no_float_holds_are_refused_by_name():
    with pytest.raises(OperandError, match="1329 bits"):
        bp.array([10**400])
    with pytest.raises(OperandError, match="1329 bits"):
        bp.bessel_j(0, 10**400)


def put(v):
    v[v > 1.0] = 0.0
    return v.sum()


@pytest.mark.parametrize("f", [put, lambda v: v[v > 1.0].sum()])
def test_conditions_are_no_indices_in_a_compiled_function(f):
    with pytest.raises(BranchError, match=r"np\.where"):
        bp.compiled(f)(np.ones(3))
    with pytest.raises(IndexError):
        bp.compiled(lambda v: v[7])(np.ones(3))


@pytest.mark.parametrize("first", [values, bp.array, np.array, list])
@pytest.mark.parametrize("second", [values, bp.array])
def test_arrays_of_any_kind_are_compared_by_numbers(first, second):
    """Two arrays of floats alone asked each other for ever."""
    x, y = first([1.0, 2.0]), second([1.0, 2.5])
    assert np.isclose(x, y).tolist() == [True, False]
    assert (np.allclose(x, y), np.allclose(x, y, atol=1.0)) == (False, True)
    assert (np.array_equal(x, y), np.array_equiv(x, first([1.0, 2.0]))) == (False, True)


COUNTS = {
    "nonzero": lambda x: np.nonzero(x)[0],
    "flatnonzero": np.flatnonzero,
    "argwhere": np.argwhere,
    "count_nonzero": np.count_nonzero,
    "histogram": lambda x: np.histogram(x, 4)[0],
    "histogramdd": lambda x: np.histogramdd(x)[0],
    "histogram2d": lambda x: np.histogram2d(x, x, 3)[0],
}


@pytest.mark.parametrize("name", COUNTS)
def test_what_counts_numbers_counts_the_numbers_of_values(name):
    """The largest belongs to the last bin, which NumPy's code finds by ==, and so by numbers."""
    count, row = COUNTS[name], [1.0, 2.0, 0.0, 4.0, 3.0]
    assert np.asarray(count(values(row))).tolist() == np.asarray(count(np.array(row))).tolist()
    with pytest.raises(AutogradError, match="compiled"):
        bp.compiled(lambda x: count(x).sum() * x[0])(np.array(row))


@pytest.mark.parametrize(
    "call",
    [
        lambda x: np.histogram(x, density=True),
        lambda x: np.histogram(x.data, x, density=True),
        lambda x: np.histogram(x.data, 2, (0.0, x[2]), True),
        lambda x: np.histogram2d(x, x, 2, density=True),
        lambda x: np.histogramdd(x, weights=x),
        lambda x: np.histogram(x.data, weights=x[:2]),
        lambda x: np.bincount([0, 1], x),
        lambda x: np.histogram_bin_edges(x),
    ],
)
def test_what_would_lose_the_record_of_weights_and_edges_is_refused(call):
    with pytest.raises(AutogradError, match=r"of Values|needs a weight"):
        call(values([1.0, 2.0, 4.0]))
    assert np.histogram(values([1.0, 2.0]), 2, weights=[3.0, 4.0])[0].tolist() == [3.0, 4.0]


PLACES = np.array([1.0, 2.0, 0.0, 4.0, 2.5])
WEIGHED = {
    "histogram": lambda w: np.histogram(PLACES, 2, weights=w)[0],
    "histogram, edges": lambda w: np.histogram(PLACES, [0.5, 2.0, 2.5], None, None, w)[0],
    "histogram, range": lambda w: np.histogram(PLACES, 3, (0.0, 2.0), weights=w)[0],
    "density": lambda w: np.histogram(PLACES, [0.0, 1.0, 4.0], weights=w, density=True)[0],
    "bincount": lambda w: np.bincount([2, 0, 2, 4, 0], w),
    "bincount, longer": lambda w: np.bincount([2, 0, 2, 4, 0], weights=w, minlength=7),
}


@pytest.mark.parametrize("name", WEIGHED)
def test_weights_that_are_values_are_added_up(name):
    count, row = WEIGHED[name], np.array([1.0, 2.0, 0.5, 4.0, 3.0])
    np.testing.assert_allclose(count(values(row)).data, count(row), rtol=1e-15)
    columns = [(count(row + h) - count(row - h)) / 2e-6 for h in 1e-6 * np.eye(5)]
    np.testing.assert_allclose(bp.jacobian(count)(row), np.transpose(columns), atol=1e-8)
    np.testing.assert_allclose(bp.compiled(count)(row), count(row), rtol=1e-15)


def test_a_density_between_plain_edges_is_one_of_numbers():
    row = [1.0, 2.0, 0.0, 4.0, 3.0]
    for options in ({"bins": [0.0, 1.0, 5.0]}, {"bins": 2, "range": (0.0, 4.0)}):
        density, edges = np.histogram(values(row), density=True, **options)
        right, right_edges = np.histogram(row, density=True, **options)
        assert density.tolist() == right.tolist()
        assert edges.tolist() == right_edges.tolist()


def test_code_of_numpys_that_compares_values_by_equality_is_refused():
    def equal_pairs(x):
        return sum(a == b for a, b in zip(x, x[::-1], strict=True))

    x = values([1.0, 2.0, 1.0, 2.0])
    with pytest.raises(OperandError, match="apply_along_axis of Values cannot be recorded"):
        np.apply_along_axis(equal_pairs, 0, x)
