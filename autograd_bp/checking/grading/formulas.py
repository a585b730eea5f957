"""The task of deriving γ and Δw of a network by hand."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd_bp.checking.doctor.check import check_formulas
from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace
from autograd_bp.checking.doctor.input import Given, plain, read
from autograd_bp.checking.doctor.report import Diagnosis
from autograd_bp.checking.doctor.structure import Structure
from autograd_bp.checking.doctor.words import formulas_in_words
from autograd_bp.checking.grading.examples import examples_of, spelled
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
from autograd_bp.errors import GradingError
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof import prove
from autograd_bp.nn.proof_options import DEFAULTS, Options
from autograd_bp.nn.proof_problem import Problem

if TYPE_CHECKING:
    from typing_extensions import Unpack

__all__ = ["Formulas"]

_SIGNATURES = {
    "gamma": "gamma(weights, x, d)",
    "weight_changes": "weight_changes(weights, x, d, rate)",
}
MAX_DIAGNOSED = 2  # examples
SMALL = 1e-6  # of the largest number: below it, differences are of rounding
_NOT_FOLLOWED = ("batch", "recurrent", "masks", "decay", "performance")
_KINDS = {"γ": "gamma", "Δw": "weight_changes"}


def _check_settings(
    what: str, options: Mapping[str, Any], tolerance: float, *, follow_on: bool
) -> None:
    unknown = [name for name in options if name not in DEFAULTS]
    if unknown:
        raise GradingError(
            f"{what} has no option {unknown[0]!r:.40}: beside its own it has those of prove: "
            f"{', '.join(DEFAULTS)}"
        )
    if follow_on and any(options.get(name) for name in _NOT_FOLLOWED):
        raise GradingError(
            f"{what}: follow_on=True knows single rows without weight decay and masks: leave "
            f"out {', '.join(name for name in _NOT_FOLLOWED if options.get(name))}"
        )
    if not isinstance(tolerance, float) or not 0.0 < tolerance < 1.0:
        raise GradingError(f"{what}: tolerance is between 0 and 1, got {tolerance!r:.40}")


class Formulas(Task):
    """γ and Δw of a network, derived by hand.

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
        rate: δ in Δw = δ y γ. With 1, a rate that was forgotten changes no number.
        seed: draws the examples.
        follow_on: True gives points to a number that is wrong only because an earlier one is: what
            the right formula makes of the student's own γ.
        tolerance: the relative error that is allowed.
        options: those of `prove` for other activations and outputs: output="softmax", slopes=,
            decay=, batch= and the others. With rows, x and d are lists of them.

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
        tolerance: float = 1e-6,
        **options: Unpack[Options],
    ) -> None:
        what = "Formulas"
        _check_settings(what, options, tolerance, follow_on=follow_on)
        self.follow_on, self.tolerance, self.options = bool(follow_on), tolerance, options
        if not isinstance(network, Network):
            raise GradingError(f"{what}: network is a Network, got {type(network).__name__}")
        self.network, self.rate = network, rate
        named = checked_points({"γ": 1, "Δw": 1} if points is None else points, what)
        self.points = {spelled(name): value for name, value in named.items()}
        self.kinds = [kind for kind in _KINDS if any(n.startswith(kind) for n in self.points)]
        self.examples = examples_of(examples, network, seed, options)
        self.signatures = {_KINDS[kind]: _SIGNATURES[_KINDS[kind]] for kind in self.kinds}
        self.calls: list[Call] = []
        self.notes: list[str] = []
        self._right: list[dict[TermPlace, float]] = []
        self._names: list[str] = []
        self._structures: list[Structure] = []

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
            self._structures.append(self._structure(x, d))
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
        rows = [
            row
            for row in prove(self.network, x, d, self.rate, **self.options).rows
            if row.kind != "y"
        ]
        places = {
            TermPlace(row.layer, row.neuron, row.weight, row.row): row.autodiff for row in rows
        }
        self._names = [place.name for place in places]
        return {place: right for place, right in places.items() if self.group(place.name)}

    def _structure(self, x: Sequence[float], d: Sequence[float]) -> Structure:
        """The structure that the doctor reads a solution's numbers by."""
        problem = Problem.of(self.network, x, d, self.rate, self.options, needs_slopes=False)
        rows = len(problem.rows) if problem.has_rows else None
        return Structure(problem.layers, rows, problem.rate, plain, problem.setting.recurrent)

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
        if self.options:
            return  # with rows, another structure is needed; there are fewer such accidents
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
        wrong: list[tuple[int, dict[str, Any], list[Mark]]] = []
        step = len(self.kinds)
        for k, right in enumerate(self._right):
            of_kind = dict(zip(self.kinds, returned[k * step : (k + 1) * step], strict=True))
            numbers, data, notes = self._numbers(k, of_kind)
            here = self._marks(k, right, numbers, notes)
            marks += here
            problems += [note for note in notes.values() if note not in problems]
            if any(not mark.ok and mark.given is not None for mark in here):
                wrong.append((k, data, here))
        return Outcome(marks, problems, self._explained(wrong) if wrong else None)

    def _numbers(
        self, k: int, of_kind: Mapping[str, Returned]
    ) -> tuple[dict[TermPlace, float], dict[str, Any], dict[str, str]]:
        """The numbers of what fits the network, that data, and for each kind of term why there is
        nothing."""
        notes = {kind: one.problem for kind, one in of_kind.items() if one.problem}
        numbers: dict[TermPlace, float] = {}
        data: dict[str, Any] = {}
        for kind, one in of_kind.items():
            if one.problem:
                continue
            name = _KINDS[kind]
            if one.data is None:
                notes[kind] = f"{name}() returned None: it needs a return statement"
                continue
            try:
                terms = read(Given(**{name: one.data}), self._structures[k])
                numbers |= {place: float(x) for place, x in terms.items() if x is not None}
            except Exception as error:  # whatever the doctor makes of such data, it is theirs
                notes[kind] = f"{name}() returned something else than it should: {error}"
            else:
                data[kind] = one.data
        return numbers, data, notes

    def _marks(
        self,
        k: int,
        right: Mapping[TermPlace, float],
        numbers: Mapping[TermPlace, float],
        notes: Mapping[str, str],
    ) -> list[Mark]:
        place_name = f"example {k + 1}"
        largest = max(map(abs, right.values()), default=0.0)
        following: set[TermPlace] = set()
        if self.follow_on:
            following = follows(self.network, self.examples[k][0], self.rate, numbers)
        marks = []
        for place, value in right.items():
            given = numbers.get(place)
            if given is None:
                kind = "γ" if place.weight is None else "Δw"
                note = notes.get(kind) or "there is None in its place"
                marks.append(Mark(place.name, place_name, None, value, False, note))
                continue
            ok = abs(given - value) <= self.tolerance * max(abs(value), SMALL * largest)
            is_carried = not ok and place in following
            marks.append(Mark(place.name, place_name, given, value, ok, follows=is_carried))
        return marks

    def _explained(self, wrong: Sequence[tuple[int, dict[str, Any], list[Mark]]]) -> Explanation:
        """The first wrong number, with the mistakes that explain it and the other examples."""
        k, _, marks = wrong[0]
        first = _first(marks)
        x, d = self.examples[k]
        place = next(place for place in self._right[k] if place.name == first.term)
        assert first.given is not None
        example = Example.of_network(self.network, x, list(d), self.rate, **self.options)
        formula, _ = formulas_in_words(example, place, (), first.given)
        if not any(mark.given for _, _, here in wrong for mark in here if not mark.ok):
            return Explanation(first, formula, mistake="every wrong number is 0")
        diagnoses = self._diagnoses(*wrong[0])
        for other in wrong[1:MAX_DIAGNOSED]:
            if diagnoses:  # what explains one example by accident does not explain the next
                names = {(each.name, each.where) for each in self._diagnoses(*other)}
                diagnoses = [each for each in diagnoses if (each.name, each.where) in names]
        if not diagnoses:
            return Explanation(first, formula)
        best, *others = diagnoses
        return Explanation(
            first,
            best.right,
            best.used,
            f"{best.name} ({best.where})",
            best.explanation,
            tuple(f"{other.name} ({other.where})" for other in others),
        )

    def _diagnoses(
        self, k: int, data: Mapping[str, Any], marks: Sequence[Mark]
    ) -> Sequence[Diagnosis]:
        """Of all numbers; where only two mistakes explain those, of the first function alone."""
        diagnoses = self._checked(k, data)
        if len(data) < 2 or (diagnoses and " and " not in diagnoses[0].name):
            return diagnoses
        kind = _first(marks).term.partition("[")[0]
        alone = self._checked(k, {kind: data[kind]})
        is_simple = alone and " and " not in alone[0].name
        return alone if is_simple or not diagnoses else diagnoses

    def _checked(self, k: int, data: Mapping[str, Any]) -> Sequence[Diagnosis]:
        x, d = self.examples[k]
        given = {_KINDS[kind]: numbers for kind, numbers in data.items()}
        report = check_formulas(self.network, x, d, rate=self.rate, **given, **self.options)
        return report.diagnosis


def _first(marks: Sequence[Mark]) -> Mark:
    return next(mark for mark in marks if not mark.ok and mark.given is not None)
