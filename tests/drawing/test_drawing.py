"""The picture of a graph as DOT text: what stands in it, and that it is always the same."""

import math
import random
from pathlib import Path

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import draw, draw_neuron
from autograd_bp.drawing.graph.build import make_scene
from autograd_bp.drawing.graph.scene import View
from autograd_bp.drawing.output.theme import theme_named
from autograd_bp.errors import (
    DrawingError,
    OperandError,
    PrimitiveError,
    SettingError,
)

GOLDEN = Path(__file__).parent / "golden" / "neuron.dot"


def readme_neuron():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    y = bp.sigmoid(w * x - 1)
    P = bp.performance(1.0, y)
    return w, x, y, P


def network(sizes, row, seed=0):
    """Outputs of a network built from sums of products, as a layer of neurons does."""
    numbers = random.Random(seed)
    values = [Value(x, f"x{i}") for i, x in enumerate(row, 1)]
    for i, m in enumerate(sizes[1:]):
        n = sizes[i]
        weights = [[Value(numbers.uniform(-1, 1), f"w{i}") for i in range(n + 1)] for _ in range(m)]
        values = [bp.sigmoid(bp.dot(w, [-1.0, *values])) for w in weights]
    return values


def cards(value, **options):
    return make_scene(value, View(**options)).cards


def test_the_same_graph_gives_the_golden_text():
    *_, P = readme_neuron()
    P.backward()
    assert draw(P, title="a neuron").dot == GOLDEN.read_text(encoding="utf-8")


def test_two_equal_graphs_give_the_same_bytes():
    texts = set()
    for _ in range(2):
        outputs = network([3, 4, 2], [0.1, 0.2, 0.3])
        P = bp.performance([0.0, 1.0], outputs)
        P.backward()
        texts.add(draw(P, unfold="sigmoid").dot)
    assert len(texts) == 1


def test_ids_follow_the_topological_order():
    *_, P = readme_neuron()
    order = bp_order(P)
    assert [card.node for card in cards(P)] == order
    assert [card.id for card in cards(P)] == [f"n{i}" for i in range(len(order))]


def bp_order(value):
    from autograd_bp.graph import topological_order

    return topological_order(value)


def test_each_kind_of_node_is_told_apart():
    *_, P = readme_neuron()
    kinds = {card.label or card.symbol: card.kind for card in cards(P)}
    assert kinds == {
        "w": "parameter",
        "x": "input",
        "×": "operation",
        "": "constant",
        "−": "operation",
        "σ": "operation",
        "P": "output",
    }


def test_an_edge_carries_the_local_derivative_and_what_it_passes_back():
    w, x, _, P = readme_neuron()
    P.backward()
    scene = make_scene(P, View())
    position = {card.node: card.id for card in scene.cards}
    passed = {edge.source: edge for edge in scene.edges}
    assert passed[position[w]].partial == x.data
    assert passed[position[w]].passed == w.grad
    assert passed[position[x]].partial == w.data
    assert passed[position[x]].passed == x.grad


def test_a_parent_that_stands_twice_gets_two_edges():
    x = Value(3.0, "x")
    assert len(make_scene(x * x, View()).edges) == 2


def test_without_a_sweep_no_gradient_is_shown():
    *_, P = readme_neuron()
    assert ">grad" not in draw(P).dot
    P.backward()
    assert ">grad" in draw(P).dot


def test_a_neuron_folds_into_one_table_of_pairs():
    [z] = network([2, 1], [1.0, 2.0])
    table = cards(z)[0].table
    assert [row.parents for row in table.rows] == [(3, 0), (4, 1), (5, 2)]
    assert len(cards(z)) == 2


def test_fold_false_draws_every_value():
    [z] = network([2, 1], [1.0, 2.0])
    assert len(cards(z, fold=False)) == len(bp_order(z))


