"""Segments: some rounds of a loop as a program of their own, which `Parts` cut out."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.program.assembling import Assembly
from autograd_bp.compiling.program.parts import Parts, Rounds, appended
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.steps import Steps
from autograd_bp.compiling.program.template import Body

__all__ = ["Segment"]


class _Room:
    """Registers that are given out one after the other."""

    def __init__(self, start: int) -> None:
        self.next = start

    def take(self, count: int) -> Any:
        self.next += count
        return np.arange(self.next - count, self.next)


class Segment:
    """Some rounds of a loop.

    It plays the part of `Flattened` for derivatives. It has as parameters what rows share: what the
    body reads from outside and columns of x. Its inputs are the same of a row, and then the carry.
    Where rows share all of the loop, everything is a parameter.

    Arguments:
        parts: the parts of the template.
        loop: the loop.
        count: how many rounds.
        is_product: False for what the rounds compute, the carry and then y of each round. True for
            the product of all that with given numbers, which are the last leaves: those for the
            carry, then for each number of y those of all rounds.

    Attributes:
        moving: the parameters, and the inputs, on which what is differentiated depends.
    """

    def __init__(self, parts: Parts, loop: Rounds, count: int, *, is_product: bool) -> None:
        self._parts, self._loop, self._count, self._is_product = parts, loop, count, is_product
        body = loop.body
        self._members = parts.members(body.stage)
        self.size = count * len(self._members)
        numbers = len(loop.carried)
        self._outputs = 1 if is_product else numbers + count * len(loop.handed)
        self._marks = (False,) * self._outputs
        self._template = self._made()
        active = parts.active
        shared, own = (
            np.concatenate(
                [
                    active[some],
                    np.repeat(active[body.xs[loop.columns[chosen]]], count),
                    np.ones(behind * numbers, bool),
                ]
            )
            for some, chosen, behind in (
                (loop.outer[: loop.shares], loop.streams, int(loop.is_shared)),
                (loop.outer[loop.shares :], ~loop.streams, int(not loop.is_shared)),
            )
        )
        self.moving = np.flatnonzero(shared), np.flatnonzero(own)

    def sources(self, start: int) -> tuple[Any, Any]:
        """For each parameter and each input the register that it is of the template; -1 - k for
        number k of the carry. Those of the product are left out.

        Arguments:
            start: the first round.
        """
        loop = self._loop
        columns = loop.body.columns[loop.columns, start : start + self._count]
        carry = -1 - np.arange(len(loop.carried))
        shared = [loop.outer[: loop.shares], columns[loop.streams].ravel()]
        own = [loop.outer[loop.shares :], columns[~loop.streams].ravel()]
        (shared if loop.is_shared else own).append(carry)
        return np.concatenate(shared), np.concatenate(own)

    @cached_property
    def program(self) -> Program:
        """All rounds, after the passes."""
        return optimised(self._assembly(as_parameters=False).program(self._outputs, self._marks))

    def steps(self, per_loop: int = 0) -> Steps | None:
        """The rounds as steps; None where they are too few, or not alike."""
        assembly = self._assembly(as_parameters=True)
        return assembly.steps(self._template[1], self._outputs, self._marks)

    def _assembly(self, *, as_parameters: bool) -> Assembly:
        template, body, stages, leaves = self._template
        return Assembly(template, [body], stages, leaves, as_parameters=as_parameters)

    def _made(self) -> tuple[Program, Body, Any, tuple[int, int]]:
        """A template of this loop alone, its stages, and how many leaves it has."""
        loop, old, n = self._loop, self._loop.body, self._count
        carry, wide, many = len(loop.carried), len(loop.columns), len(loop.handed)
        seeds = (1 + self._is_product) * carry + self._is_product * n * many
        common = loop.shares + n * int(loop.streams.sum()) + loop.is_shared * seeds
        parameters, inputs = _Room(0), _Room(common)
        outer = [parameters.take(loop.shares), inputs.take(len(loop.outer) - loop.shares)]
        columns = [(parameters if x else inputs).take(n) for x in loop.streams]
        behind = parameters if loop.is_shared else inputs
        init = behind.take(carry)
        factors = behind.take(carry * self._is_product)
        more = [behind.take(n) for _ in range(many * self._is_product)]
        leaves = common, inputs.next - common
        starts, xs, results = inputs.take(carry), inputs.take(wide), inputs.take(carry)
        total, factor = inputs.take(2 * bool(more)), inputs.take(len(more))
        lines = inputs.take(0 if self._is_product else n * many).reshape(n, -1)
        known = [loop.outer, old.starts[loop.carried], old.xs[loop.columns]]
        program, new = self._parts.written(
            self._members,
            (np.concatenate(known), np.concatenate([*outer, starts, xs])),
            (common, inputs.next - common),
            (),
            constants=(0.0,),
        )
        zero, first = program.first - 1, program.first
        ends, ys = new[old.ends[loop.carried]], new[old.ys[loop.handed]]
        extra: list[tuple[Any, list[int]]] = []
        end = first + len(self._members)
        products = [[*results.tolist(), *factors.tolist()]]
        if more:  # y of each round times its numbers is one number more of the carry
            extra = [
                (ops.dot, [*ys.tolist(), *factor.tolist()]),
                (ops.add, [int(total[0]), end]),
            ]
            starts, results = np.append(starts, total[0]), np.append(results, total[1])
            init, ends = np.append(init, zero), np.append(ends, end + 1)
            xs, columns = np.concatenate([xs, factor]), [*columns, *more]
            products[0] += [int(total[1])]
        inside = len(self._members) + len(extra)
        handed: Any = np.concatenate([results, lines.ravel()])
        if self._is_product:
            program = appended(program, [*extra, (ops.dot, products[0])])
            handed = np.array(program.outputs)
        table = np.array(columns, np.int64).reshape(len(columns), n)
        given = [handed, init, table.ravel(), ends, ys]
        edges = np.cumsum([0, *map(len, given)])
        program = _handing_out(program, np.concatenate(given))
        stages = np.zeros(program.first + len(program), np.int64)
        stages[first : first + inside] = 1
        stages[first + inside :] = 2
        stages[starts] = stages[xs] = 1
        stages[results] = stages[lines.ravel()] = 2
        none = np.zeros(0, np.int64)
        hands = ys if not self._is_product else none
        body = Body(n, 1, starts, xs, results, lines, init, table, ends, hands)
        assert edges[-1] == len(program.outputs)
        return program, body, stages, leaves


def _handing_out(program: Program, registers: Any) -> Program:
    """The program with these outputs."""
    from dataclasses import replace

    outputs = tuple(registers.tolist())
    return replace(program, outputs=outputs, summed=(False,) * len(outputs))
