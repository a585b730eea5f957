"""From the evidence for one component to its verdict."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd_bp.checking.gradient.foreign_arrays import DOUBLE
from autograd_bp.checking.gradient.report import Component
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.numeric.differences import Rival, Side, Slope
from autograd_bp.checking.numeric.tableau import SAFETY

__all__ = [
    "NOISES",
    "ROUNDINGS",
    "Evidence",
    "Limits",
    "confirmed_component",
    "judge",
    "relative",
    "round_up",
]

ROUNDINGS = 100.0  # a gradient may be off by this many roundings
NOISES = 16.0  # and by this many times the noise of the function
SUBNORMAL_SLACK = 5e-321  # a few of the smallest numbers that there are
MAX_RELATIVE_ERROR = 1e-3  # differences that are less accurate than this decide nothing
MAX_SHORT_ERROR = 1.2e-2  # and these in formats of fewer digits than double
FLAT_SLOPE = 1e-9  # of the usual slope: below it differences need not be accurate to a thousandth
NOTHING = DOUBLE**2  # of the function: a slope that changes it by less over the scale is 0
SMALL_DIFFERENCE = 1e-2  # relative: the tolerance of an inner iteration may explain it
FAR_BELOW = 1e-3  # units of rounding of the function, over the scale: what cancels leaves more
NOTABLE = 1e-3  # relative: a difference that a tolerance seldom leaves
COARSE = 0.1  # a tolerance of so much of a slope confirms nothing that differences do not
COARSEST = 1e-2  # relative: differences that are less accurate decide nothing, for no rounding
VISIBLE = 8.0  # times its error: a slope that is larger is no slope of 0
REMARKABLE_STEP = 1e-4  # of the scale: differences that settle only below such steps get a remark


@dataclass(frozen=True)
class Limits:
    """The differences that are allowed.

    Attributes:
        relative: between a gradient and its reference.
        strict: True where the caller chose it: then differences that are less accurate are NOISY.
        rounding: the relative precision of the numbers.
    """

    relative: float
    strict: bool
    rounding: float

    @property
    def sharp(self) -> float:
        """The relative error of differences above which they decide nothing."""
        return MAX_RELATIVE_ERROR if self.rounding == DOUBLE else MAX_SHORT_ERROR

    @classmethod
    def of(cls, tolerance: float | None, rounding: float) -> Limits:
        """The limits for a tolerance, or the default for numbers of this precision."""
        if tolerance is not None:
            return cls(tolerance, True, rounding)
        # Half of what must be caught in doubles; in fewer digits rounding leaves less to see.
        default = 4e-9 if rounding == DOUBLE else min(0.05, 1000.0 * rounding)
        return cls(default, False, rounding)


@dataclass(frozen=True)
class Evidence:
    """The numbers that are known about one component.

    Attributes:
        name: of the component.
        value: of the function.
        given: the caller's derivative.
        autodiff: that of autodiff.
        precise: that at high precision.
        slope: that of differences.
        typical: the size of a slope here that would matter as much as the other components do.
        exact_floor: how far rounding may move a gradient that is computed without differences.
    """

    name: str
    value: float
    given: float | None
    autodiff: float | None
    precise: float | None
    slope: Slope
    typical: float
    exact_floor: float = math.inf


def judge(evidence: Evidence, limits: Limits) -> Component:
    """The verdict on one component."""
    return _Judgement(evidence, limits).component()


class _Judgement:
    def __init__(self, evidence: Evidence, limits: Limits) -> None:
        self.evidence, self.limits, self.slope = evidence, limits, evidence.slope
        given, autodiff = evidence.given, evidence.autodiff
        self.checked = autodiff if given is None else given
        slope = self.slope
        # How far rounding may move a gradient; `floor` adds the noise of the function.
        self.rounding = (
            ROUNDINGS * limits.rounding * abs(evidence.value) / slope.scale + SUBNORMAL_SLACK
        )
        if slope.kind == "smooth":
            self.rounding += ROUNDINGS * limits.rounding * slope.steepest
            grain = max(limits.rounding * slope.scale, slope.grain)
            self.rounding += SAFETY * grain * slope.bend
        self.floor = self.rounding + NOISES * (slope.noise / slope.scale)
        self.remarks: list[str] = []

    def component(self) -> Component:
        verdict = self._verdict()
        slope, evidence = self.slope, self.evidence
        sided = slope.kind not in ("smooth", "vertical")
        component = Component(
            evidence.name,
            verdict,
            evidence.given,
            evidence.autodiff,
            slope.value if slope.kind in ("smooth", "edge", "vertical") else math.nan,
            slope.error if slope.kind in ("smooth", "edge", "vertical") else math.inf,
            _shown(slope.left) if sided else None,
            _shown(slope.right) if sided else None,
            evidence.precise,
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
            if verdict is Verdict.OK and self._is_capped(self.checked):
                tolerance = min(tolerance, MAX_RELATIVE_ERROR)
        fields = {**component.__dict__, "error": error, "ulps": ulps, "tolerance": tolerance}
        return Component(**fields)

    def _allowed(self, exact: bool, a: float, b: float) -> float:
        """How far a and b may be apart; b is exact, or the numerical slope."""
        allowed = self.limits.relative * max(abs(a), abs(b))
        if exact:  # the floor of rounding belongs to the differences
            return allowed + min(self.floor, self.evidence.exact_floor)
        return allowed + self.floor + SAFETY * self.slope.error

    def _verdict(self) -> Verdict:
        kind, checked = self.slope.kind, self.checked
        if checked is None:
            self.remarks.append("there is no gradient to compare with the differences")
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
        if kind == "unsettled":
            return self._unsettled(checked)
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

    def _unsettled(self, checked: float) -> Verdict:
        """The verdict where the differences see one slope far away and another one nearby: that
        of another derivation, if there is one."""
        evidence, witnesses = self.evidence, 0
        for exact in (evidence.precise, evidence.autodiff):
            if exact is None or exact is checked or not math.isfinite(exact):
                continue
            witnesses += 1
            size = max(abs(checked), abs(exact))
            allowed = self.limits.relative * size + min(evidence.exact_floor, self.floor)
            if not abs(checked - exact) <= allowed:
                return Verdict.WRONG
            if self._is_too_far(checked, exact):
                witnesses = 0
                break
        if witnesses:
            return Verdict.OK
        self.remarks.append(
            "the differences do not settle before rounding hides them: the end of the domain, a "
            "pole or a jump is near; give scale=, its distance"
        )
        return Verdict.NOISY

    def _is_too_far(self, checked: float, other: float) -> bool:
        """Whether numbers differ by more than any rounding may excuse in a verdict of OK."""
        return self._is_capped(checked) and abs(checked - other) > MAX_RELATIVE_ERROR * max(
            abs(checked), abs(other)
        )

    def _is_capped(self, checked: float) -> bool:
        """Whether there is such a limit: not for a slope of 0, for all that floats can tell, nor in
        short formats, nor where the caller chose a tolerance."""
        if self.limits.rounding > DOUBLE or self.limits.strict:
            return False
        # Autodiff alone has slopes that are smaller than what rounding leaves of the function.
        faint = NOTHING if self.evidence.given is not None else ROUNDINGS * DOUBLE
        least = faint * abs(self.evidence.value) / self.slope.scale
        return abs(checked) > max(least, SUBNORMAL_SLACK / MAX_RELATIVE_ERROR)

    def _where_smooth(self, checked: float) -> Verdict:
        evidence = self.evidence
        size = self._size(checked)
        is_sharp = self._is_sharp(checked, size)
        if not math.isfinite(checked):
            return self._not_finite(is_sharp)
        self._remark_on_steps(is_sharp)
        distance = abs(checked - self.slope.value)
        agrees = distance <= self._allowed(False, checked, self.slope.value)
        if not agrees and not distance <= self._hidden():
            return self._by_the_rival(checked)
        for name, exact in (("high precision", evidence.precise), ("autodiff", evidence.autodiff)):
            if exact is None or exact is checked:
                continue
            if abs(checked - exact) > self._allowed(True, checked, exact):
                return self._contradicted_by(name, exact)
            if self._differs_below_rounding(checked, exact):
                self.remarks.append(
                    f"{name} has {exact:.6g}, and both are far below what rounding leaves here"
                )
                return Verdict.NOISY
            if self._is_too_far(checked, exact):
                self._remark_on_rounding(checked, exact)
                return Verdict.NOISY
        if evidence.precise is not None or None not in (evidence.given, evidence.autodiff):
            return Verdict.OK  # two derivations agree, and the differences do not contradict them
        if not agrees:
            self.remarks.append("the rounding of larger terms hides it from the differences")
            return Verdict.NOISY
        return self._by_differences_alone(checked, size, is_sharp)

    def _remark_on_rounding(self, checked: float, other: float) -> None:
        self.remarks.append(
            f"it is off by {relative(checked, other):.1g}, and rounding inside the function, or "
            "its noise, may explain that"
        )

    def _is_sharp(self, checked: float, size: float) -> bool:
        """Whether the differences know the slope well enough to decide."""
        resolution, rounding = SAFETY * self.slope.error, self.rounding
        if self.limits.rounding == DOUBLE:
            rounding = min(rounding, max(COARSEST * size, SUBNORMAL_SLACK))
        if resolution <= max(self.limits.sharp * size, rounding):
            return True
        return self._is_slight(checked) and resolution <= self.evidence.typical

    def _size(self, checked: float) -> float:
        """The size of slopes here, which the accuracy of differences is compared with."""
        slope, evidence = self.slope, self.evidence
        usual = max(abs(evidence.value) / slope.scale, slope.broad)
        # Beside a slope of 0, or one that hardly shows, the function itself is the scale.
        least = usual if checked == 0.0 else FLAT_SLOPE * usual
        return max(abs(slope.value), evidence.typical, least)

    def _hidden(self) -> float:
        """How large a slope may be and not show. Larger terms beside this one round it away inside
        the function: where those terms cancel, its values have none of it.
        """
        slope = self.slope
        if not slope.step:
            return 0.0
        return SAFETY * self.limits.rounding * self.evidence.typical * slope.scale / slope.step

    def _by_the_rival(self, checked: float) -> Verdict:
        """The verdict where the differences contradict a gradient, but not those at other steps:
        a solver's last step, or the rounding inside a function, has a slope of its own.
        """
        rival, distance = self.slope.rival, relative(checked, self.slope.value)
        allowed = self.floor + self.limits.relative * abs(checked)
        if not (
            rival is not None
            and abs(checked - rival.value) <= allowed + SAFETY * rival.error
            and (rival.is_local or self._is_nearer(checked, rival))
        ):
            if distance <= SMALL_DIFFERENCE and self.evidence.autodiff is None:
                self.remarks.append(
                    f"it is off by {distance:.0e} only: if the function solves, integrates or "
                    "iterates to a tolerance, its values are off, too; then allow that much, with "
                    f"tolerance={round_up(distance):.0e}"
                )
            return Verdict.WRONG
        if rival.is_local:
            self.remarks.append(
                f"the gradient is that of steps below {rival.step:.0e}, inside the function's "
                f"noise; beyond it the slope is another one, by {distance:.1g}"
            )
        else:
            self.remarks.append(
                f"the gradient agrees with differences at steps of {rival.step:.0e}, but is off "
                f"by {distance:.1g} from those at shorter steps: does the function iterate to a "
                f"tolerance? Then allow that much, with tolerance={round_up(distance):.0e}"
            )
        return Verdict.NOISY

    def _is_nearer(self, checked: float, rival: Rival) -> bool:
        """Whether a gradient that is notably off is nearer to the slope at other steps than that
        at short steps is; of a slope that is known no better, neither is."""
        gap = abs(checked - self.slope.value)
        if gap <= NOTABLE * max(abs(checked), abs(self.slope.value)):
            return True
        return SAFETY * rival.error <= gap or 2.0 * abs(checked - rival.value) <= gap

    def _not_finite(self, is_sharp: bool) -> Verdict:
        if not is_sharp:
            self.remarks.append("the gradient is not finite")
            return Verdict.UNDEFINED
        self.remarks.append("the gradient is not finite, but the derivative is")
        return Verdict.WRONG

    def _remark_on_steps(self, is_sharp: bool) -> None:
        step = self.slope.step
        if step and step < REMARKABLE_STEP * self.slope.scale and is_sharp:
            self.remarks.append(
                f"differences settle only for steps below {step:.0e}: a kink, a jump or a "
                "steep bend is near"
            )

    def _contradicted_by(self, name: str, exact: float) -> Verdict:
        """The verdict where another derivation contradicts a gradient and differences do not."""
        if math.isnan(exact) and name == "high precision":
            return Verdict.OK
        allowed = self._allowed(False, exact, self.slope.value)
        if name == "autodiff" and not abs(exact - self.slope.value) <= allowed:
            self.remarks.append(
                "the hand-derived number agrees with the differences, autodiff's does not: a "
                "rule in the graph is wrong, or the function branches on its data"
            )
        return Verdict.WRONG

    def _differs_below_rounding(self, checked: float, exact: float) -> bool:
        """Whether two derivations differ by more than what cancels in one of them: that leaves 0,
        or about a unit of rounding, and these numbers are far smaller."""
        size = max(abs(checked), abs(exact))
        is_far_below = size < FAR_BELOW * self.rounding / ROUNDINGS
        return checked != 0.0 and is_far_below and abs(checked - exact) > COARSE * size

    def _is_invisible(self, checked: float) -> bool:
        """Whether a hand-derived slope is neither 0, for all that floats can tell, nor so large
        that differences can tell it from 0."""
        slope, value = self.slope, abs(self.evidence.value)
        if self.evidence.given is None:
            return False
        if abs(checked) * slope.scale <= NOTHING * value:
            # A short format's floor must not let 0 pass where the function does change.
            if self.limits.rounding == DOUBLE:
                return checked == 0.0 and abs(slope.value) > VISIBLE * slope.error
            return abs(slope.value) > max(self.evidence.typical, SAFETY * slope.error)
        if self.limits.rounding > DOUBLE:
            # Short formats leave little to see of a slope that is small beside all others, as
            # those of a softmax are; and the differences say how far they see.
            seen = SAFETY * slope.error + self.limits.relative * abs(checked)
            if abs(checked - slope.value) <= seen < 0.5 * min(abs(checked), abs(slope.value)):
                return False
            if self._is_slight(checked):
                return False
            if abs(checked - slope.value) > seen:
                least = COARSE * max(abs(checked), abs(slope.value))
                return self._allowed(False, checked, slope.value) > least
        return self._allowed(False, checked, slope.value) > max(abs(checked), abs(slope.value))

    def _is_slight(self, checked: float) -> bool:
        """Whether a slope in a short format is so small beside the others that its digits are
        nothing to ask for."""
        is_small = max(abs(checked), abs(self.slope.value)) <= self.evidence.typical
        return is_small and self.limits.rounding > DOUBLE

    def _by_differences_alone(self, checked: float, size: float, is_sharp: bool) -> Verdict:
        limits = self.limits
        resolution = SAFETY * self.slope.error
        if limits.strict:
            is_sharp = resolution <= limits.relative * max(size, abs(checked)) + self.rounding
        if is_sharp and not limits.strict and self._is_invisible(checked):
            self.remarks.append(
                "the slope is so small beside the function that differences cannot tell it from 0, "
                "nor from its negative"
            )
            return Verdict.NOISY
        if is_sharp and self._is_too_far(checked, self.slope.value):
            self._remark_on_rounding(checked, self.slope.value)
            return Verdict.NOISY
        if is_sharp:
            return Verdict.OK
        limit = "the tolerance that was asked for" if limits.strict else f"{limits.sharp:g} of it"
        self.remarks.append(
            f"the differences know the slope only to ±{resolution:.1g}, more than {limit}: allow "
            "it with a larger tolerance, or with accept_noisy=True"
        )
        return Verdict.NOISY


def confirmed_component(
    name: str,
    given: float | None,
    autodiff: float | None,
    look: tuple[float, float],
    limits: Limits,
) -> Component:
    """The component that a quick look has confirmed: the slope that it saw, and its error."""
    slope, error = look
    checked = autodiff if given is None else given
    assert checked is not None
    reference = slope if given is None or autodiff is None else autodiff
    distance = abs(checked - reference)
    return Component(
        name,
        Verdict.OK,
        given,
        autodiff,
        slope,
        error,
        error=distance and distance / max(abs(checked), abs(reference)),
        ulps=distance and distance / (math.ulp(reference) * (limits.rounding / DOUBLE)),
        tolerance=max(limits.relative, 2.0 * error / abs(checked) if checked else 0.0),
    )


def relative(a: float, b: float) -> float:
    """|a - b| over the larger of the two; 0 for equal ones."""
    if a == b:
        return 0.0
    size = max(abs(a), abs(b))
    return abs(a / size - b / size) if math.isfinite(size) and size else math.nan


def round_up(x: float) -> float:
    """The next power of ten."""
    return 10.0 ** math.ceil(math.log10(x)) if 0.0 < x < 0.1 else 0.5


def _ulps(a: float, b: float, rounding: float) -> float:
    if a == b:
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / (math.ulp(b) * (rounding / DOUBLE))


def _shown(side: Side) -> float:
    return side.value if side.exists and not side.jumps else math.nan
