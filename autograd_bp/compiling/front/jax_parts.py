"""Functions that run in parts, as functions of JAX: look-ups are gathers, whose derivatives are
added where the entries are, and loops with checkpoints are scans over segments that JAX computes
again (jax.checkpoint).

The parts are those of checkpoints.py. JAX differentiates them itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.jax import JaxLoops, JaxPrimitives
from autograd_bp.compiling.front.by_steps import value_by_steps
from autograd_bp.compiling.front.part_runs import cuts_of
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.parts import LookUp, Part, Parts, Rounds
from autograd_bp.compiling.program.segments import Segment

__all__ = ["JaxParts"]

Array = Any  # of JAX
Registers = tuple[Array, Array]  # the numbers that rows share, and those of a row
Run = Callable[[Array, Array], Array]


class JaxParts:
    """A function of JAX that runs part by part.

    Arguments:
        jax: the module.
        parts: the parts.
        primitives: those of the table on JAX's arrays.
    """

    def __init__(self, jax: Any, parts: Parts, primitives: JaxPrimitives) -> None:
        self._jax, self._np, self._parts = jax, jax.numpy, parts
        self._primitives = primitives
        self._places = np.cumsum(~parts.shared) - 1
        kinds: dict[type, Any] = {Part: self._plain, Rounds: self._loop, LookUp: self._look_up}
        steps = [(part, kinds[type(part)](part)) for part in parts.parts[:-1]]
        self._common = [step for part, step in steps if part.is_shared]
        self._own = [step for part, step in steps if not part.is_shared]
        last = parts.parts[-1]
        assert isinstance(last, Part)
        self._last, self._outputs = last, self._run_of(self._program_of(last))
        self._jitted = jax.jit(self._compute)

    def __call__(self, parameters: Array, inputs: Array) -> Array:
        """The numbers of the outputs, (outputs, rows).

        Arguments:
            parameters: an array of all of them.
            inputs: an array (inputs, rows).
        """
        return self._jitted(parameters, inputs)

    def _compute(self, parameters: Array, inputs: Array) -> Array:
        template, count = self._parts.template, len(parameters)
        numbers = self._np.zeros(len(self._parts.shared)).at[:count].set(parameters)
        constants = np.array(template.constants, float)
        first = template.first - len(constants)
        numbers = numbers.at[first : template.first].set(constants)
        empty = self._np.zeros(int((~self._parts.shared).sum()))
        for step in self._common:
            numbers, _ = step((numbers, empty))
        places = self._places[count : count + inputs.shape[0]]

        def row(line: Array) -> Array:
            registers = numbers, empty.at[places].set(line)
            for step in self._own:
                registers = step(registers)
            return self._outputs(*self._read(self._last, registers))

        return self._jax.vmap(row)(inputs.T).T

    # -------------------------------------------------------------------------- the registers
    def _gathered(self, registers: Any, numbers: Registers) -> Array:
        """Numbers of these registers."""
        is_shared = self._parts.shared[registers]
        common, own = np.flatnonzero(is_shared), np.flatnonzero(~is_shared)
        result = self._np.zeros(len(registers))
        result = result.at[common].set(numbers[0][registers[common]])
        return result.at[own].set(numbers[1][self._places[registers[own]]])

    def _written(
        self, registers: Any, amounts: Array, numbers: Registers, *, is_shared: bool
    ) -> Registers:
        if is_shared:
            return numbers[0].at[registers].set(amounts), numbers[1]
        return numbers[0], numbers[1].at[self._places[registers]].set(amounts)

    def _read(self, part: Part, numbers: Registers) -> tuple[Array, Array]:
        """What a plain part reads, as parameters and inputs."""
        shared, own = part.reads[: part.shares], part.reads[part.shares :]
        return numbers[0][shared], numbers[1][self._places[own]]

    # ------------------------------------------------------------------------------ the parts
    def _program_of(self, part: Part) -> Loops:
        return roll(self._parts.program(part, [False] * len(part.writes)))

    def _run_of(self, loops: Loops) -> Run:
        """Runs loops on the numbers of one row."""
        run = JaxLoops(self._jax, loops, self._primitives)
        return lambda parameters, inputs: run(parameters, inputs[:, None])[1][:, 0]

    def _plain(self, part: Part) -> Callable[[Registers], Registers]:
        run = self._run_of(self._program_of(part))

        def step(numbers: Registers) -> Registers:
            if not len(part.writes):
                return numbers
            amounts = run(*self._read(part, numbers))
            return self._written(part.writes, amounts, numbers, is_shared=part.is_shared)

        return step

    def _look_up(self, part: LookUp) -> Callable[[Registers], Registers]:
        table, is_shared = part.table, bool(self._parts.shared[part.table].all())

        def step(numbers: Registers) -> Registers:
            indices = self._gathered(part.indices, numbers)
            is_right = (indices >= 0) & (indices < len(table))
            is_right &= self._np.floor(indices) == indices
            places = self._np.where(is_right, indices, 0.0).astype(int)
            if is_shared:
                entries = numbers[0][self._np.asarray(table)[places]]
            else:
                entries = self._gathered(table.ravel(), numbers).reshape(table.shape)[places]
            entries = self._np.where(is_right[:, None], entries, 0.0).ravel()
            results = part.results.ravel()
            return self._written(results, entries, numbers, is_shared=part.is_shared)

        return step

    def _loop(self, loop: Rounds) -> Callable[[Registers], Registers]:
        cuts = cuts_of(loop)
        groups = [(n, [s for s, _ in some]) for n, some in groupby(cuts, lambda cut: cut[1])]
        runs = [self._segments(loop, length, starts) for length, starts in groups]
        body = loop.body

        def step(numbers: Registers) -> Registers:
            carry = self._gathered(body.init[loop.carried], numbers)
            lines = []
            for run in runs:
                carry, some = run(carry, numbers)
                lines.append(some.reshape(-1))
            results = np.concatenate([body.results[loop.carried], self._handed(loop, cuts)])
            amounts = self._np.concatenate([carry, *lines])
            return self._written(results, amounts, numbers, is_shared=loop.is_shared)

        return step

    def _handed(self, loop: Rounds, cuts: Sequence[tuple[int, int]]) -> Any:
        """The registers of what the rounds hand out, segment by segment."""
        lines = [loop.body.lines[start : start + n, loop.handed].ravel() for start, n in cuts]
        return np.concatenate(lines)

    def _segments(self, loop: Rounds, length: int, starts: Sequence[int]) -> Any:
        """Runs segments of one length: from the carry, and the numbers that they read, to the
        carry and what they hand out."""
        segment = Segment(self._parts, loop, length, is_product=False)
        content = value_by_steps(segment) or segment.program
        run = self._run_of(content if isinstance(content, Loops) else roll(content))
        count = len(loop.carried)
        pairs = [segment.sources(start) for start in starts]
        shared, own = (np.stack(some) for some in zip(*pairs, strict=True))
        moving = [np.flatnonzero(some[0] < 0) for some in (shared, own)]

        def read(sources: Array, is_moving: Any, carry: Array, numbers: Registers) -> Array:
            places = self._np.asarray(self._places)[sources]
            is_common = self._np.asarray(self._parts.shared)[sources]
            mine = numbers[1][places] if len(numbers[1]) else 0.0
            amounts = self._np.where(is_common, numbers[0][sources], mine)
            return amounts.at[is_moving].set(carry) if len(is_moving) else amounts

        def scanned(carry: Array, numbers: Registers) -> tuple[Array, Array]:
            def step(carry: Array, sources: tuple[Array, Array]) -> tuple[Array, Array]:
                pairs = zip(sources, moving, strict=True)
                amounts = run(*[read(some, place, carry, numbers) for some, place in pairs])
                return amounts[:count], amounts[count:]

            tables = self._np.maximum(shared, 0), self._np.maximum(own, 0)
            carry, lines = self._jax.lax.scan(self._jax.checkpoint(step), carry, tables)
            return carry, lines

        return scanned
