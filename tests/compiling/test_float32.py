"""Programs of floats of 32 bits: the numbers of doubles to their precision, in half the memory."""

from importlib.util import find_spec

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.compiling.backends.llvm.nests import module, scratch_of, shared_of
from autograd_bp.compiling.backends.llvm.writer import literal
from autograd_bp.compiling.backends.numpy.runner import BlockPlan
from autograd_bp.compiling.backends.registry import backends, names
from autograd_bp.entry import TABLE
from autograd_bp.native.kernels import OWN

RNG = np.random.default_rng(4)
W, X, D = RNG.normal(size=31), RNG.normal(size=(300, 3)), RNG.random(300)
EPSILON = 2.0**-24
needs_llvmlite = pytest.mark.skipif(find_spec("llvmlite") is None, reason="llvmlite is missing")
BACKENDS = ["numpy", pytest.param("llvm", marks=needs_llvmlite)]


def network(w, x, d):
    hidden = [bp.tanh(bp.dot(w[4 * i : 4 * i + 4], [-1.0, *x])) for i in range(6)]
    return bp.performance(d, bp.sigmoid(bp.dot(w[24:], [-1.0, *hidden])))


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("reduce", ["sum", None])
def test_values_and_derivatives_are_those_of_doubles_to_the_precision_of_floats(reduce, backend):
    double = bp.compiled(network, rows=("x", "d"), reduce=reduce, backend=backend)
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
    assert single.backend.name == f"{backend}-float32"
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


def test_machine_code_has_floats_in_its_vectors_and_needs_half_the_room():
    f = bp.compiled(network, rows=("x", "d"))
    f.grad(W, X, D)
    loops = f._ready.backend.loops
    text = module(loops, 16, 8, 16, "float")
    assert "fmul <16 x float>" in text
    assert "fmul <16 x double>" not in text
    assert scratch_of(loops, 16, "float") == scratch_of(loops, 16)  # of half the bytes each


def test_what_all_rows_share_is_floats_with_a_copy_of_the_parameters_behind_it():
    f = bp.compiled(lambda w, x: bp.dot([bp.exp(v) for v in w], x), rows="x")
    f.grad(W, np.ones((3, len(W))))
    loops = f._ready.backend.loops
    numbers = loops.sizes["shared"] + len(W)
    assert loops.sizes["shared"] >= len(W)
    assert shared_of(loops, 16, "float") == -(-numbers // 2)
    assert shared_of(loops, 16) == loops.sizes["shared"]
    assert "store <16 x float>" in module(loops, 16, 8, 16, "float").partition("@rows")[0]


def test_parameters_that_hardly_anything_reads_are_not_copied():
    f = bp.compiled(lambda w: w[0] * w[1])
    f(W)
    loops = f._ready.backend.loops
    assert shared_of(loops, 1, "float") == loops.sizes["shared"]
    machine_code = f.with_options(backend="llvm", dtype="float32")
    pytest.importorskip("llvmlite")
    assert machine_code(W) == pytest.approx(W[0] * W[1], rel=1e-6)


def orbit(x, y):
    for _ in range(30):
        y = [a + 0.1 * b * c for a, b, c in zip(y, x, [y[-1], *y[:-1]], strict=True)]
    return y


@pytest.mark.parametrize("size", [3, 20, 37])
def test_a_recurrence_without_rows_has_floats_and_the_numbers_of_doubles(size):
    pytest.importorskip("llvmlite")
    x, y = np.linspace(0.2, 0.9, size), np.linspace(1.1, 0.3, size)
    for name in ("value", "grad"):
        single, double = (
            bp.compiled(
                lambda x, y: bp.sum(orbit(x, y)), wrt=("x", "y"), backend="llvm", dtype=dtype
            )
            for dtype in ("float32", "float64")
        )
        found, expected = (
            np.ravel(f(x, y) if name == "value" else f.grad(x, y)) for f in (single, double)
        )
        np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_number_is_written_as_the_float_that_is_nearest():
    assert literal(0.1, "float") == literal(float(np.float32(0.1)))
    assert literal(0.1, "float") != literal(0.1)
    assert literal(-1e300, "float") == literal(-np.inf)


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("rows", [1, 20])
def test_every_primitive_with_floats(rows, backend):
    for op in TABLE[:OWN]:
        count = op.arity or (3 if op.operands.always else 4)
        x = np.array([[0.3 + 0.1 * k for k in range(count)]] * rows)
        double = bp.compiled(lambda x, op=op: op(*x), rows="x", reduce=None, backend="numpy")
        expected = double(x)
        found = double.with_options(dtype="float32", backend=backend)(x)
        np.testing.assert_allclose(found, expected, rtol=64 * EPSILON, atol=64 * EPSILON)


def recurrence(w, x):
    y = [x, 0.5 * x]
    for _ in range(60):
        y = [y[0] + 0.1 * bp.sin(w[0] * y[1]), y[1] - 0.1 * bp.tanh(w[1] * y[0])]
    return bp.dot(y, y)


def long_lists(w, x):
    scaled = [bp.exp(-a * a) * x for a in w]
    return bp.logsumexp(scaled) + bp.dot(scaled, scaled) + bp.maximum(*scaled) / scaled[3]


def irregular(w, x):
    y = [*w[:9], x]
    for k in range(40):
        y.append(bp.sin(y[(7 * k) % len(y)]) * y[-1] + y[(3 * k + 1) % len(y)])
    return y[-1] * 1e-3


@needs_llvmlite
@pytest.mark.parametrize("function", [recurrence, long_lists, irregular])
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 17, 300])
def test_machine_code_of_floats_at_any_number_of_rows(function, rows):
    random = np.random.default_rng(rows)
    w, x = random.normal(size=37), random.normal(size=rows)
    double = bp.compiled(function, rows="x", wrt=("w", "x"), backend="llvm")
    single = double.with_options(dtype="float32")
    value, gradients = double.value_and_grad(w, x)
    found, slopes = single.value_and_grad(w, x)
    assert single.backend.name == "llvm-float32"
    size = 2000 * EPSILON * max(rows, 1)
    assert found == pytest.approx(value, abs=size)
    for a, b in zip(slopes, gradients, strict=True):
        np.testing.assert_allclose(a, b, atol=size * (1 + np.abs(b).max(initial=0.0)))


