"""The cards of a picture as HTML-like labels of the DOT language.

Told apart by shape as well as by colour: an operation is a square card, a parameter a rounded
one, an input has a bar at its left, a constant is a dashed pill with nothing but its number,
the output has a double border.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd_bp.drawing.graph.folding import Row, Table
from autograd_bp.drawing.graph.scene import Card, View
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.theme import Theme
from autograd_bp.value import Value

SMALL = 8
NAME_IN_TABLE = 16
GAP = "&#160;&#160;"
CUT = "…"


@dataclass(frozen=True)
class Style:
    """What all cards of a picture share."""

    theme: Theme
    view: View
    largest: float  # the gradient that gets the strongest colour
    has_gradients: bool
    with_respect_to: str  # "P" where gradients are ∂P/∂·, else empty


def font(content: str, *, size: int = 0, colour: str = "", bold: bool = False) -> str:
    """Markup for text that is escaped already; nothing for no text, which DOT refuses."""
    if not content:
        return ""
    attributes = f' POINT-SIZE="{size}"' if size else ""
    attributes += f' COLOR="{colour}"' if colour else ""
    inner = f"<B>{content}</B>" if bold else content
    return f"<FONT{attributes}>{inner}</FONT>" if attributes else inner


def cell(content: str, align: str = "RIGHT", fill: str = "", span: int = 1, more: str = "") -> str:
    attributes = f' ALIGN="{align}"' if align != "CENTER" else ""
    attributes += f' COLSPAN="{span}"' if span > 1 else ""
    attributes += f' BGCOLOR="{fill}"' if fill else ""
    return f"<TD{attributes}{more}>{content}</TD>"


def row(*cells: str) -> str:
    return f"<TR>{''.join(cells)}</TR>"


def kind_fill(kind: str, theme: Theme) -> str:
    """The colour of an input or a parameter, wherever its name stands."""
    return {"input": theme.input, "parameter": theme.parameter}.get(kind, "")


def gradient_cell(x: float, style: Style, *, seed: bool = False, more: str = "") -> str:
    """A gradient on the colour of its size; the seed of the sweep has none."""
    fill, colour = style.theme.fill(0.0 if seed else x, style.largest)
    return cell(
        font(text.html(text.number(x)), colour=colour),
        fill="" if fill == style.theme.cell else fill,
        more=more,
    )


def body(card: Card, style: Style) -> str:
    """The card of one node, without its frame."""
    if card.table is not None:
        return _table(card, card.table, style)
    theme = style.theme
    if card.kind == "constant":
        shown = text.number(card.data)
        shown = f"{text.name(card.label)} = {shown}" if card.label else shown
        return _frame(row(cell(text.html(shown), "CENTER")))
    fill, colour = {
        "operation": (theme.header, theme.text),
        "output": (theme.output, theme.output_text),
    }.get(card.kind, ("", theme.text))
    lines = [
        cell(_heading(card, colour), "CENTER", fill),
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
    return _frame(*map(row, lines))


def _pair(what: str, x: float, dim: str, colour: str) -> str:
    """A word and a number at the two ends of a line."""
    return _frame(
        row(
            cell(font(what + GAP, size=SMALL, colour=dim), "LEFT"),
            cell(font(text.html(text.number(x)), colour=colour)),
        ),
        padding=1,
    )


def _frame(*rows: str, padding: int = 3) -> str:
    return (
        f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="{padding}">'
        f"{''.join(rows)}</TABLE>"
    )


def _heading(card: Card, colour: str) -> str:
    symbol = text.html(card.symbol)
    if card.cut:
        symbol = f"{CUT} {symbol}"
    label = text.html(text.name(card.label))
    if label == symbol:
        label = ""
    parts = [
        font(symbol, colour=colour, bold=bool(label) or card.node.op is not None),
        font(label, colour=colour),
    ]
    return GAP.join(part for part in parts if part) or font("input", size=SMALL, colour=colour)


# ---------------------------------------------------------------------------------- tables
FORMS = {  # the columns' captions: of each value in a row, and of what the row adds
    "products": (("input", "weight"), "product"),
    "errors": (("desired", "output"), "−½(d − z)²"),
    "values": (("input",), ""),
}


def _table(card: Card, table: Table, style: Style) -> str:
    theme = style.theme
    captions, added = FORMS[table.form]
    parents = card.node.parents
    sides = [_side(k, table, parents, style) for k in range(len(captions))]
    widths = [1 + name + grad for name, grad in sides]
    columns = sum(widths) + bool(added)
    output = card.kind == "output"
    fill, colour = (theme.output, theme.output_text) if output else (theme.header, theme.text)

    head = [cell(_heading(card, colour), "CENTER", fill, columns)]
    caption = []
    for title, (name, grad) in zip(captions, sides, strict=True):
        caption.append(_dim(title, theme, "LEFT" if name else "RIGHT", 1 + name))
        if grad:
            caption.append(_dim(_gradient_title(title, style), theme))
    if added:
        caption.append(_dim(added, theme))

    lines = [row(*head), row(*caption)]
    lines += [row(*_cells(each, table, card.node, sides, style)) for each in table.rows]
    if table.hidden:
        words = f"{CUT} and {table.hidden:,} more" + (", together" if added else "")
        if added:
            lines.append(
                row(
                    _dim(words, theme, "LEFT", columns - 1),
                    cell(font(text.html(text.number(table.rest)), colour=theme.dim)),
                )
            )
        else:
            lines.append(row(_dim(words, theme, "LEFT", columns)))
    lines.append("<HR/>")
    result = font(text.html(text.number(card.data)), bold=True)
    foot = _dim(text.name(card.label) or card.symbol, theme, "LEFT", columns - 1)
    lines.append(row(foot, cell(result, more=' PORT="o"')))
    if style.has_gradients:
        words = f"∂{style.with_respect_to}/∂{text.name(card.label)}"
        if not (style.with_respect_to and card.label) or output:
            words = "grad"
        lines.append(
            row(
                _dim(words, theme, "LEFT", columns - 1),
                gradient_cell(card.grad, style, seed=output),
            )
        )
    return _frame(*lines)


def _gradient_title(title: str, style: Style) -> str:
    if not style.with_respect_to:
        return "grad"
    letter = {"input": "x", "weight": "w", "output": "z", "desired": "d"}[title]
    return f"∂{style.with_respect_to}/∂{letter}"


def _dim(words: str, theme: Theme, align: str = "RIGHT", span: int = 1) -> str:
    return cell(font(text.html(words), size=SMALL, colour=theme.dim), align, "", span)


def _side(k: int, table: Table, parents: Sequence[Value], style: Style) -> tuple[bool, bool]:
    """Whether the k-th values of the rows need a column for names, and one for gradients."""
    indices = [index for each in table.rows for index in _at(each, k, table.form)]
    named = any(_short_name(parents[i], style) for i in indices)
    with_gradient = style.has_gradients and any(
        _own_gradient(each, i, parents, style)
        for each in table.rows
        for i in _at(each, k, table.form)
    )
    return named, with_gradient


def _at(each: Row, k: int, form: str) -> tuple[int, ...]:
    """The k-th value of a row; a bias stands among the weights."""
    if form == "products" and len(each.parents) == 1:
        return each.parents if k == 1 else ()
    return each.parents[k : k + 1]


def _own_gradient(each: Row, index: int, parents: Sequence[Value], style: Style) -> bool:
    """A gradient stands in the table unless the value has a card of its own, is a constant, or
    is an input whose gradient comes from elsewhere too.
    """
    node = parents[index]
    return (
        index not in each.linked
        and style.view.kind(node) != "constant"
        and node not in style.view.stops
    )


def _short_name(node: Value, style: Style) -> str:
    label = style.view.label(node)
    if not label and node.op is not None:
        label = node.op.symbol
    return text.name(label, NAME_IN_TABLE)


def _cells(
    each: Row, table: Table, owner: Value, sides: list[tuple[bool, bool]], style: Style
) -> list[str]:
    theme = style.theme
    parents = owner.parents
    cells: list[str] = []
    for k, (named, with_gradient) in enumerate(sides):
        index = next(iter(_at(each, k, table.form)), None)
        port = f' PORT="{each.port}"' if not cells else ""
        if index is None:
            cells.append(cell("", span=1 + named + with_gradient, more=port))
            continue
        node = parents[index]
        if named:
            name = text.html(_short_name(node, style))
            if (owner, index) in style.view.marked_edges and index not in each.linked:
                name = font(f"→ {name}", bold=True)
            cells.append(cell(name, "LEFT", kind_fill(style.view.kind(node), theme), more=port))
            port = ""
        cells.append(cell(text.html(text.number(node.data)), more=port))
        if with_gradient:
            own = _own_gradient(each, index, parents, style)
            cells.append(gradient_cell(style.view.grad(node), style) if own else cell(""))
    if FORMS[table.form][1]:
        cells.append(cell(font(text.html(text.number(each.adds)), colour=theme.dim)))
    return cells
