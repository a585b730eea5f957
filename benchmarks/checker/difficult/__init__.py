"""The difficult grid: right gradients of everyday functions that mislead differences, at many
points and seeds, and the same gradients with a mistake planted into each.

A kind is a function from a random generator to a `Sample`. Another kind is another entry of KINDS.
"""

from __future__ import annotations

from benchmarks.checker.difficult.cases import right_cases, wrong_cases
from benchmarks.checker.difficult.kinds import KINDS, NOISY_KINDS

__all__ = ["KINDS", "NOISY_KINDS", "right_cases", "wrong_cases"]
