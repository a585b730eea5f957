"""compiled: the decorator, its derivatives, and what it refuses."""

import copy
import dataclasses
import functools
import gc
import pickle
import warnings
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import errors
from autograd_bp.compiling import RetraceWarning, compiled
from autograd_bp.compiling.front.compiled import MAX_KINDS

RNG = np.random.default_rng(5)
X, D = RNG.normal(size=(7, 2)), RNG.random(7)
W = {"hidden": RNG.normal(size=(3, 2)), "out": [0.3, -0.2, 0.5], "bias": 0.1}


def network(w, x, d):
    hidden = [bp.tanh(bp.dot(line, x)) for line in w["hidden"]]
    return bp.performance(d, bp.sigmoid(bp.dot(w["out"], hidden) - w["bias"]))


def total(w):
    return bp.sum([network(w, x, d) for x, d in zip(X, D, strict=True)])


loss = compiled(rows=("x", "d"))(network)
each = loss.with_options(reduce=None)


def assert_like(found, expected):
    assert type(found) is type(expected)
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            assert_like(found[key], expected[key])
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)


def test_value_and_gradient_are_those_of_the_sum_over_rows():
    value, gradient = loss.value_and_grad(W, X, D)
    expected_value, expected = bp.value_and_grad(total)(W)
    assert value == pytest.approx(expected_value, rel=1e-14)
    assert_like(gradient, expected)
    assert loss(W, X, D) == value
    assert_like(loss.grad(W, X, D), gradient)


def test_without_a_sum_there_is_a_result_for_each_row():
    values = each(W, X, D)
    assert values.shape == (7,)
    assert values.sum() == pytest.approx(loss(W, X, D))
    gradients = each.grad(W, X, D)
    assert gradients["hidden"].shape == (7, 3, 2)
    assert [part.shape for part in gradients["out"]] == [(7,)] * 3
    assert_like(bp.grad(network)(W, X[4], D[4])["hidden"], gradients["hidden"][4])


