"""The run of one check, from the arguments to the report."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

from autograd_bp.checking.gradient.axes import (
    Axes,
    chosen_components,
    component_axes,
    directional_axes,
    scales_of,
)
from autograd_bp.checking.gradient.component_checks import ComponentChecks, Settings
from autograd_bp.checking.gradient.evidence import Limits
from autograd_bp.checking.gradient.explain import explanations
from autograd_bp.checking.gradient.hints import Hint
from autograd_bp.checking.gradient.in_double import in_double
from autograd_bp.checking.gradient.point_function import LAST_BITS, close, same
from autograd_bp.checking.gradient.report import Component, GradientReport
from autograd_bp.checking.gradient.subject import Subject
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.numeric.taylor import remainder_order

__all__ = ["CheckRun", "Settings"]

TAYLOR_DIRECTIONS = 3


class CheckRun(ComponentChecks):
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
        self.autodiff = None if self._may_wait() else self.find_autodiff()
        self.limits = Limits.of(settings.tolerance, self.subject.rounding)
        self.values = in_double(self.subject, x, settings.names, cotangent)
        self.axes = self._axes()

    def _axes(self) -> Axes:
        settings, subject = self.settings, self.subject
        scales = scales_of(settings.scale, subject)
        if settings.directions is not None:
            return directional_axes(self.values, settings.directions, settings.seed)
        places = chosen_components(settings.components, subject, self.checked, settings.seed)
        if len(places) < len(subject.point):
            self.evidence.append(
                f"{len(places)} of {len(subject.point)} components were checked, as asked"
            )
        return component_axes(self.values, places, scales)

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
        if subject.kept is not None:
            name, why = subject.kept.name, subject.kept.explanation
            hints = (Hint(f"{name}: {why}", name), *hints)
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
        """Look at later calls: functions that keep something, and errors away from the point."""
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
        values = self.values
        with values.paused():
            order = remainder_order(
                values.at,
                values.numbers,
                values.value,
                self.checked,
                directions=TAYLOR_DIRECTIONS,
                seed=self.settings.seed,
                noise=values.rounding * abs(values.value),
            )
        if order is None:
            self.evidence.append("Taylor remainder: lost in rounding, as for a linear function")
        else:
            self.evidence.append(
                f"Taylor remainder: vanishes with order {order:.2f} (2 for a right gradient, "
                "towards 1 for a wrong one or at a kink)"
            )
        return order
