"""logsumexp, softmax and log_softmax along an axis: as JAX and SciPy compute them."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.errors import ShapeError

X = np.array([[[0.5, -1.0, 2.0], [3.0, 0.0, -0.5]], [[1.0, 1.0, 1.0], [-2.0, 0.25, 700.0]]])


def logsumexp(x, axis=None, keepdims=False):
    top = x.max()
    return np.log(np.exp(x - top).sum(axis, keepdims=keepdims)) + top


@pytest.mark.parametrize("axis", [None, 0, 1, -1, (0, 2), (2, 0, 1)])
@pytest.mark.parametrize("keepdims", [False, True])
def test_logsumexp_goes_along_the_axes_that_numpys_sum_does(axis, keepdims):
    x = X[:1]
    expected = logsumexp(x, axis, keepdims)
    for found in (
        bp.logsumexp(x, axis=axis, keepdims=keepdims),
        bp.compiled(lambda x: bp.logsumexp(x, axis=axis, keepdims=keepdims))(x),
    ):
        assert np.shape(found) == np.shape(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize("axis", [0, 1, 2, -1])
def test_softmax_of_an_array_is_a_distribution_along_its_axis(axis):
    shares = bp.softmax(X, axis=axis)
    np.testing.assert_allclose(shares.sum(axis), np.ones_like(X.sum(axis)), rtol=1e-14)
    np.testing.assert_allclose(np.log(shares)[0], bp.log_softmax(X, axis=axis)[0], rtol=1e-13)
    recorded = bp.softmax(bp.array([[bp.Value(1.0), 2.0], [0.0, 3.0]]), axis=1)
    assert isinstance(recorded, bp.ValueArray)
    assert recorded.shape == (2, 2)


def test_the_gradient_along_an_axis_is_that_of_each_slice():
    weights = np.arange(6.0).reshape(2, 3)
    slope = bp.grad(lambda x: (bp.log_softmax(x, axis=-1) * weights).sum())(X[0])
    rows = [
        bp.grad(lambda x, w=w: bp.dot(bp.log_softmax(x), w))(row)
        for row, w in zip(X[0], weights, strict=True)
    ]
    np.testing.assert_allclose(slope, np.array(rows), rtol=1e-14)


def test_an_axis_that_is_not_there_and_one_that_is_not_named_are_refused():
    with pytest.raises(ShapeError, match=r"softmax of an array of shape \(2, 3\) needs axis="):
        bp.softmax(X[0])
    with pytest.raises(ShapeError, match="got axis=2 for an array of shape"):
        bp.logsumexp(X[0], axis=2)
    assert bp.softmax(np.zeros(2)) == [0.5, 0.5]
