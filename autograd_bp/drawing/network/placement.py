"""Where everything in a network diagram goes: columns of circles, in points, y upwards.

Positions are computed here and not by a layout program, so they are the same everywhere.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd_bp.drawing.network.wiring import Wiring

RADIUS, SMALL = 22.0, 13.0
ROW = 58.0  # from centre to centre
BELOW = 13.0  # what a line of text below each circle takes
PITCH = 150.0  # from column to column
COLUMNS = 16  # more are folded
Point = tuple[float, float]
Key = int | tuple[int, float]  # a unit, or a constant by column and number


@dataclass
class Place:
    """A circle that is drawn: of a unit, or of a constant that biases stand on."""

    at: Point
    radius: float


@dataclass
class Plan:
    """Where the circles are.

    Attributes:
        places: what is drawn, by unit or by constant.
        columns: the x of each column that is drawn, by its number.
        sizes: how many units each column has.
        folded: where dots stand for units that are left out.
        gap: the x where columns are left out, or None.
        below: the height of the text below each circle.
        top, bottom, right: the extent of the circles.
    """

    places: dict[Key, Place] = field(default_factory=dict)
    columns: dict[int, float] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    folded: list[Point] = field(default_factory=list)
    gap: float | None = None
    below: float = 0.0
    used: dict[Point, int] = field(default_factory=dict)
    top: float = 0.0
    bottom: float = 0.0
    right: float = 0.0

    def source(self, source: int | None, target_column: int, constant: float) -> Key:
        """Where an arrow starts: constants stand in the column before the neuron."""
        return source if source is not None else (target_column - 1, constant)

    def route(self, start: Key, end: Key) -> list[Point]:
        """The control points of an edge, from rim to rim, around the circles in between."""
        a, b = self.places[start], self.places[end]
        stops = [a.at, *self._gates(a.at, b.at), b.at]
        points = [_toward(a.at, stops[1], a.radius)]
        last = _toward(b.at, stops[-2], b.radius + 1.0)
        stops = [points[0], *stops[1:-1], last]
        for i in range(len(stops) - 1):
            here, there = stops[i], stops[i + 1]
            reach = (there[0] - here[0]) / 3.0
            points += [
                (here[0] + reach, here[1] + reach * _slope(stops, i)),
                (there[0] - reach, there[1] - reach * _slope(stops, i + 1)),
                there,
            ]
        return points

    def _gates(self, a: Point, b: Point) -> list[Point]:
        """A point in each column between: where the way is free, nearest to the straight line."""
        found = []
        for x in self.columns.values():
            if not a[0] + 1.0 < x < b[0] - 1.0:
                continue
            y = a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])
            taken = [place for place in self.places.values() if place.at[0] == x]
            if all(
                y > place.at[1] + place.radius + 4.0
                or y < place.at[1] - place.radius - self.below - 4.0
                for place in taken
            ):
                found.append((x, y))
                continue
            heights = sorted(place.at[1] for place in taken)
            lowest = heights[0] - RADIUS - self.below - 8.0
            free = [lowest, heights[-1] + RADIUS + 8.0]
            free += [
                (low + RADIUS + high - RADIUS - self.below) / 2
                for low, high in itertools.pairwise(heights)
            ]
            gate = x, min(free, key=lambda each: (abs(each - y), each))
            again = self.used[gate] = self.used.get(gate, -1) + 1
            aside = -9.0 if gate[1] == lowest else 9.0 if gate[1] == free[1] else 1.5
            found.append((x, gate[1] + aside * again))
        return found


def make(wiring: Wiring, rows: int, pitch: float = PITCH, below: float = 0.0) -> Plan:
    """The places of a wiring's circles, at most `rows` units in each column."""
    plan = Plan(below=below)
    columns: dict[int, list[int]] = {}
    for i, unit in enumerate(wiring.units):
        columns.setdefault(unit.column, []).append(i)
    constants: dict[int, list[float]] = {}
    for connection in wiring.connections:
        if connection.source is None:
            before = wiring.units[connection.target].column - 1
            here = constants.setdefault(before, [])
            if connection.constant not in here:
                here.append(connection.constant)
    numbers = sorted(columns)
    plan.sizes = {number: len(columns[number]) for number in numbers}
    shown, cut = folded(numbers, COLUMNS)
    x = 0.0
    for k, number in enumerate(shown):
        if k == cut:
            plan.gap = x
            x += pitch
        plan.columns[number] = x
        _stack(plan, x, columns[number], rows, sorted(constants.get(number, [])), number)
        x += pitch
    heights = [place.at[1] for place in plan.places.values()]
    plan.top, plan.bottom = max(heights) + RADIUS, min(heights) - RADIUS
    plan.right = max(plan.columns.values()) + RADIUS
    return plan


def folded(items: Sequence[int], most: int) -> tuple[list[int], int]:
    """The first and the last of many, and the place of what is left out between (-1: nothing)."""
    if len(items) <= most:
        return list(items), -1
    first = most // 2 + most % 2
    return [*items[:first], *items[len(items) - most // 2 :]], first


def _stack(
    plan: Plan, x: float, units: list[int], rows: int, constants: list[float], number: int
) -> None:
    """One column, centred at y = 0; constants stand on top."""
    shown, cut = folded(units, rows)
    step = ROW + 0.6 * plan.below
    height = (len(shown) - 1 + (cut >= 0)) * step
    y = height / 2
    for k, constant in enumerate(reversed(constants), 1):
        plan.places[number, constant] = Place((x, y + k * ROW * 0.85), SMALL)
    for k, unit in enumerate(shown):
        if k == cut:
            plan.folded.append((x, y))
            y -= step
        plan.places[unit] = Place((x, y), RADIUS)
        y -= step


def _toward(a: Point, b: Point, distance: float) -> Point:
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    return a[0] + (b[0] - a[0]) * distance / length, a[1] + (b[1] - a[1]) * distance / length


def _slope(stops: list[Point], i: int) -> float:
    """Straight at the ends; through a gate in the direction of its neighbours."""
    before, after = stops[max(i - 1, 0)], stops[min(i + 1, len(stops) - 1)]
    return (after[1] - before[1]) / (after[0] - before[0])
