"""The program of loops: one instruction for each member, in the order of the loops."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.living import reads_of
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.outputs import runs_of
from autograd_bp.compiling.program.program import Program

__all__ = ["unrolled"]


def unrolled(loops: Loops) -> Program:
    """The program that computes what the loops compute, to the bit; copies are left out."""
    registers: dict[str, Any] = {}
    first = 0
    for space, numbers in (
        ("parameter", loops.parameters),
        ("input", loops.inputs),
        ("constant", loops.constants),
    ):
        registers[space] = np.arange(first, first + len(numbers))
        first += len(numbers)
    for space, size in loops.sizes.items():
        registers[space] = np.zeros(size, np.int64)
    codes, lengths, operands = [], [], []
    for loop in loops.loops:
        parts = [
            registers[read.space][read.array()].reshape(loop.members, -1) for read in reads_of(loop)
        ]
        results = slice(loop.base, loop.base + loop.members)
        if loop.op is None:
            registers[loop.space][results] = parts[0][:, 0]
            continue
        table = np.concatenate(parts, axis=1) if parts else np.zeros((loop.members, 0), np.int64)
        registers[loop.space][results] = np.arange(first, first + loop.members)
        first += loop.members
        codes.append(np.full(loop.members, loop.op.code, np.intc))
        lengths.append(np.full(loop.members, table.shape[1], np.int64))
        operands.append(table.ravel())
    outputs = runs_of(loops.outputs, range(len(loops.outputs)))
    ends = np.cumsum(_joined(lengths, np.int64), dtype=np.int64)
    return Program(
        loops.parameters,
        loops.inputs,
        loops.constants,
        array("i", _joined(codes, np.intc).tobytes()),
        array("q", np.concatenate([[0], ends]).astype(np.int64).tobytes()),
        array("q", _joined(operands, np.int64).tobytes()),
        tuple([k for space, places in outputs for k in registers[space][places].tolist()]),
        tuple([mark for space, places in outputs for mark in [space == "sum"] * len(places)]),
    )


def _joined(parts: list[Any], kind: Any) -> Any:
    return np.concatenate(parts) if parts else np.zeros(0, kind)
