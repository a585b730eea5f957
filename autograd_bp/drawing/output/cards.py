"""The cards of a picture as HTML-like labels of the DOT language.

Kinds differ by shape as well as by colour: an operation is a square card, a parameter a rounded
one, an input has a bar at its left, a constant is a dashed pill that contains only its number, the
output has a double border.
"""

from __future__ import annotations

from dataclasses import dataclass

from autograd_bp.drawing.graph.scene import Card
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.theme import Theme

CAPTION_SIZE = 8
GAP = "&#160;&#160;"
CUT = "…"


@dataclass(frozen=True)
class Style:
    """What all cards of a picture share.

    Attributes:
        theme: the colours.
        largest: the gradient that gets the strongest colour.
        has_gradients: True where gradients are shown.
        output_name: "P" where gradients are ∂P/∂·, else empty.
    """

    theme: Theme
    largest: float
    has_gradients: bool
    output_name: str


def font(content: str, *, size: int = 0, colour: str = "", bold: bool = False) -> str:
    """Markup for text that is escaped already. Empty text has none: DOT does not allow it."""
    if not content:
        return ""
    attributes = f' POINT-SIZE="{size}"' if size else ""
    attributes += f' COLOR="{colour}"' if colour else ""
    inner = f"<B>{content}</B>" if bold else content
    return f"<FONT{attributes}>{inner}</FONT>" if attributes else inner


def cell(content: str, align: str = "RIGHT", fill: str = "", span: int = 1, more: str = "") -> str:
    """A cell of a row; `more` are further attributes, each after a space."""
    attributes = f' ALIGN="{align}"' if align != "CENTER" else ""
    attributes += f' COLSPAN="{span}"' if span > 1 else ""
    attributes += f' BGCOLOR="{fill}"' if fill else ""
    return f"<TD{attributes}{more}>{content}</TD>"


def row(*cells: str) -> str:
    """A row of a table."""
    return f"<TR>{''.join(cells)}</TR>"


def kind_fill(kind: str, theme: Theme) -> str:
    """The ground of the name of an input or a parameter; empty for others."""
    return {"input": theme.input, "parameter": theme.parameter}.get(kind, "")


def gradient_cell(x: float, style: Style, *, seed: bool = False, more: str = "") -> str:
    """A gradient on the colour of its size; the seed, with which the sweep began, has none."""
    fill, colour = style.theme.fill(0.0 if seed else x, style.largest)
    return cell(
        font(text.html(text.number(x)), colour=colour),
        fill="" if fill == style.theme.cell else fill,
        more=more,
    )


def plain_body(card: Card, style: Style) -> str:
    """The card of one node that is no table, without its frame."""
    theme = style.theme
    if card.kind == "constant":
        shown = text.number(card.data)
        shown = f"{text.name(card.label)} = {shown}" if card.label else shown
        return frame(row(cell(text.html(shown), "CENTER")))
    fill, colour = {
        "operation": (theme.header, theme.text),
        "output": (theme.output, theme.output_text),
    }.get(card.kind, ("", theme.text))
    lines = [
        cell(heading(card, colour), "CENTER", fill),
        cell(_pair("value", card.data, theme.dim, ""), "CENTER"),
    ]
    if style.has_gradients:
        seed = card.kind == "output"
        back, colour = theme.fill(0.0 if seed else card.grad, style.largest)
        plain = back == theme.cell
        content = _pair("grad", card.grad, theme.dim if plain else colour, colour)
        lines.append(cell(content, "CENTER", "" if plain else back))
    if card.kind == "input":
        look = f'WIDTH="4" CELLPADDING="0" BGCOLOR="{theme.input_bar}"'
        lines[0] = f'<TD ROWSPAN="{len(lines)}" {look}></TD>{lines[0]}'
    return frame(*map(row, lines))


def _pair(word: str, x: float, dim: str, colour: str) -> str:
    """A word at the left end of a line and a number at its right end."""
    return frame(
        row(
            cell(font(word + GAP, size=CAPTION_SIZE, colour=dim), "LEFT"),
            cell(font(text.html(text.number(x)), colour=colour)),
        ),
        padding=1,
    )


def frame(*rows: str, padding: int = 3) -> str:
    """A table without lines."""
    return (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}">'
        f"{''.join(rows)}</TABLE>"
    )


def heading(card: Card, colour: str) -> str:
    """The symbol and the name of a node."""
    symbol = text.html(card.symbol)
    if card.cut:
        symbol = f"{CUT} {symbol}"
    label = text.html(text.name(card.label))
    if label == symbol:
        label = ""
    parts = [font(symbol, colour=colour, bold=True), font(label, colour=colour)]
    return GAP.join(part for part in parts if part) or font(
        "input", size=CAPTION_SIZE, colour=colour
    )
