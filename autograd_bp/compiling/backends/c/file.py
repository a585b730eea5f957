"""A file of C99 as a whole: what stands around the functions that the writers of programs and of
parts hand in."""

from __future__ import annotations

import os

from autograd_bp.compiling.backends.c.floats import with_floats
from autograd_bp.files import write_atomically

LANES = 16  # rows that are computed side by side
REALS, SUMS = ("double", "float"), ("rows", "lanes")

FILE = """\
/* {name}: scalar code, compiled by autograd_bp {version}.

{layout}
   Compile:  cc -std=c99 -O3 -c {name}.c     (link with -lm)
   Check:    cc -std=c99 -D{NAME}_SELF_TEST {name}.c -lm && ./a.out

   The check holds {name} against recorded numbers; -D{NAME}_ULPS=0 asks for every bit. Rows are
   computed {NAME}_LANES at a time, side by side in vector registers: -D{NAME}_LANES=1 takes the
   least memory and gives the same bits. */

#ifndef {NAME}_DECLARED
#define {NAME}_DECLARED
#include <stddef.h>
#ifdef __cplusplus /* C++ has no restrict of its own */
#ifndef restrict
#define restrict __restrict
#endif
extern "C" {{
#endif

#define {NAME}_PARAMETERS {parameters}
#define {NAME}_INPUTS {inputs}
#define {NAME}_SUMS {sums}
#define {NAME}_EACH {each}
#ifndef {NAME}_LANES
#define {NAME}_LANES {lanes}
#endif

{types}/* Room for intermediate results, {bytes} bytes: make one, static say, and hand it in. */
typedef struct {{
{fields}
}} {name}_work;

/* rows: how many there are. inputs: {NAME}_INPUTS numbers for each, row after row.
   sums: gets {NAME}_SUMS numbers. each: gets {NAME}_EACH numbers for each row, row after row.
   What has no numbers may be NULL. The arrays must not overlap. */
void {name}(const double *restrict parameters, const double *restrict inputs, size_t rows,
    double *restrict sums, double *restrict each, {name}_work *restrict work);
#ifdef __cplusplus
}}
#endif
#endif

#ifndef {NAME}_DECLARATIONS_ONLY /* define it to include this file as a header */
#include <math.h>
{definitions}
{functions}
void {name}(const double *restrict parameters, const double *restrict inputs, size_t rows,
    double *restrict sums, double *restrict each, {name}_work *restrict work)
{{
{body}
}}
{check}#endif
"""


def written(text: str, path: str | os.PathLike[str] | None, *, is_float: bool) -> str:
    """The text of a file, with floats where asked for, after it was written where a path is."""
    text = with_floats(text) if is_float else text
    if path is not None:
        write_atomically(path, text.encode("ascii"))
    return text
