"""A jump of a function near a point: where two neighbouring floats have values far apart.

A solver that takes another number of steps jumps, and so does a share of simulated draws. A corner
is no jump. Values at equidistant points show between which two of them something happens; halving
the distance shows what.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd_bp.checking.numeric.noise import Line

__all__ = ["Jump", "jump_between", "nearest_jump"]

WIDTHS = (0.02, 0.15, 0.6)  # of the window, in units of the scale: on either side
CELLS = 64
ORDER = 6  # of differences, in which a smooth function vanishes and a jump does not
OUTLIER = 8.0  # times the median difference
CANDIDATES = 2
FINER = 15  # cells, into which a window of four is divided
ZOOMS = 24
VISIBLE = 64.0  # units of rounding of the function's values: jumps that are smaller are rounding
HALVINGS = 30
LASTING = 0.5  # of the height: so much of a jump is left when the distance is halved
GROWING = 4.0  # times the height: a pole grows when the distance is halved
STEEP = 300.0  # times the usual difference of neighbours: that of a jump


class Jump(NamedTuple):
    """How far from the point, and how high it is."""

    distance: float
    height: float


def nearest_jump(line: Line, at: float, scale: float, rounding: float) -> Jump | None:
    """A jump near a point; None where none is found.

    Arguments:
        line: the function.
        at: its value at the point.
        scale: the size of steps that change it notably.
        rounding: the relative precision of its numbers.
    """
    for width in WIDTHS:
        half = width * scale
        places = _places(-half, half, CELLS)
        values = [line(place)[1] for place in places]
        for k in _restless(values, rounding * abs(at), CANDIDATES):
            jump = jump_between(line, places[k + 1], places[k + ORDER - 1], rounding)
            if jump is not None:
                return jump
    return None


def jump_between(line: Line, left: float, right: float, rounding: float) -> Jump | None:
    """The jump between two places, found by looking closer and closer; None for a corner or a
    bend, which vanish in the closest look."""
    for _ in range(ZOOMS):
        places = _places(left, right, FINER)
        values = [line(place)[1] for place in places]
        if not all(map(math.isfinite, values)):
            return None
        steps = [abs(b - a) for a, b in pairwise(values)]
        height, size = max(steps), max(map(abs, values))
        if height > max(STEEP * sorted(steps)[FINER // 2], VISIBLE * rounding * size):
            k = steps.index(height)
            return _halved(line, (places[k], values[k]), (places[k + 1], values[k + 1]))
        k = next(iter(_restless(values, rounding * size, 1)), -1)
        if k < 0:
            return None
        left, right = places[k + 1], places[k + ORDER - 1]
        if not left < right:
            return None
    return None


def _halved(line: Line, left: tuple[float, float], right: tuple[float, float]) -> Jump | None:
    """The jump between two places and their values, if these stay apart to the last."""
    height = abs(right[1] - left[1])
    for _ in range(HALVINGS):
        middle, there = line(0.5 * (left[0] + right[0]))
        if not left[0] < middle < right[0] or not math.isfinite(there):
            break
        if abs(there - left[1]) > abs(right[1] - there):
            right = middle, there
        else:
            left = middle, there
        if not LASTING <= abs(right[1] - left[1]) / height <= GROWING:
            return None
    return Jump(0.5 * (left[0] + right[0]), abs(right[1] - left[1]))


def _places(left: float, right: float, cells: int) -> list[float]:
    width = right - left
    return [left + width * (k / cells) for k in range(cells + 1)]


def _restless(values: Sequence[float], rounding: float, most: int) -> list[int]:
    """Where differences of high order begin that are larger than others, the largest first."""
    if not all(map(math.isfinite, values)):
        return []
    differences = list(values)
    for _ in range(ORDER):
        differences = [b - a for a, b in pairwise(differences)]
    sizes = [abs(d) for d in differences]
    usual = sorted(sizes)[len(sizes) // 2]
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k])[:most]
    notable = [k for k in order if sizes[k] > max(OUTLIER * usual, VISIBLE * rounding)]
    # Where all of it is restless, any place may hold a jump.
    return notable or [k for k in order[:1] if sizes[k] > VISIBLE * rounding]
