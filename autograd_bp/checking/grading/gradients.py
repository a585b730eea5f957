"""The task of deriving a gradient by hand."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd_bp.checking.gradient.check import check_gradient
from autograd_bp.checking.gradient.hints import hints
from autograd_bp.checking.gradient.report import GradientReport
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.checking.grading.functions import Function, RightAnswer
from autograd_bp.checking.grading.results import Explanation, Mark
from autograd_bp.checking.grading.structures import plain
from autograd_bp.errors import AutogradError, GradingError

__all__ = ["Gradient"]

MAX_FORMULA = 240  # characters; a longer one explains nothing


class Gradient(Function):
    """The gradient of a function, which a student derives by hand.

    A solution contains a function that takes the same arguments as `function` and returns its
    gradient, in the structure of the arguments.

    Arguments:
        function: the function to differentiate, of plain Python, NumPy or primitives of the table.
        at: the points, a list. A tuple is a list of separate arguments.
        name: of the student's function; `gradient_of_` and the name of `function` when left out.
        points: what the gradient is worth; or a dictionary of its entries: {"[0]": 1, "[1]": 2}.
        gradient: the right gradient; that of autodiff when left out. It is checked in either case.
        formula: the right formula; written from the recorded graph when left out.
        tolerance: the relative error that is allowed.

    Raises: GradingError for what cannot be graded.
    """

    kind = "Gradient"

    def __init__(
        self,
        function: Callable[..., Any],
        at: Sequence[Any],
        *,
        name: str = "",
        points: float | Mapping[str, float] = 1,
        gradient: Callable[..., Any] | None = None,
        formula: str = "",
        tolerance: float = 1e-6,
    ) -> None:
        super().__init__(
            function, at, name=name, points=points, formula=formula, tolerance=tolerance
        )
        self.gradient = gradient

    def _default_name(self) -> str:
        return f"gradient_of_{super()._default_name()}"

    def _example(self, point: Any, arguments: list[Any]) -> RightAnswer:
        report = check_gradient(self.function, point, self.gradient)
        checked = [part.checked for part in report.components]
        numbers = [x for x in checked if x is not None]
        if report.verdict is Verdict.WRONG:
            raise GradingError(
                f"Gradient {self.name}: the reference itself is wrong at {point!r:.60}. "
                f"{report.summary()}"
            )
        if len(numbers) < len(checked):
            raise GradingError(
                f"Gradient {self.name}: autodiff cannot differentiate {report.function}, which "
                "does not run on Values: give the right gradient as gradient="
            )
        shape = plain(
            arguments if isinstance(point, tuple) and len(arguments) > 1 else arguments[0]
        )
        return RightAnswer(shape, numbers, report)

    def _explained(
        self, k: int, mark: Mark, results: Sequence[Sequence[float | None]]
    ) -> Explanation:
        report = self._right[k].report
        assert report is not None
        place = [f"{self.name}{entry}" for entry in self._entries(k)].index(mark.term)
        sentences = self._hints(k, results[k])
        for other, numbers in enumerate(results):
            if sentences and other != k:  # a mistake that is there at one point is there at others
                there = self._hints(other, numbers)
                if there is not None:
                    sentences = [text for text in sentences if text in there]
        found = sentences or []
        formula = self.formula or _formula(report, place)
        return Explanation(mark, formula, "", found[0] if found else "", "", tuple(found[1:]))

    def _hints(self, k: int, numbers: Sequence[float | None]) -> list[str] | None:
        """Find an explanation of the wrong numbers at a point; None where no number is wrong."""
        example = self._right[k]
        report = example.report
        assert report is not None
        largest = max(map(abs, example.numbers), default=0.0)
        given = [math.nan if x is None else x for x in numbers]
        pairs = enumerate(zip(given, example.numbers, strict=True))
        wrong = [i for i, (x, right) in pairs if not self._agrees(x, right, largest)]
        if not wrong:
            return None
        names = [part.name for part in report.components]
        rough = 0.1 * self.tolerance
        return [*hints(names, given, example.numbers, wrong, report.point, report.value, [], rough)]


def _formula(report: GradientReport, place: int) -> str:
    """The derivative of the recorded graph by one of its inputs; empty where it is long."""
    from autograd_bp.derivatives.formulas import formula

    if report.output is None or place >= len(report.inputs) or not report.output.parents:
        return ""
    for node, part in zip(report.inputs, report.components, strict=False):
        node.label = part.name
    report.output.label = report.function if report.function.isidentifier() else "f"
    try:
        text = str(formula(report.output, report.inputs[place]))
    except AutogradError:
        return ""
    return " ".join(text.split()) if len(text) <= MAX_FORMULA else ""
