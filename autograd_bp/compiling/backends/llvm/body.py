"""The code of some loops for one chunk of rows, or once for all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import groupby, product
from typing import Any

from autograd_bp.compiling.backends.llvm.alike import Move
from autograd_bp.compiling.backends.llvm.library import IN_LIBMVEC, printer
from autograd_bp.compiling.backends.llvm.members import ONE_BY_ONE, Members
from autograd_bp.compiling.backends.llvm.places import Counters, Module, Places
from autograd_bp.compiling.backends.llvm.row_sums import Rows, RowSums
from autograd_bp.compiling.backends.llvm.tiles import tiles
from autograd_bp.compiling.backends.llvm.together import FEW, joined, passes
from autograd_bp.compiling.backends.llvm.values import (
    FEW_TERMS,
    Values,
    is_small,
    is_straight,
    is_tiled,
    shares_a_list,
)
from autograd_bp.compiling.backends.llvm.writer import BYTES, Writer
from autograd_bp.compiling.loops.loops import Loop, Repeat
from autograd_bp.compiling.loops.siblings import Calls, runs_of
from autograd_bp.compiling.loops.states import may_run_twice
from autograd_bp.printers.overrides import form

SUMS = 4  # over rows of short expressions, which are computed side by side
BYTES_WITH_MASKS = 64  # of a register of a processor that has masks, by AVX-512
APART = 5  # sums of products side by side that share nothing


class Body:
    """The work for one chunk of rows, or once for all.

    Arguments:
        made: the module that the code is part of.
        writer: where to write.
        chunk: how many rows.
        call_for: writes the call of a function that computes a loop, where many that are alike
            share one, and says whether it did; None inside of such a function.
    """

    def __init__(
        self,
        made: Module,
        writer: Writer,
        chunk: int,
        call_for: Callable[[Loop, Writer, str], bool] | None = None,
    ) -> None:
        self._made, self._w, self._chunk, self._call_for = made, writer, chunk, call_for
        self._printer = printer(writer, made.vectors, made.width)
        self._places = Places(made, writer, chunk)
        self._calls = Calls(partial(form, "llvm"), IN_LIBMVEC)
        self._computed = Values(writer, self._printer, self._places)
        self._members = Members(made, writer, self._printer, self._places, self._computed)
        self._vectors, self._rows = "", Rows("", "", "", "")
        # As many members side by side as the registers hold: 32 of 512 bits, else 16.
        self._dots, products = (8, (4, 2)) if writer.lanes in (1, 16) else (4, (2, 2))
        self._sums = RowSums(
            writer,
            self._printer,
            self._places,
            self._values,
            products,
            self._side_by_side,
            has_masks=made.width * BYTES[made.real] >= BYTES_WITH_MASKS,
        )

    def begin_chunk(self, start: str) -> None:
        """How many vectors this chunk has, full ones, and what is left over."""
        w = self._w
        self._places.start = start
        if w.lanes == 1:
            return
        left = w.op(f"sub i64 %rows, {start}")
        count = w.op(f"call i64 @llvm.umin.i64(i64 {left}, i64 {self._chunk})")
        w.declared["llvm.umin.i64"] = "declare i64 @llvm.umin.i64(i64, i64)"
        self._vectors = w.op(f"udiv i64 {w.op(f'add i64 {count}, {w.lanes - 1}')}, {w.lanes}")
        full = w.op(f"udiv i64 {count}, {w.lanes}")
        rest = w.op(f"urem i64 {count}, {w.lanes}")
        self._rows = Rows(count, self._vectors, full, rest)

    def write(self, repeats: Sequence[Repeat]) -> None:
        for is_single, few in groupby(repeats, lambda repeat: repeat.count == 1):
            if is_single:
                self.write_once(joined([*few]), "0")
                continue
            for piece in few:
                if piece.over:
                    self._w.forget_loads()
                with self._w.loop(piece.count) as time:
                    self.write_once(piece, time)

    def write_once(self, piece: Repeat, time: str) -> None:
        """The body of a repeat at one time."""
        written = 0  # loops of the body
        for numbers in passes(piece.body, are_joined=self._w.lanes > 1):
            if numbers.start < written:
                continue
            if len(numbers) > 1:
                self._stored_together(piece, numbers, time)
                continue
            loop, shifts = piece.body[numbers.start], piece.shifts[numbers.start]
            count = runs_of(piece.body, numbers.start, self._calls) if piece.count == 1 else 1
            if count > 1:
                written = numbers.start + count
                self._stored_beside(piece.body[numbers.start : written])
                continue
            if piece.count == 1 and self._is_called(loop):
                continue
            self.write_moved(loop, [(time, shift) for shift in shifts])
            if numbers.start in piece.over:
                self._w.forget_loads()

    def _stored_beside(self, loops: Sequence[Loop]) -> None:
        """Loops that compute something of the same numbers, as one nest: what they have in common
        is computed once."""
        w, first = self._w, loops[0]
        self._places.moved("0", (0,) * (1 + len(first.reads)))
        if w.lanes == 1 and self._members.write(first, loops[1:]):
            return
        may_overlap = all(map(may_run_twice, loops))
        for members in tiles(w, first.shape, (1,), may_overlap=may_overlap):
            with w.loop(self._vectors) if w.lanes > 1 else nullcontext("") as number:
                vector = w.index(0, (number, w.lanes)) if number else ""
                for loop in loops:
                    self._store(loop, members, vector)

    def _is_called(self, loop: Loop) -> bool:
        """Whether a function computes the loop, which is called."""
        return self._call_for is not None and self._call_for(loop, self._w, self._places.start)

    def write_moved(
        self,
        loop: Loop,
        moves: Sequence[Move],
        terms: str = "",
        strides: Sequence[Sequence[int | str]] = (),
    ) -> None:
        """A loop; see `Places.moved_by`."""
        self._places.moved_by(moves, terms, strides)
        if loop.space == "sum" and self._w.lanes > 1:
            self._sums.write(loop, self._rows)
        else:
            self._stored(loop)

    def way(self, loop: Loop) -> tuple[Any, ...]:
        """What the code for a loop depends on beside what `kind_of` sees."""
        if self._w.lanes > 1:
            return ("",)
        way = self._members.way(loop)
        return (way,) if way == ONE_BY_ONE else (way, *self._members.strides_of(loop))

    def table_of(self, loop: Loop, k: int) -> str:
        """The name of the table of access k, in the order in which the code reads it."""
        if self._w.lanes > 1:
            return self._made.table(loop.reads[k])
        return self._members.table_of(loop, k)

    # ----------------------------------------------------------------------------- computations
    def _stored(self, loop: Loop) -> None:
        w = self._w
        if w.lanes == 1 and self._members.write(loop):
            return
        if w.lanes == 1 and loop.members * loop.terms <= FEW:
            for members in self._written_out(loop):
                self._store(loop, members, "")
            return
        size = self._side_by_side(loop)
        for members in tiles(w, loop.shape, (size,), may_overlap=may_run_twice(loop)):
            if w.lanes == 1:
                self._store(loop, members, "")
                continue
            with w.loop(self._vectors) as number:
                self._store(loop, members, w.index(0, (number, w.lanes)))

    def _side_by_side(self, loop: Loop) -> int:
        """How many members are written one after the other. Sums of products that read the same
        number load it once; for others it is enough that no addition waits for the one before."""
        if not is_tiled(loop):
            return SUMS if loop.space == "sum" and is_small(loop) else 1
        if self._w.lanes == 1 or shares_a_list(loop):
            return self._dots
        return 1 if loop.terms <= FEW_TERMS else min(self._dots, APART)

    def _stored_together(self, piece: Repeat, numbers: range, time: str) -> None:
        """Loops of a repeat with few members, vector by vector."""
        w = self._w
        read = None
        if piece.count == 1:
            loops = [piece.body[k] for k in numbers]
            read = self._made.readers.elsewhere(list(filter(is_straight, loops)))
        with w.loop(self._vectors) as number:
            vector = w.index(0, (number, w.lanes))
            for k in numbers:
                loop = piece.body[k]
                self._places.moved(time, piece.shifts[k])
                for members in self._written_out(loop):
                    self._store(loop, members, vector, read)
                if k in piece.over:
                    w.forget_loads()

    def _written_out(self, loop: Loop) -> Iterator[list[Counters]]:
        """All members of a loop, those together that are computed side by side."""
        members: list[Counters] = [
            [*map(str, member)] for member in product(*map(range, loop.shape))
        ]
        size = self._side_by_side(loop)
        return (members[start : start + size] for start in range(0, len(members), size))

    def _store(self, loop: Loop, members: list[Counters], vector: str, read: Any = None) -> None:
        """Computes and stores members.

        Arguments:
            loop: what they are members of.
            members: the members.
            vector: the first row, counted from the beginning of the chunk.
            read: for each slot whether it is read from memory; all are when left out.
        """
        w = self._w
        for member, y in zip(members, self._values(loop, members, vector), strict=True):
            place = self._places.target(loop, member)
            if loop.space == "sum":
                pointer = w.pointer("%sums", place)
                before = w.op_anew(f"load double, ptr {pointer}")
                w.do(f"store double {w.op(f'fadd double {before}, {w.widened(y)}')}, ptr {pointer}")
            elif loop.space == "shared":
                kind = w.kind_in(loop.space)
                w.store(w.widened(y, kind), w.pointer("%U", place, kind), BYTES[kind], kind)
            else:
                pointer, kind = self._places.line(loop.space, place, vector), w.kind_in(loop.space)
                is_read = read is None or loop.space != "slot" or read[int(place)]
                align = self._places.align(loop.space)
                w.store(w.widened(y, kind), pointer, align, w.many(kind), is_read=is_read)

    def _values(self, loop: Loop, members: list[Counters], vector: str) -> list[str]:
        """The results of these members for one vector of rows."""
        readers = [
            [self._places.reader(loop, k, member, vector) for k in range(len(loop.reads))]
            for member in members
        ]
        return self._computed.of(loop, readers)
