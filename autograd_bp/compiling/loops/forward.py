"""A sweep forwards through loops: the tangents of what they compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.loops import Loop, Loops
from autograd_bp.compiling.loops.members import emit_rule
from autograd_bp.compiling.loops.places import Places, Shape, numbered
from autograd_bp.compiling.loops.rules import Operand, forward_rule
from autograd_bp.compiling.loops.sums import added
from autograd_bp.compiling.loops.sweeps import Leaves, indices_of, is_linear_in_each, terms_of
from autograd_bp.compiling.loops.writer import RESULTS, LoopWriter, Run, living, reads_of, runs_of

SPACES = ("", "parameter", "input", "constant", "shared", "slot", "sum", "per_row")
CODES = {space: k for k, space in enumerate(SPACES)}
Part = tuple[Places, "Places | None"]


class Tangents:
    """Where the tangents of places are.

    Arguments:
        sizes: how many places each space has.

    A block is a number of places side by side whose tangents are side by side too, as most are:
    then nothing has to be looked up place by place.
    """

    def __init__(self, sizes: dict[str, int]) -> None:
        self._codes = {space: np.zeros(size, np.int8) for space, size in sizes.items()}
        self._places = {space: np.zeros(size, np.int64) for space, size in sizes.items()}

    def set(self, space: str, places: Any, tangents: Places) -> None:
        """The tangents of places, which are an array or a slice."""
        self._codes[space][places] = CODES[tangents.space]
        self._places[space][places] = tangents.array()

    def at(self, read: Places) -> tuple[Any, Any]:
        """For each place in a list the code of its tangent's space, and its place there."""
        if read.space not in self._codes:
            zeros = np.zeros(read.count, np.int64)
            return zeros, zeros
        where = read.array()
        return self._codes[read.space][where], self._places[read.space][where]

    def whole(self, read: Places) -> Places | None:
        """The tangents of a list, if it is affine and they lie as it does."""
        if read.table is not None or read.space not in self._codes:
            return None
        moves = [s * (n - 1) for n, s in zip(read.shape, read.strides, strict=True)]
        first = read.base + sum(move for move in moves if move < 0)
        last = read.base + sum(move for move in moves if move > 0) + 1
        codes, places = self._codes[read.space][first:last], self._places[read.space][first:last]
        if codes[0] == 0 or (codes != codes[0]).any():
            return None
        shift = int(places[0]) - first
        if (places != np.arange(first, last) + shift).any():
            return None
        return read.moved(SPACES[codes[0]], shift)

    def none(self, read: Places) -> bool:
        """Whether no place in a list has a tangent."""
        codes = self._codes.get(read.space)
        return codes is None or not read.of(codes).any()


