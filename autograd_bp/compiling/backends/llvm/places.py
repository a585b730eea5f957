"""Where numbers stand: places in the spaces of a program as addresses in LLVM's language."""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from autograd_bp.compiling.backends.llvm.together import Readers
from autograd_bp.compiling.backends.llvm.writer import BYTES, DOUBLE, FLOAT, Writer, as_float
from autograd_bp.compiling.loops.loops import Access, Loop, Loops

Counters = Sequence[str]  # of a member, one for each dimension; numbers or names of i64
Read = Callable[["str | int"], str]  # writes how term j is loaded


@dataclass
class Module:
    """The text of a module in the making.

    Attributes:
        loops: what it computes.
        vectors: how many doubles a call of libmvec takes; 0 without it.
        real: the type of numbers that are computed with, "double" or "float".
        width: how many members of a loop are computed side by side in a vector; 1 for none.
        tables: the text of each table of places, by its name.
        names: of these tables, by the number of the access in memory and their order.
        strides: by how much neighbours in a vector differ, by the number of the loop.
        parts: of tables that are sums, see `separated`, by the number of the access in memory.
    """

    loops: Loops
    vectors: int
    real: str = DOUBLE
    width: int = 1
    declared: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    names: dict[tuple[int, bool], str] = field(default_factory=dict)
    strides: dict[int, tuple[Loop, list[int | None]]] = field(default_factory=dict)
    parts: dict[int, tuple[Access, tuple[str, str] | None]] = field(default_factory=dict)

    @cached_property
    def readers(self) -> Readers:
        """Who reads which slots."""
        return Readers(self.loops)

    def table(self, access: Access, terms: int = 1) -> str:
        """The name of a global array with the places of an access.

        Arguments:
            access: the access.
            terms: of each member, where the first terms of all members are to stand side by side,
                then the second terms; 1 for member after member.
        """
        key = id(access), terms > 1
        if key not in self.names:
            name = self.names[key] = f"@table{len(self.names)}"
            places = array("i", access.table)
            if terms > 1:
                places = array("i", [k for j in range(terms) for k in places[j::terms]])
            self.tables[name] = f"{name} = {_constant(places)}"
        return self.names[key]

    def separated(self, access: Access, terms: int) -> tuple[str, str] | None:
        """The names of two global arrays: where each member of a loop begins to read, and how far
        each of its terms is from there; None where that differs from member to member."""
        if (id(access), False) in self.names:  # it stands for the tables of several loops
            return None
        if id(access) not in self.parts:
            self.parts[id(access)] = access, self._separated(access, terms)
        return self.parts[id(access)][1]

    def _separated(self, access: Access, terms: int) -> tuple[str, str] | None:
        import numpy as np

        table = np.frombuffer(access.table, np.int64).reshape(-1, terms)
        offsets = table - table[:, :1]
        if terms == 1 or (offsets != offsets[0]).any():
            return None
        names = f"@starts{len(self.parts)}", f"@offsets{len(self.parts)}"
        for name, places in zip(names, (table[:, 0], offsets[0]), strict=True):
            self.tables[name] = f"{name} = {_constant(array('i', places.tolist()))}"
        return names


def _constant(numbers: array[int] | array[float]) -> str:
    """A global array. As a text of bytes it is read many times faster than number by number."""
    data = numbers.tobytes()
    text = "\\" + data.hex("\\") if data else ""
    return f'internal constant [{len(data)} x i8] c"{text}", align 64'


