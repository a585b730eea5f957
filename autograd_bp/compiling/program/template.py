"""The template of a function whose loops were traced once: a program with each body in it once.

It has leaves for what changes from round to round, and each of its instructions has a stage: 0
before the first loop, 1 in its body, 2 behind it, 3 in the body of the second, and so on. What a
body computes from nothing that changes is not of its stage, and so runs before the loop.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.program.flatten import flatten, names_of
from autograd_bp.compiling.program.merging import with_outputs
from autograd_bp.compiling.program.moved_template import Along, moved_template, twins_of
from autograd_bp.compiling.program.passes import optimised, split_products
from autograd_bp.compiling.program.program import Program
from autograd_bp.flow.rounds import PlainRoundsError, TracedLoop
from autograd_bp.value import Value

__all__ = ["Body", "new_template", "stages_of"]


@dataclass(eq=False)
class Body:
    """One loop in terms of registers of the template.

    Attributes:
        count: how many rounds.
        stage: of the body's instructions.
        starts, xs, results: the registers of these leaves; lines: (rounds, numbers).
        init, columns, ends, ys: the registers of these outputs, -1 for what nobody needs; columns:
            (numbers, rounds).
        kept, table: see `TracedLoop`.
    """

    count: int
    stage: int
    starts: Any
    xs: Any
    results: Any
    lines: Any
    init: Any
    columns: Any
    ends: Any
    ys: Any
    kept: int = 0
    table: tuple[int, int, int] | None = None


def new_template(
    outputs: Sequence[Any],
    loops: Sequence[TracedLoop],
    parameters: Sequence[Value],
    inputs: Sequence[Value],
    names: tuple[Sequence[str], Sequence[str]],
    along: Along | None = None,
) -> tuple[Program, list[Body]]:
    """The template and its loops, without what nobody needs.

    Arguments:
        outputs: see `TracedProgram`.
        loops: see there.
        parameters: see there.
        inputs: see there.
        names: see there.
        along: what a derivative in a direction is taken by: tangents are computed too.
    """
    leaves: list[Value] = []
    numbers: list[Any] = [*outputs]
    first = len(parameters) + len(inputs)

    def place(nodes: Sequence[Value]) -> Any:
        leaves.extend(nodes)
        end = first + len(leaves)
        return np.arange(end - len(nodes), end)

    def give_out(some: Sequence[Any]) -> Any:
        numbers.extend(some)
        return np.arange(len(numbers) - len(some), len(numbers))

    strangers, bodies = [], []
    for k, loop in enumerate(loops):
        strangers.append(place(loop.strangers))
        lines = place([y for line in loop.lines for y in line])
        bodies.append(
            Body(
                loop.count,
                2 * k + 1,
                place(loop.starts),
                place(loop.xs),
                place(loop.results),
                lines.reshape(loop.count, -1),
                give_out(loop.init),
                give_out([x for column in loop.columns for x in column]).reshape(-1, loop.count),
                give_out(loop.ends),
                give_out(loop.ys),
                loop.kept,
                loop.table,
            )
        )
    twins = [] if along is None else [twins_of(body, place) for body in bodies]
    inner = [""] * len(leaves)
    labels = names[0], [*names_of(inputs, "x", names[1]), *inner]
    template = flatten(numbers, parameters=parameters, inputs=[*inputs, *leaves], names=labels)
    needed = _needed(template, len(outputs), bodies)
    kept = np.flatnonzero(needed)
    place_of = np.full(len(numbers) + 1, -1)
    place_of[kept] = np.arange(len(kept))
    template = optimised(with_outputs(template, kept.tolist(), [False] * len(kept)))
    template = _split(template, _starts(bodies))
    used = np.zeros(template.first + len(template), bool)
    used[np.asarray(template.operands)] = True
    used[list(template.outputs)] = True
    if any(used[some].any() for some in strangers):
        raise PlainRoundsError("a number of one round is used outside of its loop")
    if along is not None:
        count = len(outputs)
        template, place_of = moved_template(template, bodies, twins, place_of, along, count)
        template = _split(template, _starts(bodies))
    registers = np.array([*template.outputs, -1], np.int64)
    for body in bodies:
        for name in ("init", "columns", "ends", "ys"):
            setattr(body, name, registers[place_of[getattr(body, name)]])
    used_bodies = [body for body in bodies if body.table is None or (body.columns >= 0).all()]
    for k, body in enumerate(used_bodies):
        body.stage = 2 * k + 1
    return template, used_bodies


def _starts(bodies: Sequence[Body]) -> Any:
    return np.concatenate([np.zeros(0, np.int64), *[body.starts for body in bodies]])


def _split(template: Program, starts: Any) -> Program:
    """The template after `split_products`, to which the carry has to look like results."""
    first, count = template.first, len(starts)
    new = np.arange(first + len(template))
    new[first:] += count
    new[starts] = first + np.arange(count)
    operands = np.concatenate([starts, new[np.asarray(template.operands)]])
    program: Program = split_products(
        replace(
            template,
            codes=array("i", [ops.neg.code] * count) + template.codes,
            starts=array("q", range(count)) + array("q", [k + count for k in template.starts]),
            operands=array("q", operands.tobytes()),
            outputs=tuple(new[list(template.outputs)].tolist()),
        )
    )
    old = np.arange(program.first + len(program))
    old[first : first + count] = starts
    old[first + count :] -= count
    return replace(
        program,
        codes=program.codes[count:],
        starts=array("q", [k - count for k in program.starts[count:]]),
        operands=array("q", old[np.asarray(program.operands)[count:]].tobytes()),
        outputs=tuple(old[list(program.outputs)].tolist()),
    )


def _needed(template: Program, count: int, bodies: Sequence[Body]) -> Any:
    """For each output of the template whether the first `count` of them need it."""
    asked = _asked_by(bodies)
    starts, operands, first = template.starts, template.operands, template.first
    needed = np.zeros(len(template.outputs), bool)
    seen = bytearray(first + len(template))
    numbers = [*range(count)]
    while numbers:
        registers = []
        for k in numbers:
            if not needed[k]:
                needed[k] = True
                registers.append(template.outputs[k])
        numbers = []
        while registers:
            register = registers.pop()
            if seen[register]:
                continue
            seen[register] = 1
            if register >= first:
                registers += operands[starts[register - first] : starts[register - first + 1]]
            else:
                numbers += asked.get(register, ())
    return needed


def _asked_by(bodies: Sequence[Body]) -> dict[int, list[int]]:
    """The numbers of the outputs that are needed where a leaf of a loop is."""
    asked: dict[int, list[int]] = {}
    for body in bodies:
        if body.table is not None:
            columns = body.columns.ravel().tolist()
            asked.update((leaf, columns) for leaf in body.lines.ravel().tolist())
            continue
        for leaves in (body.starts, body.results):
            pairs = zip(body.init.tolist(), body.ends.tolist(), strict=True)
            asked.update(zip(leaves.tolist(), map(list, pairs), strict=True))
        asked.update(zip(body.xs.tolist(), body.columns.tolist(), strict=True))
        ys = [[k] for k in body.ys.tolist()]
        for line in body.lines:
            asked.update(zip(line.tolist(), ys, strict=True))
    return asked


def stages_of(template: Program, bodies: Sequence[Body]) -> Any:
    """The stage of each register."""
    stages = [0] * template.first
    for body in bodies:
        for some, stage in (
            (body.starts, body.stage),
            (body.xs, body.stage),
            (body.results, body.stage + 1),
            (body.lines.ravel(), body.stage + 1),
        ):
            for k in some.tolist():
                stages[k] = stage
    starts, operands = template.starts, template.operands
    for i in range(len(template)):
        stages.append(max([stages[k] for k in operands[starts[i] : starts[i + 1]]], default=0))
    return np.array(stages, np.int64)
