"""The steps of a small graph as pictures: one as SVG or PNG, all of them as an animation."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from autograd_bp.drawing.output import render, text
from autograd_bp.drawing.output.glyphs import lacking
from autograd_bp.drawing.output.theme import Theme
from autograd_bp.stepping import figure

SCALE = figure.SCALE
CAPTION = 40.0  # points above the graph
MARGIN = 12.0
WIDEST = 1_280.0  # pixels of an animation
ARROW = 6.0  # how long a head is
MIN_WIDTH, EXTRA_WIDTH = 0.8, 2.6  # of an edge, as in other pictures
NOW = {True: ("#dcecff", "#0a5fc4"), False: ("#10305a", "#6cb0ff")}  # by whether it is light
DONE = {True: "#b35806", False: "#f0a04b"}


@dataclass(frozen=True)
class Step:
    """One step of a run.

    Attributes:
        kind: "leaves", "forward", "seed" or "backward".
        node: the place of the node that it is about; -1 for the leaves.
        grads: the gradients after it, None for what the wave has not reached.
        amounts: what each edge has passed back: by the place of the node and of its input.
        words: what it says.
    """

    kind: str
    node: int
    grads: Sequence[float | None]
    amounts: dict[tuple[int, int], float]
    words: tuple[str, str]


def steps(nodes: Sequence[dict[str, Any]]) -> Iterator[Step]:
    """The steps of the page: the leaves, each operation, the seed, each operation back."""
    values = [float(node["value"]) for node in nodes]
    operations = [i for i, node in enumerate(nodes) if node["kind"] == "operation"]
    last = len(nodes) - 1
    unknown: list[float | None] = [None] * len(nodes)
    count = 2 + 2 * len(operations)
    numbers = iter(range(1, count + 1))

    def words(title: str, sentence: str) -> tuple[str, str]:
        return f"Step {next(numbers)} of {count}. {title}", sentence

    yield Step("leaves", -1, unknown, {}, words("Start: what is given", ""))
    for i in operations:
        name = nodes[i]["name"]
        sentence = f"{nodes[i]['op']}: {name} = {text.number(values[i])}"
        yield Step("forward", i, unknown, {}, words(f"Forward: {name}", sentence))
    output = nodes[last]["name"]
    grads = [*unknown]
    grads[last] = 1.0
    sentence = f"∂{output}/∂{output} = 1. From here the wave goes back."
    yield Step("seed", last, grads, {}, words(f"Backward starts at {output}", sentence))
    amounts: dict[tuple[int, int], float] = {}
    reached = {last}
    for i in reversed(operations):
        grads, amounts = [*grads], {**amounts}
        _sweep(i, nodes[i], grads, amounts, reached)
        gradient = grads[i] or 0.0
        name = nodes[i]["name"]
        sentence = (
            f"∂{output}/∂{name} = {text.number(gradient)}, times each local derivative, is added "
            "to the gradient of each input."
        )
        yield Step("backward", i, grads, amounts, words(f"Backward: {name}", sentence))


def _sweep(
    i: int,
    node: dict[str, Any],
    grads: list[float | None],
    amounts: dict[tuple[int, int], float],
    reached: set[int],
) -> None:
    """Add what a node passes back, with the rules of the page's own sweep (sweep.js)."""
    gradient = grads[i] or 0.0
    for k, (parent, partial) in enumerate(zip(node["parents"], node["partials"], strict=True)):
        partial = float(partial)
        stops = partial == 0.0 and (node["gate"] or math.isfinite(gradient))
        before = grads[parent] or 0.0
        grads[parent] = before
        amounts[i, k] = 0.0
        if i in reached and not stops:
            amounts[i, k] = gradient * partial
            grads[parent] = before + gradient * partial
            reached.add(parent)


