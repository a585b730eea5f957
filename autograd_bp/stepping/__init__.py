"""One page that steps through a computation and its backpropagation, to play with in a browser.

`step_through(P).save("steps.html")` writes it.
"""

from autograd_bp.stepping.api import StepPage, step_through

__all__ = ["StepPage", "step_through"]
