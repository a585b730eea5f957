"""Loads numbers into the lanes of a vector: those of neighbouring members, or of terms."""

from __future__ import annotations

from autograd_bp.compiling.backends.llvm.neighbours import used
from autograd_bp.compiling.backends.llvm.places import Counters, Module, Places, Read
from autograd_bp.compiling.backends.llvm.tiles import lanes_below, numbers, splat
from autograd_bp.compiling.backends.llvm.values import is_tiled
from autograd_bp.compiling.backends.llvm.writer import BYTES, SUFFIX, Writer
from autograd_bp.compiling.loops.loops import Access, Loop
from autograd_bp.printers.llvm import Printer

ARRAYS = {"parameter": "%P", "shared": "%U", "slot": "%S", "input": "%X"}


class LaneLoads:
    """Writes loads of as many numbers as there are lanes.

    Neighbours that stand side by side are loaded at once, in either direction, others are gathered.

    Arguments:
        made: the module that the code is part of.
        writer, printer, places: as those of the code around it.
    """

    def __init__(self, made: Module, writer: Writer, printer: Printer, places: Places) -> None:
        self._made, self._w = made, writer
        self._printer, self._places = printer, places
        self._lanes = made.width

    def reader(
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
            counters = used(member, access) if access.affine else member
            key = (str(k), str(j), *counters)
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
        lanes, all_lanes = self._lanes, self.part(self._lanes)
        array = self._array(access)
        real = w.kind_in(access.space)
        vector = w.many(real)
        pointers = w.op(f"getelementptr {real}, ptr {array}, <{lanes} x i64> {each}")
        function = f"llvm.masked.gather.v{lanes}{SUFFIX[real]}.v{lanes}p0"
        w.declared[function] = (
            f"declare {vector} @{function}(<{lanes} x ptr>, i32, {w.truth}, {vector})"
        )
        numbers = w.op(
            f"call {vector} @{function}(<{lanes} x ptr> {pointers}, i32 {BYTES[real]}, {w.truth} "
            f"{mask or all_lanes}, {vector} zeroinitializer)"
        )
        return w.loaded(numbers, real)

    def _load(self, pointer: str, mask: str, kind: str) -> str:
        """Numbers that stand side by side; 0 in the lanes that a mask leaves out."""
        return self._w.op(self.loading(pointer, mask, kind))

    def loading(self, pointer: str, mask: str, kind: str) -> str:
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

    def terms(
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
        key = (str(k), *used(member, access))
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

    # ------------------------------------------------------------------------------------ masks
    def mask(self, first: str, count: int) -> str:
        """The lanes that are below a count, when the first is the member of this number."""
        left = self._w.op(f"sub i64 {count}, {self._w.whole(first)}")
        with self._w.of_width(self._lanes):
            return lanes_below(self._w, left)

    def part(self, count: int) -> str:
        """The first lanes, a constant."""
        return "<" + ", ".join([f"i1 {int(k < count)}" for k in range(self._lanes)]) + ">"
