"""Vectors: arrays of NumPy where it is installed, lists of floats where it is not.

Rules are written once, with +, -, *, / and the two functions here. These round in the same way on
a float and on an array of floats, so both give the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from typing import Any

from autograd_bp.errors import MissingExtraError, OperandError, ShapeError

__all__ = ["FLOATS", "Operations", "arrays", "each", "has_arrays", "is_array", "numbers_of"]


class Operations:
    """Functions of one kind of number, a float or an array.

    Attributes:
        sqrt: the square root.
        where: where(condition, a, b): a where the condition holds, else b.
        clip: clip(x, low, high).
        sign: -1, 0 or 1.
    """

    def __init__(
        self,
        sqrt: Callable[[Any], Any],
        where: Callable[[Any, Any, Any], Any],
        clip: Callable[[Any, float, float], Any],
        sign: Callable[[Any], Any],
    ) -> None:
        self.sqrt, self.where, self.clip, self.sign = sqrt, where, clip, sign


def _sign(x: float) -> float:
    return x if x != x else float((x > 0.0) - (x < 0.0))


def _root(x: float) -> float:
    return math.sqrt(x) if x >= 0.0 else math.nan


FLOATS = Operations(
    _root,
    lambda condition, a, b: a if condition else b,
    lambda x, low, high: x if x != x else min(max(x, low), high),
    _sign,
)


def has_arrays() -> bool:
    return find_spec("numpy") is not None


def arrays(what: str) -> Any:
    """NumPy. Raises MissingExtraError, naming what needs it, where it is not installed."""
    try:
        import numpy
    except ImportError:
        raise MissingExtraError(f'{what} needs NumPy: pip install "autograd_bp[arrays]"') from None
    return numpy


def is_array(vector: Any) -> bool:
    """Whether it is an array, of any library: a list has no shape."""
    return hasattr(vector, "shape")


def numbers_of(what: str, vector: Any, count: int | None = None) -> list[float]:
    """The numbers of a vector that is no array.

    Raises: OperandError for anything but a flat list of real numbers; ShapeError where there are
        not so many.
    """
    if isinstance(vector, (str, bytes)) or not isinstance(vector, Iterable):
        raise OperandError(f"{what}: a flat list of numbers is needed, got {vector!r:.60}")
    numbers = list(vector)
    try:
        plain = [float(x) for x in numbers if not isinstance(x, (str, bytes))]
    except (TypeError, ValueError, OverflowError):
        plain = []
    if len(plain) != len(numbers):
        raise OperandError(f"{what}: a flat list of plain numbers is needed, got {numbers!r:.60}")
    if count is not None and len(plain) != count:
        raise ShapeError(f"{what} has {len(plain)} numbers where {count} are needed")
    return plain


def each(
    rule: Callable[..., tuple[Any, ...]], vectors: Sequence[Sequence[float]]
) -> tuple[list[float], ...]:
    """The rule on the first numbers of all vectors, then on the second ones, and so on."""
    results = [rule(FLOATS, *numbers) for numbers in zip(*vectors, strict=True)]
    return tuple(map(list, zip(*results, strict=True)))
