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

from autograd_bp.errors import DataError
from autograd_bp.nn.module import Module
from autograd_bp.value import Value

__all__ = ["applied", "require_length", "takes_length"]

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


def require_length(length: float, most: int, where: str = "a row") -> None:
    """Raises DataError for a length that a row of so many numbers cannot have."""
    if not 0 <= length <= most:
        raise DataError(
            f"{where} of {most} numbers has the length {length:g}: the last number of a row is its "
            f"length, from 0 to {most}"
        )


def applied(module: Module) -> Callable[[Any], Any]:
    """The function of a row: the module itself, or for one that takes a length a function that
    gives it the last number of the row as such."""
    if not takes_length(module):
        return module

    def of_row(x: Any) -> Any:
        length = x[-1]
        if not isinstance(length, Value) and isinstance(length, (int, float)):
            require_length(length, len(x) - 1)
        try:
            return module(x[:-1], length)
        except ZeroDivisionError:
            if isinstance(length, Value) or length:
                raise
            raise DataError(
                f"{type(module).__name__} divides by 0 on a row without tokens: leave such rows "
                "out, or divide by bp.where(length > 0, length, 1.0)"
            ) from None

    return of_row
