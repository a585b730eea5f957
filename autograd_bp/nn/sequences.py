"""Modules that take rows of different lengths: the numbers of a row, and how many there are.

A program takes rows of one length. So shorter rows are filled up with zeros, and the last number of
such a row is its own length; a module whose `__call__` takes the length as its second argument gets
the two apart.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from autograd_bp.nn.module import Module

__all__ = ["applied", "takes_length"]

POSITIONAL = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD


def takes_length(module: Module) -> bool:
    """Whether a module is called with a row and its length: its `__call__` has exactly two
    arguments without a default, besides the module itself."""
    kind: Any = type(module)
    return _takes_length(kind)


@lru_cache(maxsize=64)
def _takes_length(kind: Any) -> bool:
    try:
        parameters = list(inspect.signature(kind.__call__).parameters.values())[1:]
    except (TypeError, ValueError):
        return False
    needed = [p for p in parameters if p.default is p.empty and p.kind in POSITIONAL]
    return len(needed) == 2


def applied(module: Module) -> Callable[[Any], Any]:
    """The function of a row: the module itself, or for one that takes a length a function that
    gives it the last number of the row as such."""
    if not takes_length(module):
        return module

    def of_row(x: Any) -> Any:
        return module(x[:-1], x[-1])

    return of_row
