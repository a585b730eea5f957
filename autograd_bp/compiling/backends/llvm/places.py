"""Where numbers stand: places in the spaces of a program as addresses in LLVM's language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from autograd_bp.compiling.backends.llvm.writer import Writer, literal
from autograd_bp.compiling.loops.loops import Access, Loop, Loops

Counters = Sequence[str]  # of a member, one for each dimension; numbers or names of i64
Read = Callable[["str | int"], str]  # writes how term j is loaded


@dataclass
class Module:
    """The text of a module in the making.

    Attributes:
        loops: what it computes.
        vectors: how many doubles a call of libmvec takes; 0 without it.
        width: how many members of a loop are computed side by side in a vector; 1 for none.
        tables: the text of each table of places, by its name.
    """

    loops: Loops
    vectors: int
    width: int = 1
    declared: dict[str, str] = field(default_factory=dict)
    tables: dict[str, str] = field(default_factory=dict)
    names: dict[int, str] = field(default_factory=dict)

    def table(self, access: Access) -> str:
        """The name of a global array with the places of an access."""
        key = id(access)
        if key not in self.names:
            name = self.names[key] = f"@table{len(self.names)}"
            places = ", ".join(f"i32 {k}" for k in access.table)
            self.tables[name] = (
                f"{name} = internal constant [{len(access.table)} x i32] [{places}], align 64"
            )
        return self.names[key]


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
        self._time: str = "0"
        self._shifts: Sequence[int] = ()
        self.align = 64 if writer.lanes > 1 else 8

    def moved(self, time: str, shifts: Sequence[int]) -> None:
        """The loop that is written next runs several times; see Repeat.

        Arguments:
            time: which time it is, an i64.
            shifts: how far its results and each of its accesses move each time.
        """
        self._time, self._shifts = time, shifts

    def target(self, loop: Loop, member: Counters) -> str:
        """Where the result of a member goes, an i64."""
        return self._w.index(
            loop.base, (self.number_of(loop, member), 1), (self._time, self._shifts[0])
        )

    def number_at(self, loop: Loop, k: int) -> float | None:
        """The number that access k always reads; None where there is no such constant."""
        access = loop.reads[k]
        if access.space != "constant" or not access.affine or any(access.strides):
            return None
        return self._made.loops.constants[access.base] if self._shifts[k + 1] == 0 else None

    def number_of(self, loop: Loop, member: Counters) -> str:
        """The number of a member, an i64."""
        strides = [1] * len(loop.shape)
        for k in range(len(loop.shape) - 2, -1, -1):
            strides[k] = strides[k + 1] * loop.shape[k + 1]
        return self._affine(0, tuple(strides), member)

    def _affine(self, base: int, strides: Sequence[int], member: Counters) -> str:
        moving = []
        for counter, stride in zip(member, strides, strict=True):
            if counter.startswith("%"):
                moving.append((counter, stride))
            else:
                base += int(counter) * stride
        return self._w.index(base, *moving)

    def moves(self, k: int) -> tuple[str, int]:
        """Which time it is, and how far access k moves each time."""
        return self._time, self._shifts[k + 1]

    def first_of(self, loop: Loop, k: int, member: Counters) -> str:
        """The first place that a member reads by an affine access, an i64."""
        access = loop.reads[k]
        base = self._affine(access.base, access.strides, member)
        return self._w.index(base, self.moves(k)) if self._shifts[k + 1] else base

    def placed(self, loop: Loop, k: int, member: Counters) -> Callable[[str | int], str]:
        """A function that writes the place of term j of access k, an i64."""
        access, terms = loop.reads[k], loop.terms_of(k)
        w = self._w
        if access.affine:
            base = self.first_of(loop, k, member)

            def place(j: str | int) -> str:
                if isinstance(j, int):
                    step = j * access.step
                    if not base.startswith("%"):
                        return str(int(base) + step)
                    return w.op(f"add i64 {base}, {step}") if step else base
                return w.index(base, (j, access.step))
        else:
            table = self._made.table(access)
            number = self.number_of(loop, member)
            first = (
                w.index(0, (number, terms)) if number.startswith("%") else str(int(number) * terms)
            )

            def place(j: str | int) -> str:
                where = w.op(f"add i64 {first}, {j}")
                pointer = w.op(f"getelementptr i32, ptr {table}, i64 {where}")
                small = w.op(f"load i32, ptr {pointer}, !invariant.load !0")
                found = w.op(f"zext i32 {small} to i64")
                return w.index(found, self.moves(k))

        return place

    def reader(self, loop: Loop, k: int, member: Counters, vector: str) -> Read:
        """A function that writes how term j of access k is loaded."""
        place, space = self.placed(loop, k, member), loop.reads[k].space
        return lambda j: self._load(space, place(j), vector)

    def _load(self, space: str, place: str, vector: str) -> str:
        w = self._w
        if space in ("constant", "parameter", "shared"):
            return self.alone(space, place)
        pointer = self.line(space, place, vector)
        return w.op(f"load {w.number}, ptr {pointer}, align {self.align}")

    def alone(self, space: str, place: str) -> str:
        """One number in all lanes: one that all rows share, or of the row if there is but one."""
        w = self._w
        if space == "constant":
            numbers = self._made.loops.constants
            if not place.startswith("%"):
                return w.constant(numbers[int(place)])
            return w.splat(self._scalar(self.constants(), place))
        if space in ("parameter", "shared"):
            return w.splat(self._scalar("%P" if space == "parameter" else "%U", place))
        return w.splat(w.op(f"load double, ptr {self.line(space, place, '')}"))

    def _scalar(self, array: str, place: str) -> str:
        w = self._w
        return w.op(f"load double, ptr {w.op(f'getelementptr double, ptr {array}, i64 {place}')}")

    def constants(self) -> str:
        """The name of a global array with all constants."""
        numbers = self._made.loops.constants
        self._made.tables["@constants"] = (
            f"@constants = internal constant [{len(numbers)} x double] ["
            + ", ".join(f"double {literal(x)}" for x in numbers)
            + "], align 64"
        )
        return "@constants"

    def line(self, space: str, place: str, vector: str) -> str:
        """Where the numbers of these rows stand."""
        w = self._w
        if space == "slot":
            offset = w.op(f"mul i64 {place}, {self._chunk}") if self._chunk > 1 else place
            if vector:
                offset = w.op(f"add i64 {offset}, {vector}")
            return w.op(f"getelementptr double, ptr %S, i64 {offset}")
        offset = w.op(f"mul i64 {place}, %stride")
        offset = w.op(f"add i64 {offset}, {self.start}")
        if vector:
            offset = w.op(f"add i64 {offset}, {vector}")
        return w.op(
            f"getelementptr double, ptr {'%X' if space == 'input' else '%each'}, i64 {offset}"
        )
