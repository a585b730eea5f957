"""parts_to_c: a function that runs in parts as one file of C99.

Each part is a program of its own, written as source.py writes them. Around them stand functions
that move numbers between the registers of the function and what the programs read and write.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.c import primitives
from autograd_bp.compiling.backends.c.file import FILE, LANES, REALS, SUMS, written
from autograd_bp.compiling.backends.c.floats import rounded
from autograd_bp.compiling.backends.c.names import checked_choice, checked_name, comment, literal
from autograd_bp.compiling.backends.c.nests import array
from autograd_bp.compiling.backends.c.part_rows import RowWriter
from autograd_bp.compiling.backends.c.part_steps import indented
from autograd_bp.compiling.backends.c.plan import (
    Plan,
)
from autograd_bp.compiling.backends.c.transfers import used_helpers
from autograd_bp.compiling.backends.c.vectors import ROWS, check, vectors_of
from autograd_bp.version import __version__

__all__ = ["parts_to_c"]


def parts_to_c(
    plan: Plan,
    path: str | os.PathLike[str] | None = None,
    *,
    name: str = "program",
    vectors: Any = ROWS,
    outputs: Sequence[str] = (),
    real: str = "double",
    sums: str = "rows",
) -> str:
    """A plan as C99; arguments, result and errors are those of `to_c`."""
    checked_choice("real", real, REALS)
    checked_choice("sums", sums, SUMS)
    is_float = real == "float"
    writer = _Parts(plan, checked_name(name), name, is_float=is_float, lanes=sums == "lanes")
    return written(writer.text(vectors, outputs), path, is_float=is_float)


class _Runnable:
    """A plan as `vectors_of` takes programs."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.parameters, self.inputs, self.operands = plan.parameters, plan.inputs, ()
        sums, each = plan.outputs
        self.outputs = [("sum", k) for k in range(sums)] + [("per_row", k) for k in range(each)]

    def run(self, parameters: Any, rows: Any) -> list[Any]:
        """The outputs of a row."""
        (row,) = rows
        numbers = np.array(row, float).reshape(-1, 1)
        sums, each = self._plan.run(np.array(parameters, float), numbers)
        return [*np.asarray(sums).tolist(), *np.asarray(each).tolist()]


