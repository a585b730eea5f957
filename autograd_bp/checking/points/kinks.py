"""The branches and kinks of primitives: their sides, and the distance of an input from them.

The column `kink` of the table holds the sides, as a distance and as words. They are used by the
coverage of derivatives, and by strategies that keep away from kinks or draw them on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograd_bp import primitives
from autograd_bp.entry import Kink
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

__all__ = ["BUILT_IN", "DerivativePart", "distance", "gap", "parts_of", "reach"]

Inputs = Sequence[float]
MAX_BRANCHES = 4
FINEST_STEP = 2.0**-50  # of an input, towards a jump
MAX_STEPS = 60
LINEAR = 2.0**-46  # what rounding may add to a line, relative
BUILT_IN = {op.name for op in vars(primitives).values() if isinstance(op, Primitive)}


class DerivativePart(NamedTuple):
    """A part of a primitive's derivative, which a gradient check may exercise or not.

    Attributes:
        name: a partial derivative ("∂a") or a side ("x < 0", "a = b").
        kink: True for a point where the derivative jumps or ends, which only inputs that are
            chosen for it reach.
        hit: a function of a node's inputs, and of which of them are differentiated: whether the
            node exercises this part.
    """

    name: str
    kink: bool
    hit: Callable[[Inputs, Sequence[bool]], bool]


def parts_of(op: Primitive) -> tuple[DerivativePart, ...]:
    """The parts of a primitive's derivative.

    There are none for a primitive without a derivative, and for one whose kink has sides without
    names: only rules use it, and no program calls it.
    """
    if op.partials is None:
        return ()
    if op.kink is not None:
        sides = _of_sides(op.kink)
        return sides + (_of_operands(op) if sides and op.arity == 2 else ())
    if op.gate and op.arity is not None:
        if op.fixed:
            return _of_choices(op)
        return _of_patterns(op) or _of_operands(op)
    return _of_operands(op)


def gap(op: Primitive, inputs: Inputs) -> float | None:
    """The signed distance of a primitive's inputs from its kink; None where it has none.

    `where` has none: which branch is taken was decided before, by a comparison of numbers.
    """
    return None if op.kink is None else float(op.kink.gap(*inputs))


def distance(nodes: Sequence[Value]) -> float:
    """How near the nearest kink is among recorded nodes, in units of the inputs of that node."""
    nearest = math.inf
    for node in nodes:
        if node.op is None:
            continue
        size = gap(node.op, [parent.data for parent in node.parents])
        if size is not None:
            nearest = min(nearest, abs(size)) if size == size else 0.0
    return nearest


def reach(nodes: Sequence[Value], moved: Value) -> float:
    """How far an input may move before a node jumps, to a factor of two and as far as the first
    derivatives on the way say; infinity where no node jumps.

    Arguments:
        nodes: recorded ones, each after its parents.
        moved: the input, one of them.
    """
    rates: dict[int, float] = {id(moved): 1.0}
    nearest = math.inf
    for node in nodes:
        along = [rates.get(id(parent), 0.0) for parent in node.parents]
        if node.op is None or not any(along):
            continue
        terms = list(zip(node.partials, along, strict=True))
        rate = math.fsum(partial * rate for partial, rate in terms if rate and partial)
        rates[id(node)] = rate
        if node.op.kink is not None and node.op.kink.jumps:
            numbers = [parent.data for parent in node.parents]
            nearest = min(nearest, _steps_to_jump(node.op, numbers, along, rate))
    return nearest


def _steps_to_jump(op: Primitive, x: Inputs, along: Sequence[float], rate: float) -> float:
    """How many steps a primitive stays on its line. Those that jump are linear between jumps."""
    y = op.forward(*x)
    moving = [(abs(number), abs(step)) for number, step in zip(x, along, strict=True) if step]
    size = max(abs(y), *(number for number, _ in moving))
    step = FINEST_STEP * max((number or 1.0) / change for number, change in moving)
    if not (0.0 < step < math.inf and math.isfinite(size)):
        return math.inf
    for _ in range(MAX_STEPS):
        for signed in (step, -step):
            there = op.forward(*[a + signed * b for a, b in zip(x, along, strict=True)])
            if not abs(there - (y + signed * rate)) <= LINEAR * max(size, abs(there), step):
                return 0.5 * step
        step *= 2.0
    return math.inf


def _of_sides(kink: Kink) -> tuple[DerivativePart, ...]:
    below, above, at = kink.below, kink.above, kink.at

    def side(name: str, kink_itself: bool, test: Callable[[float], bool]) -> DerivativePart:
        return DerivativePart(name, kink_itself, lambda x, live: test(kink.gap(*x)))

    if below == above:
        sides = [side(above, False, lambda g: g != 0.0)]
    else:
        sides = [side(below, False, lambda g: g < 0.0), side(above, False, lambda g: g > 0.0)]
    sides.append(side(at, True, lambda g: g == 0.0))
    return tuple([part for part in sides if part.name])


def _of_operands(op: Primitive) -> tuple[DerivativePart, ...]:
    if op.arity is None:
        return _of_lists(op)
    if op.arity == 1:
        return (DerivativePart("∂x", False, lambda x, live: any(live)),)
    return tuple(_operand(op, i) for i in range(op.arity) if i not in op.fixed)


def _operand(op: Primitive, i: int) -> DerivativePart:
    return DerivativePart(f"∂{_label(op, i)}", False, lambda x, live: live[i])


def _label(op: Primitive, i: int) -> str:
    if op.labels:
        return op.labels[i]
    return "abcdefgh"[i] if i < 8 else f"x{i}"


def _of_lists(op: Primitive) -> tuple[DerivativePart, ...]:
    """The partials by each list of inputs, and by the initial value."""
    operands = op.operands
    labels = op.labels or (*operands.elements, "initial")
    lists = [_list(op, k, label) for k, label in enumerate(labels[: len(operands.elements)])]
    if operands.initial:
        initial = DerivativePart(
            f"∂{labels[-1]}", False, lambda x, live: operands.has_initial(len(x)) and live[-1]
        )
        lists.append(initial)
    return tuple(lists)


def _list(op: Primitive, k: int, label: str) -> DerivativePart:
    return DerivativePart(f"∂{label}", False, lambda x, live: any(op.operands.lists(live)[k]))


def _of_choices(op: Primitive) -> tuple[DerivativePart, ...]:
    """The inputs that a choice by a fixed one takes: those whose partials are not 0."""
    return tuple(_choice(op, i) for i in range(op.arity or 0) if i not in op.fixed)


def _choice(op: Primitive, i: int) -> DerivativePart:
    def is_taken(x: Inputs, live: Sequence[bool]) -> bool:
        pattern = _pattern(op, x)
        return live[i] and pattern is not None and pattern[i]

    return DerivativePart(_label(op, i), False, is_taken)


def _of_patterns(op: Primitive) -> tuple[DerivativePart, ...]:
    """The branches of a choice that a user added: which partials are 0, at its own points."""
    branches: dict[tuple[bool, ...], DerivativePart] = {}
    for point in op.points:
        pattern = _pattern(op, point)
        if pattern is not None and pattern not in branches:
            branches[pattern] = _branch(op, pattern)
    return tuple(branches.values()) if 1 < len(branches) <= MAX_BRANCHES else ()


def _branch(op: Primitive, pattern: tuple[bool, ...]) -> DerivativePart:
    name = "/".join("open" if is_open else "shut" for is_open in pattern)
    return DerivativePart(name, False, lambda x, live: any(live) and _pattern(op, x) == pattern)


def _pattern(op: Primitive, inputs: Inputs) -> tuple[bool, ...] | None:
    assert op.partials is not None
    try:
        partials = op.partials(*inputs, y=op.forward(*inputs))
        return tuple([bool(partial) for partial in partials])
    except (ArithmeticError, TypeError, ValueError):
        return None
