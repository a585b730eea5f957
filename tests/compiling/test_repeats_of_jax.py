"""Steps that a long expression repeats are one loop for JAX."""

import math

import numpy as np
import pytest

import autograd_bp as bp
from autograd_bp.expressions import as_expression, call, inputs, walk
from autograd_bp.printers.evaluation import Evaluator
from autograd_bp.printers.python import function
from autograd_bp.printers.repeats import loops_of


def series(terms):
    """1 + x + x²/2 + ..., each term from the one before."""
    (x,) = inputs("a")
    total, term = as_expression(0.0), as_expression(1.0)
    for k in range(terms):
        total = total + term
        term = term * (x / (k + 1.0))
    return total


def weighted(nodes):
    (x,) = inputs("a")
    total = as_expression(0.0)
    for k in range(nodes):
        total = total + (0.5 + k) * call("exp", -(x * (0.25 * k)))
    return total


def run(loop, values):
    """A loop in plain Python."""
    captured = {name: function("f", 1, each)(values) for name, each in loop.captured.items()}
    state = {name: function("f", 1, each)(values) for name, each in loop.start.items()}
    for k in range(loop.steps):
        row = {name: numbers[k] for name, numbers in loop.tables.items()}
        known = {**captured, **state, **row}
        state = {name: computed(body, known) for name, body in loop.body.items()}
    return state


def computed(body, known):
    return Evaluator({"exp": math.exp}, float).evaluate(body, known)


@pytest.mark.parametrize("make", [series, weighted])
def test_a_loop_computes_what_its_steps_do(make):
    expression = make(12)
    (loop,) = loops_of(expression)
    assert loop.steps >= 10
    for x in (0.3, -1.7, 2.0):
        state = run(loop, x)
        for name, end in loop.ends.items():
            assert state[name] == function("f", 1, end)(x)


def test_steps_that_differ_are_no_loop():
    (x,) = inputs("a")
    total = as_expression(0.0)
    for k in range(12):
        total = total + (call("sin", x) if k % 2 else call("cos", x) * float(k))
    assert loops_of(total) == []
    assert loops_of(series(4)) == []


def test_the_incomplete_beta_function_is_a_few_loops():
    expression = bp.primitives.betainc(0).expression
    loops = loops_of(expression)
    assert sorted(loop.steps for loop in loops) == [15, 27, 28]
    inside = sum(1 for loop in loops for _ in walk(*loop.body.values()))
    assert inside < 250 < sum(1 for _ in walk(expression)) / 10


def test_jax_gives_the_same_numbers():
    jax = pytest.importorskip("jax")
    jax.config.update("jax_enable_x64", True)
    program = bp.compiled(lambda x: bp.bessel_j(3, x)).to_jax()
    assert float(jax.grad(program)(2.0)) == pytest.approx(
        0.5 * (bp.bessel_j(2, 2.0) - bp.bessel_j(4, 2.0))
    )
    many = np.array([0.2, 3.0, 9.0])
    values = jax.jit(jax.vmap(bp.compiled(lambda x: bp.gammaincc(2.5, x)).to_jax()))(many)
    assert np.asarray(values) == pytest.approx(bp.gammaincc(2.5, many), rel=1e-13)
