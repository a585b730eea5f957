"""Loops as functions of JAX, which it can compile, differentiate, map over and put on devices.

`runner` runs the loops, `space` has the arrays that they write, `views` what they read, and
`primitives` what a member computes.
"""

from autograd_bp.compiling.backends.jax.primitives import JaxPrimitives
from autograd_bp.compiling.backends.jax.runner import JaxLoops

__all__ = ["JaxLoops", "JaxPrimitives"]
