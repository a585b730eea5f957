"""make_scene: from a graph to what its picture shows.

Five steps: fold operations into tables, find what repeats, choose the nodes that get a card, make
the cards and their edges, put frames around them. Nothing here knows of layouts, colours or markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp import graph
from autograd_bp.drawing.graph import folding, numbers
from autograd_bp.drawing.graph.links import (
    Links,
    choose_in_window,
    choose_nearest,
    is_expandable,
)
from autograd_bp.drawing.graph.notes import make_frames, make_note
from autograd_bp.drawing.graph.parts import Graph, Shown
from autograd_bp.drawing.graph.scene import Card, Edge, FoldedTable, Operand, Scene, View
from autograd_bp.value import Value

MAX_READERS_OF_ROWS = 4  # from so many tables on, a leaf stands in their rows only


def read(outputs: Sequence[Value], view: View) -> Graph:
    """The graph of some outputs, down to where the picture stops."""
    ends = frozenset(outputs)
    order = graph.topological_order(*outputs, stop=view.stops - ends)
    uses = Counter(
        parent for node in order if is_expandable(node, ends, view) for parent in node.parents
    )
    facts = numbers.facts(order, outputs, view)
    return Graph(tuple(outputs), order, uses, view.stops | view.marked, facts)


def make_scene(output: Value | Graph, view: View) -> Scene:
    """Choose what is drawn of the graph of `output`."""
    whole = output if isinstance(output, Graph) else read((output,), view)
    shown = _choose(whole, view)
    place = whole.place
    drawn = sorted((node for node in shown.nodes.drawn if node in place), key=place.__getitem__)
    ids = {node: f"n{i}" for i, node in enumerate(drawn)}
    series = whole.series() if view.repeats else {}
    cards = [_card(node, shown, ids, series) for node in ids]
    edges = [edge for node in ids for edge in _edges(node, shown, ids)]
    frames = make_frames(shown, ids)
    return Scene(
        cards,
        edges,
        any(card.grad != 0.0 for card in cards),
        view.label(whole.outputs[0]) if len(whole.outputs) == 1 else "",
        make_note(shown, frames),
        frames,
        bool(view.marked_edges),
        compact=view.compact,
    )


# --------------------------------------------------------------------------------- folding
class Tables(dict[Value, FoldedTable | None]):
    """The operations that are drawn as tables, each folded when it is asked for."""

    def __init__(self, whole: Graph, view: View) -> None:
        """Arguments:
        whole: the graph.
        view: how it is to be shown.
        """
        self.whole, self.view = whole, view
        self.ends = frozenset(whole.outputs)
        self.readers = whole.readers(view.repeats, view.layers)

    def get(self, node: Value, default: Any = None) -> Any:
        """The table of an operation; `default` where it is drawn as a plain card."""
        if node not in self:
            self[node] = self._fold(node)
        table = self[node]
        return default if table is None else table

    def _fold(self, node: Value) -> FoldedTable | None:
        if not self.view.fold or not is_expandable(node, self.ends, self.view):
            return None
        if node.op is None or node.op.arity is not None:
            return None
        alone = {parent for parent in node.parents if self._is_alone(parent)}
        return folding.fold(node, self.view, alone)

    def _is_alone(self, node: Value) -> bool:
        uses = self.whole.uses[node]
        return node not in self.ends and _is_alone(node, uses, self.readers[node], self.view)


def _is_alone(node: Value, uses: int, readers: int, view: View) -> bool:
    """Whether a node needs no card of its own where it stands in a table."""
    if node.is_constant and not view.label(node):
        return True
    if node.parents and node not in view.stops:
        return False
    if uses > 1 and node in view.marked:
        return False
    # Of a leaf that a whole layer reads, one reader is drawn.
    return uses == 1 or max(readers, uses * bool(view.layers)) >= MAX_READERS_OF_ROWS


# --------------------------------------------------------------------------------- choice
def _choose(whole: Graph, view: View) -> Shown:
    """The nodes that get a card; of what is done again and again, those of one copy."""
    repetitions = whole.repetitions() if view.repeats else []
    is_layered = bool(view.layers) and view.window is None
    links = Links(
        whole.outputs,
        view,
        Tables(whole, view),
        {place: node for r in repetitions for place, node in r.before.items()},
        whole.representatives(view.repeats, view.layers if is_layered else 0),
    )
    choose = choose_nearest if view.window is None else choose_in_window
    alike = whole.layers(view.repeats, view.layers) if is_layered else []
    return Shown(whole, links, choose(links), repetitions, alike)


# ------------------------------------------------------------------------- cards and edges
def _card(
    node: Value,
    shown: Shown,
    ids: Mapping[Value, str],
    series: Mapping[Value, tuple[float, ...]],
) -> Card:
    links, view, facts = shown.links, shown.links.view, shown.graph.facts
    is_expanded = node in shown.nodes.expanded
    table = links.tables.get(node) if is_expanded else None
    folded = 0
    if view.brief and table is not None:
        folded = len(table.rows) + table.hidden
        table = None
    cut = bool(node.parents) and not is_expanded
    if view.window is not None and is_expanded:
        cut = any(node.parents[index] not in ids for index, _ in links.operands(node))
    return Card(
        node,
        ids[node],
        "output" if node in links.outputs else view.kind(node),
        node.op.symbol if node.op is not None else "",
        view.label(node),
        view.number(node),
        view.grad(node),
        table,
        {} if table is None else _operands(node, table, view),
        cut,
        node in view.stops,
        node in view.marked,
        series.get(node, ()),
        view.compact,
        {
            i: view.number(parent)
            for i, parent in enumerate(node.parents)
            if table is None and not folded and links.is_inline(parent) and is_expanded
        },
        facts.earlier.get(node, 0.0),
        node in facts.began,
        folded=folded,
    )


def _operands(node: Value, table: FoldedTable, view: View) -> dict[int, Operand]:
    """The values in the rows of a table."""
    operands = {}
    for row in table.rows:
        for index in row.parents:
            parent = node.parents[index]
            operands[index] = Operand(
                view.label(parent) or (parent.op.symbol if parent.op is not None else ""),
                view.kind(parent),
                view.number(parent),
                view.grad(parent),
                parent in view.stops,
                (node, index) in view.marked_edges,
            )
    return operands


def _edges(node: Value, shown: Shown, ids: Mapping[Value, str]) -> list[Edge]:
    if node not in shown.nodes.expanded:
        return []
    view = shown.links.view
    partials, grad = node.partials, view.grad(node)
    return [
        Edge(
            ids[link.source],
            ids[node],
            link.port,
            partials[link.parent_index],
            numbers.passed_back(node, partials[link.parent_index], grad),
            (node, link.parent_index) in view.marked_edges,
        )
        for link in shown.links.to(node)
        if link.source in ids
    ]
