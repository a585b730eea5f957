"""Tangents of a program, instruction by instruction: see instructions.py."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.compiling.loops.instruction_sweeps import (
    LINEAR,
    PRODUCTS,
    Product,
    Step,
    Sweep,
    factors_of,
    registers_of,
)
from autograd_bp.compiling.loops.rules import Operand, forward_rule
from autograd_bp.compiling.loops.sweeps import Leaves
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.slopes import has_infinite_slope
from autograd_bp.entry import by_code


def program_tangents(
    program: Program, by: Leaves, directions: Leaves, *, keep: Sequence[int] = ()
) -> Program:
    """A program that computes the derivatives of all outputs in a direction, see `tangents`."""
    sweeps = ForwardSweep(program, by)
    moved = sweeps.forward(dict(zip(sweeps.by, registers_of(program, directions), strict=True)))
    results = [sweeps.tangent_of(moved, k) for k in program.outputs]
    return sweeps.finish(keep, results, program.summed)


class ForwardSweep(Sweep):
    """Sweeps from leaves to outputs."""

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
        return self._moved_by_rule(code, y, reads, tangents)

    def _moved_by_rule(
        self, code: int, y: int, reads: Sequence[int], tangents: Sequence[int | None]
    ) -> int:
        step = self._forward_step(code, y, reads, tangents)
        inputs = [k for k in reads if k >= 0]
        inputs += [y, *(t for t in tangents if t is not None and (t >= 0 or self._is_zero(t)))]
        (amount,) = self._emitted(step, inputs)
        if not amount:
            return self.builder.constant(0.0)
        return self._sum([(amount[0], amount[1] if len(amount) > 1 else None)])

    def _forward_step(
        self, code: int, y: int, reads: Sequence[int], tangents: Sequence[int | None]
    ) -> Step:
        key = "forward", code, self._kinds(reads), self._kinds(tangents)
        step = self._steps.get(key)
        if step is None:
            operands = [self._moving_operand(k, t) for k, t in zip(reads, tangents, strict=True)]
            rule = forward_rule(by_code(code), operands, Operand(infinite=self._infinite[y]))
            step = self._steps[key] = Step(rule)
        return step

    def _moved_products(
        self, code: int, reads: Sequence[int], tangents: Sequence[int | None]
    ) -> list[Product] | None:
        """The tangent of a sum of products; None where an exact zero may meet what is infinite."""
        products: list[Product] = []
        known: dict[int, list[Product]] = {0: products}
        for factor, tangent in zip(factors_of(code, reads), tangents, strict=True):
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


class Tangents(ForwardSweep):
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
