"""Orders of the members of loops in which what they read lies side by side.

A vector that a recurrence turns round, or reads beside itself, has no order in which all is affine:
entry i reads entry i - 1, and the first entry the last one. What the members of such loops read are
a few runs of neighbours, if they stand in the order of the entries. A program has its instructions
in the order in which they were reached from its outputs, which is another one.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.affine import arrange
from autograd_bp.compiling.loops.living import reads_of
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops
from autograd_bp.compiling.loops.places import Places

__all__ = ["in_runs", "may_repeat", "ordered"]

SPACES = ("shared", "slot")  # of what loops read
MOST_TERMS = 8  # of a loop that is cut
LONG = 16  # members of a loop for which orders are looked for before it is known to repeat
MOST_RUNS = 8  # of the members of one loop
SHORTEST = 4  # members of a run, on the average
MOST_KNOWN = 1000  # places of a loop whose order is remembered


def may_repeat(loops: Loops) -> bool:
    """Whether loops may be the steps of a recurrence once they are ordered: where some with many
    members read tables, and half of all are as others but for the places that they read."""
    if not any(loop.members >= LONG and any(a.table for a in loop.reads) for loop in loops.loops):
        return False
    kinds = {
        (None if loop.op is None else loop.op.code, loop.shape, loop.terms, loop.space)
        for loop in loops.loops
    }
    return 2 * len(kinds) <= len(loops.loops)


def ordered(loops: Loops) -> Loops:
    """The loops with the members of those that read tables in an order of few runs. What is handed
    out stays where it is.

    Arguments:
        loops: the loops; those that are kept as repeats or in numbers stay as they are.
    """
    if not isinstance(loops.loops, tuple):
        return loops
    new: dict[str, Any] = {}
    results = []
    for loop in loops.loops:
        if not new and all(access.affine for access in loop.reads):
            results.append(loop)
            continue
        reads = reads_of(loop)
        is_moved = any(
            read.space in new and (read.of(new[read.space]) >= 0).any() for read in reads
        )
        if not is_moved and all(access.affine for access in loop.reads):
            results.append(loop)
            continue
        tables = [
            _after(new, read).reshape(loop.members, loop.terms_of(k))
            for k, read in enumerate(reads)
        ]
        order = _order(tables) if loop.space in SPACES else None
        if order is not None:
            tables = [table[order] for table in tables]
            if loop.space not in new:
                new[loop.space] = np.full(loops.sizes[loop.space], -1, np.int64)
            new[loop.space][loop.base + order] = loop.base + np.arange(loop.members)
        results.append(_with_tables(loop, tables))
    return replace(loops, loops=tuple(results))


def _after(new: dict[str, Any], read: Places) -> Any:
    """The places of a read after some have moved; -1 in `new` is for those that have not."""
    places = read.array()
    if read.space not in new:
        return np.ascontiguousarray(places)
    after = new[read.space][places]
    return np.where(after >= 0, after, places)


def in_runs(loops: RepeatedLoops) -> RepeatedLoops:
    """The loops with one for each run of neighbours in the place of those that read tables, where
    such runs are few."""
    repeats = []
    for repeat in loops.repeats:
        parts = [
            (part, shifts)
            for loop, shifts in zip(repeat.body, repeat.shifts, strict=True)
            for part in _runs(loop)
        ]
        body, moves = zip(*parts, strict=True)
        repeats.append(Repeat(repeat.count, body, moves))
    return RepeatedLoops(tuple(repeats))


def _runs(loop: Loop) -> list[Loop]:
    """A loop for each run of the members, or the loop itself."""
    if all(access.affine for access in loop.reads) or loop.terms > MOST_TERMS:
        return [loop]
    tables = [
        read.array().reshape(loop.members, loop.terms_of(k))
        for k, read in enumerate(reads_of(loop))
    ]
    cuts = cuts_of(tables)
    if not len(cuts) or not are_few(cuts, loop.members):
        return [loop]
    bounds = [0, *cuts.tolist(), loop.members]
    return [
        replace(
            _with_tables(replace(loop, shape=(b - a,)), [table[a:b] for table in tables]),
            base=loop.base + a,
        )
        for a, b in pairwise(bounds)
    ]


def cuts_of(tables: Sequence[Any]) -> Any:
    """Where runs of members begin, but the first of them: inside of a run all that they read moves
    by the same amounts from each to the next.

    Arguments:
        tables: for each list of operands an array (members, terms).
    """
    moves = np.diff(np.concatenate(tables, axis=1), axis=0)
    goes_on = (moves[1:] == moves[:-1]).all(axis=1)  # member k + 2 follows as k + 1 does
    cuts = []
    start, count = 0, len(moves) + 1
    breaks = np.flatnonzero(~goes_on)
    at = 0
    while start < count - 1:
        while at < len(breaks) and breaks[at] < start:
            at += 1
        if at == len(breaks):
            break
        # Alone, where the one behind it goes on in another way.
        start = start + 1 if breaks[at] == start else int(breaks[at]) + 2
        cuts.append(start)
        if len(cuts) > MOST_RUNS:
            break
    return np.array(cuts, np.int64)


def are_few(cuts: Any, members: int) -> bool:
    """Whether there are so few runs that each is worth a loop."""
    runs = len(cuts) + 1
    return runs <= MOST_RUNS and runs * SHORTEST <= members


def _order(tables: Sequence[Any]) -> Any:
    """The order of the fewest runs, if they are few; None for the order that there is.

    It depends on distances alone, which are the same in all steps of a recurrence.
    """
    if sum(table.size for table in tables) > MOST_KNOWN:
        return _best_order(tables)
    places = np.concatenate([(table - table[0, 0]).ravel() for table in tables])
    return _known_order(places.tobytes(), tuple([table.shape for table in tables]))


@lru_cache(maxsize=1000)
def _known_order(places: bytes, shapes: tuple[tuple[int, int], ...]) -> Any:
    ends = np.cumsum([count * terms for count, terms in shapes])
    parts = np.split(np.frombuffer(places, np.int64), ends[:-1])
    return _best_order([part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)])


def _best_order(tables: Sequence[Any]) -> Any:
    members = len(tables[0])
    fewest, best = len(cuts_of(tables)), None
    starts = np.stack([table[:, 0] for table in tables], axis=1)
    for first in range(starts.shape[1]):
        if fewest == 0 or (best is not None and fewest == 1):
            break
        order = np.lexsort(np.roll(starts, -first, axis=1).T[::-1])
        cuts = cuts_of([table[order] for table in tables])
        if len(cuts) < fewest and are_few(cuts, members):
            fewest, best = len(cuts), order
    return best


def _with_tables(loop: Loop, tables: Sequence[Any]) -> Loop:
    """The loop with these places, member by member."""
    if len(loop.shape) > 1:
        order, shape, families = arrange(tables)
        if order is None and all(isinstance(family, tuple) for family in families):
            pairs = zip(loop.reads, families, strict=True)
            return replace(
                loop, shape=shape, reads=tuple([Access(a.space, *family) for a, family in pairs])
            )
    shape = () if loop.members == 1 else (loop.members,)
    accesses = []
    for access, table in zip(loop.reads, tables, strict=True):
        step = _same(np.diff(table, axis=1)) if table.shape[1] > 1 else 0
        stride = _same(np.diff(table[:, 0])) if shape else 0
        if step is not None and stride is not None:
            strides = (stride,) if shape else ()
            accesses.append(Access(access.space, int(table[0, 0]), strides, step))
        else:
            places = array("q", np.ascontiguousarray(table, np.int64).tobytes())
            accesses.append(Access(access.space, 0, (0,) * len(shape), 0, places))
    return replace(loop, shape=shape, reads=tuple(accesses))


def _same(numbers: Any) -> int | None:
    """The number that all of these are; None where they differ."""
    first = int(numbers.flat[0])
    return first if (numbers == first).all() else None
