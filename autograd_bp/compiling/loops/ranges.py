"""Bounds the numbers of loops, whatever finite numbers parameters and inputs get.

The rules are those of derivatives/range_rules.py, applied once for each kind of operands that the
members of a loop have. Places hold the number of a range; few ranges occur in one program.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.loops import Access, Loop
from autograd_bp.compiling.loops.places import Places
from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.derivatives.range_rules import UNKNOWN, Range, hull, of_constant, range_of
from autograd_bp.primitives import Primitive

MAX_RANGES = 60  # of one program, so that a set of them is an integer; others are unknown
FEW_CONSTANTS = 24  # of a program, which are known exactly
MAX_TERMS = 64  # of more, only what is true for any number of terms is kept
UNKNOWN_RANGE, FINITE_RANGE = 0, 1
BY_TERM = (ops.largest, ops.logsumexp, ops.norm)  # folds of which one term may say something


class LoopRanges:
    """The ranges of what loops compute.

    Arguments:
        constants: those of the program, a list that may grow.
    """

    def __init__(self, constants: Sequence[float]) -> None:
        self._constants = constants
        self._ranges = [UNKNOWN, Range()]
        self._numbers = {UNKNOWN: UNKNOWN_RANGE, Range(): FINITE_RANGE}
        self._results: dict[Any, int] = {}
        none = np.zeros(0, np.int8)
        self._known = {"constant": none, "shared": none, "slot": none}

    def finite(self, places: Places) -> bool:
        """Whether no number at these places may be infinite or NaN."""
        kinds = self._kinds(places)
        first = int(kinds.flat[0])
        if (kinds == first).all():
            return self._ranges[first].finite
        return all(self._ranges[k].finite for k in distinct(kinds))

    def add(self, loop: Loop, reads: Sequence[Places]) -> None:
        """Note the ranges of the results of a loop."""
        if loop.space not in self._known:
            return
        kinds = [self._kinds(read) for read in reads]
        firsts = [int(kind.flat[0]) for kind in kinds]
        results: Any
        if all((kind == first).all() for kind, first in zip(kinds, firsts, strict=True)):
            results = self._result(loop, tuple([1 << first for first in firsts]))
        else:
            results = self._by_member(loop, reads)
        known = self._with_room(loop.space, loop.base + loop.members)
        known[loop.base : loop.base + loop.members] = results

    def _by_member(self, loop: Loop, reads: Sequence[Places]) -> Any:
        """The range of each member, by the set of ranges that each of its lists has."""
        sets = []
        for k, read in enumerate(reads):
            some = read.array()
            kinds = np.full(len(some), FINITE_RANGE) if read.space not in self._known else None
            if kinds is None:
                self._kinds(read)
                kinds = self._known[read.space][some]
            bits = np.left_shift(1, kinds.astype(np.int64)).reshape(loop.members, loop.terms_of(k))
            sets.append(np.bitwise_or.reduce(bits, axis=1))
        combined = np.stack(sets, axis=1)
        different, which = np.unique(combined, axis=0, return_inverse=True)
        results = [self._result(loop, tuple(line)) for line in different.tolist()]
        return np.array(results, np.int8)[which.ravel()]

    def _kinds(self, places: Places) -> Any:
        """The numbers of the ranges at places."""
        if places.space not in self._known:
            return np.full(1, FINITE_RANGE, np.int8)
        known = self._known[places.space]
        if places.space == "constant" and len(known) < len(self._constants):
            before = len(known)
            known = self._with_room("constant", len(self._constants))
            known_of = of_constant if len(self._constants) <= FEW_CONSTANTS else _of_one_of_many
            known[before : len(self._constants)] = [
                self._number(known_of(x)) for x in self._constants[before:]
            ]
            self._known["constant"] = known = known[: len(self._constants)]
        return places.of(known)

    def _with_room(self, space: str, size: int) -> Any:
        known = self._known[space]
        if size > len(known):
            more = np.zeros(max(size, 2 * len(known)) - len(known), np.int8)
            known = self._known[space] = np.concatenate([known, more])
        return known

    def _number(self, known: Range) -> int:
        number = self._numbers.get(known)
        if number is None:
            if len(self._ranges) == MAX_RANGES:
                return FINITE_RANGE if known.finite else UNKNOWN_RANGE
            number = self._numbers[known] = len(self._ranges)
            self._ranges.append(known)
        return number

    def _result(self, loop: Loop, sets: tuple[int, ...]) -> int:
        """The range of a member whose lists have these sets of ranges."""
        same = tuple([_key(access) for access in loop.reads])
        key = loop.op, loop.terms, sets, tuple([same.index(each) for each in same])
        if key not in self._results:
            lists = [
                [known for k, known in enumerate(self._ranges) if some >> k & 1] for some in sets
            ]
            self._results[key] = self._number(_of_member(loop, lists, key[3]))
        return self._results[key]


def _of_one_of_many(x: float) -> Range:
    """The range of a constant; those that are no small halves share a few, so that a table of
    constants leaves room for other ranges."""
    if not math.isfinite(x) or (abs(x) <= 4.0 and 2.0 * x == int(2.0 * x)):
        return of_constant(x)
    least = 16.0 ** math.floor(math.log(abs(x), 16.0)) / 16.0 if abs(x) > 1e-290 else 0.0
    return Range(least, nonzero=True) if x > 0.0 else Range(high=-least, nonzero=True)


def _key(access: Access) -> Any:
    return access.space, access.base, access.strides, access.step, bytes(access.table)


def _of_member(loop: Loop, lists: Sequence[Sequence[Range]], same: Sequence[int]) -> Range:
    """The range of one member.

    Arguments:
        loop: its loop.
        lists: the ranges that occur in each list that it reads.
        same: for each list the first one that reads the same places.
    """
    op = loop.op
    if op is None:
        return hull(lists[0])
    stand_ins = [object() for _ in lists]
    operands: list[Range] = []
    parents: list[Any] = []
    for k, ranges in enumerate(lists):
        some = _terms(op, ranges, loop.terms_of(k))
        operands += some
        parents += [stand_ins[same[k]]] * len(some)
    return range_of(op, parents, operands)


def _terms(op: Primitive, ranges: Sequence[Range], count: int) -> Sequence[Range]:
    """The ranges of the terms of a list."""
    if op in BY_TERM and len(ranges) <= count:
        return ranges
    if count <= MAX_TERMS:
        return [hull(ranges)] * count
    whole = hull(ranges)
    low = whole.low if whole.low >= 0.0 else -np.inf
    high = whole.high if whole.high <= 0.0 else np.inf
    return [whole._replace(low=low, high=high)] * 2
