"""Programs of functions whose loops were traced once.

The function is flattened to a template: a program with the body of each loop in it once, and with
leaves for what changes from round to round. Each of its instructions has a stage: 0 before the
first loop, 1 in its body, 2 behind it, 3 in the body of the second, and so on. What a body computes
from nothing that changes is not of its stage, and so runs before the loop.

`program()` repeats all bodies. `steps()` repeats all but the largest, which becomes `Steps`: the
program of few rounds shows what that of all of them looks like (loops/stretching.py).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp.compiling.program.finding_steps import leaf_cuts
from autograd_bp.compiling.program.flatten import flatten, names_of
from autograd_bp.compiling.program.merging import with_outputs
from autograd_bp.compiling.program.passes import dead_code, optimised, split_products
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.steps import KEPT, Cut, Piece, Steps
from autograd_bp.flow.rounds import PlainRoundsError, TracedLoop
from autograd_bp.value import Value

__all__ = ["TracedProgram"]

MAX_PEELED = 8  # rounds before the carry is regular


@dataclass(eq=False)
class _Body:
    """One loop in terms of registers of the template.

    Attributes:
        count: how many rounds.
        stage: of the body's instructions.
        starts, xs, results: the registers of these leaves; lines: (rounds, numbers).
        init, columns, ends, ys: the registers of these outputs, -1 for what nobody needs; columns:
            (numbers, rounds).
    """

    count: int
    stage: int
    starts: Any
    xs: Any
    results: Any
    lines: Any
    init: Any
    columns: Any
    ends: Any
    ys: Any


class TracedProgram:
    """The program of a function whose loops were traced once.

    Arguments:
        outputs, parameters, inputs, summed, names: as of `flatten`.
        loops: those that were traced.

    Raises: PlainRoundsError where the graph reads what belongs to single rounds.
    """

    def __init__(
        self,
        outputs: Sequence[Any],
        loops: Sequence[TracedLoop],
        parameters: Sequence[Value],
        inputs: Sequence[Value],
        summed: Sequence[bool],
        names: tuple[Sequence[str], Sequence[str]],
    ) -> None:
        self._summed, self._count = tuple(summed), len(outputs)
        self._leaves = (len(parameters), len(inputs))
        template, self._bodies = _template(outputs, loops, parameters, inputs, names)
        self._template = template
        self._stages = _stages(template, self._bodies)
        self._require_closed(template.first, loops)

    # -------------------------------------------------------------------------- the template
    def _require_closed(self, first: int, loops: Sequence[TracedLoop]) -> None:
        """Raises PlainRoundsError where a number of a round is read outside of its loop."""
        template, stages = self._template, self._stages
        operands = np.asarray(template.operands)
        lengths = np.diff(np.asarray(template.starts))
        readers = np.repeat(stages[first:], lengths)
        ends = [self._bodies[k].ends for k in range(len(loops))]
        inner = (stages[operands] & 1) == 1
        wrong = bool((inner & (stages[operands] != readers)).any())
        for body, end in zip(self._bodies, ends, strict=True):
            for some, most in ((body.init, body.stage - 1), (body.columns, body.stage - 1)):
                wrong |= bool((_stages_of(stages, some) > most).any())
                wrong |= bool((_stages_of(stages, some) & 1 == 1).any())
            for some in (end, body.ys):
                found = _stages_of(stages, some)
                wrong |= bool(((found > body.stage) | ((found & 1 == 1) & (found != body.stage))).any())
        results = stages[np.array(template.outputs[: self._count], np.int64)]
        if wrong or (results & 1 == 1).any():
            raise PlainRoundsError("a number of one round is used outside of its loop")

    @cached_property
    def size(self) -> int:
        """How many instructions there are with all rounds."""
        first = self._template.first
        counts = np.bincount(self._stages[first:], minlength=2 * len(self._bodies) + 1)
        times = np.ones(len(counts), np.int64)
        for body in self._bodies:
            times[body.stage] = body.count
        return int((counts * times).sum())

    # ------------------------------------------------------------------------------ what for
    def program(self) -> Program:
        """The program with all rounds, after the passes."""
        return optimised(_Assembly(self._template, self._bodies, self._stages, self._leaves).program(
            self._count, self._summed
        ))

    def steps(self) -> Steps | None:
        """The largest loop as steps; None where its rounds are not alike."""
        template, bodies = self._template, self._bodies
        stages = self._stages
        counts = np.bincount(stages[template.first :], minlength=2 * len(bodies) + 1)
        largest = max(bodies, key=lambda body: body.count * int(counts[body.stage]))
        return _Assembly(template, bodies, stages, self._leaves).steps(
            largest, self._count, self._summed
        )


def _template(
    outputs: Sequence[Any],
    loops: Sequence[TracedLoop],
    parameters: Sequence[Value],
    inputs: Sequence[Value],
    names: tuple[Sequence[str], Sequence[str]],
) -> tuple[Program, list[_Body]]:
    """The template and its loops, without what nobody needs."""
    leaves: list[Value] = []
    numbers: list[Any] = [*outputs]
    first = len(parameters) + len(inputs)

    def place(nodes: Sequence[Value]) -> Any:
        leaves.extend(nodes)
        end = first + len(leaves)
        return np.arange(end - len(nodes), end)

    def give_out(some: Sequence[Any]) -> Any:
        numbers.extend(some)
        return np.arange(len(numbers) - len(some), len(numbers))

    strangers, bodies = [], []
    for k, loop in enumerate(loops):
        strangers.append(place(loop.strangers))
        lines = place([y for line in loop.lines for y in line])
        bodies.append(
            _Body(
                loop.count,
                2 * k + 1,
                place(loop.starts),
                place(loop.xs),
                place(loop.results),
                lines.reshape(loop.count, -1),
                give_out(loop.init),
                give_out([x for column in loop.columns for x in column]).reshape(-1, loop.count),
                give_out(loop.ends),
                give_out(loop.ys),
            )
        )
    inner = [""] * len(leaves)
    labels = names[0], [*names_of(inputs, "x", names[1]), *inner]
    template = flatten(numbers, parameters=parameters, inputs=[*inputs, *leaves], names=labels)
    needed = _needed(template, len(outputs), bodies)
    kept = np.flatnonzero(needed)
    place_of = np.full(len(numbers) + 1, -1)
    place_of[kept] = np.arange(len(kept))
    template = optimised(with_outputs(template, kept.tolist(), [False] * len(kept)))
    template = split_products(template)
    used = np.zeros(template.first + len(template), bool)
    used[np.asarray(template.operands)] = True
    used[list(template.outputs)] = True
    if any(used[some].any() for some in strangers):
        raise PlainRoundsError("a number of one round is used outside of its loop")
    registers = np.array([*template.outputs, -1], np.int64)
    for body in bodies:
        for name in ("init", "columns", "ends", "ys"):
            setattr(body, name, registers[place_of[getattr(body, name)]])
    return template, bodies


def _needed(template: Program, count: int, bodies: Sequence[_Body]) -> Any:
    """For each output of the template whether the first `count` of them need it."""
    needed = np.zeros(len(template.outputs), bool)
    needed[:count] = True
    while True:
        before = int(needed.sum())
        kept = np.flatnonzero(needed).tolist()
        program = dead_code(with_outputs(template, kept, [False] * len(kept)))
        used = np.zeros(program.first + len(program), bool)
        used[np.asarray(program.operands)] = True
        used[list(program.outputs)] = True
        for body in bodies:
            carried = used[body.starts] | used[body.results]
            needed[body.init[carried]] = needed[body.ends[carried]] = True
            needed[body.columns[used[body.xs]].ravel()] = True
            needed[body.ys[used[body.lines].any(axis=0)]] = True
        if int(needed.sum()) == before:
            return needed


def _stages(template: Program, bodies: Sequence[_Body]) -> Any:
    """The stage of each register."""
    stages = [0] * template.first
    for body in bodies:
        for some, stage in (
            (body.starts, body.stage),
            (body.xs, body.stage),
            (body.results, body.stage + 1),
            (body.lines.ravel(), body.stage + 1),
        ):
            for k in some.tolist():
                stages[k] = stage
    starts, operands = template.starts, template.operands
    for i in range(len(template)):
        stages.append(max([stages[k] for k in operands[starts[i] : starts[i + 1]]], default=0))
    return np.array(stages, np.int64)


def _stages_of(stages: Any, registers: Any) -> Any:
    some = registers.ravel()
    return stages[some[some >= 0]]


class _Assembly:
    """The instructions of a template, repeated.

    Arguments:
        template, bodies, stages: as above.
        leaves: how many parameters and inputs the program has.
    """

    def __init__(
        self, template: Program, bodies: Sequence[_Body], stages: Any, leaves: tuple[int, int]
    ) -> None:
        self._template, self._bodies, self._stages = template, bodies, stages
        parameters, inputs = leaves
        self._names = template.parameters, template.inputs[:inputs]
        self._constants = [*template.constants]
        first = parameters + inputs
        self._new = np.full(template.first + len(template) + 1, -1)  # the last stands for -1
        self._new[:first] = np.arange(first)
        before = template.first - len(template.constants)
        self._first_constant = first
        self._new[before : template.first] = first + np.arange(len(template.constants))
        self._columns = [self._in_order(body) for body in bodies]
        self._next = self._begin = first + len(self._constants)
        self._codes = np.asarray(template.codes)
        self._starts = np.asarray(template.starts)
        self._operands = np.asarray(template.operands)
        self._pieces: list[Piece] = []

    def _in_order(self, body: _Body) -> Any:
        """The columns of a loop, with constants that differ side by side in their order."""
        columns = body.columns.copy()
        first = self._template.first
        constants = first - len(self._template.constants)
        for k, column in enumerate(columns):
            is_constant = (column >= constants) & (column < first)
            if len(column) and is_constant.all() and (column != column[0]).any():
                start = len(self._new)
                end = self._first_constant + len(self._constants)
                self._constants += [self._template.constants[c - constants] for c in column]
                more = np.arange(end, end + len(column))
                self._new = np.concatenate([self._new[:-1], more, [-1]])
                columns[k] = np.arange(start - 1, start - 1 + len(column))
        return columns

    def program(self, count: int, summed: tuple[bool, ...]) -> Program:
        for stage in range(2 * len(self._bodies) + 1):
            self._add(stage)
        piece = _joined(self._pieces)
        outputs = self._new[np.array(self._template.outputs[:count], np.int64)]
        return self._finished(piece, outputs, summed)

    def steps(self, body: _Body, count: int, summed: tuple[bool, ...]) -> Steps | None:
        columns = self._columns[self._bodies.index(body)]
        for stage in range(body.stage):
            self._add(stage)
        members = self._members(body.stage)
        peeled = self._peeled(body, members)
        moves = np.diff(self._new[columns], axis=1)
        if peeled is None or not len(members) or (moves[:, 1:] != moves[:, :1]).any():
            return None
        rounds = peeled + 2
        if rounds + 2 > body.count:
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
        leaves = len(self._names[0]) + len(self._names[1])
        steps = body.count - peeled
        cuts = leaf_cuts(leaves, step.operands, step_moves, steps)
        if cuts is None:
            return None
        start = len(head.codes)
        cuts.append(Cut(self._begin + start + KEPT * length, length))
        frame = self._finished(_joined([]), outputs, summed)
        given = head, step, _joined(self._pieces)
        return Steps(frame, start, length, steps, step_moves, tuple(cuts), given)

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

    def _rounds(self, body: _Body, members: Any, columns: Any, n: int) -> tuple[Any, Any]:
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
        """What some registers of the template are in a round."""
        registers = self._new[kinds.registers]
        registers[kinds.own] += t * length
        registers[kinds.started] = carry[t, kinds.starts]
        registers[kinds.of_x] = self._new[columns[kinds.xs, t]]
        return registers

    def _hand_out(self, body: _Body, columns: Any, base: int, carry: Any, known: int) -> None:
        """Gives the nodes that stand for results their registers.

        Arguments:
            body, columns: the loop, whose instructions have registers from `base` on.
            carry: before each of the rounds that are `known`, and behind them.
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

    def _peeled(self, body: _Body, members: Any) -> int | None:
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

    def __init__(self, body: _Body, stages: Any, registers: Any) -> None:
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


def _joined(pieces: Sequence[Piece]) -> Piece:
    if not pieces:
        return Piece(*(np.zeros(0, np.int64) for _ in range(3)))
    return Piece(
        np.concatenate([p.codes for p in pieces]),
        np.concatenate([p.lengths for p in pieces]),
        np.concatenate([p.operands for p in pieces]),
    )
