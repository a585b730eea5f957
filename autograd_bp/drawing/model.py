"""The public name of `autograd_bp.drawing.figures.neuron_model`, for users to import."""

from autograd_bp.drawing.figures.neuron_model import neuron_model

__all__ = ["neuron_model"]
