"""Holds a backend to the reference instruction by instruction.

All registers of a program are handed out, and each must be what the reference makes of the
numbers that the backend itself had read there. So no error of one instruction grows in the next,
and a few ulps are asked of every one.
"""

import math
from dataclasses import replace

import numpy as np

from autograd_bp import primitives as rows


def everything(program):
    """The program with all its registers as outputs, one number for each row of data."""
    registers = tuple(range(program.first + len(program)))
    return replace(program, outputs=registers, summed=(False,) * len(registers))


def scale_of(row, read):
    """How large the numbers are that a result is added up from."""
    n = len(read) // 2
    if row is rows.dot:
        pairs = sum(abs(a * b) for a, b in zip(read[:n], read[n : 2 * n], strict=True))
        return pairs + (abs(read[-1]) if len(read) % 2 else 0.0)
    if row in (rows.sum_, rows.mean, rows.logsumexp):
        return sum(map(abs, read))
    return 0.0


def disagreements(program, found, ulps):
    """What is further off than so many ulps: register, row of the table, operands, numbers.

    Arguments:
        program: one that `everything` made.
        found: for each register an array over the rows of data.
    """
    wrong = []
    table = np.array([np.broadcast_to(x, np.shape(found[-1])) for x in found], dtype=float)
    for register, row, read in program.instructions():
        for numbers, y in zip(table[list(read)].T.tolist(), table[register].tolist(), strict=True):
            expected, scale = row.forward(*numbers), scale_of(row, numbers)
            if not agree(y, expected, scale, ulps):
                wrong.append((program.name(register), row.name, numbers, y, expected))
    return wrong


def agree(y, expected, scale=0.0, ulps=4):
    if math.isfinite(y) and math.isfinite(expected):
        size = max(abs(expected), scale if math.isfinite(scale) else math.inf, 2.0**-1022)
        return abs(y - expected) <= ulps * 2.0**-52 * size
    # A fused product that is too large for a double may still meet its opposite.
    return y == expected or (y != y and expected != expected) or scale > 1e308
