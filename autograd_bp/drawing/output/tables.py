"""The cards of folded operations: a table with a row for each operand or pair of operands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograd_bp.drawing.graph.scene import Card, FoldedTable, Operand, TableRow
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.cards import (
    CAPTION_SIZE,
    CUT,
    Style,
    cell,
    font,
    frame,
    gradient_cell,
    heading,
    kind_fill,
    row,
)
from autograd_bp.drawing.output.theme import Theme

MAX_NAME_IN_TABLE = 16  # characters

FORMS = {  # the captions of each value in a row, and of what the row adds
    "products": (("input", "weight"), "product"),
    "errors": (("desired", "output"), "−½(d − z)²"),
    "values": (("input",), ""),
}
LETTERS = {"input": "x", "weight": "w", "output": "z", "desired": "d"}


@dataclass(frozen=True)
class Column:
    """The k-th values of all rows.

    Attributes:
        caption: what they are.
        has_names: True where any of them has a name.
        has_gradients: True where the gradient of any of them stands in the table.
    """

    caption: str
    has_names: bool
    has_gradients: bool

    @property
    def width(self) -> int:
        """In cells: name, value, gradient."""
        return 1 + self.has_names + self.has_gradients


def table_body(card: Card, table: FoldedTable, style: Style) -> str:
    """The card of a folded operation, without its frame."""
    captions, caption_of_sum = FORMS[table.form]
    columns = [_column(k, caption, card, table, style) for k, caption in enumerate(captions)]
    width = sum(column.width for column in columns) + bool(caption_of_sum)
    is_output = card.kind == "output"
    theme = style.theme
    fill, colour = (theme.output, theme.output_text) if is_output else (theme.header, theme.text)
    lines = [
        row(cell(heading(card, colour), "CENTER", fill, width)),
        row(*_captions(columns, caption_of_sum, style)),
    ]
    lines += [row(*_cells(table_row, columns, card, table.form, style)) for table_row in table.rows]
    if table.hidden:
        lines.append(row(*_hidden_rows(table, caption_of_sum, width, theme)))
    lines.append("<HR/>")
    result = font(text.html(text.number(card.data)), bold=True)
    foot = _caption(text.name(card.label) or card.symbol, theme, "LEFT", width - 1)
    lines.append(row(foot, cell(result, more=' PORT="o"')))
    if style.has_gradients:
        words = "grad"
        if style.output_name and card.label and not is_output:
            words = f"∂{style.output_name}/∂{text.name(card.label)}"
        gradient = gradient_cell(card.grad, style, seed=is_output)
        lines.append(row(_caption(words, theme, "LEFT", width - 1), gradient))
    return frame(*lines)


def _column(k: int, caption: str, card: Card, table: FoldedTable, style: Style) -> Column:
    places = [
        (table_row, index)
        for table_row in table.rows
        if (index := _index(table_row, k, table.form)) is not None
    ]
    has_names = any(_short_name(card.operands[index]) for _, index in places)
    has_gradients = style.has_gradients and any(
        _has_own_gradient(card.operands[index], index, table_row) for table_row, index in places
    )
    return Column(caption, has_names, has_gradients)


def _captions(columns: Sequence[Column], caption_of_sum: str, style: Style) -> list[str]:
    theme = style.theme
    cells = []
    for column in columns:
        align = "LEFT" if column.has_names else "RIGHT"
        cells.append(_caption(column.caption, theme, align, 1 + column.has_names))
        if column.has_gradients:
            name = style.output_name
            words = f"∂{name}/∂{LETTERS[column.caption]}" if name else "grad"
            cells.append(_caption(words, theme))
    if caption_of_sum:
        cells.append(_caption(caption_of_sum, theme))
    return cells


def _hidden_rows(table: FoldedTable, caption_of_sum: str, width: int, theme: Theme) -> list[str]:
    """How many rows are not shown and, where rows add something, what those add together."""
    words = f"{CUT} and {table.hidden:,} more"
    if not caption_of_sum:
        return [_caption(words, theme, "LEFT", width)]
    rest = cell(font(text.html(text.number(table.rest)), colour=theme.dim))
    return [_caption(f"{words}, together", theme, "LEFT", width - 1), rest]


def _caption(words: str, theme: Theme, align: str = "RIGHT", span: int = 1) -> str:
    return cell(font(text.html(words), size=CAPTION_SIZE, colour=theme.dim), align, "", span)


def _cells(
    table_row: TableRow, columns: Sequence[Column], card: Card, form: str, style: Style
) -> list[str]:
    theme = style.theme
    cells: list[str] = []
    for k, column in enumerate(columns):
        index = _index(table_row, k, form)
        port = f' PORT="{table_row.port}"' if not cells else ""
        if index is None:
            cells.append(cell("", span=column.width, more=port))
            continue
        operand = card.operands[index]
        if column.has_names:
            name = text.html(_short_name(operand))
            if operand.marked and index not in table_row.linked:
                name = font(f"→ {name}", bold=True)
            cells.append(cell(name, "LEFT", kind_fill(operand.kind, theme), more=port))
            port = ""
        cells.append(cell(text.html(text.number(operand.data)), more=port))
        if column.has_gradients:
            is_own = _has_own_gradient(operand, index, table_row)
            cells.append(gradient_cell(operand.grad, style) if is_own else cell(""))
    if FORMS[form][1]:
        contribution = text.html(text.number(table_row.contribution))
        cells.append(cell(font(contribution, colour=theme.dim)))
    return cells


def _index(table_row: TableRow, k: int, form: str) -> int | None:
    """The parent that is the k-th value of a row; a bias stands among the weights."""
    parents = table_row.parents
    if form == "products" and len(parents) == 1:
        return parents[0] if k == 1 else None
    return parents[k]


def _has_own_gradient(operand: Operand, index: int, table_row: TableRow) -> bool:
    """A gradient stands in the table unless the value has a card of its own, is a constant, or
    is an input whose gradient comes from elsewhere too.
    """
    return index not in table_row.linked and operand.kind != "constant" and not operand.is_stop


def _short_name(operand: Operand) -> str:
    return text.name(operand.name, MAX_NAME_IN_TABLE)
