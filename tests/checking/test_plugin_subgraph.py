"""The tree of text around a wrong gradient, and the search for a wrong rule."""

import math
import random

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.checking.plugin.subgraph import find_suspect, left_out, subgraph_text
from autograd_bp.checking.points.kinks import BUILT_IN
from autograd_bp.errors import SettingError
from autograd_bp.primitives import TABLE, Primitive

ROWS = [row for row in TABLE if row.partials is not None and row.name in BUILT_IN]


def points(row):
    count = row.arity or 4
    source = random.Random(row.name)
    for point in row.points:
        # Next to a pole, and where every float is a multiple of 1/100, differences see nothing.
        tiny = any(0.0 < abs(x) < 1e-60 for x in point)
        if len(point) == count and not tiny and not (row.name == "round_to" and point[1] > 1e9):
            yield point
    for _ in range(20):
        yield tuple(
            [
                source.uniform(max(low, -5.0), min(high, 5.0))
                for low, high in (row.domain * 4)[:count]
            ]
        )


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_no_rule_of_the_table_is_suspected(row):
    for point in points(row):
        found = find_suspect(row(*map(Value, point)))
        assert found is None, (point, str(found))


SMOOTH = ["exp", "tanh", "sigmoid", "log", "sin", "erf", "sqrt", "atan", "softplus"]


@pytest.mark.parametrize("factor", [1 + 1e-7, 1 - 1e-8, -1.0, 2.0, 0.0])
def test_a_rule_that_is_wrong_by_a_factor_is_found(factor):
    for name in SMOOTH:
        row = Primitive.named(name)
        wrong = Primitive(
            f"{name}_times_{int(factor * 1e8) % 10**10}",
            1,
            row.forward,
            lambda x, y, row=row: (row.partials(x, y=y)[0] * factor,),
        )
        for x in (0.3, 0.9, 2.2):
            assert find_suspect(bp.exp(wrong(Value(x)) * 0.1)).node.op is wrong


def test_swapped_operands_are_found_with_the_right_slope():
    swapped = Primitive("swapped_of_subgraph", 2, lambda a, b: a * b, lambda a, b, y: (a, b))
    found = find_suspect(swapped(Value(2.0, "a"), Value(3.0, "b")))
    assert found.position == 0
    assert found.partial == 2.0
    assert found.slope == pytest.approx(3.0, rel=1e-12)
    assert "gives ∂v1/∂a = 2, but its function has the slope 3" in str(found)


def test_a_rule_on_constants_is_nobody_s_concern():
    wrong = Primitive("wrong_of_constants", 1, lambda x: x * x, lambda x, y: (x,))
    x = Value(2.0)
    assert find_suspect(x * wrong(Value(3.0)), x) is None


def test_only_the_operands_that_are_differentiated_are_held_to_account():
    half = Primitive("half_of_operands", 2, lambda a, b: a * b, lambda a, b, y: (2 * b, a))
    x = Value(3.0)
    assert find_suspect(half(2.0, x), x) is None
    assert find_suspect(half(x, 2.0), x).position == 0


def test_in_a_large_graph_a_user_s_wrong_rule_is_still_found():
    wrong = Primitive("wrong_of_large", 1, lambda x: x * x, lambda x, y: (x,))
    y = wrong(Value(1.0))
    for _ in range(21_000):
        y = y + 1.0
    assert find_suspect(y).node.op is wrong


def test_the_tree_ends_at_the_input_and_leaves_out_what_does_not_lead_there():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    y = bp.exp(w * x) + bp.sin(x)
    text = subgraph_text(y, w)
    assert "sin" not in text.split("\n", 1)[1]
    assert text.splitlines()[-1].strip() == "└─ 2 ── w = 0.5"


def test_a_shared_node_is_written_once():
    x = Value(1.0, "x")
    shared = bp.exp(x)
    shared.label = "shared"
    text = subgraph_text(shared * bp.sin(shared), x)
    assert text.count("shared = exp(x)") == 1
    assert text.count("shared, see above") == 1


def test_both_edges_of_a_square_are_there():
    x = Value(3.0, "x")
    assert subgraph_text(x * x, x).count("── x = 3") == 2


def test_names_that_are_given_win():
    x = Value(1.0)
    assert "── x['w'] = 1" in subgraph_text(bp.exp(x), x, names={x: "x['w']"})


def test_a_label_cannot_break_the_tree_or_command_the_terminal():
    x = Value(1.0, "a\nb\x1b[31m\u202e")
    lines = subgraph_text(bp.exp(x), x).splitlines()
    assert len(lines) == 2
    assert "a\\nb\\x1b[31m\\u202e = 1" in lines[1]


def test_an_input_that_does_not_matter_is_said():
    assert "does not depend" in subgraph_text(bp.exp(Value(1.0)), Value(2.0))


def test_a_long_chain_is_shortened_to_its_ends_with_the_product_between():
    x = y = Value(0.5, "x")
    for _ in range(5000):
        y = y * 1.001
    lines = subgraph_text(y, x).splitlines()
    assert len(lines) < 15
    between = next(line for line in lines if "the product over" in line)
    assert "4993 operations" in between
    assert float(between.split("└─ ")[1].split(",")[0]) == pytest.approx(1.001**4993, rel=1e-5)


def test_a_wide_graph_shows_its_largest_ways():
    x = Value(1.0, "x")
    lines = subgraph_text(bp.sum([bp.exp(x * k) for k in range(40)]), x).splitlines()
    assert len(lines) < 15
    assert any("39" in line for line in lines)


def test_counts_below_one_are_refused():
    with pytest.raises(SettingError, match="1 or more"):
        subgraph_text(bp.exp(Value(1.0)), most=0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (1.0, "left out"),
        (-2.0, "of the wrong sign"),
        (7.0, "counted twice"),
        (4.123, None),
    ],
)
def test_a_sum_that_lacks_a_way_is_recognised(given, said):
    x = Value(3.0, "x")
    a, b = x * 3.0, x * 1.0  # the gradient is 3 + 1
    sentences = left_out(a + b, x, given)
    if said is None:
        assert sentences == []
    else:
        assert said in sentences[0]
        assert "v1 ← x" in sentences[0]


def test_a_gradient_that_is_not_finite_explains_nothing():
    x = Value(0.0, "x")
    assert left_out(bp.sqrt(x) + x, x, 1.0) == []
    assert math.isinf(bp.gradients(bp.sqrt(x) + x, x))
