"""Views of what loops read, as arrays of JAX.

A family of places at regular distances is a slice that is reshaped, so that XLA sees matrices and
not indices; what has no such form is gathered.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.jax.space import Space
from autograd_bp.compiling.loops.loops import Access, Loop

Array = Any  # of JAX
FEW = 32  # entries of a table that are read one by one


class Views:
    """Views of arrays (numbers,).

    Arguments:
        jax: the module.
    """

    def __init__(self, jax: Any) -> None:
        self._np, self._lax = jax.numpy, jax.lax

    def of(self, space: Any, loop: Loop, k: int, shift: Array | int = 0) -> Array:
        """Return the operands of access k of a loop: an array (counters ..., terms), of size 1
        where a counter moves nothing.

        Arguments:
            space: the numbers that it reads from, an array or a Space.
            loop: the loop.
            k: which of its accesses.
            shift: how far all places are moved.
        """
        access, terms = loop.reads[k], loop.terms_of(k)
        counts = (*loop.shape, terms)
        if access.table:
            table = np.array(access.table, dtype=np.int64)
            if isinstance(space, Space) and len(table) <= FEW:
                return self._np.concatenate(
                    [space.window(place, place + 1) for place in table.tolist()]
                ).reshape(counts)
            low, high = int(table.min()), int(table.max())
            window = self._window(space, low, high + 1, shift)
            return self._np.take(window, table - low, axis=0).reshape(counts)
        strides = (*access.strides, access.step)
        low, high = _ends(access, counts, strides)
        window = self._window(space, low, high + 1, shift)
        return self._strided(window, access.base - low, counts, strides)

    def _window(self, space: Any, start: int, end: int, shift: Array | int) -> Array:
        if isinstance(space, Space):
            return space.window(start, end)
        if isinstance(shift, int):
            return space[start + shift : end + shift]
        return self._lax.dynamic_slice_in_dim(space, start + shift, end - start)

    def _strided(
        self, window: Array, first: int, counts: Sequence[int], strides: Sequence[int]
    ) -> Array:
        """A view of a window: reshaped where the counters nest, else gathered."""
        moving = [a for a, (n, s) in enumerate(zip(counts, strides, strict=True)) if n > 1 and s]
        full = [n if a in moving else 1 for a, n in enumerate(counts)]
        outer = sorted(moving, key=lambda a: -abs(strides[a]))
        if not _nest([counts[a] for a in outer], [abs(strides[a]) for a in outer]):
            return self._np.take(window, _places(first, full, strides), axis=0)
        for a in outer:  # the last axis is cut into lines, one for each step of the counter
            n, stride = counts[a], abs(strides[a])
            missing = n * stride - window.shape[-1]
            if missing > 0:
                window = self._np.pad(window, [(0, 0)] * (window.ndim - 1) + [(0, missing)])
            window = window[..., : n * stride].reshape(*window.shape[:-1], n, stride)
        window = window[..., 0]
        backwards = [k for k, a in enumerate(outer) if strides[a] < 0]
        window = self._np.flip(window, backwards) if backwards else window
        order = [outer.index(a) for a in moving]
        return self._np.transpose(window, order).reshape(full)


def _places(first: int, counts: Sequence[int], strides: Sequence[int]) -> Any:
    places = np.full(counts, first, dtype=np.int64)
    for axis, (count, stride) in enumerate(zip(counts, strides, strict=True)):
        line = np.arange(count) * stride
        places = places + line.reshape([-1 if k == axis else 1 for k in range(len(counts))])
    return places


def _ends(access: Access, counts: Sequence[int], strides: Sequence[int]) -> tuple[int, int]:
    """The first and the last place that an access reads."""
    moves = [stride * (count - 1) for count, stride in zip(counts, strides, strict=True)]
    low = access.base + sum(move for move in moves if move < 0)
    return low, access.base + sum(move for move in moves if move > 0)


def _nest(counts: Sequence[int], strides: Sequence[int]) -> bool:
    """Whether what each counter runs over ends before the next step of the one around it."""
    reach = 0
    for count, stride in zip(reversed(counts), reversed(strides), strict=True):
        if stride <= reach:
            return False
        reach += (count - 1) * stride
    return True
