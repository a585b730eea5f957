"""Programs: a computation as a flat list of instructions, and passes that make it shorter.

A Program is immutable. A pass takes one and returns another that gives the same numbers. Nothing
here knows about rows of data in arrays, about loops, or about any backend.
"""

from autograd_bp.compiling.program.program import Program

__all__ = ["Program"]
