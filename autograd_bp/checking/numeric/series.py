"""The slope of a rough function from a wide look: a Chebyshev series through 64 of its values.

Of a smooth function the coefficients fall until they are rounding. Noise and small jumps leave
them on a plateau, which shows how large these are, and the series up to the plateau is the function
without them (J. L. Aurentz, L. N. Trefethen, "Chopping a Chebyshev series", ACM Transactions on
Mathematical Software 43, 2017). So many values average noise out; and a solver that stops at a
tolerance, which has a slope of its own between two of its jumps, shows the slope of what it solves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from autograd_bp.checking.numeric.noise import Line
from autograd_bp.checking.numeric.sums import total

__all__ = ["Series", "all_series", "mean_slope"]

NODES = 64
WIDTHS = (0.6, 0.3, 0.12, 0.05, 0.02)  # of the window, in units of the scale
TAIL = 16  # coefficients that are looked at for a plateau
ABOVE_PLATEAU = 3.0  # times the plateau: a coefficient that is more belongs to the function
FALL = 1e3  # from the largest coefficient to the plateau, or the window is too wide
DEGREES = (1, 3, 5, 9, 15)  # of series through the values of a function that jumps
SHORT_FALL = 30.0  # the same in formats of fewer digits than double


class Series(NamedTuple):
    """The slope at the middle of a window, its error, the plateau of the coefficients, the largest
    value in the window, and half the window's width."""

    slope: float
    error: float
    plateau: float
    size: float
    half: float


def all_series(line: Line, at: float, scale: float, rounding: float) -> Iterator[Series]:
    """The series on windows from wide to narrow, where they reach a plateau."""
    for width in WIDTHS:
        half = width * scale
        coefficients = _coefficients(line, half)
        if not coefficients:
            continue
        plateau = max(map(abs, coefficients[-TAIL:]))
        size = max(map(abs, coefficients[1:]))
        if not size or plateau * (FALL if rounding < 1e-12 else SHORT_FALL) > size:
            continue
        above = [n for n, c in enumerate(coefficients) if abs(c) > ABOVE_PLATEAU * plateau]
        last = max([1, *above])
        if last >= NODES - 2 * TAIL:
            continue  # still falling
        odd = range(1, last + 1, 2)
        slope = total(n * (-1.0) ** (n // 2) * coefficients[n] for n in odd) / half
        error = ABOVE_PLATEAU * plateau * math.sqrt(sum(n * n for n in odd)) / half
        yield Series(slope, error, plateau, max(size, abs(at)), half)


def mean_slope(line: Line, scale: float) -> tuple[float, float]:
    """The slope of a function of many jumps, as a series of low degree through its values has it,
    and how far that may be off: of several widths and degrees those that leave least.

    What the series leaves out is noise, or the rest of the function; the error grows with both.
    """
    best = (math.nan, math.inf)
    for width in WIDTHS:
        half = width * scale
        coefficients = _coefficients(line, half)
        for degree in DEGREES if coefficients else ():
            left = max(map(abs, coefficients[degree + 1 :]))
            odd = range(1, degree + 1, 2)
            error = ABOVE_PLATEAU * left * math.sqrt(sum(n * n for n in odd)) / half
            if error < best[1]:
                slope = total(n * (-1.0) ** (n // 2) * coefficients[n] for n in odd) / half
                best = slope, error
    return best


def _coefficients(line: Line, half: float) -> list[float]:
    """Those of the series on a window around 0; none where the function has no value somewhere."""
    values = []
    for node in _nodes():
        value = line(node * half)[1]
        if not math.isfinite(value):
            return []
        values.append(value)
    return [
        2.0 / NODES * total(c * y for c, y in zip(row, values, strict=True)) for row in _cosines()
    ]


@cache
def _nodes() -> tuple[float, ...]:
    return tuple(math.cos(math.pi * (k + 0.5) / NODES) for k in range(NODES))


@cache
def _cosines() -> tuple[tuple[float, ...], ...]:
    return tuple(
        tuple(math.cos(math.pi * n * (k + 0.5) / NODES) for k in range(NODES)) for n in range(NODES)
    )
