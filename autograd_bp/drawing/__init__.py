"""Pictures of computation graphs: names, values, gradients, and local derivatives on edges."""

from autograd_bp.drawing.api import diff, draw, draw_neuron
from autograd_bp.drawing.drawing import Drawing
from autograd_bp.drawing.render import renderer

__all__ = ["Drawing", "diff", "draw", "draw_neuron", "renderer"]
