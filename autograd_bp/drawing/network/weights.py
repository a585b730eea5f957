"""draw_weights: the weights of each neuron as an image, for networks that look at images."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd_bp.drawing.drawing import Drawing
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.canvas import MAX_TITLE, Canvas, width
from autograd_bp.drawing.output.theme import Theme, theme_named
from autograd_bp.errors import DrawingError, OperandError, SettingError, ShapeError
from autograd_bp.nn import Layer, Network, Neuron

SIDE = 64.0  # points, the longer side of a tile
GAP = 20.0
MAX_CELLS = 40_000  # a renderer takes minutes for more


class Tiles(Drawing):
    """A drawing of weights."""

    def __init__(
        self,
        write_dot: Callable[[], str],
        note: str,
        count: int,
        shape: tuple[int, int],
        title: str,
    ) -> None:
        """Arguments:
        write_dot: gives the picture in the DOT language.
        note: what was left out.
        count: the number of tiles.
        shape: rows and columns of each.
        title: stands above the picture.
        """
        super().__init__(write_dot, note, title=title)
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
    """The weights of the first layer, one tile for each neuron, to show which images excite it.

    Where the image is bright, orange cells raise the stimulus and purple ones lower it. All tiles
    have one scale. The bias weight is in the tooltip.

    Arguments:
        network: a Network, a Layer or a Neuron.
        shape: rows and columns of the images; when left out, they are square.
        columns: how many tiles stand side by side.
        most: how many tiles are drawn; the note says how many there are.
        title: a line above the picture.
        theme: "light" or "dark".

    Returns: a Drawing.

    Raises: OperandError for an object without neurons; ShapeError when the shape does not fit the
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
    if len(shown) * rows * across > MAX_CELLS:
        raise DrawingError(
            f"draw_weights: {len(shown)} tiles of {rows} x {across} are more than {MAX_CELLS:,} "
            "cells: draw fewer of them, with most="
        )
    note = f"Drawn: {len(shown)} of {len(neurons):,} neurons" if len(shown) < len(neurons) else ""
    tiles = [
        Tile(
            [weight.data for weight in neuron.weights],
            None if neuron.bias is None else neuron.bias.data,
        )
        for neuron in shown
    ]
    scale = _scale(tiles)
    write_dot = functools.partial(_dot, tiles, (rows, across), columns, title, note, scale, colours)
    return Tiles(write_dot, note, len(shown), (rows, across), title)


class Tile(NamedTuple):
    """The numbers of one neuron.

    Attributes:
        weights: row by row.
        bias: the bias weight; None where there is none.
    """

    weights: list[float]
    bias: float | None


class WeightScale(NamedTuple):
    """The scale of the colours of weights.

    Attributes:
        strongest: the size from which on weights have the strongest colour.
        largest: the largest size.
    """

    strongest: float
    largest: float


def _dot(
    tiles: Sequence[Tile],
    shape: tuple[int, int],
    columns: int,
    title: str,
    note: str,
    scale: WeightScale,
    theme: Theme,
) -> str:
    """The picture in the DOT language."""
    canvas = Canvas(theme, "weights")
    rows, across = shape
    cell = max(1, round(SIDE / max(rows, across)))
    tile_width, tile_height = cell * across + GAP, cell * rows + GAP + 6.0
    _heading(canvas, title, note, scale)
    for k, tile in enumerate(tiles):
        x = (k % columns) * tile_width + cell * across / 2
        y = -(k // columns) * tile_height - cell * rows / 2 - 24.0
        bias = "" if tile.bias is None else f", bias weight {tile.bias!r}"
        table = _table(tile.weights, across, cell, scale.strongest, theme)
        canvas.table((x, y), table, f"neuron {k + 1}{bias}")
        canvas.words((x, y + cell * rows / 2 + 8.0), str(k + 1), size=8.5)
    return canvas.dot()


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


def _scale(tiles: Sequence[Tile]) -> WeightScale:
    """2 % of the weights have the strongest colour, so that a few large ones hide no others."""
    sizes = []
    for k, tile in enumerate(tiles, 1):
        for i, weight in enumerate(tile.weights, 1):
            if not math.isfinite(weight):
                raise DrawingError(
                    f"draw_weights: weight {i} of neuron {k} is {weight}, which has no "
                    "colour: was the rate too high?"
                )
            sizes.append(abs(weight))
    sizes.sort()
    strongest = sizes[math.ceil(0.98 * len(sizes)) - 1]
    return WeightScale(strongest or sizes[-1], sizes[-1])


def _table(weights: Sequence[float], across: int, cell: int, strongest: float, theme: Theme) -> str:
    """One tile, as an HTML-like table."""
    rows = []
    for start in range(0, len(weights), across):
        cells = "".join(
            f'<TD WIDTH="{cell}" HEIGHT="{cell}" FIXEDSIZE="TRUE" '
            f'BGCOLOR="{shade(weight, strongest, theme)}"></TD>'
            for weight in weights[start : start + across]
        )
        rows.append(f"<TR>{cells}</TR>")
    return (
        f'<TABLE BORDER="1" COLOR="{theme.line}" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0">'
        f"{''.join(rows)}</TABLE>"
    )


def shade(x: float, strongest: float, theme: Theme) -> str:
    """A colour between the theme's: purple below zero, orange above, mixed by size."""
    stops = (theme.cell, *(theme.plus if x > 0 else theme.minus)[1:])
    position = min(abs(x) / strongest, 1.0) * (len(stops) - 1) if strongest > 0.0 else 0.0
    k = min(int(position), len(stops) - 2)
    low, high = (_channels(stop) for stop in stops[k : k + 2])
    mixed = (round(a + (b - a) * (position - k)) for a, b in zip(low, high, strict=True))
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[i : i + 2], 16) for i in (1, 3, 5))


def _heading(canvas: Canvas, title: str, note: str, scale: WeightScale) -> None:
    """The title, the note, and what colours mean."""
    theme = canvas.theme
    y = 10.0
    if note:
        canvas.words((0.0, y), note, size=8.5, colour=theme.text, left=True)
        y += 17.0
    at_most, at_least = ("≤ ", "≥ ") if scale.strongest < scale.largest else ("", "")
    size = text.number(scale.strongest)
    low, high = f"weight {at_most}−{size}", f"{at_least}+{size}"
    canvas.words((0.0, y), low, size=8.5, left=True)
    x = width(low, 8.5) + 4.0
    colours = [shade(scale.strongest * k / 6, scale.strongest, theme) for k in range(-6, 7)]
    canvas.swatches((x, y), colours)
    canvas.words((x + 14.0 * len(colours) + 5.0, y), high, size=8.5, left=True)
    if title:
        shown = text.short(text.clean(title), MAX_TITLE)
        canvas.words((0.0, y + 19.0), shown, size=13, colour=theme.text, left=True)
