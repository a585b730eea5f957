"""What sweeps through the instructions of a program share: its registers as numbers that are known,
may be infinite or move, and how the lines of a rule become instructions.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.rules import Operand, Rule
from autograd_bp.compiling.loops.sweeps import Leaves
from autograd_bp.compiling.program.builder import Builder
from autograd_bp.compiling.program.program import Program
from autograd_bp.entry import by_code
from autograd_bp.primitives import Primitive

Product = tuple[int, "int | None"]  # registers of the factors, None for 1
LINEAR = (ops.add.code, ops.sum_.code)
PRODUCTS = (ops.mul.code, ops.dot.code)


def registers_of(program: Program, leaves: Leaves) -> list[int]:
    """The registers of leaves."""
    first = {"parameter": 0, "input": len(program.parameters)}
    return [first[space] + k for space, indices in leaves for k in indices]


class Step:
    """A rule in the form in which it is emitted.

    Attributes:
        lines: operations and what they read: places in a list that begins with the inputs of the
            rule and goes on with its constants and what the lines before computed.
        constants: the constants.
        amounts: for each amount the places of its factors.
    """

    def __init__(self, rule: Rule) -> None:
        program = rule.program
        first = len(program.inputs) + len(program.constants)
        self.constants = list(program.constants)
        self.lines = [(op, list(operands)) for _, op, operands in program.instructions()]
        extra: list[float] = []

        def place(kind: str, number: float) -> int:
            if kind == "input":
                return int(number)
            if kind == "result":
                return program.outputs[int(number)]
            extra.append(number)
            return -len(extra)

        self.amounts = [tuple([place(f.kind, f.number) for f in a]) for a in rule.amounts]
        self.extra, self.first = extra, first


class Sweep:
    """Sweeps through one program, which write after its instructions.

    Registers are numbered as `Builder` does: those of constants are negative.
    """

    def __init__(self, program: Program, by: Leaves, *, again: bool = False) -> None:
        self._program, self._again = program, again
        self.by = registers_of(program, by)
        self.builder = Builder.after(program)
        self._constants = len(program.constants)
        self._leaves = len(program.parameters) + len(program.inputs)
        codes, starts = program.codes.tolist(), program.starts.tolist()
        operands = [self._new(k) for k in program.operands]
        self._code = codes
        self._reads = [operands[a:b] for a, b in pairwise(starts)]
        finite = {code: by_code(code).finite for code in set(codes)}
        self._infinite = [False] * self._leaves
        self._moving = [False] * self._leaves
        for k in self.by:
            self._moving[k] = True
        infinite, moving = self._infinite, self._moving
        for code, reads in zip(codes, self._reads, strict=True):
            is_infinite, moves = not finite[code], False
            for k in reads:
                if k >= 0:
                    is_infinite = is_infinite or infinite[k]
                    moves = moves or moving[k]
                elif not is_infinite:
                    is_infinite = not _is_finite(self.builder.number(k))
            infinite.append(is_infinite)
            moving.append(moves)
        self._steps: dict[Any, Step] = {}
        # Registers whose adjoint is a sum: a 0 does not say that nothing has reached them.
        self._unsure: set[int] = set()
        self._is_sure = True  # of the adjoint that is passed on now

    def _new(self, register: int) -> int:
        """A register of the program, as the builder numbers it."""
        if register < self._leaves:
            return register
        k = register - self._leaves
        return -1 - k if k < self._constants else register - self._constants

    def finish(
        self, keep: Sequence[int], results: Sequence[int], summed: Sequence[bool]
    ) -> Program:
        program = self._program
        kept = [self._new(program.outputs[k]) for k in keep]
        marks = [program.summed[k] for k in keep]
        return self.builder.finish([*kept, *results], [*marks, *summed])

    def _add(
        self, adjoints: dict[int, list[Product]], k: int, left: int, right: int | None = None
    ) -> None:
        if right is not None:
            if right < 0 and self.builder.number(right) == 1.0:
                right = None
            elif left < 0 and self.builder.number(left) == 1.0:
                left, right = right, None
        known = adjoints.get(k)
        if known is None:
            adjoints[k] = [(left, right)]
        else:
            known.append((left, right))
        if known is not None or not self._is_sure:
            self._unsure.add(k)

    def _is_infinite(self, k: int) -> bool:
        """Whether a number may be infinite or NaN although all leaves are finite."""
        return self._infinite[k] if k >= 0 else not _is_finite(self.builder.number(k))

    def _is_known(self, adjoint: int) -> bool:
        """Whether a rule is made for this number. Parts that cancel are no 0 that stops."""
        return adjoint < 0 and (self._is_sure or not self._is_zero(adjoint))

    def _operand_of(self, adjoint: int) -> Operand:
        """The facts that are known of an adjoint."""
        if not self._is_known(adjoint):
            return Operand(infinite=self._is_infinite(adjoint), sure=self._is_sure)
        return replace(self._operand(adjoint), sure=self._is_sure)

    def _is_zero(self, k: int) -> bool:
        """Whether it is a constant 0."""
        return k < 0 and self.builder.number(k) == 0.0

    def _kind(self, k: int | None) -> Any:
        if k is None:
            return None
        if k < 0:
            return repr(self.builder.number(k))
        infinite = 2 * self._infinite[k]
        return infinite + (k < len(self._moving) and self._moving[k])

    def _kinds(self, registers: Iterable[int | None]) -> Any:
        return tuple([self._kind(k) for k in registers])

    def _operand(self, k: int, *, moves: bool | None = None) -> Operand:
        if k < 0:
            return Operand(self.builder.number(k), self._is_infinite(k))
        if moves is None:
            moves = self._moving[k]
        return Operand(infinite=self._infinite[k], moves=moves)

    def _emitted(self, step: Step, inputs: Sequence[int]) -> list[tuple[int, ...]]:
        """The registers of the amounts of a rule."""
        constant = self.builder.constant
        registers = [*inputs, *map(constant, step.constants)]
        for op, operands in step.lines:
            registers.append(self._emit(op, [registers[k] for k in operands]))
        extra = step.extra
        return [
            tuple([registers[k] if k >= 0 else constant(extra[-1 - k]) for k in amount])
            for amount in step.amounts
        ]

    def _emit(self, op: Primitive, operands: list[int]) -> int:
        infinite = not op.finite
        is_constant = True
        for k in operands:
            if k >= 0:
                is_constant = False
            infinite = infinite or self._is_infinite(k)
        if is_constant:
            number = self.builder.number
            return self.builder.constant(op.forward(*[number(k) for k in operands]))
        self._infinite.append(infinite)
        return self.builder.emit(op, operands)

    def _sum(self, products: list[Product]) -> int:
        """The sum of products, from the first to the last; it begins with what is no product."""
        single = [left for left, right in products if right is None]
        if len(products) == 1:
            left, right = products[0]
            return left if right is None else self._emit(ops.mul, [left, right])
        if len(products) == 2 and len(single) == 2:
            return self._emit(ops.add, single)
        one = self.builder.constant(1.0)
        initial = single[:1]
        pairs = [(left, one) for left in single[1:]]
        pairs += [(left, right) for left, right in products if right is not None]
        lefts, rights = [left for left, _ in pairs], [right for _, right in pairs]
        return self._emit(ops.dot, [*lefts, *rights, *initial])


def _is_finite(number: float | None) -> bool:
    return number is not None and math.isfinite(number)


def factors_of(code: int, reads: Sequence[int]) -> list[int | None]:
    """For each operand of a sum of products the other factor; None for 1."""
    if code in LINEAR:
        return [None] * len(reads)
    n = len(reads) // 2
    return [*reads[n : 2 * n], *reads[:n], *([None] * (len(reads) - 2 * n))]
