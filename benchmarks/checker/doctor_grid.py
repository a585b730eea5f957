"""Mistakes planted in hand-derived γ and Δw: does the formula doctor find and name them?"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from autograd_bp.checking import FormulaReport, Verdict, check_formulas
from autograd_bp.checking.doctor.hand_formulas import Example, derive, nested
from autograd_bp.checking.doctor.mistake import Mistake, Occurrence, reach_in, with_mistakes
from autograd_bp.checking.doctor.mistakes import MISTAKES
from autograd_bp.nn import Network
from benchmarks.checker.model import Table, share

SIZES = (
    (2, 2, 1),
    (2, 2, 2),
    (3, 1),
    (2, 3, 2),
    (3, 3, 3, 3),
    (4, 6, 3),
    (2, 8, 8, 2),
    (5, 4, 1),
    (3, 2, 4, 3, 2),
    (2, 2, 2, 2, 2),
)
RATE = 0.3


def examples() -> Iterator[tuple[Network, list[float], list[float]]]:
    """Ten networks of one to four layers, with a row of inputs and desired outputs each."""
    for seed, sizes in enumerate(SIZES):
        random = Random(seed)
        network = Network(sizes, seed=seed)
        x = [random.uniform(-1.0, 1.0) for _ in range(sizes[0])]
        yield network, x, [random.uniform(0.05, 0.95) for _ in range(sizes[-1])]


def plant(
    mistake: Mistake | None, network: Network, x: list[float], d: list[float]
) -> FormulaReport | None:
    """The doctor's report on numbers with this mistake everywhere; None where it does not show."""
    example = Example.of_network(network, x, d, RATE)
    right = list(derive(example))
    terms = right
    if mistake is not None:
        layers = reach_in(mistake, example)
        if not layers:
            return None
        numbers = mistake.formula(example) if mistake.step == "example" else example
        terms = list(derive(numbers, with_mistakes([Occurrence(mistake, layers, None)])))
        changed = [not abs(a.value - b.value) <= 1e-12 for a, b in zip(terms, right, strict=True)]
        if not any(changed) or any(term.value != term.value for term in terms):
            return None
    γ, Δw = nested(example, terms)
    return check_formulas(network, x, d, gamma=γ, weight_changes=Δw, rate=RATE)


def doctor() -> Table:
    """Caught: the verdict is WRONG. Named: the mistake is among those that explain the numbers.
    Alone: it is the only one."""
    rows: list[list[str]] = []
    data: dict[str, Any] = {}
    totals = [0, 0, 0, 0]
    for mistake in MISTAKES:
        counts = [0, 0, 0, 0]
        for example in examples():
            report = plant(mistake, *example)
            if report is None:
                continue
            names = [each.name for each in report.diagnosis]
            counts[0] += 1
            counts[1] += report.verdict is Verdict.WRONG
            counts[2] += mistake.name in names
            counts[3] += names == [mistake.name]
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        data[mistake.name] = dict(zip(("shows", "caught", "named", "alone"), counts, strict=True))
        rows.append(_row(mistake.name, counts))
    right = [report for example in examples() if (report := plant(None, *example))]
    passed = sum(report.ok for report in right)
    data["right"] = {"shows": len(right), "passed": passed}
    rows.append(_row("all", totals))
    notes = [
        f"{len(MISTAKES)} mistakes, each made everywhere in {len(SIZES)} networks of one to four "
        "layers; networks in which a mistake changes no number (there is no index to mistake in a "
        "layer of one) do not count.",
        f"right formulas: {passed} of {len(right)} pass.",
    ]
    return Table(["mistake", "shows in", "caught", "named", "named alone"], rows, notes, data)


def _row(name: str, counts: list[int]) -> list[str]:
    shows, *rest = counts
    return [name, str(shows), *(share(count, shows) for count in rest)]
