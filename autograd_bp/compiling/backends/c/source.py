"""to_c: a program as one file of C99."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any

from autograd_bp.compiling.backends.c import primitives
from autograd_bp.compiling.backends.c.file import FILE, LANES, REALS, SUMS, written
from autograd_bp.compiling.backends.c.floats import rounded
from autograd_bp.compiling.backends.c.names import (
    checked_choice,
    checked_name,
    comment,
    groups,
    literal,
    own_names,
)
from autograd_bp.compiling.backends.c.nests import Nests, affine, array, table
from autograd_bp.compiling.backends.c.vectors import ROWS, check, vectors_of
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.outputs import places_in
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.program import Program
from autograd_bp.errors import OperandError, ProgramError
from autograd_bp.version import __version__

MOST_RUNS = 4  # of outputs that lie side by side; with more of them their places are a table


def to_c(
    program: Program | Loops,
    path: str | os.PathLike[str] | None = None,
    *,
    name: str = "program",
    vectors: Any = ROWS,
    outputs: Sequence[str] = (),
    real: str = "double",
    sums: str = "rows",
) -> str:
    """A program as C99: one file, no allocation, no library but libm, and it checks itself.

    Arguments:
        program: a Program or Loops.
        path: where to write the file; nowhere when left out.
        name: of the function in C.
        vectors: what the file checks itself with: how many rows of numbers made up, 0 for no
            check, or a pair (parameters, rows).
        outputs: lines that say what the outputs are, for the comment at the top.
        real: "double" or "float", the type of all numbers.
        sums: "rows" adds up the rows in their order; "lanes" adds up those that are computed side
            by side apart, which is faster and rounds otherwise.

    Returns: the text of the file.

    Raises: ProgramError naming a primitive that has no C expression; SettingError for a name that
        C does not allow, and for other options; ShapeError for vectors of another size; OutputError
        when the file cannot be written.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.compiling import flatten, to_c
        >>> w, x = bp.Value(0.5, "w"), bp.Value(2.0, "x")
        >>> text = to_c(flatten([bp.sigmoid(w * x)], parameters=[w], inputs=[x]), name="neuron")
        >>> "void neuron(const double *restrict parameters" in text
        True
    """
    if not isinstance(program, (Program, Loops)):
        raise OperandError(f"to_c takes a Program or Loops, got {type(program).__name__}")
    loops = roll(program) if isinstance(program, Program) else program
    checked_choice("real", real, REALS)
    checked_choice("sums", sums, SUMS)
    source = Source(loops, checked_name(name), is_float=real == "float", lanes=sums == "lanes")
    return written(source.text(vectors, outputs), path, is_float=real == "float")


class Source:
    """The text of a program.

    Arguments:
        loops: the program.
        name: of the function.
        is_float: whether its numbers are floats.
        lanes: whether each lane of a block has sums of its own.
        family: the name of the file, of several programs in one.
    """

    def __init__(
        self, loops: Loops, name: str, *, is_float: bool, lanes: bool, family: str = ""
    ) -> None:
        if not loops.outputs:
            raise ProgramError("the program has no outputs: there is nothing to compute")
        for loop, _ in loops.with_times():
            if loop.op is not None:
                primitives.require_c(loop.op)
        self.loops, self.name = loops, name
        self._family = family or name
        self._is_float, self._lanes = is_float, lanes
        used = [loop.op for loop, _ in loops.with_times() if loop.op is not None]
        taken = {*own_names(), *primitives.words(used, self._family), name}
        self._named = {
            "parameter": groups(loops.parameters, taken, "parameters"),
            "input": groups(loops.inputs, taken, "inputs"),
        }

    def nests(self) -> Nests:
        """The writer of its loops."""
        return Nests(
            self.loops,
            self.name,
            self._named,
            sums_by_lanes=self._lanes,
            family=self._family,
        )

    def text(self, vectors: Any, outputs: Sequence[str]) -> str:
        loops, name, nests = self.loops, self.name, self.nests()
        functions = self.functions(nests)
        recorded = vectors_of(loops, vectors, rounded if self._is_float else None)
        fields = self.fields(nests)
        return FILE.format(
            name=name,
            NAME=name.upper(),
            version=__version__,
            lanes=LANES,
            layout="\n".join(self._layout(outputs)),
            parameters=len(loops.parameters),
            inputs=len(loops.inputs),
            sums=len(self.places("sum")),
            each=len(self.places("per_row")),
            fields="\n".join(text for text, _ in fields),
            bytes=f"{(4 if self._is_float else 8) * sum(size for _, size in fields):,}",
            types="",
            definitions="\n".join([*self.definitions(nests), *self._handed_out(nests)]),
            functions=functions,
            body="\n".join(f"    {line}" for line in self._main()),
            check=check(recorded, name) if recorded is not None else "",
        )

    def places(self, space: str) -> list[int]:
        return [*places_in(space, self.loops.outputs).tolist()]

    def _layout(self, outputs: Sequence[str]) -> Iterator[str]:
        """Lines of the comment at the top: which number is which."""
        for space, title in (("parameter", "parameters"), ("input", "inputs of a row")):
            for group in self._named[space]:
                places, labels = f"{group.start}", comment(group.labels[0])
                if group.stop - group.start > 1:
                    places += f" to {group.stop - 1}"
                    labels += f" to {comment(group.labels[1])}"
                yield f"   {title} {places}: {labels}"
        for line in outputs:
            yield f"   {comment(line)}"
        if self._named["parameter"] or self._named["input"] or outputs:
            yield ""

    def fields(self, nests: Nests) -> list[tuple[str, int]]:
        """The members of the working space, and how many doubles each has."""
        sizes, lanes = self.loops.sizes, f"[{self._family.upper()}_LANES]"
        wanted = (
            ("shared", sizes["shared"], ""),
            ("inputs", len(self.loops.inputs), lanes),
            *((array.name, array.stop - array.start, lanes) for array in nests.arrays.all),
            ("each", sizes["per_row"], lanes),
            ("sums", sizes["sum"], lanes if self._lanes else ""),
            ("list", nests.longest, ""),
        )
        return [
            (f"    double {field}[{size}]{of};", size * (LANES if of else 1))
            for field, size, of in wanted
            if size
        ]

    # -------------------------------------------------------------------------------- functions
    def functions(self, nests: Nests) -> str:
        """The functions that compute what all rows share, and a block of rows."""
        made = []
        shared = nests.shared()
        if shared:
            made.append(self._function("What all rows share.", "shared", "", nests, shared))
        lines = nests.rows()
        made.append(
            self._function(
                "A block of rows; what lies beyond `rows` is computed and not used.",
                "block",
                ", size_t rows",
                nests,
                lines,
            )
        )
        return "\n".join(made) + "\n"

    def _function(self, why: str, name: str, more: str, nests: Nests, lines: list[str]) -> str:
        starts = []
        pointers = {
            "parameter": "const double *const {} = parameters",
            "input": f"double (*const {{}})[{nests.lanes}] = work->inputs",
        }
        for space, pointer in pointers.items():
            for group in self._named[space]:
                if group.name in nests.used - {"parameters"}:
                    offset = f" + {group.start}" if group.start else ""
                    starts.append(f"{pointer.format(group.name)}{offset};")
        if "parameter" not in nests.spaces:
            starts.append("(void)parameters;")
        if more and "sum" not in nests.spaces:
            starts.append("(void)rows;")
        nests.forget()
        body = "\n".join(f"    {line}" for line in [*starts, *lines])
        return (
            f"\n/* {why} */\nstatic void {self.name}_{name}(const double *restrict parameters, "
            f"{self.name}_work *restrict work{more})\n{{\n{body}\n}}"
        )

    def definitions(self, nests: Nests) -> Iterator[str]:
        """The constants and the tables of places, which are known when functions are written."""
        name = self.name
        if nests.constants:
            numbers = map(literal, self.loops.constants)
            yield "\n" + array(f"static const double {name}_constants", numbers)
        yield from ("\n" + table for table in nests.tables)

    def _handed_out(self, nests: Nests) -> Iterator[str]:
        """The places of outputs, and the functions of primitives."""
        name = self.name
        for space, field in (("sum", "sum"), ("per_row", "each")):
            places = self.places(space)
            if len(_runs(places)) > MOST_RUNS:
                yield "\n" + table(f"{name}_{field}_places", places)
        for op in nests.functions.values():
            yield "\n" + primitives.function(op, self.name)

    def _main(self) -> list[str]:
        loops, name, NAME = self.loops, self.name, self._family.upper()
        sums, each = self.places("sum"), self.places("per_row")
        lines = []
        if any(loop.space == "shared" for loop in loops.loops):
            lines.append(f"{name}_shared(parameters, work);")
        if sums:
            lines += [
                f"for (size_t k = 0; k < {loops.sizes['sum']}; k++)",
                *(
                    [
                        f"    for (size_t r = 0; r < {NAME}_LANES; r++)",
                        "        work->sums[k][r] = 0.0;",
                    ]
                    if self._lanes
                    else ["    work->sums[k] = 0.0;"]
                ),
            ]
        lines += [
            f"for (size_t first = 0; first < rows; first += {NAME}_LANES) {{",
            f"    const size_t left = rows - first, count = left < {NAME}_LANES ? left : "
            f"{NAME}_LANES;",
        ]
        if loops.inputs:
            lines += [
                f"    for (size_t r = 0; r < {NAME}_LANES; r++) {{",
                "        /* copies of the last row fill the block */",
                "        const size_t from = first + (r < count ? r : count - 1);",
                f"        const double *const row = inputs + {NAME}_INPUTS * from;",
                f"        for (size_t k = 0; k < {NAME}_INPUTS; k++)",
                "            work->inputs[k][r] = row[k];",
                "    }",
            ]
        lines.append(f"    {name}_block(parameters, work, count);")
        if each:
            lines += [
                "    for (size_t r = 0; r < count; r++) {",
                f"        double *const row = each + {NAME}_EACH * (first + r);",
                *(
                    f"        {line}"
                    for line in _copied(each, "row", "work->each", "[r]", f"{name}_each_places")
                ),
                "    }",
            ]
        lines.append("}")
        if sums and self._lanes:
            lines += [
                f"for (size_t k = 0; k < {loops.sizes['sum']}; k++)",
                f"    for (size_t r = 1; r < {NAME}_LANES; r++)",
                "        work->sums[k][0] += work->sums[k][r];",
            ]
        lane = "[0]" if self._lanes else ""
        lines += _copied(sums, "sums", "work->sums", lane, f"{name}_sum_places")
        for given, what in ((loops.inputs, "inputs"), (sums, "sums"), (each, "each")):
            if not given:
                lines.append(f"(void){what};")
        return lines


def _runs(places: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """Places as runs: from which output on, from which place on, the step, how many."""
    runs: list[tuple[int, int, int, int]] = []
    for k, place in enumerate(places):
        if runs:
            at, start, step, count = runs[-1]
            if count == 1:
                step = place - start
            if place == start + step * count:
                runs[-1] = at, start, step, count + 1
                continue
        runs.append((k, place, 0, 1))
    return runs


def _copied(places: Sequence[int], to: str, source: str, lane: str, table: str) -> list[str]:
    """Statements that hand out results in the order of the outputs."""
    runs = _runs(places)
    if len(runs) > MOST_RUNS:
        return [
            f"for (size_t k = 0; k < {len(places)}; k++)",
            f"    {to}[k] = {source}[{table}[k]]{lane};",
        ]
    lines = []
    for at, start, step, count in runs:
        if count == 1:
            lines.append(f"{to}[{at}] = {source}[{start}]{lane};")
            continue
        lines += [
            f"for (size_t k = 0; k < {count}; k++)",
            f"    {to}[{affine(at, 'k', (1,))}] = {source}[{affine(start, 'k', (step,))}]{lane};",
        ]
    return lines
