"""The names that users choose, as formulas. Nowhere else are they escaped."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from autograd_bp.notation.maths import Maths
from autograd_bp.notation.text import clean, short

GREEK = {
    "α": r"\alpha",
    "β": r"\beta",
    "γ": r"\gamma",
    "δ": r"\delta",
    "ε": r"\varepsilon",
    "ζ": r"\zeta",
    "η": r"\eta",
    "θ": r"\theta",
    "ι": r"\iota",
    "κ": r"\kappa",
    "λ": r"\lambda",
    "μ": r"\mu",
    "ν": r"\nu",
    "ξ": r"\xi",
    "π": r"\pi",
    "ρ": r"\rho",
    "σ": r"\sigma",
    "τ": r"\tau",
    "υ": r"\upsilon",
    "φ": r"\varphi",
    "χ": r"\chi",
    "ψ": r"\psi",
    "ω": r"\omega",
    "Γ": r"\Gamma",
    "Δ": r"\Delta",
    "Θ": r"\Theta",
    "Λ": r"\Lambda",
    "Ξ": r"\Xi",
    "Π": r"\Pi",
    "Σ": r"\Sigma",
    "Φ": r"\Phi",
    "Ψ": r"\Psi",
    "Ω": r"\Omega",
}
_NAME = re.compile(
    rf"([A-Za-z]{{1,12}}|[{''.join(GREEK)}])"
    r"(?:_?(\d{1,7})|\[(\d+(?:,\d+)*)\]|_\{(\d{1,7})\})?"
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SPECIAL = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


class Name(NamedTuple):
    """A name in three languages; `mathml` as a tree (see mathml.py)."""

    text: str
    latex: str
    mathml: list[Any]


def identifier(label: str, count: int = 1, text: str = "") -> Maths:
    """A name: w1 with an index, α as a letter, a word upright, anything else as a text.

    Arguments:
        label: the user's text.
        count: tells apart those that have the same label.
        text: what it is in plain text, where that is not the shortened label.
    """
    shown = short(clean(label).strip()) or "?"
    match = _NAME.fullmatch(shown.translate(_SUBSCRIPTS))
    mathml: list[Any]
    if match:
        word, index = match[1], match[2] or match[3] or match[4] or ""
        tex = GREEK.get(word, word if len(word) == 1 else rf"\mathrm{{{word}}}")
        mathml = ["mi", word]
        if index:
            tex, mathml = f"{tex}_{{{index}}}", ["msub", mathml, ["mn", index]]
    else:
        tex = rf"\text{{{escaped(shown)}}}"
        # Isolated, so that a name written from right to left does not turn its neighbours.
        mathml = ["mtext", {"dir": "auto"}, shown]
    if count > 1:
        shown = f"{shown}′{count}"
        tex = f"{{{tex}}}^{{({count})}}"
        above = ["mrow", ["mo", "("], ["mn", str(count)], ["mo", ")"]]
        mathml = ["msup", ["mrow", mathml], above]
    return Maths("identifier", data=Name(text or shown, tex, mathml), size=1)


def escaped(text: str) -> str:
    """Text inside LaTeX's text and operatorname."""
    return "".join([_SPECIAL.get(character) or _quoted(character) for character in text])


def _quoted(character: str) -> str:
    return f"\\{character}" if character in "#$%&_{}" else character
