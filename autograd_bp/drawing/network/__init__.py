"""Networks as circles and weighted edges, column by column, and their weights as tiles.

The path of the data: `run` records a run, `wiring` reads neurons and connections off its graph,
`selection` and `placement` choose what is drawn and where, `picture` and `legend` write it. Only
the drawing of networks belongs here.
"""

from autograd_bp.drawing.network.network import Diagram, draw_network

__all__ = ["Diagram", "draw_network"]
