"""The compiler: functions and graphs as programs that run over rows of data.

A scalar graph is a complete description of a computation. `compiled` records it once and
`Program` holds it as a flat list of instructions; passes make that shorter, backends run it.
"""

from autograd_bp.compiling.backends.c import to_c
from autograd_bp.compiling.calling import cache
from autograd_bp.compiling.compiled import Compiled, RetraceWarning, compiled
from autograd_bp.compiling.front.graph import compile
from autograd_bp.compiling.front.ready import UndecidedZeroWarning
from autograd_bp.compiling.front.tables import beside, rows_of
from autograd_bp.compiling.loops.loops import Access, Loop, Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.builder import Builder
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import (
    common_subexpressions,
    dead_code,
    fold_constants,
    fuse_products,
    optimised,
    simplify,
    split_products,
    tidy,
)
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.program_file import from_json, to_json

__all__ = [
    "Access",
    "Builder",
    "Compiled",
    "Loop",
    "Loops",
    "Program",
    "RetraceWarning",
    "UndecidedZeroWarning",
    "beside",
    "cache",
    "common_subexpressions",
    "compile",
    "compiled",
    "dead_code",
    "flatten",
    "fold_constants",
    "from_json",
    "fuse_products",
    "optimised",
    "roll",
    "rows_of",
    "simplify",
    "split_products",
    "tidy",
    "to_c",
    "to_json",
]
