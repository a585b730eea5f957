"""Files of cells between separators (CSV, TSV ...) as frames, whatever wrote them.

What a file leaves open is decided by its content, and each decision is a remark: the encoding, the
separator, whether the first line is a header, what rows of other lengths mean.
"""

from __future__ import annotations

import bz2
import codecs
import csv
import gzip
import io
import lzma
import os
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any

from autograd_bp.errors import DataError
from autograd_bp.training.cells import is_missing, plain_number
from autograd_bp.training.frames import Frame, column_of_text, free_name

__all__ = ["Format", "chunks_of_file", "format_of", "frame_of_file"]

SAMPLE = 200_000  # bytes that decide the format
SAMPLE_ROWS = 200
MAX_TITLES = 20  # lines above a table
_SEPARATORS = (",", ";", "\t", "|")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins with the mark of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PACKED = {b"\x1f\x8b": gzip.open, b"BZ": bz2.open, b"\xfd7": lzma.open}


@dataclass
class Format:
    """How a file is written.

    Attributes:
        encoding: of its text.
        separator: between cells.
        skipped: lines before the table.
        columns: the names.
        has_header: whether the first row has them.
        index: whether each row begins with a name that the header has no column for.
        remarks: what was decided, a sentence each.
    """

    encoding: str
    separator: str
    columns: list[str]
    has_header: bool = True
    skipped: int = 0
    index: bool = False
    remarks: list[str] = field(default_factory=list)


def frame_of_file(
    path: str | os.PathLike[str], *, header: bool | None = None, encoding: str | None = None
) -> Frame:
    """The whole file as a frame of text.

    Arguments:
        path: the file; it may be packed by gzip, bzip2 or xz.
        header: whether the first line has the names of the columns; None to decide by its content.
        encoding: of the text; None to decide.

    Raises: DataError when there is no such file, or it is no such table, naming the line.
    """
    form = format_of(path, header=header, encoding=encoding)
    rows: list[list[str]] = []
    lines: list[int] = []
    short = [0, 0]
    for line, cells in _table_rows(path, form, short):
        rows.append(cells)
        lines.append(line)
    if not rows:
        raise DataError(f"{path} has a header and no rows: there is nothing to learn from")
    remarks = list(form.remarks)
    if short[0]:
        remarks.append(
            f"{short[0]} {'row has' if short[0] == 1 else 'rows have'} fewer cells than the header "
            f"(the first in line {short[1]}): the others count as missing"
        )
    columns = [list(column) for column in zip(*rows, strict=True)]
    return _framed(str(path), form.columns, columns, remarks, lines, form.separator == ";")


def chunks_of_file(
    path: str | os.PathLike[str], form: Format, rows: int = 20_000
) -> Iterator[Frame]:
    """The file as frames of so many rows, in constant memory."""
    stream, before = _table_rows(path, form, [0, 0]), 0
    while chunk := list(islice(stream, rows)):
        columns = [list(column) for column in zip(*(cells for _, cells in chunk), strict=True)]
        lines = [line for line, _ in chunk]
        frame = _framed(str(path), form.columns, columns, [], lines, form.separator == ";")
        frame.first = before
        before += len(chunk)
        yield frame


def _framed(
    source: str,
    names: list[str],
    columns: list[list[str]],
    remarks: list[str],
    lines: list[int],
    comma: bool,
) -> Frame:
    named = {name: column_of_text(name, cells) for name, cells in zip(names, columns, strict=True)}
    for column in named.values():
        column.comma = comma
    return Frame(source, named, remarks, lines)


# ------------------------------------------------------------------------------- the format
def format_of(
    path: str | os.PathLike[str], *, header: bool | None = None, encoding: str | None = None
) -> Format:
    """How a file is written, decided by its first rows."""
    source = str(path)
    sample = _sample(path, source)
    remarks: list[str] = []
    encoding = encoding or _encoding(path, sample, source, remarks)
    text = _decoded(sample, encoding, source)
    form = Format(encoding, "", [], remarks=remarks)
    if text[:4].lower() == "sep=" and text[5:6] in ("\r", "\n"):
        form.skipped, form.separator = 1, text[4]  # what Excel writes for itself
    form.separator = form.separator or _separator(text)
    numbered = list(islice(_raw_rows(path, form), SAMPLE_ROWS))
    if not numbered:
        raise DataError(f"{source} is empty: a header and rows are needed")
    rows = _without_titles(numbered, form)
    first, body = [cell.strip() for cell in rows[0]], rows[1:]
    form.has_header = not _is_data(first, body) if header is None else header
    if form.has_header:
        form.columns = _names(_header(first, body, form), form)
        return form
    form.columns = [f"x{k}" for k in range(1, len(first) + 1)]
    if header is None:
        form.remarks.append(
            f"no header: the first line is data ({', '.join(first)[:60]}), so the columns are "
            f"called x1 to x{len(first)}"
        )
    return form


