"""Equations of several parts, and blocks of several lines."""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp.notation.maths import Maths

Line = Sequence[Maths]
"""Terms that are equal to each other, from left to right."""


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
