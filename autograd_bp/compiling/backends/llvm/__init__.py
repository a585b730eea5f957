"""The backend "llvm": loops as machine code for this processor, by way of llvmlite.

    loops.Loops -> nests.module (text) -> jit.Code (functions in memory)

`expressions` reads the C expressions of the table of primitives, `arithmetic` and `nary` write
them as vector instructions, `writer` knows the language.
"""

from autograd_bp.compiling.backends.llvm.backend import FEW_ROWS, compiled_loops, different, refused

__all__ = ["FEW_ROWS", "compiled_loops", "different", "refused"]
