"""Arguments that are rows of tables, by an index: `rows_of` and `beside`."""

import pickle

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.errors import BadIndexError, OperandError, ShapeError

rng = np.random.default_rng(7)
TABLE = rng.normal(size=(5, 2))
INDEX = rng.integers(0, 4, 40)  # nobody reads the last entry
X = rng.normal(size=(40, 2))


def term(c, x, w):
    return w * bp.sin(c[0] * x[0]) * c[1] + c[1] ** 2 * x[1] ** 3


def summed(rows, index=INDEX, entries=5):
    table = np.zeros((entries, *rows.shape[1:]))
    np.add.at(table, index, rows)
    return table


@pytest.fixture(params=["auto", "numpy", "llvm"])
def f(request):
    if request.param == "llvm":
        pytest.importorskip("llvmlite")
    return bp.compiled(term, rows=("c", "x"), backend=request.param)


def calls(function, *args, **kwargs):
    """Two calls: the first goes by Python, the second by native code where there is some."""
    first, second = function(*args, **kwargs), function(*args, **kwargs)
    for one, other in zip(np.ravel(first), np.ravel(second), strict=True):
        assert one == other
    return second


def test_values_are_those_of_rows_that_were_looked_up_before(f):
    assert calls(f, bp.rows_of(TABLE, INDEX), X, 0.7) == f(TABLE[INDEX], X, 0.7)
    each = f.with_options(reduce=None)
    assert (calls(each, bp.rows_of(TABLE, INDEX), X, 0.7) == each(TABLE[INDEX], X, 0.7)).all()


def test_summed_derivatives_have_the_shape_of_the_table(f):
    rows, direction = bp.rows_of(TABLE, INDEX), rng.normal(size=(5, 2))
    gradient = summed(f.grad(TABLE[INDEX], X, 0.7))
    product = summed(f.hvp(TABLE[INDEX], X, 0.7, tangent=direction[INDEX]))
    np.testing.assert_allclose(calls(f.grad, rows, X, 0.7), gradient, rtol=1e-13)
    np.testing.assert_allclose(
        calls(f.hvp, rows, X, 0.7, tangent=direction), product, rtol=1e-12, atol=1e-13
    )
    assert f.jvp(rows, X, 0.7, tangent=direction) == pytest.approx((gradient * direction).sum())
    assert not gradient[4].any()
    both = f.derivatives("value", "grad", "hvp")
    for _ in range(2):
        value, first, second = both(rows, X, 0.7, tangent=direction)
        assert value == pytest.approx(f(rows, X, 0.7))
        np.testing.assert_allclose(first, gradient, rtol=1e-13)
        np.testing.assert_allclose(second, product, rtol=1e-12, atol=1e-13)


def test_several_arguments_have_each_a_gradient_of_its_own_shape(f):
    by_all = f.with_options(wrt=("w", "c", "x"))
    for _ in range(2):
        w, c, x = by_all.grad(bp.rows_of(TABLE, INDEX), X, 0.7)
        assert w == pytest.approx(f.with_options(wrt="w").grad(TABLE[INDEX], X, 0.7))
        np.testing.assert_allclose(c, summed(f.grad(TABLE[INDEX], X, 0.7)), rtol=1e-13)
        assert x.shape == X.shape


def test_without_a_sum_and_in_dense_matrices_derivatives_are_of_each_row(f):
    each, rows = f.with_options(reduce=None), bp.rows_of(TABLE, INDEX)
    assert (calls(each.grad, rows, X, 0.7) == each.grad(TABLE[INDEX], X, 0.7)).all()
    assert (calls(f.hessian, rows, X, 0.7) == f.hessian(TABLE[INDEX], X, 0.7)).all()


def test_sparse_matrices_have_a_column_for_each_number_of_the_table(f):
    pytest.importorskip("scipy")
    rows = bp.rows_of(TABLE, INDEX)
    sparse = f.with_options(sparse=True, reduce=None, wrt=("c", "x"))
    expected = np.zeros((40, 10 + 80))
    blocks = f.with_options(reduce=None, wrt=("c", "x")).jacobian(TABLE[INDEX], X, 0.7)
    for r, entry in enumerate(INDEX):
        expected[r, 2 * entry : 2 * entry + 2] = blocks[0][r]
        expected[r, 10 + 2 * r : 12 + 2 * r] = blocks[1][r]
    hessian = np.zeros((10, 10))
    for entry, block in zip(INDEX, f.hessian(TABLE[INDEX], X, 0.7), strict=True):
        some = slice(2 * entry, 2 * entry + 2)
        hessian[some, some] += block
    for _ in range(2):
        np.testing.assert_allclose(sparse.jacobian(rows, X, 0.7).toarray(), expected, rtol=1e-12)
        got = f.with_options(sparse=True).hessian(rows, X, 0.7)
        np.testing.assert_allclose(got.toarray(), hessian, rtol=1e-12, atol=1e-13)


