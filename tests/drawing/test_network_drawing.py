"""The diagram of a network: what stands in it, what is left out, and what is refused."""

import re
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

import autograd_bp as bp
from autograd_bp import Value
from autograd_bp.drawing import draw_network, draw_weights
from autograd_bp.drawing.output import render
from autograd_bp.errors import (
    DrawingError,
    OperandError,
    OutputError,
    SettingError,
    ShapeError,
)
from autograd_bp.nn import Layer, Module, Network, Neuron, gamma, prove

GOLDEN = Path(__file__).parent / "golden"
needs_renderer = pytest.mark.skipif(not render.renderer(), reason="no program lays out pictures")


def small():
    net = Network([2, 2, 1], seed=0)
    for i, parameter in enumerate(net.parameters()):
        parameter.data = (i - 4) / 4
    return net


def circles(drawing, kind):
    return re.findall(rf'class="{kind}" pos="([-\d.]+),([-\d.]+)"', drawing.dot)


def test_the_same_network_gives_the_same_bytes_on_every_machine():
    drawing = draw_network(small(), [0.0, 1.0], d=1.0, title="golden")
    assert drawing.dot == (GOLDEN / "network.dot").read_text(encoding="utf-8")


def test_every_neuron_shows_its_output_and_its_γ():
    net = small()
    drawing = draw_network(net, [0.0, 1.0], d=1.0)
    layers = [
        [gamma.Weights(n.bias.data, [w.data for w in n.weights]) for n in layer.neurons]
        for layer in net.layers
    ]
    y = gamma.outputs(layers, [0.0, 1.0])
    shown = {f"output {value!r}" for layer in y[1:] for value in layer}
    assert all(words in drawing.dot for words in shown)
    gammas = sorted(float(number) for number in re.findall(r'γ ([-\d.e]+)" *\]', drawing.dot))
    by_hand = sorted(γ for layer in gamma.gammas(layers, y, [1.0]) for γ in layer)
    assert gammas == pytest.approx(by_hand, rel=1e-12)
    assert prove(net, [0.0, 1.0], [1.0]).ok


def test_no_gradient_of_the_network_is_touched():
    net = small()
    draw_network(net, [0.0, 1.0], d=1.0)
    assert all(parameter.grad == 0.0 for parameter in net.parameters())


def test_every_weight_is_an_edge_and_one_that_lowers_is_dashed():
    drawing = draw_network(small())
    edges = re.findall(r'\[id="e\d+".*', drawing.dot)
    assert len(edges) == 9
    # The biases -1 and -0.25 on the constant -1 raise, as 0.25 does; 0.5 on it lowers.
    assert sum("style=dashed" in edge for edge in edges) == 3  # -0.75, -0.5, and the bias 0.5
    assert sum("#542788" in edge for edge in edges) == 3


def test_the_largest_weight_has_the_widest_edge():
    net = small()
    net.layers[1].neurons[0].weights[0].data = -40.0
    edges = re.findall(r'id="e\d+".*?penwidth=([\d.]+).*?tooltip="([^"]*)"', draw_network(net).dot)
    widths = {tooltip: float(width) for width, tooltip in edges}
    assert max(widths, key=widths.get) == "w[2,1,1] = -40.0"


def test_numbers_on_edges_can_be_left_out_and_asked_for():
    plain = re.compile(r">−0\.75<")
    assert plain.search(draw_network(small()).dot)
    assert not plain.search(draw_network(small(), weights=False).dot)
    wide = Network([8, 8, 1], seed=0)
    shown = draw_network(wide, weights=True).dot.count("BGCOLOR")
    assert shown > draw_network(wide).dot.count("BGCOLOR") + 70


def test_large_layers_show_the_first_and_the_last():
    drawing = draw_network(Network([64, 30, 10], seed=0), rows=4)
    assert len(circles(drawing, "input")) == 4
    assert len(circles(drawing, "neuron")) == 8
    assert len(circles(drawing, "dots")) == 9
    assert "64 inputs" in drawing.dot
    assert "30 neurons" in drawing.dot
    assert drawing.note == "Drawn: 12 of 104 circles"
    assert 'id="n0"' in drawing.dot
    assert 'id="n63"' in drawing.dot
    assert 'id="n5"' not in drawing.dot


def test_beyond_the_budget_the_strongest_edges_are_drawn_and_the_note_says_so():
    net = Network([10, 10, 10], seed=0)
    drawing = draw_network(net, max_edges=7, weights=False)
    assert drawing.note == "Drawn: the 7 strongest edges of 220 between them"
    drawn = [
        float(number)
        for number in re.findall(r'id="e\d+".*?tooltip="\S+ = ([-\d.e]+)"', drawing.dot)
    ]
    largest = sorted((abs(p.data) for p in net.parameters()), reverse=True)[:7]
    assert sorted(map(abs, drawn), reverse=True) == largest


