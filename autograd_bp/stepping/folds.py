"""Folds parts of a large graph on the page: layers of neurons, steps of a loop, and parts of the
rest.

A fold is a tree whose leaves are operations. The items of each fold stand in an order in which each
follows those that it depends on, so no closed fold depends on what depends on it, whichever of
them are open.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.drawing.graph import layers, repeats
from autograd_bp.value import Value

MAX_ITEMS = 20  # of an open fold
MAX_DEPTH = 6  # operations of a part that follow each other
MIN_ALIKE = 4  # operations side by side that are worth a fold
Layers = Sequence[Sequence[Mapping[str, Any]]]


@dataclass
class Fold:
    """Operations that the page can draw as one card.

    Attributes:
        unit: what it is: "step", "layer", "neuron", "alike", "part" ...
        number: which of its kind, from 1; 0 for one that is called by its unit alone.
        items: the places of operations, and folds in it.
    """

    unit: str
    number: int
    items: list[int | Fold] = field(default_factory=list)

    def operations(self) -> list[int]:
        """The places of all operations in it."""
        places: list[int] = []
        waiting: list[int | Fold] = [self]
        while waiting:
            item = waiting.pop()
            if isinstance(item, Fold):
                waiting += reversed(item.items)
            else:
                places.append(item)
        return places

    def as_data(self) -> dict[str, Any]:
        """The same as plain data."""
        items = [item.as_data() if isinstance(item, Fold) else item for item in self.items]
        return {"unit": self.unit, "number": self.number, "items": items}


def folds(order: Sequence[Value], net: Layers) -> Fold:
    """The tree of a graph: a fold of everything.

    Arguments:
        order: the nodes, in topological order.
        net: the layers of its network, as `neurons.network` finds them.
    """
    place = {node: i for i, node in enumerate(order)}
    whole = Fold("graph", 0, list(_groups(order, place, net)))
    return _divided(whole, _Reads(order, place))


def _groups(
    order: Sequence[Value], place: Mapping[Value, int], net: Layers
) -> Iterator[int | Fold]:
    """Layers of neurons or, without any, the steps that repeat; and among the other operations,
    those that stand side by side and do the same.
    """
    covered: set[Value] = set()
    uses = Counter(parent for node in order for parent in node.parents)
    if net:
        yield from _neurons(order, net, covered)
    else:
        yield from _steps(order, place, uses, covered)
    for alike in layers.find(order, uses, {*covered, order[-1]}, MIN_ALIKE):
        sides = list(zip(*alike.families, strict=True))
        covered.update(node for side in sides for node in side)
        group = Fold("alike", 0)
        for n, side in enumerate(sides, 1):
            members = [place[node] for node in side]
            group.items += members if len(side) == 1 else [Fold("branch", n, [*members])]
        yield group
    yield from (place[node] for node in order if node.parents and node not in covered)


def _neurons(order: Sequence[Value], net: Layers, covered: set[Value]) -> Iterator[Fold]:
    for number, neurons in enumerate(net, 1):
        layer = Fold("layer", number)
        for n, neuron in enumerate(neurons, 1):
            members = sorted({neuron["sum"], neuron["out"]})
            covered.update(order[i] for i in members)
            layer.items.append(Fold("neuron", n, [*members]))
        yield layer


def _steps(
    order: Sequence[Value],
    place: Mapping[Value, int],
    uses: Mapping[Value, int],
    covered: set[Value],
) -> Iterator[Fold]:
    for repetition in repeats.find(order, uses, {order[-1]}):
        loop = Fold("loop", 0)
        for step, copy in enumerate(reversed(repetition.copies), 1):
            members = [place[node] for node in copy if node not in covered]
            covered.update(copy)
            loop.items.append(Fold("step", step, [*members]))
        yield loop


class _Reads:
    """Which operations each operation reads, by their places."""

    def __init__(self, order: Sequence[Value], place: Mapping[Value, int]) -> None:
        self.of = {
            place[node]: [place[parent] for parent in node.parents if parent.parents]
            for node in order
            if node.parents
        }


def _divided(fold: Fold, reads: _Reads) -> Fold:
    """The fold with its items in order and, where they are many, in parts."""
    fold.items = _in_order(fold.items, reads)
    loops = [item for item in fold.items if isinstance(item, Fold) and item.unit == "loop"]
    for number, loop in enumerate(loops, 1):
        loop.number = number
    fold.items = [_divided(item, reads) if isinstance(item, Fold) else item for item in fold.items]
    fold.items = _without_lonely(fold.items)
    singles = sum(not isinstance(item, Fold) for item in fold.items)
    if singles > MAX_ITEMS or (singles > MAX_DEPTH and _depth(fold.items, reads) > 2 * MAX_DEPTH):
        fold.items = _parts(fold.items, reads)
    return fold


def _in_order(items: Sequence[int | Fold], reads: _Reads) -> list[int | Fold]:
    """The items, each after all that it depends on; folds that depend on each other are taken
    apart.
    """
    waiting = list(items)
    while True:
        before, first = _dependences(waiting, reads)
        order, stuck = _sorted(before, first)
        if not stuck:
            return [waiting[k] for k in order]
        loose: list[int | Fold] = []
        for k, item in enumerate(waiting):
            loose += item.items if k in stuck and isinstance(item, Fold) else [item]
        waiting = loose


def _dependences(items: Sequence[int | Fold], reads: _Reads) -> tuple[list[set[int]], list[int]]:
    """Of each item, those that it reads from, and its first operation."""
    inside = [item.operations() if isinstance(item, Fold) else [item] for item in items]
    owner = {operation: k for k, operations in enumerate(inside) for operation in operations}
    before: list[set[int]] = [set() for _ in items]
    for operation, k in owner.items():
        before[k].update(owner.get(parent, k) for parent in reads.of[operation])
    return [each - {k} for k, each in enumerate(before)], [min(each) for each in inside]


def _sorted(before: Sequence[set[int]], first: Sequence[int]) -> tuple[list[int], set[int]]:
    """An order in which each follows those before it, near to that of `first`; and what is in a
    circle or after one.
    """
    after: list[list[int]] = [[] for _ in before]
    missing = [len(each) for each in before]
    for k, each in enumerate(before):
        for other in each:
            after[other].append(k)
    ready = [(first[k], k) for k, count in enumerate(missing) if count == 0]
    heapq.heapify(ready)
    order = []
    while ready:
        _, k = heapq.heappop(ready)
        order.append(k)
        for user in after[k]:
            missing[user] -= 1
            if missing[user] == 0:
                heapq.heappush(ready, (first[user], user))
    return order, {k for k, count in enumerate(missing) if count > 0}


def _without_lonely(items: Sequence[int | Fold]) -> list[int | Fold]:
    """A fold of one operation is that operation, and a fold of one fold has the items of that."""
    plain: list[int | Fold] = []
    for item in items:
        if isinstance(item, Fold):
            while len(item.items) == 1 and isinstance(item.items[0], Fold):
                item.items = item.items[0].items
        plain.append(item.items[0] if isinstance(item, Fold) and len(item.items) == 1 else item)
    return plain


def _depth(items: Sequence[int | Fold], reads: _Reads) -> int:
    """How many single operations follow each other."""
    depth: dict[int, int] = {}
    for item in items:
        if not isinstance(item, Fold):
            depth[item] = 1 + max((depth.get(parent, 0) for parent in reads.of[item]), default=0)
    return max(depth.values(), default=0)


def _parts(items: Sequence[int | Fold], reads: _Reads) -> list[int | Fold]:
    """Neighbours together, so that each part fits on a screen; and parts of parts, where these are
    many."""
    parts: list[int | Fold] = []
    part = Fold("part", 0)
    depth: dict[int, int] = {}
    for item in items:
        if isinstance(item, Fold):
            if part.items:
                parts.append(part)
            parts.append(item)
            part, depth = Fold("part", 0), {}
            continue
        depth[item] = 1 + max((depth.get(parent, 0) for parent in reads.of[item]), default=0)
        if len(part.items) == MAX_ITEMS or depth[item] > MAX_DEPTH:
            parts.append(part)
            part, depth = Fold("part", 0), {item: 1}
        part.items.append(item)
    if part.items:
        parts.append(part)
    number = 0
    for each in parts:
        if isinstance(each, Fold) and each.unit == "part":
            number += 1
            each.number = number
    return _without_lonely(parts)
