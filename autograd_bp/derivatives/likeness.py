"""Directions in other containers than what they belong to: a tuple for a list, an array for a list
of numbers, a dict whose keys have another order. Where each number belongs is clear there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from autograd_bp.derivatives.trees import Leaf, Tree, flatten, parts_of_tree
from autograd_bp.errors import OperandError


def arranged(direction: Any, expected: Tree) -> Any:
    """The direction in the containers of the expected shape, its numbers and arrays as they are;
    None where it does not fit."""
    blocks = _blocks(direction, expected)
    return None if blocks is None else expected.map_blocks(iter(blocks))


def leaves_like(direction: Any, expected: Tree, what: str) -> list[Leaf] | None:
    """The numbers of a direction in the order of the expected shape; None where it does not fit.

    Raises: OperandError for what is no number.
    """
    import numpy as np

    parts = _blocks(direction, expected)
    if parts is None:
        return None
    leaves: list[Leaf] = []
    for part, block in zip(parts, expected.blocks(), strict=True):
        if np.shape(part) != block.shape:
            return None
        entries = part.ravel().tolist() if isinstance(part, np.ndarray) else _flat(part)
        for entry in entries:
            leaves += flatten(entry, what)[0]
    return leaves if len(leaves) == expected.size else None


def _flat(part: Any) -> Iterator[Any]:
    if isinstance(part, (list, tuple)):
        for inner in part:
            yield from _flat(inner)
    else:
        yield part


def _blocks(direction: Any, expected: Tree) -> list[Any] | None:
    """For each number and each array of the expected shape what stands in its place."""
    if not expected.children:
        return [direction] if expected.size else []
    parts = _parts(direction, expected)
    if parts is None:
        return None
    blocks: list[Any] = []
    for part, child in zip(parts, expected.children, strict=True):
        some = _blocks(part, child)
        if some is None:
            return None
        blocks += some
    return blocks


def _parts(direction: Any, expected: Tree) -> list[Any] | None:
    """The parts of a direction in the order of the expected container."""
    count = len(expected.children)
    if hasattr(direction, "ndim"):
        fits = direction.ndim > 0 and len(direction) == count and not _names(expected)
        return [*direction] if fits else None
    try:
        parts, _ = parts_of_tree(direction)
    except OperandError:
        return None
    if parts is None or len(parts) != count:
        return None
    names = _names(expected)
    if isinstance(direction, dict):
        if not names or {*map(str, direction)} != {*names}:
            return None
        by_name = {str(key): part for key, part in direction.items()}
        return [by_name[name] for name in names]
    # A list for a dict says not which number belongs to which key.
    return None if expected.keys is not None else parts


def _names(expected: Tree) -> list[str]:
    """The keys of a dict as text, or the fields of a dataclass or a named tuple."""
    if expected.keys is not None:
        return [*map(str, expected.keys)]
    steps = [*expected.steps]
    return [step[1:] for step in steps] if steps and steps[0].startswith(".") else []
