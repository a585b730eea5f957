"""The figures of the post, drawn with matplotlib and with the library's own functions.

matplotlib is imported when a figure is drawn, not before.
"""

from autograd_bp.drawing.figures.figures import (
    decision_surface,
    performance_curve,
    save_figure,
    threshold_and_sigmoid,
)
from autograd_bp.drawing.figures.neuron_model import neuron_model

__all__ = [
    "decision_surface",
    "neuron_model",
    "performance_curve",
    "save_figure",
    "threshold_and_sigmoid",
]
