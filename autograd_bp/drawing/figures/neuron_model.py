"""neuron_model: the parts of a neuron, from its inputs to its output, as the field draws them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from autograd_bp.drawing.figures.axes import new_figure
from autograd_bp.drawing.output.theme import Theme, theme_named
from autograd_bp.errors import SettingError

Point = tuple[float, float]

MAX_INPUTS = 5
SUM: Point = (4.1, 0.0)  # the centre of the circle Σ
BOX: Point = (6.3, 0.0)  # the centre of the activation
OUTPUT = 8.4  # the x of the output
WEIGHT = 1.75  # the x of the weights
ROW_HEIGHT = 1.05
INPUT_RADIUS, SUM_RADIUS = 0.36, 0.5


def neuron_model(n: int = 3, *, threshold: bool = False, theme: str = "light") -> Any:
    """Inputs times weights, the bias weight w0 on -1, their sum α, the activation, the output.

    Arguments:
        n: how many inputs are drawn, from 1 to 5; the last is called xₙ.
        threshold: True draws the step, False the sigmoid.
        theme: "light" or "dark".

    Returns: a matplotlib Figure; `save_figure` writes it.

    Raises: SettingError for a setting out of range; MissingExtraError without matplotlib.
    """
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= MAX_INPUTS:
        raise SettingError(f"n is a whole number from 1 to {MAX_INPUTS}, got {n!r:.60}")
    colours = theme_named(theme)
    figure = new_figure(8.6, 1.5 + 0.72 * (n + 1), colours)
    sketch = _Sketch(figure.subplots(), colours)
    top = ROW_HEIGHT * n / 2
    for k, (source, weight) in enumerate(_inputs(n)):
        y = top - k * ROW_HEIGHT
        if k == n > 2:
            y -= 0.35  # room for the dots
        sketch.input(y, source, weight, is_bias=k == 0)
    if n > 2:
        sketch.write(0.0, top - (n - 0.5) * ROW_HEIGHT - 0.17, "⋮", 16, color=colours.dim)
    sketch.sum()
    sketch.activation(threshold)
    sketch.arrow((BOX[0] + 0.6, 0.0), (OUTPUT - 0.28, 0.0))
    sketch.write(OUTPUT, 0.0, "$y$", 14)
    low = -top - 1.15
    for x, words in (
        (0.0, "inputs"),
        (1.9, "weights"),
        (SUM[0], "stimulus"),
        (BOX[0], "threshold" if threshold else "sigmoid"),
        (OUTPUT, "output"),
    ):
        sketch.write(x, low, words, 10, color=colours.dim)
    formula = r"$α = -w_0 + \sum_{i=1}^{n} x_i w_i$"
    sketch.write(SUM[0] + 0.75, top + 0.25, formula, 12.5)
    sketch.axes.set(xlim=(-0.6, OUTPUT + 0.45), ylim=(low - 0.3, top + 0.75), aspect="equal")
    sketch.axes.set_axis_off()
    return figure


def _inputs(n: int) -> list[tuple[str, str]]:
    """The names of inputs and their weights: the bias first, the last one xₙ."""
    names = [("−1", "$w_0$")]
    names += [(f"$x_{{{i}}}$", f"$w_{{{i}}}$") for i in range(1, n)]
    names.append(("$x_n$", "$w_n$") if n > 1 else ("$x_1$", "$w_1$"))
    return names


@dataclass(frozen=True)
class _Sketch:
    """The parts of the figure.

    Attributes:
        axes: matplotlib's axes, which are drawn on.
        theme: the colours.
    """

    axes: Any
    theme: Theme

    def write(self, x: float, y: float, words: str, size: float = 12, **look: Any) -> None:
        """Words, centred at a point."""
        look.setdefault("color", self.theme.text)
        self.axes.text(x, y, words, fontsize=size, ha="center", va="center", **look)

    def arrow(self, start: Point, end: Point) -> None:
        from matplotlib.patches import FancyArrowPatch

        self.axes.add_patch(
            FancyArrowPatch(
                start,
                end,
                arrowstyle="-|>",
                mutation_scale=13,
                color=self.theme.line,
                linewidth=1.6,
                shrinkA=0,
                shrinkB=0,
            )
        )

    def input(self, y: float, source: str, weight: str, *, is_bias: bool) -> None:
        """A circle, its arrow to the sum, and the weight on the arrow."""
        from matplotlib.patches import Circle

        theme = self.theme
        self.axes.add_patch(
            Circle(
                (0.0, y),
                INPUT_RADIUS,
                facecolor=theme.background if is_bias else theme.input,
                edgecolor=theme.line if is_bias else theme.input_bar,
                linewidth=1.8,
                linestyle="--" if is_bias else "-",
            )
        )
        self.write(0.0, y, source)
        length = math.hypot(SUM[0], y)
        dx, dy = SUM[0] / length, -y / length
        gap = SUM_RADIUS + 0.02
        self.arrow((INPUT_RADIUS * dx, y + INPUT_RADIUS * dy), (SUM[0] - gap * dx, -gap * dy))
        box = {
            "boxstyle": "round,pad=0.25",
            "facecolor": theme.parameter,
            "edgecolor": theme.parameter_line,
        }
        self.write(WEIGHT, y * (1 - WEIGHT / SUM[0]), weight, 12, bbox=box)

    def sum(self) -> None:
        """The circle Σ and the stimulus that leaves it."""
        from matplotlib.patches import Circle

        theme = self.theme
        self.axes.add_patch(
            Circle(SUM, SUM_RADIUS, facecolor=theme.header, edgecolor=theme.line, lw=1.8)
        )
        self.write(*SUM, "Σ", 17)
        self.arrow((SUM[0] + SUM_RADIUS, 0.0), (BOX[0] - 0.62, 0.0))
        self.write((SUM[0] + BOX[0]) / 2 - 0.05, 0.24, "α")

    def activation(self, threshold: bool) -> None:
        """A box with the curve of the activation in it."""
        from matplotlib.patches import FancyBboxPatch

        self.axes.add_patch(
            FancyBboxPatch(
                (BOX[0] - 0.55, -0.5),
                1.1,
                1.0,
                boxstyle="round,pad=0.05",
                facecolor=self.theme.header,
                edgecolor=self.theme.line,
                linewidth=1.8,
            )
        )
        xs = [BOX[0] - 0.42 + 0.84 * i / 60 for i in range(61)]
        if threshold:
            ys = [-0.5 if x < BOX[0] else 0.5 for x in xs]
        else:
            ys = [0.5 * math.tanh(7.0 * (x - BOX[0])) for x in xs]
        self.axes.plot(
            xs,
            [0.66 * y for y in ys],
            color=self.theme.edge_plus,
            linewidth=2.2,
            drawstyle="steps-post" if threshold else "default",
        )
