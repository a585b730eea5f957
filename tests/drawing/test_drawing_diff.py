"""Two graphs as one picture: what is matched, and how differences are told."""

import math
import re
from pathlib import Path

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import diff, draw
from autograd_bp.drawing.graph.compare import merge
from autograd_bp.errors import OperandError

GOLDEN = Path(__file__).parent / "golden" / "diff.dot"


def neuron(activation=bp.sigmoid, w=0.5):
    return bp.performance(1.0, activation(Value(w, "w") * Value(2.0, "x") - 1.0))


def statuses(before, after):
    merged = merge(before, after)
    return {_name(*pair): merged.status(i) for i, pair in enumerate(merged.nodes)}


def _name(old, new):
    node = new if new is not None else old
    return node.label or (node.op.name if node.op is not None else repr(node.data))


def test_the_picture_is_the_golden_one():
    before, after = neuron(), neuron(bp.tanh)
    before.backward()
    after.backward()
    assert diff(before, after, variables=False).dot == GOLDEN.read_text(encoding="utf-8")


def test_equal_graphs_have_no_difference():
    note = diff(neuron(), neuron()).note
    assert note == "0 values more, 0 fewer, 0 with other numbers, 8 the same"


def test_another_activation_is_one_node_more_and_one_fewer():
    status = statuses(neuron(), neuron(bp.tanh))
    assert status["tanh"] == "more"
    assert status["sigmoid"] == "fewer"
    assert status["performance"] == "other"
    assert status["w"] == status["x"] == status["mul"] == "same"


def test_another_number_is_told_where_it_arrives():
    status = statuses(neuron(), neuron(w=0.75))
    assert status["w"] == status["mul"] == status["sigmoid"] == "other"
    assert status["x"] == status["1.0"] == "same"
    assert "0.5 → 0.75" in diff(neuron(), neuron(w=0.75)).dot


def test_gradients_are_compared_where_both_have_them():
    before, after = neuron(), neuron()
    before.backward()
    assert diff(before, after).note.endswith("8 the same")
    after.backward(2.0)
    assert "6 with other numbers" in diff(before, after).note


def test_draw_with_before_is_the_same_picture():
    before, after = neuron(), neuron(bp.tanh)
    assert draw(after, before=before).dot == diff(before, after).dot


def test_nan_equals_nan():
    assert diff(Value(math.nan, "x") * 2, Value(math.nan, "x") * 2).note.endswith("3 the same")


def test_a_missing_edge_is_dashed_and_a_new_one_bold():
    x, y = Value(1.0, "x"), Value(2.0, "y")
    dot = diff(x * y, x * x).dot
    assert sum("style=dashed]" in line for line in dot.splitlines() if " -> " in line) == 1
    assert sum("penwidth=2.2" in line for line in dot.splitlines() if " -> " in line) == 2


def test_chains_of_100000_are_compared_within_the_budget():
    def chain(n):
        value = Value(1.0, "x")
        for _ in range(n):
            value = value.sin()
        return value

    drawing = diff(chain(50_000), chain(50_001), max_nodes=20)
    assert drawing.note.startswith("1 value more")
    assert repr(drawing) == "<Drawing of 20 cards>"


def test_a_hostile_label_stays_text():
    label = '</TD></TABLE>>]; evil [label="x"] \\'
    dot = diff(Value(1.0, label) * 1.0, Value(2.0, label) * 1.0, variables=False).dot
    outside = re.sub(r'"[^"]*"', "", dot)  # no bare quote ends the tooltip early
    assert "</TD></TABLE>>]; evil" not in outside


def test_only_values_can_be_compared():
    with pytest.raises(OperandError, match="diff takes a Value"):
        diff(1.0, Value(1.0))
