"""Pages as files: what is in their head, how data stand in them, and how they are saved."""

from __future__ import annotations

import html
import json
import os
from collections.abc import Mapping
from pathlib import Path

from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.page import content_hash
from autograd_bp.drawing.output.theme import theme_named
from autograd_bp.errors import DrawingError, SettingError
from autograd_bp.files import path_of, write_atomically
from autograd_bp.stepping import animation as animations
from autograd_bp.stepping.frames import Film
from autograd_bp.stepping.functions import source
from autograd_bp.stepping.program import MAX_EDGES, MAX_UNFOLDED, Data


class StepPage:
    """A page that steps through a computation. Made by `step_through`.

    Attributes:
        html: the page, one self-contained HTML document.
        data: the graph that the page shows, as plain lists and numbers.
    """

    def __init__(self, html: str, data: Data) -> None:
        self.html = html
        self.data = data

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the page; the file appears whole or not at all. Returns the path.

        Raises: OutputError when the file cannot be written.
        """
        return write_atomically(path, self.html.encode())

    def save_step(self, path: str | os.PathLike[str], step: int, *, theme: str = "light") -> Path:
        """Save one step as a picture for a slide: .svg or .png.

        Arguments:
            path: of the file; it appears whole or not at all.
            step: which one, from 1, as the page counts them.
            theme: "light" or "dark".

        Returns: the path.

        Raises: SettingError for a step that the page does not have, and for a page on which
            networks learn; DrawingError for another format, an unknown theme, and a graph whose
            values have no card each; OutputError when the file cannot be written.
        """
        film = self._film(theme)
        if isinstance(step, bool) or not isinstance(step, int) or not 1 <= step <= len(film.steps):
            raise SettingError(f"step is a number from 1 to {len(film.steps)}, got {step!r:.60}")
        suffix = path_of(path).suffix.lower()
        if suffix not in (".svg", ".png"):
            raise DrawingError(f"a step is saved as .svg or .png, got {Path(path).name!r:.60}")
        draw = film.svg if suffix == ".svg" else film.png
        return write_atomically(path, draw(film.steps[step - 1]))

    def save_animation(
        self, path: str | os.PathLike[str], *, seconds: float = 1.2, theme: str = "light"
    ) -> Path:
        """Save the whole run as an animation for slides: .gif, or .png for an animated PNG.

        All pictures are of one size, at most 1,280 pixels wide.

        Arguments:
            path: of the file; it appears whole or not at all.
            seconds: how long each step is shown.
            theme: "light" or "dark".

        Returns: the path.

        Raises: SettingError for seconds that are no number from 0.02 to 30, and for a page on which
            networks learn; DrawingError for another format, an unknown theme, and a graph whose
            values have no card each; MissingExtraError for a GIF without Pillow; OutputError when
            the file cannot be written.
        """
        suffix = path_of(path).suffix.lower()
        if suffix not in animations.FORMATS:
            raise DrawingError(
                f"an animation is saved as .gif or .png (animated PNG), got {Path(path).name!r:.60}"
            )
        is_number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
        if not is_number or not 0.02 <= seconds <= 30:
            raise SettingError(f"seconds is a number from 0.02 to 30, got {seconds!r:.60}")
        film = self._film(theme)
        pictures = [film.png(step, film.dpi) for step in film.steps]
        join = animations.gif if suffix == ".gif" else animations.animated_png
        return write_atomically(path, join(pictures, seconds))

    def _film(self, theme: str) -> Film:
        if "nodes" not in self.data:
            raise SettingError(
                "a page on which networks learn has no steps to save: step_through(network, x=..., "
                "d=...) makes a page that has"
            )
        if not isinstance(theme, str) or theme not in ("light", "dark"):
            raise DrawingError(f"theme must be 'light' or 'dark', got {theme!r:.60}")
        if self.data["folds"]:
            count = len(self.data["nodes"])
            raise DrawingError(
                f"a picture of a step has a card for each value, at most {MAX_UNFOLDED} that read "
                f"{MAX_EDGES}, and this graph of {count:,} is larger: open the page, "
                "whose menu Save writes what it shows"
            )
        return Film(self.data["nodes"], theme_named(theme))

    def _repr_html_(self) -> str:
        """The page in a frame of its own, which no script can leave."""
        title = "Step through" if "nodes" in self.data else "A network learns"
        return (
            '<iframe sandbox="allow-scripts allow-downloads" '
            'style="width:100%;height:52rem;border:0" '
            f'title="{title}" srcdoc="{html.escape(self.html)}"></iframe>'
        )

    def __repr__(self) -> str:
        if "nodes" in self.data:
            return f"<StepPage of {text.count(len(self.data['nodes']), 'value')}>"
        return f"<StepPage of {text.count(len(self.data['examples']), 'example')}>"


def assembled(
    body: str, data: Data, title: str, style: str, script: str, parts: Mapping[str, str]
) -> str:
    """A page: the head that all have, which lets nothing run and be fetched but the page's own
    script and style; its body; its data and its script.

    Arguments:
        body: the name of the file with the body, in which %%NAME%% stands for a part.
        data: what the script reads.
        title: of the page, as text.
        style: the style sheet.
        script: what runs.
        parts: of the body, as HTML.
    """
    style, script = f"\n{style}", f"\n{script}"
    heading = html.escape(text.short(text.clean(title), 120))
    parts = {
        **parts,
        "POLICY": f"default-src 'none'; style-src '{content_hash(style)}'; "
        f"script-src '{content_hash(script)}'; base-uri 'none'; form-action 'none'",
        "TITLE": heading,
        "STYLE": style,
        "BODY": filled(source(body), {**parts, "TITLE": heading}),
        "DATA": as_json(data),
        "SCRIPT": script,
    }
    return filled(source("page.html"), parts)


def filled(template: str, parts: Mapping[str, str]) -> str:
    """A template with its parts in the places that are called %%NAME%%."""
    pieces = template.split("%%")  # texts at even places, names of parts at odd ones
    return "".join(parts[piece] if i % 2 else piece for i, piece in enumerate(pieces))


def as_json(data: Data) -> str:
    """JSON that can stand inside a script element: no text can end it."""
    plain = json.dumps(data, allow_nan=False, separators=(",", ":"))
    return plain.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
