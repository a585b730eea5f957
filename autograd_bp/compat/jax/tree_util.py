"""jax.tree_util: functions of the numbers and arrays in trees of lists, tuples and dicts."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from autograd_bp.derivatives.trees import parts_of_tree
from autograd_bp.errors import ShapeError

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
    if isinstance(tree, dict):
        parts = [tree[key] for key in sorted(tree)]  # as JAX has them, in the order of the keys
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


class TreeDef:
    """What a tree is without its leaves; equal to that of a tree of the same shape."""

    def __init__(self, tree: Any) -> None:
        self._shape = tree_map(lambda leaf: _LEAF, tree)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, TreeDef) and self._shape == other._shape

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"TreeDef({self._shape})"

    @property
    def num_leaves(self) -> int:
        return len(tree_leaves(self._shape))

    def unflatten(self, leaves: Iterable[Any]) -> Any:
        """The tree with these leaves."""
        leaves = list(leaves)
        if len(leaves) != self.num_leaves:
            raise ShapeError(f"the tree has {self.num_leaves} leaves, got {len(leaves)}")
        return _filled(self._shape, iter(leaves))


class _Leaf:
    def __repr__(self) -> str:
        return "*"


_LEAF = _Leaf()


def _filled(shape: Any, leaves: Iterator[Any]) -> Any:
    if shape is None:
        return None
    parts, make = _parts(shape)
    if parts is None:
        return next(leaves)
    if isinstance(shape, dict):
        entries = {key: _filled(shape[key], leaves) for key in sorted(shape)}
        return make([entries[key] for key in shape])
    return make([_filled(part, leaves) for part in parts])


def tree_structure(tree: Any) -> TreeDef:
    """What the tree is without its leaves."""
    return TreeDef(tree)


def tree_flatten(tree: Any) -> tuple[list[Any], TreeDef]:
    """The leaves, and what is left without them."""
    return tree_leaves(tree), TreeDef(tree)


def tree_unflatten(treedef: TreeDef, leaves: Iterable[Any]) -> Any:
    """The tree of this shape with these leaves."""
    return treedef.unflatten(leaves)


def tree_all(tree: Any) -> bool:
    """Whether all leaves are true."""
    return all(tree_leaves(tree))


class Tree:
    """jax.tree: the same under shorter names."""

    all = staticmethod(tree_all)
    flatten = staticmethod(tree_flatten)
    structure = staticmethod(tree_structure)
    unflatten = staticmethod(tree_unflatten)
    leaves = staticmethod(tree_leaves)
    map = staticmethod(tree_map)
    reduce = staticmethod(tree_reduce)
