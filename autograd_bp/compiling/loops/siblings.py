"""Loops that call the same functions for the same numbers: gelu and its slope, for example.

A primitive and its derivative often have their expensive part in common: an exponential, an error
function. In a network their loops lie far apart, the one in the forward pass and the other in the
backward pass. Beside each other they are written as one nest, in which each call is made once.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.loops import Access, Loop, Loops, ends
from autograd_bp.expressions import Expression, walk
from autograd_bp.folds import Fold
from autograd_bp.primitives import Primitive

__all__ = ["Calls", "beside", "runs_of"]

SPACES = ("shared", "slot", "per_row")  # where results go
Form = Callable[[Primitive], "Expression | Fold | None"]
Places = frozenset[tuple[str, int]]  # of loops: the space and the first place that each writes


class Calls:
    """Knows which functions loops call.

    Arguments:
        form: what the backend prints for a primitive.
        names: the functions that take long.
    """

    def __init__(self, form: Form, names: Collection[str]) -> None:
        self._form, self._names = form, names
        self._known: dict[int, frozenset[int]] = {}
        self._kept: list[Expression | Fold | None] = []  # so that no place is used again

    def of(self, loop: Loop) -> frozenset[int]:
        """The calls that a member makes, by the places in memory of what they are as expressions
        of the operands; none for sums, and for lists of terms."""
        op = loop.op
        if op is None or op.arity is None or loop.terms != 1 or loop.space not in SPACES:
            return frozenset()
        if op.code not in self._known:
            printed = self._form(op)
            nodes = [*walk(printed)] if isinstance(printed, Expression) else []
            calls = [id(node) for node in nodes if node.head in self._names]
            self._known[op.code] = frozenset(calls)
            self._kept.append(printed)
        return self._known[op.code]


def beside(loops: Loops, calls: Calls) -> tuple[Loops, Places]:
    """The loops, with those that share a call behind each other, and the places where these write.

    A loop reads what is there when the first of them runs, so it can run there. Sweeps backwards
    often go through members in the other order; such a loop is turned round.
    """
    if not isinstance(loops.loops, tuple):
        return loops, frozenset()
    rewritten = [*loops.loops]
    groups: dict[Any, list[list[int]]] = {}
    for k in range(len(rewritten)):
        if calls.of(rewritten[k]):
            _join(groups, rewritten, k, calls)
    firsts = {group[0]: group for some in groups.values() for group in some if len(group) > 1}
    if not firsts:
        return loops, frozenset()
    moved = {k for group in firsts.values() for k in group[1:]}
    order = [k for k in range(len(rewritten)) if k not in moved]
    order = [other for k in order for other in firsts.get(k, [k])]
    together = [rewritten[k] for group in firsts.values() for k in group]
    places = frozenset([(loop.space, loop.base) for loop in together])
    return replace(loops, loops=tuple([rewritten[k] for k in order])), places


def _join(groups: dict[Any, list[list[int]]], loops: list[Loop], k: int, calls: Calls) -> None:
    """Puts a loop into the group of those that share a call with it, turned round if need be."""
    for turned in (False, True):
        loop = _turned(loops[k]) if turned else loops[k]
        if loop is None:
            break
        for group in groups.get(_numbers(loop), []):
            if calls.of(loop) & calls.of(loops[group[0]]) and (
                not turned or _is_turned_round(loops, loop)
            ):
                loops[k] = loop
                group.append(k)
                return
    groups.setdefault(_numbers(loops[k]), []).append([k])


def _turned(loop: Loop) -> Loop | None:
    """The loop with its members in the other order; None where they are in no line."""
    if len(loop.shape) != 1 or not all(read.affine for read in loop.reads):
        return None
    last = loop.members - 1
    reads = [
        replace(read, base=read.base + last * read.strides[0], strides=(-read.strides[0],))
        for read in loop.reads
    ]
    return replace(loop, reads=tuple(reads))


def _is_turned_round(loops: list[Loop], turned: Loop) -> bool:
    """Lets all loops read the results of one where they are when it is turned round; says whether
    they could."""
    first, last = turned.base, turned.base + turned.members - 1
    if turned.space == "per_row":
        return False
    readers: dict[int, Loop] = {}
    for k, loop in enumerate(loops):
        reads = [*loop.reads]
        for i, read in enumerate(reads):
            if read.space != turned.space:
                continue
            low, high = ends(loop, read)
            if high < first or low > last:
                continue
            if low < first or high > last:
                return False
            reads[i] = _mirrored(read, first + last)
            readers[k] = replace(loop, reads=tuple(reads))
    for k, loop in readers.items():
        loops[k] = loop
    return True


def _mirrored(read: Access, total: int) -> Access:
    """An access to places that are mirrored: each and its new one add up to a total."""
    if read.table:
        table = total - np.frombuffer(read.table, np.int64)
        return replace(read, table=array("q", table.tobytes()))
    strides = tuple([-stride for stride in read.strides])
    return replace(read, base=total - read.base, strides=strides, step=-read.step)


def runs_of(body: tuple[Loop, ...], first: int, calls: Calls) -> int:
    """How many loops from one on share a call with it."""
    own = calls.of(body[first])
    end = first + 1
    while (
        own
        and end < len(body)
        and _numbers(body[end]) == _numbers(body[first])
        and own & calls.of(body[end])
    ):
        end += 1
    return end - first


def _numbers(loop: Loop) -> Any:
    """Of which numbers a loop computes something."""
    reads = [(a.space, a.base, a.strides, a.step, bytes(a.table)) for a in loop.reads]
    return loop.space == "shared", loop.shape, tuple(reads)
