"""PDF without a full Graphviz: the SVG, drawn again by svglib and reportlab."""

from __future__ import annotations

import functools
import io
import re
import warnings
from pathlib import Path

from autograd_bp.errors import DrawingError, MissingExtraError

FAMILY = "AutogradBP"
# The font is one that everybody with matplotlib has, and that knows Greek. It is wider than the
# one that the picture was laid out for.
FACES = (
    ("DejaVuSans.ttf", "normal", "normal"),
    ("DejaVuSans-Bold.ttf", "bold", "normal"),
    ("DejaVuSans-Oblique.ttf", "normal", "italic"),
)
NARROWER = 0.86


def from_svg(svg: str) -> bytes:
    """The picture as PDF.

    Raises: MissingExtraError without svglib, reportlab or matplotlib; DrawingError where they
        cannot draw it.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
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
        return bytes(renderPDF.drawToString(picture))


def _with_our_font(svg: str) -> str:
    svg = re.sub(r'font-family="[^"]*"', f'font-family="{FAMILY}"', svg)
    return re.sub(
        r'font-size="([\d.]+)"', lambda found: f'font-size="{float(found[1]) * NARROWER:.3g}"', svg
    )


@functools.cache
def _register() -> None:
    import matplotlib
    from svglib.fonts import register_font

    folder = Path(matplotlib.get_data_path(), "fonts", "ttf")
    for name, weight, style in FACES:
        register_font(FAMILY, str(folder / name), weight=weight, style=style)
