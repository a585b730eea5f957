"""What a compiled derivative takes for granted about its numbers is true at random points."""

import math
import random

import pytest
from cancelling import TABLE, Program

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.derivatives.ranges import Ranges
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.graph import topological_order
from autograd_bp.value import constant

POINTS = [0.0, 1.0, -1.0, 0.5, -0.64, 1e-5, -30.0, 40.0]
LEFT_OUT = -math.inf
FORMULAS = {
    "rms norm": lambda x, y: x * (bp.mean([x * x, y**2]) + 1e-5) ** -0.5,
    "batch norm": lambda x, y: (x - y) / bp.sqrt(bp.var([x, y]) + 1e-5),
    "a bell": lambda x, y: bp.exp(-(x * x) - bp.square(y)),
    "1 / (1 + x²)": lambda x, y: 1.0 / (1.0 + bp.dot([x, y], [x, y])),
    "a length": lambda x, y: bp.norm([x, y, x]) + bp.hypot(x - y, 1.0),
    "a logarithm": lambda x, y: bp.log(2.0 + bp.tanh(x)) * bp.log(1.5 + bp.sin(y)),
    "sizes": lambda x, y: abs(x) + bp.relu(y) + bp.maximum(x, 0.5) ** -1.5,
    "a distance": lambda x, y: 1.0 / (bp.minimum(x, -0.5) - abs(y)),
    "choices": lambda x, y: bp.where(x, 0.25, bp.sigmoid(y) + 1.0) ** -2,
    "a sum": lambda x, y: bp.sum([bp.softplus(x), 1.0, y * y]) ** 0.5,
    "a mask": lambda x, y: bp.dot(bp.softmax([x, y + LEFT_OUT, x - y]), [x, y, 2.0]),
    "a scaled mask": lambda x, y: bp.logsumexp([(y + LEFT_OUT) / 2.0, x * y]) * y,
    "what is left out": lambda x, y: bp.exp(x + LEFT_OUT - y * y) * y / (1.0 + x * x),
    "a choice": lambda x, y: bp.softmax([bp.where(x, y, LEFT_OUT), y, x])[1] * y,
}


def holds(known, x):
    """Whether a number lies in a range; overflow and rounding to 0 are left out."""
    if known.below:
        return x <= known.high
    if not math.isfinite(x):
        return not known.finite and (math.isnan(x) or not known.bounded)
    return known.low <= x <= known.high and (x != 0.0 or not known.nonzero)


def is_huge(node):
    return any(abs(x.data) > 1e30 or 0.0 < abs(x.data) < 1e-30 for x in (node, *node.parents))


def assert_ranges_hold(function):
    for a in POINTS:
        for b in POINTS:
            leaves = [Value(a), Value(b)]
            slopes = record_gradients([function(*leaves)], leaves)
            ranges = Ranges()
            for node in topological_order(*[s for s in slopes if isinstance(s, Value)]):
                known = ranges(node)
                if not is_huge(node):
                    assert holds(known, node.data), (node, known, a, b)


@pytest.mark.parametrize("name", FORMULAS)
def test_the_ranges_of_a_formula_and_its_gradient_hold(name):
    assert_ranges_hold(FORMULAS[name])


def test_the_ranges_of_random_programs_hold():
    choose = random.Random(7)
    for _ in range(25):
        steps = [
            [choose.randrange(len(TABLE)), *[choose.randrange(4) for _ in range(3)]]
            for _ in range(choose.randint(1, 5))
        ]
        assert_ranges_hold(Program(steps))


def questions(function):
    """The nodes of a gradient that ask whether something arrived."""
    leaves = [Value(0.3), Value(0.7)]
    slopes = record_gradients([function(*leaves)], leaves)
    return [
        node
        for node in topological_order(*[slope for slope in slopes if isinstance(slope, Value)])
        if node.op is bp.Primitive.named("where")
        and not node.parents[0].is_constant  # as in the rule of powers
        and node.parents[1].op is bp.Primitive.named("mul")
        and node.parents[2].data == 0.0
    ]


@pytest.mark.parametrize("name", FORMULAS)
def test_no_question_is_asked_where_a_slope_is_finite(name):
    assert not questions(FORMULAS[name])


def test_a_question_is_asked_where_a_slope_may_be_infinite():
    assert questions(lambda x, y: bp.sqrt(x - y) * x)
    assert questions(lambda x, y: y / (x * x) * y)
    assert questions(lambda x, y: bp.log(x * x) * y)
    assert questions(lambda x, y: bp.maximum(x + LEFT_OUT, y + LEFT_OUT) * y * x)
    assert questions(lambda x, y: (1.0 - (x + LEFT_OUT)) * y * x)


def test_constants_are_known_and_leaves_are_not():
    ranges = Ranges()
    assert ranges(2.0) == ranges(constant(2.0))
    assert ranges(2.0).nonzero
    assert ranges(Value(2.0)).low == -math.inf
    assert not ranges(math.inf).finite
    assert not ranges(bp.log(Value(1.0))).finite
