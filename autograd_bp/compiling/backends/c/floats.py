"""A file of C that computes with `float` in the place of `double`.

The text is that for doubles, with other types, other functions of math.h and shorter numbers.
Comments and texts stay as they are.
"""

from __future__ import annotations

import re
import struct

from autograd_bp.expressions import FUNCTIONS

_OTHERS = ("frexp", "ldexp", "fmax", "fmin")  # that the text calls besides those of expressions
_CALL = re.compile(rf"(?<![\w.])({'|'.join(sorted((*FUNCTIONS, *_OTHERS)))})(?=\()")
_NUMBER = re.compile(
    r"(?<![\w.])(0x[0-9a-fA-F.]+p[+-]?\d+|\d+\.\d*(?:e[+-]?\d+)?|\d+e[+-]?\d+)(?![\w.])"
)
_ASIDE = re.compile(r'/\*.*?\*/|"(?:[^"\\\n]|\\.)*"', re.DOTALL)


def with_floats(text: str) -> str:
    """The text of a file, with floats."""
    parts, end = [], 0
    for aside in _ASIDE.finditer(text):
        parts += [_changed(text[end : aside.start()]), aside.group()]
        end = aside.end()
    return "".join([*parts, _changed(text[end:])])


def _changed(code: str) -> str:
    code = re.sub(r"\bdouble\b", "float", code)
    code = code.replace("DBL_", "FLT_")
    code = _CALL.sub(r"\1f", code)
    return _NUMBER.sub(lambda found: literal(found.group()), code)


def literal(number: str) -> str:
    """A number of C as the nearest float; INFINITY where it is larger than all of them."""
    x = float.fromhex(number) if number.startswith("0x") else float(number)
    nearest = rounded(x)
    if nearest in (float("inf"), -float("inf")):
        return "INFINITY" if nearest > 0.0 else "(-INFINITY)"
    text = f"{nearest:.9g}"
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


def rounded(x: float) -> float:
    """The nearest float of 32 bits."""
    try:
        nearest: float = struct.unpack("<f", struct.pack("<f", x))[0]
    except OverflowError:
        return float("inf") if x > 0.0 else -float("inf")
    return nearest
