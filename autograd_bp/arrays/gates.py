"""Orders and places of Values in functions that are compiled, where their numbers are not known:
they are computed by comparisons when the program runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.arrays import elementwise
from autograd_bp.arrays.slices import entries_of
from autograd_bp.errors import BranchError

MOST_SORTED = 256  # numbers: a network of comparisons has some n ln² n of them


def searchsorted(a: Any, v: Any, side: str) -> Any:
    """How many entries of a sorted array lie before each number; NaN is behind all."""
    bounds = entries_of(a).tolist()

    def is_before(bound: Any, x: Any) -> Any:
        if side == "right":
            return ops.logical_or(ops.less_equal(bound, x), ops.not_equal(x, x))
        is_behind_all = ops.logical_and(ops.not_equal(x, x), ops.equal(bound, bound))
        return ops.logical_or(ops.less(bound, x), is_behind_all)

    def place(x: Any) -> Any:
        return sum((is_before(bound, x) for bound in bounds), start=0.0)

    return elementwise(place, [entries_of(v)])


def place_of_extreme(a: Any, axis: Any, beats: Any, keepdims: bool) -> Any:
    """The place of the first entry that no other beats; a NaN beats all."""
    array = entries_of(a)
    lines = array.reshape(-1) if axis is None else np.moveaxis(array, axis, -1)
    results = np.empty(lines.shape[:-1], dtype=object)
    for where in np.ndindex(*lines.shape[:-1]):
        results[where] = _place(lines[where].tolist(), beats)
    if keepdims:
        whole = (1,) * array.ndim
        return results.reshape(whole) if axis is None else np.expand_dims(results, axis)
    return results if results.ndim else results[()]


def _place(entries: list[Any], beats: Any) -> Any:
    best, place = entries[0], 0.0
    for k, entry in enumerate(entries[1:], start=1):
        is_better = ops.logical_and(ops.logical_not(beats(best, entry)), ops.equal(best, best))
        best, place = ops.where(is_better, entry, best), ops.where(is_better, float(k), place)
    return place


def sort(a: Any, axis: Any) -> Any:
    """The entries in the order of their numbers, NaN last, by a network of comparisons."""
    array = entries_of(a)
    lines = array.reshape(-1) if axis is None else np.moveaxis(array, axis, -1)
    if lines.shape[-1] > MOST_SORTED:
        raise BranchError(
            f"np.sort of {lines.shape[-1]} Values in a function that is compiled: their "
            f"numbers are not known there, and comparisons sort at most {MOST_SORTED}"
        )
    results = lines.copy()
    for low, high in _comparisons(lines.shape[-1]):
        first, second = results[..., low].copy(), results[..., high].copy()
        stay = elementwise(_is_in_order, [first, second])
        results[..., low] = elementwise(ops.where, [stay, first, second])
        results[..., high] = elementwise(ops.where, [stay, second, first])
    return results if axis is None else np.moveaxis(results, -1, axis)


def _is_in_order(first: Any, second: Any) -> Any:
    return ops.logical_or(ops.less_equal(first, second), ops.not_equal(second, second))


def _comparisons(count: int) -> Iterator[tuple[int, int]]:
    """Batcher's odd-even merge sort: pairs of places whose entries are put in order."""
    p = 1
    while p < count:
        k = p
        while k >= 1:
            for j in range(k % p, count - k, 2 * k):
                for i in range(min(k, count - j - k)):
                    if (i + j) // (2 * p) == (i + j + k) // (2 * p):
                        yield i + j, i + j + k
            k //= 2
        p *= 2
