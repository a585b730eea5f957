"""Python's garbage collector, paused while a program is made.

A trace makes millions of objects and no cycles, so the collector would look at them in vain. It
would do so again and again, and take most of the time.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def no_collections() -> Iterator[None]:
    """A block without garbage collections; after the last one in any thread, and after an error,
    the collector is as it was."""
    _pause.begin()
    try:
        yield
    finally:
        _pause.end()
