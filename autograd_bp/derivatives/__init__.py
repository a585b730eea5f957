"""Derivatives of every order: of ordinary functions, and of recorded graphs.

A function is called with nodes in place of its numbers; the graph that it leaves is swept
backwards or forwards over the same partials. A gradient can itself be recorded as a graph, so
derivatives nest to any order and in any mixture of modes.
"""

from autograd_bp.derivatives.custom import custom, stop_gradient
from autograd_bp.derivatives.expansion import taylor
from autograd_bp.derivatives.formulas import formula
from autograd_bp.derivatives.forward import jvp
from autograd_bp.derivatives.jacobians import hessian, hvp, jacobian
from autograd_bp.derivatives.lines import tracing_lines
from autograd_bp.derivatives.nonfinite import find_nonfinite
from autograd_bp.derivatives.paths import explain
from autograd_bp.derivatives.reverse import grad, gradients, value_and_grad, vjp
from autograd_bp.derivatives.roots import implicit

__all__ = [
    "custom",
    "explain",
    "find_nonfinite",
    "formula",
    "grad",
    "gradients",
    "hessian",
    "hvp",
    "implicit",
    "jacobian",
    "jvp",
    "stop_gradient",
    "taylor",
    "tracing_lines",
    "value_and_grad",
    "vjp",
]
