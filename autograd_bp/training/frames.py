"""A frame: named columns of a table of any make, read lazily as numbers or as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from autograd_bp.errors import DataError
from autograd_bp.training.cells import is_missing, plain_number
from autograd_bp.training.makes import columns_of, columns_of_rows
from autograd_bp.training.typed import number_text, truth_text, typed

__all__ = ["Column", "Frame", "frame_of"]

MANY_ROWS = 1000  # from which columns of numbers are arrays, where NumPy is installed


class Column:
    """A column: cells of text, or of numbers, or of anything.

    Arguments:
        name: its name.
        cells: a list of texts (of a file), or of other things (None for a missing one), or an array
            of numbers.

    Attributes:
        kind: "text", "numbers" (floats, NaN for a missing one), "truths" or "dates" (days, as
            numbers).
        comma: whether a comma in a text is rather a decimal sign than a separator of thousands.
    """

    comma = False

    def __init__(self, name: str, cells: Any) -> None:
        self.name = name
        self.kind, self.cells = typed(cells)

    def __len__(self) -> int:
        return len(self.cells)

    def texts(self) -> list[str]:
        """The cells as text; "" for a missing one."""
        if self.kind == "text":
            return self.cells  # type: ignore[no-any-return]
        if self.kind == "truths":
            return [truth_text(value) for value in self.cells]
        values = self.cells.tolist() if hasattr(self.cells, "tolist") else self.cells
        return [number_text(value) for value in values]

    def cell(self, place: int) -> Any:
        """One cell as a plain thing: a text, a float, or None for a missing one."""
        value = self.cells[place]
        if self.kind == "text":
            return None if is_missing(value) else value
        return None if math.isnan(value) else float(value)

    def take(self, places: Sequence[int]) -> Column:
        """The column of some rows."""
        if hasattr(self.cells, "take"):
            return Column._of(self.name, self.kind, self.cells.take(places))
        taken = Column._of(self.name, self.kind, [self.cells[place] for place in places])
        taken.comma = self.comma
        return taken

    @classmethod
    def _of(cls, name: str, kind: str, cells: Any) -> Column:
        column = cls.__new__(cls)
        column.name, column.kind, column.cells = name, kind, cells
        return column


class TextNumbers(Column):
    """Numbers, with the text in which they are written: a target keeps its names, such as "01".

    Arguments:
        name: of the column.
        numbers: an array, NaN where a cell is missing.
        written: the cells as text, a list or an array of Arrow.
        places: which of the written cells these are; all when left out.
    """

    def __init__(self, name: str, numbers: Any, written: Any, places: Any = None) -> None:
        super().__init__(name, numbers)
        self._written, self._places = written, places

    def texts(self) -> list[str]:
        written = self._written
        texts: list[str] = written.to_pylist() if hasattr(written, "to_pylist") else written
        return texts if self._places is None else [texts[place] for place in self._places]

    def take(self, places: Any) -> Column:
        of_written = places if self._places is None else self._places.take(places)
        return TextNumbers(self.name, self.cells.take(places), self._written, of_written)


def column_of_text(name: str, cells: list[str]) -> Column:
    """A column of text; as an array of numbers where there are many and all of them are plain."""
    if len(cells) >= MANY_ROWS and find_spec("numpy") is not None:
        import numpy as np

        if all(plain_number(cell) is not None or is_missing(cell) for cell in cells[:100]):
            try:
                numbers = np.fromiter(map(_plain, cells), float, len(cells))
            except ValueError:
                return Column._of(name, "text", cells)
            if not np.isnan(numbers).all():
                return TextNumbers(name, numbers, cells)
    return Column._of(name, "text", cells)


def _plain(cell: str) -> float:
    """The number in a cell; NaN for a missing one. Raises ValueError for all others."""
    try:
        if "_" not in cell:
            return float(cell)
    except ValueError:
        pass
    if is_missing(cell):
        return math.nan
    raise ValueError(cell)


@dataclass
class Frame:
    """Columns under their names.

    Attributes:
        source: the name of the table, for messages.
        columns: the columns by name, in order.
        remarks: what was noticed when it was read, a sentence each.
        lines: the line of the file in which each row begins, where that is known.
        first: how many rows of the file stand before these.
    """

    source: str
    columns: dict[str, Column]
    remarks: list[str] = field(default_factory=list)
    lines: Sequence[int] | None = None
    first: int = 0

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def column(self, name: str) -> Column:
        """The column of a name; raises DataError naming those that there are."""
        try:
            return self.columns[name]
        except KeyError:
            raise DataError(
                f"{self.source}: there is no column {name!r:.60}; the columns are "
                f"{listed(list(self.columns))}"
            ) from None

    def take(self, places: Sequence[int]) -> Frame:
        """The frame of some rows."""
        lines = None if self.lines is None else [self.lines[place] for place in places]
        if any(hasattr(column.cells, "take") for column in self.columns.values()):
            import numpy as np

            places = np.asarray(places, dtype=int)  # type: ignore[assignment]
        taken = {name: column.take(places) for name, column in self.columns.items()}
        return Frame(self.source, taken, [], lines)

    def place(self, row: int, column: str) -> str:
        """The name of a cell in messages; rows count from 1, without the header."""
        line = "" if self.lines is None else f" (line {self.lines[row]})"
        return f"{self.source}: row {self.first + row + 1}{line}, column {column!r:.60}"


def frame_of(table: Any, source: str = "the table") -> Frame:
    """The frame of a table: of pandas, polars or Arrow, of an array, a dict of columns, a list of
    rows or of dicts, or an iterable of such tables, chunk after chunk.

    Raises: DataError for anything else, and for columns of different lengths.
    """
    if isinstance(table, Frame):
        return table
    columns = columns_of(table)
    if columns is None:
        columns = columns_of_rows(table, source)
    frame = Frame(source, {})
    for name, cells in columns:
        if name in frame.columns:
            name = free_name(name, frame.columns)
        frame.columns[name] = Column(name, cells)
    lengths = {len(column) for column in frame.columns.values()}
    if len(lengths) > 1:
        raise DataError(f"{source}: the columns have different lengths, {sorted(lengths)}")
    if not lengths or 0 in lengths:
        raise DataError(f"{source} has no rows: there is nothing to learn from")
    return frame


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name with the first number that makes it a new one."""
    names, number = set(taken), 2
    while f"{name} {number}" in names:
        number += 1
    return f"{name} {number}"


def listed(names: Sequence[str], limit: int = 8) -> str:
    """Names in a message."""
    shown = ", ".join(repr(name[:40]) for name in names[:limit])
    return shown if len(names) <= limit else f"{shown} and {len(names) - limit} more"
