"""Recurrences of many steps: found in a program, and their loops made from a few steps."""

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.compiling import flatten, optimised
from autograd_bp.compiling.backends import choosing, registry
from autograd_bp.compiling.backends.c import to_c
from autograd_bp.compiling.backends.protocol import Source
from autograd_bp.compiling.front import by_steps
from autograd_bp.compiling.loops import rolling
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops
from autograd_bp.compiling.loops.rolling import roll_in_steps
from autograd_bp.compiling.loops.stretching import stretched
from autograd_bp.compiling.program import finding_steps
from autograd_bp.compiling.program.finding_steps import find_steps
from autograd_bp.compiling.program.passes import split_products
from autograd_bp.compiling.program.steps import UnevenError
from tests.compiling.recurrences import MODES, Recurrence

STEPS = 40
BACKENDS = [b.name for b in registry.backends() if b.unavailable() is None]
KINDS = ("value", "value_and_grad", "hvp")


@pytest.fixture(autouse=True)
def _short_programs(monkeypatch):
    """Programs of tests are short."""
    monkeypatch.setattr(finding_steps, "MIN_INSTRUCTIONS", 150)
    monkeypatch.setattr(by_steps, "MIN_OPERATIONS", 0)


def program_of(recurrence, steps=STEPS, rows=False):
    w = [Value(0.5) for _ in range(recurrence.weights)]
    first = [Value(0.3) for _ in range(recurrence.states)]
    x = [Value(0.2) for _ in range(steps * recurrence.width)]
    ys = recurrence.run(steps, w, first, x)
    leaves = [w, [*first, *x]] if rows else [[*w, *first, *x], []]
    graph = flatten(ys, parameters=leaves[0], inputs=leaves[1], summed=[True] * len(ys))
    return split_products(optimised(graph))


def made_of(steps, kind):
    """The loops of a kind of result, for so many steps."""

    def made(n):
        loops = roll_in_steps(steps.of(n), steps.barriers(n), steps.streams(n))
        if kind == "value":
            return loops
        count = len(steps.program.parameters)
        by = [("parameter", steps.leaves("parameter", range(count), n))]
        places = by_steps.step_places(steps, n, loops)
        asked = by_steps.Asked("hvp" if kind == "hvp" else "grad", kind != "hvp", False, [True])
        return asked.of_loops(loops, by, by, places)

    return made


def parts(loops):
    return list(loops.loops), loops.sizes, loops.outputs, loops.constants


CASES = [
    (seed, mode, width, kind)
    for seed, (mode, width) in enumerate((m, w) for m in MODES for w in (0, 1))
    for kind in KINDS
    if kind != "hvp" or (mode, width) in {("last", 1), ("accumulated", 0)}
]


@pytest.mark.parametrize(("seed", "mode", "width", "kind"), CASES)
def test_stretched_loops_are_those_that_all_steps_give(seed, mode, width, kind):
    steps = find_steps(program_of(Recurrence(seed, mode, width), rows=seed % 2 == 1))
    if steps is None:
        pytest.skip("this one drifts")
    made = made_of(steps, kind)
    loops = stretched(steps, made)
    if loops is None:
        pytest.skip("no pattern")
    assert isinstance(loops.loops, RepeatedLoops)
    assert parts(loops) == parts(made(steps.count))


def test_most_random_recurrences_are_stretched():
    """So that the tests that compare stretched loops compare something."""
    found = []
    for seed, mode, width, kind in [case for case in CASES if case[-1] == "value_and_grad"]:
        steps = find_steps(program_of(Recurrence(seed, mode, width), rows=seed % 2 == 1))
        found.append(steps is not None and stretched(steps, made_of(steps, kind)) is not None)
    assert np.mean(found) > 0.5


@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.parametrize("rows", [False, True])
def test_backends_compute_repeated_loops_as_the_reference_does(backend, rows):
    steps = find_steps(program_of(Recurrence(3, "accumulated", 1), rows=rows))
    made = made_of(steps, "value_and_grad")
    loops, full = stretched(steps, made), made(steps.count)
    rng = np.random.default_rng(1)
    parameters = rng.uniform(0.1, 0.9, len(loops.parameters))
    for count in (1, 3, 37) if rows else (1,):
        inputs = rng.uniform(0.1, 0.9, (len(loops.inputs), count))
        run = registry.named(backend).prepare(Source(loops), count).run
        expected = registry.named("reference").prepare(Source(full), count).run
        got, wanted = run(parameters, inputs, 1), expected(parameters, inputs, 1)
        for ours, theirs in zip(got, wanted, strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-11)


