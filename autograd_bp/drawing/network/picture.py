"""The picture of a network: circles, edges with their numbers, and captions."""

from __future__ import annotations

import functools
import math
from collections import Counter
from collections.abc import Iterable

from autograd_bp.drawing.network import edge_labels, placement
from autograd_bp.drawing.network.legend import Legend, brief
from autograd_bp.drawing.network.placement import Key
from autograd_bp.drawing.network.run import NetworkRun
from autograd_bp.drawing.network.selection import select
from autograd_bp.drawing.network.wiring import Connection, Unit
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.canvas import Canvas, font, width
from autograd_bp.drawing.output.theme import Theme

MIN_WIDTH, MAX_WIDTH = 0.6, 4.0  # of edges, in points
ASIDE = 180.0  # left and right of the first and the last column: captions, d, margins
ABOVE_AND_BELOW = 205.0  # the legend, captions, margins
RING = 3.0  # the inner circle of an output is smaller, so that its outer one takes no more room
OPACITIES = ("59", "85", "c0", "ff")  # of an edge, by its share of the largest weight
OPERATIONS = {"add": "+", "sub": "+", "sum": "+"}


class Picture:
    """The diagram of one run; `dot` gives its text."""

    def __init__(
        self,
        run: NetworkRun,
        theme: Theme,
        title: str,
        *,
        weights: bool | None,
        rows: int | None,
        max_edges: int,
        room: tuple[float, float] = (math.inf, math.inf),
    ) -> None:
        """Arguments:
        run: what is drawn.
        theme: the colours.
        title: a line above the picture.
        weights: whether weights are written on their edges; None where there are few.
        rows: the number of circles in a column; None for as many as have room.
        max_edges: the number of edges.
        room: width and height of the picture, in points.
        """
        self.run, self.theme, self.title = run, theme, title
        self.selection = select(
            run.wiring,
            rows=rows,
            max_edges=max_edges,
            weights=weights,
            below=placement.BELOW if run.γ else 0.0,
            room=(room[0] - ASIDE, room[1] - ABOVE_AND_BELOW),
        )
        self.placement = self.selection.placement
        connections = run.wiring.connections
        self.heaviest = _largest(edge.weight for edge in connections if edge.weight is not None)
        self.largest_output = _largest(run.outputs[i] for i in self.selection.units)
        uses = Counter(edge.by for edge in connections if edge.by is not None)
        self.shared = {by for by, n in uses.items() if n > 1 and not by.is_constant}

    def dot(self) -> str:
        """The picture in the DOT language."""
        wiring, theme = self.run.wiring, self.theme
        canvas = Canvas(theme, "network")
        legend = Legend(self.run, self.placement, self.heaviest, self.largest_output)
        legend.draw(canvas, self.title, self.note)
        self._draw_captions(canvas)
        for number, at in enumerate(self.placement.folded):
            _draw_dots(canvas, number, at)
        if self.placement.gap is not None:
            canvas.words((self.placement.gap, 0.0), "…", size=24)
        for i in self.selection.units:
            self._draw_unit(canvas, i, wiring.units[i])
        for key in self.placement.circles:
            if isinstance(key, tuple):
                self._draw_constant(canvas, key)
        self._draw_edges(canvas)
        return canvas.dot()

    @property
    def note(self) -> str:
        """Says what was left out, in one sentence."""
        selection, n_edges = self.selection, len(self.selection.edges)
        drawn, notes = [], []
        n_units = len(self.run.wiring.units)
        if len(selection.units) < n_units:
            drawn.append(f"{len(selection.units):,} of {n_units:,} circles")
        n_columns = len(self.placement.sizes)
        if self.placement.gap is not None:
            drawn.append(f"{len(self.placement.columns):,} of {n_columns:,} columns")
        if selection.n_hidden:
            strongest = text.count(n_edges, "strongest edge")
            drawn.append(f"the {strongest} of {n_edges + selection.n_hidden:,} between them")
        if drawn:
            first, last = ", ".join(drawn[:-1]), drawn[-1]
            notes.append(f"Drawn: {first} and {last}" if first else f"Drawn: {last}")
        if self.shared:
            notes.append(f"{text.count(len(self.shared), 'weight')} shared by several edges")
        return "; ".join(notes)

    def parts(self) -> str:
        """The parts of the network, in words."""
        wiring = self.run.wiring
        kinds = Counter(unit.kind for unit in wiring.units)
        weights = {edge.by for edge in wiring.connections if edge.by is not None}
        counts = (kinds["input"], "input"), (kinds["neuron"], "neuron"), (len(weights), "weight")
        return ", ".join(text.count(n, noun) for n, noun in counts)

    # -------------------------------------------------------------------------- circles
    def _draw_unit(self, canvas: Canvas, i: int, unit: Unit) -> None:
        theme, run, circle = self.theme, self.run, self.placement.circles[i]
        is_output = i in run.wiring.outputs
        fill, ink = theme.input if unit.kind == "input" else theme.header, theme.text
        if run.has_inputs:
            fill, ink = theme.fill(run.outputs[i], self.largest_output)
        look, line = {
            "input": (" penwidth=2", theme.input_bar),
            "operation": (' style="filled,dotted"', theme.line),
        }.get(unit.kind, ("", theme.line))
        if is_output:
            look, line = " peripheries=2", theme.output
        canvas.circle(
            _id(i),
            circle.at,
            circle.radius - (RING if is_output else 0.0),
            self._label(i, unit, ink),
            fill=fill,
            line=line,
            kind=unit.kind,
            tooltip=self._tooltip(i, unit),
            extra=look,
        )
        self._draw_words_at_unit(canvas, i, unit)

    def _label(self, i: int, unit: Unit, ink: str) -> str:
        """The text in a circle: a name and a number, or only one of them."""
        name = text.name(self.run.names[i], 8)
        if self.run.has_inputs:
            return f"{font(name, 8, ink)}<BR/>{font(brief(self.run.outputs[i]), 9.5, ink)}"
        return font(_symbol(unit) if unit.kind == "operation" else name, 11, ink)

    def _draw_words_at_unit(self, canvas: Canvas, i: int, unit: Unit) -> None:
        """γ below a neuron, the symbol of an operation beside it, d beside an output."""
        theme, run, circle = self.theme, self.run, self.placement.circles[i]
        (x, y), reach = circle.at, circle.radius + 7.0
        if i in run.γ:
            γ = run.γ[i]
            canvas.words(
                (x, y - reach - 1.0),
                f"γ {brief(γ)}",
                size=8.5,
                colour=theme.edge(γ),
                ground=theme.background,
                bold=True,
            )
        elif unit.kind == "operation" and run.has_inputs:
            beside = (x - circle.radius - 6.0, y + 14.0)
            canvas.words(beside, _symbol(unit), size=11, colour=theme.text, bold=True)
        if run.gammas is not None and i in run.gammas.desired:
            words = f"d = {text.number(run.gammas.desired[i])}"
            canvas.words((x + reach, y), words, size=9.5, left=True, colour=theme.text)

    def _tooltip(self, i: int, unit: Unit) -> str:
        run = self.run
        parts = [f"{run.names[i]}: {unit.kind}"]
        if unit.functions:
            parts.append(" then ".join(unit.functions))
        if run.has_inputs:
            if run.stimuli[i] is not None:
                parts.append(f"stimulus {run.stimuli[i]!r}")
            parts.append(f"output {run.outputs[i]!r}")
        if i in run.γ:
            parts.append(f"γ {run.γ[i]!r}")
        return text.short(", ".join(parts), 300)

    def _draw_constant(self, canvas: Canvas, key: tuple[int, float]) -> None:
        circle, theme = self.placement.circles[key], self.theme
        canvas.circle(
            self._ids[key],
            circle.at,
            circle.radius,
            font(text.number(key[1]), 8.5, theme.dim),
            fill=theme.background,
            line=theme.line,
            tooltip=f"the constant {key[1]!r} that bias weights stand on",
            kind="constant",
            extra=' style="filled,dashed"',
        )

    @functools.cached_property
    def _ids(self) -> dict[Key, str]:
        """The names of the circles in the picture."""
        circles = self.placement.circles
        constants = [key for key in circles if isinstance(key, tuple)]
        ids: dict[Key, str] = {key: f"b{k}" for k, key in enumerate(constants)}
        return ids | {key: _id(key) for key in circles if not isinstance(key, tuple)}

    def _draw_captions(self, canvas: Canvas) -> None:
        """Below each column: how many units it has, and what they do."""
        y = self.placement.bottom - (36.0 if self.run.γ else 22.0)
        for column, x in self.placement.columns.items():
            units = [unit for unit in self.run.wiring.units if unit.column == column]
            drawn = sum(self.run.wiring.units[i].column == column for i in self.selection.units)
            words = _kinds(units)
            if drawn < len(units):
                words = f"{drawn:,} of {words}" if "+" not in words else f"{drawn:,} of: {words}"
            canvas.words((x, y), words, size=9, colour=self.theme.text)
            canvas.words((x, y - 12.0), _functions(units), size=8.5)

    # ---------------------------------------------------------------------------- edges
    def _draw_edges(self, canvas: Canvas) -> None:
        units = self.run.wiring.units
        curves, numbers = [], []
        for k, edge in enumerate(self.selection.edges):
            start = self.placement.source(edge, units[edge.target].column)
            points = self.placement.route(start, edge.target)
            colour, penwidth = self._line(edge)
            if edge.weight is not None and self.selection.has_numbers:
                words = text.number(edge.weight)
                if edge.by in self.shared:
                    words = f"{self._weight_name(edge, 12)} = {words}"
                curves.append((points, width(words, 8.0) + 4.0))
                numbers.append((words, self.theme.edge(_raises(edge))))
            canvas.curve(
                (self._ids[start], _id(edge.target)),
                points,
                colour=colour,
                width=penwidth,
                dashed=_raises(edge) < 0.0,
                arrow=edge.weight is None,
                tooltip=self._edge_tooltip(edge),
                id=f"e{k}",
            )
        centres = edge_labels.place(curves, self._obstacles())
        for at, (words, colour) in zip(centres, numbers, strict=True):
            canvas.words(at, words, size=8.0, colour=colour, ground=self.theme.background)

    def _line(self, edge: Connection) -> tuple[str, float]:
        """The colour and the width of an edge."""
        if edge.weight is None:
            return self.theme.line, 1.0
        share = min(abs(edge.weight) / self.heaviest, 1.0) if self.heaviest else 0.0
        colour = self.theme.edge(_raises(edge)) + OPACITIES[min(int(share * 4), 3)]
        return colour, MIN_WIDTH + (MAX_WIDTH - MIN_WIDTH) * share

    def _obstacles(self) -> list[tuple[placement.Point, float]]:
        """Centres and radii of what no number of an edge may cover: circles, and γ below them."""
        circles = self.placement.circles
        obstacles = [(circle.at, circle.radius) for circle in circles.values()]
        for i in self.run.γ:
            if i in circles:
                x, y = circles[i].at
                obstacles.append(((x, y - placement.RADIUS - 8.0), 8.0))
        return obstacles

    def _weight_name(self, edge: Connection, limit: int = 60) -> str:
        name = "" if edge.by is None else self.run.parameters.get(edge.by, "weight")
        return text.name(name, limit)

    def _edge_tooltip(self, edge: Connection) -> str:
        if edge.weight is None:
            return "passed on as it is"
        return f"{self._weight_name(edge)} = {edge.weight!r}"


