"""Loops of many small counters as loops of one, which fills vectors.

What was found in a program that was unrolled by halves, a fast Fourier transform or a tournament,
has a counter for each halving. As a nest, each of them is blocks of code and a counter to compute
places from, and the last is too short for a vector. Tables of places say the same.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import replace

from autograd_bp.compiling.backends.llvm.library import IN_LIBMVEC
from autograd_bp.compiling.backends.llvm.members import RESULTS
from autograd_bp.compiling.loops.loops import Access, Loop, Repeat
from autograd_bp.expressions import Expression, walk
from autograd_bp.primitives import Primitive
from autograd_bp.printers.overrides import form

MOST = 4096  # places in a table: four bytes each, which are part of the code


def flat(repeats: Sequence[Repeat], lanes: int) -> list[Repeat]:
    """The same repeats, in which loops of small counters have one.

    Arguments:
        repeats: loops that work on one row of data, or on none.
        lanes: how many members are computed by one instruction.
    """
    return [
        replace(repeat, body=tuple([_flat(loop, lanes) for loop in repeat.body]))
        for repeat in repeats
    ]


def _flat(loop: Loop, lanes: int) -> Loop:
    if len(loop.shape) < 2 or loop.shape[-1] >= max(lanes // 2, 2) or loop.space not in RESULTS:
        return loop
    if loop.members < max(lanes, 2) or loop.members * loop.terms > MOST:
        return loop
    reads = [_flat_access(loop, k) for k in range(len(loop.reads))]
    shape: tuple[int, ...] = (loop.members,)
    if not _calls(loop.op):  # gathering takes longer than vectors save
        shape = (loop.members, 1)
        reads = [
            read if read.table else replace(read, strides=(*read.strides, 0)) for read in reads
        ]
    return replace(loop, shape=shape, reads=tuple(reads))


def _calls(op: Primitive | None) -> bool:
    """Whether computing a primitive takes a function of the C library."""
    printed = None if op is None else form("llvm", op)
    return isinstance(printed, Expression) and any(
        node.head in IN_LIBMVEC for node in walk(printed)
    )


def _flat_access(loop: Loop, k: int) -> Access:
    access, terms = loop.reads[k], loop.terms_of(k)
    if not access.affine:
        return access
    stride, size = access.strides[-1], loop.shape[-1]
    for count, outer in zip(loop.shape[-2::-1], access.strides[-2::-1], strict=True):
        if outer != stride * size:
            table = array("q", access.indices(loop.shape, terms))
            return Access(access.space, 0, (), 0, table)
        size *= count
    return replace(access, strides=(stride,))
