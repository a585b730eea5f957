"""What a kind returns: a function of an array, its gradient, and where it is checked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple


class Sample(NamedTuple):
    """A function and its right gradient at a point.

    Attributes:
        f: of an array to a number.
        gradient: of an array to an array of the same shape; exact for what f stands for.
        x: the point, an array.
        member: the name of the function within its kind.
        opaque: whether f computes on floats alone, so that autodiff is no second witness.
    """

    f: Callable[[Any], Any]
    gradient: Callable[[Any], Any]
    x: Any
    member: str
    opaque: bool = True
