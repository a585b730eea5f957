"""Why a gradient that the differences contradict may be right after all.

A function that solves, integrates, simulates or iterates to a tolerance is not quite the function
that it stands for: between two changes of its steps its values are smooth, and have a slope of
their own. A gradient of what it stands for is then NOISY, not WRONG. So signs of such a function
are looked for where a gradient is contradicted: jumps nearby, loops that take another number of
turns, a solver that is known. Nothing here makes a gradient OK.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise
from typing import Any, NamedTuple

from autograd_bp.checking.gradient.axes import Axes
from autograd_bp.checking.gradient.evidence import relative, round_up
from autograd_bp.checking.gradient.point_function import Line
from autograd_bp.checking.gradient.report import Component
from autograd_bp.checking.gradient.resolution import NOISES
from autograd_bp.checking.gradient.subject import Subject
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.numeric.differences import Slope
from autograd_bp.checking.numeric.jumps import Jump, jump_between, nearest_jump
from autograd_bp.checking.numeric.noise import noise_at
from autograd_bp.checking.numeric.series import mean_slope
from autograd_bp.checking.numeric.turns import Work, work_of
from autograd_bp.notation.numbers import number

__all__ = ["Excuses"]

NEAR = 1e-2  # relative: a gradient function that iterates is off by no more
GRADIENT_SPACINGS = ((2.0**-9, 1.0), (2.0**-17, 2.0**-8))  # of the scale, and at most of the step
CLOSE = 1.5e-2  # of a slope: so much may be what a solver leaves
FARTHEST = 0.05  # the same where jumps show that it leaves more
AMPLIFIED = 50.0  # times the tolerance that a solver was given: so much it may leave of a slope
ROUGH = 1e-4  # relative: how well the mean slope is known of a function that a solver leaves smooth
SMALL_JUMP = 1e-3  # of the function: one that is higher is no solver's
LARGE_JUMP = 0.1  # of the function: one that is higher is no disturbance of it
SIGMAS = 3.0  # a share of n draws jumps by 1/n, and is off by 1/√n
CLOSE_TO_ALL = 3e-3  # of the function over the scale: the same for a slope that is small beside it
HALVINGS = 24  # of the distance at which the turns are other ones
STEPS = (1e-3, -1e-3, 0.03, -0.03, 0.2371, -0.2371, 0.55, -0.45)  # of the scale
MAX_LINES = 3  # along which signs are looked for
KNOWN = 0.3  # relative: what is known of a mean slope no better than that says nothing
PLACES = (-0.37, -0.29, -0.21, -0.13, -0.043, 0.05, 0.11, 0.17, 0.23, 0.31)  # of the scale
NEARBY = 2.0**-12  # of the scale: the step of differences there
MIN_CHANGES = 2  # of sign, of a distance that is noise
LARGEST = 0.3  # relative: a distance that noise may explain


class Sign(NamedTuple):
    """What shows that a function works to a tolerance, and how much of a slope that may leave."""

    words: str
    doubt: float
    is_solver: bool = False


NO_SIGN = Sign("", 0.0)


class Excuses:
    """What is known of one function beside its slopes.

    Arguments:
        subject: the function at its point.
        gradient: that is checked: a function, or numbers.
        axes: along which it is checked.
    """

    def __init__(self, subject: Subject, gradient: Any, axes: Axes) -> None:
        self.subject, self.gradient, self.axes = subject, gradient, axes
        self._signs: dict[int, Sign] = {}
        self._jumps: dict[int, Sign] = {}
        self._work: dict[int, Sign] = {}

    def excused(self, part: Component, k: int, slope: Slope) -> Component:
        """The component of an axis that is called WRONG; as NOISY, where something explains the
        distance. So it is at a kink that may be where a solver stops."""
        scale, step = slope.scale, slope.step
        checked = part.checked
        if part.left is not None and part.right is not None and part.given is not None:
            return self._excused_at_a_kink(part, k, scale)
        if part.verdict is not Verdict.WRONG or checked is None or not math.isfinite(checked):
            return part
        why = self._noise_of_the_gradient(part, k, scale, step)
        is_known = part.given is not None and math.isfinite(part.numerical)
        if not why and is_known and part.precise is None:
            why = self._sign_for(part, k, scale, checked)
        if why:
            return _noisy(part, why)
        return self._with_its_turns(part, k, scale) if is_known else part

    def _with_its_turns(self, part: Component, k: int, scale: float) -> Component:
        """A component that stays WRONG, with a remark where the loops of the function turn as
        often as its numbers ask for."""
        assert part.checked is not None
        distance = relative(part.checked, part.numerical)
        if not distance <= LARGEST or "tolerance=" in part.remark:
            return part
        sign = self._work_along(k, scale)
        if not sign.words:
            return part
        words = (
            f"{sign.words}: if it iterates to a tolerance, its values are off, too; then allow "
            f"that much, with tolerance={round_up(distance):.0e}"
        )
        return replace(part, remark="; ".join(filter(None, (part.remark, words))))

    def _excused_at_a_kink(self, part: Component, k: int, scale: float) -> Component:
        """A component at a kink; as NOISY, where it may be one that a solver leaves."""
        left, right, checked = part.left, part.right, part.checked
        if part.verdict not in (Verdict.KINK, Verdict.WRONG) or part.autodiff is not None:
            return part
        assert left is not None
        assert right is not None
        assert checked is not None
        low, high = sorted((left, right))
        gap = max(high - low, low - checked, checked - high)
        size = max(abs(low), abs(high))
        if not (math.isfinite(gap) and gap <= FARTHEST * size):
            return part
        sign = self._work_along(k, scale)
        if not sign.words or gap > max(sign.doubt, FARTHEST if sign.is_solver else 0.0) * size:
            return part
        return replace(
            part,
            verdict=Verdict.NOISY,
            remark=f"{sign.words}: its two slopes differ by {gap / size:.0e}, as where it stops "
            f"at another step; then allow that much, with tolerance={round_up(gap / size):.0e}",
        )

    def _sign_for(self, part: Component, k: int, scale: float, checked: float) -> str:
        """What explains the distance of a hand-derived number, in words; empty for nothing."""
        gap, size = abs(checked - part.numerical), max(abs(checked), abs(part.numerical))
        sign = self._sign_of_a_solver(part, k, scale, gap, size)
        if sign:
            return f"it is off by {relative(checked, part.numerical):.0e}, and {sign}"
        if part.autodiff is not None:
            return ""
        sign = self._jump_along(k, scale).words
        if sign and self._follows_the_mean(part, k, scale):
            return f"{sign}, and the mean slope is that of the gradient"
        sign = self._sign_along(k, scale).words if gap <= LARGEST * size else ""
        if sign and self._wavers(part, k, scale):
            return f"{sign}, and elsewhere it is off to the other side"
        return ""

    def _follows_the_mean(self, part: Component, k: int, scale: float) -> bool:
        """Whether the gradient is the slope of the function but for its jumps."""
        checked, line = part.checked, self.axes.lines(k)
        assert checked is not None
        slope, error = mean_slope(line, scale)
        known = KNOWN * max(abs(checked), abs(slope), abs(part.numerical))
        return error <= known and abs(checked - slope) <= 2.0 * error

    def _wavers(self, part: Component, k: int, scale: float) -> bool:
        """Whether the gradient is too large at some places and too small at others, without order:
        a mistake in a formula is of one sign, or of a few."""
        checked, line = part.checked, self.axes.lines(k)
        if checked is None or self.axes.places is None or not callable(self.gradient):
            return False
        claims = self.subject.gradient_line(self.gradient, self.axes.places[k])
        gaps = []
        for at in PLACES:
            step, claim = claims(at * scale)
            (up, above), (down, below) = line(step + NEARBY * scale), line(step - NEARBY * scale)
            slope = (above - below) / (up - down) if up > down else math.nan
            gap = (claim - slope) * math.copysign(1.0, slope)
            if math.isfinite(gap) and abs(gap) <= LARGEST * max(abs(claim), abs(slope)):
                gaps.append(gap)
        changes = sum(a * b < 0.0 for a, b in pairwise(gaps))
        largest = max(map(abs, gaps), default=0.0)
        return changes >= MIN_CHANGES and abs(checked - part.numerical) <= 2.0 * largest

    def _noise_of_the_gradient(self, part: Component, k: int, scale: float, step: float) -> str:
        """That of the gradient function itself, as of an inner solver; at distances in which the
        function is smooth, for a fast wave looks like noise at long ones."""
        checked, places = part.checked, self.axes.places
        if checked is None or places is None or not callable(self.gradient):
            return ""
        if not 0.0 < relative(checked, part.reference) <= NEAR:
            return ""
        place = places[k]
        line = self.subject.gradient_line(self.gradient, place)
        longest = step or scale
        spacings = [min(a * scale, b * longest) for a, b in GRADIENT_SPACINGS]
        noise = max(noise_at(line, checked, spacing) for spacing in spacings)
        if not (noise and NOISES * noise >= abs(checked - part.reference)):
            return ""
        return f"the gradient function itself is noisy, by {noise:.0e}, which explains the distance"

    def _sign_of_a_solver(
        self, part: Component, k: int, scale: float, gap: float, size: float
    ) -> str:
        """What shows that the function works to a tolerance that explains the gap, along an axis
        or along another one, in words; an empty text for nothing."""
        least = CLOSE_TO_ALL * abs(self.subject.value) / scale
        if gap > (max(FARTHEST * size, least) if part.autodiff is None else FARTHEST * size):
            return ""
        if part.autodiff is not None:  # jumps of the graph are known to it
            sign = self._work_along(k, scale)
            return sign.words if gap <= sign.doubt * size else ""
        centres = self.axes.centres
        for other in [*self._signs, k, *range(min(MAX_LINES + 1, len(centres)))]:
            sign = self._sign_along(other, scale if other == k else abs(centres[other]) or 1.0)
            if gap <= max(sign.doubt * size, min(1.0, sign.doubt / CLOSE) * least):
                return sign.words
        return ""

    def _sign_along(self, k: int, scale: float) -> Sign:
        """What shows it along one axis."""
        if k not in self._signs:
            if len(self._signs) >= MAX_LINES:
                return NO_SIGN
            sign = self._jump_along(k, scale)
            if sign.doubt < FARTHEST:
                work = self._work_along(k, scale)
                sign = work if work.doubt > sign.doubt else sign
            self._signs[k] = sign
        return self._signs[k]

    def _jump_along(self, k: int, scale: float) -> Sign:
        """A jump along one axis."""
        if k not in self._jumps:
            if len(self._jumps) >= MAX_LINES:
                return NO_SIGN
            subject, line = self.subject, self.axes.lines(k)
            with subject.paused():
                jump = nearest_jump(line, subject.value, scale, subject.rounding)
            self._jumps[k] = NO_SIGN if jump is None else self._of_the_jump(jump)
        return self._jumps[k]

    def _of_the_jump(self, jump: Jump, why: str = "") -> Sign:
        name, size = self.subject.name, abs(self.subject.value)
        height = jump.height / size if size else math.inf
        if height > LARGE_JUMP:
            return NO_SIGN
        doubt = min(FARTHEST, SIGMAS * math.sqrt(height)) if height <= SMALL_JUMP else 0.0
        where = f"at a distance of {number(abs(jump.distance), 1)}"
        return Sign(f"{name} jumps by {number(jump.height, 1)} {where}{why}", doubt)

    def _work_along(self, k: int, scale: float) -> Sign:
        """What the calls along one axis show beside their values."""
        if k not in self._work:
            if len(self._work) >= MAX_LINES:
                return next((sign for sign in self._work.values() if sign.is_solver), NO_SIGN)
            self._work[k] = self._in_the_work(k, scale)
        return self._work[k]

    def _in_the_work(self, k: int, scale: float) -> Sign:
        """What the calls along an axis show beside their values: a solver that is known, or loops
        that take another number of turns and leave a jump where they do."""
        name, line = self.subject.name, self.axes.lines(k)
        with self.subject.paused():
            first = _work(line, 0.0)
            if first is not None and first.solver:
                slope, error = mean_slope(line, scale)
                doubt = FARTHEST if error >= ROUGH * abs(slope) else CLOSE
                doubt = max(doubt, min(FARTHEST, AMPLIFIED * first.tolerance))
                return Sign(f"{name} calls {first.solver}", doubt, True)
            if first is None or all(first != _work(line, 0.0) for _ in range(3)):
                return NO_SIGN
            for step in STEPS:
                there = _work(line, scale * step)
                if there is None or there.turns == first.turns:
                    continue
                jump = _jump_of_turns(line, first, scale * step, self.subject.rounding)
                counts = sorted((first.turns, there.turns))
                why = f", for its loops take {counts[0]:,} to {counts[1]:,} turns"
                return NO_SIGN if jump is None else self._of_the_jump(jump, why)
        return NO_SIGN


def _jump_of_turns(line: Line, first: Work, step: float, rounding: float) -> Jump | None:
    """The jump where the turns begin to be other ones than at the point."""
    near, far = 0.0, step
    for _ in range(HALVINGS):
        middle = 0.5 * (near + far)
        work = _work(line, middle)
        if work is not None and work.turns == first.turns:
            near = middle
        else:
            far = middle
    left, right = sorted((near, far))
    return jump_between(line, left, right, rounding)


def _work(line: Line, step: float) -> Work | None:
    """The work of a call there; None where the function has no value."""
    values: list[float] = []

    def call() -> None:
        values.append(line(step)[1])

    work = work_of(call)
    return work if values and math.isfinite(values[0]) else None


def _noisy(part: Component, why: str) -> Component:
    distance = relative(part.checked or 0.0, part.numerical)
    return replace(
        part,
        verdict=Verdict.NOISY,
        remark=f"{why}: does it solve, integrate or iterate to a tolerance? Then its values are "
        f"off, too: allow that much, with tolerance={round_up(distance):.0e}",
    )
