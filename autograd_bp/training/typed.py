"""Cells of a column as text, or as numbers: floats, truths as 0 and 1, dates as days."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from autograd_bp.errors import DataError
from autograd_bp.training.cells import day_of

__all__ = ["is_nothing", "number_text", "truth_text", "typed"]


def typed(cells: Any) -> tuple[str, Any]:
    cells = _column(cells)
    kind = getattr(getattr(cells, "dtype", None), "kind", "")
    if kind == "c":
        raise DataError("a column has complex numbers: give their real and imaginary parts")
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
    """The kind of a list of things, of which None is a missing one, and its cells."""
    present = [cell for cell in cells if cell is not None]
    kinds: list[tuple[str, Callable[[Any], bool], Callable[[Any], float]]] = [
        ("truths", _is_truth, float),
        ("dates", lambda cell: isinstance(cell, date), day_of),
        ("numbers", lambda cell: isinstance(cell, timedelta), lambda cell: cell / timedelta(1)),
        ("numbers", lambda cell: hasattr(type(cell), "__float__"), _float),
    ]
    for kind, is_such, number in kinds:
        if present and all(map(is_such, present)):
            return kind, [math.nan if cell is None else _finite(number(cell)) for cell in cells]
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
    try:
        return float(cell)
    except OverflowError:  # a whole number or a fraction beyond 1.8e308
        return math.inf


def _finite(number: float) -> float:
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


def truth_text(value: float) -> str:
    return "" if math.isnan(value) else "True" if value else "False"


def number_text(value: float) -> str:
    """A number as it stands in a table: 3 and not 3.0."""
    if math.isnan(value):
        return ""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
