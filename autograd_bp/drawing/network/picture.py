"""The picture of a network: circles, edges with their numbers, captions and a legend."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_bp.drawing.network import edge_labels, placement
from autograd_bp.drawing.network.placement import Key, Plan
from autograd_bp.drawing.network.run import Run
from autograd_bp.drawing.network.wiring import Connection, Unit
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.canvas import Canvas, font, width
from autograd_bp.drawing.output.theme import Theme

FEW = 30  # weights up to which their numbers are written on the edges
THIN, WIDE = 0.6, 4.0
RING = 3.0  # the inner circle of an output is smaller, so that its outer one takes no more room
STEPS = ("59", "85", "c0", "ff")  # how opaque an edge is, by its share of the largest weight
OPERATIONS = {"add": "+", "sub": "+", "sum": "+"}


class Picture:
    """The diagram of one run; `make` gives its DOT text."""

    def __init__(
        self, found: Run, theme: Theme, title: str, weights: bool | None, rows: int, most: int
    ) -> None:
        self.run, self.theme, self.title = found, theme, title
        wiring = found.wiring
        below = placement.BELOW if found.γ else 0.0
        drawn = placement.make(wiring, rows, below=below)
        self.edges, self.hidden = _strongest(wiring.connections, wiring.units, drawn, most)
        numbered = [edge for edge in self.edges if edge.weight is not None]
        self.numbered = len(numbered) <= FEW if weights is None else weights
        crowd = max(drawn.sizes.values())
        if crowd > 6 or (self.numbered and numbered and crowd > 1):
            pitch = placement.PITCH * (1.35 if crowd < 6 else 1.7)
            drawn = placement.make(wiring, rows, pitch, below)
        self.plan = drawn
        self.units = [i for i in range(len(wiring.units)) if i in drawn.places]
        sizes = [abs(edge.weight) for edge in wiring.connections if edge.weight is not None]
        self.heaviest = max(filter(math.isfinite, sizes), default=0.0)
        outs = [abs(wiring.units[i].node.data) for i in self.units]
        self.largest = max(filter(math.isfinite, outs), default=0.0)
        uses: dict[Any, int] = {}
        for edge in wiring.connections:
            if edge.by is not None and not edge.by.is_constant:
                uses[edge.by] = uses.get(edge.by, 0) + 1
        self.shared = {by for by, n in uses.items() if n > 1}
        self.canvas = Canvas(theme, "network")

    def make(self) -> str:
        """The picture in the DOT language."""
        wiring = self.run.wiring
        self._legend(self.note)
        self._captions()
        for place in self.plan.folded:
            self._dots(place)
        if self.plan.gap is not None:
            self.canvas.words((self.plan.gap, 0.0), "…", size=24)
        for i in self.units:
            self._unit(i, wiring.units[i])
        for key in self.plan.places:
            if isinstance(key, tuple):
                self._constant(key)
        self._draw_edges()
        return self.canvas.dot()

    def parts(self) -> str:
        """What the network consists of, in words."""
        wiring = self.run.wiring
        neurons = sum(unit.kind == "neuron" for unit in wiring.units)
        inputs = sum(unit.kind == "input" for unit in wiring.units)
        weights = len({id(edge.by) for edge in wiring.connections if edge.by is not None})
        counts = ((inputs, "input"), (neurons, "neuron"), (weights, "weight"))
        return ", ".join(text.count(n, what) for n, what in counts)

    # -------------------------------------------------------------------------- circles
    def _unit(self, i: int, unit: Unit) -> None:
        theme, run, x = self.theme, self.run, unit.node.data
        name = text.name(run.names[i], 8)
        fill, ink = theme.header, theme.text
        if unit.kind == "input":
            fill = theme.input
        if run.shown:
            fill, ink = theme.fill(x, self.largest)
        symbol = _symbol(unit)
        if run.shown:
            label = f"{font(name, 8, ink)}<BR/>{font(brief(x), 9.5, ink)}"
        else:
            label = font(symbol if unit.kind == "operation" else name, 11, ink)
        line = theme.input_bar if unit.kind == "input" else theme.line
        extra = " penwidth=2" if unit.kind == "input" else ""
        if unit.kind == "operation":
            extra = ' style="filled,dotted"'
        if i in run.wiring.outputs:
            extra, line = " peripheries=2", theme.output
        place = self.plan.places[i]
        radius = place.radius - (RING if i in run.wiring.outputs else 0.0)
        self.canvas.circle(
            _id(i),
            place.at,
            radius,
            label,
            fill=fill,
            line=line,
            kind=unit.kind,
            tooltip=self._tooltip(i, unit),
            extra=extra,
        )
        at, reach = place.at, place.radius + 7.0
        if i in run.γ:
            γ = run.γ[i]
            self.canvas.words(
                (at[0], at[1] - reach - 1.0),
                f"γ {brief(γ)}",
                size=8.5,
                colour=theme.edge(γ),
                ground=theme.background,
                bold=True,
            )
        elif unit.kind == "operation" and run.shown:
            self.canvas.words(
                (at[0] - place.radius - 6.0, at[1] + 14.0),
                symbol,
                size=11,
                colour=theme.text,
                bold=True,
            )
        if i in run.desired:
            words = f"d = {text.number(run.desired[i])}"
            self.canvas.words((at[0] + reach, at[1]), words, size=9.5, left=True, colour=theme.text)

    def _tooltip(self, i: int, unit: Unit) -> str:
        parts = [f"{self.run.names[i]}: {unit.kind}"]
        if unit.functions:
            parts.append(" then ".join(unit.functions))
        if self.run.shown:
            if unit.stimulus is not None:
                parts.append(f"stimulus {unit.stimulus.data!r}")
            parts.append(f"output {unit.node.data!r}")
        if i in self.run.γ:
            parts.append(f"γ {self.run.γ[i]!r}")
        return text.short(", ".join(parts), 300)

    def _constant(self, key: tuple[int, float]) -> None:
        place, theme = self.plan.places[key], self.theme
        label = font(text.number(key[1]), 8.5, theme.dim)
        self.canvas.circle(
            self._name(key),
            place.at,
            place.radius,
            label,
            fill=theme.background,
            line=theme.line,
            tooltip=f"the constant {key[1]!r} that bias weights stand on",
            kind="constant",
            extra=' style="filled,dashed"',
        )

    def _name(self, key: Key) -> str:
        if isinstance(key, tuple):
            constants = [each for each in self.plan.places if isinstance(each, tuple)]
            return f"b{constants.index(key)}"
        return _id(key)

    def _dots(self, at: tuple[float, float]) -> None:
        for k in (1, 0, -1):
            self.canvas.circle(
                f"d{self.plan.folded.index(at)}{k + 1}",
                (at[0], at[1] + 9.0 * k),
                1.8,
                "",
                fill=self.theme.dim,
                line=self.theme.dim,
                tooltip="left out",
                kind="dots",
            )

    def _captions(self) -> None:
        y = self.plan.bottom - (36.0 if self.run.γ else 22.0)
        for number, x in self.plan.columns.items():
            units = [unit for unit in self.run.wiring.units if unit.column == number]
            count, second = _described(units)
            self.canvas.words((x, y), count, size=9, colour=self.theme.text)
            self.canvas.words((x, y - 12.0), second, size=8.5)

    # ---------------------------------------------------------------------------- edges
    def _draw_edges(self) -> None:
        units = self.run.wiring.units
        curves, numbers = [], []
        for k, edge in enumerate(self.edges):
            start = self.plan.source(edge.source, units[edge.target].column, edge.constant)
            points = self.plan.route(start, edge.target)
            colour, wide = self.theme.line, 1.0
            if edge.weight is not None:
                share = min(abs(edge.weight) / self.heaviest, 1.0) if self.heaviest else 0.0
                colour = self.theme.edge(edge.weight) + STEPS[min(int(share * 4), 3)]
                wide = THIN + (WIDE - THIN) * share
                if self.numbered:
                    words = text.number(edge.weight)
                    if edge.by in self.shared:
                        words = f"{self._weight_name(edge, 12)} = {words}"
                    curves.append((points, width(words, 8.0) + 4.0))
                    numbers.append((words, self.theme.edge(edge.weight)))
            self.canvas.curve(
                (self._name(start), _id(edge.target)),
                points,
                colour=colour,
                width=wide,
                dashed=edge.weight is not None and edge.weight < 0.0,
                arrow=edge.weight is None,
                tooltip=self._edge_tooltip(edge),
                id=f"e{k}",
            )
        circles = [(place.at, place.radius) for place in self.plan.places.values()]
        circles += [
            ((x, y - placement.RADIUS - 8.0), 8.0)
            for i in self.run.γ
            if i in self.plan.places
            for x, y in [self.plan.places[i].at]
        ]
        for at, (words, colour) in zip(edge_labels.place(curves, circles), numbers, strict=True):
            self.canvas.words(at, words, size=8.0, colour=colour, ground=self.theme.background)

    def _weight_name(self, edge: Connection, limit: int = 60) -> str:
        found = "" if edge.by is None else self.run.parameters.get(edge.by, "weight")
        return text.name(found, limit)

    def _edge_tooltip(self, edge: Connection) -> str:
        if edge.weight is None:
            return "passed on as it is"
        return f"{self._weight_name(edge)} = {edge.weight!r}"

    # --------------------------------------------------------------------------- legend
    def _legend(self, note: str) -> None:
        """Above the picture, from its left edge; lines from the bottom up."""
        canvas, theme = self.canvas, self.theme
        y = max(place.at[1] + place.radius for place in self.plan.places.values()) + 24.0
        left = -placement.RADIUS
        if note:
            canvas.words((left, y), note, size=8.5, colour=theme.text, left=True)
            y += 17.0
        if self.run.shown:
            y = self._outputs_legend(left, y)
        x = left
        for words, sign in (("weight > 0", 1.0), ("< 0", -1.0)):
            canvas.sample((x, y), 24.0, colour=theme.edge(sign), width=1.8, dashed=sign < 0.0)
            canvas.words((x + 28.0, y), words, size=8.5, left=True)
            x += 34.0 + width(words, 8.5)
        words = f"widest: {text.number(self.heaviest)}.  Green rim: input, double: output"
        if any(isinstance(key, tuple) for key in self.plan.places):
            words += ", dashed: constant"
        canvas.words((x, y), words, size=8.5, left=True)
        y += 19.0
        if self.title:
            shown = text.short(text.clean(self.title), 100)
            canvas.words((left, y), shown, size=13, colour=theme.text, left=True)

    def _outputs_legend(self, x: float, y: float) -> float:
        """What the colours of circles mean, and γ; returns the height of the next line."""
        left = x
        if self.run.P is not None:
            words = f"γ = ∂P/∂α below each neuron; P = {text.number(self.run.P)}"
            self.canvas.words((left, y), words, size=8.5, left=True)
            y += 17.0
        low, high = f"output −{brief(self.largest)}", f"+{brief(self.largest)}"
        self.canvas.words((x, y), low, size=8.5, left=True)
        x += width(low, 8.5) + 2.0
        colours = (*reversed(self.theme.minus), *self.theme.plus)
        self.canvas.swatches((x, y), colours)
        self.canvas.words((x + 14.0 * len(colours) + 5.0, y), high, size=8.5, left=True)
        return y + 17.0

    @property
    def note(self) -> str:
        """What was left out, in one sentence."""
        parts = []
        total = len(self.run.wiring.units)
        if len(self.units) < total:
            parts.append(f"{len(self.units):,} of {total:,} circles")
        if self.hidden:
            strongest = text.count(len(self.edges), "strongest edge")
            parts.append(f"the {strongest} of {len(self.edges) + self.hidden:,} between them")
        shared = len(self.shared)
        told = [f"Drawn: {' and '.join(parts)}"] if parts else []
        if shared:
            told.append(f"{text.count(shared, 'weight')} shared by several edges")
        return "; ".join(told)


def _strongest(
    connections: Sequence[Connection], units: Sequence[Unit], drawn: Plan, most: int
) -> tuple[list[Connection], int]:
    """The edges that are drawn, in order, and how many between drawn circles are not."""
    kept = []
    for edge in connections:
        start = drawn.source(edge.source, units[edge.target].column, edge.constant)
        if start in drawn.places and edge.target in drawn.places:
            kept.append(edge)
    if len(kept) <= most:
        return kept, 0

    def size(k: int) -> float:
        weight = kept[k].weight
        return -math.inf if weight is None else -abs(weight)

    chosen = sorted(sorted(range(len(kept)), key=size)[:most])
    return [kept[k] for k in chosen], len(kept) - most


def brief(x: float) -> str:
    """What fits into a circle: three significant digits, one of what is very small."""
    return text.number(float(f"{x:.1g}" if 0.0 < abs(x) < 1e-3 else f"{x:.3g}"))


def _symbol(unit: Unit) -> str:
    name = unit.functions[0] if unit.functions else ""
    row = unit.node.op
    return OPERATIONS.get(name) or (row.symbol if row is not None and row.symbol else name)


def _described(units: Sequence[Unit]) -> tuple[str, str]:
    """`30 neurons`, and what they do: `sigmoid`."""
    kinds = [unit.kind for unit in units]
    count = " + ".join(
        text.count(kinds.count(kind), kind)
        for kind in ("input", "neuron", "operation")
        if kind in kinds
    )
    functions = {" ".join(unit.functions) or "identity" for unit in units if unit.kind == "neuron"}
    if len(functions) != 1:
        return count, "several functions" if functions else ""
    [only] = functions
    return count, only if " " not in only else "a function of its own"


def _id(i: int) -> str:
    return f"n{i}"
