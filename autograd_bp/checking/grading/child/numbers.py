"""Arguments and results as JSON that holds numbers, lists, dictionaries and arrays, and no code.

A number is its hexadecimal text, so that it arrives to the last bit. None is null, a list is a
list, {"d": [[key, value], ...]} is a dictionary, {"a": nested lists} an array, and {"bad": what} is
anything else.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["ADDRESS", "decoded", "encoded"]

ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")  # of an object: another one in each run
MAX_DEPTH = 20
MAX_NUMBERS = 200_000


class _TooMuchError(Exception):
    pass


def encoded(thing: Any) -> Any:
    """The thing as JSON can hold it."""
    left = [MAX_NUMBERS]
    try:
        return _encoded(thing, 0, left)
    except _TooMuchError as error:
        return {"bad": str(error)}


def _encoded(thing: Any, depth: int, left: list[int]) -> Any:
    left[0] -= 1
    if left[0] < 0:
        raise _TooMuchError(f"more than {MAX_NUMBERS:,} numbers")
    if depth > MAX_DEPTH:
        raise _TooMuchError(f"lists nested deeper than {MAX_DEPTH} levels")
    if thing is None:
        return None
    if isinstance(thing, (bool, str, bytes, complex)):
        return _bad(thing)
    if isinstance(thing, (int, float)):
        return _number(thing)
    if isinstance(thing, (list, tuple)):
        return [_encoded(part, depth + 1, left) for part in thing]
    if isinstance(thing, dict):
        parts = [[str(key), _encoded(part, depth + 1, left)] for key, part in thing.items()]
        return {"d": parts}
    return _of_library(thing, depth, left)


def _number(x: Any) -> Any:
    try:
        return float.hex(float(x))
    except OverflowError:
        return {"bad": "a whole number that is too large for a float"}


def _of_library(thing: Any, depth: int, left: list[int]) -> Any:
    """Arrays, and numbers of libraries."""
    if hasattr(thing, "detach"):
        thing = thing.detach()
    if hasattr(thing, "tolist") and hasattr(thing, "shape"):
        if getattr(thing, "size", 0) is not None and not callable(getattr(thing, "size", 0)):
            left[0] -= int(thing.size)
            if left[0] < 0:
                raise _TooMuchError(f"an array of {int(thing.size):,} numbers")
        listed = thing.tolist()
        left[0] += int(getattr(thing, "size", 0)) if not callable(thing.size) else 0
        inner = _encoded(listed, depth + 1, left)
        return {"a": inner} if isinstance(listed, list) else inner
    if hasattr(thing, "partials") and isinstance(getattr(thing, "data", None), float):
        return _number(thing.data)
    if hasattr(type(thing), "__float__"):
        return _number(thing)
    return _bad(thing)


def _bad(thing: Any) -> dict[str, str]:
    kind = type(thing).__name__
    try:
        return {"bad": ADDRESS.sub("0x…", f"{kind} {repr(thing)[:200]}")[:70]}
    except Exception:
        return {"bad": str(kind)}


def decoded(thing: Any) -> Any:
    """The arguments of a call, new for each call."""
    if isinstance(thing, str):
        return float.fromhex(thing)
    if isinstance(thing, list):
        return [decoded(part) for part in thing]
    if isinstance(thing, dict) and "d" in thing:
        return {key: decoded(part) for key, part in thing["d"]}
    if isinstance(thing, dict) and "a" in thing:
        import numpy

        return numpy.array(decoded(thing["a"]), dtype=float)
    return thing
