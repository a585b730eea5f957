"""Colours of the pictures, light and dark: purple for below zero, orange for above.

The two hues are distinguishable under the common kinds of colour blindness. The lightness of a cell
and the width of an edge show sizes, too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from autograd_bp.errors import DrawingError

BINS = (0.05, 0.25, 0.7)  # shares of the largest gradient at which the colour gets stronger


@dataclass(frozen=True)
class Theme:
    """Every colour of a picture.

    Attributes:
        background, text, dim: of the picture, its words, and its captions.
        line, cell, header: the frame of a card, its ground, and the ground of its heading.
        parameter, parameter_line, input, input_bar, desired, desired_line, output, output_text: of
            these kinds of cards.
        plus, minus: the grounds of gradients above and below zero, from weak to strong.
        strong_text, strong_minus_text: the words on the strongest of those.
        edge_plus, edge_minus, edge_zero: of edges.
        not_finite: the ground of infinities and NaN, under white words.
        not_finite_text: of words and edges of that kind, on the ground of the picture.
    """

    background: str
    text: str
    dim: str
    line: str
    cell: str
    header: str
    parameter: str
    parameter_line: str
    input: str
    input_bar: str
    desired: str
    desired_line: str
    output: str
    output_text: str
    plus: tuple[str, str, str, str]
    minus: tuple[str, str, str, str]
    strong_text: str
    strong_minus_text: str
    edge_plus: str
    edge_minus: str
    edge_zero: str
    not_finite: str
    not_finite_text: str

    def fill(self, x: float, largest: float) -> tuple[str, str]:
        """The background and the text colour of a cell that holds the gradient `x`."""
        if not math.isfinite(x):
            return self.not_finite, "#ffffff"
        if x == 0.0 or largest <= 0.0:
            return self.cell, self.text
        strength = sum(abs(x) >= share * largest for share in BINS)
        colour = (self.plus if x > 0 else self.minus)[strength]
        if strength < 3:
            return colour, self.text
        return colour, self.strong_text if x > 0 else self.strong_minus_text

    def edge(self, x: float) -> str:
        """The colour of an edge that passes the gradient `x` back."""
        if not math.isfinite(x):
            return self.not_finite_text
        return self.edge_plus if x > 0 else self.edge_minus if x < 0 else self.edge_zero


LIGHT = Theme(
    background="#ffffff",
    text="#1f2328",
    dim="#59636e",
    line="#8c959f",
    cell="#ffffff",
    header="#eaeef2",
    parameter="#dbe9f6",
    parameter_line="#4a7fb5",
    input="#e3f2e1",
    input_bar="#3d8b40",
    desired="#fbf0f6",
    desired_line="#a83a78",
    output="#1f2328",
    output_text="#ffffff",
    plus=("#fff4e5", "#fee0b6", "#fdb863", "#e08214"),
    minus=("#f1eff7", "#d8daeb", "#b2abd2", "#8073ac"),
    strong_text="#1f2328",
    strong_minus_text="#ffffff",
    edge_plus="#b35806",
    edge_minus="#542788",
    edge_zero="#8c959f",
    not_finite="#cf222e",
    not_finite_text="#b62324",
)

DARK = Theme(
    background="#0d1117",
    text="#e6edf3",
    dim="#9198a1",
    line="#4d5560",
    cell="#161b22",
    header="#262c36",
    parameter="#14304d",
    parameter_line="#4f8fd0",
    input="#15321c",
    input_bar="#57ab5a",
    desired="#331626",
    desired_line="#d4699f",
    output="#e6edf3",
    output_text="#0d1117",
    plus=("#2b2112", "#5c3a0c", "#9a5a0c", "#e08214"),
    minus=("#1f1b2e", "#38305a", "#5b4d94", "#9a8fd0"),
    strong_text="#0d1117",
    strong_minus_text="#0d1117",
    edge_plus="#f0a04b",
    edge_minus="#b5a8e6",
    edge_zero="#6e7681",
    not_finite="#cf222e",
    not_finite_text="#ff7b72",
)

# The light theme, with a colour of its own for each part that is dark in another way.
AUTO = replace(
    LIGHT,
    cell="#fffffe",
    output_text="#fffffd",
    output="#1f2329",
    edge_zero="#8c95a0",
    not_finite_text="#b62325",
    strong_text="#1f232a",
    strong_minus_text="#fffffc",
)

THEMES = {"light": LIGHT, "dark": DARK, "auto": AUTO}


def theme_named(name: str) -> Theme:
    """The theme of a name. Raises DrawingError when there is none."""
    theme = THEMES.get(name) if isinstance(name, str) else None
    if theme is None:
        *first, last = map(repr, THEMES)
        known = f"{', '.join(first)} or {last}"
        raise DrawingError(f"theme must be {known}, got {name!r:.60}")
    return theme
