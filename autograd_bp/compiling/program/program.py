"""Program: a computation as a flat list of instructions, each assigned once.

Registers are numbered in this order: parameters, which all rows of data share; inputs, of which
each row has its own; constants; then one register for each instruction. An instruction is an
operation, one of the table of primitives, and the registers that it reads, all of them before its
own.

    >>> import autograd_bp as bp
    >>> from autograd_bp.compiling import flatten
    >>> w, x = bp.Value(0.5, "w"), bp.Value(2.0, "x")
    >>> program = flatten([bp.sigmoid(w * x - 1.0)], parameters=[w], inputs=[x])
    >>> print(program)
    parameters w
    inputs     x
    constants  1
    r0 = mul w x
    r1 = sub r0 1
    r2 = sigmoid r1
    outputs    r2
    >>> program.run([0.5], [[2.0], [4.0]])
    [[0.5, 0.7310585786300049]]
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.entry import Primitive, by_code, has_code
from autograd_bp.errors import ProgramError, ShapeError
from autograd_bp.native.kernels import OWN

FEW = 64  # instructions
MAX_PRINTED = 200  # instructions; of a longer program the first and the last are printed


@dataclass(frozen=True)
class Program:
    """A computation on numbers, for one row of data after another.

    Attributes:
        parameters: the names of the parameters.
        inputs: the names of the inputs.
        constants: their numbers.
        codes: the operation that each instruction applies, by its code.
        starts: where the operands of each instruction begin in `operands`, and the end.
        operands: the registers that the instructions read, one instruction after the other.
        outputs: the registers that are handed out.
        summed: for each output, whether it is summed over the rows of data.
    """

    parameters: Sequence[str]
    inputs: Sequence[str]
    constants: tuple[float, ...]
    codes: array[int]
    starts: array[int]
    operands: array[int]
    outputs: tuple[int, ...]
    summed: tuple[bool, ...]

    def __post_init__(self) -> None:
        # Primitives of users live as long as something refers to them.
        later: Any = ()
        if len(self.codes) < FEW:  # an array of NumPy takes longer
            later = sorted({code for code in self.codes if code >= OWN})
        elif (is_later := (codes := np.asarray(self.codes)) >= OWN).any():
            later = distinct(codes[is_later]).tolist()
        self.__dict__["_later"] = {code: by_code(code) for code in later if has_code(code)}

    def __getstate__(self) -> dict[str, Any]:
        """Return what a pickle holds: codes of users' primitives belong to a process."""
        return {name: x for name, x in self.__dict__.items() if name in {"_later", *self._fields()}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        later = self.__dict__.setdefault("_later", {})
        if any(code != op.code for code, op in later.items()):
            codes = (later[code].code if code in later else code for code in self.codes)
            self.__dict__["codes"] = array("i", codes)
        self.__dict__["_later"] = {op.code: op for op in later.values()}

    @classmethod
    def _fields(cls) -> Iterable[str]:
        return cls.__dataclass_fields__

    @cached_property
    def first(self) -> int:
        """The register of the first instruction."""
        return len(self.parameters) + len(self.inputs) + len(self.constants)

    @property
    def later(self) -> list[int]:
        """The codes of the primitives of users that it applies, in ascending order."""
        return sorted(self.__dict__["_later"])

    def __len__(self) -> int:
        """The number of instructions."""
        return len(self.codes)

    def instructions(self) -> Iterator[tuple[int, Primitive, array[int]]]:
        """Each instruction: its register, its operation, the registers that it reads."""
        starts, operands, first = self.starts, self.operands, self.first
        for i, code in enumerate(self.codes):
            yield first + i, by_code(code), operands[starts[i] : starts[i + 1]]

    def operands_of(self, register: int) -> array[int]:
        """The registers that the instruction of a register reads."""
        i = register - self.first
        return self.operands[self.starts[i] : self.starts[i + 1]]

    def uniform(self) -> list[bool]:
        """For each register, whether it is the same for all rows of data."""
        if not self.inputs:
            return [True] * (self.first + len(self))
        same = [True] * len(self.parameters) + [False] * len(self.inputs)
        same += [True] * len(self.constants)
        starts, operands, of = self.starts, self.operands, same.__getitem__
        for i in range(len(self)):
            same.append(all(map(of, operands[starts[i] : starts[i + 1]])))
        return same

    def run(
        self, parameters: Sequence[float], rows: Iterable[Sequence[float]] = ((),)
    ) -> list[float | list[float]]:
        """The reference interpreter: what the instructions mean. All backends are compared with it.

        Arguments:
            parameters: a number for each parameter.
            rows: for each row of data a number for each input; one empty row when left out.

        Returns: for each output its sum over the rows, from the first to the last, or a list
            with a number for each row.

        Raises: ShapeError when the numbers are too few or too many.
        """
        if len(parameters) != len(self.parameters):
            raise ShapeError(f"{len(self.parameters)} parameters are needed, got {len(parameters)}")
        results: list[list[float]] = [[] for _ in self.outputs]
        for row in rows:
            if len(row) != len(self.inputs):
                raise ShapeError(f"{len(self.inputs)} inputs a row are needed, got {len(row)}")
            registers = [*map(float, parameters), *map(float, row), *self.constants]
            for _, op, operands in self.instructions():
                registers.append(op.forward(*[registers[k] for k in operands]))
            for numbers, register in zip(results, self.outputs, strict=True):
                numbers.append(registers[register])
        return [
            _sum(numbers) if summed else numbers
            for numbers, summed in zip(results, self.summed, strict=True)
        ]

    def check(self) -> Program:
        """The program itself, if it is valid.

        Raises: ProgramError naming the first instruction or output that is not.
        """
        if len(self.starts) != len(self.codes) + 1 or (
            self.starts[0] != 0 or self.starts[-1] != len(self.operands)
        ):
            raise ProgramError("the operands do not belong to the instructions")
        for i, code in enumerate(self.codes):
            where = f"instruction r{i}"
            if not has_code(code):
                raise ProgramError(
                    f"{where} applies operation {code}, which the table does not have"
                )
            op, count = by_code(code), self.starts[i + 1] - self.starts[i]
            if count < 0 or (op.arity is not None and count != op.arity):
                raise ProgramError(f"{where}: {op.name} takes {op.arity} operands, got {count}")
            for k in self.operands[self.starts[i] : self.starts[i + 1]]:
                if not 0 <= k < self.first + i:
                    raise ProgramError(f"{where} reads register {k}, which is not before it")
        if len(self.summed) != len(self.outputs):
            raise ProgramError(f"{len(self.outputs)} outputs have {len(self.summed)} marks")
        for k in self.outputs:
            if not 0 <= k < self.first + len(self.codes):
                raise ProgramError(f"an output is register {k}, which does not exist")
        return self

    def name(self, register: int) -> str:
        """The name of a register in print: a parameter's name, a constant's number, r0, r1."""
        for names in (self.parameters, self.inputs, self.constants):
            if register < len(names):
                return f"{names[register]:g}" if names is self.constants else str(names[register])
            register -= len(names)
        return f"r{register}"

    def __str__(self) -> str:
        lines = [
            f"{title:<10} {' '.join(self.name(start + i) for i in range(count))}"
            for title, start, count in (
                ("parameters", 0, len(self.parameters)),
                ("inputs", len(self.parameters), len(self.inputs)),
                ("constants", len(self.parameters) + len(self.inputs), len(self.constants)),
            )
            if count
        ]
        half = MAX_PRINTED // 2
        for register, op, operands in self.instructions():
            i = register - self.first
            if len(self) <= MAX_PRINTED or i < half or i >= len(self) - half:
                names = " ".join(map(self.name, operands))
                lines.append(f"{self.name(register)} = {op.name} {names}".rstrip())
            elif i == half:
                lines.append(f"... {len(self) - 2 * half:,} more")
        marks = [
            f"Σ {self.name(k)}" if summed else self.name(k)
            for k, summed in zip(self.outputs, self.summed, strict=True)
        ]
        return "\n".join([*lines, f"outputs    {', '.join(marks)}"])


def _sum(numbers: Iterable[float]) -> float:
    total = 0.0
    for x in numbers:  # from first to last: the built-in sum() compensates in some Pythons
        total += x
    return total
