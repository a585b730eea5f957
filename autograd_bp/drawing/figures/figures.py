"""The figures that explain a neuron: its model, threshold and sigmoid, the performance function,
and what a small network decides. Drawn with matplotlib, with the library's own functions.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from autograd_bp import functions, primitives
from autograd_bp.contexts import no_recording
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.drawing.output.theme import Theme, theme_named
from autograd_bp.errors import (
    DrawingError,
    MissingExtraError,
    OperandError,
    SettingError,
    ShapeError,
)
from autograd_bp.files import write_atomically
from autograd_bp.value import Value

FORMATS = (".png", ".svg", ".pdf")
REACH = 6.0  # how far curves go to either side


def threshold_and_sigmoid(*, theme: str = "light") -> Any:
    """The step of a threshold beside its smooth replacement, with the slope β(1 - β).

    Arguments:
        theme: "light" or "dark".

    Returns: a matplotlib Figure; `save_figure` writes it.

    Raises: MissingExtraError without matplotlib.
    """
    colours = theme_named(theme)
    figure = _figure(9.0, 3.3, colours)
    left, right = figure.subplots(1, 2, sharey=True)
    plus, minus = colours.edge_plus, colours.edge_minus
    for start, end, height in ((-REACH, 0.0, 0.0), (0.0, REACH, 1.0)):
        left.plot([start, end], [height, height], color=plus, linewidth=2.2)
    left.plot([0.0], [primitives.threshold(0.0)], "o", color=plus)
    left.plot([0.0], [0.0], "o", color=plus, markerfacecolor=colours.background)
    stimuli = [i / 25.0 - REACH for i in range(int(50 * REACH) + 1)]
    nodes = [Value(α) for α in stimuli]
    outputs = [primitives.sigmoid(α) for α in nodes]
    slopes = gradients(outputs, nodes)
    right.plot(stimuli, [β.data for β in outputs], color=plus, linewidth=2.2)
    right.plot(stimuli, slopes, color=minus, linewidth=2.2, linestyle=(0, (4, 2)))
    right.text(1.5, 0.68, "β = 1 / (1 + e$^{-α}$)", color=plus, fontsize=10.5)
    right.text(2.0, 0.2, "dβ/dα = β (1 − β)", color=minus, fontsize=10.5)
    _dress(left, "threshold: 0 below, 1 from 0 on; no slope", "stimulus α", colours)
    _dress(right, "sigmoid β and its slope", "stimulus α", colours)
    return figure


def performance_curve(d: float = 1.0, *, theme: str = "light") -> Any:
    """P = -½ (d - z)² over the output z, with its slope d - z at three places.

    Arguments:
        d: the desired output.
        theme: "light" or "dark".

    Returns: a matplotlib Figure.

    Raises: MissingExtraError without matplotlib.
    """
    colours = theme_named(theme)
    figure = _figure(6.0, 3.6, colours)
    axes = figure.subplots()
    outputs = [d - 1.25 + i / 40.0 for i in range(101)]
    P = [functions.performance(d, z) for z in outputs]
    axes.plot(outputs, P, color=colours.edge_plus, linewidth=2.2)
    for place in (d - 0.9, d - 0.4, d):
        z = Value(place)
        node = functions.performance(d, z)
        slope = gradients(node, z)
        run = 0.2
        ends = [place - run, place + run]
        axes.plot(
            ends,
            [node.data + slope * (end - place) for end in ends],
            color=colours.edge_minus,
            linewidth=1.6,
            linestyle=(0, (4, 2)),
        )
        axes.plot([place], [node.data], "o", color=colours.edge_minus, markersize=5)
        axes.annotate(
            f"slope d − z = {slope:.2g}",
            (place, node.data),
            xytext=(10, -14) if slope else (-42, 9),
            textcoords="offset points",
            color=colours.edge_minus,
            fontsize=9,
        )
    axes.set_ylim(top=0.13)
    _dress(axes, f"P = −½ (d − z)²: the best is 0, at z = d = {d:g}", "output z", colours)
    return figure


def decision_surface(
    network: Callable[..., Any],
    examples: Iterable[tuple[Sequence[float], float]] = (),
    *,
    title: str = "",
    steps: int = 81,
    theme: str = "light",
) -> Any:
    """What a network of two inputs and one output answers everywhere in the plane.

    Arguments:
        network: a Module or a function of a row of two inputs.
        examples: rows and desired outputs, drawn as circles (1) and squares (0).
        title: a line above the figure.
        steps: how many points along each side are asked for.
        theme: "light" or "dark".

    Returns: a matplotlib Figure.

    Raises: MissingExtraError without matplotlib; ShapeError when the network does not take
        two inputs and give one output; DrawingError when an answer is NaN or infinite.
    """
    if not callable(network) or isinstance(network, (Value, type)):
        raise OperandError(
            f"decision_surface takes a network, got {type(network).__name__} {network!r:.60}"
        )
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 2:
        raise SettingError(f"steps is a whole number from 2 up, got {steps!r:.60}")
    colours = theme_named(theme)
    figure = _figure(5.4, 4.4, colours)
    points = [(list(row), float(d)) for row, d in examples]
    if any(len(row) != 2 for row, _ in points):
        raise ShapeError("decision_surface: each example has two inputs and a desired output")
    low = min([0.0, *(min(row) for row, _ in points)]) - 0.25
    high = max([1.0, *(max(row) for row, _ in points)]) + 0.25
    places = [low + (high - low) * i / (steps - 1) for i in range(steps)]
    with no_recording():
        heights = [[_answer(network, [x, y]) for x in places] for y in places]
    axes = figure.subplots()
    from matplotlib.colors import LinearSegmentedColormap

    shades = [*reversed(colours.minus), colours.cell, *colours.plus]
    spectrum = LinearSegmentedColormap.from_list("answers", shades)
    flat = [z for row in heights for z in row]
    bottom, top = min(0.0, *flat), max(1.0, *flat)
    image = axes.imshow(
        heights,
        extent=(low, high, low, high),
        origin="lower",
        cmap=spectrum,
        vmin=bottom,
        vmax=top,
        interpolation="bilinear",
        aspect="equal",
    )
    if min(flat) < 0.5 < max(flat):
        lines = axes.contour(
            places, places, heights, levels=[0.5], colors=[colours.text], linewidths=1.6
        )
        axes.clabel(lines, fmt={0.5: "0.5"}, fontsize=9)
    for wanted, marker, size in ((1.0, "o", 90), (0.0, "s", 75)):
        shown = [row for row, d in points if (d >= 0.5) == (wanted == 1.0)]
        if shown:
            axes.scatter(
                [row[0] for row in shown],
                [row[1] for row in shown],
                marker=marker,
                s=size,
                color=colours.output_text,
                edgecolor=colours.output,
                linewidth=1.8,
                zorder=3,
                label=f"desired {wanted:g}",
            )
    bar = figure.colorbar(image, ax=axes, shrink=0.85)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=colours.dim, labelsize=9, length=0)
    bar.set_label("output z", color=colours.dim, fontsize=9)
    if points:
        axes.legend(
            loc="upper center",
            bbox_to_anchor=(0.5, -0.13),
            ncols=2,
            frameon=False,
            fontsize=9,
            labelcolor=colours.text,
        )
    _dress(axes, title, "$x_1$", colours)
    axes.set_ylabel("$x_2$", fontsize=9.5, color=colours.dim)
    axes.grid(False)
    return figure


def save_figure(figure: Any, path: str | os.PathLike[str]) -> Path:
    """Write a figure as .png, .svg or .pdf, whole or not at all; without the date, so that the
    same figure gives the same bytes.

    Raises: DrawingError for another ending; OutputError when the file cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in FORMATS:
        raise DrawingError(
            f"a figure can be saved as {', '.join(FORMATS)}, not as {target.name!r:.80}"
        )
    import matplotlib

    nothing = {".png": {"Software": None}, ".svg": {"Date": None}, ".pdf": {"CreationDate": None}}
    content = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "autograd_bp"}):
        figure.savefig(content, format=ending[1:], metadata=nothing[ending])
    write_atomically(target, content.getvalue())
    return target


