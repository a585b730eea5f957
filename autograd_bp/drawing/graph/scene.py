"""What stands in a picture: which values get a card, which fold into the table of another, and
where the graph is cut. Knows the graph and no layout, no colour and no markup.
"""

from __future__ import annotations

import re
from collections import Counter, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from autograd_bp.drawing.graph import folding, frames, layers, repeats
from autograd_bp.drawing.graph.folding import Table
from autograd_bp.drawing.graph.walks import walk
from autograd_bp.drawing.output import text
from autograd_bp.value import Value

READABLE = 60  # cards; of larger graphs layers are drawn once beyond it
EDGES_PER_CARD = 4
_INPUT = re.compile(r"(x|in|input|pixel|feature)(?![^\W\d_])")


@dataclass(frozen=True)
class View:
    """How a graph is to be shown.

    Attributes:
        fold: sums of products and other operations on many values become tables.
        rows: the number of rows of a table.
        max_nodes: the number of cards; beyond it only the nearest are drawn.
        stops: nodes that are drawn as inputs, whatever made them.
        keep: nodes whose rows stay when a table is shortened.
        names: the names of nodes that have no label, or that go by another name here.
        grads: gradients that are not those of the nodes.
        marked: nodes that stand out.
        marked_edges: edges that stand out: a node and which of its parents.
        window: the only nodes that can be drawn; None for all.
        what: what stands out or is in the window, in words.
        repeats: chains that repeat are drawn once; None does so for what is above the budget.
    """

    fold: bool = True
    rows: int = 12
    max_nodes: int = 400
    stops: frozenset[Value] = frozenset()
    keep: frozenset[Value] = frozenset()
    names: Mapping[Value, str] = field(default_factory=dict)
    grads: Mapping[Value, float] = field(default_factory=dict)
    marked: frozenset[Value] = frozenset()
    marked_edges: frozenset[tuple[Value, int]] = frozenset()
    window: frozenset[Value] | None = None
    what: str = ""
    repeats: bool | None = None

    def label(self, node: Value) -> str:
        return self.names.get(node) or node.label

    def grad(self, node: Value) -> float:
        return self.grads.get(node, node.grad)

    def kind(self, node: Value) -> str:
        """What a node is in the picture: operation, input, parameter or constant."""
        if node.op is not None:
            return "input" if node in self.stops else "operation"
        label = self.label(node)
        if _INPUT.match(label):
            return "input"
        if node.is_constant:
            return "constant"
        return "parameter" if label else "input"


@dataclass(frozen=True)
class Card:
    """One drawn node. `kind` is that of the view, or output; `cut` says that what the node
    was made of is not drawn.
    """

    node: Value
    id: str
    kind: str
    symbol: str
    label: str
    data: float
    grad: float
    table: Table | None
    cut: bool
    marked: bool = False


@dataclass(frozen=True)
class Edge:
    """From a parent to a node, or to one row (`port`) of the node's table. `passed` is what
    the node's gradient hands to the parent along this edge.
    """

    source: str
    target: str
    port: str
    partial: float
    passed: float
    marked: bool = False


@dataclass(frozen=True)
class Group:
    """Cards in a frame: a neuron, or what stands `times` times in a row or side by side."""

    ids: tuple[str, ...]
    title: str
    times: int = 1
    beside: bool = False


@dataclass(frozen=True)
class Scene:
    """Everything that a picture shows, in topological order."""

    cards: list[Card]
    edges: list[Edge]
    has_gradients: bool
    output_label: str
    note: str
    groups: tuple[Group, ...] = ()


def make_scene(output: Value, view: View) -> Scene:
    """Choose what is drawn of the graph of `output`."""
    order = walk(output, view.stops)
    uses = Counter(
        parent for node in order if expands(node, output, view) for parent in node.parents
    )
    alone = frozenset(
        node
        for node, n in uses.items()
        if node is not output
        and (
            (n == 1 and (node in view.stops or not node.parents))
            or (node.is_constant and not view.label(node))
        )
    )
    tables = {}
    if view.fold:
        for node in order:
            if expands(node, output, view):
                table = folding.fold(node, view.rows, alone, view.keep, view.kind)
                if table is not None:
                    tables[node] = table

    runs: list[repeats.Run] = []
    if view.repeats or (view.repeats is None and len(order) > view.max_nodes):
        runs = repeats.find(order, uses, view.stops | view.marked)
    bridge = {run.first: run for run in runs}
    stacks: list[layers.Layer] = []
    stand_in: dict[Value, Value] = {}  # who is drawn for whom
    if view.window is None:
        drawn, expanded = _nearest(output, view, tables, bridge, stand_in)
        if view.repeats is None and len(drawn) > READABLE and len(order) > view.max_nodes:
            stacks = layers.find(order, uses, {output} | view.stops | view.marked)
            stand_in = {
                node: family[0] for layer in stacks for family in layer.families for node in family
            }
            drawn, expanded = _nearest(output, view, tables, bridge, stand_in)
    else:
        drawn, expanded = _inside(output, view, tables)
    position = {node: f"n{i}" for i, node in enumerate(n for n in order if n in drawn)}
    cards = []
    edges = []
    for node, id in position.items():
        table = tables.get(node) if node in expanded else None
        kind = "output" if node is output else view.kind(node)
        cut = bool(node.parents) and node not in expanded
        if view.window is not None and node in expanded:
            cut = any(node.parents[i] not in position for i, _ in _shown(node, table))
        symbol = node.op.symbol if node.op is not None else ""
        grad = view.grad(node)
        cards.append(
            Card(
                node,
                id,
                kind,
                symbol,
                view.label(node),
                node.data,
                grad,
                table,
                cut,
                node in view.marked,
            )
        )
        if node not in expanded:
            continue
        partials = node.partials
        for index, port in _apart(node, _shown(node, table), stand_in):
            parent = _drawn_for(node, index, bridge, stand_in)
            if parent in position:
                partial = partials[index]
                edges.append(
                    Edge(
                        position[parent],
                        id,
                        port,
                        partial,
                        passed_back(node, partial, grad),
                        (node, index) in view.marked_edges,
                    )
                )
    swept = any(card.grad != 0.0 for card in cards)
    groups = tuple(
        Group(tuple(position[n] for n in run.shown if n in position), f"× {run.times:,}", run.times)
        for run in runs
        if run.first in expanded
    ) + tuple(
        Group(
            tuple(position[n] for n in layer.shown if n in position),
            f"× {len(layer.families[0]):,} side by side",
            len(layer.families[0]),
            True,
        )
        for layer in stacks
        if any(n in position for n in layer.shown)
    )
    if not view.fold and not groups:
        groups = tuple(
            Group(tuple(position[n] for n in members), title)
            for title, members in frames.neurons(order, uses, expanded | drawn, view.label)
        )
    note = _note(drawn, expanded, order, view, groups)
    return Scene(cards, edges, swept, view.label(output), note, groups)


