"""Calls of native code: the same numbers from every way of calling, whatever the threads."""

import threading

import numpy as np
import pytest
from test_rolling import network

import autograd_bp as bp
from autograd_bp.compiling.backends import tape
from autograd_bp.compiling.calling import caller, threads
from autograd_bp.errors import OperandError, SettingError, ShapeError

pytest.importorskip("llvmlite")

NATIVE = ["llvm"] if tape.unavailable() else ["llvm", "tape"]
FIRST = "numpy" if tape.unavailable() else "tape"
every_backend = pytest.mark.parametrize("backend", NATIVE)

SIZES = (3, 5, 1)
COUNT = 4 * 5 + 6
RANDOM = np.random.default_rng(7)
W = RANDOM.normal(size=COUNT)


def data(rows):
    random = np.random.default_rng(rows)
    return random.normal(size=(rows, 3)), random.normal(size=rows)


def compiled(backend="llvm", **options):
    return bp.compiled(network(SIZES), rows=("x", "d"), backend=backend, **options)


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


@every_backend
@pytest.mark.parametrize("rows", [0, 1, 2, 3, 15, 16, 17, 255, 256, 257, 1000, 5000])
def test_native_code_and_the_numpy_backend_agree(rows, backend):
    X, d = data(rows)
    value, gradient = compiled(backend).value_and_grad(W, X, d)
    expected, slopes = compiled("numpy").value_and_grad(W, X, d)
    close(value, expected)
    close(gradient, slopes)


@every_backend
@pytest.mark.parametrize("threads", [2, 3, 7])
@pytest.mark.parametrize("rows", [100, 700, 5000, 10_000])
def test_threads_change_no_bit(rows, threads, backend):
    X, d = data(rows)
    one = compiled(backend, threads=1).value_and_grad(W, X, d)
    many = compiled(backend, threads=threads).value_and_grad(W, X, d)
    assert one[0] == many[0]
    assert (one[1] == many[1]).all()


@pytest.mark.parametrize("threads", [0, -1, 1.5, True, "all"])
def test_threads_are_a_positive_number(threads):
    with pytest.raises(SettingError, match="threads is a positive integer"):
        compiled(threads=threads)


def test_more_threads_than_stripes_take_no_memory():
    assert threads.count_of(10**9) == threads.count_of(2**70) == threads.MOST == caller.STRIPES
    assert compiled(threads=10**9)(W, *data(10)) == compiled(threads=1)(W, *data(10))


def test_stripes_depend_on_the_rows_alone():
    lengths = [caller.stripe_of(rows) for rows in (1, 256, 257, 4096, 4097, 10_000)]
    assert lengths == [256, 256, 256, 256, 512, 768]


@every_backend
@pytest.mark.parametrize("rows", [2, 40])
def test_later_calls_give_what_the_first_gives(rows, backend):
    f, (X, d) = compiled(backend), data(rows)
    first = f.value_and_grad(W, X, d)
    for _ in range(3):
        again = f.value_and_grad(W, X, d)
        assert again[0] == first[0]
        assert (again[1] == first[1]).all()
        assert type(again[0]) is float
        assert again[1].shape == W.shape


@every_backend
def test_later_calls_may_have_more_rows(backend):
    f = compiled(backend)
    for rows in (40, 700, 41, 1, 3, 0, 1000):
        X, d = data(rows)
        close(f(W, X, d), compiled("numpy")(W, X, d))
        close(f.grad(W, X, d), compiled("numpy").grad(W, X, d))


