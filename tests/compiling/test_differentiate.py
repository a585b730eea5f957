"""Derivatives of loops, compared with those that are recorded node by node."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_programs import NUMBERS, functions, run

import autograd_bp as bp
from autograd_bp import Value, errors
from autograd_bp.compiling import flatten, optimised, roll
from autograd_bp.compiling.loops.differentiate import UnsupportedError, gradients, tangents
from autograd_bp.compiling.loops.rules import questions_left_open
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.graphs import Region
from autograd_bp.derivatives.recorded import AnyNumbers, Recorded, record_gradients


def rolled(outputs, parameters, inputs=(), summed=None):
    outputs = [y if isinstance(y, Value) else Value(0.0) + y for y in outputs]
    return roll(optimised(flatten(outputs, parameters=parameters, inputs=inputs, summed=summed)))


def everything(parameters, inputs=()):
    return [("parameter", range(len(parameters))), ("input", range(len(inputs)))]


def flat(results):
    return np.concatenate([np.ravel(x) for x in results])


def leaves(numbers):
    return [Value(x) for x in numbers]


def assert_same(first, second, rtol=1e-9):
    first, second = flat(first), flat(second)
    scale = np.abs(second[np.isfinite(second)]).max(initial=1e-300)
    np.testing.assert_allclose(first, second, rtol=rtol, atol=rtol * min(scale, 1e3))


def assert_alike(found, expected, questions):
    """The same numbers; NaN says that there is an open question, which is then asked."""
    found, expected = flat(found), flat(expected)
    known = ~np.isnan(found) if questions.any else np.full(len(found), True)
    assert_same([found[known]], [expected[known]])


# --------------------------------------------------------------------------- random programs
@given(
    functions(),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.lists(NUMBERS, min_size=3, max_size=3),
    st.booleans(),
)
@settings(max_examples=60)
def test_gradients_of_random_programs_are_those_that_are_recorded(steps, start, other, again):
    x = leaves(start)
    with no_branching():
        outputs = [Value(0.0) + y for y in run(steps, x)[-2:]]
    loops = rolled(outputs, x[:1], x[1:])
    with questions_left_open() as questions:
        found = gradients(loops, everything(x[:1], x[1:]), summed=False, again=again)
    slopes = record_gradients(outputs, x, again=again)
    expected = rolled(slopes, x[:1], x[1:])
    for point in (start, other):
        row = [point[:1], [point[1:]]]
        assert_alike(found.run(*row), expected.run(*row), questions)
        assert repr(unrolled(found).run(*row)) == repr(found.run(*row))


@given(functions(), st.lists(NUMBERS, min_size=6, max_size=6))
@settings(max_examples=60)
def test_tangents_of_random_programs_are_those_that_are_recorded(steps, start):
    x, v = leaves(start[:3]), leaves(start[3:])
    with no_branching(), recording():
        outputs = [Value(0.0) + y for y in run(steps, x)[-2:]]
        moved = Recorded(Region(outputs, x, stop=True), AnyNumbers(again=False)).forward(v)
    loops = rolled(outputs, [*x, *v])
    with questions_left_open() as questions:
        found = tangents(loops, [("parameter", range(3))], [("parameter", range(3, 6))])
    assert_alike(found.run(start), rolled(moved, [*x, *v]).run(start), questions)


@given(functions(), st.lists(st.floats(-2.0, 2.0), min_size=3, max_size=3))
@settings(max_examples=30)
def test_each_output_has_a_gradient_of_its_own(steps, start):
    x = leaves(start)
    with no_branching():
        outputs = [Value(0.0) + y for y in run(steps, x)[-3:]]
    loops = rolled(outputs, x)
    found = gradients(loops, [("parameter", range(3))], each=True, summed=False)
    expected = [slope for y in outputs for slope in record_gradients([y], x)]
    assert_same(found.run(start), rolled(expected, x).run(start))


SMOOTH = {
    "product": lambda x: x[0] * x[1] * x[2],
    "quotient": lambda x: x[0] / (x[1] * x[1] + bp.exp(x[2])),
    "power": lambda x: (x[0] * x[0] + 1.0) ** 1.5 * x[1] ** 3,
    "logsumexp": lambda x: bp.logsumexp([x[0], x[1] * x[2], x[2]]),
    "norm": lambda x: bp.norm([x[0], x[1], x[2] * x[0]]),
    "dot": lambda x: bp.sin(bp.dot(x, [x[1], x[2], x[0]])),
    "softmax": lambda x: bp.softmax([x[0], x[1], x[2] * x[0]])[1],
    "performance": lambda x: bp.performance([x[0], 1.0], [bp.tanh(x[1]), bp.sigmoid(x[2])]),
    "relu": lambda x: bp.relu(x[0]) * x[1] + bp.maximum(x[1] * x[1], x[2]),
    "kept zero": lambda x: (bp.sqrt(x[0] * x[0] + x[1] * x[1]) - x[2]) ** 2,
}


@pytest.mark.parametrize("name", SMOOTH)
def test_second_derivatives_are_derivatives_of_derivatives(name):
    function, at, v = SMOOTH[name], [0.7, -1.3, 0.4], [0.3, 1.0, -2.0]
    x, tangent = leaves(at), leaves(v)
    loops = rolled([function(x)], [*x, *tangent])
    by, along = [("parameter", range(3))], [("parameter", range(3, 6))]
    slopes = gradients(loops, by, summed=False, again=True)
    forward_over_reverse = tangents(slopes, by, along)
    seeded = gradients(slopes, by, seeds=[("parameter", k) for k in range(3, 6)], summed=False)
    hessian = gradients(slopes, by, each=True, summed=False)
    expected = bp.hvp(function, at, v)
    assert flat(forward_over_reverse.run([*at, *v])) == pytest.approx(expected, rel=1e-12)
    assert flat(seeded.run([*at, *v])) == pytest.approx(expected, rel=1e-12)
    matrix = flat(hessian.run([*at, *v])).reshape(3, 3)
    assert matrix @ v == pytest.approx(expected, rel=1e-11)
    third = gradients(hessian, by, summed=False)
    assert_same(third.run([*at, *v]), [sum_of_thirds(function, at)], 1e-5)


def sum_of_thirds(function, at):
    """The gradient of the sum of all entries of the Hessian, by central differences."""
    ones, h = [1.0] * 3, 1e-5
    slopes = []
    for k in range(3):
        near = [[a + s * h * (i == k) for i, a in enumerate(at)] for s in (1.0, -1.0)]
        sums = [sum(bp.hvp(function, p, ones)) for p in near]
        slopes.append((sums[0] - sums[1]) / (2.0 * h))
    return slopes


# ------------------------------------------------------------------------------- structure
def network(sizes, activation):
    weights, k = sum(o * (i + 1) for i, o in pairwise(sizes)), 0
    rng = np.random.default_rng(5)
    w, x = leaves(rng.normal(size=weights) / 3.0), leaves(rng.normal(size=sizes[0]))
    h = x
    for width in sizes[1:]:
        layer = []
        for _ in range(width):
            total = w[k]
            for j, value in enumerate(h, 1):
                total = total + w[k + j] * value
            k += len(h) + 1
            layer.append(activation(total))
        h = layer
    return w, x, h


@pytest.mark.parametrize("activation", [bp.sigmoid, bp.tanh, bp.relu, bp.sin])
def test_the_gradient_of_a_network_is_no_more_loops_than_what_is_recorded(activation):
    w, x, (y, *_) = network([3, 9, 8, 1], activation)
    loops = rolled([y * y], w, x, [True])
    found = gradients(loops, [("parameter", range(len(w)))], keep=[0])
    recorded = rolled([y * y, *record_gradients([y * y], w)], w, x, [True] * (len(w) + 1))
    assert len(found.loops) <= len(recorded.loops)
    row = [[v.data for v in w], [[0.1, 0.2, 0.3], [0.5, -0.5, 1.0]]]
    assert_same(found.run(*row), recorded.run(*row), 1e-12)
    assert all(access.affine for loop in found.loops for access in loop.reads)
    # The adjoints of the first layer are the transposed matrix times those of the second.
    assert any(loop.shape == (9,) and loop.terms == 8 and loop.is_product for loop in found.loops)


def test_the_size_of_a_gradient_does_not_depend_on_the_width():
    counts = set()
    for width in (4, 16, 40):
        w, x, (y,) = network([2, width, width, 1], bp.sigmoid)
        counts.add(len(gradients(rolled([y], w, x), [("parameter", range(len(w)))]).loops))
    assert len(counts) == 1


def test_overlapping_readers_are_added_up():
    rng = np.random.default_rng(1)
    w, x = leaves(rng.normal(size=3)), leaves(rng.normal(size=12))
    image = [bp.exp(0.1 * value) for value in x]
    y = bp.sum([bp.dot(w, image[i : i + 3]) ** 2 for i in range(10)])
    check_gradient([y], w, x)


def test_readers_of_different_lengths_are_added_up():
    rng = np.random.default_rng(2)
    w, x = leaves(rng.normal(size=8)), leaves(rng.normal(size=8))
    keys = [bp.tanh(a * b) for a, b in zip(w, x, strict=True)]
    y = bp.sum([bp.logsumexp([keys[p] * keys[q] for q in range(p + 1)]) for p in range(8)])
    check_gradient([y], w, x)


def test_irregular_programs_take_tables():
    rng = np.random.default_rng(3)
    w, x = leaves(rng.normal(size=10)), leaves(rng.normal(size=5))
    nodes = [*w, *x]
    for _ in range(150):
        a, b = (nodes[k] for k in rng.integers(max(0, len(nodes) - 25), len(nodes), 2))
        nodes.append(bp.sin(a) if rng.random() < 0.3 else a * b if rng.random() < 0.5 else a - b)
    check_gradient([bp.sin(node) for node in nodes[-4:]], w, x, rtol=1e-7)


def test_steps_of_a_recurrence_share_their_parameters():
    rng = np.random.default_rng(4)
    w, x = leaves(rng.normal(size=20) / 4.0), leaves(rng.normal(size=4))
    state = x
    for _ in range(12):
        state = [bp.tanh(bp.dot(w[5 * i : 5 * i + 4], state) + w[5 * i + 4]) for i in range(4)]
    check_gradient([bp.sum(state)], w, x)


def check_gradient(outputs, w, x, rtol=1e-11):
    loops = rolled(outputs, w, x)
    found = gradients(loops, everything(w, x), summed=False)
    expected = rolled(record_gradients([Value(0.0) + y for y in outputs], [*w, *x]), w, x)
    row = [[v.data for v in w], [[v.data for v in x], [0.5 * v.data for v in x]]]
    assert_same(found.run(*row), expected.run(*row), rtol)


def test_what_rows_share_stays_out_of_them():
    w, x = leaves([0.5, -0.7]), leaves([1.0])
    scale = bp.cos(w[0]) * bp.sin(w[1])
    loops = rolled([scale * x[0]], w, x, [True])
    found = gradients(loops, [("parameter", [0, 1])])
    of_rows = [loop for loop in found.loops if loop.space != "shared"]
    assert {loop.op.name for loop in of_rows if loop.op is not None} <= {"mul"}
    rows = [[1.0], [2.0], [-0.5]]
    total = sum(row[0] for row in rows)
    slopes = [-math.sin(0.5) * math.sin(-0.7) * total, math.cos(0.5) * math.cos(-0.7) * total]
    assert found.run([0.5, -0.7], rows) == pytest.approx(slopes)


def test_a_sum_over_the_rows_and_outputs_a_row_are_differentiated_together():
    w, x = leaves([0.5]), leaves([1.0, 2.0])
    loops = rolled([bp.exp(w[0] * x[0]), w[0] * x[1], x[0] * x[1]], w, x, [True, False, False])
    found = gradients(loops, [("input", [1, 0])], seeds=[1.0, ("parameter", 0), -2.0], summed=False)
    [by_second], [by_first] = found.run([0.5], [[1.0, 2.0]])
    assert by_second == pytest.approx(0.25 - 2.0)
    assert by_first == pytest.approx(0.5 * math.exp(0.5) - 4.0)


def test_leaves_that_nothing_depends_on_have_the_gradient_zero():
    w = leaves([1.0, 2.0])
    found = gradients(rolled([w[0] * 3.0], w), [("parameter", [1, 0])], keep=[0])
    assert found.run([2.0, 7.0]) == [[6.0], 0.0, 3.0]


def test_what_the_derivatives_do_not_need_is_left_out():
    w = leaves([0.5, 2.0])
    found = gradients(rolled([bp.sin(w[0]) + bp.exp(w[1])], w), [("parameter", [0])])
    assert [loop.op.name for loop in found.loops if loop.op is not None] == ["cos"]


# ------------------------------------------------------------------------------- refusals
def test_a_gradient_that_arrives_at_a_threshold_is_refused():
    w = leaves([0.5, 2.0])
    loops = rolled([bp.threshold(w[0]) * w[1]], w)
    with pytest.raises(errors.NotDifferentiableError, match="the threshold function is a step"):
        gradients(loops, [("parameter", [0])])
    assert gradients(loops, [("parameter", [1])], summed=False).run([0.5, 2.0]) == [[1.0]]
    with pytest.raises(errors.NotDifferentiableError, match="the threshold function is a step"):
        tangents(loops, [("parameter", [0])])


def test_a_rule_that_reads_other_values_is_left_to_the_recorded_way():
    number = 3.0
    hidden = Value(number)

    def rule(x, y):
        return ((hidden if isinstance(x, Value) else number) * x * x,)

    cube = bp.Primitive("hidden_cube", 1, lambda x: x * x * x, rule)
    w = leaves([2.0])
    with pytest.raises(UnsupportedError):
        gradients(rolled([cube(w[0])], w), [("parameter", [0])])


@pytest.mark.parametrize("column", ["c", "expression", "function"])
def test_primitives_of_users_are_differentiated_whatever_their_form(column):
    columns = {
        "c": {"forward": None, "c": "a * a * b"},
        "expression": {"forward": None, "expression": lambda a, b: a * a * b},
        "function": {"forward": lambda a, b: a * a * b},
    }[column]
    forward = columns.pop("forward")
    op = bp.Primitive(
        f"of_user_{column}", 2, forward, lambda a, b, y: (2.0 * a * b, a * a), **columns
    )
    w = leaves([2.0, 3.0])
    loops = rolled([op(w[0], w[1])], w)
    assert gradients(loops, [("parameter", [0, 1])], summed=False).run([2.0, 3.0]) == [
        [12.0],
        [4.0],
    ]


# ------------------------------------------------------------------------------- exact zeros
@pytest.mark.parametrize("at", [0.0, 4.0])
def test_an_exact_zero_stops_an_infinite_slope(at):
    w = leaves([4.0])
    loops = rolled([bp.sqrt(w[0]) ** 2], w)
    [[slope]] = gradients(loops, [("parameter", [0])], summed=False).run([at])
    assert slope == (0.0 if at == 0.0 else pytest.approx(1.0))
    [[moved]] = tangents(loops, [("parameter", [0])]).run([at])
    assert moved == (0.0 if at == 0.0 else pytest.approx(1.0))


def test_a_closed_gate_passes_nothing_of_an_infinite_adjoint():
    w = leaves([1.0, 2.0])
    loops = rolled([bp.sqrt(bp.relu(w[0])) + bp.where(w[1], w[1], bp.log(w[0]))], w)
    found = gradients(loops, [("parameter", [0, 1])], summed=False)
    assert found.run([-1.0, 2.0]) == [[0.0], [1.0]]
    assert found.run([4.0, 2.0]) == [[0.25], [1.0]]
