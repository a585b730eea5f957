"""Sequences: loops that are repeated, each time with all places that they read moved on.

A computation in steps (a recurrence, the positions of a text, Newton's method) leaves the same few
loops for each step. This file finds them, so that the code for them is written once. A program of
many steps is kept in this form (stretching.py makes it): `RepeatedLoops` reads as the loops of all
steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops
from autograd_bp.compiling.program.native import walks

MAX_BODY = 96  # loops of one step
MIN_STEPS = 3  # steps that are worth a loop


def pieces(loops: Loops) -> tuple[list[Repeat], list[Repeat]]:
    """The repeats among the loops that all rows share, and among the others."""
    if isinstance(loops.loops, RepeatedLoops):
        kept = loops.loops.repeats
        shared = [repeat for repeat in kept if repeat.body[0].space == "shared"]
        return shared, [*kept[len(shared) :]]
    first = [loop for loop in loops.loops if loop.space == "shared"]
    return repeated(first), repeated(loops.loops[len(first) :])


def repeated(loops: Sequence[Loop], longest: int = MAX_BODY) -> list[Repeat]:
    """The same loops in the same order. A loop that is not repeated is a Repeat of count 1.

    Arguments:
        loops: the loops.
        longest: the most loops that one step has.
    """
    if not loops:
        return []
    bases, lengths, counts = _steps(loops, longest)
    repeats, start = [], 0
    while start < len(loops):
        length, count = lengths[start], counts[start]
        body = tuple(loops[start : start + length])
        repeats.append(Repeat(count, body, _shifts(body, bases, start, count)))
        start += length * count
    return repeats


def _shifts(
    body: Sequence[Loop], bases: Any, start: int, count: int
) -> tuple[tuple[int, ...], ...]:
    """How far each loop of a body moves from one time to the next."""
    if count == 1:
        return tuple([(0,) * (1 + len(loop.reads)) for loop in body])
    length = len(body)
    table = bases[start + length : start + 2 * length] - bases[start : start + length]
    return tuple(
        tuple(line[: 1 + len(loop.reads)]) for line, loop in zip(table.tolist(), body, strict=True)
    )


def count_different(loops: Loops) -> int:
    """How many loops there are, where repeated ones are counted once."""
    if isinstance(loops.loops, RepeatedLoops):
        return sum(1 for _ in loops.with_times())
    shared = [loop for loop in loops.loops if loop.space == "shared"]
    return sum(map(_count_bodies, (shared, loops.loops[len(shared) :])))


def _count_bodies(loops: Sequence[Loop]) -> int:
    """How many loops the bodies of `repeated` have together."""
    if not loops:
        return 0
    _, lengths, counts = _steps(loops, MAX_BODY)
    total = start = 0
    while start < len(loops):
        total += lengths[start]
        start += lengths[start] * counts[start]
    return total


def _steps(loops: Sequence[Loop], longest: int) -> tuple[Any, list[int], list[int]]:
    """Where loops begin, and what `_best` says of them."""
    if walks is None:
        kinds, bases = _kinds(loops), _bases(loops)
        lengths, counts = _best(kinds, bases, longest)
    else:
        kinds, bases = walks.kinds_and_bases(loops)
        lengths, counts = walks.steps(kinds, bases, longest, MIN_STEPS)
    return bases, lengths.tolist(), counts.tolist()


def _kinds(loops: Sequence[Loop]) -> Any:
    """A number for each loop: equal for loops that differ only in where they begin."""
    known: dict[Any, int] = {}
    kinds = []
    for loop in loops:
        reads = tuple(map(_kind, loop.reads))
        code = None if loop.op is None else loop.op.code
        key = (code, loop.shape, loop.terms, reads, loop.space)
        kinds.append(known.setdefault(key, len(known)))
    return np.array(kinds, dtype=np.int64)


def _kind(access: Access) -> Any:
    if access.affine:
        return access.space, access.strides, access.step
    return access.space, (np.array(access.table) - access.table[0]).tobytes()


def _begin(access: Access) -> int:
    return access.base if access.affine else access.table[0]


def _bases(loops: Sequence[Loop]) -> Any:
    """Where each loop writes and where its accesses begin, as a table; the rest is 0."""
    table = np.zeros((len(loops), 1 + max(len(loop.reads) for loop in loops)), dtype=np.int64)
    for k, loop in enumerate(loops):
        table[k, : 1 + len(loop.reads)] = [loop.base, *map(_begin, loop.reads)]
    return table


def _best(kinds: Any, bases: Any, longest: int = MAX_BODY) -> tuple[Any, Any]:
    """For each loop the body from there that covers the most loops: its length, and how often it
    is repeated; 1 and 1 where nothing is."""
    lengths, counts = np.ones_like(kinds), np.ones_like(kinds)
    covered = np.ones_like(kinds)
    for length in range(1, min(longest, len(kinds) // MIN_STEPS) + 1):
        alike = _runs(kinds[length:] == kinds[:-length])
        moved = bases[length:] - bases[:-length]
        steady = _runs((moved[length:] == moved[:-length]).all(axis=1))
        times = np.ones_like(kinds)
        times[: len(alike)] = alike // length + 1
        times[len(steady) :] = np.minimum(times[len(steady) :], 2)
        times[: len(steady)] = np.minimum(times[: len(steady)], steady // length + 2)
        better = (times >= MIN_STEPS) & (times * length > covered)
        lengths[better], counts[better] = length, times[better]
        covered[better] = (times * length)[better]
    return lengths, counts


def _runs(holds: Any) -> Any:
    """For each place, how many neighbours hold from there on without a break."""
    breaks = np.append(np.flatnonzero(~holds), len(holds))
    places = np.arange(len(holds))
    return breaks[np.searchsorted(breaks, places)] - places
