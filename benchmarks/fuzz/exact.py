"""Derivatives of a function of mpmath numbers, from its differences at many more digits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations_with_replacement
from typing import Any

from mpmath import mp, mpf

Number = Any

DIGITS = 50
SPARE_DIGITS = 60  # what is left of the highest difference, and what tails need
STEP_DIGITS = 20
STEP = mpf(10) ** -STEP_DIGITS
LOST_DIGITS = 6  # of a function: some are not right to the last digit
UNDEFINED = (ValueError, ZeroDivisionError, OverflowError, TypeError)

# The weights of a difference that gives so high a derivative, by place, in steps.
WEIGHTS: dict[int, dict[int, Number]] = {
    0: {0: mpf(1)},
    1: {1: mpf(1) / 2, -1: -mpf(1) / 2},
    2: {1: mpf(1), 0: mpf(-2), -1: mpf(1)},
    3: {2: mpf(1) / 2, 1: mpf(-1), -1: mpf(1), -2: -mpf(1) / 2},
    4: {2: mpf(1), 1: mpf(-4), 0: mpf(6), -1: mpf(-4), -2: mpf(1)},
}


class Undefined(Exception):
    """The function is no real number there."""


class Edge(Exception):
    """The function is a real number, but not on both sides: the edge of a domain, or a pole."""


def value(function: Callable[..., Number], x: Sequence[Number]) -> Number:
    """A function at a point. Raises Undefined where that is no real number."""
    try:
        y = function(*x)
    except UNDEFINED:
        raise Undefined from None
    if not isinstance(y, mpf):
        y = mpf(y) if isinstance(y, (int, float)) else None
    if y is None or not mp.isfinite(y):
        raise Undefined
    return y


class Partials:
    """All partial derivatives of a function at a point, up to an order.

    Arguments:
        function: of numbers of mpmath.
        x: the point.
        free: the places of the inputs that it is differentiated by.
        order: up to 4.
        more_digits: beside those that the differences need: in a tail where a function has
            come near a constant.

    `partials[i, j]` is ∂²f/∂x_i∂x_j; `partials[()]` the value; `noise[places]` is what the digits
    leave uncertain of a partial, which matters in tails alone.

    Raises: Undefined where the function is no real number, Edge where that is so on one side.
    """

    def __init__(
        self,
        function: Callable[..., Number],
        x: Sequence[Number],
        free: Sequence[int],
        order: int,
        more_digits: int = 0,
    ) -> None:
        least = min((abs(mpf(each)) for each in x if each), default=mpf(1))
        small = max(0, -int(mp.floor(mp.log10(least))))
        digits = SPARE_DIGITS + order * (STEP_DIGITS + small) + more_digits
        self._noise = mpf(10) ** (LOST_DIGITS - digits)
        with mp.workdps(digits):
            self._function, self._x = function, [mpf(each) for each in x]
            # Beside a 0 the function may bend where the other inputs are: at the origin of a norm.
            self._steps = [STEP * min(abs(each) or least, 1) for each in self._x]
            self._known: dict[tuple[int, ...], Number] = {}
            self._table = {(): value(function, self._x)}
            self._known[(0,) * len(self._x)] = self._table[()]
            self.noise = {(): 0.0}
            for k in range(1, order + 1):
                for places in combinations_with_replacement(free, k):
                    self._table[places] = self._difference(places)

    def __getitem__(self, places: tuple[int, ...]) -> Number:
        return self._table[tuple(sorted(places))]

    def items(self) -> Any:
        return self._table.items()

    def _difference(self, places: tuple[int, ...]) -> Number:
        orders = [places.count(i) for i in range(len(self._x))]
        total, scale, size = mpf(0), mpf(1), mpf(0)
        for order, step in zip(orders, self._steps, strict=True):
            scale *= step**order
        stencil: list[tuple[tuple[int, ...], Number]] = [((), mpf(1))]
        for order in orders:
            stencil = [
                ((*moves, move), weight * factor)
                for moves, weight in stencil
                for move, factor in WEIGHTS[order].items()
            ]
        for moves, weight in stencil:
            term = weight * self._at(moves)
            total += term
            size = max(size, abs(term))
        noise = size * self._noise / scale
        self.noise[places] = float(noise)
        return total / scale if abs(total) > size * self._noise else mpf(0)

    def _at(self, moves: tuple[int, ...]) -> Number:
        if moves not in self._known:
            moved = [x + k * h for x, k, h in zip(self._x, moves, self._steps, strict=True)]
            try:
                self._known[moves] = value(self._function, moved)
            except Undefined:
                raise Edge from None
        return self._known[moves]
