"""The functions of HIPS autograd, under their names: change `from autograd import grad` to
`from autograd_bp.compat.autograd import grad`, and `autograd.numpy` likewise.

    >>> import autograd_bp.compat.autograd.numpy as np
    >>> from autograd_bp.compat.autograd import grad
    >>> def tanh(x):
    ...     return (1.0 - np.exp(-2 * x)) / (1.0 + np.exp(-2 * x))
    >>> round(grad(tanh)(1.0), 12)
    0.419974341614

A function gets arrays of Values here, one node for each number: what autograd does with one array
operation takes as many nodes as the array has numbers.
"""

from autograd_bp.compat.autograd.extend import defjvp, defvjp, notrace_primitive, primitive
from autograd_bp.compat.autograd.operators import (
    elementwise_grad,
    grad,
    hessian,
    hessian_vector_product,
    jacobian,
    make_hvp,
    make_jvp,
    make_vjp,
    value_and_grad,
    vector_jacobian_product,
)

__all__ = [
    "defjvp",
    "defvjp",
    "elementwise_grad",
    "grad",
    "hessian",
    "hessian_vector_product",
    "jacobian",
    "make_hvp",
    "make_jvp",
    "make_vjp",
    "notrace_primitive",
    "primitive",
    "value_and_grad",
    "vector_jacobian_product",
]
