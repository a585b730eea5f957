"""A CSV file as a table of text: names of columns and rows of cells, checked."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import math
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograd_bp.errors import DataError

__all__ = ["Table", "read_table", "table_of_text"]

MAX_BYTES = 200_000_000  # unpacked
_SEPARATORS = (",", ";", "\t")
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Table:
    """Cells of text under named columns.

    Attributes:
        source: the name of the file, for messages.
        columns: the names, each once.
        rows: the cells of each row, as many as there are columns.
        lines: the line of the file where each row ends.
    """

    source: str
    columns: list[str]
    rows: list[list[str]]
    lines: list[int] = field(repr=False)

    def index(self, column: str) -> int:
        """The place of a column. Raises DataError when there is none of that name."""
        try:
            return self.columns.index(column)
        except ValueError:
            raise DataError(
                f"{self.source}: there is no column {column!r:.60}; the columns are "
                f"{_listed(self.columns)}"
            ) from None

    def numbers(self, columns: list[str]) -> list[list[float]]:
        """The rows of those columns, as numbers.

        Raises: DataError naming the row and column of a cell that is no finite number.
        """
        places = [(self.index(column), column) for column in columns]
        return [
            [self.number(n, place, column) for place, column in places]
            for n in range(len(self.rows))
        ]

    def number(self, n: int, place: int, column: str) -> float:
        """One cell as a number."""
        cell = self.rows[n][place]
        number = number_in(cell)
        if number is not None and math.isfinite(number):
            return number
        if not cell.strip():
            problem = "the cell is empty, and a number is needed there"
        elif number is None:
            problem = f"{cell!r:.60} is not a number"
        else:
            problem = f"{cell!r:.60} is not a finite number"
        raise DataError(f"{self.place(n, column)}: {problem}; correct it, or leave the row out")

    def place(self, n: int, column: str) -> str:
        """The name of a cell in messages; rows count from 1, without the header."""
        return f"{self.source}: row {n + 1} (line {self.lines[n]}), column {column!r:.60}"


def number_in(cell: str) -> float | None:
    """The number a cell holds, infinite and NaN among them; None where it holds none."""
    try:
        return None if "_" in cell else float(cell)
    except ValueError:
        return None


def read_table(path: str | os.PathLike[str]) -> Table:
    """Read a CSV file: a header with the names of the columns, then rows.

    Cells are separated by commas, semicolons or tabs (whichever the header has most of) and
    may be quoted. The file is UTF-8, or says by its first bytes that it is UTF-16 or UTF-32;
    it may be packed with gzip. Empty lines are passed over.

    Raises: DataError when there is no such file, or it is not such a table.
    """
    source = str(path)
    return table_of_text(_text(source, _bytes(Path(path), source)), source)


def table_of_text(text: str, source: str) -> Table:
    """The table that a text holds; see `read_table`."""
    lines = _cells(text, source)
    first = next(lines, None)
    if first is None:
        raise DataError(f"{source} is empty: a header and rows are needed")
    columns = [cell.strip() for cell in first[1]]
    _check_header(columns, source)
    rows: list[list[str]] = []
    numbers: list[int] = []
    for line, cells in lines:
        if len(cells) != len(columns):
            raise DataError(
                f"{source}: row {len(rows) + 1} (line {line}) has {len(cells)} cells where the "
                f"header has {len(columns)}; give every row one cell for each column"
            )
        rows.append(cells)
        numbers.append(line)
    if not rows:
        raise DataError(f"{source} has a header and no rows: there is nothing to learn from")
    return Table(source, columns, rows, numbers)


def _bytes(path: Path, source: str) -> bytes:
    try:
        with open(path, "rb") as file:
            content = file.read(MAX_BYTES + 1)
        if content[:2] == b"\x1f\x8b":
            with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
                content = packed.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise DataError(
            f"there is no file {source!r}: give the path of a CSV file, or one of the built-in "
            "data sets, digits or xor"
        ) from None
    except (OSError, EOFError, ValueError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError(f"cannot read {source!r}: {reason}") from error
    if len(content) > MAX_BYTES:
        raise DataError(
            f"{source} holds more than {MAX_BYTES:,} bytes, too many to learn from in memory: "
            "take a part of its rows"
        )
    return content


def _text(source: str, content: bytes) -> str:
    encoding = "utf-8"
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            encoding = name
            break
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DataError(
            f"{source} is not UTF-8 text (byte 0x{content[error.start]:02x} in line {line}): "
            "save it as CSV in UTF-8"
        ) from None
    if "\0" in text:
        raise DataError(f"{source} is not a text file: it holds null characters; save it as CSV")
    return text


def _cells(text: str, source: str) -> Iterator[tuple[int, list[str]]]:
    """The line number and the cells of each line that is not empty."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(_SEPARATORS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            if len(cells) > 1 or (cells and cells[0].strip()):
                yield reader.line_num, cells
    except csv.Error as error:
        raise DataError(
            f"{source}: line {reader.line_num} cannot be read as CSV ({error}): look for a quote "
            "that is not closed"
        ) from None


def _check_header(columns: list[str], source: str) -> None:
    if "" in columns:
        raise DataError(
            f"{source}: column {columns.index('') + 1} of the header has no name; name every column"
        )
    values = [number_in(name) for name in columns]
    counted = any(values == list(range(first, first + len(columns))) for first in (0, 1))
    if None not in values and not counted:
        raise DataError(
            f"{source}: the first line holds numbers ({_listed(columns)}) where the names of the "
            "columns are needed; put a header above it"
        )
    seen: set[str] = set()
    for name in columns:
        if name in seen:
            raise DataError(
                f"{source}: two columns are named {name!r:.60}; give every column its own name"
            )
        seen.add(name)


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
