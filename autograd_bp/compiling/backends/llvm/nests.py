"""Loops as LLVM functions.

    shared(self, P, U)                                 what all rows of data share
    rows(self, P, U, X, stride, rows, Σ, Y, scratch)   the rows; adds to Σ

Rows are taken in chunks that the cache holds, a chunk in vectors of `lanes` rows. A result of one
row is a line of the scratch space, as long as a chunk. Inside, for each loop of the program: its
members, then the vectors of the chunk, then the terms. Several members of a `dot` are computed
side by side, so that they share what they read and no addition waits for the one before it. Sums
over rows stay in registers for a whole chunk and are folded lane by lane in a fixed order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from autograd_bp.compiling.backends.llvm.library import printer
from autograd_bp.compiling.backends.llvm.places import Counters, Module, Places, Read
from autograd_bp.compiling.backends.llvm.writer import Writer
from autograd_bp.compiling.loops.loops import Loop, Loops, Repeat
from autograd_bp.compiling.loops.sequences import pieces
from autograd_bp.expressions import Expression, Fold, as_expression, letters
from autograd_bp.printers.overrides import form, tuned

LONGEST_CHUNK = 128  # rows
CACHE = 3 << 19  # bytes that the lines of a chunk may take
ROWS = (
    "define void @rows(ptr %self, ptr noalias %P, ptr noalias %U, ptr noalias %X, i64 %stride, "
    "i64 %rows, ptr noalias %sums, ptr noalias %each, ptr noalias %S) #0"
)
SHARED = "define void @shared(ptr %self, ptr noalias %P, ptr noalias %U) #0"


def chunk_of(loops: Loops, lanes: int) -> int:
    """How many rows at a time, a multiple of the lanes."""
    if lanes == 1:
        return 1
    fitting = CACHE // (8 * max(loops.sizes["slot"], 1))
    chunk = lanes
    while chunk * 2 <= min(fitting, LONGEST_CHUNK):
        chunk *= 2
    return chunk


def module(loops: Loops, lanes: int, vectors: int) -> str:
    """The text of both functions, for vectors of so many rows."""
    made = Module(loops, vectors)
    shared, varying = pieces(loops)
    first = Writer(1, made.declared)
    _Body(made, first, 1).write(shared)
    second = Writer(lanes, made.declared)
    chunk = chunk_of(loops, lanes)
    with second.loop("%rows", chunk) as start:
        body = _Body(made, second, chunk)
        body.begin_chunk(start)
        body.write(varying)
    # An empty batch is not handed to native code: the loop over rows runs at least once.
    functions = [first.function(SHARED), second.function(ROWS)]
    return "\n\n".join(
        ["\n".join(made.tables.values()), "\n".join(made.declared.values()), *functions]
    )


def _even(count: int, most: int) -> int:
    """How many side by side, of so many: so that nothing is left over, if half of the most do."""
    sizes = [size for size in range(min(most, count), most // 2, -1) if count % size == 0]
    return sizes[0] if sizes else min(most, count)


class _Body:
    """What is done for one chunk of rows, or once for all."""

    def __init__(self, made: Module, writer: Writer, chunk: int) -> None:
        self._made, self._w, self._chunk = made, writer, chunk
        self._printer = printer(writer, made.vectors)
        self._places = Places(made, writer, chunk)
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
        for piece in repeats:
            if piece.count == 1:
                self._write_once(piece, "0")
                continue
            with self._w.loop(piece.count) as time:
                self._write_once(piece, time)

    def _write_once(self, piece: Repeat, time: str) -> None:
        for loop, shifts in zip(piece.body, piece.shifts, strict=True):
            self._places.moved(time, shifts)
            if loop.space == "sum" and self._w.lanes > 1:
                self._summed(loop)
            else:
                self._stored(loop)

    # --------------------------------------------------------------------------------- members
    def _tiles(self, loop: Loop, sizes: Sequence[int]) -> Iterator[list[Counters]]:
        """Writes the counters; yields the members to compute side by side, tile after tile."""
        shape = loop.shape
        sizes = [1] * (len(shape) - len(sizes)) + list(sizes[len(sizes) - len(shape) :])
        yield from self._tiled(shape, sizes, [])

    def _tiled(
        self, shape: Sequence[int], sizes: Sequence[int], choices: list[list[str]]
    ) -> Iterator[list[Counters]]:
        k = len(choices)
        if k == len(shape):
            yield [list(each) for each in product(*choices)]
            return
        w, size = self._w, _even(shape[k], sizes[k])
        times, rest = divmod(shape[k], size)
        if times > 1:
            with w.loop(times) as tile:
                base = w.index(0, (tile, size))
                each = [base] + [w.op(f"add i64 {base}, {j}") for j in range(1, size)]
                yield from self._tiled(shape, sizes, [*choices, each])
        else:
            yield from self._tiled(shape, sizes, [*choices, [str(j) for j in range(size)]])
        if rest:
            last = [str(times * size + j) for j in range(rest)]
            yield from self._tiled(shape, sizes, [*choices, last])

    # ----------------------------------------------------------------------------- computations
    def _stored(self, loop: Loop) -> None:
        w = self._w
        side_by_side = (self._dots,) if _is_tiled(loop) else (1,)
        for members in self._tiles(loop, side_by_side):
            if w.lanes == 1:
                self._store(loop, members, "")
                continue
            with w.loop(self._vectors) as number:
                self._store(loop, members, w.op(f"mul i64 {number}, {w.lanes}"))

    def _store(self, loop: Loop, members: list[Counters], vector: str) -> None:
        w = self._w
        for member, y in zip(members, self._values(loop, members, vector), strict=True):
            place = self._places.target(loop, member)
            if loop.space == "sum":
                pointer = w.op(f"getelementptr double, ptr %sums, i64 {place}")
                before = w.op(f"load double, ptr {pointer}")
                w.do(f"store double {self._printer.add(before, y)}, ptr {pointer}")
            elif loop.space == "shared":
                pointer = w.op(f"getelementptr double, ptr %U, i64 {place}")
                w.do(f"store double {y}, ptr {pointer}")
            else:
                pointer = self._places.line(loop.space, place, vector)
                w.do(f"store {w.number} {y}, ptr {pointer}, align {self._places.align}")

    def _summed(self, loop: Loop) -> None:
        """Members that are added up over the rows of the chunk."""
        w, a = self._w, self._printer
        two = loop.is_product and loop.terms == 1
        for members in self._tiles(loop, self._products if two else (1,)):
            totals = [w.local() for _ in members]
            for total in totals:
                w.put(w.constant(0.0), total)
            with w.when(w.op(f"icmp ne i64 {self._full}, 0")), w.loop(self._full) as number:
                vector = w.op(f"mul i64 {number}, {w.lanes}")
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
                before = w.op(f"load double, ptr {pointer}")
                after = w.op(f"fadd double {before}, {self._folded(w.get(total))}")
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

    def _folded(self, x: str) -> str:
        """The sum of the lanes: halves onto halves."""
        w, lanes = self._w, self._w.lanes
        while lanes > 1:
            kind, lanes = f"<{lanes} x double>", lanes // 2
            low, high = (
                f"<{lanes} x i32> <" + ", ".join(f"i32 {k}" for k in places) + ">"
                for places in (range(lanes), range(lanes, 2 * lanes))
            )
            a = w.op(f"shufflevector {kind} {x}, {kind} poison, {low}")
            b = w.op(f"shufflevector {kind} {x}, {kind} poison, {high}")
            x = w.op(f"fadd <{lanes} x double> {a}, {b}")
        return w.op(f"extractelement <1 x double> {x}, i32 0")

    def _values(self, loop: Loop, members: list[Counters], vector: str) -> list[str]:
        """The results of these members for one vector of rows."""
        readers = [
            [self._places.reader(loop, k, member, vector) for k in range(len(loop.reads))]
            for member in members
        ]
        if loop.op is None:
            return [read[0](0) for read in readers]
        if _is_tiled(loop):
            return self._sums_of_products(loop, readers)
        printed = form("llvm", loop.op)
        if isinstance(printed, Fold):
            return [self._folded_terms(printed, loop, read) for read in readers]
        assert printed is not None
        return self._expressions(printed, loop, readers)

    def _expressions(self, printed: Expression, loop: Loop, readers: list[list[Read]]) -> list[str]:
        """An expression for each member; an operand that is a constant is part of it."""
        names = letters(len(loop.reads))
        numbers = map(self._places.number_at, [loop] * len(names), range(len(names)))
        known = {name: x for name, x in zip(names, numbers, strict=True) if x is not None}
        if known:
            printed = printed.substitute({name: as_expression(x) for name, x in known.items()})
        results = []
        for read in readers:
            loads = zip(names, read, strict=True)
            operands = {name: load(0) for name, load in loads if name not in known}
            results.append(self._printer.expression(printed, operands))
        return results

    def _folded_terms(self, fold: Fold, loop: Loop, read: list[Read]) -> str:
        initial = read[-1](0) if loop.has_initial else None
        return self._printer.fold(fold, loop.terms, read, initial)

    def _sums_of_products(self, loop: Loop, readers: list[list[Read]]) -> list[str]:
        w, a = self._w, self._printer
        starts = [read[-1](0) if loop.has_initial else w.constant(0.0) for read in readers]
        if loop.terms == 1:
            return [
                a.fused(read[0](0), read[1](0), y) for read, y in zip(readers, starts, strict=True)
            ]
        totals = [w.local() for _ in readers]
        for total, y in zip(totals, starts, strict=True):
            w.put(y, total)
        with w.loop(loop.terms) as j:
            for read, total in zip(readers, totals, strict=True):
                w.put(a.fused(read[0](j), read[1](j), w.get(total)), total)
        return [w.get(total) for total in totals]


def _is_tiled(loop: Loop) -> bool:
    return loop.op is not None and tuned("llvm", loop.op.name)
