"""The backend "llvm": loops as machine code for this processor, by way of llvmlite.

    loops.Loops -> nests.module (text) -> jit.Code (functions in memory)

`nests` writes the loops and `places` what they read; printers/llvm.py writes what a primitive
computes, `library` the calls of functions of the C library, and `writer` knows the language. For
one row of data, `members` puts neighbours into the lanes of vectors (`neighbours` says how they
read, `lane_loads` loads them), and `wide_folds` the terms of a fold; for many rows, `row_sums` adds
them up. `flat` makes one counter of many, and `alike` one function of many loops.
"""

from autograd_bp.compiling.backends.llvm.backend import compiled_loops, refused

__all__ = ["compiled_loops", "refused"]
