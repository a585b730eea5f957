"""Numbers that a C file checks itself with, and what the reference makes of them."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp.compiling.backends.c.names import literal
from autograd_bp.compiling.backends.c.nests import array
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.program.program import Program
from autograd_bp.errors import SettingError, ShapeError

ROWS = 17  # one more than a block
MOST_NUMBERS, MOST_WORK = 4_000, 1_000_000
RANGES = ((-0.9, 0.9), (0.1, 0.9), (1.1, 1.9))


@dataclass(frozen=True)
class Vectors:
    """The results of a program for some rows of data.

    Attributes:
        parameters, rows: what it is given.
        sums: the outputs that are summed.
        scales: for each of them the sum of the sizes of what was added.
        each: for each row the other outputs.
    """

    parameters: list[float]
    rows: list[list[float]]
    sums: list[float]
    scales: list[float]
    each: list[list[float]]


def vectors_of(
    loops: Loops, wanted: Any, rounding: Callable[[float], float] | None = None
) -> Vectors | None:
    """The vectors for a program.

    Arguments:
        loops: the program.
        wanted: how many rows, of numbers made up; or a pair of parameters and rows.
        rounding: what rounds these numbers to those of a shorter type.

    Returns: them, or None for no rows.

    Raises: SettingError, ShapeError for what is neither.
    """
    if isinstance(wanted, int) and not isinstance(wanted, bool) and wanted >= 0:
        count = min(wanted, rows_for(loops))
        return _computed(loops, *_made_up(loops, count)) if count else None
    round_ = rounding or float
    try:
        parameters, rows = wanted
        parameters = [round_(float(x)) for x in parameters]
        rows = [[round_(float(x)) for x in row] for row in rows]
    except (TypeError, ValueError):
        raise SettingError(
            f"vectors={wanted!r:.60} is neither a number of rows nor a pair (parameters, rows)"
        ) from None
    widths = {len(row) for row in rows} - {len(loops.inputs)}
    if len(parameters) != len(loops.parameters) or widths:
        raise ShapeError(
            f"vectors: {len(loops.parameters)} parameters and rows of {len(loops.inputs)} inputs "
            f"are needed, got {len(parameters)} and rows of {min(widths, default='as many')}"
        )
    return _computed(loops, parameters, rows) if rows else None


def rows_for(program: Program | Loops) -> int:
    """How many rows are enough, and not too much to write and to compute in Python."""
    work = program.work if isinstance(program, Loops) else len(program.operands)
    most = min(MOST_NUMBERS // max(len(program.inputs), 1), MOST_WORK // max(work, 1))
    return max(1, min(ROWS, most))


def _made_up(loops: Loops, rows: int) -> tuple[list[float], list[list[float]]]:
    """Numbers without a pattern, the same for each file; in a range where results are finite."""
    width = len(loops.inputs)
    best: tuple[int, Any] = (-1, None)
    for low, high in RANGES:
        parameters = _numbers(len(loops.parameters), 0, low, high)
        numbers = _numbers(width * rows, 1000, low, high)
        table = [numbers[width * r : width * (r + 1)] for r in range(rows)]
        found = _outputs(loops, parameters, table[0])
        finite = sum(map(math.isfinite, found))
        if finite > best[0]:
            best = finite, (parameters, table)
        if finite == len(found):
            break
    parameters, table = best[1]
    return parameters, table


def _numbers(count: int, start: int, low: float, high: float) -> list[float]:
    golden = (math.sqrt(5.0) - 1.0) / 2.0
    spots = ((start + k + 1) * golden % 1.0 for k in range(count))
    return [round(256.0 * (low + (high - low) * spot)) / 256.0 for spot in spots]


def _outputs(loops: Loops, parameters: Sequence[float], row: Sequence[float]) -> list[float]:
    """All outputs for one row."""
    return [x if isinstance(x, float) else x[0] for x in loops.run(parameters, [row])]


def _computed(loops: Loops, parameters: list[float], rows: list[list[float]]) -> Vectors:
    spaces = [space for space, _ in loops.outputs]
    sums = [0.0] * spaces.count("sum")
    scales, each = list(sums), []
    for row in rows:
        found = _outputs(loops, parameters, row)
        added = [x for x, space in zip(found, spaces, strict=True) if space == "sum"]
        sums = [total + x for total, x in zip(sums, added, strict=True)]
        scales = [total + abs(x) for total, x in zip(scales, added, strict=True)]
        each.append([x for x, space in zip(found, spaces, strict=True) if space == "per_row"])
    scales = [min(x, sys.float_info.max) if x == x else 0.0 for x in scales]
    return Vectors(parameters, rows, sums, scales, each)


CHECK = """
/* -------------------------------------------------------------------------------- the check */
#if defined({NAME}_CHECK) || defined({NAME}_SELF_TEST)
#include <float.h>
#include <stdio.h>

