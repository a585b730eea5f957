"""The comparator: what a primitive of the table computes, compared with the exact numbers.

It takes a primitive, or anything with the columns of one, so that tests can hand it a wrong rule
and see that it is found out (test_the_tester.py).
"""

from __future__ import annotations

import math
import random
from typing import Any

import exact
from mpmath import mp, mpf

from autograd_bp import Value

FORWARD_ULPS = 4
PARTIAL_ULPS = 8
# Rules in terms of their output: as right as the output was after rounding.
FROM_OUTPUT = {
    "sigmoid": lambda y, partial: 2**-52,
    "tanh": lambda y, partial: 2**-52,
    "mills_excess_1": lambda y, partial: 2**-51 * y * y,  # a difference of two of its like
}
# As exact as a difference of the inputs after rounding.
FROM_DIFFERENCE = {"expdiff"}
# A constant exponent, and digits: their partials are 0 by definition.
HELD_FIXED = {("power", 1), ("round_to", 1), ("round_to", 2)}
SMALLEST_NORMAL = 2.2250738585072014e-308


def points(op: Any, extra: int = 12) -> list[tuple[float, ...]]:
    """The primitive's own finite points, and random ones inside its domain."""
    rng = random.Random(op.name)
    found = [point for point in op.points if all(map(math.isfinite, point))]
    width = op.arity if op.arity is not None else 4
    domain = op.domain if op.arity is not None else op.domain * width
    more = (tuple(_inside(rng, low, high) for low, high in domain) for _ in range(extra))
    return [*found, *more]


def _inside(rng: random.Random, low: float, high: float) -> float:
    low, high = max(low, -20.0), min(high, 20.0)
    if rng.random() < 0.6:
        return rng.uniform(low, high)
    small: float = 10.0 ** rng.uniform(-9, 0)
    return min(max(low + small if low in (-1.0, 1.0) else math.copysign(small, low), low), high)


def check_forward(op: Any, point: tuple[float, ...]) -> None:
    """The output is right to a few units in the last place, NaN or ±∞ where there is none."""
    true = exact.value(op, point)
    y = op.forward(*point)
    assert type(y) is float
    if true is None:
        assert not math.isfinite(y), f"{op.name}{point} = {y!r}, where nothing is defined"
        return
    allowed = FORWARD_ULPS
    if (op.arity is None and len(point) > 1) or op.name in FROM_DIFFERENCE:
        # A sum from left to right is as exact as its largest intermediate sum.
        allowed *= 1 + sum(_sensitivity(op, point, i, true) for i in range(len(point)))
    error = exact.ulps(y, true)
    assert error <= allowed, f"{op.name}{point} = {y!r} is off by {error} ulps"


def _sensitivity(op: Any, point: tuple[float, ...], i: int, true: Any) -> float:
    slope = exact.derivative(op, point, i)
    with mp.workdps(30):
        return float(abs(slope * point[i] / true)) if slope is not None and true else 0.0


def check_partials(op: Any, point: tuple[float, ...]) -> int:
    """Every partial is right, as far as rounding of the input lets it; returns how many were
    checked (none at a kink)."""
    y = op.forward(*point)
    partials = op.partials(*point, y=y)
    assert len(partials) == len(point)
    checked = 0
    for i, measured in enumerate(partials):
        true = None if (op.name, i) in HELD_FIXED else exact.derivative(op, point, i)
        if true is None:
            continue
        checked += 1
        check_number(f"∂{op.name}{point}/∂{i}", op, point, i, float(measured), true)
    return checked


def check_number(
    what: str, op: Any, point: tuple[float, ...], i: int, measured: float, true: Any
) -> None:
    error = exact.ulps(measured, true)
    if error <= PARTIAL_ULPS:
        return
    with mp.workdps(30):
        rounding = FROM_OUTPUT.get(op.name)
        slack = rounding(op.forward(*point), true) if rounding else SMALLEST_NORMAL
        if abs(measured - true) <= slack:
            return
        # e^(-x²) at x = 25 moves by hundreds of units when x moves by one: no rule can do better.
        moves = 1.0
        for j, x in enumerate(point):
            bend = exact.second_derivative(op, point, i, j)
            if bend is not None and true:
                moves += float(abs(bend * mpf(x) / true))
    assert error <= PARTIAL_ULPS * moves, f"{what} = {measured!r}, not {float(true)!r}"


def check_second(op: Any, point: tuple[float, ...]) -> int:
    """The recorded partials, swept in turn, give the exact second derivatives."""
    checked = 0
    for i in range(len(point)):
        if (op.name, i) in HELD_FIXED:
            continue
        inputs = [Value(x) for x in point]
        recorded = op.partials(*inputs, y=op(*inputs))[i]
        if isinstance(recorded, Value):
            recorded.backward()
        for j in range(len(point)):
            true = exact.second_derivative(op, point, i, j)
            if true is None or (op.name, j) in HELD_FIXED:
                continue
            checked += 1
            scale = 1.0 + abs(float(true))
            error = abs(inputs[j].grad - float(true))
            assert error <= 1e-11 * scale, (
                f"∂²{op.name}{point}/∂{i}∂{j} = {inputs[j].grad!r}, not {float(true)!r}"
            )
    return checked


def check_differences(op: Any, point: tuple[float, ...]) -> int:
    """The partials agree with extrapolated central differences of the primitive's own forward."""
    y = op.forward(*point)
    checked = 0
    for i, measured in enumerate(op.partials(*point, y=y)):
        if (op.name, i) in HELD_FIXED or exact.derivative(op, point, i) is None:
            continue
        estimate, trust = _differences(op.forward, point, i)
        if not math.isfinite(estimate) or trust > 1e-5 * (1.0 + abs(estimate)):
            continue
        checked += 1
        allowed = 10.0 * trust + 1e-8 * (1.0 + abs(estimate))
        assert abs(float(measured) - estimate) <= allowed, (
            f"∂{op.name}{point}/∂{i} = {measured!r}, differences say {estimate!r}"
        )
    return checked


def _differences(forward: Any, point: tuple[float, ...], i: int) -> tuple[float, float]:
    """Richardson's extrapolation of central differences, and how far its steps disagree."""

    def slope(h: float) -> float:
        right, left = [*point], [*point]
        right[i] += h
        left[i] -= h
        result: float = (forward(*right) - forward(*left)) / (right[i] - left[i])
        return result

    h = 1e-3 * (abs(point[i]) or 1.0)
    coarse, middle, fine = slope(h), slope(h / 2), slope(h / 4)
    first, second = (4 * middle - coarse) / 3, (4 * fine - middle) / 3
    return (16 * second - first) / 15, abs(second - first)
