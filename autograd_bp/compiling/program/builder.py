"""Building programs: from nothing, or from another program by rewriting its instructions."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable, Collection, Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.program.names import as_names
from autograd_bp.compiling.program.program import Program
from autograd_bp.entry import by_code
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive

Instruction = tuple[Primitive, Sequence[int]]
Step = Callable[["Builder", int, Primitive, Sequence[int]], "int | Instruction"]


class Builder:
    """A program under construction.

    The registers of constants are negative until the end, because nobody knows before how many
    there will be.

    Arguments:
        parameters: the names of the parameters.
        inputs: the names of the inputs.
    """

    def __init__(self, parameters: Sequence[str], inputs: Sequence[str]) -> None:
        self._parameters, self._inputs = as_names(parameters), as_names(inputs)
        self._first = len(parameters) + len(inputs)  # the register of the first instruction
        self._constants: list[float] = []
        self._registers: dict[tuple[float, float] | None, int] = {}  # of the constants
        self._codes = array("i")
        self._starts = array("q", [0])
        self._operands = array("q")
        self._ops: set[Primitive] = set()  # those of users live as long as something has them

    @classmethod
    def after(cls, program: Program) -> Builder:
        """A builder that has the instructions of a program already, to write others after them.

        Parameters and inputs keep their registers; constant k has register -1 - k, and the others
        begin where the constants did.
        """
        builder = cls(program.parameters, program.inputs)
        builder._constants = list(program.constants)
        for k, x in enumerate(program.constants):
            key = (x, math.copysign(1.0, x)) if x == x else None
            builder._registers.setdefault(key, -1 - k)
        builder._codes = array("i", program.codes)
        builder._starts = array("q", program.starts)
        old = np.array(program.operands, dtype=np.int64)
        first, count = builder._first, len(program.constants)
        others = np.where(old < first + count, first - 1 - old, old - count)
        builder._operands = array("q", np.where(old < first, old, others).tobytes())
        builder._ops = {by_code(code) for code in set(program.codes) if code >= OWN}
        return builder

    def constant(self, x: float) -> int:
        """The register of a constant: the same one for the same bits, and for any NaN."""
        key = (x, math.copysign(1.0, x)) if x == x else None
        register = self._registers.get(key)
        if register is None:
            self._constants.append(x)
            register = self._registers[key] = -len(self._constants)
        return register

    def number(self, register: int) -> float | None:
        """The number of a constant; None for any other register."""
        return self._constants[-1 - register] if register < 0 else None

    def emit(self, op: Primitive, operands: Sequence[int]) -> int:
        """Append an instruction. Returns: its register."""
        self._codes.append(op.code)
        if op.code >= OWN:
            self._ops.add(op)
        self._operands.extend(operands)
        self._starts.append(len(self._operands))
        return self._first + len(self._codes) - 1

    def code_of(self, register: int) -> int | None:
        """The code of the operation that fills a register; None where no instruction does."""
        i = register - self._first
        return self._codes[i] if i >= 0 else None

    def operands_of(self, register: int) -> Sequence[int]:
        """The operands of the instruction that fills a register."""
        i = register - self._first
        return self._operands[self._starts[i] : self._starts[i + 1]]

    def finish(self, outputs: Sequence[int], summed: Sequence[bool]) -> Program:
        """The program that hands out these registers, summed over the rows or not."""
        operands = self._final(self._operands)
        return Program(
            self._parameters,
            self._inputs,
            tuple(self._constants),
            self._codes,
            self._starts,
            array("q", operands.tobytes()),
            tuple(self._final(outputs).tolist()),
            tuple(summed),
        )

    def _final(self, registers: Sequence[int]) -> Any:
        """Registers as the finished program counts them: constants before instructions."""
        k = np.array(registers, dtype=np.int64)
        others = np.where(k < self._first, k, k + len(self._constants))
        return np.where(k < 0, self._first - 1 - k, others)


def rewrite(program: Program, *steps: Step, constants: Collection[int] | None = None) -> Program:
    """A program with every instruction replaced by what the steps make of it.

    Arguments:
        program: the program; it is left as it is.
        steps: each takes the builder, the register that an instruction has in `program`, its
            operation, and its operands in the new program. It returns the register that now holds
            the result, or an instruction for the next step; what the last one returns is emitted.
        constants: the registers of the constants that are kept; all when left out.
    """
    builder = Builder(program.parameters, program.inputs)
    new = [*range(len(program.parameters) + len(program.inputs))]
    for register, x in enumerate(program.constants, len(new)):
        new.append(builder.constant(x) if constants is None or register in constants else 0)
    for register, op, old_operands in program.instructions():
        operands: Sequence[int] = [new[k] for k in old_operands]
        for step in steps:
            result = step(builder, register, op, operands)
            if isinstance(result, int):
                new.append(result)
                break
            op, operands = result
        else:
            new.append(builder.emit(op, operands))
    return builder.finish([new[k] for k in program.outputs], program.summed)
