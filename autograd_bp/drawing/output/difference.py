"""Two graphs in one picture as text of the DOT language.

Differences are shown by sign and line as well as by colour: "+" and a double frame, "−" and dashes,
"≠" and a thick frame.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

from autograd_bp.drawing.graph.differences import ComparedCard, ComparedEdge
from autograd_bp.drawing.graph.scene import Card, Scene, Tag
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.cards import CUT, cell, compact_words, font, frame, row
from autograd_bp.drawing.output.dot import MAX_NOTE, columns, layout, opening
from autograd_bp.drawing.output.theme import Theme

SIGNS = {"more": "+", "fewer": "−", "other": "≠", "same": ""}
LEGEND = (
    "+ double frame, bold arrow: only after · − dashed: only before · ≠ thick frame: before → after"
)


def to_dot(scene: Scene, theme: Theme, title: str = "") -> str:
    """The picture of a comparison in the DOT language."""
    heading = (
        font(text.title(title), size=13, colour=theme.text),
        *(
            font(text.html(part), size=9, colour=theme.text)
            for part in textwrap.wrap(scene.note, MAX_NOTE)
        ),
        font(text.html(LEGEND), size=8, colour=theme.dim),
    )
    rows = "".join(row(cell(line, "LEFT")) for line in heading if line)
    table = f'<TABLE BORDER="0" CELLSPACING="0">{rows}</TABLE>'
    lines = [
        *opening("difference", table, theme, settings=layout(scene)),
        f'edge [arrowsize=0.55 color="{theme.edge_zero}"]',
    ]
    everything = [card.id for card in scene.cards] + [tag.id for tag in scene.tags]
    for k, ids in reversed([*enumerate(scene.lines or (everything,))]):  # the last stands on top
        members = {*ids}
        lines += [_node(card, theme) for card in _compared(scene.cards) if card.id in members]
        lines += [_tag(tag, theme) for tag in scene.tags if tag.id in members]
        lines += columns(k, ids, scene)
    for edge in scene.edges:
        times = edge.times if isinstance(edge, ComparedEdge) else (1, 1)
        lines += [_edge(edge.source, edge.target, times, theme)] * max(times)
    return "\n".join([*lines, "}", ""])


def _compared(cards: Iterable[Card]) -> list[ComparedCard]:
    return [card for card in cards if isinstance(card, ComparedCard)]


def words(card: ComparedCard) -> str:
    """The first line of a card."""
    if card.compact:
        parts = [SIGNS[card.status], compact_words(card)]
    else:
        name = text.name(card.label) if card.label != card.symbol else ""
        mark = f"→{card.mark}" if card.mark else ""
        symbol = f"{CUT} {card.symbol}" if card.cut else card.symbol
        parts = [SIGNS[card.status], symbol, name, mark]
    return "\u00a0\u00a0".join(part for part in parts if part)


def has_gradient(card: ComparedCard) -> bool:
    """Whether a card has a line with its gradient; a small one has it where that differs."""
    if not card.gradient or card.kind == "constant":
        return False
    return not card.compact or card.status in ("more", "fewer") or card.gradient_differs


def _node(card: ComparedCard, theme: Theme) -> str:
    fill, colour, look = {
        "more": (theme.plus[1], theme.text, f'peripheries=2 color="{theme.edge_plus}"'),
        "fewer": (
            theme.minus[1],
            theme.text,
            f'style="filled,dashed" color="{theme.edge_minus}"',
        ),
        "other": (theme.header, theme.text, "penwidth=3 margin=0.06"),
        "same": ("", theme.dim, ""),
    }[card.status]
    if card.compact and card.status == "other":
        look = "penwidth=2 margin=0.03"
    head = text.html(words(card)).replace("\u00a0", "&#160;")
    is_bold = card.status != "same" and not card.compact
    lines = [cell(font(head, colour=colour, bold=is_bold), "CENTER", fill)]
    if not card.compact:
        lines.append(cell(_number("value", card.figure, theme), "CENTER"))
    if has_gradient(card):
        lines.append(cell(_number("grad", card.gradient, theme), "CENTER"))
    tooltip = f"{card.label or card.symbol or 'leaf'}: {card.status}"
    padding = 2 if card.compact else 3
    return (
        f'{card.id} [id="{card.id}" class="{card.status}" {look} '
        f"tooltip={text.quoted(tooltip)} label=<{frame(*map(row, lines), padding=padding)}>]"
    )


def _number(quantity: str, shown: str, theme: Theme) -> str:
    return font(quantity + "&#160;&#160;", size=8, colour=theme.dim) + text.html(shown)


def _tag(tag: Tag, theme: Theme) -> str:
    """A small card that stands for another one, with its sign."""
    status = tag.of.status if isinstance(tag.of, ComparedCard) else "same"
    shown = " ".join(part for part in (SIGNS[status], tag.words) if part)
    body = frame(row(cell(font(text.html(f" {shown} "), size=8, colour=theme.text), "CENTER")))
    tooltip = f"{tag.of.label or tag.of.symbol or 'leaf'}: the card {tag.of.id} of this picture"
    return (
        f'{tag.id} [id="{tag.id}" class="tag" style="filled,rounded,dashed" '
        f"tooltip={text.quoted(tooltip)} label=<{body}>]"
    )


def _edge(source: str, target: str, times: tuple[int, int], theme: Theme) -> str:
    before, after = times
    look = ""
    if after > before:
        look = f' [color="{theme.edge_plus}" penwidth=2.2]'
    elif after < before:
        look = f' [color="{theme.edge_minus}" style=dashed]'
    return f"{source} -> {target}{look}"
