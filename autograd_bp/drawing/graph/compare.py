"""Two graphs as one: which nodes correspond, and what differs.

Nodes are matched from the leaves up, where everything below is the same, then from the outputs
down, where the operation is the same although its inputs are not.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass

from autograd_bp import graph
from autograd_bp.value import Value


@dataclass(frozen=True)
class Merged:
    """The nodes of both graphs, matched ones once, and the edges with the graphs they are in.

    Attributes:
        nodes: pairs (before, after); None where only one graph has the node.
        edges: (source, target) as indices of nodes: how often before, how often after.
        has_gradients: both graphs have gradients, so that these are compared too.
    """

    nodes: list[tuple[Value | None, Value | None]]
    edges: dict[tuple[int, int], tuple[int, int]]
    has_gradients: bool

    def status(self, index: int) -> str:
        """Of a node: "more" where only the graph after has it, "fewer" where only the graph
        before has it, "other" where its numbers differ, "same" where nothing does.
        """
        old, new = self.nodes[index]
        if old is None or new is None:
            return "more" if old is None else "fewer"
        same = equal(old.data, new.data) and (
            not self.has_gradients or new.is_constant or equal(old.grad, new.grad)
        )
        return "same" if same else "other"


def equal(a: float, b: float) -> bool:
    """The same number; NaN is the same as NaN."""
    return a == b or (a != a and b != b)


# --------------------------------------------------------------------------------- matching
def merge(before: Value, after: Value) -> Merged:
    """Match two graphs."""
    old = graph.topological_order(before)
    new = graph.topological_order(after)
    partners = _matches(old, new)
    old_partners = {b: a for a, b in partners.items()}
    nodes: list[tuple[Value | None, Value | None]] = [(old_partners.get(b), b) for b in new]
    nodes += [(a, None) for a in old if a not in partners]
    first = _edges(old, {a: i for i, (a, _) in enumerate(nodes) if a is not None})
    second = _edges(new, {b: i for i, (_, b) in enumerate(nodes) if b is not None})
    edges = {edge: (first[edge], second[edge]) for edge in (*second, *first)}
    has_gradients = all(any(node.grad != 0.0 for node in order) for order in (old, new))
    return Merged(nodes, edges, has_gradients)


def _edges(order: list[Value], index: Mapping[Value, int]) -> Counter[tuple[int, int]]:
    return Counter((index[parent], index[node]) for node in order for parent in node.parents)


def _matches(old: list[Value], new: list[Value]) -> dict[Value, Value]:
    """The nodes of the old graph with their counterparts in the new one."""
    partners = _matches_from_leaves(old, new)
    taken = set(partners.values())
    pending = deque([(old[-1], new[-1])])
    while pending:
        a, b = pending.popleft()
        if a in partners:
            continue
        if b not in taken and _can_match(a, b):
            partners[a] = b
            taken.add(b)
            pending.extend(zip(a.parents, b.parents, strict=False))
    return partners


def _matches_from_leaves(old: list[Value], new: list[Value]) -> dict[Value, Value]:
    """The nodes that are in both graphs, and those that look the same all the way down."""
    in_both = set(old) & set(new)
    partners = {node: node for node in old if node in in_both}
    shapes: dict[object, int] = {}
    unmatched: dict[int, deque[Value]] = {}
    for node, shape in zip(new, _shapes(new, shapes), strict=True):
        if node not in in_both:
            unmatched.setdefault(shape, deque()).append(node)
    for node, shape in zip(old, _shapes(old, shapes), strict=True):
        if node not in in_both and unmatched.get(shape):
            partners[node] = unmatched[shape].popleft()
    return partners


def _can_match(a: Value, b: Value) -> bool:
    """Whether two nodes can be one in the picture although their inputs differ."""
    if a.op is not b.op or a.is_constant != b.is_constant:
        return False
    return a.op is not None or a.label == b.label


def _shapes(order: list[Value], shapes: dict[object, int]) -> list[int]:
    """A number for each node, the same for nodes that look the same all the way down.

    Arguments:
        order: the nodes, in topological order.
        shapes: the numbers that other graphs have already got, to which new ones are added.
    """
    numbers: dict[Value, int] = {}
    nameless = 0
    for node in order:
        shape: object
        if node.op is not None:
            shape = (node.op.name, tuple([numbers[parent] for parent in node.parents]))
        elif node.label:
            shape = ("leaf", node.label)
        elif node.is_constant:
            shape = ("constant", repr(node.data))
        else:
            nameless += 1
            shape = ("leaf", nameless)
        numbers[node] = shapes.setdefault(shape, len(shapes))
    return [numbers[node] for node in order]
