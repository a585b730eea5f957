"""Nodes freed in a loop, for a Python that frees long chains by recursion.

When the last reference to a node is dropped, Python frees its parents, and theirs. CPython keeps
such a recursion short. Built for WebAssembly (Pyodide) it does not: there a chain of ten thousand
objects of any class overflows the stack of JavaScript, which ends the program. So there a node
that is freed gives up its parents first, and one loop frees them.
"""

from __future__ import annotations

import sys
from typing import Any

_pending: list[Any] = []
_is_freeing = False


def is_needed() -> bool:
    return sys.platform == "emscripten"


def install(value: Any) -> None:
    """Let the nodes of value.py be freed in a loop."""
    value.Value.__del__ = release


def release(node: Any) -> None:
    """Give up the parents of a node that is about to be freed."""
    global _is_freeing
    try:
        first = node._first
    except AttributeError:  # its constructor refused the argument
        return
    if first is not None:
        _pending.append(first)
        if node._second is not None:
            _pending.append(node._second)
        node._first = node._second = first = None
    elif hasattr(node, "_parents"):
        _pending.extend(node._parents)
        node._parents = []
    if _is_freeing or not _pending:
        return
    _is_freeing = True
    try:
        while _pending:
            _pending.pop()  # frees the node, if nothing else needs it, and so calls `release`
    finally:
        _is_freeing = False
