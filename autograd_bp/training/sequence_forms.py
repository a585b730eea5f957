"""Where rows of different lengths stand: by themselves, or in a column of a table with names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from autograd_bp.errors import DataError
from autograd_bp.training.frames import Frame, listed
from autograd_bp.training.makes import columns_of

__all__ = ["chosen", "held", "named_columns", "single_column"]

NAMED = "columns", "column_names", "__dataframe__", "__narwhals_dataframe__"


def named_columns(X: Any) -> list[tuple[str, Any]] | None:
    """The columns of a table that has names for them, each with its name; None for all else.

    Raises: DataError for a table that is not computed yet.
    """
    if isinstance(X, Frame):
        return [(name, column.texts()) for name, column in X.columns.items()]
    is_named = isinstance(X, Mapping) or getattr(getattr(X, "dtype", None), "names", None)
    if not is_named and not any(hasattr(X, name) for name in NAMED):
        return None
    if hasattr(X, "collect") and not hasattr(X, "iloc"):
        raise DataError(f"a {type(X).__name__} has no rows yet: give table.collect()")
    return columns_of(X)


def chosen(columns: list[tuple[str, Any]], name: str) -> Any:
    """The cells of the column with the rows.

    Arguments:
        columns: as of `named_columns`.
        name: of the column that a model learned from; "" where its rows were no column.

    Raises: DataError where there is no such column, or where it is not clear which one it is.
    """
    names = [column for column, _ in columns]
    if name and names.count(name) == 1:
        return columns[names.index(name)][1]
    if name:
        raise DataError(
            f"{'there are two columns' if name in names else 'there is no column'} {name!r:.60}, "
            f"in which the rows of this model stand; the columns are {listed(names)}"
        )
    if len(columns) != 1:
        raise DataError(
            f"rows of different lengths are one column, and the table has {len(columns)}: "
            f"{names!s:.120}; give that column alone"
        )
    return columns[0][1]


def single_column(X: Any) -> Any:
    """The cells of a table with one column of texts or lists; all else as it is."""
    columns = named_columns(X)
    if columns is None or len(columns) != 1:
        return X
    cells = columns[0][1]
    first = next(iter(cells), None) if hasattr(cells, "__iter__") else None
    return cells if hasattr(first, "__len__") else X


def held(X: Any) -> Any:
    """The rows that an iterator gives, which is read once; all else as it is."""
    return list(X) if isinstance(X, Iterator) else X
