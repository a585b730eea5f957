"""Notebooks show the figures of the library, which are not those of pyplot."""

import pickle
import xml.etree.ElementTree as ET

import pytest

from autograd_bp.drawing import figures

pytest.importorskip("matplotlib")


@pytest.mark.parametrize(
    "make", [figures.threshold_and_sigmoid, figures.performance_curve, figures.neuron_model]
)
def test_a_figure_is_shown_in_a_notebook_as_svg(make):
    figure = make()
    assert ET.fromstring(figure._repr_svg_()).tag.endswith("svg")
    assert figure._repr_svg_() == figure._repr_svg_()


def test_a_figure_can_be_pickled():
    figure = pickle.loads(pickle.dumps(figures.performance_curve()))
    assert "<svg" in figure._repr_svg_()
