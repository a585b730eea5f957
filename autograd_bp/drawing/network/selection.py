"""Selects what is drawn of a network: which circles and edges, where, and whether edges have
numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograd_bp.drawing.network.placement import (
    MAX_COLUMNS,
    PITCH,
    ROW_HEIGHT,
    Placement,
    place,
)
from autograd_bp.drawing.network.wiring import Connection, Unit, Wiring

ROWS = 10  # circles in a column
MIN_PITCH = 100.0  # from column to column
NEAR = 51.0  # from circle to circle where there is little room
MAX_NUMBERED_WEIGHTS = 30  # weights up to which their numbers are written on the edges
CROWDED = 6  # circles in a column, above which columns stand further apart


@dataclass(frozen=True)
class Selection:
    """The part of a network that is drawn.

    Attributes:
        placement: where everything stands.
        units: the units that get a circle.
        edges: the connections that get an edge, in order.
        n_hidden: how many connections between drawn circles get none.
        has_numbers: True where weights are written on their edges.
    """

    placement: Placement
    units: list[int]
    edges: list[Connection]
    n_hidden: int
    has_numbers: bool


def select(
    wiring: Wiring,
    *,
    rows: int | None,
    max_edges: int,
    weights: bool | None,
    below: float,
    room: tuple[float, float] = (math.inf, math.inf),
) -> Selection:
    """Choose what is drawn.

    Arguments:
        wiring: the whole network.
        rows: the number of circles in a column; None for as many as have room, up to ROWS.
        max_edges: the number of edges; those with the largest weights are drawn.
        weights: whether weights are written on their edges; None where there are few.
        below: the height of the text below each circle.
        room: width and height in points, from the centre of the first column to that of the last,
            and from the highest circle to the lowest.
    """
    most = ROWS if rows is None else rows
    placement = place(wiring, most, below=below)
    edges, n_hidden = _strongest(wiring.connections, wiring.units, placement, max_edges)
    n_weights = sum(edge.weight is not None for edge in edges)
    has_numbers = n_weights <= MAX_NUMBERED_WEIGHTS if weights is None else weights
    crowd = max(placement.sizes.values())
    pitch = PITCH
    if crowd > CROWDED or (has_numbers and n_weights and crowd > 1):
        pitch = PITCH * (1.35 if crowd < CROWDED else 1.7)
    pitch, columns = _columns(len(placement.sizes), pitch, room[0])
    for count, row_height in _rows(most, room[1] if rows is None else math.inf):
        placement = place(wiring, count, pitch, below, columns=columns, row_height=row_height)
        if _height(placement) <= room[1]:
            break
    edges, n_hidden = _strongest(wiring.connections, wiring.units, placement, max_edges)
    units = [i for i in range(len(wiring.units)) if i in placement.circles]
    return Selection(placement, units, edges, n_hidden, has_numbers)


def _columns(count: int, pitch: float, room: float) -> tuple[float, int]:
    """The distance of columns and how many are drawn, so that they have room."""

    def length(columns: int) -> int:
        return min(count - 1, columns)  # one place is that of the columns left out

    for share in (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4):
        nearer = max(share * pitch, min(MIN_PITCH, pitch))
        if length(MAX_COLUMNS) * nearer <= room:
            return nearer, MAX_COLUMNS
    columns = MAX_COLUMNS
    while columns > 2 and length(columns) * nearer > room:
        columns -= 2
    return nearer, columns


def _rows(most: int, room: float) -> list[tuple[int, float]]:
    """Numbers of circles in a column with their distance, from the largest to the smallest."""
    if room == math.inf:
        return [(most, ROW_HEIGHT)]
    fewer = [(rows, NEAR) for rows in range(most, 1, -2)]
    return [(most, ROW_HEIGHT), *fewer]


def _height(placement: Placement) -> float:
    circles = placement.circles.values()
    return max(circle.at[1] + circle.radius for circle in circles) - placement.bottom


def _strongest(
    connections: Sequence[Connection], units: Sequence[Unit], placement: Placement, max_edges: int
) -> tuple[list[Connection], int]:
    """The edges that are drawn, in order, and how many between drawn circles are not."""
    drawable = [
        edge
        for edge in connections
        if edge.target in placement.circles
        and placement.source(edge, units[edge.target].column) in placement.circles
    ]
    if len(drawable) <= max_edges:
        return drawable, 0

    def size(k: int) -> float:
        weight = drawable[k].weight
        return -math.inf if weight is None else -abs(weight)

    chosen = sorted(sorted(range(len(drawable)), key=size)[:max_edges])
    return [drawable[k] for k in chosen], len(drawable) - max_edges
