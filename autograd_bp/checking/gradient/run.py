"""The run of one check, from the arguments to the report."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from autograd_bp.checking.gradient.axes import (
    Axes,
    chosen_components,
    component_axes,
    directional_axes,
    scales_of,
)
from autograd_bp.checking.gradient.explain import explanations
from autograd_bp.checking.gradient.judge import (
    ROUNDINGS,
    Evidence,
    Limits,
    confirmed_component,
    judge,
    relative,
)
from autograd_bp.checking.gradient.point_function import LAST_BITS, Line, close, same
from autograd_bp.checking.gradient.quick_look import Confirmed, quick_look
from autograd_bp.checking.gradient.report import Component, GradientReport
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
from autograd_bp.checking.numeric.taylor import remainder_order

__all__ = ["CheckRun", "Settings"]

TAYLOR_DIRECTIONS = 3
NEAREST_JUMP = 64.0  # roundings of the input: no difference can see a slope before such a jump
NEAR = 1e-2  # relative: a solver's tolerance does not change a slope by more
TYPICAL = 1e-3  # of the largest slope: a slope of this size matters as much as the others do
MANY = 50  # components of arrays: a hand-derived gradient of so many is compared with autodiff
# only where differences do not confirm it, for recording may take longer than all of the check


@dataclass(frozen=True)
class Settings:
    """What the caller of a check may choose; see `check_gradient`."""

    tolerance: float | None = None
    names: Sequence[str] | str | None = None
    digits: int | None = None
    seed: int = 0
    scale: Any = None
    accept_noisy: bool = False
    components: Any = None
    directions: int | None = None


class CheckRun:
    """One check, from the arguments to the report."""

    def __init__(
        self,
        f: Callable[..., Any],
        x: Any,
        gradient: Any,
        settings: Settings,
        cotangent: Any = None,
    ) -> None:
        self.subject = Subject(f, x, settings.names, cotangent)
        self.settings = settings
        self.evidence: list[str] = []
        self.verdicts: list[Verdict] = []
        self.steady = self._repeats()
        self.gradient = gradient
        self.given = None if gradient is None else self.subject.flat_gradient(gradient)
        self._changed_by_the_gradient()
        self.autodiff = None if self._may_wait() else self._autodiff()
        self.limits = Limits.of(settings.tolerance, self.subject.rounding)
        self.axes = self._axes()

    @property
    def checked(self) -> list[float] | None:
        """The gradient that is checked."""
        return self.autodiff if self.given is None else self.given

    def _axes(self) -> Axes:
        settings, subject = self.settings, self.subject
        scales = scales_of(settings.scale, subject)
        if settings.directions is not None:
            return directional_axes(subject, settings.directions, settings.seed)
        places = chosen_components(settings.components, subject, self.checked, settings.seed)
        if len(places) < len(subject.point):
            self.evidence.append(
                f"{len(places)} of {len(subject.point)} components were checked, as asked"
            )
        return component_axes(subject, places, scales)

    def _repeats(self) -> bool:
        first, second = self.subject.value, self.subject.again()
        if same(first, second):
            return True
        if close(first, second, LAST_BITS * self.subject.rounding):
            self.evidence.append(
                f"two calls with the same numbers differ by {abs(first - second):.0e}, in the last "
                "bits, as sums of several threads do"
            )
            return True
        self.evidence.append(
            f"two calls with the same numbers gave {first!r} and {second!r}: fix its seed, or "
            "turn off what draws (dropout, sampling) or counts"
        )
        self.verdicts.append(Verdict.NONDETERMINISTIC)
        return False

    def _changed_by_the_gradient(self) -> None:
        subject = self.subject
        if not (self.steady and callable(self.gradient)):
            return
        if not close(subject.again(), subject.value, LAST_BITS * subject.rounding):
            self.steady = False
            self.verdicts.append(Verdict.NONDETERMINISTIC)
            self.evidence.append(
                f"after a call of the gradient function {subject.name} gives another number: the "
                "gradient function changes something that the function uses, such as weights"
            )

    def _may_wait(self) -> bool:
        """Whether autodiff is asked only where the differences do not confirm the gradient."""
        subject = self.subject
        is_array = subject.numbers is not subject.point
        is_large = len(subject.point) >= MANY and self.settings.digits is None
        return self.given is not None and is_array and is_large

    def _autodiff(self) -> list[float] | None:
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

    # ------------------------------------------------------------------------- the report
    def report(self) -> GradientReport:
        """Run the check."""
        subject, taylor = self.subject, None
        if not math.isfinite(subject.value):
            self.verdicts.append(Verdict.UNDEFINED)
            self.evidence.append(f"{subject.name} is {subject.value!r} here")
        is_checked = self.steady and math.isfinite(subject.value)
        components = self._components() if is_checked else self._unchecked()
        if is_checked:
            self._constant()
            taylor = self._taylor()
        self._after()
        hints = explanations(subject, self.axes.places, self.checked, components)
        return GradientReport(
            subject.name,
            subject.point,
            subject.value,
            tuple(components),
            taylor,
            tuple(self.evidence),
            hints,
            tuple(self.verdicts),
            self.settings.accept_noisy,
            subject.output,
            subject.inputs,
        )

    def _after(self) -> None:
        """What later calls show: functions that keep something, and errors off the point."""
        subject = self.subject
        if self.given is not None and self.steady:
            message = subject.repeated_gradient(self.gradient, self.given)
            if message:
                self.verdicts.append(Verdict.NONDETERMINISTIC)
                self.evidence.append(message)
        for name, count in subject.raised.most_common():
            calls = "1 call" if count == 1 else f"{count} calls"
            self.evidence.append(
                f"{subject.name} raised {name} in {calls} off the point: it has no value there"
            )
        if self.steady and not close(subject.again(), subject.value, LAST_BITS * subject.rounding):
            self.verdicts.append(Verdict.NONDETERMINISTIC)
            self.evidence.append(
                f"after other calls {subject.name} gives another number here than at first: it "
                "keeps something between calls"
            )

    def _unchecked(self) -> list[Component]:
        verdict = Verdict.UNDEFINED if self.steady else Verdict.NONDETERMINISTIC
        given, autodiff = self._along(self.given), self._along(self.autodiff)
        return [
            Component(name, verdict, given[k], autodiff[k])
            for k, name in enumerate(self.axes.names)
        ]

    def _along(self, gradient: Sequence[float] | None) -> Sequence[float | None]:
        return [None] * len(self.axes.names) if gradient is None else self.axes.along(gradient)

    def _components(self) -> list[Component]:
        axes, names = self.axes, self.axes.names
        quick = self._quick()
        if None in quick and self.autodiff is None and self._may_wait():
            self.autodiff = self._autodiff()
        if self.checked is None:
            self.evidence.append("there is nothing to check: pass gradient=")
        given, autodiff = self._along(self.given), self._along(self.autodiff)
        precise = self._precise()
        with self.subject.paused():
            slopes = [None if quick[k] else self._slope(k) for k in range(len(names))]
        typical = self._typical(quick, slopes)
        floors = self.subject.exact_floors(ROUNDINGS) if any(slopes) else []
        components = []
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
            )
            components.append(judge(evidence, self.limits))
        return components

    def _quick(self) -> list[Confirmed | None]:
        """What the quick look confirms; it asks no more than whether the gradient is right."""
        checked, count = self.checked, len(self.axes.names)
        if checked is None or self.settings.digits is not None:
            return [None] * count
        claims = self.axes.along(checked)
        relative_tolerance = self.limits.relative
        looks = quick_look(self.subject, self.axes, claims, relative_tolerance)
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
        subject, axes = self.subject, self.axes
        line, x, scale = axes.lines(k), axes.centres[k], axes.scales[k]
        found = best_slope(line, subject.value, x, scale, subject.rounding)
        if self.checked is None or found.kind not in ("smooth", "kink"):
            return found
        checked = axes.along(self.checked)[k] if axes.places is None else self._checked_at(k)
        if found.kind == "smooth" and abs(found.value - checked) <= found.error:
            return found
        if axes.places is None or scale is not None:
            return self._beyond_jumps(found, line, checked)
        reach = subject.reach(axes.places[k])
        nearest = NEAREST_JUMP * subject.rounding * abs(x)
        if reach <= nearest:
            return jump(line, subject.value, nearest, subject.rounding, found)
        if reach >= found.scale:
            return self._beyond_jumps(found, line, checked)
        return slope(line, subject.value, reach, subject.rounding)

    def _checked_at(self, k: int) -> float:
        checked, places = self.checked, self.axes.places
        assert checked is not None
        assert places is not None
        return checked[places[k]]

    def _beyond_jumps(self, found: Slope, line: Line, checked: float) -> Slope:
        """The slope with that of a wider look, where the gradient is so near that the tolerance
        of an inner iteration could explain the difference."""
        if found.kind != "smooth" or relative(checked, found.value) > NEAR:
            return found
        rival = slope_beyond_jumps(line, self.subject.value, found.scale, self.subject.rounding)
        return found if rival is None else replace(found, rival=rival)

    def _constant(self) -> None:
        """The verdict VACUOUS for a constant function with the gradient 0: nothing was tested."""
        subject, seed = self.subject, self.settings.seed
        if any(self.checked or ()) or not subject.never_moves(random.Random(seed)):
            return
        self.verdicts.append(Verdict.VACUOUS)
        self.evidence.append(
            f"{subject.name} gave {subject.value!r} wherever it was called, and the gradient is 0: "
            "does it use its argument?"
        )

    def _taylor(self) -> float | None:
        if self.checked is None or self.axes.places is None:
            return None
        subject = self.subject
        order = remainder_order(
            subject.at,
            subject.numbers,
            subject.value,
            self.checked,
            directions=TAYLOR_DIRECTIONS,
            seed=self.settings.seed,
            noise=subject.rounding * abs(subject.value),
        )
        if order is None:
            self.evidence.append("Taylor remainder: lost in rounding, as for a linear function")
        else:
            self.evidence.append(
                f"Taylor remainder: vanishes with order {order:.2f} (2 for a right gradient, "
                "towards 1 for a wrong one or at a kink)"
            )
        return order
