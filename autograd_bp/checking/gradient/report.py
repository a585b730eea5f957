"""The report of a gradient check: a line for every component, and the evidence, as text."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.checking.gradient.layout import (
    badness,
    chosen,
    html_cells,
    rest_in_words,
    table_lines,
)
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.notation.numbers import number
from autograd_bp.value import Value

__all__ = ["Component", "GradientReport"]

_MAX_TITLE = 80
_MAX_NAMED = 2  # wrong components that the first line names


@dataclass(frozen=True)
class Component:
    """One number of a gradient, and everything that it was compared with.

    Attributes:
        name: of the input: "x[0]", "x['w'][1]", or the name that the caller gave.
        verdict: of this component.
        given: the caller's own derivative; None where there is none.
        autodiff: that of the recorded graph; None where the function does not run on Values.
        numerical: that of extrapolated differences; NaN where there are none.
        numerical_error: how far it may be off, as estimated by itself.
        left, right: the one-sided derivatives where they differ or where one side is missing
            (then NaN); None where the function is smooth.
        precise: the derivative at high precision, rounded; None where it was not asked for.
        error: the relative difference of what is checked and its reference.
        ulps: the same in units in the last place of the reference.
        tolerance: the relative difference that is allowed.
        remark: another sentence about it, or nothing.
    """

    name: str
    verdict: Verdict
    given: float | None = None
    autodiff: float | None = None
    numerical: float = math.nan
    numerical_error: float = math.inf
    left: float | None = None
    right: float | None = None
    precise: float | None = None
    error: float = math.nan
    ulps: float = math.nan
    tolerance: float = math.nan
    remark: str = ""

    @property
    def ok(self) -> bool:
        """Whether the verdict is OK."""
        return self.verdict.ok

    @property
    def checked(self) -> float | None:
        """The number that is checked: the caller's where there is one, else autodiff's."""
        return self.autodiff if self.given is None else self.given

    @property
    def reference(self) -> float:
        """The best other number: of high precision, else autodiff's, else the numerical one.

        Autodiff's counts as one only where the differences do not contradict it.
        """
        if self.precise is not None:
            return self.precise
        if self.given is not None and self.autodiff is not None and math.isfinite(self.autodiff):
            doubt = 10.0 * self.numerical_error + 1e-6 * abs(self.numerical)
            if not abs(self.autodiff - self.numerical) > doubt:
                return self.autodiff
        return self.numerical


@dataclass(frozen=True)
class GradientReport:
    """The report of `check_gradient`.

    Attributes:
        function: the name of the function.
        point: the point, as floats.
        value: the function there.
        components: one for each number of the argument, in its order.
        taylor: the order in which the remainder of the first-order Taylor expansion vanishes,
            the smallest over several directions: 2 for a right gradient, towards 1 for a wrong
            one; None where rounding hides it.
        evidence: other observations, as sentences.
        hints: explanations of a wrong gradient, as sentences.
        verdicts: of the check as a whole, beside those of the components.
        accept_noisy: whether NOISY counts as ok.
        output, inputs: the recorded graph, where the function runs on Values.
    """

    function: str
    point: tuple[float, ...]
    value: float
    components: tuple[Component, ...]
    taylor: float | None = None
    evidence: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    accept_noisy: bool = False
    output: Value | None = field(default=None, repr=False, compare=False)
    inputs: tuple[Value, ...] = field(default=(), repr=False, compare=False)

    @property
    def verdict(self) -> Verdict:
        """The gravest of all; VACUOUS where there are no components."""
        if not self.components:
            return Verdict.gravest([Verdict.VACUOUS, *self.verdicts])
        return Verdict.gravest([*self.verdicts, *(part.verdict for part in self.components)])

    @property
    def ok(self) -> bool:
        """True where an assertion passes: OK, KINK, and NOISY if that is accepted."""
        return self.verdict.ok or (self.accept_noisy and self.verdict is Verdict.NOISY)

    @property
    def worst(self) -> Component | None:
        """The gravest component, of several that with the largest error; None for none."""
        return max(self.components, key=badness, default=None)

    @property
    def wrong(self) -> tuple[Component, ...]:
        """The components whose verdict is WRONG."""
        return tuple(part for part in self.components if part.verdict is Verdict.WRONG)

    def count(self, verdict: Verdict) -> int:
        """How many components have that verdict."""
        return sum(part.verdict is verdict for part in self.components)

    def headline(self) -> str:
        """The verdict, where, and what would explain it: "WRONG in x[1], factor 1/2"."""
        verdict = self.verdict
        parts = [part for part in self.components if part.verdict is verdict]
        if not parts or verdict.ok:
            return f"{verdict}: {verdict.meaning}"
        names = " and ".join(part.name for part in parts[:_MAX_NAMED])
        if len(parts) > _MAX_NAMED:
            names = f"{parts[0].name} and {len(parts) - 1:,} more"
        if len(parts) == len(self.components) > _MAX_NAMED:
            names = f"all {len(parts):,} components"
        why = self._why(parts) if verdict is Verdict.WRONG else ""
        return f"{verdict} in {names}{why}"

    def _why(self, parts: Sequence[Component]) -> str:
        brief = next((getattr(hint, "brief", "") for hint in self.hints), "")
        if brief:
            return f", {brief}"
        worst = max(parts, key=badness)
        checked, reference = worst.checked, worst.reference
        if checked is None or len(parts) > 1:
            return ""
        given = number(checked + 0.0, 6)
        if worst.left is not None and worst.right is not None:
            low, high = sorted((worst.left + 0.0, worst.right + 0.0))
            return f", {given} is not between {number(low, 6)} and {number(high, 6)}"
        if not math.isfinite(reference):
            return ""
        if 0.0 < worst.error < 1e-4:
            return f", relative error {number(worst.error, 2)}"
        return f", {given} instead of {number(reference + 0.0, 6)}"

    def table(self, *, full: bool = False) -> str:
        """The report as text: a table of at most 72 columns, the components that are not ok first,
        the others summed up in a line; then what is said about them.

        Arguments:
            full: print every component; otherwise at most 10 of those that are not ok, or of all
                where all are.
        """
        shown = chosen(self.components, full=full)
        lines = table_lines(shown) if shown else []
        lines += rest_in_words(self.components, shown)
        return "\n".join([self.title(), *lines, *self._sentences_on(shown), self.summary()])

    def title(self) -> str:
        """The first line: of what, where."""
        numbers = [number(x, 6) for x in self.point[:6]]
        while True:
            more = f", … ({len(self.point):,} numbers)" if len(self.point) > len(numbers) else ""
            where = f"({', '.join(numbers)}{more})"
            title = f"Gradient of {self.function} at {where}, value {number(self.value, 10)}"
            if len(title) <= _MAX_TITLE or len(numbers) < 2:
                return title
            numbers.pop()

    def summary(self) -> str:
        """The last line: the verdict, what it means, and how many components share it."""
        verdict = self.verdict
        count = self.count(verdict)
        of = f" ({count} of {len(self.components)} components)" if count else ""
        accepted = ", accepted as asked" if self.ok and not verdict.ok else ""
        return f"{verdict}: {verdict.meaning}{of}{accepted}"

    def __str__(self) -> str:
        return self.table()

    def _repr_html_(self) -> str:
        """The report for notebooks and HTML reports."""
        from html import escape

        shown = chosen(self.components, full=False)
        body = ""
        if shown:
            head, *rows = html_cells(shown)
            body = _html_row("th", head, escape)
            for cells, component in zip(rows, shown, strict=True):
                colour = "" if component.ok else ' style="background:#fde0dc;color:#000"'
                body += _html_row("td", cells, escape, colour)
        after = [*rest_in_words(self.components, shown), *self._sentences_on(shown)]
        return (
            f"<p><b>{escape(self.headline())}</b></p><p>{escape(self.title())}</p>"
            f'<div style="overflow-x:auto"><table>{body}</table></div>'
            + "".join(f"<p>{escape(line)}</p>" for line in after)
            + f"<p><b>{escape(self.summary())}</b></p>"
        )

    def _sentences_on(self, shown: list[Component]) -> list[str]:
        remarks = [
            f"{component.name}: {component.remark}" for component in shown if component.remark
        ]
        return [*remarks, *self.evidence, *(f"Hint: {hint}" for hint in self.hints)]


def _html_row(
    kind: str, cells: Sequence[str], escape: Callable[[str], Any], colour: str = ""
) -> str:
    inner = "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells)
    return f"<tr{colour}>{inner}</tr>"
