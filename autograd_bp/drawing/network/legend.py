"""Writes the head of the picture of a network: title, note, what colours and widths mean."""

from __future__ import annotations

from dataclasses import dataclass

from autograd_bp.drawing.network.placement import RADIUS, Placement
from autograd_bp.drawing.network.run import NetworkRun
from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.canvas import MAX_TITLE, Canvas, width

LINE_HEIGHT = 17.0


@dataclass(frozen=True)
class Legend:
    """The legend of a network.

    Attributes:
        run: the network.
        placement: where its circles are.
        heaviest: the weight with the widest edge.
        largest_output: the output with the strongest colour.
    """

    run: NetworkRun
    placement: Placement
    heaviest: float
    largest_output: float

    def draw(self, canvas: Canvas, title: str, note: str) -> None:
        """Draw the lines from the bottom up, from the left edge of the picture."""
        theme, circles = canvas.theme, self.placement.circles
        x, y = -RADIUS, max(circle.at[1] + circle.radius for circle in circles.values()) + 24.0
        if note:
            canvas.words((x, y), note, size=8.5, colour=theme.text, left=True)
            y += LINE_HEIGHT
        if self.run.has_inputs:
            if self.run.gammas is not None:
                words = f"γ = ∂P/∂α below each neuron; P = {text.number(self.run.gammas.P)}"
                canvas.words((x, y), words, size=8.5, left=True)
                y += LINE_HEIGHT
            self._draw_outputs(canvas, x, y)
            y += LINE_HEIGHT
        self._draw_weights(canvas, x, y)
        y += 19.0
        if title:
            shown = text.short(text.clean(title), MAX_TITLE)
            canvas.words((x, y), shown, size=13, colour=theme.text, left=True)

    def _draw_outputs(self, canvas: Canvas, x: float, y: float) -> None:
        """Explain the colours of circles."""
        low, high = f"output −{brief(self.largest_output)}", f"+{brief(self.largest_output)}"
        canvas.words((x, y), low, size=8.5, left=True)
        x += width(low, 8.5) + 2.0
        colours = (*reversed(canvas.theme.minus), *canvas.theme.plus)
        canvas.swatches((x, y), colours)
        canvas.words((x + 14.0 * len(colours) + 5.0, y), high, size=8.5, left=True)

    def _draw_weights(self, canvas: Canvas, x: float, y: float) -> None:
        """Explain lines and rims."""
        for words, sign in (("raises (weight > 0)", 1.0), ("lowers", -1.0)):
            colour = canvas.theme.edge(sign)
            canvas.sample((x, y), 24.0, colour=colour, width=1.8, dashed=sign < 0.0)
            canvas.words((x + 28.0, y), words, size=8.5, left=True)
            x += 34.0 + width(words, 8.5)
        words = f"widest: {text.number(self.heaviest)}.  Green rim: input, double: output"
        if any(isinstance(key, tuple) for key in self.placement.circles):
            words += ", dashed: constant"
        canvas.words((x, y), words, size=8.5, left=True)


def brief(x: float) -> str:
    """Write a number so that it fits into a circle: three significant digits, one of very small
    numbers."""
    return text.number(float(f"{x:.1g}" if 0.0 < abs(x) < 1e-3 else f"{x:.3g}"))
