"""A sweep forwards through loops: the tangents of what they compute."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.living import living, reads_of
from autograd_bp.compiling.loops.loops import Loop, Loops
from autograd_bp.compiling.loops.members import emit_rule
from autograd_bp.compiling.loops.outputs import Run, runs_of
from autograd_bp.compiling.loops.places import Places, Shape, numbered
from autograd_bp.compiling.loops.rules import Operand, forward_rule
from autograd_bp.compiling.loops.sums import added
from autograd_bp.compiling.loops.sweeps import (
    Leaves,
    factors_of,
    indices_of,
    is_linear_in_each,
    terms_of,
)
from autograd_bp.compiling.loops.writer import RESULTS, LoopWriter
from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.derivatives.slopes import has_infinite_slope

SPACES = ("", "parameter", "input", "constant", "shared", "slot", "sum", "per_row")
CODES = {space: k for k, space in enumerate(SPACES)}
Part = tuple[Places, "Places | None"]
Moved = list[tuple[Any, Places]] | None  # terms of a list, None for all, and their tangents


class Tangents:
    """Where the tangents of places are.

    Arguments:
        sizes: how many places each space has.

    A block is a number of places side by side whose tangents are side by side too, as most are:
    then nothing has to be looked up place by place.
    """

    def __init__(self, sizes: dict[str, int]) -> None:
        self._codes = {space: np.zeros(size, np.int8) for space, size in sizes.items()}
        self._still = {space: np.zeros(size, bool) for space, size in sizes.items()}
        self.any_still = False
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
        first, last = read.ends()
        codes = self._codes[read.space][first : last + 1]
        places = self._places[read.space][first : last + 1]
        if codes[0] == 0 or (codes != codes[0]).any():
            return None
        shift = int(places[0]) - first
        if (places != np.arange(first, last + 1) + shift).any():
            return None
        return read.moved(SPACES[codes[0]], shift)

    def set_still(self, space: str, places: Any) -> None:
        """Say of places, an array or a slice, that something moves there by a slope of 0. That is
        nothing, but for an infinite slope: see `still`."""
        self._still[space][places] = True
        self.any_still = True

    def still(self, read: Places) -> Any:
        """For each place of a list whether it is such a place, and has no other tangent."""
        if read.space not in self._still:
            return np.zeros(read.count, bool)
        places = read.array()
        return self._still[read.space][places] & (self._codes[read.space][places] == 0)

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
            if id(loop) not in needed:
                continue
            if self._tangents.any_still:
                self._pass_still(loop)
            if not all(map(self._tangents.none, reads_of(loop))):
                self._through(k, loop)

    def _pass_still(self, loop: Loop) -> None:
        """Give a tangent of 0 to what moves by a slope of 0 and may meet an infinite one."""
        tangents, writer = self._tangents, self.writer
        reads = reads_of(loop)
        if loop.op is not None and (
            any(map(writer.may_be_infinite, reads))
            or (not is_linear_in_each(loop) and has_infinite_slope([loop.op.code]))
        ):
            for read in reads:
                places = distinct(read.array()[tangents.still(read)])
                if len(places):
                    zeros = writer.constant(0.0, (len(places),))
                    tangents.set(read.space, places, zeros)
            return
        moves = np.zeros(loop.members, bool)
        for read in reads:
            moves |= tangents.still(read).reshape(loop.members, -1).any(axis=1)
        tangents.set_still(loop.space, loop.base + np.flatnonzero(moves))

    def results(self) -> list[Run]:
        """Where the tangents of the outputs are handed out."""
        results = np.zeros(len(self._outputs), np.int64)
        spaces = [space for space, _ in self._outputs]
        places = np.array([place for _, place in self._outputs], np.int64)
        for target in RESULTS:
            here = np.flatnonzero([space == target for space in spaces])
            outputs = Places(target, (len(here),), table=places[here])
            codes, results[here] = self._tangents.at(outputs)
            for code in distinct(codes):
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
            lists: list[Moved] = [None if w is None else [(None, w)] for w in whole]
            self._members(k, loop, None, reads, lists)
            return
        terms = [loop.terms_of(j) for j in range(len(reads))]
        found = [self._tangents.at(read) for read in reads]
        codes = [c.reshape(-1, n) for (c, _), n in zip(found, terms, strict=True)]
        places = [p.reshape(-1, n) for (_, p), n in zip(found, terms, strict=True)]
        kinds, which = np.unique(np.concatenate(codes, axis=1), axis=0, return_inverse=True)
        for kind in range(len(kinds)):
            members = np.flatnonzero(which.ravel() == kind)
            lists = [
                _parted(code[members[0]], place[members])
                for code, place in zip(codes, places, strict=True)
            ]
            some = [read.chosen(members, n) for read, n in zip(reads, terms, strict=True)]
            self._members(k, loop, members, some, lists)

    def _members(
        self, k: int, loop: Loop, members: Any, reads: list[Places], lists: list[Moved]
    ) -> None:
        """The tangents of some members.

        Arguments:
            k: the number of the loop.
            loop: the loop.
            members: which members; None for all.
            reads: what they read.
            lists: for each list None, where nothing moves, or pairs of the terms that move, None
                for all, and their tangents.
        """
        if not any(lists):
            return
        shape: Shape = loop.shape if members is None else (len(members),)
        where: Any = slice(loop.base, loop.base + loop.members)
        if members is not None:
            where = loop.base + members
        target = loop.space if loop.space in RESULTS else ""
        if loop.op is None:
            [copied] = lists
            assert copied is not None
            result = copied[0][1].shaped(shape)
        else:
            parts = self._products(loop, shape, reads, lists)
            if parts is None:
                parts = self._by_rule(k, loop, members, shape, reads, lists, target)
            if not parts:
                self._tangents.set_still(loop.space, where)
                return
            result = added(self.writer, shape, parts, target)
        self._tangents.set(loop.space, where, result)

    def _products(
        self, loop: Loop, shape: Shape, reads: list[Places], lists: list[Moved]
    ) -> list[Part] | None:
        """The tangent of a sum of products, as products; None where a rule is needed."""
        if not is_linear_in_each(loop):
            return None
        parts: list[Part] = []
        for factor, moved in zip(factors_of(loop, reads), lists, strict=True):
            for terms, tangent in moved or ():
                if factor is None:
                    parts.append((tangent, None))
                    continue
                some = factor if terms is None else _some_terms(factor, shape, terms)
                part = self._product(tangent, some)
                if part is None:
                    return None
                parts.append(part)
        return parts

    def _product(self, tangent: Places, factor: Places) -> Part | None:
        """A product of tangents and factors; None where some factors are a constant 0."""
        writer = self.writer
        number, constant = writer.number(tangent), writer.number(factor)
        if writer.is_zero(factor) is not None:
            return None
        if number == 1.0:
            return factor, None
        if constant == 1.0:
            return tangent, None
        of_factor = number is None and writer.may_be_infinite(factor)
        of_tangent = factor.space != "constant" and writer.may_be_infinite(tangent)
        if not of_factor and not of_tangent:
            return tangent, factor
        moved = Operand(number, infinite=writer.may_be_infinite(tangent))
        operands = [
            Operand(moves=True, tangent=moved),
            Operand(constant, infinite=writer.may_be_infinite(factor)),
        ]
        rule = forward_rule(ops.mul, operands, Operand(infinite=True))
        inputs = [factor] if constant is None else []
        inputs = [factor, *inputs, factor, *([tangent] if number is None else [])]
        (amount,) = emit_rule(writer, rule, inputs, tangent.shape)
        if not amount:
            return None
        return amount[0], amount[1] if len(amount) > 1 else None

    def _operands(
        self, loop: Loop, shape: Shape, reads: list[Places], lists: list[Moved]
    ) -> tuple[list[Operand], list[Places], list[Places]]:
        """Collect facts about the operands, where those are that are no constants, and tangents."""
        writer = self.writer
        operands: list[Operand] = []
        inputs: list[Places] = []
        tangents: list[Places] = []
        for j, (read, moved) in enumerate(zip(reads, lists, strict=True)):
            n, infinite = loop.terms_of(j), writer.may_be_infinite(read)
            for term, tangent in zip(terms_of(read, n), _by_term(moved, n), strict=True):
                number, operand = writer.number(term), None
                if tangent is not None:
                    there = tangent.shaped(shape)
                    x, number = writer.number(there), None
                    if x == 0.0:
                        x = None  # something moves there by a slope of 0
                    operand = Operand(x, writer.may_be_infinite(there))
                    tangents += [there] if x is None else []
                operands.append(Operand(number, infinite, operand is not None, operand))
                inputs += [term.shaped(shape)] if number is None else []
        return operands, inputs, tangents

    def _by_rule(
        self,
        k: int,
        loop: Loop,
        members: Any,
        shape: Shape,
        reads: list[Places],
        lists: list[Moved],
        target: str,
    ) -> list[Part]:
        writer = self.writer
        assert loop.op is not None
        operands, inputs, tangents = self._operands(loop, shape, reads, lists)
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


def _by_term(moved: Moved, n: int) -> list[Places | None]:
    """For each of n terms its tangents."""
    by_term: list[Places | None] = [None] * n
    for terms, tangent in moved or ():
        which = range(n) if terms is None else terms.tolist()
        for k, of_term in zip(which, terms_of(tangent, len(which)), strict=True):
            by_term[k] = of_term
    return by_term


def _parted(codes: Any, places: Any) -> Moved:
    """The tangents of a list, those in one space together.

    Arguments:
        codes: for each term the code of the space, 0 where nothing moves.
        places: for each member and term the place.
    """
    parts = []
    for code in distinct(codes[codes != 0]):
        terms = np.flatnonzero(codes == code)
        parts.append((terms, _over_terms(SPACES[code], places[:, terms])))
    return parts or None


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
