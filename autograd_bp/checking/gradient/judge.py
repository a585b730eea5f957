"""From the evidence for one component to its verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd_bp.checking.gradient.foreign_arrays import DOUBLE
from autograd_bp.checking.gradient.report import Component
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.numeric.differences import Side, Slope

__all__ = ["Evidence", "Limits", "judge"]

SAFETY = 4.0  # how many times its estimated error the numerical slope may be off
ROUNDINGS = 100.0
NOISES = 16.0
TINY = 5e-321  # a few of the smallest numbers that there are
COARSEST = 1e-3  # differences that cannot tell a relative error of this much tell nothing
FLAT = 1e-9  # of the usual slope: below it differences need not tell a thousandth
NEAR = 1e-4  # of the scale: differences that settle only below such steps deserve a remark


@dataclass(frozen=True)
class Limits:
    """What differences are allowed.

    Attributes:
        relative: between a gradient and its reference.
        strict: True where the caller chose it: then differences that are not as sharp are NOISY.
        rounding: the relative precision of the numbers.
    """

    relative: float
    strict: bool
    rounding: float

    @classmethod
    def of(cls, tolerance: float | None, rounding: float) -> Limits:
        """Those for a tolerance, or the default for numbers of this precision."""
        if tolerance is not None:
            return cls(tolerance, True, rounding)
        # Half of what must be caught in doubles; in fewer digits rounding leaves less to see.
        default = 4e-9 if rounding == DOUBLE else min(0.05, 1000.0 * rounding)
        return cls(default, False, rounding)


@dataclass(frozen=True)
class Evidence:
    """What is known about one component: `value` is the function's, and `typical` the size
    of a slope here that would matter as much as the others do."""

    name: str
    value: float
    given: float | None
    autodiff: float | None
    precise: float | None
    slope: Slope
    typical: float


def judge(evidence: Evidence, limits: Limits) -> Component:
    """The verdict on one component."""
    return _Judgement(evidence, limits).component()


class _Judgement:
    def __init__(self, evidence: Evidence, limits: Limits) -> None:
        self.evidence, self.limits, self.slope = evidence, limits, evidence.slope
        given, autodiff = evidence.given, evidence.autodiff
        self.checked = autodiff if given is None else given
        slope = self.slope
        # What rounding does to a gradient; and with it what noise in the function may do.
        self.rounding = ROUNDINGS * limits.rounding * abs(evidence.value) / slope.scale + TINY
        if slope.kind == "smooth":
            self.rounding += ROUNDINGS * limits.rounding * slope.steepest
        self.floor = self.rounding + NOISES * (slope.noise / slope.scale)
        self.remarks: list[str] = []

    def component(self) -> Component:
        verdict = self._verdict()
        slope, found = self.slope, self.evidence
        sided = slope.kind not in ("smooth", "vertical")
        component = Component(
            found.name,
            verdict,
            found.given,
            found.autodiff,
            slope.value if slope.kind in ("smooth", "edge", "vertical") else math.nan,
            slope.error if slope.kind in ("smooth", "edge", "vertical") else math.inf,
            _shown(slope.left) if sided else None,
            _shown(slope.right) if sided else None,
            found.precise,
            remark="; ".join(self.remarks),
        )
        if self.checked is None:
            return component
        reference = component.reference
        error, ulps, tolerance = math.nan, math.nan, self.limits.relative
        if math.isfinite(reference) and not (sided and slope.kind != "edge"):
            error = relative(self.checked, reference)
            ulps = _ulps(self.checked, reference, self.limits.rounding)
            allowed = self._allowed(reference is not slope.value, self.checked, reference)
            size = max(abs(self.checked), abs(reference))
            if 0.0 < size < math.inf:
                tolerance = max(tolerance, allowed / size)
        fields = {**component.__dict__, "error": error, "ulps": ulps, "tolerance": tolerance}
        return Component(**fields)

    def _allowed(self, exact: bool, a: float, b: float) -> float:
        """How far a and b may be apart; b is exact, or the numerical slope."""
        allowed = self.floor + self.limits.relative * max(abs(a), abs(b))
        return allowed if exact else allowed + SAFETY * self.slope.error

    def _verdict(self) -> Verdict:
        kind, checked = self.slope.kind, self.checked
        if checked is None:
            self.remarks.append("there is no gradient to hold against the differences")
            return Verdict.VACUOUS
        if kind == "none":
            self.remarks.append("the function has no finite values on either side")
            return Verdict.UNDEFINED
        if kind == "jump":
            side = "left" if self.slope.left.jumps else "right"
            self.remarks.append(f"the function jumps here, on its {side} side")
            return Verdict.UNDEFINED
        if kind == "kink":
            return self._at_kink(checked)
        if math.isinf(self.slope.value):
            self.remarks.append("the slope is infinite here")
            return Verdict.OK if checked == self.slope.value else Verdict.UNDEFINED
        if kind == "edge":
            side = "right" if self.slope.right.exists else "left"
            self.remarks.append(f"the domain ends here: only the {side} derivative exists")
        return self._where_smooth(checked)

    def _at_kink(self, checked: float) -> Verdict:
        left, right = self.slope.left, self.slope.right
        given, autodiff = self.evidence.given, self.evidence.autodiff
        for name, number in (("gradient", given), ("gradient of autodiff", autodiff)):
            if number is None:
                continue
            if math.isnan(number):
                self.remarks.append(f"the {name} is NaN at a kink")
                return Verdict.UNDEFINED
            low, high = sorted((left.value, right.value))
            slack = self.floor + SAFETY * max(left.error, right.error)
            slack += self.limits.relative * max(map(abs, (left.value, right.value)))
            if not low - slack <= number <= high + slack:
                self.remarks.append(f"the {name} is outside of the one-sided derivatives")
                return Verdict.WRONG
        return Verdict.KINK

    def _where_smooth(self, checked: float) -> Verdict:
        slope, found = self.slope, self.evidence
        usual = max(abs(found.value) / slope.scale, slope.broad)
        # Beside a slope of 0, or one that hardly shows, the function itself is the scale.
        size = max(abs(slope.value), found.typical, usual if checked == 0.0 else FLAT * usual)
        sharp = SAFETY * slope.error <= max(COARSEST * size, self.rounding)
        if not math.isfinite(checked):
            if not sharp:
                self.remarks.append("the gradient is not finite")
                return Verdict.UNDEFINED
            self.remarks.append("the gradient is not finite, but the derivative is")
            return Verdict.WRONG
        if slope.step and slope.step < NEAR * slope.scale and sharp:
            self.remarks.append(
                f"differences settle only for steps below {slope.step:.0e}: a kink, a jump or a "
                "steep bend is near"
            )
        apart = abs(checked - slope.value)
        # Larger terms beside this one round it away inside the function: its values show none
        # of that where those terms cancel.
        hidden = 0.0
        if slope.step:
            hidden = SAFETY * self.limits.rounding * found.typical * slope.scale / slope.step
        seen = apart <= self._allowed(False, checked, slope.value)
        if not seen and not apart <= hidden:
            return Verdict.WRONG
        for name, exact in (("high precision", found.precise), ("autodiff", found.autodiff)):
            if exact is None or exact is checked:
                continue
            if abs(checked - exact) > self._allowed(True, checked, exact):
                return self._against(name, exact)
        if found.precise is not None or (found.given is not None and found.autodiff is not None):
            return Verdict.OK  # two witnesses, whom the differences do not contradict
        if not seen:
            self.remarks.append("the rounding of larger terms hides it from the differences")
            return Verdict.NOISY
        return self._by_differences_alone(checked, size, sharp)

    def _against(self, name: str, exact: float) -> Verdict:
        """Another witness contradicts a gradient that the differences do not."""
        if math.isnan(exact) and name == "high precision":
            return Verdict.OK
        allowed = self._allowed(False, exact, self.slope.value)
        if name == "autodiff" and not abs(exact - self.slope.value) <= allowed:
            self.remarks.append(
                "the hand-derived number agrees with the differences, autodiff's does not: a "
                "rule in the graph is wrong, or the function branches on its data"
            )
        return Verdict.WRONG

    def _by_differences_alone(self, checked: float, size: float, sharp: bool) -> Verdict:
        limits = self.limits
        resolved = SAFETY * self.slope.error
        if limits.strict:
            allowed = limits.relative * max(size, abs(checked)) + self.rounding
            if resolved <= allowed:
                return Verdict.OK
            wanted = "the tolerance that was asked for"
        else:
            if sharp:
                return Verdict.OK
            wanted = f"{COARSEST:g} of it"
        self.remarks.append(
            f"the differences know the slope only to ±{resolved:.1g}, more than {wanted}: allow "
            "it with a larger tolerance, or with accept_noisy=True"
        )
        return Verdict.NOISY


def relative(a: float, b: float) -> float:
    """|a - b| over the larger of the two; 0 for equal ones."""
    if a == b:
        return 0.0
    size = max(abs(a), abs(b))
    return abs(a / size - b / size) if math.isfinite(size) and size else math.nan


def _ulps(a: float, b: float, rounding: float) -> float:
    if a == b:
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / (math.ulp(b) * (rounding / DOUBLE))


def _shown(side: Side) -> float:
    return side.value if side.exists and not side.jumps else math.nan
