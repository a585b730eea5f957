"""The task of deriving γ and Δw of a network by hand."""

from __future__ import annotations

import math
import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd_bp.checking.doctor.check import check_formulas
from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace
from autograd_bp.checking.doctor.report import Diagnosis, FormulaReport
from autograd_bp.checking.doctor.words import formulas_in_words
from autograd_bp.checking.grading.follow_on import follows
from autograd_bp.checking.grading.results import Explanation, Mark
from autograd_bp.checking.grading.sandbox import Call
from autograd_bp.checking.grading.tasks import (
    Outcome,
    Returned,
    Task,
    checked_points,
    right_or_refused,
)
from autograd_bp.errors import AutogradError, GradingError
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof import prove

__all__ = ["Formulas"]

_SIGNATURES = {
    "gamma": "gamma(weights, x, d)",
    "weight_changes": "weight_changes(weights, x, d, rate)",
}
_KINDS = {"γ": "gamma", "Δw": "weight_changes"}
_SPELLINGS = {"gamma": "γ", "weight_changes": "Δw", "dw": "Δw", "dW": "Δw", "Δw": "Δw", "γ": "γ"}
MAX_EXAMPLES = 100


class Formulas(Task):
    """γ and Δw of a network of sigmoid neurons, derived by hand.

    A solution contains `gamma(weights, x, d)`, which returns γ by layer and neuron, first layer
    first, and `weight_changes(weights, x, d, rate)`, which returns Δw by layer, neuron and weight,
    w0 first: the structures of `check_formulas`. `weights[layer][neuron][input]` are numbers, those
    of `network.weights`. Only the functions that `points` names are asked for.

    Arguments:
        network: with the weights that students' functions get.
        examples: pairs of a row of inputs and the desired outputs; or how many to draw.
        points: what terms are worth: "γ" and "Δw", "γ[2]" for those of layer 2, "γ[2,1]" for
            neuron 1 there. In ASCII: "gamma", "dw". The share of right numbers earns its share of
            the points.
        rate: δ in Δw = δ y γ. With 1, nobody sees that it was forgotten.
        seed: draws the examples.
        follow_on: True gives points to a number that is wrong only because an earlier one is: what
            the right formula makes of the student's own γ.

    Raises: GradingError for what cannot be graded.
    """

    def __init__(
        self,
        network: Network,
        examples: int | Sequence[tuple[Sequence[float], Any]] = 3,
        *,
        points: Mapping[str, float] | None = None,
        rate: float = 0.5,
        seed: int = 0,
        follow_on: bool = False,
    ) -> None:
        what = "Formulas"
        self.follow_on = bool(follow_on)
        if not isinstance(network, Network):
            raise GradingError(f"{what}: network is a Network, got {type(network).__name__}")
        self.network, self.rate = network, rate
        named = checked_points({"γ": 1, "Δw": 1} if points is None else points, what)
        self.points = {_spelled(name): value for name, value in named.items()}
        self.kinds = [kind for kind in _KINDS if any(n.startswith(kind) for n in self.points)]
        self.examples = _examples(examples, network, seed)
        self.signatures = {_KINDS[kind]: _SIGNATURES[_KINDS[kind]] for kind in self.kinds}
        self.calls: list[Call] = []
        self.notes: list[str] = []
        self._right: list[dict[TermPlace, float]] = []
        self._names: list[str] = []

    def prepare(self) -> None:
        weights = [
            [[w for w in one if w is not None] for one in layer] for layer in self._weights()
        ]
        for k, (x, d) in enumerate(self.examples, 1):
            right = right_or_refused(f"Formulas, example {k}", lambda x=x, d=d: self._derived(x, d))  # type: ignore[misc]
            if not all(map(math.isfinite, right.values())):
                raise GradingError(f"Formulas, example {k}: a right number is not finite")
            if right and not any(right.values()):
                raise GradingError(
                    f"Formulas, example {k}: every right number is 0, so every mistake passes: the "
                    "outputs are right or saturated; choose another example"
                )
            self._right.append(right)
            arguments = [weights, list(x), list(d)]
            for kind in self.kinds:
                extra = [self.rate] if kind == "Δw" else []
                self.calls.append(Call(_KINDS[kind], [*arguments, *extra]))
        self._require_terms()
        self._note_what_is_hidden()

    def _weights(self) -> list[list[tuple[float | None, ...]]]:
        return [list(layer) for layer in self.network.weights]

    def _derived(self, x: Sequence[float], d: Sequence[float]) -> dict[TermPlace, float]:
        """The terms that are asked for, in the order in which they are derived."""
        rows = [row for row in prove(self.network, x, d, self.rate).rows if row.kind != "y"]
        places = {TermPlace(row.layer, row.neuron, row.weight): row.autodiff for row in rows}
        self._names = [place.name for place in places]
        return {place: right for place, right in places.items() if self.group(place.name)}

    def _require_terms(self) -> None:
        terms = self._names
        for name in self.points:
            if not any(self.group(term) == name for term in terms):
                raise GradingError(
                    f"Formulas: points names {name!r:.40}, which the network "
                    f"{'-'.join(map(str, self.network.sizes))} does not have: its terms go from "
                    f"{terms[-1]} to {terms[0]}"
                )

    def _note_what_is_hidden(self) -> None:
        """The mistakes that no example shows."""
        hidden: set[str] | None = None
        for (x, d), right in zip(self.examples, self._right, strict=True):
            γ: list[Any] = [[None] * len(layer.neurons) for layer in self.network.layers]
            Δw: list[Any] = [
                [[None] * len([w for w in one if w is not None]) for one in layer]
                for layer in self._weights()
            ]
            for place, value in right.items():
                self._put(γ, Δw, place, value)
            report = check_formulas(self.network, x, d, gamma=γ, weight_changes=Δw, rate=self.rate)
            names = set(report.invisible)
            hidden = names if hidden is None else hidden & names
        if hidden:
            self.notes.append(
                "mistakes that would give the same numbers on all of these examples, and so earn "
                f"all points: {', '.join(sorted(hidden))}"
            )

    def _put(self, γ: list[Any], Δw: list[Any], place: TermPlace, value: float) -> None:
        if place.weight is None:
            γ[place.layer - 1][place.neuron - 1] = value
        else:
            has_bias = self.network.layers[place.layer - 1].neurons[place.neuron - 1].bias
            Δw[place.layer - 1][place.neuron - 1][place.weight - (has_bias is None)] = value

    def terms(self) -> list[str]:
        return [place.name for place in self._right[0]] if self._right else []

    # ------------------------------------------------------------------------- judging
    def judge(self, returned: Sequence[Returned]) -> Outcome:
        marks: list[Mark] = []
        problems: list[str] = []
        explanation: Explanation | None = None
        step = len(self.kinds)
        for k, right in enumerate(self._right):
            of_kind = dict(zip(self.kinds, returned[k * step : (k + 1) * step], strict=True))
            report, notes = self._report(k, of_kind)
            here = self._marks(k, right, report, notes)
            marks += here
            problems += [note for note in notes.values() if note not in problems]
            if explanation is None and report is not None and not report.ok:
                explanation = self._explained(k, report, here, of_kind)
        return Outcome(marks, problems, explanation)

    def _report(
        self, k: int, of_kind: Mapping[str, Returned]
    ) -> tuple[FormulaReport | None, dict[str, str]]:
        """The report on what fits the network, and for each kind of term why there is none."""
        notes = {kind: one.problem for kind, one in of_kind.items() if one.problem}
        fitting = {kind: one.data for kind, one in of_kind.items() if not one.problem}
        for kind, data in list(fitting.items()):
            if data is None:
                notes[kind] = f"{_KINDS[kind]}() returned None: it needs a return statement"
                del fitting[kind]
                continue
            try:
                self._checked(k, {kind: data})
            except AutogradError as error:
                notes[kind] = f"{_KINDS[kind]}() returned something else than it should: {error}"
                del fitting[kind]
        return (self._checked(k, fitting) if fitting else None), notes

    def _checked(self, k: int, data: Mapping[str, Any]) -> FormulaReport:
        x, d = self.examples[k]
        given = {_KINDS[kind]: numbers for kind, numbers in data.items()}
        return check_formulas(self.network, x, d, rate=self.rate, **given)

    def _marks(
        self,
        k: int,
        right: Mapping[TermPlace, float],
        report: FormulaReport | None,
        notes: Mapping[str, str],
    ) -> list[Mark]:
        given = {} if report is None else {term.place: term for term in report.components}
        place_name = f"example {k + 1}"
        following: set[TermPlace] = set()
        if self.follow_on and report is not None and not report.ok:
            own = {term.place: term.given for term in report.components}
            following = follows(self.network, self.examples[k][0], self.rate, own)
        marks = []
        for place, value in right.items():
            kind = "γ" if place.weight is None else "Δw"
            if place in given:
                term = given[place]
                ok = term.verdict.ok
                is_carried = not ok and place in following
                marks.append(
                    Mark(place.name, place_name, term.given, value, ok, follows=is_carried)
                )
            else:
                note = notes.get(kind) or "there is None in its place"
                marks.append(Mark(place.name, place_name, None, value, False, note))
        return marks

    def _explained(
        self,
        k: int,
        report: FormulaReport,
        marks: Sequence[Mark],
        of_kind: Mapping[str, Returned],
    ) -> Explanation | None:
        wrong = [term for term in report.wrong if self.group(term.name)]
        if not wrong:
            return None
        first = wrong[0]
        mark = next(mark for mark in marks if mark.term == first.name)
        diagnoses = self._diagnoses(k, report, first.place, of_kind)
        if not diagnoses:
            x, d = self.examples[k]
            example = Example.of_network(self.network, x, list(d), self.rate)
            formula, _ = formulas_in_words(example, first.place, (), first.given)
            return Explanation(mark, formula)
        best, *others = diagnoses
        return Explanation(
            mark,
            best.right,
            best.used,
            f"{best.name} ({best.where})",
            best.explanation,
            tuple(f"{other.name} ({other.where})" for other in others),
        )

    def _diagnoses(
        self, k: int, report: FormulaReport, first: TermPlace, of_kind: Mapping[str, Returned]
    ) -> Sequence[Diagnosis]:
        """Of all numbers; where only two mistakes explain those, of the first function alone."""
        diagnoses = report.diagnosis
        if len(of_kind) < 2 or (diagnoses and " and " not in diagnoses[0].name):
            return diagnoses
        kind = "γ" if first.weight is None else "Δw"
        alone = self._checked(k, {kind: of_kind[kind].data}).diagnosis
        is_simple = alone and " and " not in alone[0].name
        return alone if is_simple or not diagnoses else diagnoses


