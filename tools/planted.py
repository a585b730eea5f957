"""Faults for mutate.py: those of the printers, and those of the table that change nothing."""

from __future__ import annotations

# A file, a piece of it that occurs once, what to put there, and the tests that must fail.
PLANTED: list[tuple[str, str, str, str]] = []

# Faults that change no number: a primitive, what is there, what would be.
EQUIVALENT: set[tuple[str, str, str]] = {
    ("threshold", "x < 0.0", "x < 1.0"),  # what is not below 0 was answered before
    ("sign", "x == 0.0", "x == 1.0"),  # then 0 itself is the result
    ("heaviside", "nonzero(a) * -1.0", "nonzero(a) / -1.0"),
    ("pow", "heaviside(b, 1.0)", "heaviside(b, 2.0)"),  # only asked whether it is 0
}
