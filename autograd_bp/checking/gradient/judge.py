"""From the evidence for one component to its verdict."""

from __future__ import annotations

import math

from autograd_bp.checking.gradient.evidence import (
    MAX_RELATIVE_ERROR,
    Evidence,
    Limits,
    relative,
    round_up,
)
from autograd_bp.checking.gradient.foreign_arrays import DOUBLE
from autograd_bp.checking.gradient.report import Component
from autograd_bp.checking.gradient.resolution import Resolution
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.numeric.differences import Side
from autograd_bp.checking.numeric.tableau import SAFETY

__all__ = ["confirmed_component", "judge"]

SMALL_DIFFERENCE = 1e-2  # relative: the tolerance of an inner iteration may explain it
REMARKABLE_STEP = 1e-4  # of the scale: differences that settle only below such steps get a remark


def judge(evidence: Evidence, limits: Limits) -> Component:
    """The verdict on one component."""
    return _Judgement(evidence, limits).component()


class _Judgement(Resolution):
    def __init__(self, evidence: Evidence, limits: Limits) -> None:
        super().__init__(evidence, limits)
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
            return self._where_infinite(checked)
        if kind == "edge":
            side = "right" if self.slope.right.exists else "left"
            self.remarks.append(f"the domain ends here: only the {side} derivative exists")
        return self._where_smooth(checked)

    def _where_infinite(self, checked: float) -> Verdict:
        is_right = checked == self.slope.value
        if self.slope.kind != "smooth":
            self.remarks.append("the slope is infinite here")
            return Verdict.OK if is_right else Verdict.UNDEFINED
        self.remarks.append("the derivative is larger than the largest float")
        if math.isnan(checked):
            return Verdict.UNDEFINED
        return Verdict.OK if is_right else Verdict.WRONG

    def _at_kink(self, checked: float) -> Verdict:
        left, right = self.slope.left, self.slope.right
        given, autodiff = self.evidence.given, self.evidence.autodiff
        for name, number in (("gradient", given), ("gradient of autodiff", autodiff)):
            if number is None:
                continue
            if math.isnan(number):
                self.remarks.append(f"the {name} is NaN at a kink")
                return Verdict.UNDEFINED
            low, high = sorted((left, right), key=lambda side: side.value)
            sizes = [abs(side.value) for side in (low, high) if math.isfinite(side.value)]
            slack = self.floor + self.limits.relative * max(sizes, default=0.0)
            least = low.value - slack - SAFETY * low.error
            if not least <= number <= high.value + slack + SAFETY * high.error:
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
            if self._is_cancelled(checked):
                self.remarks.append(
                    f"it is off by {distance:.0e}, which large terms that cancel inside the "
                    "function may take from it"
                )
                return Verdict.NOISY
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

    def _by_differences_alone(self, checked: float, size: float, is_sharp: bool) -> Verdict:
        limits = self.limits
        resolution = SAFETY * self.slope.error
        if limits.strict:
            is_sharp = resolution <= limits.relative * max(size, abs(checked)) + self.rounding
        if self.evidence.is_right_elsewhere:
            self.remarks.append(
                "rounding hides the slope here; the gradient function is right at other places, "
                "where it shows"
            )
            return Verdict.OK
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
    relative_error = ulps = distance
    if distance:
        relative_error = distance / max(abs(checked), abs(reference))
        ulps = distance / (math.ulp(reference) * (limits.rounding / DOUBLE))
    tolerance = limits.relative
    if checked:
        tolerance = max(tolerance, 2.0 * error / abs(checked))
    # At once: the constructor of a frozen class sets each field by a call, and there may be ten
    # thousand components of a function that takes no longer than that.
    part = object.__new__(Component)
    part.__dict__.update(
        name=name,
        verdict=Verdict.OK,
        given=given,
        autodiff=autodiff,
        numerical=slope,
        numerical_error=error,
        left=None,
        right=None,
        precise=None,
        error=relative_error,
        ulps=ulps,
        tolerance=tolerance,
        remark="",
    )
    return part


def _ulps(a: float, b: float, rounding: float) -> float:
    if a == b:
        return 0.0
    if not (math.isfinite(a) and math.isfinite(b)):
        return math.inf
    return abs(a - b) / (math.ulp(b) * (rounding / DOUBLE))


def _shown(side: Side) -> float:
    return side.value if side.exists and not side.jumps else math.nan
