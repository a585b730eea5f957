"""Members of a loop in the lanes of a vector, where there are no rows to fill them.

What all rows share, and programs of one or two rows, work on one number at a time. There the lanes
hold neighbours: members whose last counters follow each other or, in sums of products that read
both lists one number after the other, terms. Neighbours that stand side by side are loaded at
once, in either direction, others are gathered. A mask covers what is left over of a count that
the width does not divide.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.compiling.backends.llvm.places import Counters, Module, Places, Read
from autograd_bp.compiling.backends.llvm.tiles import (
    even,
    folded,
    folded_together,
    lanes_below,
    numbers,
    splat,
    tiles,
)
from autograd_bp.compiling.backends.llvm.values import FEW_TERMS_OF_MEMBERS, Values, is_tiled
from autograd_bp.compiling.backends.llvm.wide_folds import WideFold, wide_fold
from autograd_bp.compiling.backends.llvm.writer import BYTES, SUFFIX, Writer
from autograd_bp.compiling.loops.loops import Access, Loop
from autograd_bp.compiling.loops.states import may_run_twice
from autograd_bp.printers.llvm import Printer

AT_ONCE = 2  # vectors that are written one after the other, without a loop
SIDE_BY_SIDE = 4  # sums of products, so that no addition waits for the one before it
SIDES = 4, 3, 5, 2  # the same where they may overlap, the better first
FEW_PIECES = 8  # vectors of terms that are all masked, so that one text does for them and the rest
BY_TERMS, BY_MEMBERS, ONE_BY_ONE = "by terms", "by members", "one by one"
BY_LANES = "by lanes"  # the terms of a fold
ARRAYS = {"parameter": "%P", "shared": "%U", "slot": "%S", "input": "%X"}
RESULTS = {"shared": "%U", "slot": "%S", "sum": "%sums"}


class Members:
    """Writes loops for one row of data.

    Arguments:
        made: the module that the code is part of.
        writer, printer, places, values: as those of the code around it; the writer's lanes are 1.
    """

    def __init__(
        self, made: Module, writer: Writer, printer: Printer, places: Places, values: Values
    ) -> None:
        self._made, self._w, self._printer = made, writer, printer
        self._places, self._values = places, values
        self._lanes = made.width
        self._others: Sequence[Loop] = ()

    def write(self, loop: Loop, others: Sequence[Loop] = ()) -> bool:
        """Writes a loop, unless it has too little to fill a vector; says whether it did.

        Arguments:
            loop: the loop.
            others: loops of the same members that are written into the same nest.
        """
        way = self.way(loop)
        if way == BY_TERMS:
            self._by_terms(loop)
        elif way == BY_MEMBERS:
            self._others = others
            self._by_members(loop)
            self._others = ()
        elif way == BY_LANES:
            self._by_lanes(loop)
        return way != ONE_BY_ONE

    def way(self, loop: Loop) -> str:
        """How a loop is written."""
        if self._lanes == 1 or loop.space not in RESULTS:
            return ONE_BY_ONE
        half = max(self._lanes // 2, 2)
        last = loop.shape[-1] if loop.shape else 1
        are_near = all(stride in (0, 1, -1) for stride in self.strides_of(loop))
        if is_tiled(loop) and not (are_near and last >= half) and _reads_in_turn(loop, half):
            return BY_TERMS
        if last < half and _stand_side_by_side(loop) and wide_fold(loop, self._lanes):
            return BY_LANES
        return BY_MEMBERS if last >= half else ONE_BY_ONE

    def table_of(self, loop: Loop, k: int) -> str:
        """The name of the table of access k, in the order in which the loop is written."""
        is_across = self.way(loop) == BY_MEMBERS and self.strides_of(loop)[k] is None
        return self._made.table(loop.reads[k], loop.terms_of(k) if is_across else 1)

    def strides_of(self, loop: Loop) -> list[int | None]:
        """The stride of each access; see _stride_of."""
        key = id(loop)
        if key not in self._made.strides:
            strides = [_stride_of(loop, k, self._lanes) for k in range(len(loop.reads))]
            self._made.strides[key] = loop, strides
        return self._made.strides[key][1]

    # ------------------------------------------------------------------------------- by members
    def _by_members(self, loop: Loop) -> None:
        if self._may_overlap(loop):
            self._by_overlapping(loop)
            return
        w, lanes = self._w, self._lanes
        full, rest = divmod(loop.shape[-1], lanes)
        tiled = is_added_up(loop)
        sizes = (SIDE_BY_SIDE,) if tiled and full < SIDE_BY_SIDE else (1,)
        for outer in tiles(w, loop.shape[:-1], sizes, may_overlap=may_run_twice(loop)):
            if rest and not tiled and full >= AT_ONCE:  # one text for all, the last of them masked
                with w.loop(full + 1) as tile:
                    first = w.index(0, (tile, lanes))
                    self._store(loop, _at(outer, [first]), self._mask(first, loop.shape[-1]))
                continue
            if full:
                side = even(full, SIDE_BY_SIDE) if tiled else 1
                self._full_tiles(loop, outer, full // side, side)
                for left in range(full // side * side, full):
                    self._store(loop, _at(outer, [str(left * lanes)]), "")
            if rest:
                self._store(loop, _at(outer, [str(full * lanes)]), self._part(rest))

    def _may_overlap(self, loop: Loop) -> bool:
        """Whether the last vector may begin so early that it is full: its first members are then
        computed twice, to the same numbers."""
        count, lanes = loop.shape[-1], self._lanes
        if not may_run_twice(loop) or count < lanes:
            return False
        strides = self.strides_of(loop)
        return count % lanes == 0 or all(
            stride is None or _ends_by(loop, k, lanes, stride) for k, stride in enumerate(strides)
        )

    def _by_overlapping(self, loop: Loop) -> None:
        """One text for all vectors."""
        w, lanes, count = self._w, self._lanes, loop.shape[-1]
        vectors = -(-count // lanes)
        side, outers = 1, 1
        if is_added_up(loop):
            side = min(vectors, SIDE_BY_SIDE)
            if vectors > side:
                side = min(SIDES, key=lambda size: -(-vectors // size) * size)
            outers = -(-SIDE_BY_SIDE // side)
        last = count - side * lanes
        for outer in tiles(w, loop.shape[:-1], (outers,), may_overlap=True):
            if vectors <= max(side, AT_ONCE):
                starts = [str(min(k * lanes, count - lanes)) for k in range(vectors)]
                for few in range(0, vectors, side):
                    self._store(loop, _at(outer, starts[few : few + side]), "")
                continue
            with w.loop(-(-vectors // side)) as tile:
                first = w.index(0, (tile, side * lanes))
                if count % (side * lanes):
                    first = w.least(first, last)
                starts = [w.index(first, (k, lanes)) for k in range(side)]
                self._store(loop, _at(outer, starts), "")

    def _full_tiles(self, loop: Loop, outer: list[Counters], times: int, side: int) -> None:
        w, lanes = self._w, self._lanes
        if times * side <= AT_ONCE or times == 1:
            for before in range(0, times * side, side):
                starts = [str((before + k) * lanes) for k in range(side)]
                self._store(loop, _at(outer, starts), "")
            return
        with w.loop(times) as tile:
            first = w.index(0, (tile, side * lanes))
            starts = [w.index(first, (k, lanes)) for k in range(side)]
            self._store(loop, _at(outer, starts), "")

    def _store(self, loop: Loop, members: list[Counters], mask: str) -> None:
        """The members from each of these on, as many as there are lanes."""
        w = self._w
        with w.of_width(self._lanes):
            for each in (loop, *self._others):
                known: dict[tuple[str, ...], str] = {}
                strides = self.strides_of(each)
                readers = [
                    [self._reader(each, k, s, member, mask, known) for k, s in enumerate(strides)]
                    for member in members
                ]
                results = self._values.of(each, readers, FEW_TERMS_OF_MEMBERS)
                for member, y in zip(members, results, strict=True):
                    self._put(each, member, y, mask)

    def _put(self, loop: Loop, member: Counters, y: str, mask: str) -> None:
        w = self._w
        place = self._places.target(loop, member)
        kind = w.kind_in(loop.space)
        pointer = w.pointer(RESULTS[loop.space], place, kind)
        y, numbers = w.widened(y, kind), w.many(kind)
        if loop.space == "sum":
            before = w.op_anew(self._loading(pointer, mask, kind))
            y = w.op(f"fadd {numbers} {before}, {y}")
        if not mask:
            w.store(y, pointer, BYTES[kind], numbers)
            return
        function = f"llvm.masked.store.v{w.lanes}{SUFFIX[kind]}.p0"
        w.declared[function] = f"declare void @{function}({numbers}, ptr, i32, {w.truth})"
        w.do(
            f"call void @{function}({numbers} {y}, ptr {pointer}, i32 {BYTES[kind]}, "
            f"{w.truth} {mask})"
        )

    def _mask(self, first: str, count: int) -> str:
        """The lanes that are below a count, when the first is the member of this number."""
        left = self._w.op(f"sub i64 {count}, {self._w.whole(first)}")
        with self._w.of_width(self._lanes):
            return lanes_below(self._w, left)

    def _part(self, count: int) -> str:
        """The first lanes, a constant."""
        return "<" + ", ".join([f"i1 {int(k < count)}" for k in range(self._lanes)]) + ">"

    # --------------------------------------------------------------------------------- by terms
    def _by_terms(self, loop: Loop) -> None:
        w, a, lanes = self._w, self._printer, self._lanes
        full, rest = divmod(loop.terms, lanes)
        is_once = may_run_twice(loop)
        for members in tiles(w, loop.shape, (lanes,), may_overlap=is_once, is_even=not is_once):
            with w.of_width(lanes):
                totals = [w.local() for _ in members]
                for total in totals:
                    w.put(w.constant(0.0), total)
                if full and rest and full < FEW_PIECES:
                    with w.loop(full + 1) as piece:
                        first = w.index(0, (piece, lanes))
                        mask = self._mask(first, loop.terms)
                        self._add_products(loop, members, totals, first, mask)
                else:
                    if full:
                        with w.loop(full) as piece:
                            first = w.index(0, (piece, lanes))
                            self._add_products(loop, members, totals, first, "")
                    if rest:
                        first, mask = str(full * lanes), self._part(rest)
                        self._add_products(loop, members, totals, first, mask)
                sums = [w.get(total) for total in totals]
                if len(members) == lanes and loop.shape[-1] >= lanes:
                    y = folded_together(w, sums)
                    if loop.has_initial:
                        known: dict[tuple[str, ...], str] = {}
                        stride = _stride_of(loop, 2, lanes)
                        initial = self._reader(loop, 2, stride, members[0], "", known)(0)
                        y = a.add(initial, y)
                    self._put(loop, members[0], y, "")
                    continue
                singles = [folded(w, y) for y in sums]
            for member, y in zip(members, singles, strict=True):
                self._put_one(loop, member, y)

    def _put_one(self, loop: Loop, member: Counters, y: str) -> None:
        w, a = self._w, self._printer
        if loop.has_initial:
            y = a.add(self._places.reader(loop, 2, member, "")(0), y)
        place = self._places.target(loop, member)
        kind = w.kind_in(loop.space)
        pointer = w.pointer(RESULTS[loop.space], place, kind)
        y = w.widened(y, kind)
        if loop.space == "sum":
            y = w.op(f"fadd {kind} {w.op_anew(f'load {kind}, ptr {pointer}')}, {y}")
            w.do(f"store {kind} {y}, ptr {pointer}")
        else:
            w.store(y, pointer, BYTES[kind], kind)

    def _add_products(
        self, loop: Loop, members: list[Counters], totals: list[str], first: str, mask: str
    ) -> None:
        """Adds the products of the terms from the first on, as many as there are lanes."""
        w = self._w
        known: dict[tuple[str, ...], str] = {}
        for member, total in zip(members, totals, strict=True):
            x, y = (self._terms(loop, k, member, first, mask, known) for k in (0, 1))
            w.put(self._printer.fused(x, y, w.get(total)), total)

    def _terms(
        self,
        loop: Loop,
        k: int,
        member: Counters,
        first: str,
        mask: str,
        known: dict[tuple[str, ...], str],
    ) -> str:
        """Neighbouring terms of access k."""
        access = loop.reads[k]
        key = (str(k), *_used(member, access))
        if key not in known:
            place = self._places.first_of(loop, k, member)
            if access.step == 0:
                known[key] = self._places.alone(access.space, place)
                if mask:  # the rest is 0: infinity times 0 is not
                    known[key] = self._printer.choose(mask, known[key], self._w.constant(0.0))
            else:
                where = self._w.index(place, (first, 1))
                known[key] = self._numbers(access, where, mask)
        return known[key]

    # --------------------------------------------------------------------------------- by lanes
    def _by_lanes(self, loop: Loop) -> None:
        """Folds of many terms, member after member."""
        fold = wide_fold(loop, self._lanes)
        assert fold is not None
        elements = fold.operands.elements
        for (member,) in tiles(self._w, loop.shape, (1,)):

            def load(first: str, mask: str, member: Counters = member) -> dict[str, str]:
                known: dict[tuple[str, ...], str] = {}
                return {
                    name: self._terms(loop, k, member, first, mask, known)
                    for k, name in enumerate(elements)
                }

            one = {
                name: self._places.reader(loop, k, member, "") for k, name in enumerate(elements)
            }
            wide = WideFold(self._w, self._printer, self._lanes, fold, load, one)
            self._put_one(loop, member, wide.write(loop.terms, self._part))

    # ------------------------------------------------------------------------------------ reads
    def _reader(
        self,
        loop: Loop,
        k: int,
        stride: int | None,
        member: Counters,
        mask: str,
        known: dict[tuple[str, ...], str],
    ) -> Read:
        """A function that writes how term j of access k, whose neighbours differ by `stride`, is
        loaded for a member in each lane."""
        access = loop.reads[k]
        if stride is None:
            return lambda j: self._by_table(loop, k, member, j, mask)
        place = self._places.placed(loop, k, member)

        def plain(j: str | int) -> str:
            if stride == 0:
                return self._places.alone(access.space, place(j))
            return self._neighbours(access, place(j), stride, mask)

        if not is_tiled(loop):
            return plain

        def read(j: str | int) -> str:  # members side by side share what they read
            used = _used(member, access) if access.affine else member
            key = (str(k), str(j), *used)
            if key not in known:
                known[key] = plain(j)
            return known[key]

        return read

    def _neighbours(self, access: Access, place: str, stride: int, mask: str) -> str:
        """The numbers at a place and at those that follow by a stride."""
        w, lanes = self._w, self._lanes
        is_near = access.space != "input"
        if is_near and stride == 1:
            return self._numbers(access, place, mask)
        if is_near and stride == -1:
            last = w.index(place, (1 - lanes, 1))
            backwards = numbers(range(lanes - 1, -1, -1))
            if mask:
                mask = w.op(f"shufflevector {w.truth} {mask}, {w.truth} poison, {backwards}")
            x = self._numbers(access, last, mask)
            return w.op(f"shufflevector {w.number} {x}, {w.number} poison, {backwards}")
        offsets = numbers([stride * lane for lane in range(lanes)], "i64")
        return self._gather(
            access, w.op(f"add {offsets}, {splat(self._w, place, self._lanes)}"), mask
        )

    def _by_table(self, loop: Loop, k: int, member: Counters, j: str | int, mask: str) -> str:
        w, lanes = self._w, self._lanes
        access = loop.reads[k]
        table = self._made.table(access, loop.terms_of(k))
        number = self._places.number_of(loop, member)
        first = w.index(0, (number, 1), (j, loop.members))
        pointer = w.pointer(table, first, "i32")
        small = self._load(pointer, mask, "i32")
        found = w.op(f"zext <{lanes} x i32> {small} to <{lanes} x i64>")
        time, shift = self._places.moves(k)
        if shift:
            moved = splat(w, w.index(0, (time, shift)), lanes)
            found = w.op(f"add <{lanes} x i64> {found}, {moved}")
        return self._gather(access, found, mask)

    def _array(self, access: Access) -> str:
        return ARRAYS.get(access.space) or self._places.constants()

    def _numbers(self, access: Access, place: str, mask: str) -> str:
        """Those that an access reads side by side from a place on."""
        w = self._w
        kind = w.kind_in(access.space)
        pointer = w.pointer(self._array(access), place, kind)
        return w.loaded(self._load(pointer, mask, kind), kind)

    def _gather(self, access: Access, each: str, mask: str) -> str:
        w, kind = self._w, f"<{self._lanes} x i64>"
        if access.space == "input":
            each = w.op(f"mul {kind} {each}, {splat(self._w, '%stride', self._lanes)}")
            each = w.op(f"add {kind} {each}, {splat(self._w, self._places.start, self._lanes)}")
        lanes, all_lanes = self._lanes, self._part(self._lanes)
        array = self._array(access)
        real = w.kind_in(access.space)
        found = w.many(real)
        pointers = w.op(f"getelementptr {real}, ptr {array}, <{lanes} x i64> {each}")
        function = f"llvm.masked.gather.v{lanes}{SUFFIX[real]}.v{lanes}p0"
        w.declared[function] = (
            f"declare {found} @{function}(<{lanes} x ptr>, i32, {w.truth}, {found})"
        )
        numbers = w.op(
            f"call {found} @{function}(<{lanes} x ptr> {pointers}, i32 {BYTES[real]}, {w.truth} "
            f"{mask or all_lanes}, {found} zeroinitializer)"
        )
        return w.loaded(numbers, real)

    def _load(self, pointer: str, mask: str, kind: str) -> str:
        """Numbers that stand side by side; 0 in the lanes that a mask leaves out."""
        return self._w.op(self._loading(pointer, mask, kind))

    def _loading(self, pointer: str, mask: str, kind: str) -> str:
        """The instruction that loads them."""
        w, lanes = self._w, self._lanes
        vector, size = f"<{lanes} x {kind}>", BYTES[kind]
        if not mask:
            return f"load {vector}, ptr {pointer}, align {size}"
        function = f"llvm.masked.load.v{lanes}{SUFFIX[kind]}.p0"
        w.declared[function] = f"declare {vector} @{function}(ptr, i32, {w.truth}, {vector})"
        return (
            f"call {vector} @{function}(ptr {pointer}, i32 {size}, {w.truth} {mask}, "
            f"{vector} zeroinitializer)"
        )


def _stride_of(loop: Loop, k: int, lanes: int) -> int | None:
    """By how much the places differ that neighbours in one vector read by access k; None where it
    is now this and now that."""
    access = loop.reads[k]
    if access.affine:
        return access.strides[-1] if access.strides else 0
    if loop.shape[-1:] in ((), (1,)):
        return 0
    import numpy as np

    table = np.array(access.table).reshape(-1, loop.shape[-1], loop.terms_of(k))
    between = np.diff(table, axis=1)
    inside = np.delete(between, np.s_[lanes - 1 :: lanes], axis=1)
    first = int(inside.flat[0])
    return first if (inside == first).all() else None


def is_added_up(loop: Loop) -> bool:
    """Whether a loop adds up the terms of each member."""
    return is_tiled(loop) and loop.terms > FEW_TERMS_OF_MEMBERS


def _ends_by(loop: Loop, k: int, lanes: int, stride: int) -> bool:
    """Whether the last members, as many as there are lanes, read neighbours that differ by a
    stride, each time that they are reached."""
    access = loop.reads[k]
    if access.affine:
        return True
    import numpy as np

    table = np.array(access.table).reshape(-1, loop.shape[-1], loop.terms_of(k))
    return bool((np.diff(table[:, -lanes:], axis=1) == stride).all())


def _reads_in_turn(loop: Loop, least: int) -> bool:
    """Whether the terms of both lists stand side by side, or are one number."""
    lists = loop.reads[:2]
    if loop.terms < least or len(lists) < 2 or (loop.has_initial and len(loop.reads) < 3):
        return False
    return all(map(_is_in_turn, lists))


def _stand_side_by_side(loop: Loop) -> bool:
    """The same of the terms of any list, of which one moves."""
    return all(map(_is_in_turn, loop.reads)) and any(access.step for access in loop.reads)


def _is_in_turn(access: Access) -> bool:
    return access.affine and (access.step == 0 or (access.step == 1 and access.space != "input"))


def _used(member: Counters, access: Access) -> list[str]:
    """The counters that say what an access reads."""
    return [c if s else "" for c, s in zip(member, access.strides, strict=True)]


def _at(outer: list[Counters], starts: Sequence[str]) -> list[Counters]:
    """The members with these last counters."""
    return [[*member, start] for member in outer for start in starts]
