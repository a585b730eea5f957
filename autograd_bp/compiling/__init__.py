"""The compiler: functions and graphs as programs that run over rows of data.

A scalar graph is a complete description of a computation. `compiled` records it once and
`Program` holds it as a flat list of instructions; passes make that shorter, backends run it.
"""

from autograd_bp.compiling.builder import Builder
from autograd_bp.compiling.compiled import Compiled, RetraceWarning, compiled
from autograd_bp.compiling.flattening import flatten
from autograd_bp.compiling.passes import (
    common_subexpressions,
    dead_code,
    fold_constants,
    fuse_products,
    optimised,
    simplify,
)
from autograd_bp.compiling.program import Program
from autograd_bp.compiling.programfile import from_json, to_json

__all__ = [
    "Builder",
    "Compiled",
    "Program",
    "RetraceWarning",
    "common_subexpressions",
    "compiled",
    "dead_code",
    "flatten",
    "fold_constants",
    "from_json",
    "fuse_products",
    "optimised",
    "simplify",
    "to_json",
]
