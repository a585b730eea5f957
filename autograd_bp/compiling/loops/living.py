"""Keeps the part of loops that is needed once it is known which results are wanted."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.affine import arrange
from autograd_bp.compiling.loops.loops import Access, Loop
from autograd_bp.compiling.loops.outputs import Run
from autograd_bp.compiling.loops.places import Places


def living(loops: Sequence[Loop], sizes: dict[str, int], outputs: Sequence[Run]) -> list[Loop]:
    """The loops that some outputs need."""
    alive = {space: np.zeros(size, bool) for space, size in sizes.items()}
    for space, places in outputs:
        alive[space][places] = True
    needed = []
    for loop in reversed(loops):
        if alive[loop.space][loop.base : loop.base + loop.members].any():
            needed.append(loop)
            for read in reads_of(loop):
                if read.space in alive:
                    mark(alive[read.space], read)
    needed.reverse()
    return needed


def reads_of(loop: Loop) -> list[Places]:
    """The places that a loop reads, over its counters and the terms of lists of several."""
    result, terms = [], loop.terms
    initial = len(loop.reads) - 1 if loop.has_initial else None
    of_lists = (*loop.shape, terms) if terms != 1 else loop.shape
    for k, access in enumerate(loop.reads):
        n, shape = (1, loop.shape) if k == initial else (terms, of_lists)
        if access.table:
            table = np.frombuffer(access.table, dtype=np.int64)
            result.append(Places(access.space, shape, table=table))
        else:
            strides = (*access.strides, access.step) if n != 1 else access.strides
            result.append(Places(access.space, shape, access.base, strides))
    return result


def mark(flags: Any, places: Places) -> None:
    """Set the flags of these places."""
    if places.table is None:
        places.of(flags)[...] = True
    else:
        flags[places.table] = True


def renumbered(
    loops: list[Loop], sizes: dict[str, int], outputs: Sequence[Run]
) -> tuple[list[Loop], dict[str, int], Sequence[Run]]:
    """The loops with their results side by side, without the places of loops that are gone."""
    new: dict[str, Any] = {}
    counts = {}
    for space, size in sizes.items():
        kept = np.zeros(size, bool)
        for loop in loops:
            if loop.space == space:
                kept[loop.base : loop.base + loop.members] = True
        new[space] = np.cumsum(kept) - 1
        counts[space] = int(kept.sum())
    if counts == sizes:
        return loops, sizes, outputs
    moved = []
    for loop in loops:
        reads = [_access(loop, k, new) for k in range(len(loop.reads))]
        base = int(new[loop.space][loop.base])
        moved.append(replace(loop, reads=tuple(reads), base=base))
    return moved, counts, [(space, new[space][places]) for space, places in outputs]


def _access(loop: Loop, k: int, new: dict[str, Any]) -> Access:
    """An access after its space was numbered again."""
    access, n = loop.reads[k], loop.terms_of(k)
    places = new.get(access.space)
    if places is None:
        return access
    if access.table:
        old = np.frombuffer(access.table, dtype=np.int64)
        return replace(access, table=array("q", places[old].tolist()))
    counts, strides = (*loop.shape, n), (*access.strides, access.step)
    moves = [stride * (count - 1) for count, stride in zip(counts, strides, strict=True)]
    first = access.base + sum(move for move in moves if move < 0)
    last = access.base + sum(move for move in moves if move > 0)
    if places[last] - places[first] == last - first:
        return replace(access, base=access.base + int(places[first]) - first)
    old = np.array(access.indices(loop.shape, n), dtype=np.int64)
    table = places[old].reshape(-1, n)
    nest = arrange([table])
    if nest[0] is None and nest[1] == loop.shape and isinstance(nest[2][0], tuple):
        return Access(access.space, *nest[2][0])
    zeros = (0,) * len(loop.shape)
    return Access(access.space, 0, zeros, 0, array("q", table.ravel().tolist()))


def with_constants_in_use(
    loops: list[Loop], constants: Sequence[float]
) -> tuple[list[Loop], tuple[float, ...]]:
    """The same with only the constants that loops read, if they read single ones."""
    used = np.zeros(len(constants), bool)
    for loop in loops:
        for read in reads_of(loop):
            if read.space == "constant":
                mark(used, read)
    if used.all():
        return loops, tuple(constants)
    new = {"constant": np.cumsum(used) - 1}
    moved = [
        replace(loop, reads=tuple(_access(loop, k, new) for k in range(len(loop.reads))))
        if any(access.space == "constant" for access in loop.reads)
        else loop
        for loop in loops
    ]
    return moved, tuple(x for x, is_used in zip(constants, used, strict=True) if is_used)
