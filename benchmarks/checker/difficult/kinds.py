"""All kinds of the difficult grid, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from benchmarks.checker.difficult.kinks import KINKED
from benchmarks.checker.difficult.narrow import NARROW
from benchmarks.checker.difficult.noise import NOISY
from benchmarks.checker.difficult.others import OTHERS
from benchmarks.checker.difficult.sample import Sample

__all__ = ["KINDS", "NOISY_KINDS"]

KINDS: dict[str, Callable[[Any], Sample]] = {**NARROW, **KINKED, **NOISY, **OTHERS}
NOISY_KINDS = frozenset(NOISY)  # the function itself is noisy: NOISY is no fault of a verdict
