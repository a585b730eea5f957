"""Planted mistakes: for every row of the table, rules that are wrong in many ways.

Each mistake is planted twice: in a hand-derived gradient, which is compared with autodiff and
differences, and in the rule itself, where only the differences can know.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator, Sequence

from autograd_bp.checking.points.kinks import BUILT_IN, gap
from autograd_bp.primitives import TABLE, Primitive
from benchmarks.checker.model import Case

Rule = Callable[[Sequence[float], Sequence[float]], Sequence[float]]

EXTRA_POINTS = 3
SMALLEST = 1e-290  # partials below it are made of subnormal numbers
AWAY = 3.0


def _away_from_ones(x: Sequence[float], d: Sequence[float]) -> Sequence[float]:
    return list(d) if all(abs(each) == 1.0 for each in x) else [AWAY * each for each in d]


def _one_side(sign: float, side: Callable[..., float] | None) -> Rule:
    def rule(x: Sequence[float], d: Sequence[float]) -> Sequence[float]:
        where = side(*x) if side is not None else x[0]
        return [AWAY * each for each in d] if where * sign > 0.0 else list(d)

    return rule


def mistakes(row: Primitive) -> dict[str, tuple[Rule, str]]:
    """Wrong rules by name, and how a diagnosis names them."""
    side = None if row.kink is None else row.kink.gap
    kinds: dict[str, tuple[Rule, str]] = {
        "factor 1 + 1e-8": (lambda x, d: [each * (1.0 + 1e-8) for each in d], ""),
        "factor 1 - 1e-8": (lambda x, d: [each * (1.0 - 1e-8) for each in d], ""),
        "factor 1 + 1e-6": (lambda x, d: [each * (1.0 + 1e-6) for each in d], ""),
        "factor 1.001": (lambda x, d: [each * 1.001 for each in d], ""),
        "factor 2": (lambda x, d: [2.0 * each for each in d], "factor of 2"),
        "factor 1/2": (lambda x, d: [0.5 * each for each in d], "factor of 1/2"),
        "sign": (lambda x, d: [-each for each in d], "sign is flipped"),
        "zero": (lambda x, d: [0.0 for _ in d], "is 0 in"),
        "not zero": (lambda x, d: [each if each else 1.0 for each in d], ""),
        "swapped operands": (lambda x, d: [*reversed(d)], "swapped"),
        "wrong only away from ±1": (_away_from_ones, "factor of 3"),
        "wrong only below the kink or 0": (_one_side(-1.0, side), "factor of 3"),
        "wrong only above the kink or 0": (_one_side(1.0, side), "factor of 3"),
    }
    return kinds


def cases() -> Iterator[Case]:
    for row in [*TABLE]:
        if row.partials is None or row.name not in BUILT_IN:
            continue
        for kind, (wrong, hint) in mistakes(row).items():
            for k, x in enumerate(points(row)):
                right = list(row.partials(*x, y=row.forward(*x)))
                distance = gap(row, x)
                if distance == 0.0 or not _differs(row, right, list(wrong(x, right))):
                    continue
                for place in ("hand-derived", "rule"):
                    yield _case(row, kind, wrong, hint, x, k, place)


def _case(
    row: Primitive, kind: str, wrong: Rule, hint: str, x: tuple[float, ...], k: int, place: str
) -> Case:
    full, live = held(row, x)

    def claimed(numbers: list) -> list[float]:
        inputs = full(numbers)
        slopes = wrong(inputs, row.partials(*inputs, y=row.forward(*inputs)))
        return [float(slopes[i]) for i in live]

    name = f"{row.name}, {kind}, {place}, point {k}"
    plant = f"{row.name}, {kind}, {place}"
    if place == "hand-derived":
        f = lambda numbers: row(*full(numbers))  # noqa: E731
        gradient = claimed
    else:
        planted, gradient = _Planted(row, wrong), None
        f = lambda numbers: planted(full(numbers))  # noqa: E731
    point = [x[i] for i in live]
    return Case(name, f"{kind}|{place}", f, gradient, claimed, point, hint, plant)


def held(row: Primitive, x: Sequence[float]) -> tuple[Callable[[list], list], list[int]]:
    """Where a row takes an input that it never differentiates, such as the exponent of `power`:
    that input stays what it is. Returns how to complete the others, and which these are."""
    fixed = row.fixed
    live = [i for i in range(len(x)) if i not in fixed]

    def full(numbers: list) -> list:
        inputs = [*x]
        for i, number in zip(live, numbers, strict=True):
            inputs[i] = number
        return inputs

    return full, live


class _Planted:
    """A row of the user's own with the function of a right row and a wrong rule."""

    __name__ = "planted"

    def __init__(self, row: Primitive, wrong: Rule) -> None:
        self.row, self.wrong = row, wrong

    def __call__(self, x: list) -> object:
        _now[:] = [self]
        return _planted_row(x)(*x)


_now: list[_Planted] = []
_rows: dict[int, Primitive] = {}


def _planted_row(x: list) -> Primitive:
    """One row for each number of inputs does for all mistakes: the table stays short."""
    size = len(x)
    if size not in _rows:
        _rows[size] = Primitive(f"planted{size}", size, _forward, _partials)
    return _rows[size]


def _forward(*x: float) -> float:
    return _now[0].row.forward(*x)


def _partials(*x: float, y: float) -> Sequence[float]:
    return _now[0].wrong(x, _now[0].row.partials(*x, y=y))


def points(row: Primitive) -> list[tuple[float, ...]]:
    """Finite points of the row itself, and some inside its domain."""
    rng = random.Random(row.name)
    width = row.arity if row.arity is not None else 4
    domain = row.domain if row.arity is not None else row.domain * width
    inside = [
        tuple(rng.uniform(max(low, -3.0), min(high, 3.0)) for low, high in domain)
        for _ in range(EXTRA_POINTS)
    ]
    found = [*row.points, *inside]
    return [x for x in found if x and all(map(math.isfinite, (*x, row.forward(*x))))]


def _differs(row: Primitive, right: list[float], wrong: list[float]) -> bool:
    """The mistake shows at this point: somewhere by as much as it is meant to."""
    return all(map(math.isfinite, right)) and any(
        abs(a - b) > 0.9e-8 * max(abs(a), abs(b)) and max(abs(a), abs(b)) > SMALLEST
        for i, (a, b) in enumerate(zip(right, wrong, strict=True))
        if i not in row.fixed
    )
