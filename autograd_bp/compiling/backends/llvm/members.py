"""Members of a loop in the lanes of a vector, where there are no rows to fill them.

What all rows share, and programs of one or two rows, work on one number at a time. There the lanes
hold neighbours: members whose last counters follow each other or, in sums of products that read
both lists one number after the other, terms. A mask covers what is left over of a count that the
width does not divide. neighbours.py says how they read, lane_loads.py loads them.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.compiling.backends.llvm.lane_loads import LaneLoads
from autograd_bp.compiling.backends.llvm.neighbours import (
    ends_by,
    is_added_up,
    reads_in_turn,
    stand_side_by_side,
    stride_of,
)
from autograd_bp.compiling.backends.llvm.places import Counters, Module, Places
from autograd_bp.compiling.backends.llvm.tiles import even, folded, folded_together, tiles
from autograd_bp.compiling.backends.llvm.values import FEW_TERMS_OF_MEMBERS, Values, is_tiled
from autograd_bp.compiling.backends.llvm.wide_folds import WideFold, wide_fold
from autograd_bp.compiling.backends.llvm.writer import BYTES, SUFFIX, Writer
from autograd_bp.compiling.loops.loops import Loop
from autograd_bp.compiling.loops.states import may_run_twice
from autograd_bp.printers.llvm import Printer

AT_ONCE = 2  # vectors that are written one after the other, without a loop
SIDE_BY_SIDE = 4  # sums of products, so that no addition waits for the one before it
SIDES = 4, 3, 5, 2  # the same where they may overlap, the better first
FEW_PIECES = 8  # vectors of terms that are all masked, so that one text does for them and the rest
BY_TERMS, BY_MEMBERS, ONE_BY_ONE = "by terms", "by members", "one by one"
BY_LANES = "by lanes"  # the terms of a fold
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
        self._loads = LaneLoads(made, writer, printer, places)
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
        if is_tiled(loop) and not (are_near and last >= half) and reads_in_turn(loop, half):
            return BY_TERMS
        if last < half and stand_side_by_side(loop) and wide_fold(loop, self._lanes):
            return BY_LANES
        return BY_MEMBERS if last >= half else ONE_BY_ONE

    def table_of(self, loop: Loop, k: int) -> str:
        """The name of the table of access k, in the order in which the loop is written."""
        is_across = self.way(loop) == BY_MEMBERS and self.strides_of(loop)[k] is None
        return self._made.table(loop.reads[k], loop.terms_of(k) if is_across else 1)

    def strides_of(self, loop: Loop) -> list[int | None]:
        """The stride of each access; see stride_of."""
        key = id(loop)
        if key not in self._made.strides:
            strides = [stride_of(loop, k, self._lanes) for k in range(len(loop.reads))]
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
                    self._store(loop, _at(outer, [first]), self._loads.mask(first, loop.shape[-1]))
                continue
            if full:
                side = even(full, SIDE_BY_SIDE) if tiled else 1
                self._full_tiles(loop, outer, full // side, side)
                for left in range(full // side * side, full):
                    self._store(loop, _at(outer, [str(left * lanes)]), "")
            if rest:
                self._store(loop, _at(outer, [str(full * lanes)]), self._loads.part(rest))

    def _may_overlap(self, loop: Loop) -> bool:
        """Whether the last vector may begin so early that it is full: its first members are then
        computed twice, to the same numbers."""
        count, lanes = loop.shape[-1], self._lanes
        if not may_run_twice(loop) or count < lanes:
            return False
        strides = self.strides_of(loop)
        return count % lanes == 0 or all(
            stride is None or ends_by(loop, k, lanes, stride) for k, stride in enumerate(strides)
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
                strides = [*enumerate(self.strides_of(each))]
                reader = self._loads.reader
                readers = [
                    [reader(each, k, stride, member, mask, known) for k, stride in strides]
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
            before = w.op_anew(self._loads.loading(pointer, mask, kind))
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
                        mask = self._loads.mask(first, loop.terms)
                        self._add_products(loop, members, totals, first, mask)
                else:
                    if full:
                        with w.loop(full) as piece:
                            first = w.index(0, (piece, lanes))
                            self._add_products(loop, members, totals, first, "")
                    if rest:
                        first, mask = str(full * lanes), self._loads.part(rest)
                        self._add_products(loop, members, totals, first, mask)
                sums = [w.get(total) for total in totals]
                if len(members) == lanes and loop.shape[-1] >= lanes:
                    y = folded_together(w, sums)
                    if loop.has_initial:
                        known: dict[tuple[str, ...], str] = {}
                        stride = stride_of(loop, 2, lanes)
                        initial = self._loads.reader(loop, 2, stride, members[0], "", known)(0)
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
            x, y = (self._loads.terms(loop, k, member, first, mask, known) for k in (0, 1))
            w.put(self._printer.fused(x, y, w.get(total)), total)

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
                    name: self._loads.terms(loop, k, member, first, mask, known)
                    for k, name in enumerate(elements)
                }

            one = {
                name: self._places.reader(loop, k, member, "") for k, name in enumerate(elements)
            }
            wide = WideFold(self._w, self._printer, self._lanes, fold, load, one)
            self._put_one(loop, member, wide.write(loop.terms, self._loads.part))


def _at(outer: list[Counters], starts: Sequence[str]) -> list[Counters]:
    """The members with these last counters."""
    return [[*member, start] for member in outer for start in starts]
