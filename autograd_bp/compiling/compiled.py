"""The earlier place of `autograd_bp.compiling.front.function`, which pickles name.

It is a file, and not an entry of `autograd_bp._moved`, because the package has a function of the
same name: importing the module later would put it in the place of the function.
"""

from autograd_bp.compiling.front.function import Compiled, RetraceWarning, compiled

__all__ = ["Compiled", "RetraceWarning", "compiled"]
