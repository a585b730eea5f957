"""Derivatives of every order: of ordinary functions, and of recorded graphs.

A function is called with nodes in place of its numbers (calls.py); the part of its graph between
inputs and outputs (graphs.py) is then swept in reverse or in recording order (sweeps.py). A
gradient can itself be recorded as a graph (recorded.py), so derivatives nest to any order and in
any mixture of modes. The loops of the sweeps are in sweeps.py and nowhere else; each public
function has a file of its own kind: reverse.py, forward.py, jacobians.py and so on. Arguments are
trees of numbers (trees.py), directions may be in other containers (likeness.py).
"""

from typing import TYPE_CHECKING

from autograd_bp.derivatives.custom import custom
from autograd_bp.derivatives.expansion import taylor
from autograd_bp.derivatives.formulas import formula
from autograd_bp.derivatives.lines import tracing_lines
from autograd_bp.derivatives.lost import find_lost_gradient
from autograd_bp.derivatives.nonfinite import find_nonfinite
from autograd_bp.derivatives.paths import explain
from autograd_bp.derivatives.roots import implicit

if TYPE_CHECKING:
    # The same functions, with the types of their results.
    from autograd_bp.derivatives.signatures import (
        grad,
        gradients,
        hessian,
        hvp,
        jacobian,
        jvp,
        stop_gradient,
        value_and_grad,
        vjp,
    )
else:
    from autograd_bp.derivatives.custom import stop_gradient
    from autograd_bp.derivatives.forward import jvp
    from autograd_bp.derivatives.jacobians import hessian, hvp, jacobian
    from autograd_bp.derivatives.reverse import grad, gradients, value_and_grad, vjp

__all__ = [
    "custom",
    "explain",
    "find_lost_gradient",
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
