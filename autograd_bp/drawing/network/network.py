"""draw_network: a network as circles and weighted edges, column by column."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any

from autograd_bp.drawing import arguments, options
from autograd_bp.drawing.drawing import Drawing
from autograd_bp.drawing.network.picture import Picture
from autograd_bp.drawing.network.run import renamed, run
from autograd_bp.drawing.output.finish import Room
from autograd_bp.drawing.output.theme import theme_named
from autograd_bp.errors import SettingError


class Diagram(Drawing):
    """A drawing of a network."""

    def __init__(
        self, write_dot: Callable[[], str], note: str, parts: str, title: str, room: Room
    ) -> None:
        """Arguments:
        write_dot: gives the picture in the DOT language.
        note: what was left out.
        parts: what is drawn, in words.
        title: stands above the picture.
        room: width and height in pixels that it has at most.
        """
        super().__init__(write_dot, note, title=title, room=room)
        self._what = parts  # under this name since version 0.1.0, for pickles

    def __repr__(self) -> str:
        return f"<Drawing of {self._what}>"


def draw_network(
    network: Callable[..., Any],
    x: Iterable[Any] | None = None,
    *,
    d: Any = None,
    weights: bool | None = None,
    title: str = "",
    theme: str = "light",
    rows: int | None = None,
    max_edges: int = 400,
    inputs: Iterable[str] | None = None,
    outputs: Iterable[str] | None = None,
    size: tuple[float | None, float | None] | None = (1600, 1200),
) -> Diagram:
    """A network as circles and weighted edges: what each neuron outputs for an input, and its γ.

    The wiring is read off the graph of one run, so any network can be drawn: layers, shortcuts,
    shared weights, plain arithmetic. A bias weight w0 starts at a circle of its constant, -1.

    Arguments:
        network: a Module, or any function that takes a row of inputs and gives outputs.
        x: a row of inputs; circles then contain the outputs that it leads to. Networks,
            layers and neurons can be drawn without one.
        d: the desired outputs for x; γ = ∂P/∂α stands below each neuron.
        weights: True writes its number on each edge; None does so for up to 30 edges.
        title: a line above the picture.
        theme: "light" or "dark".
        rows: how many circles of a column are drawn, 10 when left out, and fewer where the picture
            has no room; of a longer one, the first and the last.
        max_edges: how many edges are drawn: those with the largest weights.
        inputs: names for the inputs.
        outputs: names for the outputs, such as the digits "0" to "9".
        size: width and height in pixels that the picture has at most, at text that can be read:
            columns and circles stand nearer to each other, and then fewer are drawn. None for
            either, or for both, as much as it needs; with `rows` it is as high as it needs.

    Returns: a Drawing; its `note` says what was left out.

    Raises: OperandError for an object that is no network; ShapeError for a row of the wrong length;
        SettingError for a setting out of range; DrawingError when a weight is NaN or infinite,
        or when there is no neuron to draw.

    Example:
        >>> from autograd_bp.drawing import draw_network
        >>> from autograd_bp.nn import Network
        >>> draw_network(Network([2, 2, 1], seed=0), x=[0, 1], d=1)
        <Drawing of a network: 2 inputs, 3 neurons, 9 weights>
    """
    for name, setting, minimum in (
        ("rows", 2 if rows is None else rows, 2),
        ("max_edges", max_edges, 1),
    ):
        if isinstance(setting, bool) or not isinstance(setting, int) or setting < minimum:
            raise SettingError(f"{name} is a whole number from {minimum} up, got {setting!r:.60}")
    options.title(title)
    options.flags(weights=False if weights is None else weights)
    page = arguments.page(size, "right", None, None, None, asked=rows is not None)
    wide, high = (
        limit if side else math.inf for side, limit in zip(page.sides, page.limits, strict=True)
    )
    colours = theme_named(theme)
    picture = Picture(
        renamed(run(network, x, d), inputs, outputs),
        colours,
        title,
        weights=weights,
        rows=rows,
        max_edges=max_edges,
        room=(wide, high),
    )
    parts = f"a network: {picture.parts()}"
    return Diagram(picture.dot, picture.note, parts, title, page.sides)