def _answer(network: Callable[..., Any], row: list[float]) -> float:
    made = network(row)
    outputs = [made] if isinstance(made, (Value, float, int)) else list(made)
    if len(outputs) != 1:
        raise ShapeError(
            f"decision_surface draws one output, the network gave {len(outputs)}: give a function "
            "that picks one"
        )
    z = outputs[0].data if isinstance(outputs[0], Value) else float(outputs[0])
    if not abs(z) < float("inf"):
        raise DrawingError(
            f"decision_surface: the network answers {z} for {row}: are its weights finite?"
        )
    return z


def _figure(width: float, height: float, theme: Theme) -> Any:
    """A figure of its own; the state of pyplot is left alone."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError(
            'figures need matplotlib: pip install "autograd_bp[plots]"'
        ) from None
    return Figure(
        figsize=(width, height), dpi=110, layout="constrained", facecolor=theme.background
    )


def _dress(axes: Any, title: str, below: str, theme: Theme) -> None:
    axes.set_facecolor(theme.background)
    # A dollar sign in a title is a dollar sign.
    axes.set_title(title, fontsize=10.5, color=theme.text, loc="left", parse_math=False)
    axes.set_xlabel(below, fontsize=9.5, color=theme.dim)
    axes.grid(color=theme.header, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=theme.dim, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(theme.dim)
