"""Functions of lists along an axis of an array: logsumexp(x, axis=1), softmax(x, axis=-1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_bp.arrays import as_values
from autograd_bp.arrays.slices import entries_of
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.operands import number

Function = Callable[..., Any]


def fold_along(function: Function, values: Any, axis: Any, keepdims: bool) -> Any:
    """One number for each slice along an axis, or along several; of all entries without an axis.

    Raises: ShapeError for an axis that the array does not have.
    """
    array = entries_of(values)
    if array.ndim == 0:
        raise OperandError(f"{function.__name__} takes a list of numbers, got {values!r:.60}")
    axes = _axes(function, array, tuple(range(array.ndim)) if axis is None else axis)
    rest = [k for k in range(array.ndim) if k not in axes]
    shape = [array.shape[k] for k in rest]
    lines = np.transpose(array, (*rest, *axes)).reshape(*shape, -1)
    results = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        results[place] = function(lines[place].tolist())
    if keepdims:
        results = results.reshape([1 if k in axes else n for k, n in enumerate(array.shape)])
    elif not shape:
        return results[()]
    return _numbers_or_values(results)


def map_along(function: Function, values: Any, axis: Any) -> Any:
    """An array of the same shape: a function of each slice along one axis.

    Raises: ShapeError where no axis is named, and for one that the array does not have.
    """
    array = entries_of(values)
    if axis is None:
        raise ShapeError(
            f"{function.__name__} of an array of shape {array.shape} needs axis=: write axis=-1 "
            "for one distribution in each row"
        )
    (axis,) = _axes(function, array, axis)
    lines = np.moveaxis(array, axis, -1)
    results = np.empty(lines.shape, dtype=object)
    for place in np.ndindex(*lines.shape[:-1]):
        results[place] = function(lines[place].tolist())
    return _numbers_or_values(np.moveaxis(results, -1, axis))


def _axes(function: Function, array: Any, axis: Any) -> tuple[int, ...]:
    """The places of axes, counted from 0."""
    axes = tuple(int(number(k)) for k in (axis if isinstance(axis, (tuple, list)) else (axis,)))
    for k in axes:
        if not -array.ndim <= k < array.ndim:
            raise ShapeError(
                f"{function.__name__} got axis={k} for an array of shape {array.shape}: it has "
                f"{array.ndim} axes"
            )
    return tuple(k % array.ndim for k in axes)


def _numbers_or_values(results: Any) -> Any:
    """An array of floats where no entry is a Value."""
    if all(type(x) is float for x in results.reshape(-1).tolist()):
        return results.astype(float)
    return as_values(results)
