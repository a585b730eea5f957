"""The derivatives of a program, instruction by instruction: for programs of which no few loops are
made. The rules are those that loops take, traced once for each kind of operands; what they emit are
instructions, which the passes shorten and `roll` rolls.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, partial
from itertools import pairwise
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.rules import Operand, Rule, forward_rule, reverse_rule
from autograd_bp.compiling.loops.sweeps import Leaves, marks_of
from autograd_bp.compiling.program.builder import Builder
from autograd_bp.compiling.program.native import CODES, walks
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.slopes import has_infinite_slope
from autograd_bp.entry import TABLE, by_code
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive

__all__ = [
    "Tangents",
    "program_gradients",
    "program_gradients_of",
    "program_tangents",
    "registers_of",
]

Product = tuple[int, "int | None"]  # registers of the factors, None for 1
LINEAR = (ops.add.code, ops.sum_.code)
PRODUCTS = (ops.mul.code, ops.dot.code)


def program_gradients(
    program: Program,
    by: Leaves,
    *,
    outputs: Sequence[int] | None = None,
    keep: Sequence[int] = (),
    summed: bool | Sequence[bool] = True,
    each: bool = False,
    again: bool = False,
) -> Program:
    """A program that computes the derivatives of outputs by leaves, see `gradients` of loops."""
    chosen = range(len(program.outputs)) if outputs is None else outputs
    seeds = [[k] for k in chosen] if each else [[*chosen]]
    groups = [[program.outputs[k] for k in some] for some in seeds]
    pairs = zip(by, marks_of(by, summed), strict=True)
    marks = [mark for (_, indices), mark in pairs for _ in indices] * len(groups)
    return program_gradients_of(program, by, groups, keep=keep, marks=marks, again=again)


def program_gradients_of(
    program: Program,
    by: Leaves,
    groups: Sequence[Sequence[int]],
    *,
    keep: Sequence[int],
    marks: Sequence[bool],
    again: bool = False,
) -> Program:
    """The outputs in `keep`, then the derivatives by leaves of the sum of each group of registers.

    Arguments:
        program: see `program_gradients`.
        by: see there.
        groups: the registers.
        keep: see there.
        marks: for each derivative whether it is summed over the rows.
        again: see there.
    """
    if walks is not None:
        gradients: Program | None = walks.program_gradients(
            program,
            CODES,
            ops.sum_.code,
            registers_of(program, by),
            groups,
            [program.outputs[k] for k in keep],
            (*[program.summed[k] for k in keep], *marks),
            _finite(),
            by_code,
            partial(_rule_in_numbers, again),
        )
        if gradients is not None:
            return gradients
    return gradients_in_python(program, by, groups, keep=keep, marks=marks, again=again)


def gradients_in_python(
    program: Program,
    by: Leaves,
    groups: Sequence[Sequence[int]],
    *,
    keep: Sequence[int],
    marks: Sequence[bool],
    again: bool,
) -> Program:
    """Do what the walk in C does: find the derivatives of the sum of each group of registers."""
    sweeps = _Sweeps(program, by, again=again)
    results = [register for group in groups for register in sweeps.reverse(group)]
    return sweeps.finish(keep, results, marks)


def program_tangents(
    program: Program, by: Leaves, directions: Leaves, *, keep: Sequence[int] = ()
) -> Program:
    """A program that computes the derivatives of all outputs in a direction, see `tangents`."""
    sweeps = _Sweeps(program, by)
    moved = sweeps.forward(dict(zip(sweeps.by, registers_of(program, directions), strict=True)))
    results = [sweeps.tangent_of(moved, k) for k in program.outputs]
    return sweeps.finish(keep, results, program.summed)


def registers_of(program: Program, leaves: Leaves) -> list[int]:
    """The registers of leaves."""
    first = {"parameter": 0, "input": len(program.parameters)}
    return [first[space] + k for space, indices in leaves for k in indices]


# -------------------------------------------------------------------------------- for the walk in C
# The number of an operand, whether it may be infinite, whether it moves, whether it is sure.
Known = tuple["float | None", bool, bool, bool]


def _rule_in_numbers(
    again: bool, code: int | None, operands: Sequence[Known], infinite: bool, adjoint: Known
) -> tuple[Any, Any, Any, Any]:
    """A rule for the walk: its constants, lines, amounts, and the numbers among these."""
    if code is None:
        step = _Step(_infinite_product(adjoint[1], again, adjoint[3]))
    else:
        known = [Operand(number, inf, moves) for number, inf, moves, _ in operands]
        number, inf, moves, sure = adjoint
        seed = Operand(number, inf, moves, sure=sure)
        rule = reverse_rule(by_code(code), known, Operand(infinite=infinite), seed, again=again)
        step = _Step(rule)
    lines = [(op.code, places) for op, places in step.lines]
    return step.constants, lines, step.amounts, step.extra


def _infinite_product(infinite: bool, again: bool, sure: bool) -> Rule:
    """The term that passes a product of which the other factor may be infinite."""
    operands = [Operand(moves=True), Operand(infinite=True)]
    seed = Operand(infinite=infinite, sure=sure)
    return reverse_rule(ops.mul, operands, Operand(infinite=True), seed, again=again)


@cache
def _finite() -> Any:
    """For the codes of the library's primitives, whether their results are finite."""
    return array("b", [op.finite for op in TABLE[:OWN]])


