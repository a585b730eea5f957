"""LLVM's language as text: blocks, loops and numbers of one width."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager

DOUBLE, FLOAT = "double", "float"
# The spaces whose numbers stand in memory as they are computed with: always, and where the code
# begins with a copy of what all rows share.
OWN = ("constant", "slot")
COPIED = (*OWN, "parameter", "shared")
BYTES = {DOUBLE: 8, FLOAT: 4, "i32": 4}
SUFFIX = {DOUBLE: "f64", FLOAT: "f32", "i32": "i32"}  # of the names of intrinsics
READING = ("load", "gather")  # words of the instructions that read memory


def literal(x: float, real: str = DOUBLE) -> str:
    """A number, to the bit; LLVM writes one of 32 bits as the double that is equal to it."""
    return f"0x{_bits(as_float(x) if real == FLOAT else x):016X}"


def as_float(x: float) -> float:
    """The number of 32 bits that is nearest, infinite where it is too large for one."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", x))[0])
    except OverflowError:
        return math.copysign(math.inf, x)


def _bits(x: float) -> int:
    return int(struct.unpack("<Q", struct.pack("<d", x))[0])


def _split(index: int | str) -> tuple[str, int]:
    """The name and the number of an index; see `Writer.index`."""
    text = str(index)
    if not text.startswith("%"):
        return "", int(text)
    for k in range(len(text) - 1, 0, -1):
        if text[k] in "+-":
            return text[:k], int(text[k:])
    return text, 0


