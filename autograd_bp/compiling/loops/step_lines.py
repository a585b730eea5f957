"""The loops of a body that repeats, as lines: where they read and write, and what becomes of two
of them that are taken together. See fused_steps.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np

from autograd_bp.compiling.loops.fusing import MAX_NODES, MAX_READS, FusedOp
from autograd_bp.compiling.loops.loops import Access, Loop, ends
from autograd_bp.expressions import Expression, letters, walk
from autograd_bp.primitives import Primitive

__all__ = [
    "SPACES",
    "Line",
    "Read",
    "columns_of",
    "may_be_taken_in",
    "reach_of",
    "reading",
    "reads_from",
    "take_in_for_nothing",
    "together_with",
]

SPACES = ("shared", "slot")
FEW_NODES = 3  # of an expression that may be computed twice


@dataclass(eq=False)
class Read:
    """One operand of a line: an affine family, or a table of places.

    Attributes:
        access: its space and places.
        shift: how far it moves from one time to the next.
    """

    access: Access
    shift: int


@dataclass(eq=False)
class Line:
    """A loop of a body.

    Attributes:
        loop: its shape, its primitive, and where it writes.
        shift: how far that moves.
        reads: its operands.
        expression: what a member computes of them, where that is known; None for a copy's too.
        is_gone: whether it was taken into others.
    """

    loop: Loop
    shift: int
    reads: list[Read]
    expression: Expression | None = None
    is_changed: bool = False
    is_gone: bool = False
    ends: list[tuple[int, int]] = field(default_factory=list)

    def note_ends(self) -> None:
        self.ends = [ends(self.loop, read.access) for read in self.reads]

    @property
    def first(self) -> int:
        return self.loop.base

    @property
    def last(self) -> int:
        return self.loop.base + self.loop.members - 1

    def repeated(self) -> tuple[Loop, tuple[int, ...]]:
        reads = tuple([read.access for read in self.reads])
        shifts = (self.shift, *[read.shift for read in self.reads])
        if not self.is_changed:
            return replace(self.loop, reads=reads), shifts
        assert self.expression is not None
        op = FusedOp(self.expression, len(reads), True)
        return replace(self.loop, op=cast(Primitive, op), terms=1, reads=reads), shifts


def may_be_taken_in(line: Line) -> bool:
    """Whether a loop computes numbers of numbers, of which it is known where they are."""
    if line.expression is None or line.loop.op is None or len(line.loop.shape) > 1:
        return False
    return all(read.access.affine for read in line.reads)


def take_in_for_nothing(readers: list[Line], line: Line) -> bool:
    """Whether readers can take a loop in, and nothing large is then computed twice."""
    computed = 0
    for reader in readers:
        inside = reading(reader, line)
        if not inside or reader.expression is None or reader.loop.space not in SPACES:
            return False
        if any(not reader.reads[k].access.affine for k in inside):
            return False
        if not all(_is_inside(reader, k, line) for k in inside):
            return False
        computed += len(inside) * reader.loop.members
    once = line.loop.members
    assert line.expression is not None
    is_small = len([*walk(line.expression)]) <= FEW_NODES
    return computed <= once or (is_small and computed <= 2 * once)


def reading(reader: Line, line: Line) -> list[int]:
    """Which operands of a loop read what another one writes."""
    return [k for k in range(len(reader.reads)) if reads_from(reader, k, line)]


def reach_of(body: list[Line], line: Line) -> tuple[int, int]:
    """The places side by side that loops of the body write in one time, this one among them: the
    first, and the one behind the last."""
    blocks = sorted(
        (other.first, other.last + 1)
        for other in body
        if other.loop.space == line.loop.space and other.shift == line.shift
    )
    start, end = blocks[0]
    for first, after in blocks[1:]:
        if first != end:
            if start <= line.first < end:
                break
            start = first
        end = after
    return start, end


def reads_from(reader: Line, k: int, line: Line) -> bool:
    """Whether operand k of a loop reads what another one writes, in the same time."""
    low, high = reader.ends[k]
    read = reader.reads[k]
    same = read.access.space == line.loop.space and read.shift == line.shift
    return same and low <= line.last and high >= line.first


def _is_inside(reader: Line, k: int, line: Line) -> bool:
    low, high = reader.ends[k]
    return line.first <= low and high <= line.last


def columns_of(loop: Loop, k: int) -> list[Access] | None:
    """The terms of access k as accesses of one term each; None where they are not affine."""
    access, terms = loop.reads[k], loop.terms_of(k)
    if access.affine:
        return [
            Access(access.space, access.base + j * access.step, access.strides)
            for j in range(terms)
        ]
    if len(loop.shape) > 1:
        return None
    table = np.frombuffer(access.table, np.int64).reshape(loop.members, terms)
    strides = table[1] - table[0] if loop.members > 1 else np.zeros(terms, np.int64)
    if loop.members > 1 and (np.diff(table, axis=0) != strides).any():
        return None
    return [
        Access(access.space, int(table[0, j]), (int(strides[j]),) * len(loop.shape))
        for j in range(terms)
    ]


def together_with(reader: Line, line: Line) -> tuple[list[Read], Expression] | None:
    """What the reader reads and computes with a loop taken in; None where it is too much."""
    reads: list[Read] = []
    known: dict[Any, int] = {}

    def number(access: Access, shift: int) -> int:
        key = access.space, access.base, access.strides, access.step, bytes(access.table), shift
        if key not in known:
            known[key] = len(reads)
            reads.append(Read(access, shift))
        return known[key]

    assert reader.expression is not None
    assert line.expression is not None
    values: list[tuple[int, ...] | int] = []
    for k, read in enumerate(reader.reads):
        if not reads_from(reader, k, line):
            values.append(number(read.access, read.shift))
            continue
        offset, inner = read.access.base - line.first, []
        for part in line.reads:
            stride = part.access.strides[0] if part.access.strides else 0
            strides = tuple([stride * each for each in read.access.strides])
            moved = Access(part.access.space, part.access.base + stride * offset, strides)
            inner.append(number(moved, part.shift))
        values.append(tuple(inner))
    if len(reads) > MAX_READS:
        return None
    names = letters(len(reads))
    inputs = [Expression("input", name) for name in names]
    own, outer = letters(len(line.reads)), letters(len(reader.reads))
    results = [
        inputs[value]
        if isinstance(value, int)
        else line.expression.substitute({own[i]: inputs[at] for i, at in enumerate(value)})
        for value in values
    ]
    whole = reader.expression.substitute(dict(zip(outer, results, strict=True)))
    return (reads, whole) if len([*walk(whole)]) <= MAX_NODES else None