def test_a_sparse_matrix_may_be_changed_in_place_and_its_structure_stays(f):
    pytest.importorskip("scipy")
    sparse, rows = f.with_options(sparse=True, reduce=None), bp.rows_of(TABLE, INDEX)
    matrix = sparse.jacobian(rows, X, 0.7)
    expected = matrix.toarray()
    matrix.data[::2] = 0.0
    matrix.eliminate_zeros()
    assert (sparse.jacobian(rows, X, 0.7).toarray() == expected).all()
    other = bp.rows_of(TABLE, np.roll(INDEX, 1))
    assert (
        sparse.jacobian(other, np.roll(X, 1, 0), 0.7).toarray() == np.roll(expected, 1, 0)
    ).all()


@pytest.mark.parametrize("rows", [0, 1, 33_000])
def test_any_number_of_rows(rows):
    f = bp.compiled(lambda c, x: (c - x) ** 2, rows=("c", "x"))
    table, index = np.array([0.0, 10.0]), np.arange(rows) % 2
    x = np.arange(rows) * 1e-3
    expected = np.array([np.sum(2 * (c - x[index == k])) for k, c in enumerate(table)])
    for _ in range(3):
        np.testing.assert_allclose(f.grad(bp.rows_of(table, index), x), expected, rtol=1e-9)


def test_tables_beside_each_other_are_one_row():
    f = bp.compiled(lambda u: bp.sin(u[0] * u[2]) * u[1] * u[3] + u[4] ** 2, rows="u")
    weights = rng.normal(size=40)
    rows = bp.beside(bp.rows_of(TABLE, INDEX), X, weights)
    plain = np.concatenate([TABLE[INDEX], X, weights[:, None]], axis=1)
    gradient = f.grad(plain)
    for _ in range(2):
        c, x, w = f.grad(rows)
        np.testing.assert_allclose(c, summed(gradient[:, :2]), rtol=1e-13)
        assert (np.column_stack([x, w]) == gradient[:, 2:]).all()
    each = f.with_options(reduce=None)
    assert (calls(each.jacobian, rows) == each.jacobian(plain)).all()
    tangent = (TABLE, X, weights)
    assert f.jvp(rows, tangent=tangent) == pytest.approx(np.sum(gradient * plain))
    assert np.asarray(rows).tolist() == plain.tolist()


def test_inside_derivatives_values_of_tables_are_added_up(f):
    expected = summed(f.grad(TABLE[INDEX], X, 0.7))
    got = bp.grad(lambda table: f(bp.rows_of(table, INDEX), X, 0.7))(TABLE)
    np.testing.assert_allclose(got, expected, rtol=1e-12)
    product = bp.jvp(lambda t: bp.sum(f.grad(bp.rows_of(t, INDEX), X, 0.7).ravel()), TABLE, TABLE)
    assert product[1] == pytest.approx(f.hvp(bp.rows_of(TABLE, INDEX), X, 0.7, tangent=TABLE).sum())


def test_a_bound_call_reads_the_tables_that_are_written(f):
    bound = f.bind(bp.rows_of(TABLE, INDEX), X, 0.7)
    bound.arguments["c"][:] = 2.0 * TABLE
    assert bound() == pytest.approx(f(2.0 * TABLE[INDEX], X, 0.7))
    np.testing.assert_allclose(bound.result[1], summed(f.grad(2.0 * TABLE[INDEX], X, 0.7)))


def test_a_table_that_is_changed_in_place_is_read_again(f):
    table = TABLE.copy()
    rows = bp.rows_of(table, INDEX)
    calls(f, rows, X, 0.7)
    table *= 2.0
    assert f(rows, X, 0.7) == f(table[INDEX], X, 0.7)


