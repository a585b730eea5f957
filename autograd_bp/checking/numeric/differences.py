"""The slope of a function of one number, from its values alone, with an estimate of its error.

Difference quotients with steps h, h/2, h/4 ... are extrapolated to h = 0: Richardson's deferred
approach to the limit, arranged and judged as by Ridders (1982). Central quotients have an error
in even powers of h, one-sided ones in all powers. Both sides are extrapolated by themselves, so a
kink shows: there the central quotient converges nicely, to a number that means nothing.

To the disagreement of neighbouring entries, Ridders' estimate, comes what rounding of the function
can do: its noise over the step. Otherwise entries that agree by chance would look exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from autograd_bp.checking.numeric.noise import Line, measured_noise, noise_at

__all__ = ["Side", "Slope", "best_slope", "slope"]

FIRST_EXPONENT = -2  # the first step is a quarter of the scale
SMALLEST_EXPONENT = -1000
LEVELS = 46
DEPTH = 7  # columns of the tableau: a polynomial of degree 14 in h for central quotients
FEWEST = 5
NEAREST_STEPS = 4.0
# How much of the noise over the smallest step an extrapolated quotient carries.
_AMPLIFIED = {1: 8.0, 2: 2.0}
KINK = 1e-6  # the smallest relative difference of one-sided slopes that is called a kink
SIGNIFICANT = 8.0
DIVERGING = 1.12  # growth of the quotient from h to h/2 that means an infinite slope
POOR = 1e-10
CLEAN = 2e-12
NOISE_STEPS = 64.0
JUMP = 1.95  # and that means a jump, where it tends to 2


class Side(NamedTuple):
    """A derivative from one side: its value (±∞ for a vertical tangent) and its error.

    `jumps` where the function has no limit at the point itself; `exists` is False beyond the
    end of the domain.
    """

    value: float
    error: float
    jumps: bool = False
    exists: bool = True


@dataclass(frozen=True)
class Slope:
    """What the values of a function say about its slope.

    Attributes:
        kind: "smooth", "kink", "edge" (the domain ends here), "vertical" (an infinite slope),
            "jump", or "none" (neither side has values).
        value, error: the slope and how far it may be off; of the side that exists, at an edge.
        left, right: the one-sided slopes.
        noise: how far single values of the function are off, as far as is known.
        steepest: the largest difference quotient at the steps that the value rests on: a scale
            for slopes.
        broad: the largest at the longest steps.
        step: the smallest step that the value rests on.
        scale: the size of steps that was assumed to change the function notably.
    """

    kind: str
    value: float
    error: float
    left: Side
    right: Side
    noise: float
    steepest: float
    broad: float
    step: float
    scale: float


class _Candidate(NamedTuple):
    value: float
    disagreement: float
    noise: float
    step: float


class _Tableau:
    """Neville's scheme for quotients whose error is a series in h ** power."""

    def __init__(self, power: int) -> None:
        self.power = power
        self.candidates: list[_Candidate] = []
        self.quotients: list[tuple[float, float]] = []
        self._steps: list[float] = []
        self._row: list[float] = []
        self._best = _Candidate(math.nan, math.inf, 0.0, 0.0)

    def add(self, h: float, quotient: float, noise: float) -> None:
        if not (math.isfinite(quotient) and 0.0 < h < math.inf):
            self._steps, self._row = [], []
            return
        self.quotients.append((h, quotient))
        row = [quotient]
        for j in range(min(len(self._row), DEPTH)):
            ratio = (self._steps[-1 - j] / h) ** self.power - 1.0
            if ratio <= 0.0:
                break
            row.append(row[j] + (row[j] - self._row[j]) / ratio)
            apart = max(abs(row[j + 1] - row[j]), abs(row[j + 1] - self._row[j]))
            if math.isfinite(apart):
                found = _Candidate(row[j + 1], apart, noise, h)
                self.candidates.append(found)
                if self.error_of(found, 0.0) < self.error_of(self._best, 0.0):
                    self._best = found
        self._steps.append(h)
        self._row = row

    def error_of(self, entry: _Candidate, noise: float) -> float:
        if not entry.step:
            return math.inf
        return entry.disagreement + _AMPLIFIED[self.power] * max(entry.noise, noise) / entry.step

    def best(self, noise: float = 0.0) -> tuple[float, float, float]:
        """The entry with the smallest error: its value, its error, its step."""
        if not noise:
            found = self._best
        else:
            found = min(
                self.candidates, key=lambda entry: self.error_of(entry, noise), default=self._best
            )
        return found.value, self.error_of(found, noise), found.step


def best_slope(line: Line, at: float, x: float, scale: float | None, rounding: float) -> Slope:
    """The slope in a number x, with the scale of steps that serves best when none is given."""
    if scale is not None:
        return slope(line, at, scale, rounding)
    usual = abs(x) if x and math.isfinite(x) else 1.0
    found = slope(line, at, usual, rounding)
    others = [1.0] if 0.0 < usual < 1.0 else [] if x else [2.0**-30, 2.0**30]
    for other in others:
        # A tiny x does not mean that the function changes in tiny steps.
        enough = max(abs(found.value), abs(at) / max(usual, other))
        if found.kind != "smooth" or found.error <= POOR * enough:
            break
        again = slope(line, at, other, rounding)
        # In steps far too long a bounded function looks flat, with a small error at that.
        closer = again.error < found.error and _doubt(again) < _doubt(found)
        if again.kind == "smooth" and closer:
            found = again
    return found


def _doubt(found: Slope) -> float:
    """The error of a slope as a part of it."""
    return found.error / abs(found.value) if found.value else math.inf


