"""Steps of a plan in C: programs that run, numbers that are moved, entries that are looked up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.c.names import literal
from autograd_bp.compiling.backends.c.nests import array
from autograd_bp.compiling.backends.c.plan import (
    NUMBERS,
    SEEDS,
    Call,
    Copy,
    LookUp,
    Numbers,
    Repeated,
    Step,
)
from autograd_bp.compiling.backends.c.source import Source
from autograd_bp.compiling.backends.c.transfers import is_steady, runs_of
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.outputs import places_in
from autograd_bp.primitives import Primitive

__all__ = ["StepWriter", "indented"]


class StepWriter:
    """Writes steps, and collects what the file needs for them.

    Arguments:
        name: what the names of functions and tables start with.
        family: what macros and the functions of primitives start with.
        is_float: whether numbers are floats.
        lanes: whether each lane of a block has sums of its own.

    Attributes:
        types: the definitions of types.
        definitions: those of tables and of programs.
        primitives: the primitives that the file has to carry functions for, by their codes.
        parts: the names of the programs.
        buffer: how many numbers the buffer `parameters` has.
        bytes_of_parts: the room of the program that needs most.
    """

    def __init__(self, name: str, family: str, *, is_float: bool, lanes: bool) -> None:
        self.name, self.family = name, family
        self.is_float, self.has_lanes = is_float, lanes
        self.lanes = f"{family.upper()}_LANES"
        self.types: list[str] = []
        self.definitions: list[str] = []
        self.primitives: dict[int, Primitive] = {}
        self.buffer, self.bytes_of_parts = 1, 0
        self._known: dict[int, tuple[str, Loops]] = {}
        self._tables: dict[tuple[int, ...], str] = {}

    @property
    def parts(self) -> list[str]:
        return [name for name, _ in self._known.values()]

    # ----------------------------------------------------------------------------- the programs
    def program(self, program: Loops) -> str:
        """The name of the functions of a program, which are written once."""
        if id(program) in self._known:
            return self._known[id(program)][0]
        name = f"{self.name}_part_{len(self._known)}"
        source = Source(
            program, name, is_float=self.is_float, lanes=self.has_lanes, family=self.family
        )
        nests = source.nests()
        functions = source.functions(nests)
        self.definitions += [*source.definitions(nests), functions]
        fields = source.fields(nests)
        lines = "\n".join(text for text, _ in fields) or "    double none;"
        self.types.append(f"typedef struct {{\n{lines}\n}} {name}_work;\n")
        size = (4 if self.is_float else 8) * sum(size for _, size in fields)
        self.bytes_of_parts = max(self.bytes_of_parts, size)
        self.primitives.update(nests.functions)
        self._known[id(program)] = name, program  # kept, so that its id is not another's
        self.buffer = max(self.buffer, len(program.parameters))
        return name

    def run(self, program: Loops, parameters: str, rows: str) -> list[str]:
        """Statements that run a program, whose inputs are in their places."""
        name = self.program(program)
        sums, lane = program.sizes["sum"], "[r]" if self.has_lanes else ""
        lines = []
        if sums:
            inner = f"part->sums[k]{lane} = 0.0;"
            if self.has_lanes:
                inner = f"for (size_t r = 0; r < {self.lanes}; r++)\n            {inner}"
            lines += [f"for (size_t k = 0; k < {sums}; k++)", f"    {inner}"]
        if any(loop.space == "shared" for loop, _ in program.with_times()):
            lines.append(f"{name}_shared({parameters}, part);")
        lines.append(f"{name}_block({parameters}, part, {rows});")
        return lines

    def sums(self, program: Loops) -> tuple[list[str], str]:
        """Statements that put the sums of a program side by side, and where they are then."""
        if not self.has_lanes:
            return [], "part->sums"
        sums = program.sizes["sum"]
        self.buffer = max(self.buffer, sums)
        return [
            f"for (size_t k = 0; k < {sums}; k++) {{",
            "    double sum = 0.0;",
            f"    for (size_t r = 0; r < {self.lanes}; r++)",
            "        sum += part->sums[k][r];",
            "    work->parameters[k] = sum;",
            "}",
        ], "work->parameters"

    # -------------------------------------------------------------------------------- the steps
    def table(self, table: Sequence[int]) -> str:
        """The name of a table, which is written once."""
        key = tuple(table)
        if key not in self._tables:
            name = self._tables[key] = f"{self.name}_moves_{len(self._tables)}"
            self.definitions.append("\n" + array(f"static const int {name}", map(str, key)))
        return self._tables[key]

    def move(self, what: str, sources: Any, targets: Any, *more: str) -> list[str]:
        """The call of a function that moves numbers."""
        times = max(len(sources), len(targets))
        if is_steady(sources) and is_steady(targets):
            table = runs_of(sources, targets)
            time = "time" if times > 1 else "0"
            return self.moving(what, table, str(len(table) // 7), time, *more) if table else []
        tables = [
            runs_of(*[some[k : k + 1] if len(some) > 1 else some for some in (sources, targets)])
            for k in range(times)
        ]
        return self.chosen(what, tables, "time", *more)

    def chosen(self, what: str, tables: Sequence[list[int]], which: str, *more: str) -> list[str]:
        """The same with one of several tables."""
        joined = [x for table in tables for x in table]
        if not joined:
            return []
        ends = self.table(np.cumsum([0, *[len(table) // 7 for table in tables]]).tolist())
        count = f"{ends}[({which}) + 1] - {ends}[{which}]"
        return self.moving(what, joined, count, "0", *more, start=f" + 7 * {ends}[{which}]")

    def moving(
        self, what: str, table: Sequence[int], count: str, *more: str, start: str = ""
    ) -> list[str]:
        arguments = ", ".join([f"{self.table(table)}{start}", count, *more])
        return [f"{self.name}_{what}({arguments});"]

    def _arrays(self, array: str) -> tuple[str, str]:
        if array == NUMBERS:
            return "work->numbers", "work->own"
        return "work->slopes[sweep]", "work->own_slopes"

    def steps(self, steps: Sequence[Step], rows: str) -> list[str]:
        """The statements of steps.

        Arguments:
            steps: the steps.
            rows: how many rows count, in C.
        """
        return [line for step in steps for line in self._step(step, rows)]

    def _step(self, step: Step, rows: str) -> list[str]:
        if isinstance(step, Repeated):
            return self._repeated(step, rows)
        if isinstance(step, Call):
            return self._call(step, rows)
        if isinstance(step, Copy):
            arrays = self._arrays(step.target.array)
            what, more = ("copy_add", (rows,)) if step.target.adds else ("copy", ())
            return self.move(what, step.source.places, step.target.places, *arrays, *more)
        return self._look_up(step, rows)

    def _repeated(self, step: Repeated, rows: str) -> list[str]:
        if step.count == 1:
            return self.steps(step.steps, rows)
        head = f"for (int time = 0; time < {step.count}; time++) {{"
        if step.is_backwards:
            head = f"for (int time = {step.count}; time-- > 0;) {{"
        inner = self.steps(step.steps, rows)
        return [head, *indented(inner), "}"] if inner else []

    def _call(self, step: Call, rows: str) -> list[str]:
        if not step.program.outputs:
            return []
        name = self.program(step.program)
        lines = [f"{name}_work *const part = &work->run.{name};"]
        lines += self.loaded(step.parameters, "read", "work->parameters")
        lines += self.loaded(step.inputs, "load", "part->inputs")
        if step.cleared is not None:
            places = step.cleared.places
            lines += self.move("clear", places, places, *self._arrays(step.cleared.array))
        lines += self.run(step.program, "work->parameters", rows)
        if step.sums is not None and step.sums.places.size:
            more, sums = self.sums(step.program)
            places = places_in("sum", step.program.outputs)[None, :]
            common = self._arrays(step.sums.array)[0]
            lines += [*more, *self.move("add_sums", places, step.sums.places, common, sums)]
        places, start = places_in("per_row", step.program.outputs), 0
        for target in step.each:
            end = start + target.places.shape[1]
            what, more = ("add", [rows]) if target.adds else ("store", [])
            arrays = self._arrays(target.array)
            some = places[None, start:end]
            lines += self.move(what, some, target.places, *arrays, "part->each", *more)
            start = end
        return ["{", *indented(lines), "}"]

    def loaded(self, sources: Sequence[Numbers], what: str, target: str) -> list[str]:
        lines, start = [], 0
        for source in sources:
            count = source.places.shape[1]
            slots = np.arange(start, start + count)[None, :]
            start += count
            if source.array == SEEDS and count:
                lines += [
                    f"for (size_t k = 0; k < {count}; k++)",
                    f"    for (size_t r = 0; r < {self.lanes}; r++)",
                    f"        {target}[{start - count} + k][r] = k == sweep ? 1.0 : 0.0;",
                ]
                continue
            common, own = self._arrays(source.array)
            arrays = (common, own) if what == "load" else (common,)
            lines += self.move(what, source.places, slots, *arrays, target)
        return lines

    def _look_up(self, step: LookUp, rows: str) -> list[str]:
        entries, width = step.table.shape
        is_shared = bool((step.results < 0).all())
        many = "1" if is_shared else rows if step.is_slope else self.lanes
        at = "r" if not is_shared else "0"
        found = _entry("work->numbers", "work->own", "place", at, step.indices)
        lines = [
            f"const int place = {self._place(step.indices[:, None], 'k', '0')};",
            f"const double index = {found};",
            f"const int right = index >= 0.0 && index < {literal(float(entries))} && "
            "floor(index) == index;",
            "const int entry = right ? (int)index : 0;",
            f"for (int c = 0; c < {width}; c++) {{",
            f"    const int from = {self._place(step.table, 'entry', 'c')};",
            f"    const int to = {self._place(step.results, 'k', 'c')};",
        ]
        if step.is_slope:
            common, own = self._arrays("slopes")
            slope = _entry(common, own, "to", at, step.results)
            lines += [f"    const double slope = {slope};", "    if (!right)", "        continue;"]
            lines += [
                f"    {line}" for line in _added(common, own, "from", at, step.table, "slope")
            ]
        else:
            entry = _entry("work->numbers", "work->own", "from", at, step.table)
            target = "work->numbers[-1 - to]" if is_shared else "work->own[to][r]"
            lines += [f"    {target} = right ? {entry} + 0.0 : 0.0;"]
        lines += ["}"]
        return [
            f"for (int k = 0; k < {len(step.indices)}; k++)",
            f"    for (size_t r = 0; r < {many}; r++) {{",
            *indented(indented(lines)),
            "    }",
        ]

    def _place(self, table: Any, line: str, column: str) -> str:
        """The place at a line and a column of a table, which is computed where it is regular."""
        steps = [
            int(table[1, 0] - table[0, 0]) if len(table) > 1 else 0,
            int(table[0, 1] - table[0, 0]) if table.shape[1] > 1 else 0,
        ]
        regular = table[0, 0] + steps[0] * np.arange(len(table))[:, None]
        if (regular + steps[1] * np.arange(table.shape[1]) == table).all():
            parts = [str(int(table[0, 0]))]
            parts += [f"{s} * {x}" for s, x in zip(steps, (line, column), strict=True) if s]
            return " + ".join(parts)
        name = self.table(table.ravel().tolist())
        return f"{name}[{table.shape[1]} * {line} + {column}]"


def _entry(common: str, own: str, place: str, at: str, places: Any) -> str:
    """The number at a place."""
    if (places < 0).all():
        return f"{common}[-1 - {place}]"
    if (places >= 0).all():
        return f"{own}[{place}][{at}]"
    return f"({place} < 0 ? {common}[-1 - {place}] : {own}[{place}][{at}])"


def _added(common: str, own: str, place: str, at: str, places: Any, amount: str) -> list[str]:
    """Statements that add a number at a place."""
    to_common, to_own = f"{common}[-1 - {place}] += {amount};", f"{own}[{place}][{at}] += {amount};"
    if (places < 0).all():
        return [to_common]
    if (places >= 0).all():
        return [to_own]
    return [f"if ({place} < 0)", f"    {to_common}", "else", f"    {to_own}"]


def indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
