"""The components of one check: what is known of each, and the verdict."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd_bp.checking.gradient.axes import Axes
from autograd_bp.checking.gradient.elsewhere import is_faint, is_right_elsewhere
from autograd_bp.checking.gradient.evidence import Evidence, Limits, relative
from autograd_bp.checking.gradient.excuses import Excuses
from autograd_bp.checking.gradient.hidden import HiddenSlopes
from autograd_bp.checking.gradient.judge import confirmed_component, judge
from autograd_bp.checking.gradient.point_function import Line, PointFunction
from autograd_bp.checking.gradient.quick_look import Confirmed, quick_look
from autograd_bp.checking.gradient.report import Component
from autograd_bp.checking.gradient.resolution import ROUNDINGS
from autograd_bp.checking.gradient.subject import Subject
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.numeric.differences import (
    Slope,
    best_slope,
    jump,
    slope,
    slope_beyond_jumps,
)
from autograd_bp.checking.numeric.precise import precise_slopes

__all__ = ["ComponentChecks", "Settings"]

NEAREST_JUMP = 64.0  # roundings of the input: no difference can see a slope before such a jump
NEAR = 1e-2  # relative: a solver's tolerance does not change a slope by more
TYPICAL = 1e-3  # of the largest slope: a slope of this size matters as much as the others do
MANY = 50  # components of arrays: a hand-derived gradient of so many is compared with autodiff
# only where differences do not confirm it, for recording may take longer than all of the check


@dataclass(frozen=True)
class Settings:
    """The choices of the caller of a check; see `check_gradient`."""

    tolerance: float | None = None
    names: Sequence[str] | str | None = None
    digits: int | None = None
    seed: int = 0
    scale: Any = None
    accept_noisy: bool = False
    components: Any = None
    directions: int | None = None


class ComponentChecks:
    """A subject, its gradients and its axes, and the components that they give. Its values are
    those of the function in double precision, where it has any."""

    subject: Subject
    values: PointFunction
    settings: Settings
    axes: Axes
    limits: Limits
    steady: bool
    gradient: Any
    given: list[float] | None
    autodiff: list[float] | None
    evidence: list[str]

    @property
    def checked(self) -> list[float] | None:
        """The gradient that is checked."""
        return self.autodiff if self.given is None else self.given

    def _may_wait(self) -> bool:
        """Whether autodiff is asked only where the differences do not confirm the gradient."""
        subject = self.subject
        is_array = subject.numbers is not subject.point
        is_large = len(subject.point) >= MANY and self.settings.digits is None
        return self.given is not None and is_array and is_large

    def find_autodiff(self) -> list[float] | None:
        """Autodiff's gradient; that of torch or JAX where the point holds their arrays."""
        subject = self.subject
        if subject.library:
            if self.given is not None:
                return None
            gradient, origin = subject.library_gradient()
            remark = f"the gradient that is checked was found {origin}" if gradient else origin
        else:
            gradient, remark = None, ""
            if self.steady:
                gradient, remark = subject.autodiff(is_needed=self.given is None)
            if self.given is not None and gradient and not subject.is_recorded:
                gradient = None  # it says nothing of the function
        if remark:
            self.evidence.append(remark)
        return gradient

    def _along(self, gradient: Sequence[float] | None) -> Sequence[float | None]:
        return [None] * len(self.axes.names) if gradient is None else self.axes.along(gradient)

    def _components(self) -> list[Component]:
        axes, names = self.axes, self.axes.names
        quick = self._quick()
        hidden = self._hidden(quick)
        if None in quick and self.autodiff is None and self._may_wait():
            self.autodiff = self.find_autodiff()
        if self.checked is None:
            self.evidence.append("there is nothing to check: pass gradient=")
        given, autodiff = self._along(self.given), self._along(self.autodiff)
        precise = self._precise()
        with self.values.paused():
            slopes = [None if quick[k] else self._slope(k) for k in range(len(names))]
        typical = self._typical(quick, slopes)
        floors = self.subject.exact_floors(ROUNDINGS) if any(slopes) else []
        components, excuses = [], Excuses(self.subject, self.gradient, axes)
        for k, (name, look) in enumerate(zip(names, quick, strict=True)):
            found = slopes[k]
            if found is None:
                assert look is not None
                components.append(
                    confirmed_component(name, given[k], autodiff[k], look, self.limits)
                )
                continue
            floor = math.inf if axes.places is None else floors[axes.places[k]]
            evidence = Evidence(
                name,
                self.subject.value,
                given[k],
                autodiff[k],
                precise[k],
                found,
                typical[k],
                floor,
                self._is_right_elsewhere(k, given[k], autodiff[k], found),
            )
            part = judge(evidence, self.limits)
            if part.verdict is Verdict.OK and k in hidden and autodiff[k] is None:
                part = replace(part, verdict=Verdict.NOISY, remark=hidden[k])
            components.append(excuses.excused(part, k, found))
        return components

    def _is_right_elsewhere(
        self, k: int, given: float | None, autodiff: float | None, found: Slope
    ) -> bool:
        """Whether a slope that differences cannot see here is right where they can."""
        subject = self.subject
        if given is None or autodiff is not None or not is_faint(subject, given, found):
            return False
        with subject.paused():
            return is_right_elsewhere(subject, self.axes, self.gradient, k)

    def _hidden(self, quick: list[Confirmed | None]) -> dict[int, str]:
        """Slopes of 0 that larger terms may hide from the differences, by their axes, in words.
        What a quick look says of them, and of those that it may have missed, does not count."""
        checked, places = self.checked, self.axes.places
        if checked is None or places is None or self.autodiff is not None:
            return {}
        found: dict[int, str] = {}
        slopes = HiddenSlopes(self.subject, self.axes, checked)
        for k, i in enumerate(places):
            if checked[i] != 0.0:
                continue
            with self.subject.paused():
                if slopes.moves(k):
                    quick[k] = None
                    continue
                words = slopes.hidden(k)
            if words:
                quick[k], found[k] = None, words
        return found

    def _quick(self) -> list[Confirmed | None]:
        """Return the verdicts that the quick look confirms; it only asks whether the gradient is
        right."""
        checked, count = self.checked, len(self.axes.names)
        if checked is None or self.settings.digits is not None:
            return [None] * count
        claims = self.axes.along(checked)
        relative_tolerance = self.limits.relative
        looks = quick_look(self.values, self.axes, claims, relative_tolerance)
        if self.given is None or self.autodiff is None:
            return looks
        others = self.axes.along(self.autodiff)
        return [
            look if abs(a - b) <= relative_tolerance * max(abs(a), abs(b)) else None
            for look, a, b in zip(looks, claims, others, strict=True)
        ]

    def _precise(self) -> Sequence[float | None]:
        subject, digits, places = self.subject, self.settings.digits, self.axes.places
        if digits is None or places is None:
            return [None] * len(self.axes.names)

        def exactly(numbers: list[Any]) -> Any:
            x = subject.tree.build(numbers)
            return subject.function(*x) if subject.spread else subject.function(x)

        found, how = precise_slopes(digits, subject.point, subject.output, subject.inputs, exactly)
        missing = sum(slope is None for slope in found)
        self.evidence.append(
            f"high precision: {how}"
            + (
                f"; not found in {missing} of {len(found)} "
                "components, as at kinks, or where floats are computed with"
                if missing
                else ""
            )
        )
        return [found[i] for i in places]

    def _typical(
        self, quick: Sequence[Confirmed | None], slopes: Sequence[Slope | None]
    ) -> list[float]:
        """For each axis, the size of a slope that would matter as much as the others do."""
        weights = [abs(x) or 1.0 for x in self.axes.centres]
        moves = []
        for look, found, weight in zip(quick, slopes, weights, strict=True):
            if look is not None:
                moves.append(abs(look[0]) * weight)
            elif found is not None and found.kind == "smooth":
                moves.append(abs(found.value) * weight)
        largest = max(filter(math.isfinite, moves), default=0.0)
        return [TYPICAL * largest / weight for weight in weights]

    def _slope(self, k: int) -> Slope:
        """By steps that stay before the next jump of the graph, where longer ones contradict the
        gradient: they see the mean slope of a staircase or a saw, not its slope."""
        values, axes = self.values, self.axes
        line, x, scale = axes.lines(k), axes.centres[k], axes.scales[k]
        grain = values.rounding * abs(x)
        found = best_slope(line, values.value, x, scale, values.rounding)
        if self.checked is None or found.kind not in ("smooth", "kink", "unsettled"):
            return found
        checked = axes.along(self.checked)[k] if axes.places is None else self._checked_at(k)
        if found.kind == "smooth" and abs(found.value - checked) <= found.error:
            return found
        if axes.places is None or scale is not None:
            return self._beyond_jumps(found, line, checked, grain)
        reach = self.subject.reach(axes.places[k])
        nearest = NEAREST_JUMP * values.rounding * abs(x)
        if reach <= nearest:
            return jump(line, values.value, nearest, values.rounding, found)
        if reach >= found.scale:
            return self._beyond_jumps(found, line, checked, grain)
        return slope(line, values.value, reach, values.rounding, grain)

    def _checked_at(self, k: int) -> float:
        checked, places = self.checked, self.axes.places
        assert checked is not None
        assert places is not None
        return checked[places[k]]

    def _beyond_jumps(self, found: Slope, line: Line, checked: float, grain: float) -> Slope:
        """The slope with that of a wider look, where the gradient is so near that the tolerance
        of an inner iteration could explain the difference."""
        if found.kind != "smooth" or relative(checked, found.value) > NEAR:
            return found
        value, rounding = self.values.value, self.values.rounding
        rival = slope_beyond_jumps(line, value, found.scale, rounding, grain)
        return found if rival is None else replace(found, rival=rival)