class Places:
    """Addresses for the code of one chunk of rows, or of what all rows share.

    Arguments:
        made: the module that the code is part of.
        writer: where to write.
        chunk: how many rows a line of the scratch space has.

    Attributes:
        start: the first row of the chunk, an i64.
    """

    def __init__(self, made: Module, writer: Writer, chunk: int) -> None:
        self._made, self._w, self._chunk = made, writer, chunk
        self.start = "0"
        self._moves: Sequence[tuple[str, int]] = ()
        self._terms = ""
        self._strides: Sequence[Sequence[int | str]] = ()

    def moved(self, time: str, shifts: Sequence[int]) -> None:
        """The loop that is written next runs several times; see Repeat.

        Arguments:
            time: which time it is, an i64.
            shifts: how far its results and each of its accesses move each time.
        """
        self.moved_by([(time, shift) for shift in shifts])

    def moved_by(
        self,
        moves: Sequence[tuple[str, int]],
        terms: str = "",
        strides: Sequence[Sequence[int | str]] = (),
    ) -> None:
        """The same, where each of them has an i64 of its own that says how far it moves.

        Arguments:
            moves: these, and how many places each of their units is.
            terms: the number of terms, an i64, where the code is for any number.
            strides: those of each access, numbers or i64s, in the place of its own.
        """
        self._moves, self._terms, self._strides = moves, terms, strides

    def terms_of(self, loop: Loop, k: int) -> int | str:
        """How many terms access k has."""
        count = loop.terms_of(k)
        return self._terms if self._terms and count == loop.terms else count

    def target(self, loop: Loop, member: Counters) -> str:
        """Where the result of a member goes, an i64."""
        return self._w.index(loop.base, (self.number_of(loop, member), 1), self._moves[0])

    def number_at(self, loop: Loop, k: int) -> float | None:
        """The number that access k always reads; None where there is no such constant."""
        access = loop.reads[k]
        if access.space != "constant" or not access.affine or any(access.strides):
            return None
        return self._made.loops.constants[access.base] if self._moves[k + 1][1] == 0 else None

    def number_of(self, loop: Loop, member: Counters) -> str:
        """The number of a member, an i64."""
        strides = [1] * len(loop.shape)
        for k in range(len(loop.shape) - 2, -1, -1):
            strides[k] = strides[k + 1] * loop.shape[k + 1]
        return self._affine(0, tuple(strides), member)

    def _affine(self, base: int, strides: Sequence[int | str], member: Counters) -> str:
        return self._w.index(base, *zip(member, strides, strict=True))

    def moves(self, k: int) -> tuple[str, int]:
        """What moves access k, an i64, and how far for each of its units."""
        return self._moves[k + 1]

    def first_of(self, loop: Loop, k: int, member: Counters) -> str:
        """The first place that a member reads by an affine access, an i64."""
        access = loop.reads[k]
        strides = self._strides[k] if self._strides else access.strides
        base = self._affine(access.base, strides, member)
        return self._w.index(base, self.moves(k))

    def placed(self, loop: Loop, k: int, member: Counters) -> Callable[[str | int], str]:
        """A function that writes the place of term j of access k, an i64."""
        access, terms = loop.reads[k], self.terms_of(loop, k)
        w = self._w
        if access.affine:
            base = self.first_of(loop, k, member)

            def place(j: str | int) -> str:
                return w.index(base, (j, access.step))
        else:
            table = self._made.table(access)
            number = self.number_of(loop, member)

            def place(j: str | int) -> str:
                where = w.index(0, (number, terms), (j, 1))
                return w.index(self._entry(table, where), self.moves(k))

        return place

    def reader(self, loop: Loop, k: int, member: Counters, vector: str) -> Read:
        """A function that writes how term j of access k is loaded."""
        access, terms = loop.reads[k], loop.terms_of(k)
        if access.table and access.space in ("input", "slot") and self._w.lanes > 1:
            parts = self._made.separated(access, terms)
            if parts is not None:
                return self._separated(access.space, parts, (loop, k, member), vector)
        place, space = self.placed(loop, k, member), access.space
        return lambda j: self._load(space, place(j), vector)

    def _separated(
        self, space: str, parts: tuple[str, str], of: tuple[Loop, int, Counters], vector: str
    ) -> Read:
        """The same for a table that is a sum: the terms of all members are as far from their first
        ones, so that members side by side compute the distance once."""
        w, (loop, k, member), (starts, offsets) = self._w, of, parts
        start = w.index(self._entry(starts, self.number_of(loop, member)), self.moves(k))
        first, kind = self.line(space, start, vector), w.kind_in(space)
        unit = self._chunk if space == "slot" else "%stride"

        def read(j: str | int) -> str:
            far = w.op(f"mul i64 {self._entry(offsets, str(j))}, {unit}")
            pointer = w.op(f"getelementptr {kind}, ptr {first}, i64 {far}")
            return self._line_at(pointer, space)

        return read

    def _entry(self, table: str, number: str) -> str:
        """A number of a table, an i64."""
        w = self._w
        pointer = w.pointer(table, number, "i32")
        small = w.op(f"load i32, ptr {pointer}, !invariant.load !0")
        return w.op(f"sext i32 {small} to i64")

    def _load(self, space: str, place: str, vector: str) -> str:
        if space in ("constant", "parameter", "shared"):
            return self.alone(space, place)
        return self._line_at(self.line(space, place, vector), space)

    def _line_at(self, pointer: str, space: str) -> str:
        w = self._w
        kind = w.kind_in(space)
        line = w.op(f"load {w.many(kind)}, ptr {pointer}, align {self.align(space)}")
        return w.loaded(line, kind)

    def align(self, space: str) -> int:
        """Of a vector of rows in a line of this space."""
        return min(64, BYTES[self._w.kind_in(space)] * self._w.lanes)

    def alone(self, space: str, place: str) -> str:
        """One number in all lanes: one that all rows share, or of the row if there is but one."""
        w = self._w
        if space == "constant":
            numbers = self._made.loops.constants
            if not place.startswith("%"):
                return w.constant(numbers[int(place)])
            return w.splat(self._scalar(space, self.constants(), place))
        if space in ("parameter", "shared"):
            return w.splat(self._scalar(space, "%P" if space == "parameter" else "%U", place))
        return w.splat(self._one(self.line(space, place, ""), w.kind_in(space)))

    def _scalar(self, space: str, array: str, place: str) -> str:
        kind = self._w.kind_in(space)
        return self._one(self._w.pointer(array, place, kind), kind)

    def _one(self, pointer: str, kind: str) -> str:
        w = self._w
        with w.of_width(1):
            return w.loaded(w.op(f"load {kind}, ptr {pointer}, align {BYTES[kind]}"), kind)

    def constants(self) -> str:
        """The name of a global array with all constants."""
        tables, numbers = self._made.tables, self._made.loops.constants
        if "@constants" not in tables:
            data = array("d", numbers)
            if self._made.real == FLOAT:
                data = array("f", map(as_float, numbers))
            tables["@constants"] = f"@constants = {_constant(data)}"
        return "@constants"

    def line(self, space: str, place: str, vector: str) -> str:
        """Where the numbers of these rows stand."""
        w = self._w
        if space == "slot":
            offset = w.index(vector or 0, (place, self._chunk))
            return w.pointer("%S", offset, w.real)
        offset = w.index(0, (place, "%stride"), (self.start, 1), (vector or 0, 1))
        return w.pointer("%X" if space == "input" else "%each", offset)
