"""Nodes in memory: stacks of them, the parents of a node of many, and the turn to sweep.

Compiled, `memory.pxd` and nodes.h replace this file: C pointers, C arrays, and a pool that
nodes come from and return to.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from autograd_bp.errors import NestedSweepError

# ------------------------------------------------------------- nodes, as a sweep sees them
_value_type: Any = object


def node(value: Any) -> Any:
    return value


def many(node: Any) -> Any:
    return node


def value(node: Any) -> Any:
    return node


def exists(node: Any) -> bool:
    return node is not None


def absent() -> Any:
    return None


# ------------------------------------------------------------------------- stacks of nodes
stack = list
push = list.append
pop = list.pop
size = len


def at(nodes: list[Any], index: int) -> Any:
    return nodes[index]


def close(nodes: list[Any]) -> None:
    """A C stack gives its memory back here; a list needs no help."""


# ------------------------------------------------------------------------ the turn to sweep
# Sweeps mark nodes, and threads may share parameters: one sweep at a time.
_turn = threading.Lock()
_sweeper = 0


def enter() -> None:
    """Wait for the turn to sweep.

    Raises: NestedSweepError when this thread is in the middle of a sweep (in a signal handler).
    """
    global _sweeper
    me = threading.get_ident()
    if _sweeper == me:
        raise NestedSweepError(
            "backward() was called while this thread was inside a sweep, from a signal handler "
            "or a destructor: call it after the sweep"
        )
    _turn.acquire()
    _sweeper = me


def leave() -> None:
    global _sweeper
    _sweeper = 0
    _turn.release()


def breathe(nodes: int) -> None:
    """Compiled, other threads run and signals are handled here, once in many nodes."""


# --------------------------------------------------------------------------- making nodes
def plain(code: int, first: Any, second: Any) -> Any:
    """A node of at most two parents; its number and its partials are still to be filled in."""
    node = _value_type.__new__(_value_type)
    node._grad = 0.0
    node._code = code
    node._mark = 0
    node._first = first
    node._second = second
    return node


def reserve(node: Any, count: int) -> None:
    """Make room for `count` parents, to be given by `put`, and their partials."""
    node._count = 0
    node._inner = 0
    node._parents = [None] * count
    node._partials = [0.0] * count


def put(node: Any, parent: Any) -> None:
    node._parents[node._count] = parent
    node._count += 1
    if parent._code >= 0:
        node._inner += 1


def put_values(node: Any, operands: Sequence[Any], start: int) -> int:
    """Put the Values of a list or a tuple from `start` on, up to the first item that is none.

    Returns: the place of that item, or the length.
    """
    for i in range(start, len(operands)):
        if not isinstance(operands[i], _value_type):
            return i
        put(node, operands[i])
    return len(operands)


def parent(node: Any, index: int) -> Any:
    return node._parents[index]


# -------------------------------------------------------------------------------- installing
def install(value_type: type, many_type: type) -> None:
    """Compiled, the two types get their own allocation and destruction here."""
    global _value_type
    _value_type = value_type


def recognise(node: Any) -> None:
    """Compiled: raises ImportError where nodes.h and value.pxd disagree about a node."""
