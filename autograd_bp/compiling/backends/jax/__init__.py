"""Loops as functions of JAX, which it can compile, differentiate, map over and put on devices."""

from autograd_bp.compiling.backends.jax.primitives import JaxPrimitives
from autograd_bp.compiling.backends.jax.runner import JaxLoops

__all__ = ["JaxLoops", "JaxPrimitives"]
