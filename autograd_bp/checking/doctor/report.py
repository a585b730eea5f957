"""What the formula doctor found: a row for every term, and the diagnosis, printed as text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd_bp.checking.doctor.hand_formulas import Place
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.notation.numbers import number

__all__ = ["Diagnosis", "FormulaReport", "FormulaTerm"]

_FULL = 40  # a report of more terms prints those up to the first wrong ones
_SHOWN = 12


@dataclass(frozen=True)
class FormulaTerm:
    """One γ or Δw, derived by hand and by autodiff.

    Attributes:
        place: its layer, neuron and weight.
        given: the user's number.
        autodiff: what the sweep found.
        tolerance: how far apart they may be: rounding, and what was rounded in print.
        verdict: OK or WRONG.
    """

    place: Place
    given: float
    autodiff: float
    tolerance: float
    verdict: Verdict

    @classmethod
    def of(cls, place: Place, given: float, autodiff: float, tolerance: float) -> FormulaTerm:
        fits = abs(given - autodiff) <= tolerance
        return cls(place, given, autodiff, tolerance, Verdict.OK if fits else Verdict.WRONG)

    @property
    def name(self) -> str:
        """γ[2,1] is of neuron 1 in layer 2, Δw[2,1,0] of its bias weight."""
        return self.place.name

    @property
    def error(self) -> float:
        """The relative difference."""
        if self.given == self.autodiff:
            return 0.0
        return abs(self.given - self.autodiff) / abs(self.autodiff or self.given)

    @property
    def ulps(self) -> float:
        """The difference in units in the last place of autodiff's number."""
        apart = abs(self.given - self.autodiff)
        return apart / math.ulp(self.autodiff) if math.isfinite(apart) else math.inf


@dataclass(frozen=True)
class Diagnosis:
    """A mistake that explains every number that was given.

    Attributes:
        name: the mistake.
        where: in which layers or neuron.
        explanation: how it comes about.
        right: the right formula for the first wrong term, with the numbers put in.
        used: the formula that was used, with the number that it gives.
    """

    name: str
    where: str
    explanation: str
    right: str
    used: str

    def __str__(self) -> str:
        return (
            f"{self.name} ({self.where}): {self.explanation}\n"
            f"    right: {self.right}\n"
            f"    used:  {self.used}"
        )


@dataclass(frozen=True)
class FormulaReport:
    """The report of `check_formulas`.

    Attributes:
        components: one for each number that was given, in the order of the wave: the last
            layer first, of each neuron its γ and then its Δw.
        sizes: those of the network.
        rate: δ.
        diagnosis: the mistakes that explain the numbers, the simplest first. More than one
            where these numbers cannot tell them apart.
        invisible: where all is right, the mistakes that would give the same numbers here.
        silent: VACUOUS where the numbers hide every mistake.
    """

    components: tuple[FormulaTerm, ...]
    sizes: tuple[int, ...]
    rate: float
    diagnosis: tuple[Diagnosis, ...] = ()
    invisible: tuple[str, ...] = ()
    silent: Verdict | None = None

    @property
    def verdict(self) -> Verdict:
        """WRONG, OK, or VACUOUS where nothing was tested."""
        return self.silent or Verdict.gravest(term.verdict for term in self.components)

    @property
    def ok(self) -> bool:
        """True when every number that was given is right, and says something."""
        return self.verdict.ok

    @property
    def wrong(self) -> tuple[FormulaTerm, ...]:
        """The terms that are wrong, in the order of the wave."""
        return tuple(term for term in self.components if not term.verdict.ok)

    @property
    def first_wrong(self) -> FormulaTerm | None:
        """The first wrong term of the wave: what is wrong after it may follow from it."""
        return next(iter(self.wrong), None)

    def table(self, *, full: bool = False) -> str:
        """The report as text.

        Arguments:
            full: print every term, also where there are more than 40.
        """
        shown, note = list(self.components), ""
        if len(shown) > _FULL and not full:
            start = max(0, shown.index(self.first_wrong) - 2) if self.first_wrong else 0
            note = f"{_SHOWN} of {len(shown)} terms:"
            shown = shown[start : start + _SHOWN]
        rows = [("", "by hand", "autodiff", "relative error", "")]
        for term in shown:
            mark = "" if term.verdict.ok else "WRONG"
            if term is self.first_wrong:
                mark = "WRONG, the first"
            rows.append(
                (
                    term.name,
                    f"{term.given + 0.0:.12g}",
                    f"{term.autodiff + 0.0:.12g}",
                    number(term.error, 3),
                    mark,
                )
            )
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = [
            "  ".join(
                cell.ljust(width) if k in (0, 4) else cell.rjust(width)
                for k, (cell, width) in enumerate(zip(row, widths, strict=True))
            ).rstrip()
            for row in rows
        ]
        title = f"Formulas by hand and by autodiff: {'-'.join(map(str, self.sizes))} network, "
        title += f"δ = {self.rate:g}"
        parts = [title, note, *(lines if shown else []), self.summary(), *self._told()]
        return "\n".join(part for part in parts if part)

    def summary(self) -> str:
        """The verdict in one line."""
        count = len(self.components)
        if not self.components:
            return "VACUOUS: no numbers were given: pass gamma= or weight_changes="
        if self.silent is not None:
            return (
                "VACUOUS: every number that was given should be 0, and is: the outputs are right "
                "or saturated, which hides any mistake; choose another example"
            )
        if self.ok:
            return f"OK: {count} numbers agree with autodiff"
        assert self.first_wrong is not None
        return f"WRONG: {len(self.wrong)} of {count} numbers; the first is {self.first_wrong.name}"

    def _told(self) -> list[str]:
        if self.ok and self.invisible:
            return [f"These numbers would be the same with: {', '.join(self.invisible)}"]
        if self.verdict is not Verdict.WRONG:
            return []
        if not self.diagnosis:
            return ["No known mistake, alone or with another, gives these numbers."]
        if len(self.diagnosis) == 1:
            return [f"Diagnosis: {self.diagnosis[0]}"]
        head = f"Diagnosis: one of {len(self.diagnosis)}, which these numbers cannot tell apart:"
        return [head, *(f"{k}. {each}" for k, each in enumerate(self.diagnosis, 1))]

    def __str__(self) -> str:
        return self.table()
