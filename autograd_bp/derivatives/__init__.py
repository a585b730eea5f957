"""Derivatives of every order: of ordinary functions, and of recorded graphs.

A function is called with nodes in place of its numbers; the graph that it leaves is swept
backwards or forwards over the same partials. A gradient can itself be recorded as a graph, so
derivatives nest to any order and in any mixture of modes.
"""

from autograd_bp.derivatives.forward import jvp
from autograd_bp.derivatives.jacobians import hessian, hvp, jacobian
from autograd_bp.derivatives.reverse import grad, gradients, value_and_grad, vjp

__all__ = ["grad", "gradients", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]