def _spelled(name: str) -> str:
    """γ for gamma, Δw for dw; the indices stay."""
    head, bracket, rest = name.partition("[")
    if head not in _SPELLINGS:
        raise GradingError(
            f'Formulas: points names {name!r:.40}: a term is "γ" or "Δw" (or "gamma", "dw"), with '
            'or without indices, such as "γ[2]"'
        )
    return _SPELLINGS[head] + (bracket + rest).replace(" ", "")


def _examples(examples: Any, network: Network, seed: int) -> list[tuple[list[float], list[float]]]:
    if isinstance(examples, int) and not isinstance(examples, bool):
        if not 1 <= examples <= MAX_EXAMPLES:
            raise GradingError(
                f"Formulas: examples is from 1 to {MAX_EXAMPLES}, or a list, got {examples}"
            )
        rng = random.Random(seed)
        first, last = network.sizes[0], network.sizes[-1]
        return [
            (
                [round(rng.uniform(-1.0, 1.0), 2) for _ in range(first)],
                [float(rng.random() < 0.5) for _ in range(last)],
            )
            for _ in range(examples)
        ]
    try:
        pairs = [(list(x), list(d) if isinstance(d, Iterable) else [d]) for x, d in examples]
        numbers = [([float(a) for a in x], [float(b) for b in d]) for x, d in pairs]
    except (TypeError, ValueError):
        raise GradingError(
            "Formulas: examples is a list of pairs ([inputs], [desired outputs]), or a number of "
            f"examples to draw, got {examples!r:.80}"
        ) from None
    if not numbers:
        raise GradingError("Formulas: there are no examples")
    return numbers
