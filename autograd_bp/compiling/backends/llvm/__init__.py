"""The backend "llvm": loops as machine code for this processor, by way of llvmlite.

    loops.Loops -> nests.module (text) -> jit.Code (functions in memory)

`expressions` reads the C expressions of the table of primitives, `arithmetic` and `nary` write
them as vector instructions, `writer` knows the language.
"""

from autograd_bp.compiling.backends.llvm.backend import compiled_loops, refused

__all__ = ["compiled_loops", "refused"]
