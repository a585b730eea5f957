"""The learning curve: P and accuracy against epochs, as a PNG."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from autograd_bp.errors import DataError, MissingExtraError
from autograd_bp.files import write_atomically
from autograd_bp.training.history import History

__all__ = ["learning_curve", "save_learning_curve"]

TRAINING, HELD_OUT = "#b35806", "#542788"  # distinguishable under common colour-blindness
TEXT, DIM, GRID = "#1f2328", "#59636e", "#e4e8ec"
MAX_DOTTED_EPOCHS = 40  # up to so many epochs, each is marked with a dot


def learning_curve(history: History, title: str = "") -> Any:
    """The figure: mean P per row and, where there is one, accuracy, epoch by epoch.

    Arguments:
        history: the result of `train`.
        title: a line above it.

    Returns: a matplotlib Figure of its own; the state of pyplot is left alone.

    Raises: MissingExtraError without matplotlib; DataError when no epoch was finished.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError(
            'the learning curve needs matplotlib: pip install "autograd_bp[plots]"'
        ) from None
    if not history.epochs:
        raise DataError("no epoch was finished: there is no learning curve to draw")
    epochs = [epoch.number for epoch in history.epochs]
    judged = history.epochs[0].accuracy is not None
    figure = Figure(figsize=(10 if judged else 6, 4.2), dpi=144, layout="constrained")
    left, *others = figure.subplots(1, 2 if judged else 1, squeeze=False)[0]
    what = "mean performance P of a row (0 is perfect)"
    _panel(left, epochs, what, history.P, history.held_out_P, "{:.3g}")
    left.set_ylim(top=0.0)
    if others:
        shares = history.accuracy, history.held_out_accuracy
        _panel(others[0], epochs, "rows that are right", *shares, "{:.1%}")
        others[0].yaxis.set_major_formatter(lambda share, _: f"{share:.0%}")
        lowest = min(s for s in (*shares[0], *shares[1]) if s is not None)
        others[0].set_ylim(max(0.0, lowest - 0.05 * (1.02 - lowest)), 1.0 + 0.03 * (1.02 - lowest))
    if title:
        figure.suptitle(title, fontsize=12, fontweight="bold", color=TEXT, x=0.01, ha="left")
        engine: Any = figure.get_layout_engine()
        engine.set(h_pad=0.08, wspace=0.06)
    return figure


def save_learning_curve(history: History, path: str | os.PathLike[str], title: str = "") -> Path:
    """Write the learning curve as PNG, whole or not at all; the same history gives the same
    bytes.

    Raises: as `learning_curve`; OutputError when the file cannot be written.
    """
    figure = learning_curve(history, title)
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    png = io.BytesIO()
    canvas: Any = FigureCanvasAgg(figure)
    canvas.print_png(png, metadata={"Software": None})
    return write_atomically(path, png.getvalue())


def _panel(
    axes: Any,
    epochs: list[int],
    what: str,
    training: Sequence[float | None],
    held_out: Sequence[float | None],
    form: str,
) -> None:
    axes.set_title(what, fontsize=10, color=TEXT, loc="left")
    axes.set_xlabel("epoch", fontsize=9, color=DIM)
    axes.grid(axis="y", color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=DIM, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(DIM)
    marker, linewidth = ("o", 1.8) if len(epochs) <= MAX_DOTTED_EPOCHS else ("", 1.2)
    named = [("training rows", TRAINING, training)]
    if held_out[-1] is not None:
        named.append(("rows held out", HELD_OUT, held_out))
    for name, colour, values in named:
        last = values[-1]
        assert last is not None
        axes.plot(
            epochs,
            values,
            color=colour,
            linewidth=linewidth,
            marker=marker,
            markersize=3.5,
            label=f"{name}: {form.format(last).replace('-', '−')}",
            clip_on=False,
        )
    axes.set_xlim(epochs[0], max(epochs[-1], epochs[0] + 1))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.legend(
        loc="lower right",
        frameon=True,
        framealpha=0.9,
        edgecolor="none",
        fontsize=9,
        labelcolor=TEXT,
        title=f"in epoch {epochs[-1]}",
        title_fontsize=9,
        alignment="left",
    )
