"""Loops of repeats whose results are read in the same time alone: they are taken into the loops
that read them, or write to the same places each time.

The steps of a recurrence leave a body of loops that runs many times, and each time writes to places
of its own. What only the same step reads needs no such places: with one set of places for all
steps it stays in the cache, and inside of the loop that reads it it needs no memory at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.fusing import MAX_NODES, MAX_READS, Form, FusedOp
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops, ends
from autograd_bp.compiling.loops.ordering import in_runs
from autograd_bp.compiling.loops.sequences import pieces
from autograd_bp.expressions import Expression, letters, walk
from autograd_bp.primitives import Primitive

__all__ = ["fused_steps"]

SPACES = ("shared", "slot")
NOWHERE = -1  # in the place of a space
MAX_TERMS = 4  # of a sum of products that becomes an expression
FEW_NODES = 3  # of an expression that may be computed twice
MAX_LOOPS = 2000  # that are looked at: each is compared with all others


def fused_steps(loops: Loops, form: Form | None) -> Loops:
    """The loops as repeats, with what is read in the same time alone taken into its readers, or
    written to the same places.

    Arguments:
        loops: the loops.
        form: what the backend prints for a primitive; None where loops are not to be taken into
            others.
    """
    shared, others = pieces(loops)
    once = RepeatedLoops((*_joined(shared), *_joined(others)))
    repeats = [*in_runs(once).repeats]
    if sum([len(repeat.body) for repeat in repeats]) > MAX_LOOPS:
        return loops
    steps = _Steps(repeats, form)
    return replace(loops, loops=RepeatedLoops(tuple(steps.run())))


def _joined(repeats: Sequence[Repeat]) -> list[Repeat]:
    """The same with neighbours that run once as one."""
    results: list[Repeat] = []
    for repeat in repeats:
        if results and repeat.count == results[-1].count == 1:
            before = results.pop()
            repeat = Repeat(1, before.body + repeat.body, before.shifts + repeat.shifts)
        results.append(repeat)
    return results


@dataclass(eq=False)
class _Read:
    """One operand of a line: an affine family, or a table of places.

    Attributes:
        access: its space and places.
        shift: how far it moves from one time to the next.
    """

    access: Access
    shift: int


@dataclass(eq=False)
class _Line:
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
    reads: list[_Read]
    expression: Expression | None = None
    is_changed: bool = False
    is_gone: bool = False
    ends: list[tuple[int, int]] = field(default_factory=list)

    def noteends(self) -> None:
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


class _Steps:
    """Repeats whose bodies are to be shortened."""

    def __init__(self, repeats: Sequence[Repeat], form: Form | None) -> None:
        self._form = form
        self._counts = [repeat.count for repeat in repeats]
        self._bodies = [
            [self._line(*pair) for pair in zip(repeat.body, repeat.shifts, strict=True)]
            for repeat in repeats
        ]
        self._where: dict[int, range] = {}
        self._note_all()

    def run(self) -> list[Repeat]:
        results = []
        for place, (count, body) in enumerate(zip(self._counts, self._bodies, strict=True)):
            self._shorten(place, count, body)
            kept = [line.repeated() for line in body if not line.is_gone]
            loops, shifts = zip(*kept, strict=True)
            results.append(Repeat(count, loops, shifts))
        return results

    def _line(self, loop: Loop, shifts: Sequence[int]) -> _Line:
        reads = [_Read(a, shift) for a, shift in zip(loop.reads, shifts[1:], strict=True)]
        line = _Line(loop, shifts[0], reads)
        if self._form is None:
            line.noteends()
            return line
        if loop.op is None:
            line.expression = Expression("input", "a")
        elif loop.op.arity is not None and loop.op.arity <= MAX_READS:
            printed = self._form(loop.op)
            line.expression = printed if isinstance(printed, Expression) else None
        elif loop.op is ops.dot and loop.terms <= MAX_TERMS:
            self._write_out(line)
        line.noteends()
        return line

    def _write_out(self, line: _Line) -> None:
        """A short sum of products as an expression."""
        loop = line.loop
        columns = [_columns(loop, k) for k in range(len(loop.reads))]
        if any(column is None for column in columns):
            return
        reads: list[_Read] = []

        def part(k: int, j: int) -> Expression:
            reads.append(_Read(columns[k][j], line.reads[k].shift))  # type: ignore[index]
            return Expression("input", names[len(reads) - 1])

        names = letters(2 * loop.terms + 1)
        total = part(len(loop.reads) - 1, 0) if loop.has_initial else None
        for j in range(loop.terms):
            product = part(0, j) * part(1, j)
            total = product if total is None else total + product
        if total is not None and len(reads) <= MAX_READS:
            line.reads, line.expression, line.is_changed = reads, total, True

    def _note_all(self) -> None:
        """Note what is read everywhere."""
        rows: list[tuple[int, ...]] = []
        for place, body in enumerate(self._bodies):
            for i, line in enumerate(body):
                some = self._rows_of(place, i, line)
                self._where[id(line)] = range(len(rows), len(rows) + len(some))
                rows += some
        self._read = np.array(rows, np.int64).reshape(-1, 7).T.copy()

    def _note_again(self, place: int, numbers: Sequence[int]) -> None:
        """Note anew what some loops of a body read."""
        rows: list[tuple[int, ...]] = []
        start = self._read.shape[1]
        for i in numbers:
            line = self._bodies[place][i]
            gone = self._where[id(line)]
            self._read[2, gone.start : gone.stop] = NOWHERE
            some = [] if line.is_gone else self._rows_of(place, i, line)
            self._where[id(line)] = range(start + len(rows), start + len(rows) + len(some))
            rows += some
        new = np.array(rows, np.int64).reshape(-1, 7).T
        self._read = np.concatenate([self._read, new], axis=1)

    def _rows_of(self, place: int, i: int, line: _Line) -> list[tuple[int, ...]]:
        """For each operand of a loop in `SPACES`: the body, the loop, its space, the first and the
        last place, the shift, and how often it runs."""
        pairs = zip(line.reads, line.ends, strict=True)
        count = self._counts[place]
        return [
            (place, i, SPACES.index(read.access.space), low, high, read.shift, count)
            for read, (low, high) in pairs
            if read.access.space in SPACES
        ]

    # ------------------------------------------------------------------------------ one body
    def _shorten(self, place: int, count: int, body: list[_Line]) -> None:
        """Takes loops of one body into others, and lets the rest of those that only the same time
        reads write to the same places."""
        for j, line in enumerate(body):
            if line.expression is not None and line.loop.space in SPACES:
                readers = self._readers(place, count, j, body)
                if readers is not None and self._is_taken_in(line, [body[i] for i in readers]):
                    self._note_again(place, [j, *readers])
        if count > 1:
            self._keep_still(
                self._read_at_once(place, count, body), [line for line in body if not line.is_gone]
            )

    def _read_at_once(
        self, place: int, count: int, body: list[_Line]
    ) -> list[tuple[_Line, list[_Line]]]:
        """The loops of a body that only the same time reads, each with those that read it."""
        left = [j for j, x in enumerate(body) if not x.is_gone and x.loop.space in SPACES]
        found = [(body[j], self._readers(place, count, j, body)) for j in left]
        return [(x, [body[i] for i in readers]) for x, readers in found if readers is not None]

    def _readers(self, place: int, count: int, j: int, body: list[_Line]) -> list[int] | None:
        """The numbers of the later loops of the body that read what loop j writes in the same time;
        None where that is read at another time or elsewhere, too, and where nobody reads it."""
        line = body[j]
        places, lines, spaces, low, high, shifts, counts = self._read
        first, last, move = line.first, line.last, line.shift
        same_space = spaces == SPACES.index(line.loop.space)
        # What all times write and read together.
        far = move * (count - 1)
        reach = shifts * (counts - 1)
        meets = same_space & (low + np.minimum(reach, 0) <= last + max(far, 0))
        meets &= high + np.maximum(reach, 0) >= first + min(far, 0)
        if move and count > 1:
            # What moves by a multiple of it meets it at one time or at none.
            with_it = shifts % abs(move) == 0
            below = -((last - low) // abs(move))  # ceil((low - last) / move)
            meets &= ~with_it | ((high - first) // abs(move) >= below)
        elif count > 1:
            return None  # each time writes to the same places already
        here = meets & (places == place)
        if (meets & ~here).any():
            return None
        if count > 1:
            start, end = _reach(body, line)
            at_once = (shifts == move) & (low >= start) & (high < end) & (end - start <= abs(move))
            if (here & ~at_once).any():
                return None
            here &= (low <= last) & (high >= first)
        numbers = np.unique(lines[here]).tolist()
        if any(i <= j for i in numbers):
            return None
        return numbers or None

    # ------------------------------------------------------------------------------ taken in
    def _is_taken_in(self, line: _Line, readers: list[_Line]) -> bool:
        """Takes a loop into all that read it, if that costs nothing; says whether it did."""
        if not _may_be_taken_in(line) or not _take_in_for_nothing(readers, line):
            return False
        together = [_together(reader, line) for reader in readers]
        if any(each is None for each in together):
            return False
        for reader, each in zip(readers, together, strict=True):
            assert each is not None
            reader.reads, reader.expression = each
            reader.is_changed = True
            reader.noteends()
        line.is_gone = True
        return True

    # ------------------------------------------------------------------------- the same places
    def _keep_still(self, lines: list[tuple[_Line, list[_Line]]], body: list[_Line]) -> None:
        """Let loops write to the same places in every step, those of the first one, where all
        their readers read places that do not move."""
        uses = {
            id(line): [(reader, k) for reader in readers for k in _reading(reader, line)]
            for line, readers in lines
        }
        touched = {
            key: {id(other) for reader, k in some for other in body if _meets(reader, k, other)}
            for key, some in uses.items()
        }
        still = set(uses)
        while still != (rest := {key for key in still if touched[key] <= still}):
            still = rest
        for line, _ in lines:
            if id(line) in still:
                line.shift = 0
                for reader, k in uses[id(line)]:
                    reader.reads[k].shift = 0


def _may_be_taken_in(line: _Line) -> bool:
    """Whether a loop computes numbers of numbers, of which it is known where they are."""
    if line.expression is None or line.loop.op is None or len(line.loop.shape) > 1:
        return False
    return all(read.access.affine for read in line.reads)


def _take_in_for_nothing(readers: list[_Line], line: _Line) -> bool:
    """Whether readers can take a loop in, and nothing large is then computed twice."""
    computed = 0
    for reader in readers:
        inside = _reading(reader, line)
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


def _reading(reader: _Line, line: _Line) -> list[int]:
    """Which operands of a loop read what another one writes."""
    return [k for k in range(len(reader.reads)) if _meets(reader, k, line)]


def _reach(body: list[_Line], line: _Line) -> tuple[int, int]:
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


def _meets(reader: _Line, k: int, line: _Line) -> bool:
    low, high = reader.ends[k]
    read = reader.reads[k]
    same = read.access.space == line.loop.space and read.shift == line.shift
    return same and low <= line.last and high >= line.first


def _is_inside(reader: _Line, k: int, line: _Line) -> bool:
    low, high = reader.ends[k]
    return line.first <= low and high <= line.last


def _columns(loop: Loop, k: int) -> list[Access] | None:
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


def _together(reader: _Line, line: _Line) -> tuple[list[_Read], Expression] | None:
    """What the reader reads and computes with a loop taken in; None where it is too much."""
    reads: list[_Read] = []
    known: dict[Any, int] = {}

    def number(access: Access, shift: int) -> int:
        key = access.space, access.base, access.strides, access.step, bytes(access.table), shift
        if key not in known:
            known[key] = len(reads)
            reads.append(_Read(access, shift))
        return known[key]

    assert reader.expression is not None
    assert line.expression is not None
    values: list[tuple[int, ...] | int] = []
    for k, read in enumerate(reader.reads):
        if not _meets(reader, k, line):
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
