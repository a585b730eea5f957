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
CELLS = 32
OUTLIER = 8.0  # times the median third difference
HALVINGS = 40
VISIBLE = 64.0  # units of rounding of the function's values: jumps that are smaller are rounding


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
        step = width * scale / CELLS
        places = [line((k + 0.5) * step)[0] for k in range(-CELLS, CELLS)]
        values = [line(place)[1] for place in places]
        for k in _restless(values, VISIBLE * rounding * abs(at)):
            jump = jump_between(line, places[k], places[k + 1], rounding)
            if jump is not None:
                return jump
    return None


def _restless(values: Sequence[float], least: float) -> list[int]:
    """The cells in which something happens, the most notable ones first."""
    if not all(map(math.isfinite, values)):
        return []
    differences = list(values)
    for _ in range(3):
        differences = [b - a for a, b in pairwise(differences)]
    sizes = [abs(d) for d in differences]
    usual = sorted(sizes)[len(sizes) // 2]
    order = sorted(range(len(sizes)), key=lambda k: -sizes[k])[:4]
    notable = [k for k in order if sizes[k] > max(OUTLIER * usual, least)]
    # Where all of it is restless, any cell may hold a jump.
    notable = notable or [k for k in order[:2] if sizes[k] > least]
    return [k + 1 for k in notable]  # the middle one of three


def jump_between(line: Line, left: float, right: float, rounding: float) -> Jump | None:
    """The jump between two places, if the values there stay apart while the distance is halved."""
    (left, below), (right, above) = line(left), line(right)
    first, width = abs(above - below), right - left
    for _ in range(HALVINGS):
        middle, there = line(0.5 * (left + right))
        if not left < middle < right or not math.isfinite(there):
            break
        if abs(there - below) > abs(above - there):
            right, above = middle, there
        else:
            left, below = middle, there
    height = abs(above - below)
    usual = VISIBLE * rounding * max(abs(above), abs(below))
    slope = first / width if width > 0.0 else math.inf
    if not usual + 1e3 * slope * (right - left) < height < math.inf:
        return None
    return Jump(0.5 * (left + right), height)
