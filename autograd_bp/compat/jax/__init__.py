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

from typing import Any

from autograd_bp.compat.jax import (
    debug,
    flatten_util,
    lax,
    nn,
    numpy,
    random,
    scipy,
    tree_util,
)
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
    linearize,
    value_and_grad,
    vjp,
    vmap,
)

jacobian = jacrev
remat = checkpoint
tree_map = tree_util.tree_map
tree = tree_util.Tree


class config:  # noqa: N801  (JAX's name)
    """jax.config: settings are ignored, and numbers are floats of 64 bits."""

    jax_enable_x64 = True

    @staticmethod
    def update(name: str, value: Any) -> None:
        """Does nothing: no setting of JAX has a counterpart."""


def __getattr__(name: str) -> Any:
    raise AttributeError(
        f'autograd_bp.compat.jax has no {name!r}: see "JAX" in docs/migrating.md for what to write'
    )


__all__ = [
    "Array",
    "block_until_ready",
    "checkpoint",
    "config",
    "debug",
    "flatten_util",
    "grad",
    "hessian",
    "jacfwd",
    "jacobian",
    "jacrev",
    "jit",
    "jvp",
    "lax",
    "linearize",
    "nn",
    "numpy",
    "random",
    "remat",
    "scipy",
    "tree",
    "tree_map",
    "tree_util",
    "value_and_grad",
    "vjp",
    "vmap",
]
