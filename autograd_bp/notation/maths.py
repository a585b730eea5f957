"""Pieces of a formula, each written three times: as text, as LaTeX, as MathML.

Formulas are put together from smaller ones that are written already, so nothing recurses. The
user's names are escaped in one place, `identifier`.
"""

from __future__ import annotations

import html
import itertools
import math
import re
from collections.abc import Sequence
from typing import NamedTuple

from autograd_bp.notation.numbers import latex_number
from autograd_bp.notation.numbers import number as text_number
from autograd_bp.notation.text import clean, short

SUM, SIGN, PRODUCT, POWER, ATOM = range(5)  # what binds less than its surroundings is bracketed
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
_LETTERS = "".join(GREEK)
_NAME = re.compile(
    rf"([A-Za-z]{{1,12}}|[{_LETTERS}])(?:_?(\d{{1,4}})|\[(\d+(?:,\d+)*)\]|_\{{(\d{{1,4}})\}})?"
)
_SUBSCRIPTS = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_SPECIAL = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


class Maths(NamedTuple):
    """A formula in three languages, how tightly it binds, and how many names and numbers it has."""

    text: str
    latex: str
    mathml: str
    binding: int = ATOM
    size: int = 1


def identifier(label: str, count: int = 1) -> Maths:
    """A name: w1 with an index, α as a letter, a word upright, anything else as a text.

    Arguments:
        label: the user's text.
        count: tells apart those that have the same label.
    """
    shown = short(clean(label).strip()) or "?"
    match = _NAME.fullmatch(shown.translate(_SUBSCRIPTS))
    if match:
        word, index = match[1], match[2] or match[3] or match[4] or ""
        tex = GREEK.get(word, word if len(word) == 1 else rf"\mathrm{{{word}}}")
        mathml = f"<mi>{word}</mi>"
        if index:
            tex, mathml = f"{tex}_{{{index}}}", f"<msub>{mathml}<mn>{index}</mn></msub>"
    else:
        tex = rf"\text{{{''.join(map(_escaped, shown))}}}"
        # Isolated, so that a name written from right to left does not turn its neighbours.
        mathml = f'<mtext dir="auto">{html.escape(shown)}</mtext>'
    if count > 1:
        shown = f"{shown}′{count}"
        tex = f"{{{tex}}}^{{({count})}}"
        above = f"<mrow><mo>(</mo><mn>{count}</mn><mo>)</mo></mrow>"
        mathml = f"<msup><mrow>{mathml}</mrow>{above}</msup>"
    return Maths(shown, tex, mathml)