def test_no_two_circles_overlap():
    drawing = draw_network(Network([5, 12, 3], seed=0), [1.0] * 5, d=[0.0] * 3)
    places = [
        (float(x), float(y))
        for kind in ("input", "neuron", "constant")
        for x, y in circles(drawing, kind)
    ]
    for i, a in enumerate(places):
        for b in places[:i]:
            assert (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 > 44.0**2 * 0.6


def test_a_shortcut_goes_around_the_circles_between():
    from autograd_bp.drawing.network import placement
    from autograd_bp.drawing.network.edge_labels import on_curve
    from autograd_bp.drawing.network.wiring import read

    hidden, output = Neuron(1, seed=0), Neuron(2, seed=1)
    x = [Value(1.0)]
    wiring = read(x, [output([*x, hidden(x)])])
    placed = placement.place(wiring, 10)
    curve = placed.route(0, 2)
    middle = placed.circles[1].at
    for i in range(101):
        at = on_curve(curve, i / 100)
        assert (at[0] - middle[0]) ** 2 + (at[1] - middle[1]) ** 2 > placement.RADIUS**2


def test_shared_weights_are_named_on_their_edges():
    class Chain(Module):
        def __init__(self):
            self.w, self.v = Value(0.5), Value(-0.3, "back")

        def __call__(self, x):
            return bp.tanh(self.w * x[1] + self.v * bp.tanh(self.w * x[0] + self.v))

    drawing = draw_network(Chain(), [1.0, 2.0])
    assert drawing.dot.count(">w = 0.5<") == 2
    assert "2 weights shared by several edges" in drawing.note


def test_dark_has_other_colours():
    assert 'bgcolor="#0d1117"' in draw_network(small(), theme="dark").dot
    assert 'bgcolor="#ffffff"' in draw_network(small()).dot


def test_many_columns_are_folded():
    net = Network([1, *[1] * 60], seed=0)
    drawing = draw_network(net, size=None)
    assert len(circles(drawing, "neuron")) == 15
    assert drawing.note == "Drawn: 16 of 61 circles and 16 of 61 columns"


def _deep(x):
    for i in range(40):
        x = [bp.tanh(Value(0.5, f"w{i}") * x[0] - 0.1 * i)]
    return x


def _constants(x):
    """Biases on 18 constants, which stand above each other."""
    biases = [Value(0.3, f"b{k}") * (k + 1.0) for k in range(18)]
    return bp.sigmoid(bp.sum([Value(0.5, "w") * x[0], *biases]))


TOO_LARGE = {
    "digits": (lambda: Network([64, 30, 10], seed=0), [0.5] * 64, [0.0] * 10),
    "many layers": (lambda: Network([4, *[8] * 12, 2], seed=0), [0.5] * 4, [0.0, 1.0]),
    "more layers": (lambda: Network([20, *[12] * 30, 1], seed=0), [0.5] * 20, None),
    "a chain": (lambda: _deep, [0.3], None),
}


@needs_renderer
@pytest.mark.parametrize("size", [(1600, 1200), (900, 700)])
@pytest.mark.parametrize("kind", TOO_LARGE)
def test_a_network_fits_a_screen_at_text_that_can_be_read(kind, size):
    make, x, d = TOO_LARGE[kind]
    drawing = draw_network(make(), x, d=d, size=size)
    root = ElementTree.fromstring(drawing.svg)
    width, height = (float(root.get(side).removesuffix("px")) for side in ("width", "height"))
    assert width <= size[0]
    assert height <= size[1]
    scale = width / float(root.get("viewBox").split()[2])
    texts = [float(node.get("font-size")) for node in root.iter() if node.get("font-size")]
    assert min(texts) * scale >= 9.0
    drawn, total = re.match(r"Drawn: (\d+) of (\d+) circles", drawing.note).groups()
    assert int(drawn) < int(total)
    units = [c for kind in ("input", "neuron", "operation") for c in circles(drawing, kind)]
    assert len(units) == int(drawn)


def test_a_column_says_how_many_circles_of_it_are_drawn():
    dot = draw_network(Network([64, 30, 10], seed=0)).dot
    assert "10 of 64 inputs" in dot
    assert "10 of 30 neurons" in dot
    assert ">10 neurons<" in dot


def test_a_network_with_rows_is_as_high_as_it_needs():
    net = Network([64, 30, 10], seed=0)
    assert len(circles(draw_network(net, rows=40), "neuron")) == 40
    assert len(circles(draw_network(net, size=(1600, 500)), "input")) < 10
    with pytest.raises(SettingError, match="size is"):
        draw_network(net, size=(3, 3))


HOSTILE = [
    '<b>"&\\',
    "{a|b}",
    "]]>",
    "\\N\\G",
    "x" * 10_000,
    "🙂",
    "אבג",
    "a\nb",
    "\ud800",
    'javascript:"',
]


@needs_renderer
@pytest.mark.parametrize("label", HOSTILE, ids=range(len(HOSTILE)))
def test_labels_and_titles_are_text_in_the_picture(label):
    net = small()
    net.layers[0].neurons[0].weights[0].label = label
    svg = draw_network(net, [Value(0.0, label), 1.0], title=label).svg
    root = ElementTree.fromstring(svg)
    assert not root.findall(".//{http://www.w3.org/2000/svg}script")
    assert len(root.findall(".//{http://www.w3.org/2000/svg}ellipse")) >= 8


@needs_renderer
def test_it_is_saved_as_svg_and_png(tmp_path):
    drawing = draw_network(small(), [0.0, 1.0], d=1.0)
    assert drawing.save(tmp_path / "n.svg").read_text().count("<svg") == 1
    assert drawing.save(tmp_path / "n.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(OutputError):
        drawing.save(tmp_path / "missing" / "n.svg")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: draw_network("net"), OperandError, "takes a network"),
        (
            lambda: draw_network(Value(1.0)),
            OperandError,
            r"draw\(value\) draws a computation graph",
        ),
        (lambda: draw_network(Network), OperandError, "takes a network"),
        (lambda: draw_network(small(), [1.0]), ShapeError, "2 inputs got a row of 1"),
        (lambda: draw_network(small(), 3), OperandError, "x is a row of numbers"),
        (lambda: draw_network(small(), []), ShapeError, "row of 0"),
        (lambda: draw_network(small(), [0, 1], d=[1, 1]), ShapeError, "1 desired outputs"),
        (lambda: draw_network(small(), d=1), SettingError, "needs x="),
        (lambda: draw_network(lambda x: x[0]), SettingError, "x="),
        (lambda: draw_network(lambda x: x[0] * 1, [1.0]), DrawingError, "no neuron"),
        (lambda: draw_network(lambda x: 3.0, [1.0]), OperandError, "gives a Value"),
        (lambda: draw_network(lambda x: x[5], [1.0]), DrawingError, "row of 1 inputs"),
        (lambda: draw_network(Module(), None), SettingError, "x="),
        (lambda: draw_network(small(), rows=1), SettingError, "rows is"),
        (lambda: draw_network(small(), max_edges=0), SettingError, "max_edges is"),
        (lambda: draw_network(small(), theme="blue"), DrawingError, "theme must be"),
        (lambda: draw_weights(3), OperandError, "draw_weights takes"),
        (lambda: draw_weights(Network([5, 1])), ShapeError, "no square image"),
        (lambda: draw_weights(Network([6, 1]), (2, 4)), ShapeError, "6 cells"),
        (lambda: draw_weights(Network([4, 1]), "22"), ShapeError, "4 cells"),
        (lambda: draw_weights(Network([4, 1]), most=0), SettingError, "most is"),
        (lambda: draw_weights(Network([250_000, 1])), DrawingError, "40,000 cells"),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


@pytest.mark.parametrize("draws", [draw_network, draw_weights])
@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_weight_that_is_not_finite_is_named(draws, bad):
    net = Network([4, 2, 1], seed=0)
    net.layers[0].neurons[1].weights[2].data = bad
    with pytest.raises(DrawingError, match=r"w\[1,2,3\]|weight 3 of neuron 2"):
        draws(net)


def test_a_network_that_was_emptied_is_refused():
    net, layer = small(), Layer(2, 1)
    net.layers, layer.neurons = [], []
    for empty in (net, layer):
        with pytest.raises(ShapeError, match="to draw"):
            draw_network(empty)


def test_tiles_show_each_weight_at_its_place():
    net = Network([4, 1], seed=0)
    for weight, data in zip(net.layers[0].neurons[0].weights, (1.0, -1.0, 0.0, 0.0), strict=True):
        weight.data = data
    rows = re.search(
        r"CELLPADDING=\"0\">((?:<TR>(?:<TD[^>]*FIXEDSIZE[^>]*></TD>){2}</TR>){2})",
        draw_weights(net).dot,
    )[1]
    assert re.findall(r'BGCOLOR="(#\w+)"', rows) == ["#e08214", "#8073ac", "#ffffff", "#ffffff"]


def test_tiles_beyond_the_limit_are_counted_in_the_note():
    assert draw_weights(Network([4, 9]), most=5).note == "Drawn: 5 of 9 neurons"