@pytest.mark.parametrize(
    "weights",
    [
        lambda w: w.tolist(),
        lambda w: tuple(w.tolist()),
        lambda w: [w[:20].tolist(), tuple(w[20:].tolist())],
        lambda w: {"hidden": w[:20].reshape(5, 4), "out": [w[20:].tolist()]},
        lambda w: {"hidden": w[:20].reshape(5, 4), "bias": float(w[20]), "rest": w[21:]},
        lambda w: [np.asfortranarray(w[:20].reshape(5, 4)), w[20:][::1]],
        lambda w: np.ascontiguousarray(np.repeat(w, 2))[::2],
        lambda w: [*w[:25].tolist(), 3],
    ],
    ids=["list", "tuple", "nest", "dict", "mixed", "fortran", "strided", "with an integer"],
)
def test_every_shape_of_weights_comes_back(weights):
    def performance(w, x, d):
        return network(SIZES)(list(numbers(w)), x, d)

    def numbers(tree):
        parts = tree.values() if isinstance(tree, dict) else tree
        for part in parts if hasattr(parts, "__iter__") else [parts]:
            yield from numbers(part) if hasattr(part, "__iter__") else [part]

    X, d = data(20)
    f = bp.compiled(performance, rows=("x", "d"), backend="llvm")
    slow = bp.compiled(performance, rows=("x", "d"), backend="reference")
    given = weights(W)
    for _ in range(2):
        value, gradient = f.value_and_grad(given, X, d)
        expected, slopes = slow.value_and_grad(given, X, d)
        close(value, expected)
        same_tree(gradient, slopes)


def same_tree(found, expected):
    assert type(found) is type(expected)
    if isinstance(found, dict):
        assert list(found) == list(expected)
        found, expected = list(found.values()), list(expected.values())
    if isinstance(found, (list, tuple)):
        assert len(found) == len(expected)
        for a, b in zip(found, expected, strict=True):
            same_tree(a, b)
    else:
        close(found, expected)
        assert np.shape(found) == np.shape(expected)


@every_backend
def test_results_for_each_row(backend):
    X, d = data(21)
    f = compiled(backend, reduce=None)
    for _ in range(2):
        value, gradient = f.value_and_grad(W, X, d)
        assert value.shape == (21,)
        assert gradient.shape == (21, COUNT)
        close(gradient.sum(axis=0), compiled("numpy").grad(W, X, d))


@every_backend
def test_the_gradient_by_the_rows(backend):
    X, d = data(21)
    f = compiled(backend, wrt="x")
    for _ in range(2):
        value, gradient = f.value_and_grad(W, X, d)
        assert isinstance(value, float)
        assert gradient.shape == X.shape
        close(gradient, compiled("numpy", wrt="x").grad(W, X, d))


@every_backend
def test_results_do_not_change_when_the_next_call_is_made(backend):
    f, (X, d) = compiled(backend), data(30)
    f.grad(W, X, d)
    first = f.grad(W, X, d)
    kept = first.copy()
    f.grad(W + 1.0, X, d)
    assert (first == kept).all()


@every_backend
@pytest.mark.parametrize("change", ["dtype", "shape", "rows", "missing", "text", "none"])
def test_later_calls_are_checked_too(change, backend):
    f, (X, d) = compiled(backend), data(20)
    for _ in range(2):
        f.grad(W, X, d)
    if change == "dtype":
        close(f.grad(W, X.astype(np.float32), d), f.grad(W, X.astype(np.float32).astype(float), d))
    elif change == "shape":
        with pytest.raises((ShapeError, StopIteration, OperandError)):
            f.grad(W.reshape(2, 13, 1), X, d)
    elif change == "rows":
        with pytest.raises(ShapeError, match="19 rows"):
            f.grad(W, X, d[:-1])
    elif change == "missing":
        with pytest.raises(TypeError, match="'d'"):
            f.grad(W, X)
    else:
        with pytest.raises(OperandError):
            f.grad(W, X, "no numbers" if change == "text" else None)


@every_backend
def test_threads_of_the_user_do_not_meet_in_the_buffers(backend):
    f = compiled(backend)
    X, d = data(200)
    scales = [1.0, 2.0, 3.0, 4.0]
    expected = [f.grad(W * scale, X, d) for scale in scales]
    wrong = []

    def work(k):
        for _ in range(200):
            found = f.grad(W * scales[k], X, d)
            wrong.extend(found[found != expected[k]])

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@every_backend
def test_nan_comes_through_in_its_row_alone(backend):
    f, (X, d) = compiled(backend), data(20)
    f.grad(W, X, d)
    X[3, 0] = np.nan
    assert np.isnan(f(W, X, d))
    each = compiled(backend, reduce=None)
    assert np.isnan(each(W, X, d)).tolist() == [k == 3 for k in range(20)]


