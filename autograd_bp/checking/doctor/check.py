"""check_formulas: hand-derived γ and Δw against autodiff, term by term, and what went wrong.

The terms are compared in the order in which the wave computes them, so that the first wrong one
is where the mistake is and not what followed from it. Then every known mistake is made on
purpose, everywhere and in parts of the network: the one whose numbers are the user's, all of
them, explains them.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import Example, Place, derive
from autograd_bp.checking.doctor.input import given_terms
from autograd_bp.checking.doctor.mistakes import (
    CONSTANTS,
    MISTAKES,
    Layers,
    Made,
    reach,
    stray_factor,
    with_mistakes,
)
from autograd_bp.checking.doctor.report import Diagnosis, FormulaReport, FormulaTerm
from autograd_bp.checking.doctor.words import formulas_in_words, where
from autograd_bp.checking.gradient.verdicts import Verdict
from autograd_bp.nn import gamma
from autograd_bp.nn.network import Network
from autograd_bp.nn.proof import prove
from autograd_bp.nn.rounding import spread

__all__ = ["check_formulas"]

ULPS = 16.0  # of the rounding that the steps add up to: sums may be added in another order
ALIKE = 512.0 * 2.0**-52  # relative: a wrong formula may magnify rounding that the right one damps
LARGEST_FOR_PAIRS = 400  # terms: above it two mistakes at once are not looked for
MOST = 5  # diagnoses that explain equally


def check_formulas(
    network: Network,
    x: Iterable[Any],
    d: Any,
    *,
    gamma: Any = None,
    weight_changes: Any = None,
    weights_after: Any = None,
    rate: float = 1.0,
    decimals: int | None = None,
) -> FormulaReport:
    """Hold hand-derived γ and Δw against autodiff, and say which mistake explains a difference.

    Arguments:
        network: a Network of layers of sigmoid neurons.
        x: a row of inputs.
        d: the desired outputs; one number will do for one output.
        gamma: γ by layer and neuron, first layer first: [[γ, γ], [γ]]; or a function of
            (network, x, d) that returns them. None stands for a number that is not known.
        weight_changes: Δw by layer, neuron and weight, w0 first where there is a bias:
            [[[Δw0, Δw1, Δw2], ...], ...]; or a function as above.
        weights_after: the weights after the step, in the same shape, in place of changes.
        rate: δ in Δw = δ y γ.
        decimals: to how many places after the point the numbers are rounded, as in a printed
            table; exact when left out.

    Returns: a report with `.verdict`, `.ok`, `.components`, `.first_wrong` and `.diagnosis`,
        that prints as a table followed by the diagnosis. VACUOUS where nothing was given, or
        where every γ is 0 and so hides any mistake.

    Raises: ShapeError for numbers in another structure than the network's; OperandError for
        what is no number; SettingError for a network that the formulas do not cover or a
        setting outside its range.

    Example:
        >>> from autograd_bp.checking import check_formulas
        >>> from autograd_bp.nn import Network
        >>> network = Network([2, 2, 1], seed=1)
        >>> z = network([0.0, 1.0])[0].data
        >>> report = check_formulas(network, [0.0, 1.0], [1.0], gamma=[[None, None], [1.0 - z]])
        >>> report.verdict.name, report.first_wrong.name, report.diagnosis[0].name
        ('WRONG', 'γ[2,1]', 'missing y (1 - y)')
    """
    row = list(x)
    proof = prove(network, row, d, rate)  # refuses what the formulas do not cover
    right = {Place(r.layer, r.neuron, r.weight): r.autodiff for r in proof.rows if r.kind != "y"}
    example = Example.of_network(network, row, d, rate)
    given, coarse = given_terms(
        network, row, d, gamma, weight_changes, weights_after, right, decimals
    )
    scales = _scales(example)
    allowed = {
        place: coarse.get(place, 0.0) + ULPS * 2.0**-52 * max(abs(right[place]), scales[place])
        for place in right
    }
    terms = tuple(
        FormulaTerm.of(place, given[place], right[place], allowed[place])
        for place in right
        if place in given
    )
    first = next((term for term in terms if not term.verdict.ok), None)
    search = _Search(example, given, allowed, None if first is None else first.place)
    found = search.diagnoses() if first is not None and math.isfinite(first.given) else []
    hidden = search.invisible() if terms and first is None else ()
    silent = all(right[term.place] == 0.0 for term in terms) and first is None
    return FormulaReport(
        terms,
        proof.sizes,
        proof.rate,
        tuple(found),
        tuple(hidden),
        Verdict.VACUOUS if silent else None,
    )


def _scales(e: Example) -> dict[Place, float]:
    """What one rounding error of each step adds up to, for each term."""
    γ = gamma.gammas(e.layers, e.y, e.d)
    found = spread(e.layers, e.y, γ, e.d, e.rate)
    scales: dict[Place, float] = {}
    for n, (of_γ, of_Δw) in enumerate(zip(found.γ, found.Δw, strict=True), 1):
        for j, (one, changes) in enumerate(zip(of_γ, of_Δw, strict=True), 1):
            scales[Place(n, j, None)] = one
            if changes.bias is not None:
                scales[Place(n, j, 0)] = changes.bias
            scales |= {Place(n, j, i): each for i, each in enumerate(changes.inputs, 1)}
    return scales


class _Search:
    """Mistakes made on purpose, and whether they give the user's numbers."""

    def __init__(
        self,
        example: Example,
        given: Mapping[Place, float],
        allowed: Mapping[Place, float],
        first: Place | None,
    ) -> None:
        self._example, self._given, self._allowed, self._first = example, given, allowed, first

    def diagnoses(self) -> list[Diagnosis]:
        """The mistakes that explain every number, the simplest first; two at once where no
        single one does."""
        assert self._first is not None
        singles = [made for made in self._candidates() if self._explains([made])]
        # A factor says less than a mistake that makes the same numbers.
        singles = [made for made in singles if made[0] not in CONSTANTS] or singles
        if singles:
            return self._told([[made] for made in singles])
        singles = [made for made in self._stray() if self._explains([made])]
        if singles:
            return self._told([[made] for made in singles[:1]])
        if len(self._given) > LARGEST_FOR_PAIRS:
            return []
        candidates = [made for made in self._candidates() if made[2] is None]
        start = [made for made in candidates if self._explains([made], self._first)]
        pairs = (
            [one, other]
            for one, other in itertools.product(start, candidates)
            if one[0].step != other[0].step or not one[1] & other[1]
        )
        explaining = (pair for pair in pairs if self._explains(pair))
        return self._told(list(itertools.islice(explaining, MOST)))

    def invisible(self) -> list[str]:
        """Mistakes that would give these very numbers."""
        everywhere = frozenset(range(1, self._example.depth + 1))
        names = (m.name for m in MISTAKES if self._explains([(m, everywhere, None)]))
        return list(dict.fromkeys(names))

    def _candidates(self) -> Iterator[Made]:
        """Every mistake everywhere it can be made, then in parts of the network, and last in
        the neuron of the first wrong term alone."""
        depth = self._example.depth
        every = frozenset(range(1, depth + 1))
        parts = [every, frozenset([depth]), every - {depth}, *(frozenset([n]) for n in every)]
        seen: set[tuple[str, Layers]] = set()
        for part in parts:
            for mistake in (*MISTAKES, *CONSTANTS):
                layers = part & reach(mistake, depth)
                if layers and (mistake.name, layers) not in seen:
                    seen.add((mistake.name, layers))
                    yield mistake, layers, None
        if self._first is not None:
            n, j = self._first.layer, self._first.neuron - 1
            for mistake in (*MISTAKES, *CONSTANTS):
                if n in reach(mistake, depth) and len(self._example.layers[n - 1]) > 1:
                    yield mistake, frozenset([n]), j

    def _stray(self) -> Iterator[Made]:
        """A factor that the first wrong number suggests."""
        assert self._first is not None
        right = next(t.value for t in derive(self._example) if t.place == self._first)
        if right == 0.0:
            return
        c = self._given[self._first] / right
        step = "scale" if self._first.weight is None else "weigh"
        depth = self._example.depth
        every = frozenset(range(1, depth + 1))
        for one in ("scale", "weigh") if step == "weigh" else ("scale",):
            factor = stray_factor(c, one)
            for part in (
                every,
                frozenset([depth]),
                every - {depth},
                frozenset([self._first.layer]),
            ):
                if part:
                    yield factor, part, None
            yield factor, frozenset([self._first.layer]), self._first.neuron - 1

    def _explains(self, made: Sequence[Made], until: Place | None = None) -> bool:
        """Whether these mistakes give the numbers, all of them or until the first wrong one."""
        for place, value in derive(self._example, with_mistakes(made)):
            if place in self._given:
                given, allowed = self._given[place], self._allowed[place]
                allowed += ALIKE * abs(value)
                if not abs(value - given) <= allowed:
                    return False
            if place == until:
                return True
        return True

    def _told(self, explanations: Sequence[Sequence[Made]]) -> list[Diagnosis]:
        """As diagnoses; of one mistake in several parts only the largest is told."""
        assert self._first is not None
        told: list[Diagnosis] = []
        names: set[tuple[str, ...]] = set()
        for made in explanations:
            name = tuple(mistake.name for mistake, _, _ in made)
            if name in names or tuple(reversed(name)) in names:
                continue
            names.add(name)
            right, used = formulas_in_words(
                self._example,
                self._first,
                [mistake for mistake, _, _ in made],
                self._given[self._first],
            )
            told.append(
                Diagnosis(
                    " and ".join(name),
                    " and ".join(where(layers, j, self._example.depth) for _, layers, j in made),
                    "; ".join(mistake.why for mistake, _, _ in made),
                    right,
                    used,
                )
            )
        return told[:MOST]
