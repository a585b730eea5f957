"""tracing_lines: which line of the user's source recorded a node.

Recording a node costs nanoseconds and keeps no lines. Inside this block a trace function of
Python looks, after each line, for new nodes in the variables of the function that runs and in
what it returns. That line recorded them, and the nodes that they depend on.
"""

from __future__ import annotations

import linecache
import os
import sys
import sysconfig
from collections.abc import Callable, Iterable
from types import FrameType, TracebackType
from typing import Any

from autograd_bp.value import Value

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
LIBRARIES = tuple(
    os.path.join(os.path.abspath(sysconfig.get_path(name)), "")
    for name in ("stdlib", "platstdlib", "purelib", "platlib")
)
MAX_DEPTH = 3  # lists of lists of lists in variables are looked through

Place = tuple[str, int, str]  # file, line, function


class tracing_lines:  # noqa: N801, it is used like a function
    """A block that notes which source line records which node.

    For debugging: it is slow, keeps the nodes alive, and replaces a debugger or a coverage tool
    while it runs. What a library records is attributed to the line that called the library.

    Example:
        >>> import autograd_bp as bp
        >>> def f(x):
        ...     square = x * x
        ...     return square + 1.0
        >>> with bp.tracing_lines() as lines:
        ...     y = f(bp.Value(2.0))
        >>> lines.line(y.parents[0])[1:]
        (2, 'f')
    """

    def __init__(self) -> None:
        self._places: dict[Value, Place | None] = {}
        self._before: Any = None
        self._frame: FrameType | None = None
        self._frame_before: Any = None

    def __enter__(self) -> tracing_lines:
        frame = sys._getframe(1)
        self._before, self._frame, self._frame_before = sys.gettrace(), frame, frame.f_trace
        self._note(frame.f_locals.values(), None)  # these were there before
        sys.settrace(self._call)
        if not _is_library(frame.f_code.co_filename):
            frame.f_trace = self._watch(frame)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        sys.settrace(self._before)
        if self._frame is not None:
            self._frame.f_trace = self._frame_before
            self._frame = None

    def line(self, node: Value) -> Place | None:
        """File, line and function that recorded a node; None where that was not seen."""
        return self._places.get(node)

    def text(self, node: Value) -> str:
        """The same to be read: `model.py:12 in f: y = x * w`; empty where it was not seen."""
        place = self.line(node)
        if place is None:
            return ""
        file, number, function = place
        source = linecache.getline(file, number).strip()
        return f"{file}:{number} in {function}" + (f": {source}" if source else "")

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        return None if _is_library(frame.f_code.co_filename) else self._watch(frame)

    def _watch(self, frame: FrameType) -> Callable[[FrameType, str, Any], Any]:
        last = frame.f_lineno

        def watch(frame: FrameType, event: str, argument: Any) -> Any:
            nonlocal last
            place = (frame.f_code.co_filename, last, frame.f_code.co_name)
            self._note(frame.f_locals.values(), place)
            if event == "return":
                self._note((argument,), place)
            last = frame.f_lineno
            return watch

        return watch

    def _note(self, things: Iterable[Any], place: Place | None) -> None:
        pending = [(thing, 0) for thing in things]
        while pending:
            thing, depth = pending.pop()
            if isinstance(thing, Value):
                if thing not in self._places:
                    self._places[thing] = place
                    pending += [(parent, depth) for parent in thing.parents]
            elif depth < MAX_DEPTH:
                pending += [(inner, depth + 1) for inner in _inside(thing)]


def _inside(thing: Any) -> Iterable[Any]:
    if isinstance(thing, (list, tuple)):
        return thing
    if type(thing) is dict:
        return thing.values()
    if getattr(getattr(thing, "dtype", None), "kind", "") == "O":
        return thing.ravel().tolist()  # type: ignore[no-any-return]
    return ()


def _is_library(file: str) -> bool:
    return file.startswith((PACKAGE, *LIBRARIES, "<frozen"))
