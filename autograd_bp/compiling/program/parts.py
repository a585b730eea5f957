"""Parts: a function whose loops were traced once, cut where its loops begin and end.

Each part is a program that reads what parts before it have written. Plain parts are what stands
between the loops; a loop is run in segments, some rounds at a time (segments.py). So nothing but
the carry at the beginning of each segment has to be kept for a gradient: what lies in between is
computed again (front/checkpoints.py).

What all rows of data share is written once: a part computes either that or numbers of the rows.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.template import Body

__all__ = ["LookUp", "Part", "Parts", "Rounds", "appended"]


@dataclass(eq=False)
class Part:
    """A plain part.

    Attributes:
        members: its instructions, by their registers.
        reads: what it reads, those that rows share first.
        writes: what others read of it; of the last part, what the program hands out.
        shares: how many of `reads` are shared by the rows.
        is_shared: whether all that it writes is.
    """

    members: Any
    reads: Any
    writes: Any
    shares: int
    is_shared: bool


@dataclass(eq=False)
class Rounds:
    """A loop.

    Attributes:
        body: the loop.
        kept: how many states are kept for derivatives.
        carried: which numbers of the carry are needed, by their places.
        columns: which numbers of x are needed.
        handed: which of y.
        outer: registers that the body reads besides; those that rows share first.
        shares: how many of them are shared.
        streams: for each of `columns` whether rows share it.
        is_shared: whether rows share all of the loop.
    """

    body: Body
    kept: int
    carried: Any
    columns: Any
    handed: Any
    outer: Any
    shares: int
    streams: Any
    is_shared: bool


@dataclass(eq=False)
class LookUp:
    """Entries of a table that are looked up.

    Attributes:
        table: the registers of its numbers, (entries, numbers).
        indices: those of the indices.
        results: those of the entries, (indices, numbers).
        is_shared: whether rows share all of it.
    """

    table: Any
    indices: Any
    results: Any
    is_shared: bool


class Parts:
    """The parts of a template, in the order in which they run: what rows share comes first.

    Arguments:
        template, bodies, stages: see template.py.
        leaves: how many parameters and inputs the program has.
        count: how many outputs.
        spread: whether parameters are numbers of the rows.
        by: registers to differentiate by.

    Attributes:
        parts: plain parts and loops.
        leaves: as given.
        shared: for each register whether all rows share it.
        active: for each register whether it depends on those in `by`.
    """

    def __init__(
        self,
        template: Program,
        bodies: Sequence[Body],
        stages: Any,
        leaves: tuple[int, int],
        count: int,
        *,
        spread: bool,
        by: Any,
    ) -> None:
        self.template, self._stages, self.leaves = template, stages, leaves
        self._first = template.first
        self._constant = self._first - len(template.constants)
        self._starts = np.asarray(template.starts)
        self._operands = np.asarray(template.operands)
        self._codes = np.asarray(template.codes)
        total = self._first + len(template)
        self.shared, self.active = np.ones(total, bool), np.zeros(total, bool)
        parameters, inputs = leaves
        self.shared[: 0 if spread else parameters] = True
        self.shared[0 if spread else parameters : parameters + inputs] = False
        self.active[by] = True
        self.outputs = np.array(template.outputs[:count], np.int64)
        loops = self._marked(bodies)
        self.parts = self._ordered(loops, has_rows=not self.shared[: parameters + inputs].all())

    # ------------------------------------------------------------------------------ the order
    def _marked(self, bodies: Sequence[Body]) -> list[Rounds | LookUp]:
        """Marks what rows share, and what is active. Returns: the loops."""
        loops: list[Rounds | LookUp] = []
        for stage in range(2 * len(bodies) + 1):
            body = bodies[stage // 2] if stage % 2 else None
            if body is not None and body.table is not None:
                loops.append(self._look_up(body, body.table))
                continue
            if body is not None:
                loops.append(self._loop(body))
            for k in self.members(stage).tolist():
                read = self._read([k])
                self.shared[k] = self.shared[read].all()
                self.active[k] = self.active[read].any()
            if body is not None:
                self._mark_loop(loops[-1])
        return loops

    def _look_up(self, body: Body, sizes: tuple[int, int, int]) -> LookUp:
        entries, width, count = sizes
        registers, results = body.columns.ravel(), body.lines.reshape(count, width)
        table = registers[: entries * width].reshape(entries, width)
        is_shared = bool(self.shared[registers].all())
        self.shared[results] = is_shared
        self.active[results] = self.active[table].any()
        return LookUp(table, registers[entries * width :], results, is_shared)

    def _loop(self, body: Body) -> Rounds:
        carried = np.flatnonzero((body.ends >= 0) & (body.init >= 0))
        columns = np.flatnonzero((body.columns >= 0).all(axis=1))
        handed = np.flatnonzero(body.ys >= 0)
        members = self.members(body.stage)
        read = distinct(
            np.concatenate([self._read(members), body.ends[carried], body.ys[handed]])
        ).astype(np.int64)
        own = np.concatenate([members, body.starts, body.xs])
        outer = self._leaves(read[~np.isin(read, own)])
        outer = outer[np.argsort(~self.shared[outer], kind="stable")]
        streams = self.shared[body.columns[columns]].all(axis=1)
        init = body.init[carried]
        is_shared = bool(self.shared[outer].all() and streams.all() and self.shared[init].all())
        loop = Rounds(body, body.kept, carried, columns, handed, outer, 0, streams, is_shared)
        loop.shares = int(self.shared[outer].sum())
        read = np.concatenate([outer, init, body.columns[columns].ravel()])
        is_active = bool(self.active[read].any())
        self.shared[body.starts] = self.shared[body.xs] = is_shared
        self.active[body.starts] = is_active
        for k, column in zip(columns.tolist(), body.columns[columns], strict=True):
            self.active[body.xs[k]] = self.active[column].any()
        return loop

    def _mark_loop(self, loop: Rounds | LookUp) -> None:
        """The outputs of a loop are as its inputs: either all of it is active or nothing."""
        assert isinstance(loop, Rounds)
        body = loop.body
        is_active = bool(self.active[body.starts].any())
        for some in (self.members(body.stage), body.results, body.lines.ravel()):
            self.shared[some] = loop.is_shared
        for some in (body.results, body.lines.ravel()):
            self.active[some] = is_active

    def _ordered(
        self, loops: Sequence[Rounds | LookUp], *, has_rows: bool
    ) -> list[Part | Rounds | LookUp]:
        needed = [self.outputs]
        for loop in loops:
            if isinstance(loop, LookUp):
                needed += [loop.table.ravel(), loop.indices]
                continue
            body = loop.body
            needed += [loop.outer, body.init[loop.carried], body.columns[loop.columns].ravel()]
        first: list[Part | Rounds | LookUp] = []
        then: list[Part | Rounds | LookUp] = []
        for stage in range(0, 2 * len(loops) + 1, 2):
            members, is_last = self.members(stage), stage == 2 * len(loops)
            alike = self.shared[members] & (has_rows or not is_last)
            if alike.any():
                first.append(self._part(members[alike]))
            if is_last:
                then.append(self._part(members[~alike], self.outputs))
            elif not alike.all():
                then.append(self._part(members[~alike]))
            if not is_last:
                (first if loops[stage // 2].is_shared else then).append(loops[stage // 2])
        parts = [*first, *then]
        needed += [part.reads for part in parts if isinstance(part, Part)]
        read = np.zeros(len(self.shared), bool)
        read[np.concatenate(needed)] = True
        for part in parts[:-1]:
            if isinstance(part, Part):
                part.writes = part.members[read[part.members]]
        return parts

    def _part(self, members: Any, writes: Any = None) -> Part:
        read = distinct(self._read(members)).astype(np.int64)
        if writes is not None:
            read = np.union1d(read, writes)
        read = self._leaves(read[~np.isin(read, members)])
        read = read[np.argsort(~self.shared[read], kind="stable")]
        shares = int(self.shared[read].sum())
        is_shared = writes is None and bool(self.shared[members].all())
        return Part(members, read, writes, shares, is_shared)

    # --------------------------------------------------------------------------- the template
    def members(self, stage: int) -> Any:
        """The registers of the instructions of a stage."""
        return self._first + np.flatnonzero(self._stages[self._first :] == stage)

    def _leaves(self, registers: Any) -> Any:
        """Those that are no constants."""
        is_constant = (registers >= self._constant) & (registers < self._first)
        return registers[~is_constant]

    def _read(self, members: Any) -> Any:
        """The operands of some instructions, one after the other."""
        k = np.asarray(members, np.int64) - self._first
        starts, lengths = self._starts[k], self._starts[k + 1] - self._starts[k]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        return self._operands[np.arange(total) + np.repeat(starts - (ends - lengths), lengths)]

    def written(
        self,
        members: Any,
        leaves: tuple[Any, Any],
        sizes: tuple[int, int],
        outputs: Any,
        *,
        constants: Sequence[float] = (),
    ) -> tuple[Program, Any]:
        """Some instructions as a program.

        Arguments:
            members: their registers.
            leaves: registers that become leaves, and these leaves.
            sizes: how many parameters and inputs there are.
            outputs: the registers that are handed out.
            constants: more constants.

        Returns: the program, and for each register of the template its new one.
        """
        template, (parameters, inputs) = self.template, sizes
        new = np.full(len(self.shared) + 1, -1)
        new[leaves[0]] = leaves[1]
        first = parameters + inputs + len(template.constants)
        new[self._constant : self._first] = np.arange(parameters + inputs, first)
        first += len(constants)
        new[members] = first + np.arange(len(members))
        k = np.asarray(members, np.int64) - self._first
        lengths = self._starts[k + 1] - self._starts[k]
        program = Program(
            tuple([f"p{i}" for i in range(parameters)]),
            tuple([f"x{i}" for i in range(inputs)]),
            (*template.constants, *constants),
            array("i", self._codes[k].astype(np.intc).tobytes()),
            array("q", np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64).tobytes()),
            array("q", new[self._read(members)].astype(np.int64).tobytes()),
            tuple(new[np.asarray(outputs, np.int64)].tolist()),
            (False,) * len(outputs),
        )
        return program, new

    def program(self, part: Part, summed: Sequence[bool]) -> Program:
        """The program of a plain part: what rows share are its parameters."""
        sizes = part.shares, len(part.reads) - part.shares
        leaves = part.reads, np.arange(len(part.reads))
        program, _ = self.written(part.members, leaves, sizes, part.writes)
        return optimised(replace(program, summed=tuple(summed)))

    def product(self, part: Part, targets: Any) -> Program:
        """The product of some numbers that a part writes with as many leaves more, the last
        parameters where rows share them, else the last inputs."""
        shares, count = part.shares, len(targets)
        given = len(part.reads) - shares
        sizes = (shares + count, given) if part.is_shared else (shares, given + count)
        seeds = np.arange(shares if part.is_shared else shares + given, sum(sizes))[:count]
        program, new = self.written(
            part.members, (part.reads, np.arange(len(part.reads))), sizes, ()
        )
        return optimised(appended(program, [(ops.dot, [*new[targets].tolist(), *seeds.tolist()])]))


def appended(program: Program, instructions: Sequence[tuple[Any, list[int]]]) -> Program:
    """The program with more instructions; the last of them is its only output."""
    codes, starts = array("i", program.codes), array("q", program.starts)
    operands = array("q", program.operands)
    for op, read in instructions:
        codes.append(op.code)
        operands.extend(read)
        starts.append(len(operands))
    end = program.first + len(codes) - 1
    return replace(
        program, codes=codes, starts=starts, operands=operands, outputs=(end,), summed=(False,)
    )
