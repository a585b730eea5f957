"""The history of a training: performance and accuracy, epoch by epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = ["Epoch", "History"]


class Epoch(NamedTuple):
    """One pass over the training rows.

    Attributes:
        number: from 1.
        P: the mean performance of the training rows, each before the step that learned from it.
        accuracy: the share of training rows that were right, each before the step that learned
            from it; None where right and wrong mean nothing, as for numbers.
        held_out_P: the mean performance of the rows held out, after the epoch; None without
            such rows.
        held_out_accuracy: the share of the rows held out that are right after the epoch.
    """

    number: int
    P: float
    accuracy: float | None
    held_out_P: float | None  # noqa: N815
    held_out_accuracy: float | None


@dataclass
class History:
    """The epochs that were finished.

    Attributes:
        epochs: one entry for each.
        interrupted: True when Ctrl-C ended the training; the weights are those so far.
        how: whether batches ran as compiled programs or row by row, and why.
        stopped: why the training ended before its last epoch, such as early stopping; "" where it
            did not.
        restored: the epoch whose weights early stopping restored; 0 where it restored none.
    """

    epochs: list[Epoch] = field(default_factory=list)
    interrupted: bool = False
    how: str = ""
    stopped: str = ""
    restored: int = 0

    @property
    def P(self) -> list[float]:  # noqa: N802
        """The mean performance of the training rows in each epoch."""
        return [epoch.P for epoch in self.epochs]

    @property
    def accuracy(self) -> list[float | None]:
        """The share of training rows that were right, in each epoch."""
        return [epoch.accuracy for epoch in self.epochs]

    @property
    def held_out_P(self) -> list[float | None]:  # noqa: N802
        """The mean performance of the rows held out, after each epoch."""
        return [epoch.held_out_P for epoch in self.epochs]

    @property
    def held_out_accuracy(self) -> list[float | None]:
        """The share of rows held out that are right, after each epoch."""
        return [epoch.held_out_accuracy for epoch in self.epochs]

    def _repr_html_(self) -> str:
        """Show a notebook the curves of P, and the last epoch as a table."""
        if not self.epochs:
            return "<p>no epoch was finished</p>"
        last = self.epochs[-1]
        cells = {
            "epochs": f"{len(self.epochs):,}",
            "P": f"{last.P:.6g}",
            "accuracy": _share(last.accuracy),
            "held-out P": "" if last.held_out_P is None else f"{last.held_out_P:.6g}",
            "held-out accuracy": _share(last.held_out_accuracy),
        }
        known = {name: cell for name, cell in cells.items() if cell}
        head = "".join(f"<th>{name}</th>" for name in known)
        row = "".join(f"<td>{cell}</td>" for cell in known.values())
        stopped = "<p>interrupted</p>" if self.interrupted else ""
        return f"{_curves(self)}<table><tr>{head}</tr><tr>{row}</tr></table>{stopped}"


WIDTH, HEIGHT, LEFT, MARGIN = 480.0, 180.0, 64.0, 18.0  # of the curves, in pixels
MAX_POINTS = 400  # of a curve


def _share(accuracy: float | None) -> str:
    return "" if accuracy is None else f"{accuracy:.1%}"


def _curves(history: History) -> str:
    """P over the epochs, as SVG in the colours of the page; of rows held out, dashed."""
    known: list[list[float | None]] = [[*history.P], history.held_out_P]
    finite = [y for ys in known for y in ys if y is not None and math.isfinite(y)]
    if not finite or len(history.epochs) < 2:
        return ""
    low, high = min(finite), max(finite)
    span = (high - low) or 1.0

    def points(ys: list[float | None]) -> str:
        step = max(1, len(ys) // MAX_POINTS)
        places = [*range(0, len(ys) - 1, step), len(ys) - 1]
        return " ".join(
            f"{LEFT + (WIDTH - LEFT - MARGIN) * k / (len(ys) - 1):.1f},"
            f"{HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * (y - low) / span:.1f}"
            for k in places
            if (y := ys[k]) is not None and math.isfinite(y)
        )

    lines = [f'<polyline points="{points(known[0])}"/>']
    if any(y is not None for y in known[1]):
        lines.append(f'<polyline points="{points(known[1])}" stroke-dasharray="5 4"/>')
    words = (
        f'<text x="{LEFT - 6:g}" y="{MARGIN + 4:g}" text-anchor="end">{high:.4g}</text>'
        f'<text x="{LEFT - 6:g}" y="{HEIGHT - MARGIN + 4:g}" text-anchor="end">{low:.4g}</text>'
        f'<text x="{WIDTH - MARGIN:g}" y="{HEIGHT - 2:g}" text-anchor="end">'
        f"epoch {len(history.epochs):,}</text>"
    )
    alternative = (
        f"P over {len(history.epochs):,} epochs, from {history.P[0]:.4g} to {history.P[-1]:.4g}"
    )
    return (
        f'<svg role="img" aria-label="{alternative}" width="{WIDTH:g}" height="{HEIGHT:g}" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" style="max-width: 100%; height: auto">'
        f'<g fill="none" stroke="currentColor" stroke-width="1.5">{"".join(lines)}</g>'
        f'<g fill="currentColor" font-family="sans-serif" font-size="11">{words}</g></svg>'
    )
