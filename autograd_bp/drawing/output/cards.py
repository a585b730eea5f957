"""The cards of a picture as HTML-like labels of the DOT language.

Kinds differ by shape as well as by colour: an operation is a square card, a parameter a rounded
one, an input has a bar at its left, a constant is a dashed pill that contains only its number, the
output has a double border.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from autograd_bp.drawing.graph.scene import Card, Tag
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.theme import Theme

CAPTION_SIZE = 8
GAP = "&#160;&#160;"
CUT = "…"
MAX_BARS, BAR_HEIGHT = 24, 14


@dataclass(frozen=True)
class Style:
    """The style that all cards of a picture share.

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
    return {"input": theme.input, "parameter": theme.parameter, "desired": theme.desired}.get(
        kind, ""
    )


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
    if card.compact:
        return _compact_body(card, style)
    if card.kind == "constant" and not card.series:
        shown = text.number(card.data)
        shown = f"{text.name(card.label)} = {shown}" if card.label else shown
        return frame(row(cell(text.html(shown), "CENTER")))
    fill, colour = {
        "operation": (theme.header, theme.text),
        "output": (theme.output, theme.output_text),
    }.get(card.kind, ("", theme.text))
    lines = [cell(heading(card, colour), "CENTER", fill)]
    if not card.series or card.node.parents:
        lines.append(_value_cell(card, style))
    if card.series:
        lines += _series_cells(card.series, theme)
    if style.has_gradients and card.kind != "constant":
        seed = card.kind == "output"
        back, colour = theme.fill(0.0 if seed else card.grad, style.largest)
        plain = back == theme.cell
        content = _pair("grad", card.grad, theme.dim if plain else colour, colour)
        lines.append(cell(content, "CENTER", "" if plain else back))
        if card.earlier:
            words = f"of it from before: {text.number(card.earlier)}"
            lines.append(
                cell(font(text.html(words), size=CAPTION_SIZE, colour=theme.dim), "CENTER")
            )
    if card.kind == "input":
        look = f'WIDTH="4" CELLPADDING="0" BGCOLOR="{theme.input_bar}"'
        lines[0] = f'<TD ROWSPAN="{len(lines)}" {look}></TD>{lines[0]}'
    return frame(*map(row, lines))


def _value_cell(card: Card, style: Style) -> str:
    """The number of a node, on red where it is not finite."""
    if math.isfinite(card.data):
        return cell(_pair("value", card.data, style.theme.dim, ""), "CENTER")
    red = style.theme.not_finite
    return cell(_pair("value", card.data, "#ffffff", "#ffffff"), "CENTER", red)


def _series_cells(series: Sequence[float], theme: Theme) -> list[str]:
    """The numbers of all steps: their range, and a bar for each, or for some of many."""
    finite = [x for x in series if math.isfinite(x)]
    cells = [cell(font(text.html(series_words(series)), size=9, colour=theme.text), "CENTER")]
    if len(finite) == len(series) and min(finite) < max(finite):
        cells.append(cell(_bars(finite, theme), "CENTER"))
    return cells


def series_words(series: Sequence[float]) -> str:
    """The range of the numbers of all steps."""
    low, high = text.number(min(series)), text.number(max(series))
    return f"{low} … {high}" if all(map(math.isfinite, series)) else "not finite in some steps"


def _bars(numbers: Sequence[float], theme: Theme) -> str:
    """Bars from the smallest number to each; of many numbers, some at equal distances."""
    count = min(len(numbers), MAX_BARS)
    low, span = min(numbers), max(numbers) - min(numbers)
    places = [k * (len(numbers) - 1) // max(count - 1, 1) for k in range(count)]
    heights = [1 + round((BAR_HEIGHT - 2) * (numbers[k] - low) / span) for k in places]
    look = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"'
    bars = "".join(
        f"<TD><TABLE {look}><TR>{_bar(BAR_HEIGHT - height)}</TR>"
        f"<TR>{_bar(height, theme.dim)}</TR></TABLE></TD>"
        for height in heights
    )
    return f"<TABLE {look}><TR>{bars}</TR></TABLE>"


def _bar(height: int, colour: str = "") -> str:
    fill = f' BGCOLOR="{colour}"' if colour else ""
    return f'<TD WIDTH="3" HEIGHT="{height}" FIXEDSIZE="TRUE"{fill}></TD>'


def _compact_body(card: Card, style: Style) -> str:
    """A node in one line, on the colour of its gradient."""
    theme = style.theme
    fill, colour = {
        "operation": ("", theme.text),
        "output": (theme.output, theme.output_text),
    }.get(card.kind, ("", theme.text))
    if style.has_gradients and card.kind not in ("output", "constant"):
        fill, colour = theme.fill(card.grad, style.largest)
        fill = "" if fill == theme.cell else fill
    if not math.isfinite(card.data):
        fill, colour = theme.not_finite, "#ffffff"
    words = font(text.html(compact_words(card)), colour=colour)
    return frame(row(cell(words, "CENTER", fill)))


def compact_words(card: Card) -> str:
    """The words of a card of one line: + 0.5 = 1.5, with the constants that it is made with."""
    head = card.symbol
    if card.folded:
        head = f"{head} of {card.folded:,}"
    for index, number in card.inline.items():
        shown = text.number(number)
        if head.isalpha():
            head = f"{head}({shown}, ·)" if index == 0 else f"{head}(·, {shown})"
        else:
            head = f"{shown} {head}" if index == 0 else f"{head} {shown}"
    if card.cut:
        head = f"{CUT} {head}"
    name = text.name(card.label, 14)
    head = " ".join(dict.fromkeys(word for word in (head, name) if word))
    figure = card.figure or text.number(card.data)
    if card.series and not card.node.parents:
        figure = series_words(card.series)
    shown = f"{head} = {figure}" if head else figure
    return f"{shown}  →{card.mark}" if card.mark else shown


def tag_body(tag: Tag, style: Style) -> str:
    """A small card that stands for another one."""
    content = font(text.html(f" {tag.words} "), size=CAPTION_SIZE, colour=style.theme.text)
    return frame(row(cell(content, "CENTER")), padding=2)


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
    mark = f"→{card.mark}" if card.mark else ""
    parts = [
        font(symbol, colour=colour, bold=True),
        font(label, colour=colour),
        font(mark, size=CAPTION_SIZE, colour=colour),
    ]
    return GAP.join(part for part in parts if part) or font(
        "input", size=CAPTION_SIZE, colour=colour
    )
