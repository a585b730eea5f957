"""The short ways to a picture: what draw takes, how it is shown, what a notebook gets."""

import math
import re
import xml.etree.ElementTree as ET

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import derivation, draw, draw_network, latex, mathml, renderer, showing
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.nn import Network
from autograd_bp.training import train, xor

needs_renderer = pytest.mark.skipif(not renderer(), reason="no program that lays out pictures")
outside = Value(5.0)


def labels(drawing):
    return {card.label for card in drawing.scene.cards if card.label}


def kinds(drawing):
    cards = drawing.scene.cards
    named = {card.label: card.kind for card in cards if card.label}
    operands = (operand for card in cards for operand in card.operands.values())
    return named | {operand.name: operand.kind for operand in operands}


def test_a_list_of_values_is_one_picture_with_several_outputs():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    scene = draw([w * x, bp.sin(w)]).scene
    assert [card.kind for card in scene.cards].count("output") == 2
    assert sum(card.label == "w" for card in scene.cards) == 1


def test_a_network_with_a_row_and_desired_outputs_is_a_picture_with_gradients():
    network = Network([2, 2, 1], seed=0)
    drawing = draw(network, [0.0, 1.0], 1.0)
    assert drawing.scene.has_gradients
    assert kinds(drawing)["x1"] == "input"
    assert kinds(drawing)["d"] == "desired"
    assert kinds(drawing)["w[1,1,0]"] == "parameter"
    assert all(parameter.grad == 0.0 for parameter in network.parameters())


def test_a_function_of_a_row_is_drawn_for_that_row():
    scene = draw(lambda row: row[0] * row[1] + 1, [2.0, 3.0]).scene
    assert scene.cards[-1].data == 7.0


@pytest.mark.parametrize(
    ("wrong", "instead"),
    [
        (Network([2, 2, 1], seed=0), r"draw\(network, x\)"),
        (bp.sigmoid, r"draw\(network, x, d\)"),
        (3.0, "compute it with Values"),
        ({"y": 1.0}, r"draw\(list"),
        ([1.0, 2.0], "a list of Values"),
        ("x", "a list of Values"),
    ],
)
def test_a_wrong_call_names_the_right_one(wrong, instead):
    with pytest.raises(OperandError, match=instead):
        draw(wrong)


def test_a_value_draws_itself():
    y = Value(2.0, "x") * 3
    assert y.draw(title="y").dot == draw(y, title="y").dot


def test_a_drawing_is_shown_in_the_browser(monkeypatch):
    opened = []
    monkeypatch.setattr(showing.webbrowser, "open", lambda url: opened.append(url) or True)
    monkeypatch.setattr(showing, "_in_notebook", lambda: False)
    drawing = draw(Value(2.0, "x") * 3)
    drawing.__dict__["svg"] = "<svg/>"
    drawing.show()
    assert opened[0].startswith("file://")
    assert opened[0].endswith(".svg")


def test_source_and_attributes_are_those_of_graphviz():
    drawing = draw(Value(1.0) * 2, graph_attr={"bgcolor": 'a"b'}, node_attr={"fontname": "Arial"})
    assert drawing.source == drawing.dot
    assert 'graph [bgcolor="a\\"b"]' in drawing.dot
    assert 'node [fontname="Arial"]' in drawing.dot
    with pytest.raises(SettingError, match="no attribute of Graphviz"):
        draw(Value(1.0), edge_attr={"a b": 1})


@pytest.mark.parametrize("size", [(100, 100), "large", (1600,), (True, 900)])
def test_a_size_that_is_none_is_refused(size):
    with pytest.raises(SettingError, match="size is"):
        draw(Value(1.0), size=size)


def test_kinds_of_leaves_are_what_the_caller_says():
    x, w, d = Value(1.0, "w"), Value(2.0, "x"), Value(0.0, "d")
    P = bp.performance(d, x * w)
    assert kinds(draw(P))["d"] == "desired"
    told = kinds(draw(P, inputs=[x], parameters=[w]))
    assert (told["w"], told["x"]) == ("input", "parameter")


def test_names_are_found_where_the_caller_and_its_callers_hold_them():
    def inner(value):
        return draw(value)

    def outer():
        hidden = Value(2.0) * 3.0
        return inner(hidden + 1.0)

    assert "hidden" in labels(outer())


def test_names_are_found_in_methods_comprehensions_and_globals():
    class Model:
        def __init__(self):
            self.weight = Value(0.5)
            self.layers = [[Value(1.0)], [Value(2.0)]]

        def picture(self):
            [drawing] = [draw(self.weight * outside * layer[0]) for layer in self.layers[1:]]
            return drawing

    assert {"weight", "outside"} <= labels(Model().picture())
    model = Model()
    assert "model.weight" in labels(draw(model.weight * 2.0))
    assert "model.layers[1,0]" in labels(draw(model.layers[1][0] * 2.0))


