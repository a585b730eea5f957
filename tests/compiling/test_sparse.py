"""Sparse Jacobians and Hessians are the dense ones, without what is 0 whatever the numbers are."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.compiling.front import sparse

scipy_sparse = pytest.importorskip("scipy.sparse")
RNG = np.random.default_rng(5)


def residuals(x):
    """Each output depends on its neighbours."""
    n = len(x)
    ends = [x[0] ** 2 - 1.0, bp.sin(x[n - 1])]
    inner = [
        x[k] * x[k - 1] - bp.exp(-(x[k + 1] * x[k + 1])) + bp.tanh(x[k]) for k in range(1, n - 1)
    ]
    return [ends[0], *inner, ends[1]]


def energy(x):
    return bp.sum([r * r for r in residuals(x)])


def test_banded_jacobians_and_hessians(way):
    x = RNG.normal(size=30)
    f = bp.compiled(residuals, sparse=True, backend="numpy")
    jacobian = f.jacobian(x)
    assert f.way == way
    assert scipy_sparse.issparse(jacobian)
    assert jacobian.nnz <= 3 * 30
    np.testing.assert_allclose(jacobian.toarray(), bp.jacobian(residuals)(x), rtol=1e-12)
    g = bp.compiled(energy, sparse=True, backend="numpy")
    value, hessian = g.value_and_hessian(x)
    assert value == pytest.approx(energy(x))
    assert hessian.nnz <= 5 * 30
    np.testing.assert_allclose(hessian.toarray(), bp.hessian(energy)(x), rtol=1e-10, atol=1e-12)


def test_a_sparse_jacobian_of_thousands_by_thousands_is_a_few_sweeps():
    def chain(x):
        return [x[k] * x[k + 1] - bp.exp(-x[k]) for k in range(len(x) - 1)]

    x = RNG.normal(size=3001)
    f = bp.compiled(chain, sparse=True)
    jacobian = f.jacobian(x)
    assert jacobian.shape == (3000, 3001)
    assert jacobian.nnz == 6000
    np.testing.assert_allclose(jacobian.diagonal(), x[1:] + np.exp(-x[:-1]), rtol=1e-12)
    assert len(f.program) < 10 * 3000


@pytest.mark.parametrize("reduce", ["sum", None])
def test_rows_make_one_matrix_of_all_that_comes_out_by_all_that_goes_in(way, reduce):
    def project(camera, point, seen):
        return [camera[0] * point[0] - seen[0], camera[1] * point[1] * camera[0] - seen[1]]

    camera, points, seen = RNG.normal(size=2), RNG.normal(size=(4, 3)), RNG.normal(size=(4, 2))
    f = bp.compiled(
        project,
        rows=("point", "seen"),
        wrt=("camera", "point"),
        reduce=reduce,
        sparse=True,
        backend="numpy",
    )

    def everything(z):
        rows = [project(z[:2], z[2 + 3 * k : 5 + 3 * k], seen[k]) for k in range(4)]
        if reduce is None:
            return np.array(rows).ravel()
        return np.array([bp.sum([row[i] for row in rows]) for i in range(2)])

    z = np.concatenate([camera, points.ravel()])
    jacobian = f.jacobian(camera, points, seen)
    np.testing.assert_allclose(jacobian.toarray(), bp.jacobian(everything)(z), rtol=1e-12)
    assert jacobian.nnz == (4 * (1 + 2 + 2) if reduce is None else 3 + 4 * 2)
    by_point = f.with_options(wrt="point").jacobian(camera, points, seen)
    assert by_point.shape == (8 if reduce is None else 2, 12)
    assert f.jacobian(camera, points[:0], seen[:0]).shape == (0 if reduce is None else 2, 2)


def test_hessians_with_rows(way):
    def loss(w, x):
        return bp.sin(w[0] * x[0]) + w[1] ** 2 * x[1]

    w, x = RNG.normal(size=2), RNG.normal(size=(3, 2))
    f = bp.compiled(loss, rows="x", wrt=("w", "x"), sparse=True, backend="numpy")

    def total(z):
        return bp.sum([loss(z[:2], z[2 + 2 * k : 4 + 2 * k]) for k in range(3)])

    z = np.concatenate([w, x.ravel()])
    names = ("value", "hessian", "jacobian", "grad")
    value, hessian, jacobian, gradient = f.derivatives(*names)(w, x)
    np.testing.assert_allclose(hessian.toarray(), bp.hessian(total)(z), rtol=1e-10, atol=1e-13)
    np.testing.assert_allclose(jacobian.toarray()[0], bp.grad(total)(z), rtol=1e-10)
    np.testing.assert_allclose(gradient[1].ravel(), bp.grad(total)(z)[2:], rtol=1e-10)
    assert value == pytest.approx(total(z))


def test_what_is_zero_everywhere_has_no_entries(way):
    f = bp.compiled(lambda x: [3.0, x[0], 0.0 * x[1]], sparse=True, backend="numpy")
    assert f.jacobian([1.0, 2.0]).toarray().tolist() == [[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]]
    g = bp.compiled(lambda x: x[0] + x[1], sparse=True, backend="numpy")
    assert g.hessian([1.0, 2.0]).nnz == 0
    assert g.bind([1.0, 2.0], derivative="hessian").result.shape == (2, 2)
    assert np.isnan(f.jacobian([1.0, np.nan]).toarray()).sum() == 0


def test_without_scipy_the_error_says_what_to_install(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "scipy.sparse", None)
    with pytest.raises(errors.MissingExtraError, match=r"autograd_bp\[sparse\]"):
        bp.compiled(lambda x: x, sparse=True)
    with pytest.raises(errors.SettingError, match="sparse is True or False"):
        bp.compiled(lambda x: x, sparse="csr")
    assert sparse.checked_sparse(False) is False