def test_loops_are_written_once_however_many_steps_there_are():
    def loops(count):
        w, x = [Value(0.5) for _ in range(3)], [Value(0.4) for _ in range(3 + count)]
        graph = flatten([euler(w, x, count)], parameters=w, inputs=x, summed=[True])
        steps = find_steps(split_products(optimised(graph)))
        return stretched(steps, made_of(steps, "value_and_grad"))

    few, many = loops(150), loops(210)
    assert sum(1 for _ in few.with_times()) == sum(1 for _ in many.with_times())
    assert len(many.loops) > len(few.loops)
    assert to_c(few, name="f", vectors=0).count("for (") == to_c(many, name="f", vectors=0).count(
        "for ("
    )


def test_the_program_of_fewer_steps_is_the_one_that_they_leave():
    def program(count):
        w, x = [Value(0.5) for _ in range(3)], [Value(0.4) for _ in range(3 + count)]
        return optimised(flatten([euler(w, x, count)], parameters=[*w, *x]))

    steps = find_steps(program(100))
    for n in (30, 31):
        fewer = steps.of(n).check()
        natural = program(len(fewer.parameters) - 6)
        numbers = np.random.default_rng(n).uniform(0.1, 0.9, len(fewer.parameters))
        np.testing.assert_allclose(fewer.run(numbers), natural.run(numbers), rtol=1e-12)


def test_a_program_without_steps_has_none():
    rng = np.random.default_rng(0)
    w = [Value(x) for x in rng.uniform(size=8)]
    pool = list(w)
    for _ in range(400):
        a, b = rng.integers(len(pool), size=2)
        pool.append([bp.sin(pool[a]), pool[a] + pool[b], pool[a] * 0.5][rng.integers(3)])
    assert find_steps(optimised(flatten([bp.sum(pool)], parameters=w))) is None


def test_what_runs_side_by_side_has_no_steps():
    w, x = [Value(0.5) for _ in range(300)], Value(0.3)
    program = optimised(flatten([bp.sum([bp.tanh(v * x) for v in w])], parameters=[*w, x]))
    assert find_steps(program) is None


def test_one_step_that_differs_in_the_middle_is_not_left_out():
    def f(w):
        y = w[0]
        for t in range(200):
            y = bp.sin(w[1] * y) if t != 100 else bp.cos(w[1] * y)
        return y

    g = bp.compiled(f, backend="numpy")
    value, slope = g.value_and_grad([0.5, 1.5])
    expected = bp.value_and_grad(f)([0.5, 1.5])
    assert value == expected[0]
    np.testing.assert_allclose(slope, expected[1], rtol=1e-12)


def test_a_result_in_the_middle_is_not_left_out():
    def f(w):
        y, middle = w[0], 0.0
        for t in range(200):
            y = bp.sin(w[1] * y)
            middle = y if t == 77 else middle
        return y * middle

    w = [Value(0.5), Value(1.5)]
    steps = find_steps(optimised(flatten([f(w)], parameters=w)))
    if steps is not None:
        with pytest.raises(UnevenError):
            steps.of(10)
    slope = bp.compiled(f, backend="numpy").grad([0.5, 1.5])
    np.testing.assert_allclose(slope, bp.grad(f)([0.5, 1.5]), rtol=1e-12)


def euler(w, x, count=100):
    y, total = list(x[:3]), 0.0
    for t in range(count):
        slope = [w[0] * (y[1] - y[0]), y[0] * (w[1] - y[2]) - y[1], y[0] * y[1] - w[2] * y[2]]
        y = [a + 0.01 * b for a, b in zip(y, slope, strict=True)]
        total = total + bp.tanh(y[0] * x[3 + t])
    return total


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_compiled_recurrence_is_differentiated_by_its_steps(backend):
    rng = np.random.default_rng(5)
    w, x = rng.uniform(0.5, 1.5, 3), rng.uniform(0.1, 1.0, (4, 103))
    f = bp.compiled(euler, rows="x", backend=backend)
    value, slope = f.value_and_grad(w, x)
    assert f.way == "steps"
    pairs = [bp.value_and_grad(euler)(w, row) for row in x]
    assert value == pytest.approx(sum(y for y, _ in pairs), rel=1e-12)
    np.testing.assert_allclose(slope, sum(np.array(s) for _, s in pairs), rtol=1e-9)
    by_rows = f.with_options(wrt="x", reduce=None)
    np.testing.assert_allclose(
        by_rows.grad(w, x), [bp.grad(euler, 1)(w, row) for row in x], rtol=1e-9, atol=1e-12
    )
    assert by_rows.way == "steps"


