"""Formulas as plain text in one line: -½·(d - z)^2."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp.notation.language import Language, joined
from autograd_bp.notation.names import Name
from autograd_bp.notation.text import clean, short


class Plain(Language[str]):
    name = "text"
    flat = True

    def bracketed(self, printed: str) -> str:
        return f"({printed})"

    def identifier(self, data: Name, parts: Sequence[str]) -> str:
        return data.text

    def number(self, data: tuple[float, str], parts: Sequence[str]) -> str:
        return data[1]

    def symbol(self, data: str, parts: Sequence[str]) -> str:
        return data

    def half(self, data: float, parts: Sequence[str]) -> str:
        return "½" if data > 0.0 else "-½"

    def slot(self, data: int | str, parts: Sequence[str]) -> str:
        return "{" + str(data) + "}"

    def sum(self, data: Any, parts: Sequence[str]) -> str:
        text = ""
        for k, ((sign, gap), part) in enumerate(zip(joined(data), parts, strict=True)):
            text += " + …" if gap else ""
            text += (f" {sign} " if k else sign) + part
        return text

    def product(self, data: None, parts: Sequence[str]) -> str:
        return "·".join(parts)

    def fraction(self, data: None, parts: Sequence[str]) -> str:
        return f"{parts[0]}/{parts[1]}"

    def power(self, data: None, parts: Sequence[str]) -> str:
        return f"{parts[0]}^{parts[1]}"

    def root(self, data: int, parts: Sequence[str]) -> str:
        return f"{'√' if data == 2 else f'root{data}'}({parts[0]})"

    def enclosed(self, data: tuple[str, str], parts: Sequence[str]) -> str:
        return f"{data[0]}{parts[0]}{data[1]}"

    def function(self, data: str, parts: Sequence[str]) -> str:
        return f"{short(clean(data))}({', '.join(parts)})"

    def formatted(self, data: str, parts: Sequence[str]) -> str:
        return parts[0]

    def logarithm(self, data: None, parts: Sequence[str]) -> str:
        return f"log{parts[0]}({parts[1]})"

    def words(self, data: Sequence[str | None], parts: Sequence[str]) -> str:
        rest = iter(parts)
        return "".join([next(rest) if word is None else word for word in data])

    def derivative(self, data: None, parts: Sequence[str]) -> str:
        return f"∂{parts[0]}/∂{parts[1]}"


PLAIN = Plain()
