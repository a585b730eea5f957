"""Python's garbage collector, paused while a program is made.

A trace makes millions of objects and no cycles, so the collector would look at them in vain. It
would do so again and again, and take most of the time.
"""

from __future__ import annotations

import gc
from threading import Lock

__all__ = ["no_collections"]


class _Pause:
    """How many blocks are open, in all threads, and whether the collector was on before."""

    def __init__(self) -> None:
        self._lock, self._open, self._was_on = Lock(), 0, False

    def begin(self) -> None:
        with self._lock:
            if not self._open:
                self._was_on = gc.isenabled()
                gc.disable()
            self._open += 1

    def end(self) -> None:
        with self._lock:
            self._open -= 1
            if not self._open and self._was_on:
                gc.enable()


_pause = _Pause()


class no_collections:  # noqa: N801, a function of contextlib takes five times as long
    """A block without garbage collections; after the last one in any thread, and after an error,
    the collector is as it was."""

    __slots__ = ()

    def __enter__(self) -> None:
        _pause.begin()

    def __exit__(self, *_: object) -> None:
        _pause.end()
