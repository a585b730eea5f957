"""A slope of 0 beside a huge term: is it 0, or rounded away?

In 1e12 sin(a) + 1e-6 sin(b) no difference by b is larger than rounding, so that a gradient of 0
agrees with all of them. Where a moves to a place at which the huge term is small, differences by b
are exact again (floats that are near each other are subtracted without rounding; P. H. Sterbenz,
"Floating-Point Computation", 1974). A function that moves with b there, by less than its rounding
here, hides that here.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd_bp.checking.gradient.axes import Axes
from autograd_bp.checking.gradient.subject import Subject
from autograd_bp.notation.numbers import number

__all__ = ["HiddenSlopes"]

SHORT, LONG = 2.0**-6, 0.2371  # steps, of the scale
VISIBLE = 4.0  # units of rounding: a smaller difference is none
MOST = 512.0  # units of rounding at the point: a larger difference would be visible there
SMALL = 1e-3  # of the function: where it is no smaller than that, nothing is gained
FACTORS = (0.0, -1.0, 2.0**-10, 0.5, 2.0, 4.0, -4.0, 16.0, -16.0, 64.0, -64.0)
HALVINGS = 64


class _Place(NamedTuple):
    """A point, and the function there."""

    numbers: Any
    value: float


class HiddenSlopes:
    """Slopes of a function that its rounding may hide.

    Arguments:
        subject: the function at its point.
        axes: its components.
        gradient: that is checked.
    """

    def __init__(self, subject: Subject, axes: Axes, gradient: Sequence[float]) -> None:
        self.subject, self.axes, self.gradient = subject, axes, gradient
        self._place: _Place | None = None
        self._is_sought = False

    def moves(self, k: int) -> bool:
        """Whether the function moves along a component, in long steps, by more than rounding."""
        subject, line = self.subject, self.axes.lines(k)
        up, above = line(LONG * self._scale(k))
        below = line(-up)[1]
        return abs(0.5 * above - 0.5 * below) > VISIBLE * self._rounding(subject.value)

    def hidden(self, k: int) -> str:
        """What shows that a slope may be hidden, in words; an empty text for nothing."""
        place = self._small_place()
        if place is None or self.axes.places is None:
            return ""
        i, subject = self.axes.places[k], self.subject
        moved = []
        for step in (SHORT * self._scale(k), LONG * self._scale(k)):
            numbers = place.numbers.copy()
            x = numbers[i]
            values = []
            for there in (x + step, x - step):
                numbers[i] = subject.rounded(there)
                values.append(subject.at(numbers))
            moved.append(abs(0.5 * values[0] - 0.5 * values[1]))
        least, most = (rounds * self._rounding(subject.value) for rounds in (0.0, MOST))
        least = max(least, VISIBLE * self._rounding(place.value))
        # An odd part of the order of h³ alone is that of a slope of 0.
        is_straight = moved[0] > 0.25 * moved[1] * SHORT / LONG
        if not (moved[0] > least and moved[1] <= most and is_straight):
            return ""
        large, small = (number(abs(y), 1) for y in (subject.value, place.value))
        return (
            f"larger terms may round it away: the function is {large} here, and moves by "
            f"{number(moved[1], 1)} with this component where other ones make it {small}"
        )

    def _scale(self, k: int) -> float:
        return self.axes.scales[k] or abs(self.axes.centres[k]) or 1.0

    def _rounding(self, value: float) -> float:
        return self.subject.rounding * abs(value)

    def _small_place(self) -> _Place | None:
        """A point at which the function is much smaller, by other components than those whose
        gradient is 0."""
        if not self._is_sought:
            self._is_sought = True
            with self.subject.paused():
                self._place = self._found_place()
        return self._place

    def _found_place(self) -> _Place | None:
        gradient, point = self.gradient, self.subject.point
        sizes = [abs(g * (x or 1.0)) for g, x in zip(gradient, point, strict=True)]
        largest = max(range(len(sizes)), key=lambda i: sizes[i] if sizes[i] < math.inf else -1.0)
        everything = [i for i, size in enumerate(sizes) if size]
        enough = SMALL * abs(self.subject.value)
        for group in ([largest], everything) if everything else ():
            places = [self._with(group, factor) for factor in FACTORS]
            places = [place for place in places if math.isfinite(place.value)]
            here = _Place(self.subject.copy(), self.subject.value)
            other = next((p for p in places if p.value * here.value < 0.0), None)
            if other is not None:
                places.append(self._root(here, other))
            best = min(places, key=lambda place: abs(place.value), default=here)
            if abs(best.value) <= enough:
                return best
        return None

    def _with(self, group: Sequence[int], factor: float) -> _Place:
        """The point with some numbers multiplied."""
        numbers = self.subject.copy()
        for i in group:
            numbers[i] = self.subject.rounded((self.subject.point[i] or 1.0) * factor)
        return _Place(numbers, self.subject.at(numbers))

    def _root(self, one: _Place, other: _Place) -> _Place:
        """Where the function is nearly 0, between two points at which its sign differs."""
        for _ in range(HALVINGS):
            numbers = self.subject.copy()
            for i, (a, b) in enumerate(zip(one.numbers, other.numbers, strict=True)):
                numbers[i] = a if a == b else self.subject.rounded(0.5 * a + 0.5 * b)
            middle = _Place(numbers, self.subject.at(numbers))
            if not math.isfinite(middle.value):
                break
            if middle.value * one.value > 0.0:
                one = middle
            else:
                other = middle
        return min(one, other, key=lambda place: abs(place.value))
