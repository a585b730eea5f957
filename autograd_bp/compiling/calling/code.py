"""Native code: functions in memory that compute the loops of a program, and what they need."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class NativeCode:
    """Two functions, called as caller.py says.

    Attributes:
        rows, shared, self: addresses; `self` is handed to both functions.
        scratch: how many doubles of working space `rows` needs.
        keep: what has to live as long as the functions are called.
        lanes: how many rows go side by side; 1 reads no padding.
        numbers: how many doubles all rows share; as many as the program says when left out.
    """

    rows: int
    shared: int
    self: int
    scratch: int
    keep: object
    lanes: int
    numbers: int | None = None
