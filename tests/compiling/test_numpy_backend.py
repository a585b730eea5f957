"""The numpy backend: loops as array operations and matrix products."""

import math
import threading
import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import ARITHMETIC, NUMBERS, functions, run

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised, roll
from autograd_bp.compiling.backends.numpy import runner
from autograd_bp.compiling.backends.numpy.runner import MAX_ROWS, BlockPlan, NumpyRunner
from autograd_bp.compiling.backends.numpy.views import is_for_blas
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.expressions import walk
from autograd_bp.nn import Network

RNG = np.random.default_rng(11)


def recorded(outputs, parameters, inputs, summed):
    return optimised(flatten(outputs, parameters=parameters, inputs=inputs, summed=summed))


def runner_of(program):
    return NumpyRunner(roll(program))


def outputs_of(runner, parameters, inputs):
    """For each output a float, or an array over the rows."""
    sums, per_row = map(iter, runner.run(parameters, inputs))
    is_sum = [space == "sum" for space, _ in runner.loops.outputs]
    return [float(next(sums)) if summed else next(per_row) for summed in is_sum]


def assert_equal(program, parameters, rows, ulps=64.0):
    """Within some units in the last place of the largest number that is added up."""
    rows = np.asarray(rows, dtype=float)
    expected = program.run(list(parameters), rows.tolist())
    found = outputs_of(
        runner_of(program), np.asarray(parameters, dtype=float), np.ascontiguousarray(rows.T)
    )
    for one, other, summed in zip(found, expected, program.summed, strict=True):
        assert type(one) is (float if summed else np.ndarray)
        np.testing.assert_allclose(one, other, rtol=ulps * 2.0**-53, atol=1e-14)


def network(sizes, activation, rows):
    """A performance and its gradient by every weight, summed over rows or not."""
    made = Network(sizes, activation=activation, seed=1)
    x = [Value(0.1, f"x{i}") for i in range(sizes[0])]
    d = [Value(0.2, f"d{i}") for i in range(sizes[-1])]
    P = bp.performance(d, made(x))
    outputs = [P, *record_gradients([P], made.parameters())]
    program = recorded(outputs, made.parameters(), [*x, *d], [rows] * len(outputs))
    return program, [w.data for w in made.parameters()]


@pytest.mark.parametrize("summed", [True, False], ids=["summed", "each"])
@pytest.mark.parametrize("sizes", [[2, 4, 1], [3, 5, 4, 2], [1, 1], [6, 3]], ids=str)
@pytest.mark.parametrize("activation", ["relu", "sigmoid", "tanh"])
def test_networks_and_their_gradients(sizes, activation, summed):
    program, weights = network(sizes, activation, summed)
    assert_equal(program, weights, RNG.normal(size=(7, sizes[0] + sizes[-1])))


@pytest.mark.parametrize("count", [0, 1, 2, 31, 32, 33, 1000, MAX_ROWS + 1, 2 * MAX_ROWS])
def test_any_number_of_rows(count):
    w, x = [Value(0.3, "a"), Value(-0.2, "b")], [Value(1.0, "x"), Value(2.0, "y")]
    y = bp.tanh(bp.dot(w, x))
    program = recorded([y, y, *record_gradients([y], w)], w, x, [True, False, True, False])
    assert_equal(program, [0.3, -0.2], RNG.normal(size=(count, 2)).reshape(count, 2), 1e4)


def test_the_same_plan_serves_other_numbers():
    program, weights = network([2, 4, 1], "relu", True)
    runner = runner_of(program)
    for _ in range(3):
        rows, p = RNG.normal(size=(50, 3)), RNG.normal(size=len(weights))
        found = outputs_of(runner, p, np.ascontiguousarray(rows.T))
        np.testing.assert_allclose(
            found, program.run(p.tolist(), rows.tolist()), rtol=1e-12, atol=1e-13
        )


def test_results_stay_what_they_were_when_it_runs_again():
    x = Value(1.0, "x")
    runner = runner_of(recorded([x * 2.0], [], [x], [False]))
    first = outputs_of(runner, np.empty(0), np.array([[1.0, 2.0]]))[0]
    outputs_of(runner, np.empty(0), np.array([[7.0, 8.0]]))
    assert first.tolist() == [2.0, 4.0]


