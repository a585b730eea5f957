"""Programs of floats of 32 bits: the numbers of doubles to their precision, in half the memory."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.compiling.backends.numpy.runner import BlockPlan
from autograd_bp.compiling.backends.registry import backends, names
from autograd_bp.entry import TABLE
from autograd_bp.native.kernels import OWN

RNG = np.random.default_rng(4)
W, X, D = RNG.normal(size=31), RNG.normal(size=(300, 3)), RNG.random(300)
EPSILON = 2.0**-24


def network(w, x, d):
    hidden = [bp.tanh(bp.dot(w[4 * i : 4 * i + 4], [-1.0, *x])) for i in range(6)]
    return bp.performance(d, bp.sigmoid(bp.dot(w[24:], [-1.0, *hidden])))


@pytest.mark.parametrize("reduce", ["sum", None])
def test_values_and_derivatives_are_those_of_doubles_to_the_precision_of_floats(reduce):
    double = bp.compiled(network, rows=("x", "d"), reduce=reduce)
    single = double.with_options(dtype="float32")
    for kind in ("value_and_grad", "hessian"):
        found, expected = (getattr(f, kind)(W, X, D) for f in (single, double))
        pairs = (
            zip(found, expected, strict=True) if kind == "value_and_grad" else [(found, expected)]
        )
        for a, b in pairs:
            scale = np.abs(b).max() * (300 if reduce else 1)
            assert np.abs(np.asarray(a) - b).max() < 100 * EPSILON * scale
            assert np.asarray(a).dtype == np.float64
    assert single.backend.name == "numpy-float32"
    value = single(W, X, D)
    assert not np.array_equal(value, double(W, X, D))  # it rounds indeed


def test_every_space_of_a_block_has_floats():
    f = bp.compiled(network, rows=("x", "d"), dtype="float32")
    f.grad(W, X, D)
    loops = f._ready.backend.loops
    small, large = (BlockPlan(loops, 64, kind) for kind in (np.float32, float))
    for name, array in small._spaces.items():
        assert array.dtype == np.float32
        assert 2 * array.nbytes == large._spaces[name].nbytes
    assert {a.dtype for a in small._scratch._arrays} <= {np.dtype(np.float32)}


def test_every_primitive_with_floats():
    for op in TABLE[:OWN]:
        count = op.arity or (3 if op.operands.always else 4)
        x = np.array([[0.3 + 0.1 * k for k in range(count)]])
        double = bp.compiled(lambda x, op=op: op(*x), rows="x", reduce=None, backend="numpy")
        expected = double(x)
        found = double.with_options(dtype="float32")(x)
        np.testing.assert_allclose(found, expected, rtol=64 * EPSILON, atol=64 * EPSILON)


def test_nan_and_infinity_no_rows_and_one():
    f = bp.compiled(lambda x: 1.0 / x + bp.log(x), rows="x", reduce=None, dtype="float32")
    found = f([0.0, np.nan, 1e300, 1.0])
    assert np.isnan(found[[0, 1]]).all()
    assert found[2:].tolist() == [np.inf, 1.0]  # 1e300 is no float
    assert f(np.zeros(0)).shape == (0,)
    assert f([2.0]).shape == (1,)
    assert bp.compiled(lambda: 3.0, dtype="float32")() == 3.0
    assert bp.compiled(lambda x: [x, 2.0], dtype="float32").jacobian(0.1) == [1.0, 0.0]


def test_an_index_is_still_exact_and_checked():
    f = bp.compiled(lambda t, i: bp.take(t, i), rows="i", reduce=None, dtype="float32")
    assert f([1.0, 2.0], [1, 0]).tolist() == [2.0, 1.0]
    with pytest.raises(errors.BadIndexError):
        f([1.0, 2.0], [2])


def test_c_has_floats_too():
    f = bp.compiled(network, rows=("x", "d"), dtype="float32")
    f(W, X, D)
    assert "const float *restrict parameters" in f.to_c()
    assert "const double *restrict parameters" in f.to_c(real="double")


def test_what_cannot_be_is_refused():
    with pytest.raises(errors.SettingError, match='dtype is "float64" or "float32"'):
        bp.compiled(network, dtype="float16")
    with pytest.raises(errors.SettingError, match='computed by the backend "numpy", got backend='):
        bp.compiled(network, dtype="float32", backend="reference")
    assert "numpy-float32" not in names()
    assert all("float32" not in backend.name for backend in backends())
