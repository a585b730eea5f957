"""neuron_model: the parts of a neuron, from its inputs to its output, as the field draws them."""

from __future__ import annotations

import math
from typing import Any

from autograd_bp.drawing.figures.figures import _figure
from autograd_bp.drawing.output.theme import theme_named
from autograd_bp.errors import SettingError

SUM, BOX, END = (4.1, 0.0), (6.3, 0.0), 8.4


def neuron_model(n: int = 3, *, threshold: bool = False, theme: str = "light") -> Any:
    """Inputs times weights, the bias weight w0 on -1, their sum α, the activation, the output.

    Arguments:
        n: how many inputs are drawn, from 1 to 5; the last is called xₙ.
        threshold: True draws the step, False the sigmoid.
        theme: "light" or "dark".

    Returns: a matplotlib Figure; `save_figure` writes it.

    Raises: SettingError for a setting out of range; MissingExtraError without matplotlib.
    """
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= 5:
        raise SettingError(f"n is a whole number from 1 to 5, got {n!r:.60}")
    colours = theme_named(theme)
    figure = _figure(8.6, 1.5 + 0.72 * (n + 1), colours)
    axes = figure.subplots()
    from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

    def arrow(start: tuple[float, float], end: tuple[float, float], colour: str) -> None:
        axes.add_patch(
            FancyArrowPatch(
                start,
                end,
                arrowstyle="-|>",
                mutation_scale=13,
                color=colour,
                linewidth=1.6,
                shrinkA=0,
                shrinkB=0,
            )
        )

    def write(x: float, y: float, words: str, size: float = 12, **look: Any) -> None:
        look.setdefault("color", colours.text)
        axes.text(x, y, words, fontsize=size, ha="center", va="center", **look)

    rows = [("−1", "$w_0$")]
    rows += [(f"$x_{{{i}}}$", f"$w_{{{i}}}$") for i in range(1, n)]
    rows.append(("$x_n$", "$w_n$") if n > 1 else ("$x_1$", "$w_1$"))
    step = 1.05
    top = step * (len(rows) - 1) / 2
    for k, (source, weight) in enumerate(rows):
        y = top - k * step - (0.35 if k == len(rows) - 1 and n > 2 else 0.0)
        bias = k == 0
        axes.add_patch(
            Circle(
                (0.0, y),
                0.36,
                facecolor=colours.background if bias else colours.input,
                edgecolor=colours.line if bias else colours.input_bar,
                linewidth=1.8,
                linestyle="--" if bias else "-",
            )
        )
        write(0.0, y, source)
        reach = math.hypot(SUM[0], y)
        dx, dy = SUM[0] / reach, -y / reach
        arrow((0.36 * dx, y + 0.36 * dy), (SUM[0] - 0.52 * dx, -0.52 * dy), colours.line)
        write(
            1.75,
            y * (1 - 1.75 / SUM[0]),
            weight,
            12,
            bbox={
                "boxstyle": "round,pad=0.25",
                "facecolor": colours.parameter,
                "edgecolor": colours.parameter_line,
            },
        )
    if n > 2:
        write(0.0, top - (n - 0.5) * step - 0.17, "⋮", 16, color=colours.dim)
    axes.add_patch(Circle(SUM, 0.5, facecolor=colours.header, edgecolor=colours.line, lw=1.8))
    write(*SUM, "Σ", 17)
    arrow((SUM[0] + 0.5, 0.0), (BOX[0] - 0.62, 0.0), colours.line)
    write((SUM[0] + BOX[0]) / 2 - 0.05, 0.24, "α")
    axes.add_patch(
        FancyBboxPatch(
            (BOX[0] - 0.55, -0.5),
            1.1,
            1.0,
            boxstyle="round,pad=0.05",
            facecolor=colours.header,
            edgecolor=colours.line,
            linewidth=1.8,
        )
    )
    xs = [BOX[0] - 0.42 + 0.84 * i / 60 for i in range(61)]
    shape = [0.5 * math.tanh(7.0 * (x - BOX[0])) for x in xs]
    if threshold:
        shape = [-0.5 if x < BOX[0] else 0.5 for x in xs]
    axes.plot(
        xs,
        [0.66 * y for y in shape],
        color=colours.edge_plus,
        linewidth=2.2,
        drawstyle="steps-post" if threshold else "default",
    )
    arrow((BOX[0] + 0.6, 0.0), (END - 0.28, 0.0), colours.line)
    write(END, 0.0, "$y$", 14)
    name = "threshold" if threshold else "sigmoid"
    captions = (
        (0.0, "inputs"),
        (1.9, "weights"),
        (SUM[0], "stimulus"),
        (BOX[0], name),
        (END, "output"),
    )
    low = -top - 1.15
    for x, words in captions:
        write(x, low, words, 10, color=colours.dim)
    write(SUM[0] + 0.75, top + 0.25, r"$α = -w_0 + \sum_{i=1}^{n} x_i w_i$", 12.5)
    axes.set(xlim=(-0.6, END + 0.45), ylim=(low - 0.3, top + 0.75), aspect="equal")
    axes.set_axis_off()
    return figure
