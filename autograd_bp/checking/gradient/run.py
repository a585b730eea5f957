"""The run of one check, from the arguments to the report."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from autograd_bp.checking.gradient.hints import hints
from autograd_bp.checking.gradient.judge import Evidence, Limits, judge, relative
from autograd_bp.checking.gradient.report import Component, GradientReport
from autograd_bp.checking.gradient.subject import Subject, same
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.numeric.differences import (
    Slope,
    best_slope,
    jump,
    slope,
    slope_beyond_jumps,
)
from autograd_bp.checking.numeric.noise import Line
from autograd_bp.checking.numeric.precise import precise_slopes
from autograd_bp.checking.numeric.taylor import remainder_order

__all__ = ["CheckRun"]

DIRECTIONS = 3  # of the Taylor remainder
NEAREST_JUMP = 64.0  # roundings of the input: no difference can see a slope before such a jump
NEAR = 1e-2  # relative: a solver's tolerance does not change a slope by more
TYPICAL = 1e-3  # of the largest slope: a slope of this size matters as much as the others do


class CheckRun:
    """One check, from the arguments to the report."""

    def __init__(
        self,
        f: Callable[..., Any],
        x: Any,
        gradient: Any,
        tolerance: float | None,
        names: Sequence[str] | str | None,
        digits: int | None,
        seed: int,
        scale: float | None,
        accept_noisy: bool,
    ) -> None:
        self.subject = Subject(f, x, names)
        self.seed, self.scale, self.accept_noisy = seed, scale, accept_noisy
        self.evidence: list[str] = []
        self.verdicts: list[Verdict] = []
        self.size = len(self.subject.point)
        self.steady = self._repeats()
        self.given = None if gradient is None else self.subject.flat_gradient(gradient)
        self.autodiff = self._autodiff()
        self.limits = Limits.of(tolerance, self.subject.rounding)
        self.precise = self._precise(digits)

    def _repeats(self) -> bool:
        first, second = self.subject.value, self.subject.again()
        if same(first, second):
            return True
        self.evidence.append(
            f"two calls with the same numbers gave {first!r} and {second!r}: fix its seed, or "
            "turn off what draws (dropout, sampling) or counts"
        )
        self.verdicts.append(Verdict.NONDETERMINISTIC)
        return False

    def _autodiff(self) -> list[float] | None:
        subject = self.subject
        if subject.library:
            if self.given is not None:
                return None
            gradient, origin = subject.library_gradient()
            remark = f"the gradient that is checked was found {origin}" if gradient else ""
        else:
            gradient, remark = subject.autodiff() if self.steady else (None, "")
            if self.given is not None and gradient and not subject.is_recorded:
                gradient = None  # it says nothing of the function
        if remark:
            self.evidence.append(remark)
        return gradient

    def _precise(self, digits: int | None) -> Sequence[float | None]:
        subject = self.subject
        if digits is None:
            return [None] * self.size

        def exactly(numbers: list[Any]) -> Any:
            x = subject.tree.build(numbers)
            return subject.function(*x) if subject.spread else subject.function(x)

        slopes, how = precise_slopes(digits, subject.point, subject.output, subject.inputs, exactly)
        missing = sum(slope is None for slope in slopes)
        self.evidence.append(
            f"high precision: {how}"
            + (
                f"; not found in {missing} of {self.size} "
                "components, as at kinks, or where floats are computed with"
                if missing
                else ""
            )
        )
        return slopes

    def report(self) -> GradientReport:
        subject, taylor = self.subject, None
        if not math.isfinite(subject.value):
            self.verdicts.append(Verdict.UNDEFINED)
            self.evidence.append(f"{subject.name} is {subject.value!r} here")
        slopes = self._slopes() if self.steady and math.isfinite(subject.value) else []
        components = self._components(slopes)
        if slopes:
            self._constant(slopes)
            taylor = self._taylor(slopes)
        if self.steady and not same(subject.again(), subject.value):
            self.verdicts.append(Verdict.NONDETERMINISTIC)
            self.evidence.append(
                f"after other calls {subject.name} gives another number here than at first: it "
                "keeps something between calls"
            )
        return GradientReport(
            subject.name,
            subject.point,
            subject.value,
            tuple(components),
            taylor,
            tuple(self.evidence),
            self._hints(components),
            tuple(self.verdicts),
            self.accept_noisy,
            subject.output,
            subject.inputs,
        )

    def _slopes(self) -> list[Slope]:
        return [self._slope(i, x) for i, x in enumerate(self.subject.point)]

    def _slope(self, i: int, x: float) -> Slope:
        """By steps that stay before the next jump of the graph, where longer ones contradict the
        gradient: they see the mean slope of a staircase or a saw, not its slope."""
        subject, checked = self.subject, self.given or self.autodiff
        line = subject.line(i)
        found = best_slope(line, subject.value, x, self.scale, subject.rounding)
        if checked is None or found.kind not in ("smooth", "kink") or self.scale is not None:
            return found
        if found.kind == "smooth" and abs(found.value - checked[i]) <= found.error:
            return found
        reach = subject.reach(i)
        nearest = NEAREST_JUMP * subject.rounding * abs(x)
        if reach <= nearest:
            return jump(line, subject.value, nearest, subject.rounding, found)
        if reach >= found.scale:
            return self._beyond_jumps(found, line, checked[i])
        return slope(line, subject.value, reach, subject.rounding)

    def _beyond_jumps(self, found: Slope, line: Line, checked: float) -> Slope:
        """The slope with that of a wider look, where the gradient is so near that the tolerance
        of an inner iteration could explain the difference."""
        if found.kind != "smooth" or relative(checked, found.value) > NEAR:
            return found
        rival = slope_beyond_jumps(line, self.subject.value, found.scale, self.subject.rounding)
        return found if rival is None else replace(found, rival=rival)

    def _components(self, slopes: list[Slope]) -> list[Component]:
        subject = self.subject
        checked = self.given or self.autodiff
        if not slopes:
            verdict = Verdict.UNDEFINED if self.steady else Verdict.NONDETERMINISTIC
            return [
                Component(name, verdict, self._of(self.given, i), self._of(self.autodiff, i))
                for i, name in enumerate(subject.names)
            ]
        if checked is None:
            self.evidence.append("there is nothing to check: pass gradient=")
        weights = [abs(x) or 1.0 for x in subject.point]
        moves = [
            abs(slope.value) * weight
            for slope, weight in zip(slopes, weights, strict=True)
            if slope.kind == "smooth"
        ]
        largest = max(filter(math.isfinite, moves), default=0.0)
        return [
            judge(
                Evidence(
                    subject.names[i],
                    subject.value,
                    self._of(self.given, i),
                    self._of(self.autodiff, i),
                    self.precise[i],
                    slope,
                    TYPICAL * largest / weights[i],
                ),
                self.limits,
            )
            for i, slope in enumerate(slopes)
        ]

    @staticmethod
    def _of(numbers: Sequence[float] | None, i: int) -> float | None:
        return None if numbers is None else numbers[i]

    def _constant(self, slopes: list[Slope]) -> None:
        """The verdict VACUOUS for a constant function with the gradient 0: nothing was tested."""
        subject, checked = self.subject, self.given or self.autodiff
        if any(checked or ()) or not subject.never_moves(random.Random(self.seed)):
            return
        self.verdicts.append(Verdict.VACUOUS)
        self.evidence.append(
            f"{subject.name} gave {subject.value!r} wherever it was called, and the gradient is 0: "
            "does it use its argument?"
        )

    def _taylor(self, slopes: list[Slope]) -> float | None:
        checked = self.given or self.autodiff
        if checked is None:
            return None
        noise = max(slope.noise for slope in slopes)
        order = remainder_order(
            self.subject.at,
            self.subject.point,
            self.subject.value,
            checked,
            directions=DIRECTIONS,
            seed=self.seed,
            noise=noise,
        )
        if order is None:
            self.evidence.append("Taylor remainder: lost in rounding, as for a linear function")
        else:
            self.evidence.append(
                f"Taylor remainder: vanishes with order {order:.2f} (2 for a right gradient, "
                "towards 1 for a wrong one or at a kink)"
            )
        return order

    def _hints(self, components: list[Component]) -> tuple[str, ...]:
        wrong = [i for i, part in enumerate(components) if part.verdict is Verdict.WRONG]
        checked = self.given or self.autodiff
        if not wrong or checked is None:
            return ()
        reference = [component.reference for component in components]
        shapes, start = [], 0
        for block in self.subject.tree.blocks():
            shapes.append((start, block.shape))
            start += block.size
        rough = max(
            (
                components[i].numerical_error / abs(reference[i])
                for i in wrong
                if reference[i] == components[i].numerical and reference[i]
            ),
            default=0.0,
        )
        return hints(
            self.subject.names,
            checked,
            reference,
            wrong,
            self.subject.point,
            self.subject.value,
            shapes,
            rough,
        )