class Forward:
    """A sweep forwards.

    Arguments:
        loops: the loops.
        writer: writes after them.
        by, directions: the leaves that move, and their tangents.
        outputs: what is differentiated: what these do not need is left out.
    """

    def __init__(
        self,
        loops: Loops,
        writer: LoopWriter,
        by: Leaves,
        directions: Leaves | None,
        outputs: Sequence[int],
    ) -> None:
        self._loops, self.writer = loops, writer
        self._outputs = [loops.outputs[k] for k in outputs]
        sizes = {"parameter": len(loops.parameters), "input": len(loops.inputs), **loops.sizes}
        self._tangents = Tangents(sizes)
        for k, (space, indices) in enumerate(by):
            where = indices_of(indices)
            if directions is None:
                tangents = writer.constant(1.0, (len(where),))
            else:
                tangents = numbered(directions[k][0], indices_of(directions[k][1]))
            self._tangents.set(space, where, tangents)

    def run(self) -> None:
        runs = runs_of(self._outputs, range(len(self._outputs)))
        needed = {id(loop) for loop in living(self._loops.loops, self._loops.sizes, runs)}
        for k, loop in enumerate(self._loops.loops):
            if id(loop) in needed and not all(map(self._tangents.none, reads_of(loop))):
                self._through(k, loop)

    def results(self) -> list[Run]:
        """Where the tangents of the outputs are handed out."""
        results = np.zeros(len(self._outputs), np.int64)
        spaces = [space for space, _ in self._outputs]
        places = np.array([place for _, place in self._outputs], np.int64)
        for target in RESULTS:
            here = np.flatnonzero([space == target for space in spaces])
            outputs = Places(target, (len(here),), table=places[here])
            codes, results[here] = self._tangents.at(outputs)
            for code in np.unique(codes):
                some = here[codes == code]
                if SPACES[code] != target:
                    results[some] = self._copied(SPACES[code], results[some], target)
        return runs_of([*zip(spaces, results.tolist(), strict=True)], range(len(spaces)))

    def _copied(self, space: str, places: Any, target: str) -> Any:
        """Tangents, to where they are handed out; 0 where there are none."""
        shape = (len(places),)
        source = numbered(space, places) if space else self.writer.constant(0.0, shape)
        return self.writer.emit(None, shape, [source], target=target).array()

    # ---------------------------------------------------------------------------- one loop
    def _through(self, k: int, loop: Loop) -> None:
        reads = reads_of(loop)
        whole = [self._tangents.whole(read) for read in reads]
        if all(w is not None or self._tangents.none(r) for w, r in zip(whole, reads, strict=True)):
            lists = [None if w is None else [(None, w)] for w in whole]
            self._members(k, loop, None, reads, lists)
            return
        terms = [loop.terms_of(j) for j in range(len(reads))]
        found = [self._tangents.at(read) for read in reads]
        codes = [c.reshape(-1, n) for (c, _), n in zip(found, terms, strict=True)]
        places = [p.reshape(-1, n) for (_, p), n in zip(found, terms, strict=True)]
        kinds, which = np.unique(np.concatenate(codes, axis=1), axis=0, return_inverse=True)
        for kind in range(len(kinds)):
            members = np.flatnonzero(which.ravel() == kind)
            lists = []
            for code, place in zip(codes, places, strict=True):
                line = code[members[0]]
                parts = [
                    (np.flatnonzero(line == c), place[members][:, line == c], SPACES[c])
                    for c in np.unique(line)
                    if c
                ]
                lists.append([(js, _over_terms(s, table)) for js, table, s in parts] or None)
            some = [read.chosen(members, n) for read, n in zip(reads, terms, strict=True)]
            self._members(k, loop, members, some, lists)

    def _members(
        self, k: int, loop: Loop, members: Any, reads: list[Places], lists: list[Any]
    ) -> None:
        """The tangents of some members.

        Arguments:
            k, loop: the loop and its number.
            members: which members; None for all.
            reads: what they read.
            lists: for each list None, where nothing moves, or pairs of the terms that move, None
                for all, and their tangents.
        """
        if not any(lists):
            return
        shape: Shape = loop.shape if members is None else (len(members),)
        target = loop.space if loop.space in RESULTS else ""
        if loop.op is None:
            result = lists[0][0][1].shaped(shape)
        else:
            parts = self._products(loop, shape, reads, lists)
            if parts is None:
                parts = self._by_rule(k, loop, members, shape, reads, lists, target)
            if not parts:
                return
            result = added(self.writer, shape, parts, target)
        where = slice(loop.base, loop.base + loop.members)
        self._tangents.set(loop.space, where if members is None else loop.base + members, result)

    def _products(
        self, loop: Loop, shape: Shape, reads: list[Places], lists: list[Any]
    ) -> list[Part] | None:
        """The tangent of a sum of products, as products; None where a rule is needed."""
        if not is_linear_in_each(loop):
            return None
        writer = self.writer
        factors: list[Places | None] = [None] * len(reads)
        if loop.op in (ops.mul, ops.dot) and len(reads) > 1:
            factors[:2] = [reads[1], reads[0]]
        parts: list[Part] = []
        for factor, moved in zip(factors, lists, strict=True):
            for terms, tangent in moved or ():
                if factor is None:
                    parts.append((tangent, None))
                    continue
                some = factor if terms is None else _some_terms(factor, shape, terms)
                is_number = writer.number(tangent) is not None
                if writer.is_zero(some) is not None or (
                    not is_number and writer.may_be_infinite(some)
                ):
                    return None
                if some.space != "constant" and writer.may_be_infinite(tangent):
                    return None
                right = None if writer.number(some) == 1.0 else some
                if writer.number(tangent) == 1.0:
                    tangent, right = some, None
                parts.append((tangent, right))
        return parts

    def _by_rule(
        self,
        k: int,
        loop: Loop,
        members: Any,
        shape: Shape,
        reads: list[Places],
        lists: list[Any],
        target: str,
    ) -> list[Part]:
        writer = self.writer
        assert loop.op is not None
        operands: list[Operand] = []
        inputs: list[Places] = []
        tangents: list[Places] = []
        for j, (read, moved) in enumerate(zip(reads, lists, strict=True)):
            n = loop.terms_of(j)
            by_term: dict[int, Places] = {}
            for terms, tangent in moved or ():
                which = range(n) if terms is None else terms.tolist()
                by_term.update(zip(which, terms_of(tangent, len(which)), strict=True))
            infinite = writer.may_be_infinite(read)
            for i, term in enumerate(terms_of(read, n)):
                number, of_tangent = writer.number(term), None
                if i in by_term:
                    there = by_term[i].shaped(shape)
                    x = writer.number(there)
                    of_tangent = Operand(x, writer.may_be_infinite(there))
                    if x is None:
                        tangents.append(there)
                    number = None
                operands.append(Operand(number, infinite, of_tangent is not None, of_tangent))
                if number is None:
                    inputs.append(term.shaped(shape))
        if not any(operand.moves for operand in operands):
            return []
        y_infinite = not loop.op.finite or any(x.infinite for x in operands)
        rule = forward_rule(loop.op, operands, Operand(infinite=y_infinite))
        result = len(inputs)
        if result in rule.reads:
            output = writer.readable(k).shaped(loop.shape)
            inputs.append(output if members is None else output.chosen(members))
        else:
            inputs.append(tangents[0] if tangents else writer.constant(0.0, shape))
        (amount,) = emit_rule(writer, rule, [*inputs, *tangents], shape, target)
        if not amount:
            return []
        return [(amount[0], amount[1] if len(amount) > 1 else None)]


def _over_terms(space: str, table: Any) -> Places:
    members, terms = table.shape
    shape = (members, terms) if terms > 1 else (members,)
    return numbered(space, table.ravel()).shaped(shape)


def _some_terms(places: Places, shape: Shape, terms: Any) -> Places:
    """Those of some terms only."""
    count = int(np.prod(shape, dtype=np.int64))
    table = places.array().reshape(count, -1)[:, terms]
    n = len(terms)
    return numbered(places.space, table.ravel()).shaped((*shape, n) if n > 1 else shape)