def test_the_gradient_by_what_has_rows_is_one_for_each_row():
    found = loss.with_options(wrt="x").grad(W, X, D)
    expected = [bp.grad(network, "x")(W, x, d) for x, d in zip(X, D, strict=True)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_hessian_vector_products():
    tangent = {"hidden": RNG.normal(size=(3, 2)), "out": [1.0, 0.0, -1.0], "bias": 2.0}
    assert_like(loss.hvp(W, X, D, tangent=tangent), bp.hvp(total, W, tangent))


def test_jacobians_are_shaped_like_those_of_derivatives():
    def pair(w, x):
        return [bp.dot(w, x), w[0] * x[1]]

    matrix = compiled(rows="x")(pair)
    expected = np.sum([bp.jacobian(pair)([1.0, 2.0], x) for x in X], axis=0)
    np.testing.assert_allclose(matrix.jacobian([1.0, 2.0], X), expected)
    rows = matrix.with_options(reduce=None).jacobian([1.0, 2.0], X)
    assert len(rows) == 7
    np.testing.assert_allclose(rows[3], bp.jacobian(pair)([1.0, 2.0], X[3]))


def test_without_rows_there_is_one_point():
    f = compiled(lambda x: bp.exp(x[0]) * x[1])
    assert f([0.0, 3.0]) == 3.0
    assert f.value_and_grad([0.0, 3.0]) == (3.0, [3.0, 1.0])
    assert f.with_options(reduce=None).grad([0.0, 3.0]) == [3.0, 1.0]


def test_no_rows_at_all_sum_up_to_zero():
    value, gradient = loss.value_and_grad(W, np.empty((0, 2)), np.empty(0))
    assert value == 0.0
    assert gradient["out"] == [0.0, 0.0, 0.0]
    assert each(W, np.empty((0, 2)), np.empty(0)).shape == (0,)


@pytest.mark.parametrize(
    "change",
    [
        np.asfortranarray,
        lambda a: np.repeat(a, 2, axis=0)[::2],
        lambda a: a[::-1][::-1],
        lambda a: a.tolist(),
        lambda a: a.astype(np.float32).astype(float),
    ],
)
def test_arrays_of_any_layout_will_do(change):
    assert loss(W, change(X), D) == pytest.approx(loss(W, np.array(X), D), rel=1e-6)


def test_more_rows_than_a_block():
    many, more = np.tile(X, (500, 1)), np.tile(D, 500)
    assert loss(W, many, more) == pytest.approx(500 * loss(W, X, D), rel=1e-12)


def test_dataclasses_and_outputs_that_are_trees():
    @dataclasses.dataclass
    class Point:
        x: float
        y: float

    f = compiled(lambda p: {"sum": p.x + p.y, "both": (p.x, p.y * 2.0)})
    assert f(Point(1.0, 2.0)) == {"sum": 3.0, "both": (1.0, 4.0)}


def test_the_function_runs_once_for_each_shape():
    calls = []

    @compiled(rows="x")
    def f(w, x):
        calls.append(len(w))
        return bp.dot(w, x)

    for rows in (X, X[:3], X + 1.0):
        f([1.0, 2.0], rows)
    assert calls == [2]
    f([1.0, 2.0, 3.0], RNG.normal(size=(4, 3)))
    assert calls == [2, 3]


@pytest.mark.parametrize("setting", ["relu", b"relu", True])
def test_a_setting_is_to_be_declared_static(setting):
    with pytest.raises(errors.OperandError, match="declare it with static='kind'"):
        compiled(lambda x, kind: x)(1.0, setting)


def test_a_static_argument_may_be_branched_on():
    @compiled(static="kind")
    def f(x, kind="exp"):
        return bp.exp(x) if kind == "exp" else bp.tanh(x)

    assert f(1.0) == bp.exp(1.0)
    assert f(1.0, kind="tanh") == bp.tanh(1.0)
    with pytest.raises(errors.OperandError, match="cannot be hashed"):
        f(1.0, kind=[])


def test_too_many_shapes_are_warned_about():
    f = compiled(lambda x: x[0])
    for n in range(1, MAX_KINDS):
        f([1.0] * n)
    with pytest.warns(RetraceWarning, match="32 kinds of arguments"):
        f([1.0] * MAX_KINDS)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        f([1.0])


@pytest.mark.parametrize(
    "branch",
    [
        lambda x: x if x > 0.0 else -x,
        lambda x: max(x, 0.0),
        lambda x: 1.0 if x == 0.0 else x,
        lambda x: 1.0 if x != 0.0 else x,
        lambda x: sorted([x, 1.0])[0],
        lambda x: min(x, x * 2.0),
    ],
)
def test_a_branch_on_data_is_refused(branch):
    with pytest.raises(errors.BranchError, match=r"use where|a condition of where"):
        compiled(branch)(1.0)
    assert bp.Value(1.0) > 0.0  # and only there


def test_a_primitive_can_be_compiled_as_it_is():
    assert compiled(bp.sigmoid)(0.5) == pytest.approx(bp.sigmoid(0.5), rel=1e-15)
    assert compiled(bp.round)(1.5) == 2.0
    angles = compiled(bp.atan2, rows=("a", "b"), reduce=None)([1.0, 2.0], [1.0, 1.0])
    assert angles.tolist() == pytest.approx([bp.atan2(1.0, 1.0), bp.atan2(2.0, 1.0)])


def test_a_function_of_numpy_can_be_compiled_as_it_is():
    assert compiled(np.sin).grad(0.0) == 1.0
    lengths = compiled(np.hypot, rows=("x1", "x2"), reduce=None)([3.0, 6.0], [4.0, 8.0])
    assert lengths.tolist() == [5.0, 10.0]


@pytest.mark.parametrize("names", [["x"], {"x"}, iter(["x"]), np.array(["x"])], ids=type)
def test_options_are_read_once(names):
    """An iterator ends, and a list may change, before the options are used again."""
    f = compiled(lambda w, x: w * x, rows=names)
    if isinstance(names, list):
        names.append("w")
    assert f(2.0, [1.0, 3.0]) == 8.0
    assert f.with_options(reduce=None)(2.0, np.array([1.0, 3.0])).tolist() == [2.0, 6.0]
    several = compiled(lambda w, x: w * x, rows="x", wrt=iter(["w", "x"]))
    assert several.with_options(reduce=None).grad(2.0, [3.0])[0].tolist() == [3.0]


def test_positions_may_be_integers_of_numpy():
    assert compiled(lambda w, x: w * x, wrt=np.int64(1)).grad(2.0, 3.0) == 2.0


def test_other_threads_may_branch_meanwhile():
    import threading

    found = []

    def f(x):
        thread = threading.Thread(target=lambda: found.append(bp.Value(1.0) < 2.0))
        thread.start()
        thread.join()
        return x

    compiled(f)(1.0)
    assert found == [True]


def test_the_program_is_there_after_a_call():
    f = compiled(lambda x: x * x)
    with pytest.raises(errors.SettingError, match="call it"):
        f.program  # noqa: B018
    f(2.0)
    assert "mul x x" in str(f.program)


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: compiled(3), errors.OperandError, "function is needed"),
        (lambda: compiled(rows="z")(network), errors.SettingError, "w, x, d"),
        (lambda: compiled(rows="x", static="x")(network), errors.SettingError, "both"),
        (lambda: compiled(wrt="z")(network), errors.SettingError, "wrt='z'"),
        (lambda: compiled(wrt=True)(network), errors.SettingError, "wrt=True"),
        (lambda: compiled(reduce="mean")(network), errors.SettingError, "reduce"),
        (lambda: compiled(backend="gpu")(network), errors.SettingError, "numpy"),
        (lambda: compiled(lambda *x: x), errors.SettingError, "named parameters"),
        (lambda: compiled(rows=3)(network), errors.SettingError, "names of parameters"),
        (lambda: compiled(rows=b"x")(network), errors.SettingError, "got b'x'"),
        (lambda: compiled(wrt={"w", "x"})(network), errors.SettingError, "no order.*tuple"),
        (lambda: compiled(wrt={"w": 1})(network), errors.SettingError, "no order.*tuple"),
        (
            lambda: compiled(network).with_options(row="x"),
            errors.KeywordError,
            r"did you mean rows=",
        ),
    ],
)
def test_options_that_do_not_fit_are_refused(make, error, says):
    with pytest.raises(error, match=says):
        make()


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda: loss(W, X, D[:3]), errors.ShapeError, "3 rows"),
        (lambda: loss(W, X, 1.0), errors.ShapeError, "single number"),
        (lambda: loss(W, X + 1j, D), errors.OperandError, "complex"),
        (lambda: loss(W, [["a", "b"]], [1.0]), errors.OperandError, "dtype"),
        (lambda: loss(W, [[1.0, 2.0], [3.0]], D), errors.ShapeError, "rows"),
        (lambda: loss({**W, "bias": "b"}, X, D), errors.OperandError, "bias"),
        (lambda: loss({**W, "bias": bp.Value(1.0)}, X, D), errors.OperandError, "is a Value"),
        (lambda: loss.hvp(W, X, D, tangent=1.0), errors.ShapeError, "tangent"),
        (lambda: loss(W, X > 0.0, D), errors.OperandError, r"dtype bool: .*\.astype\(float\)"),
        (lambda: loss(W, X + 1j, D), errors.OperandError, r"\.real and \.imag"),
        (lambda: loss(W, None, D), errors.OperandError, r"dtype object: .*np\.asarray"),
        (lambda: loss(W, X), TypeError, r"network\(w, x, d\): missing .* 'd'"),
        (lambda: loss(W, X, D, 1.0), TypeError, r"network\(w, x, d\): too many"),
        (lambda: compiled(lambda x: None)(1.0), errors.OperandError, "returned None"),
        (lambda: compiled(lambda x: [])(1.0), errors.ShapeError, "no numbers"),
        (lambda: compiled(lambda x: [x, x]).grad(1.0), errors.ShapeError, "jacobian"),
        (lambda: compiled(bp.maximum), errors.SettingError, "parameters"),
        (
            lambda: compiled(lambda x: bp.threshold(x)).grad(1.0),
            errors.NotDifferentiableError,
            "step",
        ),
    ],
)
def test_calls_that_do_not_fit_are_refused(call, error, says):
    with pytest.raises(error, match=says):
        call()


