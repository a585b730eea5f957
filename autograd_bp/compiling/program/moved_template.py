"""Templates that compute tangents too: of a function whose loops were traced once, the derivative
in a direction.

The body of each loop carries the tangents of its carry beside it, and a look-up takes the tangents
of the entries that it takes. So the result is a template like any other: its value is the
derivative in a direction, and its gradient the product of the Hessian with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_bp.compiling.program.merging import with_outputs
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.value import Value

__all__ = ["Along", "Twins", "moved_template", "twins_of"]

LEAVES = ("starts", "xs", "results", "lines")
OUTPUTS = ("init", "columns", "ends", "ys")
Body = Any  # template.py imports this file


@dataclass(frozen=True)
class Along:
    """What a derivative in a direction is taken by.

    Attributes:
        leaves: the registers of leaves that move.
        directions: those of the leaves that hold the direction.
        tangents: makes the program of the tangents of another; see `program_tangents`.
    """

    leaves: Any
    directions: Any
    tangents: Callable[..., Program]


@dataclass
class Twins:
    """The leaves for the tangents of those of a loop: registers in the shapes of these."""

    starts: Any
    xs: Any
    results: Any
    lines: Any


def twins_of(body: Body, place: Any) -> Twins:
    """Leaves for the tangents of those of a loop.

    Arguments:
        body: the loop.
        place: gives registers to leaves.
    """
    arrays = [getattr(body, name) for name in LEAVES]
    return Twins(*[place([Value(0.0) for _ in a.ravel()]).reshape(a.shape) for a in arrays])


def moved_template(
    template: Program,
    bodies: Sequence[Body],
    twins: Sequence[Twins],
    place_of: Any,
    along: Along,
    count: int,
) -> tuple[Program, Any]:
    """The template with tangents: its outputs, their tangents, and then what bodies need.

    Arguments:
        template: the template.
        bodies: its loops, whose `init`, `columns`, `ends` and `ys` are numbers of outputs. They get
            those of the tangents, too.
        twins: the leaves of tangents of each loop.
        place_of: for each number of an output its place among those of the template, or -1.
        along: what it is differentiated by.
        count: how many outputs the function has.

    Returns: the template, and for each number of an output, then of a tangent, its place.
    """
    size, total = len(template.outputs), len(place_of)
    moving = _moving(template, bodies, place_of, along.leaves)
    by, directions = [along.leaves], [along.directions]
    for body, twin in zip(bodies, twins, strict=True):
        for name in LEAVES:
            leaves, others = (getattr(x, name).ravel() for x in (body, twin))
            by.append(leaves[moving[leaves]])
            directions.append(others[moving[leaves]])
    pairs = _spaces(template, np.concatenate(by)), _spaces(template, np.concatenate(directions))
    moved = optimised(along.tangents(template, *pairs, keep=range(size)))
    order = [*range(count), *range(size, size + count)]
    order += [*range(count, size), *range(size + count, 2 * size)]
    moved = with_outputs(moved, order, [False] * len(order))
    new = np.full(2 * size + 1, -1)
    new[order] = np.arange(2 * size)
    for body, twin in zip(bodies, twins, strict=True):
        _add_twins(body, twin, moving, total)
    there = np.where(place_of >= 0, place_of + size, -1)
    return moved, np.concatenate([new[place_of], new[there[:-1]], [-1]])


def _add_twins(body: Body, twin: Twins, moving: Any, total: int) -> None:
    """Adds the tangents of what moves to what a loop carries, reads and hands out. Numbers of
    outputs count on from `total` for tangents."""
    if body.table is not None:
        _add_to_table(body, twin, moving, total)
        return
    carry, xs = moving[body.starts], moving[body.xs]
    handed = moving[body.lines].any(axis=0)
    for name, some in (("starts", carry), ("results", carry), ("xs", xs)):
        setattr(body, name, np.concatenate([getattr(body, name), getattr(twin, name)[some]]))
    body.lines = np.concatenate([body.lines, twin.lines[:, handed]], axis=1)
    for name, some in (("init", carry), ("ends", carry), ("columns", xs), ("ys", handed)):
        numbers = getattr(body, name)
        setattr(body, name, np.concatenate([numbers, numbers[some] + total]))


def _add_to_table(body: Body, twin: Twins, moving: Any, total: int) -> None:
    """Entries have the tangents of their numbers behind them."""
    entries, width, count = body.table
    if not moving[body.lines].any():
        return
    numbers, indices = np.split(body.columns.ravel(), [entries * width])
    numbers = numbers.reshape(entries, width)
    numbers = np.concatenate([numbers, numbers + total], axis=1)
    body.columns = np.concatenate([numbers.ravel(), indices]).reshape(-1, 1)
    lines = [x.lines.reshape(count, width) for x in (body, twin)]
    body.lines = np.concatenate(lines, axis=1).reshape(1, -1)
    body.table = entries, 2 * width, count


def _moving(template: Program, bodies: Sequence[Body], place_of: Any, by: Any) -> Any:
    """For each register whether it depends on these leaves."""
    registers = np.array([*template.outputs, -1], np.int64)
    moving = np.zeros(template.first + len(template) + 1, bool)
    moving[by] = True
    while True:
        before = int(moving.sum())
        _spread(template, moving)
        for body in bodies:
            at = {name: registers[place_of[getattr(body, name)]] for name in OUTPUTS}
            if body.table is not None:
                entries, width, _ = body.table
                moving[body.lines] |= moving[at["columns"].ravel()[: entries * width]].any()
                continue
            carry = moving[at["init"]] | moving[at["ends"]] | moving[body.starts]
            moving[body.starts], moving[body.results] = carry, carry
            moving[body.xs] |= moving[at["columns"]].any(axis=1)
            moving[body.lines] |= moving[at["ys"]][None, :]
            moving[-1] = False
        if int(moving.sum()) == before:
            return moving


def _spread(template: Program, moving: Any) -> None:
    """Marks the instructions that read what is marked."""
    starts, operands, first = template.starts, template.operands, template.first
    marks = moving.tolist()
    for i in range(len(template)):
        marks[first + i] = any(marks[k] for k in operands[starts[i] : starts[i + 1]])
    moving[:] = marks


def _spaces(template: Program, leaves: Any) -> list[tuple[str, list[int]]]:
    """Leaves by their space and place, one by one in their order."""
    edge = len(template.parameters)
    return [
        ("parameter", [k]) if k < edge else ("input", [k - edge])
        for k in np.asarray(leaves, np.int64).tolist()
    ]