# ------------------------------------------------------------------------------------ bound
@pytest.mark.parametrize("backend", [*NATIVE, "numpy", "auto"])
@pytest.mark.parametrize("rows", [1, 17])
def test_a_bound_call_computes_from_what_is_written(rows, backend):
    X, d = data(rows)
    f = compiled(backend)
    bound = f.bind(W, X, d)
    for scale in (1.0, -0.5):
        bound.arguments["w"][:] = W * scale
        bound.arguments["x"][:] = X + scale
        bound.arguments["d"][:] = d * scale
        value, gradient = compiled("numpy").value_and_grad(W * scale, X + scale, d * scale)
        close(bound(), value)
        close(bound.numbers, [value, *gradient])
        found = bound.result
        close(found[0], value)
        close(found[1], gradient)


def test_a_bound_call_of_nests():
    f = bp.compiled(lambda w, x: w["a"] * x[0][1] + w["b"][0] * x[1][0], rows="x", backend="llvm")
    x = np.arange(12.0).reshape(3, 2, 2)
    bound = f.bind({"a": 2.0, "b": [3.0]}, x)
    assert bound.arguments["w"].shape == (2,)
    assert bound.arguments["x"].shape == (3, 2, 2)
    assert (bound.arguments["x"] == x).all()
    expected = 2 * x[:, 0, 1].sum() + 3 * x[:, 1, 0].sum()
    assert bound() == expected
    bound.arguments["x"][2] = 0.0
    bound()
    assert bound.result[1] == {"a": x[:2, 0, 1].sum(), "b": [x[:2, 1, 0].sum()]}


def test_a_bound_call_without_a_value():
    X, d = data(4)
    bound = compiled().bind(W, X, d, derivative="grad")
    assert bound() is None
    close(bound.numbers, compiled("numpy").grad(W, X, d))


def test_a_bound_call_for_each_row():
    X, d = data(19)
    bound = compiled(reduce=None).bind(W, X, d)
    assert bound() is None
    value, gradient = bound.result
    assert value.shape == (19,)
    assert gradient.shape == (19, COUNT)


def test_a_bound_call_of_something_else_is_refused():
    with pytest.raises(SettingError, match='"value", "grad" or "value_and_grad"'):
        compiled().bind(W, *data(2), derivative="laplacian")


def test_a_bound_call_refuses_arrays_of_another_shape():
    bound = compiled().bind(W, *data(2))
    with pytest.raises(ValueError, match="broadcast"):
        bound.arguments["x"][:] = np.ones((3, 4))


# ----------------------------------------------------------------------------------- choices
def test_machine_code_takes_over_when_enough_was_computed():
    f, (X, d) = compiled("auto"), data(1000)
    f.grad(W, X, d)
    assert f.backend.name == FIRST
    assert "takes over" in f.backend.reason
    for _ in range(50_000):
        if f.backend.name == "llvm":
            break
        f.grad(W, X, d)
    assert f.backend.name == "llvm"
    assert "often enough" in str(f.backend)


def test_the_same_calls_give_the_same_bits_in_every_run():
    X, d = data(1000)
    runs = []
    for _ in range(2):
        f = compiled("auto")
        runs.append([f(W, X, d) for _ in range(400)])
    assert runs[0] == runs[1]


def test_small_steps_are_counted_too():
    f, (X, d) = compiled("auto"), data(3)
    calls = 0
    while f.grad(W, X, d) is not None and f.backend.name != "llvm":
        calls += 1
        assert calls < 100_000
    again, repeated = compiled("auto"), 0
    while again.grad(W, X, d) is not None and again.backend.name != "llvm":
        repeated += 1
    assert calls == repeated > 100


def test_a_backend_that_was_asked_for_says_so():
    f = compiled("numpy")
    f(W, *data(3))
    assert str(f.backend).startswith("numpy: asked for")


def test_the_program_is_that_of_the_latest_call():
    f, (X, d) = compiled(), data(20)
    for _ in range(2):
        f.grad(W, X, d)
        gradient = len(f.program.outputs)
        f(W, X, d)
        assert (gradient, len(f.program.outputs)) == (COUNT, 1)


def test_there_is_no_backend_before_the_first_call():
    with pytest.raises(SettingError, match="has not run yet"):
        _ = compiled().backend


def test_a_backend_that_does_not_exist_is_refused():
    with pytest.raises(SettingError, match="choose auto, reference, numpy, tape, llvm"):
        compiled("cuda")
