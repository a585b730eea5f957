"""Drawing: the picture of a computation graph, as text, as an image, in a notebook.

FORMATS says how it is saved. A new format is a function from a drawing to bytes, and a line there.
"""

from __future__ import annotations

import contextlib
import functools
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from autograd_bp.drawing import showing
from autograd_bp.drawing.fitting.measured import Laid
from autograd_bp.drawing.graph.scene import Scene
from autograd_bp.drawing.output import render
from autograd_bp.drawing.output.finish import Room, finished
from autograd_bp.drawing.output.mermaid import to_mermaid
from autograd_bp.drawing.output.page import picture_page
from autograd_bp.errors import (
    AutogradError,
    DrawingError,
    MissingExtraError,
    NotDifferentiableError,
)
from autograd_bp.files import path_of, write_atomically
from autograd_bp.notation.numbers import rounded
from autograd_bp.value import Value


class Drawing:
    """A picture. `draw` and the other functions of this package return one.

    It is written and laid out when it is first looked at, with the numbers of when it was drawn.

    Attributes:
        note: what was left out of the picture, in one sentence; empty when nothing was.
        scene: the cards and edges, for formats that are written from them; None for a network, a
            comparison, and a drawing that was pickled.
    """

    scene: Scene | None = None

    def __init__(
        self,
        write_dot: Callable[[], str],
        note: str = "",
        scene: Scene | None = None,
        *,
        title: str = "",
        value: Value | None = None,
        names: Mapping[Value, str] | None = None,
        room: Room = (None, None),
        auto: bool = False,
        lay_out: Callable[[], Laid] | None = None,
    ) -> None:
        """Arguments:
        write_dot: gives the picture in the DOT language; called once, when it is asked for.
        note: what was left out.
        scene: the cards and edges of a computation graph.
        title: stands above the picture, and is the title of its page.
        value: the output of the graph, for a page to step through.
        names: names for values that have no label, for that page.
        room: width and height in pixels that the picture has at most, as far as it can be read.
        auto: True where its colours follow the page that it is on.
        lay_out: lays out a picture that could be too large, and gives what has room.
        """
        self._write_dot = write_dot
        self.note = note
        self.scene = scene
        self._title, self._value, self._names = title, value, names or {}
        self._room, self._auto = room, auto
        self._lay_out = lay_out
        self._words = _alternative(scene, title)

    @functools.cached_property
    def dot(self) -> str:
        """The picture in the DOT language; the same graph gives the same text."""
        text = self._write_dot()
        del self._write_dot  # it holds the graph, which is no longer needed
        return text

    @functools.cached_property
    def mermaid(self) -> str:
        """The picture in Mermaid's language; empty where there is none."""
        return "" if self.scene is None else to_mermaid(self.scene)

    @property
    def graphviz(self) -> Any:
        """The picture as a `graphviz.Source`, for programs that use the package graphviz.

        It lays pictures out with the `dot` of a full Graphviz only.

        Raises: MissingExtraError without that package.
        """
        try:
            import graphviz
        except ImportError:
            raise MissingExtraError(
                f"a graphviz.Source needs the package graphviz: run {render.INSTALL}, or use .dot"
            ) from None
        return graphviz.Source(self.dot)

    @functools.cached_property
    def svg(self) -> str:
        """The picture as an SVG document.

        Raises: MissingExtraError when there is no program that lays it out; DrawingError when
            that program fails.
        """
        _, svg, words, note = self._laid
        words = words or self._title or "A picture"
        return finished(svg, f"{words}. {note}" if note else words, self._room, auto=self._auto)

    @functools.cached_property
    def _laid(self) -> tuple[str, str, str, str]:
        """The text of the picture that has room, its layout, what it shows and leaves out."""
        if self._lay_out is None:
            return self.dot, render.svg(self.dot), self._words, self.note
        laid = self._lay_out()
        self._lay_out = None  # it holds the graph
        shown = laid.scene if self.scene is not None else None
        return laid.dot, laid.svg, _alternative(shown, self._title), laid.scene.note

    @property
    def source(self) -> str:
        """The same as `dot`, as the package graphviz calls it."""
        return self.dot

    def show(self) -> None:
        """Show the picture: in a notebook below the cell, else in the browser, from a file in the
        folder for temporary files.

        Raises: as `svg`.
        """
        showing.show(self)

    @property
    def png(self) -> bytes:
        """The picture as PNG; raises as `svg` does."""
        return render.png(self._laid[0], self.svg)

    @property
    def pdf(self) -> bytes:
        """The picture as PDF, by the `dot` of a full Graphviz or by svglib and reportlab.

        Raises: MissingExtraError where both are missing; else as `svg`.
        """
        return render.pdf(self._laid[0])

    @property
    def html(self) -> str:
        """One self-contained page: the computation to step through or, where that cannot be (too
        many values, an operation without a derivative, no computation graph), the picture to
        zoom and move.

        Raises: as `svg`.
        """
        if self._value is not None:
            from autograd_bp.stepping.api import steps  # stepping stands above drawing

            try:
                return steps(self._value, self._names, self._title).html
            except (DrawingError, NotDifferentiableError):
                pass
        return picture_page(self.svg, self._title, self._laid[3])

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture. The ending of the name says in which format: .svg, .png, .pdf, .html
        (see `html`), .dot or .gv, .mmd (Mermaid).

        The file appears whole or not at all, and replaces what had its name.

        Returns: the path.

        Raises: DrawingError for another ending; OutputError when the file cannot be written.

        Example:
            >>> from autograd_bp import Value
            >>> from autograd_bp.drawing import draw
            >>> draw(Value(2.0, "x") ** 2).save("square.svg")  # doctest: +SKIP
        """
        target = path_of(path)
        write = FORMATS.get(target.suffix.lower())
        if write is None:
            raise DrawingError(
                f"a drawing can be saved as {', '.join(FORMATS)}, not as {target.name!r:.80}"
            )
        return write_atomically(target, write(self))

    def __getstate__(self) -> dict[str, Any]:
        """A pickle holds the texts, and not the scene that they were written from."""
        if self._lay_out is not None:
            with contextlib.suppress(DrawingError, MissingExtraError):
                _ = self._laid
        state = {**self.__dict__, "dot": self.dot, "mermaid": self.mermaid}
        return {
            name: state[name] for name in state if name not in ("_write_dot", "_lay_out", "scene")
        }

    def __setstate__(self, state: dict[str, Any]) -> None:
        svg = state.pop("_svg", "")  # of pickles that version 0.1.0 wrote
        self.__dict__.update(
            {"_words": "", "_room": (None, None), "_auto": False, "_lay_out": None}
        )  # of older pickles
        self.__dict__.update(state, **({"svg": svg} if svg else {}))

    def _repr_svg_(self) -> str:
        return self.svg[self.svg.index("<svg") :]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Return what a notebook shows: the picture, or why there is none."""
        try:
            # As HTML it stays in the page when a notebook is exported, and follows its colours.
            svg = self._repr_svg_()
            return {"text/html": svg, "image/svg+xml": svg, "text/plain": repr(self)}
        except AutogradError as error:
            return {"text/plain": f"{self!r}: {error}"}

    def __repr__(self) -> str:
        nodes = self.dot.count('[id="n')  # no label can contain a bare quote
        return f"<Drawing of {nodes} {'card' if nodes == 1 else 'cards'}>"