def _raises(edge: Connection) -> float:
    """Above 0 where the edge raises the stimulus: a weight as it is, a bias weight times the
    constant on which it stands.
    """
    if edge.weight is None:
        return 1.0
    return edge.weight * edge.constant if edge.source is None else edge.weight


def _largest(numbers: Iterable[float]) -> float:
    """The largest size among the finite ones, or 0."""
    return max((abs(number) for number in numbers if math.isfinite(number)), default=0.0)


def _draw_dots(canvas: Canvas, number: int, at: placement.Point) -> None:
    for k in (1, 0, -1):
        canvas.circle(
            f"d{number}{k + 1}",
            (at[0], at[1] + 9.0 * k),
            1.8,
            "",
            fill=canvas.theme.dim,
            line=canvas.theme.dim,
            tooltip="left out",
            kind="dots",
        )


def _symbol(unit: Unit) -> str:
    name = unit.functions[0] if unit.functions else ""
    op = unit.node.op
    return OPERATIONS.get(name) or (op.symbol if op is not None and op.symbol else name)


def _kinds(units: list[Unit]) -> str:
    """`30 neurons`, `2 inputs + 1 operation`."""
    kinds = Counter(unit.kind for unit in units)
    names = ("input", "neuron", "operation")
    return " + ".join(text.count(kinds[name], name) for name in names if kinds[name])


def _functions(units: list[Unit]) -> str:
    """Name the activations of the neurons: `sigmoid`."""
    functions = {" ".join(unit.functions) or "identity" for unit in units if unit.kind == "neuron"}
    if len(functions) != 1:
        return "several functions" if functions else ""
    [only] = functions
    return only if " " not in only else "a function of its own"


def _id(i: int) -> str:
    return f"n{i}"
