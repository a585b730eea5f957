"""A slope that rounding hides at the point, tested where it shows.

The share of a class in a softmax may be 1e-20, beside a function of 1: no difference can tell it
from 0, nor from its negative. Where the number of that class is larger, its slope shows, and the
gradient function can be tested there.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from autograd_bp.checking.gradient.axes import SMALL, Axes, usual_size
from autograd_bp.checking.gradient.subject import Subject
from autograd_bp.checking.numeric.differences import Slope, best_slope
from autograd_bp.checking.numeric.tableau import SAFETY

__all__ = ["is_faint", "is_right_elsewhere"]

FAINT = 1e5  # units of rounding: a slope that changes the function by less over the scale
SHOWS = 1e-4  # of the function: a slope that changes it by as much over the scale
SHIFTS = (0.25, -0.25, 0.5, -0.5, 1.0, -1.0, 2.0, -2.0, 4.0, -4.0)  # of the scale
ENOUGH = 2  # places
CLOSE = 1e-6  # relative: how near the gradient has to be there
SHARP = 1e-4  # relative: and how well the differences have to know it


def is_faint(subject: Subject, claim: float, found: Slope) -> bool:
    """Whether a slope is smaller than differences can see at the point, and is no 0."""
    if claim == 0.0 or not math.isfinite(claim) or found.kind != "smooth":
        return False
    return abs(claim) * found.scale <= FAINT * subject.rounding * abs(subject.value)


def is_right_elsewhere(subject: Subject, axes: Axes, gradient: Any, k: int) -> bool:
    """Whether the gradient function is right along an axis at other places, where its slope shows.

    Arguments:
        subject: the function.
        axes: along which its gradient is checked.
        gradient: the gradient function.
        k: the place of an axis.
    """
    if axes.places is None or not callable(gradient):
        return False
    line, claims = axes.lines(k), subject.gradient_line(gradient, axes.places[k])
    x, tested = axes.centres[k], 0
    scale = axes.scales[k] or max(abs(x), SMALL * usual_size(subject.point))
    for shift in _shifts(subject, axes.places[k], scale):
        (moved, value), (_, claim) = line(shift), claims(shift)
        if not (math.isfinite(value) and math.isfinite(claim)):
            continue
        if abs(claim) * scale < SHOWS * abs(value):
            continue

        def beyond(step: float, moved: float = moved) -> tuple[float, float]:
            there, value = line(moved + step)
            return there - moved, value

        found = best_slope(beyond, value, x + moved, scale, subject.rounding)
        if found.kind != "smooth" or SAFETY * found.error > SHARP * abs(claim):
            continue
        if abs(claim - found.value) > CLOSE * abs(claim) + SAFETY * found.error:
            return False
        tested += 1
        if tested == ENOUGH:
            break
    return tested > 0


def _shifts(subject: Subject, place: int, scale: float) -> Iterator[float]:
    """How far the number is moved: to the others, for what is small here may be large for those,
    and by shares of its size."""
    x, others = subject.point[place], sorted(set(subject.point))
    for other in (others[-1], others[0], others[len(others) // 2]):
        if other != x:
            yield other - x
    yield from (shift * scale for shift in SHIFTS)
