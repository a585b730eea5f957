"""The resources that a student's file may use."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd_bp.errors import SettingError

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """The resources that one solution may use, all of its calls together.

    When a function exceeds them, the others run again without it, in half of the seconds.

    Arguments:
        seconds: of processor time, beyond that of importing the libraries; whole seconds.
        wait: seconds on the clock, which end a solution that sleeps or waits.
        memory: megabytes of address space, the libraries included.
        output: characters that it may print.

    Raises: SettingError for a limit that is not a positive number.
    """

    seconds: int = 2
    wait: float = 10.0
    memory: int = 1024
    output: int = 100_000

    def __post_init__(self) -> None:
        for name in ("seconds", "wait", "memory", "output"):
            limit = getattr(self, name)
            whole = name != "wait"
            if (
                isinstance(limit, bool)
                or not isinstance(limit, (int, float))
                or not 0 < limit < math.inf
                or (whole and limit != int(limit))
            ):
                kind = "a positive whole number" if whole else "a positive number"
                raise SettingError(f"the limit {name} is {kind}, got {limit!r:.60}")
            if whole:
                object.__setattr__(self, name, int(limit))