def test_what_is_used_twice_keeps_its_own_card():
    outputs = network([2, 2], [1.0, 2.0])
    P = bp.performance([0.0, 1.0], outputs)
    assert [card.label for card in cards(P) if card.kind == "input"] == ["x1", "x2"]


def test_a_long_table_keeps_the_largest_and_adds_up_the_rest():
    w = [Value(float(i), f"w{i}") for i in range(64)]
    total = bp.dot(w, [1.0] * 64)
    table = cards(total, rows=10)[0].table
    assert [row.parents[1] for row in table.rows] == list(range(54, 64))
    assert table.hidden == 54
    assert table.rest == sum(range(54))
    assert "… and 54 more, together" in draw(total, rows=10).dot


def test_the_bias_row_stays_in_a_long_table():
    w = [Value(0.0 if i == 0 else 1.0, f"w{i}") for i in range(40)]
    total = bp.dot(w, [-1.0, *range(1, 40)])
    assert cards(total, rows=5)[0].table.rows[0].parents == (40, 0)


def test_a_value_that_is_only_in_hidden_rows_is_not_drawn():
    xs = [Value(float(i), f"x{i}") for i in range(40)]
    both = bp.dot([1.0] * 40, xs) * bp.dot([2.0] * 40, xs)
    drawn = [card.label for card in cards(both, rows=3) if card.kind == "input"]
    assert drawn == ["x37", "x38", "x39"]


def test_draw_neuron_stops_at_the_neurons_inputs():
    outputs = network([8, 5, 3], [0.1] * 8)
    P = bp.performance([0.0, 1.0, 0.0], outputs)
    P.backward()
    drawing = draw_neuron(outputs[1], to=P)
    assert repr(drawing) == "<Drawing of 3 cards>"  # the stimulus, the output, P
    for name in ("y₁", "y₅", "w₀", "w₅", "z₁", "z₂", "d₃", "∂P/∂w", "α"):
        assert f">{name}<" in drawing.dot
    assert ">x₁<" not in drawing.dot


def test_the_row_that_leads_to_the_neuron_is_never_hidden():
    zs = [Value(0.01, "") * 1.0 for _ in range(30)]
    zs[7] = bp.dot([Value(1.0, "w1"), Value(1.0, "w2")], [1.0, 1.0]) * 0.0
    P = bp.performance([1.0] * 7 + [0.0] + [1.0] * 22, zs)
    assert ">z₈<" in draw_neuron(zs[7], to=P, rows=3).dot


def test_draw_neuron_refuses_a_performance_of_something_else():
    *_, y, _ = readme_neuron()
    with pytest.raises(DrawingError, match="does not depend"):
        draw_neuron(y, to=Value(1.0) * 2)


def test_stop_at_draws_a_value_as_an_input():
    w, _, y, P = readme_neuron()
    drawn = {card.node: card.kind for card in cards(P, stops=frozenset([y]))}
    assert drawn[y] == "input"
    assert w not in drawn


def test_depth_draws_a_neighbourhood():
    *_, P = readme_neuron()
    assert repr(draw(P, depth=1)) == "<Drawing of 3 cards>"
    assert repr(draw(P, depth=2)) == "<Drawing of 4 cards>"


def test_names_come_from_either_direction_and_yield_to_labels():
    w, _, y, P = readme_neuron()
    assert ">y<" in draw(P, names={"y": y, "other": 3}).dot
    assert ">y<" in draw(P, names={y: "y"}).dot
    assert ">v<" not in draw(P, names={"v": w}).dot
    assert ">v<" in draw(P, names={w: "v"}).dot


def test_unfolding_shows_the_definition():
    *_, P = readme_neuron()
    symbols = [card.symbol for card in cards(P)]
    assert "σ" in symbols
    text = draw(P, unfold=["sigmoid"]).dot
    assert "<B>exp</B>" in text
    assert "<B>σ</B>" not in text
    assert "<B>P</B>" in text


