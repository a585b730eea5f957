"""An example for a primitive: a few lines that run, with the numbers that they print."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from autograd_bp.describe.formulas import variables
from autograd_bp.primitives import Primitive

# Short numbers inside most domains, the better ones first.
CANDIDATES: dict[int, tuple[tuple[float, ...], ...]] = {
    1: ((0.5,), (1.5,), (2.0,), (0.25,), (-0.5,), (3.0,)),
    2: ((1.5, 2.0), (0.5, 0.25), (2.0, 1.5), (3.0, 4.0), (-0.5, 0.5)),
    3: ((1.0, 1.5, 2.0), (0.5, 0.25, 0.75)),
}
LISTS = ((1.0, 2.0, 4.0), (0.5, 1.5, 0.25))  # for entries of any number of inputs

# Entries that have an operator or a name of Python's; `{}` stands for an operand.
OPERATORS = {
    "add": "{} + {}",
    "sub": "{} - {}",
    "mul": "{} * {}",
    "div": "{} / {}",
    "pow": "{} ** {}",
    "power": "{} ** {}",
    "neg": "-{}",
    "abs": "abs({})",
}
SEARCHED = 40  # points that are tried for finite numbers


def lines(op: Primitive, call: str, setup: Sequence[str] = ()) -> list[str]:
    """The example as lines of a Python session; none where no numbers for it were found.

    Arguments:
        op: an entry.
        call: how it is applied, with a `{}` for each input.
        setup: the lines before it, which import what it needs.
    """
    if op.arity is None:
        return _of_lists(op, call, setup)
    point = next(_points(op), None)
    if point is None:
        return []
    inputs = variables(op)
    plain = [k in op.fixed for k in range(len(point))]
    output = [f">>> {line}" for line in setup]
    for name, x, fixed in zip(inputs, point, plain, strict=True):
        output.append(f">>> {name} = {x!r}" if fixed else f">>> {name} = bp.Value({x!r})")
    output.append(f">>> y = {call.format(*inputs)}")
    y = float(op.forward(*point))
    if op.partials is None:
        return [*output, ">>> y.data", repr(y)]
    slopes = [float(slope) for slope in op.partials(*point, y=y)]
    free = [k for k in range(len(point)) if not plain[k]]
    shown = ", ".join(f"{inputs[k]}.grad" for k in free)
    numbers = ", ".join(repr(slopes[k] + 0.0) for k in free)
    return [*output, ">>> y.backward()", f">>> y.data, {shown}", f"({y!r}, {numbers})"]


def of_method(op: Primitive, method: str) -> list[str]:
    """The example of a method of Value, with rounded numbers."""
    inputs, point = variables(op), next(_points(op), (1.0,) * (op.arity or 1))
    y = float(op.forward(*point))
    output = [
        ">>> from autograd_bp import Value",
        *(f">>> {name} = Value({x!r})" for name, x in zip(inputs, point, strict=True)),
        f">>> y = {inputs[0]}.{method}({', '.join(inputs[1:])})",
    ]
    if op.partials is None:
        return [*output, ">>> round(y.data, 6)", repr(round(y, 6))]
    slopes = [round(float(slope) + 0.0, 6) for slope in op.partials(*point, y=y)]
    shown = ", ".join(["round(y.data, 6)", *(f"round({name}.grad, 6)" for name in inputs)])
    numbers = ", ".join(map(repr, [round(y, 6), *slopes]))
    return [*output, ">>> y.backward()", f">>> {shown}", f"({numbers})"]


def _of_lists(op: Primitive, call: str, setup: Sequence[str]) -> list[str]:
    """The example of an entry of any number of inputs, which are given as lists."""
    inputs = variables(op)
    columns = LISTS[: len(inputs)]
    point = [x for column in columns for x in column]
    slopes = _numbers(op, point)
    if slopes is None:
        return []
    output = [f">>> {line}" for line in setup]
    for name, column in zip(inputs, columns, strict=True):
        output.append(f">>> {name} = [bp.Value(data) for data in {column}]")
    output.append(f">>> y = {call.format(*inputs)}")
    y = float(op.forward(*point))
    if op.partials is None:
        return [*output, ">>> y.data", repr(y)]
    first = [slope + 0.0 for slope in slopes[: len(columns[0])]]
    shown = f">>> y.data, [node.grad for node in {inputs[0]}]"
    return [*output, ">>> y.backward()", shown, f"({y!r}, {first!r})"]


def _points(op: Primitive) -> Iterator[tuple[float, ...]]:
    """Inputs at which the output and all partials are finite: those with a slope first, then
    those of a flat function."""
    flat = []
    for point in _candidates(op)[:SEARCHED]:
        numbers = _numbers(op, point)
        if numbers is None:
            continue
        if any(numbers):
            yield point
        flat.append(point)
    yield from flat


def _candidates(op: Primitive) -> list[tuple[float, ...]]:
    arity = op.arity or 0
    own = [
        tuple(map(float, point))
        for point in op.points
        if len(point) == arity and all(0.0 < abs(x) < 100.0 for x in point)
    ]
    return [*CANDIDATES.get(arity, ()), *own, (1.5,) * arity]


def _numbers(op: Primitive, point: Sequence[float]) -> list[float] | None:
    """The partials at a point; [0] where there is no rule, None where a number is not finite or
    the point is on a kink."""
    try:
        if op.kink is not None and not op.kink.gap(*point):
            return None
        y = float(op.forward(*point))
        partials = [0.0] if op.partials is None else [*map(float, op.partials(*point, y=y))]
    except Exception:  # whatever a function of the user's raises
        return None
    return partials if all(map(math.isfinite, (y, *partials))) else None