def ring(w, x, steps=48):
    """Heun's method on a ring: too short a recurrence for the tape to go by steps."""
    size, y = len(w), list(x)

    def slope(y):
        return [(y[(k + 1) % size] - y[k - 2]) * y[k - 1] - y[k] + w[k] for k in range(size)]

    for _ in range(steps):
        a = slope(y)
        b = slope([u + 0.01 * v for u, v in zip(y, a, strict=True)])
        y = [u + 0.005 * (v + z) for u, v, z in zip(y, a, b, strict=True)]
    return bp.sum(y)


def test_what_is_compiled_at_once_goes_by_steps_sooner_than_what_is_interpreted(monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(by_steps, "MIN_OPERATIONS", 3500)
    monkeypatch.setattr(by_steps, "MIN_COMPILED", 100)
    rng = np.random.default_rng(7)
    w, x = rng.uniform(0.5, 1.5, 8), rng.uniform(0.1, 1.0, 8)
    tape, llvm = (bp.compiled(ring, backend=name) for name in ("numpy", "llvm"))
    np.testing.assert_allclose(llvm.grad(w, x), tape.grad(w, x), rtol=1e-12)
    assert (tape.way, llvm.way) == ("instructions", "steps")


@pytest.mark.parametrize("kind", ["value_and_grad", "grad"])
def test_machine_code_takes_over_a_short_recurrence_by_its_steps(monkeypatch, kind):
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(by_steps, "MIN_OPERATIONS", 3500)
    monkeypatch.setattr(by_steps, "MIN_COMPILED", 100)
    monkeypatch.setattr(choosing, "SHORTENED", 0.0)
    rng = np.random.default_rng(7)
    w, x = rng.uniform(0.5, 1.5, 8), rng.uniform(0.1, 1.0, 8)
    f = bp.compiled(ring)
    gradient = f.grad(w, x)
    program = f.program
    call = f.bind(w, x, derivative=kind)
    call()
    np.testing.assert_allclose(call.numbers[-8:], gradient, rtol=1e-12)
    taken_over = f._latest[0].backend  # what a user sees is the program as it was recorded
    assert taken_over.choice.name == "llvm"
    assert taken_over._compiled.different_loops < taken_over._source.different_loops // 2
    assert len(f.program) >= len(program)


def test_where_no_steps_are_found_machine_code_is_made_of_the_loops_that_run(monkeypatch):
    pytest.importorskip("llvmlite")
    monkeypatch.setattr(choosing, "SHORTENED", 0.0)
    f = bp.compiled(lambda w: bp.sin(w[0]) * bp.exp(w[1]))
    value, gradient = f.value_and_grad([1.0, 2.0])
    call = f.bind([1.0, 2.0])
    assert f.backend.name == "llvm"
    assert call() == pytest.approx(value, rel=1e-15)
    np.testing.assert_allclose(call.numbers[1:], gradient, rtol=1e-15)


def test_second_derivatives_of_a_compiled_recurrence_are_those_of_the_engine():
    rng = np.random.default_rng(6)
    w, x, v = rng.uniform(0.5, 1.5, 3), rng.uniform(0.1, 1.0, 103), rng.normal(size=3)
    f = bp.compiled(euler, backend="numpy")
    expected = bp.hvp(lambda w: euler(w, x), w, v)
    np.testing.assert_allclose(f.hvp(w, x, tangent=v), expected, rtol=1e-9)
    assert f.way == "steps"


def test_repeated_loops_read_as_a_sequence():
    one = Loop(bp.sin, (2,), 1, (Access("parameter", 0, (1,)),), "slot", 0)
    two = Loop(bp.cos, (2,), 1, (Access("slot", 0, (1,)),), "slot", 2)
    loops = RepeatedLoops((Repeat(3, (one, two), ((4, 1), (4, 4))),))
    assert len(loops) == 6
    assert loops[0] == one
    assert loops[-1] == list(loops)[5]
    assert (loops[4].base, loops[4].reads[0].base, loops[5].reads[0].base) == (8, 2, 8)
    assert loops[1:3] == tuple(loops)[1:3]
    with pytest.raises(IndexError):
        loops[6]
    whole = Loops((), (), (), loops, {"shared": 0, "slot": 12, "sum": 0, "per_row": 0}, ())
    assert whole.work == 12
    assert whole.written_out().loops == tuple(loops)


def test_numbers_that_all_rows_share_are_added_up_for_each_row():
    """The gradient of what does not depend on the row, by numpy too."""

    def f(w, x):
        s = 0.0
        for a in w[:40]:
            for b in w[40:]:
                s = s + a * b
        return s + bp.dot(w[:40], x)

    rng = np.random.default_rng(0)
    w, x = rng.normal(size=80), rng.normal(size=(5, 40))
    f = bp.compiled(f, rows="x", backend="numpy")
    expected = [*(5 * w[40:].sum() + x.sum(axis=0)), *[5 * w[:40].sum()] * 40]
    np.testing.assert_allclose(f.grad(w, x), expected, rtol=1e-10)
    assert f.way == "loops"


@pytest.mark.parametrize("seed", range(4))
def test_the_walk_in_c_puts_instructions_where_python_does(seed, monkeypatch):
    if finding_steps.walks is None:
        pytest.skip("the walks in C do not run")
    program = program_of(Recurrence(seed, MODES[seed], seed % 3))
    found = finding_steps._positions(program)
    monkeypatch.setattr(finding_steps, "walks", None)
    assert found.tolist() == finding_steps._positions(program).tolist()


@pytest.mark.parametrize("seed", range(4))
def test_the_walk_in_c_orders_instructions_as_python_does(seed):
    if finding_steps.walks is None:
        pytest.skip("the walks in C do not run")
    program = program_of(Recurrence(seed, MODES[seed], seed % 3))
    rng = np.random.default_rng(seed)
    for positions in (
        finding_steps._positions(program),
        rng.integers(-50, 50, len(program)),  # many at a time
        np.zeros(len(program), np.int64),
    ):
        expected = finding_steps._in_order_of_in_python(positions, program)
        assert finding_steps._in_order_of(positions, program) == expected


@pytest.mark.parametrize("seed", range(4))
def test_the_walk_in_c_rolls_steps_as_python_does(seed):
    steps = find_steps(program_of(Recurrence(seed, "accumulated", seed % 3), rows=seed % 2 == 1))
    if steps is None:
        pytest.skip("this one drifts")
    arguments = steps.of(6), steps.barriers(6), steps.streams(6)
    grouping = rolling._Grouping(*arguments)
    expected = rolling._Layout(arguments[0], grouping).loops()
    assert parts(roll_in_steps(*arguments)) == parts(expected)


def test_a_gradient_goes_by_steps_where_these_are_made_sooner_or_take_less_memory(monkeypatch):
    monkeypatch.undo()

    def way(steps):
        def cell(w, x):
            y = x
            for _ in range(steps):
                y = bp.sin(w * y)
            return y

        f = bp.compiled(cell, backend="reference")
        f.trace("grad", 0.9, 0.5)
        return f.way

    assert [way(k) for k in (7_000, 21_000)] == ["instructions", "steps"]
    monkeypatch.setattr(by_steps, "LARGE", 14_000)
    assert way(7_000) == "steps"


def test_steps_that_go_down_a_vector_are_not_looked_at_closely(monkeypatch):
    def horner(w, x):
        y = w[-1]
        for weight in w[-2::-1]:
            y = bp.sin(y * x) + weight
        return y

    w, x = [Value(0.5) for _ in range(500)], Value(0.3)
    program = optimised(flatten([horner(w, x)], parameters=[*w, x]))
    monkeypatch.setattr(finding_steps, "_steps_of", lambda *_: pytest.fail("looked at"))
    assert finding_steps.find_steps(program) is None