@needs_llvmlite
def test_the_number_of_threads_changes_no_bit():
    random = np.random.default_rng(1)
    w, x = random.normal(size=37), random.normal(size=5000)
    f = bp.compiled(irregular, rows="x", backend="llvm", dtype="float32")
    one, two = (f.with_options(threads=count).value_and_grad(w, x) for count in (1, 2))
    assert one[0] == two[0]
    assert np.array_equal(one[1], two[1])


@needs_llvmlite
def test_floats_go_over_to_machine_code_when_that_pays():
    f = bp.compiled(network, rows=("x", "d"), dtype="float32")
    assert f(W, X, D) == pytest.approx(f.with_options(dtype="float64")(W, X, D), rel=1e-5)
    assert f.backend.name == "numpy-float32"
    assert "machine code takes about" in f.backend.reason
    for _ in range(1000):
        f(W, X, D)
    assert f.backend.name == "llvm-float32"
    assert f(W, X, D) == f.with_options(backend="llvm")(W, X, D)


@pytest.mark.parametrize("backend", BACKENDS)
def test_nan_and_infinity_no_rows_and_one(backend):
    options = {"dtype": "float32", "backend": backend}
    f = bp.compiled(lambda x: 1.0 / x + bp.log(x), rows="x", reduce=None, **options)
    found = f([0.0, np.nan, 1e300, 1.0])
    assert np.isnan(found[[0, 1]]).all()
    assert found[2:].tolist() == [np.inf, 1.0]  # 1e300 is no float
    assert f(np.zeros(0)).shape == (0,)
    assert f([2.0]).shape == (1,)
    assert bp.compiled(lambda: 3.0, **options)() == 3.0
    assert bp.compiled(lambda x: [x, 2.0], **options).jacobian(0.1) == [1.0, 0.0]


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
    with pytest.raises(errors.SettingError, match='by the backends "llvm" and "numpy", got'):
        bp.compiled(network, dtype="float32", backend="reference")
    assert "numpy-float32" not in names()
    assert all("float32" not in backend.name for backend in backends())