def test_names_for_the_inputs_and_outputs_of_a_network():
    drawing = draw_network(
        Network([2, 3], seed=0), x=[0, 1], inputs=["left", "right"], outputs=["7", "8", "9"]
    )
    for name in ("left", "right", "7", "8", "9"):
        assert f">{name}<" in drawing.dot
    with pytest.raises(ShapeError, match="2 names for 3 outputs"):
        draw_network(Network([2, 3], seed=0), outputs=["a", "b"])


def test_a_negative_bias_on_a_negative_constant_raises():
    network = Network([1, 1], seed=0)
    network.layers[0].neurons[0].bias.data = -2.0
    edges = [line for line in draw_network(network).dot.splitlines() if "b0 -> " in line]
    assert "dashed" not in edges[0]
    network.layers[0].neurons[0].bias.data = 2.0
    edges = [line for line in draw_network(network).dot.splitlines() if "b0 -> " in line]
    assert "dashed" in edges[0]


def test_mermaid_keeps_the_weights_of_a_folded_neuron():
    text = draw(Network([2, 1], seed=0)([1.0, 2.0])).mermaid
    for weight in Network([2, 1], seed=0).layers[0].neurons[0].weights:
        assert f"{weight.data:.4g}".replace("-", "−") in text


def test_a_gradient_of_an_earlier_sweep_is_told_from_that_of_this_one():
    x = Value(2.0, "x")
    (x * 3).backward()
    y = x * 4
    y.backward()
    drawing = draw(y)
    assert "not only from this sweep" in drawing.note
    assert [card.earlier for card in drawing.scene.cards if card.label == "x"] == [3.0]
    x.zero_grad()
    y.backward()
    assert draw(y).note == ""


def test_a_picture_points_at_where_nan_began():
    a = Value(0.0, "a")
    y = bp.log(a - a) * 2.0 + 1.0
    drawing = draw(y)
    assert [card.symbol for card in drawing.scene.cards if card.began] == ["log"]
    assert "Not finite (red) from log on" in drawing.note
    assert "red: not finite" in drawing.dot


@needs_renderer
def test_a_picture_has_a_text_alternative_and_fits_its_cell():
    y = Value(2.0, "w") * Value(3.0, "x")
    y.backward()
    root = ET.fromstring(draw(y, title="a <product>").svg)
    assert root.get("role") == "img"
    assert "max-width: 100%" in root.get("style")
    words = root.find("{*}title").text
    assert words.startswith("a <product>: a computation graph of 3 cards; output")
    assert "parameter w = 2 (gradient 3)" in words


@needs_renderer
def test_the_colours_of_the_theme_auto_follow_the_page():
    svg = draw(Value(2.0, "w") * 3, theme="auto").svg
    assert "prefers-color-scheme: dark" in svg
    assert 'data-jp-theme-light="false"' in svg
    used = {*re.findall(r'(?:fill|stroke)="(#\w+)"', svg[svg.index("</style>") :])}
    ruled = {*re.findall(r'\[(?:fill|stroke)="(#\w+)"\]', svg)}
    assert used <= ruled


def test_a_pdf_has_the_same_bytes():
    pytest.importorskip("svglib")
    from autograd_bp.drawing.output.pdf import from_svg

    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="10pt" height="10pt"></svg>'
    assert from_svg(svg) == from_svg(svg)


def test_formulas_and_explanations_are_typeset_in_a_notebook():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    y = bp.sin(w * x) * w
    for shown in (latex(y), mathml(y), derivation(y), bp.explain(y, w)):
        assert shown._repr_latex_().startswith("$\\displaystyle")
        ET.fromstring(shown._repr_html_())
    assert latex(y) == str(latex(y))


def test_an_equal_factor_is_a_power():
    s = Value(0.2, "σ")
    assert latex(s * s / 2).endswith(r"\frac{\sigma^{2}}{2}")


def test_networks_and_histories_are_tables_and_curves_in_a_notebook():
    network = Network([2, 2, 1], seed=0)
    history = train(network, xor().split(), rate=1.0, epochs=5)
    table = ET.fromstring(f"<div>{network._repr_html_()}</div>")
    assert len(table.findall(".//tr")) == 3
    assert len(table.findall(".//tr")[1]) == 6
    network([1.0, 0.0])[0].backward()
    swept = ET.fromstring(f"<div>{network._repr_html_()}</div>").findall(".//tr")
    assert swept[0][6].text == "∂/∂w0, ∂/∂w1, …"
    first = f"{network.layers[1].neurons[0].bias.grad:.4g}"
    assert swept[2][6].text.startswith(first)
    curve = ET.fromstring(f"<div>{history._repr_html_()}</div>")
    points = curve.find(".//polyline").get("points").split()
    assert len(points) == 5
    assert all(math.isfinite(float(x)) for point in points for x in point.split(","))
