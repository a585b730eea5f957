"""The different numbers of an array of integers. `numpy.unique` loads NumPy's masked arrays when it
is first called, which takes longer than making a program."""

from __future__ import annotations

from typing import Any

import numpy as np


def distinct(numbers: Any) -> Any:
    """The different numbers, in ascending order."""
    ordered = np.sort(numbers, axis=None)
    is_first = np.ones(len(ordered), bool)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    return ordered[is_first]
