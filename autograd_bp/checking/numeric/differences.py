"""The slope of a function of one number, from its values alone, with an estimate of its error.

Difference quotients with steps h, h/2, h/4 ... are extrapolated to h = 0: Richardson's deferred
approach to the limit, arranged and judged as by Ridders (1982). Central quotients have an error
in even powers of h, one-sided ones in all powers. Both sides are extrapolated by themselves, which
shows a kink: there the central quotient converges nicely, to a number that means nothing.

The estimated error is the disagreement of neighbouring entries, as Ridders has it, plus the noise
of the function over the step. Without the noise, entries that agree by chance would look exact.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from autograd_bp.checking.numeric.noise import Line, measured_noise, noise_at

__all__ = ["Side", "Slope", "best_slope", "jump", "slope"]

FIRST_EXPONENT = -2  # the first step is a quarter of the scale
MIN_EXPONENT = -1000  # of a step
MAX_LEVELS = 46  # how often the step is halved
MIN_LEVELS = 5
MAX_COLUMNS = 7  # of the tableau: a polynomial of degree 14 in h for central quotients
STEEPEST_STEPS = 4.0  # the steepest quotient is looked for up to so many times the final step
# How much of the noise over the smallest step an extrapolated quotient has.
_NOISE_FACTOR = {1: 8.0, 2: 2.0}
MIN_KINK = 1e-6  # the smallest relative difference of one-sided slopes that is called a kink
MIN_KINK_ERRORS = 8.0  # and how many times their errors it has to be
MIN_DIVERGENCE = 1.12  # growth of the quotient from h to h/2 that means an infinite slope
MIN_JUMP = 1.95  # and growth that means a jump, where it tends to 2
GOOD_ERROR = 1e-10  # relative: above it other scales of steps are tried
CLEAN_ERROR = 2e-12  # relative: below it the noise is measured near the point only
NOISE_STEPS = 64.0


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
    """The slope of a function, as its values show it.

    Attributes:
        kind: "smooth", "kink", "edge" (the domain ends here), "vertical" (an infinite slope),
            "jump", or "none" (neither side has values).
        value, error: the slope and how far it may be off; of the side that exists, at an edge.
        left, right: the one-sided slopes.
        noise: how far single values of the function are off, as far as is known.
        steepest: the largest difference quotient at the steps that were used for the value: a
            scale for slopes.
        broad: the largest at the longest steps.
        step: the smallest step that was used for the value.
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
        self._entries: list[float] = []  # of the latest step
        self._best = _Candidate(math.nan, math.inf, 0.0, 0.0)

    def add(self, h: float, quotient: float, noise: float) -> None:
        if not (math.isfinite(quotient) and 0.0 < h < math.inf):
            self._steps, self._entries = [], []
            return
        self.quotients.append((h, quotient))
        before, entries = self._entries, [quotient]
        for j in range(min(len(before), MAX_COLUMNS)):
            ratio = (self._steps[-1 - j] / h) ** self.power - 1.0
            if ratio <= 0.0:
                break
            entry = entries[j] + (entries[j] - before[j]) / ratio
            disagreement = max(abs(entry - entries[j]), abs(entry - before[j]))
            entries.append(entry)
            if math.isfinite(disagreement):
                candidate = _Candidate(entry, disagreement, noise, h)
                self.candidates.append(candidate)
                if self.error_of(candidate, 0.0) < self.error_of(self._best, 0.0):
                    self._best = candidate
        self._steps.append(h)
        self._entries = entries

    def error_of(self, entry: _Candidate, noise: float) -> float:
        if not entry.step:
            return math.inf
        return entry.disagreement + _NOISE_FACTOR[self.power] * max(entry.noise, noise) / entry.step

    def best(self, noise: float = 0.0) -> tuple[float, float, float]:
        """The entry with the smallest error: its value, its error, its step."""
        best = self._best
        if noise:
            best = min(self.candidates, key=lambda entry: self.error_of(entry, noise), default=best)
        return best.value, self.error_of(best, noise), best.step


def jump(line: Line, at: float, step: float, rounding: float, found: Slope) -> Slope:
    """The slope, or that of a jump where the function changes more within a step than it could."""
    (up, above), (down, below) = line(step), line(-step)
    noise = 8.0 * noise_at(line, at, step) + 1000.0 * rounding * abs(at)
    usual = noise + 100.0 * found.broad * (up - down)
    if abs(above - at) > usual:
        return replace(found, kind="jump", right=found.right._replace(jumps=True))
    if abs(below - at) > usual:
        return replace(found, kind="jump", left=found.left._replace(jumps=True))
    return found


