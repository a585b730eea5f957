"""The report of a gradient check: a line for every component, and the evidence, as text."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.notation.numbers import number
from autograd_bp.value import Value

__all__ = ["Component", "GradientReport"]

_MAX_PRINTED_COMPONENTS = 40  # a report of more components prints only the worst
_EXCERPT_COMPONENTS = 10
_HEAD = (
    "component",
    "hand-derived",
    "autodiff",
    "numerical",
    "high precision",
    "relative error",
    "ulps",
    "tolerance",
    "verdict",
)
_ALL_DIGITS = 17


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
        """That of the verdict."""
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

    def _cells(self, digits: int) -> tuple[str, ...]:
        def shown(x: float | None) -> str:
            return "" if x is None else number(x + 0.0, digits)

        return (
            self.name,
            shown(self.given),
            shown(self.autodiff),
            self._numerical(digits),
            shown(self.precise),
            _short(self.error),
            _short(self.ulps),
            _short(self.tolerance),
            str(self.verdict),
        )

    def _numerical(self, digits: int) -> str:
        if self.left is not None and self.right is not None:
            return f"{_side(self.left)} | {_side(self.right)}"
        if math.isnan(self.numerical):
            return ""
        spread = f" ± {self.numerical_error:.1g}" if self.numerical_error else ""
        return number(self.numerical + 0.0, min(digits, 15)) + spread


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
        return max(self.components, key=_badness, default=None)

    @property
    def wrong(self) -> tuple[Component, ...]:
        """The components whose verdict is WRONG."""
        return tuple(part for part in self.components if part.verdict is Verdict.WRONG)

    def count(self, verdict: Verdict) -> int:
        """How many components have that verdict."""
        return sum(part.verdict is verdict for part in self.components)

    def table(self, *, full: bool = False) -> str:
        """The report as text.

        Arguments:
            full: print every component, also where there are more than 40; otherwise the
                worst stand for all.
        """
        shown, note = self._chosen(full)
        lines = _aligned(self._cells_of(shown)) if shown else []
        return "\n".join([self.title(), *note, *lines, *self._sentences_on(shown), self.summary()])

    def title(self) -> str:
        """The first line: of what, where."""
        point = ", ".join(number(x, 6) for x in self.point[:6])
        more = f", … ({len(self.point)} numbers)" if len(self.point) > 6 else ""
        return f"Gradient of {self.function} at ({point}{more}), value {number(self.value, 10)}"

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

        shown, note = self._chosen(False)
        head, *lines = self._cells_of(shown)
        body = _html_row("th", head, escape)
        for cells, component in zip(lines, shown, strict=True):
            colour = "" if component.ok else ' style="background:#fde0dc;color:#000"'
            body += _html_row("td", cells, escape, colour)
        after = self._sentences_on(shown)
        return (
            f"<p>{escape(self.title())}</p>"
            + "".join(f"<p>{escape(line)}</p>" for line in note)
            + f"<table>{body}</table>"
            + "".join(f"<p>{escape(line)}</p>" for line in after)
            + f"<p><b>{escape(self.summary())}</b></p>"
        )

    def _chosen(self, full: bool) -> tuple[list[Component], list[str]]:
        shown = list(self.components)
        if len(shown) <= _MAX_PRINTED_COMPONENTS or full:
            return shown, []
        worst = sorted(shown, key=_badness, reverse=True)[:_EXCERPT_COMPONENTS]
        note = f"the {_EXCERPT_COMPONENTS} of {len(shown)} components that are worst:"
        return worst, [note]

    def _cells_of(self, shown: list[Component]) -> list[tuple[str, ...]]:
        # Where the difference is in the last digits, all of them are needed to see it.
        close = any(not component.ok and 0.0 < component.error < 1e-7 for component in shown)
        digits = _ALL_DIGITS if close else 10
        return [_HEAD, *(component._cells(digits) for component in shown)]

    def _sentences_on(self, shown: list[Component]) -> list[str]:
        remarks = [
            f"{component.name}: {component.remark}" for component in shown if component.remark
        ]
        return [*remarks, *self.evidence, *(f"Hint: {hint}" for hint in self.hints)]


def _badness(component: Component) -> tuple[int, float]:
    error = component.error
    return component.verdict.gravity, error if error == error else math.inf


def _aligned(lines: list[tuple[str, ...]]) -> list[str]:
    """A table as text, without the columns that are empty below the head."""
    columns = [column for column in zip(*lines, strict=True) if any(column[1:])]
    widths = [max(map(len, column)) for column in columns]
    text_columns = (0, len(columns) - 1)
    return [
        "  ".join(
            cell.ljust(width) if i in text_columns else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ).rstrip()
        for cells in zip(*columns, strict=True)
    ]


def _html_row(
    kind: str, cells: tuple[str, ...], escape: Callable[[str], Any], colour: str = ""
) -> str:
    inner = "".join(f"<{kind}>{escape(cell)}</{kind}>" for cell in cells)
    return f"<tr{colour}>{inner}</tr>"


def _short(x: float) -> str:
    return "" if math.isnan(x) else number(x, 3)


def _side(x: float) -> str:
    return "none" if math.isnan(x) else number(x + 0.0, 6)
