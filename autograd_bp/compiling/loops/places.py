"""Places: where a family of numbers lies, over a nest of counters.

Most families are affine, and are never written out: the sum of a matrix product with 250,000
terms is transposed by exchanging a few strides.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

Shape = tuple[int, ...]


class Places:
    """Places in one space, one for each combination of the counters of a nest.

    Arguments:
        space: the space.
        shape: how far each counter runs.
        base, strides: the place of (i0, i1 ...) is base + i0·strides[0] + i1·strides[1] + ...
        table: the places one by one, in the place of base and strides.
    """

    __slots__ = ("base", "shape", "space", "strides", "table")

    def __init__(
        self,
        space: str,
        shape: Shape,
        base: int = 0,
        strides: Shape = (),
        table: Any = None,
    ) -> None:
        self.space, self.shape, self.base, self.strides = space, shape, base, strides
        self.table = table

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    def array(self) -> Any:
        """All places, the last counter running fastest."""
        if self.table is not None:
            return self.table
        places = np.array([self.base], dtype=np.int64)
        for count, stride in zip(self.shape, self.strides, strict=True):
            if count != 1:
                places = np.add.outer(places, stride * np.arange(count)).ravel()
        return places

    def of(self, numbers: Any) -> Any:
        """The entries of an array that has one for each place of the space: a view where the
        places are affine; a counter that does not move them is left out."""
        if self.table is not None:
            return numbers[self.table]
        moving = [(n, s) for n, s in zip(self.shape, self.strides, strict=True) if s and n > 1]
        if not moving:
            return numbers[self.base : self.base + 1]
        n, step = moving[0]
        if len(moving) == 1 and step > 0:
            return numbers[self.base : self.base + (n - 1) * step + 1 : step]
        size = numbers.itemsize
        counts, strides = [n for n, _ in moving], [s * size for _, s in moving]
        return np.ndarray(counts, numbers.dtype, numbers, self.base * size, strides)

    def single(self) -> int | None:
        """The place, where all are the same one."""
        if self.table is None:
            still = all(s == 0 or n == 1 for n, s in zip(self.shape, self.strides, strict=True))
            return self.base if still else None
        first = int(self.table[0])
        return first if (self.table == first).all() else None

    def ends(self) -> tuple[int, int]:
        """The first and the last place of affine ones."""
        moves = [s * (n - 1) for n, s in zip(self.shape, self.strides, strict=True)]
        before = sum(move for move in moves if move < 0)
        return self.base + before, self.base + sum(moves) - before

    def moved(self, space: str, shift: int) -> Places:
        """The places at a distance, in another space."""
        table = None if self.table is None else self.table + shift
        return Places(space, self.shape, self.base + shift, self.strides, table)

    def repeated(self, count: int, stride: int = 0) -> Places:
        """The same for one more counter, in front of the others."""
        if self.table is None:
            return Places(self.space, (count, *self.shape), self.base, (stride, *self.strides))
        table = (stride * np.arange(count)[:, None] + self.table).ravel()
        return Places(self.space, (count, *self.shape), table=table)

    def for_terms(self, count: int) -> Places:
        """The same for one more counter, behind the others, which moves nothing."""
        if self.table is None:
            return Places(self.space, (*self.shape, count), self.base, (*self.strides, 0))
        return Places(self.space, (*self.shape, count), table=np.repeat(self.table, count))

    def chosen(self, members: Any, terms: int = 1) -> Places:
        """Those of some members only, each with so many terms."""
        table = self.array().reshape(-1, terms)[members].ravel()
        return Places(
            self.space, (len(members), terms) if terms > 1 else (len(members),), 0, (), table
        )

    def shaped(self, shape: Shape) -> Places:
        """The same places in the same order, for other counters."""
        if shape == self.shape:
            return self
        if self.table is not None:
            return Places(self.space, shape, table=self.table)
        strides = _strides_for(self.shape, self.strides, shape)
        if strides is None:
            return Places(self.space, shape, table=self.array())
        return Places(self.space, shape, self.base, strides)

    def __repr__(self) -> str:
        where = "table" if self.table is not None else f"{self.base}, {self.strides}"
        return f"<{self.space} {self.shape}: {where}>"


def in_row(space: str, base: int, shape: Shape) -> Places:
    """Places side by side from `base` on."""
    return Places(space, shape, base, contiguous(shape))


def contiguous(shape: Shape) -> Shape:
    """The strides of places side by side."""
    return tuple(math.prod(shape[k + 1 :]) for k in range(len(shape)))


def one_place(space: str, place: int, shape: Shape) -> Places:
    """The same place for all."""
    return Places(space, shape, place, (0,) * len(shape))


def numbered(space: str, table: Any) -> Places:
    """Places one by one, as an affine family where they are one over a single counter."""
    table = np.asarray(table, dtype=np.int64)
    step = int(table[1] - table[0]) if len(table) > 1 else 0
    if (np.diff(table) == step).all():
        return Places(space, (len(table),), int(table[0]), (step,))
    return Places(space, (len(table),), table=table)


def _strides_for(old: Shape, strides: Shape, new: Shape) -> Shape | None:
    """The strides of the same list of places for another nest; None where there are none."""
    counters = [(n, s) for n, s in zip(old, strides, strict=True) if n != 1]
    result = []
    for count in reversed(new):
        if count == 1:
            result.append(0)
            continue
        if not counters:
            return None
        n, s = counters.pop()
        result.append(s)
        while n < count:
            if not counters:
                return None
            outer, stride = counters.pop()
            if stride != n * s:
                return None
            n *= outer
        if n % count:
            return None
        if n > count:
            counters.append((n // count, s * count))
    return None if counters else tuple(reversed(result))


def merged(shape: Shape, families: Sequence[Sequence[int]]) -> tuple[Shape, list[Shape]]:
    """A nest with as few counters as give the same families.

    Arguments:
        shape: the counts.
        families: for each family its strides.
    """
    counts: list[int] = []
    columns: list[list[int]] = []  # for each counter the stride of each family
    for k, n in enumerate(shape):
        column = [strides[k] for strides in families]
        if n == 1:
            continue
        if counts and columns[-1] == [n * s for s in column]:
            counts[-1] *= n
            columns[-1] = column
        else:
            counts.append(n)
            columns.append(column)
    return tuple(counts), [tuple(column[f] for column in columns) for f in range(len(families))]
