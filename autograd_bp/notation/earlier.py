"""Formulas in pickles of earlier versions, which hold the printed forms and no tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from autograd_bp.notation import maths

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["Maths", "printed"]


def printed(text: str) -> maths.Maths:
    """A formula that is printed already, in one line of text."""
    formula = maths.Maths("words")
    formula.printed["text"] = text
    return formula


class PrintedMaths:
    """`drawing.maths.Maths` was a tuple of printed forms; pickle calls this with its fields."""

    def __new__(  # type: ignore[misc]
        cls, text: str, latex: str, mathml: str, binding: int = maths.ATOM, size: int = 1
    ) -> maths.Maths:
        from xml.etree import ElementTree

        formula = maths.Maths("words", binding=binding, size=size)
        tree = _tree(ElementTree.fromstring(f"<mrow>{mathml}</mrow>"))
        formula.printed |= {"text": text, "latex": latex, "mathml": tree}
        return formula


Maths = PrintedMaths
"""The name in these pickles."""


def _tree(element: Element) -> list[Any]:
    tree: list[Any] = [element.tag]
    if element.attrib:
        tree.append(dict(element.attrib))
    if element.text:
        tree.append(element.text)
    return tree + [_tree(child) for child in element]