def _without_titles(numbered: list[tuple[int, list[str]]], form: Format) -> list[list[str]]:
    """The rows without a title or comments above the table: lines of one cell, above rows of
    several."""
    titles = [len(cells) == 1 or (len(cells) > 2 and not any(cells[1:])) for _, cells in numbered]
    begins = titles.index(False) if False in titles else 0
    if 0 < begins <= MAX_TITLES and len(numbered) - begins > begins:
        form.skipped = numbered[begins][0] - 1
        form.remarks.append(f"the first {form.skipped} lines are a title: they are passed over")
        numbered = numbered[begins:]
    return [cells for _, cells in numbered]


def _header(first: list[str], body: list[list[str]], form: Format) -> list[str]:
    """The header, with a cell for each cell of the rows."""
    is_trailing = all(row[-1] == "" for row in body)
    if {len(row) for row in body} == {len(first) + 1} and not is_trailing:
        form.index = True  # the names of rows, which R writes without a name of their own
        return ["", *first]
    while (
        len(first) > 1 and first[-1] == "" and all(len(r) < len(first) or not r[-1] for r in body)
    ):
        first = first[:-1]  # a separator at the end of each line
    return first


def _names(first: list[str], form: Format) -> list[str]:
    names: list[str] = []
    for k, name in enumerate(first, 1):
        if not name:
            name = "unnamed" if k == 1 else f"column {k}"
            form.remarks.append(f"column {k} of the header has no name: it is called {name!r}")
        if name in names:
            new = free_name(name, [*names, *first])
            form.remarks.append(f"two columns are named {name!r:.60}: the second is called {new!r}")
            name = new
        names.append(name)
    return names


def _is_data(first: Sequence[str], body: list[list[str]]) -> bool:
    """Whether the first line is a row like the others: numbers where they have numbers, and texts
    that are texts of theirs."""
    body = [row for row in body if len(row) == len(first)]
    if not body:
        return any(_is_fraction(cell) for cell in first) and len(first) > 1
    if _counts_up(first):
        return False
    votes = [_is_like(cell, [row[k].strip() for row in body]) for k, cell in enumerate(first)]
    numeric = [is_like for kind, is_like in votes if kind == "numbers"]
    if None in numeric:
        return False  # a name above numbers
    if numeric:
        return 2 * numeric.count(True) >= len(numeric)
    return len(body) >= 3 and 3 * votes.count(("text", True)) >= 2 * len(first)


def _counts_up(first: Sequence[str]) -> bool:
    """Whether names are 0, 1, 2 ... or 1, 2, 3 ..., as pandas calls columns without names."""
    numbers = [plain_number(cell) for cell in first]
    return any(numbers == list(range(start, start + len(first))) for start in (0, 1))


def _is_like(cell: str, below: list[str]) -> tuple[str, bool | None]:
    """The kind of the cells below the first one, and whether it is like them; None for a text above
    numbers."""
    below = [text for text in below if not is_missing(text)]
    values = [plain_number(text.replace(",", ".")) for text in below]
    numbers = [value for value in values if value is not None]
    if not below or len(numbers) < len(values):
        return "text", bool(cell) and cell in below
    own = plain_number(cell.replace(",", "."))
    if own is None:
        return "numbers", None
    return "numbers", _is_fraction(cell) or min(numbers) <= own <= max(numbers)


def _is_fraction(cell: str) -> bool:
    number = plain_number(cell)
    return number is not None and (number != int(number) if abs(number) < 1e15 else True)


def _separator(text: str) -> str:
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if not lines:
        return ","
    best = max(_SEPARATORS, key=lambda sign: sum(_count(line, sign) > 0 for line in lines))
    header = next((line for line in lines if any(map(line.count, _SEPARATORS))), lines[0])
    if len(lines) < 3 or header == lines[0]:
        best = max(_SEPARATORS, key=lambda sign: _count(header, sign))
    if _count(header, best):
        return best
    widths = {len(line.split()) for line in lines[:-1] or lines}
    if len(widths) == 1 and widths != {1}:
        return " "
    return ","


def _count(line: str, sign: str) -> int:
    """How often a sign stands in a line outside of quotes."""
    return sum(part.count(sign) for part in line.split('"')[::2])


# --------------------------------------------------------------------------------- bytes
def _opened(path: str | os.PathLike[str], source: str) -> IO[bytes]:
    try:
        with open(path, "rb") as file:
            start = file.read(2)
        opener: Any = _PACKED.get(start)
        if opener is not None:
            return opener(path, "rb")  # type: ignore[no-any-return]
        return open(path, "rb")
    except FileNotFoundError:
        raise DataError(
            f"there is no file {source!r}: give the path of a CSV file, or one of the built-in "
            "data sets, digits or xor"
        ) from None
    except (OSError, ValueError) as error:
        raise _unreadable(source, error) from error


def _unreadable(source: str, error: Exception) -> DataError:
    reason = getattr(error, "strerror", None) or str(error)
    return DataError(f"cannot read {source!r}: {reason}")


_READING = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError)


