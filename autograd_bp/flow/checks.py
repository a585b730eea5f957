"""Checks that fail when a compiled function runs: an index outside of its table, a loop that needs
more rounds than its limit.

While the function is recorded, each such case is noted as a condition that has to hold. The
compiler computes the conditions as a program of their own, and the function says what is wrong.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.errors import BadIndexError
from autograd_bp.value import Value

_noted: ContextVar[list[Value] | None] = ContextVar("noted", default=None)
_path: ContextVar[tuple[Any, ...]] = ContextVar("path", default=())


@contextmanager
def noting() -> Iterator[list[Value]]:
    """Around a function that is recorded: the faults that were noted, each 1 where it occurs."""
    faults: list[Value] = []
    noted, path = _noted.set(faults), _path.set(())
    try:
        yield faults
    finally:
        _noted.reset(noted)
        _path.reset(path)


@contextmanager
def noting_apart() -> Iterator[list[Value]]:
    """Around a part of such a function, the body of a loop: its faults, which count for the
    function only where they are noted again."""
    faults: list[Value] = []
    token = _noted.set(faults)
    try:
        yield faults
    finally:
        _noted.reset(token)


@contextmanager
def where_taken(condition: Any) -> Iterator[None]:
    """Around code that counts only where a condition holds: a branch, a round of a loop."""
    token = _path.set((*_path.get(), condition))
    try:
        yield
    finally:
        _path.reset(token)


def is_in_branch() -> bool:
    """Whether the code counts only where a condition holds."""
    return bool(_path.get())


def checked(condition: Any, numbers: Sequence[Any]) -> Sequence[Any]:
    """Numbers that are right where a condition holds, which is noted.

    Where nobody notes it, the numbers become NaN where the condition does not hold and the code
    counts.
    """
    fault = ops.logical_not(condition)
    for taken in _path.get():
        fault = ops.logical_and(fault, taken)
    faults = _noted.get()
    if faults is None:
        return [ops.where(fault, math.nan, x) for x in numbers]
    if isinstance(fault, Value):
        faults.append(fault)
    return numbers


def note(fault: Any) -> None:
    """Note what goes wrong where a number is 1.

    Raises: BadIndexError where it is a plain number, and not 0.
    """
    faults = _noted.get()
    if isinstance(fault, Value) and not fault.is_constant and faults is not None:
        faults.append(fault)
    elif (fault.data if isinstance(fault, Value) else fault) != 0.0:
        raise BadIndexError(
            "an index is outside of its table, or a loop needs more rounds than its limit"
        )
