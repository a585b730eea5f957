"""Jacobians and Hessians as matrices of scipy.sparse: only what may differ from 0 is computed.

The matrix is that of all numbers that come out by all numbers that go in, both one after the other:
with rows, those of the first row, then those of the next. An output that is summed over the rows,
or shared by them, is there once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograd_bp.compiling.front.parts import NO_TABLES, Tables
from autograd_bp.compiling.front.tables import RowsOf
from autograd_bp.errors import MissingExtraError, SettingError

Group = tuple[int, bool]  # how many numbers, and whether each row has its own
MAX_INT = np.iinfo(np.int32).max


@dataclass(frozen=True)
class Structure:
    """Where the entries of a matrix stand, for so many rows and such indices.

    Attributes:
        rows: how many rows.
        indices: copies of the indices of the tables.
        shape: of the matrix.
        starts, columns: where its lines begin, and the columns of the entries.
        order: the places of the numbers among those that come out; None where they are in order.
        firsts: where the numbers of each entry begin in that order; None where each has one.
    """

    rows: int
    indices: list[Any]
    shape: tuple[int, int]
    starts: Any
    columns: Any
    order: Any
    firsts: Any

    def fits(self, rows: int, indices: list[Any]) -> bool:
        """Whether it is that of so many rows and such indices."""
        return self.rows == rows and all(
            old is new or np.array_equal(old, new)
            for old, new in zip(self.indices, indices, strict=True)
        )

    def matrix(self, numbers: Any) -> Any:
        """The matrix of these numbers, which may be kept."""
        if self.order is not None:
            numbers = numbers[self.order]
        if self.firsts is not None:
            numbers = np.add.reduceat(numbers, self.firsts)
        # What a user does in place must not reach the structure.
        parts = (numbers, self.columns.copy(), self.starts.copy())
        return scipy_sparse().csr_array(parts, shape=self.shape)


@dataclass(frozen=True)
class SparsePart:
    """The entries of a sparse matrix.

    Attributes:
        places: the output and the input of each, as one row has them.
        marks: for each whether it is summed over the rows.
        outputs, inputs: the groups of numbers that come out and go in.
        title: what they are, in words.
        names: of both, the argument that each group is.
    """

    places: list[tuple[int, int]]
    marks: list[bool]
    outputs: Sequence[Group]
    inputs: Sequence[Group]
    title: str
    names: tuple[Sequence[str], Sequence[str]]
    _latest: list[Structure] = field(default_factory=list, compare=False)

    summed = False
    arrange = None
    is_plain = is_added = False
    added_to = ""

    @property
    def spaces(self) -> list[tuple[int, bool]]:
        """See `Part`."""
        return [(self.count(True), True), (self.count(False), False)]

    def of_spaces(self, spaces: Iterator[Any], tables: Tables) -> Any:
        """See `Part`."""
        sums, rows = next(spaces), next(spaces)
        return self._matrix(sums, rows, tables)

    def count(self, summed: bool) -> int:
        """How many of its numbers are summed over the rows, or are not."""
        return self.marks.count(summed)

    def of_numbers(self, sums: Any, per_row: Any, tables: Tables = NO_TABLES) -> Any:
        """The matrix, from the outputs that are summed and an array (outputs, rows)."""
        return self._matrix(sums, per_row.T.copy(), tables)

    def _matrix(self, sums: Any, rows: Any, tables: Tables) -> Any:
        """The matrix, from the outputs that are summed and an array (rows, outputs) of its own."""
        known = {name for some in self.names for name in some if name in tables}
        count = len(rows)
        indices = [index for name in sorted(known) for index in tables[name].indices]
        indices += [np.array(len(t)) for name in sorted(known) for t in tables[name].tables]
        structure = self._latest[0] if self._latest else None
        if structure is None or not structure.fits(count, indices):
            structure = self._structure(count, {n: tables[n] for n in known}, indices)
            self._latest[:] = [structure]
        numbers = rows.reshape(-1)
        if len(sums):
            numbers = np.concatenate([sums, numbers])
        return structure.matrix(numbers)

    def _structure(self, rows: int, tables: Mapping[str, RowsOf], indices: list[Any]) -> Structure:
        down, height = _positions(self.outputs, self.names[0], rows, tables)
        along, width = _positions(self.inputs, self.names[1], rows, tables)
        keys = []
        for mark, count in ((True, 1), (False, rows)):
            some = [place for place, m in zip(self.places, self.marks, strict=True) if m == mark]
            block = np.empty((count, len(some)), dtype=np.int64)
            for k, (i, j) in enumerate(some):
                block[:, k] = down[i][:count] * width + along[j][:count]
            keys.append(block.reshape(-1))
        key = np.concatenate(keys)
        order = firsts = None
        if not (key[1:] > key[:-1]).all():
            order = np.argsort(key, kind="stable")
            key = key[order]
            is_first = np.concatenate([[True], key[1:] != key[:-1]])
            if not is_first.all():
                firsts = np.flatnonzero(is_first)
                key = key[firsts]
        whole = np.int32 if max(height, width, len(key)) < MAX_INT else np.int64
        lines, columns = np.divmod(key, max(width, 1))
        starts = np.concatenate([[0], np.cumsum(np.bincount(lines, minlength=height))])
        copies = [None if index is None else index.copy() for index in indices]
        shape = (height, width)
        return Structure(
            rows, copies, shape, starts.astype(whole), columns.astype(whole), order, firsts
        )


def _positions(
    groups: Sequence[Group], names: Sequence[str], rows: int, tables: Mapping[str, RowsOf]
) -> tuple[list[Any], int]:
    """Where each number stands in each row, as arrays (rows,); and how many places there are."""
    positions: list[Any] = []
    end = 0
    along = np.arange(max(rows, 1), dtype=np.int64)
    for (size, varies), name in zip(groups, names, strict=True):
        if name in tables:
            columns, count = tables[name].columns()
            positions += [*(end + columns).T]
            end += count
        else:
            positions += [end + k + (size if varies else 0) * along for k in range(size)]
            end += size * (rows if varies else 1)
    return positions, end


def scipy_sparse() -> Any:
    """The module scipy.sparse.

    Raises: MissingExtraError where SciPy is not installed.
    """
    try:
        import scipy.sparse
    except ImportError:
        raise MissingExtraError(
            "sparse=True hands out matrices of scipy.sparse, and SciPy is not installed: "
            'pip install "autograd_bp[sparse]"'
        ) from None
    return scipy.sparse


def checked_sparse(sparse: Any) -> bool:
    """Raises SettingError for what is neither True nor False, MissingExtraError without SciPy."""
    if not isinstance(sparse, bool):
        raise SettingError(f"sparse is True or False, got {sparse!r:.60}")
    if sparse:
        scipy_sparse()
    return sparse
