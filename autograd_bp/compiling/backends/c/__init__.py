"""C: loops as one file of portable C99, which checks itself.

    program.Program -> loops.Loops -> source.to_c (text)

`primitives` says what a primitive is in C, `nests` writes loops, `vectors` the numbers that the
file checks itself with, `names` keeps what users call things from becoming code; `file` is what
stands around all of it. A function that runs in parts is a `plan`, which `parts` writes:
`part_rows` what is done for a block of rows, `part_steps` its steps, `transfers` the functions that
move numbers between them.
"""

from autograd_bp.compiling.backends.c.names import name_for
from autograd_bp.compiling.backends.c.parts import parts_to_c
from autograd_bp.compiling.backends.c.source import to_c
from autograd_bp.compiling.backends.c.vectors import ROWS, rows_for

__all__ = ["ROWS", "name_for", "parts_to_c", "rows_for", "to_c"]
