"""Text for pictures: numbers, names, and escaping.

A label is the user's own text and must never become markup: `html` is for text inside HTML-like
labels, `quoted` for attributes between double quotes.
"""

from __future__ import annotations

import html as _html
import re

from autograd_bp.notation.numbers import rounded
from autograd_bp.notation.text import LABEL_LENGTH as LABEL_LENGTH
from autograd_bp.notation.text import clean as clean
from autograd_bp.notation.text import count as count
from autograd_bp.notation.text import short as short

number = rounded

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

_NUMBERED = re.compile(r"(\w*?[^\W\d_])(?:_?(\d{1,7})|\[(\d{1,7})\]|_\{(\d{1,7})\})")
MAX_TITLE = 120
_MAX_LETTERS = 3  # w1, dz2 and out1 are letters with an index; layer1 is a word


def name(label: str, limit: int = LABEL_LENGTH) -> str:
    """A label as it is shown: w1, w_1, w[1] as w₁; `out.w1` as out.w₁; a long one shortened."""
    text = clean(label).strip()
    before, dot, last = text.rpartition(".")
    match = _NUMBERED.fullmatch(last)
    if match and len(match[1]) <= _MAX_LETTERS:
        index = match[2] or match[3] or match[4]
        text = f"{before}{dot}{match[1]}{index.translate(SUBSCRIPTS)}"
    return short(text, limit)


def title(text: str) -> str:
    """A title inside an HTML-like label."""
    return html(short(clean(text), MAX_TITLE))


def html(text: str) -> str:
    """Text inside an HTML-like label."""
    return _html.escape(clean(text))


def quoted(text: str) -> str:
    r"""A tooltip or an edge's label between double quotes, as a string of the DOT language.

    Renderers unescape a tooltip twice, and expand a \N or \G that is left after the first time, so
    one backslash is written as four.
    """
    escaped = clean(text).replace("&", "&amp;").replace("\\", "\\" * 4).replace('"', "&quot;")
    return f'"{escaped}"'
