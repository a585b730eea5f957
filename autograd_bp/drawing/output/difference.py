"""Two graphs in one picture as text of the DOT language.

Differences are shown by sign and line as well as by colour: "+" and a double frame, "−" and dashes,
"≠" and a thick frame.
"""

from __future__ import annotations

from autograd_bp.drawing.graph.compare import ComparedEdge, ComparedNode, Comparison, equal
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.cards import cell, font, frame, row
from autograd_bp.drawing.output.dot import opening
from autograd_bp.drawing.output.theme import Theme

SIGNS = {"more": "+", "fewer": "−", "other": "≠", "same": ""}
LEGEND = (
    "+ double frame, bold arrow: only after · − dashed: only before · ≠ thick frame: before → after"
)


def to_dot(comparison: Comparison, theme: Theme, title: str = "") -> str:
    """The picture of a comparison in the DOT language."""
    heading = (
        font(text.title(title), size=13, colour=theme.text),
        font(text.html(comparison.note), size=9, colour=theme.text),
        font(text.html(LEGEND), size=8, colour=theme.dim),
    )
    rows = "".join(row(cell(line, "LEFT")) for line in heading if line)
    lines = [
        *opening("difference", f'<TABLE BORDER="0" CELLSPACING="0">{rows}</TABLE>', theme),
        f'edge [arrowsize=0.55 color="{theme.edge_zero}"]',
        *(_node(node, comparison.has_gradients, theme) for node in comparison.nodes),
    ]
    for edge in comparison.edges:
        lines += [_edge(edge, theme)] * max(edge.before, edge.after)
    return "\n".join([*lines, "}", ""])


def _node(node: ComparedNode, has_gradients: bool, theme: Theme) -> str:
    fill, colour, look = {
        "more": (theme.plus[1], theme.text, f'peripheries=2 color="{theme.edge_plus}"'),
        "fewer": (
            theme.minus[1],
            theme.text,
            f'style="filled,dashed" color="{theme.edge_minus}"',
        ),
        "other": (theme.header, theme.text, "penwidth=3 margin=0.06"),
        "same": ("", theme.dim, ""),
    }[node.status]
    name = text.name(node.label) if node.label != node.symbol else ""
    words = [SIGNS[node.status], node.symbol, name]
    head = "&#160;&#160;".join(text.html(word) for word in words if word)
    lines = [
        cell(font(head, colour=colour, bold=node.status != "same"), "CENTER", fill),
        cell(_change("value", *node.data, theme), "CENTER"),
    ]
    if has_gradients and not node.is_constant:
        lines.append(cell(_change("grad", *node.grad, theme), "CENTER"))
    tooltip = f"{node.label or node.symbol or 'leaf'}: {node.status}"
    return (
        f'{node.id} [id="{node.id}" class="{node.status}" {look} '
        f"tooltip={text.quoted(tooltip)} label=<{frame(*map(row, lines))}>]"
    )


def _change(quantity: str, old: float, new: float, theme: Theme) -> str:
    """A number, or what it was and what it is."""
    shown = text.number(new)
    if not equal(old, new):
        before = text.number(old)
        same_digits = f" (by {text.number(new - old)})" if before == shown else ""
        shown = f"{before} → {shown}{same_digits}"
    return font(quantity + "&#160;&#160;", size=8, colour=theme.dim) + text.html(shown)


def _edge(edge: ComparedEdge, theme: Theme) -> str:
    look = ""
    if edge.after > edge.before:
        look = f' [color="{theme.edge_plus}" penwidth=2.2]'
    elif edge.after < edge.before:
        look = f' [color="{theme.edge_minus}" style=dashed]'
    return f"{edge.source} -> {edge.target}{look}"
