"""How far single values of a function are off: rounding inside it, or a solver's tolerance.

The values at equidistant points have differences of high order, which vanish for a smooth function
and leave the noise (Hamming; Moré and Wild, "Estimating computational noise", 2011). Independent
errors of size σ give k-th differences with the mean square σ² (2k)! / (k!)².
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

__all__ = ["Line", "measured_noise", "noise_at"]

Line = Callable[[float], tuple[float, float]]  # a step to the step that was possible, and f there

POINTS = 14
ORDERS = 6
SPREAD = 1.37  # spacings that are no powers of two, in which rounding to a grid would not show
NOTABLE = 0.1  # of the largest difference
MAX_RATIO = 4.0  # estimates of three orders that are noise differ by no more than this factor


def measured_noise(line: Line, at: float, scale: float, rounding: float) -> float:
    """The noise of a function near a point; 0 where its values look smooth.

    Two spacings are tried: in steps too small for it, a function that computes with fewer digits
    than its argument has does not move at all.
    """
    return max(noise_at(line, at, scale * rounding**power) for power in (0.5, 0.25))


def noise_at(line: Line, at: float, spacing: float) -> float:
    """The noise, measured at points with this distance."""
    # The nearest step that the argument's precision allows, or its rounding would look like noise.
    spacing = abs(line(spacing * SPREAD)[0])
    values = [at, *(line(k * spacing)[1] for k in range(1, POINTS))]
    if not all(map(math.isfinite, values)):
        values = [at, *(line(-k * spacing)[1] for k in range(1, POINTS))]
        if not all(map(math.isfinite, values)):
            return 0.0
    return noise_of(values)


def noise_of(values: Sequence[float]) -> float:
    """The noise of equidistant values of a function that is smooth without it."""
    differences = list(values)
    estimates: list[float] = []
    restless: list[bool] = []
    for k in range(1, min(ORDERS, len(values) - 2) + 1):
        differences = [b - a for a, b in pairwise(differences)]
        factor = math.factorial(k) ** 2 / math.factorial(2 * k)
        largest = max(map(abs, differences))
        if largest == 0.0 or not math.isfinite(largest):
            return 0.0
        mean = sum((difference / largest) ** 2 for difference in differences) / len(differences)
        estimates.append(largest * math.sqrt(factor * mean))
        # A single jump among the values, or a corner, has high differences like those of noise,
        # too, but no more than k of them.
        notable = sum(abs(difference) > NOTABLE * largest for difference in differences)
        restless.append(notable > k and min(differences) < 0.0 < max(differences))
    for k in range(1, len(estimates) - 2):
        three = estimates[k : k + 3]
        if restless[k] and max(three) <= MAX_RATIO * min(three):
            return three[0]
    return 0.0
