"""Backends: what runs a program over rows of data.

A backend prepares a program once and then runs it often. All of them are held to
`Program.run`, the reference.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from autograd_bp.compiling.backends import llvm, tape
from autograd_bp.compiling.backends.numpy.runner import Rolled
from autograd_bp.compiling.calling.caller import machine
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.program.program import Program

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    # Takes the parameters, an array (inputs, rows), and how many threads may work. Returns the
    # outputs that are summed, and an array (outputs, rows) of the others, both in their order.
    Runner = Callable[[Floats, Floats, int], tuple[Floats, Floats]]


def reference(program: Program) -> Runner:
    """One row after the other, one number after the other."""

    def run(parameters: Floats, inputs: Floats, threads: int = 1) -> tuple[Floats, Floats]:
        found = program.run(parameters.tolist(), inputs.T.tolist())
        each = [x for x in found if not isinstance(x, float)]
        sums = np.array([x for x in found if isinstance(x, float)])
        return sums, np.array(each).reshape(len(each), inputs.shape[1])

    return run


def numpy(loops: Loops) -> Runner:
    """Loops as operations on arrays of a block of rows, sums of products as matrix products."""
    rolled = Rolled(loops)
    summed = [k for space, k in loops.outputs if space == "sum"]
    separate = [k for space, k in loops.outputs if space == "per_row"]

    def run(parameters: Floats, inputs: Floats, threads: int = 1) -> tuple[Floats, Floats]:
        sums, each = rolled.arrays(parameters, inputs)
        return sums[summed], each[separate]

    return run


def native(loops: Loops, rows: int) -> Any:
    """A machine with code made by LLVM for batches of about so many rows: `run` is a Runner."""
    return machine(loops, llvm.compiled_loops(loops, rows))


def interpreted(loops: Loops) -> Any:
    """A machine that interprets the loops, for batches of any size: `run` is a Runner."""
    return machine(loops, tape.tape_of(loops))
