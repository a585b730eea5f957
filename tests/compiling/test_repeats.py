"""Sequences: what comes again and again is written once, and computes the same."""

import operator

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.compiling import roll
from autograd_bp.compiling.backends.llvm import backend as llvm_backend

pytest.importorskip("llvmlite")

from autograd_bp.compiling.backends.llvm import nests
from autograd_bp.compiling.loops.sequences import repeated


def loops_of(function, *arguments, rows=(), what="value_and_grad"):
    compiled = bp.compiled(function, rows=rows, backend="reference")
    getattr(compiled, what)(*arguments)
    return roll(compiled.program).loops


def expanded(pieces):
    """The loops of the pieces one after the other, each where it is."""
    for piece in pieces:
        for time in range(piece.count):
            for loop, (shift, *moves) in zip(piece.body, piece.shifts, strict=True):
                starts = [begin(a) + time * m for a, m in zip(loop.reads, moves, strict=True)]
                yield loop.op, loop.shape, loop.terms, loop.base + time * shift, starts


def begin(access):
    return access.base if access.affine else access.table[0]


def plain(loops):
    for loop in loops:
        starts = [begin(access) for access in loop.reads]
        yield loop.op, loop.shape, loop.terms, loop.base, starts


def recurrence(steps):
    def function(w, x):
        state = [x, 0.0]
        for _ in range(steps):
            state = [bp.tanh(bp.dot(w[k], state)) for k in range(2)]
        return state[0]

    return function


W = [[0.5, -0.3], [0.8, 0.1]]


@pytest.mark.parametrize("steps", [1, 2, 3, 7, 40])
def test_nothing_is_lost_and_nothing_is_moved(steps):
    loops = loops_of(recurrence(steps), W, 0.7)
    assert list(expanded(repeated(loops))) == list(plain(loops))


def test_a_longer_sequence_has_no_longer_code():
    sizes = [len(nests.module(roll_of(recurrence(n)), 1, 0).splitlines()) for n in (30, 60, 120)]
    assert sizes[0] == sizes[1] == sizes[2]


def roll_of(function):
    compiled = bp.compiled(function, backend="reference")
    compiled.value_and_grad(W, 0.7)
    return roll(compiled.program)


@pytest.mark.parametrize("rows", [1, 37])
def test_a_sequence_computes_the_same(rows):
    x = np.linspace(-1.0, 1.0, rows)
    native = bp.compiled(recurrence(50), rows="x", backend="llvm")
    plain = bp.compiled(recurrence(50), rows="x", backend="reference")
    found, expected = native.value_and_grad(W, x), plain.value_and_grad(W, x)
    np.testing.assert_allclose(found[0], expected[0], rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(found[1], expected[1], rtol=1e-10, atol=1e-14)


def test_newtons_method_is_a_sequence():
    def root(a):
        x = a
        for _ in range(30):
            x = x - (x * x - a) / (2.0 * x)
        return x

    f = bp.compiled(root, backend="llvm")
    value, slope = f.value_and_grad(7.0)
    assert value == pytest.approx(7.0**0.5, rel=1e-15)
    assert slope == pytest.approx(0.5 / 7.0**0.5, rel=1e-12)
    assert len(repeated(roll(f.program).loops)) < len(roll(f.program).loops) / 3


def test_constants_that_change_from_step_to_step():
    def polynomial(x):
        y = 0.0
        for k in range(25):
            y = y * x + 1.0 / (k + 1.0)
        return y

    native, plain = (bp.compiled(polynomial, backend=each) for each in ("llvm", "reference"))
    assert native(0.9) == pytest.approx(plain(0.9), rel=1e-15)


def test_irregular_programs_take_no_longer_to_look_at():
    random = np.random.default_rng(0)

    def tangle(x):
        numbers = list(x)
        for _ in range(3000):
            a, b = random.integers(0, len(numbers), 2)
            numbers.append(numbers[a] * 0.5 + numbers[b] * 0.5)
        return numbers[-1]

    loops = loops_of(tangle, [1.0, 2.0, 3.0], what="__call__")
    assert list(expanded(repeated(loops))) == list(plain(loops))


def test_a_long_sequence_becomes_machine_code_a_long_tangle_does_not(monkeypatch):
    monkeypatch.setattr(llvm_backend, "MAX_LOOPS", 5000)  # so that the tangle need not be long

    def chain(x):
        for _ in range(4000):
            x = x * 0.999 + 0.001
        return x

    def tangle(x):
        numbers = [x, x * 0.5]
        random = np.random.default_rng(1)
        for _ in range(3500):
            row = (operator.add, operator.sub, bp.maximum)[random.integers(3)]
            numbers.append(row(numbers[-1] * 0.5, numbers[random.integers(len(numbers))]))
        return numbers[-1]

    chained, tangled = bp.compiled(chain), bp.compiled(tangle)
    chained(1.0)
    tangled(1.0)
    assert "takes over" in chained.backend.reason
    assert "too many to make machine code of" in tangled.backend.reason
