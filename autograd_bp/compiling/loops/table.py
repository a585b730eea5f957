"""Loops in numbers: a program without pattern has nearly as many loops as operations.

An object for each of them, and for each number that it reads, would take longer than everything
else. So `roll` writes many loops as numbers, which the tape reads as they are; the objects are
made when somebody asks for one.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import numpy as np

from autograd_bp.compiling.loops.loops import Access, Loop, LoopsInNumbers
from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.compiling.program.native import walks
from autograd_bp.entry import by_code
from autograd_bp.primitives import Primitive

__all__ = ["HEADER", "MANY", "SPACES", "LoopTable"]

MANY = 256  # loops, from which on they are written as numbers
COPY = -1  # the code of a loop that copies
SPACES = ("parameter", "input", "constant", "shared", "slot", "sum", "per_row")
CODE, SPACE, BASE, TERMS, READS, DEPTH, HEADER = range(7)  # the numbers that a loop begins with
PLACE = 4  # the numbers that an access begins with: its space, base, step, and place in the tables


class LoopTable(LoopsInNumbers):
    """Loops in numbers, in the place of a tuple of loops.

    Arguments:
        numbers: for each loop HEADER numbers, its shape, then each access: PLACE numbers and a
            stride for each counter. Where an access has no table its place is -1.
            They are of 32 bits.
        starts: where each loop begins in these, and the end.
        tables: the tables of places, one after the other; as many places as members and terms.
    """

    def __init__(self, numbers: array[int], starts: array[int], tables: array[int]) -> None:
        self.numbers, self.starts, self.tables = numbers, starts, tables
        codes = (np.flatnonzero(np.bincount(self._column(CODE) - COPY)) + COPY).tolist()
        # Primitives of users live as long as something refers to them.
        self._ops = {code: None if code == COPY else by_code(code) for code in codes}
        self._loops: tuple[Loop, ...] | None = None

    def _column(self, place: int) -> Any:
        """One of the first numbers of all loops."""
        if walks is not None:
            return walks.column(self.numbers, self.starts, place)
        starts = np.frombuffer(self.starts, np.int64)[:-1]
        return np.frombuffer(self.numbers, np.int32)[starts + place]

    @property
    def ops(self) -> list[Primitive | None]:
        """What they apply, each primitive once; None for copies."""
        return [*self._ops.values()]

    @property
    def work(self) -> int:
        """The operations of one row: one for each member and term."""
        return int((self.members * self.terms).sum())

    def of_primitives(self, ops: Sequence[Primitive]) -> Any:
        """For each loop whether it applies one of these."""
        return np.isin(self._column(CODE), [op.code for op in ops])

    def in_space(self, space: str) -> Any:
        """For each loop whether it writes to a space."""
        return self._column(SPACE) == SPACES.index(space)

    @property
    def members(self) -> Any:
        """How many members each loop has."""
        numbers = np.frombuffer(self.numbers, np.int32)
        starts = np.frombuffer(self.starts, np.int64)[:-1]
        depths = self._column(DEPTH)
        result = np.ones(len(starts), np.int64)
        for k in range(int(depths.max(initial=0))):
            some = depths > k
            result[some] *= numbers[starts[some] + HEADER + k]
        return result

    @property
    def terms(self) -> Any:
        """How many terms the lists of each loop have."""
        return self._column(TERMS)

    def read_tables(self, loops: Any, most: int) -> Any:
        """For each of these loops whether a table gives one of its first `most` accesses."""
        numbers = np.frombuffer(self.numbers, np.int32)
        starts = np.frombuffer(self.starts, np.int64)[loops]
        depths, counts = numbers[starts + DEPTH], numbers[starts + READS]
        by_table = np.zeros(len(starts), bool)
        for k in range(most):
            some = counts > k
            accesses = starts[some] + HEADER + depths[some] + k * (PLACE + depths[some])
            by_table[some] |= numbers[accesses + PLACE - 1] >= 0
        return by_table

    @property
    def deepest(self) -> int:
        """The most counters that a loop has."""
        return int(self._column(DEPTH).max(initial=0))

    @property
    def reads(self) -> int:
        """How many accesses all loops have."""
        return int(self._column(READS).sum())

    def facts(self, of: Callable[[Primitive | None, int], int | None]) -> Any:
        """For each loop a small number, which depends on the primitive and on how many accesses
        there are; None where there is none for one of them."""
        codes, reads = self._column(CODE).astype(np.int64), self._column(READS)
        most = int(reads.max(initial=0)) + 1
        kinds, which = _different((codes - COPY) * most + reads)
        facts = [of(self._ops[kind // most + COPY], kind % most) for kind in kinds]
        return None if None in facts else np.array(facts, np.uint8)[which]

    # ------------------------------------------------------------------------------- as loops
    def written_out(self) -> tuple[Loop, ...]:
        """The loops as objects, the same ones each time."""
        if self._loops is None:
            if walks is not None:
                self._loops = walks.loops_of(
                    self.numbers, self.starts, self.tables, (Loop, Access), self._ops, SPACES
                )
            else:
                self._loops = tuple(map(self._loop, range(len(self))))
        assert self._loops is not None
        return self._loops

    def _loop(self, k: int) -> Loop:
        """Do in Python what the walk does for one loop."""
        numbers = self.numbers[self.starts[k] : self.starts[k + 1]].tolist()
        code, space, base, terms, count, depth = numbers[:HEADER]
        shape = tuple(numbers[HEADER : HEADER + depth])
        op, members = self._ops[code], int(np.prod(shape, dtype=np.int64))
        loop = Loop(op, shape, terms, (), SPACES[space], base)
        reads = []
        for j in range(count):
            start = HEADER + depth + j * (PLACE + depth)
            where, first, step, place = numbers[start : start + PLACE]
            strides = tuple(numbers[start + PLACE : start + PLACE + depth])
            has_initial = op is not None and op.arity is None and op.operands.has_initial(count)
            length = members * (1 if has_initial and j == count - 1 else terms)
            table = array("q", self.tables[place : place + length] if place >= 0 else ())
            reads.append(Access(SPACES[where], first, strides, step, table))
        return Loop(loop.op, shape, terms, tuple(reads), loop.space, base)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @overload
    def __getitem__(self, k: int) -> Loop: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Loop, ...]: ...
    def __getitem__(self, k: int | slice) -> Loop | tuple[Loop, ...]:
        return self.written_out()[k]

    def __iter__(self) -> Iterator[Loop]:
        return iter(self.written_out())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (tuple, LoopTable)):
            return NotImplemented
        return self.written_out() == tuple(other)

    def __hash__(self) -> int:
        return hash((bytes(self.numbers), bytes(self.tables)))

    def __reduce__(self) -> tuple[Any, ...]:
        return tuple, (self.written_out(),)


def _different(numbers: Any) -> tuple[list[int], Any]:
    """The different ones of some numbers that are not negative, and which of them each is."""
    largest = int(numbers.max(initial=0))
    if largest > 4 * len(numbers) + 1000:
        kinds = distinct(numbers)
        return kinds.tolist(), np.searchsorted(kinds, numbers)
    kinds = np.flatnonzero(np.bincount(numbers))
    place_of = np.zeros(largest + 1, np.int64)
    place_of[kinds] = np.arange(len(kinds))
    return kinds.tolist(), place_of[numbers]
