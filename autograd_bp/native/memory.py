"""Stacks of nodes and arrays of partials. Compiled, `memory.pxd` and nodes.h replace this file:
C arrays that borrow their references, and a pool that nodes come from and return to."""

from __future__ import annotations

from typing import Any

COMPILED = False

stack = list
push = list.append
pop = list.pop
size = len


def top(nodes: list[Any]) -> Any:
    return nodes[-1]


def at(nodes: list[Any], index: int) -> Any:
    return nodes[index]


def close(nodes: list[Any]) -> None:
    """A C stack gives its memory back here; a list needs no help."""


def reserve(node: Any, parents: tuple[Any, ...]) -> None:
    """Give a node of many parents the room for its partials."""
    node._parents = parents
    node._partials = [0.0] * len(parents)