def test_nan_goes_through():
    assert np.isnan(each(W, [[np.nan, 1.0]], [0.5])).all()


def test_constant_gradients_are_summed_over_rows_too():
    f = compiled(rows="x")(lambda w, x: 3.0 * w + x)
    assert f.value_and_grad(2.0, [1.0, 2.0]) == (15.0, 6.0)
    np.testing.assert_array_equal(f.with_options(reduce=None).grad(2.0, [1.0, 2.0]), [3.0, 3.0])


@pytest.mark.parametrize("backend", ["reference", "numpy", "llvm"])
def test_what_is_stopped_is_computed_from_the_numbers_of_the_call(backend):
    if backend == "llvm":
        pytest.importorskip("llvmlite")
    f = compiled(lambda x: x * bp.stop_gradient(x), backend=backend)
    assert [f(3.0), f(5.0)] == [9.0, 25.0]
    assert f.grad(5.0) == 5.0
    assert f.hvp(5.0, tangent=1.0) == 0.0
    assert bp.stop_gradient(bp.Value(2.0)).is_constant  # outside of traces as ever


@pytest.mark.parametrize("backend", ["reference", "numpy"])
@pytest.mark.parametrize(
    "change",
    [
        np.asfortranarray,
        lambda a: a[::-1][::-1],
        lambda a: a.astype(np.float32),
        lambda a: a.astype(object),
    ],
)
def test_shared_arrays_of_any_layout_are_read_in_the_order_of_their_indices(change, backend):
    function = bp.compiled(
        lambda w: w[0, 0] + 10.0 * w[0, 1] + 100.0 * w[1, 0] ** 2, backend=backend
    )
    w = change(np.array([[1.0, 2.0], [3.0, 4.0]]))
    for _ in range(2):
        value, gradient = function.value_and_grad(w)
        assert value == 921.0
        assert gradient.tolist() == [[1.0, 10.0], [600.0, 0.0]]


