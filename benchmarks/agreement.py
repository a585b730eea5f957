"""Everybody computes the same numbers, or nothing is timed."""

from __future__ import annotations

import math
from collections.abc import Mapping


class DisagreementError(Exception):
    """A contestant's value or gradient is not the reference's."""


def first_difference(
    answer: Mapping[str, float],
    expected: Mapping[str, float],
    tolerance: float,
    only: tuple[str, ...] = (),
) -> str:
    """The first number that differs, in words; the empty string when all agree.

    A difference is measured against the larger of the two numbers, and against a millionth of
    the largest number of the whole answer, below which digits are rounding.
    """
    names = only or tuple(expected)
    if not names:
        return "there is nothing to compare"
    missing = [name for name in names if name not in answer]
    if missing:
        return f"{missing[0]} is missing"
    extra = [name for name in answer if name not in expected]
    if extra:
        return f"{extra[0]} is not among the numbers that were asked for"
    floor = 1e-6 * max(abs(expected[name]) for name in names)
    for name in names:
        got, want = answer[name], expected[name]
        scale = max(abs(got), abs(want), floor)
        if not math.isfinite(got) or not math.isfinite(want) or abs(got - want) > tolerance * scale:
            return f"{name} is {got!r} instead of {want!r}"
    return ""
