"""Pictures of computation graphs: names, values, gradients, and local derivatives on edges.

`api` and `drawing` are the entrance: a function for each kind of picture, and the picture. Rooms:
`graph` (what is shown), `output` (how it is written), `network` and `figures`. Formulas are
written by the package `notation`; `formulas` and `derivation` choose their lines.
"""

from autograd_bp.drawing.api import diff, draw, draw_neuron
from autograd_bp.drawing.derivation import Derivation, derivation
from autograd_bp.drawing.drawing import Drawing
from autograd_bp.drawing.formulas import latex, mathml
from autograd_bp.drawing.network.network import draw_network
from autograd_bp.drawing.network.weights import draw_weights
from autograd_bp.drawing.output.render import renderer

__all__ = [
    "Derivation",
    "Drawing",
    "derivation",
    "diff",
    "draw",
    "draw_network",
    "draw_neuron",
    "draw_weights",
    "latex",
    "mathml",
    "renderer",
]
