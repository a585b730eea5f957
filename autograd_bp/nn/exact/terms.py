"""The terms of both sides at a point, one after the other, and which of them differ."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_bp.nn.exact.points import Point
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.proof_problem import Problem
from autograd_bp.nn.proof_sweep import in_order, names
from autograd_bp.nn.report import Row

__all__ = ["Formulas", "compared", "shaped", "term_names"]

Formulas = Callable[[Point], tuple[Any, Any]]
"""γ of each row and Δw at a point, by hand; None for what is not derived."""


def term_names(problem: Problem) -> list[str]:
    """The names of γ and Δw in the order in which they are derived."""
    return [
        Row(kind, n, j, i, 0.0, 0.0, 0.0, t if problem.has_rows and t else None).name
        for kind, n, j, i, t in names(problem.layers, len(problem.rows))
        if kind != "y"
    ]


def compared(
    terms: list[str], point: Point, formulas: Formulas
) -> tuple[list[str], tuple[int, int], int]:
    """The terms that differ at a point, how many were compared, and the degree of all of it."""
    γ, Δw = formulas(point)
    none_γ = [[[None] * len(layer) for layer in row] for row in point.γ]
    none_Δw = [[Weights(w.bias and None, [None] * len(w.inputs)) for w in ws] for ws in point.Δw]
    sweep = in_order([], point.γ, point.Δw)
    hand = shaped(γ if γ is not None else none_γ, Δw, point, none_Δw)
    differing, degree, counts = [], 1, [0, 0]
    for name, by_hand, swept in zip(terms, hand, sweep, strict=True):
        if by_hand is None:
            continue
        number = point.f.number(by_hand)
        counts[name.startswith("Δ")] += 1
        degree = max(degree, number.n + number.d + swept.n + swept.d)
        if number.v != swept.v:
            differing.append(name)
    return differing, (counts[0], counts[1]), degree


def shaped(γ: Any, Δw: Any, point: Point, none: Any) -> list[Any]:
    """The terms one after the other, None for what is not derived."""
    terms: list[Any] = []
    for n in range(len(point.layers) - 1, -1, -1):
        for j, weights in enumerate(point.layers[n]):
            terms += [row[n][j] if row is not None and row[n] is not None else None for row in γ]
            change = none[n][j] if Δw is None or Δw[n] is None or Δw[n][j] is None else Δw[n][j]
            if weights.bias is not None:
                terms.append(change.bias)
            terms += change.inputs
    return terms
