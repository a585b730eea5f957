"""Loops that go over the rows of data together.

A loop with few members is a handful of instructions for each vector of rows. Neighbours among such
loops are written one after the other into one loop over the vectors: what one of them computes, the
next finds in a register, and LLVM has one loop to look at in the place of many. What nobody else
reads is not stored at all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.living import reads_of
from autograd_bp.compiling.loops.loops import Loop, Loops, Repeat
from autograd_bp.compiling.loops.sequences import pieces

FEW = 4  # operations of a loop that is written out member by member
MOSTLY = 0.8  # of the work
MANY = 128  # operations that stand in one loop over the vectors


def are_few(loop: Loop) -> bool:
    """Whether a loop is written out, member by member."""
    return (
        loop.space in ("slot", "per_row")
        and _size(loop) <= FEW
        and all(access.affine for access in loop.reads)
    )


def _size(loop: Loop) -> int:
    return max(loop.members, 1) * max(loop.terms, 1)


def passes(body: Sequence[Loop], *, are_joined: bool = True) -> Iterator[range]:
    """The numbers of the loops of a body, those together that go over the rows together; each
    alone unless `are_joined`."""
    if not are_joined:
        yield from (range(k, k + 1) for k in range(len(body)))
        return
    start = size = 0
    for k, loop in enumerate(body):
        joins = are_few(loop) and k > start and are_few(body[k - 1])
        if joins and size + _size(loop) <= MANY:
            size += _size(loop)
            continue
        if k > start:
            yield range(start, k)
        start, size = k, _size(loop)
    if body:
        yield range(start, len(body))


def lanes_for(loops: Loops, most: int) -> int:
    """How many rows of data are computed by one instruction.

    Arguments:
        loops: the program.
        most: as many as two registers hold, which lets sums of products wait less for each other.

    Returns: half of them where nearly all is written out. Numbers stay in registers there, and
        twice as many have room.
    """
    work = few = 0
    for loop, times in loops.with_times():
        if loop.space in ("slot", "per_row"):
            work += times * _size(loop)
            few += times * _size(loop) * are_few(loop)
    return max(most // 2, 2) if few > MOSTLY * work else most


def joined(repeats: Sequence[Repeat]) -> Repeat:
    """Repeats that run once, as one."""
    return Repeat(
        1,
        tuple([loop for repeat in repeats for loop in repeat.body]),
        tuple([shifts for repeat in repeats for shifts in repeat.shifts]),
    )


class Readers:
    """Counts who reads each slot.

    Arguments:
        loops: the program.
    """

    def __init__(self, loops: Loops) -> None:
        self._counts = np.zeros(loops.sizes["slot"], np.int64)
        for repeat in pieces(loops)[1]:
            for loop, shifts in zip(repeat.body, repeat.shifts, strict=True):
                for read, shift in zip(reads_of(loop), shifts[1:], strict=True):
                    if read.space == "slot":
                        np.add.at(self._counts, read.repeated(repeat.count, shift).array(), 1)

    def elsewhere(self, loops: Iterable[Loop]) -> Any:
        """For each slot whether others than these loops read it."""
        here: Counter[int] = Counter()
        for loop in loops:
            for read in reads_of(loop):
                if read.space == "slot":
                    here.update(read.array().tolist())
        rest = self._counts > 0
        for place, count in here.items():
            rest[place] = self._counts[place] > count
        return rest
