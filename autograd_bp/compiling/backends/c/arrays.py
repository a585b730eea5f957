"""Where the results of a row are kept: an array for each loop, so that a compiler sees that what a
loop writes is not what it reads."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograd_bp.compiling.backends.c.names import identifier
from autograd_bp.compiling.loops.loops import Access, Loop, Loops


@dataclass(frozen=True)
class Array:
    """Slots that are kept together.

    Attributes:
        name: what the array is called.
        start, stop: its slots.
    """

    name: str
    start: int
    stop: int


class Arrays:
    """The arrays of a program.

    Loops that are read in one list share an array, and so do neighbours of a single member.
    """

    def __init__(self, loops: Loops) -> None:
        self.all = list(_arrays(loops))
        self._starts = [array.start for array in self.all]

    def of(self, slot: int) -> Array:
        """The array that a slot is in."""
        return self.all[bisect_right(self._starts, slot) - 1]


def _arrays(loops: Loops) -> Iterator[Array]:
    writers = sorted((loop for loop in loops.loops if loop.space == "slot"), key=lambda x: x.base)
    joined = _joined(loops, writers)
    numbers: Counter[str] = Counter()
    start = 0
    for k, loop in enumerate(writers, 1):
        if k < len(writers) and joined[k]:
            continue
        first = writers[start]
        name = "one" if first.members == 1 else "several"
        if start == k - 1:
            name = "copy" if first.op is None else identifier(first.op.name).rstrip("_")
        numbers[name] += 1
        yield Array(f"{name}_{numbers[name]}", first.base, loop.base + loop.members)
        start = k


def _joined(loops: Loops, writers: list[Loop]) -> list[bool]:
    """For each loop whether it shares the array of the one before."""
    starts = [loop.base for loop in writers]
    # At each loop, how many lists begin in the array before it less how many end there.
    change = [0] * (len(writers) + 1)
    for loop in loops.loops:
        for k, access in enumerate(loop.reads):
            if access.space == "slot":
                first, last = reach(access, loop.shape, loop.terms_of(k))
                change[bisect_right(starts, first)] += 1
                change[bisect_right(starts, last)] -= 1
    joined, inside = [], 0
    for k, loop in enumerate(writers):
        inside += change[k]
        single = k > 0 and loop.members == writers[k - 1].members == 1
        joined.append(inside > 0 or single)
    return joined


def reach(access: Access, shape: Sequence[int], terms: int) -> tuple[int, int]:
    """The smallest and the largest place that is read."""
    if access.table:
        return min(access.table), max(access.table)
    ends = [stride * (count - 1) for stride, count in zip(access.strides, shape, strict=True)]
    ends.append(access.step * (terms - 1))
    return access.base + sum(min(x, 0) for x in ends), access.base + sum(max(x, 0) for x in ends)
