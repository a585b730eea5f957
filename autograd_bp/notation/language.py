"""Shared by the three languages: how a tree is walked, and where brackets stand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from autograd_bp.notation.maths import Maths

Printed = TypeVar("Printed")

RELATIONS = {
    "<": "<", ">": ">", "=": "=", "≤": r"\le", "≥": r"\ge", "≠": r"\ne",
    "∧": r"\wedge", "∨": r"\vee",
}  # fmt: skip
"""The words between formulas that are signs, and what LaTeX calls them."""


class Language(Generic[Printed]):
    """Prints formulas. There is one method for each kind of formula, of its data and of its
    parts, which are printed and bracketed already.

    Attributes:
        name: under which formulas keep what was printed.
        flat: True where everything stands in one line, so that parts that are apart elsewhere
            need brackets.
    """

    name: str
    flat = False

    def printed(self, root: Maths) -> Printed:
        """The formula in this language. Nothing recurses: formulas may be deep."""
        name = self.name
        pending = [root]
        while pending:
            node = pending[-1]
            missing = [part for part in node.parts if name not in part.printed]
            if missing:
                pending += missing
                continue
            pending.pop()
            if name not in node.printed:
                node.printed[name] = self._written(node)
        result: Printed = root.printed[name]
        return result

    def _written(self, node: Maths) -> Printed:
        parts: list[Any] = [part.printed[self.name] for part in node.parts]
        for k, part in enumerate(node.parts):
            if self.binding(part) < self.least(node, k):
                parts[k] = self.bracketed(parts[k])
        result: Printed = getattr(self, node.kind)(node.data, parts)
        return result

    def least(self, node: Maths, k: int) -> int:
        """How tightly the k-th part of a formula must bind to stand without brackets."""
        if not self.flat and k in node.apart:
            return -1
        return node.least[min(k, len(node.least) - 1)]

    def binding(self, node: Maths) -> int:
        """How tightly a formula binds in this language."""
        return node.binding

    def bracketed(self, printed: Printed) -> Printed:
        raise NotImplementedError


def joined(data: tuple[Sequence[float], int | None]) -> list[tuple[str, bool]]:
    """The signs between the terms of a sum, "" for none, and whether … stands before the term."""
    signs, gap = data
    shown = ["+" if sign > 0 else "-" for sign in signs]
    if shown[0] == "+":
        shown[0] = ""
    return [(sign, k == gap) for k, sign in enumerate(shown)]
