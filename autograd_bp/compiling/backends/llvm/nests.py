"""Loops as LLVM functions.

    shared(self, P, U)                                 what all rows of data share
    rows(self, P, U, X, stride, rows, Σ, Y, scratch)   the rows; adds to Σ

Rows are taken in chunks that the cache holds, a chunk in vectors of `lanes` rows. A result of one
row is a line of the scratch space, as long as a chunk. Inside, for each loop of the program: its
members, then the vectors of the chunk, then the terms. Several members of a `dot` are computed
side by side, so that they share what they read and no addition waits for the one before it. Sums
over rows stay in registers for a whole chunk and are folded lane by lane in a fixed order.

LLVM takes more than twice as long for a function of twice the length. A long program is therefore
written in pieces, functions of some dozens of loops that the two above call one after the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, product
from typing import Any

from autograd_bp.compiling.backends.llvm.library import printer
from autograd_bp.compiling.backends.llvm.members import Members
from autograd_bp.compiling.backends.llvm.places import Counters, Module, Places
from autograd_bp.compiling.backends.llvm.tiles import folded, tiles
from autograd_bp.compiling.backends.llvm.together import FEW, joined, passes
from autograd_bp.compiling.backends.llvm.values import Values, is_straight, is_tiled
from autograd_bp.compiling.backends.llvm.writer import Writer
from autograd_bp.compiling.loops.loops import Loop, Loops, Repeat
from autograd_bp.compiling.loops.sequences import pieces

LONGEST_CHUNK = 128  # rows
CACHE = 3 << 19  # bytes that the lines of a chunk may take
ROWS = (
    "define void @rows(ptr %self, ptr noalias %P, ptr noalias %U, ptr noalias %X, i64 %stride, "
    "i64 %rows, ptr noalias %sums, ptr noalias %each, ptr noalias %S) #0"
)
SHARED = "define void @shared(ptr %self, ptr noalias %P, ptr noalias %U) #0"
PIECE = 64
PIECE_OF_ROWS = ROWS.replace("define void @rows(", "define internal void {name}(").replace(
    ") #0", ", i64 %first, i64 %time) #0"
)
PIECE_SHARED = SHARED.replace("define void @shared(", "define internal void {name}(").replace(
    ") #0", ", i64 %time) #0"
)
TO_ROWS = (
    "ptr %self, ptr %P, ptr %U, ptr %X, i64 %stride, i64 %rows, ptr %sums, ptr %each, ptr %S, "
    "i64 {start}, i64 {time}"
)
TO_SHARED = "ptr %self, ptr %P, ptr %U, i64 {time}"


def chunk_of(loops: Loops, lanes: int) -> int:
    """How many rows at a time, a multiple of the lanes."""
    if lanes == 1:
        return 1
    fitting = CACHE // (8 * max(loops.sizes["slot"], 1))
    chunk = lanes
    while chunk * 2 <= min(fitting, LONGEST_CHUNK):
        chunk *= 2
    return chunk


def module(loops: Loops, lanes: int, vectors: int, width: int = 1) -> str:
    """The text of both functions.

    Arguments:
        loops: what they compute.
        lanes: for vectors of so many rows of data.
        vectors: how many doubles a call of libmvec takes; 0 without it.
        width: how many members of a loop are computed by one instruction where one instruction
            works on one row.
    """
    made = Module(loops, vectors, width)
    shared, varying = pieces(loops)
    first = Writer(1, made.declared)
    functions = _Pieces(made, 1, 1).write(first, shared)
    second = Writer(lanes, made.declared)
    chunk = chunk_of(loops, lanes)
    with second.loop("%rows", chunk) as start:
        functions += _Pieces(made, lanes, chunk).write(second, varying, start)
    # An empty batch is not handed to native code: the loop over rows runs at least once.
    functions += [first.function(SHARED), second.function(ROWS)]
    return "\n\n".join(
        ["\n".join(made.tables.values()), "\n".join(made.declared.values()), *functions]
    )


class _Pieces:
    """Writes loops into a function or, where they are many, into functions that it calls.

    Arguments:
        made: the module that the code is part of.
        lanes, chunk: of rows, see `module`.
    """

    def __init__(self, made: Module, lanes: int, chunk: int) -> None:
        self._made, self._lanes, self._chunk = made, lanes, chunk
        self._functions: list[str] = []

    def write(
        self, writer: Writer, repeats: Sequence[Repeat], start: str | None = None
    ) -> list[str]:
        """Writes them; returns the functions that they need.

        Arguments:
            writer: the function.
            repeats: the loops.
            start: the first row of the chunk; None for what all rows share.
        """
        if sum(len(repeat.body) for repeat in repeats) <= 2 * PIECE:
            body = _Body(self._made, writer, self._chunk)
            if start is not None:
                body.begin_chunk(start)
            body.write(repeats)
            return []
        for few in _in_pieces(repeats):
            if few[0].count == 1 or len(few[0].body) <= PIECE:
                self._call(writer, few, start, "0")
                continue
            (repeat,) = few
            with writer.loop(repeat.count) as time:
                for part in _parts(repeat):
                    self._call(writer, [part], start, time)
        return self._functions

    def _call(
        self, writer: Writer, repeats: Sequence[Repeat], start: str | None, time: str
    ) -> None:
        """A function of its own for some loops, and the call of it. What is repeated more than
        once is repeated inside unless the time comes from outside."""
        within = Writer(self._lanes, self._made.declared)
        body = _Body(self._made, within, self._chunk)
        if start is not None:
            body.begin_chunk("%first")
        if time == "0":
            body.write(repeats)
        else:
            body.write_once(repeats[0], "%time")
        of_rows = start is not None
        kind, head, given = (
            ("rows", PIECE_OF_ROWS, TO_ROWS) if of_rows else ("shared", PIECE_SHARED, TO_SHARED)
        )
        name = f"@{kind}{len(self._functions)}"
        self._functions.append(within.function(head.format(name=name)))
        writer.do(f"call void {name}({given.format(start=start, time=time)})")


def _in_pieces(repeats: Sequence[Repeat]) -> Iterator[list[Repeat]]:
    """The same in order, some at a time that have at most PIECE loops together. A single one with
    more stands alone; those that run once are cut."""
    few: list[Repeat] = []
    for repeat in repeats:
        for part in _parts(repeat) if repeat.count == 1 else [repeat]:
            if few and sum(len(each.body) for each in few) + len(part.body) > PIECE:
                yield few
                few = []
            few.append(part)
    yield few


def _parts(repeat: Repeat) -> list[Repeat]:
    """The body of a repeat, cut into bodies of at most PIECE loops."""
    return [
        Repeat(repeat.count, repeat.body[k : k + PIECE], repeat.shifts[k : k + PIECE])
        for k in range(0, len(repeat.body), PIECE)
    ]


class _Body:
    """The work for one chunk of rows, or once for all."""

    def __init__(self, made: Module, writer: Writer, chunk: int) -> None:
        self._made, self._w, self._chunk = made, writer, chunk
        self._printer = printer(writer, made.vectors)
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
                with self._w.loop(piece.count) as time:
                    self.write_once(piece, time)

    def write_once(self, piece: Repeat, time: str) -> None:
        """The body of a repeat at one time."""
        if self._w.lanes == 1:
            for loop, shifts in zip(piece.body, piece.shifts, strict=True):
                self._places.moved(time, shifts)
                self._stored(loop)
            return
        for numbers in passes(piece.body):
            loops = [(piece.body[k], piece.shifts[k]) for k in numbers]
            if len(loops) > 1:
                self._stored_together(loops, time, is_repeated=piece.count > 1)
                continue
            ((loop, shifts),) = loops
            self._places.moved(time, shifts)
            if loop.space == "sum":
                self._summed(loop)
            else:
                self._stored(loop)

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
        for members in tiles(w, loop.shape, side_by_side):
            if w.lanes == 1:
                self._store(loop, members, "")
                continue
            with w.loop(self._vectors) as number:
                self._store(loop, members, w.index(0, (number, w.lanes)))

    def _stored_together(
        self, loops: Sequence[tuple[Loop, Sequence[int]]], time: str, *, is_repeated: bool
    ) -> None:
        """Loops with few members, vector by vector."""
        w = self._w
        read = None
        if not is_repeated:
            read = self._made.readers.elsewhere([loop for loop, _ in loops if is_straight(loop)])
        with w.loop(self._vectors) as number:
            vector = w.index(0, (number, w.lanes))
            for loop, shifts in loops:
                self._places.moved(time, shifts)
                for members in self._written_out(loop):
                    self._store(loop, members, vector, read)

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
                pointer = w.op(f"getelementptr double, ptr %sums, i64 {place}")
                before = w.op_anew(f"load double, ptr {pointer}")
                w.do(f"store double {self._printer.add(before, y)}, ptr {pointer}")
            elif loop.space == "shared":
                pointer = w.op(f"getelementptr double, ptr %U, i64 {place}")
                w.store(y, pointer, 8, "double")
            else:
                pointer = self._places.line(loop.space, place, vector)
                is_read = read is None or loop.space != "slot" or read[int(place)]
                w.store(y, pointer, self._places.align, is_read=is_read)

    def _summed(self, loop: Loop) -> None:
        """Members that are added up over the rows of the chunk."""
        w, a = self._w, self._printer
        two = loop.is_product and loop.terms == 1
        for members in tiles(w, loop.shape, self._products if two else (1,)):
            totals = [w.local() for _ in members]
            for total in totals:
                w.put(w.constant(0.0), total)
            with w.when(w.op(f"icmp ne i64 {self._full}, 0")), w.loop(self._full) as number:
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
                pointer = w.op(f"getelementptr double, ptr %sums, i64 {place}")
                before = w.op_anew(f"load double, ptr {pointer}")
                after = w.op(f"fadd double {before}, {folded(w, w.get(total))}")
                w.do(f"store double {after}, ptr {pointer}")

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