def test_threads_do_not_share_their_arrays():
    program, weights = network([2, 8, 1], "tanh", True)
    runner, p = runner_of(program), np.array(weights)
    batches = [np.ascontiguousarray(RNG.normal(size=(3, 200))) for _ in range(4)]
    expected = [outputs_of(runner, p, batch) for batch in batches]
    found = {}

    def work(k):
        for _ in range(30):
            found.setdefault(k, []).append(outputs_of(runner, p, batches[k]))

    threads = [threading.Thread(target=work, args=(k,)) for k in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(outputs == expected[k] for k in range(4) for outputs in found[k])


def test_memory_does_not_grow_with_the_rows():
    program, weights = network([4, 32, 1], "tanh", True)
    runner, p = runner_of(program), np.array(weights)

    inputs = np.ones((5, 40_000))
    tracemalloc.start()
    try:
        outputs_of(runner, p, inputs)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 12e6  # all numbers of all rows would be 80 million bytes


@given(
    functions(),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.lists(NUMBERS, min_size=4, max_size=4),
    st.booleans(),
)
@settings(max_examples=150)
def test_random_programs_compute_what_the_reference_does(steps, start, others, together):
    leaves = [Value(x, f"x{i}") for i, x in enumerate(start)]
    numbers = run(steps, leaves)
    outputs = [numbers[-1], numbers[len(numbers) // 2]]
    program = recorded(outputs, leaves[:1], leaves[1:], [together, False])
    rows = np.array(others).reshape(2, 2).tolist()
    expected = program.run([start[0]], rows)
    found = outputs_of(runner_of(program), np.array(start[:1]), np.array(rows).T.copy())
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9, atol=0.0)


@given(
    functions(longest=14, rows=ARITHMETIC),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.lists(NUMBERS, min_size=4, max_size=4),
)
@settings(max_examples=60)
def test_gradients_of_random_arithmetic(steps, start, others):
    leaves = [Value(x, f"x{i}") for i, x in enumerate(start)]
    last = run(steps, leaves)[-1]
    if not isinstance(last, Value):
        return
    gradient = record_gradients([last], leaves)
    program = recorded(gradient, leaves[:2], leaves[2:], [False] * 3)
    rows = np.array(others).reshape(4, 1).tolist()
    expected = program.run(start[:2], rows)
    found = outputs_of(runner_of(program), np.array(start[:2]), np.array(rows).T.copy())
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def values(count, name):
    return [Value(0.5 + 0.1 * k, f"{name}{k}") for k in range(count)]


def chain(w, x):
    """Σ_j w_ij x_j for matrices given as flat lists."""
    n = len(x)
    return [bp.dot(w[i * n : (i + 1) * n], x) for i in range(len(w) // n)]


SHAPES = {
    "one output": lambda w, x: [bp.dot(w[:6], x)],
    "backwards": lambda w, x: [bp.dot(w[6 * i : 6 * i + 6][::-1], x[::-1]) for i in (3, 2, 1, 0)],
    "transposed": lambda w, x: [bp.dot(w[i::6], [bp.exp(v) for v in x[:4]]) for i in range(6)],
    "with a head": lambda w, x: [bp.dot(w[6 * i : 6 * i + 6], x) + x[i] for i in range(4)],
    "with a shared head": lambda w, x: [bp.dot(w[6 * i : 6 * i + 6], x) - w[i] for i in range(4)],
    "of rows with rows": lambda w, x: [bp.dot(x[:3], x[3:]), bp.dot(x[1:4], x[2:5])],
    "shared positions": lambda w, x: [
        bp.dot(w[2 * i : 2 * i + 2], x[2 * p : 2 * p + 2]) for p in range(3) for i in range(4)
    ],
    "positions inside": lambda w, x: [
        bp.dot(w[2 * i : 2 * i + 2], x[2 * p : 2 * p + 2]) for i in range(4) for p in range(3)
    ],
    "own weights": lambda w, x: [bp.dot(w[6 * i : 6 * i + 6], x) * w[i] for i in range(4)],
    "scattered": lambda w, x: [
        bp.dot(
            [w[(7 * i + j * j) % 24] for j in range(5)], [x[(i * i + 2 * j) % 6] for j in range(5)]
        )
        for i in range(5)
    ],
    "of parameters alone": lambda w, x: [
        bp.dot(chain(w[:16], w[16:20]), x[:4]),
        bp.dot(w[:12], w[12:]) * x[0],
    ],
    "two products": lambda w, x: chain(w[:16], [bp.tanh(v) for v in chain(w, x)]),
    "lists": lambda w, x: [
        bp.sum(x[:3]),
        bp.mean(x[1:5]),
        bp.norm(x[2:]),
        bp.logsumexp(x[:4]),
        bp.logsumexp(w),
        bp.performance(w[:3], x[:3]),
        *bp.softmax(x),
    ],
    "one term": lambda w, x: [bp.dot(w[i : i + 1], x[i : i + 1]) for i in range(5)],
}


@pytest.mark.parametrize("summed", [True, False], ids=["summed", "each"])
@pytest.mark.parametrize("shape", SHAPES)
def test_sums_of_products_of_every_shape(shape, summed):
    w, x = values(24, "w"), values(6, "x")
    outputs = SHAPES[shape](w, x)
    gradient = record_gradients(outputs, [*w, *x])
    everything = [*outputs, *gradient]
    program = recorded(everything, w, x, [summed] * len(everything))
    for count in (1, 5):
        assert_equal(program, RNG.normal(size=24), RNG.normal(size=(count, 6)), 4096.0)


@pytest.mark.parametrize("wild", [math.inf, -math.inf, math.nan, 1e308])
def test_a_branch_that_is_not_taken_leaks_nothing(wild):
    w, x = values(6, "w"), values(3, "x")
    hidden = [bp.where(x[k], bp.dot(w[3 * k : 3 * k + 3], x), 1.0) for k in range(2)]
    y = bp.dot(w[:2], hidden)
    program = recorded([y, *record_gradients([y], w)], w, x, [False] * 7)
    rows = [[0.0, 0.0, wild], [1.0, 2.0, 3.0]]
    parameters = RNG.normal(size=6).tolist()
    expected = program.run(parameters, rows)
    found = outputs_of(runner_of(program), np.array(parameters), np.array(rows).T.copy())
    np.testing.assert_allclose(found, expected, rtol=1e-12)
    assert np.isfinite(found[0]).all()


@pytest.mark.parametrize("wild", [math.inf, -math.inf, math.nan])
def test_what_is_infinite_or_nan_stays_in_its_row(wild):
    program, weights = network([2, 3, 2], "tanh", False)
    rows = RNG.normal(size=(4, 4))
    rows[2, 0] = wild
    expected = program.run(weights, rows.tolist())
    found = outputs_of(runner_of(program), np.array(weights), np.ascontiguousarray(rows.T))
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-15)
    assert np.isfinite(np.array(found)[:, [0, 1, 3]]).all()


EDGES = [0.0, -0.0, 1.0, -2.5, 1e-300, 1e300, math.inf, -math.inf, math.nan]


@pytest.mark.parametrize(
    "row", [bp.relu, bp.sigmoid, bp.softplus, bp.log_sigmoid, bp.threshold, abs, bp.tanh, bp.sign]
)
def test_rows_of_one_number_at_edges(row):
    x = Value(1.0, "x")
    program = recorded([row(x)], [], [x], [False])
    (found,) = outputs_of(runner_of(program), np.empty(0), np.array([EDGES]))
    (expected,) = program.run([], [[each] for each in EDGES])
    np.testing.assert_allclose(found, expected, rtol=1e-15)
    zeros = [(a, b) for a, b in zip(found, expected, strict=True) if b == 0.0]
    assert all(math.copysign(1.0, a) == math.copysign(1.0, b) for a, b in zeros)


@pytest.mark.parametrize(
    "row",
    [
        bp.heaviside,
        bp.maximum,
        bp.minimum,
        lambda a, b: bp.where(a, b, 3.0),
        lambda a, b: bp.dot([a], [b]),
    ],
)
def test_rows_of_two_numbers_at_edges(row):
    x, y = values(2, "x")
    program = recorded([row(x, y)], [], [x, y], [False])
    rows = [[a, b] for a in EDGES for b in EDGES]
    (found,) = outputs_of(runner_of(program), np.empty(0), np.array(rows).T.copy())
    (expected,) = program.run([], rows)
    np.testing.assert_array_equal(found, expected)
    kept = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(found)[kept], np.signbit(expected)[kept])


@pytest.mark.parametrize("row", [bp.mean, bp.norm, bp.logsumexp, bp.sum])
def test_rows_of_lists_at_edges(row):
    x = values(3, "x")
    program = recorded([row(x)], [], x, [False])
    rows = [[a, b, c] for a in EDGES for b in EDGES for c in (1.0, -0.0, -1e308, math.inf)]
    (found,) = outputs_of(runner_of(program), np.empty(0), np.array(rows).T.copy())
    (expected,) = program.run([], rows)
    np.testing.assert_allclose(found, expected, rtol=4e-15)
    kept = ~np.isnan(expected)
    np.testing.assert_array_equal(np.signbit(found)[kept], np.signbit(expected)[kept])


@pytest.mark.parametrize("sizes", [[2, 8, 8, 1], [5, 4, 3]], ids=str)
def test_the_sums_of_products_of_a_network_go_to_blas_as_they_are(sizes):
    program, _ = network(sizes, "relu", True)
    steps = BlockPlan(runner_of(program).loops, 64)._steps
    products = [step for step in steps if step.func is np.matmul]
    assert not [step for step in steps if step.func is np.einsum]
    # Forward and backward in each layer, but for the outermost inputs; the gradients of weights.
    assert len(products) == 3 * (len(sizes) - 1) - 1 - (sizes[-1] == 1)
    for step in products:
        assert all(is_for_blas(matrix) for matrix in step.args)
    copied = [step.args[0] for step in steps if step.func is np.copyto]
    assert not [array for array in copied if array.shape[-1] == 64]  # no numbers of rows


@pytest.mark.parametrize("width", [1, 3])
def test_calls_of_long_expressions_are_made_once(width, monkeypatch):
    def function(x):
        y = 0.5 * x
        for i in range(4):  # one after the other: four loops of the same expression
            y = bp.gammainc(x + 1.0, y + 0.01 * i)
        return y

    made = []
    original = runner.Calls.expression
    monkeypatch.setattr(
        runner.Calls, "expression", lambda *args: made.append(args[1]) or original(*args)
    )
    compiled = bp.compiled(rows="x", reduce=None, backend="numpy")(function)
    rows = [0.3, 1.7, 4.0][:width]
    for points in (rows, [2.0 * x for x in rows]):  # the arrays serve the next call too
        np.testing.assert_allclose(compiled(points), [function(x) for x in points], rtol=1e-13)
    long = max(made, key=lambda tree: sum(1 for _ in walk(tree)))
    assert sum(tree is long for tree in made) == 2
    slopes = [bp.grad(function)(x) for x in rows]
    np.testing.assert_allclose(compiled.with_options(wrt="x").grad(rows), slopes, rtol=1e-11)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_power_of_one_half_is_no_square_root_at_minus_0_and_infinity(dtype):
    x = np.array([-np.inf, -0.0, 4.0])
    options = {"reduce": None, "backend": "numpy", "dtype": dtype}
    fixed = bp.compiled(lambda x: x**0.5, rows="x", **options)(x)
    given = bp.compiled(lambda p, x: x**p, rows="x", **options)(0.5, x)
    beside = bp.compiled(lambda x, p: [a**p for a in x], rows=("x", "p"), **options)
    several = beside(np.stack([x, x], axis=1), [0.5, 0.5, 2.0])
    assert fixed.tolist() == given.tolist() == [math.inf, 0.0, 2.0]
    assert not np.signbit(fixed[1])
    assert [column.tolist() for column in several] == [[math.inf, 0.0, 16.0]] * 2
