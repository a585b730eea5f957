"""Mistakes of other people's code: does the formula doctor name them?"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from autograd_bp.checking import FormulaReport, check_formulas
from benchmarks.checker.model import Table, share
from benchmarks.checker.students import MISTAKES, RATE, STUDENTS, Student, changed, gradients

__all__ = ["formulas", "handed_in", "names", "planted"]


def handed_in(s: Student, seed: int, mistake: str = "") -> FormulaReport:
    """The doctor's report on what a student hands in, in the student's own form."""
    dZ, dW, db = gradients(s, seed, mistake)
    x, d, options = s.arguments(seed)
    network = s.network(seed)
    given: dict[str, Any]
    if s.form == "keys":
        keys = {f"dW{n}": w for n, w in enumerate(dW, 1)}
        if s.bias:
            keys |= {f"db{n}": b[:, None] for n, b in enumerate(db, 1)}
        keys |= {f"dZ{n}": z.T for n, z in enumerate(dZ, 1)}
        given = {"gradients": keys}
    else:
        # Δw = -δ ∂E/∂w, and w0 = -b.
        changes = [
            np.hstack([RATE * b[:, None], -RATE * w]) if s.bias else -RATE * w
            for w, b in zip(dW, db, strict=True)
        ]
        flat = np.concatenate([c.ravel() for c in changes])
        given = {"weight_changes": flat if s.form == "flat" else changes}
    return check_formulas(network, x, d, **given, **options)


def names(report: FormulaReport, mistake: str) -> bool:
    """Whether a diagnosis names the mistake."""
    return any(name in each.name for each in report.diagnosis for name in MISTAKES[mistake])


@functools.cache
def planted(seed: int = 0) -> list[tuple[str, Student]]:
    """Every mistake with every network in which it shows."""
    return [(name, s) for name in MISTAKES for s in STUDENTS if changed(s, seed, name)]


def formulas() -> Table:
    """Caught: the verdict is WRONG. Named: the mistake is among those that explain the numbers.
    First: it is the first of them."""
    rows: list[list[str]] = []
    data: dict[str, Any] = {}
    totals = [0, 0, 0, 0]
    for mistake in MISTAKES:
        counts = [0, 0, 0, 0]
        for name, student in planted():
            if name != mistake:
                continue
            report = handed_in(student, 0, mistake)
            counts[0] += 1
            counts[1] += bool(report.wrong)
            counts[2] += names(report, mistake)
            first = report.diagnosis[:1]
            counts[3] += any(name in each.name for each in first for name in MISTAKES[mistake])
        totals = [a + b for a, b in zip(totals, counts, strict=True)]
        data[mistake] = dict(zip(("shows", "caught", "named", "first"), counts, strict=True))
        rows.append([mistake, str(counts[0]), *(share(count, counts[0]) for count in counts[1:])])
    right = [handed_in(student, seed) for student in STUDENTS for seed in range(5)]
    passed = sum(report.ok and not report.diagnosis for report in right)
    data["right"] = {"shows": len(right), "passed": passed}
    rows.append(["all", str(totals[0]), *(share(count, totals[0]) for count in totals[1:])])
    notes = [
        f"{len(MISTAKES)} mistakes in {len(STUDENTS)} networks, planted by code of NumPy that the "
        "doctor does not import; networks in which a mistake changes no number do not count.",
        f"right formulas: {passed} of {len(right)} pass, without a diagnosis.",
    ]
    return Table(["mistake", "shows in", "caught", "named", "named first"], rows, notes, data)
