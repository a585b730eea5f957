"""The code of some loops for one chunk of rows, or once for all rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, product
from typing import Any

from autograd_bp.compiling.backends.llvm.alike import Move
from autograd_bp.compiling.backends.llvm.library import printer
from autograd_bp.compiling.backends.llvm.members import ONE_BY_ONE, Members
from autograd_bp.compiling.backends.llvm.places import Counters, Module, Places
from autograd_bp.compiling.backends.llvm.tiles import folded, tiles
from autograd_bp.compiling.backends.llvm.together import FEW, joined, passes
from autograd_bp.compiling.backends.llvm.values import Values, is_straight, is_tiled
from autograd_bp.compiling.backends.llvm.writer import DOUBLE, Writer
from autograd_bp.compiling.loops.loops import Loop, Repeat
from autograd_bp.compiling.loops.states import may_run_twice


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
        self._computed = Values(writer, self._printer, self._places)
        self._members = Members(made, writer, self._printer, self._places, self._computed)
        self._vectors = self._full = self._rest = self._mask = ""
        # As many members side by side as the registers hold: 32 of 512 bits, else 16.
        self._dots, self._products = (8, (4, 2)) if writer.lanes in (1, 16) else (4, (2, 2))

    def begin_chunk(self, start: str) -> None:
        """How many vectors this chunk has, full ones, and what is left over."""
        w = self._w
        self._places.start = start
        if w.lanes == 1:
            return
        left = w.op(f"sub i64 %rows, {start}")
        size = w.op(f"call i64 @llvm.umin.i64(i64 {left}, i64 {self._chunk})")
        w.declared["llvm.umin.i64"] = "declare i64 @llvm.umin.i64(i64, i64)"
        self._full = w.op(f"udiv i64 {size}, {w.lanes}")
        self._rest = w.op(f"urem i64 {size}, {w.lanes}")
        self._vectors = w.op(f"udiv i64 {w.op(f'add i64 {size}, {w.lanes - 1}')}, {w.lanes}")
        one = w.op(f"insertelement <{w.lanes} x i64> poison, i64 {self._rest}, i32 0")
        rest = w.op(
            f"shufflevector <{w.lanes} x i64> {one}, <{w.lanes} x i64> poison, "
            f"<{w.lanes} x i32> zeroinitializer"
        )
        numbers = "<" + ", ".join(f"i64 {k}" for k in range(w.lanes)) + ">"
        self._mask = w.op(f"icmp ult <{w.lanes} x i64> {numbers}, {rest}")

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
        for numbers in passes(piece.body, are_joined=self._w.lanes > 1):
            if len(numbers) > 1:
                self._stored_together(piece, numbers, time)
                continue
            loop, shifts = piece.body[numbers.start], piece.shifts[numbers.start]
            if piece.count == 1 and self._is_called(loop):
                continue
            self.write_moved(loop, [(time, shift) for shift in shifts])
            if numbers.start in piece.over:
                self._w.forget_loads()

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
            self._summed(loop)
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
        side_by_side = (self._dots,) if is_tiled(loop) else (1,)
        for members in tiles(w, loop.shape, side_by_side, may_overlap=may_run_twice(loop)):
            if w.lanes == 1:
                self._store(loop, members, "")
                continue
            with w.loop(self._vectors) as number:
                self._store(loop, members, w.index(0, (number, w.lanes)))

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
        size = self._dots if is_tiled(loop) else 1
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
                self._add_to_sum(place, w.widened(y))
            elif loop.space == "shared":
                pointer = w.op(f"getelementptr double, ptr %U, i64 {place}")
                w.store(w.widened(y), pointer, 8, DOUBLE)
            else:
                pointer, kind = self._places.line(loop.space, place, vector), w.kind_in(loop.space)
                is_read = read is None or loop.space != "slot" or read[int(place)]
                align = self._places.align(loop.space)
                w.store(w.widened(y, kind), pointer, align, w.many(kind), is_read=is_read)

    def _add_to_sum(self, place: str, y: str) -> None:
        """Adds a double to a sum over rows."""
        w = self._w
        pointer = w.op(f"getelementptr double, ptr %sums, i64 {place}")
        before = w.op_anew(f"load double, ptr {pointer}")
        w.do(f"store double {w.op(f'fadd double {before}, {y}')}, ptr {pointer}")

    def _summed(self, loop: Loop) -> None:
        """Members that are added up over the rows of the chunk."""
        w, a = self._w, self._printer
        two = loop.is_product and loop.terms == 1
        for members in tiles(w, loop.shape, self._products if two else (1,)):
            totals = [w.local() for _ in members]
            for total in totals:
                w.put(w.constant(0.0), total)
            some = w.when(w.op(f"icmp ne i64 {self._full}, 0"))
            with some, w.loop(self._full) as number:
                vector = w.index(0, (number, w.lanes))
                if two:
                    factors = self._factors(loop, members, vector)
                    for total, (x, y) in zip(totals, factors, strict=True):
                        w.put(a.fused(x, y, w.get(total)), total)
                else:
                    for total, y in zip(totals, self._values(loop, members, vector), strict=True):
                        w.put(a.add(w.get(total), y), total)
            with w.when(w.op(f"icmp ne i64 {self._rest}, 0")):
                vector = w.op(f"mul i64 {self._full}, {w.lanes}")
                for total, y in zip(totals, self._values(loop, members, vector), strict=True):
                    kept = a.choose(self._mask, y, w.constant(0.0))
                    w.put(a.add(w.get(total), kept), total)
            for member, total in zip(members, totals, strict=True):
                place = self._places.target(loop, member)
                y = w.widened(w.get(total))
                with w.of_doubles():
                    self._add_to_sum(place, folded(w, y))

    def _factors(self, loop: Loop, members: list[Counters], vector: str) -> list[tuple[str, str]]:
        known: dict[tuple[int, str], str] = {}
        found = []
        for member in members:
            pair = []
            for k in (0, 1):
                access = loop.reads[k]
                used = [c if s else "" for c, s in zip(member, access.strides, strict=True)]
                key = (k, " ".join(used if access.affine else member))
                if key not in known:
                    known[key] = self._places.reader(loop, k, member, vector)(0)
                pair.append(known[key])
            found.append((pair[0], pair[1]))
        return found

    def _values(self, loop: Loop, members: list[Counters], vector: str) -> list[str]:
        """The results of these members for one vector of rows."""
        readers = [
            [self._places.reader(loop, k, member, vector) for k in range(len(loop.reads))]
            for member in members
        ]
        return self._computed.of(loop, readers)
