"""What rounding, noise and differences let a check see of one component."""

from __future__ import annotations

from autograd_bp.checking.gradient.evidence import MAX_RELATIVE_ERROR, Evidence, Limits
from autograd_bp.checking.gradient.foreign_arrays import DOUBLE
from autograd_bp.checking.gradient.in_double import HALF
from autograd_bp.checking.numeric.differences import Rival
from autograd_bp.checking.numeric.tableau import SAFETY

__all__ = ["NOISES", "ROUNDINGS", "Resolution"]

ROUNDINGS = 100.0  # a gradient may be off by this many roundings
MOST_ROUNDING = 1e-2  # and by no more, which float16 takes for ten of its units
FEW = 12.0  # units of rounding: so much the digits of a gradient in such formats may be off
NOISES = 16.0  # and by this many times the noise of the function
SUBNORMAL_SLACK = 5e-321  # a few of the smallest numbers that there are
FLAT_SLOPE = 1e-9  # of the usual slope: below it differences need not be accurate to a thousandth
NOTHING = DOUBLE**2  # of the function: a slope that changes it by less over the scale is 0
FAINT = (
    1e5  # units of rounding of the function, over the scale: what differences know to few digits
)
CANCELLED = 8.0  # roundings, passed through the graph: so much may be missing of a gradient
FAR_BELOW = 1e-3  # units of rounding of the function, over the scale: what cancels leaves more
NOTABLE = 1e-3  # relative: a difference that a tolerance seldom leaves
COARSE = 0.1  # a tolerance of so much of a slope confirms nothing that differences do not
COARSEST = 1e-2  # relative: differences that are less accurate decide nothing, for no rounding
VISIBLE = 8.0  # times its error: a slope that is larger is no slope of 0


class Resolution:
    """How far numbers of one component may be apart, and what differences see of it.

    Attributes:
        checked: the gradient that is checked; None where there is none.
        rounding: how far rounding may move a gradient.
        floor: the same with the noise of the function.
    """

    def __init__(self, evidence: Evidence, limits: Limits) -> None:
        self.evidence, self.limits, self.slope = evidence, limits, evidence.slope
        given, autodiff = evidence.given, evidence.autodiff
        self.checked = autodiff if given is None else given
        slope = self.slope
        # How far rounding may move a gradient; `floor` adds the noise of the function.
        roundings = min(ROUNDINGS * limits.rounding, MOST_ROUNDING)
        self.rounding = roundings * abs(evidence.value) / slope.scale + SUBNORMAL_SLACK
        if slope.kind == "smooth":
            self.rounding += roundings * slope.steepest
            grain = max(limits.rounding * slope.scale, slope.grain)
            self.rounding += SAFETY * grain * slope.bend
        self.floor = self.rounding + NOISES * (slope.noise / slope.scale)

    def _allowed(self, exact: bool, a: float, b: float) -> float:
        """How far a and b may be apart; b is exact, or the numerical slope."""
        allowed = self.limits.relative * max(abs(a), abs(b))
        if exact:  # the floor of rounding belongs to the differences
            return allowed + min(self.floor, self.evidence.exact_floor)
        return allowed + self.floor + SAFETY * self.slope.error

    def _is_too_far(self, checked: float, other: float) -> bool:
        """Whether numbers differ by more than any rounding may excuse in a verdict of OK."""
        rounding = self.limits.rounding
        if rounding > HALF and not self.limits.strict and not self._is_slight(checked):
            return abs(checked - other) > FEW * rounding * max(abs(checked), abs(other))
        return self._is_capped(checked) and abs(checked - other) > MAX_RELATIVE_ERROR * max(
            abs(checked), abs(other)
        )

    def _is_capped(self, checked: float) -> bool:
        """Whether there is such a limit: not for a slope of 0, for all that floats can tell, nor in
        short formats, nor where the caller chose a tolerance."""
        if self.limits.rounding > DOUBLE or self.limits.strict:
            return False
        # Autodiff alone has slopes that are smaller than what rounding leaves of the function.
        faint = NOTHING if self.evidence.given is not None else FAINT * DOUBLE
        least = faint * abs(self.evidence.value) / self.slope.scale
        return abs(checked) > max(least, SUBNORMAL_SLACK / MAX_RELATIVE_ERROR)

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

    def _is_cancelled(self, checked: float) -> bool:
        """Whether what cancels inside the graph explains how far autodiff is from differences."""
        evidence, exact = self.evidence, self.evidence.autodiff
        if exact is None or abs(checked - exact) > self.limits.relative * abs(exact):
            return False
        lost = CANCELLED / ROUNDINGS * evidence.exact_floor
        return abs(exact - self.slope.value) <= lost < COARSE * abs(exact)

    def _is_nearer(self, checked: float, rival: Rival) -> bool:
        """Whether a gradient that is notably off is nearer to the slope at other steps than that
        at short steps is; of a slope that is known no better, neither is."""
        gap = abs(checked - self.slope.value)
        if gap <= NOTABLE * max(abs(checked), abs(self.slope.value)):
            return True
        return SAFETY * rival.error <= gap or 2.0 * abs(checked - rival.value) <= gap

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
