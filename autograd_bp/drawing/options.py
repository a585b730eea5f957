"""What options of pictures and pages have to be: each check gives the option, or raises an error
that names it, what it was given, and what it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from autograd_bp.errors import OperandError, SettingError
from autograd_bp.value import Value


def title(words: Any, name: str = "title") -> str:
    """A line of words. Raises SettingError for what is no text."""
    if not isinstance(words, str):
        raise SettingError(f"{name} is a text, such as 'A neuron', got {words!r:.60}")
    return words


def flags(**given: Any) -> None:
    """Raises SettingError for what is neither True nor False."""
    for name, flag in given.items():
        # 0, 1 and the truth values of NumPy are flags.
        if type(flag).__name__ not in ("bool", "bool_", "int") or flag not in (0, 1):
            raise SettingError(f"{name} is True or False, got {flag!r:.60}")


def items(given: Any, name: str, example: str) -> list[Any]:
    """The items of a list or another iterable.

    Raises: SettingError for what has no items, and for text.
    """
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise SettingError(f"{name} is a list, such as {example}, got {given!r:.60}")
    return list(given)


def values(given: Any, name: str) -> list[Value]:
    """A Value, or the Values of a list of any depth.

    Raises: OperandError for everything else.
    """
    if isinstance(given, Value):
        return [given]
    if isinstance(given, (str, bytes)) or not isinstance(given, Iterable):
        raise OperandError(f"{name} takes a Value or a list of Values, got {given!r:.60}")
    found: list[Value] = []
    for item in given:
        if not isinstance(item, (Value, list, tuple)) and type(item).__name__ != "ndarray":
            raise OperandError(f"{name} takes Values, got {type(item).__name__} {item!r:.60}")
        found += values(item, name)
    return found


def names(given: Any) -> Mapping[Any, Any]:
    """Names by Value, or Values by name. Raises SettingError for what is no mapping."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        raise SettingError(
            "names is a mapping, {value: 'y'} or {'y': value} as locals() returns, got "
            f"{given!r:.60}"
        )
    return given


def one_of(given: Any, name: str, *choices: str) -> str:
    """One of some words. Raises SettingError for everything else."""
    if not isinstance(given, str) or given not in choices:
        raise SettingError(f"{name} must be {' or '.join(map(repr, choices))}, got {given!r:.60}")
    return given


def finite(number: Any, convert: Any, name: str) -> float:
    """A number that a float can hold. Raises OperandError for one that is too large."""
    try:
        result: float = convert(number)
    except OverflowError:
        digits = f"{number.bit_length() * 0.30103:,.0f}"
        raise OperandError(
            f"{name}: a whole number of about {digits} digits is larger than any float"
        ) from None
    return result
