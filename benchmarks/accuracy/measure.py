"""The largest error of each row and partial, in units in the last place."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from mpmath import mpf

from autograd_bp import Value
from autograd_bp.primitives import Primitive
from benchmarks.accuracy.points import HUGE, lists, points
from benchmarks.accuracy.references import ROWS, SUMS, precise, sums

CLIMBS = 4  # of the worst points, how many are improved on
STEPS = 40  # neighbours tried for each

Point = tuple[float, ...]


@dataclass
class Worst:
    """The largest error of one function.

    Attributes:
        row: the row's name.
        what: "y" or "∂y/∂a" and so on.
        ulps: the largest error; 0 where every result was the nearest float.
        point: where.
        count: at how many points it was measured.
    """

    row: str
    what: str
    ulps: float = 0.0
    point: Point = ()
    count: int = 0

    def meet(self, ulps: float, point: Point) -> None:
        self.count += 1
        if ulps > self.ulps:
            self.ulps, self.point = ulps, point


def error(found: float, exact: Any, size: Any = None) -> float:
    """|found - exact| in units in the last place of the float nearest to `exact`, or to `size`
    where that is given. 0 for the nearest float itself, and for ±∞ where `exact` overflows.
    """
    nearest = float(exact)
    if found == nearest:
        return 0.0
    if not math.isfinite(found):
        return math.inf
    unit = math.ulp(min(HUGE, abs(float(size)) if size is not None else abs(nearest)))
    return float(abs(mpf(found) - exact) / unit)


def measure(row: Primitive, count: int, seed: int = 0) -> list[Worst]:
    """The largest errors of a row: of its function, then of each partial.

    Arguments:
        row: a row of the library's.
        count: at how many random points, beside those with a name.
    """
    if row.name in SUMS:
        return _measure_sums(row, count, seed)
    random = Random(f"{row.name} {seed}")
    letters = "abc"[: row.arity or 0]
    found = [Worst(row.name, "y"), *(Worst(row.name, f"∂y/∂{a}") for a in letters)]
    if row.partials is None:
        found = found[:1]
    with precise():
        for point in points(row, count, random):
            _meet(row, point, found)
        for k in range(len(found)):
            _climb(row, found, k, random)
    return found


def _meet(row: Primitive, point: Point, found: list[Worst]) -> None:
    for worst, ulps in zip(found, _errors(row, point), strict=False):
        if ulps is not None:
            worst.meet(ulps, point)


def _errors(row: Primitive, point: Point) -> Iterator[float | None]:
    """The errors at a point; None where there is nothing to compare, at a kink or a pole."""
    node = row(*map(Value, point))
    exact = [mpf(x) for x in point]
    reference = ROWS[row.name]
    for number, function in zip(
        (node.data, *node.partials), (reference.function, *reference.partials), strict=False
    ):
        try:
            truth = function(*exact)
        except (ZeroDivisionError, ValueError, OverflowError):
            truth = None
        at_a_kink = row.kinks and number != number
        compared = truth is not None and _is_number(truth) and not at_a_kink
        yield error(number, truth) if compared else None


def _is_number(x: Any) -> bool:
    real = not hasattr(x, "imag") or x.imag == 0
    return real and x == x and abs(x) != mpf("inf")


def _climb(row: Primitive, found: list[Worst], k: int, random: Random) -> None:
    """Look among the neighbours of the worst point for worse ones."""
    for _ in range(CLIMBS):
        start = found[k].point
        if not start or math.isinf(found[k].ulps):
            return
        for _ in range(STEPS):
            steps = [random.choice((-1, 1)) * 2 ** random.randint(0, 24) for _ in start]
            near = tuple(_moved(x, by) for x, by in zip(found[k].point, steps, strict=True))
            if all(low <= x <= high for x, (low, high) in zip(near, row.domain, strict=True)):
                _meet(row, near, found)


def _moved(x: float, by: int) -> float:
    """The float `by` places further on."""
    moved = x + by * math.ulp(x)
    return moved if math.isfinite(moved) else x


def _measure_sums(row: Primitive, count: int, seed: int) -> list[Worst]:
    random = Random(f"{row.name} {seed}")
    found = [Worst(row.name, "y"), Worst(row.name, "∂y/∂x")]
    with precise():
        for point in lists(row.name, count // 4, random):
            node = row(*map(Value, point))
            y, partials, size = sums(row.name, [mpf(x) for x in point])
            found[0].meet(error(node.data, y, size), point)
            _meet_partials(found[1], node.partials, partials, point)
    return found


def _meet_partials(
    worst: Worst, found: Sequence[float], exact: Iterable[Any], point: Point
) -> None:
    for number, truth in zip(found, exact, strict=True):
        worst.meet(error(number, truth), point)
