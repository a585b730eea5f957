"""A program's verdict: the engine agrees with 50 digits, or why they cannot be compared."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.fuzz.exact import Edge, Undefined
from benchmarks.fuzz.jets import Jet, Unexplained, judged
from benchmarks.fuzz.modes import Answer, all_modes
from benchmarks.fuzz.programs import Program

SMALLEST_NORMAL = 2.0**-1022
MORE_DIGITS = 700  # before a program fails: exp(-745) may be what is left of a difference from 1

# What explains that a program is not compared, or is further off, with its place in docs/kinks.md.
EXPLANATIONS = {
    "kink": "a corner or a jump: the sides have other slopes, and rounding decides between them",
    "edge of a domain": "a vertical tangent or the end of a domain: an infinite slope, or none",
    "undefined": "outside of a domain, or at a pole: NaN or infinite",
    "numbers at the edge": "larger than 1e100, or smaller than the digits hold",
    "saturation": "the slope of sigmoid or tanh in terms of an output near 1",
    "ill-conditioned": "rounding of the inputs of an operation moves its slope by tenths",
}


@dataclass
class Verdict:
    """What came of a program.

    Attributes:
        program: the program.
        outcome: "agrees", a key of EXPLANATIONS, or "fails".
        complaints: for one that fails, what each mode says and what is right.
        modes: the names of the modes that were compared.
    """

    program: Program
    outcome: str
    complaints: list[str] = field(default_factory=list)
    modes: tuple[str, ...] = ()


def verdict(program: Program, backends: Sequence[str] = ()) -> Verdict:
    """Compare every mode with 50 digits, and what then fails with many more."""
    found = _compared(program, backends, more_digits=0)
    return _compared(program, backends, MORE_DIGITS) if found.outcome == "fails" else found


def _compared(program: Program, backends: Sequence[str], more_digits: int) -> Verdict:
    try:
        truth = judged(program, more_digits=more_digits)
    except Unexplained as reason:
        return Verdict(program, str(reason))
    except Undefined:
        return Verdict(program, "undefined")
    except Edge:
        return Verdict(program, "edge of a domain")
    answers = list(all_modes(program, backends))
    modes = tuple(answer.mode for answer in answers)
    if not list(complaints(truth, answers)):
        return Verdict(program, "agrees", [], modes)
    allowing = judged(program, saturating=True, more_digits=more_digits)
    found = list(complaints(allowing, answers))
    return Verdict(program, "fails" if found else "saturation", found, modes)


def complaints(truth: Jet, answers: Iterable[Answer]) -> Iterable[str]:
    """What is further off than its bound, in words."""
    width = len(truth.slopes)
    places = {}
    for k in range(width):
        for j in range(k, width):
            places[k, j] = places[j, k] = len(set(places.values()))
    for answer in answers:
        if answer.value is not None:
            yield from _complaint(answer, "the value", answer.value, truth.value, truth.error)
        for k, slope in answer.slopes.items():
            yield from _complaint(answer, f"∂/∂x{k}", slope, truth.slopes[k], truth.errors[k])
        for (k, j), bend in answer.bends.items():
            p, what = places[k, j], f"∂²/∂x{k}∂x{j}"
            yield from _complaint(answer, what, bend, truth.bends[p], truth.errors2[p])


def _complaint(answer: Answer, what: str, found: float, exact: Any, bound: float) -> Iterable[str]:
    nearest = float(exact)
    if math.isfinite(found) and abs(found - exact) <= bound + SMALLEST_NORMAL:
        return
    yield f"{answer.mode}: {what} is {found!r}, right is {nearest!r} ± {bound:.1e}"