class _Parts(RowWriter):
    """The text of a plan.

    Arguments:
        plan: the plan.
        name, family, is_float, lanes: see `RowWriter`.
    """

    def __init__(self, plan: Plan, name: str, family: str, *, is_float: bool, lanes: bool) -> None:
        super().__init__(plan, name, family, is_float=is_float, lanes=lanes)
        self._functions: list[str] = []
        self._bytes_of_guard = 0
        self.guard = self._guarded()

    # ------------------------------------------------------------------------------- the file
    def text(self, vectors: Any, outputs: Sequence[str]) -> str:
        """The whole file."""
        plan, name = self._plan, self.name
        body, functions = self.written()
        runnable: Any = _Runnable(plan)
        recorded = vectors_of(runnable, vectors, rounded if self.is_float else None)
        lines = [
            *(
                f"   {title}: {count:,}, in the order of the arguments"
                for title, count in (
                    ("parameters", len(plan.parameters)),
                    ("inputs of a row", len(plan.inputs)),
                )
                if count
            ),
            *(f"   {comment(line)}" for line in outputs),
            *(f"   {line}" for line in plan.remarks),
            "",
        ]
        fields = self.fields()
        codes = [primitives.function(op, self.family) for op in self.primitives.values()]
        return FILE.format(
            name=name,
            NAME=name.upper(),
            version=__version__,
            lanes=LANES,
            layout="\n".join(lines),
            parameters=len(plan.parameters),
            inputs=len(plan.inputs),
            sums=plan.outputs[0],
            each=plan.outputs[1],
            types="\n".join([*self.types, ""]),
            fields="\n".join(fields),
            bytes=f"{self.bytes:,}",
            definitions="\n".join([*(f"\n{code}" for code in codes), *self.definitions]),
            functions=functions,
            body=body,
            check=check(recorded, name) if recorded is not None else "",
        )

    def written(self) -> tuple[str, str]:
        """The body of the function, and the functions before it."""
        body = self._main()
        functions = "\n".join(self._functions)
        helpers = used_helpers(functions + body, self.name, self.family)
        return body, f"{helpers}\n{functions}\n"

    @property
    def bytes(self) -> int:
        """How much room is needed."""
        plan = self._plan
        common, own = (max(size, 1) for size in plan.sizes)
        sweeps = max(plan.sweeps, 1)
        numbers = self.buffer + common * (1 + sweeps) + LANES * (2 * own + 1)
        return (4 if self.is_float else 8) * numbers + self.bytes_of_parts + self._bytes_of_guard

    def fields(self) -> list[str]:
        """The members of the working space."""
        common, own = (max(size, 1) for size in self._plan.sizes)
        kernels = [f"        {name}_work {name};" for name in self.parts]
        lines = ["    union {", *kernels, "    } run;"]
        lines += [
            f"    double parameters[{self.buffer}];",
            f"    double numbers[{common}];",
            f"    double own[{own}][{self.lanes}];",
            f"    double slopes[{max(self._plan.sweeps, 1)}][{common}];",
            f"    double own_slopes[{own}][{self.lanes}];",
            f"    double wrong[{self.lanes}];",
        ]
        if isinstance(self.guard, _Parts):
            lines.append(f"    {self.name}_guard_work guard;")
        return lines

    # --------------------------------------------------------------------------- the function
    def _guarded(self) -> Any:
        guard = self._plan.guard
        if not isinstance(guard, Plan):
            return guard
        name = f"{self.name}_guard"
        writer = _Parts(guard, name, self.family, is_float=self.is_float, lanes=self.has_lanes)
        body, functions = writer.written()
        fields = "\n".join(writer.fields())
        self.types += [*writer.types, f"typedef struct {{\n{fields}\n}} {name}_work;\n"]
        self.definitions += [
            *writer.definitions,
            functions,
            f"\nstatic void {name}(const double *restrict parameters,"
            f"\n    const double *restrict inputs, size_t rows, double *restrict sums,"
            f"\n    double *restrict each, {name}_work *restrict work)\n{{\n{body}\n}}",
        ]
        sizes = f"{name.upper()}_INPUTS", f"{name.upper()}_EACH"
        counts = len(guard.inputs), guard.outputs[1]
        self.definitions.insert(
            0, "\n".join(f"#define {what} {n}" for what, n in zip(sizes, counts, strict=True))
        )
        self.primitives.update(writer.primitives)
        self._bytes_of_guard = writer.bytes
        return writer

    def _function(self, name: str, more: str, lines: list[str]) -> str:
        """Adds a function. Returns: its name, or the empty text where it does nothing."""
        if not lines:
            return ""
        unused = [f"(void){x};" for x in ("rows", "sweep") if x in more]
        body = "\n".join(f"    {line}" for line in [*unused, *lines])
        self._functions.append(
            f"\nstatic void {self.name}_{name}({self.name}_work *work{more})\n{{\n{body}\n}}"
        )
        return f"{self.name}_{name}"

    def _main(self) -> str:
        plan = self._plan
        forward = [
            self._function(what, more, self.steps(steps, rows))
            for what, more, steps, rows in (
                ("common", "", plan.forward[0], "1"),
                ("rows", ", size_t rows", plan.forward[1], "rows"),
            )
        ]
        backward = [
            self._function(what, more, self.steps(steps, rows))
            for what, more, steps, rows in (
                ("common_back", ", size_t sweep", plan.backward[0], "1"),
                ("rows_back", ", size_t rows, size_t sweep", plan.backward[1], "rows"),
            )
        ]
        lines = [*self._beginning(), *self._for_each_direction(forward, backward)]
        if plan.guard is not None and plan.outputs[0]:
            lines += ["if (is_wrong)", f"    for (size_t k = 0; k < {plan.outputs[0]}; k++)"]
            lines += ["        sums[k] = NAN;"]
        for count, what in (
            (len(plan.parameters), "parameters"),
            (len(plan.inputs), "inputs"),
            (plan.outputs[0], "sums"),
            (plan.outputs[1], "each"),
        ):
            if not count:
                lines.append(f"(void){what};")
        return "\n".join(f"    {line}" for line in lines)

    def _beginning(self) -> list[str]:
        """Statements that are done once."""
        plan, lines = self._plan, []
        if plan.guard is not None and plan.outputs[0]:
            lines.append("int is_wrong = 0;")
        if plan.outputs[0]:
            lines += [f"for (size_t k = 0; k < {plan.outputs[0]}; k++)", "    sums[k] = 0.0;"]
        places, numbers = plan.constants
        if len(numbers):
            constants = f"{self.name}_constants"
            text = array(f"static const double {constants}", map(literal, numbers))
            self.definitions.append("\n" + text)
            lines += [
                f"for (size_t k = 0; k < {len(numbers)}; k++)",
                f"    work->numbers[{-1 - int(places[0])} + k] = {constants}[k];",
            ]
        parameters = plan.leaves[0]
        if len(parameters):  # all of them are shared, or none is
            start, is_shared = int(parameters[0]), parameters[0] < 0
            lines.append(f"for (size_t k = 0; k < {len(parameters)}; k++)")
            if is_shared:
                lines.append(f"    work->numbers[{-1 - start} + k] = parameters[k];")
            else:
                lines += [
                    f"    for (size_t r = 0; r < {self.lanes}; r++)",
                    f"        work->own[{start} + k][r] = parameters[k];",
                ]
        return lines

    def _for_each_direction(self, forward: list[str], backward: list[str]) -> list[str]:
        plan = self._plan
        lines = []
        if plan.sweeps:
            lines += [
                f"for (size_t k = 0; k < {plan.sweeps}; k++)",
                f"    for (size_t j = 0; j < {max(plan.sizes[0], 1)}; j++)",
                "        work->slopes[k][j] = 0.0;",
            ]
        if forward[0]:
            lines.append(f"{forward[0]}(work);")
        lines += self.blocks(forward[1], backward[1])
        if plan.sweeps:
            inner = [f"{backward[0]}(work, sweep);"] if backward[0] else []
            given = [x for x in plan.emitted if x.kind == "slopes" and x.is_sum]
            inner += self.given(given, "give_common", "work->slopes[sweep]", "sums", is_common=True)
            if inner:
                head = f"for (size_t sweep = 0; sweep < {plan.sweeps}; sweep++) {{"
                lines += [head, *indented(inner), "}"]
        if not len(plan.directions):
            return lines
        count, start = len(plan.directions), int(plan.directions[0])
        if start < 0:
            moved = [f"    work->numbers[{-1 - start} + k] = k == direction ? 1.0 : 0.0;"]
        else:
            moved = [
                f"    for (size_t r = 0; r < {self.lanes}; r++)",
                f"        work->own[{start} + k][r] = k == direction ? 1.0 : 0.0;",
            ]
        lines = [f"for (size_t k = 0; k < {count}; k++)", *moved, *lines]
        head = f"for (size_t direction = 0; direction < {count}; direction++) {{"
        return [head, *indented(lines), "}"]
