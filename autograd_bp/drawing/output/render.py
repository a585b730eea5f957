"""From DOT text to a picture: by the program `dot` of the system or, where there is none, by the
one in the package `graphviz-pure`.
"""

from __future__ import annotations

import math
import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from autograd_bp.drawing.output import glyphs, progress, titles
from autograd_bp.errors import DrawingError, MissingExtraError

EMBEDDED = "graphviz-pure"
INSTALL = 'pip install "autograd_bp[drawing]"'
TIMEOUT = 60.0  # seconds for all attempts together
# Settings that make a layout quicker: straight edges, fewer passes. Each stands beside the second
# at which it is stopped.
CHEAPER = (
    (4.0, ()),
    (20.0, ("-Gsplines=line", "-Gnslimit=1", "-Gnslimit1=1", "-Gmclimit=0.1")),
    (60.0, ("-Gsplines=line", "-Gnslimit=0.1", "-Gnslimit1=0.1", "-Gmclimit=0.01")),
)
DPI = 144.0
MAX_SIDE = 8_000  # pixels
MAX_PIXELS = 24_000_000
POINTS_PER_INCH = 72.0

# Lines of the renderer that are about fonts, not about the picture.
_NOISE = re.compile(r"warning|fontconfig|font", re.IGNORECASE)
_SIZE = re.compile(r'<svg\b[^>]*?\bwidth="([\d.]+)(pt|px|in)?"[^>]*?\bheight="([\d.]+)(pt|px|in)?"')


def renderer() -> str:
    """The path of the program that lays out pictures. Without one, it is the empty string, and
    drawings can be saved as DOT and Mermaid only.
    """
    return shutil.which("dot") or next(_embedded(), "")


def _embedded() -> Iterator[str]:
    """Where the program of `graphviz-pure` can be, the most likely place first."""
    program = EMBEDDED + (".exe" if os.name == "nt" else "")
    for folder in (sysconfig.get_path("scripts"), str(Path(sys.executable).parent)):
        path = Path(folder, program)
        if path.is_file() and os.access(path, os.X_OK):
            yield str(path)
    from importlib import metadata

    try:
        files = metadata.files(EMBEDDED) or []
    except metadata.PackageNotFoundError:
        return
    for file in files:
        path = Path(str(file.locate()))
        if path.name == program and path.is_file() and os.access(path, os.X_OK):
            yield str(path.resolve())


def run(dot: str, format: str, *options: str, timeout: float = TIMEOUT) -> bytes:
    """Lay out DOT text and return the file that the renderer writes.

    Arguments:
        dot: the picture in the DOT language.
        format: of the file, as the renderer calls it.
        options: of the renderer.
        timeout: the seconds after which it is stopped.

    Raises: MissingExtraError when there is no renderer; DrawingError when it fails, takes too
        long or writes nothing.
    """
    program = renderer()
    if not program:
        raise MissingExtraError(
            f"a picture needs a `dot` program, and none was found: run {INSTALL}, install "
            "Graphviz, or save the drawing as .dot"
        )
    # A C locale: some builds of dot read and write numbers with the locale's decimal comma.
    environment = {**os.environ, "LC_ALL": "C", "SOURCE_DATE_EPOCH": "0"}
    command = [program, f"-T{format}", *options]
    try:
        done = _first_in_time(command, dot, timeout, environment)
    except OSError as error:
        raise DrawingError(
            f"{program} cannot be run ({error}): run {INSTALL} or install Graphviz"
        ) from error
    # After a failure the output can be a picture that looks right and is not, so only 0 counts.
    if done.returncode != 0 or not done.stdout:
        raise DrawingError(
            f"{program} failed with code {done.returncode}: {_complaint(done.stderr)}; "
            "save the drawing as .dot to see its input"
        )
    return done.stdout


def _first_in_time(
    command: list[str], dot: str, timeout: float, environment: dict[str, str]
) -> subprocess.CompletedProcess[bytes]:
    """The layout with the settings that the picture asks for or, where it takes long, with cheaper
    ones.
    """
    spent = 0.0
    for k, (seconds, cheaper) in enumerate(CHEAPER):
        share = min(seconds, timeout) - spent
        try:
            return progress.run([*command, *cheaper], dot, share, environment)
        except subprocess.TimeoutExpired:
            spent += share
            if k == len(CHEAPER) - 1 or spent >= timeout:
                break
    raise DrawingError(
        f"{command[0]} did not finish the picture within {timeout:g} s, straight edges and fewer "
        "passes included: draw less of the graph, with repeats=True, depth=, stop_at= or a smaller "
        "max_nodes="
    )


def _complaint(stderr: bytes) -> str:
    """The first line on stderr that is about the picture and not about fonts."""
    lines = [line.strip() for line in stderr.decode(errors="replace").splitlines() if line.strip()]
    about_picture = [line for line in lines if not _NOISE.search(line)]
    return (about_picture or lines or ["it wrote no message"])[0][:300]


def svg(dot: str) -> str:
    """The picture as an SVG document."""
    return run(dot, "svg").decode()


def png(dot: str, svg_text: str) -> bytes:
    """The picture as PNG, with twice the resolution of a plain screen or, for a large picture, the
    resolution at which the image can still be opened.

    No arrow crosses the title of a frame. Letters that the fonts of `graphviz-pure` lack are
    painted with an installed font.
    """
    dpi = resolution(*size(svg_text))
    if "subgraph cluster_" in dot:
        placed = titles.above(run(dot, "dot").decode())
        if placed:
            dot, svg_text = placed, svg(placed)
    return with_all_letters(dot, svg_text, dpi)


def with_all_letters(dot: str, svg_text: str, dpi: float, *options: str) -> bytes:
    """The picture as PNG, with letters of installed fonts where the renderer lacks them.

    Arguments:
        dot: the picture in the DOT language.
        svg_text: the same as SVG.
        dpi: the resolution.
        options: of the renderer.
    """

    def draw(text: str) -> bytes:
        return run(text, "png", *options, f"-Gdpi={dpi:.4g}")

    def place(text: str) -> str:
        return run(text, "svg", *options).decode()

    picture = None
    if EMBEDDED in Path(renderer()).name:
        picture = glyphs.painted(dot, svg_text, draw, place, dpi / POINTS_PER_INCH)
    return draw(dot) if picture is None else picture


def pdf(dot: str) -> bytes:
    """The picture as PDF.

    Raises: MissingExtraError where the renderer writes no PDF and a package that does is missing.
    """
    program = renderer()
    if program and EMBEDDED in Path(program).name:
        from autograd_bp.drawing.output.pdf import from_svg

        return from_svg(svg(dot))
    return run(dot, "pdf")


def size(svg_text: str) -> tuple[float, float]:
    """Width and height of an SVG document in points. Raises DrawingError without them."""
    match = _SIZE.search(svg_text)
    if match is None:
        raise DrawingError(
            "the renderer wrote an SVG without a size: is another program named dot?"
        )
    units = {"in": POINTS_PER_INCH, "px": 0.75, "pt": 1.0, None: 0.75}
    return float(match[1]) * units[match[2]], float(match[3]) * units[match[4]]


def resolution(width: float, height: float) -> float:
    """The dots per inch at which a picture of that size, in points, stays below the caps."""
    sides = MAX_SIDE * POINTS_PER_INCH / max(width, height, 1.0)
    area = math.sqrt(MAX_PIXELS / max(width * height, 1.0)) * POINTS_PER_INCH
    return min(DPI, sides, area)
