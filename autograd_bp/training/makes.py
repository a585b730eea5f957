"""Tables of any make, taken apart into columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from autograd_bp.errors import DataError, MissingExtraError

__all__ = ["columns_of", "columns_of_rows"]


def columns_of(table: Any) -> list[tuple[str, Any]] | None:
    """The columns of a table that knows them; None for rows."""
    if hasattr(table, "toarray"):  # a sparse matrix
        table = table.toarray()
    if getattr(table, "ndim", 0) > 2:
        raise DataError(f"a table has two dimensions, got an array of the shape {table.shape}")
    for is_such, columns in _MAKES:
        if is_such(table):
            return columns(table)
    return None


def _is_frame(table: Any) -> bool:
    return hasattr(table, "columns") and hasattr(table, "dtypes")


def _of_frame(table: Any) -> list[tuple[str, Any]]:
    """Of pandas, whose names may occur twice, and of polars."""
    names = [str(name) for name in table.columns]
    if hasattr(table, "iloc"):
        return [(name, table.iloc[:, k]) for k, name in enumerate(names)]
    return [(name, table.get_column(name).to_list()) for name in names]


def _is_array(table: Any) -> bool:
    shape = getattr(table, "shape", None)
    return isinstance(shape, tuple) and len(shape) in (1, 2)


def _of_array(table: Any) -> list[tuple[str, Any]]:
    fields = getattr(getattr(table, "dtype", None), "names", None)
    if fields:
        return [(name, table[name]) for name in fields]
    if len(table.shape) == 1:
        return [("x1", table)]
    return [(f"x{k + 1}", table[:, k]) for k in range(table.shape[1])]


def _of_any_make(table: Any) -> list[tuple[str, Any]]:
    try:
        import narwhals
    except ImportError:
        raise MissingExtraError(
            f'a {type(table).__name__} is read through narwhals: pip install "autograd_bp[data]"'
        ) from None
    frame: Any = narwhals.from_native(table, eager_only=True)
    return [(name, frame[name].to_list()) for name in frame.columns]


_MAKES: tuple[tuple[Callable[[Any], bool], Callable[[Any], list[tuple[str, Any]]]], ...] = (
    (
        lambda table: isinstance(table, Mapping),
        lambda table: [(str(name), cells) for name, cells in table.items()],
    ),
    (_is_frame, _of_frame),
    (
        lambda table: hasattr(table, "column_names") and hasattr(table, "to_pydict"),  # Arrow
        lambda table: [(n, table.column(k).to_pylist()) for k, n in enumerate(table.column_names)],
    ),
    (
        lambda table: hasattr(table, "__dataframe__") or hasattr(table, "__narwhals_dataframe__"),
        _of_any_make,
    ),
    (
        lambda table: hasattr(table, "name") and hasattr(table, "to_list"),  # a single column
        lambda table: [(str(table.name or "x1"), table.to_list())],
    ),
    (_is_array, _of_array),
)
"""How a make of table is known, and what its columns are."""


def columns_of_rows(table: Any, source: str) -> list[tuple[str, Any]]:
    """The columns of an iterable of rows, of dicts, or of chunks."""
    if isinstance(table, (str, bytes)) or not isinstance(table, Iterable):
        raise DataError(f"{source} is {type(table).__name__}, and a table is needed: {table!r:.60}")
    rows = list(table)
    if not rows:
        raise DataError(f"{source} has no rows: there is nothing to learn from")
    first = rows[0]
    if isinstance(first, Mapping) and not (first and all(map(_is_column, first.values()))):
        return _of_dicts(rows, source)
    if isinstance(first, Mapping) or len(getattr(first, "shape", ())) == 2:
        return _joined(rows, source)
    if not _is_column(first):
        return [("x1", rows)]
    return _of_lists([list(row) for row in rows], source)


def _of_dicts(rows: list[Any], source: str) -> list[tuple[str, Any]]:
    for n, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise DataError(f"{source}: row {n} is {type(row).__name__}, and row 1 a dict")
        for name, cell in row.items():
            if _is_column(cell):
                raise DataError(
                    f"{source}: row {n} has the {type(cell).__name__} {cell!r:.40} as its "
                    f"{name!r:.40}, and a cell is one number or text: make columns of it, or leave "
                    "it out"
                )
    names = list(dict.fromkeys(name for row in rows for name in row))
    return [(str(name), [row.get(name) for row in rows]) for name in names]


def _is_column(thing: Any) -> bool:
    """Whether it has several cells."""
    return isinstance(thing, Iterable) and not isinstance(thing, (str, bytes))


def _joined(chunks: list[Any], source: str) -> list[tuple[str, Any]]:
    parts = [dict(columns_of(chunk) or []) for chunk in chunks]
    for n, part in enumerate(parts, 1):
        if list(part) != list(parts[0]):
            raise DataError(f"{source}: chunk {n} has other columns than the first")
    return [(name, [cell for part in parts for cell in part[name]]) for name in parts[0]]


def _of_lists(rows: list[list[Any]], source: str) -> list[tuple[str, Any]]:
    width = len(rows[0])
    for n, row in enumerate(rows, 1):
        if len(row) != width:
            raise DataError(f"{source}: row {n} has {len(row)} cells, and row 1 has {width}")
    return [(f"x{k + 1}", [row[k] for row in rows]) for k in range(width)]