@pytest.mark.parametrize("bad", [-1, 5])
def test_bad_indices_are_named_also_when_they_come_later(f, bad):
    with pytest.raises(BadIndexError, match=f"row 3 has the index {bad}, and the table has 5"):
        bp.rows_of(TABLE, [0, 1, 2, bad])
    index = INDEX.copy()
    rows = bp.rows_of(TABLE, index)
    calls(f.grad, rows, X, 0.7)
    index[3] = bad
    with pytest.raises(BadIndexError, match=f"row 3 has the index {bad}"):
        f.grad(rows, X, 0.7)


def test_numbers_in_an_array_of_objects_are_a_table_too(f):
    rows = bp.rows_of(TABLE.astype(object), INDEX)
    assert f(rows, X, 0.7) == f(bp.rows_of(TABLE, INDEX), X, 0.7)


def test_other_mistakes_are_named():
    with pytest.raises(BadIndexError, match=r"1\.5, which is not whole"):
        bp.rows_of(TABLE, [0.0, 1.5])
    with pytest.raises(OperandError, match="a whole number for each row"):
        bp.rows_of(TABLE, [[0, 1]])
    with pytest.raises(OperandError, match="a whole number for each row"):
        bp.rows_of(TABLE, [[0], [1, 2]])
    with pytest.raises(BadIndexError, match="row 1 has the index 9223372036854775808, and no"):
        bp.rows_of(TABLE, np.array([0, 2**63], np.uint64))
    for masked in (bp.rows_of, lambda table, index: bp.beside(table, bp.rows_of(X, index))):
        with pytest.raises(OperandError, match="a table is a MaskedArray"):
            masked(np.ma.masked_array(TABLE, TABLE > 0.0), INDEX)
    with pytest.raises(OperandError, match="an index is a MaskedArray"):
        bp.rows_of(TABLE, np.ma.masked_array(INDEX, INDEX > 0))
    with pytest.raises(OperandError, match=r"bp\.take\(table, place\) looks an entry up"):
        bp.compiled(lambda table, k: bp.rows_of(table, [k]))(TABLE, 1)
    with pytest.raises(ValueError, match="are copied"):
        bp.beside(X).__array__(copy=False)
    with pytest.raises(OperandError, match="c has rows of a table of Values"):
        bp.compiled(term, rows=("c", "x"))(bp.rows_of([[bp.Value(1.0)]], [0]), X[:1], 0.7)
    with pytest.raises(OperandError, match="make an argument of each"):
        bp.rows_of({"a": TABLE}, [0])
    with pytest.raises(ShapeError, match=r"beside needs .* got \[40, 3\] rows"):
        bp.beside(X, TABLE[:3])
    with pytest.raises(ShapeError, match="got none"):
        bp.beside()
    with pytest.raises(OperandError, match=r"is RowsOf .*convert it, with np.asarray\(\.\.\.\)"):
        bp.grad(lambda c: c[0, 0])(bp.rows_of(TABLE, INDEX))
    with pytest.raises(OperandError, match="arrays with the rows first are needed, got 1"):
        bp.beside(1.0, 2.0)
    with pytest.raises(OperandError, match="the single number 2"):
        bp.rows_of(2.0, [0])
    f = bp.compiled(term, rows=("c", "x"))
    with pytest.raises(ShapeError, match="x has 39 rows"):
        f(bp.rows_of(TABLE, INDEX), X[:39], 0.7)
    with pytest.raises(ShapeError, match=r"the shape of the table, \(5, 2\)"):
        f.hvp(bp.rows_of(TABLE, INDEX), X, 0.7, tangent=X)
    with pytest.raises(OperandError, match="w is rows of a table, and it is none of the arguments"):
        f(TABLE[INDEX], X, bp.rows_of(TABLE, INDEX))


def test_rows_of_tables_are_printed_and_pickled():
    rows = pickle.loads(pickle.dumps(bp.rows_of(TABLE, INDEX)))
    assert repr(rows) == "<40 rows of tables (5, 2)>"
    assert np.asarray(rows).tolist() == TABLE[INDEX].tolist()


def test_large_results_keep_their_memory_and_their_numbers():
    f = bp.compiled(lambda x: [k * x for k in range(40)], rows="x", reduce=None)
    x = np.arange(4000.0)
    expected = np.arange(40.0) * np.ones((4000, 1))
    results = [np.asarray(f.jacobian(x)) for _ in range(4)]
    assert len({result.ctypes.data for result in results}) == 4
    del results[0]
    later = f.jacobian(x)
    later += 1.0
    assert all((result == expected).all() for result in results)
    assert (f.jacobian(x) == expected).all()
