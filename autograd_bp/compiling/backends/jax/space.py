"""The numbers of a space, as arrays of JAX that are put together when they are read.

Each loop adds an array. Most reads lie in one of them, so they are slices of it, and their
derivatives are as small: an array of the whole space that each loop changes would be copied by the
derivative of each read, and XLA would take ten times as long to compile that.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

__all__ = ["Space"]

Array = Any  # of JAX


class Space:
    """Numbers at places from 0 to `size`; those that nothing has written are 0.

    Arguments:
        numpy: jax.numpy.
        size: how many there are.
        parts: where parts begin, and their arrays, from the first to the last.
    """

    def __init__(self, numpy: Any, size: int, parts: Sequence[tuple[int, Array]] = ()) -> None:
        self._np, self._size = numpy, size
        self._parts = [*parts]
        self._starts = [start for start, _ in parts]

    def __len__(self) -> int:
        return self._size

    def with_part(self, start: int, array: Array) -> Space:
        """The same with an array from a place on."""
        end, parts = start + len(array), []
        for first, part in self._parts:
            last = first + len(part)
            if first >= end or last <= start:
                parts.append((first, part))
                continue
            if first < start:
                parts.append((first, part[: start - first]))
            if last > end:
                parts.append((end, part[end - first :]))
        parts.append((start, array))
        return Space(self._np, self._size, sorted(parts, key=lambda some: some[0]))

    def window(self, start: int, end: int) -> Array:
        """The numbers from one place to another."""
        k = max(bisect_right(self._starts, start) - 1, 0)
        arrays, at = [], start
        while at < end:
            first, part = self._parts[k] if k < len(self._parts) else (end, None)
            if first > at:
                arrays.append(self._np.zeros(min(first, end) - at))
                at = min(first, end)
                continue
            if part is not None and at < first + len(part):
                stop = min(end, first + len(part))
                is_whole = at == first and stop == first + len(part)
                arrays.append(part if is_whole else part[at - first : stop - first])
                at = stop
            k += 1
        if not arrays:
            return self._np.zeros(0)
        return arrays[0] if len(arrays) == 1 else self._np.concatenate(arrays)

    @property
    def whole(self) -> Array:
        """All numbers, as one array."""
        return self.window(0, self._size)
