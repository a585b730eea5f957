"""The table of a report as text: the columns that fit, the wrong rows first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from autograd_bp.notation.numbers import number
from autograd_bp.notation.text import short

if TYPE_CHECKING:
    from autograd_bp.checking.gradient.report import Component

__all__ = ["badness", "chosen", "html_cells", "rest_in_words", "table_lines"]

WIDTH = 72  # pytest puts 8 columns before each line of a message
MAX_ROWS = 10
MAX_NAME = 24
DIGITS = 10
_CLOSE = 1e-7  # below this relative error all digits are needed to see it


class _Column(NamedTuple):
    """A column: its head, the text of a cell with so many digits, and how soon it is left out."""

    head: str
    cell: Callable[[Component, int], str]
    rank: int = 0


def _shown(x: float | None, digits: int) -> str:
    return "" if x is None else number(x + 0.0, digits)


def _short(x: float) -> str:
    return "" if math.isnan(x) else number(x, 3)


def _side(x: float) -> str:
    return "none" if math.isnan(x) else number(x + 0.0, 6)


def _numerical(part: Component, digits: int) -> str:
    if part.left is not None and part.right is not None:
        return f"{_side(part.left)} | {_side(part.right)}"
    if math.isnan(part.numerical):
        return ""
    spread = f" ± {part.numerical_error:.1g}" if part.numerical_error else ""
    return number(part.numerical + 0.0, min(digits, 15)) + spread


_COLUMNS = (
    _Column("component", lambda part, _: short(part.name, MAX_NAME)),
    _Column("verdict", lambda part, _: str(part.verdict)),
    _Column("hand-derived", lambda part, digits: _shown(part.given, digits)),
    _Column("autodiff", lambda part, digits: _shown(part.autodiff, digits), 1),
    _Column("numerical", _numerical, 2),
    _Column("high precision", lambda part, digits: _shown(part.precise, digits)),
    _Column("error", lambda part, _: _short(part.error), 3),
    _Column("tolerance", lambda part, _: _short(part.tolerance), 4),
    _Column("ulps", lambda part, _: _short(part.ulps), 5),
)
_TEXTS = ("component", "verdict")


def chosen(parts: Sequence[Component], *, full: bool) -> list[Component]:
    """The components that a table shows: those that are not ok, or else all; the worst of many."""
    bad = [part for part in parts if not part.ok]
    if full:
        return [*bad, *(part for part in parts if part.ok)]
    shown = bad or list(parts)
    if len(shown) <= MAX_ROWS:
        return shown
    worst = sorted(shown, key=badness, reverse=True)[:MAX_ROWS]
    kept = {id(part) for part in worst}
    return [part for part in shown if id(part) in kept]


def badness(part: Component) -> tuple[int, float]:
    """Graver components have a larger one; of equal verdicts, those with a larger error."""
    return part.verdict.gravity, part.error if part.error == part.error else math.inf


def rest_in_words(parts: Sequence[Component], shown: Sequence[Component]) -> list[str]:
    """A line that sums up the components which are not shown."""
    kept = {id(part) for part in shown}
    rest = [part for part in parts if id(part) not in kept]
    if not rest:
        return []
    counts: dict[str, int] = {}
    for part in rest:
        counts[str(part.verdict)] = counts.get(str(part.verdict), 0) + 1
    verdicts = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    if len(counts) == 1:
        verdicts = next(iter(counts))
    errors = [part.error for part in rest if part.error == part.error]
    error = f", relative error at most {number(max(errors), 2)}" if any(errors) else ""
    more = "1 more component" if len(rest) == 1 else f"{len(rest):,} more components"
    return [f"and {more}: {verdicts}{error}"]


def table_lines(shown: Sequence[Component], width: int = WIDTH) -> list[str]:
    """The table, at most so wide: it has as many columns and digits as fit."""
    most, least = _digits(shown)
    digits = [count for count in (most, 8, 6) if least <= count <= most]
    best: list[str] = []
    for columns in _selections(shown):
        for count in digits:
            lines = _aligned([[c.head, *(c.cell(part, count) for part in shown)] for c in columns])
            if _width(lines) <= width:
                return lines
            best = min(best or lines, lines, key=_width)
    return best


def _selections(shown: Sequence[Component]) -> Iterator[list[_Column]]:
    """The columns of the table, more and more of them left out."""
    is_precise = any(part.precise is not None for part in shown)
    for rank in (6, 5, 4, 2, 1, 3):  # those of at least this rank are left out
        if rank <= 2 and not is_precise:
            yield [c for c in _COLUMNS if c.rank in (0, rank, 3)]
        else:
            yield [c for c in _COLUMNS if c.rank == 0 or c.rank < rank]


def _width(lines: Sequence[str]) -> int:
    return max(map(len, lines))


def html_cells(shown: Sequence[Component]) -> list[list[str]]:
    """All columns that are not empty, the head first in each row's place."""
    digits, _ = _digits(shown)
    columns = [[c.head, *(c.cell(part, digits) for part in shown)] for c in _COLUMNS]
    return [list(row) for row in zip(*(c for c in columns if any(c[1:])), strict=True)]


def _digits(shown: Sequence[Component]) -> tuple[int, int]:
    """How many digits are printed where there is room, and how many are needed."""
    if any(not part.ok and 0.0 < part.error < _CLOSE for part in shown):
        return 17, 17
    errors = [part.error for part in shown if not part.ok and 0.0 < part.error < 1.0]
    return DIGITS, min(DIGITS, max(6, 2 - math.floor(math.log10(min(errors, default=1.0)))))


def _aligned(columns: list[list[str]]) -> list[str]:
    """A table as text, without the columns that are empty below the head."""
    filled = [column for column in columns if any(column[1:])]
    widths = [max(map(len, column)) for column in filled]
    lines = []
    for cells in zip(*filled, strict=True):
        padded = [
            cell.ljust(width) if column[0] in _TEXTS else cell.rjust(width)
            for cell, width, column in zip(cells, widths, filled, strict=True)
        ]
        lines.append("  ".join(padded).rstrip())
    return lines
