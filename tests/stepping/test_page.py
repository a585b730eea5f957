"""The page as text: its numbers, its escaping, what it refuses."""

import json
import re

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import renderer
from autograd_bp.errors import (
    DrawingError,
    NotDifferentiableError,
    OperandError,
    OutputError,
    SettingError,
)
from autograd_bp.graph import topological_order
from autograd_bp.nn import Network
from autograd_bp.stepping import step_through

pytestmark = pytest.mark.skipif(not renderer(), reason="needs a program that lays out graphs")

EVIL = "</script><script>document.title='run'</script>"


def neuron():
    w, x = Value(0.5, "w"), Value(2.0, "x")
    return bp.performance(1.0, bp.sigmoid(w * x - 1))


def data_in(html):
    return json.loads(re.search(r'type="application/json">(.*?)</script>', html, re.DOTALL)[1])


def test_the_data_are_the_numbers_of_the_engine():
    P = neuron()
    nodes = data_in(step_through(P).html)["nodes"]
    order = topological_order(P)
    assert [node["value"] for node in nodes] == [node.data for node in order]
    assert [node["partials"] for node in nodes] == [list(node.partials) for node in order]
    assert [[order[i] for i in node["parents"]] for node in nodes] == [
        list(node.parents) for node in order
    ]


def test_the_gradients_of_the_graph_are_not_touched():
    P = neuron()
    P.backward()
    before = [node.grad for node in topological_order(P)]
    step_through(P)
    assert [node.grad for node in topological_order(P)] == before


def test_numbers_that_json_does_not_have_are_text():
    x = Value(float("inf"), "x")
    page = step_through(x * 2 + Value(float("nan"), "y"))
    assert [node["value"] for node in page.data["nodes"]] == [
        "Infinity",
        2.0,
        "Infinity",
        "NaN",
        "NaN",
    ]
    assert data_in(page.html) == page.data


def test_no_label_or_title_ends_the_script_or_becomes_markup():
    x = Value(1.0, EVIL)
    html = step_through(x * 2, title=EVIL).html
    assert "<script>document" not in html
    assert html.count("<script") == html.count("</script") == 2
    assert "%%" not in html


def test_a_label_that_looks_like_a_part_of_the_page_stays_a_label():
    assert step_through(Value(1.0, "%%DATA%%") * 2).html.count("%%DATA%%") == 2


def test_the_page_asks_for_nothing_from_anywhere():
    html = step_through(neuron()).html
    assert "default-src 'none'" in html
    assert not re.search(r"https?:|//[a-z]+\.|<link|<img|\ssrc=|@import", html)


def test_gammas_are_found_in_a_network_of_sigmoid_neurons():
    page = step_through(Network([2, 2, 1], seed=1), x=[0.0, 1.0], d=1.0)
    nodes = page.data["nodes"]
    gammas = {nodes[gamma["alpha"]]["name"]: gamma for gamma in page.data["gammas"]}
    assert set(gammas) == {"α[1,1]", "α[1,2]", "α[2,1]"}
    assert nodes[gammas["α[2,1]"]["desired"]]["name"] == "d₁"
    after = [[nodes[i]["name"] for i in pair] for pair in gammas["α[1,2]"]["next"]]
    assert after == [["α[2,1]", "w[2,1,2]"]]
    inputs = [[nodes[i]["name"] for i in pair] for pair in gammas["α[2,1]"]["inputs"]]
    assert inputs == [["w[2,1,0]", "−1"], ["w[2,1,1]", "y[1,1]"], ["w[2,1,2]", "y[1,2]"]]


def test_a_neuron_whose_output_is_what_is_desired_has_no_gamma():
    y = bp.sigmoid(Value(0.5, "w"))
    assert step_through(bp.performance(y, 1.0)).data["gammas"] == []
    assert len(step_through(bp.performance(1.0, y)).data["gammas"]) == 1


def test_the_page_has_the_functions_of_its_own_graph_only():
    x = Value(0.5, "x")
    html = step_through(bp.tanh(x) + 1.0).html
    primitives = html.partition("const PRIMITIVES")[2].partition("]);")[0]
    assert re.findall(r'\["(\w+)", \{', primitives) == ["tanh", "add"]


def test_no_gamma_is_claimed_where_the_output_is_used_twice():
    z = bp.sigmoid(Value(0.5, "w"))
    assert step_through(bp.performance(1.0, z) + z).data["gammas"] == []


def test_a_graph_beyond_the_budget_is_refused_with_what_to_do():
    x = Value(1.0)
    for _ in range(50_000):
        x = x * 1.5
    with pytest.raises(DrawingError, match=r"100,001 values are too many .* draw\(value\)"):
        step_through(x)


@pytest.mark.parametrize(
    ("arguments", "settings", "error"),
    [
        ((3.0,), {}, OperandError),
        ((Network([1, 1]),), {}, SettingError),
        ((Network([1, 2]),), {"x": [1.0]}, SettingError),
        ((Value(1.0),), {"d": 1.0}, SettingError),
        ((Value(1.0),), {"history": [[1.0]]}, SettingError),
        ((Network([1, 1]),), {"x": [1.0], "history": [[1.0]]}, SettingError),
        ((Network([1, 1]),), {"x": [1.0], "history": [[1.0, 2.0]] * 1001}, SettingError),
        ((bp.threshold(Value(1.0)),), {}, NotDifferentiableError),
    ],
)
def test_what_cannot_be_stepped_through_is_a_named_error(arguments, settings, error):
    with pytest.raises(error):
        step_through(*arguments, **settings)


def test_the_page_is_saved_whole_and_the_same_each_time(tmp_path):
    page = step_through(neuron(), tmp_path / "a.html")
    assert page.save(tmp_path / "b.html").read_text(encoding="utf-8") == page.html
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert len(list(tmp_path.iterdir())) == 2
    with pytest.raises(OutputError):
        page.save(tmp_path / "no" / "folder.html")


def test_a_notebook_shows_the_page_in_a_frame():
    shown = step_through(neuron())._repr_html_()
    assert shown.startswith('<iframe sandbox="allow-scripts allow-downloads"')
    assert "<script" not in shown


def test_the_page_of_a_network_explains_the_indices_of_its_weights():
    explained = "w[layer, neuron, input]: all count from 1"
    assert explained in step_through(Network([2, 2, 1]), x=[0.0, 1.0], d=1.0).html
    assert explained not in step_through(Value(2.0, "w1") * Value(3.0, "x")).html
