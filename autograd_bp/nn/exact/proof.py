"""prove(exact=True): the formulas compared with the recorded sweep for all numbers."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from autograd_bp.errors import ConversionError, OperandError, SettingError
from autograd_bp.nn.exact.counterexamples import Counterexample, counterexample
from autograd_bp.nn.exact.numbers import Exact
from autograd_bp.nn.exact.points import Point, Recorded, at_point
from autograd_bp.nn.exact.sides import Kinks, kinks, sizes
from autograd_bp.nn.exact.slopes import with_exact_slopes
from autograd_bp.nn.exact.terms import Formulas, compared, term_names
from autograd_bp.nn.exact.unknowns import PRIME, Unknowns
from autograd_bp.nn.proof import backward
from autograd_bp.nn.proof_problem import Problem

__all__ = ["ExactProof", "prove_exactly"]

POINTS = 2
MASKED_POINTS = 6  # where an order was asked for: three patterns and their opposites


@dataclass(frozen=True)
class ExactProof:
    """The report of `prove(exact=True)`: whether the formulas are autodiff's everywhere.

    Attributes:
        counts: how many γ and Δw were compared.
        wrong: the names of the terms that differ, first derived first.
        points: at how many points of the field of 2^127 - 1 both sides were evaluated.
        log_error: the logarithm of the probability that formulas which differ agree at all points,
            to the base 2.
        masks: whether something is chosen, as by a relu: then the stimuli of every neuron were
            tried above and below 0.
        counterexample: small numbers at which the first wrong term differs.
        remarks: what was taken as it is stated.
        sizes: those of the network.
    """

    counts: tuple[int, int]
    wrong: tuple[str, ...]
    points: int
    log_error: float
    masks: bool
    counterexample: Counterexample | None
    remarks: tuple[str, ...]
    sizes: tuple[int, ...]

    @property
    def ok(self) -> bool:
        """True when every formula is the same as that of autodiff."""
        return not self.wrong

    @property
    def error_probability(self) -> float:
        """The probability that formulas which differ were not found; 0.0 where it underflows."""
        return 2.0**self.log_error if self.log_error > -1074 else 0.0

    def verdict(self) -> str:
        """Proved or not, in one line."""
        γ, Δw = self.counts
        if self.ok:
            bound = math.floor(-self.log_error * math.log10(2.0))
            return (
                f"proved for all numbers: {γ} γ, {Δw} Δw are the same formulas "
                f"(error probability below 1e-{bound})"
            )
        return (
            f"NOT PROVED: {len(self.wrong)} of {γ + Δw} formulas differ, the first is "
            f"{self.wrong[0]}"
        )

    def lines(self) -> list[str]:
        """How it was proved, the verdict, and a counterexample where there is one."""
        tried = f"{self.points} points in the field of 2^127 - 1"
        if self.masks:
            tried += ", stimuli above and below 0"
        example = [] if self.counterexample is None else [f"Counterexample: {self.counterexample}"]
        return [tried, *self.remarks, self.verdict(), *example]

    def __str__(self) -> str:
        sizes = "-".join(map(str, self.sizes))
        title = f"Derived by hand and by autodiff: {sizes} network, exactly"
        return "\n".join([title, *self.lines()])


def prove_exactly(
    problem: Problem, formulas: Formulas | None = None, *, constants: Collection[str] = ()
) -> ExactProof:
    """The proof; see `prove`.

    Arguments:
        problem: what is derived.
        formulas: γ and Δw at a point; those of gamma.py when left out.
        constants: what is that of the problem and no unknown: of CONSTANTS as for formulas that
            have them written in, and "d" where the desired outputs are classes.
    """
    remarks: tuple[str, ...] = ()
    if "d" in constants:
        remarks = ("for the desired outputs that were given",)
    if formulas is None:
        problem, more = with_exact_slopes(problem)
        remarks += more

        def formulas(point: Point) -> tuple[Any, Any]:
            return backward(problem, point.layers, point.y, point.d, point.rate, point.setting)

    formulas = _explained(formulas)
    terms = term_names(problem)
    wrong: dict[str, None] = {}
    log_error, points, counts = 0.0, 0, (0, 0)
    places = kinks(problem)
    signs: list[bool] | None = [] if any(places) else None  # of the stimuli, where choices are made
    recorded: Recorded | None = None
    sides: set[tuple[int, int, bool]] = set()
    while _needs_another(problem, points, signs, sides) or log_error > -80.0:
        point, recorded = _drawn(problem, points, constants, signs, recorded)
        differing, counts, degree = compared(terms, point, formulas)
        if point.f.asked and signs is None:
            signs, points, log_error, recorded = [], 0, 0.0, None
            continue
        wrong.update(dict.fromkeys(differing))
        points += 1
        sides |= _sides(recorded)
        log_error += min(0.0, math.log2(max(1, degree)) - math.log2(PRIME))
        if points > 40:
            raise SettingError("the formulas are of a degree that is too high to be proved exactly")
    sized = _at_sizes(problem, formulas, constants, terms, places) if signs is not None else []
    for differing, degree in sized:
        wrong.update(dict.fromkeys(differing))
        points += 1
        log_error += min(0.0, math.log2(max(1, degree)) - math.log2(PRIME))
    order = [name for name in terms if name in wrong]
    if signs is not None:
        remarks += _one_sided(problem, sides)
    example = (
        counterexample(problem, formulas, order[0], constants, places.stimuli) if order else None
    )
    return ExactProof(
        counts,
        tuple(order),
        points,
        log_error,
        signs is not None,
        example,
        remarks,
        problem.network.sizes,
    )


def _explained(formulas: Formulas) -> Formulas:
    """The formulas; of functions of lists, which know floats and Values alone, it says what to
    write."""

    def explained(point: Point) -> tuple[Any, Any]:
        try:
            return formulas(point)
        except OperandError as error:
            if f"got {Exact.__name__} " not in str(error):
                raise
            raise ConversionError(
                "exact=True runs the formulas on exact numbers, which autograd_bp's functions of "
                "lists (sum, dot, softmax) do not take: write sum(...) of Python, or + and "
                "autograd_bp.exp, for the same"
            ) from None

    return explained


def _at_sizes(
    problem: Problem,
    formulas: Formulas,
    constants: Collection[str],
    terms: list[str],
    places: Kinks,
) -> list[tuple[list[str], int]]:
    """The terms that differ, and the degree, at points whose stimuli are near and far from 0.

    A point at which an order had to be drawn, as overflow hides it, is left out."""
    results: list[tuple[list[str], int]] = []
    signs: list[bool] = []
    for k, (size, apart) in enumerate(sizes(places)):
        for opposite in (False, True):
            f = Unknowns(5000 + 2 * k + opposite)
            with contextlib.suppress(ZeroDivisionError, OverflowError):
                point, _ = at_point(
                    problem, f, constants, signs=signs, opposite=opposite, size=size, apart=apart
                )
                differing, _, degree = compared(terms, point, formulas)
                if not f.guessed:
                    results.append((differing, degree))
    return results


def _sides(recorded: Recorded) -> set[tuple[int, int, bool]]:
    """On which side of 0 each stimulus was, in any row: its layer, its neuron, above."""
    return {
        (n, j, α.data > 0.0)
        for row in recorded.recording.stimuli
        for n, layer in enumerate(row, 1)
        for j, α in enumerate(layer, 1)
    }


def _needs_another(
    problem: Problem, points: int, signs: list[bool] | None, sides: set[tuple[int, int, bool]]
) -> bool:
    if signs is None:
        return points < POINTS
    neurons = sum(len(layer.neurons) for layer in problem.network.layers)
    return points < MASKED_POINTS or (len(sides) < 2 * neurons and points < 2 * MASKED_POINTS)


def _one_sided(problem: Problem, sides: set[tuple[int, int, bool]]) -> tuple[str, ...]:
    """Say what was not tried, as shared weights may not allow it."""
    return tuple(
        f"α[{n},{j}] was never {'above' if above else 'below'} 0"
        for n, layer in enumerate(problem.network.layers, 1)
        for j in range(1, len(layer.neurons) + 1)
        for above in (True, False)
        if (n, j, above) not in sides
    )


def _drawn(
    problem: Problem,
    seed: int,
    constants: Collection[str],
    signs: list[bool] | None,
    before: Recorded | None,
) -> tuple[Point, Recorded]:
    """A point; a seed that divides by 0 is replaced by another one."""
    before = before if signs is None else None  # with choices each point has a graph of its own
    for again in range(20):
        f, opposite = Unknowns(seed + 1000 * again), seed % 2 == 1
        with contextlib.suppress(ZeroDivisionError):
            return at_point(problem, f, constants, signs=signs, opposite=opposite, before=before)
    raise SettingError("the network divides by 0 at every point: it has no value anywhere")