def _sample(path: str | os.PathLike[str], source: str) -> bytes:
    with _opened(path, source) as file:
        try:
            return file.read(SAMPLE)
        except _READING as error:
            raise _unreadable(source, error) from error


def _encoding(path: str | os.PathLike[str], sample: bytes, source: str, remarks: list[str]) -> str:
    for mark, name in _MARKS:
        if sample.startswith(mark):
            return name
    zeros = sample[:2000].count(0)
    if zeros and len(sample) > 3:
        half = len(sample[:2000]) // 2
        for name, own in (("utf-16-le", sample[1:2000:2]), ("utf-16-be", sample[0:2000:2])):
            if own.count(0) == zeros and zeros > half // 2:
                remarks.append(f"the text is read as {name.upper()}")
                return name
        raise DataError(f"{source} is not a text file: it holds null characters; save it as CSV")
    decoder = codecs.getincrementaldecoder("utf-8")()
    with _opened(path, source) as file:
        try:
            while block := file.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
            return "utf-8"
        except UnicodeDecodeError:
            pass
        except _READING as error:
            raise _unreadable(source, error) from error
    if _is_binary(sample):
        raise DataError(f"{source} is not a text file: save it as CSV")
    replaced = sample.decode("utf-8", "replace")
    bad = replaced.count("\ufffd")
    if sum(character > "\x7f" for character in replaced) > 2 * bad:
        remarks.append("the file is UTF-8 with damaged characters, which are read as \ufffd")
        return "utf-8"
    remarks.append(
        "the file is not UTF-8: it is read as Windows-1252 (Latin-1), or with --encoding otherwise"
    )
    return "cp1252" if _fits(sample, "cp1252") else "latin-1"


def _errors(encoding: str) -> str:
    """The treatment of bytes that are no text: UTF-8 was checked, and is damaged where a remark
    says so."""
    return "replace" if encoding == "utf-8" else "strict"


def _fits(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_binary(sample: bytes) -> bool:
    controls = sum(byte < 9 or 13 < byte < 32 for byte in sample[:4000])
    return controls > 0


def _decoded(sample: bytes, encoding: str, source: str) -> str:
    try:
        return codecs.getincrementaldecoder(encoding)(_errors(encoding)).decode(sample)
    except (UnicodeError, LookupError) as error:
        raise DataError(f"{source} cannot be read as {encoding!r:.40}: {error}") from None


# ----------------------------------------------------------------------------------- rows
def _raw_rows(path: str | os.PathLike[str], form: Format) -> Iterator[tuple[int, list[str]]]:
    """The line in which each row begins and its cells; rows without anything are passed over."""
    source = str(path)
    with _opened(path, source) as binary:
        file = io.TextIOWrapper(
            binary, encoding=form.encoding, errors=_errors(form.encoding), newline=""
        )
        begins = 1
        try:
            for _ in range(form.skipped):
                file.readline()
                begins += 1
            before = form.skipped
            reader = csv.reader(
                file,
                delimiter=form.separator,
                strict=True,
                skipinitialspace=form.separator == " ",
            )
            for cells in reader:
                if len(cells) > 1 or (cells and cells[0].strip()):
                    yield begins, cells
                begins = before + reader.line_num + 1
        except csv.Error as error:
            raise _not_csv(path, form, source, begins, str(error)) from None
        except UnicodeError as error:
            raise DataError(
                f"{source} cannot be read as {form.encoding}: {error}; say which encoding it has"
            ) from None
        except _READING as error:
            raise _unreadable(source, error) from error


def _not_csv(
    path: str | os.PathLike[str], form: Format, source: str, begins: int, problem: str
) -> DataError:
    """The error for a row that cannot be taken apart, with the line where its quote was opened."""
    if "null" in problem or "NUL" in problem:
        return DataError(f"{source} is not a text file: it holds null characters; save it as CSV")
    line = begins
    with _opened(path, source) as binary:
        file = io.TextIOWrapper(binary, encoding=form.encoding, errors="replace", newline="")
        for number, text in enumerate(file, 1):
            if number >= begins and text.count('"') % 2:
                line = number
                break
    return DataError(
        f"{source}: line {line} cannot be read as CSV ({problem}): look for a quote that is "
        "opened there and not closed"
    )


def _table_rows(
    path: str | os.PathLike[str], form: Format, short: list[int]
) -> Iterator[tuple[int, list[str]]]:
    """The rows of the table, each with a cell for each column. `short` counts those that lacked
    some, and has the line of the first."""
    width = len(form.columns)
    rows = _raw_rows(path, form)
    if form.has_header:
        next(rows, None)
    for number, (line, cells) in enumerate(rows, 1):
        if len(cells) != width:
            if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
                cells = cells[:width]
            elif len(cells) > width:
                raise DataError(
                    f"{path}: row {number} (line {line}) has {len(cells)} cells where the header "
                    f"has {width}; put quotes around cells with {form.separator!r} in them"
                )
            else:
                cells = [*cells, *[""] * (width - len(cells))]
                short[0] += 1
                short[1] = short[1] or line
        yield line, cells
