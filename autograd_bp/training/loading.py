"""Files of tables as frames: text between separators, Parquet, Arrow, standard input."""

from __future__ import annotations

import json
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from autograd_bp.errors import DataError, MissingExtraError
from autograd_bp.training.delimited import chunks_of_file, format_of, frame_of_file
from autograd_bp.training.frames import Column, Frame, frame_of

__all__ = ["chunks_of_path", "frame_of_path", "table_name"]

LARGE = 2_000_000  # bytes from which pyarrow reads text, where it is installed
_ENDINGS = (
    *(".gz", ".bz2", ".xz", ".csv", ".tsv", ".txt", ".dat", ".data"),
    *(".parquet", ".jsonl", ".json"),
)
_KINDS = {
    b"PAR1": "parquet",
    b"ARROW1": "arrow",
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an Excel workbook",
    b"SQLite": "a database",
    b"\x89HDF": "an HDF file",
    b"%PDF": "a PDF",
    b"<": "HTML or XML",
    b"[": "json",
    b"{": "json",
}


def frame_of_path(
    path: str | os.PathLike[str], *, header: bool | None = None, encoding: str | None = None
) -> Frame:
    """The whole table.

    Arguments:
        path: the file; "-" for standard input.
        header: whether the first line of a text has the names; None to decide by its content.
        encoding: of a text; None to decide.

    Raises: DataError when there is no such file, or it is no table; MissingExtraError where another
        package is needed to read it.
    """
    path = _regular(path)
    kind = _kind(path)
    if kind == "json":
        return _json_frame(path)
    if kind:
        return _arrow_frame(path, kind)
    if _is_large(path):
        from autograd_bp.training.fast import fast_frame

        frame = fast_frame(path, format_of(path, header=header, encoding=encoding))
        if frame is not None:
            return frame
    return frame_of_file(path, header=header, encoding=encoding)


def chunks_of_path(
    path: str | os.PathLike[str], *, header: bool | None = None, encoding: str | None = None
) -> Iterator[Frame]:
    """The table in frames of some thousand rows, in constant memory; see `frame_of_path`."""
    path = _regular(path)
    kind = _kind(path)
    if kind == "json":
        yield _json_frame(path)
        return
    if kind:
        yield from _arrow_chunks(path, kind)
        return
    form = format_of(path, header=header, encoding=encoding)
    if _is_large(path):
        from autograd_bp.training.fast import fast_chunks

        chunks = fast_chunks(path, form)
        if chunks is not None:
            yield from chunks
            return
    yield from chunks_of_file(path, form)


def table_name(path: str | os.PathLike[str]) -> str:
    """The name of a table: that of its file, without endings."""
    name = Path(path).name
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return "table" if name in ("", "-", "stdin") else name


# ------------------------------------------------------------------------------- which file
def _kind(path: str | os.PathLike[str]) -> str:
    """The kind of a file that is not text: parquet or arrow; "" for text. Raises DataError for what
    is none of them."""
    try:
        with open(path, "rb") as file:
            start = file.read(8)
    except (OSError, ValueError):
        return ""  # the reader of text says why
    for magic, kind in _KINDS.items():
        if start.startswith(magic):
            if kind in ("parquet", "arrow", "json"):
                return kind
            raise DataError(f"{path} is {kind}: save the table as CSV, or as Parquet")
    return ""


_spooled: dict[str, Any] = {}


def _regular(path: str | os.PathLike[str]) -> str | os.PathLike[str]:
    """A file that can be read twice: what comes through a pipe is copied into one."""
    name = os.fspath(path)
    try:
        is_pipe = name == "-" or not stat.S_ISREG(os.stat(path).st_mode)
        if not is_pipe or os.path.isdir(path):
            return path
    except (OSError, ValueError):
        return path
    if name not in _spooled:
        place = tempfile.NamedTemporaryFile(prefix="autograd_bp-")  # noqa: SIM115
        try:
            source: Any = sys.stdin.buffer if name == "-" else open(path, "rb")  # noqa: SIM115
            while block := source.read(1 << 20):
                place.write(block)
        except OSError as error:
            raise DataError(f"cannot read {name!r}: {error.strerror or error}") from error
        place.flush()
        _spooled[name] = place
    return str(_spooled[name].name)


def _is_large(path: str | os.PathLike[str]) -> bool:
    try:
        size = os.path.getsize(path)
    except (OSError, ValueError):
        return False
    return size >= LARGE and find_spec("pyarrow") is not None


def _json_frame(path: Any) -> Frame:
    """A list of objects, an object of columns, or an object in each line."""
    try:
        text = Path(path).read_text("utf-8-sig")
        try:
            content = json.loads(text)
        except ValueError:
            content = [json.loads(line) for line in text.splitlines() if line.strip()]
    except (OSError, ValueError, RecursionError) as error:
        raise DataError(f"cannot read {str(path)!r} as JSON: {error}") from None
    if isinstance(content, dict) and not all(isinstance(c, list) for c in content.values()):
        content = [content]
    return frame_of(content, str(path))


# ---------------------------------------------------------------------------- through pyarrow
def _pyarrow(path: Any, kind: str) -> Any:
    try:
        import pyarrow
    except ImportError:
        raise MissingExtraError(
            f"{path} is a file of {kind.capitalize()}, which pyarrow reads: pip install "
            '"autograd_bp[data]"'
        ) from None
    return pyarrow


def _arrow_frame(path: Any, kind: str) -> Frame:
    chunks = list(_arrow_chunks(path, kind))
    if not chunks:
        raise DataError(f"{path} has no rows: there is nothing to learn from")
    if len(chunks) == 1:
        return chunks[0]
    columns = {
        name: _joined(name, [chunk.columns[name] for chunk in chunks]) for name in chunks[0].columns
    }
    return Frame(str(path), columns)


def _joined(name: str, parts: list[Column]) -> Column:
    kinds = {part.kind for part in parts}
    if len(kinds) > 1:  # a chunk without values says nothing of its kind
        return Column(name, [cell for part in parts for cell in part.texts()])
    return Column._of(name, kinds.pop(), [cell for part in parts for cell in part.cells])


def _arrow_chunks(path: Any, kind: str) -> Iterator[Frame]:
    pyarrow = _pyarrow(path, kind)
    try:
        if kind == "parquet":
            from pyarrow import parquet

            batches: Any = parquet.ParquetFile(path).iter_batches(batch_size=50_000)
        else:
            reader = pyarrow.ipc.open_file(pyarrow.memory_map(str(path)))
            batches = (reader.get_batch(k) for k in range(reader.num_record_batches))
        for batch in batches:
            if batch.num_rows:
                yield frame_of(pyarrow.Table.from_batches([batch]), str(path))
    except (OSError, pyarrow.ArrowException) as error:
        raise DataError(f"cannot read {str(path)!r}: {error}") from error
