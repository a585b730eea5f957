"""Recurrences of vectors: bodies over many entries, which turn them round or read neighbours."""

from array import array
from dataclasses import replace

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling.backends.llvm import backend
from autograd_bp.compiling.backends.registry import named
from autograd_bp.compiling.front import by_steps
from autograd_bp.compiling.loops import fused_steps as fusion
from autograd_bp.compiling.loops import stretching
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops
from autograd_bp.compiling.loops.ordering import cuts_of, in_runs, ordered
from autograd_bp.primitives import add, exp, mul
from autograd_bp.printers.overrides import form

SIZE, STEPS = 20, 30
BACKENDS = ["tape", "numpy", "llvm"]


def turned(x, y):
    return [a + 0.1 * b * c for a, b, c in zip(y, x, [y[-1], *y[:-1]], strict=True)]


def heat_in_a_ring(x, y):
    sides = zip(x, [y[-1], *y[:-1]], y, [*y[1:], y[0]], strict=True)
    return [b + 0.2 * k * (a - 2.0 * b + c) for k, a, b, c in sides]


def heat_between_walls(x, y):
    inner = zip(x[1:-1], y[:-2], y[1:-1], y[2:], strict=True)
    return [y[0], *[b + 0.2 * k * (a - 2.0 * b + c) for k, a, b, c in inner], y[-1]]


def prey_and_predators(x, y):
    half = len(y) // 2
    prey, hunters = y[:half], y[half:]
    pairs = list(zip(x, prey, hunters, strict=False))
    return [
        *[u + 0.05 * u * (k - v) for k, u, v in pairs],
        *[v + 0.05 * v * (k * u - 1.0) for k, u, v in pairs],
    ]


def best_of_neighbours(x, y):
    return [
        bp.maximum(r + 0.9 * a, 0.5 * r + 0.9 * b)
        for r, a, b in zip(x, y, [*y[1:], y[0]], strict=True)
    ]


def slow_and_mixed(x, y):
    total = bp.dot(x, y) / len(y)
    return [0.9 * a + 0.1 * bp.tanh(b * total) for a, b in zip(y, x, strict=True)]


BODIES = [
    turned,
    heat_in_a_ring,
    heat_between_walls,
    prey_and_predators,
    best_of_neighbours,
    slow_and_mixed,
]


def numbers(seed, count=SIZE):
    rng = np.random.default_rng(seed)
    return rng.uniform(0.3, 1.3, count), rng.uniform(0.3, 1.3, count)


def whole(body, steps=STEPS):
    return lambda x, y: bp.fori(steps, lambda _, carry: body(x, carry), [*y])


@pytest.mark.parametrize("name", BACKENDS)
@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_values_and_gradients_are_those_of_the_eager_loop(body, name):
    if name == "llvm":
        pytest.importorskip("llvmlite")
    if named(name).unavailable():
        pytest.skip("the interpreted core has no tape")
    x, y = numbers(1)

    def last(x, y):
        ends = whole(body)(x, y)
        return ends[-1] + 0.5 * ends[3]

    eager = bp.grad(last, wrt=("x", "y"))(x, y)
    compiled = bp.compiled(last, backend=name, wrt=("x", "y"))
    assert compiled(x, y) == pytest.approx(last(x, y), rel=1e-13)
    for some, expected in zip(compiled.grad(x, y), eager, strict=True):
        np.testing.assert_allclose(some, expected, rtol=1e-11, atol=1e-14)


@pytest.fixture
def made(monkeypatch):
    """The loops of all recurrences that are stretched."""
    results = []
    original = stretching.stretched

    def noted(*arguments):
        results.append(original(*arguments))
        return results[-1]

    monkeypatch.setattr(by_steps, "stretched", noted)
    return results


@pytest.mark.parametrize("body", BODIES[:3], ids=lambda body: body.__name__)
def test_gradients_of_one_entry_are_made_from_a_few_steps_without_tables(body, made):
    x, y = numbers(2, 48)

    def last(x, y):
        return whole(body, 200)(x, y)[3]

    bp.compiled(last, wrt="x").grad(x, y)
    assert isinstance(made[-1].loops, RepeatedLoops)
    repeats = [repeat for repeat in made[-1].loops.repeats if repeat.count > 150]
    assert len(repeats) >= 2  # forward and backwards
    for repeat in repeats:
        long = [loop for loop in repeat.body if loop.members > 8 and loop.terms < 3]
        assert all(read.affine for loop in long for read in loop.reads)


def test_what_steps_pass_to_a_vector_is_added_up_step_by_step(made):
    x, y = numbers(3, 48)
    bp.compiled(lambda x, y: whole(turned, 200)(x, y)[-1], wrt="x").grad(x, y)
    assert max(loop.terms for loop, _ in made[-1].with_times()) < 10


def test_an_infinite_slope_behind_a_number_that_passes_nothing_is_left_out():
    def last(x, y):
        ends = bp.fori(60, lambda _, c: [bp.sqrt(a) * 0.5 for a in c], [*y])
        return ends[2] * x[0]

    x, y = numbers(4)
    y[7] = 0.0
    expected = bp.grad(last, wrt="y")(x, y)
    np.testing.assert_allclose(bp.compiled(last, wrt="y").grad(x, y), expected, rtol=1e-12)


# ------------------------------------------------------------------------------------- runs
def test_a_rotation_is_two_runs_and_a_table_without_pattern_none():
    own = np.arange(12)[:, None]
    rotated = np.roll(np.arange(12), 1)[:, None]
    assert cuts_of([own, own]).tolist() == []
    assert cuts_of([own, rotated]).tolist() == [1]
    assert cuts_of([own, np.roll(rotated, -2)]).tolist() == [11]
    assert len(cuts_of([own, (own * own) % 11])) > 5


def test_loops_in_runs_compute_the_same():
    table = Access("parameter", 0, (0,), 0, _array([11, *range(11)]))
    loop = Loop(mul, (12,), 1, (Access("parameter", 0, (1,)), table), "shared", 0)
    out = Loop(None, (12,), 1, (Access("shared", 0, (1,)),), "sum", 0)
    loops = RepeatedLoops((Repeat(1, (loop,), ((0, 0, 0),)), Repeat(1, (out,), ((0, 0),))))
    cut = in_runs(loops)
    assert [part.members for part in cut] == [1, 11, 12]
    assert _run(cut, 12) == _run(loops, 12)


def _array(places):
    return array("q", places)


def _run(loops, size):
    sizes = {"shared": size, "slot": 0, "sum": size, "per_row": 0}
    outputs = [("sum", k) for k in range(size)]
    names = [f"p{k}" for k in range(size)]
    return Loops(names, [], (), loops, sizes, outputs).run([0.5 + k for k in range(size)])


# ---------------------------------------------------------------------------- fused steps
def fused(loops):
    return fusion.fused_steps(loops, lambda op: form("llvm", op))


def repeated(body, shifts, count, size):
    end = Loop(None, (4,), 1, (Access("shared", size - 4, (1,)),), "sum", 0)
    names = [f"p{k}" for k in range(4)]
    sizes = {"shared": size, "slot": 0, "sum": 4, "per_row": 0}
    first = Loop(None, (4,), 1, (Access("parameter", 0, (1,)),), "shared", 0)
    repeats = (
        Repeat(1, (first,), ((0, 0),)),
        Repeat(count, body, shifts),
        Repeat(1, (end,), ((0, 0),)),
    )
    return Loops(names, [], (), RepeatedLoops(repeats), sizes, [("sum", k) for k in range(4)])


def shared(place):
    return Access("shared", place, (1,))


def test_what_a_step_reads_itself_is_taken_in_and_the_carry_stays():
    body = (
        Loop(exp, (4,), 1, (shared(0),), "shared", 4),
        Loop(mul, (4,), 1, (shared(4), Access("parameter", 0, (1,))), "shared", 8),
    )
    loops = repeated(body, ((8, 8), (8, 8, 0)), 5, 44)
    _, middle, _ = fused(loops).loops.repeats
    assert [loop.op.name for loop in middle.body] == ["fused"]
    assert middle.shifts[0][0] == 8


def test_what_a_step_reads_twice_has_one_set_of_places_for_all_steps():
    body = (
        Loop(exp, (4,), 1, (shared(0),), "shared", 4),
        Loop(mul, (4,), 1, (shared(4), shared(4)), "shared", 8),
        Loop(add, (4,), 1, (shared(8), shared(4)), "shared", 12),
    )
    loops = repeated(body, ((12, 12), (12, 12, 12), (12, 12, 12)), 5, 64)
    _, middle, _ = fused(loops).loops.repeats
    assert middle.shifts[0] == (0, 12)
    assert middle.shifts[-1][0] == 12


def test_what_is_read_one_time_later_keeps_its_places():
    body = (
        Loop(exp, (4,), 1, (shared(4),), "shared", 8),
        Loop(mul, (4,), 1, (shared(8), shared(0)), "shared", 12),  # of the time before
    )
    loops = repeated(body, ((8, 8), (8, 8, 8)), 5, 48)
    _, middle, _ = fused(loops).loops.repeats
    assert [shifts[0] for shifts in middle.shifts] == [8, 8]


def test_what_is_read_behind_the_steps_keeps_its_places():
    body = (
        Loop(exp, (4,), 1, (shared(0),), "shared", 4),
        Loop(mul, (4,), 1, (shared(4), shared(4)), "shared", 8),
    )
    loops = repeated(body, ((8, 8), (8, 8, 8)), 5, 44)
    *others, end = loops.loops.repeats
    loop = Loop(None, (4,), 1, (shared(20),), "sum", 0)  # what exp gave in the third step
    read = replace(loops, loops=RepeatedLoops((*others, replace(end, body=(loop,)))))
    _, middle, _ = fused(read).loops.repeats
    assert [shifts[0] for shifts in middle.shifts] == [8, 8]


@pytest.mark.parametrize("kind", ["value", "grad"])
@pytest.mark.parametrize("body", BODIES, ids=lambda body: body.__name__)
def test_fused_steps_give_the_numbers_of_the_others(body, kind, monkeypatch):
    pytest.importorskip("llvmlite")
    x, y = numbers(5, 24)

    def last(x, y):
        return whole(body, 120)(x, y)[-1]

    def result():
        function = bp.compiled(last, backend="llvm", wrt="x")
        return np.array(function(x, y) if kind == "value" else function.grad(x, y))

    together = result()
    monkeypatch.setattr(backend, "fused_steps", lambda loops, form: loops)
    np.testing.assert_allclose(together, result(), rtol=1e-13)
    assert np.isfinite(together).all()


def test_members_that_are_handed_out_keep_their_order():
    table = Access("parameter", 0, (0,), 0, _array([*range(2, 12), 0, 1]))
    loop = Loop(mul, (12,), 1, (table, table), "sum", 0)
    sizes = {"shared": 0, "slot": 0, "sum": 12, "per_row": 0}
    outputs = [("sum", k) for k in range(12)]
    loops = Loops([f"p{k}" for k in range(12)], [], (), (loop,), sizes, outputs)
    numbers = [0.5 + k for k in range(12)]
    again = ordered(loops)
    assert again.outputs == outputs
    assert again.run(numbers) == loops.run(numbers)
