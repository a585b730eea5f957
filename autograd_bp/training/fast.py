"""Large files of text, read by pyarrow: the same cells as by delimited.py, sooner.

pyarrow takes the text apart, and reads the columns in which every cell is a plain number or empty.
All others, and all files in which a row has another length, are left to the reader that says what
is wrong with them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from autograd_bp.training.cells import MISSING
from autograd_bp.training.delimited import Format
from autograd_bp.training.frames import Column, Frame, TextNumbers

__all__ = ["fast_chunks", "fast_frame"]

BLOCK = 16_000_000  # bytes


def fast_frame(path: str | os.PathLike[str], form: Format) -> Frame | None:
    """The frame; None where the other reader is needed."""
    import pyarrow

    try:
        with _opened(path, form) as reader:
            table = reader.read_all()
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError):
        return None
    if not table.num_rows:
        return None
    frame = _framed(path, form, table)
    frame.remarks[:] = form.remarks
    return frame


def fast_chunks(path: str | os.PathLike[str], form: Format) -> Iterator[Frame] | None:
    """The frames, one after another; None where the other reader is needed."""
    import pyarrow

    try:  # once through the file: rows are written as soon as they are predicted
        with _opened(path, form) as reader:
            for _ in reader:
                pass
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError):
        return None
    return _chunks(path, form)


def _chunks(path: str | os.PathLike[str], form: Format) -> Iterator[Frame]:
    import pyarrow

    before = 0
    with _opened(path, form) as reader:
        for batch in reader:
            if batch.num_rows:
                frame = _framed(path, form, pyarrow.Table.from_batches([batch]))
                frame.first = before
                before += batch.num_rows
                yield frame


def _opened(path: str | os.PathLike[str], form: Format) -> Any:
    import pyarrow
    from pyarrow import csv

    names = form.columns
    source = pyarrow.input_stream(str(path))  # unpacked by its ending
    return csv.open_csv(
        source,
        read_options=csv.ReadOptions(
            block_size=BLOCK,
            encoding={"utf-8-sig": "utf-8"}.get(form.encoding, form.encoding),
            column_names=names,
            skip_rows=form.skipped,
            skip_rows_after_names=int(form.has_header),
        ),
        parse_options=csv.ParseOptions(delimiter=form.separator, newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            column_types={name: pyarrow.string() for name in names},
            strings_can_be_null=False,
        ),
    )


def _framed(path: str | os.PathLike[str], form: Format, table: Any) -> Frame:
    columns = {name: _column(name, table.column(name)) for name in form.columns}
    return Frame(str(path), columns)


def _column(name: str, texts: Any) -> Column:
    """A column of numbers where all cells are plain numbers or missing, else one of text."""
    import pyarrow
    from pyarrow import compute

    start = texts.slice(0, 100).to_pylist()
    if any(cell.strip().lower() not in MISSING and not _may_be_number(cell) for cell in start):
        return Column._of(name, "text", texts.to_pylist())
    try:  # most columns
        numbers = compute.cast(texts, pyarrow.float64())
        return TextNumbers(name, numbers.to_numpy(), texts)
    except pyarrow.ArrowException:
        pass
    trimmed = compute.utf8_trim_whitespace(texts)
    lowered = compute.utf8_lower(trimmed)
    is_missing = compute.is_in(lowered, value_set=pyarrow.array(sorted(MISSING)))
    present = compute.if_else(is_missing, pyarrow.scalar(None, pyarrow.string()), trimmed)
    try:
        numbers = compute.cast(present, pyarrow.float64())
    except pyarrow.ArrowException:
        return Column._of(name, "text", texts.to_pylist())
    if numbers.null_count == len(numbers):
        return Column._of(name, "text", texts.to_pylist())
    return TextNumbers(name, compute.fill_null(numbers, float("nan")).to_numpy(), texts)


def _may_be_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell
