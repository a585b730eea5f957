"""Jacobians and Hessians as matrices of scipy.sparse: only what may differ from 0 is computed.

The matrix is that of all numbers that come out by all numbers that go in, both one after the other:
with rows, those of the first row, then those of the next. An output that is summed over the rows,
or shared by them, is there once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_bp.errors import MissingExtraError, SettingError

Group = tuple[int, bool]  # how many numbers, and whether each row has its own


@dataclass(frozen=True)
class SparsePart:
    """The entries of a sparse matrix.

    Attributes:
        places: the output and the input of each, as one row has them.
        marks: for each whether it is summed over the rows.
        outputs, inputs: the groups of numbers that come out and go in.
        title: what they are, in words.
    """

    places: list[tuple[int, int]]
    marks: list[bool]
    outputs: Sequence[Group]
    inputs: Sequence[Group]
    title: str

    summed = False
    arrange = None

    def count(self, summed: bool) -> int:
        """How many of its numbers are summed over the rows, or are not."""
        return self.marks.count(summed)

    def of_numbers(self, sums: Any, per_row: Any) -> Any:
        """The matrix, from the outputs that are summed and an array (outputs, rows)."""
        count = per_row.shape[1]
        down, height = _positions(self.outputs, count)
        along, width = _positions(self.inputs, count)
        lines: list[Any] = []
        columns: list[Any] = []
        numbers: list[Any] = []
        places = np.array(self.places, dtype=np.int64).reshape(-1, 2)
        marks = np.array(self.marks, dtype=bool)
        for mark, entries in ((True, sums[:, None]), (False, per_row)):
            rows = np.arange(1 if mark else count)
            for positions, side, result in ((down, 0, lines), (along, 1, columns)):
                start, step = positions[:, places[marks == mark, side]]
                result.append((start[:, None] + step[:, None] * rows).ravel())
            numbers.append(np.broadcast_to(entries, (len(entries), len(rows))).ravel())
        matrix = scipy_sparse().coo_array(
            (np.concatenate(numbers), (np.concatenate(lines), np.concatenate(columns))),
            shape=(height, width),
        )
        return matrix.tocsr()


def _positions(groups: Sequence[Group], rows: int) -> tuple[Any, int]:
    """Where each number stands in the first row, and how much further in the next, as an array
    (2, numbers); and how many places there are."""
    starts: list[int] = []
    steps: list[int] = []
    end = 0
    for size, varies in groups:
        starts += range(end, end + size)
        steps += [size if varies else 0] * size
        end += size * (rows if varies else 1)
    return np.array([starts, steps], dtype=np.int64).reshape(2, -1), end


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
