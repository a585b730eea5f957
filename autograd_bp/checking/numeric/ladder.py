"""Difference quotients of one point from long steps to short ones, and what they say together.

Quotients are extrapolated (see tableau.py) from the left, from the right, and between. Both sides
are extrapolated by themselves, which shows a kink: there the central quotient converges nicely, to
a number that means nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from autograd_bp.checking.numeric.noise import Line
from autograd_bp.checking.numeric.tableau import NOISE_FACTOR, SAFETY, Choice, Tableau

__all__ = ["Ladder", "Rival", "Side", "Slope"]

FIRST_STEP = 0.2371  # of the scale: no simple fraction of it, for functions that are periodic
MIN_EXPONENT = -1000  # of a step
MAX_LEVELS = 46  # how often the step is halved
MIN_LEVELS = 5
PROBES = (-5, -10, -16)  # powers of two, times the best step: steps that must see the same slope
STEEPEST_STEPS = 4.0  # the steepest quotient is looked for up to so many times the final step
MIN_KINK = 1e-6  # the smallest relative difference of one-sided slopes that is called a kink
MIN_KINK_ERRORS = 8.0  # and how many times their errors it has to be
MIN_DIVERGENCE = 1.12  # growth of the quotient from h to h/2 that means an infinite slope
MIN_JUMP = 1.95  # and growth that means a jump, where it tends to 2
CLIMBS = 24  # halvings of the step, in which a quotient grows
EVEN = 1.05  # ratio of its largest rise to the smallest
SMALL_GAP = 1e-3  # of the function: how far it may be from what longer steps expect at the point
LARGE_GAP = 0.5  # of the function at its largest: the steps have jumped over a pole or a peak


class Side(NamedTuple):
    """A derivative from one side: its value (±∞ for a vertical tangent) and its error.

    `jumps` where the function has no limit at the point itself; `exists` is False beyond the
    end of the domain.
    """

    value: float
    error: float
    jumps: bool = False
    exists: bool = True


class Rival(NamedTuple):
    """The other slope of a function that has one at short steps and one at long steps.

    `is_local` where it is that of the short steps, inside the noise; else it is that of longer
    steps, in which a solver's tolerance or many kinks do not show.
    """

    value: float
    error: float
    step: float
    is_local: bool


@dataclass(frozen=True)
class Slope:
    """The slope of a function, as its values show it.

    Attributes:
        kind: "smooth", "kink", "edge" (the domain ends here), "vertical" (an infinite slope),
            "jump", "none" (neither side has values), or "unsettled" (one that is not smooth,
            but that the shortest steps do not show).
        value, error: the slope and how far it may be off; of the side that exists, at an edge.
        left, right: the one-sided slopes.
        noise: how far single values of the function are off, as far as is known.
        steepest: the largest difference quotient at the steps that were used for the value: a
            scale for slopes.
        broad: the largest at the longest steps.
        step: the smallest step that was used for the value.
        scale: the size of steps that was assumed to change the function notably.
        bend: the second derivative, roughly.
        rival: the slope at other steps, where it is another one.
        grain: how far rounding may move the argument, where the scale says less of it.
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
    bend: float
    rival: Rival | None = None
    grain: float = 0.0