# ------------------------------------------------------------------------------------ what it means
class _Step:
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


class _Sweeps:
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
        self._steps: dict[Any, _Step] = {}
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

    # --------------------------------------------------------------------------- backwards
    def reverse(self, outputs: Sequence[int]) -> list[int]:
        """The registers of the derivatives of the sum of some outputs."""
        one = self.builder.constant(1.0)
        adjoints: dict[int, list[Product]] = {}
        self._unsure, self._is_sure = set(), True
        for output in outputs:
            register = self._new(output)
            if register >= 0 and self._moving[register]:
                self._add(adjoints, register, one)
        for i in range(len(self._code) - 1, -1, -1):
            products = adjoints.pop(self._leaves + i, None)
            if products is not None:
                self._is_sure = self._leaves + i not in self._unsure
                self._through(i, self._sum(products), adjoints)
        zero = self.builder.constant(0.0)
        return [self._sum(adjoints[k]) if k in adjoints else zero for k in self.by]

    def _through(self, i: int, adjoint: int, adjoints: dict[int, list[Product]]) -> None:
        """The terms that an instruction passes to its operands."""
        code, reads = self._code[i], self._reads[i]
        if code in LINEAR or code in PRODUCTS:
            for k, factor in zip(reads, _factors(code, reads), strict=True):
                if k >= 0 and self._moving[k]:
                    self._pass_product(k, adjoint, factor, adjoints)
            return
        step = self._reverse_step(code, self._leaves + i, reads, adjoint)
        inputs = [k for k in reads if k >= 0]
        inputs += [self._leaves + i, *([] if self._is_known(adjoint) else [adjoint])]
        for k, amount in zip(reads, self._emitted(step, inputs), strict=True):
            if amount:
                self._add(adjoints, k, *amount)

    def _pass_product(
        self, k: int, adjoint: int, factor: int | None, adjoints: dict[int, list[Product]]
    ) -> None:
        if factor is not None and self._is_zero(factor) and not self._is_infinite(adjoint):
            return  # a constant 0 passes nothing
        if factor is None or adjoint < 0 or not self._is_infinite(factor):
            self._add(adjoints, k, adjoint, factor)
            return
        key = "product", self._infinite[adjoint], self._is_sure
        step = self._steps.get(key)
        if step is None:
            rule = _infinite_product(self._infinite[adjoint], self._again, self._is_sure)
            step = self._steps[key] = _Step(rule)
        amounts = self._emitted(step, [factor, factor, factor, adjoint])
        self._add(adjoints, k, *amounts[0])

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

    def _reverse_step(self, code: int, y: int, reads: Sequence[int], adjoint: int) -> _Step:
        key = code, self._kinds(reads), self._kind(adjoint), self._is_sure
        step = self._steps.get(key)
        if step is None:
            operands = [self._operand(k) for k in reads]
            step = self._steps[key] = _Step(
                reverse_rule(
                    by_code(code),
                    operands,
                    Operand(infinite=self._infinite[y]),
                    self._operand_of(adjoint),
                    again=self._again,
                )
            )
        return step

    # ---------------------------------------------------------------------------- forwards
    def forward(self, tangents: dict[int, int]) -> dict[int, int]:
        """The registers of the tangents of all that moves, from those of leaves."""
        moved = dict(tangents)
        needed = self._needed()
        for i, (code, reads) in enumerate(zip(self._code, self._reads, strict=True)):
            y = self._leaves + i
            if y in needed and any(k in moved for k in reads):
                moved[y] = self._moved(code, y, reads, moved)
        return moved

    def tangent_of(self, moved: dict[int, int], output: int) -> int:
        """The register of the tangent of a register of the program."""
        tangent = moved.get(self._new(output))
        return self.builder.constant(0.0) if tangent is None else tangent

    def _needed(self) -> set[int]:
        needed = {self._new(k) for k in self._program.outputs}
        for i in range(len(self._code) - 1, -1, -1):
            if self._leaves + i in needed:
                needed.update(self._reads[i])
        return needed

    def _moved(self, code: int, y: int, reads: Sequence[int], moved: dict[int, int]) -> int:
        """The tangent of an instruction. It is a constant 0 where something moves and the slopes
        are 0: that is not nothing where an infinite slope meets it."""
        tangents = [moved.get(k) if k >= 0 else None for k in reads]
        if code in LINEAR or code in PRODUCTS:
            products = self._moved_products(code, reads, tangents)
            if products is not None:
                return self._sum(products) if products else self.builder.constant(0.0)
        elif not has_infinite_slope([code]) and not self._infinite[y]:
            tangents = [None if t is None or self._is_zero(t) else t for t in tangents]
            if not any(t is not None for t in tangents):
                return self.builder.constant(0.0)
        step = self._forward_step(code, y, reads, tangents)
        inputs = [k for k in reads if k >= 0]
        inputs += [y, *(t for t in tangents if t is not None and (t >= 0 or self._is_zero(t)))]
        (amount,) = self._emitted(step, inputs)
        if not amount:
            return self.builder.constant(0.0)
        return self._sum([(amount[0], amount[1] if len(amount) > 1 else None)])

    def _forward_step(
        self, code: int, y: int, reads: Sequence[int], tangents: Sequence[int | None]
    ) -> _Step:
        key = "forward", code, self._kinds(reads), self._kinds(tangents)
        step = self._steps.get(key)
        if step is None:
            operands = [self._moving_operand(k, t) for k, t in zip(reads, tangents, strict=True)]
            rule = forward_rule(by_code(code), operands, Operand(infinite=self._infinite[y]))
            step = self._steps[key] = _Step(rule)
        return step

    def _moved_products(
        self, code: int, reads: Sequence[int], tangents: Sequence[int | None]
    ) -> list[Product] | None:
        """The tangent of a sum of products; None where an exact zero may meet what is infinite."""
        products: list[Product] = []
        known: dict[int, list[Product]] = {0: products}
        for factor, tangent in zip(_factors(code, reads), tangents, strict=True):
            if tangent is None or (factor is None and self._is_zero(tangent)):
                continue
            if factor is not None:
                if self._is_zero(factor):
                    if self._is_infinite(tangent):
                        return None
                    continue
                if self._is_zero(tangent) and not self._is_infinite(factor):
                    continue
                # Of a constant that is not 0 no product has to be stopped.
                if tangent >= 0 and self._is_infinite(factor):
                    return None
                if factor >= 0 and self._is_infinite(tangent):
                    return None
            self._add(known, 0, tangent, factor)
        return products

    def _moving_operand(self, k: int, tangent: int | None) -> Operand:
        operand = self._operand(k, moves=tangent is not None)
        if tangent is None:
            return operand
        of_tangent = Operand() if self._is_zero(tangent) else self._operand(tangent, moves=False)
        return Operand(operand.number, operand.infinite, True, of_tangent)

    # ------------------------------------------------------------------------------- shared
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

    def _emitted(self, step: _Step, inputs: Sequence[int]) -> list[tuple[int, ...]]:
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


class Tangents(_Sweeps):
    """Forward sweeps through one program that share what they compute.

    Arguments:
        program: the program.
        by: the leaves that may move.
    """

    def of_leaves(self, chosen: Sequence[int]) -> list[int]:
        """The registers of the derivatives of all outputs by the sum of some of the leaves."""
        one = self.builder.constant(1.0)
        moved = self.forward({self.by[k]: one for k in chosen})
        return [self.tangent_of(moved, k) for k in self._program.outputs]


def _is_finite(number: float | None) -> bool:
    return number is not None and math.isfinite(number)


def _factors(code: int, reads: Sequence[int]) -> list[int | None]:
    """For each operand of a sum of products the other factor; None for 1."""
    if code in LINEAR:
        return [None] * len(reads)
    n = len(reads) // 2
    return [*reads[n : 2 * n], *reads[:n], *([None] * (len(reads) - 2 * n))]
