"""The derivatives of loops, as loops.

A program that was rolled is a handful of loops, and so are its derivatives: the members of a loop
share one rule, and what they read at regular distances is reached at regular distances. Nothing
here depends on how many operations were recorded, as long as they were alike.

`gradients` goes through the loops backwards, for one seed or for several at once, `tangents`
forwards. Both take loops and give loops, so they can be applied again: a Hessian times a vector is
`tangents` of `gradients`. The sums of `gradients` are added up loop by loop and not node by node,
so they may differ in their last digits from those of a recorded sweep.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.loops import Loop, Loops
from autograd_bp.compiling.loops.members import emit_rule
from autograd_bp.compiling.loops.places import Places, Shape, numbered, one_place
from autograd_bp.compiling.loops.rules import Operand, Rule, UnsupportedError, reverse_rule
from autograd_bp.compiling.loops.sums import Piece, Sums
from autograd_bp.compiling.loops.writer import LoopWriter, Run, reads_of, runs_of

__all__ = ["UnsupportedError", "gradients"]

Place = tuple[str, int]  # a space and an index in it
Leaves = Sequence[tuple[str, Sequence[int]]]  # spaces, and indices in each


def gradients(
    loops: Loops,
    by: Leaves,
    *,
    outputs: Sequence[int] | None = None,
    seeds: Sequence[Place | float] | None = None,
    keep: Sequence[int] = (),
    summed: bool = True,
    each: bool = False,
    again: bool = False,
) -> Loops:
    """Loops that compute Σ_j seed_j · ∂output_j/∂x_i.

    Arguments:
        loops: what is differentiated, row by row.
        by: the parameters and inputs x_i: pairs of a space and indices in it.
        outputs: which outputs are differentiated; all when left out.
        seeds: for each of them a factor, a number or the place of a parameter or an input; 1 when
            left out.
        keep: the outputs of `loops` that the result begins with.
        summed: whether the derivatives are summed over the rows.
        each: True for the derivatives of each output alone, one output after the other, in the
            place of the sum over j.
        again: as in `record_gradients`.

    Returns: loops with the outputs in `keep`, then the derivatives in the order of `by`.

    Raises: NotDifferentiableError where the gradient would have to pass a primitive that refuses;
        UnsupportedError where a rule cannot be traced on one member alone.
    """
    chosen = range(len(loops.outputs)) if outputs is None else outputs
    factors = [1.0] * len(chosen) if seeds is None else seeds
    sweep = _Reverse(loops, by, len(chosen) if each else 1, again)
    for k, (output, factor) in enumerate(zip(chosen, factors, strict=True)):
        sweep.begin(loops.outputs[output], factor, k if each else 0)
    sweep.run()
    results = sweep.results(by, "sum" if summed else "per_row")
    return sweep.writer.finish([*runs_of(loops.outputs, keep), results])


class _Reverse:
    """A sweep backwards through loops."""

    def __init__(self, loops: Loops, by: Leaves, seeds: int, again: bool) -> None:
        self._loops, self._seeds, self._again = loops, seeds, again
        self.writer = LoopWriter(loops)
        self._moving = _moving(loops, by)
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
        self._sums.add(Places(space, (1,), table=np.array([at])), adjoint)

    def run(self) -> None:
        for k in range(len(self._loops.loops) - 1, -1, -1):
            loop = self._loops.loops[k]
            flags = self._moving[loop.space][loop.base : loop.base + loop.members]
            if not flags.any():
                continue
            for piece in self._sums.pieces(loop.space, loop.base, loop.members):
                self._through(k, loop, piece)

    def results(self, by: Leaves, target: str) -> Run:
        """Where the derivatives are handed out, seed after seed."""
        where: dict[str, Any] = {}
        for space in {space: None for space, _ in by}:
            size = self._sizes[space]
            where[space] = np.full(self._seeds * size, -1, np.int64)
            for piece in self._sums.pieces(space, 0, size, target):
                places = piece.places
                if places.space != target:
                    places = self.writer.emit(None, places.shape, [places], target=target)
                members = slice(None) if piece.members is None else piece.members
                where[space][members] = places.array()
        found = np.concatenate(
            [
                where[space].reshape(self._seeds, -1)[:, _indices(indices)]
                for space, indices in by
            ],
            axis=1,
        ).ravel()
        missing = np.flatnonzero(found < 0)
        if len(missing):
            shape = (len(missing),)
            zero = self.writer.constant(0.0, shape)
            found[missing] = self.writer.emit(None, shape, [zero], target=target).array()
        return target, found

    # ---------------------------------------------------------------------------- one loop
    def _through(self, k: int, loop: Loop, piece: Piece) -> None:
        """What some members of a loop pass to what they read."""
        members = _Members(self._loops, loop, piece.members, self._seeds, self._sizes)
        adjoint = piece.places.shaped(members.shape)
        if loop.op is None:
            self._sums.add(members.reached(0), adjoint)
            return
        if _is_linear_in_each(loop) and self._through_product(loop, members, adjoint):
            return
        self._by_rule(k, loop, members, adjoint)

    def _through_product(self, loop: Loop, members: _Members, adjoint: Places) -> bool:
        """The same for sums of products, if no factor can be infinite where the adjoint is 0."""
        writer = self.writer
        reads = members.reads
        count = len(reads) - loop.has_initial
        moving = [self._sums.needs(read) for read in members.original]
        factors: list[Places | None] = [None] * count
        if loop.op in (ops.dot, ops.mul) and count:
            factors = [reads[1], reads[0]]
        is_constant = writer.number(adjoint) is not None
        for k, factor in enumerate(factors):
            if factor is not None and moving[k] and not is_constant:
                if writer.may_be_infinite(factor):
                    return False
        terms = loop.terms
        for k, factor in enumerate(factors):
            if moving[k]:
                left = adjoint.for_terms(terms) if terms > 1 else adjoint
                self._sums.add(members.reached(k), left, factor)
        if loop.has_initial and moving[-1]:
            self._sums.add(members.reached(len(reads) - 1), adjoint)
        return True

    def _by_rule(self, k: int, loop: Loop, members: _Members, adjoint: Places) -> None:
        writer, shape = self.writer, members.shape
        assert loop.op is not None
        operands: list[Operand] = []
        inputs: list[Places] = []
        for read, original, n in zip(
            members.reads, members.original, members.terms, strict=True
        ):
            moves, number = self._sums.needs(original), writer.number(read)
            infinite = writer.may_be_infinite(read)
            operand = Operand(number, infinite, moves)
            operands += [operand] * n
            if number is None:
                inputs += _terms(read, n)
        number = writer.number(adjoint)
        seed = Operand(number, writer.may_be_infinite(adjoint))
        y_infinite = not loop.op.finite or any(x.infinite for x in operands)
        rule = reverse_rule(loop.op, operands, Operand(infinite=y_infinite), seed, again=self._again)
        result = len(inputs)
        inputs.append(self._output(k, loop, members) if result in rule.reads else adjoint)
        if number is None:
            inputs.append(adjoint)
        amounts = emit_rule(writer, rule, inputs, shape)
        start = 0
        for k, n in enumerate(members.terms):
            if operands[start].moves if n else False:
                self._pass(members.reached(k), amounts[start : start + n], n)
            start += n

    def _output(self, k: int, loop: Loop, members: _Members) -> Places:
        """What the members of a loop computed."""
        return members.of(self.writer.readable(k).shaped(loop.shape))

    def _pass(self, reached: Places, amounts: Sequence[tuple[Places, ...]], n: int) -> None:
        """Add the amounts of the terms of one list."""
        if n == 1:
            if amounts[0]:
                self._sums.add(reached, *amounts[0])
            return
        places = reached.array().reshape(-1, n)
        kinds: dict[tuple[str, ...], list[int]] = {}
        for j, amount in enumerate(amounts):
            if amount:
                kinds.setdefault(tuple(p.space for p in amount), []).append(j)
        for kind, chosen in kinds.items():
            factors = [
                numbered(
                    space, np.stack([amounts[j][f].array() for j in chosen], axis=1).ravel()
                )
                for f, space in enumerate(kind)
            ]
            where = Places(reached.space, (places.shape[0] * len(chosen),), table=places[:, chosen].ravel())
            self._sums.add(where, *factors)


class _Members:
    """Some members of a loop, for each seed.

    Arguments:
        loops: the loops.
        loop: one of them.
        chosen: which members, numbered seed · members + member; None for all.
        seeds: how many seeds there are.
        sizes: how many places each space has.

    Attributes:
        shape: their counters.
        original: what the loop reads, whoever its members are.
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
        """What list k reads, as places of adjoints."""
        read, n = self.original[k], self.terms[k]
        size = self._sizes[read.space]
        if self._chosen is None:
            return read if self._seeds == 1 else read.repeated(self._seeds, size)
        places = read.chosen(self._chosen % self._count, n)
        if self._seeds == 1:
            return places
        seeds = np.repeat(self._chosen // self._count, n)
        return Places(read.space, places.shape, table=places.array() + size * seeds)


def _is_linear_in_each(loop: Loop) -> bool:
    """Whether a loop adds up its terms, or products of them."""
    return loop.op in (ops.mul, ops.dot, ops.add, ops.sum_)


def _terms(read: Places, n: int) -> list[Places]:
    """A list of operands as one family for each term."""
    if n == 1:
        return [read]
    shape = read.shape[:-1]
    if read.table is None:
        step, strides = read.strides[-1], read.strides[:-1]
        return [Places(read.space, shape, read.base + j * step, strides) for j in range(n)]
    table = read.table.reshape(-1, n)
    return [Places(read.space, shape, table=table[:, j]) for j in range(n)]


def _indices(indices: Sequence[int]) -> Any:
    """As an array, which numpy takes long to make of a range."""
    if isinstance(indices, range):
        return np.arange(indices.start, indices.stop, indices.step)
    return np.asarray(indices, np.int64)


def _moving(loops: Loops, by: Leaves) -> dict[str, Any]:
    """For each space which places depend on those in `by`."""
    flags = {
        "parameter": np.zeros(len(loops.parameters), bool),
        "input": np.zeros(len(loops.inputs), bool),
        **{space: np.zeros(size, bool) for space, size in loops.sizes.items()},
    }
    for space, indices in by:
        flags[space][_indices(indices)] = True
    for loop in loops.loops:
        moves = np.zeros(loop.members, bool)
        for k, read in enumerate(reads_of(loop)):
            if read.space not in flags or not read.of(flags[read.space]).any():
                continue
            if read.of(flags[read.space]).all():
                moves[:] = True
                break
            numbers = flags[read.space][read.array()]
            moves |= numbers.reshape(loop.members, -1).any(axis=1)
        flags[loop.space][loop.base : loop.base + loop.members] = moves
    return flags
