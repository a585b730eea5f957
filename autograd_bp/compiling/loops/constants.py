"""Parameters that are constants: they leave the parameters of loops."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops

__all__ = ["with_constants"]


def with_constants(loops: Loops, numbers: Sequence[float]) -> Loops | None:
    """The same loops with constants in the place of the last parameters; None where a loop reads
    these and others in one place.

    Arguments:
        loops: repeated loops.
        numbers: those of the last parameters.
    """
    if not numbers:
        return loops
    assert isinstance(loops.loops, RepeatedLoops)
    first = len(loops.parameters) - len(numbers)
    shift = len(loops.constants) - first
    repeats = []
    for repeat in loops.loops.repeats:
        body = []
        for loop, shifts in zip(repeat.body, repeat.shifts, strict=True):
            reads = []
            for k, move in enumerate(shifts[1:]):
                access = _read(loop, k, move * (repeat.count - 1), first, shift)
                if access is None:
                    return None
                reads.append(access)
            body.append(replace(loop, reads=tuple(reads)))
        repeats.append(Repeat(repeat.count, tuple(body), repeat.shifts))
    return replace(
        loops,
        parameters=loops.parameters[:first],
        constants=(*loops.constants, *numbers),
        loops=RepeatedLoops(tuple(repeats)),
    )


def _read(loop: Loop, k: int, moved: int, first: int, shift: int) -> Access | None:
    """One access of a loop, which has moved so far when it runs for the last time."""
    access = loop.reads[k]
    if access.space != "parameter":
        return access
    places = _ends(loop, k)
    lowest = min(places) + min(moved, 0)
    if max(places) + max(moved, 0) < first:
        return access
    if lowest < first:
        return None
    table: Any = access.table
    if table:
        table = array("q", (np.frombuffer(table, np.int64) + shift).tobytes())
        return replace(access, space="constant", table=table)
    return replace(access, space="constant", base=access.base + shift)


def _ends(loop: Loop, k: int) -> tuple[int, int]:
    """The first and the last place that an access reads."""
    access = loop.reads[k]
    if access.table:
        return min(access.table), max(access.table)
    steps = [(n - 1) * s for n, s in zip(loop.shape, access.strides, strict=True)]
    steps.append((loop.terms_of(k) - 1) * access.step)
    low = access.base + sum(step for step in steps if step < 0)
    return low, access.base + sum(step for step in steps if step > 0)
