"""Tables of places that are written in short: those of the steps of a recurrence come again and
again, moved by the same distance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

MIN_SHORTENED = 64  # places in a row of a table
MAX_KEPT = 64  # places of it that are written


@dataclass(frozen=True)
class Short:
    """How the rows of a table are written in short.

    Attributes:
        head: how many places come before what is repeated; the first steps may differ.
        period: how many places are repeated.
        times: how many times they are there.
        distance: how far they move from one time to the next.
        kept: how many places of a row are written: the head, one period and what follows.
    """

    head: int
    period: int
    times: int
    distance: int
    kept: int

    def written(self, rows: Any) -> tuple[int, ...]:
        """The places that are written of all rows. To those that follow the last time, too, it
        is added how far that one moved."""
        at, more = self.head + self.period, self.times - 1
        parts = (rows[:, :at], rows[:, at + self.period * more :] - self.distance * more)
        return tuple(np.concatenate(parts, axis=1).ravel().tolist())

    def time(self, at: str) -> str:
        """In C: which time of the period place `at` of a row belongs to."""
        end = self.head + self.period * self.times
        text = f"({at} - {self.head})" if self.head else at
        text = text if self.period == 1 else f"{text} / {self.period}"
        if self.kept > self.head + self.period:
            text = f"{at} < {end} ? {text} : {self.times - 1}"
        if self.head:
            text = f"{at} < {self.head} ? 0 : {text}"
        return text if text == at else f"({text})"


def short_of(rows: Any) -> Short | None:
    """How the rows of a table are written in short; None where they are short, or not regular."""
    length = rows.shape[1]
    if length < MIN_SHORTENED:
        return None
    for period in range(1, MAX_KEPT + 1):
        moved = rows[:, period:] - rows[:, :-period]
        if not moved.shape[1]:
            return None
        middle = moved.shape[1] // 2
        distance = int(moved[0, middle])
        breaks = np.flatnonzero((moved != distance).any(axis=0))
        at = int(np.searchsorted(breaks, middle))
        if at < len(breaks) and breaks[at] == middle:
            continue
        head = int(breaks[at - 1]) + 1 if at else 0
        end = int(breaks[at]) if at < len(breaks) else moved.shape[1]
        times = (end - head) // period + 1
        kept = length - period * (times - 1)
        if kept <= min(MAX_KEPT, length // 2):
            return Short(head, period, times, distance, kept)
    return None


def in_rows(places: Sequence[int], length: int) -> Any:
    """A table as rows of so many places."""
    return np.asarray(places, np.int64).reshape(-1, length)
