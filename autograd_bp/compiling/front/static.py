"""Static arguments: which calls have the same ones."""

from __future__ import annotations

import math
from dataclasses import fields, is_dataclass
from typing import Any

from autograd_bp.errors import OperandError


def key_of_static(name: str, argument: Any) -> Any:
    """What a program depends on, of a static argument: what tells it apart, and itself.

    Raises: OperandError for one that cannot be hashed.
    """
    try:
        hash(argument)
    except TypeError:
        raise OperandError(
            f"the static argument {name} is {type(argument).__name__}, which cannot be hashed: use "
            "a tuple or a number"
        ) from None
    if type(argument) is float and argument != argument:
        argument = math.nan  # which is one object, and so equal to itself as a key
    return _distinction(argument), argument


def _distinction(argument: Any) -> Any:
    """What tells apart static arguments that are equal: 1 and True, 0.0 and -0.0, also in tuples,
    sets and dataclasses."""
    kind = type(argument)
    if isinstance(argument, complex):
        return kind, math.copysign(1.0, argument.real), math.copysign(1.0, argument.imag)
    if isinstance(argument, float):
        return kind, math.copysign(1.0, argument)
    if isinstance(argument, tuple):
        return (kind, *map(_distinction, argument))
    if isinstance(argument, frozenset):
        return kind, frozenset([(item, _distinction(item)) for item in argument])
    if is_dataclass(argument) and not isinstance(argument, type):
        values = [getattr(argument, field.name) for field in fields(argument) if field.compare]
        return (kind, *map(_distinction, values))
    return kind
