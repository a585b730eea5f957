"""What a function in parts does for each block of rows, as statements of C."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.c.part_steps import StepWriter, indented
from autograd_bp.compiling.backends.c.plan import Emitted, Plan
from autograd_bp.compiling.backends.c.transfers import runs_of
from autograd_bp.compiling.loops.outputs import places_in

__all__ = ["RowWriter"]


class RowWriter(StepWriter):
    """The statements for a block of rows.

    Arguments:
        plan: the plan.
        name, family, is_float, lanes: see `StepWriter`.

    Attributes:
        guard: the writer or the program of what finds rows in which something goes wrong; None
            where nothing may.
    """

    guard: Any = None

    def __init__(self, plan: Plan, name: str, family: str, *, is_float: bool, lanes: bool) -> None:
        super().__init__(name, family, is_float=is_float, lanes=lanes)
        self._plan = plan

    def blocks(self, forward: str, backward: str) -> list[str]:
        """Statements that compute all rows, by functions that go forward and backward."""
        plan, L = self._plan, self.lanes
        lines = [
            f"const size_t left = all - first, rows = left < {L} ? left : {L};",
        ]
        each = ""
        if plan.outputs[1]:
            each = "row"
            lines.append(f"double *const row = each + {self.name.upper()}_EACH * first;")
        if plan.inputs:
            start = int(plan.leaves[1][0])
            lines += [
                f"for (size_t r = 0; r < {L}; r++) {{",
                "    /* copies of the last row fill the block */",
                "    const size_t from = first + (r < rows ? r : rows - 1);",
                f"    for (size_t k = 0; k < {len(plan.inputs)}; k++)",
                f"        work->own[{start} + k][r] = inputs[{len(plan.inputs)} * from + k];",
                "}",
            ]
        lines += self._wrong()
        if forward:
            lines.append(f"{forward}(work, rows);")
        lines += self._last()
        if plan.sweeps:
            inner = [
                f"for (size_t k = 0; k < {max(plan.sizes[1], 1)}; k++)",
                f"    for (size_t r = 0; r < {L}; r++)",
                "        work->own_slopes[k][r] = 0.0;",
            ]
            if backward:
                inner.append(f"{backward}(work, rows, sweep);")
            slopes = [x for x in plan.emitted if x.kind == "slopes"]
            for some, what, targets in (
                ([x for x in slopes if x.is_sum], "give_added", "sums"),
                ([x for x in slopes if not x.is_sum], "give_rows", each),
            ):
                inner += self.given(some, what, "work->own_slopes, rows", targets, is_common=False)
            head = f"for (size_t sweep = 0; sweep < {plan.sweeps}; sweep++) {{"
            lines += [head, *indented(inner), "}"]
        lines += self._marked()
        opening = [
            "{",
            "    const size_t all = rows;",
            f"    for (size_t first = 0; first < all; first += {L}) {{",
        ]
        return [*opening, *indented(indented(lines)), "    }", "}"]

    def _wrong(self) -> list[str]:
        """Statements that find out in which rows something goes wrong."""
        guard = self.guard
        if guard is None:
            return []
        inputs = "inputs" if self._plan.inputs else "NULL"
        if self._plan.inputs:
            inputs = f"inputs + {len(self._plan.inputs)} * first"
        if isinstance(guard, StepWriter):
            arguments = f"parameters, {inputs}, rows, NULL, work->wrong, &work->guard"
            return [f"{self.name}_guard({arguments});"]
        name = self.program(guard)
        (place,) = places_in("per_row", guard.outputs).tolist()
        slots = np.arange(len(self._plan.inputs))[None, :]
        lines = [f"{name}_work *const part = &work->run.{name};"]
        lines += self.move(
            "load", self._plan.leaves[1][None, :], slots, "work->numbers", "work->own",
            "part->inputs",
        )  # fmt: skip
        lines += self.run(guard, "parameters", "rows")
        lines += [
            f"for (size_t r = 0; r < {self.lanes}; r++)",
            f"    work->wrong[r] = part->each[{place}][r];",
        ]
        return ["{", *indented(lines), "}"]

    def _marked(self) -> list[str]:
        """Statements that make all outputs of rows in which something goes wrong NaN."""
        each, sums = self._plan.outputs[1], self._plan.outputs[0]
        if self._plan.guard is None:
            return []
        lines = ["for (size_t r = 0; r < rows; r++)", "    if (work->wrong[r] != 0.0) {"]
        if sums:
            lines.append("        is_wrong = 1;")
        if each:
            lines.append(f"        for (size_t k = 0; k < {each}; k++)")
            lines.append(f"            row[{each} * r + k] = NAN;")
        return [*lines, "    }"]

    def _last(self) -> list[str]:
        """Statements that compute the outputs, and hand them out."""
        plan, last = self._plan, self._plan.last
        values = [x for x in plan.emitted if x.kind == "value"]
        if not values:
            return []
        name = self.program(last.program)
        lines = [f"{name}_work *const part = &work->run.{name};"]
        lines += self.loaded(last.parameters, "read", "work->parameters")
        lines += self.loaded(last.inputs, "load", "part->inputs")
        lines += self.run(last.program, "work->parameters", "rows")
        sums = places_in("sum", last.program.outputs)
        each = places_in("per_row", last.program.outputs)
        for is_sum in (True, False):
            some = [x for x in values if x.is_sum == is_sum]
            if not some:
                continue
            if len(sums):
                more, summed = self.sums(last.program)
                lines += [*more, *self.given(some, "give_sums", summed, "sums", of=sums)]
            elif is_sum:
                lines += self.given(some, "give_added", "part->each, rows", "sums", of=each)
            else:
                lines += self.given(some, "give_rows", "part->each, rows", "row", of=each)
        return ["{", *indented(lines), "}"]

    def given(
        self,
        emitted: Sequence[Emitted],
        what: str,
        source: str,
        target: str,
        *,
        is_common: bool | None = None,
        of: Any = None,
    ) -> list[str]:
        """Statements that hand out what belongs to a direction and a sweep."""
        tables: list[list[int]] = []
        directions, sweeps = max(len(self._plan.directions), 1), max(self._plan.sweeps, 1)
        sweeps = sweeps if of is None else 1
        for k in range(directions * sweeps):
            table: list[int] = []
            for some in emitted:
                if (some.direction, some.sweep) != divmod(k, sweeps):
                    continue
                sources = some.sources if of is None else of[some.sources]
                targets = some.targets
                if is_common is not None:
                    mine = (sources < 0) == is_common
                    sources, targets = sources[mine], targets[mine]
                table += runs_of(sources[None, :], targets[None, :])
            tables.append(table)
        if len(tables) == 1:
            (table,) = tables
            count = str(len(table) // 7)
            return self.moving(what, table, count, "0", source, target) if table else []
        which = "direction" if directions > 1 else ""
        if sweeps > 1:
            which = f"{sweeps} * {which} + sweep" if which else "sweep"
        return self.chosen(what, tables, which, source, target)
