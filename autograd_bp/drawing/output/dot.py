"""A scene as text of the DOT language: a pure function, the same graph gives the same bytes.

Nodes and edges are written in topological order, one to a line, so that two pictures can be
compared with any diff.
"""

from __future__ import annotations

import math

from autograd_bp.drawing.graph.scene import Card, Edge, Scene, View
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.cards import GAP, Style, body, font
from autograd_bp.drawing.output.theme import BINS, Theme

UNCOLOURED = ("output", "constant")
SAMPLE_WIDTH = 52
THIN, WIDE = 0.8, 2.6  # the width of an edge: THIN + WIDE · (its share of the largest)


def to_dot(scene: Scene, view: View, theme: Theme, title: str = "") -> str:
    """The picture of a scene in the DOT language."""
    style = _style(scene, view, theme)
    constants = {card.id for card in scene.cards if card.kind == "constant"}
    passed = [
        abs(edge.passed)
        for edge in scene.edges
        if math.isfinite(edge.passed) and edge.source not in constants
    ]
    largest = max(passed, default=0.0)
    lines = [
        "digraph computation {",
        f'graph [rankdir=LR bgcolor="{theme.background}" fontname="Helvetica" fontsize=10 '
        f'fontcolor="{theme.text}" nodesep=0.18 ranksep=0.45 splines=spline '
        'outputorder=edgesfirst pad=0.25 labelloc=t labeljust=l tooltip=" " '
        f"label=<{_heading(scene, style, title)}>]",
        f'node [shape=box fontname="Helvetica" fontsize=10 fontcolor="{theme.text}" '
        f'color="{theme.line}" fillcolor="{theme.cell}" style=filled margin=0 height=0 width=0]',
        f'edge [fontname="Helvetica" fontsize=8 arrowsize=0.55 color="{theme.edge_zero}" '
        f'fontcolor="{theme.dim}"]',
    ]
    inside = {id for group in scene.groups for id in group.ids}
    lines += [_node(card, style) for card in scene.cards if card.id not in inside]
    nodes = {card.id: card for card in scene.cards}
    for i, group in enumerate(scene.groups):
        lines += [
            f"subgraph cluster_{i} {{",
            f'graph [label="{group.title}" labeljust=l margin=8 '
            f'style="rounded{",dashed" if group.times > 1 else ""}" '
            f'fontsize=11 color="{theme.line}" fontcolor="{theme.text}"]',
            *(_node(nodes[id], style) for id in group.ids),
            "}",
        ]
    tables = {card.id for card in scene.cards if card.table is not None}
    lines += [
        _edge(
            i,
            edge,
            tables,
            edge.source in constants,
            scene.has_gradients,
            largest,
            theme,
            bool(view.marked_edges),
        )
        for i, edge in enumerate(scene.edges)
    ]
    lines.append("}")
    return "\n".join(lines) + "\n"


def _style(scene: Scene, view: View, theme: Theme) -> Style:
    output = next((card for card in scene.cards if card.kind == "output"), None)
    label = scene.output_label or (output.symbol if output and output.symbol == "P" else "")
    short = text.name(label) if len(label) <= 4 and output and output.grad == 1.0 else ""
    return Style(theme, view, _largest_gradient(scene, view), scene.has_gradients, short)


def _largest_gradient(scene: Scene, view: View) -> float:
    """What the colours are relative to: the largest gradient, that of the output left out, where
    the sweep began. Where next to it those of all parameters would look like nothing, the
    largest of the parameters: they are what learns.
    """
    parameters: list[float] = []
    others: list[float] = []
    for card in scene.cards:
        nodes = [card.node] if card.kind not in UNCOLOURED else []
        if card.table is not None:
            nodes += [card.node.parents[i] for row in card.table.rows for i in row.parents]
        for node in nodes:
            kind = view.kind(node)
            size = abs(view.grad(node))
            if kind == "constant" or node in view.stops or not math.isfinite(size):
                continue
            (parameters if kind == "parameter" else others).append(size)
    learning = max(parameters, default=0.0)
    largest = max(learning, max(others, default=0.0))
    return learning if 0.0 < learning < BINS[1] * largest else largest


def _node(card: Card, style: Style) -> str:
    theme = style.theme
    shape = {
        "operation": "",
        "output": f'peripheries=2 color="{theme.output}"',
        "input": f'fillcolor="{theme.input}" color="{theme.input_bar}"',
        # The margin keeps the square cells inside the round corners.
        "parameter": f'style="filled,rounded" margin=0.06 fillcolor="{theme.parameter}" '
        f'color="{theme.parameter_line}"',
        "constant": 'style="filled,rounded,dashed"',
    }[card.kind]
    if card.marked:
        shape += f' penwidth=3 color="{theme.text}"'
    tooltip = f"{card.label or card.symbol or card.kind}: value {card.data!r}"
    if style.has_gradients:
        tooltip += f", grad {card.grad!r}"
    attributes = [f'id="{card.id}" class="{card.kind}"', shape, f"tooltip={text.quoted(tooltip)}"]
    return f"{card.id} [{' '.join(a for a in attributes if a)} label=<{body(card, style)}>]"


