"""Pages to play with in a browser: one that steps through a computation and its backpropagation,
and one on which networks learn.

`step_through(P).save("steps.html")` writes the first, `live("live.html")` the second.

Python makes the data of the graph (program.py), the picture (figure.py) and, printed from the
table, the functions of the graph's primitives (functions.py). The scripts beside them are the page.
sweep.js computes values and gradients from these functions. It is written by hand and stays so: it
is a second implementation of the sweep, which the tests compare with the engine's. No script states
what a primitive computes or its derivative; library.js has only functions that JavaScript lacks.
"""

from autograd_bp.stepping.api import step_through
from autograd_bp.stepping.live import live
from autograd_bp.stepping.pages import StepPage

__all__ = ["StepPage", "live", "step_through"]
