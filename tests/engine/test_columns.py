"""Columns of the table that other parts rely on say what the expression and the rule do."""

import itertools
import math

import exact
import primitive_checks
import pytest

from autograd_bp import Value
from autograd_bp.expressions import walk
from autograd_bp.folds import Fold
from autograd_bp.printers import python
from autograd_bp.printers.overrides import OVERRIDES

WIDE = [sign * x for x in (0.0, 0.5, 1.0, 2.0, 1000.0, 1e150, 1.7e308) for sign in (1.0, -1.0)]
OVERFLOWS = 1e151  # from here on + - * overflow, which the column `finite` leaves out
SMOOTH = [op for op in exact.BUILT_IN if op.partials is not None]


# What serves softmax and its kin alone, and the inputs that it gets there, powers and their rest.
SERVED = {
    "expdiff": lambda a, b: a <= b,
    "stopped": lambda a, b: True,
    "decayed": lambda a, b: True,
    "difference": lambda a, b: True,
    "unit": lambda part, length, infinite: abs(part) <= length,
    "part": lambda rest: rest >= 0.0,
    "rest": lambda *powers: True,
    "log_share": lambda z, rest: rest >= 0.0,
    "other_shares": lambda e, rest: rest >= 0.0,
    "surprise": lambda *x: True,
    "cross_entropy": lambda *x: True,
}


def each(ops):
    return pytest.mark.parametrize("op", ops, ids=[op.name for op in ops])


def overflows_in_arithmetic(op):
    """Whether the primitive is nothing but + - *."""
    expression = op.expression
    if isinstance(expression, Fold):
        steps = [step for stage in expression.stages for step in stage.steps]
        nodes = walk(*steps, expression.finish)
    else:
        nodes = walk(expression)
    return {node.head for node in nodes} <= {"input", "number", "neg", "+", "-", "*"}


@each(exact.BUILT_IN)
def test_finite_says_whether_finite_inputs_give_finite_results(op):
    width = op.arity if op.arity is not None else 4
    limit = OVERFLOWS if overflows_in_arithmetic(op) else math.inf
    if op.name in SERVED:
        limit = 1e75  # products of two
    numbers = [x for x in WIDE if abs(x) < limit]
    points = [(pair * 2)[:width] for pair in itertools.product(numbers, repeat=min(width, 2))]
    points = [point for point in points if op.name not in SERVED or SERVED[op.name](*point)]
    assert op.finite == all(math.isfinite(op.forward(*point)) for point in points)


@each(SMOOTH)
def test_a_primitive_is_a_gate_where_its_partials_only_choose(op):
    """0 for an input that was not used, ±1 for the one that was, ½ for each of two equal ones."""
    points = [point for point in (*op.points, *primitive_checks.points(op)) if point]
    slopes = {abs(p) for x in points for p in op.partials(*x, y=op.forward(*x)) if p == p}
    assert op.gate == (slopes <= {0.0, 0.5, 1.0} and 0.0 in slopes)


@each([op for op in SMOOTH if op.gate])
def test_nothing_passes_a_closed_gate(op):
    points = [point for point in op.points if all(map(math.isfinite, point))]
    closed = 0
    for point in points:
        nodes = [Value(x) for x in point]
        y = op(*nodes)
        y.backward(math.inf)
        for node, partial in zip(nodes, y.partials, strict=True):
            if partial == 0.0:
                assert node.grad == 0.0
                closed += 1
    assert closed


def test_what_is_no_gate_lets_an_infinite_gradient_meet_a_zero():
    x, y = Value(2.0), Value(0.0)
    (x * y).backward(math.inf)
    assert math.isnan(x.grad)
    assert y.grad == math.inf


@each([op for op in exact.BUILT_IN if op.arity is not None and len(op.domain) == op.arity])
def test_a_primitive_has_numbers_up_to_the_ends_of_its_domain(op):
    for i, (low, high) in enumerate(op.domain):
        for end, inward in ((low, math.inf), (high, -math.inf)):
            if math.isfinite(end):
                point = [0.5] * op.arity
                point[i] = math.nextafter(end, inward)
                assert not math.isnan(op.forward(*point))


@each([op for op in exact.BUILT_IN if ("python", op.name) in OVERRIDES])
def test_where_python_has_a_form_of_its_own_the_expression_gives_the_same(op, monkeypatch):
    monkeypatch.setattr(python, "override", lambda target, name: None)
    printed = python.function(op.name, op.arity, op.expression)
    width = op.arity if op.arity is not None else 4
    numbers = [*WIDE, 3.0, 5e-324, math.inf, math.nan]
    points = [(pair * 2)[:width] for pair in itertools.product(numbers, repeat=2)]
    for point in (*points, *primitive_checks.points(op)):
        expected = pytest.approx(op.forward(*point), rel=4e-16, abs=5e-324, nan_ok=True)
        if op.arity is None or point:
            assert printed(*point) == expected, point


@each([op for op in exact.BUILT_IN if op.name == "norm"])
def test_a_length_with_one_infinite_part_is_infinite(op, monkeypatch):
    monkeypatch.setattr(python, "override", lambda target, name: None)
    length = python.function(op.name, op.arity, op.expression)
    assert length(-math.inf, 1.0) == length(math.inf, math.inf, 0.0) == math.inf
    assert length(math.nan, math.inf, 1.0) == math.inf  # as C's hypot has it


BOUNDED = [
    op
    for op in exact.BUILT_IN
    if op.public and any(math.isfinite(end) for ends in op.domain for end in ends)
]
WRITTEN = [op for op in exact.BUILT_IN if isinstance(op.expression, Fold) and op.expression.written]


@each(BOUNDED)
def test_a_domain_ends_where_the_function_does(op):
    inside = [0.7] * (op.arity or 2)
    for k, (low, high) in enumerate(op.domain):
        assert low < high
        for outside in (low - 0.25, high + 0.25):
            point = [*inside[:k], outside, *inside[k + 1 :]]
            assert not math.isfinite(outside) or not math.isfinite(op.forward(*point))


@each(WRITTEN)
def test_the_slopes_that_formulas_show_are_those_of_the_rule(op):
    for point in op.points:
        if any(abs(x) > 500.0 for x in point):
            continue  # e^x overflows there
        y = op.forward(*point)
        shown = op.expression.written(*point, y=y)
        expected = op.partials(*point, y=y)
        assert [*map(float, shown)] == pytest.approx([*map(float, expected)], rel=1e-9, abs=1e-9)


@each([op for op in exact.BUILT_IN if op.name in ("silu", "gelu")])
def test_activations_vanish_at_minus_infinity(op):
    assert op.forward(-math.inf) == 0.0
