"""Which derivatives a gradient exercises."""

import json

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.checking.points.coverage import Coverage
from autograd_bp.checking.points.kinks import BUILT_IN, distance, parts_of
from autograd_bp.graph import topological_order
from autograd_bp.primitives import TABLE, Primitive

SIDED = [row for row in TABLE if row.name in BUILT_IN and len(parts_of(row)) > 1]


def covered(f, *numbers):
    inputs = [Value(x) for x in numbers]
    coverage = Coverage()
    coverage.add(f(*inputs), inputs=inputs)
    return coverage


@pytest.mark.parametrize(
    ("f", "numbers", "row", "hits"),
    [
        (bp.relu, [2.0], "relu", {"x > 0"}),
        (bp.relu, [-2.0], "relu", {"x < 0"}),
        (bp.relu, [0.0], "relu", {"x = 0"}),
        (abs, [-0.5], "abs", {"x < 0"}),
        (bp.maximum, [1.0, 2.0], "maximum", {"a < b", "∂a", "∂b"}),
        (bp.maximum, [2.0, 2.0], "maximum", {"a = b", "∂a", "∂b"}),
        (lambda a: bp.minimum(a, 1.0), [3.0], "minimum", {"a > b", "∂a"}),
        (lambda a, b: bp.where(a < b, a, b), [1.0, 2.0], "where", {"yes"}),
        (lambda a, b: bp.where(a < b, a, b), [3.0, 2.0], "where", {"no"}),
        (lambda a: bp.where(True, a, 1.0), [3.0], "where", {"yes"}),
        (lambda a: bp.where(True, 1.0, a) + a, [3.0], "where", set()),
        (lambda a: bp.where(False, a, 1.0) + a, [3.0], "where", set()),
        (bp.floor, [1.5], "floor", {"between integers"}),
        (bp.floor, [2.0], "floor", {"at an integer"}),
        (lambda a: a**3.0, [-2.0], "power", {"a < 0", "∂a"}),
        (lambda a: 1.0 / a, [2.0], "div", {"∂b"}),
        (lambda a: bp.dot([a, a], [1.0, 2.0]), [2.0], "dot", {"∂left"}),
        (lambda a: bp.dot([1.0], [2.0], a), [2.0], "dot", {"∂bias"}),
        (lambda a: bp.performance([1.0, 0.0], [a, a]), [0.3], "performance", {"∂z"}),
        (lambda a, b: bp.norm([a, b]), [0.0, 0.0], "norm", {"all inputs 0"}),
    ],
)
def test_the_side_is_that_of_the_inputs(f, numbers, row, hits):
    rows = covered(f, *numbers).rows
    assert {*(rows[row].hits if row in rows else ())} == hits


def test_what_does_not_depend_on_an_input_is_not_exercised():
    w = Value(2.0)
    assert {*covered(lambda x: bp.exp(w) * x, 1.0).rows} == {"mul"}


def test_what_no_adjoint_reaches_is_not_exercised():
    rows = covered(lambda x: bp.relu(bp.exp(x) - 5.0) + x, 1.0).rows
    assert "relu" in rows
    assert "exp" not in rows


def test_without_inputs_all_leaves_that_are_no_constants_count():
    coverage = Coverage()
    coverage.add(bp.exp(Value(1.0)) * 2.0)
    assert {*coverage.rows} == {"exp", "mul"}


def test_a_node_that_is_used_twice_is_counted_once():
    def f(x):
        y = bp.exp(x)
        return y * y

    assert covered(f, 1.0).rows["exp"].nodes == 1


def test_the_range_is_that_of_the_inputs():
    coverage = covered(bp.exp, -2.0)
    coverage.merge(covered(bp.exp, 3.0))
    assert (coverage.rows["exp"].low, coverage.rows["exp"].high) == (-2.0, 3.0)
    assert "-2 … 3" in coverage.table()


def test_counts_go_through_json_and_add_up():
    one = covered(lambda x: bp.relu(x) * bp.log(x), 0.5)
    other = covered(bp.relu, -float("inf"))
    again = Coverage.from_data(json.loads(json.dumps(other.as_data())))
    assert again.as_data() == other.as_data()
    one.merge(again)
    assert one.assertions == 2
    assert one.rows["relu"].hits == {"x > 0": 1, "x < 0": 1}
    assert one.missing("relu") == ["x = 0"]
    assert one.missing("relu", kinks=False) == []


def test_equal_counts_add_up():
    coverage = covered(bp.relu, 1.0)
    coverage.merge(covered(bp.relu, 2.0))
    assert coverage.rows["relu"].hits == {"x > 0": 2}
    assert coverage.rows["relu"].nodes == 2


def test_rows_of_another_process_keep_their_names():
    coverage = Coverage.from_data(
        {
            "assertions": 1,
            "rows": {"of_elsewhere": {"nodes": 1, "hits": {"∂a": 1}, "inputs": [1.0, 1.0]}},
            "others": {"of_elsewhere": [["∂a", False], ["∂b", False]]},
        }
    )
    assert coverage.missing("of_elsewhere") == ["∂b"]
    assert "of_elsewhere" in coverage.table()


def test_the_branches_of_a_user_s_choice_are_found_at_its_points():
    clipped = Primitive(
        "clipped_of_coverage",
        1,
        lambda x: min(max(x, 0.0), 1.0),
        lambda x, y: (1.0 if 0.0 < x < 1.0 else 0.0,),
        gate=True,
    )
    coverage = covered(clipped, 0.5)
    assert coverage.rows["clipped_of_coverage"].hits == {"open": 1}
    assert coverage.missing("clipped_of_coverage") == ["shut"]


def test_every_row_with_a_derivative_has_something_to_exercise():
    for row in TABLE:
        # Steps whose sides have no names, and what serves rules alone, is left out.
        is_step = row.kink is not None and not (row.kink.at or row.kink.above)
        needed = row.partials is not None and not is_step
        assert bool(parts_of(row)) == needed, row.name


@pytest.mark.parametrize("row", SIDED, ids=lambda row: row.name)
def test_no_input_is_on_two_sides_of_a_kink(row):
    sides = [part for part in parts_of(row) if not part.name.startswith("∂")]
    for point in row.points:
        if point and all(x == x for x in point) and sides:
            live = [True] * len(point)
            assert sum(side.hit(point, live) for side in sides) == 1, point


def test_the_distance_to_a_kink_is_that_of_the_nearest():
    x = Value(2.0)
    y = bp.relu(x) + abs(x - 2.25) + bp.maximum(x, 9.0)
    assert distance(topological_order(y)) == 0.25
    assert distance(topological_order(bp.exp(x))) == float("inf")
