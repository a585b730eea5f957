"""Encoder: any columns as inputs of a network, as learned on the training rows only.

Numbers are scaled to a mean of 0 and a standard deviation of 1, truths are 0 or 1, categories are
one input each, dates are scaled days and their place in the year, the week and the day. Cells that
are missing are filled, and an input says so. `learned` decides for each column; `report` tells it.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from autograd_bp.errors import DataError, ShapeError
from autograd_bp.training import cells as text_cells
from autograd_bp.training.coding import (
    Categories,
    Coding,
    Dates,
    LeftOut,
    Scaled,
    Truths,
    UnknownCellError,
    known,
    max_of,
    min_of,
)
from autograd_bp.training.frames import Column, Frame, listed

__all__ = ["Encoder", "coding_of"]

MAX_CATEGORIES = 50  # with an input of their own; the others are one
MIN_ROWS_OF_CATEGORY = 2
MAX_STRANGE = 0.05  # share of cells without a number in a column of numbers
MIN_ROWS_OF_IDENTIFIERS = 20
_IDENTIFIER = re.compile(
    r"(.*[_ .\-])?(id|idx|index|uuid|guid|key|row|rowid|rownum|row_?names?|nr|no|num|number|unnamed"
    r"|serial|rownames)([_ .:]?\d*)?|unnamed.*|.*Id|.*ID",
)


_CODE = re.compile(r"0\d+")


@dataclass(frozen=True)
class Encoder:
    """Makes inputs out of raw rows; a drop-in for `Scaling`.

    Attributes:
        codings: one for each column, those that are left out among them.
    """

    codings: tuple[Coding, ...]

    @classmethod
    def learned(cls, frame: Frame, columns: Sequence[str], keep: Sequence[str] = ()) -> Encoder:
        """The encoder of these rows: the training rows, never those that are held out.

        Arguments:
            frame: the rows.
            columns: the names of the input columns.
            keep: columns that are not left out although they look like identifiers.

        Raises: DataError when no column says anything.
        """
        codings = [coding_of(frame.columns[name], name in keep) for name in columns]
        encoder = cls(tuple(codings))
        if not encoder.width:
            raise DataError(
                f"{frame.source}: no column is left to learn from: "
                + "; ".join(f"{c.name!r:.40} {c.note}" for c in codings[:5])
            )
        return encoder

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the raw columns that are needed."""
        return tuple(coding.name for coding in self.codings if coding.width)

    @property
    def width(self) -> int:
        """The number of inputs."""
        return sum(coding.width for coding in self.codings)

    @property
    def names(self) -> list[str]:
        """The name of each input."""
        return [name for coding in self.codings for name in coding.names]

    def table(self, frame: Frame, *, fill: bool = False) -> list[Any]:
        """The inputs of all rows, a column for each: arrays of NumPy, or lists without it.

        Arguments:
            frame: the rows.
            fill: whether cells from which nothing can be told are filled, see `Coding.encode`.

        Raises: DataError naming a column that is missing, or the cell that cannot be encoded.
        """
        missing = [name for name in self.columns if name not in frame.columns]
        if missing:
            raise DataError(
                f"{frame.source}: {len(missing)} of the model's {len(self.columns)} columns are "
                f"missing ({listed(missing, 5)}); the header must name them as in training"
                f"{_alike(missing, frame.columns)}"
            )
        inputs: list[Any] = []
        for coding in self.codings:
            if coding.width:
                try:
                    inputs += coding.encode(frame.columns[coding.name], fill=fill)
                except UnknownCellError as unknown:
                    raise DataError(
                        f"{frame.place(unknown.place, coding.name)}: {unknown}"
                    ) from None
        return inputs

    def apply(self, row: Sequence[Any], *, fill: bool = False) -> list[float]:
        """The inputs for a row of raw cells, one for each of `columns`; `fill` as for `table`.

        Raises: ShapeError when it has another length; DataError naming the column of a cell that
            cannot be encoded.
        """
        columns = self.columns
        if len(row) != len(columns):
            raise ShapeError(f"a row of {len(columns)} cells is needed, got {len(row)}")
        cells = {name: Column(name, [cell]) for name, cell in zip(columns, row, strict=True)}
        return [float(c[0]) for c in self.table(Frame("the row", cells), fill=fill)]

    def report(self) -> list[tuple[str, str]]:
        """For each column, its name and what was done to it."""
        return [(coding.name, coding.note) for coding in self.codings]


def _alike(missing: Sequence[str], columns: Iterable[str]) -> str:
    """A hint where a column has the name of a missing one but for blanks and capitals."""
    names = {name.strip().casefold(): name for name in columns}
    alike = [(name, names.get(name.strip().casefold())) for name in missing]
    shown = [f"{other!r:.40} there is {name!r:.40} here" for name, other in alike if other]
    return f": {shown[0]}" if shown else ""


