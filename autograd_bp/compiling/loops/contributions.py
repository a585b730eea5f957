"""What a loop passes back to the places that it read, and the same seen from these places.

Where all is affine, a contribution is transposed by its strides: the counters that move the place
that is reached number the members of the sum, the others its terms. See sums.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.places import Places, Shape

__all__ = ["Cell", "Contribution", "chosen_of", "is_by_member", "transposed"]


@dataclass
class Contribution:
    """Places that are reached, and the factors of what each gets; `right` is None for 1. Whether a
    0 surely says that nothing is passed, see `Operand`."""

    reached: Places
    left: Places
    right: Places | None
    sure: bool


@dataclass
class Cell:
    """Members that affine contributions reach, all of them the same ones.

    Attributes:
        base, shape, strides: the members, by increasing strides from the last.
        parts: the factors of each contribution over (*shape, terms).
        sure: whether a 0 of the first part surely says that nothing is passed.
    """

    base: int
    shape: Shape
    strides: Shape
    parts: list[tuple[Places, Places | None]]
    sure: bool

    @property
    def is_sure(self) -> bool:
        """The same of the sum of all parts: it is if there is one, of one term."""
        return self.sure and len(self.parts) == 1 and self.parts[0][0].shape == self.shape


def is_by_member(contribution: Contribution) -> bool:
    """Whether each place is reached once, by factors of its own."""
    reached = contribution.reached
    if reached.table is not None:
        return False
    moving, still = _moving_and_still(reached)
    if still or not moving:
        return False
    shape = tuple([reached.shape[k] for k in moving])
    if not _reach_each_once(shape, tuple([abs(reached.strides[k]) for k in moving])):
        return False
    factors = [x for x in (contribution.left, contribution.right) if x is not None]
    return all(x.table is not None or all(x.strides[k] for k in moving) for x in factors)


def transposed(contribution: Contribution) -> Cell | None:
    """The contribution seen from what it reaches; None where it is not affine, or reaches a
    member by ways that are no counter of their own."""
    reached, left, right = contribution.reached, contribution.left, contribution.right
    if reached.table is not None:
        return None
    counts, steps = reached.shape, reached.strides
    moving, still = _moving_and_still(reached)
    shape = tuple([counts[k] for k in moving])
    strides = tuple([abs(steps[k]) for k in moving])
    if not _reach_each_once(shape, strides):
        return None
    backwards = [k for k in moving if steps[k] < 0]
    base = reached.base + sum(steps[k] * (counts[k] - 1) for k in backwards)
    factors = [left] if right is None else [left, right]
    turned = [_turned(factor, counts, moving, still, backwards) for factor in factors]
    parts = _with_one_counter_for_terms(turned, len(shape))
    part = parts[0], None if right is None else parts[1]
    return Cell(base, shape, strides, [part], contribution.sure)


def _moving_and_still(reached: Places) -> tuple[list[int], list[int]]:
    """The counters that move the place, by falling strides, and those that do not."""
    axes = [k for k, n in enumerate(reached.shape) if n != 1]
    moving = [k for k in axes if reached.strides[k]]
    moving.sort(key=lambda k: -abs(reached.strides[k]))
    return moving, [k for k in axes if not reached.strides[k]]


def _reach_each_once(shape: Shape, strides: Shape) -> bool:
    """Whether no two combinations of the counters, by falling strides, give the same place."""
    reach = 0
    for n, stride in zip(reversed(shape), reversed(strides), strict=True):
        if stride <= reach:
            return False
        reach += stride * (n - 1)
    return True


def _turned(
    factor: Places, shape: Shape, moving: list[int], still: list[int], backwards: list[int]
) -> Places:
    """A factor with its counters in another order, some of them running backwards."""
    order = [*moving, *still]
    counts = tuple(shape[k] for k in order)
    if factor.table is not None:
        back = slice(None, None, -1)
        table = factor.table.reshape(shape)
        table = table[tuple(back if k in backwards else slice(None) for k in range(len(shape)))]
        rest = [k for k in range(len(shape)) if k not in order]
        return Places(factor.space, counts, table=table.transpose(*order, *rest).ravel())
    base = factor.base + sum(factor.strides[k] * (shape[k] - 1) for k in backwards)
    strides = tuple(-factor.strides[k] if k in backwards else factor.strides[k] for k in order)
    return Places(factor.space, counts, base, strides)


def _with_one_counter_for_terms(factors: Sequence[Places], members: int) -> list[Places]:
    """The factors with all counters behind those of the members as a single one."""
    shape = factors[0].shape
    if len(shape) <= members + 1:
        return [*factors]
    n = _count(shape[members:])
    return [factor.shaped((*shape[:members], n)) for factor in factors]


def chosen_of(contribution: Contribution, members: Any) -> Contribution:
    right = contribution.right
    return Contribution(
        contribution.reached.chosen(members),
        contribution.left.chosen(members),
        None if right is None else right.chosen(members),
        contribution.sure,
    )


def _count(shape: Shape) -> int:
    return int(np.prod(shape, dtype=np.int64))
