"""The graph as SVG whose numbers the page fills in: dot places the cards, nothing more."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from html import escape
from typing import Any

from autograd_bp.drawing.output import render
from autograd_bp.errors import DrawingError

PREFIX = "step-"
SCALE = 72.0  # points in an inch
HEIGHT = 44.0
MARGIN = 12.0
LETTER = 7.0  # how wide a letter of a card is, about
SAMPLE = "-0.0000"  # keeps room for a local derivative on its edge


def empty() -> str:
    """The picture of a large graph, which the page draws as far as it is unfolded."""
    return (
        f'<svg id="{PREFIX}svg" role="img" aria-label="The computation graph, folded" '
        f'viewBox="0 0 10 10"><defs>{_markers()}</defs></svg>'
    )


def svg(nodes: list[dict[str, Any]]) -> str:
    """The picture: cards `step-n0` ... with the texts .v and .g, and edges `step-e0-1` ..., from
    a value's second input to the value 0, with their labels.
    """
    sizes = [width_of(node) for node in nodes]
    laid = layout(nodes, sizes)
    places, edges, width, height = laid.places, laid.edges, laid.width, laid.height
    parts = [
        f'<svg id="{PREFIX}svg" role="img" aria-label="The computation graph" '
        f'width="{width + 2 * MARGIN:.0f}" height="{height + 2 * MARGIN:.0f}" '
        f'viewBox="{-MARGIN:.0f} {-MARGIN:.0f} {width + 2 * MARGIN:.0f} '
        f'{height + 2 * MARGIN:.0f}">',
        f"<defs>{_markers()}</defs>",
    ]
    for (target, k), (path, x, y) in edges.items():
        parts.append(
            f'<g class="edge" id="{PREFIX}e{target}-{k}"><path d="{path}" '
            f'marker-end="url(#{PREFIX}arrow)"/>'
            f'<text x="{x:.1f}" y="{y + 3:.1f}"></text></g>'
        )
    for i, node in enumerate(nodes):
        x, y = places[i]
        parts.append(_card(i, node, x, y, sizes[i]))
    parts.append("</svg>")
    return "".join(parts)


def _markers() -> str:
    return "".join(map(_marker, ("arrow", "to-result", "to-input")))


def _marker(name: str) -> str:
    return (
        f'<marker id="{PREFIX}{name}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" '
        'markerHeight="9" orient="auto-start-reverse" markerUnits="userSpaceOnUse">'
        '<path d="M0 0L8 4L0 8z"/></marker>'
    )


def width_of(node: dict[str, Any]) -> float:
    if node["kind"] == "constant":
        return max(46.0, LETTER * len(node["name"]) + 16)
    return max(92.0, LETTER * len(heading(node)) + 18)


def heading(node: dict[str, Any]) -> str:
    name, symbol = node["name"], node["symbol"]
    return f"{name} = {symbol}" if symbol and symbol != name else name


def _card(i: int, node: dict[str, Any], x: float, y: float, width: float) -> str:
    tall = 24.0 if node["kind"] == "constant" else HEIGHT
    left, top = x - width / 2, y - tall / 2
    round = {"constant": 12, "leaf": 8}.get(node["kind"], 2)
    box = (
        f'<g class="card {node["kind"]}" id="{PREFIX}n{i}" data-node="{i}"><rect class="b" '
        f'x="{left:.1f}" y="{top:.1f}" '
        f'width="{width:.1f}" height="{tall:.1f}" rx="{round}"/>'
    )
    if node["kind"] == "constant":
        return f'{box}<text class="h" x="{x:.1f}" y="{y + 4:.1f}">{escape(node["name"])}</text></g>'
    return (
        f'{box}<rect class="s" x="{left + 1.5:.1f}" y="{top + 29:.1f}" width="{width - 3:.1f}" '
        f'height="13.5" rx="1"/><text class="h" x="{x:.1f}" y="{top + 13:.1f}">'
        f"{escape(heading(node))}</text>"
        f'<text class="v" x="{x:.1f}" y="{top + 26:.1f}"></text>'
        f'<text class="g" x="{x:.1f}" y="{top + 39:.1f}"></text></g>'
    )


Places = dict[int, tuple[float, float]]
Edges = dict[tuple[int, int], tuple[str, float, float]]


@dataclass(frozen=True)
class Layout:
    """Where cards and edges are, from the top left corner, in points.

    Attributes:
        places: the middle of each card.
        edges: by the place of a node and of its input: the path, and where its label is.
        width, height: of all.
    """

    places: Places
    edges: Edges
    width: float
    height: float


def layout(nodes: list[dict[str, Any]], sizes: list[float]) -> Layout:
    """The places that the renderer finds for cards of these widths."""
    lines = [
        "digraph g { rankdir=LR nodesep=0.16 ranksep=0.3",
        'node [shape=box fixedsize=true label=""]',
        "edge [fontsize=9 arrowhead=none]",
    ]
    unplaced: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, node in enumerate(nodes):
        tall = 24.0 if node["kind"] == "constant" else HEIGHT
        lines.append(f"n{i} [width={sizes[i] / SCALE:.3f} height={tall / SCALE:.3f}]")
    for i, node in enumerate(nodes):
        for k, parent in enumerate(node["parents"]):
            lines.append(f'n{parent} -> n{i} [label="{SAMPLE}"]')
            unplaced[parent, i].append(k)
    text = render.run("\n".join([*lines, "}"]), "plain").decode()
    places: Places = {}
    edges: Edges = {}
    width = height = 0.0
    for line in text.splitlines():
        words = line.split()
        if words[0] == "graph":
            width, height = float(words[2]) * SCALE, float(words[3]) * SCALE
        elif words[0] == "node":
            places[int(words[1][1:])] = float(words[2]) * SCALE, height - float(words[3]) * SCALE
        elif words[0] == "edge":
            source, target, n = int(words[1][1:]), int(words[2][1:]), int(words[3])
            numbers = [float(word) * SCALE for word in words[4 : 4 + 2 * n]]
            points = [
                f"{x:.1f} {height - y:.1f}"
                for x, y in zip(numbers[::2], numbers[1::2], strict=True)
            ]
            x, y = float(words[5 + 2 * n]) * SCALE, height - float(words[6 + 2 * n]) * SCALE
            k = unplaced[source, target].pop(0)
            edges[target, k] = f"M{points[0]}C{' '.join(points[1:])}", x, y
    if len(places) != len(nodes) or any(unplaced.values()):
        raise DrawingError("the renderer left out a part of the graph: is another program dot?")
    return Layout(places, edges, width, height)
