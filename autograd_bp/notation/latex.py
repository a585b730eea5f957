"""Formulas in LaTeX, with amsmath."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any

from autograd_bp.notation.language import RELATIONS, Language, joined
from autograd_bp.notation.maths import ATOM, CHOICE, POWER, PRODUCT, SUM, Maths
from autograd_bp.notation.names import GREEK, Name, escaped
from autograd_bp.notation.numbers import in_latex
from autograd_bp.notation.text import clean, short

_COMMANDS = frozenset((
    "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "ln", "max", "min",
))  # fmt: skip
_FENCES = {"⌊": r"\lfloor", "⌋": r"\rfloor", "⌈": r"\lceil", "⌉": r"\rceil", "‖": r"\Vert"}
_SIGNS = {"…": r"\cdots"}
# What a power needs no braces around.
_SIMPLE = re.compile(r"(\\?[A-Za-z]+|[\d.]+)(_\{[\d,]+\})?")
_INNERMOST = re.compile(
    r"\\left(?:[(\[|]|\\\w+)[^()]*?\\right(?:[)\]|]|\\\w+)|\\operatorname\{[^{}]*\}|\{[^{}]*\}"
)

_OPENING = ("(", "{", "[", "|", ",", "}")
_CLOSING = (")", "}", "]", "|", ",", r"\right", r"\text")


class Latex(Language[str]):
    name = "latex"

    def bracketed(self, printed: str) -> str:
        return rf"\left({printed}\right)"

    def binding(self, node: Maths) -> int:
        return binding_of(node.data) if node.kind == "formatted" else node.binding

    def least(self, node: Maths, k: int) -> int:
        if node.kind == "formatted" and k > 0:
            return CHOICE if _is_enclosed(node.data, k - 1) else ATOM
        return super().least(node, k)

    def identifier(self, data: Name, parts: Sequence[str]) -> str:
        return data.latex

    def number(self, data: tuple[float, str], parts: Sequence[str]) -> str:
        return in_latex(data[1])

    def symbol(self, data: str, parts: Sequence[str]) -> str:
        return _SIGNS.get(data, data)

    def half(self, data: float, parts: Sequence[str]) -> str:
        return rf"{'-' if data < 0.0 else ''}\tfrac{{1}}{{2}}"

    def slot(self, data: int | str, parts: Sequence[str]) -> str:
        return f"\x00{data}\x00"

    def format_string(self, formula: Maths) -> str:
        """A formula of places 0, 1, 2 ... as a format string over the inputs."""
        tex = self.printed(formula).replace("{", "{{").replace("}", "}}")
        texts = tex.split("\x00")
        keys = texts[1::2]
        in_order = keys == [str(k) for k in range(len(keys))]
        texts[1::2] = ["{}" if in_order else f"{{{key}}}" for key in keys]
        return "".join(texts)

    def sum(self, data: Any, parts: Sequence[str]) -> str:
        tex = ""
        for k, ((sign, gap), part) in enumerate(zip(joined(data), parts, strict=True)):
            tex += r" + \cdots" if gap else ""
            tex += (f" {sign} " if k else sign) + part
        return tex

    def product(self, data: None, parts: Sequence[str]) -> str:
        tex = parts[0]
        for part in parts[1:]:  # two numbers side by side would be read as one
            tex += (r" \cdot " if part[:1].isdigit() else r" \, ") + part
        return tex

    def fraction(self, data: None, parts: Sequence[str]) -> str:
        return rf"\frac{{{parts[0]}}}{{{parts[1]}}}"

    def power(self, data: None, parts: Sequence[str]) -> str:
        base = parts[0] if _SIMPLE.fullmatch(parts[0]) else f"{{{parts[0]}}}"
        return f"{base}^{{{parts[1]}}}"

    def root(self, data: int, parts: Sequence[str]) -> str:
        return rf"\sqrt{'' if data == 2 else f'[{data}]'}{{{parts[0]}}}"

    def enclosed(self, data: tuple[str, str], parts: Sequence[str]) -> str:
        left, right = (_FENCES.get(sign, sign) for sign in data)
        return rf"\left{left} {parts[0]} \right{right}"

    def function(self, data: str, parts: Sequence[str]) -> str:
        plain = short(clean(data))
        command = rf"\{plain}" if plain in _COMMANDS else GREEK.get(plain)
        command = command or rf"\operatorname{{{escaped(plain)}}}"
        return rf"{command}\left({', '.join(parts)}\right)"

    def formatted(self, data: str, parts: Sequence[str]) -> str:
        return data.format(*parts[1:])

    def logarithm(self, data: None, parts: Sequence[str]) -> str:
        return rf"\log_{{{parts[0]}}}\left({parts[1]}\right)"

    def words(self, data: Sequence[str | None], parts: Sequence[str]) -> str:
        rest = iter(parts)
        return "".join([next(rest) if word is None else _word(word) for word in data])

    def derivative(self, data: None, parts: Sequence[str]) -> str:
        return rf"\frac{{\partial {parts[0]}}}{{\partial {parts[1]}}}"


def _word(word: str) -> str:
    relation = RELATIONS.get(word.strip())
    return rf"\text{{{word}}}" if relation is None else f" {relation} "


LATEX = Latex()


# ------------------------------------------------------------- format strings that users write
def places(template: str) -> list[tuple[int, str, str]]:
    """Each place of a format string: of which input, and the text before and after it."""
    pieces, indices = [""], list[int]()
    for literal, field, _, _ in string.Formatter().parse(template):
        pieces[-1] += literal
        if field is not None:
            pieces.append("")
            indices.append(int(field) if field.isdigit() else len(indices))
    return list(zip(indices, pieces, pieces[1:], strict=False))


def _is_enclosed(template: str, k: int) -> bool:
    """Whether the k-th input stands between brackets, braces, commas or words wherever it is."""
    return all(
        before.rstrip().endswith(_OPENING) and after.lstrip().startswith(_CLOSING)
        for index, before, after in places(template)
        if index == k
    )


def binding_of(template: str) -> int:
    """How tightly the result of a format string binds: told from what is outside of brackets."""
    text = template.format(*["x"] * (1 + max((k for k, _, _ in places(template)), default=0)))
    inner = ""
    while inner != text:
        inner, text = text, _INNERMOST.sub("", text)
    if r"\text" in text or re.search(r"[=<>]", text):
        return CHOICE
    if re.search(r"[-+]|\\pm\b", text):
        return SUM
    if "^" in text:
        return POWER
    bare = re.sub(r"\\[A-Za-z]+|\s", "", text)
    return PRODUCT if bare or r"\frac" in text else ATOM
