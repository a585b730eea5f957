"""The figures that explain a neuron are drawn with the library's own numbers."""

import pytest

from autograd_bp import Value
from autograd_bp.drawing import figures
from autograd_bp.drawing.figures.neuron_model import neuron_model
from autograd_bp.errors import (
    DrawingError,
    MissingExtraError,
    OperandError,
    OutputError,
    SettingError,
    ShapeError,
)
from autograd_bp.nn import Network

pytest.importorskip("matplotlib")

CORNERS = [([0, 0], 0), ([0, 1], 1), ([1, 0], 1), ([1, 1], 0)]
MAKERS = {
    "model": neuron_model,
    "curves": figures.threshold_and_sigmoid,
    "performance": figures.performance_curve,
}


def surface(steps=9, **settings):
    return figures.decision_surface(Network([2, 2, 1], seed=3), CORNERS, steps=steps, **settings)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("ending", ["png", "svg"])
def test_the_same_figure_gives_the_same_bytes(tmp_path, name, theme, ending):
    files = [
        figures.save_figure(MAKERS[name](theme=theme), tmp_path / f"{k}.{ending}") for k in (1, 2)
    ]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_the_slope_of_the_sigmoid_is_β_times_one_minus_β():
    _, right = figures.threshold_and_sigmoid().axes
    β, slope = (line.get_ydata() for line in right.lines)
    assert max(abs(s - b * (1 - b)) for b, s in zip(β, slope, strict=True)) < 1e-15
    assert β[150] == 0.5


def test_the_tangents_of_the_performance_have_the_slope_d_minus_z():
    [axes] = figures.performance_curve(0.5).axes
    curve, *others = axes.lines
    assert max(curve.get_ydata()) == 0.0
    for tangent, dot in zip(others[::2], others[1::2], strict=True):
        x, y = tangent.get_data()
        assert (y[1] - y[0]) / (x[1] - x[0]) == pytest.approx(0.5 - dot.get_xdata()[0], abs=1e-12)


def test_the_surface_holds_the_answers_of_the_network():
    net = Network([2, 2, 1], seed=3)
    image = figures.decision_surface(net, CORNERS, steps=5).axes[0].images[0]
    answers = image.get_array()
    assert answers[0][4] == net([1.25, -0.25])[0].data
    assert answers[4][0] == net([-0.25, 1.25])[0].data


def test_a_dollar_in_a_title_is_a_dollar(tmp_path):
    figures.save_figure(surface(title="$\\frac{ <b>"), tmp_path / "s.png")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: neuron_model(0), SettingError, "1 to 5"),
        (lambda: neuron_model(True), SettingError, "1 to 5"),
        (lambda: figures.decision_surface("net"), OperandError, "takes a network"),
        (lambda: figures.decision_surface(Value(1.0)), OperandError, "takes a network"),
        (lambda: surface(steps=1), SettingError, "steps"),
        (lambda: figures.decision_surface(Network([3, 1])), ShapeError, "3 inputs"),
        (lambda: figures.decision_surface(Network([2, 2])), ShapeError, "one output"),
        (lambda: figures.decision_surface(Network([2, 1]), [([1], 1)]), ShapeError, "two inputs"),
        (lambda: figures.decision_surface(lambda row: float("nan")), DrawingError, "answers nan"),
        (lambda: figures.threshold_and_sigmoid(theme="red"), DrawingError, "theme"),
    ],
)
def test_bad_input_is_refused_by_name(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_other_endings_and_missing_folders_are_refused(tmp_path):
    with pytest.raises(DrawingError, match=r"\.png, \.svg, \.pdf"):
        figures.save_figure(neuron_model(), tmp_path / "x.gif")
    with pytest.raises(OutputError):
        figures.save_figure(neuron_model(), tmp_path / "no" / "x.png")


def test_without_matplotlib_the_command_that_installs_it_is_given(monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(MissingExtraError, match=r"autograd_bp\[plots\]"):
        neuron_model()
