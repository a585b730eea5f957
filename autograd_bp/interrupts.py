"""Signals that end the command: they are noted, and acted upon where nothing can be lost.

SIGINT (Ctrl-C), SIGTERM and SIGHUP raise KeyboardInterrupt only where the code says that it may be
stopped. Between these places they are noted: what runs there, such as saving a model, is finished.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Interrupts", "interrupts"]

SIGNALS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


class Interrupts:
    """The signals that arrived.

    Attributes:
        count: how many.
        signal: the number of the first, 0 while there is none.
    """

    def __init__(self) -> None:
        self.count, self.signal = 0, 0
        self._may_stop, self._is_active = True, False

    @property
    def exit_code(self) -> int:
        """128 and the number of the signal, as shells have it: 130 for Ctrl-C."""
        return 128 + int(self.signal or signal.SIGINT)

    @contextmanager
    def handled(self, *, of_command: bool = True, last: bool = False) -> Iterator[None]:
        """Handle the signals in this block; those that are ignored, as by nohup, stay ignored.

        Arguments:
            of_command: False for Ctrl-C alone, and only where nobody else handles it.
            last: whether the process ends after the block: signals are ignored from then on, so
                that Python's own end prints nothing either.
        """
        if self._is_active or threading.current_thread() is not threading.main_thread():
            yield
            return
        self.count, self.signal, self._may_stop = 0, 0, True
        before: dict[int, Any] = {}
        self._is_active = True
        try:
            for number in SIGNALS if of_command else SIGNALS[:1]:
                handler = signal.getsignal(number)
                if handler is signal.SIG_IGN:
                    continue
                if of_command or handler is signal.default_int_handler:
                    before[number] = signal.signal(number, self._handle)
            yield
        finally:
            self._may_stop = False
            for number, handler in before.items():
                if last:
                    handler = signal.SIG_IGN
                signal.signal(number, signal.SIG_DFL if handler is None else handler)
            self._is_active = False

    def _handle(self, number: int, frame: Any) -> None:
        self.count += 1
        self.signal = self.signal or number
        if self._may_stop:
            self._may_stop = False
            raise KeyboardInterrupt

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """In this block a signal raises KeyboardInterrupt, once; after it signals are noted."""
        if self._is_active:
            if self.count:
                raise KeyboardInterrupt
            self._may_stop = True
        try:
            yield
        finally:
            if self._is_active:
                self._may_stop = False

    @contextmanager
    def held(self) -> Iterator[None]:
        """In this block signals are noted; one that came raises KeyboardInterrupt after it, where
        it may."""
        may_stop, before = self._may_stop, self.count
        self._may_stop = False
        try:
            yield
        finally:
            self._may_stop = may_stop
        if may_stop and self._is_active and self.count > before:
            self._may_stop = False
            raise KeyboardInterrupt

    def hold(self) -> None:
        """From now on signals are noted."""
        if self._is_active:
            self._may_stop = False

    def release(self, after: int) -> None:
        """From now on a signal raises KeyboardInterrupt; more than `after` noted ones do so now."""
        if self._is_active:
            self._may_stop = True
            if self.count > after:
                self._may_stop = False
                raise KeyboardInterrupt


interrupts = Interrupts()
"""Those of this process: signals have one handler."""
