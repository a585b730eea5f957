"""Rows that are entries of tables: the layout of sparse problems, in which few cameras, centroids
or words are read by many rows, each by its number.

An index is read where the rows are computed, some hundreds of them at a time, so no array of all
rows is made; and gradients are added up where the entries are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.calling import caller
from autograd_bp.errors import BadIndexError, OperandError, ShapeError
from autograd_bp.value import Value

Floats = Any


class RowsOf:
    """Rows of tables; made by `rows_of` and `beside`.

    Attributes:
        tables: arrays, the entries first; one where `is_several` is False.
        indices: for each an array of whole numbers, one for each row; None where the entries of a
            table are the rows.
        is_several: whether a row is made of entries of several tables, side by side.
        rows: how many rows there are.
    """

    is_rows_of = True
    __slots__ = ("indices", "is_several", "rows", "tables")

    def __init__(
        self, tables: tuple[Any, ...], indices: tuple[Any, ...], *, is_several: bool, rows: int
    ) -> None:
        self.tables, self.indices = tables, indices
        self.is_several, self.rows = is_several, rows

    def __len__(self) -> int:
        return self.rows

    def __repr__(self) -> str:
        shapes = ", ".join(str(tuple(np.shape(table))) for table in self.tables)
        return f"<{self.rows} rows of tables {shapes}>"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        """The rows as an array of their own, which is a copy."""
        if copy is False:
            raise ValueError("the rows of a table are copied where they become an array")
        return np.asarray(self.joined(lambda table: table), dtype=dtype)

    def joined(self, change: Callable[[Any], Any], concatenate: Any = np.concatenate) -> Any:
        """The rows as one array of any library.

        Arguments:
            change: makes an array of that library of a table.
            concatenate: the function of that library.
        """
        parts = [
            change(table) if index is None else change(table)[index]
            for table, index in zip(self.tables, self.indices, strict=True)
        ]
        if not self.is_several:
            return parts[0]
        flat = [part.reshape(self.rows, _size(part.shape[1:])) for part in parts]
        return concatenate(flat, 1)

    @property
    def layout(self) -> tuple[Any, ...]:
        """For each table the shape of an entry, how many numbers that has, whether there is an
        index."""
        shapes = [table.shape[1:] for table in self.tables]
        return tuple(
            [
                (shape, _size(shape), index is not None)
                for shape, index in zip(shapes, self.indices, strict=True)
            ]
        )

    def checked(self, function: str, name: str) -> RowsOf:
        """The same, if all indices are good now and all tables are of numbers.

        Raises: OperandError for other tables; BadIndexError for an entry that there is not.
        """
        tables = []
        for table, index in zip(self.tables, self.indices, strict=True):
            if type(table) is np.ndarray and table.dtype == object:
                raise OperandError(
                    f"{function}: {name} has rows of a table of Values, and a compiled function "
                    "runs on plain numbers: call it inside bp.grad or another compiled function"
                )
            if type(table) is not np.ndarray or table.dtype.kind not in "fiu":
                kind = getattr(table, "dtype", "")
                raise OperandError(
                    f"{function}: {name} has rows of a table, so an array of real numbers is "
                    f"needed, got {type(table).__name__} {kind}".rstrip()
                )
            if index is not None:
                _require_entries(index, len(table), f"{function}: {name}")
            tables.append(table.astype(float, order="C", copy=False))
        return self.with_tables(tables)

    def with_tables(self, tables: Sequence[Any]) -> RowsOf:
        """The same rows of other tables."""
        return RowsOf(tuple(tables), self.indices, is_several=self.is_several, rows=self.rows)

    def like(self, direction: Any, what: str) -> RowsOf:
        """The same rows of a direction: of arrays like the tables.

        Raises: ShapeError where they have other shapes.
        """
        parts = direction if self.is_several else (direction,)
        if not isinstance(parts, (tuple, list)) or len(parts) != len(self.tables):
            raise ShapeError(
                f"{what} must be a tuple with an array for each of {len(self.tables)} tables, got "
                f"{type(direction).__name__}"
            )
        tables = [_table(part) for part in parts]
        for table, other in zip(tables, self.tables, strict=True):
            if np.shape(table) != np.shape(other):
                raise ShapeError(
                    f"{what} must have the shape of the table, {np.shape(other)}, got "
                    f"{np.shape(table)}"
                )
        return self.with_tables(tables)

    # ------------------------------------------------------------------ numbers of each row
    def copied_to(self, lines: Floats) -> None:
        """Writes the rows into the lines of an array (numbers of a row, rows).

        Raises: BadIndexError for an entry that there is not.
        """
        start = 0
        for table, index in zip(self.tables, self.indices, strict=True):
            columns = table.reshape(len(table), _size(table.shape[1:])).T
            end = start + len(columns)
            if index is None:
                lines[start:end] = columns
            else:
                if len(index):
                    _require_entries(index, len(table), "a bound call")
                np.take(columns, index, axis=1, out=lines[start:end], mode="clip")
            start = end

    def added(self, rows: Floats, *, is_transposed: bool) -> Any:
        """The numbers of each row, added to those of the entry that it is; in the shape of the
        tables.

        Arguments:
            rows: an array (rows, numbers); (numbers, rows) where it is transposed.
            is_transposed: see there.
        """
        parts: list[Any] = []
        start = 0
        for table, index in zip(self.tables, self.indices, strict=True):
            end = start + _size(table.shape[1:])
            some = rows[start:end].T if is_transposed else rows[:, start:end]
            start = end
            if index is None:
                parts.append(some.reshape(table.shape).copy())
            else:
                parts.append(_added(some, index, len(table)).reshape(table.shape))
        return tuple(parts) if self.is_several else parts[0]

    def added_values(self, rows: Any, add: Callable[[list[Any]], Any]) -> Any:
        """The same of an array (rows, ...) of Values."""
        lines = np.asarray(rows, dtype=object).reshape(self.rows, -1)
        parts: list[Any] = []
        start = 0
        for table, index in zip(self.tables, self.indices, strict=True):
            shape = np.shape(table)
            end = start + _size(shape[1:])
            entries = np.zeros((shape[0], end - start), dtype=object)
            members: list[list[int]] = [[] for _ in range(shape[0])]
            for r, entry in enumerate(range(self.rows) if index is None else index.tolist()):
                members[entry].append(r)
            for entry, some in enumerate(members):
                for c in range(end - start):
                    entries[entry, c] = add([lines[r, start + c] for r in some]) if some else 0.0
            parts.append(entries.reshape(shape))
            start = end
        return tuple(parts) if self.is_several else parts[0]

    def columns(self) -> tuple[Any, int]:
        """Where each number of each row stands among all numbers of the tables, one after the
        other: an array (rows, numbers of a row); and how many there are."""
        parts: list[Any] = []
        begin = 0
        for table, index in zip(self.tables, self.indices, strict=True):
            width = _size(table.shape[1:])
            entries = np.arange(self.rows) if index is None else index
            parts.append(begin + entries[:, None] * width + np.arange(width))
            begin += len(table) * width
        return np.concatenate(parts, axis=1), begin


def rows_of(table: Any, index: Any) -> RowsOf:
    """An argument that has rows, as entries of a table: row r is table[index[r]].

    The compiled function reads each entry where it is, and no array of all rows is made. Where
    results are summed over the rows, a gradient by such an argument has the shape of the table: the
    sums over the rows that read each entry. Sparse matrices have a column for each number of the
    table. With reduce=None, gradients are of each row, and dense Jacobians always are.

    Arguments:
        table: an array, the entries first.
        index: the number of an entry for each row.

    Raises: OperandError for what is no array of numbers or of whole numbers; BadIndexError for an
        entry that there is not.

    Example:
        >>> import numpy as np
        >>> import autograd_bp as bp
        >>> square = bp.compiled(lambda c, x: (c - x) ** 2, rows=("c", "x"))
        >>> square.grad(bp.rows_of(np.array([0.0, 10.0]), [1, 1, 0]), np.array([9.0, 8.0, 1.0]))
        array([-2.,  6.])
    """
    if isinstance(table, RowsOf):
        raise OperandError("a table is an array of entries, got rows of another table")
    array = _table(table)
    places = _index(index)
    if not np.shape(array):
        raise OperandError(f"a table is an array of entries, got the single number {table!r:.60}")
    _require_entries(places, np.shape(array)[0], "rows_of")
    return RowsOf((array,), (places,), is_several=False, rows=len(places))


def beside(*parts: Any) -> RowsOf:
    """An argument that has rows, made of several: a row is the numbers of the same row of each
    part, one after the other, as an array of one dimension.

    Derivatives by it have one array for all of these numbers where they are of each row, as the
    Jacobian (rows, outputs, numbers); a gradient that is added up is a tuple of one for each part.

    Arguments:
        *parts: rows of tables, see `rows_of`, or arrays with the rows first.

    Raises: ShapeError where they have not as many rows; OperandError for what is no array.

    Example:
        >>> import numpy as np
        >>> import autograd_bp as bp
        >>> cost = bp.compiled(lambda row: row[0] * row[1], rows="row")
        >>> prices, units = np.array([2.0, 3.0]), np.array([10.0, 20.0, 30.0])
        >>> cost(bp.beside(bp.rows_of(prices, [0, 1, 1]), units))
        170.0
    """
    tables: list[Any] = []
    indices: list[Any] = []
    counts: list[int] = []
    for part in parts:
        if isinstance(part, RowsOf):
            tables += part.tables
            indices += part.indices
            counts.append(part.rows)
        else:
            tables.append(_table(part))
            indices.append(None)
            if not np.shape(tables[-1]):
                raise OperandError(f"arrays with the rows first are needed, got {part!r:.60}")
            counts.append(np.shape(tables[-1])[0])
    if not parts:
        raise ShapeError("beside needs rows of tables, or arrays with the rows first, got none")
    if len({*counts}) > 1:
        raise ShapeError(f"beside needs parts with the same number of rows, got {counts} rows")
    return RowsOf(tuple(tables), tuple(indices), is_several=True, rows=counts[0])


def _table(table: Any) -> Any:
    """An array of doubles, or of Values; an array of another library as it is."""
    if type(table) is np.ndarray and table.dtype == np.float64 and table.flags.c_contiguous:
        return table
    require_no_mask(table, "a table")
    if isinstance(table, dict) or hasattr(type(table), "__dataclass_fields__"):
        raise OperandError(
            f"a table is an array of entries, got {type(table).__name__}: make an argument of each "
            "of its arrays"
        )
    try:
        array = np.asarray(table)
    except Exception:  # of another library, in which it is differentiated
        if hasattr(table, "shape"):
            return table
        raise OperandError(
            f"a table is an array of entries of one shape, got {table!r:.60}"
        ) from None
    if array.dtype == object:
        kinds = {*map(type, array.flat)}
        if not all(issubclass(kind, (Value, float, int)) for kind in kinds):
            raise OperandError(f"a table is an array of real numbers, got {table!r:.60}")
        if any(issubclass(kind, Value) for kind in kinds):
            return array
        array = array.astype(float)
    if array.dtype.kind not in "fiu":
        raise OperandError(f"a table is an array of real numbers, got dtype {array.dtype}")
    return np.asarray(array, dtype=float, order="C")


def _index(index: Any) -> Any:
    """Indices as whole numbers of 64 bits.

    Raises: OperandError for others; BadIndexError for one that is not whole.
    """
    require_no_mask(index, "an index")
    try:
        array = np.asarray(index)
    except ValueError:  # lists of several lengths
        raise OperandError(f"an index has a whole number for each row, got {index!r:.60}") from None
    if array.ndim == 1 and not len(array):
        return np.zeros(0, dtype=np.int64)
    if array.dtype == object and any(isinstance(entry, Value) for entry in array.flat):
        raise OperandError(
            "an index is known before the call, got one that is computed: inside a function "
            "bp.take(table, place) looks an entry up"
        )
    if array.dtype.kind not in "fiu" or array.ndim != 1:
        raise OperandError(
            f"an index has a whole number for each row, got {type(index).__name__} of shape "
            f"{array.shape} and dtype {array.dtype}"
        )
    if array.dtype.kind == "f":
        with np.errstate(invalid="ignore"):
            whole = array.astype(np.int64)
        if not (whole == array).all():
            bad = np.flatnonzero(whole != array)
            raise BadIndexError(f"row {bad[0]} has the index {array[bad[0]]}, which is not whole")
        return whole
    if array.dtype == np.uint64 and array.max() > np.iinfo(np.int64).max:
        worst = int(array.argmax())
        raise BadIndexError(f"row {worst} has the index {array[worst]}, and no table has that many")
    return np.require(array, np.int64, ["C", "A"])


def require_no_mask(array: Any, what: str) -> None:
    """Raises OperandError for a masked array, whose masked numbers would count as others do."""
    if type(array).__name__ == "MaskedArray":
        raise OperandError(
            f"{what} is a MaskedArray, of which some numbers do not count: write .filled(...), or "
            "leave out the rows with them"
        )


def not_real(function: str, name: str, argument: Any, dtype: Any) -> str:
    """The message about rows that are no real numbers."""
    advice = "convert it with .astype(float)"
    if hasattr(argument, "toarray"):
        advice = "write .toarray()"
    elif dtype.kind == "c":
        advice = "take .real and .imag apart"
    elif argument is None or not hasattr(argument, "astype"):
        advice = "convert it with np.asarray(..., dtype=float)"
    return (
        f"{function}: {name} has rows, so an array of real numbers is needed, got "
        f"{type(argument).__name__} of dtype {dtype}: {advice}"
    )


def _require_entries(index: Any, entries: int, what: str) -> None:
    # Read without a sign a negative number is larger than any other.
    if not len(index) or index.view(np.uint64).max() < entries:
        return
    bad = int(np.flatnonzero((index < 0) | (index >= entries))[0])
    raise BadIndexError(
        f"{what}: row {bad} has the index {index[bad]}, and the table has {entries} entries"
    )


def _size(shape: Sequence[int]) -> int:
    return math.prod(shape)


def _added(rows: Floats, index: Any, entries: int) -> Floats:
    """For each entry the sum of its rows, in their order."""
    if caller.IS_COMPILED:
        table = np.zeros((entries, rows.shape[1]))
        aligned = rows if rows.strides[-1] == rows.itemsize else np.ascontiguousarray(rows)
        caller.added(aligned, index, table)
        return table
    columns = [np.bincount(index, column, entries) for column in rows.T]
    return np.stack(columns, axis=1) if columns else np.zeros((entries, 0))
