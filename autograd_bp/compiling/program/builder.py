"""Building programs: from nothing, or from another program by rewriting its instructions."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.program.program import Program
from autograd_bp.primitives import Primitive

Instruction = tuple[Primitive, Sequence[int]]
Step = Callable[["Builder", Primitive, Sequence[int]], "int | Instruction"]


class Builder:
    """A program in the making.

    Registers of constants are negative until the end: nobody knows yet how many there will be.
    """

    def __init__(self, parameters: Sequence[str], inputs: Sequence[str]) -> None:
        self._parameters = tuple(parameters)
        self._inputs = tuple(inputs)
        self._given = len(parameters) + len(inputs)
        self._constants: list[float] = []
        self._known: dict[tuple[float, float], int] = {}
        self._codes = array("i")
        self._starts = array("q", [0])
        self._operands = array("q")

    def constant(self, x: float) -> int:
        """The register of a constant; the same one for the same bits."""
        key = (x, math.copysign(1.0, x)) if x == x else (0.5, math.nan)
        if x != x:
            key = (math.inf, 0.0)  # one NaN is as good as another
        if key not in self._known:
            self._constants.append(x)
            self._known[key] = -len(self._constants)
        return self._known[key]

    def number(self, register: int) -> float | None:
        """The number of a constant; None for any other register."""
        return self._constants[-1 - register] if register < 0 else None

    def emit(self, row: Primitive, operands: Sequence[int]) -> int:
        """Append an instruction. Returns: its register."""
        self._codes.append(row.code)
        self._operands.extend(operands)
        self._starts.append(len(self._operands))
        return self._given + len(self._codes) - 1

    def made_by(self, register: int) -> tuple[int, Sequence[int]] | None:
        """The code and the operands of the instruction that fills a register, if one does."""
        i = register - self._given
        if i < 0:
            return None
        return self._codes[i], self._operands[self._starts[i] : self._starts[i + 1]]

    def finish(self, outputs: Sequence[int], summed: Sequence[bool]) -> Program:
        placed = self._placed(self._operands)
        return Program(
            self._parameters,
            self._inputs,
            tuple(self._constants),
            self._codes,
            self._starts,
            array("q", placed.tobytes()),
            tuple(self._placed(outputs).tolist()),
            tuple(summed),
        )

    def _placed(self, registers: Sequence[int]) -> Any:
        """Registers as the finished program counts them: constants before instructions."""
        k = np.array(registers, dtype=np.int64)
        made = np.where(k < self._given, k, k + len(self._constants))
        return np.where(k < 0, self._given - 1 - k, made)


def rewrite(program: Program, *steps: Step) -> Program:
    """A program with every instruction replaced by what the steps make of it.

    Arguments:
        program: the program; it is left as it is.
        steps: each takes the builder, an instruction's row of the table, and its operands in the
            new program. It returns the register that now holds the result, or an instruction for
            the next step; what the last one returns is emitted.
    """
    builder = Builder(program.parameters, program.inputs)
    new = [*range(len(program.parameters) + len(program.inputs))]
    new += [builder.constant(x) for x in program.constants]
    for _, row, read in program.instructions():
        operands: Sequence[int] = [new[k] for k in read]
        for step in steps:
            made = step(builder, row, operands)
            if isinstance(made, int):
                new.append(made)
                break
            row, operands = made
        else:
            new.append(builder.emit(row, operands))
    return builder.finish([new[k] for k in program.outputs], program.summed)
