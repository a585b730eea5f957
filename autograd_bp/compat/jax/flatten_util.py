"""jax.flatten_util: a tree as one array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp.compat.jax import numpy as jnp
from autograd_bp.compat.jax.tree_util import tree_flatten


def ravel_pytree(pytree: Any) -> tuple[Any, Callable[[Any], Any]]:
    """The numbers of a tree in one array, and the function that makes such a tree of an array."""
    leaves, treedef = tree_flatten(pytree)
    shapes = [np.shape(leaf) for leaf in leaves]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes]).tolist()
    flat = [jnp.reshape(jnp.array(leaf), (-1,)) for leaf in leaves]

    def unravel(vector: Any) -> Any:
        places = zip([0, *ends], ends, shapes, strict=False)
        return treedef.unflatten(
            [
                jnp.reshape(vector[start:end], shape) if shape else vector[start]
                for start, end, shape in places
            ]
        )

    return jnp.concatenate(flat) if flat else jnp.array([]), unravel
