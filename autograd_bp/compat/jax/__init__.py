"""The functions of JAX, under their names: change `import jax` to
`from autograd_bp.compat import jax`, and `jax.numpy` likewise.

    >>> from autograd_bp.compat import jax
    >>> import autograd_bp.compat.jax.numpy as jnp
    >>> def orbit(w, x):
    ...     def step(y, u):
    ...         y = 0.9 * y + jnp.tanh(w * u)
    ...         return y, y ** 2
    ...     return jnp.sum(jax.lax.scan(step, 0.0, x)[1])
    >>> slope = jax.jit(jax.grad(orbit))
    >>> round(slope(0.5, jnp.array([1.0, -1.0, 0.5])), 6)
    0.896479

`jit` is `autograd_bp.compiled`, and arrays have one node for each number. Random numbers of JAX's
keys have no counterpart: pass numbers that were drawn as an argument.
"""

from autograd_bp.compat.jax import lax, nn, numpy, scipy, tree_util
from autograd_bp.compat.jax.array import Array
from autograd_bp.compat.jax.transforms import (
    block_until_ready,
    checkpoint,
    grad,
    hessian,
    jacfwd,
    jacrev,
    jit,
    jvp,
    value_and_grad,
    vjp,
    vmap,
)

jacobian = jacrev
remat = checkpoint
tree_map = tree_util.tree_map
tree = tree_util.Tree

__all__ = [
    "Array",
    "block_until_ready",
    "checkpoint",
    "grad",
    "hessian",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jit",
    "jvp",
    "lax",
    "nn",
    "numpy",
    "remat",
    "scipy",
    "tree",
    "tree_map",
    "tree_util",
    "value_and_grad",
    "vjp",
    "vmap",
]
