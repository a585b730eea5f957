"""Formulas in MathML, as trees: lists of a tag and its children, which are lists and texts."""

from __future__ import annotations

import html
from collections.abc import Sequence
from typing import Any

from autograd_bp.notation.language import RELATIONS, Language, joined
from autograd_bp.notation.names import Name
from autograd_bp.notation.text import clean, short

Tree = list[Any]
"""[tag, child, ...]. A child is a tree, a text, the place of an input (see templates.py), or,
first of all, a dictionary of attributes."""

_APPLY, _TIMES = "\u2061", "\u2062"  # invisible: a function applied, a product
_ENTITIES = {_APPLY: "&#x2061;", _TIMES: "&#x2062;"}


def _operator(sign: str) -> Tree:
    return ["mo", sign.replace("-", "−")]


class Mathml(Language[Any]):
    name = "mathml"

    def bracketed(self, printed: Any) -> Any:
        if isinstance(printed, dict):  # an input: its sign is known when it is filled in
            return {**printed, "bracket": True}
        return ["mrow", ["mo", "("], printed, ["mo", ")"]]

    def identifier(self, data: Name, parts: Sequence[Tree]) -> Tree:
        return data.mathml

    def number(self, data: tuple[float, str], parts: Sequence[Tree]) -> Tree:
        size = data[1].removeprefix("-")
        mantissa, e, exponent = size.partition("e")
        row: Tree = ["mrow", *([_operator("-")] if size != data[1] else [])]
        row.append(["mi" if mantissa in ("∞", "NaN") else "mn", mantissa])
        if e:
            power: Tree = ["mrow", *([_operator("-")] if exponent.startswith("-") else [])]
            power.append(["mn", exponent.lstrip("+-").lstrip("0") or "0"])
            row += [["mo", "·"], ["msup", ["mn", "10"], power]]
        return row

    def symbol(self, data: str, parts: Sequence[Tree]) -> Tree:
        return ["mo", "⋯"] if data == "…" else ["mi", data]

    def half(self, data: float, parts: Sequence[Tree]) -> Tree:
        fraction = ["mfrac", ["mn", "1"], ["mn", "2"]]
        return fraction if data > 0.0 else ["mrow", _operator("-"), fraction]

    def slot(self, data: int | str, parts: Sequence[Tree]) -> Any:
        return {"slot": data, "bracket": False}

    def sum(self, data: Any, parts: Sequence[Tree]) -> Tree:
        row: Tree = ["mrow"]
        for (sign, gap), part in zip(joined(data), parts, strict=True):
            if gap:
                row += [_operator("+"), ["mo", "⋯"]]
            if sign:
                row.append(_operator(sign))
            row.append(part)
        return row

    def product(self, data: None, parts: Sequence[Tree]) -> Tree:
        row: Tree = ["mrow", parts[0]]
        for part in parts[1:]:  # two numbers side by side would be read as one
            row += [["mo", "·" if _starts_with_digit(part) else _TIMES], part]
        return row

    def fraction(self, data: None, parts: Sequence[Tree]) -> Tree:
        return ["mfrac", ["mrow", parts[0]], ["mrow", parts[1]]]

    def power(self, data: None, parts: Sequence[Tree]) -> Tree:
        return ["msup", ["mrow", parts[0]], ["mrow", parts[1]]]

    def root(self, data: int, parts: Sequence[Tree]) -> Tree:
        if data == 2:
            return ["msqrt", parts[0]]
        return ["mroot", ["mrow", parts[0]], ["mn", str(data)]]

    def enclosed(self, data: tuple[str, str], parts: Sequence[Tree]) -> Tree:
        return ["mrow", ["mo", data[0]], parts[0], ["mo", data[1]]]

    def function(self, data: str, parts: Sequence[Tree]) -> Tree:
        return _applied(["mi", short(clean(data))], parts)

    def formatted(self, data: str, parts: Sequence[Tree]) -> Tree:
        return parts[0]

    def logarithm(self, data: None, parts: Sequence[Tree]) -> Tree:
        return _applied(["msub", ["mi", "log"], parts[0]], parts[1:])

    def words(self, data: Sequence[str | None], parts: Sequence[Tree]) -> Tree:
        rest = iter(parts)
        return ["mrow", *[next(rest) if word is None else _spaced(word) for word in data]]

    def derivative(self, data: None, parts: Sequence[Tree]) -> Tree:
        above, below = (["mrow", ["mo", "∂"], part] for part in parts)
        return ["mfrac", above, below]


def _applied(name: Tree, arguments: Sequence[Tree]) -> Tree:
    listed = [piece for part in arguments for piece in (["mo", ","], part)][1:]
    return ["mrow", name, ["mo", _APPLY], ["mrow", ["mo", "("], *listed, ["mo", ")"]]]


def _spaced(word: str) -> Tree:
    """Words with spaces that browsers do not take away; a relation is an operator."""
    if word.strip() in RELATIONS:
        return _operator(word.strip())
    return ["mtext", word.replace(" ", "\u00a0")]


def _starts_with_digit(tree: Any) -> bool:
    while isinstance(tree, list):
        if tree[0] in ("mfrac", "msqrt", "mroot"):
            return False
        if tree[0] == "mn":
            return True
        tree = tree[1]
    return False


MATHML = Mathml()


def serialised(tree: Tree) -> str:
    """The tree as markup. Every text is escaped; nothing recurses."""
    pieces: list[str] = []
    pending: list[Any] = [tree]
    while pending:
        piece = pending.pop()
        if isinstance(piece, tuple):
            pieces.append(piece[0])
        elif isinstance(piece, str):
            pieces.append(_ENTITIES.get(piece) or html.escape(piece))
        else:
            tag, *children = piece
            attributes = children.pop(0) if children and isinstance(children[0], dict) else {}
            written = "".join(f' {key}="{html.escape(text)}"' for key, text in attributes.items())
            pieces.append(f"<{tag}{written}>")
            pending.append((f"</{tag}>",))
            pending += reversed(children)
    return "".join(pieces)
