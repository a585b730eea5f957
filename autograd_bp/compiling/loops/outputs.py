"""Where the outputs of loops are, in runs: a network has hundreds of thousands of derivatives, and
a pair of a name and a number for each of them would take longer than finding the places."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, overload

import numpy as np

__all__ = ["Outputs", "Run", "outputs_of", "places_in", "runs_of"]

Run = tuple[str, Any]  # a space, and an array of places in it
Output = tuple[str, int]  # a space, and a place in it


class Outputs(Sequence[Output]):
    """The places of outputs, each made when it is read; it equals the tuple of these.

    Arguments:
        runs: spaces, and arrays of places in each.

    Attributes:
        runs: as given.
    """

    __slots__ = ("_ends", "runs")

    def __init__(self, runs: Sequence[Run]) -> None:
        self.runs = tuple(runs)
        self._ends = np.cumsum([len(places) for _, places in self.runs], dtype=np.int64)

    def __len__(self) -> int:
        return int(self._ends[-1]) if len(self._ends) else 0

    @overload
    def __getitem__(self, k: int) -> Output: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Output, ...]: ...
    def __getitem__(self, k: int | slice) -> Output | tuple[Output, ...]:
        if isinstance(k, slice):
            return tuple(self)[k]
        place = range(len(self))[k]  # raises the error of a sequence
        run = int(np.searchsorted(self._ends, place, "right"))
        space, places = self.runs[run]
        return space, int(places[place - int(self._ends[run])])

    def __iter__(self) -> Iterator[Output]:
        return ((space, place) for space, places in self.runs for place in places.tolist())

    def chosen(self, chosen: Sequence[int]) -> list[Run]:
        """The places of some of them, in runs."""
        if isinstance(chosen, range) and chosen == range(len(self)):
            return list(self.runs)
        if not len(chosen):
            return []
        wanted = np.asarray(chosen, np.int64)
        spaces = list(dict.fromkeys([space for space, _ in self.runs]))
        codes = np.array([spaces.index(space) for space, _ in self.runs])
        of_each = codes[np.searchsorted(self._ends, wanted, "right")]
        places = np.concatenate([some for _, some in self.runs])[wanted]
        cuts = np.flatnonzero(np.diff(of_each)) + 1
        starts = [0, *cuts.tolist()]
        parts = np.split(places, cuts)
        return [(spaces[of_each[k]], part) for k, part in zip(starts, parts, strict=True)]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (tuple, Outputs)):
            return NotImplemented
        return len(other) == len(self) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return repr(tuple(self))

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (tuple(self),)


def outputs_of(summed: Sequence[bool], places: Any) -> Outputs:
    """The outputs at these places, those that are summed over the rows in the space "sum"."""
    where = np.array(places, np.int64)
    if len(set(summed)) == 1:
        return Outputs([("sum" if summed[0] else "per_row", where)])
    marks = np.array(summed, bool)
    cuts = np.flatnonzero(np.diff(marks)) + 1
    starts = [0, *cuts.tolist()] if len(marks) else []
    parts = np.split(where, cuts)
    return Outputs(
        [("sum" if marks[k] else "per_row", part) for k, part in zip(starts, parts, strict=False)]
    )


def runs_of(outputs: Sequence[Output], chosen: Sequence[int]) -> list[Run]:
    """The places of some outputs, those of one space that follow each other together."""
    if isinstance(outputs, Outputs):
        return outputs.chosen(chosen)
    return _grouped([outputs[k] for k in chosen])


def _grouped(outputs: Sequence[Output]) -> list[Run]:
    runs = groupby(outputs, key=lambda output: output[0])
    return [(space, np.array([place for _, place in run], np.int64)) for space, run in runs]


def places_in(space: str, outputs: Sequence[Output]) -> Any:
    """The places of the outputs that are in a space, as an array."""
    runs = outputs.runs if isinstance(outputs, Outputs) else _grouped(outputs)
    some = [places for where, places in runs if where == space]
    return np.concatenate(some) if some else np.zeros(0, np.int64)