def passed_back(node: Value, partial: float, grad: float) -> float:
    """Gradient times local derivative, where a zero stops as it does in the sweep."""
    if grad == 0.0 or (partial == 0.0 and node.op is not None and node.op.gate):
        return 0.0
    return grad * partial


def expands(node: Value, output: Value, view: View) -> bool:
    """Whether the parents of a node belong to the picture."""
    return bool(node.parents) and (node not in view.stops or node is output)


def _shown(node: Value, table: Table | None) -> list[tuple[int, str]]:
    """The parents that get an edge: their indices and the ports of their rows."""
    if table is None:
        return [(index, "") for index in range(len(node.parents))]
    return [(index, row.port) for row in table.rows for index in row.linked]


def _drawn_for(
    node: Value,
    index: int,
    bridge: Mapping[Value, repeats.Run],
    stand_in: Mapping[Value, Value],
) -> Value:
    """The value whose card stands for a parent."""
    parent = node.parents[index]
    if node in bridge and index == bridge[node].spine:
        parent = bridge[node].before
    return stand_in.get(parent, parent)


def _apart(
    node: Value, shown: Iterable[tuple[int, str]], stand_in: Mapping[Value, Value]
) -> list[tuple[int, str]]:
    """One edge from each card: the parent's own, if it is among them."""
    kept: dict[Value, tuple[int, str]] = {}
    rest = []
    for index, port in shown:
        parent = node.parents[index]
        if parent not in stand_in:
            rest.append((index, port))
        elif stand_in[parent] is parent or stand_in[parent] not in kept:
            kept[stand_in[parent]] = (index, port)
    return sorted([*rest, *kept.values()])


def _nearest(
    output: Value,
    view: View,
    tables: Mapping[Value, Table],
    bridge: Mapping[Value, repeats.Run],
    stand_in: Mapping[Value, Value],
) -> tuple[set[Value], set[Value]]:
    """The nodes that get a card, nearest to the output first, as far as the budget goes; and
    those of them that are drawn with all that they are made of.
    """
    drawn = {output}
    expanded = set()
    edges = 0
    queue = deque([output])
    while queue:
        node = queue.popleft()
        if not expands(node, output, view):
            continue
        shown = [
            _drawn_for(node, index, bridge, stand_in)
            for index, _ in _apart(node, _shown(node, tables.get(node)), stand_in)
        ]
        new = dict.fromkeys(parent for parent in shown if parent not in drawn)
        edges += len(shown)
        if len(drawn) + len(new) > view.max_nodes or edges > EDGES_PER_CARD * view.max_nodes:
            edges -= len(shown)
            continue
        expanded.add(node)
        drawn.update(new)
        for parent in new:  # what stands out comes first: the budget is to reach it
            (queue.appendleft if parent in view.marked else queue.append)(parent)
    return drawn, expanded


def _inside(
    output: Value, view: View, tables: Mapping[Value, Table]
) -> tuple[set[Value], set[Value]]:
    """The nodes of the window that get a card, and those drawn with what they are made of."""
    window = view.window or frozenset()
    expanded = {node for node in window if expands(node, output, view)}
    near: dict[Value, list[Value]] = {}
    for node in expanded:
        for index, _ in _shown(node, tables.get(node)):
            parent = node.parents[index]
            if parent in window:
                near.setdefault(node, []).append(parent)
                near.setdefault(parent, []).append(node)
    # What only a row that is not shown leads to would stand there alone.
    pending = list(window & view.marked)
    reached = set(pending)
    while pending:
        new = [n for n in near.get(pending.pop(), ()) if n not in reached]
        reached.update(new)
        pending += new
    return reached, expanded & reached


def _note(
    drawn: set[Value],
    expanded: set[Value],
    order: list[Value],
    view: View,
    groups: tuple[Group, ...],
) -> str:
    words = []
    if view.window is not None:
        return f"{view.what}: {text.count(len(drawn), 'card')} of {len(order):,} values"
    if view.what:
        words.append(view.what)
    if any(group.times > 1 and not group.beside for group in groups):
        words.append("a frame with × N is drawn once and stands N times in a row")
    if any(group.beside for group in groups):
        words.append("a frame with × N side by side shows the first of N that do the same")
    left = sum(
        1 for node in drawn if node.parents and node not in expanded and node not in view.stops
    )
    if left:
        words.append(
            f"the {len(drawn):,} values nearest to the output, of {len(order):,} in the graph; "
            f"at … the picture was cut (max_nodes={view.max_nodes:,})"
        )
    note = "; ".join(words)
    return note[:1].upper() + note[1:]
