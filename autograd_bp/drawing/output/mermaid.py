"""A scene as a Mermaid flowchart, for pages that draw those: the same cards, more plainly."""

from __future__ import annotations

from collections.abc import Iterator

from autograd_bp.drawing.graph.scene import Card, FoldedTable, Frame, Scene
from autograd_bp.drawing.output import text

SHAPES = {
    "input": (">", "]"),
    "parameter": ("(", ")"),
    "desired": ("{{", "}}"),
    "constant": ("([", "])"),
    "operation": ("[", "]"),
    "output": ("[[", "]]"),
}


def to_mermaid(scene: Scene) -> str:
    """The picture in Mermaid's language: a pure function, like `to_dot`."""
    lines = ["flowchart TB" if scene.direction == "down" else "flowchart LR"]
    framed = {id for frame in scene.frames for id in frame.ids}
    lines += [_node(card, scene) for card in scene.cards if card.id not in framed]
    lines += _framed(scene)
    lines += [f'{tag.id}(["{escaped(tag.words)}"])' for tag in scene.tags]
    for edge in scene.edges:
        arrow = "==>" if edge.marked else "-->"
        lines.append(f'{edge.source} {arrow}|"{escaped(text.number(edge.partial))}"| {edge.target}')
    if scene.note:
        lines.append(f'note["{escaped(scene.note)}"]')
    return "\n".join(lines) + "\n"


def _framed(scene: Scene) -> Iterator[str]:
    """The frames, with the cards inside, one in another."""
    cards = {card.id: card for card in scene.cards}
    for outer, inner in scene.nests():
        own = {id for k in inner for id in scene.frames[k].ids}
        yield _opening(outer, scene.frames[outer])
        yield from (_node(cards[id], scene) for id in scene.frames[outer].ids if id not in own)
        for k in inner:
            yield _opening(k, scene.frames[k])
            yield from (_node(cards[id], scene) for id in scene.frames[k].ids)
            yield "end"
        yield "end"


def _opening(number: int, frame: Frame) -> str:
    title = escaped(": ".join([frame.title, *frame.formulas[:1]]))
    return f'subgraph group{number}["{title}"]'


def _node(card: Card, scene: Scene) -> str:
    heading = " ".join(dict.fromkeys(filter(None, (card.symbol, text.name(card.label)))))
    parts = [escaped(heading)] if heading else []
    if card.table is not None:
        parts += [escaped(line) for line in _rows(card, card.table)]
    parts.append(escaped(text.number(card.data)))
    if scene.has_gradients and card.kind != "constant":
        parts.append(f"grad {escaped(text.number(card.grad))}")
    before, after = SHAPES[card.kind]
    return f'{card.id}{before}"{"<br>".join(parts)}"{after}'


def _rows(card: Card, table: FoldedTable) -> Iterator[str]:
    """The rows of a table: what is multiplied or compared, with names, and what it adds."""
    sign = {"products": " · ", "errors": " − "}.get(table.form, "")
    for row in table.rows:
        words = []
        for index in row.parents:
            operand = card.operands[index]
            name = text.name(operand.name, 16)
            figure = text.number(operand.data)
            words.append(f"{name} {figure}" if name else figure)
        line = sign.join(words)
        if table.form == "products" and len(words) > 1:
            line = f"{line} = {text.number(row.contribution)}"
        yield line
    if table.hidden:
        yield f"… and {table.hidden:,} more"


def escaped(words: str) -> str:
    """Text between quotes: letters, digits, a few signs, and Mermaid's #code; for all others."""
    return "".join(
        c if c.isalnum() or c in " .,−∂∞→…×·" else f"#{ord(c)};" for c in text.clean(words)
    )
