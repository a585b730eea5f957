"""Which outputs of a program depend on which leaves, and what their derivatives would cost.

Patterns are lists of integers, one for each output, whose bits are the leaves that it depends on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.colouring import positions

__all__ = ["Sparsity", "sparsity"]


@dataclass(frozen=True)
class Sparsity:
    """The places of a program's Jacobian that are not 0, before there are numbers.

    Attributes:
        rows: for each output the leaves that it depends on, as the bits of an integer.
        columns: how many leaves there are.
        forward: how many instructions forward sweeps pass, one for each leaf.
        reverse: how many reverse sweeps pass, one for each output.
    """

    rows: list[int]
    columns: int
    forward: int
    reverse: int

    def places(self) -> list[tuple[int, int]]:
        """The entries that may differ from 0, row by row."""
        return [(i, j) for i, bits in enumerate(self.rows) for j in positions(bits)]


def sparsity(program: Program, by: Sequence[int]) -> Sparsity:
    """The pattern of the derivatives of all outputs by the registers `by`, parameters or inputs."""
    first = program.first
    reads = [program.operands[a:b] for a, b in pairwise(program.starts)]
    bits: dict[int, int] = {}
    for j, register in enumerate(by):
        bits[register] = bits.get(register, 0) | 1 << j
    last = _last_reads(program)
    outputs = set(program.outputs)
    moving = [False] * len(reads)
    forward = 0
    for i, operands in enumerate(reads):
        found = 0
        for k in operands:
            found |= bits.get(k, 0)
        for k in operands:
            if k >= first and last[k] == i and k not in outputs:
                bits.pop(k, None)  # patterns of long programs would fill the memory
        if found:
            bits[first + i] = found
            moving[i] = True
            forward += found.bit_count()
    rows = [bits.get(k, 0) for k in program.outputs]
    return Sparsity(rows, len(by), forward, _reverse(program, reads, moving))


def _reverse(program: Program, reads: Sequence[Sequence[int]], moving: Sequence[bool]) -> int:
    first, count = program.first, 0
    reached: dict[int, int] = {}
    for k, register in enumerate(program.outputs):
        reached[register] = reached.get(register, 0) | 1 << k
    for i in range(len(reads) - 1, -1, -1):
        bits = reached.pop(first + i, 0)
        if bits and moving[i]:
            count += bits.bit_count()
            for k in reads[i]:
                if k >= first:
                    reached[k] = reached.get(k, 0) | bits
    return count


def _last_reads(program: Program) -> list[int]:
    """For each register the last instruction that reads it."""
    starts = np.array(program.starts, dtype=np.int64)
    lengths = starts[1:] - starts[:-1]
    last = np.full(program.first + len(program), -1, dtype=np.int64)
    np.maximum.at(
        last,
        np.array(program.operands, dtype=np.int64),
        np.repeat(np.arange(len(lengths)), lengths),
    )
    return last.tolist()  # type: ignore[no-any-return]
