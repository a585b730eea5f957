"""A function that rests near a point, and moves farther off.

A median rests where another number moves, and so does a softmax that is saturated; their slope is
0. Values that are rounded to a grid rest, too, and their slope is not. What tells them apart is how
the function begins to move: a value on a grid jumps, and others do not.
"""

from __future__ import annotations

import math

from autograd_bp.checking.numeric.noise import Line

__all__ = ["resting_error"]

NEAREST = (2.0**-40, 2.0**-30, 2.0**-22)  # of the scale: where the function has to rest
SHARES = (0.61, 0.83)  # of a step: places in between
DOUBLINGS = 20
HALVINGS = 60
SMALL_RISE = 64.0  # roundings of the function: it begins to move by no more
LONG = 1e3  # roundings: how far the slope at long steps would have moved it while it rests


def resting_error(
    line: Line, at: float, scale: float, rounding: float, broad: float
) -> float | None:
    """How far the slope may be from 0, where the function rests near the point; None where it does
    not, or where it may be one of rounded values.

    Arguments:
        line: from a step to the step that was possible and the value there.
        at: the value at step 0.
        scale: the size of steps that change the function notably.
        rounding: the relative precision of its values.
        broad: its slope at long steps.
    """
    grain = rounding * abs(at)
    reaches = []
    for sign in (-1.0, 1.0):
        if any(line(sign * share * scale)[1] != at for share in NEAREST):
            return None
        reach = _reach(line, at, sign, scale, SMALL_RISE * (grain + rounding * broad * scale))
        if not reach * broad > LONG * grain:
            return None
        reaches.append(reach)
    return 4.0 * grain / min(reaches)


def _reach(line: Line, at: float, sign: float, scale: float, most: float) -> float:
    """How far the function rests on one side; 0 where it begins to move with a jump."""
    near = NEAREST[-1] * scale
    for _ in range(DOUBLINGS):
        far = 2.0 * near
        if any(line(sign * share * far)[1] != at for share in (*SHARES, 1.0)):
            break
        near = far
    else:
        return near
    for _ in range(HALVINGS):
        middle = 0.5 * (near + far)
        if not near < middle < far:
            break
        if line(sign * middle)[1] == at:
            near = middle
        else:
            far = middle
    value = line(sign * far)[1]
    return near if math.isfinite(value) and abs(value - at) <= most else 0.0
