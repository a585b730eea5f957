"""Primitives for functions of trees: one for each shape of the arguments."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.derivatives.trees import Tree, flatten
from autograd_bp.primitives import Primitive

_numbers = itertools.count(1)


class ShapedPrimitives:
    """Adds an entry to the table for each shape of the arguments, when that is first seen."""

    def __init__(self, name: str) -> None:
        self._name = name if name.isidentifier() else "function"
        self._known: dict[object, Primitive] = {}

    def primitive(
        self, key: object, forward: Callable[..., float], partials: Callable[..., Sequence[Any]]
    ) -> Primitive:
        if key not in self._known:
            name = f"{self._name}_{next(_numbers)}"
            self._known[key] = Primitive(name, None, forward, partials, symbol=self._name)
        return self._known[key]


def flatten_all(arguments: Sequence[Any], name: str) -> tuple[list[Any], list[Tree]]:
    """The numbers of all arguments in one list, and the shape of each argument."""
    flat: list[Any] = []
    trees = []
    for position, argument in enumerate(arguments):
        leaves, tree = flatten(argument, f"argument {position} of {name}")
        flat += leaves
        trees.append(tree)
    return flat, trees


def build_all(flat: Sequence[Any], trees: Sequence[Tree]) -> list[Any]:
    """The arguments again."""
    built, start = [], 0
    for tree in trees:
        built.append(tree.build(flat[start : start + tree.size]))
        start += tree.size
    return built
