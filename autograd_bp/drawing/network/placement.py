"""Where everything in a network diagram goes: columns of circles, in points, y upwards.

Positions are computed here and not by a layout program, so they are the same everywhere.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

from autograd_bp.drawing.network.wiring import Connection, Wiring

RADIUS, RADIUS_OF_CONSTANT = 22.0, 13.0
ROW_HEIGHT = 58.0  # from centre to centre
BELOW = 13.0  # the height of a line of text below each circle
PITCH = 150.0  # from column to column
MAX_COLUMNS = 16  # of more, the first and the last are drawn
Point = tuple[float, float]
Key = int | tuple[int, float]  # a unit, or a constant by column and number


@dataclass
class Circle:
    """A circle that is drawn: of a unit, or of a constant that biases stand on."""

    at: Point
    radius: float


@dataclass
class Placement:
    """Where the circles are.

    Attributes:
        circles: what is drawn, by unit or by constant.
        columns: the x of each column that is drawn, by its number.
        sizes: how many units each column has.
        folded: where dots stand for units that are left out.
        gap: the x where columns are left out, or None.
        below: the height of the text below each circle.
        used: how many edges pass through each gate, minus 1.
        bottom: the lower end of the circles.
    """

    circles: dict[Key, Circle] = field(default_factory=dict)
    columns: dict[int, float] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    folded: list[Point] = field(default_factory=list)
    gap: float | None = None
    below: float = 0.0
    used: dict[Point, int] = field(default_factory=dict)
    bottom: float = 0.0

    def source(self, edge: Connection, target_column: int) -> Key:
        """The circle at which an edge starts: constants stand in the column before the neuron."""
        return edge.source if edge.source is not None else (target_column - 1, edge.constant)

    def route(self, start: Key, end: Key) -> list[Point]:
        """The control points of an edge, from rim to rim, around the circles in between."""
        a, b = self.circles[start], self.circles[end]
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
        """A point in each column between: a free one, nearest to the straight line."""
        gates = []
        for x in self.columns.values():
            if a[0] + 1.0 < x < b[0] - 1.0:
                y = a[1] + (b[1] - a[1]) * (x - a[0]) / (b[0] - a[0])
                gates.append((x, self._gate(x, y)))
        return gates

    def _gate(self, x: float, y: float) -> float:
        """The height at which an edge passes a column that it would meet at `y`."""
        circles = [circle for circle in self.circles.values() if circle.at[0] == x]
        if all(
            y > circle.at[1] + circle.radius + 4.0
            or y < circle.at[1] - circle.radius - self.below - 4.0
            for circle in circles
        ):
            return y
        heights = sorted(circle.at[1] for circle in circles)
        lowest, highest = heights[0] - RADIUS - self.below - 8.0, heights[-1] + RADIUS + 8.0
        between = [
            (low + RADIUS + high - RADIUS - self.below) / 2
            for low, high in itertools.pairwise(heights)
        ]
        gate = min([lowest, highest, *between], key=lambda height: (abs(height - y), height))
        # Edges through one gate stand side by side.
        rank = self.used[x, gate] = self.used.get((x, gate), -1) + 1
        aside = -9.0 if gate == lowest else 9.0 if gate == highest else 1.5
        return gate + aside * rank


def place(
    wiring: Wiring,
    rows: int,
    pitch: float = PITCH,
    below: float = 0.0,
    *,
    columns: int = MAX_COLUMNS,
    row_height: float = ROW_HEIGHT,
) -> Placement:
    """The places of a wiring's circles.

    Arguments:
        wiring: the network.
        rows: the number of units in each column, at most.
        pitch: the distance from column to column.
        below: the height of the text below each circle.
        columns: the number of columns, at most.
        row_height: the distance from circle to circle, without that text.
    """
    placement = Placement(below=below)
    members: dict[int, list[int]] = {}
    for i, unit in enumerate(wiring.units):
        members.setdefault(unit.column, []).append(i)
    constants: dict[int, list[float]] = {}
    for connection in wiring.connections:
        if connection.source is None:
            before = wiring.units[connection.target].column - 1
            numbers = constants.setdefault(before, [])
            if connection.constant not in numbers:
                numbers.append(connection.constant)
    placement.sizes = {column: len(members[column]) for column in sorted(members)}
    shown, cut = first_and_last(sorted(members), columns)
    x = 0.0
    for k, column in enumerate(shown):
        if k == cut:
            placement.gap = x
            x += pitch
        placement.columns[column] = x
        numbers = sorted(constants.get(column, []))
        _stack(placement, column, members[column], rows, numbers, row_height)
        x += pitch
    placement.bottom = min(circle.at[1] for circle in placement.circles.values()) - RADIUS
    return placement


def first_and_last(items: Sequence[int], limit: int) -> tuple[list[int], int]:
    """The first and the last of many, `limit` together, and the index among them at which the
    others are left out (-1: nowhere).
    """
    if len(items) <= limit:
        return list(items), -1
    first = limit // 2 + limit % 2
    return [*items[:first], *items[len(items) - limit // 2 :]], first


def _stack(
    placement: Placement,
    column: int,
    units: list[int],
    rows: int,
    constants: list[float],
    row_height: float,
) -> None:
    """One column, centred at y = 0; constants stand on top."""
    x = placement.columns[column]
    shown, cut = first_and_last(units, rows)
    step = row_height + 0.6 * placement.below
    height = (len(shown) - 1 + (cut >= 0)) * step
    y = height / 2
    for k, constant in enumerate(reversed(constants), 1):
        at = (x, y + k * row_height * 0.85)
        placement.circles[column, constant] = Circle(at, RADIUS_OF_CONSTANT)
    for k, unit in enumerate(shown):
        if k == cut:
            placement.folded.append((x, y))
            y -= step
        placement.circles[unit] = Circle((x, y), RADIUS)
        y -= step


def _toward(a: Point, b: Point, distance: float) -> Point:
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    return a[0] + (b[0] - a[0]) * distance / length, a[1] + (b[1] - a[1]) * distance / length


def _slope(stops: list[Point], i: int) -> float:
    """Straight at the ends; through a gate in the direction of its neighbours."""
    before, after = stops[max(i - 1, 0)], stops[min(i + 1, len(stops) - 1)]
    return (after[1] - before[1]) / (after[0] - before[0])
