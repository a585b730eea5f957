"""Views of what loops read and write, as strided arrays of NumPy.

A space is an array (places, width): the width is the number of rows of a block, or 1 for what
all rows share. A family of places is then a view, without a copy: the counters of the nest, the
terms, the width. A counter that a family does not depend on has size 1 there, so that
broadcasting repeats it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograd_bp.compiling.loops.loops import Access, Loop

Floats = NDArray[Any]  # of floats of one size
Step = Callable[[], object]
SHARED = ("parameter", "constant", "shared")


class Scratch:
    """Room for what one loop needs for itself; the next loop uses the same room again.

    Arguments:
        dtype: the type of the numbers.
    """

    def __init__(self, dtype: Any = float) -> None:
        self._dtype = dtype
        self._arrays: list[Floats] = []
        self._taken = 0

    def reset(self) -> None:
        self._taken = 0

    def take(self, shape: Sequence[int]) -> Floats:
        """An array with nothing in it yet."""
        size = int(np.prod(shape, dtype=np.int64))
        k = self._taken
        self._taken += 1
        if k == len(self._arrays):
            self._arrays.append(np.empty(size, self._dtype))
        elif len(self._arrays[k]) < size:
            self._arrays[k] = np.empty(max(size, 2 * len(self._arrays[k])), self._dtype)
        return self._arrays[k][:size].reshape(shape)


def counters(loop: Loop) -> tuple[int, ...]:
    """The counters of a loop that count: those of size 1 are left out."""
    return tuple(count for count in loop.shape if count > 1)


def family(array: Floats, loop: Loop, access: Access, terms: int) -> Floats:
    """The numbers that an affine access reads: a view (counters ..., terms, width)."""
    line, width = array.strides[0], array.shape[1]
    shape, strides = [], []
    for count, stride in zip(loop.shape, access.strides, strict=True):
        if count > 1:
            shape.append(count if stride else 1)
            strides.append(stride * line)
    found: Floats = np.ndarray(
        (*shape, terms, width),
        array.dtype,
        array,
        access.base * line,
        (*strides, access.step * line, array.itemsize),
    )
    return found


def table(loop: Loop, access: Access, terms: int) -> Any:
    """The places in a table, as an array (counters ..., terms)."""
    places = np.array(access.table, dtype=np.intp).reshape(*counters(loop), terms)
    for axis in range(places.ndim - 1):
        first = places.take([0], axis)
        if (places == first).all():
            places = first
    return places


def results(array: Floats, loop: Loop) -> Floats:
    """Where the results of a loop go: a view (counters ..., width)."""
    found: Floats = array[loop.base : loop.base + loop.members]
    shape = (*counters(loop), array.shape[1])
    return found.reshape(shape)


def is_for_blas(matrix: Floats) -> bool:
    """Whether the last two dimensions go to BLAS as they are; NumPy computes others slowly."""
    (n, m), (down, along) = matrix.shape[-2:], matrix.strides[-2:]
    item = matrix.itemsize
    return (along == item and down >= m * item) or (down == item and along >= n * item)


def merged(array: Floats, shape: Sequence[int]) -> Floats | None:
    """The array with another shape as a view; None where that needs a copy."""
    found = array.reshape(shape)
    return found if np.may_share_memory(found, array) else None
