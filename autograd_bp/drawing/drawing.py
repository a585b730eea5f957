"""Drawing: the picture of a computation graph, as text, as an image, in a notebook."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograd_bp.drawing.output import render
from autograd_bp.drawing.output.page import picture_page
from autograd_bp.errors import AutogradError, DrawingError, NotDifferentiableError
from autograd_bp.files import write_atomically
from autograd_bp.value import Value

FORMATS = (".svg", ".png", ".pdf", ".html", ".dot", ".gv", ".mmd")


class Drawing:
    """A picture, laid out when it is first looked at. Made by `draw` and `draw_neuron`.

    Attributes:
        dot: the picture in the DOT language; the same graph gives the same text.
        note: what was left out of the picture, in one sentence; empty when nothing was.
        mermaid: the picture in Mermaid's language; empty where there is none.
    """

    def __init__(
        self,
        dot: str,
        note: str = "",
        mermaid: str = "",
        *,
        title: str = "",
        value: Value | None = None,
        names: Mapping[Value, str] | None = None,
    ) -> None:
        self.dot = dot
        self.note = note
        self.mermaid = mermaid
        self._title, self._value, self._names = title, value, names or {}
        self._svg = ""

    @property
    def svg(self) -> str:
        """The picture as an SVG document.

        Raises: MissingExtraError when there is no program that lays it out; DrawingError when
            that program fails.
        """
        if not self._svg:
            self._svg = render.svg(self.dot)
        return self._svg

    @property
    def png(self) -> bytes:
        """The picture as PNG; raises as `svg` does."""
        return render.png(self.dot, self.svg)

    @property
    def pdf(self) -> bytes:
        """The picture as PDF, which only the `dot` of a full Graphviz writes."""
        return render.pdf(self.dot)

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
        return picture_page(self.svg, self._title, self.note)

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the picture; the ending of the name says how: .svg, .png, .pdf, .html (see
        `html`), .dot or .gv, .mmd (Mermaid).

        The file appears whole or not at all, and replaces what had its name.

        Returns: the path.

        Raises: DrawingError for another ending; OutputError when the file cannot be written.

        Example:
            >>> from autograd_bp import Value
            >>> from autograd_bp.drawing import draw
            >>> draw(Value(2.0, "x") ** 2).save("square.svg")  # doctest: +SKIP
        """
        target = Path(path)
        ending = target.suffix.lower()
        if ending not in FORMATS:
            raise DrawingError(
                f"a drawing can be saved as {', '.join(FORMATS)}, not as {target.name!r:.80}"
            )
        if ending == ".svg":
            content = self.svg.encode()
        elif ending == ".png":
            content = self.png
        elif ending == ".pdf":
            content = self.pdf
        elif ending == ".html":
            content = self.html.encode()
        elif ending == ".mmd":
            if not self.mermaid:
                raise DrawingError("this drawing has no form in Mermaid: save it as .svg or .dot")
            content = self.mermaid.encode()
        else:
            content = self.dot.encode()
        return write_atomically(target, content)

    def _repr_svg_(self) -> str:
        return self.svg[self.svg.index("<svg") :]

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the picture, or why there is none."""
        try:
            return {"image/svg+xml": self._repr_svg_(), "text/plain": repr(self)}
        except AutogradError as error:
            return {"text/plain": f"{self!r}: {error}"}

    def __repr__(self) -> str:
        nodes = self.dot.count('[id="n')  # no label can contain a bare quote
        return f"<Drawing of {nodes} {'card' if nodes == 1 else 'cards'}>"
