"""Static arguments: which calls have the same ones."""

from __future__ import annotations

import math
import sys
from dataclasses import fields, is_dataclass
from typing import Any

from autograd_bp.errors import OperandError


def settled(argument: Any) -> Any:
    """A static argument that stays as it is: of an array a copy that cannot be written."""
    if not is_plain_array(argument):
        return argument
    copy = argument.copy()
    copy.flags.writeable = False
    return copy


def is_plain_array(argument: Any) -> bool:
    """Whether it is an array of NumPy of numbers, truth values or texts: labels, masks, places."""
    numpy = sys.modules.get("numpy")
    return numpy is not None and type(argument) is numpy.ndarray and argument.dtype.kind in "biufUS"


def key_of_static(name: str, argument: Any) -> Any:
    """What a program depends on, of a static argument: what tells it apart, and itself.

    Raises: OperandError for one that cannot be hashed.
    """
    if is_plain_array(argument):
        return type(argument), (argument.dtype.str, argument.shape, argument.tobytes())
    try:
        hash(argument)
    except TypeError:
        raise OperandError(
            f"the static argument {name} is {type(argument).__name__}, which cannot be hashed: use "
            "a tuple, an array of NumPy or a number"
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
