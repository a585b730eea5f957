"""What a grid is: a function that runs its cases and returns a table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import NamedTuple

Numbers = list[float]


@dataclasses.dataclass(frozen=True)
class Case:
    """A function of a list of numbers, a point, and a gradient to check there.

    Attributes:
        name: of the case.
        group: in which row of the table it is counted.
        f: the function, to be called with a list of floats or of Values.
        gradient: what is checked, on a list of floats; None for that of autodiff.
        claimed: the same on floats always, for checkers that know no Values.
        x: the point.
        hint: what a diagnosis must contain to count as named; nothing where there is no name.
        plant: where the mistake is planted; a suite that has several points for one plant
            catches it if it is caught at one of them.
    """

    name: str
    group: str
    f: Callable[[list], object]
    gradient: Callable[[list], Numbers] | None
    claimed: Callable[[list], Numbers]
    x: Numbers
    hint: str = ""
    plant: str = ""


class Table(NamedTuple):
    """The result of a grid: text, and the same as data."""

    headers: Sequence[str]
    rows: list[Sequence[str]]
    notes: list[str]
    data: dict


class Grid(NamedTuple):
    name: str
    title: str
    run: Callable[[], Table]


def share(part: int, whole: int) -> str:
    return f"{100.0 * part / whole:.1f} % ({part}/{whole})" if whole else "–"
