"""Faults for mutate.py: those of the printers, and those of the table that change nothing."""

from __future__ import annotations

# A file, a piece of it that occurs once, what to put there, and the tests that must fail.
PLANTED: list[tuple[str, str, str, str]] = []

# Faults that are none: the same numbers come out. A primitive, what is there, what would be.
EQUIVALENT: dict[tuple[str, str, str], str] = {}
