"""Where rows of the table have branches and kinks: their sides, and how far an input is away.

The column `kinks` of the table says in words what happens there. Here it stands as numbers, for
what has to know on which side a node was recorded: the coverage of derivatives, and strategies
that keep away from kinks, or go there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograd_bp import primitives
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

__all__ = ["Target", "distance", "gap", "targets"]

Inputs = Sequence[float]
MOST_BRANCHES = 4
BUILT_IN = {row.name for row in vars(primitives).values() if isinstance(row, Primitive)}


class Target(NamedTuple):
    """Something about a row's derivative that a gradient can exercise.

    Attributes:
        name: a partial derivative ("∂a") or a side ("x < 0", "a = b").
        kink: True for a point where the derivative jumps or ends: only inputs chosen for it
            get there.
        hit: of a node's inputs, and of which of them are differentiated, whether this is it.
    """

    name: str
    kink: bool
    hit: Callable[[Inputs, Sequence[bool]], bool]


def _gap_of_two(a: float, b: float) -> float:
    # Infinite inputs of one sign are equal, and their difference is NaN.
    return 0.0 if a == b else a - b


def _to_integer(x: float) -> float:
    return x - round(x) if math.isfinite(x) else math.inf


def _size(*x: float) -> float:
    return max(map(abs, x), default=0.0)


# How far the inputs are from the kink, with a sign that tells the side; 0 on the kink.
GAPS: dict[str, Callable[..., float]] = {
    **dict.fromkeys(("abs", "relu", "sign", "threshold", "nonzero", "cbrt", "sqrt"), lambda x: x),
    **dict.fromkeys(("maximum", "minimum", "compare"), _gap_of_two),
    **dict.fromkeys(("pow", "power", "heaviside"), lambda a, b: a),
    **dict.fromkeys(("hypot", "atan2", "norm"), _size),
    "floor": _to_integer,
}

# The names of the sides of a gap: below 0, above 0, and 0 itself, which is the kink.
_OF_X = ("x < 0", "x > 0", "x = 0")
_OF_A = ("a < 0", "a > 0", "a = 0")
_OF_SIZE = ("", "away from 0", "all inputs 0")
_SIDES: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(("abs", "relu", "sign", "cbrt"), _OF_X),
    "sqrt": ("", "x > 0", "x = 0"),
    **dict.fromkeys(("maximum", "minimum"), ("a < b", "a > b", "a = b")),
    **dict.fromkeys(("pow", "power", "heaviside"), _OF_A),
    **dict.fromkeys(("hypot", "atan2", "norm"), _OF_SIZE),
    "floor": ("between integers", "between integers", "at an integer"),
}

# Inputs that are never differentiated: a condition, the exponent that `power` holds fixed.
FIXED = {"where": (0,), "power": (1,)}
_LETTERS = "abcdefgh"

# Rows that rules are written in; a program has no name to call them by.
_OF_RULES = ("compare", "nonzero")


def targets(row: Primitive) -> tuple[Target, ...]:
    """What a gradient can exercise of a row; nothing for a row that has no derivative."""
    if row.partials is None or row.name in _OF_RULES:
        return ()
    if row.name == "where":
        return (
            Target("yes", False, lambda x, live: bool(x[0]) and live[1]),
            Target("no", False, lambda x, live: not x[0] and live[2]),
        )
    if row.name in _SIDES:
        return _of_sides(row) + (_of_operands(row) if row.arity == 2 else ())
    if row.gate and row.arity is not None:
        return _of_patterns(row) or _of_operands(row)
    return _of_operands(row)


def gap(row: Primitive, inputs: Inputs) -> float | None:
    """The signed distance of a row's inputs from its kink; None for a row without one.

    `where` has none: which branch is taken was decided before, by a comparison of numbers.
    """
    known = GAPS.get(row.name)
    return None if known is None else known(*inputs)


def distance(nodes: Sequence[Value]) -> float:
    """How near the nearest kink is among recorded nodes, in units of the inputs of that node."""
    nearest = math.inf
    for node in nodes:
        if node.op is None:
            continue
        found = gap(node.op, [parent.data for parent in node.parents])
        if found is not None:
            nearest = min(nearest, abs(found)) if found == found else 0.0
    return nearest


def _of_sides(row: Primitive) -> tuple[Target, ...]:
    below, above, on = _SIDES[row.name]
    measure = GAPS[row.name]

    def side(name: str, kink: bool, test: Callable[[float], bool]) -> Target:
        return Target(name, kink, lambda x, live: test(measure(*x)))

    found = [side(below, False, lambda g: g < 0.0)] if below and below != above else []
    if below == above:
        found.append(side(above, False, lambda g: g != 0.0))
    else:
        found.append(side(above, False, lambda g: g > 0.0))
    return (*found, side(on, True, lambda g: g == 0.0))


def _of_operands(row: Primitive) -> tuple[Target, ...]:
    if row.name == "dot":
        return (
            Target("∂left", False, lambda x, live: any(live[: len(x) // 2])),
            Target("∂right", False, lambda x, live: any(live[len(x) // 2 : len(x) // 2 * 2])),
            Target("∂bias", False, lambda x, live: len(x) % 2 == 1 and live[-1]),
        )
    if row.name == "performance":
        return (
            Target("∂d", False, lambda x, live: any(live[: len(x) // 2])),
            Target("∂z", False, lambda x, live: any(live[len(x) // 2 :])),
        )
    if row.arity is None or row.arity == 1:
        return (Target("∂x", False, lambda x, live: any(live)),)
    fixed = FIXED.get(row.name, ())
    return tuple(_operand(i) for i in range(row.arity) if i not in fixed)


def _operand(i: int) -> Target:
    letter = _LETTERS[i] if i < len(_LETTERS) else f"x{i}"
    return Target(f"∂{letter}", False, lambda x, live: live[i])


def _of_patterns(row: Primitive) -> tuple[Target, ...]:
    """The branches of a choice that a user added: which partials are 0, at its own points."""
    found: dict[tuple[bool, ...], Target] = {}
    for point in row.points:
        pattern = _pattern(row, point)
        if pattern is not None and pattern not in found:
            found[pattern] = _branch(row, pattern)
    return tuple(found.values()) if 1 < len(found) <= MOST_BRANCHES else ()


def _branch(row: Primitive, pattern: tuple[bool, ...]) -> Target:
    name = "/".join("open" if is_open else "shut" for is_open in pattern)
    return Target(name, False, lambda x, live: any(live) and _pattern(row, x) == pattern)


def _pattern(row: Primitive, inputs: Inputs) -> tuple[bool, ...] | None:
    assert row.partials is not None
    try:
        partials = row.partials(*inputs, y=row.forward(*inputs))
        return tuple([bool(partial) for partial in partials])
    except (ArithmeticError, TypeError, ValueError):
        return None
