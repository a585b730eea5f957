"""The instructions of a template, with the bodies of its loops as often as they run."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.program.finding_steps import MIN_STEPS, leaf_cuts
from autograd_bp.compiling.program.names import Names
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.steps import KEPT, Cut, Piece, Steps
from autograd_bp.compiling.program.template import Body

__all__ = ["Assembly"]

MAX_PEELED = 8  # rounds before the carry is regular


class Assembly:
    """The instructions of a template, repeated.

    Arguments:
        template, bodies, stages: as above.
        leaves: how many parameters and inputs the program has.
        as_parameters: whether constants that differ from round to round are parameters, behind the
            others.

    Attributes:
        streamed: these constants.
    """

    def __init__(
        self,
        template: Program,
        bodies: Sequence[Body],
        stages: Any,
        leaves: tuple[int, int],
        *,
        as_parameters: bool,
    ) -> None:
        self._template, self._bodies, self._stages = template, bodies, stages
        self._codes = np.asarray(template.codes)
        self._starts = np.asarray(template.starts)
        self._operands = np.asarray(template.operands)
        self._pieces: list[Piece] = []
        parameters, inputs = leaves
        constants = len(template.constants)
        before = template.first - constants
        self._new = np.full(template.first + len(template) + 1, -1)  # the last stands for -1
        self.streamed: list[float] = []
        self._columns = [self._in_order(body, before) for body in bodies]
        count = len(self.streamed)
        names = [f"x of round {k}" for k in range(count)] if as_parameters else []
        self._names = (
            Names(len(template.parameters) + len(names), lambda: (*template.parameters, *names)),
            template.inputs[:inputs],
        )
        self._constants = [*template.constants, *([] if as_parameters else self.streamed)]
        first = parameters + len(names)
        self._new[:parameters] = np.arange(parameters)
        self._new[parameters : parameters + inputs] = first + np.arange(inputs)
        self._leaves = first + inputs
        self._new[before : template.first] = self._leaves + np.arange(constants)
        place = parameters if as_parameters else self._leaves + constants
        end = len(self._new) - 1
        self._new[end - count : end] = place + np.arange(count)
        self._next = self._begin = self._leaves + len(self._constants)

    def _in_order(self, body: Body, before: int) -> Any:
        """The columns of a loop, with new registers for constants that differ: those of a column
        are side by side, in its order.

        Arguments:
            body: the loop.
            before: the first constant of the template.
        """
        columns = body.columns.copy()
        for k, column in enumerate(columns):
            is_constant = (column >= before) & (column < self._template.first)
            if len(column) and is_constant.all() and (column != column[0]).any():
                start = len(self._new) - 1
                self.streamed += [self._template.constants[c - before] for c in column]
                self._new = np.append(self._new, np.full(len(column), -1))
                columns[k] = np.arange(start, start + len(column))
        return columns

    def program(self, count: int, summed: tuple[bool, ...]) -> Program:
        for stage in range(2 * len(self._bodies) + 1):
            self._add(stage)
        piece = _joined(self._pieces)
        outputs = self._new[np.array(self._template.outputs[:count], np.int64)]
        return self._finished(piece, outputs, summed)

    def steps(self, body: Body, count: int, summed: tuple[bool, ...]) -> Steps | None:
        columns = self._columns[self._bodies.index(body)]
        for stage in range(body.stage):
            self._add(stage)
        members = self._members(body.stage)
        peeled = _peeled(body)
        moves = np.diff(self._new[columns], axis=1)
        if peeled is None or not len(members) or (moves[:, 1:] != moves[:, :1]).any():
            return None
        rounds = peeled + 2
        if body.count - peeled < MIN_STEPS:
            return None
        base, length = self._next, len(members)
        carry, table = self._rounds(body, members, columns, rounds)
        codes, lengths = self._of(members)
        self._pieces += [Piece(codes, lengths, table[t]) for t in range(peeled)]
        head = _joined(self._pieces)
        step = Piece(codes, lengths, table[peeled])
        step_moves = table[peeled + 1] - table[peeled]
        self._next = base + body.count * length
        self._hand_out(body, columns, base, carry, peeled)
        self._pieces = []
        for stage in range(body.stage + 1, 2 * len(self._bodies) + 1):
            self._add(stage)
        outputs = self._new[np.array(self._template.outputs[:count], np.int64)]
        steps = body.count - peeled
        cuts = leaf_cuts(self._leaves, step.operands, step_moves, steps)
        if cuts is None:
            return None
        start = len(head.codes)
        cuts.append(Cut(self._begin + start + KEPT * length, length))
        frame = self._finished(_joined([]), outputs, summed)
        given = head, step, _joined(self._pieces)
        numbers = tuple(self.streamed)
        return Steps(frame, start, length, steps, step_moves, tuple(cuts), given, numbers)

    # ---------------------------------------------------------------------------- instructions
    def _members(self, stage: int) -> Any:
        return np.flatnonzero(self._stages[self._template.first :] == stage)

    def _of(self, members: Any) -> tuple[Any, Any]:
        return self._codes[members], self._starts[members + 1] - self._starts[members]

    def _read(self, members: Any) -> Any:
        """The operands of some instructions, as registers of the template."""
        starts = self._starts[members]
        lengths = self._starts[members + 1] - starts
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        return self._operands[np.arange(total) + np.repeat(starts - (ends - lengths), lengths)]

    def _add(self, stage: int) -> None:
        """Adds the instructions of a stage; those of a body in all of its rounds."""
        members = self._members(stage)
        if stage % 2 == 0:
            self._new[self._template.first + members] = self._next + np.arange(len(members))
            self._next += len(members)
            self._pieces.append(Piece(*self._of(members), self._new[self._read(members)]))
            return
        body, columns = self._bodies[stage // 2], self._columns[stage // 2]
        base = self._next
        carry, table = self._rounds(body, members, columns, body.count)
        codes, lengths = self._of(members)
        n = body.count
        self._pieces.append(Piece(np.tile(codes, n), np.tile(lengths, n), table.ravel()))
        self._next = base + n * len(members)
        self._hand_out(body, columns, base, carry, n)

    def _rounds(self, body: Body, members: Any, columns: Any, n: int) -> tuple[Any, Any]:
        """The carry before each of the first rounds and behind them, and what instructions read in
        each of these rounds."""
        self._new[self._template.first + members] = self._next + np.arange(len(members))
        carry = np.empty((n + 1, len(body.starts)), np.int64)
        carry[0] = self._new[body.init]
        kinds = _Kinds(body, self._stages, body.ends)
        for t in range(n):
            carry[t + 1] = self._of_round(kinds, columns, carry, t, len(members))
        operands = self._read(members)
        kinds = _Kinds(body, self._stages, operands)
        if len(kinds.started) or len(kinds.of_x):
            table = np.stack(
                [self._of_round(kinds, columns, carry, t, len(members)) for t in range(n)]
            )
        else:
            table = np.tile(self._new[operands], (n, 1))
            table[:, kinds.own] += np.arange(n)[:, None] * len(members)
        return carry, table

    def _of_round(self, kinds: _Kinds, columns: Any, carry: Any, t: int, length: int) -> Any:
        """The numbers of some registers of the template in a round."""
        registers = self._new[kinds.registers]
        registers[kinds.own] += t * length
        registers[kinds.started] = carry[t, kinds.starts]
        registers[kinds.of_x] = self._new[columns[kinds.xs, t]]
        return registers

    def _hand_out(self, body: Body, columns: Any, base: int, carry: Any, known: int) -> None:
        """Gives the nodes that stand for results their registers.

        Arguments:
            body: the loop.
            columns: of the loop.
            base: the register of its first instruction.
            carry: the carry before each of the rounds that are known, and behind them.
            known: how many are.
        """
        members = self._members(body.stage)
        length, n = len(members), body.count
        kinds = _Kinds(body, self._stages, body.ys)
        if n > known:  # from there on all is regular
            more = carry[known] + np.arange(1, n + 1 - known)[:, None] * (
                carry[known + 1] - carry[known]
            )
            carry = np.concatenate([carry[: known + 1], more])
        self._new[body.results] = carry[n]
        for t in range(n if body.lines.size else 0):
            self._new[body.lines[t]] = self._of_round(kinds, columns, carry, t, length)

    def _finished(self, piece: Piece, outputs: Any, summed: tuple[bool, ...]) -> Program:
        ends = np.concatenate([[0], np.cumsum(piece.lengths)]).astype(np.int64)
        return Program(
            *self._names,
            tuple(self._constants),
            array("i", piece.codes.astype(np.intc).tobytes()),
            array("q", ends.tobytes()),
            array("q", piece.operands.astype(np.int64).tobytes()),
            tuple(outputs.tolist()),
            summed,
        )


class _Kinds:
    """Registers of a template, as the rounds of a loop see them.

    Attributes:
        registers: all of them.
        own: where they are results of the body.
        started, starts: where they are numbers of the carry, and which ones.
        of_x, xs: where they are numbers of x, and which ones.
    """

    def __init__(self, body: Body, stages: Any, registers: Any) -> None:
        self.registers = registers
        number = np.full(len(stages) + 1, -1)
        number[body.starts] = np.arange(len(body.starts))
        self.started = np.flatnonzero(number[registers] >= 0)
        self.starts = number[registers[self.started]]
        number[:] = -1
        number[body.xs] = np.arange(len(body.xs))
        self.of_x = np.flatnonzero(number[registers] >= 0)
        self.xs = number[registers[self.of_x]]
        is_own = (np.append(stages, 0)[registers] == body.stage) & (registers >= 0)
        is_own[self.started] = is_own[self.of_x] = False
        self.own = np.flatnonzero(is_own)


def _peeled(body: Body) -> int | None:
    """How many rounds there are before each reads what lies one step further; None for too
    many."""
    place = {k: j for j, k in enumerate(body.starts.tolist())}
    deepest = 0
    for j, end in enumerate(body.ends.tolist()):
        depth, k = 0, end
        while k in place and place[k] != j and depth <= MAX_PEELED:
            following = int(body.ends[place[k]])
            if following == k:  # it stays as it is
                break
            depth, k = depth + 1, following
        if depth > MAX_PEELED:
            return None
        if end != body.starts[j]:
            deepest = max(deepest, depth + 1)
    return deepest


def _joined(pieces: Sequence[Piece]) -> Piece:
    if not pieces:
        return Piece(*(np.zeros(0, np.int64) for _ in range(3)))
    return Piece(
        np.concatenate([p.codes for p in pieces]),
        np.concatenate([p.lengths for p in pieces]),
        np.concatenate([p.operands for p in pieces]),
    )
