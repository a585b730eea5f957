"""Primitives for functions of trees: one for each shape of the arguments, while it is in use."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.derivatives.trees import Tree, flatten_static
from autograd_bp.primitives import Primitive

MAX_KEPT_SHAPES = 32  # the rest is made again when it is needed again

_numbers = itertools.count(1)


class Recent:
    """Keeps the results for the latest keys."""

    def __init__(self) -> None:
        self._known: dict[object, Any] = {}

    def get(self, key: object, make: Callable[[], Any]) -> Any:
        """Return the result that is kept for this key, or else the one that `make` makes now."""
        known = self._known
        made = known.pop(key) if key in known else make()
        known[key] = made  # now the last
        if len(known) > MAX_KEPT_SHAPES:
            del known[next(iter(known))]
        return made


def temporary_primitive(
    name: str, forward: Callable[..., float], partials: Callable[..., Sequence[Any]]
) -> Primitive:
    """A primitive of any number of inputs, which is freed when no graph has a node of it."""
    symbol = name if name.isidentifier() else "function"
    unique = f"{symbol}_{next(_numbers)}"
    return Primitive(unique, None, forward, partials, symbol=symbol, temporary=True)


def flatten_all(arguments: Sequence[Any], name: str) -> tuple[list[Any], list[Tree]]:
    """The numbers of all arguments in one list, and the shape of each argument."""
    flat: list[Any] = []
    trees = []
    for position, argument in enumerate(arguments):
        leaves, tree = flatten_static(argument, f"argument {position} of {name}")
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
