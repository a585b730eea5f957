"""The arrows that lead to each node of a picture, and which nodes get a card."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from autograd_bp.drawing.graph.scene import FoldedTable, View
from autograd_bp.value import Value

EDGES_PER_CARD = 4


class Link(NamedTuple):
    """One arrow to a node.

    Attributes:
        parent_index: which of the node's parents it comes from.
        port: the row of the node's table at which it ends; empty for a plain card.
        source: the value whose card it starts at.
    """

    parent_index: int
    port: str
    source: Value


@dataclass(frozen=True)
class Links:
    """Where the arrows of a picture start and end.

    Attributes:
        outputs: the values that are drawn.
        view: how its graph is to be shown.
        tables: the operations that are tables.
        before: the values from which steps that are drawn once start, by the operation of the drawn
            step that reads them and the index of the parent.
        representatives: for each operation that is drawn by way of another one, that one.
    """

    outputs: tuple[Value, ...]
    view: View
    tables: Mapping[Value, FoldedTable | None]
    before: Mapping[tuple[Value, int], Value] = field(default_factory=dict)
    representatives: Mapping[Value, Value] = field(default_factory=dict)

    def is_inline(self, node: Value) -> bool:
        """Whether a constant stands in the cards of the operations that use it."""
        return self.view.compact and node.is_constant and not self.view.label(node)

    def operands(self, node: Value) -> list[tuple[int, str]]:
        """The parents that get an arrow: their indices and the ports of their rows."""
        table = self.tables.get(node)
        if table is None:
            parents = enumerate(node.parents)
            return [(index, "") for index, parent in parents if not self.is_inline(parent)]
        return [
            (index, "" if self.view.brief else row.port)
            for row in table.rows
            for index in row.linked
        ]

    def to(self, node: Value) -> list[Link]:
        """The arrows to a node: one from each card that stands for several of its parents."""
        links = []
        shared: dict[Value, tuple[int, str]] = {}
        for index, port in self.operands(node):
            parent = self.before.get((node, index), node.parents[index])
            representative = self.representatives.get(parent)
            if representative is None:
                links.append((index, port))
            elif representative is parent or representative not in shared:
                shared[representative] = (index, port)
        return [
            Link(index, port, self._source(node, index))
            for index, port in sorted([*links, *shared.values()])
        ]

    def _source(self, node: Value, index: int) -> Value:
        """The value whose card stands for a parent."""
        parent = self.before.get((node, index), node.parents[index])
        return self.representatives.get(parent, parent)


@dataclass(frozen=True)
class DrawnNodes:
    """Which nodes are in the picture.

    Attributes:
        drawn: the nodes that get a card.
        expanded: those that are drawn with what they were computed from.
    """

    drawn: set[Value]
    expanded: set[Value]


def is_expandable(node: Value, outputs: Collection[Value], view: View) -> bool:
    """Whether the parents of a node belong to the picture."""
    return bool(node.parents) and (node not in view.stops or node in outputs)


def choose_nearest(links: Links) -> DrawnNodes:
    """The nodes nearest to the outputs, up to `View.max_nodes`."""
    view = links.view
    outputs = first_outputs(links)
    nodes = DrawnNodes({*outputs}, set())
    n_edges = 0
    queue = deque(dict.fromkeys(outputs))
    while queue:
        node = queue.popleft()
        if not is_expandable(node, links.outputs, view):
            continue
        sources = [link.source for link in links.to(node)]
        new = dict.fromkeys(source for source in sources if source not in nodes.drawn)
        if (
            len(nodes.drawn) + len(new) > view.max_nodes
            or n_edges + len(sources) > EDGES_PER_CARD * view.max_nodes
        ):
            continue
        n_edges += len(sources)
        nodes.expanded.add(node)
        nodes.drawn.update(new)
        for source in new:  # marked nodes come first, so that the budget suffices for them
            (queue.appendleft if source in view.marked else queue.append)(source)
    return nodes


def first_outputs(links: Links) -> list[Value]:
    """The outputs that get a card: where they are more than the cards of the picture, the first of
    them, so many that what they are made of directly has room too.
    """
    view = links.view
    outputs = list(dict.fromkeys(links.representatives.get(y, y) for y in links.outputs))
    if len(outputs) <= view.max_nodes:
        return outputs
    cards: set[Value] = set()
    for count, output in enumerate(outputs):
        cards.add(output)
        if is_expandable(output, links.outputs, view):
            cards.update(link.source for link in links.to(output))
        if len(cards) > view.max_nodes:
            return outputs[: max(count, 1)]
    return outputs


def choose_in_window(links: Links) -> DrawnNodes:
    """The nodes of `View.window` that are connected with the marked ones, the nearest of them."""
    view = links.view
    window = view.window or frozenset()
    expanded = {node for node in window if is_expandable(node, links.outputs, view)}
    neighbours: dict[Value, list[Value]] = {}
    for node in expanded:
        for index, _ in links.operands(node):
            parent = node.parents[index]
            if parent in window:
                neighbours.setdefault(node, []).append(parent)
                neighbours.setdefault(parent, []).append(node)
    # A node that only a hidden row of a table leads to would have no edge.
    pending = deque(window & view.marked)
    drawn = set(pending)
    while pending and len(drawn) < view.max_nodes:  # the nearest come first
        near = dict.fromkeys(neighbours.get(pending.popleft(), ()))
        new = [node for node in near if node not in drawn][: view.max_nodes - len(drawn)]
        drawn.update(new)
        pending.extend(new)
    return DrawnNodes(drawn, expanded & drawn)
