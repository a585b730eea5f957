"""A sweep backwards through loops: the adjoints of what they read."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.living import reads_of
from autograd_bp.compiling.loops.loops import Loop, Loops
from autograd_bp.compiling.loops.members import emit_rule
from autograd_bp.compiling.loops.outputs import Run
from autograd_bp.compiling.loops.places import Places, Shape, numbered, one_place
from autograd_bp.compiling.loops.rules import Operand, reverse_rule
from autograd_bp.compiling.loops.sums import Piece, Sums
from autograd_bp.compiling.loops.sweeps import (
    Leaves,
    Place,
    StepPlaces,
    factors_of,
    indices_of,
    is_linear_in_each,
    moving,
    terms_of,
)
from autograd_bp.compiling.loops.wide import WIDE, amounts_of_lists
from autograd_bp.compiling.loops.writer import RESULTS, LoopWriter

WHOLE = 16  # members of a loop in steps, from which on its adjoints are one piece


class Reverse:
    """A sweep backwards through loops."""

    def __init__(
        self,
        loops: Loops,
        by: Leaves,
        seeds: int,
        again: bool,
        steps: StepPlaces | None = None,
    ) -> None:
        self._loops, self._seeds, self._again = loops, seeds, again
        self._steps, self._is_in_steps, self._step = steps, False, 0
        self.writer = LoopWriter(loops, as_written=steps is not None)
        self._moving = moving(loops, by)
        self._sizes = {
            "parameter": len(loops.parameters),
            "input": len(loops.inputs),
            **loops.sizes,
        }
        starts = {space: [0] for space in self._sizes}
        for loop in loops.loops:
            if loop.base:
                starts[loop.space].append(loop.base)
        starts = {space: sorted(bases) for space, bases in starts.items()}
        self._sums = Sums(self.writer, self._sizes, starts, seeds, self._moving)
        if steps is not None:
            for space, bounds in steps.items():
                self._sums.bounds[space] = [bounds[0], bounds[-1], loops.sizes[space]]

    def begin(self, output: Place, factor: Place | float, seed: int) -> None:
        """The adjoint of an output."""
        space, place = output
        if not self._moving[space][place] or factor == 0.0:
            return
        if isinstance(factor, tuple):
            adjoint = one_place(*factor, (1,))
        else:
            adjoint = self.writer.constant(float(factor), (1,))
        at = seed * self._sizes[space] + place
        self._sums.add(Places(space, (1,), table=np.array([at])), adjoint, sure=True)

    def run(self) -> None:
        for k in range(len(self._loops.loops) - 1, -1, -1):
            loop = self._loops.loops[k]
            flags = self._moving[loop.space][loop.base : loop.base + loop.members]
            if not flags.any():
                continue
            if self._steps is not None:
                self._note_steps(loop)
            pieces = self._sums.pieces(loop.space, loop.base, loop.members)
            if self._is_in_steps and self._seeds == 1 and loop.members >= WHOLE:
                pieces = self._together(pieces, flags)
            for piece in pieces:
                self._through(k, loop, piece)

    def _together(self, pieces: list[Piece], flags: Any) -> list[Piece]:
        """The adjoints of the members of a loop in steps, as one piece: what is not reached yet
        gets a 0. Else the last steps would differ from each other, until all is reached."""
        spaces = {piece.places.space for piece in pieces}
        if len(spaces) != 1 or (len(pieces) == 1 and pieces[0].members is None):
            return pieces
        (space,) = spaces
        table = np.full(len(flags), -1, np.int64)
        for piece in pieces:
            table[slice(None) if piece.members is None else piece.members] = piece.places.array()
        missing = np.flatnonzero(flags & (table < 0))
        if len(missing):
            shape = (len(missing),)
            zeros = self.writer.constant(0.0, shape)
            if space != "constant":
                zeros = self.writer.emit(None, shape, [zeros], target=space)
            table[missing] = zeros.array()
        members = np.flatnonzero(table >= 0)
        places = numbered(space, table[members])
        is_all = len(members) == len(flags)
        return [Piece(None if is_all else members, places, all(p.sure for p in pieces))]

    def _note_steps(self, loop: Loop) -> None:
        """Note that everything written from now on belongs to steps, or to what is before or behind
        them."""
        bounds = (self._steps or {}).get(loop.space)
        if bounds is None:
            return
        is_in_steps = bounds[0] <= loop.base < bounds[-1]
        step = bisect_right(bounds, loop.base)
        if self._is_in_steps and step != self._step and self._seeds == 1:
            firsts = {space: bounds[0] for space, bounds in (self._steps or {}).items()}
            self._sums.settle(firsts, WHOLE)
        self._step = step
        if is_in_steps != self._is_in_steps:
            self._is_in_steps = is_in_steps
            for space, known in self._sums.bounds.items():
                known.append(self.writer.sizes[space])

    def results(self, by: Leaves, summed: Sequence[bool]) -> list[Run]:
        """Where the derivatives are handed out, seed after seed, for each pair in `by`."""
        targets = {space: RESULTS[not mark] for (space, _), mark in zip(by, summed, strict=True)}
        where = {space: self._handed_out(space, target) for space, target in targets.items()}
        runs = []
        for seed in range(self._seeds):
            for space, indices in by:
                places = where[space].reshape(self._seeds, -1)[seed, indices_of(indices)]
                missing = np.flatnonzero(places < 0)
                if len(missing):
                    shape, target = (len(missing),), targets[space]
                    zero = self.writer.constant(0.0, shape)
                    zeros = self.writer.emit(None, shape, [zero], target=target)
                    places[missing] = zeros.array()
                runs.append((targets[space], places))
        return runs

    def _handed_out(self, space: str, target: str) -> Any:
        """Where the derivatives by leaves of a space are handed out; -1 where there are none."""
        size = self._sizes[space]
        where = np.full(self._seeds * size, -1, np.int64)
        for piece in self._sums.pieces(space, 0, size, target):
            places = piece.places
            if places.space != target:
                places = self.writer.emit(None, places.shape, [places], target=target)
            where[slice(None) if piece.members is None else piece.members] = places.array()
        return where

    # ---------------------------------------------------------------------------- one loop
    def _through(self, k: int, loop: Loop, piece: Piece) -> None:
        """The terms that some members of a loop pass to their operands."""
        members = Members(self._loops, loop, piece.members, self._seeds, self._sizes)
        adjoint = piece.places.shaped(members.shape)
        if loop.op is None:
            self._sums.add(members.reached(0), adjoint, sure=piece.sure)
            return
        if is_linear_in_each(loop):
            self._through_products(loop, members, adjoint, piece.sure)
        else:
            self._by_rule(k, loop, members, adjoint, piece.sure)

    def _through_products(self, loop: Loop, members: Members, adjoint: Places, sure: bool) -> None:
        """The same for sums of products."""
        for k, factor in enumerate(factors_of(loop, members.reads)):
            if self._sums.needs(members.original[k]):
                terms = members.terms[k]
                left = adjoint.for_terms(terms) if terms > 1 else adjoint
                self._pass_product(members.reached(k), left, factor, sure)

    def _pass_product(
        self, reached: Places, left: Places, factor: Places | None, sure: bool
    ) -> None:
        """Add products to what is reached; a constant 0 passes nothing."""
        writer = self.writer
        zero = None if factor is None else writer.is_zero(factor)
        if zero is not None and factor is not None and not writer.may_be_infinite(left):
            if zero.all():
                return
            some = np.flatnonzero(~zero)
            reached, left = reached.chosen(some), left.chosen(some)
            factor = factor.chosen(some)
        if factor is None or writer.number(left) is not None or not writer.may_be_infinite(factor):
            self._sums.add(reached, left, factor, sure=sure)
            return
        operands = [Operand(moves=True), Operand(infinite=True)]
        seed = Operand(infinite=writer.may_be_infinite(left), sure=sure)
        rule = reverse_rule(ops.mul, operands, Operand(infinite=True), seed, again=self._again)
        amounts = emit_rule(writer, rule, [factor, factor, factor, left], left.shape)
        self._sums.add(reached, *amounts[0], sure=sure)

    def _by_rule(self, k: int, loop: Loop, members: Members, adjoint: Places, sure: bool) -> None:
        writer = self.writer
        assert loop.op is not None
        number = writer.number(adjoint)
        if number == 0.0 and not sure:
            number = None  # parts that cancel are no 0 that stops
        seed = Operand(number, writer.may_be_infinite(adjoint), sure=sure)
        operands = [
            Operand(None, writer.may_be_infinite(read), self._sums.needs(original))
            for read, original in zip(members.reads, members.original, strict=True)
        ]
        y_infinite = not loop.op.finite or any(x.infinite for x in operands)
        if y_infinite and loop.space not in RESULTS:
            y_infinite = writer.may_be_infinite(self._output(k, loop, members))
        y = Operand(infinite=y_infinite)
        if not self._of_many_terms(k, loop, members, operands, y, (seed, adjoint)):
            self._term_by_term(k, loop, members, operands, y, (seed, adjoint))

    def _term_by_term(
        self,
        k: int,
        loop: Loop,
        members: Members,
        lists: Sequence[Operand],
        y: Operand,
        adjoint: tuple[Operand, Places],
    ) -> None:
        """The same by a rule with an operand for each term."""
        assert loop.op is not None
        seed, seeds = adjoint
        operands: list[Operand] = []
        inputs: list[Places] = []
        for read, operand, n in zip(members.reads, lists, members.terms, strict=True):
            for term in terms_of(read, n):
                operands.append(replace(operand, number=self.writer.number(term)))
                if operands[-1].number is None:
                    inputs.append(term)
        rule = reverse_rule(loop.op, operands, y, seed, again=self._again)
        result = len(inputs)
        inputs.append(self._output(k, loop, members) if result in rule.reads else seeds)
        if seed.number is None:
            inputs.append(seeds)
        amounts = emit_rule(self.writer, rule, inputs, members.shape)
        start = 0
        for k, n in enumerate(members.terms):
            if n and operands[start].moves:
                self._pass(members.reached(k), amounts[start : start + n], n, seed.sure)
            start += n

    def _of_many_terms(
        self,
        k: int,
        loop: Loop,
        members: Members,
        operands: Sequence[Operand],
        y: Operand,
        adjoint: tuple[Operand, Places],
    ) -> bool:
        """The same for a fold of many terms, all at once; False where its rule has no such form."""
        if loop.op is None or loop.has_initial or loop.terms < WIDE:
            return False
        amounts = amounts_of_lists(
            self.writer,
            loop.op,
            members.reads,
            operands,
            (y, lambda: self._output(k, loop, members)),
            adjoint,
            shape=members.shape,
            again=self._again,
        )
        if amounts is None:
            return False
        for place, (operand, amount) in enumerate(zip(operands, amounts, strict=True)):
            if operand.moves and amount:
                self._sums.add(members.reached(place), *amount, sure=adjoint[0].sure)
        return True

    def _output(self, k: int, loop: Loop, members: Members) -> Places:
        """The outputs of the members of a loop."""
        return members.of(self.writer.readable(k).shaped(loop.shape))

    def _pass(
        self, reached: Places, amounts: Sequence[tuple[Places, ...]], n: int, sure: bool
    ) -> None:
        """Add the amounts of the terms of one list."""
        if n == 1:
            if amounts[0]:
                self._sums.add(reached, *amounts[0], sure=sure)
            return
        places = reached.array().reshape(-1, n)
        kinds: dict[tuple[str, ...], list[int]] = {}
        for j, amount in enumerate(amounts):
            if amount:
                kinds.setdefault(tuple(p.space for p in amount), []).append(j)
        for kind, chosen in kinds.items():
            factors = [
                numbered(space, np.stack([amounts[j][f].array() for j in chosen], axis=1).ravel())
                for f, space in enumerate(kind)
            ]
            where = Places(
                reached.space, (places.shape[0] * len(chosen),), table=places[:, chosen].ravel()
            )
            self._sums.add(where, *factors, sure=sure)


class Members:
    """Some members of a loop, for each seed.

    Arguments:
        loops: the loops.
        loop: one of them.
        chosen: which members, numbered seed · members + member; None for all.
        seeds: how many seeds there are.
        sizes: how many places each space has.

    Attributes:
        shape: their counters.
        original: what the loop reads, in the order of all its members.
        reads: what these members read, list by list, over `shape` and the terms.
        terms: of each list.
    """

    def __init__(
        self, loops: Loops, loop: Loop, chosen: Any, seeds: int, sizes: dict[str, int]
    ) -> None:
        self._chosen, self._seeds, self._sizes, self._count = chosen, seeds, sizes, loop.members
        self.original = reads_of(loop)
        self.terms = [loop.terms_of(k) for k in range(len(loop.reads))]
        if chosen is not None:
            self.shape: Shape = (len(chosen),)
        else:
            self.shape = loop.shape if seeds == 1 else (seeds, *loop.shape)
        self.reads = [self.of(read, n) for read, n in zip(self.original, self.terms, strict=True)]

    def of(self, places: Places, terms: int = 1) -> Places:
        """Places over all members of the loop, for these members."""
        if self._chosen is not None:
            return places.chosen(self._chosen % self._count, terms)
        return places if self._seeds == 1 else places.repeated(self._seeds)

    def reached(self, k: int) -> Places:
        """The places of adjoints that list k reads."""
        read, n = self.original[k], self.terms[k]
        size = self._sizes[read.space]
        if self._chosen is None:
            return read if self._seeds == 1 else read.repeated(self._seeds, size)
        places = read.chosen(self._chosen % self._count, n)
        if self._seeds == 1:
            return places
        seeds = np.repeat(self._chosen // self._count, n)
        return Places(read.space, places.shape, table=places.array() + size * seeds)
