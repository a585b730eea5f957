"""Scaling: every input column brought to 0 ... 1, as learned on the training rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from autograd_bp.errors import DataError, ShapeError

__all__ = ["Scaling"]

MAX_SCALED = 1e6  # numbers that lie farther from the training rows count as this far


class Scaling(NamedTuple):
    """x becomes (x - low) / width, column by column: 0 at the least of the rows that it was
    learned on, 1 at the largest.

    Attributes:
        low: the least number of each column.
        width: how far above it the largest was; 1 for a column that was always the same.
    """

    low: tuple[float, ...]
    width: tuple[float, ...]

    @classmethod
    def learned(cls, rows: Sequence[Sequence[float]]) -> Scaling:
        """The scaling of these rows: the training rows, never those that are held out.

        Raises: DataError when a column is wider than floats can say.
        """
        columns = list(zip(*rows, strict=True))
        lows = tuple(min(column) for column in columns)
        widths = tuple(
            (max(column) - low) or 1.0 for column, low in zip(columns, lows, strict=True)
        )
        for i, width in enumerate(widths, 1):
            if not math.isfinite(width):
                raise DataError(
                    f"the numbers of input column {i} are too far apart ({lows[i - 1]:g} to "
                    f"{max(columns[i - 1]):g}): take their logarithms, or leave the column out"
                )
        return cls(lows, widths)

    def apply(self, row: Sequence[float]) -> list[float]:
        """The row as the network wants it.

        Raises: ShapeError when it has another number of columns.
        """
        if len(row) != len(self.low):
            raise ShapeError(f"a row of {len(self.low)} numbers is needed, got {len(row)}")
        return [
            min(MAX_SCALED, max(-MAX_SCALED, (x - low) / width))
            for x, low, width in zip(row, self.low, self.width, strict=True)
        ]
