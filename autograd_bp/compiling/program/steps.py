"""Steps: a program whose middle is the same few instructions over and over.

A recurrence that was written as a loop (an integrator, a recurrent network, Newton's method) leaves
its instructions once for each step. Instruction i of a step reads the same things in every step, or
things that lie one step further: results of this step and of those before it, parameters or inputs
at a regular distance.

`find_steps` (finding_steps.py) finds such a middle. `Steps.of(n)` is the program that the same
recurrence would have left with n steps. It serves to see with few steps how a program grows with
their number (loops/stretching.py).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.compiling.program.program import Program
from autograd_bp.entry import by_code

KEPT = 2  # steps before the cut


class UnevenError(Exception):
    """A program that has no shorter form: something reads single steps in its middle."""


@dataclass(frozen=True)
class Cut:
    """Registers that a program of fewer steps does not have.

    Attributes:
        start: the first of them.
        step: how many there are for each step that is left out.
    """

    start: int
    step: int


@dataclass(frozen=True)
class Piece:
    """Instructions one after the other: their codes, how many operands each has, and these."""

    codes: Any
    lengths: Any
    operands: Any


@dataclass(frozen=True)
class Steps:
    """A program and the steps in it.

    Attributes:
        program: the program; without its instructions, where `given` has them.
        start: its first instruction that belongs to a step.
        length: how many instructions a step has.
        count: how many steps there are.
        moves: for each operand of a step how far it moves from one step to the next.
        cuts: what is left out where there are fewer steps, by rising registers.
        given: the instructions before the steps, those of the first step, those behind the steps.
        streamed: the numbers of the last parameters, which are constants.
    """

    program: Program
    start: int
    length: int
    count: int
    moves: Any
    cuts: tuple[Cut, ...]
    given: tuple[Piece, Piece, Piece] | None = None
    streamed: tuple[float, ...] = ()

    @cached_property
    def pieces(self) -> tuple[Piece, Piece, Piece]:
        """The instructions before the steps, those of the first step, those behind the steps."""
        if self.given is not None:
            return self.given
        codes, starts = np.asarray(self.program.codes), np.asarray(self.program.starts)
        operands, lengths = np.asarray(self.program.operands), np.diff(starts)
        start, end = self.start, self.start + self.length * self.count
        parts = ((0, start), (start, start + self.length), (end, len(codes)))
        head, step, tail = (
            Piece(codes[a:b], lengths[a:b], operands[starts[a] : starts[b]]) for a, b in parts
        )
        return head, step, tail

    @property
    def size(self) -> int:
        """How many instructions the program has with all of its steps."""
        head, _, tail = self.pieces
        return len(head.codes) + self.length * self.count + len(tail.codes)

    @cached_property
    def reach(self) -> int:
        """How many steps back a step reads."""
        first = self.program.first
        operands = self.pieces[1].operands
        moving = operands[(operands >= first) & (self.moves != 0)]
        if not len(moving):
            return 0
        return max(0, -(-(first + self.start - int(moving.min())) // self.length))

    def of(self, n: int) -> Program:
        """The program with n steps in the place of `count`.

        Raises: UnevenError where there is no such program.
        """
        program, (head, step, tail) = self.program, self.pieces
        operands = self.renumbered(step.operands, n)
        steps = (operands + np.arange(n)[:, None] * self.moves).ravel()
        kept = self._kept_behind(n)
        rest = self.renumbered(tail.operands[kept], n)
        where = np.concatenate([[0], np.cumsum(tail.lengths)])
        lost = np.diff(np.concatenate([[0], np.cumsum(~kept)])[where])
        registers = np.concatenate([self.renumbered(head.operands, n), steps, rest])
        counts = np.concatenate([head.lengths, np.tile(step.lengths, n), tail.lengths - lost])
        codes = np.concatenate([head.codes, np.tile(step.codes, n), tail.codes])
        outputs, handed_out = self.shortened(np.array(program.outputs, np.int64), n)
        leaves = self._kept(np.arange(program.first), n)
        split = len(program.parameters)
        return Program(
            _chosen(program.parameters, leaves[:split]),
            _chosen(program.inputs, leaves[split : split + len(program.inputs)]),
            program.constants,
            _array("i", codes.astype(np.intc)),
            _array("q", np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)),
            _array("q", registers.astype(np.int64)),
            tuple(outputs.tolist()),
            _chosen(program.summed, handed_out),
        )

    def barriers(self, n: int) -> range:
        """Where steps begin in the program of n steps, and what follows them."""
        return range(self.start, self.start + (n + 1) * self.length, self.length)

    def streams(self, n: int) -> bytes:
        """For each parameter and input of the program of n steps whether single steps read it."""
        program, original = self.program, self.pieces[1].operands
        moving = (original < program.first) & (self.moves != 0)
        operands = self.renumbered(original, n)
        flags = np.zeros(program.first, np.uint8)
        flags[(operands[moving] + np.arange(n)[:, None] * self.moves[moving]).ravel()] = 1
        leaves = len(program.parameters) + len(program.inputs)
        return flags.tobytes()[:leaves] if flags.any() else b""

    def leaves(self, space: str, indices: Sequence[int], n: int) -> list[int]:
        """Places of parameters or of inputs, in the program of n steps."""
        start = len(self.program.parameters) if space == "input" else 0
        where = start + np.asarray(indices, np.int64)
        left, _ = self.shortened(where, n)
        if start:
            left = left - int(self._kept(np.arange(start), n).sum())
        return left.tolist()  # type: ignore[no-any-return]

    # ------------------------------------------------------------------------- fewer registers
    def _kept(self, registers: Any, n: int) -> Any:
        kept = np.ones(len(registers), bool)
        for cut in self.cuts:
            lost = cut.step * (self.count - n)
            kept &= (registers < cut.start) | (registers >= cut.start + lost)
        return kept

    def renumbered(self, registers: Any, n: int) -> Any:
        """The numbers of registers in the program of n steps.

        Raises: UnevenError where it does not have some of them.
        """
        if not self._kept(registers, n).all():
            raise UnevenError
        new = registers.astype(np.int64)
        for cut in self.cuts:
            lost = cut.step * (self.count - n)
            new -= np.where(registers >= cut.start + lost, lost, 0)
        return new

    def shortened(self, registers: Any, n: int) -> tuple[Any, Any]:
        """A list of registers without what belongs to steps that are left out.

        Returns: the new numbers of the others, and for each whether it stays.

        Raises: UnevenError where the list does not go through the steps one after the other.
        """
        kept = self._kept(registers, n)
        self._require_even(registers, kept, n)
        return self.renumbered(registers[kept], n), kept

    def _kept_behind(self, n: int) -> Any:
        """For each operand of the instructions behind the steps whether it stays.

        Raises: UnevenError where something else than long lists reads steps that are left out.
        """
        tail = self.pieces[2]
        starts, registers = np.concatenate([[0], np.cumsum(tail.lengths)]), tail.operands
        kept = self._kept(registers, n)
        where = distinct(np.searchsorted(starts, np.flatnonzero(~kept), "right")) - 1
        for i in where.tolist():
            op, lists = by_code(int(tail.codes[i])), slice(starts[i], starts[i + 1])
            if op.arity is not None:
                raise UnevenError
            terms = op.operands.terms(int(lists.stop - lists.start))
            self._shorten_terms(registers[lists], kept[lists], terms, n)
        return kept

    def _shorten_terms(self, registers: Any, kept: Any, terms: int, n: int) -> None:
        """Takes the same terms out of all lists of an instruction; what they hold in a list that
        reads no step is the same register in all of them and beside them."""
        count = len(registers) // max(terms, 1)
        lists = registers[: count * terms].reshape(count, terms)
        stays = kept[: count * terms].reshape(count, terms)
        if not kept[count * terms :].all():
            raise UnevenError
        patterns = [line for line in stays if not line.all()]
        for line, registers_of_list in zip(stays, lists, strict=True):
            if (line != patterns[0]).any() and not line.all():
                raise UnevenError
            if not line.all():
                self._require_even(registers_of_list, line, n)
                continue
            lost = np.flatnonzero(~patterns[0])
            period = -(-len(lost) // (self.count - n))
            beside = registers_of_list[max(lost[0] - period, 0) : lost[-1] + 1 + period]
            if (beside != beside[0]).any():
                raise UnevenError
            line &= patterns[0]

    def _require_even(self, registers: Any, kept: Any, n: int) -> None:
        """Whether a list goes on before and after what is left out as it does there."""
        lost = np.flatnonzero(~kept)
        if len(lost):
            for run in np.split(lost, np.flatnonzero(np.diff(lost) > 1) + 1):
                self._require_even_run(registers, run, n)

    def _require_even_run(self, registers: Any, run: Any, n: int) -> None:
        period, rest = divmod(len(run), self.count - n)
        first, last = int(run[0]) - period, int(run[-1]) + 1 + period
        if rest or first < 0 or last > len(registers):
            raise UnevenError
        moves = registers[first + period : last] - registers[first : last - period]
        inside = [c for c in self.cuts if c.start <= registers[run[0]]]
        if not inside or (moves != inside[-1].step).any():
            raise UnevenError


def _chosen(entries: Sequence[Any], kept: Any) -> tuple[Any, ...]:
    if kept.all():
        return tuple(entries)
    return tuple([entries[k] for k in np.flatnonzero(kept).tolist()])


def _array(kind: str, numbers: Any) -> array[Any]:
    return array(kind, numbers.tobytes())
