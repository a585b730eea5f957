"""Shared by all figures: an empty figure, the look of its axes, and how it is written."""

from __future__ import annotations

import functools
import io
import os
from pathlib import Path
from typing import Any

from autograd_bp.drawing.output.theme import Theme
from autograd_bp.errors import DrawingError, MissingExtraError
from autograd_bp.files import write_atomically

DATES = {".png": "Software", ".svg": "Date", ".pdf": "CreationDate"}
"""The formats of figures, and the entry that makes two files of one figure different."""


def new_figure(width: float, height: float, theme: Theme) -> Any:
    """An empty figure of a size in inches, outside pyplot, whose state is left alone.

    Raises: MissingExtraError without matplotlib.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError(
            'figures need matplotlib: pip install "autograd_bp[plots]"'
        ) from None
    figure: Any = Figure(
        figsize=(width, height), dpi=110, layout="constrained", facecolor=theme.background
    )
    # Notebooks know the figures of pyplot only.
    figure._repr_svg_ = functools.partial(_svg, figure)
    return figure


def style_axes(axes: Any, title: str, caption: str, theme: Theme) -> None:
    """Give axes their title, the caption of x, and the colours of the theme."""
    axes.set_facecolor(theme.background)
    # A dollar sign in a title is a dollar sign.
    axes.set_title(title, fontsize=10.5, color=theme.text, loc="left", parse_math=False)
    axes.set_xlabel(caption, fontsize=9.5, color=theme.dim)
    axes.grid(color=theme.header, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=theme.dim, labelsize=9, length=0)
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")
        spine.set_color(theme.dim)


def save_figure(figure: Any, path: str | os.PathLike[str]) -> Path:
    """Write a figure as .png, .svg or .pdf, whole or not at all; without the date, so that the
    same figure gives the same bytes.

    Raises: DrawingError for another ending; OutputError when the file cannot be written.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in DATES:
        raise DrawingError(
            f"a figure can be saved as {', '.join(DATES)}, not as {target.name!r:.80}"
        )
    write_atomically(target, _content(figure, ending))
    return target


def _content(figure: Any, ending: str) -> bytes:
    import matplotlib

    content = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "autograd_bp"}):
        figure.savefig(content, format=ending[1:], metadata={DATES[ending]: None})
    return content.getvalue()


def _svg(figure: Any) -> str:
    return _content(figure, ".svg").decode("utf-8")
