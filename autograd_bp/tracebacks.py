"""Tracebacks of checks and proofs without the frames of this library."""

from __future__ import annotations

import functools
import os
from collections.abc import Callable
from types import TracebackType
from typing import ParamSpec, TypeVar

from autograd_bp.errors import AutogradError

__all__ = ["is_own", "pruned", "without_own_frames"]

_PACKAGE = os.path.dirname(os.path.abspath(__file__)) + os.sep
P = ParamSpec("P")
R = TypeVar("R")


def without_own_frames(check: Callable[P, R]) -> Callable[P, R]:
    """A check whose errors lead from the caller straight to the caller's own function, or end at
    the call.
    """

    @functools.wraps(check)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        __tracebackhide__ = True
        try:
            return check(*args, **kwargs)
        except Exception as error:
            failure = pruned(error)
        raise failure

    return checked


def pruned(error: Exception) -> Exception:
    """The same error, and those that it came from, without frames of the library.

    An error of another kind that begins inside the library is a fault of it, and keeps all frames.
    """
    seen: set[int] = set()
    pending: list[BaseException | None] = [error]
    while pending:
        one = pending.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        own = _ends_inside(one.__traceback__)
        if own and not isinstance(one, AutogradError):
            continue
        one.__traceback__ = _without_own(one.__traceback__)
        if isinstance(one, AutogradError) and _is_inner(one.__cause__):
            one.__cause__, one.__suppress_context__ = None, True
        if isinstance(one, AutogradError) and _is_inner(one.__context__):
            one.__suppress_context__ = one.__suppress_context__ or one.__cause__ is None
        pending += [one.__cause__, one.__context__]
    return error


def is_own(file: str) -> bool:
    """Whether a file belongs to this library; compiled modules name theirs from the package on."""
    return file.startswith((_PACKAGE, "autograd_bp/"))


def _ends_inside(traceback: TracebackType | None) -> bool:
    """Whether the innermost frame is the library's."""
    last = ""
    while traceback is not None:
        last = traceback.tb_frame.f_code.co_filename
        traceback = traceback.tb_next
    return is_own(last)


def _is_inner(error: BaseException | None) -> bool:
    """Whether an error was raised and caught inside the library."""
    traceback = None if error is None else error.__traceback__
    while traceback is not None and is_own(traceback.tb_frame.f_code.co_filename):
        traceback = traceback.tb_next
    return error is not None and traceback is None


def _without_own(traceback: TracebackType | None) -> TracebackType | None:
    frames = []
    while traceback is not None:
        if not is_own(traceback.tb_frame.f_code.co_filename):
            frames.append(traceback)
        traceback = traceback.tb_next
    chain: TracebackType | None = None
    for frame in reversed(frames):
        chain = TracebackType(chain, frame.tb_frame, frame.tb_lasti, frame.tb_lineno)
    return chain
