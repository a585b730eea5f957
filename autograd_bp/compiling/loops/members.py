"""A rule, emitted over all members of a loop.

Where a rule goes over the terms of a list, as that of a softmax does, its program was rolled: each
of its loops becomes one whose members are those of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.loops import Loop
from autograd_bp.compiling.loops.places import Places, Shape, numbered
from autograd_bp.compiling.loops.rules import Factor, Rule
from autograd_bp.compiling.loops.writer import LoopWriter
from autograd_bp.compiling.program.distinct import distinct

__all__ = ["emit_rule"]

FEW = 12  # instructions that are not worth looking for loops among them
Amount = tuple[Places, ...]  # one or two factors, over the members


def emit_rule(
    writer: LoopWriter, rule: Rule, inputs: Sequence[Places], shape: Shape, target: str = ""
) -> list[Amount]:
    """The factors of each amount of a rule.

    Arguments:
        writer: where the loops go.
        rule: the rule.
        inputs: the inputs of its program, each over `shape`.
        shape: the counters of the members.
        target: where the results go, as in `LoopWriter.emit`, if nothing else reads them.
    """
    if any(len(amount) > 1 for amount in rule.amounts):
        target = ""  # they are factors, which are read
    if rule.is_single and len(rule.program) <= FEW:
        results = _one_by_one(writer, rule, inputs, shape, target)
    else:
        results = _Rolled(writer, rule, inputs, shape).results()

    def place(factor: Factor) -> Places:
        if factor.kind == "input":
            return inputs[int(factor.number)]
        if factor.kind == "constant":
            return writer.constant(factor.number, shape)
        return results[int(factor.number)]

    return [tuple(map(place, amount)) for amount in rule.amounts]


def _one_by_one(
    writer: LoopWriter, rule: Rule, inputs: Sequence[Places], shape: Shape, target: str
) -> list[Places]:
    """Each instruction as a loop of its own."""
    program = rule.program
    registers = [*inputs, *(writer.constant(x, shape) for x in program.constants)]
    used = {*program.operands}
    for register, op, operands in program.instructions():
        is_last = target and register in program.outputs and register not in used
        lists = [registers[k] for k in operands]
        registers.append(writer.emit(op, shape, lists, target=target if is_last else ""))
    return [registers[k] for k in program.outputs]


class _Rolled:
    """The loops of a rule, each over its own members and those of the loop that it belongs to.

    Numbers of the rule have numbers: its inputs, its constants, and what its loops write.
    """

    def __init__(
        self, writer: LoopWriter, rule: Rule, inputs: Sequence[Places], shape: Shape
    ) -> None:
        self._writer, self._loops = writer, rule.loops
        self._shape = shape
        loops = rule.loops
        self._count = int(np.prod(shape, dtype=np.int64))
        constants = [writer.constant(x, shape) for x in loops.constants]
        sizes = {"input": len(inputs), "constant": len(constants), **loops.sizes}
        self._first, total = {}, 0
        for space, size in sizes.items():
            self._first[space] = total
            total += size
        self._places = np.zeros((total, self._count), np.int64)
        self._spaces = np.zeros(total, object)
        for k, places in enumerate([*inputs, *constants]):
            self._places[k], self._spaces[k] = places.array(), places.space

    def results(self) -> list[Places]:
        for loop in self._loops.loops:
            self._emit(loop)
        results = []
        for space, k in self._loops.outputs:
            number = self._first[space] + k
            places = numbered(self._spaces[number], self._places[number])
            results.append(places.shaped(self._shape))
        return results

    def _emit(self, loop: Loop) -> None:
        """A loop of the rule. Its members are parted where they read other spaces."""
        members = loop.members
        reads = [
            np.array(access.indices(loop.shape, loop.terms_of(k)), np.int64).reshape(members, -1)
            + self._first[access.space]
            for k, access in enumerate(loop.reads)
        ]
        kinds: dict[Any, list[int]] = {}
        for m in range(members):
            kinds.setdefault(tuple(self._space_of(read[m]) for read in reads), []).append(m)
        for spaces, chosen in kinds.items():
            self._emit_part(loop, [read[chosen] for read in reads], spaces, np.array(chosen))

    def _space_of(self, numbers: Any) -> str:
        """The one space of these numbers; the empty text where they are in several."""
        spaces = set(self._spaces[numbers])
        return spaces.pop() if len(spaces) == 1 else ""

    def _emit_part(
        self, loop: Loop, reads: Sequence[Any], spaces: Sequence[str], chosen: Any
    ) -> None:
        lists = []
        for read, space in zip(reads, spaces, strict=True):
            shape = (self._count * len(chosen), read.shape[1])
            if not space:
                read, space = self._copied(read), "slot"
            # (members of the rule, terms, members) to (members, members of the rule, terms)
            table = self._places[read].transpose(2, 0, 1).reshape(shape)
            places = numbered(space, table.ravel())
            lists.append(places.shaped(shape if shape[1] > 1 else shape[:1]))
        count = self._count * len(chosen)
        initial = lists.pop() if loop.has_initial else None
        results = self._writer.emit(loop.op, (count,), lists, terms=loop.terms, initial=initial)
        first = self._first[loop.space] + loop.base
        self._places[first + chosen] = results.array().reshape(self._count, -1).T
        self._spaces[first + chosen] = results.space

    def _copied(self, numbers: Any) -> Any:
        """Numbers of the rule, as new numbers in one space."""
        known = {}
        for number in distinct(numbers).tolist():
            if self._spaces[number] == "slot":
                known[number] = number
                continue
            source = numbered(self._spaces[number], self._places[number])
            copy = self._writer.emit(None, (self._count,), [source])
            if copy.space != "slot":
                copy = self._forced(source)
            known[number] = len(self._places)
            self._places = np.concatenate([self._places, copy.array()[None]])
            self._spaces = np.append(self._spaces, copy.space)
        return np.vectorize(known.__getitem__)(numbers)

    def _forced(self, source: Places) -> Places:
        return self._writer.emit(None, (self._count,), [source], target="slot")
