"""How far inputs are from the kinks of a function, with a sign that tells the side: see `Kink`."""

from __future__ import annotations

import math

INF = math.inf


def to_half(x: float) -> float:
    return to_integer(x + 0.5)


def to_multiple(a: float, b: float) -> float:
    return math.remainder(a, b) if b != 0.0 and math.isfinite(a) else INF


def to_bounds(a: float, b: float, c: float) -> float:
    return min(of_two(a, b), of_two(max(a, b), c), key=abs)


def of_two(a: float, b: float) -> float:
    # Infinite inputs of one sign are equal, and their difference is NaN.
    return 0.0 if a == b else a - b


def to_integer(x: float) -> float:
    return x - round(x) if math.isfinite(x) else math.inf


def least(*x: float) -> float:
    return min(x, key=abs, default=INF)


def to_second(*x: float) -> float:
    """How far the largest number is from the next one."""
    first, second = ([*sorted(x, reverse=True), -INF, -INF])[:2]
    return of_two(first, second)


def to_second_least(*x: float) -> float:
    """How far the smallest number is from the next one."""
    return to_second(*[-number for number in x])


def size(*x: float) -> float:
    return max(map(abs, x), default=0.0)