def slope(line: Line, at: float, scale: float, rounding: float) -> Slope:
    """The slope at 0 of a line through a function.

    Arguments:
        line: from a step to the step that was possible and the function's value there (NaN
            outside its domain).
        at: the value at step 0.
        scale: the size of steps that change the function notably.
        rounding: the relative rounding error of its values, 2^-52 for doubles.
    """
    noisy = _Numbers(line, at, scale, rounding)
    found = noisy.conclusion(0.0)
    # Entries that agree as closely as this may still do so by chance: values that are rounded to
    # a grid have quotients that are equal exactly.
    goal = max(CLEAN, 30.0 * rounding) * max(abs(found.value), abs(at) / scale)
    if found.error <= goal and found.kind == "smooth":
        noise = max(found.noise, noise_at(line, at, found.step / NOISE_STEPS))
        error = found.error + _AMPLIFIED[2] * (noise - found.noise) / found.step
        return replace(found, error=error, noise=noise)
    noise = measured_noise(line, at, scale, rounding)
    return noisy.conclusion(noise) if noise > found.noise else found


class _Numbers:
    """The three tableaux of one point, filled until smaller steps can bring nothing."""

    def __init__(self, line: Line, at: float, scale: float, rounding: float) -> None:
        self.scale = scale
        self.noise = 0.0
        self.central, self.left, self.right = _Tableau(2), _Tableau(1), _Tableau(1)
        # A power of two, so that x + h is exact for most x; not below what floats can halve.
        h = 2.0 ** max(math.floor(math.log2(scale)) + FIRST_EXPONENT, SMALLEST_EXPONENT)
        for level in range(LEVELS):
            self._measure(line, at, h, rounding)
            if level >= FEWEST and self._enough(h):
                break
            h *= 0.5

    def _measure(self, line: Line, at: float, h: float, rounding: float) -> None:
        up, above = line(h)
        down, below = line(-h)
        if up <= 0.0 or down >= 0.0:
            return  # the step is lost in the number
        sizes = [abs(each) for each in (above, below, at) if math.isfinite(each)]
        noise = max(rounding * max(sizes), 5e-324)
        self.noise = noise
        forward = (above - at) / up
        backward = (at - below) / -down
        self.right.add(up, forward, noise)
        self.left.add(-down, backward, noise)
        # Halves first: the difference of two huge numbers may overflow.
        middle = (0.5 * above - 0.5 * below) / (0.5 * up - 0.5 * down)
        self.central.add(0.5 * (up - down), middle, noise)

    def _enough(self, h: float) -> bool:
        for tableau, goal in ((self.central, 1e-14), (self.left, 1e-8), (self.right, 1e-8)):
            value, error, _ = tableau.best()
            floor = _AMPLIFIED[tableau.power] * self.noise / h
            if not (error <= goal * abs(value) or floor >= error):
                return False
        return True

    def conclusion(self, noise: float) -> Slope:
        visible = max(noise, self.noise)
        left, right = _side(self.left, noise, visible), _side(self.right, noise, visible)
        value, error, step = self.central.best(noise)
        kind = "smooth"
        if not (left.exists or right.exists):
            kind, value, error = "none", math.nan, math.inf
        elif left.jumps or right.jumps:
            kind = "jump"
        elif left.exists != right.exists:
            one = right if right.exists else left
            kind = "edge"
            value, error = one.value, one.error
            step = (self.right if right.exists else self.left).best(noise)[2]
        elif math.isinf(left.value) or math.isinf(right.value):
            kind = "vertical" if left.value == right.value else "kink"
            value, error = (left.value if kind == "vertical" else math.nan), 0.0
        elif _differ(left, right):
            kind = "kink"
        steepest = self._steepest(0.0, NEAREST_STEPS * step)
        broad = self._steepest(self.scale / 16.0, math.inf)
        return Slope(kind, value, error, left, right, visible, steepest, broad, step, self.scale)

    def _steepest(self, shortest: float, longest: float) -> float:
        sides = [*self.left.quotients, *self.right.quotients]
        return max((abs(q) for h, q in sides if shortest <= h <= longest), default=0.0)


def _differ(left: Side, right: Side) -> bool:
    gap = abs(right.value - left.value)
    return gap > max(
        SIGNIFICANT * (left.error + right.error), KINK * max(abs(left.value), abs(right.value))
    )


def _side(tableau: _Tableau, noise: float, visible: float) -> Side:
    if len(tableau.quotients) < 2:
        return Side(math.nan, math.inf, exists=False)
    value, error, _ = tableau.best(noise)
    if error <= 0.05 * abs(value):
        return Side(value, error)
    growth = _growth(tableau, visible)
    if growth >= JUMP:
        return Side(value, error, jumps=True)
    if growth >= DIVERGING:
        return Side(math.copysign(math.inf, tableau.quotients[-1][1]), 0.0)
    return Side(value, error)


def _growth(tableau: _Tableau, noise: float) -> float:
    """By how much the quotient grows when the step is halved, at the smallest steps; 1 where
    it does not, or where noise hides it."""
    shown = [
        (h, quotient)
        for h, quotient in tableau.quotients
        if abs(quotient) * h > 100.0 * noise and quotient != 0.0
    ][-8:]
    steepest = max((abs(quotient) for _, quotient in tableau.quotients), default=0.0)
    if len(shown) < 5 or abs(shown[-1][1]) < steepest:
        return 1.0  # what grows without end is steepest at the end
    ratios = [
        (after / before) ** (1.0 / math.log2(large / small))
        if after / before > 0.0 and large > small
        else 0.0
        for (large, before), (small, after) in pairwise(shown)
    ]
    return min(ratios) if max(ratios) < 2.5 else 1.0
