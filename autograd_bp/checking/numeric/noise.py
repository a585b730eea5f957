"""How far single values of a function are off: rounding inside it, or a solver's tolerance.

The values at equidistant points have differences of high order, which vanish for a smooth function
and leave the noise (Hamming; Moré and Wild, "Estimating computational noise", 2011). Independent
errors of size σ give k-th differences with the mean square σ² (2k)! / (k!)².
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import combinations, pairwise
from typing import NamedTuple

__all__ = ["Line", "Noise", "measured_noise", "noise_at"]

Line = Callable[[float], tuple[float, float]]  # a step to the step that was possible, and f there

POINTS = 14
SPACINGS = (-5, -7, -9, -11, -13, -17, -21, -23, -27)  # as powers of two
FINEST = -44
SPACINGS_OF_SHORT_FORMATS = (-3, -6, -9)
FINE = -23
MAX_ROUNDING_OF_DOUBLES = 1e-12
MAX_GROWTH = 6.0  # of lasting noise, over spacings that differ by 16: that of kinks grows by 64
ORDERS = 6
SPREAD = 1.37  # spacings that are no powers of two, in which rounding to a grid would not show
NOTABLE = 0.1  # of the largest difference
MAX_RATIO = 4.0  # estimates of three orders that are noise differ by no more than this factor


class Noise(NamedTuple):
    """How far single values of a function are off.

    Attributes:
        local: at the shortest distance in which it moves.
        lasting: the largest that stays about the same when the distance is shortened. What many
            kinks do to a function looks like noise, too, and shrinks with the distance.
        is_fine: whether it lasts down to distances of a ten millionth of the scale, as that of
            float32 does.
    """

    local: float
    lasting: float
    is_fine: bool


def measured_noise(
    line: Line, at: float, scale: float, rounding: float, finest: float = math.inf
) -> Noise:
    """The noise of a function near a point; 0 where its values look smooth.

    Many spacings are tried: in steps too small for it, a function that computes with fewer digits
    than its argument has does not move at all.

    Arguments:
        line: the function.
        at: its value at the point.
        scale: the size of steps that change it notably.
        rounding: the relative precision of its numbers.
        finest: distances are tried down to this one at least.
    """
    sizes: list[tuple[float, int]] = []  # from long to short
    for power in _powers(scale, rounding, finest):
        values = _equidistant(line, at, scale * 2.0**power)
        if values and min(values) == max(values):
            break  # it does not move
        sizes.append((noise_of(values) if values else 0.0, power))
    lasting = [
        (max(long, short), power)
        for (long, _), (short, power) in combinations(sizes, 2)
        if short and long <= MAX_GROWTH * short and short <= MAX_GROWTH * long
    ]
    size = max((size for size, _ in lasting), default=0.0)
    is_fine = any(power <= FINE and 0.1 * size <= other for other, power in lasting)
    return Noise(sizes[-1][0] if sizes else 0.0, size, is_fine)


def _powers(scale: float, rounding: float, finest: float) -> list[int]:
    """The spacings that are tried, as powers of two of the scale."""
    if rounding > MAX_ROUNDING_OF_DOUBLES:
        return list(SPACINGS_OF_SHORT_FORMATS)
    powers = list(SPACINGS)
    while scale * 2.0 ** powers[-1] > finest and powers[-1] > FINEST:
        powers.append(powers[-1] - 4)
    return powers


def noise_at(line: Line, at: float, spacing: float) -> float:
    """The noise, measured at points with this distance."""
    values = _equidistant(line, at, spacing)
    return noise_of(values) if values else 0.0


def _equidistant(line: Line, at: float, spacing: float) -> list[float]:
    """Values at equidistant points on one side; none where they are not finite on either."""
    # The nearest step that the argument's precision allows, or its rounding would look like noise.
    spacing = abs(line(spacing * SPREAD)[0])
    for sign in (1.0, -1.0):
        values = [at, *(line(sign * k * spacing)[1] for k in range(1, POINTS))]
        if all(map(math.isfinite, values)):
            return values
    return []


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
