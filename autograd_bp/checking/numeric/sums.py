"""Exact sums that do not raise errors where numbers overflow."""

from __future__ import annotations

import math
from collections.abc import Iterable

__all__ = ["total"]


def total(numbers: Iterable[float]) -> float:
    """The sum, rounded once; infinite or NaN where a part of it is."""
    parts = list(numbers)
    try:
        return math.fsum(parts)
    except (OverflowError, ValueError):  # of large parts on the way, or of ∞ - ∞
        return sum(parts)
