"""PDF without a full Graphviz: the SVG, drawn again by svglib and reportlab."""

from __future__ import annotations

import functools
import io
import re
import warnings
from pathlib import Path

from autograd_bp.errors import DrawingError, MissingExtraError

FAMILY = "AutogradBP"
# A font that matplotlib brings along and that has Greek letters. It is wider than the font for
# which the picture was laid out.
FACES = (
    ("DejaVuSans.ttf", "normal", "normal"),
    ("DejaVuSans-Bold.ttf", "bold", "normal"),
    ("DejaVuSans-Oblique.ttf", "normal", "italic"),
)
SIZE_RATIO = 0.86  # makes text as wide as in the other font


def from_svg(svg: str) -> bytes:
    """The picture as PDF.

    Raises: MissingExtraError without svglib, reportlab or matplotlib; DrawingError where they
        cannot draw the picture.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from reportlab import rl_config
            from reportlab.graphics import renderPDF
            from svglib.svglib import svg2rlg

            _register()
        except ImportError as error:
            raise MissingExtraError(
                f"a PDF needs the `dot` of a full Graphviz, or {error.name}: install Graphviz, run "
                'pip install "autograd_bp[pdf]", or save the drawing as .svg'
            ) from None
        picture = svg2rlg(io.BytesIO(_with_our_font(svg).encode()))
        if picture is None:
            raise DrawingError("svglib cannot draw this picture: save it as .svg")
        was, rl_config.invariant = rl_config.invariant, 1  # no time in it: the same bytes
        try:
            return bytes(renderPDF.drawToString(picture))
        finally:
            rl_config.invariant = was


def _with_our_font(svg: str) -> str:
    svg = re.sub(r' style="max-width[^"]*"', "", svg)
    svg = re.sub(r'font-family="[^"]*"', f'font-family="{FAMILY}"', svg)
    return re.sub(
        r'font-size="([\d.]+)"',
        lambda match: f'font-size="{float(match[1]) * SIZE_RATIO:.3g}"',
        svg,
    )


@functools.cache
def _register() -> None:
    import matplotlib
    from svglib.fonts import register_font

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    for name, weight, style in FACES:
        register_font(FAMILY, str(folder / name), weight=weight, style=style)
