"""The report of the formula doctor: a line for every term, and the diagnosis, printed as text."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from autograd_bp.checking.doctor.hand_formulas import TermPlace
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.nn.exact.proof import ExactProof
from autograd_bp.nn.report import INDICES
from autograd_bp.notation.numbers import number

__all__ = ["Diagnosis", "FormulaReport", "FormulaTerm"]

_MAX_PRINTED_TERMS = 40  # where all are right
_EXCERPT_TERMS = 12
MAX_WIDTH = 80
MAX_DIGITS, MIN_DIGITS = 12, 6


HEAD = ("", "by hand", "autodiff", "relative error", "")


@dataclass(frozen=True)
class FormulaTerm:
    """One γ or Δw, derived by hand and by autodiff.

    Attributes:
        place: its layer, neuron and weight.
        given: the user's number.
        autodiff: the number that autodiff gives.
        tolerance: how far apart they may be, because of rounding in the steps and in print.
        verdict: OK or WRONG.
    """

    place: TermPlace
    given: float
    autodiff: float
    tolerance: float
    verdict: Verdict

    @classmethod
    def of(cls, place: TermPlace, given: float, autodiff: float, tolerance: float) -> FormulaTerm:
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
        components: one for each number that was given, in the order in which they are
            derived: the last layer first, of each neuron its γ and then its Δw.
        sizes: those of the network.
        rate: δ.
        diagnosis: the mistakes that explain the numbers, the simplest first. More than one
            where these numbers cannot tell them apart.
        invisible: where all is right, the mistakes that would give the same numbers here.
        silent: VACUOUS where the numbers hide every mistake, NONDETERMINISTIC where a second call
            gave other ones.
        remarks: what else there is to say, in sentences.
        exact: the proof for all numbers, with exact=True.
    """

    components: tuple[FormulaTerm, ...]
    sizes: tuple[int, ...]
    rate: float
    diagnosis: tuple[Diagnosis, ...] = ()
    invisible: tuple[str, ...] = ()
    silent: Verdict | None = None
    remarks: tuple[str, ...] = ()
    exact: ExactProof | None = None

    @property
    def verdict(self) -> Verdict:
        """WRONG, OK, or VACUOUS where nothing was tested. A proof decides over numbers."""
        if self.exact is not None and self.silent is not Verdict.NONDETERMINISTIC:
            return Verdict.OK if self.exact.ok else Verdict.WRONG
        return self.silent or Verdict.gravest(term.verdict for term in self.components)

    def with_proof(self, proof: ExactProof) -> FormulaReport:
        """The same report with an exact proof."""
        return replace(self, exact=proof)

    @property
    def ok(self) -> bool:
        """True when every number that was given is right, and not all of them are 0."""
        return self.verdict.ok

    @property
    def wrong(self) -> tuple[FormulaTerm, ...]:
        """The terms that are wrong, in the order in which they are derived."""
        return tuple(term for term in self.components if not term.verdict.ok)

    @property
    def first_wrong(self) -> FormulaTerm | None:
        """The first wrong term that is derived; later ones may be wrong because of it."""
        return next(iter(self.wrong), None)

    def table(self, *, full: bool = False) -> str:
        """The report as text.

        Arguments:
            full: print every term. Of more than 12 terms only wrong ones are printed otherwise, or
                where all of more than 40 are right the first 12.
        """
        shown, note = self._shown(full)
        lines = self._lines(shown, MAX_DIGITS)
        for digits in range(MAX_DIGITS - 1, MIN_DIGITS - 1, -1):
            if max(map(len, lines)) > MAX_WIDTH:
                lines = self._lines(shown, digits)
        parts = [
            self.title(),
            INDICES,
            note,
            *(lines if shown else []),
            self._rest(shown),
            self.summary(),
            *self._sentences(),
        ]
        return "\n".join(part for part in parts if part)

    def _lines(self, shown: list[FormulaTerm], digits: int) -> list[str]:
        """The lines of the table, with so many digits."""
        cells = [HEAD, *(self._cells(term, digits) for term in shown)]
        widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
        return [
            "  ".join(
                cell.ljust(width) if k in (0, 4) else cell.rjust(width)
                for k, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in cells
        ]

    def _rest(self, shown: list[FormulaTerm]) -> str:
        """How many terms of each verdict the table leaves out."""
        left = len(self.components) - len(shown)
        wrong = len(self.wrong) - sum(not term.verdict.ok for term in shown)
        counts = [f"{wrong} WRONG"] if wrong else []
        counts += [f"{left - wrong} OK"] if left > wrong else []
        return f"and {left} more: {', '.join(counts)}" if left else ""

    def title(self) -> str:
        """Names the terms that were compared, and the network."""
        sizes = "-".join(map(str, self.sizes))
        return f"Formulas by hand and by autodiff: {sizes} network, δ = {self.rate:g}"

    def _shown(self, full: bool) -> tuple[list[FormulaTerm], str]:
        """The terms that are printed, and what there is to say about the others."""
        shown, wrong = list(self.components), list(self.wrong)
        if full or len(shown) <= (_EXCERPT_TERMS if wrong else _MAX_PRINTED_TERMS):
            return shown, ""
        excerpt = (wrong or shown)[:_EXCERPT_TERMS]
        return excerpt, f"{len(excerpt)} of {len(shown)} terms:"

    def _sentences(self) -> list[str]:
        proof = [] if self.exact is None else self.exact.lines()
        return [*self.remarks, *proof, *self._diagnosis_lines()]

    def _repr_html_(self) -> str:
        """The report as a table, for notebooks; wrong terms are red, and say so."""
        from html import escape

        shown, note = self._shown(full=False)
        head = "".join(f"<th>{cell}</th>" for cell in HEAD)
        rows = ""
        for term in shown:
            colour = "" if term.verdict.ok else ' style="background:#fde0dc;color:#000"'
            cells = "".join(f"<td>{escape(cell)}</td>" for cell in self._cells(term))
            rows += f"<tr{colour}>{cells}</tr>"
        table = f'<div style="overflow-x:auto"><table><tr>{head}</tr>{rows}</table></div>'
        after = "".join(f"<p>{escape(line)}</p>" for line in self._sentences())
        return (
            f"<p><b>{escape(self.summary())}</b></p><p>{escape(self.title())}</p>"
            f"<p>{escape(INDICES)} {escape(note)}</p>{table if shown else ''}{after}"
        )

    def _cells(self, term: FormulaTerm, digits: int = MAX_DIGITS) -> tuple[str, str, str, str, str]:
        mark = "" if term.verdict.ok else "WRONG"
        if term is self.first_wrong:
            mark = "WRONG, the first"
        by_hand, autodiff = term.given + 0.0, term.autodiff + 0.0  # -0.0 is printed as 0
        return (
            term.name,
            f"{by_hand:.{digits}g}",
            f"{autodiff:.{digits}g}",
            number(term.error, 3),
            mark,
        )

    def summary(self) -> str:
        """The verdict in one line."""
        count = len(self.components)
        if not self.components:
            return "VACUOUS: no numbers were given: pass gamma= or weight_changes="
        if self.silent is Verdict.NONDETERMINISTIC:
            what = f": {self.diagnosis[0].name}" if self.diagnosis else ""
            return f"NONDETERMINISTIC: two calls with the same numbers gave different results{what}"
        if self.exact is not None and not self.wrong:
            return self._summary_of_proof()
        if self.silent is not None:
            return (
                "VACUOUS: every number that was given should be 0, and is: the outputs are right "
                "or saturated, which hides any mistake; choose another example"
            )
        if self.ok:
            return f"OK: {count} numbers agree with autodiff"
        assert self.first_wrong is not None
        return f"WRONG: {len(self.wrong)} of {count} numbers; the first is {self.first_wrong.name}"

    def _summary_of_proof(self) -> str:
        assert self.exact is not None
        if self.exact.ok:
            return f"OK: {len(self.components)} numbers agree with autodiff, and so do the formulas"
        return (
            "WRONG: the numbers agree here, the formulas do not; the first is "
            f"{self.exact.wrong[0]}"
        )

    def _diagnosis_lines(self) -> list[str]:
        if self.ok and self.invisible and self.exact is None:
            return [f"These numbers would be the same with: {', '.join(self.invisible)}"]
        unstable = self.silent is Verdict.NONDETERMINISTIC
        if not (self.diagnosis if unstable else self.verdict is Verdict.WRONG and self.wrong):
            return []
        if not self.diagnosis:
            return ["No known mistake, alone or with another, gives these numbers."]
        if len(self.diagnosis) == 1:
            return [f"Diagnosis: {self.diagnosis[0]}"]
        head = f"Diagnosis: one of {len(self.diagnosis)}, which these numbers cannot tell apart:"
        return [head, *(f"{k}. {diagnosis}" for k, diagnosis in enumerate(self.diagnosis, 1))]

    def __str__(self) -> str:
        return self.table()