def _escaped(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    return f"\\{character}" if character in "#$%&_{}" else character


def number(x: float, digits: int = 17) -> Maths:
    """A number, in its shortest form or with that many digits."""
    plain = text_number(x, digits)
    tex = latex_number(x, digits)
    mantissa, e, exponent = plain.removeprefix("-").partition("e")
    inner = "<mi>∞</mi>" if math.isinf(x) else "<mi>NaN</mi>" if x != x else f"<mn>{mantissa}</mn>"
    if e:
        sign = "<mo>−</mo>" if exponent.startswith("-") else ""
        size = f"<mn>{exponent.lstrip('+-').lstrip('0') or '0'}</mn>"
        power = f"<msup><mn>10</mn><mrow>{sign}{size}</mrow></msup>"
        inner = f"{inner}<mo>·</mo>{power}"
    negative = plain.startswith("-")
    mathml = f"<mrow>{'<mo>−</mo>' if negative else ''}{inner}</mrow>"
    return Maths(plain, tex, mathml, SIGN if negative else PRODUCT if e else ATOM)


def bracketed(m: Maths, least: int) -> Maths:
    """The formula in brackets, if it binds less than that."""
    if m.binding >= least:
        return m
    return Maths(
        f"({m.text})",
        rf"\left({m.latex}\right)",
        f"<mrow><mo>(</mo>{m.mathml}<mo>)</mo></mrow>",
        ATOM,
        m.size,
    )


def added(parts: Sequence[tuple[float, Maths]], dots: int = -1) -> Maths:
    """A sum; each part with the sign that it has. `dots`: before which part ⋯ stands."""
    text, tex, mathml, size = "", "", "", 0
    for k, (sign, m) in enumerate(parts):
        m = bracketed(m, SUM if k == 0 and sign > 0 else PRODUCT)
        if k == dots:
            text, tex, mathml = f"{text} + …", rf"{tex} + \cdots", f"{mathml}<mo>+</mo><mo>⋯</mo>"
        if k or sign < 0:
            plus = "+" if sign > 0 else "-"
            text += f" {plus} " if k else plus
            tex += f" {plus} " if k else plus
            mathml += f"<mo>{plus if sign > 0 else '−'}</mo>"
        text, tex, mathml, size = text + m.text, tex + m.latex, mathml + m.mathml, size + m.size
    binding = SUM if len(parts) > 1 else SIGN if parts[0][0] < 0 else parts[0][1].binding
    return Maths(text, tex, f"<mrow>{mathml}</mrow>", binding, size)


def times(factors: Sequence[Maths]) -> Maths:
    """A product; a factor that is a sum, or that begins with a sign, is bracketed."""
    if len(factors) == 1:
        return factors[0]
    safe = [bracketed(m, PRODUCT) for m in factors]
    tex, dotted = safe[0].latex, safe[0].mathml
    for before, m in itertools.pairwise(safe):
        digits = m.latex[:1].isdigit()  # two numbers side by side would be read as one
        tex += (r" \cdot " if digits or before.latex[-1:].isdigit() else r" \, ") + m.latex
        dotted += f"<mo>{'·' if digits else '&#x2062;'}</mo>{m.mathml}"
    return Maths(
        "·".join(m.text for m in safe),
        tex,
        f"<mrow>{dotted}</mrow>",
        PRODUCT,
        sum(m.size for m in safe),
    )


def fraction(a: Maths, b: Maths) -> Maths:
    """A quotient."""
    return Maths(
        f"{bracketed(a, PRODUCT).text}/{bracketed(b, POWER).text}",
        rf"\frac{{{a.latex}}}{{{b.latex}}}",
        f"<mfrac><mrow>{a.mathml}</mrow><mrow>{b.mathml}</mrow></mfrac>",
        PRODUCT,
        a.size + b.size,
    )


def power(a: Maths, b: Maths) -> Maths:
    """A power."""
    base, above = bracketed(a, ATOM), bracketed(b, ATOM)
    return Maths(
        f"{base.text}^{above.text}",
        f"{{{base.latex}}}^{{{b.latex}}}",
        f"<msup><mrow>{base.mathml}</mrow><mrow>{b.mathml}</mrow></msup>",
        POWER,
        a.size + b.size,
    )


def root(a: Maths, degree: int = 2) -> Maths:
    """A square root, or one of another degree."""
    if degree == 2:
        return Maths(
            f"√({a.text})", rf"\sqrt{{{a.latex}}}", f"<msqrt>{a.mathml}</msqrt>", ATOM, a.size
        )
    return Maths(
        f"root{degree}({a.text})",
        rf"\sqrt[{degree}]{{{a.latex}}}",
        f"<mroot><mrow>{a.mathml}</mrow><mn>{degree}</mn></mroot>",
        ATOM,
        a.size,
    )


def enclosed(left: tuple[str, str], a: Maths, right: tuple[str, str]) -> Maths:
    """Between two signs, each as text and in LaTeX: |x|, ⌊x⌋."""
    return Maths(
        f"{left[0]}{a.text}{right[0]}",
        rf"\left{left[1]} {a.latex} \right{right[1]}",
        f"<mrow><mo>{left[0]}</mo>{a.mathml}<mo>{right[0]}</mo></mrow>",
        ATOM,
        a.size,
    )


def function(name: str, arguments: Sequence[Maths], tex: str = "") -> Maths:
    """A function of arguments in brackets; `tex` is its name in LaTeX, if it has one of its own."""
    plain = short(clean(name))
    command = tex or rf"\operatorname{{{''.join(map(_escaped, plain))}}}"
    listed = "<mo>,</mo>".join(m.mathml for m in arguments)
    return Maths(
        f"{plain}({', '.join(m.text for m in arguments)})",
        rf"{command}\left({', '.join(m.latex for m in arguments)}\right)",
        f"<mrow><mi>{html.escape(plain)}</mi><mo>&#x2061;</mo><mrow><mo>(</mo>{listed}<mo>)</mo>"
        "</mrow></mrow>",
        ATOM,
        1 + sum(m.size for m in arguments),
    )


def derivative(above: Maths, below: Maths) -> Maths:
    """∂above/∂below."""
    return Maths(
        f"∂{above.text}/∂{below.text}",
        rf"\frac{{\partial {above.latex}}}{{\partial {below.latex}}}",
        f"<mfrac><mrow><mo>∂</mo>{above.mathml}</mrow><mrow><mo>∂</mo>{below.mathml}</mrow>"
        "</mfrac>",
        ATOM,
        2,
    )


Line = Sequence[Maths]
"""What is equal to each other, from left to right."""


def text_block(lines: Sequence[Line]) -> str:
    """Lines of text."""
    return "\n".join(" = ".join(m.text for m in line) for line in lines)


def latex_block(lines: Sequence[Line]) -> str:
    """One equation, or several below each other, for amsmath."""
    if len(lines) == 1:
        return " = ".join(m.latex for m in lines[0])
    rows = []
    for first, *others in lines:
        right = "".join(
            f" &= {m.latex}" if k == 0 else f" = {m.latex}" for k, m in enumerate(others)
        )
        rows.append(first.latex + right)
    body = " \\\\\n".join(rows)
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"


def mathml_block(lines: Sequence[Line]) -> str:
    """A `math` element: one row of a table for each line."""
    rows = []
    for first, *others in lines:
        right = "".join(f"<mo>=</mo>{m.mathml}" for m in others)
        rows.append(
            f'<mtr><mtd style="text-align: right"><mrow>{first.mathml}</mrow></mtd>'
            f'<mtd style="text-align: left"><mrow>{right}</mrow></mtd></mtr>'
        )
    return (
        '<math xmlns="http://www.w3.org/1998/Math/MathML" display="block">'
        f'<mtable displaystyle="true">{"".join(rows)}</mtable></math>'
    )