class Writer:
    """The body of one function.

    Numbers are of type `number`: doubles or floats of 32 bits or, with several lanes, vectors of as
    many. What the caller hands over is doubles, which `loaded` and `widened` convert.

    Arguments:
        lanes, declared, real: see below.
        spaces: those whose numbers stand in memory as they are computed with.

    Attributes:
        lanes: how many rows of data one instruction works on, or how many members of a loop.
        real: the type of one number, "double" or "float".
        number, truth: the types of numbers and of conditions.
        declared: functions that are called, each with its declaration.
    """

    def __init__(
        self,
        lanes: int,
        declared: dict[str, str],
        real: str = DOUBLE,
        spaces: tuple[str, ...] = OWN,
    ) -> None:
        self.declared, self._spaces = declared, spaces
        self._set(lanes, real)
        self.entry: list[str] = []
        self.lines: list[str] = []
        self._count = 0
        self._block = "start"
        self._splats: dict[tuple[str, str], str] = {}
        self._known: dict[str, str] = {}
        self._scopes: list[list[str]] = [[]]

    def _set(self, lanes: int, real: str) -> None:
        self.lanes, self.real = lanes, real
        self.number = self.many(real)
        self.truth = self.many("i1")

    def many(self, kind: str) -> str:
        """The type of as many as there are lanes."""
        return f"<{self.lanes} x {kind}>" if self.lanes > 1 else kind

    @contextmanager
    def of_width(self, lanes: int) -> Iterator[None]:
        """Around instructions that work on another number of lanes."""
        before = self.lanes
        self._set(lanes, self.real)
        yield
        self._set(before, self.real)

    @contextmanager
    def of_doubles(self) -> Iterator[None]:
        """Around instructions that work on doubles."""
        before = self.real
        self._set(self.lanes, DOUBLE)
        yield
        self._set(self.lanes, before)

    # ------------------------------------------------------------------------------ plain lines
    def op(self, text: str) -> str:
        """An instruction that depends on its operands alone; returns the name of its result. What
        stands there already, where it has run before, is not written again."""
        name = self._known.get(text)
        if name is None:
            name = self.op_anew(text)
            self._remember(text, name)
        return name

    def op_anew(self, text: str) -> str:
        """An instruction that may give another result each time; returns the name of that."""
        name = self._name("t")
        self.lines.append(f"  {name} = {text}")
        return name

    def store(
        self, x: str, pointer: str, align: int, kind: str = "", *, is_read: bool = True
    ) -> None:
        """Stores at a place of the program, which is read afterwards or not at all.

        Arguments:
            x: what is stored.
            pointer: where.
            align: of the place.
            kind: the type; that of numbers when left out.
            is_read: False where only what follows in this block reads it.
        """
        kind = kind or self.number
        if is_read:
            self.do(f"store {kind} {x}, ptr {pointer}, align {align}")
        self._remember(f"load {kind}, ptr {pointer}, align {align}", x)

    def kind_in(self, space: str) -> str:
        """The type of a number that stands in a space of a program."""
        return self.real if space in self._spaces else DOUBLE

    def widened(self, x: str, kind: str = DOUBLE) -> str:
        """A number as one of this type, which has as many bits or more."""
        if kind == self.real:
            return x
        return self.op(f"fpext {self.number} {x} to {self.many(kind)}")

    def loaded(self, x: str, kind: str = DOUBLE) -> str:
        """A number of this type from memory as one that is computed with."""
        if kind == self.real:
            return x
        return self.op(f"fptrunc {self.many(kind)} {x} to {self.number}")

    def _remember(self, text: str, name: str) -> None:
        if text not in self._known:
            self._known[text] = name
            self._scopes[-1].append(text)

    @contextmanager
    def _scope(self) -> Iterator[None]:
        """Around instructions of which those behind cannot be sure that they have run."""
        self._scopes.append([])
        yield
        for text in self._scopes.pop():
            self._known.pop(text, None)

    def forget_loads(self) -> None:
        """What was loaded may be written over from here on: it is loaded anew."""
        for text in [text for text in self._known if any(word in text for word in READING)]:
            del self._known[text]

    def do(self, text: str) -> None:
        """An instruction without a result."""
        self.lines.append(f"  {text}")

    def at_entry(self, text: str) -> str:
        """An instruction that stands at the head of the function."""
        name = self._name("e")
        self.entry.append(f"  {name} = {text}")
        return name

    def _name(self, letter: str) -> str:
        self._count += 1
        return f"%{letter}{self._count}"

    def call(self, function: str, *operands: str, kind: str | None = None) -> str:
        """A call of a function from numbers to a number; `kind` is their type."""
        kind = kind or self.number
        taken = ", ".join([kind] * len(operands))
        self.declared[function] = f"declare {kind} @{function}({taken})"
        given = ", ".join(f"{kind} {operand}" for operand in operands)
        return self.op(f"call {kind} @{function}({given})")

    def any(self, condition: str) -> str:
        """Whether a condition holds in any lane, an i1."""
        if self.lanes == 1:
            return condition
        function = f"llvm.vector.reduce.or.v{self.lanes}i1"
        self.declared[function] = f"declare i1 @{function}({self.truth})"
        return self.op(f"call i1 @{function}({self.truth} {condition})")

    def intrinsic(self, name: str, *operands: str) -> str:
        suffix = SUFFIX[self.real]
        suffix = f"v{self.lanes}{suffix}" if self.lanes > 1 else suffix
        return self.call(f"llvm.{name}.{suffix}", *operands)

    # ---------------------------------------------------------------------------------- numbers
    def constant(self, x: float) -> str:
        """A number that is the same in all lanes."""
        if self.lanes == 1:
            return literal(x, self.real)
        text = literal(x, self.real)
        key = (self.number, text)
        if key not in self._splats:
            one = self.at_entry(f"insertelement {self.number} poison, {self.real} {text}, i32 0")
            self._splats[key] = self.at_entry(self._splat(one))
        return self._splats[key]

    def splat(self, scalar: str) -> str:
        """One number in all lanes."""
        if self.lanes == 1:
            return scalar
        one = self.op(f"insertelement {self.number} poison, {self.real} {scalar}, i32 0")
        return self.op(self._splat(one))

    def _splat(self, one: str) -> str:
        return (
            f"shufflevector {self.number} {one}, {self.number} poison, "
            f"<{self.lanes} x i32> zeroinitializer"
        )

    def local(self) -> str:
        """A variable; the optimiser makes it a register."""
        return self.at_entry(f"alloca {self.number}, align {64 if self.lanes > 1 else 8}")

    def get(self, variable: str) -> str:
        return self.op_anew(f"load {self.number}, ptr {variable}")

    def put(self, x: str, variable: str) -> None:
        self.do(f"store {self.number} {x}, ptr {variable}")

    # ------------------------------------------------------------------------------------ loops
    def index(self, base: int | str, *steps: tuple[int | str, int | str]) -> str:
        """base + Σ counter·stride, as an i64: a number, a name, or a sum of both such as "%t5+12".
        Neighbours then differ in the number alone, which costs them no instruction: it is part of
        an address. `whole` writes the addition where there is none."""
        parts, constant = [], 0
        for counter, stride in ((base, 1), *steps):
            name, more = _split(counter)
            if isinstance(stride, int):
                constant += more * stride
            elif more:
                parts.append(stride if more == 1 else self.op(f"mul i64 {stride}, {more}"))
            if name and stride != 0:
                parts.append(name if stride == 1 else self.op(f"mul i64 {name}, {stride}"))
        if not parts:
            return str(constant)
        total = parts[0]
        for part in parts[1:]:
            total = self.op(f"add i64 {total}, {part}")
        return f"{total}{constant:+d}" if constant else total

    def whole(self, index: str) -> str:
        """An index as a number or a name."""
        name, more = _split(index)
        return self.op(f"add i64 {name}, {more}") if name and more else index

    def pointer(self, array: str, index: str, kind: str = "double") -> str:
        """The address of an entry of an array."""
        name, more = _split(index)
        if name:
            array = self.op(f"getelementptr {kind}, ptr {array}, i64 {name}")
        return self.op(f"getelementptr {kind}, ptr {array}, i64 {more}") if more else array

    def least(self, x: str, most: int) -> str:
        """The smaller of an i64, which is not negative, and a number."""
        if not x.startswith("%"):
            return str(min(int(x), most))
        self.declared["llvm.umin.i64"] = "declare i64 @llvm.umin.i64(i64, i64)"
        return self.op(f"call i64 @llvm.umin.i64(i64 {self.whole(x)}, i64 {most})")

    @contextmanager
    def loop(self, count: int | str, step: int = 1) -> Iterator[str]:
        """Counts from 0 up to below `count`, which is at least 1. Yields the counter.

        LLVM looks for better addresses in each loop that counts, for a third of the time that it
        takes in all, and finds none that is faster. So it is not to see that this one counts: what
        it expects the counter to be is of no consequence but that.
        """
        before, body, latch, after = self._block, *(self._label() for _ in range(3))
        counter, following = self._name("i"), self._name("n")
        self.do(f"br label %{body}")
        self._start(body)
        self.do(f"{counter} = phi i64 [ 0, %{before} ], [ {following}, %{latch} ]")
        with self._scope():
            yield counter
        self.do(f"br label %{latch}")
        self._start(latch)
        self.declared["llvm.expect.i64"] = "declare i64 @llvm.expect.i64(i64, i64)"
        one_more = self.op_anew(f"add nuw nsw i64 {counter}, {step}")
        self.do(f"{following} = call i64 @llvm.expect.i64(i64 {one_more}, i64 0)")
        more = self.op_anew(f"icmp ult i64 {following}, {count}")
        self.do(f"br i1 {more}, label %{body}, label %{after}")
        self._start(after)

    @contextmanager
    def when(self, condition: str) -> Iterator[None]:
        """Only if an i1 holds."""
        body, after = self._label(), self._label()
        self.do(f"br i1 {condition}, label %{body}, label %{after}")
        self._start(body)
        with self._scope():
            yield
        self.do(f"br label %{after}")
        self._start(after)

    def _label(self) -> str:
        self._count += 1
        return f"b{self._count}"

    def _start(self, label: str) -> None:
        self.lines.append(f"{label}:")
        self._block = label

    def function(self, head: str) -> str:
        """The whole function."""
        lines = [f"{head} {{", "start0:", *self.entry, "  br label %start", "start:"]
        return "\n".join([*lines, *self.lines, "  ret void", "}"])
