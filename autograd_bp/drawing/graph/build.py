"""make_scene: from a graph to what its picture shows.

Five steps: fold operations into tables, find what repeats, choose the nodes that get a card, make
the cards and their edges, put frames around them. Nothing here knows of layouts, colours or markup.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from autograd_bp import graph
from autograd_bp.drawing.graph import folding, frames, layers, repeats
from autograd_bp.drawing.graph.layers import AlikeLayer
from autograd_bp.drawing.graph.links import (
    DrawnNodes,
    Links,
    choose_in_window,
    choose_nearest,
    is_expandable,
)
from autograd_bp.drawing.graph.repeats import Repetition
from autograd_bp.drawing.graph.scene import Card, Edge, FoldedTable, Frame, Operand, Scene, View
from autograd_bp.notation import text
from autograd_bp.value import Value

MAX_CARDS_OF_FULL_LAYERS = 60  # of larger graphs, layers are drawn once beyond this number


@dataclass(frozen=True)
class Shown:
    """A graph on its way to a scene.

    Attributes:
        order: the nodes in topological order, as far as the picture can go.
        uses: how often each node is a parent.
        links: the arrows of the picture.
        nodes: the nodes that get a card.
        repetitions: the chains that are drawn once.
        alike: the layers of which one operation is drawn.
    """

    order: Sequence[Value]
    uses: Mapping[Value, int]
    links: Links
    nodes: DrawnNodes
    repetitions: Sequence[Repetition] = ()
    alike: Sequence[AlikeLayer] = ()


def make_scene(output: Value, view: View) -> Scene:
    """Choose what is drawn of the graph of `output`."""
    order = graph.topological_order(output, stop=view.stops - {output})
    uses = Counter(
        parent for node in order if is_expandable(node, output, view) for parent in node.parents
    )
    tables = _tables(order, uses, output, view)
    shown = _choose(order, uses, Links(output, view, tables))
    ids = {
        node: f"n{i}" for i, node in enumerate(node for node in order if node in shown.nodes.drawn)
    }
    cards = [_card(node, shown, ids) for node in ids]
    edges = [edge for node in ids for edge in _edges(node, shown, ids)]
    lines = _frames(shown, ids)
    return Scene(
        cards,
        edges,
        any(card.grad != 0.0 for card in cards),
        view.label(output),
        _note(shown, lines),
        lines,
        bool(view.marked_edges),
    )


# --------------------------------------------------------------------------------- folding
def _tables(
    order: Sequence[Value], uses: Mapping[Value, int], output: Value, view: View
) -> dict[Value, FoldedTable]:
    """The operations that are drawn as tables."""
    if not view.fold:
        return {}
    alone = frozenset(
        node for node, n in uses.items() if node is not output and _is_alone(node, n, view)
    )
    tables = {}
    for node in order:
        if is_expandable(node, output, view):
            table = folding.fold(node, view, alone)
            if table is not None:
                tables[node] = table
    return tables


def _is_alone(node: Value, uses: int, view: View) -> bool:
    """Whether a node needs no card of its own where it stands in a table."""
    if node.is_constant and not view.label(node):
        return True
    return uses == 1 and (node in view.stops or not node.parents)


# --------------------------------------------------------------------------------- choice
def _choose(order: Sequence[Value], uses: Mapping[Value, int], links: Links) -> Shown:
    """The nodes that get a card; in large graphs, one for all that do the same."""
    view = links.view
    repetitions: list[Repetition] = []
    is_large = view.repeats is None and len(order) > view.max_nodes
    if view.repeats or is_large:
        repetitions = repeats.find(order, uses, view.stops | view.marked)
    links = replace(links, repetitions={chain.first: chain for chain in repetitions})
    if view.window is not None:
        return Shown(order, uses, links, choose_in_window(links), repetitions)
    nodes = choose_nearest(links)
    if not is_large or len(nodes.drawn) <= MAX_CARDS_OF_FULL_LAYERS:
        return Shown(order, uses, links, nodes, repetitions)
    alike = layers.find(order, uses, {links.output} | view.stops | view.marked)
    representatives = {
        node: family[0] for layer in alike for family in layer.families for node in family
    }
    links = replace(links, representatives=representatives)
    return Shown(order, uses, links, choose_nearest(links), repetitions, alike)


# ------------------------------------------------------------------------- cards and edges
def _card(node: Value, shown: Shown, ids: Mapping[Value, str]) -> Card:
    links, view = shown.links, shown.links.view
    is_expanded = node in shown.nodes.expanded
    table = links.tables.get(node) if is_expanded else None
    cut = bool(node.parents) and not is_expanded
    if view.window is not None and is_expanded:
        cut = any(node.parents[index] not in ids for index, _ in links.operands(node))
    return Card(
        node,
        ids[node],
        "output" if node is links.output else view.kind(node),
        node.op.symbol if node.op is not None else "",
        view.label(node),
        node.data,
        view.grad(node),
        table,
        {} if table is None else _operands(node, table, view),
        cut,
        node in view.stops,
        node in view.marked,
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
                parent.data,
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
            passed_back(node, partials[link.parent_index], grad),
            (node, link.parent_index) in view.marked_edges,
        )
        for link in shown.links.to(node)
        if link.source in ids
    ]


def passed_back(node: Value, partial: float, grad: float) -> float:
    """Gradient times local derivative, where a zero stops as it does in the sweep.

    A gradient of 0 is taken for one that never arrived: a node does not tell whether it cancelled.
    """
    if grad == 0.0 or (partial == 0.0 and node.op is not None and node.op.gate):
        return 0.0
    return grad * partial


# --------------------------------------------------------------------- frames and the note
def _frames(shown: Shown, ids: Mapping[Value, str]) -> tuple[Frame, ...]:
    drawn, view = shown.nodes, shown.links.view

    def ids_of(members: Sequence[Value]) -> tuple[str, ...]:
        return tuple(ids[node] for node in members if node in ids)

    lines = [
        Frame(ids_of(repetition.shown), f"× {repetition.times:,}", repetition.times)
        for repetition in shown.repetitions
        if repetition.first in drawn.expanded
    ]
    for layer in shown.alike:
        times = len(layer.families[0])
        if members := ids_of(layer.shown):
            lines.append(Frame(members, f"× {times:,} side by side", times, beside=True))
    if not view.fold and not lines:
        neurons = frames.neurons(shown.order, shown.uses, drawn.expanded | drawn.drawn, view.label)
        lines = [Frame(ids_of(members), title) for title, members in neurons]
    return tuple(lines)


def _note(shown: Shown, lines: Sequence[Frame]) -> str:
    """What was left out and what stands out, in one sentence."""
    view, nodes, total = shown.links.view, shown.nodes, len(shown.order)
    if view.window is not None:
        return f"{view.caption}: {text.count(len(nodes.drawn), 'card')} of {total:,} values"
    words = [view.caption] if view.caption else []
    if any(frame.times > 1 and not frame.beside for frame in lines):
        words.append("a frame with × N is drawn once and stands N times in a row")
    if any(frame.beside for frame in lines):
        words.append("a frame with × N side by side shows the first of N that do the same")
    if any(
        node.parents and node not in nodes.expanded and node not in view.stops
        for node in nodes.drawn
    ):
        words.append(
            f"the {len(nodes.drawn):,} values nearest to the output, of {total:,} in the graph; "
            f"at … the picture was cut (max_nodes={view.max_nodes:,})"
        )
    note = "; ".join(words)
    return note[:1].upper() + note[1:]
