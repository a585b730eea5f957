"""The quick look at all components of a gradient: which are confirmed by four values each.

Where the argument holds arrays, the work beside the calls is done for all components at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_bp.checking.gradient.axes import SMALL, Axes, usual_size
from autograd_bp.checking.gradient.point_function import PointFunction
from autograd_bp.checking.numeric.quick import LONGEST, agreement, steps

__all__ = ["quick_look"]

FAR = 0.2371  # of the scale: a step at which a function that did not move may move
Confirmed = tuple[float, float]  # the slope and how far it may be off


def quick_look(
    subject: PointFunction, axes: Axes, claims: Sequence[float], tolerance: float
) -> list[Confirmed | None]:
    """For each axis the slope and its error where it confirms the gradient; None elsewhere."""
    usual = usual_size(subject.point) if axes.places is not None else 0.0
    scales = [
        scale or max(abs(x), SMALL * usual)
        for scale, x in zip(axes.scales, axes.centres, strict=True)
    ]
    moves = [abs(c) * scale for c, scale in zip(claims, scales, strict=True)]
    largest = max(filter(math.isfinite, moves), default=0.0)
    if subject.numbers is not subject.point and axes.places is not None:
        return _of_arrays(subject, axes.places, scales, claims, largest, tolerance)
    return [
        _of_one(subject, axes, k, scales[k], claims[k], largest / scales[k], tolerance)
        for k in range(len(claims))
    ]


def _of_one(
    subject: PointFunction,
    axes: Axes,
    k: int,
    scale: float,
    claim: float,
    typical: float,
    tolerance: float,
) -> Confirmed | None:
    line, value, rounding = axes.lines(k), subject.value, subject.rounding
    if not math.isfinite(claim):
        return None
    h, ratio = steps(scale, claim, typical, value, rounding, tolerance, max)
    if not ratio * h <= LONGEST * scale:
        return None
    pairs = []
    for step in (h, ratio * h):
        up, above = line(step)
        down, below = line(-up)
        if up <= 0.0 or down != -up or not (math.isfinite(above) and math.isfinite(below)):
            return None
        pairs.append((up, above, below))
    look = agreement(claim, typical, value, pairs[0], pairs[1], rounding, tolerance, max)
    if not look.confirmed or not (look.moved or _rests(line, scale, value)):
        return None
    return look.slope, look.error


def _rests(line: Any, scale: float, value: float) -> bool:
    """Whether a function that has not moved yet does not move in long steps either."""
    return all(line(step)[1] == value for step in (FAR * scale, -FAR * scale))


def _of_arrays(
    subject: PointFunction,
    places: Sequence[int],
    scales: Sequence[float],
    claims: Sequence[float],
    largest: float,
    tolerance: float,
) -> list[Confirmed | None]:
    import numpy as np

    value, rounding = subject.value, subject.rounding
    scale, claim = np.array(scales), np.array(claims)
    x = subject.numbers[list(places)]
    typical = largest / scale
    h, ratio = steps(scale, claim, typical, value, rounding, tolerance, np.maximum)
    usable = np.isfinite(claim) & (ratio * h <= LONGEST * scale)
    moved = [subject.rounded_array(x + step) for step in (h, ratio * h)]
    ups = [there - x for there in moved]
    backs = [subject.rounded_array(x - up) for up in ups]
    for up, back in zip(ups, backs, strict=True):
        usable &= (up > 0.0) & (x - back == up)
    values = _values(subject, places, usable, [moved[0], backs[0], moved[1], backs[1]])
    with np.errstate(all="ignore"):
        usable &= np.isfinite(values).all(axis=0)
        near, far = (ups[0], values[0], values[1]), (ups[1], values[2], values[3])
        look = agreement(claim, typical, value, near, far, rounding, tolerance, np.maximum)
    confirmed = usable & look.confirmed
    for k in np.flatnonzero(confirmed & ~look.moved).tolist():
        confirmed[k] = _rests(subject.line(places[k]), scales[k], value)
    slopes, errors = look.slope.tolist(), look.error.tolist()
    return [
        (slopes[k], errors[k]) if is_confirmed else None
        for k, is_confirmed in enumerate(confirmed.tolist())
    ]


def _values(subject: PointFunction, places: Sequence[int], usable: Any, moved: list[Any]) -> Any:
    """The function with one number moved, for each way to move it and each component."""
    import numpy as np

    numbers, at = subject.copy(), subject.at
    columns = np.array(moved).T.tolist()
    values = []
    with subject.paused():
        for i, is_usable, column in zip(places, usable.tolist(), columns, strict=True):
            row = []
            x = numbers[i]
            for there in column:
                numbers[i] = there
                row.append(at(numbers) if is_usable else math.nan)
            numbers[i] = x
            values.append(row)
    return np.array(values).T
