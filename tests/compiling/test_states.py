"""States of which only the last is read have one place."""

from dataclasses import replace

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends.llvm import backend
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops
from autograd_bp.compiling.loops.states import is_over_itself, may_run_twice, with_one_state
from autograd_bp.primitives import add, exp, mul
from tests.compiling.test_wide_steps import BODIES, numbers, whole

SIZE, STEPS = 4, 5
TWO = 2 * SIZE  # places of a step: what it computes, and its state
ROOM = TWO * STEPS + SIZE


def shared(place, stride=1):
    return Access("shared", place, (stride,))


def recurrence(body, shifts, last=ROOM - SIZE, size=ROOM):
    """A state in the first places, steps, and what hands out the places from `last` on."""
    first = Loop(None, (SIZE,), 1, (Access("parameter", 0, (1,)),), "shared", 0)
    end = Loop(None, (SIZE,), 1, (shared(last),), "sum", 0)
    repeats = (
        Repeat(1, (first,), ((0, 0),)),
        Repeat(STEPS, body, shifts),
        Repeat(1, (end,), ((0, 0),)),
    )
    sizes = {"shared": size, "slot": 0, "sum": SIZE, "per_row": 0}
    outputs = [("sum", k) for k in range(SIZE)]
    names = [f"p{k}" for k in range(SIZE)]
    return Loops(names, [], (), RepeatedLoops(repeats), sizes, outputs)


SLOPE = Loop(exp, (SIZE,), 1, (shared(0),), "shared", SIZE), (0, TWO)  # one place for all steps
MOVED = Loop(mul, (SIZE,), 1, (shared(SIZE), shared(0)), "shared", TWO), (TWO, 0, TWO)


def of(*pairs, **options):
    body, shifts = zip(*pairs, strict=True)
    return recurrence(body, shifts, **options)


POINT = [0.1, -0.2, 0.05, 0.0]


def middle_of(loops):
    return with_one_state(loops).loops.repeats[1]


def test_a_state_of_which_only_the_last_is_read_has_one_place():
    loops = of(SLOPE, MOVED)
    kept = with_one_state(loops)
    assert [shifts[0] for shifts in kept.loops.repeats[1].shifts] == [0, 0]
    assert kept.loops.repeats[1].body[1].base == 0
    assert kept.sizes["shared"] == TWO
    assert kept.run(POINT) == loops.run(POINT)


def test_it_is_read_again_in_the_same_step():
    after = Loop(add, (SIZE,), 1, (shared(TWO), shared(TWO)), "shared", SIZE + TWO), (0, TWO, TWO)
    loops = of(SLOPE, MOVED, after)
    kept = with_one_state(loops)
    assert kept.loops.repeats[1].body[2].reads == (shared(0), shared(0))
    assert kept.run(POINT) == loops.run(POINT)


def test_states_of_other_steps_that_are_read_stay():
    loops = of(SLOPE, MOVED, last=TWO * 2)
    assert middle_of(loops).shifts[1][0] == TWO


def test_the_first_state_stays_where_it_is_read_after_the_steps():
    loops = of(SLOPE, MOVED, last=0)
    assert middle_of(loops).shifts[1][0] == TWO


def test_what_reads_the_state_before_after_it_was_written_keeps_all_of_them():
    late = Loop(exp, (SIZE,), 1, (shared(0),), "shared", SIZE), (0, TWO)
    moved = Loop(mul, (SIZE,), 1, (shared(0), shared(0)), "shared", TWO), (TWO, TWO, TWO)
    assert middle_of(of(moved, late)).shifts[0][0] == TWO


def test_members_that_read_their_neighbours_keep_all_states():
    turned = Loop(mul, (SIZE,), 1, (shared(SIZE - 1, -1), shared(0)), "shared", TWO)
    assert middle_of(of((turned, (TWO, TWO, TWO)))).shifts[0][0] == TWO


def test_a_state_of_two_steps_before_keeps_all_of_them():
    older = Loop(mul, (SIZE,), 1, (shared(TWO), shared(0)), "shared", 2 * TWO), (TWO, TWO, TWO)
    loops = of(older, last=TWO * (STEPS + 1), size=TWO * (STEPS + 2))
    assert middle_of(loops).shifts[0][0] == TWO


