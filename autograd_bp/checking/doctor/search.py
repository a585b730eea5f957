"""Mistakes made on purpose: those that give the user's numbers explain them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.mistake import (
    Layers,
    Mistake,
    Occurrence,
    reach_in,
    with_mistakes,
)
from autograd_bp.checking.doctor.mistakes import MISTAKES, factors, of_all, stray_factor
from autograd_bp.checking.doctor.read_off import (
    earlier_pass,
    other_example,
    other_pairs,
    stray_decays,
)
from autograd_bp.checking.doctor.read_off_arrays import clipped, exchanged
from autograd_bp.checking.doctor.report import Diagnosis
from autograd_bp.checking.doctor.words import formulas_in_words, where

__all__ = ["Search"]

# Relative: a wrong formula may magnify rounding that the right one damps.
MAGNIFIED_ROUNDING = 512.0
MAX_TERMS_FOR_PAIRS = 400  # above it two mistakes at once are not looked for
MIN_TERMS_FOR_PAIRS = 4  # below it two mistakes explain too much
OF_CHANGES = ("rate", "weigh", "source", "bias", "cause", "rows", "decay", "arrange")
MAX_DIAGNOSES = 5  # that explain equally


class Search:
    """The search for mistakes that give the user's numbers.

    Arguments:
        example: what the numbers were derived for.
        numbers: the user's numbers.
        tolerances: how far each number may be from the one that a mistake gives.
        epsilon: one unit of rounding of the numbers.
    """

    def __init__(
        self,
        example: Example,
        numbers: Mapping[TermPlace, float],
        tolerances: Mapping[TermPlace, float],
        epsilon: float = 2.0**-52,
    ) -> None:
        self._magnified = MAGNIFIED_ROUNDING * epsilon
        self._example, self._numbers, self._tolerances = example, numbers, tolerances
        self._all_layers: Layers = frozenset(range(1, example.depth + 1))
        self._factors = factors(example)
        self._known = tuple(m for m in MISTAKES if m.fits(example))
        self._examples: dict[Mistake, Example] = {}

    def diagnoses(self, first: TermPlace) -> list[Diagnosis]:
        """The mistakes that explain every number, the simplest first; two at once where no
        single one does.

        Arguments:
            first: the place of the first wrong number.
        """
        return self._diagnoses(
            self._singles(first)
            or self._read_off(first)
            or self._stray_factors(first)
            or self._pairs(first),
            first,
        )

    def invisible(self) -> list[str]:
        """Mistakes that would give these very numbers; where γ alone was given, of those in γ."""
        has_changes = any(place.weight is not None for place in self._numbers)
        names = (
            mistake.name
            for mistake in self._known
            if (has_changes or mistake.step not in OF_CHANGES)
            and (layers := reach_in(mistake, self._example))
            and self._explains([Occurrence(mistake, layers, None)])
        )
        return list(dict.fromkeys(names))

    def _singles(self, first: TermPlace) -> list[list[Occurrence]]:
        singles = [one for one in self._candidates(first) if self._explains([one])]
        # A factor says less than a mistake that makes the same numbers.
        named = [one for one in singles if one.mistake not in self._factors]
        return [[one] for one in named or singles]

    def _read_off(self, first: TermPlace) -> list[list[Occurrence]]:
        """Mistakes whose numbers are read off the user's."""
        mistakes = [
            *stray_decays(self._example, self._numbers, first),
            *other_example(self._example, self._numbers),
            *earlier_pass(self._example, self._numbers),
            *clipped(self._example, self._numbers),
            *exchanged(self._example, self._numbers),
            *other_pairs(self._example),
        ]
        occurrences = [[Occurrence(m, reach_in(m, self._example), None)] for m in mistakes]
        return [one for one in occurrences if self._explains(one)]

    def _stray_factors(self, first: TermPlace) -> list[list[Occurrence]]:
        if self._count_of_wrong() < 2:
            return []  # a factor always explains one number, and so explains nothing
        explaining = ([one] for one in self._strays(first) if self._explains([one]))
        return list(itertools.islice(explaining, 1))

    def _count_of_wrong(self) -> int:
        return sum(
            not abs(value - self._numbers[place]) <= self._tolerances[place]
            for place, value in derive(self._example)
            if place in self._numbers
        )

    def _pairs(self, first: TermPlace) -> list[list[Occurrence]]:
        if len(self._numbers) > MAX_TERMS_FOR_PAIRS or len(self._numbers) < MIN_TERMS_FOR_PAIRS:
            return []
        candidates = [one for one in self._candidates(first) if one.neuron is None]
        starts = [one for one in candidates if self._explains([one], first)]
        pairs = (
            [one, other]
            for one, other in itertools.product(starts, candidates)
            if one.mistake.step != other.mistake.step or not one.layers & other.layers
        )
        explaining = (pair for pair in pairs if self._explains(pair))
        return list(itertools.islice(explaining, MAX_DIAGNOSES))

    def _candidates(self, first: TermPlace) -> Iterator[Occurrence]:
        """Every mistake everywhere it can be made, then in parts of the network, and last in
        the neuron of the first wrong term alone.
        """
        depth, every = self._example.depth, self._all_layers
        parts = [every, frozenset([depth]), every - {depth}, *(frozenset([n]) for n in every)]
        seen: set[tuple[Mistake, Layers]] = set()
        for part, mistake in itertools.product(parts, (*self._known, *self._factors)):
            layers = part & reach_in(mistake, self._example)
            if mistake.step == "example" and layers != every:
                continue
            if layers and (mistake, layers) not in seen:
                seen.add((mistake, layers))
                yield Occurrence(mistake, layers, None)
        if len(self._example.layers[first.layer - 1]) > 1:
            for mistake in (*self._known, *self._factors):
                if mistake.step not in ("example", "arrange") and first.layer in reach_in(
                    mistake, self._example
                ):
                    yield Occurrence(mistake, frozenset([first.layer]), first.neuron - 1)

    def _strays(self, first: TermPlace) -> Iterator[Occurrence]:
        """A factor that the first wrong number suggests."""
        right = next(term.value for term in derive(self._example) if term.place == first)
        if right == 0.0 or self._numbers[first] == 0.0:
            return
        c = self._numbers[first] / right
        last, own = frozenset([self._example.depth]), frozenset([first.layer])
        for step in ("scale",) if first.weight is None else ("scale", "weigh"):
            factor = stray_factor(c, step)
            if step == "weigh" and self._example.setting.decay:
                yield Occurrence(of_all(factor), self._all_layers, None)
            for part in (self._all_layers, last, self._all_layers - last, own):
                if part:
                    yield Occurrence(factor, part, None)
            yield Occurrence(factor, own, first.neuron - 1)

    def _explains(self, mistakes: Sequence[Occurrence], until: TermPlace | None = None) -> bool:
        """Whether these mistakes give the numbers, all of them or until the first wrong one."""
        for place, value in derive(self._with_numbers(mistakes), with_mistakes(mistakes)):
            if place in self._numbers:
                tolerance = self._tolerances[place] + self._magnified * abs(value)
                if not abs(value - self._numbers[place]) <= tolerance:
                    return False
            if place == until:
                return True
        return True

    def _with_numbers(self, mistakes: Sequence[Occurrence]) -> Example:
        """The example, with the numbers of another forward pass if a mistake takes them."""
        example = self._example
        for mistake, *_ in mistakes:
            if mistake.step == "example":
                if mistake not in self._examples:
                    self._examples[mistake] = mistake.formula(self._example)
                example = self._examples[mistake]
        return example

    def _diagnoses(
        self, explanations: Iterable[Sequence[Occurrence]], first: TermPlace
    ) -> list[Diagnosis]:
        """As diagnoses; of one mistake in several parts of the network only the largest."""
        different: dict[tuple[str, ...], Sequence[Occurrence]] = {}
        for mistakes in explanations:
            names = tuple(one.mistake.name for one in mistakes)
            if names[::-1] not in different:
                different.setdefault(names, mistakes)
        return [
            self._diagnosis(mistakes, first)
            for mistakes in itertools.islice(different.values(), MAX_DIAGNOSES)
        ]

    def _diagnosis(self, mistakes: Sequence[Occurrence], first: TermPlace) -> Diagnosis:
        right, used = formulas_in_words(
            self._example, first, [one.mistake for one in mistakes], self._numbers[first]
        )
        depth = self._example.depth
        return Diagnosis(
            " and ".join(one.mistake.name for one in mistakes),
            " and ".join(where(one.layers, one.neuron, depth) for one in mistakes),
            "; ".join(one.mistake.why for one in mistakes),
            right,
            used,
        )
