"""Whether a slope that is not smooth has settled: whether the shortest steps show it as well.

Near the end of a domain or a pole, all but the last few steps are too long. What they see far away
on the one side then looks like a kink, an edge or a vertical tangent at the point. Values as near
as rounding allows tell these from real ones, and a shorter first step finds the slope.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from autograd_bp.checking.numeric.ladder import FIRST_STEP, MIN_DIVERGENCE, Side, Slope
from autograd_bp.checking.numeric.noise import Line
from autograd_bp.checking.numeric.tableau import SAFETY

__all__ = ["has_settled", "shorter_scales"]

NEAREST = 2.0**-40  # of the scale: the nearest step where the argument is 0
NOISES = 64.0  # of the function: so much a kink has to change it within a step
LEAST_SHARE = 0.25  # of a kink: how far a quotient may be from the one-sided slope
SMALL_RISE = 0.04  # of the rise at long steps: more beside the point is a jump, or a pole
FLAT = 1e-3  # of the slope at long steps: so much a slope at an edge may move nearby
DOUBLINGS = 3  # of a step, in which the quotients of an infinite slope fall
FINER = (2.0**-8, 2.0**-15, 2.0**-22, 2.0**-30, 2.0**-40)  # of the scale: where no edge is near
GRAINS = 64.0  # roundings of the argument: the shortest scale
BISECTIONS = 60
CLOSE_ENOUGH = 1.01  # ratio of the ends of an interval that holds an edge


def has_settled(found: Slope, line: Line, at: float, grain: float) -> bool:
    """Whether values as near as rounding allows show a slope that is not smooth.

    Arguments:
        found: the slope.
        line: from a step to the step that was possible and the value there.
        at: the value at step 0.
        grain: how far rounding moves the argument.
    """
    if found.kind in ("smooth", "unsettled"):
        return found.kind == "smooth"
    least = grain or NEAREST * found.scale
    if found.kind == "jump":
        return _jumps_nearby(found, line, at, least)
    values = [math.isfinite(line(sign * least)[1]) for sign in (-1.0, 1.0)]
    if found.kind == "none":
        return not any(values)
    sides = [(-1.0, found.left), (1.0, found.right)]
    if found.kind == "edge":
        if all(values):
            return False
        sides = [pair for pair in sides if pair[1].exists]
    step, gap = _nearest_step(found, grain)
    if step >= FIRST_STEP * found.scale:
        return True  # rounding hides all that is nearer
    slack = FLAT * found.broad if found.kind == "edge" else 0.0
    scale = found.scale
    return all(_shows(side, sign, line, at, step, least, gap, slack, scale) for sign, side in sides)


def _jumps_nearby(found: Slope, line: Line, at: float, least: float) -> bool:
    """Whether the values that are nearest to the point are on the other side of the jump."""
    for sign, side in ((-1.0, found.left), (1.0, found.right)):
        near, far = (line(sign * h)[1] for h in (least, FIRST_STEP * found.scale))
        if side.jumps and not abs(near - at) <= SMALL_RISE * abs(far - at):
            return True
    return False


def _nearest_step(found: Slope, grain: float) -> tuple[float, float]:
    """The shortest step in which rounding lets a change of slope be seen, and that change."""
    gap = abs(found.right.value - found.left.value)
    if not math.isfinite(gap):  # one of them is infinite
        sizes = [abs(side.value) for side in (found.left, found.right) if side.exists]
        gap = max(filter(math.isfinite, sizes), default=math.inf)
    step = 4.0 * grain or min(NEAREST * found.scale, found.step or math.inf)
    if 0.0 < gap < math.inf:
        step = max(step, NOISES * found.noise / gap)
    return step, gap


def _shows(
    side: Side,
    sign: float,
    line: Line,
    at: float,
    step: float,
    least: float,
    gap: float,
    slack: float,
    scale: float,
) -> bool:
    if math.isinf(side.value):
        near, far = (_quotient(line, at, sign * least * factor) for factor in (1.0, 2.0**DOUBLINGS))
        # Towards a vertical tangent a function rises less and less, and beside a pole it does not.
        rise = abs(line(sign * FIRST_STEP * scale)[1] - at)
        is_small = not abs(near) * least > SMALL_RISE * rise
        return is_small and not abs(near) < MIN_DIVERGENCE**DOUBLINGS * abs(far)
    distance = abs(_quotient(line, at, sign * step) - side.value)
    return distance <= LEAST_SHARE * gap + slack + SAFETY * side.error


def _quotient(line: Line, at: float, step: float) -> float:
    moved, value = line(step)
    return (value - at) / moved if moved else math.nan


def shorter_scales(line: Line, scale: float, grain: float, *, is_smooth: bool) -> Iterator[float]:
    """Scales of steps that may see what longer ones do not, from the longest: first the distance
    of an edge of the domain.

    Arguments:
        line: the function.
        scale: of the steps so far.
        grain: how far rounding moves the argument.
        is_smooth: whether only an edge is a reason for shorter steps.
    """
    edges = [_distance_of_the_edge(line, sign * FIRST_STEP * scale) for sign in (-1.0, 1.0)]
    edge = min(filter(None, edges), default=0.0)
    if edge:
        yield edge
    if is_smooth:
        return
    others = [scale * finer for finer in FINER if scale * finer > GRAINS * grain]
    yield from others
    if grain:
        yield GRAINS * grain


def _distance_of_the_edge(line: Line, step: float) -> float:
    """How far the domain goes towards a step that is outside of it; 0 where it is inside."""
    if math.isfinite(line(step)[1]):
        return 0.0
    inside, outside = 0.0, step
    for _ in range(BISECTIONS):
        if inside and abs(outside) <= CLOSE_ENOUGH * abs(inside):
            break
        middle = 0.5 * (inside + outside) if inside else outside / 2.0
        if math.isfinite(line(middle)[1]) and line(middle)[0]:
            inside = middle
        else:
            outside = middle
    return abs(inside)
