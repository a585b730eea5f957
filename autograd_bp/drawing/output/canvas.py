"""Circles, curves and text at fixed places, as DOT text. Graphviz only paints (`layout=nop2`).

Statements are written in the order in which they are added; edges lie below circles.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.theme import Theme

Point = tuple[float, float]
MAX_TITLE = 100  # characters
WIDE_LETTERS, NARROW_LETTERS = frozenset("mwMW@%—ΣΩ"), frozenset("iljtfrI.,:;|'!()[] ·-")


def font(content: str, size: float, colour: str, bold: bool = False) -> str:
    """Text of any content in one font, escaped."""
    inner = text.html(content)
    if not inner:
        return ""
    inner = f"<B>{inner}</B>" if bold else inner
    return f'<FONT POINT-SIZE="{size:g}" COLOR="{colour}">{inner}</FONT>'


def width(content: str, size: float) -> float:
    """The width of a text in points, estimated; rather too wide than too narrow."""
    ems = sum(
        0.9
        if c in WIDE_LETTERS
        else 0.34
        if c in NARROW_LETTERS
        else 0.6
        if ord(c) < 0x2000
        else 0.75
        for c in content
    )
    return ems * size


class Canvas:
    """A picture to which marks are added; `dot()` gives its text."""

    def __init__(self, theme: Theme, name: str) -> None:
        """Arguments:
        theme: the colours.
        name: of the graph in the DOT language.
        """
        self.theme = theme
        self._name = name
        self._lines: list[str] = []
        self._count = 0

    def circle(
        self,
        id: str,
        at: Point,
        radius: float,
        label: str,
        *,
        fill: str,
        line: str,
        tooltip: str,
        kind: str,
        extra: str = "",
    ) -> None:
        """A circle; `label` is HTML-like, and its text is escaped already."""
        size = f"{2 * radius / 72:.4f}"
        shown = f"<{label}>" if label else '""'
        self._lines.append(
            f'{id} [id="{id}" class="{kind}" pos="{_point(at)}" fixedsize=true '
            f'width={size} height={size} fillcolor="{fill}" color="{line}"{extra} label={shown} '
            f"tooltip={text.quoted(tooltip)}]"
        )

    def curve(
        self,
        ends: tuple[str, str],
        points: Sequence[Point],
        *,
        colour: str,
        width: float,
        dashed: bool = False,
        arrow: bool = False,
        tooltip: str = "",
        id: str = "",
    ) -> None:
        """A piecewise cubic between two circles; an arrow ends at its last point."""
        path = " ".join(_point(point) for point in points)
        if arrow:
            path = f"e,{_point(points[-1])} {path}"
        look = f"{' style=dashed' if dashed else ''}{'' if arrow else ' arrowhead=none'}"
        name = f'id="{id}" ' if id else ""
        self._lines.append(
            f'{ends[0]} -> {ends[1]} [{name}pos="{path}" color="{colour}" '
            f"penwidth={width:.2f}{look} tooltip={text.quoted(tooltip or ' ')}]"
        )

    def words(
        self,
        at: Point,
        content: str,
        *,
        size: float = 9.0,
        colour: str = "",
        left: bool = False,
        ground: str = "",
        bold: bool = False,
        tooltip: str = " ",
    ) -> None:
        """A line of text, centred at a point or, with `left`, starting there; on a `ground`."""
        body = font(content, size, colour or self.theme.dim, bold)
        if not body:
            return
        length = width(content, size)
        x, y = at
        look = f' BGCOLOR="{ground}"' if ground else ""
        cell = f'<TD ALIGN="LEFT" WIDTH="{length:.0f}">' if left else "<TD>"
        self._put(
            (x + length / 2, y) if left else (x, y),
            f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="1"{look}><TR>{cell}'
            f"{body}</TD></TR></TABLE>",
            tooltip,
        )

    def swatches(self, at: Point, colours: Sequence[str]) -> None:
        """A row of colours, starting at a point."""
        cells = "".join(
            f'<TD WIDTH="14" HEIGHT="9" FIXEDSIZE="TRUE" BGCOLOR="{colour}"></TD>'
            for colour in colours
        )
        self._put(
            (at[0] + 7.0 * len(colours), at[1]),
            f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="0"><TR>{cells}</TR>'
            "</TABLE>",
        )

    def sample(self, at: Point, length: float, *, colour: str, width: float, dashed: bool) -> None:
        """A line that looks like an edge, for the legend."""
        (x, y), end = at, at[0] + length
        ends = (self._put((x, y), ""), self._put((end, y), ""))
        third = length / 3
        points = [(x, y), (x + third, y), (end - third, y), (end, y)]
        self.curve(ends, points, colour=colour, width=width, dashed=dashed)

    def table(self, at: Point, html: str, tooltip: str = " ") -> None:
        """An HTML-like table, centred at a point; its text is escaped already."""
        self._put(at, html, tooltip)

    def _put(self, at: Point, html: str, tooltip: str = " ") -> str:
        self._count += 1
        name = f"t{self._count}"
        label = f"<{html}>" if html else '""'
        self._lines.append(
            f'{name} [shape=plain style="" pos="{_point(at)}" label={label} '
            f"tooltip={text.quoted(tooltip)}]"
        )
        return name

    def dot(self) -> str:
        """The picture in the DOT language."""
        theme = self.theme
        return (
            "\n".join(
                [
                    f"digraph {self._name} {{",
                    f'graph [layout=nop2 bgcolor="{theme.background}" outputorder=edgesfirst '
                    'pad=0.25 tooltip=" "]',
                    'node [shape=circle style=filled fontname="Helvetica" fontsize=10 '
                    f'fontcolor="{theme.text}" penwidth=1.2]',
                    "edge [arrowsize=0.5]",
                    *self._lines,
                    "}",
                ]
            )
            + "\n"
        )


def _point(at: Point) -> str:
    x, y = (round(c, 2) + 0.0 for c in at)
    return f"{x:.2f},{y:.2f}"
