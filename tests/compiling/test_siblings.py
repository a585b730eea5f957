"""Loops that call the same functions for the same numbers are written as one nest."""

from functools import partial

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp import primitives as ops
from autograd_bp.compiling.backends.llvm.library import IN_LIBMVEC
from autograd_bp.compiling.loops.fusing import fused
from autograd_bp.compiling.loops.loops import Access, Loop, Loops
from autograd_bp.compiling.loops.siblings import Calls, beside, runs_of
from autograd_bp.printers.overrides import form

FORM = partial(form, "llvm")
CALLS = Calls(FORM, IN_LIBMVEC)
WIDTH = 12


def layer(activation):
    def f(w, x):
        hidden = [activation(w[2 * i] * x[0] + w[2 * i + 1] * x[1]) for i in range(WIDTH)]
        return bp.dot(hidden, hidden) + bp.sum(hidden)

    return f


ACTIVATIONS = [bp.gelu, bp.softplus, bp.silu, bp.sigmoid, bp.tanh, bp.erf, bp.sinh]


@pytest.mark.parametrize("rows", [1, 3, 40])
@pytest.mark.parametrize("activation", ACTIVATIONS, ids=lambda activation: activation.name)
def test_apart_they_give_the_same_numbers(activation, rows, monkeypatch):
    pytest.importorskip("llvmlite")
    from autograd_bp.compiling.backends.llvm import backend, body

    random = np.random.default_rng(2)
    w, x = random.normal(size=2 * WIDTH), random.normal(size=(rows, 2))

    def result():
        options = {"rows": "x", "wrt": ("w", "x"), "backend": "llvm"}
        value, slopes = bp.compiled(layer(activation), **options).value_and_grad(w, x)
        return np.concatenate([[value], *map(np.ravel, slopes)])

    together = result()
    monkeypatch.setattr(backend, "beside", lambda loops, calls: (loops, frozenset()))
    monkeypatch.setattr(body, "runs_of", lambda *arguments: 1)
    # A product that a sum takes in is rounded with it, so the last digits may differ.
    np.testing.assert_allclose(together, result(), rtol=1e-13, atol=1e-15)
    eager = sum(layer(activation)(list(w), list(row)) for row in x)
    assert together[0] == pytest.approx(eager, rel=1e-12)


@pytest.mark.parametrize("rows", [1, 40])
def test_a_gelu_and_its_slope_call_each_function_as_often_as_the_gelu_alone(rows, monkeypatch):
    pytest.importorskip("llvmlite")
    from autograd_bp.compiling.backends.llvm import backend

    texts = []
    original = backend.module
    monkeypatch.setattr(backend, "module", lambda *a: texts.append(original(*a)) or texts[-1])
    w, x = np.linspace(-1.0, 1.0, 2 * WIDTH), np.linspace(-1.0, 2.0, 2 * rows).reshape(rows, 2)
    function = bp.compiled(layer(bp.gelu), rows="x", backend="llvm")
    function(w, x)
    function.value_and_grad(w, x)
    counts = [text.count("erfc(<") or text.count("@erfc(double %") for text in texts]
    assert counts[0] == counts[1] > 0


# ------------------------------------------------------------------------------- by hand
def of(op, read, base, space="slot"):
    return Loop(op, (4,), 1, (read,), space, base)


def slot(base):
    return Access("slot", base, (1,))


def loops_of(*loops):
    size = max(loop.base for loop in loops) + 4
    sizes = {"shared": 0, "slot": size, "sum": 0, "per_row": 0}
    return Loops([], [f"x{k}" for k in range(4)], (), loops, sizes, [])


INPUT = Access("input", 0, (1,))
FIRST = of(ops.neg, INPUT, 0)


def test_a_loop_moves_behind_the_first_that_makes_its_call():
    softplus, other = of(ops.softplus, slot(0), 4), of(ops.sin, slot(4), 8)
    logistic = of(ops.logistic, slot(0), 12)
    together, apart = beside(loops_of(FIRST, softplus, other, logistic), CALLS)
    assert together.loops == (FIRST, softplus, logistic, other)
    assert apart == {("slot", 4), ("slot", 12)}
    assert runs_of(together.loops, 1, CALLS) == 2
    assert runs_of(together.loops, 0, CALLS) == runs_of(together.loops, 3, CALLS) == 1


@pytest.mark.parametrize(
    "other",
    [
        of(ops.logistic, slot(4), 12),  # of other numbers
        of(ops.sin, slot(0), 12),  # another function
        of(ops.neg, slot(0), 12),  # no function
    ],
)
def test_others_stay_where_they_are(other):
    loops = loops_of(FIRST, of(ops.softplus, slot(0), 4), of(ops.cos, slot(4), 8), other)
    together, apart = beside(loops, CALLS)
    assert together is loops
    assert apart == frozenset()


def test_a_loop_over_the_same_numbers_in_the_other_order_is_turned_round():
    backwards = Access("slot", 3, (-1,))
    softplus, logistic = of(ops.softplus, slot(0), 4), of(ops.logistic, backwards, 8)
    middle = Loop(ops.mul, (2,), 1, (Access("slot", 9, (1,)), Access("slot", 9, (1,))), "slot", 12)
    first = Loop(None, (4,), 1, (INPUT,), "slot", 0)
    last = Loop(None, (2,), 1, (Access("slot", 12, (1,)),), "sum", 0)
    some = loops_of(first, softplus, logistic, middle)
    sizes = {**some.sizes, "sum": 2}
    loops = Loops([], some.inputs, (), (*some.loops, last), sizes, [("sum", 0), ("sum", 1)])
    together, apart = beside(loops, CALLS)
    assert together.loops[2].reads == (slot(0),)
    assert together.loops[3].reads == (Access("slot", 10, (-1,)), Access("slot", 10, (-1,)))
    assert len(apart) == 2
    row = [0.1, -2.0, 0.5, 3.0]
    assert together.run([], [row]) == loops.run([], [row])


def test_it_is_not_where_something_reads_beyond_its_results():
    backwards = Access("slot", 3, (-1,))
    softplus, logistic = of(ops.softplus, slot(0), 4), of(ops.logistic, backwards, 8)
    beyond = of(ops.neg, Access("slot", 6, (1,)), 12)
    loops = loops_of(FIRST, softplus, logistic, beyond)
    assert beside(loops, CALLS) == (loops, frozenset())


def test_what_stands_together_is_not_taken_into_what_reads_it():
    loops = loops_of(
        FIRST,
        of(ops.softplus, slot(0), 4),
        of(ops.logistic, slot(0), 8),
        Loop(ops.mul, (4,), 1, (slot(8), slot(4)), "slot", 12),
    )
    assert len(fused(loops, FORM).loops) < 4
    assert len(fused(loops, FORM, frozenset({("slot", 4), ("slot", 8)})).loops) == 4
