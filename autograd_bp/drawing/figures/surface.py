"""decision_surface: what a network of two inputs answers everywhere in the plane."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp.contexts import no_recording
from autograd_bp.drawing.figures.axes import new_figure, style_axes
from autograd_bp.drawing.output.theme import Theme, theme_named
from autograd_bp.errors import DrawingError, OperandError, SettingError, ShapeError
from autograd_bp.value import Value

MARGIN = 0.25  # around the examples and the unit square
BOUNDARY = 0.5  # the output between the two answers

Example = tuple[list[float], float]


def decision_surface(
    network: Callable[..., Any],
    examples: Iterable[tuple[Sequence[float], float]] = (),
    *,
    title: str = "",
    steps: int = 81,
    theme: str = "light",
) -> Any:
    """Draw the outputs of a network of two inputs and one output over the plane.

    Arguments:
        network: a Module or a function of a row of two inputs.
        examples: rows and desired outputs, drawn as circles (1) and squares (0).
        title: a line above the figure.
        steps: the number of points along each side for which the network is asked.
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
    figure = new_figure(5.4, 4.4, colours)
    points = [(list(x), float(d)) for x, d in examples]
    if any(len(x) != 2 for x, _ in points):
        raise ShapeError("decision_surface: each example has two inputs and a desired output")
    low, high = _extent(points)
    places = [low + (high - low) * i / (steps - 1) for i in range(steps)]
    with no_recording():
        heights = [[_answer(network, [x, y]) for x in places] for y in places]
    axes = figure.subplots()
    image = _draw_surface(axes, (low, high), places, heights, colours)
    _draw_examples(axes, points, colours)
    bar = figure.colorbar(image, ax=axes, shrink=0.85)
    bar.outline.set_visible(False)
    bar.ax.tick_params(colors=colours.dim, labelsize=9, length=0)
    bar.set_label("output z", color=colours.dim, fontsize=9)
    if points:
        _draw_legend(axes, colours)
    style_axes(axes, title, "$x_1$", colours)
    axes.set_ylabel("$x_2$", fontsize=9.5, color=colours.dim)
    axes.grid(False)
    return figure


def _extent(points: Sequence[Example]) -> tuple[float, float]:
    """Where each side begins and ends: around the unit square and all examples."""
    low = min([0.0, *(min(x) for x, _ in points)]) - MARGIN
    high = max([1.0, *(max(x) for x, _ in points)]) + MARGIN
    return low, high


def _answer(network: Callable[..., Any], x: list[float]) -> float:
    """The output of the network for a row of inputs."""
    result = network(x)
    outputs = [result] if isinstance(result, (Value, float, int)) else list(result)
    if len(outputs) != 1:
        raise ShapeError(
            f"decision_surface draws one output, the network gave {len(outputs)}: give a function "
            "that picks one"
        )
    z = outputs[0].data if isinstance(outputs[0], Value) else float(outputs[0])
    if not abs(z) < float("inf"):
        raise DrawingError(
            f"decision_surface: the network answers {z} for {x}: are its weights finite?"
        )
    return z


def _draw_surface(
    axes: Any,
    extent: tuple[float, float],
    places: Sequence[float],
    heights: Sequence[Sequence[float]],
    theme: Theme,
) -> Any:
    """The answers as colours, and the line between the two answers. Returns matplotlib's image."""
    from matplotlib.colors import LinearSegmentedColormap

    shades = [*reversed(theme.minus), theme.cell, *theme.plus]
    answers = [z for line in heights for z in line]
    image = axes.imshow(
        heights,
        extent=extent * 2,
        origin="lower",
        cmap=LinearSegmentedColormap.from_list("answers", shades),
        vmin=min(0.0, *answers),
        vmax=max(1.0, *answers),
        interpolation="bilinear",
        aspect="equal",
    )
    if min(answers) < BOUNDARY < max(answers):
        lines = axes.contour(
            places, places, heights, levels=[BOUNDARY], colors=[theme.text], linewidths=1.6
        )
        axes.clabel(lines, fmt={BOUNDARY: f"{BOUNDARY:g}"}, fontsize=9)
    return image


def _draw_examples(axes: Any, points: Sequence[Example], theme: Theme) -> None:
    """Circles where the answer is to be 1, squares where it is to be 0."""
    for desired, marker, size in ((1.0, "o", 90), (0.0, "s", 75)):
        rows = [x for x, d in points if (d >= BOUNDARY) == (desired == 1.0)]
        if rows:
            axes.scatter(
                [x[0] for x in rows],
                [x[1] for x in rows],
                marker=marker,
                s=size,
                color=theme.output_text,
                edgecolor=theme.output,
                linewidth=1.8,
                zorder=3,
                label=f"desired {desired:g}",
            )


def _draw_legend(axes: Any, theme: Theme) -> None:
    axes.legend(
        loc="upper center",
        bbox_to_anchor=(0.5, -0.13),
        ncols=2,
        frameon=False,
        fontsize=9,
        labelcolor=theme.text,
    )