#ifndef {NAME}_ULPS
#define {NAME}_ULPS 64 /* how far off a number may be, in units of its last place */
#endif

{arrays}

static int {name}_differs(const char *what, size_t place, double got, double expected, double scale)
{{
    const int sign = {NAME}_ULPS > 0 || copysign(1.0, got) == copysign(1.0, expected);
    double ulps;
    if ((got == expected && sign) || (got != got && expected != expected))
        return 0;
    ulps = fabs(got - expected) / (DBL_EPSILON * (scale > DBL_MIN ? scale : DBL_MIN));
    if (ulps <= {NAME}_ULPS && sign)
        return 0;
    printf("%s[%lu]: got %.17g, expected %.17g, %.3g ulps off\\n", what, (unsigned long)place, got,
           expected, ulps);
    return 1;
}}

int {name}_check(void); /* how many numbers are not what they should be; prints each */

int {name}_check(void)
{{
    static {name}_work work;
{buffers}
    int wrong = 0;
    /* volatile: known numbers are not to be computed by the compiler */
    void (*volatile run)(const double *restrict, const double *restrict, size_t, double *restrict,
        double *restrict, {name}_work *restrict) = {name};
    run({parameters}, {inputs}, {rows}, {sums}, {each}, &work);
{comparisons}
    return wrong;
}}
#endif

#ifdef {NAME}_SELF_TEST
int main(void)
{{
    const int wrong = {name}_check();
    if (wrong == 0)
        printf("ok: {count} numbers\\n");
    return wrong != 0;
}}
#endif
"""


def check(vectors: Vectors, name: str) -> str:
    """The part of a file that checks it."""
    arrays, comparisons, buffers = [], [], []

    def define(what: str, numbers: list[float]) -> str:
        if not numbers:
            return "NULL"
        arrays.append(array(f"static const double {name}_test_{what}", map(literal, numbers)))
        return f"{name}_test_{what}"

    given = {
        "parameters": define("parameters", vectors.parameters),
        "inputs": define("inputs", [x for row in vectors.rows for x in row]),
        "sums": "NULL",
        "each": "NULL",
    }
    each = [x for row in vectors.each for x in row]
    for what, numbers in (("sums", vectors.sums), ("each", each)):
        if not numbers:
            continue
        expected = define(what, numbers)
        scale = f"fabs({expected}[k])"
        if what == "sums":
            scale = f"{define('scales', vectors.scales)}[k]"
        buffers.append(f"    static double {what}[{len(numbers)}];")
        given[what] = what
        comparisons += [
            f"    for (size_t k = 0; k < {len(numbers)}; k++)",
            f'        wrong += {name}_differs("{what}", k, {what}[k], {expected}[k], {scale});',
        ]
    return CHECK.format(
        name=name,
        NAME=name.upper(),
        arrays="\n".join(arrays),
        rows=len(vectors.rows),
        buffers="\n".join(buffers),
        comparisons="\n".join(comparisons),
        count=len(vectors.sums) + len(each),
        **given,
    )
