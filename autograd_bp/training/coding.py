"""Codings: how the cells of one column become inputs. An encoder has one for each column."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from typing import Any

from autograd_bp.errors import DataError
from autograd_bp.training import cells as text_cells
from autograd_bp.training.frames import MANY_ROWS, Column

__all__ = [
    "KINDS",
    "Categories",
    "Coding",
    "Dates",
    "LeftOut",
    "Scaled",
    "Truths",
    "known",
    "max_of",
    "min_of",
]

MAX_SCALED = 1e6  # numbers that lie farther from the training rows count as this far
DAYS_OF_A_YEAR = 365.2425
_NONE, _REFUSED = -1, -2  # places of texts that have no input


class UnknownCellError(DataError):
    """A cell that a coding cannot encode.

    Attributes:
        place: of the cell in its column, from 0.
    """

    def __init__(self, message: str, place: int) -> None:
        super().__init__(message)
        self.place = place


@dataclass(frozen=True)
class Coding:
    """How a column becomes inputs.

    Attributes:
        name: of the column.
        note: what is done to it, for readers.
    """

    name: str
    note: str

    @property
    def names(self) -> list[str]:
        """The names of its inputs."""
        return []

    @property
    def width(self) -> int:
        """The number of its inputs."""
        return len(self.names)

    def encode(self, column: Column, *, fill: bool = False) -> list[Any]:
        """The inputs, each for all rows.

        Arguments:
            column: the cells.
            fill: whether a cell that cannot be encoded counts as a missing one, and a missing one
                is filled also where the training rows had none.

        Raises: UnknownCellError for such cells otherwise.
        """
        return []

    def to_json(self) -> dict[str, Any]:
        """The coding as an object of a model file."""
        fields = {key: list(v) if isinstance(v, tuple) else v for key, v in asdict(self).items()}
        return {"kind": next(kind for kind, cls in KINDS.items() if type(self) is cls), **fields}


@dataclass(frozen=True)
class LeftOut(Coding):
    """A column that says nothing."""


@dataclass(frozen=True)
class Scaled(Coding):
    """Numbers: (x - mean) / scale, at most MAX_SCALED away from 0.

    Attributes:
        mean, scale: of the training rows; the scale is their standard deviation.
        fill: the median, which missing cells are given.
        has_missing: whether training rows had such; else they are refused.
        style, unit: how the numbers are written, see `cells.numbers`.
    """

    mean: float
    scale: float
    fill: float = 0.0
    has_missing: bool = False
    style: str = ""
    unit: str = ""

    @classmethod
    def learned(
        cls,
        name: str,
        values: Any,
        style: str = "",
        unit: str = "",
        strange: Sequence[str] = (),
        limits: Sequence[str] = (),
    ) -> Scaled:
        """The scaling of these numbers. Raises DataError when they are too far apart."""
        present = known(values)
        low, high = float(min_of(present)), float(max_of(present))
        if not math.isfinite(high - low):
            raise DataError(
                f"the numbers of column {name!r:.60} are too far apart ({low:g} to {high:g}): take "
                "their logarithms, or leave the column out"
            )
        largest = max(abs(high), abs(low)) or 1.0  # squares of 1e200 are infinite
        parts = _each(present, lambda x: x / largest)
        mean = largest * (math.fsum(parts) / len(parts))
        squares = _each(present, lambda x: (x / largest - mean / largest) ** 2)
        width = largest * math.sqrt(math.fsum(squares) / len(parts)) or 1.0
        missing = len(values) - len(present)
        fill = _median(present)
        note = f"number: (x - {mean:.4g}) / {width:.4g}"
        written = ", ".join(part for part in (style, f"unit {unit}" if unit else "") if part)
        note += f", written with {written}" if written else ""
        if missing:
            note += f"; {missing:,} missing, filled with {fill:.4g} and flagged"
        if strange:
            shown = ", ".join(repr(cell[:20]) for cell in dict.fromkeys(strange[:20]))
            note += f" ({len(strange):,} of them no numbers: {shown[:60]})"
        if limits:
            note += f"; {len(limits):,} limits such as {limits[0]!r:.20} count as their numbers"
        return cls(name, note, mean, width, fill, missing > 0, style, unit)

    @property
    def names(self) -> list[str]:
        return [self.name, f"{self.name} is missing"] if self.has_missing else [self.name]

    def encode(self, column: Column, *, fill: bool = False) -> list[Any]:
        values = column.cells
        if column.kind == "text":
            numbers = text_cells.numbers(values, self.style, self.unit)
            if numbers.strange and not (self.has_missing or fill):
                cells = [cell.strip() for cell in values]
                raise UnknownCellError(
                    f"{numbers.strange[0]!r:.60} is not a number; correct it, or leave the row out",
                    cells.index(numbers.strange[0]),
                )
            values = numbers.values
        flags = _missing(values)
        if not (self.has_missing or fill):
            _refuse_missing(flags, column, "a number is needed there")
        inputs = [self._scaled(_filled(values, flags, self.fill)), flags]
        return inputs[: self.width]

    def _scaled(self, values: Any) -> Any:
        if hasattr(values, "clip"):
            return ((values - self.mean) / self.scale).clip(-MAX_SCALED, MAX_SCALED)
        return [min(MAX_SCALED, max(-MAX_SCALED, (x - self.mean) / self.scale)) for x in values]


@dataclass(frozen=True)
class Truths(Coding):
    """1 for yes, 0 for no; another input says that the cell is missing.

    Attributes:
        yes, no: the words, in small letters.
        has_missing: whether training rows had none.
    """

    yes: str
    no: str
    has_missing: bool

    @classmethod
    def learned(cls, name: str, yes: str, no: str, missing: int) -> Truths:
        note = f"yes or no: {yes} is 1, {no} is 0" + _noted(missing)
        return cls(name, note, yes, no, missing > 0)

    @property
    def names(self) -> list[str]:
        return [self.name, f"{self.name} is missing"] if self.has_missing else [self.name]

    def encode(self, column: Column, *, fill: bool = False) -> list[Any]:
        if column.kind == "text":
            words = {self.yes: 1.0, self.no: 0.0, "true": 1.0, "false": 0.0, "1": 1.0, "0": 0.0}
            values = []
            for place, cell in enumerate(column.cells):
                value = words.get(cell.strip().lower())
                if value is None and not (fill or text_cells.is_missing(cell)):
                    raise UnknownCellError(
                        f"{cell!r:.60} is neither {self.yes!r} nor {self.no!r}", place
                    )
                values.append(math.nan if value is None else value)
        else:
            values = [math.nan if math.isnan(v) else float(v != 0.0) for v in _listed(column.cells)]
        flags = _missing(values)
        if not (self.has_missing or fill):
            _refuse_missing(flags, column, "yes or no is needed there")
        return [_filled(values, flags, 0.5), flags][: self.width]


@dataclass(frozen=True)
class Categories(Coding):
    """An input for each category, 1 where the cell is of it; one for all other texts, if the
    training rows had such; one for missing cells, if they had such. A category that is new is among
    the others; without such an input, and without one for missing cells, all inputs are 0.

    Attributes:
        values: the categories.
        has_others, has_missing: whether there are those inputs.
    """

    values: tuple[str, ...]
    has_others: bool
    has_missing: bool

    @classmethod
    def learned(
        cls, name: str, values: Sequence[str], missing: int, others: int, distinct: int
    ) -> Categories:
        shown = ", ".join(" ".join(value[:20].split()) for value in values[:6])
        shown += ", ..." if len(values) > 6 else ""
        note = f"{len(values)} categories, an input each: {shown:.100}"
        if others:
            note += f"; {distinct - len(values):,} rare ones ({others:,} rows) count as other"
        if missing:
            note += f"; {missing:,} missing, flagged"
        return cls(name, note, tuple(values), others > 0, missing > 0)

    @property
    def names(self) -> list[str]:
        names = [f"{self.name} is {value}" for value in self.values]
        names += [f"{self.name} is another"] if self.has_others else []
        return [*names, f"{self.name} is missing"] if self.has_missing else names

    def encode(self, column: Column, *, fill: bool = False) -> list[Any]:
        places = {value: k for k, value in enumerate(self.values)}
        codes = [places.get(text, -1) for text in column.texts()]
        if -1 in codes:
            texts = column.texts()
            unknown = {texts[row] for row, code in enumerate(codes) if code < 0}
            places |= {text: self._place(text, places, fill) for text in unknown}
            codes = [places[text] for text in texts]
            if _REFUSED in codes:
                raise UnknownCellError(
                    "the cell is empty, and no training row had none; fill it in, or leave the "
                    "row out (or let it be filled: --fill, fill=True)",
                    codes.index(_REFUSED),
                )
        return _indicators(codes, self.width)

    def _place(self, text: str, places: dict[str, int], fill: bool) -> int:
        """The input of a text that is none of the categories as it stands; below 0 for none."""
        stripped = text.strip()
        if stripped in places:
            return places[stripped]
        if not text_cells.is_missing(stripped):
            return len(self.values) if self.has_others else _NONE
        if self.has_missing:
            return len(self.values) + self.has_others
        return _NONE if fill else _REFUSED


@dataclass(frozen=True)
class Dates(Coding):
    """Days, scaled as numbers are, and the place in the year, the week and the day on a circle,
    where the training rows had several.

    Attributes:
        mean, scale: of the days of the training rows.
        fill, has_missing: as for numbers.
        format: how dates are written.
        cycles: the lengths in days of the circles.
    """

    mean: float
    scale: float
    fill: float
    has_missing: bool
    format: str
    cycles: tuple[float, ...]

    @classmethod
    def learned(cls, name: str, days: Sequence[float], format: str) -> Dates | LeftOut:
        present = known(days)
        if not len(present):
            return LeftOut(name, "left out: no cell has a value")
        if min(present) == max(present) and len(present) == len(days):
            return LeftOut(name, "left out: always the same date")
        scaled = Scaled.learned(name, [*days])
        span = max(present) - min(present)
        cycles = [DAYS_OF_A_YEAR] if span >= 180.0 else []
        if span >= 14.0 and len({int(day) % 7 for day in present}) > 2:
            cycles.append(7.0)
        if len({day % 1.0 for day in present}) > 2:
            cycles.append(1.0)
        circles = {DAYS_OF_A_YEAR: "year", 7.0: "week", 1.0: "day"}
        note = "date: days"
        if cycles:
            note += " and the place in the " + ", ".join(circles[cycle] for cycle in cycles)
        note += _noted(len(days) - len(present))
        return cls(
            name,
            note,
            scaled.mean,
            scaled.scale,
            scaled.fill,
            scaled.has_missing,
            format,
            tuple(cycles),
        )

    @property
    def names(self) -> list[str]:
        names = [self.name]
        for cycle in self.cycles:
            names += [f"{self.name} sin {cycle:g}", f"{self.name} cos {cycle:g}"]
        return [*names, f"{self.name} is missing"] if self.has_missing else names

    def encode(self, column: Column, *, fill: bool = False) -> list[Any]:
        if column.kind == "text":
            dates = text_cells.moments(column.cells, self.format)
            days = dates[0] if dates else []
            for place, (cell, day) in enumerate(zip(column.cells, days, strict=True)):
                if math.isnan(day) and not (fill or text_cells.is_missing(cell)):
                    raise UnknownCellError(
                        f"{cell!r:.60} is no date as in training ({self.format})", place
                    )
        else:
            days = _listed(column.cells)
        flags = _missing(days)
        if not (self.has_missing or fill):
            _refuse_missing(flags, column, "a date is needed there")
        filled = _filled(days, flags, self.fill)
        inputs = [Scaled("", "", self.mean, self.scale)._scaled(list(filled))]
        for cycle in self.cycles:
            angles = [math.tau * (day / cycle) for day in filled]
            inputs += [list(map(math.sin, angles)), list(map(math.cos, angles))]
        return [*inputs, flags][: self.width]


KINDS: dict[str, type[Coding]] = {
    "number": Scaled,
    "truth": Truths,
    "categories": Categories,
    "date": Dates,
    "left out": LeftOut,
}
"""The codings by the names that model files have for them."""


def known(values: Any) -> Any:
    """The values that are not NaN; an array of an array, a list of a list."""
    if hasattr(values, "astype"):
        return values[values == values]
    return [value for value in values if not math.isnan(value)]


def min_of(values: Any) -> float:
    """The least, of an array or a list."""
    return values.min() if hasattr(values, "min") else min(values)  # type: ignore[no-any-return]


def max_of(values: Any) -> float:
    """The largest."""
    return values.max() if hasattr(values, "max") else max(values)  # type: ignore[no-any-return]


def _median(values: Any) -> float:
    if hasattr(values, "astype"):
        import numpy as np

        return float(np.median(values))
    return float(statistics.median(values))


def _each(values: Any, function: Callable[[Any], Any]) -> list[float]:
    """The function of each value; of an array all at once, which rounds alike."""
    if hasattr(values, "tolist"):
        return function(values).tolist()  # type: ignore[no-any-return]
    return [function(value) for value in values]


def _indicators(codes: list[int], width: int) -> list[Any]:
    """For each number below the width, 1 where the code is that number."""
    if len(codes) < MANY_ROWS or find_spec("numpy") is None:
        return [[float(code == k) for code in codes] for k in range(width)]
    import numpy as np

    array = np.array(codes)
    return [(array == k).astype(float) for k in range(width)]


def _noted(missing: int) -> str:
    return f"; {missing:,} missing, filled and flagged" if missing else ""


def _missing(values: Any) -> Any:
    """1 where a value is NaN, else 0."""
    if hasattr(values, "astype"):
        return (values != values).astype(float)
    return [float(value != value) for value in values]


def _filled(values: Any, flags: Any, fill: float) -> Any:
    if hasattr(values, "astype"):
        filled = values.copy()
        filled[flags > 0.0] = fill
        return filled
    return [fill if flag else value for value, flag in zip(values, flags, strict=True)]


def _refuse_missing(flags: Any, column: Column, need: str) -> None:
    if any(flags) if isinstance(flags, list) else flags.any():
        place = [*flags].index(1.0)
        shown = "" if column.kind == "text" else " or holds no finite number"
        raise UnknownCellError(
            f"the cell is empty{shown}, and {need}: no training row had none; fill it in, or "
            "leave the row out (or let it be filled: --fill, fill=True)",
            place,
        )


def _listed(values: Any) -> list[float]:
    return values.tolist() if hasattr(values, "tolist") else [*values]
