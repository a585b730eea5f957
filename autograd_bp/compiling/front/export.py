"""A compiled function as a file of C: what its outputs are called, and what it is checked with."""

from __future__ import annotations

import math
import os
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.compiling.backends import c
from autograd_bp.compiling.front.ready import ReadyProgram
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.program.builder import Builder
from autograd_bp.compiling.program.merging import merged
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program


def to_c(
    ready: ReadyProgram,
    path: str | os.PathLike[str] | None,
    *,
    name: str | None,
    label: str,
    vectors: Any,
    **options: Any,
) -> str:
    """The text of the file, see `Compiled.to_c`."""
    return c.to_c(
        _guarded(ready),
        path,
        name=name or c.name_for(label),
        vectors=_vectors(ready) if vectors is None else vectors,
        outputs=_output_lines(ready),
        **options,
    )


def _guarded(ready: ReadyProgram) -> Program | Loops:
    """What the file computes: NaN for all outputs of a row in which something goes wrong, such as
    an index outside of its table."""
    if ready.guard is None:
        return ready.content
    program, fault = ready.program, ready.guard.program
    both = merged([program, fault])
    builder = Builder.after(both)
    leaves = len(both.parameters) + len(both.inputs)

    def place(register: int) -> int:
        """A register of the program as the builder numbers it."""
        if register < leaves:
            return register
        k = register - leaves
        return -1 - k if k < len(both.constants) else register - len(both.constants)

    *outputs, wrong = map(place, both.outputs)
    nan = builder.constant(math.nan)
    results = [builder.emit(ops.where, [wrong, nan, output]) for output in outputs]
    return optimised(builder.finish(results, program.summed))


def _vectors(ready: ReadyProgram) -> Any:
    """Numbers that the file can check itself with: those of the first call where it had rows."""
    parameters, inputs = ready.example
    return (parameters, inputs.T) if inputs.shape[1] else c.ROWS


def _output_lines(ready: ReadyProgram) -> list[str]:
    """What the outputs of a compiled function are: a line for each part."""
    lines, places = [], {"sums": 0, "each": 0}
    for part in ready.result.parts:
        for array, mark in (("sums", True), ("each", False)):
            size = part.marks.count(mark)
            start = places[array]
            places[array] += size
            if size:
                numbers = f"{start}" if size == 1 else f"{start} to {start + size - 1}"
                lines.append(f"{array} {numbers}: {part.title}")
    return lines
