"""The derivatives of a program, instruction by instruction: for programs of which no few loops are
made. The rules are those that loops take, traced once for each kind of operands; what they emit are
instructions, which the passes shorten and `roll` rolls.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from functools import cache, partial
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.instruction_sweeps import (
    LINEAR,
    PRODUCTS,
    Product,
    Step,
    Sweep,
    factors_of,
    registers_of,
)
from autograd_bp.compiling.loops.instruction_tangents import Tangents, program_tangents
from autograd_bp.compiling.loops.rules import Operand, Rule, reverse_rule
from autograd_bp.compiling.loops.sweeps import Leaves, marks_of
from autograd_bp.compiling.program.native import CODES, walks
from autograd_bp.compiling.program.program import Program
from autograd_bp.entry import TABLE, by_code
from autograd_bp.native.kernels import OWN

__all__ = [
    "Tangents",
    "program_gradients",
    "program_gradients_of",
    "program_tangents",
    "registers_of",
]


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
    sweeps = _ReverseSweep(program, by, again=again)
    results = [register for group in groups for register in sweeps.reverse(group)]
    return sweeps.finish(keep, results, marks)


# -------------------------------------------------------------------------------- for the walk in C
# The number of an operand, whether it may be infinite, whether it moves, whether it is sure.
Known = tuple["float | None", bool, bool, bool]


def _rule_in_numbers(
    again: bool, code: int | None, operands: Sequence[Known], infinite: bool, adjoint: Known
) -> tuple[Any, Any, Any, Any]:
    """A rule for the walk: its constants, lines, amounts, and the numbers among these."""
    if code is None:
        step = Step(_infinite_product(adjoint[1], again, adjoint[3]))
    else:
        known = [Operand(number, inf, moves) for number, inf, moves, _ in operands]
        number, inf, moves, sure = adjoint
        seed = Operand(number, inf, moves, sure=sure)
        rule = reverse_rule(by_code(code), known, Operand(infinite=infinite), seed, again=again)
        step = Step(rule)
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
class _ReverseSweep(Sweep):
    """Sweeps from outputs to leaves."""

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
            for k, factor in zip(reads, factors_of(code, reads), strict=True):
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
            step = self._steps[key] = Step(rule)
        amounts = self._emitted(step, [factor, factor, factor, adjoint])
        self._add(adjoints, k, *amounts[0])

    def _reverse_step(self, code: int, y: int, reads: Sequence[int], adjoint: int) -> Step:
        key = code, self._kinds(reads), self._kind(adjoint), self._is_sure
        step = self._steps.get(key)
        if step is None:
            operands = [self._operand(k) for k in reads]
            step = self._steps[key] = Step(
                reverse_rule(
                    by_code(code),
                    operands,
                    Operand(infinite=self._infinite[y]),
                    self._operand_of(adjoint),
                    again=self._again,
                )
            )
        return step
