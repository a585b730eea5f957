"""Networks as circles and weighted edges, column by column, and their weights as tiles.

The wiring is read from the graph of one run, circles get their places, and the picture is
written as DOT. Only what draws networks belongs here.
"""

from autograd_bp.drawing.network.network import Diagram, draw_network

__all__ = ["Diagram", "draw_network"]
