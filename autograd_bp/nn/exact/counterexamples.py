"""Small fractions at which a formula and autodiff differ, to be followed by hand."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from typing import NamedTuple

from autograd_bp.nn.exact.numbers import Exact
from autograd_bp.nn.exact.points import Point, at_point
from autograd_bp.nn.exact.terms import Formulas, compared, shaped, term_names
from autograd_bp.nn.exact.unknowns import Unknowns
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.proof_sweep import in_order, names

__all__ = ["Counterexample", "counterexample"]

_TRIES = 60


class Counterexample(NamedTuple):
    """Small numbers at which a formula and autodiff differ.

    Attributes:
        name: the first term that is wrong, in the order in which they are derived.
        by_hand, autodiff: what both give.
        numbers: what goes into the term, by their names.
    """

    name: str
    by_hand: Fraction
    autodiff: Fraction
    numbers: dict[str, Fraction]

    def __str__(self) -> str:
        where = ", ".join(f"{name} = {value}" for name, value in self.numbers.items())
        return f"{self.name} is {self.by_hand} by hand and {self.autodiff} by autodiff" + (
            f", for {where}" if where else ""
        )


def counterexample(
    problem: Problem,
    formulas: Formulas,
    first: str,
    constants: Collection[str],
    places: Sequence[float] = (),
) -> Counterexample | None:
    """Small fractions at which the first wrong term differs, the shortest of a few; beyond the
    places where something changes, if it differs only there."""
    for size in (0.0, *(2.0 * place for place in places if place > 1.0), 400.0):
        found = _shortest(problem, formulas, first, constants, size)
        if found is not None:
            return found
    return None


def _shortest(
    problem: Problem, formulas: Formulas, first: str, constants: Collection[str], size: float
) -> Counterexample | None:
    best: tuple[int, Counterexample] | None = None
    terms = term_names(problem)
    for seed in range(_TRIES):
        f = Unknowns(seed, small=True)
        try:
            point, _ = at_point(problem, f, constants, size=size)
            differing, _, _ = compared(terms, point, formulas)
            if f.contradiction or first not in differing:
                continue
            example = _example(problem, point, formulas, first)
        except (ZeroDivisionError, ValueError, OverflowError):
            continue
        length = len(str(example))
        if best is None or length < best[0]:
            best = length, example
        if length < 120 and seed > 10:
            break
    return best and best[1]


def _example(problem: Problem, point: Point, formulas: Formulas, first: str) -> Counterexample:
    γ, Δw = formulas(point)
    none = [[Weights(None, [None] * len(w.inputs)) for w in ws] for ws in point.Δw]
    γ = γ if γ is not None else [[[None] * len(layer) for layer in row] for row in point.γ]
    terms = term_names(problem)
    place = terms.index(first)
    by_hand = point.f.number(shaped(γ, Δw, point, none)[place]).v
    swept = list(in_order([], point.γ, point.Δw))[place].v
    numbers = {name: value.v for name, value in _ingredients(problem, point, place)}
    return Counterexample(first, Fraction(by_hand), Fraction(swept), numbers)


def _ingredients(problem: Problem, point: Point, place: int) -> Iterator[tuple[str, Exact]]:
    """The ingredients of a term, by its place among the terms."""
    kind, n, j, i, t = [row for row in names(problem.layers, len(problem.rows)) if row[0] != "y"][
        place
    ]
    rows = list(range(len(point.y))) if kind == "Δw" else [t - 1]

    def at(letter: str, *indices: int, row: int) -> str:
        of_row = f"@{row + 1}" if problem.has_rows else ""
        return f"{letter}[{','.join(map(str, indices))}]{of_row}"

    if kind == "Δw":
        for row in rows:
            yield at("γ", n, j, row=row), point.γ[row][n - 1][j - 1]
            if i and i <= len(point.y[row][n - 1]):
                name = f"x[{i}]" if n == 1 else at("y", n - 1, i, row=row)
                yield name, point.y[row][n - 1][i - 1]
            if len(rows) == 1:
                yield from _of_γ(problem, point, n, j, row)
        yield "δ", point.f.number(point.rate)
        if problem.setting.decay and (i or problem.setting.decay_bias):
            weights = point.layers[n - 1][j - 1]
            yield "λ", point.setting.decay
            yield f"w[{n},{j},{i}]", weights.inputs[i - 1] if i else weights.bias
        return
    yield from _of_γ(problem, point, n, j, rows[0])


def _of_γ(problem: Problem, point: Point, n: int, j: int, row: int) -> Iterator[tuple[str, Exact]]:
    """The ingredients of γ: the output of the neuron, and what it is blamed by: its desired output,
    or γ and weights of the next layer."""
    of_row = f"@{row + 1}" if problem.has_rows else ""
    d, y = point.d[row], point.y[row][n]
    output = problem.setting.output
    if n == len(point.layers) and output.outputs is not None:
        yield f"z[{j}]{of_row}", output.outputs(y)[j - 1]
    else:
        yield f"y[{n},{j}]{of_row}", y[j - 1]
    if problem.setting.slopes[n - 1][j - 1].of_output is None and n < len(point.layers):
        yield f"α[{n},{j}]{of_row}", point.stimuli[row][n - 1][j - 1]
    if n < len(point.layers):
        for k, neuron in enumerate(point.layers[n], 1):
            yield f"γ[{n + 1},{k}]{of_row}", point.γ[row][n][k - 1]
            yield f"w[{n + 1},{k},{j}]", neuron.inputs[j - 1]
    elif d is not None:
        yield f"d[{j}]{of_row}", d[j - 1]
