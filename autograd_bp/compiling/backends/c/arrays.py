"""Where the results of a row are kept: an array for each loop, so that a compiler sees that what a
loop writes is not what it reads. Loops that are repeated share an array.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autograd_bp.compiling.backends.c.names import identifier
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat


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

    Loops that are read in one list share an array, and so do neighbours of a single member, and
    all that an access of a repeated loop reaches in its steps.

    Arguments:
        loops: the program.
        pieces: its loops, with those that are repeated together.
    """

    def __init__(self, loops: Loops, pieces: Sequence[Repeat]) -> None:
        self.all = list(_arrays(loops, pieces))
        self._starts = [array.start for array in self.all]

    def of(self, slot: int) -> Array:
        """The array that a slot is in."""
        return self.all[bisect_right(self._starts, slot) - 1]


def _arrays(loops: Loops, pieces: Sequence[Repeat]) -> Iterator[Array]:
    writers = sorted((loop for loop in loops.loops if loop.space == "slot"), key=lambda x: x.base)
    joined = _joined(pieces, writers)
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


def _joined(pieces: Sequence[Repeat], writers: list[Loop]) -> list[bool]:
    """For each loop whether it shares the array of the one before."""
    starts = [loop.base for loop in writers]
    # At each loop, how many lists begin in the array before it less how many end there.
    change = [0] * (len(writers) + 1)
    for first, last in _reaches(pieces):
        change[bisect_right(starts, first)] += 1
        change[bisect_right(starts, last)] -= 1
    joined, inside = [], 0
    for k, loop in enumerate(writers):
        inside += change[k]
        single = k > 0 and loop.members == writers[k - 1].members == 1
        joined.append(inside > 0 or single)
    return joined


def _reaches(pieces: Sequence[Repeat]) -> Iterator[tuple[int, int]]:
    """The first and the last slot of all that has to be in one array."""
    for piece in pieces:
        for loop, (shift, *shifts) in zip(piece.body, piece.shifts, strict=True):
            if loop.space == "slot" and piece.count > 1:
                yield _moved(loop.base, loop.base, piece.count, shift)
            for k, access in enumerate(loop.reads):
                if access.space == "slot":
                    yield reach(access, loop.shape, loop.terms_of(k), piece.count, shifts[k])


def _moved(first: int, last: int, count: int, shift: int) -> tuple[int, int]:
    way = shift * (count - 1)
    return first + min(way, 0), last + max(way, 0)


def reach(
    access: Access, shape: Sequence[int], terms: int, count: int = 1, shift: int = 0
) -> tuple[int, int]:
    """The smallest and the largest place that is read, in `count` steps of this shift."""
    if access.table:
        return _moved(min(access.table), max(access.table), count, shift)
    shape, strides = (count, *shape), (shift, *access.strides)
    ends = [stride * (count - 1) for stride, count in zip(strides, shape, strict=True)]
    ends.append(access.step * (terms - 1))
    return access.base + sum(min(x, 0) for x in ends), access.base + sum(max(x, 0) for x in ends)
