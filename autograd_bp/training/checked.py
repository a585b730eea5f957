"""Parts of a model file, each checked when it is read: the errors name the part."""

from __future__ import annotations

from typing import Any

from autograd_bp.errors import ModelError

__all__ = ["MAX_BYTES", "cells_of", "floats_of", "list_of", "mapping_of", "size_of", "text_of"]

MAX_BYTES = 200_000_000
MAX_TEXT = 10_000  # characters in a name


def mapping_of(what: str, thing: Any) -> dict[str, Any]:
    if not isinstance(thing, dict):
        raise ModelError(f"{what} is {_kind(thing)}, not an object")
    return thing


def list_of(what: str, thing: Any, n: int | None = None) -> list[Any]:
    if not isinstance(thing, list):
        raise ModelError(f"{what} is {_kind(thing)}, not a list")
    if n is not None and len(thing) != n:
        raise ModelError(f"{what} has {len(thing)} entries where sizes asks for {n}")
    return thing


def floats_of(what: str, thing: Any, n: int) -> tuple[float, ...]:
    numbers = list_of(what, thing, n)
    for number in numbers:
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise ModelError(f"{what} holds {_kind(number)} where a number is needed")
        if not -1.7976931348623157e308 <= number <= 1.7976931348623157e308:
            raise ModelError(f"{what} holds a number that is not finite")
    return tuple(map(float, numbers))


def size_of(n: Any) -> int:
    if isinstance(n, bool) or not isinstance(n, int) or not 1 <= n <= MAX_BYTES:
        raise ModelError(f"sizes holds {n!r:.40}, not the number of neurons in a layer")
    return n


def text_of(what: str, thing: Any) -> str:
    if not isinstance(thing, str) or len(thing) > MAX_TEXT or not _can_be_encoded(thing):
        raise ModelError(f"{what} holds {_kind(thing)} where a short text is needed")
    return thing


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(thing: Any) -> str:
    kinds = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
    return "nothing" if thing is None else kinds.get(type(thing), "a number")


def cells_of(what: str, thing: Any, n: int) -> tuple[Any, ...]:
    """Raw cells: texts, finite numbers, or nothing."""
    cells = list_of(what, thing, n)
    for cell in cells:
        if isinstance(cell, str):
            text_of(what, cell)
        elif cell is not None:
            floats_of(what, [cell], 1)
    return tuple(float(cell) if isinstance(cell, int) else cell for cell in cells)
