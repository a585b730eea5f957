"""The figures of the post, drawn with matplotlib and with the library's own functions.

Each figure is a function that returns a matplotlib Figure. matplotlib is imported when a figure is
drawn, not before. `axes` has what they share.
"""

from autograd_bp.drawing.figures.axes import save_figure
from autograd_bp.drawing.figures.curves import performance_curve, threshold_and_sigmoid
from autograd_bp.drawing.figures.neuron_model import neuron_model
from autograd_bp.drawing.figures.surface import decision_surface

__all__ = [
    "decision_surface",
    "neuron_model",
    "performance_curve",
    "save_figure",
    "threshold_and_sigmoid",
]
