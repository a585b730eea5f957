"""Small cards where long arrows would be: a leaf that many read has one at each use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from autograd_bp.drawing.graph.scene import Card, Edge, Scene, Tag
from autograd_bp.drawing.output import text

MAX_ARROWS = 4  # from a leaf
MAX_SPAN = 4  # ranks from the first to the last card that reads a leaf


def tag_leaves(scene: Scene, ranks: Mapping[str, int]) -> Scene:
    """The scene with a tag at each use of the leaves that many cards read, or cards that are far
    from each other. One use, the nearest to the output, keeps the card of the leaf.
    """
    cards = {card.id: card for card in scene.cards}
    readers: dict[str, list[int]] = {}
    for edge in scene.edges:
        if not cards[edge.source].node.parents:
            readers.setdefault(edge.source, []).append(ranks[edge.target])
    far = {
        id
        for id, places in readers.items()
        if len(places) > MAX_ARROWS or max(places) - min(places) > MAX_SPAN
    }
    if not far:
        return scene
    tags: list[Tag] = []
    edges: list[Edge] = []
    nearest = {
        id: max(
            (edge.target for edge in scene.edges if edge.source == id), key=lambda t: (ranks[t], t)
        )
        for id in far
    }
    at: dict[tuple[str, str], str] = {}
    for edge in scene.edges:
        if edge.source in far and edge.target != nearest[edge.source]:
            place = (edge.source, edge.target)
            if place not in at:
                at[place] = f"t{len(tags)}"
                tags.append(Tag(at[place], cards[edge.source], words(cards[edge.source])))
            edge = replace(edge, source=at[place])
        edges.append(edge)
    return replace(scene, edges=edges, tags=tuple(tags))


def words(card: Card, mark: str = "") -> str:
    """The words of a tag about a card."""
    number = card.figure or text.number(card.data)
    name = text.name(card.label, 16) or card.symbol
    name = f"{mark}→ {name}" if mark else name
    return f"{name} = {number}" if name else number


def tag_crossings(scene: Scene, line_of: Mapping[str, int]) -> Scene:
    """The scene with tags where an arrow would lead from one line of the picture to a later one.
    The card where it would begin gets a mark by which it is found.
    """
    cards = {card.id: card for card in scene.cards}
    small = {tag.id: tag for tag in scene.tags}
    lines = dict(line_of)
    tags = list(scene.tags)
    marks = _marks(scene, line_of)
    at: dict[tuple[str, int], str] = {}
    edges: list[Edge] = []
    for edge in scene.edges:
        there = lines[edge.target]
        if lines[edge.source] == there:
            edges.append(edge)
            continue
        source = cards.get(edge.source) or small[edge.source].of
        if (edge.source, there) not in at:
            id = at[edge.source, there] = f"t{len(tags)}"
            is_leaf = not source.node.parents
            tags.append(Tag(id, source, words(source, marks.get(source.id, "")), is_leaf))
            lines[id] = there
        edges.append(replace(edge, source=at[edge.source, there]))
    parts = tuple(
        tuple(id for id in lines if lines[id] == k) for k in range(max(lines.values()) + 1)
    )
    marked = [
        replace(card, mark=marks[card.id]) if card.id in marks else card for card in scene.cards
    ]
    return replace(scene, cards=marked, edges=edges, tags=tuple(tags), lines=parts)


def _marks(scene: Scene, line_of: Mapping[str, int]) -> dict[str, str]:
    """A number for each operation that later lines read, and that no name tells from others."""
    cards = {card.id: card for card in scene.cards}
    labels = Counter(card.label for card in scene.cards)
    leaving = dict.fromkeys(
        edge.source for edge in scene.edges if line_of[edge.source] != line_of[edge.target]
    )
    unnamed = [
        id
        for id in leaving
        if id in cards and cards[id].node.parents and labels[cards[id].label or ""] != 1
    ]
    return {id: str(k) for k, id in enumerate(unnamed, 1)}
