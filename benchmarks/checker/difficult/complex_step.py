"""Gradients by a step into the complex numbers, exact to rounding for analytic functions.

f(x + ih) = f(x) + ih f'(x) - ..., so that f' is the imaginary part over h, and nothing cancels
however short h is (W. Squire, G. Trapp, "Using complex variables to estimate derivatives of real
functions", SIAM Review 40, 1998).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["by_complex_step"]

STEP = 2.0**-100  # of a number


def by_complex_step(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The gradient of a function of an array that NumPy computes, of complex numbers as well."""

    def gradient(x: np.ndarray) -> np.ndarray:
        slopes = []
        for i, number in enumerate(x):
            h = STEP * (abs(float(number)) or 1.0)
            moved = x.astype(complex)
            moved[i] += 1j * h
            slopes.append(np.imag(f(moved)) / h)
        return np.array(slopes)

    return gradient
