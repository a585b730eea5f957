"""A step length along a direction, by which a function falls enough.

J. J. Moré and D. J. Thuente, Line search algorithms with guaranteed sufficient decrease, ACM TOMS
20 (1994): a step t that satisfies φ(t) ≤ φ(0) + μ t φ'(0) and |φ'(t)| ≤ η |φ'(0)|. An interval
that holds such a step shrinks by cubic and quadratic interpolation.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

__all__ = ["Point", "line_search"]

DECREASE, CURVATURE, WIDTH = 1e-3, 0.9, 0.1  # μ, η, and the relative width that ends the search
MOST_TRIALS = 20
LEAST_GROWTH, MOST_GROWTH = 1.1, 4.0  # of a step while no interval is known
SHRINKING = 0.66  # of the interval, in two trials
LONGEST = 1e10


class Point(NamedTuple):
    """A step, the function there, and its slope along the direction."""

    step: float
    value: float
    slope: float


Function = Callable[[float], tuple[float, float]]


def line_search(function: Function, start: Point, step: float) -> Point | None:
    """A point that satisfies both conditions, or the best that was found.

    Arguments:
        function: step -> φ(step), φ'(step).
        start: the point of step 0, whose slope is below 0.
        step: the first trial.

    Returns: the point; None where no trial was better than the start.
    """
    search = _Search(start, step)
    best: Point | None = None
    for _ in range(MOST_TRIALS):
        point = Point(search.step, *function(search.step))
        if not (math.isfinite(point.value) and math.isfinite(point.slope)):
            if not search.shorten():
                break
            continue
        if point.value < (start.value if best is None else best.value):
            best = point
        if search.is_over(point):
            return point if search.is_enough(point) else best
        search.advance(point)
    return best


class _Search:
    """The interval between the best point and the other end, and the step to try next."""

    def __init__(self, start: Point, step: float) -> None:
        self.start, self.step = start, step
        self.best = self.other = start
        self.is_bracketed, self.is_second_stage = False, False
        self.low, self.high = 0.0, step + MOST_GROWTH * step
        self.width, self.width_before = LONGEST, 2.0 * LONGEST
        self.descent = DECREASE * start.slope

    def shorten(self) -> bool:
        """Half the way, where the function is no finite number; False where that is no step."""
        self.high = min(self.high, self.step)
        self.step = self.best.step + 0.5 * (self.step - self.best.step)
        return self.step != self.best.step

    def is_enough(self, point: Point) -> bool:
        return (
            point.value <= self.start.value + point.step * self.descent
            and abs(point.slope) <= -CURVATURE * self.start.slope
        )

    def is_over(self, point: Point) -> bool:
        """Whether the point will do, or there is none that is better."""
        if self.is_enough(point):
            return True
        if self.is_bracketed:
            at_end = point.step <= self.low or point.step >= self.high
            return at_end or self.high - self.low <= WIDTH * self.high
        limit = self.start.value + point.step * self.descent
        return point.step >= LONGEST and point.value <= limit and point.slope <= self.descent

    def advance(self, point: Point) -> None:
        """Take the point into the interval, and choose the next step."""
        limit = self.start.value + point.step * self.descent
        if not self.is_second_stage and point.value <= limit and point.slope >= 0.0:
            self.is_second_stage = True
        if not self.is_second_stage and limit < point.value <= self.best.value:
            # The auxiliary function ψ(t) = φ(t) - φ(0) - μ t φ'(0) has a minimum to look for.
            best, other, tried = (self._lowered(p) for p in (self.best, self.other, point))
            self._move(best, other, tried)
            self.best, self.other = self._raised(self.best), self._raised(self.other)
        else:
            self._move(self.best, self.other, point)
        if self.is_bracketed:
            self._shrink()
        else:
            self.low = self.step + LEAST_GROWTH * (self.step - self.best.step)
            self.high = self.step + MOST_GROWTH * (self.step - self.best.step)
        self.step = min(max(self.step, 0.0), LONGEST)
        if self.is_bracketed and (
            self.step <= self.low
            or self.step >= self.high
            or self.high - self.low <= WIDTH * self.high
        ):
            self.step = self.best.step

    def _shrink(self) -> None:
        distance = abs(self.other.step - self.best.step)
        if distance >= SHRINKING * self.width_before:
            self.step = self.best.step + 0.5 * (self.other.step - self.best.step)
        self.width_before, self.width = self.width, distance
        self.low = min(self.best.step, self.other.step)
        self.high = max(self.best.step, self.other.step)

    def _lowered(self, point: Point) -> Point:
        step, value, slope = point
        return Point(step, value - step * self.descent, slope - self.descent)

    def _raised(self, point: Point) -> Point:
        step, value, slope = point
        return Point(step, value + step * self.descent, slope + self.descent)

    def _move(self, best: Point, other: Point, tried: Point) -> None:
        """The next step by the four cases of the publication, and the new interval."""
        is_opposite = tried.slope * math.copysign(1.0, best.slope) < 0.0
        if tried.value > best.value:
            self.step, self.is_bracketed = _higher(best, tried), True
        elif is_opposite:
            self.step, self.is_bracketed = _beyond(best, tried), True
        elif abs(tried.slope) < abs(best.slope):
            self.step = self._flatter(best, other, tried)
        elif self.is_bracketed:
            self.step = _secant_cubic(tried, other)
        else:
            self.step = self.high if tried.step > best.step else self.low
        if tried.value > best.value:
            self.best, self.other = best, tried
        else:
            self.best, self.other = tried, best if is_opposite else other

    def _flatter(self, best: Point, other: Point, tried: Point) -> float:
        """Case 3: the slope keeps its sign and becomes flatter."""
        cubic, quadratic = self._extrapolated(best, tried), _secant(best, tried)
        cubic_is_nearer = abs(cubic - tried.step) < abs(quadratic - tried.step)
        if not self.is_bracketed:
            farther = quadratic if cubic_is_nearer or cubic == quadratic else cubic
            return min(max(farther, self.low), self.high)
        nearer = cubic if cubic_is_nearer else quadratic
        limit = tried.step + SHRINKING * (other.step - tried.step)
        return min(limit, nearer) if tried.step > best.step else max(limit, nearer)

    def _extrapolated(self, best: Point, tried: Point) -> float:
        """The minimum of the cubic if it lies beyond the trial, else the end of what is allowed."""
        theta, gamma = _cubic(best, tried)
        if tried.step > best.step:
            gamma = -gamma
        ratio = ((gamma - tried.slope) + theta) / ((gamma + (best.slope - tried.slope)) + gamma)
        if ratio < 0.0 and gamma != 0.0:
            return tried.step + ratio * (best.step - tried.step)
        return self.high if tried.step > best.step else self.low


def _cubic(a: Point, b: Point) -> tuple[float, float]:
    """θ and γ of the cubic with the values and slopes of both points."""
    theta = 3.0 * (a.value - b.value) / (b.step - a.step) + a.slope + b.slope
    scale = max(abs(theta), abs(a.slope), abs(b.slope))
    if scale == 0.0:
        return theta, 0.0
    square = (theta / scale) ** 2 - (a.slope / scale) * (b.slope / scale)
    return theta, scale * math.sqrt(max(0.0, square))


def _secant(a: Point, b: Point) -> float:
    """Where the slope would be 0 if it were linear."""
    return b.step + (b.slope / (b.slope - a.slope)) * (a.step - b.step)


def _secant_cubic(tried: Point, end: Point) -> float:
    """The minimum of the cubic between the trial and an end of the interval."""
    theta, gamma = _cubic(end, tried)
    if tried.step > end.step:
        gamma = -gamma
    ratio = ((gamma - tried.slope) + theta) / (((gamma - tried.slope) + gamma) + end.slope)
    return tried.step + ratio * (end.step - tried.step)


def _higher(best: Point, tried: Point) -> float:
    """Case 1: the trial is higher, so a minimum lies between."""
    theta, gamma = _cubic(best, tried)
    if tried.step < best.step:
        gamma = -gamma
    distance = tried.step - best.step
    ratio = ((gamma - best.slope) + theta) / (((gamma - best.slope) + gamma) + tried.slope)
    cubic = best.step + ratio * distance
    mean = (best.value - tried.value) / distance + best.slope
    quadratic = best.step + best.slope / mean / 2.0 * distance
    if abs(cubic - best.step) < abs(quadratic - best.step):
        return cubic
    return cubic + (quadratic - cubic) / 2.0


def _beyond(best: Point, tried: Point) -> float:
    """Case 2: the slope has changed its sign, so a minimum lies between."""
    cubic, quadratic = _secant_cubic(tried, best), _secant(best, tried)
    return cubic if abs(cubic - tried.step) > abs(quadratic - tried.step) else quadratic
