"""Mistakes made on purpose: those that give the user's numbers explain them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence

from autograd_bp.checking.doctor.hand_formulas import Example, TermPlace, derive
from autograd_bp.checking.doctor.mistakes import (
    CONSTANTS,
    MISTAKES,
    Layers,
    Occurrence,
    reach,
    stray_factor,
    with_mistakes,
)
from autograd_bp.checking.doctor.report import Diagnosis
from autograd_bp.checking.doctor.words import formulas_in_words, where

__all__ = ["Search"]

# Relative: a wrong formula may magnify rounding that the right one damps.
MAGNIFIED_ROUNDING = 512.0 * 2.0**-52
MAX_TERMS_FOR_PAIRS = 400  # above it two mistakes at once are not looked for
MAX_DIAGNOSES = 5  # that explain equally


class Search:
    """The search for mistakes that give the user's numbers.

    Arguments:
        example: what the numbers were derived for.
        numbers: the user's numbers.
        tolerances: how far each number may be from the one that a mistake gives.
    """

    def __init__(
        self,
        example: Example,
        numbers: Mapping[TermPlace, float],
        tolerances: Mapping[TermPlace, float],
    ) -> None:
        self._example, self._numbers, self._tolerances = example, numbers, tolerances
        self._all_layers: Layers = frozenset(range(1, example.depth + 1))

    def diagnoses(self, first: TermPlace) -> list[Diagnosis]:
        """The mistakes that explain every number, the simplest first; two at once where no
        single one does.

        Arguments:
            first: the place of the first wrong number.
        """
        return self._diagnoses(
            self._singles(first) or self._stray_factors(first) or self._pairs(first), first
        )

    def invisible(self) -> list[str]:
        """Mistakes that would give these very numbers."""
        names = (
            mistake.name
            for mistake in MISTAKES
            if self._explains([Occurrence(mistake, self._all_layers, None)])
        )
        return list(dict.fromkeys(names))

    def _singles(self, first: TermPlace) -> list[list[Occurrence]]:
        singles = [one for one in self._candidates(first) if self._explains([one])]
        # A factor says less than a mistake that makes the same numbers.
        named = [one for one in singles if one.mistake not in CONSTANTS]
        return [[one] for one in named or singles]

    def _stray_factors(self, first: TermPlace) -> list[list[Occurrence]]:
        explaining = ([one] for one in self._strays(first) if self._explains([one]))
        return list(itertools.islice(explaining, 1))

    def _pairs(self, first: TermPlace) -> list[list[Occurrence]]:
        if len(self._numbers) > MAX_TERMS_FOR_PAIRS:
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
        seen: set[tuple[str, Layers]] = set()
        for part, mistake in itertools.product(parts, (*MISTAKES, *CONSTANTS)):
            layers = part & reach(mistake, depth)
            if layers and (mistake.name, layers) not in seen:
                seen.add((mistake.name, layers))
                yield Occurrence(mistake, layers, None)
        if len(self._example.layers[first.layer - 1]) > 1:
            for mistake in (*MISTAKES, *CONSTANTS):
                if first.layer in reach(mistake, depth):
                    yield Occurrence(mistake, frozenset([first.layer]), first.neuron - 1)

    def _strays(self, first: TermPlace) -> Iterator[Occurrence]:
        """A factor that the first wrong number suggests."""
        right = next(term.value for term in derive(self._example) if term.place == first)
        if right == 0.0:
            return
        c = self._numbers[first] / right
        last, own = frozenset([self._example.depth]), frozenset([first.layer])
        for step in ("scale",) if first.weight is None else ("scale", "weigh"):
            factor = stray_factor(c, step)
            for part in (self._all_layers, last, self._all_layers - last, own):
                if part:
                    yield Occurrence(factor, part, None)
            yield Occurrence(factor, own, first.neuron - 1)

    def _explains(self, mistakes: Sequence[Occurrence], until: TermPlace | None = None) -> bool:
        """Whether these mistakes give the numbers, all of them or until the first wrong one."""
        for place, value in derive(self._example, with_mistakes(mistakes)):
            if place in self._numbers:
                tolerance = self._tolerances[place] + MAGNIFIED_ROUNDING * abs(value)
                if not abs(value - self._numbers[place]) <= tolerance:
                    return False
            if place == until:
                return True
        return True

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
