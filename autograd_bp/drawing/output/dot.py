"""A scene as text of the DOT language. The same graph gives the same bytes.

Nodes and edges are written in topological order, one to a line, so that two pictures can be
compared with any diff.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Collection, Iterator, Mapping, Sequence

from autograd_bp.drawing.graph.scene import Card, Edge, Frame, Operand, Scene, Tag
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.canvas import width
from autograd_bp.drawing.output.cards import GAP, Style, cell, font, plain_body, row, tag_body
from autograd_bp.drawing.output.tables import table_body
from autograd_bp.drawing.output.theme import BINS, Theme

UNCOLOURED = ("output", "constant")
SAMPLE_WIDTH = 52
SETTINGS = "rankdir=LR nodesep=0.18 ranksep=0.45 splines=spline"
PASSES = "; its colour and width: the gradient that it passes back"
MAX_FRAMED = 0.2  # share of the cards of a picture whose columns are held
MAX_NOTE = 110  # characters of a line
MAX_CURVES = 400  # edges of a picture with curves
MIN_WIDTH, EXTRA_WIDTH = 0.8, 2.6  # of an edge: MIN_WIDTH + EXTRA_WIDTH · (share of the largest)


def to_dot(scene: Scene, theme: Theme, title: str = "", attributes: str = "") -> str:
    """The picture of a scene in the DOT language; `attributes` are statements for all of it."""
    style = _style(scene, theme)
    cards = {card.id: card for card in scene.cards}
    cards.update((tag.id, tag.of) for tag in scene.tags)
    largest = max(_passed_sizes(scene, cards), default=0.0)
    heading = _heading(scene, style, title)
    lines = [
        *opening("computation", heading, theme, f'fontcolor="{theme.text}" ', layout(scene)),
        f'edge [fontname="Helvetica" fontsize=8 arrowsize=0.55 color="{theme.edge_zero}" '
        f'fontcolor="{theme.dim}"]',
    ]
    lines += [attributes] if attributes else []
    everything = [card.id for card in scene.cards] + [tag.id for tag in scene.tags]
    for k, ids in reversed([*enumerate(scene.lines or (everything,))]):  # the last stands on top
        lines += _nodes({*ids}, scene, style)
        lines += columns(k, ids, scene)
    lines += [
        _edge(i, edge, cards[edge.source], scene, theme, largest)
        for i, edge in enumerate(scene.edges)
    ]
    return "\n".join([*lines, "}", ""])


def layout(scene: Scene) -> str:
    """The settings of the layout, by the size of the graph: of a large one, lines are straight."""
    direction = "TB" if scene.direction == "down" else "LR"
    n = len(scene.edges)
    splines = "spline" if n <= MAX_CURVES else "polyline" if n <= 2 * MAX_CURVES else "line"
    nodesep, ranksep = (0.12, 0.28) if scene.compact else (0.18, 0.45)
    if scene.tight:
        nodesep, ranksep = 0.06, 0.65 * ranksep
    near = f"nodesep={nodesep:.2f} ranksep={ranksep:.2f}"
    few = "" if n <= 1.5 * MAX_CURVES else " nslimit=1 nslimit1=1 mclimit=0.1"
    return f"rankdir={direction} {near} splines={splines}{few}"


def columns(line: int, ids: Sequence[str], scene: Scene) -> Iterator[str]:
    """Hold the cards of a line in their columns: a point in each, in a chain."""
    framed = {id for frame in scene.frames for id in frame.ids}
    if len(framed) > MAX_FRAMED * len(scene.cards):  # frames hold their cards themselves
        return
    places: dict[int, list[str]] = {}
    for id in ids:
        if id in scene.columns:
            places.setdefault(scene.columns[id], []).append(id)
    for place in range(max(places, default=-1) + 1):
        point = f"c{line}_{place}"
        yield f'{point} [style=invis shape=point width=0.01 label=""]'
        members = [id for id in places.get(place, ()) if id not in framed]
        if members:
            yield f"{{rank=same {' '.join([point, *members])}}}"
        if place:
            yield f"c{line}_{place - 1} -> {point} [style=invis weight=0]"


def _nodes(ids: Collection[str], scene: Scene, style: Style) -> list[str]:
    """The cards and tags of a line of the picture, framed ones last."""
    framed = {id for frame in scene.frames for id in frame.ids}
    cards = {card.id: card for card in scene.cards}
    lines = [_node(card, style) for card in scene.cards if card.id in ids and card.id not in framed]
    lines += [_tag(tag, style) for tag in scene.tags if tag.id in ids]
    for outer, inner in scene.nests():
        if scene.frames[outer].ids[0] in ids:
            opened, *nodes, end = _frame(outer, scene.frames[outer], cards, style)
            lines.append(opened)
            own = {id for k in inner for id in scene.frames[k].ids}
            lines += [node for node in nodes if node.partition(" ")[0] not in own]
            lines += [line for k in inner for line in _frame(k, scene.frames[k], cards, style)]
            lines.append(end)
    return lines


def opening(
    name: str, heading: str, theme: Theme, attributes: str = "", settings: str = SETTINGS
) -> list[str]:
    """The first lines of a picture: what all its cards look like, and what stands above them.

    Arguments:
        name: of the graph.
        heading: an HTML-like label.
        theme: the colours.
        attributes: further attributes of the graph, each followed by a space.
        settings: of the layout.
    """
    rank, _, others = settings.partition(" ")
    return [
        f"digraph {name} {{",
        f'graph [{rank} bgcolor="{theme.background}" fontname="Helvetica" fontsize=10 '
        f"{attributes}{others} outputorder=edgesfirst pad=0.25 "
        f'labelloc=t labeljust=l tooltip=" " label=<{heading}>]',
        f'node [shape=box fontname="Helvetica" fontsize=10 fontcolor="{theme.text}" '
        f'color="{theme.line}" fillcolor="{theme.cell}" style=filled margin=0 height=0 width=0]',
    ]


def _frame(number: int, frame: Frame, cards: Mapping[str, Card], style: Style) -> list[str]:
    theme = style.theme
    rows = [row(cell(font(text.html(frame.title), size=11, bold=frame.times > 1), "LEFT"))]
    rows += [row(cell(font(text.html(line), size=10), "LEFT")) for line in frame.formulas]
    # The ground is for an SVG, in which these words are moved above the arrows.
    look = f'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1" BGCOLOR="{theme.background}"'
    label = f"<<TABLE {look}>{''.join(rows)}</TABLE>>"
    return [
        f"subgraph cluster_{number} {{",
        f"graph [label={label} labeljust=l margin=8 "
        f'style="rounded{",dashed" if frame.times > 1 else ""}" '
        f'fontsize=11 color="{theme.line}" fontcolor="{theme.text}"]',
        *(_node(cards[id], style) for id in frame.ids),
        "}",
    ]


def _style(scene: Scene, theme: Theme) -> Style:
    output = next((card for card in scene.cards if card.kind == "output"), None)
    label = scene.output_label or (output.symbol if output and output.symbol == "P" else "")
    short = text.name(label) if len(label) <= 4 and output and output.grad == 1.0 else ""
    return Style(theme, _largest_gradient(scene), scene.has_gradients, short)


def _passed_sizes(scene: Scene, cards: Mapping[str, Card]) -> Iterator[float]:
    """The sizes of the gradients that edges pass back, except to constants."""
    for edge in scene.edges:
        if math.isfinite(edge.passed) and cards[edge.source].kind != "constant":
            yield abs(edge.passed)


def _largest_gradient(scene: Scene) -> float:
    """The gradient to which the colours are relative: the largest one, except for the output,
    where the sweep began. Where the gradients of all parameters would look like nothing beside
    it, the largest of the parameters, because they are what learns.
    """
    sizes: dict[bool, list[float]] = {True: [], False: []}  # by whether it is a parameter
    for card in scene.cards:
        shown: list[Card | Operand] = [card] if card.kind not in UNCOLOURED else []
        for item in [*shown, *card.operands.values()]:
            size = abs(item.grad)
            if item.kind != "constant" and not item.is_stop and math.isfinite(size):
                sizes[item.kind == "parameter"].append(size)
    learning = max(sizes[True], default=0.0)
    largest = max(learning, max(sizes[False], default=0.0))
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
        "desired": f'fillcolor="{theme.desired}" color="{theme.desired_line}"',
        "constant": 'style="filled,rounded,dashed"',
    }[card.kind]
    if card.began:
        shape = f'penwidth=4 color="{theme.not_finite}"'
    if card.marked:
        shape += f' penwidth=3 color="{theme.text}"'
    tooltip = f"{card.label or card.symbol or card.kind}: value {card.data!r}"
    if style.has_gradients:
        tooltip += f", grad {card.grad!r}"
    attributes = [f'id="{card.id}" class="{card.kind}"', shape, f"tooltip={text.quoted(tooltip)}"]
    table = card.table
    body = plain_body(card, style) if table is None else table_body(card, table, style)
    return f"{card.id} [{' '.join(filter(None, attributes))} label=<{body}>]"


def _tag(tag: Tag, style: Style) -> str:
    theme, card = style.theme, tag.of
    look = {
        "input": f'fillcolor="{theme.input}" color="{theme.input_bar}"',
        "parameter": f'style="filled,rounded" fillcolor="{theme.parameter}" '
        f'color="{theme.parameter_line}"',
        "desired": f'fillcolor="{theme.desired}" color="{theme.desired_line}"',
    }.get(card.kind, 'style="filled,rounded,dashed"')
    name = card.label or card.symbol or card.kind
    tooltip = f"{name}: value {card.data!r}, the card {card.id} of this picture"
    return (
        f'{tag.id} [id="{tag.id}" class="tag" {look} tooltip={text.quoted(tooltip)} '
        f"label=<{tag_body(tag, style)}>]"
    )


def _edge(number: int, edge: Edge, source: Card, scene: Scene, theme: Theme, largest: float) -> str:
    has_gradients = scene.has_gradients
    # A gradient that is passed to a constant has no use: its edge stays thin and grey.
    is_to_constant = source.kind == "constant"
    shown = 0.0 if is_to_constant else edge.passed if has_gradients else edge.partial
    colour = theme.edge(shown)
    is_down = scene.direction == "down"
    is_table = source.table is not None and edge.source == source.id
    tail = f"{edge.source}:o:{'s' if is_down else 'e'}" if is_table else edge.source
    head = f"{edge.target}:{edge.port}:{'n' if is_down else 'w'}" if edge.port else edge.target
    words = "" if scene.compact else text.number(edge.partial)
    tooltip = f"local derivative {edge.partial!r}"
    if has_gradients:
        tooltip += f", passes back {edge.passed!r}"
    share = _share(edge.passed, largest) if has_gradients and not is_to_constant else 0.0
    thickness = f"{MIN_WIDTH + EXTRA_WIDTH * share:.2f}"
    if scene.has_marked_edges:  # thick or dotted, so that no colour is needed to follow a path
        thick = f"{2 * MIN_WIDTH + EXTRA_WIDTH:.2f}"
        thickness = thick if edge.marked else f"{MIN_WIDTH:.2f} style=dotted"
    return (
        f'{tail} -> {head} [id="e{number}" label={text.quoted(words)} '
        f'color="{colour}" fontcolor="{colour}" penwidth={thickness} '
        f"tooltip={text.quoted(tooltip)} labeltooltip={text.quoted(tooltip)}]"
    )


def _share(passed: float, largest: float) -> float:
    """The size of a gradient as a share of the largest, at most 1."""
    if largest <= 0.0:
        return 0.0
    return min(abs(passed) / largest, 1.0) if math.isfinite(passed) else 1.0


# ------------------------------------------------------------------------ title and legend
def _heading(scene: Scene, style: Style, title: str) -> str:
    """Write the head of the picture: the title, the legend, and what was left out."""
    theme = style.theme
    rows = []
    if title:
        rows.append(_line(font(text.title(title), size=13, colour=theme.text)))
    rows.append(_line(_kinds(scene, style)))
    rows.append(_line(_scale(scene, style)))
    rows += [
        _line(font(text.html(part), size=9, colour=theme.text, bold=True))
        for part in textwrap.wrap(scene.note, MAX_NOTE)
    ]
    rows.append('<TR><TD HEIGHT="8"></TD></TR>')  # space above the cards
    look = 'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2"'
    return f"<TABLE {look}>{''.join(rows)}</TABLE>"


def _line(content: str) -> str:
    return row(cell(content, "LEFT")) if content else ""


def _kinds(scene: Scene, style: Style) -> str:
    """A sample of each kind of card that is in the picture."""
    theme = style.theme
    present = {card.kind for card in scene.cards}
    present.update(operand.kind for card in scene.cards for operand in card.operands.values())
    samples = {
        "input": f' BORDER="4" SIDES="L" COLOR="{theme.input_bar}" BGCOLOR="{theme.input}"',
        "parameter": f' BORDER="1" STYLE="ROUNDED" COLOR="{theme.parameter_line}" '
        f'BGCOLOR="{theme.parameter}"',
        "desired": f' BORDER="1" COLOR="{theme.desired_line}" BGCOLOR="{theme.desired}"',
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
    length = len(cells) * (SAMPLE_WIDTH + 5) + 5
    return (
        f'<TABLE FIXEDSIZE="TRUE" WIDTH="{length}" HEIGHT="25" ALIGN="LEFT" '
        'BORDER="0" CELLBORDER="0" CELLSPACING="5" CELLPADDING="0"><TR>'
        f"{''.join(cells)}</TR></TABLE>"
    )


def _scale(scene: Scene, style: Style) -> str:
    """Explain the colours of gradients and the numbers on edges."""
    theme = style.theme
    edges = "on an edge: the local derivative" if not scene.compact else "an arrow"
    if any(not (math.isfinite(card.data) and math.isfinite(card.grad)) for card in scene.cards):
        edges = f"red: not finite, with a thick frame where that began; {edges}"
    if not scene.has_gradients:
        words = f"{edges} (no gradients: nothing was swept)"
        return font(text.html(words), size=8, colour=theme.dim)
    if style.largest == 0.0:  # no gradient has a size, so the colours have no scale
        return font(text.html(edges + PASSES), size=8, colour=theme.dim)
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
        GAP + text.html(edges + PASSES),
        size=8,
        colour=theme.dim,
    )
    # With a size of its own it is not stretched to the width of a longer line.
    length = width(f"grad ≤ −{largest}≥ +{largest}  {edges}{PASSES}", 8) + 14 * 8 + 30
    return (
        f'<TABLE FIXEDSIZE="TRUE" WIDTH="{length:.0f}" HEIGHT="18" ALIGN="LEFT" BORDER="0" '
        'CELLBORDER="0" CELLSPACING="0" CELLPADDING="2"><TR>'
        f"<TD>{low}</TD>{swatches}<TD>{high}</TD><TD>{words}</TD></TR></TABLE>"
    )
