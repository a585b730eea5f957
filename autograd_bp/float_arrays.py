"""Arrays that users give: checked once, in one place."""

from __future__ import annotations

from typing import Any

from autograd_bp.errors import OperandError, ShapeError

__all__ = ["floats_of"]

KINDS = {1: "a flat vector", 2: "a table (rows, numbers)"}


def floats_of(name: str, thing: Any, dimensions: int) -> Any:
    """A thing as an array of floats.

    Arguments:
        name: what it is called.
        thing: an array, or lists of numbers.
        dimensions: how many there must be, 1 or 2.

    Raises: ShapeError for other shapes, and for rows of different lengths; OperandError for
        anything but real numbers.
    """
    import numpy as np

    try:
        array = np.asarray(thing)
    except ValueError as error:
        raise ShapeError(f"{name} must be {KINDS[dimensions]}: {error}") from None
    if array.dtype.kind not in "fiub":
        raise OperandError(f"{name} must hold real numbers, got an array of dtype {array.dtype}")
    if array.ndim != dimensions:
        raise ShapeError(f"{name} must be {KINDS[dimensions]}, got the shape {array.shape}")
    return array.astype(float, copy=False)