def _alternative(scene: Scene | None, title: str) -> str:
    """Describe a graph in words, for readers who do not see it."""
    if scene is None:
        return title
    outputs = [card for card in scene.cards if card.kind == "output"]
    leaves = [card for card in scene.cards if card.kind in ("input", "parameter") and card.label]
    name = f"{title}: a" if title else "A"
    words = [f"{name} computation graph of {len(scene.cards)} cards"]
    words += [f"output {card.label or card.symbol} = {rounded(card.data)}" for card in outputs[:3]]
    for card in leaves[:8]:
        grad = f" (gradient {rounded(card.grad)})" if scene.has_gradients else ""
        words.append(f"{card.kind} {card.label} = {rounded(card.data)}{grad}")
    words += [f"{frame.title}: {', '.join(frame.formulas)}" for frame in scene.frames[:3]]
    return "; ".join(words)


def _as_dot(drawing: Drawing) -> bytes:
    return drawing.dot.encode()


def _as_mermaid(drawing: Drawing) -> bytes:
    if not drawing.mermaid:
        raise DrawingError("this drawing has no form in Mermaid: save it as .svg or .dot")
    return drawing.mermaid.encode()


FORMATS: dict[str, Callable[[Drawing], bytes]] = {
    ".svg": lambda drawing: drawing.svg.encode(),
    ".png": lambda drawing: drawing.png,
    ".pdf": lambda drawing: drawing.pdf,
    ".html": lambda drawing: drawing.html.encode(),
    ".dot": _as_dot,
    ".gv": _as_dot,
    ".mmd": _as_mermaid,
}
"""The format for each ending of a file's name."""
