"""Sums over the rows of data: members that are added up in registers, a chunk of rows at a time.

Several members side by side share what they read, and their lanes are added up together. Blocks of
members may overlap where a count is no multiple of their size, so that one text does for all: what
another block has computed is not added again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import product

from autograd_bp.compiling.backends.llvm.places import Counters, Places
from autograd_bp.compiling.backends.llvm.tiles import (
    balanced,
    folded_in_order,
    lanes_below,
    numbers,
    splat,
)
from autograd_bp.compiling.backends.llvm.writer import Writer
from autograd_bp.compiling.loops.loops import Loop
from autograd_bp.printers.llvm import Printer

WASTE = 0.03  # of the members may be computed twice, so that one text does for all

Results = Callable[[Loop, list[Counters], str], list[str]]  # of members, for a vector of rows


@dataclass(frozen=True)
class Rows:
    """The rows of a chunk, i64s.

    Attributes:
        count: how many there are.
        vectors: how many vectors they fill, the last of which may have room left.
        full: how many vectors are full.
        rest: how many rows are left over.
    """

    count: str
    vectors: str
    full: str
    rest: str


@dataclass(frozen=True)
class Block:
    """Members that are computed side by side.

    Attributes:
        firsts: the first of each counter.
        sizes: how many there are of each.
        repeated: how many of them another block has computed, an i64.
    """

    firsts: tuple[str, ...]
    sizes: tuple[int, ...]
    repeated: tuple[str, ...]

    def members(self, w: Writer) -> list[Counters]:
        return [
            [w.index(first, (j, 1)) for first, j in zip(self.firsts, offsets, strict=True)]
            for offsets in product(*map(range, self.sizes))
        ]

    @property
    def is_new(self) -> bool:
        """Whether no other block computes any of them."""
        return all(count == "0" for count in self.repeated)


def blocks(w: Writer, shape: Sequence[int], sizes: Sequence[int]) -> Iterator[Block]:
    """Writes the counters; yields block after block. At most so many of each of the last counters
    belong to one."""
    sizes = [1] * (len(shape) - len(sizes)) + list(sizes[max(len(sizes) - len(shape), 0) :])
    yield from _blocks(w, shape, sizes, Block((), (), ()))


def _blocks(w: Writer, shape: Sequence[int], sizes: Sequence[int], outer: Block) -> Iterator[Block]:
    k = len(outer.sizes)
    if k == len(shape):
        yield outer
        return
    count = shape[k]
    size = balanced(count, sizes[k])
    times, rest = divmod(count, size)
    overlaps = rest > 0 and size - rest <= WASTE * count
    times += overlaps
    with w.loop(times) if times > 1 else nullcontext("0") as number:
        first, repeated = w.index(0, (number, size)), "0"
        if overlaps:
            start = first
            first = w.least(start, count - size)
            repeated = w.op(f"sub i64 {start}, {first}")
        yield from _blocks(w, shape, sizes, _inside(outer, first, size, repeated))
    if rest and not overlaps:
        left = _inside(outer, str(times * size), rest, "0")
        yield from _blocks(w, shape, sizes, left)


def _inside(outer: Block, first: str, size: int, repeated: str) -> Block:
    return Block((*outer.firsts, first), (*outer.sizes, size), (*outer.repeated, repeated))


class RowSums:
    """Writes loops whose members are added up over the rows of a chunk.

    Arguments:
        writer, printer, places: as those of the code around it.
        results: writes the results of members for one vector of rows.
        sizes: how many members of a product are computed side by side, of the last two counters.
        many: how many members of another loop are.
        has_masks: whether instructions of this processor leave lanes as they were at no cost, so
            that one text does for full vectors and the last.
    """

    def __init__(
        self,
        writer: Writer,
        printer: Printer,
        places: Places,
        results: Results,
        sizes: tuple[int, int],
        many: Callable[[Loop], int],
        *,
        has_masks: bool,
    ) -> None:
        self._w, self._printer, self._places = writer, printer, places
        self._results, self._has_masks = results, has_masks
        self._sizes, self._many = sizes, many

    def write(self, loop: Loop, rows: Rows) -> None:
        """Adds the members of a loop to the sums."""
        w = self._w
        is_pair = loop.is_product and loop.terms == 1
        for block in blocks(w, loop.shape, self._sizes if is_pair else (self._many(loop),)):
            members = block.members(w)
            totals = [w.local() for _ in members]
            for total in totals:
                w.put(w.constant(0.0), total)
            add = self._add_products if is_pair else self._add
            if self._has_masks:
                with w.loop(rows.vectors) as number:
                    first = w.index(0, (number, w.lanes))
                    left = w.op(f"sub i64 {rows.count}, {first}")
                    add(loop, members, totals, first, lanes_below(w, left))
            else:
                with w.when(w.op(f"icmp ne i64 {rows.full}, 0")), w.loop(rows.full) as number:
                    add(loop, members, totals, w.index(0, (number, w.lanes)), "")
                with w.when(w.op(f"icmp ne i64 {rows.rest}, 0")):
                    first = w.op(f"mul i64 {rows.full}, {w.lanes}")
                    add(loop, members, totals, first, lanes_below(w, rows.rest))
            self._fold(loop, block, members, totals)

    def _add(
        self, loop: Loop, members: list[Counters], totals: list[str], vector: str, mask: str
    ) -> None:
        for total, y in zip(totals, self._results(loop, members, vector), strict=True):
            before = self._w.get(total)
            self._put(self._printer.add(before, y), before, total, mask)

    def _add_products(
        self, loop: Loop, members: list[Counters], totals: list[str], vector: str, mask: str
    ) -> None:
        known: dict[tuple[int, str], str] = {}
        for member, total in zip(members, totals, strict=True):
            x, y = (self._factor(loop, k, member, vector, known) for k in (0, 1))
            before = self._w.get(total)
            self._put(self._printer.fused(x, y, before), before, total, mask)

    def _put(self, after: str, before: str, total: str, mask: str) -> None:
        """A total, which stays as it was in the lanes that a mask leaves out."""
        self._w.put(self._printer.choose(mask, after, before) if mask else after, total)

    def _factor(
        self, loop: Loop, k: int, member: Counters, vector: str, known: dict[tuple[int, str], str]
    ) -> str:
        access = loop.reads[k]
        used = [c if s else "" for c, s in zip(member, access.strides, strict=True)]
        key = k, " ".join(used if access.affine else member)
        if key not in known:
            known[key] = self._places.reader(loop, k, member, vector)(0)
        return known[key]

    def _fold(self, loop: Loop, block: Block, members: list[Counters], totals: list[str]) -> None:
        """Adds the lanes of the totals to the sums."""
        w = self._w
        lanes = [w.widened(w.get(total)) for total in totals]
        row = block.sizes[-1] if block.sizes else 1
        for start in range(0, len(lanes), w.lanes):
            some = range(start, min(start + w.lanes, len(lanes)))
            with w.of_doubles():
                y = folded_in_order(w, [lanes[k] for k in some])
            count = 1 << (len(some) - 1).bit_length()
            if not block.is_new:
                y = self._without_repeated(block, y, start, count)
            k = start
            while k < some.stop:  # a vector may end within a row
                size = min(row - k % row, some.stop - k)
                self._add_row(loop, members[k], y, k - start, size, count)
                k += size

    def _without_repeated(self, block: Block, y: str, start: int, count: int) -> str:
        """The sums of members with 0 in the place of those that another block computes.

        Arguments:
            block: the members.
            y: their sums, a vector.
            start: the member in its first lane.
            count: how many lanes it has.
        """
        w = self._w
        offsets = [*product(*map(range, block.sizes))][start : start + count]
        offsets += offsets[-1:] * (count - len(offsets))
        for k, repeated in enumerate(block.repeated):
            if repeated != "0":
                own = numbers([offset[k] for offset in offsets], "i64")
                is_new = w.op(f"icmp uge {own}, {splat(w, repeated, count)}")
                numbered = f"<{count} x double>"
                y = w.op(
                    f"select <{count} x i1> {is_new}, {numbered} {y}, {numbered} zeroinitializer"
                )
        return y

    def _add_row(
        self, loop: Loop, member: Counters, y: str, lane: int, size: int, count: int
    ) -> None:
        """Adds neighbouring lanes of a vector to neighbouring sums.

        Arguments:
            loop: what the first of them is a sum of.
            member: its member.
            y: the vector.
            lane: the first.
            size: how many.
            count: how many lanes the vector has.
        """
        w = self._w
        if size == 1:
            kind = "double"
            part = w.op(f"extractelement <{count} x double> {y}, i32 {lane}")
        else:
            kind, vector = f"<{size} x double>", f"<{count} x double>"
            part = w.op(
                f"shufflevector {vector} {y}, {vector} poison, {numbers(range(lane, lane + size))}"
            )
        pointer = w.pointer("%sums", self._places.target(loop, member))
        before = w.op_anew(f"load {kind}, ptr {pointer}, align 8")
        after = w.op(f"fadd {kind} {before}, {part}")
        w.do(f"store {kind} {after}, ptr {pointer}, align 8")
