"""Backends: what runs a program over rows of data.

A backend prepares a program once and then runs it often. All of them are held to
`Program.run`, the reference.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from autograd_bp.compiling.program import Program
from autograd_bp.errors import SettingError
from autograd_bp.primitives import Primitive

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Step = tuple[int, Primitive, list[int], Sequence[int]]
    Runner = Callable[[Floats, Floats], list[Any]]

BLOCK = 1024  # rows at a time: what they need stays in the cache


def reference(program: Program) -> Runner:
    """One row after the other, one number after the other."""

    def run(parameters: Floats, inputs: Floats) -> list[Any]:
        import numpy as np

        found = program.run(parameters.tolist(), inputs.T.tolist())
        return [x if isinstance(x, float) else np.array(x) for x in found]

    return run


def numpy(program: Program) -> Runner:
    """Each instruction on a block of rows at once; what all rows share only once."""
    uniform = program.uniform()
    last = _last_reads(program)
    shared: list[Step] = []
    varying: list[Step] = []
    for register, row, read in program.instructions():
        step = (register, row, list(read), last.get(register, ()))
        (shared if uniform[register] else varying).append(step)
    width = len(program.parameters)

    def run(parameters: Floats, inputs: Floats) -> list[Any]:
        import numpy as np

        from autograd_bp.compiling.arrays import apply

        registers: list[Any] = [None] * (program.first + len(program))
        registers[:width] = parameters.tolist()
        registers[program.first - len(program.constants) : program.first] = program.constants
        for register, row, read, _ in shared:
            registers[register] = row.forward(*[registers[k] for k in read])
        count = inputs.shape[1]
        found: list[list[Any]] = [[] for _ in program.outputs]
        with np.errstate(all="ignore"):
            for start in range(0, count, BLOCK):
                block = inputs[:, start : start + BLOCK]
                length = block.shape[1]
                registers[width : width + len(block)] = list(block)
                for register, row, read, dead in varying:
                    registers[register] = apply(row, [registers[k] for k in read])
                    for k in dead:
                        registers[k] = None
                for pieces, k in zip(found, program.outputs, strict=True):
                    pieces.append(np.broadcast_to(registers[k], (length,)))
            return [
                float(np.sum([np.sum(piece) for piece in pieces]))
                if summed
                else np.concatenate([*pieces, np.empty(0)])
                for pieces, summed in zip(found, program.summed, strict=True)
            ]

    return run


BACKENDS: Mapping[str, Callable[[Program], Runner]] = {"reference": reference, "numpy": numpy}


def backend(name: str) -> Callable[[Program], Runner]:
    """The backend of that name.

    Raises: SettingError naming those that there are.
    """
    try:
        return BACKENDS[name]
    except (KeyError, TypeError):
        raise SettingError(f"there is no backend {name!r}: choose {', '.join(BACKENDS)}") from None


def _last_reads(program: Program) -> dict[int, list[int]]:
    """After which instruction which registers of varying instructions are read no more."""
    uniform, kept = program.uniform(), set(program.outputs)
    last: dict[int, int] = {}
    for register, _, read in program.instructions():
        for k in read:
            last[k] = register
    ends: dict[int, list[int]] = {}
    for k, register in last.items():
        if k >= program.first and k not in kept and not uniform[k]:
            ends.setdefault(register, []).append(k)
    return ends
