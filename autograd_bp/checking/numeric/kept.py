"""Finds out what a function keeps between its calls, from results that it gave at one point in
turn.

A sum that is not reset grows by the same numbers with every call. A momentum multiplies what it has
kept by a factor β first: v ← β v + c g, so that the differences of successive results shrink by β.
The numbers that each call adds, c g, are then r₂ - β r₁, whatever was kept before the first call.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from autograd_bp.checking.numeric.sums import total

__all__ = ["CALLS", "Kept", "kept"]

CALLS = 5  # results that are looked at
SLACK = 256.0  # units of rounding by which differences of results may be off
MIN_FACTOR = 1e-3  # a smaller one leaves no more than the call before
Results = Sequence[Sequence[float]]


class Kept(NamedTuple):
    """The state that a function keeps.

    Attributes:
        factor: β; 1 for a sum.
        added: what each call adds, c g.
    """

    factor: float
    added: tuple[float, ...]

    @property
    def name(self) -> str:
        """In a few words."""
        return "a sum that is not reset" if self.factor == 1.0 else "momentum inside"

    @property
    def explanation(self) -> str:
        """In a sentence."""
        if self.factor == 1.0:
            return "each call adds to what the calls before it left: set it to 0 at the start"
        return (
            f"each call gives {self.factor:.6g} times what the calls before it left, and adds its "
            "own gradient: a velocity belongs to the step that uses the gradient"
        )


def kept(results: Results, epsilon: float) -> Kept | None:
    """Explain results that were given one after the other for the same arguments; None where they
    are the same, or follow no such rule, as random numbers.

    Arguments:
        results: at least four, each of as many numbers.
        epsilon: one unit of rounding.
    """
    if not all(math.isfinite(x) for result in results for x in result):
        return None
    size = max((abs(x) for result in results for x in result), default=0.0)
    slack = SLACK * epsilon * size
    steps = [[b - a for a, b in zip(one, other, strict=True)] for one, other in pairwise(results)]
    first = max(map(abs, steps[0]), default=0.0)
    if first <= 4.0 * slack:
        return None
    factor = _factor(steps, slack / first)
    if factor is None or not MIN_FACTOR < abs(factor) <= 1.0:
        return None
    if any(
        abs(y - factor * x) > slack
        for before, after in pairwise(steps)
        for x, y in zip(before, after, strict=True)
    ):
        return None
    pairs = zip(results[0], results[1], strict=True)
    return Kept(factor, tuple([y - factor * x for x, y in pairs]))


def _factor(steps: Results, doubt: float) -> float | None:
    """The factor from one step to the next, with no more digits than there are; None for none."""
    before, after = steps[0], steps[1]
    square = total(x * x for x in before)
    factor = total(x * y for x, y in zip(before, after, strict=True)) / square if square else 0.0
    if not math.isfinite(factor):
        return None
    short = round(factor, 6)  # factors that people choose are short
    return short if abs(factor - short) <= max(4.0 * doubt, 1e-12) else factor
