"""Forms that one target needs in place of the table's, each with its reason.

A test compares each of them with the table (tests/engine/test_printers.py). Everything that is
not listed here is printed from the expression in the table.
"""

from __future__ import annotations

from typing import NamedTuple


class Override(NamedTuple):
    """What a target computes in place of the expression of a primitive.

    Attributes:
        form: for Python the name of a function, for C, LLVM and the tape an expression in C.
        reason: why.
    """

    form: str
    reason: str


_LIBRARY = "the C library's function takes one call and is as exact"

OVERRIDES: dict[tuple[str, str], Override] = {
    ("python", "norm"): Override(
        "math.hypot", "it rounds correctly in nearly all cases, which no sum of squares does"
    ),
    ("tape", "cbrt"): Override("cbrt(a)", _LIBRARY),
    ("llvm", "cbrt"): Override("cbrt(a)", _LIBRARY),
    ("numpy", "cbrt"): Override("cbrt(a)", _LIBRARY),
    ("javascript", "cbrt"): Override("cbrt(a)", _LIBRARY),
    ("tape", "power"): Override(
        "b == 2.0 ? a * a : b == 1.0 ? a : pow(a, b)", "squares are frequent, and pow is slow"
    ),
}

# What the compiled core leaves to the Python functions: there C's library rounds otherwise than
# Python, and both cores give the same bits.
WITHOUT_KERNEL = {
    "hypot": "Python's math.hypot is more exact than C's",
    "norm": "it is Python's math.hypot of all inputs",
}


def override(target: str, name: str) -> str | None:
    """The form that `target` needs for the primitive `name`; None where the table's serves."""
    known = OVERRIDES.get((target, name))
    return None if known is None else known.form
