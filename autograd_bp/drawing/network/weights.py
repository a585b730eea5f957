"""draw_weights: the weights of each neuron as an image, for networks that look at images."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_bp.drawing.drawing import Drawing
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.canvas import Canvas, width
from autograd_bp.drawing.output.theme import Theme, theme_named
from autograd_bp.errors import DrawingError, OperandError, SettingError, ShapeError
from autograd_bp.nn import Layer, Network, Neuron

SIDE = 64.0  # points, the longer side of a tile
GAP = 20.0
CELLS = 40_000  # more take a renderer minutes


class Tiles(Drawing):
    """A drawing of weights."""

    def __init__(self, dot: str, note: str, count: int, shape: tuple[int, int], title: str) -> None:
        super().__init__(dot, note, title=title)
        self._what = f"{text.count(count, 'tile')} of {shape[0]} x {shape[1]} weights"

    def __repr__(self) -> str:
        return f"<Drawing of {self._what}>"


def draw_weights(
    network: Network | Layer | Neuron,
    shape: tuple[int, int] | None = None,
    *,
    columns: int = 10,
    most: int = 60,
    title: str = "",
    theme: str = "light",
) -> Tiles:
    """The weights of the first layer, one tile for each neuron: what in an image excites it.

    Orange cells raise the stimulus where the image is bright, purple ones lower it; all tiles
    have one scale. The bias weight is in the tooltip.

    Arguments:
        network: a Network, a Layer or a Neuron.
        shape: rows and columns of the images; when left out, they are square.
        columns: how many tiles stand side by side.
        most: how many tiles are drawn; the note says how many there are.
        title: a line above the picture.
        theme: "light" or "dark".

    Returns: a Drawing.

    Raises: OperandError for what has no neurons; ShapeError when the shape does not fit the
        number of inputs; SettingError for a setting out of range; DrawingError when a weight
        is NaN or infinite, or for more than 40,000 cells.

    Example:
        >>> from autograd_bp.drawing import draw_weights
        >>> from autograd_bp.nn import Network
        >>> draw_weights(Network([64, 30, 10], seed=0))
        <Drawing of 30 tiles of 8 x 8 weights>
    """
    for name, setting in (("columns", columns), ("most", most)):
        if isinstance(setting, bool) or not isinstance(setting, int) or setting < 1:
            raise SettingError(f"{name} is a whole number from 1 up, got {setting!r:.60}")
    colours = theme_named(theme)
    neurons = _neurons(network)
    rows, across = _shape(shape, neurons[0].n_inputs)
    shown = neurons[:most]
    if len(shown) * rows * across > CELLS:
        raise DrawingError(
            f"draw_weights: {len(shown)} tiles of {rows} x {across} are more than {CELLS:,} "
            "cells: draw fewer of them, with most="
        )
    note = f"Drawn: {len(shown)} of {len(neurons):,} neurons" if len(shown) < len(neurons) else ""
    largest, most_of_all = _scale(shown)
    canvas = Canvas(colours, "weights")
    cell = max(1, round(SIDE / max(rows, across)))
    wide, high = cell * across + GAP, cell * rows + GAP + 6.0
    _heading(canvas, title, note, largest, largest < most_of_all)
    for k, neuron in enumerate(shown):
        x = (k % columns) * wide + cell * across / 2
        y = -(k // columns) * high - cell * rows / 2 - 24.0
        weights = [weight.data for weight in neuron.weights]
        bias = "" if neuron.bias is None else f", bias weight {neuron.bias.data!r}"
        canvas.table(
            (x, y), _tile(weights, across, cell, largest, colours), f"neuron {k + 1}{bias}"
        )
        canvas.words((x, y + cell * rows / 2 + 8.0), str(k + 1), size=8.5)
    return Tiles(canvas.dot(), note, len(shown), (rows, across), title)


def _neurons(network: object) -> Sequence[Neuron]:
    layer = network
    if isinstance(network, Network):
        layer = network.layers[0] if network.layers else None
    neurons = [layer] if isinstance(layer, Neuron) else getattr(layer, "neurons", None)
    if not isinstance(layer, (Layer, Neuron)) or not neurons:
        raise OperandError(
            "draw_weights takes a Network, a Layer or a Neuron with neurons in it, got "
            f"{type(network).__name__} {network!r:.60}"
        )
    return neurons


def _shape(shape: Any, n: int) -> tuple[int, int]:
    if shape is None:
        side = math.isqrt(n)
        if side * side != n:
            raise ShapeError(
                f"draw_weights: {n} inputs are no square image: give shape=(rows, columns)"
            )
        return side, side
    sides = tuple(shape) if isinstance(shape, (tuple, list)) else ()
    whole = all(isinstance(side, int) and not isinstance(side, bool) for side in sides)
    if len(sides) != 2 or not whole or min(sides) < 1 or sides[0] * sides[1] != n:
        raise ShapeError(
            f"draw_weights: shape is (rows, columns) with {n} cells, one for each input, got "
            f"{shape!r:.60}"
        )
    return sides


def _scale(neurons: Sequence[Neuron]) -> tuple[float, float]:
    """The size that has the strongest colour, which 2 % of the weights reach, and the largest."""
    sizes = []
    for k, neuron in enumerate(neurons, 1):
        for i, weight in enumerate(neuron.weights, 1):
            if not math.isfinite(weight.data):
                raise DrawingError(
                    f"draw_weights: weight {i} of neuron {k} is {weight.data}, which has no "
                    "colour: was the rate too high?"
                )
            sizes.append(abs(weight.data))
    sizes.sort()
    strong = sizes[math.ceil(0.98 * len(sizes)) - 1]
    return strong or sizes[-1], sizes[-1]


def _tile(weights: Sequence[float], across: int, cell: int, largest: float, theme: Theme) -> str:
    rows = []
    for start in range(0, len(weights), across):
        cells = "".join(
            f'<TD WIDTH="{cell}" HEIGHT="{cell}" FIXEDSIZE="TRUE" '
            f'BGCOLOR="{shade(weight, largest, theme)}"></TD>'
            for weight in weights[start : start + across]
        )
        rows.append(f"<TR>{cells}</TR>")
    return (
        f'<TABLE BORDER="1" COLOR="{theme.line}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f"{''.join(rows)}</TABLE>"
    )


def shade(x: float, largest: float, theme: Theme) -> str:
    """A colour between the theme's: purple below zero, orange above, mixed by size."""
    stops = (theme.cell, *(theme.plus if x > 0 else theme.minus)[1:])
    place = min(abs(x) / largest, 1.0) * (len(stops) - 1) if largest > 0.0 else 0.0
    k = min(int(place), len(stops) - 2)
    low, high = (_channels(stop) for stop in stops[k : k + 2])
    mixed = (round(a + (b - a) * (place - k)) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _heading(canvas: Canvas, title: str, note: str, largest: float, beyond: bool) -> None:
    theme = canvas.theme
    y = 10.0
    if note:
        canvas.words((0.0, y), note, size=8.5, colour=theme.text, left=True)
        y += 17.0
    at_most, at_least = ("≤ ", "≥ ") if beyond else ("", "")
    size = text.number(largest)
    low, high = f"weight {at_most}−{size}", f"{at_least}+{size}"
    canvas.words((0.0, y), low, size=8.5, left=True)
    x = width(low, 8.5) + 4.0
    colours = [shade(largest * share / 6, largest, theme) for share in range(-6, 7)]
    canvas.swatches((x, y), colours)
    canvas.words((x + 14.0 * len(colours) + 5.0, y), high, size=8.5, left=True)
    if title:
        shown = text.short(text.clean(title), 100)
        canvas.words((0.0, y + 19.0), shown, size=13, colour=theme.text, left=True)
