"""All kinds of the difficult grid, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.checker.difficult.choices import CHOICES
from benchmarks.checker.difficult.coarse import COARSE
from benchmarks.checker.difficult.everyday import EVERYDAY
from benchmarks.checker.difficult.extremes import EXTREMES
from benchmarks.checker.difficult.kinks import KINKED
from benchmarks.checker.difficult.matrices import MATRICES
from benchmarks.checker.difficult.narrow import NARROW
from benchmarks.checker.difficult.noise import NOISY
from benchmarks.checker.difficult.others import OTHERS
from benchmarks.checker.difficult.sample import Sample
from benchmarks.checker.difficult.solvers import SOLVERS

__all__ = ["KINDS", "NOISY_KINDS"]

COARSE_KINDS = {**NOISY, **SOLVERS, **COARSE}
KINDS: dict[str, Callable[[Any], Sample]] = {**NARROW, **KINKED, **COARSE_KINDS, **OTHERS}
KINDS.update({**EXTREMES, **EVERYDAY, **CHOICES, **MATRICES})
# The function itself is noisy: NOISY is no fault of a verdict.
NOISY_KINDS = frozenset(COARSE_KINDS)
