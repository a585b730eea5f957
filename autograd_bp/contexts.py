"""Blocks of code inside which operations are not recorded, or in which Values may not be compared.

A block concerns the thread, or the task, that runs it and no other: what holds is a context
variable. Asking one takes time, so value.py also counts the open blocks of all threads, and asks
only while there are any.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar

from autograd_bp.errors import BranchError, ConversionError

is_recording: ContextVar[bool] = ContextVar("is_recording", default=True)
may_branch: ContextVar[bool] = ContextVar("may_branch", default=True)


def _nothing(change: int) -> None: ...


_count_paused: Callable[[int], None] = _nothing
_count_guards: Callable[[int], None] = _nothing


def set_counters(paused: Callable[[int], None], guards: Callable[[int], None]) -> None:
    """Say what counts the open blocks of each kind: functions that are called with 1 and -1."""
    global _count_paused, _count_guards
    _count_paused, _count_guards = paused, guards


@contextlib.contextmanager
def no_recording() -> Iterator[None]:
    """Inside this block operations compute numbers and record nothing: for inference.

    The block concerns the thread, or the task, that runs it and no other.
    """
    token = is_recording.set(False)
    _count_paused(1)
    try:
        yield
    finally:
        _count_paused(-1)
        is_recording.reset(token)


@contextlib.contextmanager
def recording() -> Iterator[None]:
    """Inside this block operations are recorded, also inside a no_recording() block."""
    token = is_recording.set(True)
    try:
        yield
    finally:
        is_recording.reset(token)


@contextlib.contextmanager
def no_branching() -> Iterator[None]:
    """Inside this block comparing a Value raises BranchError: what is recorded then serves all
    numbers. The block concerns the thread, or the task, that runs it and no other."""
    token = may_branch.set(False)
    _count_guards(1)
    try:
        yield
    finally:
        _count_guards(-1)
        may_branch.reset(token)


def refuse_branch(sign: str) -> None:
    """Raise BranchError inside a no_branching() block; `sign` names the comparison."""
    if not may_branch.get():
        raise BranchError(
            f"a Value was compared ({sign}) in a function that is compiled: it is recorded once "
            "and then runs on other numbers, so it cannot branch on one; use where(condition, a, "
            "b), maximum, minimum, abs or relu, or declare the argument static"
        )


def refuse_number(what: str) -> None:
    """Raise ConversionError inside a no_branching() block; `what` names the plain number."""
    if not may_branch.get():
        raise ConversionError(
            f"{what} was asked for in a function that is compiled: it is recorded once and then "
            "runs on other numbers, so this one would stay as it is; compute with the Value "
            "itself, return it to see it, or declare the argument static"
        )
