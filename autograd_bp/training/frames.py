"""A frame: named columns of a table of any make, read lazily as numbers or as text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib.util import find_spec
from typing import Any

from autograd_bp.errors import DataError
from autograd_bp.training.cells import day_of, is_missing, plain_number

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
        self.kind, self.cells = _typed(cells)

    def __len__(self) -> int:
        return len(self.cells)

    def texts(self) -> list[str]:
        """The cells as text; "" for a missing one."""
        if self.kind == "text":
            return self.cells  # type: ignore[no-any-return]
        if self.kind == "truths":
            return [_truth_text(value) for value in self.cells]
        return [number_text(value) for value in _listed(self.cells)]

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
    columns = _columns_of(table)
    if columns is None:
        columns = _of_rows(table, source)
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


def _columns_of(table: Any) -> list[tuple[str, Any]] | None:
    """The columns of a table that knows them; None for rows."""
    if isinstance(table, Mapping):
        return [(str(name), _column(cells)) for name, cells in table.items()]
    if hasattr(table, "columns") and hasattr(table, "dtypes"):  # pandas and polars
        names = [str(name) for name in table.columns]
        if hasattr(table, "iloc"):
            return [(name, table.iloc[:, k]) for k, name in enumerate(names)]
        return [(name, table.get_column(name).to_list()) for name in names]
    if hasattr(table, "column_names") and hasattr(table, "to_pydict"):  # Arrow
        names = list(table.column_names)
        return [(name, table.column(k).to_pylist()) for k, name in enumerate(names)]
    if hasattr(table, "__dataframe__") or hasattr(table, "__narwhals_dataframe__"):
        return _of_any_make(table)
    if hasattr(table, "name") and hasattr(table, "to_list"):  # a single column
        return [(str(table.name or "x1"), table.to_list())]
    shape = getattr(table, "shape", None)
    if isinstance(shape, tuple) and len(shape) in (1, 2):
        fields = getattr(getattr(table, "dtype", None), "names", None)
        if fields:
            return [(name, table[name]) for name in fields]
        if len(shape) == 1:
            return [("x1", table)]
        return [(f"x{k + 1}", table[:, k]) for k in range(shape[1])]
    return None


def _of_any_make(table: Any) -> list[tuple[str, Any]]:
    from autograd_bp.errors import MissingExtraError

    try:
        import narwhals
    except ImportError:
        raise MissingExtraError(
            f'a {type(table).__name__} is read through narwhals: pip install "autograd_bp[data]"'
        ) from None
    frame: Any = narwhals.from_native(table, eager_only=True)
    return [(name, frame[name].to_list()) for name in frame.columns]


def _of_rows(table: Any, source: str) -> list[tuple[str, Any]]:
    """The columns of an iterable of rows, of dicts, or of chunks."""
    if isinstance(table, (str, bytes)) or not isinstance(table, Iterable):
        raise DataError(f"{source} is {type(table).__name__}, and a table is needed: {table!r:.60}")
    rows = list(table)
    if not rows:
        raise DataError(f"{source} has no rows: there is nothing to learn from")
    if isinstance(rows[0], Mapping) and not any(
        hasattr(cell, "__len__") and not isinstance(cell, (str, bytes)) for cell in rows[0].values()
    ):
        names = list(dict.fromkeys(name for row in rows for name in row))
        return [(str(name), [row.get(name) for row in rows]) for name in names]
    if isinstance(rows[0], Mapping) or len(getattr(rows[0], "shape", ())) == 2:
        chunks = [_columns_of(chunk) or [] for chunk in rows]
        return [
            (name, [cell for chunk in chunks for cell in _column(chunk[k][1])])
            for k, (name, _) in enumerate(chunks[0])
        ]
    if isinstance(rows[0], (str, bytes)) or not isinstance(rows[0], Iterable):
        return [("x1", rows)]
    rows = [list(row) for row in rows]
    width = len(rows[0])
    for n, row in enumerate(rows, 1):
        if len(row) != width:
            raise DataError(f"{source}: row {n} has {len(row)} cells, and row 1 has {width}")
    return [(f"x{k + 1}", [row[k] for row in rows]) for k in range(width)]


# ----------------------------------------------------------------------------- typed cells
def _typed(cells: Any) -> tuple[str, Any]:
    cells = _column(cells)
    kind = getattr(getattr(cells, "dtype", None), "kind", "")
    if kind in "fiu" and kind:
        return "numbers", _without_infinite(cells)
    if kind == "b":
        return "truths", [float(cell) for cell in cells.tolist()]
    if kind == "M":
        return "dates", [_day(cell) for cell in cells.astype("datetime64[us]").tolist()]
    if kind and hasattr(cells, "tolist"):
        cells = cells.tolist()
    cells = list(cells)
    if all(type(cell) is str for cell in cells):
        return "text", cells
    return _of_things([None if is_nothing(cell) else cell for cell in cells])


def _of_things(cells: list[Any]) -> tuple[str, Any]:
    present = [cell for cell in cells if cell is not None]
    if all(_is_truth(cell) for cell in present) and present:
        return "truths", [math.nan if cell is None else float(cell) for cell in cells]
    if all(isinstance(cell, date) for cell in present) and present:
        return "dates", [math.nan if cell is None else day_of(cell) for cell in cells]
    if all(hasattr(type(cell), "__float__") for cell in present) and present:
        return "numbers", [_float(cell) for cell in cells]
    return "text", ["" if cell is None else _text(cell) for cell in cells]


def _column(cells: Any) -> Any:
    """A column as an array of NumPy or a list."""
    dtype = str(getattr(cells, "dtype", ""))
    if hasattr(cells, "to_numpy") and dtype.startswith(
        ("int", "float", "uint", "bool", "datetime")
    ):
        return cells.to_numpy()
    for method in ("to_list", "to_pylist"):
        if hasattr(cells, method):
            return getattr(cells, method)()
    return cells if hasattr(cells, "__len__") else list(cells)


def is_nothing(cell: Any) -> bool:
    """Whether a cell is missing: None, NaN, and what frames have for it, which is not equal to
    itself or cannot say."""
    if cell is None:
        return True
    if isinstance(cell, str):
        return False
    try:
        return bool(cell != cell)
    except (TypeError, ValueError):
        return True


def _is_truth(cell: Any) -> bool:
    return isinstance(cell, bool) or getattr(getattr(cell, "dtype", None), "kind", "") == "b"


def _float(cell: Any) -> float:
    number = math.nan if cell is None else float(cell)
    return number if math.isfinite(number) else math.nan


def _without_infinite(array: Any) -> Any:
    import numpy as np

    table = np.asarray(array, dtype=float)
    return table if np.isfinite(table).all() else np.where(np.isfinite(table), table, np.nan)


def _day(cell: Any) -> float:
    return math.nan if cell is None else day_of(cell)


def _listed(cells: Any) -> list[float]:
    return cells.tolist() if hasattr(cells, "tolist") else cells  # type: ignore[no-any-return]


def _text(cell: Any) -> str:
    return number_text(float(cell)) if isinstance(cell, (int, float)) else str(cell)


def _truth_text(value: float) -> str:
    return "" if math.isnan(value) else "True" if value else "False"


def number_text(value: float) -> str:
    """A number as it stands in a table: 3 and not 3.0."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


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
