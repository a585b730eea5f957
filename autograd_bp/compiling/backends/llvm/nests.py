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
Small loops go over the rows together (together.py), and many that are alike share a function
(alike.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autograd_bp.compiling.backends.llvm.alike import (
    Function,
    frequent,
    function_for,
    kind_of,
    table_name,
)
from autograd_bp.compiling.backends.llvm.body import Body
from autograd_bp.compiling.backends.llvm.flat import flat
from autograd_bp.compiling.backends.llvm.members import BY_TERMS
from autograd_bp.compiling.backends.llvm.places import Module
from autograd_bp.compiling.backends.llvm.together import are_few
from autograd_bp.compiling.backends.llvm.writer import BYTES, COPIED, DOUBLE, OWN, Writer
from autograd_bp.compiling.loops.loops import Loop, Loops, Repeat
from autograd_bp.compiling.loops.sequences import pieces

LONGEST_CHUNK = 128  # rows
# Bytes that the lines of a chunk may take. At its end the lanes of each sum over rows are
# added up: where sums are more than lines, that takes longer than near caches save.
CACHE, CACHE_FOR_SUMS = 1 << 18, 3 << 19
ROWS = (
    "define void @rows(ptr %self, ptr noalias %P, ptr noalias %U, ptr noalias %X, i64 %stride, "
    "i64 %rows, ptr noalias %sums, ptr noalias %each, ptr noalias %S) #0"
)
SHARED = "define void @shared(ptr %self, ptr noalias %P, ptr noalias %U) #0"
PIECE = 64
OFTEN = 2  # operations for each parameter: more would convert it again and again, and read a copy
SMALL = 8  # operations of a loop for which a call costs too much
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


def chunk_of(loops: Loops, lanes: int, real: str = DOUBLE) -> int:
    """How many rows at a time, a multiple of the lanes."""
    if lanes == 1:
        return 1
    slots, sums = loops.sizes["slot"], loops.sizes["sum"]
    fitting = (CACHE_FOR_SUMS if sums > slots else CACHE) // (BYTES[real] * max(slots, 1))
    chunk = lanes
    while chunk * 2 <= min(fitting, LONGEST_CHUNK):
        chunk *= 2
    return chunk


def module(loops: Loops, lanes: int, vectors: int, width: int = 1, real: str = DOUBLE) -> str:
    """The text of both functions.

    Arguments:
        loops: what they compute.
        lanes: for vectors of so many rows of data.
        vectors: how many doubles a call of libmvec takes; 0 without it.
        width: how many members of a loop are computed by one instruction where one instruction
            works on one row.
        real: the type of numbers that are computed with, "double" or "float".
    """
    made = Module(loops, vectors, real, width)
    shared, varying = pieces(loops)
    shared = flat(shared, width)
    if lanes == 1:
        varying = flat(varying, width)
    is_copied = _is_copied(loops, lanes, real)
    spaces = COPIED if is_copied else OWN
    first = Writer(1, made.declared, real, spaces)
    second = Writer(lanes, made.declared, real, spaces)
    chunk = chunk_of(loops, lanes, real)
    if is_copied:
        _copy(first, width, loops)
        _find_copy(second, loops)
    functions = _Pieces(made, 1, 1, spaces).write(first, shared)
    with second.loop("%rows", chunk) as start:
        functions += _Pieces(made, lanes, chunk, spaces).write(second, varying, start)
    # An empty batch is not handed to native code: the loop over rows runs at least once.
    heads = [head.replace("%P", "%given_P") if is_copied else head for head in (SHARED, ROWS)]
    functions += [w.function(head) for w, head in zip((first, second), heads, strict=True)]
    return "\n\n".join(
        ["\n".join(made.tables.values()), "\n".join(made.declared.values()), *functions]
    )


def scratch_of(loops: Loops, lanes: int, real: str = DOUBLE) -> int:
    """How many numbers of that type a chunk of rows needs room for."""
    return loops.sizes["slot"] * chunk_of(loops, lanes, real)


def shared_of(loops: Loops, lanes: int, real: str = DOUBLE) -> int:
    """How many doubles have room for what all rows share."""
    if not _is_copied(loops, lanes, real):
        return loops.sizes["shared"]
    numbers = len(loops.parameters) + loops.sizes["shared"]
    return -(-numbers * BYTES[real] // BYTES[DOUBLE])


def _is_copied(loops: Loops, lanes: int, real: str) -> bool:
    """Whether what all rows share stands in memory as numbers that are computed with, the
    parameters as a copy behind it: not where few operations read it once."""
    return real != DOUBLE and (lanes > 1 or loops.work > OFTEN * len(loops.parameters))


def _copy(w: Writer, width: int, loops: Loops) -> None:
    """Copies the parameters behind what all rows share."""
    _find_copy(w, loops)
    full, rest = divmod(len(loops.parameters), width)
    for lanes, before, many in ((width, 0, full), (1, full * width, rest)):
        if not many:
            continue
        with w.of_width(lanes), w.loop(many) as k:
            at = w.index(before, (k, lanes))
            x = w.loaded(w.op(f"load {w.many(DOUBLE)}, ptr {w.pointer('%given_P', at)}, align 8"))
            target = w.pointer("%P", at, w.real)
            w.do(f"store {w.number} {x}, ptr {target}, align {BYTES[w.real]}")


def _find_copy(w: Writer, loops: Loops) -> None:
    w.do(f"%P = getelementptr {w.real}, ptr %U, i64 {loops.sizes['shared']}")


class _Pieces:
    """Writes loops into a function or, where they are many, into functions that it calls.

    Arguments:
        made: the module that the code is part of.
        lanes, chunk: of rows, see `module`.
        spaces: see `Writer`.
    """

    def __init__(self, made: Module, lanes: int, chunk: int, spaces: tuple[str, ...] = OWN) -> None:
        self._made, self._lanes, self._chunk, self._spaces = made, lanes, chunk, spaces
        self._functions: list[str] = []
        self._frequent: frozenset[Any] = frozenset()
        self._alike: dict[Any, Function] = {}
        self._sample = Body(made, Writer(lanes, {}, made.real), chunk)  # nothing is written into it

    def write(
        self, writer: Writer, repeats: Sequence[Repeat], start: str | None = None
    ) -> list[str]:
        """Writes them; returns the functions that they need.

        Arguments:
            writer: the function.
            repeats: the loops.
            start: the first row of the chunk; None for what all rows share.
        """
        self._frequent = frequent(repeats, self._kind)
        if sum(len(repeat.body) for repeat in repeats) <= 2 * PIECE:
            body = Body(self._made, writer, self._chunk, self._call_for)
            if start is not None:
                body.begin_chunk(start)
            body.write(repeats)
            return self._functions
        for few in _in_pieces(repeats):
            if few[0].count == 1 or len(few[0].body) <= PIECE:
                self._call(writer, few, start, "0")
                continue
            (repeat,) = few
            with writer.loop(repeat.count) as time:
                for part in _parts(repeat):
                    self._call(writer, [part], start, time)
        return self._functions

    def _writer(self) -> Writer:
        return Writer(self._lanes, self._made.declared, self._made.real, self._spaces)

    def _call(
        self, writer: Writer, repeats: Sequence[Repeat], start: str | None, time: str
    ) -> None:
        """A function of its own for some loops, and the call of it. What is repeated more than
        once is repeated inside unless the time comes from outside."""
        within = self._writer()
        body = Body(self._made, within, self._chunk, self._call_for)
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

    # ------------------------------------------------------------------------- loops that are alike
    def _kind(self, loop: Loop) -> Any:
        """The kind of a loop that may share a function with others; None for others."""
        if loop.members * loop.terms <= SMALL or (self._lanes > 1 and are_few(loop)):
            return None
        way = self._sample.way(loop)
        return kind_of(loop, way, any_terms=way[0] != BY_TERMS)

    def _call_for(self, loop: Loop, writer: Writer, start: str) -> bool:
        """Writes the call of a function that computes a loop, where others share it; says whether
        it did."""
        kind = self._kind(loop) if self._frequent else None
        if kind is None or kind not in self._frequent:
            return False
        if kind not in self._alike:
            self._alike[kind] = self._function(loop)
        function = self._alike[kind]
        given = self._of_space(loop, TO_ROWS, TO_SHARED).format(start=start, time="0")
        arguments = function.arguments(loop, self._sample.table_of)
        writer.do(f"call void {function.name}({given}{arguments})")
        return True

    def _function(self, loop: Loop) -> Function:
        """Writes the function for a loop and those that are alike."""
        name = self._of_space(loop, "@alike_of_rows", "@alike") + str(len(self._alike))
        any_terms = self._sample.way(loop)[0] != BY_TERMS
        function = function_for(loop, name, any_terms=any_terms)
        within = self._writer()
        body = Body(self._made, within, self._chunk)
        if loop.space != "shared":
            body.begin_chunk("%first")
        for k, read in enumerate(function.loop.reads):
            if not read.affine:
                self._made.names[id(read), False] = table_name(k)
                self._made.names[id(read), True] = table_name(k)
        terms = "%terms" if function.has_terms else ""
        body.write_moved(function.loop, function.moves, terms, function.strides)
        head = self._of_space(loop, PIECE_OF_ROWS, PIECE_SHARED).format(name=name)
        self._functions.append(within.function(head.replace(") #0", f"{function.parameters}) #0")))
        return function

    @staticmethod
    def _of_space(loop: Loop, of_rows: str, shared: str) -> str:
        return shared if loop.space == "shared" else of_rows


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
        Repeat(
            repeat.count,
            repeat.body[k : k + PIECE],
            repeat.shifts[k : k + PIECE],
            frozenset([number - k for number in repeat.over if k <= number < k + PIECE]),
        )
        for k in range(0, len(repeat.body), PIECE)
    ]
