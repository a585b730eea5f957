"""jax.tree_util: functions of the numbers and arrays in trees of lists, tuples and dicts."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from autograd_bp.derivatives.trees import parts_of_tree

Function = Callable[..., Any]


def _parts(tree: Any) -> tuple[list[Any] | None, Any]:
    if getattr(tree, "ndim", None) is not None:
        return None, None
    return parts_of_tree(tree)


def tree_leaves(tree: Any) -> list[Any]:
    """The numbers and arrays of a tree."""
    if tree is None:
        return []
    parts, _ = _parts(tree)
    if parts is None:
        return [tree]
    return [leaf for part in parts for leaf in tree_leaves(part)]


def tree_map(f: Function, tree: Any, *others: Any) -> Any:
    """A tree of f of the leaves of one tree, and of those beside them in others of its shape."""
    if tree is None:
        return None
    parts, make = _parts(tree)
    if parts is None:
        return f(tree, *others)
    beside = [_beside(tree, other) for other in others]
    return make([tree_map(f, part, *rest) for part, *rest in zip(parts, *beside, strict=True)])


def _beside(tree: Any, other: Any) -> list[Any]:
    if isinstance(tree, dict):
        return [other[key] for key in tree]
    return _parts(other)[0] or []


def tree_reduce(function: Function, tree: Any, *initial: Any) -> Any:
    """functools.reduce over the leaves."""
    return functools.reduce(function, tree_leaves(tree), *initial)


class Tree:
    """jax.tree: the same under shorter names."""

    leaves = staticmethod(tree_leaves)
    map = staticmethod(tree_map)
    reduce = staticmethod(tree_reduce)
