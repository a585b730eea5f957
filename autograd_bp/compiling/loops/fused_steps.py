"""Loops of repeats whose results are read in the same time alone: they are taken into the loops
that read them, or write to the same places each time.

The steps of a recurrence leave a body of loops that runs many times, and each time writes to places
of its own. What only the same step reads needs no such places: with one set of places for all
steps it stays in the cache, and inside of the loop that reads it it needs no memory at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.fusing import MAX_READS, Form
from autograd_bp.compiling.loops.loops import Loop, Loops, Repeat, RepeatedLoops
from autograd_bp.compiling.loops.ordering import in_runs
from autograd_bp.compiling.loops.sequences import pieces
from autograd_bp.compiling.loops.step_lines import (
    SPACES,
    Line,
    Read,
    columns_of,
    may_be_taken_in,
    reach_of,
    reading,
    reads_from,
    take_in_for_nothing,
    together_with,
)
from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.expressions import Expression, letters

__all__ = ["fused_steps"]

NOWHERE = -1  # in the place of a space
MAX_TERMS = 4  # of a sum of products that becomes an expression
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

    def _line(self, loop: Loop, shifts: Sequence[int]) -> Line:
        reads = [Read(a, shift) for a, shift in zip(loop.reads, shifts[1:], strict=True)]
        line = Line(loop, shifts[0], reads)
        if self._form is None:
            line.note_ends()
            return line
        if loop.op is None:
            line.expression = Expression("input", "a")
        elif loop.op.arity is not None and loop.op.arity <= MAX_READS:
            printed = self._form(loop.op)
            line.expression = printed if isinstance(printed, Expression) else None
        elif loop.op is ops.dot and loop.terms <= MAX_TERMS:
            self._write_out(line)
        line.note_ends()
        return line

    def _write_out(self, line: Line) -> None:
        """A short sum of products as an expression."""
        loop = line.loop
        columns = [columns_of(loop, k) for k in range(len(loop.reads))]
        if any(column is None for column in columns):
            return
        reads: list[Read] = []

        def part(k: int, j: int) -> Expression:
            reads.append(Read(columns[k][j], line.reads[k].shift))  # type: ignore[index]
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

    def _rows_of(self, place: int, i: int, line: Line) -> list[tuple[int, ...]]:
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
    def _shorten(self, place: int, count: int, body: list[Line]) -> None:
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
        self, place: int, count: int, body: list[Line]
    ) -> list[tuple[Line, list[Line]]]:
        """The loops of a body that only the same time reads, each with those that read it."""
        left = [j for j, x in enumerate(body) if not x.is_gone and x.loop.space in SPACES]
        found = [(body[j], self._readers(place, count, j, body)) for j in left]
        return [(x, [body[i] for i in readers]) for x, readers in found if readers is not None]

    def _readers(self, place: int, count: int, j: int, body: list[Line]) -> list[int] | None:
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
            start, end = reach_of(body, line)
            at_once = (shifts == move) & (low >= start) & (high < end) & (end - start <= abs(move))
            if (here & ~at_once).any():
                return None
            here &= (low <= last) & (high >= first)
        numbers = distinct(lines[here]).tolist()
        if any(i <= j for i in numbers):
            return None
        return numbers or None

    # ------------------------------------------------------------------------------ taken in
    def _is_taken_in(self, line: Line, readers: list[Line]) -> bool:
        """Takes a loop into all that read it, if that costs nothing; says whether it did."""
        if not may_be_taken_in(line) or not take_in_for_nothing(readers, line):
            return False
        together = [together_with(reader, line) for reader in readers]
        if any(each is None for each in together):
            return False
        for reader, each in zip(readers, together, strict=True):
            assert each is not None
            reader.reads, reader.expression = each
            reader.is_changed = True
            reader.note_ends()
        line.is_gone = True
        return True

    # ------------------------------------------------------------------------- the same places
    def _keep_still(self, lines: list[tuple[Line, list[Line]]], body: list[Line]) -> None:
        """Let loops write to the same places in every step, those of the first one, where all
        their readers read places that do not move."""
        uses = {
            id(line): [(reader, k) for reader in readers for k in reading(reader, line)]
            for line, readers in lines
        }
        touched = {
            key: {id(other) for reader, k in some for other in body if reads_from(reader, k, other)}
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
