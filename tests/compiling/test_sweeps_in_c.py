"""Gradients of programs in C: instruction for instruction those of Python."""

import contextlib
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import ARITHMETIC, NUMBERS, functions, run
from test_walks import MODELS, fields

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import flatten, optimised
from autograd_bp.compiling.loops import instructions
from autograd_bp.compiling.program import native
from autograd_bp.primitives import Primitive

pytestmark = pytest.mark.skipif(native.walks is None, reason="the walks in C were not built")


def assert_sweeps_agree(program, by):
    outputs = list(program.outputs)
    keep = range(len(outputs))
    marks = [True for _, indices in by for _ in indices]
    for each, groups in ((True, [[k] for k in outputs]), (False, [outputs])):
        for again in (False, True):
            found = instructions.program_gradients(
                program, by, keep=keep, summed=True, each=each, again=again
            )
            expected = instructions.gradients_in_python(
                program, by, groups, keep=keep, marks=marks * len(groups), again=again
            )
            assert fields(found) == fields(expected)
            found.check()


@given(functions(longest=16), st.lists(NUMBERS, min_size=3, max_size=3))
@settings(max_examples=80, deadline=None)
def test_random_programs(steps, numbers):
    leaves = [Value(x) for x in numbers]
    y = [x for x in run(steps, leaves)[3:] if isinstance(x, Value)]
    outputs = [y[-1], y[len(y) // 2], y[-1], leaves[1]] if y else leaves[:1]
    program = flatten(outputs, parameters=leaves[1:], inputs=leaves[:1])
    with contextlib.suppress(errors.NotDifferentiableError):
        assert_sweeps_agree(program, [("parameter", [0, 1]), ("input", [0])])
        assert_sweeps_agree(optimised(program), [("parameter", [0, 1]), ("input", [0])])


@given(functions(longest=50, rows=ARITHMETIC), st.lists(NUMBERS, min_size=3, max_size=3))
@settings(max_examples=80, deadline=None)
def test_random_arithmetic(steps, numbers):
    leaves = [Value(x) for x in numbers]
    y = Value(0.0) + run(steps, leaves)[-1]
    program = optimised(flatten([y], parameters=leaves[1:], inputs=leaves[:1]))
    assert_sweeps_agree(program, [("input", [0]), ("parameter", [1])])


@pytest.mark.parametrize("model", MODELS)
def test_models(model):
    y, w, x = model()
    program = optimised(flatten([y, y * w[0]], parameters=w, inputs=x))
    assert_sweeps_agree(program, [("parameter", range(len(w)))])
    assert_sweeps_agree(program, [("input", range(len(x))), ("parameter", [0])])


def test_constants_that_are_not_finite_and_factors_that_may_be_infinite():
    x = [Value(0.5 + k) for k in range(4)]
    y = bp.log(x[0]) * bp.exp(x[1]) * math.inf + x[2] * math.nan + bp.sqrt(x[3]) * -0.0
    y = y * bp.dot([x[0], bp.log(x[1]), 0.0], [bp.exp(x[2]), x[3], x[1]])
    program = flatten([y], inputs=x)
    for one in (program, optimised(program)):
        assert_sweeps_agree(one, [("input", range(4))])


def test_primitives_of_users():
    cube = Primitive("cube_for_sweeps", 1, lambda x: x * x * x, lambda x, y: (3.0 * x * x,))
    x = [Value(0.5), Value(1.5)]
    program = flatten([cube(x[0] * x[1]) + cube(x[1])], inputs=x)
    assert_sweeps_agree(program, [("input", [0, 1])])


def test_what_refuses_a_gradient_does_so():
    x = Value(0.5)
    program = flatten([bp.threshold(x) * 2.0], inputs=[x])
    with pytest.raises(errors.NotDifferentiableError, match="threshold"):
        instructions.program_gradients(program, [("input", [0])])


def test_a_chain_of_many_steps_has_the_gradient_of_the_engine():
    x, w = Value(0.5), Value(0.999)
    y = x
    for _ in range(30_000):
        y = bp.sin(y * w)
    y.backward()
    program = flatten([y], parameters=[w], inputs=[x])
    gradient = instructions.program_gradients(program, [("parameter", [0])], summed=False)
    (found,) = gradient.run([0.999], [[0.5]])
    assert np.isclose(found[0], w.grad, rtol=1e-9)
