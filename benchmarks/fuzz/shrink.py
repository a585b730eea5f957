"""A program that fails, made small: fewer steps, fewer inputs, rounder numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from benchmarks.fuzz.programs import Program, Step

MAX_TRIES = 400


def shrunk(program: Program, fails: Callable[[Program], bool]) -> Program:
    """The smallest program found that still fails."""
    tries = 0
    found = True
    while found:
        found = False
        for smaller in _smaller(program):
            if not all(any(isinstance(k, int) for k in step.operands) for step in smaller.steps):
                continue  # a step on constants alone records nothing
            tries += 1
            if tries > MAX_TRIES:
                return program
            if fails(smaller):
                program, found = smaller, True
                break
    return program


def _smaller(program: Program) -> Iterator[Program]:
    """Programs that are simpler by one change, the most helpful changes first."""
    for last in range(1, len(program.steps)):
        yield replace(program, steps=program.steps[:last])
    for k in range(len(program.steps)):
        yield from _without_step(program, k)
    for k in range(len(program.start)):
        if len(program.start) > 1:
            yield from _without_input(program, k)
    for k, x in enumerate(program.start):
        for rounder in (0.0, 1.0, 2.0, float(round(x)), round(x, 1), round(x, 3)):
            if len(repr(rounder)) < len(repr(x)):
                start = (*program.start[:k], rounder, *program.start[k + 1 :])
                yield replace(program, start=start)


def _without_step(program: Program, k: int) -> Iterator[Program]:
    """Without a step: what read its number reads one of its operands instead."""
    place = len(program.start) + k
    for operand in program.steps[k].operands:
        if isinstance(operand, int):
            yield replace(program, steps=_without(program.steps, k, place, operand))


def _without_input(program: Program, k: int) -> Iterator[Program]:
    """Without an input: it becomes a constant."""
    start = (*program.start[:k], *program.start[k + 1 :])
    yield replace(program, start=start, steps=_without(program.steps, -1, k, program.start[k]))


def _without(
    steps: tuple[Step, ...], dropped: int, place: int, instead: int | float
) -> tuple[Step, ...]:
    kept = []
    for k, step in enumerate(steps):
        if k == dropped:
            continue
        operands = []
        for operand in step.operands:
            moved = instead if isinstance(operand, int) and operand == place else operand
            operands.append(moved - 1 if isinstance(moved, int) and moved > place else moved)
        kept.append(Step(step.operation, tuple(operands)))
    return tuple(kept)
