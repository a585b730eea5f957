"""The Taylor remainder: a test of all components of a gradient at once, without a step to choose.

For the right gradient g the remainder |f(x + tu) - f(x) - t g·u| vanishes like t², for a wrong
one like t. The order is read off while t is halved again and again.
"""

from __future__ import annotations

import math
import operator
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from autograd_bp.checking.numeric.sums import total

__all__ = ["remainder_order"]

MAX_HALVINGS = 40
WINDOW = 4  # remainders, from the smallest, that the order is read off
MIN_REMAINDER = 50.0  # times the noise: below it nothing can be read off a remainder


def remainder_order(
    at: Callable[[Sequence[float]], float],
    point: Any,
    value: float,
    gradient: Sequence[float],
    *,
    directions: int,
    seed: int,
    noise: float,
) -> float | None:
    """The order in which the remainder vanishes, the smallest over random directions.

    Arguments:
        at: the function.
        point: the point, a sequence or an array.
        value: the function there.
        gradient: the gradient that is tested.
        directions: how many are tried.
        seed: of the directions.
        noise: how far single values of the function are off.

    Returns: about 2 for a right gradient, towards 1 for a wrong one; None where the remainder
        cannot be seen: the function is linear, or not finite nearby.
    """
    orders = []
    for step in _steps(point, directions, seed):
        order = _order(at, point, value, gradient, step, noise)
        if order is not None:
            orders.append(order)
    return min(orders, default=None)


def _steps(point: Any, count: int, seed: int) -> Iterator[Any]:
    """Random directions, in which every number moves by about its size."""
    if isinstance(point, (list, tuple)):
        gauss = random.Random(seed).gauss
        for _ in range(count):
            yield [gauss(0.0, 1.0) * (abs(x) or 1.0) for x in point]
        return
    import numpy as np

    generator, sizes = np.random.default_rng(seed), np.abs(point)
    sizes[sizes == 0.0] = 1.0
    for _ in range(count):
        yield generator.standard_normal(len(sizes)) * sizes


def _moved(point: Any, step: Any, t: float) -> Any:
    if isinstance(point, (list, tuple)):
        return [x + t * u for x, u in zip(point, step, strict=True)]
    return point + t * step


def _order(
    at: Callable[[Sequence[float]], float],
    point: Sequence[float],
    value: float,
    gradient: Sequence[float],
    step: Any,
    noise: float,
) -> float | None:
    moves = step if isinstance(step, list) else step.tolist()
    rise = total(map(operator.mul, gradient, moves))
    if not math.isfinite(rise):
        return None
    remainders: list[float] = []
    for k in range(3, MAX_HALVINGS):
        t = 0.5**k
        there = at(_moved(point, step, t))
        remainder = abs(there - value - t * rise)
        # Rounding of x itself moves the value, too.
        floor = MIN_REMAINDER * (noise + 2.0**-52 * (abs(value) + abs(rise)))
        if math.isfinite(remainder):
            if remainder <= floor:
                break
            remainders.append(remainder)
    if len(remainders) < WINDOW:
        return None
    orders = [math.log2(before / after) for before, after in pairwise(remainders[-WINDOW:])]
    return statistics.median(orders)