def test_the_recorded_graph_is_freed_when_it_has_become_a_program():
    alive = []

    def function(w):
        product = w[0] * w[1]
        alive.append(weakref.ref(product))
        return product * 2.0

    traced = bp.compiled(function)
    assert traced.value_and_grad([3.0, 4.0]) == (24.0, [8.0, 6.0])
    gc.collect()
    assert alive[0]() is None
    assert traced.value_and_grad([1.0, 4.0]) == (8.0, [8.0, 2.0])


def cubic(x):
    return x * x * x


def test_a_function_that_ran_can_be_copied_and_pickled():
    f = bp.compiled(cubic, wrt="x", reduce=None, rows="x", backend="numpy")
    X = np.array([1.0, 2.0])
    expected = [f(X), f.grad(X), f.value_and_grad(X)]
    for other in (pickle.loads(pickle.dumps(f)), copy.copy(f), copy.deepcopy(f)):
        np.testing.assert_array_equal([other(X), other.grad(X)], expected[:2])
        np.testing.assert_array_equal(other.value_and_grad(X), expected[2])
        assert other.__name__ == "cubic"
        assert other.backend.name == "numpy"


def test_derivatives_are_documented_and_belong_to_their_object():
    f, g = bp.compiled(cubic), bp.compiled(lambda x: 2.0 * x)
    assert f.grad is f.grad
    assert "gradient" in type(f).grad.__doc__
    assert (f.grad(2.0), g.grad(2.0)) == (12.0, 2.0)
    again = f.with_options(backend="reference")
    assert again.grad(2.0) == 12.0
    assert again.backend.name == "reference"


def test_a_function_that_wraps_a_compiled_one_has_derivatives_of_its_own():
    inner = bp.compiled(cubic)
    assert inner.grad(2.0) == 12.0

    @functools.wraps(inner)
    def doubled(x):
        return 2.0 * cubic(x)

    assert bp.compiled(doubled).grad(2.0) == 24.0


def test_calls_of_other_kinds_go_on_while_threads_take_aim():
    """Fast calls of two kinds from many threads: each gets the numbers of its own kind."""
    f = bp.compiled(lambda w: bp.dot(w, w))
    small, large = [1.0, 2.0], [float(k) for k in range(200)]
    expected = {2: f.value_and_grad(small), 200: f.value_and_grad(large)}

    def work(k):
        w = small if k % 2 else large
        return len(w), f.value_and_grad(w)

    with ThreadPoolExecutor(8) as pool:
        for size, result in pool.map(work, range(400)):
            assert result == expected[size]