def best_slope(line: Line, at: float, x: float, scale: float | None, rounding: float) -> Slope:
    """The slope in a number x, with the scale of steps that works best when none is given."""
    if scale is not None:
        return slope(line, at, scale, rounding)
    usual = abs(x) if x and math.isfinite(x) else 1.0
    best = slope(line, at, usual, rounding)
    others = [1.0] if 0.0 < usual < 1.0 else [] if x else [2.0**-30, 2.0**30]
    for other in others:
        # A tiny x does not mean that the function changes in tiny steps.
        size = max(abs(best.value), abs(at) / max(usual, other))
        if best.kind != "smooth" or best.error <= GOOD_ERROR * size:
            break
        candidate = slope(line, at, other, rounding)
        # In steps far too long a bounded function looks flat, and the error is small as well.
        is_closer = candidate.error < best.error and _doubt(candidate) < _doubt(best)
        if candidate.kind == "smooth" and is_closer:
            best = candidate
    return best


def _doubt(slope: Slope) -> float:
    """The error of a slope relative to it."""
    return slope.error / abs(slope.value) if slope.value else math.inf


def slope(line: Line, at: float, scale: float, rounding: float) -> Slope:
    """The slope at 0 of a line through a function.

    Arguments:
        line: from a step to the step that was possible and the function's value there (NaN
            outside its domain).
        at: the value at step 0.
        scale: the size of steps that change the function notably.
        rounding: the relative rounding error of its values, 2^-52 for doubles.
    """
    tableaux = _Tableaux(line, at, scale, rounding)
    clean = tableaux.conclusion(0.0)
    # Entries that agree as closely as this may still do so by chance: values that are rounded to
    # a grid have quotients that are equal exactly.
    goal = max(CLEAN_ERROR, 30.0 * rounding) * max(abs(clean.value), abs(at) / scale)
    if clean.error <= goal and clean.kind == "smooth":
        noise = max(clean.noise, noise_at(line, at, clean.step / NOISE_STEPS))
        error = clean.error + _NOISE_FACTOR[2] * (noise - clean.noise) / clean.step
        return replace(clean, error=error, noise=noise)
    noise = measured_noise(line, at, scale, rounding)
    return tableaux.conclusion(noise) if noise > clean.noise else clean


class _Tableaux:
    """The three tableaux of one point, filled until smaller steps cannot improve them."""

    def __init__(self, line: Line, at: float, scale: float, rounding: float) -> None:
        self.scale = scale
        self.noise = 0.0
        self.central, self.left, self.right = _Tableau(2), _Tableau(1), _Tableau(1)
        # A power of two, so that x + h is exact for most x; not below what floats can halve.
        h = 2.0 ** max(math.floor(math.log2(scale)) + FIRST_EXPONENT, MIN_EXPONENT)
        for level in range(MAX_LEVELS):
            self._measure(line, at, h, rounding)
            if level >= MIN_LEVELS and self._enough(h):
                break
            h *= 0.5

    def _measure(self, line: Line, at: float, h: float, rounding: float) -> None:
        up, above = line(h)
        down, below = line(-h)
        if up <= 0.0 or down >= 0.0:
            return  # the step is lost in the number
        sizes = [abs(y) for y in (above, below, at) if math.isfinite(y)]
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
            floor = _NOISE_FACTOR[tableau.power] * self.noise / h
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
        steepest = self._steepest(0.0, STEEPEST_STEPS * step)
        broad = self._steepest(self.scale / 16.0, math.inf)
        return Slope(kind, value, error, left, right, visible, steepest, broad, step, self.scale)

    def _steepest(self, shortest: float, longest: float) -> float:
        sides = [*self.left.quotients, *self.right.quotients]
        return max((abs(q) for h, q in sides if shortest <= h <= longest), default=0.0)


def _differ(left: Side, right: Side) -> bool:
    gap = abs(right.value - left.value)
    return gap > max(
        MIN_KINK_ERRORS * (left.error + right.error),
        MIN_KINK * max(abs(left.value), abs(right.value)),
    )


def _side(tableau: _Tableau, noise: float, visible: float) -> Side:
    if len(tableau.quotients) < 2:
        return Side(math.nan, math.inf, exists=False)
    value, error, _ = tableau.best(noise)
    if error <= 0.05 * abs(value):
        return Side(value, error)
    growth = _growth(tableau, visible)
    if growth >= MIN_JUMP:
        return Side(value, error, jumps=True)
    if growth >= MIN_DIVERGENCE:
        return Side(math.copysign(math.inf, tableau.quotients[-1][1]), 0.0)
    return Side(value, error)


def _growth(tableau: _Tableau, noise: float) -> float:
    """By how much the quotient grows when the step is halved, at the smallest steps; 1 where
    it does not, or where noise hides it."""
    visible = [
        (h, quotient)
        for h, quotient in tableau.quotients
        if abs(quotient) * h > 100.0 * noise and quotient != 0.0
    ][-8:]
    steepest = max((abs(quotient) for _, quotient in tableau.quotients), default=0.0)
    if len(visible) < 5 or abs(visible[-1][1]) < steepest:
        return 1.0  # a quotient that grows without end is largest at the end
    ratios = [
        (after / before) ** (1.0 / math.log2(large / small))
        if after / before > 0.0 and large > small
        else 0.0
        for (large, before), (small, after) in pairwise(visible)
    ]
    return min(ratios) if max(ratios) < 2.5 else 1.0