class Film:
    """The pictures of the steps of one graph, all of one size."""

    def __init__(self, nodes: Sequence[dict[str, Any]], theme: Theme) -> None:
        """Lay out the graph.

        Arguments:
            nodes: the graph, as `program.program` writes it.
            theme: the colours.
        """
        self.nodes = nodes
        self.theme = theme
        self.is_light = theme.background == "#ffffff"
        self.values = [float(node["value"]) for node in nodes]
        self.sizes = [figure.width_of(node) for node in nodes]
        self.layout = figure.layout([*nodes], self.sizes)
        final = list(steps(nodes))
        self.steps = final
        shown = [
            abs(grad)
            for i, grad in enumerate(final[-1].grads[:-1])
            if grad is not None and math.isfinite(grad) and nodes[i]["kind"] != "constant"
        ]
        self.largest = max(shown, default=0.0)
        passed = [
            abs(amount)
            for (i, k), amount in final[-1].amounts.items()
            if math.isfinite(amount) and nodes[nodes[i]["parents"][k]]["kind"] != "constant"
        ]
        self.reach = max(passed, default=0.0)
        self.width = max(self.layout.width, 420.0)

    def svg(self, step: Step) -> bytes:
        """A step as an SVG document."""
        return render.run(self.dot(step), "svg", "-Kneato", "-n2")

    def png(self, step: Step, dpi: float = 144.0) -> bytes:
        """A step as PNG."""
        dot = self.dot(step)
        if any(lacking(node["name"]) for node in self.nodes):
            return render.with_all_letters(dot, self.svg(step).decode(), dpi, "-Kneato", "-n2")
        return render.run(dot, "png", "-Kneato", "-n2", f"-Gdpi={dpi:g}")

    @property
    def dpi(self) -> float:
        """The resolution of an animation, whose width is limited."""
        return min(144.0, WIDEST / (self.width + 2 * MARGIN) * SCALE)

    def dot(self, step: Step) -> str:
        """A step in the DOT language, with all places fixed."""
        theme = self.theme
        top = self.layout.height + CAPTION
        lines = [
            f'graph g {{ bgcolor="{theme.background}" pad=0 outputorder=edgesfirst splines=true',
            f'node [shape=plain fontname="Helvetica" fontsize=10 fontcolor="{theme.text}"]',
            f'edge [fontname="Helvetica" fontsize=8 fontcolor="{theme.dim}"]',
            # The frame that makes all pictures equally large.
            f'frame [shape=box style=invis label="" fixedsize=true '
            f"width={(self.width + 2 * MARGIN) / SCALE:.3f} "
            f'height={(top + 2 * MARGIN) / SCALE:.3f} pos="{self.width / 2:.1f},{top / 2:.1f}"]',
            self._caption(step, top),
            *(self._card(i, step) for i in range(len(self.nodes))),
            *(self._edge(i, k, step) for i, k in self.layout.edges),
        ]
        return "\n".join([*lines, "}"])

    def _caption(self, step: Step, top: float) -> str:
        title, sentence = (escape(text.short(words, 110)) or " " for words in step.words)
        return (
            f'caption [pos="{self.width / 2:.1f},{top - CAPTION / 2:.1f}" label=<<TABLE BORDER="0" '
            f'CELLBORDER="0" CELLSPACING="0" CELLPADDING="1" FIXEDSIZE="TRUE" '
            f'WIDTH="{self.width:.0f}" HEIGHT="{CAPTION - 6:.0f}">'
            f'<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="12"><B>{title}</B></FONT></TD></TR>'
            f'<TR><TD ALIGN="LEFT">{sentence}</TD></TR></TABLE>>]'
        )

    def _card(self, i: int, step: Step) -> str:
        node, theme = self.nodes[i], self.theme
        x, y = self.layout.places[i]
        place = f'pos="{x:.1f},{self.layout.height - y:.1f}"'
        frame, width, style, fill = self._frame(i, step)
        name = escape(text.short(node["name"], 28))
        if node["kind"] == "constant":
            return (
                f'n{i} [{place} shape=box style="rounded,dashed,filled" fixedsize=true '
                f'width={self.sizes[i] / SCALE:.3f} height=0.333 color="{frame}" '
                f'fillcolor="{theme.cell}" label=<{name}>]'
            )
        known = self._is_known(i, step)
        value = escape(text.number(self.values[i])) if known else "?"
        ink = theme.not_finite_text if known and not math.isfinite(self.values[i]) else theme.text
        grad = step.grads[i]
        back, word = theme.cell, " "
        colour = theme.text
        if grad is not None:
            is_seed = i == len(self.nodes) - 1
            back, colour = theme.fill(0.0 if is_seed else grad, self.largest)
            back = fill if back == theme.cell else back
            word = f"∂ {escape(text.number(grad))}"
        else:
            back = fill
        heading = escape(text.short(figure.heading(node), 30))
        size = f'WIDTH="{self.sizes[i]:.0f}"'
        cell = f'<TD WIDTH="{self.sizes[i] - 2 * width:.0f}"'
        return (
            f'n{i} [{place} label=<<TABLE BORDER="{width}" CELLBORDER="0" CELLSPACING="0" '
            f'CELLPADDING="1" COLOR="{frame}" BGCOLOR="{fill}" STYLE="{style}" '
            f'{size} HEIGHT="{figure.HEIGHT:.0f}"><TR>{cell}><B>{heading}</B></TD></TR><TR>{cell}>'
            f'<FONT COLOR="{ink}">{value}</FONT></TD></TR><TR>{cell} BGCOLOR="{back}">'
            f'<FONT COLOR="{colour}">{word}</FONT></TD></TR></TABLE>>]'
        )

    def _is_known(self, i: int, step: Step) -> bool:
        return (
            self.nodes[i]["kind"] != "operation"
            or step.kind in ("seed", "backward")
            or (step.kind == "forward" and i <= step.node)
        )

    def _frame(self, i: int, step: Step) -> tuple[str, int, str, str]:
        """The colour, width and style of a card's frame, and its ground."""
        theme, now, done = self.theme, NOW[self.is_light], DONE[self.is_light]
        fill = theme.input if self.nodes[i]["kind"] == "leaf" else theme.cell
        line = theme.input_bar if self.nodes[i]["kind"] == "leaf" else theme.line
        if i == step.node:
            return now[1], 3, "solid", now[0]
        if step.node >= 0 and i in self.nodes[step.node]["parents"]:
            if step.kind == "forward":
                return now[1], 2, "solid", fill
            if step.kind == "backward":
                return done, 2, "dashed", fill
        if step.grads[i] is not None and self.nodes[i]["kind"] != "constant":
            return done, 1, "solid", fill
        return line, 1, "solid", fill

    def _edge(self, i: int, k: int, step: Step) -> str:
        path, x, y = self.layout.edges[i, k]
        parent = self.nodes[i]["parents"][k]
        amount = step.amounts.get((i, k), 0.0)
        if self.nodes[parent]["kind"] == "constant":
            amount = 0.0
        colour = self.theme.edge(amount)
        share = abs(amount) / self.reach if self.reach and math.isfinite(amount) else 0.0
        width = MIN_WIDTH + EXTRA_WIDTH * share
        direction, style = "forward", "dashed" if amount < 0 else "solid"
        is_now = i == step.node
        if is_now and step.kind == "forward":
            colour, width = NOW[self.is_light][1], 2.6
        elif is_now and step.kind == "backward" and self.nodes[parent]["kind"] != "constant":
            colour, width, direction, style = DONE[self.is_light], 2.6, "back", "dashed"
        points = self._points(path)
        end, near = (0, 1) if direction == "back" else (-1, -2)
        ends = f"{'s' if direction == 'back' else 'e'},{points[end][0]:.1f},{points[end][1]:.1f}"
        points[end] = _shortened(points[end], points[near])
        pos = " ".join(f"{a:.1f},{b:.1f}" for a, b in points)
        label = text.number(float(self.nodes[i]["partials"][k])) if self._is_known(i, step) else ""
        return (
            f'n{parent} -- n{i} [pos="{ends} {pos}" dir={direction} arrowsize=0.6 '
            f'color="{colour}" penwidth={width:.2f} style={style} label="{label}" '
            f'lp="{x:.1f},{self.layout.height - y:.1f}"]'
        )

    def _points(self, path: str) -> list[tuple[float, float]]:
        """The points of a path of SVG, in the coordinates of DOT."""
        numbers = [float(word) for word in path.replace("M", " ").replace("C", " ").split()]
        return [
            (x, self.layout.height - y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)
        ]


def _shortened(tip: tuple[float, float], before: tuple[float, float]) -> tuple[float, float]:
    """Where a line ends whose head ends at the tip."""
    x, y = before[0] - tip[0], before[1] - tip[1]
    length = math.hypot(x, y) or 1.0
    share = min(ARROW, length) / length
    return tip[0] + x * share, tip[1] + y * share
