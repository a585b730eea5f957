"""Rows for `train` and `evaluate`: pairs, or arrays of inputs and of desired outputs, or chunks of
either, as a list of pairs that is checked.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp.errors import DataError, SettingError
from autograd_bp.value import Value

__all__ = ["Pair", "no_performance", "pairs_of", "refuse_unknown_numbers", "weights_of"]

Pair = tuple[Any, list[Any]]


def pairs_of(data: Any, what: str = "training data") -> list[Pair]:
    """The rows, each with its desired outputs as a list.

    Arguments:
        data: pairs (x, d); or a tuple (X, D) of two tables, arrays or frames; or an iterable of
            such tuples, chunk after chunk.
        what: the name of the data in errors.

    Raises: DataError for anything else, and naming a number that is NaN or infinite.
    """
    rows = _rows_of_tables(*data) if _is_table_pair(data) else _rows_of(data, what)
    refuse_unknown_numbers(rows)
    return rows


def _rows_of(data: Any, what: str) -> list[Pair]:
    try:
        rows: list[Pair] = []
        for item in data:
            if isinstance(item, tuple) and _is_chunk(item):
                rows += _rows_of_tables(*item)
            else:
                x, d = item
                rows.append((x, list(d) if isinstance(d, Iterable) else [d]))
    except (TypeError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{what} are pairs of inputs and desired outputs, such as ([0, 1], [1]), or a tuple "
            f"of two tables, (X, D), got {data!r:.80}"
        ) from None
    return rows


def weights_of(weights: Any, count: int) -> list[float] | None:
    """The weight of each row. Raises DataError unless there is one for each, 0 or more."""
    if weights is None:
        return None
    try:
        plain = [float(weight) for weight in _listed(weights)]
    except (TypeError, ValueError):
        plain = []
    if len(plain) != count:
        raise DataError(
            f"sample_weight has {len(plain)} numbers for {count} rows: give one for each row"
        )
    if not all(0.0 <= weight < math.inf for weight in plain) or not any(plain):
        raise DataError("sample_weight holds numbers of 0 or more, of which one is above 0")
    return plain


def refuse_unknown_numbers(rows: Sequence[Pair]) -> None:
    """Raises DataError for the first number among the rows that is NaN or infinite: what a network
    says for it means nothing."""
    for n, (x, d) in enumerate(rows, 1):
        for what, numbers in (("input", x), ("desired output", d)):
            place = _unknown(numbers)
            if place is not None:
                raise DataError(
                    f"row {n}: {what} {place + 1} is {float(numbers[place])!r}, which says "
                    "nothing; fill it in, or leave the row out"
                )


def _unknown(numbers: Any) -> int | None:
    """The place of the first number that is not finite. A row that is no list of numbers is left to
    the network."""
    if not isinstance(numbers, (list, tuple)) and getattr(numbers, "ndim", 0) != 1:
        return None
    try:
        if math.isfinite(math.fsum(numbers)):
            return None
    except (TypeError, ValueError, OverflowError):
        pass
    for place, number in enumerate(numbers):
        if isinstance(number, (Value, str, bytes)):
            continue
        try:
            if not math.isfinite(number):
                return place
        except (TypeError, OverflowError):
            continue
    return None


# ------------------------------------------------------------------------- tables and chunks
def _is_table_pair(data: Any) -> bool:
    """Whether data are (X, D). A tuple of two pairs of lists could be read as both: then it is
    refused, since one reading would be wrong."""
    if not isinstance(data, tuple) or len(data) != 2:
        return False
    if _is_table(data[0]):
        return True
    if not all(isinstance(part, (list, tuple)) for part in data) or not _is_list_of_rows(data[0]):
        return False
    X, D = data
    if len(X) != len(D):
        return False
    if len(X) == 2 and all(isinstance(d, (list, tuple)) for d in D):
        if len(X[0]) != len(X[1]) or len(D[0]) != len(D[1]):
            return False  # no tables: their rows have one length
        if len(X[0]) != len(D[0]) or len(X[1]) != len(D[1]):
            return True  # no pairs: rows would have different numbers of inputs, or of outputs
        raise DataError(
            "training data are two lists of two, which may be two rows (x, d) or two tables (X, "
            "D): write list(zip(X, D)) for tables, and a list [(x, d), (x, d)] for rows"
        )
    return True


def _is_chunk(item: tuple[Any, ...]) -> bool:
    return len(item) == 2 and _is_table(item[0])


def _is_table(thing: Any) -> bool:
    """An array of two dimensions, or a frame."""
    shape = getattr(thing, "shape", None)
    return isinstance(shape, tuple) and len(shape) == 2


def _is_list_of_rows(thing: Any) -> bool:
    return bool(thing) and all(isinstance(row, (list, tuple)) for row in thing)


def _rows_of_tables(X: Any, D: Any) -> list[Pair]:
    inputs, desired = _listed(X), _listed(D)
    if len(inputs) != len(desired):
        raise DataError(f"X has {len(inputs)} rows and D has {len(desired)}: give one d for each x")
    return [
        (x, list(d) if isinstance(d, Iterable) else [d])
        for x, d in zip(inputs, desired, strict=True)
    ]


def _listed(table: Any) -> list[Any]:
    """The rows of an array, a frame or a list as lists."""
    for method in ("to_numpy", "tolist"):
        if hasattr(table, method):
            table = getattr(table, method)()
    return list(table)


class ArrayRows(Sequence[Pair]):
    """Rows as columns of numbers; a row is made into a pair when somebody asks for it.

    Arguments:
        columns: the inputs, a list or an array for each.
        desired: the desired outputs of each row.
    """

    def __init__(self, columns: Sequence[Any], desired: Sequence[list[float]]) -> None:
        self.columns, self.desired = columns, desired

    def __len__(self) -> int:
        return len(self.desired)

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[k] for k in range(*place.indices(len(self)))]
        if not -len(self) <= place < len(self):
            raise IndexError(place)
        return [float(column[place]) for column in self.columns], list(self.desired[place])

    def arrays(self) -> tuple[Any, Any]:
        """The inputs and the desired outputs as arrays, (inputs, rows) and (outputs, rows)."""
        import numpy as np

        X = np.array([np.asarray(column, dtype=float) for column in self.columns])
        return X, np.ascontiguousarray(np.array(self.desired, dtype=float).T)


def no_performance(P: Any) -> SettingError:
    """The error to raise where the performance of a row is no Value."""
    return SettingError(
        f"the performance of a row is {type(P).__name__} {P!r:.60}, and a Value that depends on "
        "the weights is needed: compute it from the network's outputs, which are Values"
    )