def test_places_of_the_state_before_that_another_loop_writes_stay_apart():
    # Of the state before only the first half is read; the steps write to the other half.
    half = Access("shared", 0, (0,))
    other = Loop(exp, (2,), 1, (half,), "shared", 2), (0, TWO)
    moved = Loop(mul, (SIZE,), 1, (half, shared(2, 0)), "shared", TWO), (TWO, TWO, 0)
    assert middle_of(of(other, moved)).shifts[1][0] == TWO


def test_programs_without_repeats_stay_as_they_are():
    loops = of(SLOPE, MOVED)
    written_out = replace(loops, loops=tuple(loops.loops))
    assert with_one_state(written_out) is written_out


def test_a_loop_that_writes_over_what_it_reads_runs_once():
    moved = middle_of(of(SLOPE, MOVED)).body[1]
    assert is_over_itself(moved)
    assert not may_run_twice(moved)
    assert may_run_twice(MOVED[0])


@pytest.mark.parametrize("rows", [0, 1, 5, 40])
@pytest.mark.parametrize("size", [4, 10, 24, 38])
@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_machine_code_gives_the_same_bits_with_one_state(body, size, rows, monkeypatch):
    pytest.importorskip("llvmlite")
    x, y = numbers(3, size)
    if rows:
        y = y * np.linspace(0.9, 1.1, rows)[:, None]

    def result():
        function = bp.compiled(
            lambda x, y: whole(body, 60)(x, y),
            rows="y" if rows else (),
            reduce=None,
            backend="llvm",
        )
        return np.array(function(x, y))

    together = result()
    monkeypatch.setattr(backend, "with_one_state", lambda loops: loops)
    np.testing.assert_array_equal(together, result())
    assert np.isfinite(together).all()


@pytest.mark.parametrize("steps", [10, 20, 40])
def test_values_of_vectors_that_are_turned_have_few_loops_at_any_number_of_steps(
    steps, monkeypatch
):
    pytest.importorskip("llvmlite")
    counts = []
    original = backend.with_one_state

    def noted(loops):
        kept = original(loops)
        counts.append(sum(len(repeat.body) for repeat in kept.loops.repeats))
        return kept

    monkeypatch.setattr(backend, "with_one_state", noted)
    x, y = numbers(4, 300)
    turned = whole(BODIES[0], steps)
    value = bp.compiled(lambda x, y: turned(x, y), backend="llvm")(x, y)
    np.testing.assert_allclose(value, turned(x, y), rtol=1e-12)
    assert len(counts) == 1
    assert counts[0] < 20


def test_neighbours_at_a_distance_are_loaded_anew_once_the_state_is_written_over():
    pytest.importorskip("llvmlite")
    count, steps = 8, 40
    parts = np.linspace(0.9, 1.1, 2 * count)
    given = Access("parameter", 0, (1,))
    size, own = 2 * count, 3 * count  # of the state, and of all that a step writes

    def every_second(place):
        return Access("shared", place, (2,))

    first = Loop(None, (size,), 1, (given,), "shared", 0)
    before = Loop(exp, (count,), 1, (every_second(0),), "shared", size)
    moved = Loop(mul, (size,), 1, (shared(0), given), "shared", own)
    after = Loop(exp, (count,), 1, (every_second(own),), "shared", own + size)
    ends = tuple([
        Loop(None, (members,), 1, (shared(own * steps + place),), "sum", place)
        for place, members in ((0, size), (size, count))
    ])  # fmt: skip
    repeats = (
        Repeat(1, (first, before), ((0, 0), (0, 0))),
        Repeat(steps, (moved, after), ((own, own, 0), (own, own))),
        Repeat(1, ends, ((0, 0), (0, 0))),
    )
    sizes = {"shared": own * (steps + 1), "slot": 0, "sum": own, "per_row": 0}
    names = [f"p{k}" for k in range(size)]
    outputs = [("sum", k) for k in range(own)]
    loops = Loops(names, [], (), RepeatedLoops(repeats), sizes, outputs)
    assert with_one_state(loops).loops.repeats[1].over
    code = backend.LlvmBackend().native_code(loops, 1)
    sums, _ = backend.machine(loops, code).run(parts, np.zeros((0, 1)))
    np.testing.assert_allclose(sums, loops.run(parts), rtol=1e-14)