def _edge(
    number: int,
    edge: Edge,
    tables: set[str],
    constant: bool,
    swept: bool,
    largest: float,
    theme: Theme,
    marking: bool = False,
) -> str:
    # What a constant is handed is of no use to anyone: its edge stays thin and grey.
    shown = 0.0 if constant else edge.passed if swept else edge.partial
    colour = theme.edge(shown)
    share = 0.0
    if swept and largest > 0.0 and not constant:
        share = min(abs(edge.passed) / largest, 1.0) if math.isfinite(edge.passed) else 1.0
    width = f"{THIN + WIDE * share:.2f}"
    if marking:  # thick against dotted, so that no colour is needed to follow a path
        width = f"{2 * THIN + WIDE:.2f}" if edge.marked else f"{THIN:.2f} style=dotted"
    tail = f"{edge.source}:o:e" if edge.source in tables else edge.source
    head = f"{edge.target}:{edge.port}:w" if edge.port else edge.target
    tooltip = f"local derivative {edge.partial!r}"
    if swept:
        tooltip += f", passes back {edge.passed!r}"
    return (
        f'{tail} -> {head} [id="e{number}" label={text.quoted(text.number(edge.partial))} '
        f'color="{colour}" fontcolor="{colour}" penwidth={width} '
        f"tooltip={text.quoted(tooltip)} labeltooltip={text.quoted(tooltip)}]"
    )


# ------------------------------------------------------------------------ title and legend
def _heading(scene: Scene, style: Style, title: str) -> str:
    """What stands above the picture: the title, the legend, and what was left out."""
    theme = style.theme
    rows = []
    if title:
        shown = text.html(text.short(text.clean(title), 120))
        rows.append(_line(font(shown, size=13, colour=theme.text)))
    rows.append(_line(_kinds(scene, style)))
    rows.append(_line(_scale(scene, style)))
    if scene.note:
        rows.append(_line(font(text.html(scene.note), size=9, colour=theme.text, bold=True)))
    rows.append('<TR><TD HEIGHT="8"></TD></TR>')  # some air above the cards
    look = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2"'
    return f"<TABLE {look}>{''.join(rows)}</TABLE>"


def _line(content: str) -> str:
    return f'<TR><TD ALIGN="LEFT">{content}</TD></TR>' if content else ""


def _kinds(scene: Scene, style: Style) -> str:
    """A sample of each kind of card that is in the picture."""
    theme = style.theme
    present = {card.kind for card in scene.cards}
    for card in scene.cards:
        if card.table is not None:
            folded = (card.node.parents[i] for row in card.table.rows for i in row.parents)
            present.update(style.view.kind(node) for node in folded)
    samples = {
        "input": f' BORDER="4" SIDES="L" COLOR="{theme.input_bar}" BGCOLOR="{theme.input}"',
        "parameter": f' BORDER="1" STYLE="ROUNDED" COLOR="{theme.parameter_line}" '
        f'BGCOLOR="{theme.parameter}"',
        "constant": f' BORDER="1" STYLE="ROUNDED,DASHED" COLOR="{theme.line}"',
        "operation": f' BORDER="1" COLOR="{theme.line}" BGCOLOR="{theme.header}"',
        "output": f' BORDER="1" COLOR="{theme.output}" BGCOLOR="{theme.output}"',
    }
    cells: list[str] = []
    for kind, look in samples.items():
        if kind in present:
            colour = theme.output_text if kind == "output" else theme.text
            cells.append(
                f'<TD WIDTH="{SAMPLE_WIDTH}" HEIGHT="15" FIXEDSIZE="TRUE"{look}>'
                f"{font(kind, size=8, colour=colour)}</TD>"
            )
    # Without a size of its own the table would be stretched to the width of the next line.
    width = len(cells) * (SAMPLE_WIDTH + 5) + 5
    return (
        f'<TABLE FIXEDSIZE="TRUE" WIDTH="{width}" HEIGHT="25" ALIGN="LEFT" '
        'BORDER="0" CELLBORDER="0" CELLSPACING="5" CELLPADDING="0"><TR>'
        f"{''.join(cells)}</TR></TABLE>"
    )


def _scale(scene: Scene, style: Style) -> str:
    """The colours of gradients, and how to read an edge."""
    theme = style.theme
    edges = "on an edge: the local derivative"
    if not scene.has_gradients:
        words = f"{edges} (no gradients: nothing was swept)"
        return font(text.html(words), size=8, colour=theme.dim)
    largest = text.number(style.largest)
    beyond = any(
        abs(card.grad) > style.largest for card in scene.cards if card.kind not in UNCOLOURED
    )
    at_most, at_least = ("≤ ", "≥ ") if beyond else ("", "")
    swatches = "".join(
        f'<TD WIDTH="14" HEIGHT="9" FIXEDSIZE="TRUE" BGCOLOR="{colour}"></TD>'
        for colour in (*reversed(theme.minus), *theme.plus)
    )
    low = font(text.html(f"grad {at_most}−{largest}"), size=8, colour=theme.dim)
    high = font(text.html(f"{at_least}+{largest}"), size=8, colour=theme.dim)
    words = font(
        GAP + text.html(f"{edges}; its colour and width: the gradient that it passes back"),
        size=8,
        colour=theme.dim,
    )
    return (
        '<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2"><TR>'
        f"<TD>{low}</TD>{swatches}<TD>{high}</TD><TD>{words}</TD></TR></TABLE>"
    )
