"""The curves that explain a neuron: threshold and sigmoid, and the performance function."""

from __future__ import annotations

from typing import Any

from autograd_bp import functions, primitives
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.drawing.figures.axes import new_figure, style_axes
from autograd_bp.drawing.output.theme import theme_named
from autograd_bp.value import Value

REACH = 6.0  # curves go from -REACH to REACH


def threshold_and_sigmoid(*, theme: str = "light") -> Any:
    """The step of a threshold beside its smooth replacement, with the slope β(1 - β).

    Arguments:
        theme: "light" or "dark".

    Returns: a matplotlib Figure; `save_figure` writes it.

    Raises: MissingExtraError without matplotlib.
    """
    colours = theme_named(theme)
    figure = new_figure(9.0, 3.3, colours)
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
    style_axes(left, "threshold: 0 below, 1 from 0 on; no slope", "stimulus α", colours)
    style_axes(right, "sigmoid β and its slope", "stimulus α", colours)
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
    figure = new_figure(6.0, 3.6, colours)
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
    style_axes(axes, f"P = −½ (d − z)²: the best is 0, at z = d = {d:g}", "output z", colours)
    return figure
