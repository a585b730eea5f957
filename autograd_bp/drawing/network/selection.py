"""Selects what is drawn of a network: which circles and edges, where, and whether edges have
numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograd_bp.drawing.network.placement import PITCH, Placement, place
from autograd_bp.drawing.network.wiring import Connection, Unit, Wiring

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
    wiring: Wiring, *, rows: int, max_edges: int, weights: bool | None, below: float
) -> Selection:
    """Choose what is drawn.

    Arguments:
        wiring: the whole network.
        rows: the number of circles in a column.
        max_edges: the number of edges; those with the largest weights are drawn.
        weights: whether weights are written on their edges; None where there are few.
        below: the height of the text below each circle.
    """
    placement = place(wiring, rows, below=below)
    edges, n_hidden = _strongest(wiring.connections, wiring.units, placement, max_edges)
    n_weights = sum(edge.weight is not None for edge in edges)
    has_numbers = n_weights <= MAX_NUMBERED_WEIGHTS if weights is None else weights
    crowd = max(placement.sizes.values())
    if crowd > CROWDED or (has_numbers and n_weights and crowd > 1):
        pitch = PITCH * (1.35 if crowd < CROWDED else 1.7)
        placement = place(wiring, rows, pitch, below)
    units = [i for i in range(len(wiring.units)) if i in placement.circles]
    return Selection(placement, units, edges, n_hidden, has_numbers)


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