class Ladder:
    """The three tableaux of one point, filled until smaller steps cannot improve them."""

    def __init__(
        self, line: Line, at: float, scale: float, rounding: float, grain: float = 0.0
    ) -> None:
        self.scale = scale
        self.at = at
        self.noise = 0.0
        self.size = abs(at)
        self.central = Tableau(2, grain)
        self.left, self.right = Tableau(1, grain), Tableau(1, grain)
        self.means: list[tuple[float, float]] = []  # the step, and the mean of both sides
        # A power of two times the first step; not below what floats can halve.
        h = FIRST_STEP * 2.0 ** max(math.floor(math.log2(scale)), MIN_EXPONENT)
        to_the_end = False
        for level in range(MAX_LEVELS):
            self._measure(line, at, h, rounding)
            if level >= MIN_LEVELS and not to_the_end and self._enough(h):
                if self._confirmed(line, rounding):
                    break
                to_the_end = True
            h *= 0.5

    def _confirmed(self, line: Line, rounding: float) -> bool:
        """Whether much shorter steps see the same slope: long ones may have jumped over what the
        function does near the point."""
        value, error, step = self.central.choose()[:3]
        nearest = min(self.central.quotients, key=lambda pair: abs(pair[0] - step), default=None)
        if nearest is None:
            return True
        h, quotient = nearest
        for exponent in PROBES:
            up, above = line(h * 2.0**exponent)
            down, below = line(-up)
            if up <= 0.0 or down >= 0.0:
                break
            width = 0.5 * (up - down)
            probe = (0.5 * above - 0.5 * below) / width
            noise = max(rounding * max(abs(above), abs(below)), self.noise)
            bend = abs(quotient - value) * (width / h) ** 2
            if not abs(probe - value) <= SAFETY * (error + bend + NOISE_FACTOR[2] * noise / width):
                return False
        return True

    def _measure(self, line: Line, at: float, h: float, rounding: float) -> None:
        up, above = line(h)
        down, below = line(-up)  # as long as the step up, which x may have rounded
        if up <= 0.0 or down >= 0.0:
            return  # the step is lost in the number
        sizes = [abs(y) for y in (above, below, at) if math.isfinite(y)]
        noise = max(rounding * max(sizes), 5e-324)
        self.noise = noise
        self.size = max(self.size, *sizes)
        forward = (above - at) / up
        backward = (at - below) / -down
        self.right.add(up, forward, noise)
        self.left.add(-down, backward, noise)
        # Halves first: the difference of two huge numbers may overflow.
        middle = (0.5 * above - 0.5 * below) / (0.5 * up - 0.5 * down)
        self.central.add(0.5 * (up - down), middle, noise)
        self.means.append((0.5 * (up - down), 0.5 * above + 0.5 * below))

    def _enough(self, h: float) -> bool:
        for tableau, goal in ((self.central, 1e-14), (self.left, 1e-8), (self.right, 1e-8)):
            choice = tableau.choose()
            floor = NOISE_FACTOR[tableau.power] * self.noise / h
            if not (choice.error <= goal * abs(choice.value) or floor >= choice.error):
                return False
        return True

    def conclusion(self, noise: float) -> Slope:
        visible = max(noise, self.noise)
        left, right = _side(self.left, noise, visible), _side(self.right, noise, visible)
        choice = self.central.choose(noise)
        value, error, step = choice[:3]
        kind = "smooth"
        if not (left.exists or right.exists):
            kind, value, error = "none", math.nan, math.inf
        elif left.jumps or right.jumps:
            kind = "jump"
        elif left.exists != right.exists:
            one = right if right.exists else left
            kind = "edge"
            value, error = one.value, one.error
            step = (self.right if right.exists else self.left).choose(noise).step
        elif math.isinf(left.value) or math.isinf(right.value):
            kind = "vertical" if left.value == right.value else "kink"
            value, error = (left.value if kind == "vertical" else math.nan), 0.0
        elif _differ(left, right):
            kind = "kink"
        elif self._jumps_over(choice):
            kind = "unsettled"
        steepest = self._steepest(0.0, STEEPEST_STEPS * step)
        broad = self._steepest(self.scale / 16.0, math.inf)
        rival = self._rival(choice)
        return Slope(
            kind,
            value,
            error,
            left,
            right,
            visible,
            steepest,
            broad,
            step,
            self.scale,
            self._bend(step),
            rival,
        )

    def _bend(self, step: float) -> float:
        """The second difference at the step, as far as noise lets it be seen."""
        both = zip(self.right.quotients, self.left.quotients, strict=False)
        bends = [abs(b - a) / h for (h, b), (_, a) in both if step <= h <= STEEPEST_STEPS * step]
        return min(filter(math.isfinite, bends), default=0.0)

    def _rival(self, choice: Choice) -> Rival | None:
        """The slope at longer steps, where the function is near what they expect at the point: a
        peak is not, which long steps jump over."""
        longer, error = choice.longer, choice.longer_error
        if longer is None:
            return None
        gap = self._gap(longer.step)
        if gap is None or not gap + error * longer.step <= SMALL_GAP * self.size:
            return None
        return Rival(longer.value, error, longer.step, False)

    def _gap(self, step: float) -> float | None:
        """How far the function is at the point from where its values at steps from there on expect
        it; None where there are too few."""
        k = next((k for k, (h, _) in enumerate(self.means) if h <= step), 0)
        if not k:
            return None
        (h, mean), (shorter, mean_of_shorter) = self.means[k - 1], self.means[k]
        ratio = (h / shorter) ** 2 - 1.0
        return abs(mean_of_shorter + (mean_of_shorter - mean) / ratio - self.at)

    def _jumps_over(self, choice: Choice) -> bool:
        """Whether the steps that are believed are longer than a pole or a peak is wide."""
        gap, at = self._gap(choice.step), abs(self.at)
        return gap is not None and at >= 0.9 * self.size and LARGE_GAP * at < gap < math.inf

    def _steepest(self, shortest: float, longest: float) -> float:
        sides = [*self.left.quotients, *self.right.quotients]
        return max((abs(q) for h, q in sides if shortest <= h <= longest), default=0.0)


def _differ(left: Side, right: Side) -> bool:
    gap = abs(right.value - left.value)
    return gap > max(
        MIN_KINK_ERRORS * (left.error + right.error),
        MIN_KINK * max(abs(left.value), abs(right.value)),
    )


def _side(tableau: Tableau, noise: float, visible: float) -> Side:
    if len(tableau.quotients) < 2:
        return Side(math.nan, math.inf, exists=False)
    value, error = tableau.choose(noise)[:2]
    climb = _climb(tableau, visible)
    if climb:
        return Side(math.copysign(math.inf, climb), 0.0)
    if error <= 0.05 * abs(value):
        return Side(value, error)
    growth = _growth(tableau, visible)
    if growth >= MIN_JUMP:
        return Side(value, error, jumps=True)
    if growth >= MIN_DIVERGENCE:
        return Side(math.copysign(math.inf, tableau.quotients[-1][1]), 0.0)
    return Side(value, error)


def _climb(tableau: Tableau, noise: float) -> float:
    """By how much the quotient grows with every halving of the step, where that is the same for all
    of many: so it does where the slope is infinite like a logarithm; else 0."""
    if len(tableau.quotients) < CLIMBS:
        return 0.0
    last = tableau.quotients[-CLIMBS:]
    rises = [after - before for (_, before), (_, after) in pairwise(last)]
    least = min(map(abs, rises))
    if least * last[-1][0] <= 100.0 * noise or not math.isfinite(least):
        return 0.0
    is_even = max(map(abs, rises)) <= EVEN * least and (min(rises) > 0.0) == (max(rises) > 0.0)
    return rises[-1] if is_even else 0.0


def _growth(tableau: Tableau, noise: float) -> float:
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
