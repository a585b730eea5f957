"""A scene as a Mermaid flowchart, for pages that draw those: the same cards, more plainly."""

from __future__ import annotations

from autograd_bp.drawing.graph.scene import Card, Scene
from autograd_bp.drawing.output import text

SHAPES = {
    "input": (">", "]"),
    "parameter": ("(", ")"),
    "constant": ("([", "])"),
    "operation": ("[", "]"),
    "output": ("[[", "]]"),
}


def to_mermaid(scene: Scene) -> str:
    """The picture in Mermaid's language: a pure function, like `to_dot`."""
    lines = ["flowchart LR"]
    framed = {id for frame in scene.frames for id in frame.ids}
    lines += [_node(card, scene) for card in scene.cards if card.id not in framed]
    cards = {card.id: card for card in scene.cards}
    for i, frame in enumerate(scene.frames):
        lines.append(f'subgraph group{i}["{frame.title}"]')
        lines += [_node(cards[id], scene) for id in frame.ids]
        lines.append("end")
    for edge in scene.edges:
        arrow = "==>" if edge.marked else "-->"
        lines.append(f'{edge.source} {arrow}|"{escaped(text.number(edge.partial))}"| {edge.target}')
    if scene.note:
        lines.append(f'note["{escaped(scene.note)}"]')
    return "\n".join(lines) + "\n"


def _node(card: Card, scene: Scene) -> str:
    heading = " ".join(dict.fromkeys(filter(None, (card.symbol, text.name(card.label)))))
    parts = [escaped(heading)] if heading else []
    parts.append(escaped(text.number(card.data)))
    if scene.has_gradients and card.kind != "constant":
        parts.append(f"grad {escaped(text.number(card.grad))}")
    before, after = SHAPES[card.kind]
    return f'{card.id}{before}"{"<br>".join(parts)}"{after}'


def escaped(words: str) -> str:
    """Text between quotes: letters, digits, a few signs, and Mermaid's #code; for all others."""
    return "".join(
        c if c.isalnum() or c in " .,−∂∞→…×" else f"#{ord(c)};" for c in text.clean(words)
    )