class _Facts(NamedTuple):
    """The facts that the training rows show of a column of text."""

    present: list[str]
    missing: int
    counts: Counter[str]


def coding_of(column: Column, keep: bool = False) -> Coding:
    """The coding of a column, decided by its cells.

    Arguments:
        column: its training rows.
        keep: whether it is not left out although it looks like an identifier.
    """
    name = column.name
    if column.kind == "truths":
        return _of_truths(name, column.cells)
    if column.kind == "dates":
        return Dates.learned(name, column.cells, "date")
    if column.kind == "numbers":
        return _of_numbers(name, text_cells.Numbers(column.cells, "", "", []), keep)
    cells = [cell.strip() for cell in column.cells]
    present = [cell for cell in cells if not text_cells.is_missing(cell)]
    facts = _Facts(present, len(cells) - len(present), Counter(present))
    if not present:
        return LeftOut(name, "left out: no cell has a value")
    return (
        _as_numbers(name, cells, facts, keep, column.comma)
        or _as_truths(name, facts)
        or _as_dates(name, cells, facts)
        or _as_categories(name, facts, keep)
    )


def _of_truths(name: str, values: Any) -> Coding:
    present = [value for value in values if not math.isnan(value)]
    if len(set(present)) < 2 and len(present) == len(values):
        return LeftOut(name, "left out: always the same")
    return Truths.learned(name, "true", "false", len(values) - len(present))


def _of_numbers(name: str, numbers: text_cells.Numbers, keep: bool) -> Coding:
    values: Any = numbers.values
    present = known(values)
    if not len(present):
        return LeftOut(name, "left out: no cell has a value")
    if min_of(present) == max_of(present) and len(present) == len(values):
        return LeftOut(name, f"left out: always {present[0]:g}")
    if len(present) == len(values) and not keep and _counts(name, _listed(present)):
        return LeftOut(name, "left out: it numbers the rows (--keep to learn from it)")
    return Scaled.learned(name, *numbers)


def _counts(name: str, values: list[float]) -> bool:
    """Whether a column numbers the rows: whole numbers that are all different, under a name such as
    id. The rows of a split are in another order, and some are missing."""
    if not _IDENTIFIER.fullmatch(name) and not _IDENTIFIER.fullmatch(name.lower()):
        return False
    return len(set(values)) == len(values) > 1 and all(value == int(value) for value in values)


def _as_numbers(
    name: str, cells: list[str], facts: _Facts, keep: bool, comma: bool
) -> Coding | None:
    distinct = list(facts.counts)
    for sample in (distinct[:100], distinct):
        strange = text_cells.numbers(sample, comma=comma).strange
        if sum(facts.counts[cell] for cell in strange) > MAX_STRANGE * len(facts.present):
            return None
    if any(map(_CODE.fullmatch, distinct)):
        return None  # "01234": codes, of which the zero is a part
    numbers = text_cells.numbers(cells, comma=comma)
    return _of_numbers(name, numbers, keep)


def _as_truths(name: str, facts: _Facts) -> Coding | None:
    words = text_cells.truths(facts.counts)
    return None if words is None else Truths.learned(name, *words, facts.missing)


def _as_dates(name: str, cells: list[str], facts: _Facts) -> Coding | None:
    dates = text_cells.moments(cells)
    if dates is None:
        return None
    if len(facts.counts) == 1 and not facts.missing:
        return LeftOut(name, f"left out: always {facts.present[0]:.40}")
    return Dates.learned(name, dates[0], dates[1])


def _as_categories(name: str, facts: _Facts, keep: bool) -> Coding:
    rows, counts = len(facts.present), facts.counts
    if len(counts) == 1 and not facts.missing:
        return LeftOut(name, f"left out: always {facts.present[0]:.40}")
    named_so = _IDENTIFIER.fullmatch(name) or _IDENTIFIER.fullmatch(name.lower())
    if len(counts) == rows and not keep and (rows >= MIN_ROWS_OF_IDENTIFIERS or named_so):
        return LeftOut(
            name, f"left out: every row has another text, such as {facts.present[0]!r:.32}"
        )
    frequent = [
        value
        for value, count in counts.most_common(MAX_CATEGORIES)
        if count >= MIN_ROWS_OF_CATEGORY or rows < MIN_ROWS_OF_IDENTIFIERS
    ]
    if not frequent:
        return LeftOut(
            name, f"left out: every row has another text, such as {facts.present[0]:.30}"
        )
    others = sum(counts.values()) - sum(counts[value] for value in frequent)
    return Categories.learned(name, sorted(frequent), facts.missing, others, len(counts))


def _listed(values: Any) -> list[float]:
    return values.tolist() if hasattr(values, "tolist") else values  # type: ignore[no-any-return]
