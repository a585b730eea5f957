"""Shared by sweeps through loops: which places matter, and what a loop reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.living import reads_of
from autograd_bp.compiling.loops.loops import Loop, Loops
from autograd_bp.compiling.loops.places import Places

Place = tuple[str, int]  # a space and an index in it
Leaves = Sequence[tuple[str, Sequence[int]]]  # spaces, and indices in each

StepPlaces = dict[str, tuple[int, ...]]
"""Of the spaces "shared" and "slot": the first place that each step of a recurrence writes, and the
first that what follows them writes."""


def marks_of(by: Leaves, summed: bool | Sequence[bool]) -> list[bool]:
    """For each pair in `by` whether the derivatives by these leaves are summed over the rows."""
    return [summed] * len(by) if isinstance(summed, bool) else [*summed]


def is_linear_in_each(loop: Loop) -> bool:
    """Whether a loop adds up its terms, or products of them."""
    return loop.op in (ops.mul, ops.dot, ops.add, ops.sum_)


def factors_of(loop: Loop, reads: Sequence[Places]) -> list[Places | None]:
    """For each list of a sum of products the other factors; None for 1."""
    if loop.op in (ops.mul, ops.dot) and len(reads) > 1:
        return [reads[1], reads[0], *[None] * (len(reads) - 2)]
    return [None] * len(reads)


def terms_of(read: Places, n: int) -> list[Places]:
    """A list of operands as one family for each term."""
    if n == 1:
        return [read]
    shape = read.shape[:-1]
    if read.table is None:
        step, strides = read.strides[-1], read.strides[:-1]
        return [Places(read.space, shape, read.base + j * step, strides) for j in range(n)]
    table = read.table.reshape(-1, n)
    return [Places(read.space, shape, table=table[:, j]) for j in range(n)]


def indices_of(indices: Sequence[int]) -> Any:
    """As an array, which numpy takes long to make of a range."""
    if isinstance(indices, range):
        return np.arange(indices.start, indices.stop, indices.step)
    return np.asarray(indices, np.int64)


def moving(loops: Loops, by: Leaves) -> dict[str, Any]:
    """For each space which places depend on those in `by`."""
    flags = {
        "parameter": np.zeros(len(loops.parameters), bool),
        "input": np.zeros(len(loops.inputs), bool),
        **{space: np.zeros(size, bool) for space, size in loops.sizes.items()},
    }
    for space, indices in by:
        flags[space][indices_of(indices)] = True
    for loop in loops.loops:
        moves = np.zeros(loop.members, bool)
        for read in reads_of(loop):
            if read.space not in flags or not read.of(flags[read.space]).any():
                continue
            if read.of(flags[read.space]).all():
                moves[:] = True
                break
            numbers = flags[read.space][read.array()]
            moves |= numbers.reshape(loop.members, -1).any(axis=1)
        flags[loop.space][loop.base : loop.base + loop.members] = moves
    return flags
