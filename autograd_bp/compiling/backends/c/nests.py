"""Loops in C: each a nest over its members, and inside it one over a block of rows of data. Around
loops that are repeated there is one over the steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from autograd_bp.compiling.backends.c import primitives
from autograd_bp.compiling.backends.c.arrays import Arrays, reach
from autograd_bp.compiling.backends.c.names import Group, literal
from autograd_bp.compiling.backends.c.short_tables import in_rows, short_of
from autograd_bp.compiling.loops.loops import Loop, Loops, Repeat
from autograd_bp.compiling.loops.sequences import pieces
from autograd_bp.expressions import Expression, inputs
from autograd_bp.folds import Fold, Stage
from autograd_bp.primitives import Primitive
from autograd_bp.printers import c

COUNTERS = ("i", "j", "k", "l")
STEP = "s"  # counts the times of what is repeated
PLACES = {"input": "inputs", "shared": "shared"}
MOST_WRITTEN_OUT = 4  # terms; more of them are a loop


class Nests:
    """Writes the loops of a program.

    Arguments:
        loops: the program.
        prefix: what the names of functions and macros start with.
        named: for "parameter" and "input" the groups that have a name.
        sums_by_lanes: whether each lane of a block has sums of its own.
        family: what macros and the functions of primitives start with, where that is not `prefix`:
            several programs of one file share them.

    Attributes:
        functions: the primitives that the file has to carry functions for.
        tables: definitions of tables of places.
        arrays: where results of the rows are kept.
        used: the names of groups that were read since `forget`.
        spaces: the spaces that were read since then.
        longest: how many terms the longest list has that is gathered for a call.
        constants: whether constants are read from their array.
    """

    def __init__(
        self,
        loops: Loops,
        prefix: str,
        named: dict[str, list[Group]],
        *,
        sums_by_lanes: bool = False,
        family: str = "",
    ) -> None:
        self._sums_by_lanes = sums_by_lanes
        self._loops, self._prefix, self._named = loops, prefix, named
        self._family = family or prefix
        self.lanes = f"{self._family.upper()}_LANES"
        self._shared, self._rows = pieces(loops)
        self._count, self._shifts = 1, tuple[int, ...]()
        self.arrays = Arrays(loops, [*self._shared, *self._rows])
        self.functions: dict[int, Primitive] = {}  # by their codes: names may occur twice
        self.tables: list[str] = []
        self.used: set[str] = set()
        self.spaces: set[str] = set()
        self.longest = 0
        self.constants = False
        self._tabled: dict[tuple[int, ...], str] = {}

    def shared(self) -> list[str]:
        """The statements that compute what all rows share."""
        return [line for piece in self._shared for line in self._piece(piece)]

    def rows(self) -> list[str]:
        """The statements that compute a block of rows."""
        return [line for piece in self._rows for line in self._piece(piece)]

    def forget(self) -> None:
        """Before another function is written."""
        self.used.clear()
        self.spaces.clear()

    # ----------------------------------------------------------------------------------- nests
    def _piece(self, piece: Repeat) -> list[str]:
        """The nests of loops that run `count` times."""
        self._count, lines = piece.count, []
        for loop, self._shifts in zip(piece.body, piece.shifts, strict=True):
            lines += self._nest(loop)
        if piece.count == 1:
            return lines
        return _braced(f"for (size_t {STEP} = 0; {STEP} < {piece.count}; {STEP}++) {{", lines)

    def _moving(self, k: int) -> int:
        """How far place k moves from one time to the next; see Repeat."""
        return self._shifts[k] if self._count > 1 else 0

    def _nest(self, loop: Loop) -> list[str]:
        counters = _counters(len(loop.shape))
        start = self.arrays.of(loop.base).start if loop.space == "slot" else 0
        strides = [*_strides(loop.shape), self._moving(0)]
        target = affine(loop.base - start, [*counters, STEP], strides)
        body = self._member(loop, target)
        for counter, count in zip(reversed(counters), reversed(loop.shape), strict=True):
            head = f"for (size_t {counter} = 0; {counter} < {count}; {counter}++)"
            body = [head, *_indented(body)] if _single(body) else _braced(f"{head} {{", body)
        return _braced("{", body) if body[0].startswith("double ") else body

    def _member(self, loop: Loop, target: str) -> list[str]:
        before, text = self._computed(loop)
        if loop.space == "sum":
            self.spaces.add("sum")
            if self._sums_by_lanes:
                return _lane_by_lane("rows", before, f"work->sums[{target}][r] += {text};")
            return [
                f"double sum = work->sums[{target}];",
                *_lane_by_lane("rows", before, f"sum += {text};"),
                f"work->sums[{target}] = sum;",
            ]
        if loop.space == "shared":
            return [*before, f"work->shared[{target}] = {text};"]
        place = f"work->each[{target}]"
        if loop.space == "slot":
            place = f"work->{self.arrays.of(loop.base).name}[{target}]"
        return _lane_by_lane(self.lanes, before, f"{place}[r] = {text};")

    def _computed(self, loop: Loop) -> tuple[list[str], str]:
        """Write the statements of a member, and then its expression."""
        op = loop.op
        if op is None:
            return [], self._read(loop, 0)
        if op.arity is not None:
            operands = [self._read(loop, k) for k in range(len(loop.reads))]
            text, calls = primitives.applied(op, operands, self._family)
            if calls:
                self.functions[op.code] = op
            return [], text
        folded = primitives.in_place(op)
        return self._called(loop, op) if folded is None else self._in_place(loop, folded)

    def _in_place(self, loop: Loop, folded: Fold) -> tuple[list[str], str]:
        """A fold with one accumulator: a sum of products, say."""
        names = folded.operands.elements
        initial = self._read(loop, len(loop.reads) - 1) if loop.has_initial else "0.0"
        if loop.terms <= MOST_WRITTEN_OUT:
            operands = {
                f"{name}{j}": self._read(loop, k, str(j))
                for k, name in enumerate(names)
                for j in range(loop.terms)
            }
            tree = folded.unrolled(
                [*inputs(*operands), *inputs(*["initial"] * folded.operands.initial)]
            )
            return [], c.expression(tree, {**operands, "initial": initial})
        (stage,) = folded.stages
        reads = {name: self._read(loop, k, "t") for k, name in enumerate(names)}
        known = {**reads, stage.names[0]: "y", "n": literal(float(loop.terms)), "initial": initial}
        before = [
            f"double y = {c.expression(stage.start[0], known)};",
            f"for (size_t t = 0; t < {loop.terms}; t++)",
            f"    {_advanced(stage, known)}",
        ]
        return before, c.expression(folded.finish, known)

    def _called(self, loop: Loop, op: Primitive) -> tuple[list[str], str]:
        self.functions[op.code] = op
        count = sum(loop.terms_of(k) for k in range(len(loop.reads)))
        self.longest = max(self.longest, count)
        gathered = [line for k in range(len(loop.reads)) for line in self._gathered(loop, k)]
        return gathered, f"{primitives.function_name(op, self._family)}(work->list, {count})"

    def _gathered(self, loop: Loop, k: int) -> list[str]:
        start, terms = k * loop.terms, loop.terms_of(k)
        if terms <= MOST_WRITTEN_OUT:
            return [f"work->list[{start + j}] = {self._read(loop, k, str(j))};"
                    for j in range(terms)]  # fmt: skip
        return [
            f"for (size_t t = 0; t < {terms}; t++)",
            f"    work->list[{affine(start, ['t'], [1])}] = {self._read(loop, k, 't')};",
        ]

    # ------------------------------------------------------------------------------------ reads
    def _read(self, loop: Loop, k: int, term: str = "0") -> str:
        """Write what the members of a loop read as term `term` (a number, or the counter t)."""
        access, terms, moving = loop.reads[k], loop.terms_of(k), self._moving(k + 1)
        reached = reach(access, loop.shape, terms, self._count, moving)
        name, start = self._array(access.space, *reached)
        counters = _counters(len(loop.shape))
        if access.affine:
            base, counting, steps = access.base, [*counters, STEP], [*access.strides, moving]
            if term == "t":
                counting, steps = [*counting, "t"], [*steps, access.step]
            else:
                base += int(term) * access.step
            if access.space == "constant" and not any(steps):
                return literal(self._loops.constants[base])
            place = affine(base - start, counting, steps)
        else:
            members = [stride * terms for stride in _strides(loop.shape)]
            numbers = tuple(k - start for k in access.table)
            entry, times, distance = self._entry(numbers, counters, members, term)
            place = affine(0, [entry, times, STEP], [1, distance, moving])
        self.constants = self.constants or access.space == "constant"
        return f"{name}[{place}]" + ("[r]" if access.space in ("input", "slot") else "")

    def _array(self, space: str, first: int, last: int) -> tuple[str, int]:
        """The array that holds the numbers from `first` to `last`, and where it starts."""
        if space == "slot":
            whole = self.arrays.of(first)
            return f"work->{whole.name}", whole.start
        if space == "constant":
            return f"{self._prefix}_constants", 0
        self.spaces.add(space)
        for group in self._named.get(space, ()):
            if group.start <= first and last < group.stop:
                self.used.add(group.name)
                return group.name, group.start
        return "parameters" if space == "parameter" else f"work->{PLACES[space]}", 0

    def _entry(
        self, numbers: tuple[int, ...], counters: list[str], members: list[int], term: str
    ) -> tuple[str, str, int]:
        """The entry of a table of places, and a counter and its stride that are added to it.

        A long table is written in short where it is regular, as a whole or in the terms of each
        member: that of the steps of a recurrence is not longer for more of them.
        """
        at = affine(0, counters, members)
        at = term if at == "0" else at if term == "0" else f"{at} + {term}"
        rows, column = in_rows(numbers, len(numbers)), at if at.isalnum() else f"({at})"
        short, places = short_of(rows), list[int]()
        if short is None and term == "t" and any(members):
            rows, column = in_rows(numbers, members[-1]), term
            short = short_of(rows)
            places = [k // members[-1] * short.kept for k in members] if short else places
        if short is None:
            return f"{self._table(numbers)}[{at}]", "0", 0
        time = short.time(column)
        if not places and short.kept == short.period:
            entry = "0" if short.period == 1 else f"{column} % {short.period}"
        else:
            counters = [*counters[: len(places)], column, time]
            entry = affine(0, counters, [*places, 1, -short.period])
        return f"{self._table(short.written(rows))}[{entry}]", time, short.distance

    def _table(self, numbers: tuple[int, ...]) -> str:
        name = self._tabled.get(numbers)
        if name is None:
            name = self._tabled[numbers] = f"{self._prefix}_places_{len(self.tables)}"
            self.tables.append(table(name, numbers))
        return name


def _advanced(stage: Stage, known: dict[str, str]) -> str:
    """The statement that adds a term to the accumulator y."""
    (step,) = stage.steps
    if step.head == "+" and step.parts[0] is Expression("input", stage.names[0]):
        return f"y += {c.expression(step.parts[1], known)};"
    return f"y = {c.expression(step, known)};"


def array(declaration: str, numbers: Iterable[str]) -> str:
    """The definition of an array."""
    lines, line = [], "   "
    items = [item.strip("()") for item in numbers]
    for item in items:
        if len(line) + len(item) > 92:
            lines.append(line)
            line = "   "
        line += f" {item},"
    body = "\n".join([*lines, line])
    return f"{declaration}[{len(items)}] = {{\n{body}\n}};"


def table(name: str, places: Sequence[int]) -> str:
    """The definition of a table of places."""
    largest, sign = max(places), "unsigned"
    if min(places) < 0:
        largest, sign = 2 * max(largest, -min(places)), "signed"
    short = "short" if largest < 1 << 16 else "long"
    kind = "char" if largest < 1 << 8 else short
    return array(f"static const {sign} {kind} {name}", map(str, places))


def _counters(count: int) -> list[str]:
    return [COUNTERS[k] if k < len(COUNTERS) else f"i{k}" for k in range(count)]


def _strides(shape: Sequence[int]) -> list[int]:
    """How far apart in the list of members the steps of each counter are."""
    strides = [1] * len(shape)
    for k in range(len(shape) - 2, -1, -1):
        strides[k] = strides[k + 1] * shape[k + 1]
    return strides


def affine(base: int, counters: Sequence[str], strides: Sequence[int]) -> str:
    """base + stride * counter + ..., without what is 0."""
    text = str(base) if base else ""
    for counter, stride in zip(counters, strides, strict=True):
        if stride:
            factor = counter if abs(stride) == 1 else f"{abs(stride)} * {counter}"
            sign = "-" if stride < 0 else "+"
            text = f"{text} {sign} {factor}" if text else factor if stride > 0 else f"0 - {factor}"
    return text or "0"


def _single(body: list[str]) -> bool:
    """Whether it is one statement."""
    return all(line.startswith((" ", "for")) for line in body) and (
        sum(not line.startswith(" ") for line in body) == 1
    )


def _braced(head: str, body: Sequence[str]) -> list[str]:
    return [head, *_indented(body), "}"]


def _lane_by_lane(count: str, before: list[str], statement: str) -> list[str]:
    head = f"for (size_t r = 0; r < {count}; r++)"
    return _braced(f"{head} {{", [*before, statement]) if before else [head, f"    {statement}"]


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
