"""Regular lists of integers: nests of counters from which they can be computed.

A list of operands is an integer array (members, terms): where each member reads each term. It is
affine where the counters i0, i1 ... of a nest of loops give it:

    member (i0, i1 ...), term j  ->  base + i0·strides[0] + i1·strides[1] + ... + j·step

The functions here know nothing of programs: they find nests for arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd_bp.compiling.program.native import walks

__all__ = ["Family", "arrange", "common_nest", "fold"]

Family = tuple[int, tuple[int, ...], int]  # base, strides, step
Shape = tuple[int, ...]  # the counts of a nest, the last counter running fastest


def arrange(lists: Sequence[Any]) -> tuple[Any, Shape, list[Any]]:
    """An order of the members in which all lists are affine, if there is one.

    Arguments:
        lists: for each list of operands an integer array (members, terms).

    Returns: the order, None for the one that the members have; the shape of the nest; and for each
        list its family or, where it has none, the array in that order.
    """
    if walks is not None and lists and len(lists[0]):
        return walks.arrange([np.ascontiguousarray(numbers, np.int64) for numbers in lists])  # type: ignore[no-any-return]
    return arrange_in_python(lists)


def arrange_in_python(lists: Sequence[Any]) -> tuple[Any, Shape, list[Any]]:
    """Do what `arrange` does, for the interpreted core and for the tests of the walk in C."""
    nest = common_nest(lists)
    if nest is not None:
        return None, *nest
    starts = np.stack([numbers[:, 0] for numbers in lists], axis=1)
    for first in range(starts.shape[1]):
        keys = np.roll(starts, -first, axis=1)
        order = np.lexsort(keys.T[::-1])
        nest = common_nest([numbers[order] for numbers in lists])
        if nest is not None:
            return order, *nest
    return None, *_largest_subset(lists)


def common_nest(lists: Sequence[Any]) -> tuple[Shape, list[Family]] | None:
    """One nest that gives all lists, and the family of each; None if there is none."""
    steps = [_step(numbers) for numbers in lists]
    if any(step is None for step in steps):
        return None
    starts = np.stack([numbers[:, 0] for numbers in lists], axis=1)
    nest = fold(starts)
    if nest is None:
        return None
    shape, strides = nest
    return shape, [
        (int(starts[0, k]), tuple(int(stride[k]) for stride in strides), int(step or 0))
        for k, step in enumerate(steps)
    ]


def _largest_subset(lists: Sequence[Any]) -> tuple[Shape, list[Any]]:
    """Families of as many lists as one nest gives, taken greedily; the other lists as they are."""
    subset: list[int] = []
    shape: Shape = (len(lists[0]),) if len(lists[0]) > 1 else ()
    families: list[Any] = list(lists)
    for k in range(len(lists)):
        nest = common_nest([lists[i] for i in [*subset, k]])
        if nest is not None:
            subset.append(k)
            shape = nest[0]
            for i, family in zip(subset, nest[1], strict=True):
                families[i] = family
    return shape, families


def _step(numbers: Any) -> int | None:
    """The distance between neighbouring terms; None where it is not the same everywhere."""
    if numbers.shape[1] < 2:
        return 0
    steps = np.diff(numbers, axis=1)
    return int(steps[0, 0]) if (steps == steps[0, 0]).all() else None


def fold(starts: Any) -> tuple[Shape, list[Any]] | None:
    """A nest whose members start at these places: its shape, and the strides of each counter.

    The list is cut where its differences first change. If all pieces are alike, their first
    members are a shorter list, which is folded in the same way.

    Arguments:
        starts: an integer array (members, lists).

    Returns: the counts, and for each counter an array with a stride for each list; None where the
        pieces differ.
    """
    count = len(starts)
    if count == 1:
        return (), []
    strides = np.diff(starts, axis=0)
    is_same = (strides == strides[0]).all(axis=1)
    if is_same.all():
        return (count,), [strides[0]]
    length = int(np.argmin(is_same)) + 1
    if count % length:
        return None
    pieces = starts.reshape(-1, length, starts.shape[1])
    expected = starts[::length, None] + strides[0] * np.arange(length)[:, None]
    if not (pieces == expected).all():
        return None
    outer = fold(starts[::length])
    if outer is None:
        return None
    return (*outer[0], length), [*outer[1], strides[0]]
