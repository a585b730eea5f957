"""The quick look at all components of a gradient: which are confirmed by four values each.

Where the argument holds arrays, the work beside the calls is done for all components at once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_bp.checking.gradient.axes import SMALL, Axes, usual_size
from autograd_bp.checking.gradient.point_function import PointFunction
from autograd_bp.checking.numeric.quick import LONGEST, Look, agreement, ratio_of_steps, steps

__all__ = ["quick_look"]

LONGER = 4.0  # times the steps of the first look, where rounding inside the function disturbed it
BINADES = 2.0  # units of rounding just above twice x
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
        # The same length but for the last bit of x.
        if up <= 0.0 or abs(up + down) > BINADES * rounding * abs(axes.centres[k]):
            return None
        if not (math.isfinite(above) and math.isfinite(below)):
            return None
        pairs.append((0.5 * (up - down), above, below))
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

    scale, claim, chosen = np.array(scales), np.array(claims), np.array(places)
    typical = largest / scale
    h, _ = steps(scale, claim, typical, subject.value, subject.rounding, tolerance, np.maximum)
    result: list[Confirmed | None] = [None] * len(scales)
    left = np.arange(len(scales))
    for factor in (1.0, LONGER):
        look = _look(subject, chosen[left], scale[left], claim[left], typical[left],
                     factor * h[left], tolerance)  # fmt: skip
        slopes, errors = look.slope.tolist(), look.error.tolist()
        for k in np.flatnonzero(look.confirmed & ~look.moved).tolist():
            i = int(left[k])
            look.confirmed[k] = _rests(subject.line(places[i]), scales[i], subject.value)
        for k in np.flatnonzero(look.confirmed).tolist():
            result[left[k]] = slopes[k], errors[k]
        left = left[~look.confirmed]
        if not len(left):
            break
    return result


def _look(
    subject: PointFunction,
    places: Any,
    scale: Any,
    claim: Any,
    typical: Any,
    h: Any,
    tolerance: float,
) -> Look:
    """The look at these components with steps of these lengths."""
    import numpy as np

    value, rounding = subject.value, subject.rounding
    x, ratio = subject.numbers[places], ratio_of_steps(rounding)
    usable = np.isfinite(claim) & (ratio * h <= LONGEST * scale)
    # Steps on a grid that the precision of x allows on both sides, also beside a power of two.
    grid = np.ldexp(BINADES * rounding, np.frexp(x)[1])
    grid[x == 0.0] = 0.0
    with np.errstate(all="ignore"):
        h = np.where(grid > 0.0, np.ceil(h / grid) * grid, h)
    moved = [subject.rounded_array(x + step) for step in (h, ratio * h)]
    backs = [subject.rounded_array(x - (there - x)) for there in moved]
    widths = []
    for there, back in zip(moved, backs, strict=True):
        up, down = there - x, x - back  # the same but for the last bit of x
        usable &= (up > 0.0) & (np.abs(up - down) <= BINADES * rounding * np.abs(x))
        widths.append(0.5 * (up + down))
    columns = [moved[0], backs[0], moved[1], backs[1]]
    values = _values(subject, places.tolist(), usable, columns)
    with np.errstate(all="ignore"):
        usable &= np.isfinite(values).all(axis=0)
        near, far = (widths[0], values[0], values[1]), (widths[1], values[2], values[3])
        look = agreement(claim, typical, value, near, far, rounding, tolerance, np.maximum)
    return look._replace(confirmed=usable & look.confirmed)


def _values(subject: PointFunction, places: Sequence[int], usable: Any, moved: list[Any]) -> Any:
    """The function with one number moved, for each way to move it and each component."""
    import numpy as np

    numbers, at = subject.copy(), subject.at
    columns = np.array(moved).T.tolist()
    nothing = [math.nan] * len(moved)
    values = []
    with subject.paused():
        for i, is_usable, column in zip(places, usable.tolist(), columns, strict=True):
            if is_usable:
                x = numbers[i]
                row = []
                for there in column:
                    numbers[i] = there
                    row.append(at(numbers))
                values.append(row)
                numbers[i] = x
            else:
                values.append(nothing)
    return np.array(values).T
