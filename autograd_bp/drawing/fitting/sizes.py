"""How large cards and pictures will be, in points, without laying them out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from autograd_bp.drawing.graph.scene import Card, Scene, Tag
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.canvas import width
from autograd_bp.drawing.output.cards import compact_words, series_words
from autograd_bp.drawing.output.tables import FORMS

SEPARATION = 13.0  # between the cards of a rank
ROW = 17.0  # of a table
LABEL = 11.0  # the height of a number on an edge
LEAST_GAP = 22.0  # between two columns
HEADING = 80.0  # the title and the legend


def card_size(card: Card, has_gradients: bool) -> tuple[float, float]:
    """Width and height of a card."""
    if card.size is not None:
        return card.size
    if card.table is not None:
        return _table_size(card, has_gradients)
    if card.compact:
        return width(compact_words(card), 10.0) * 0.92 + 8.0, 20.0
    number = text.number(card.data)
    if card.kind == "constant" and not card.series:
        words = f"{text.name(card.label)} = {number}" if card.label else number
        return width(words, 10.0) + 10.0, 22.0
    heading = width(f"{card.symbol}   {text.name(card.label)}", 10.0)
    values = width(f"{text.number(card.grad)} {number}", 10.0) * 0.5 + 34.0
    rows = 2 + has_gradients + (card.earlier != 0.0)
    wide = max(heading, values, width(number, 10.0) + 34.0)
    if card.series:
        wide = max(wide, width(series_words(card.series), 10.0) + 12.0)
        rows += 2
    return wide + 12.0, rows * 19.0


def _table_size(card: Card, has_gradients: bool) -> tuple[float, float]:
    table = card.table
    assert table is not None
    rows = len(table.rows) + bool(table.hidden) + 3 + has_gradients
    columns = 1.0 + len(FORMS[table.form][0]) * (1.6 + has_gradients)
    return 22.0 + 42.0 * columns, rows * ROW


def tag_size(tag: Tag) -> tuple[float, float]:
    """Width and height of a tag."""
    return width(tag.words, 8.0) + 10.0, 15.0


def sizes(scene: Scene) -> dict[str, tuple[float, float]]:
    """The size of everything that has an id."""
    known = {card.id: card_size(card, scene.has_gradients) for card in scene.cards}
    known.update((tag.id, tag_size(tag)) for tag in scene.tags)
    return known


def extent(
    scene: Scene, ranks: Mapping[str, int], known: Mapping[str, tuple[float, float]]
) -> tuple[float, float]:
    """Width and height of the picture, its heading included."""
    is_down = scene.direction == "down"
    separation = 9.0 if scene.compact else SEPARATION
    parts: Sequence[Sequence[str]] = scene.lines or [[*ranks]]
    gaps, between = _passages(scene, ranks, parts)
    lengths: dict[int, float] = {}  # of each column, which all lines share
    across = 0.0
    for k, ids in enumerate(parts):
        for id in ids:
            size = known[id][::-1] if is_down else known[id]
            lengths[ranks[id]] = max(lengths.get(ranks[id], 0.0), size[0])
            gaps[k][ranks[id]] = gaps[k].get(ranks[id], 0.0) + size[1] + separation
        tallest = max(max(gaps[k].values(), default=0.0), max(between[k].values(), default=0.0))
        across += tallest * spread(len(gaps[k])) + 12.0
    between_columns = gap_widths(scene, ranks)
    along = sum(lengths.values()) + sum(
        between_columns.get(rank, LEAST_GAP) for rank in sorted(lengths)[:-1]
    )
    across += 30.0 * len(scene.frames)
    across += 14.0 * max((len(f.formulas) for f in scene.frames if f.beside), default=0)
    if is_down:
        return across, along + HEADING
    return along, across + HEADING


def _passages(
    scene: Scene, ranks: Mapping[str, int], parts: Sequence[Sequence[str]]
) -> tuple[list[dict[int, float]], list[dict[int, float]]]:
    """What arrows take of each column of each line that they pass, and of the gap behind it."""
    is_down = scene.direction == "down"
    line_of = {id: k for k, ids in enumerate(parts) for id in ids}
    gaps: list[dict[int, float]] = [{} for _ in parts]
    between: list[dict[int, float]] = [{} for _ in parts]
    for edge in scene.edges:
        k = line_of[edge.target]
        first, last = ranks[edge.source], ranks[edge.target]
        label = 0.0 if scene.compact else (label_width(edge.partial) if is_down else LABEL)
        for rank in range(first, last):
            between[k][rank] = between[k].get(rank, 0.0) + label * (rank == last - 1)
            if rank > first:
                gaps[k][rank] = gaps[k].get(rank, 0.0) + 6.0
    return gaps, between


def spread(ranks: int) -> float:
    """How much more room a line takes than its fullest rank, because cards do not stand in rows."""
    return 1.0 + min(ranks, 12) * 0.03


def gap_widths(scene: Scene, ranks: Mapping[str, int]) -> dict[int, float]:
    """The widths right of each column: room for the numbers on the edges, or only for arrows."""
    if scene.compact:
        return {}
    is_down = scene.direction == "down"
    gaps: dict[int, float] = {}
    for edge in scene.edges:
        middle = (ranks[edge.source] + ranks[edge.target]) // 2
        label = LABEL if is_down else label_width(edge.partial)
        gaps[middle] = max(gaps.get(middle, 0.0), 34.0 + label)
    return gaps


def label_width(partial: float) -> float:
    """The width of the number on an edge."""
    return width(text.number(partial), 8.0) + 6.0