def test_unfolding_leaves_every_gradient_as_it_was():
    _, _, y, P = readme_neuron()
    P.backward()
    P.backward()
    before = [(node, node.grad) for node in bp_order(P)]
    draw(P, unfold=True)
    draw(y, unfold=True)
    assert [(node, node.grad) for node in bp_order(P)] == before


def test_the_unfolded_picture_has_the_gradients_of_the_definition():
    x = Value(0.3, "x")
    y = bp.sigmoid(x)
    y.backward()
    text = draw(y, unfold=True).dot
    # ∂y/∂exp(-x) = -y²
    assert repr(-(y.data**2))[:8] in text
    assert f"grad {x.grad!r}" in text


def test_unfolding_without_a_sweep_makes_no_gradients():
    x = Value(0.3, "x")
    draw(bp.sigmoid(x), unfold=True)
    assert x.grad == 0.0


def test_unfolding_a_primitive_is_refused():
    with pytest.raises(SettingError, match="nothing to unfold"):
        draw(Value(1.0).exp(), unfold="exp")
    with pytest.raises(PrimitiveError, match="no primitive named 'sigmiod'"):
        draw(Value(1.0).exp(), unfold="sigmiod")


def test_above_the_budget_the_nearest_are_drawn_and_the_picture_says_so():
    v = Value(1.0, "x")
    for _ in range(20_000):
        v = v + 1.0
    drawing = draw(v, max_nodes=50, repeats=False)
    assert len([line for line in drawing.dot.splitlines() if ' [id="n' in line]) <= 50
    assert "of 40,001 in the graph" in drawing.note
    assert "max_nodes=50" in drawing.dot


def test_a_dense_network_stays_within_the_budget_of_edges():
    outputs = network([40, 60, 60], [0.1] * 40)
    scene = make_scene(bp.sum(outputs), View(fold=False, max_nodes=100))
    assert len(scene.cards) <= 100
    assert len(scene.edges) <= 400
    assert scene.note


def test_a_leaf_alone_can_be_drawn():
    assert repr(draw(Value(1.0, "x"))) == "<Drawing of 1 card>"


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
def test_numbers_that_are_not_finite_are_drawn(value):
    x, w = Value(value, "x"), Value(1.0, "w")
    y = x * w
    y.backward()
    text = draw(y).dot
    assert ("∞" if value == value else "NaN") in text
    assert "penwidth=nan" not in text
    assert "penwidth=inf" not in text


def _contrast(one, other):
    """The ratio of WCAG 2."""

    def luminance(colour):
        parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_is_not_finite_can_be_read(name):
    theme = theme_named(name)
    assert _contrast("#ffffff", theme.not_finite) >= 4.5
    for ground in (theme.background, theme.cell, theme.input, theme.parameter):
        assert _contrast(theme.not_finite_text, ground) >= 4.5


def test_without_a_gradient_of_some_size_the_colours_have_no_scale():
    alone, k = Value(3.0, "k"), Value(0.0, "k")
    alone.backward()
    product = bp.relu(Value(-1.0, "x")) * k
    product.backward()
    for y in (alone, product):
        assert "grad −0" not in draw(y).dot
        assert "the gradient that it passes back" in draw(y).dot


@pytest.mark.parametrize("setting", [{"rows": 0}, {"max_nodes": -1}, {"depth": 0}, {"rows": 1.5}])
def test_a_setting_out_of_range_is_named(setting):
    with pytest.raises(SettingError, match=next(iter(setting))):
        draw(Value(1.0), **setting)


def test_an_unknown_theme_names_those_that_are():
    with pytest.raises(DrawingError, match="'light', 'dark' or 'auto', got 'blue'"):
        draw(Value(1.0), theme="blue")


def test_only_values_can_be_drawn():
    with pytest.raises(OperandError, match=r"draw takes a Value, a list .* got float 1\.0"):
        draw(1.0)
