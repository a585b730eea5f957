"""One place for the states of a recurrence of which only the last is read.

The steps of a recurrence leave a body of loops that runs many times, and each time writes a state
to places of its own. A gradient reads all of them. A value reads the one before and, at the end,
the last: there each step may write over the state that it has read, as code does that is written
by hand, and the state stays in the cache.

A loop that does so is the one exception from "no place is written twice". Its members may not be
computed twice, and it writes where others have read before: see `is_over_itself`.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops, ends

__all__ = ["is_over_itself", "may_run_twice", "with_one_state"]

SPACES = ("shared", "slot")
MAX_LOOPS = 300  # that are looked at: each is compared with all others


def is_over_itself(loop: Loop) -> bool:
    """Whether a loop reads places that it writes."""
    first, last = loop.base, loop.base + loop.members - 1
    return any(
        low <= last and high >= first
        for low, high in (
            ends(loop, read) for read in loop.reads if read.space == loop.space and read.affine
        )
    )


def may_run_twice(loop: Loop) -> bool:
    """Whether members may be computed twice, to the same numbers."""
    return loop.space != "sum" and not is_over_itself(loop)


def with_one_state(loops: Loops) -> Loops:
    """The loops, in which states of which only the last is read after the steps have one place.

    Arguments:
        loops: the loops; only those that are kept as repeats are looked at.
    """
    if not isinstance(loops.loops, RepeatedLoops):
        return loops
    repeats = loops.loops.repeats
    if sum([len(repeat.body) for repeat in repeats]) > MAX_LOOPS:
        return loops
    states = _States(repeats)
    if not states.any_changed:
        return loops
    return _without_gaps(replace(loops, loops=RepeatedLoops(states.rewritten())))


def _without_gaps(loops: Loops) -> Loops:
    """The loops without the places between those that they use."""
    assert isinstance(loops.loops, RepeatedLoops)
    parts: dict[str, list[tuple[int, int]]] = {space: [] for space in SPACES}
    for repeat in loops.loops.repeats:
        for loop, shifts in zip(repeat.body, repeat.shifts, strict=True):
            far = repeat.count - 1
            own = loop.space, loop.base, loop.base + loop.members - 1
            reads = [(read.space, *ends(loop, read)) for read in loop.reads]
            for (space, low, high), shift in zip((own, *reads), shifts, strict=True):
                if space in parts:
                    parts[space].append((low + min(far * shift, 0), high + max(far * shift, 0)))
    moves = {space: _moves(some) for space, some in parts.items()}
    repeats = tuple([
        replace(repeat, body=tuple([_moved(loop, moves) for loop in repeat.body]))
        for repeat in loops.loops.repeats
    ])  # fmt: skip
    sizes = {**loops.sizes, **{space: size for space, (_, _, size) in moves.items()}}
    return replace(loops, loops=RepeatedLoops(repeats), sizes=sizes)


def _moves(parts: Sequence[tuple[int, int]]) -> tuple[Any, Any, int]:
    """Of runs of places without a gap where each begins and how far it moves, and how many places
    there are in all."""
    bounds = np.array(sorted(parts), np.int64).reshape(-1, 2)
    reached = np.maximum.accumulate(bounds[:, 1])
    begins = np.append(True, bounds[1:, 0] > reached[:-1])[: len(bounds)]
    starts = bounds[begins, 0]
    lengths = reached[np.append(begins[1:], True)[: len(bounds)]] + 1 - starts
    size = int(lengths.sum())
    return starts, starts - (np.cumsum(lengths) - lengths), size


def _moved(loop: Loop, moves: dict[str, tuple[Any, Any, int]]) -> Loop:
    def gap(space: str, place: int) -> int:
        if space not in moves:
            return 0
        starts, gaps, _ = moves[space]
        return int(gaps[np.searchsorted(starts, place, "right") - 1])

    reads = [
        _earlier(read, gap(read.space, read.base if read.affine else read.table[0]))
        for read in loop.reads
    ]
    return replace(loop, base=loop.base - gap(loop.space, loop.base), reads=tuple(reads))


@dataclass(eq=False)
class _Line:
    """A loop of a body.

    Attributes:
        repeat, number: of which repeat, and which of its loops.
        count: how often that runs.
        loop, shifts: see `Repeat`.
        ends: of each operand the first and the last place that it reads the first time.
        is_over: whether it writes over the state that the same step has read.
    """

    repeat: int
    number: int
    count: int
    loop: Loop
    shifts: list[int]
    ends: list[tuple[int, int]]
    is_over: bool = False

    @property
    def first(self) -> int:
        return self.loop.base

    @property
    def last(self) -> int:
        return self.loop.base + self.loop.members - 1


@dataclass(frozen=True)
class _Touch:
    """An operand that reads a state, and how many places earlier it is to read."""

    line: _Line
    operand: int
    earlier: int


class _States:
    """The loops of all repeats, some of whose states get one place."""

    def __init__(self, repeats: Sequence[Repeat]) -> None:
        self._repeats = repeats
        self._lines = [
            _Line(place, number, repeat.count, loop, [*shifts], _ends(loop))
            for place, repeat in enumerate(repeats)
            for number, (loop, shifts) in enumerate(zip(repeat.body, repeat.shifts, strict=True))
        ]
        self.any_changed = False
        for line in self._candidates():
            touches = self._touches(line)
            if touches is not None:
                self._keep_in_place(line, touches)
                self.any_changed = True

    def _candidates(self) -> list[_Line]:
        """The loops that write states of which later repeats read the last at most."""
        lines = [
            line
            for line in self._lines
            if line.count > 1 and line.shifts[0] > 0 and line.loop.space in SPACES
        ]
        reads = [
            (SPACES.index(read.space), line.repeat, low, high, (line.count - 1) * shift)
            for line in self._lines
            for read, shift, (low, high) in zip(
                line.loop.reads, line.shifts[1:], line.ends, strict=True
            )
            if read.space in SPACES
        ]
        if not lines or not reads:
            return lines
        space, repeat, low, high, reach = np.array(reads, np.int64).T
        own = np.array(
            [
                (SPACES.index(x.loop.space), x.repeat, x.first, x.last, x.shifts[0], x.count)
                for x in lines
            ],
            np.int64,
        )
        own_space, own_repeat, first, last, move, count = own.T[:, :, None]
        # Which states each operand meets, if none of its times is left out.
        earliest = np.maximum(-((last - low - np.minimum(reach, 0)) // move), -1)
        latest = np.minimum((high + np.maximum(reach, 0) - first) // move, count - 1)
        is_last = (earliest == count - 1) & (latest == count - 1) & (reach == 0)
        meets = (space == own_space) & (repeat > own_repeat) & (earliest <= latest)
        is_bad = (meets & ~is_last).any(axis=1)
        return [line for line, bad in zip(lines, is_bad.tolist(), strict=True) if not bad]

    def rewritten(self) -> tuple[Repeat, ...]:
        """The repeats with these loops."""
        bodies: list[list[_Line]] = [[] for _ in self._repeats]
        for line in self._lines:
            bodies[line.repeat].append(line)
        return tuple([
            Repeat(
                repeat.count,
                tuple([line.loop for line in body]),
                tuple([tuple(line.shifts) for line in body]),
                frozenset([line.number for line in body if line.is_over]),
            )
            for repeat, body in zip(self._repeats, bodies, strict=True)
        ])  # fmt: skip

    def _touches(self, line: _Line) -> list[_Touch] | None:
        """Who reads the states that a loop writes; None where they cannot have one place, and
        where no step reads the one before."""
        move, first, last = line.shifts[0], line.first, line.last
        before = first - move, last - move  # the state of the step before, in the first step
        if before[0] < 0 or self._others_write(line, before):
            return None
        touches, reads_before = [], False
        for other, k, low, high in self._reads(line.loop.space):
            if other.repeat < line.repeat:
                continue
            if other.repeat > line.repeat:
                earlier = _of_last_state(line, other, k, (low, high))
            else:
                earlier = _of_same_body(line, other, k, (low, high))
                reads_before |= earlier == 0
            if earlier is None:
                return None
            if earlier >= 0:
                touches.append(_Touch(other, k, earlier))
        return touches if reads_before else None

    def _reads(self, space: str) -> Iterator[tuple[_Line, int, int, int]]:
        """All operands in a space, each with the first and the last place that it reads."""
        for line in self._lines:
            for k, (read, (low, high)) in enumerate(zip(line.loop.reads, line.ends, strict=True)):
                if read.space == space:
                    yield line, k, low, high

    def _others_write(self, line: _Line, places: tuple[int, int]) -> bool:
        """Whether a loop of the same body, or one that runs later, writes to some places."""
        return any(
            other is not line
            and other.repeat >= line.repeat
            and other.loop.space == line.loop.space
            and _meets(other.first, other.last, other.shifts[0], other.count, places)
            for other in self._lines
        )

    @staticmethod
    def _keep_in_place(line: _Line, touches: Sequence[_Touch]) -> None:
        line.loop = replace(line.loop, base=line.loop.base - line.shifts[0])
        line.shifts[0], line.is_over = 0, True
        for touch in touches:
            reads = [*touch.line.loop.reads]
            reads[touch.operand] = _earlier(reads[touch.operand], touch.earlier)
            touch.line.loop = replace(touch.line.loop, reads=tuple(reads))
            touch.line.shifts[1 + touch.operand] = 0
            touch.line.ends = _ends(touch.line.loop)


def _ends(loop: Loop) -> list[tuple[int, int]]:
    return [ends(loop, read) if read.space in SPACES else (0, 0) for read in loop.reads]


# What an operand reads of the states of a loop: by how many places it is to read earlier when they
# have one place; NOTHING where it reads none of them, None where it reads others than it may.
NOTHING = -1


def _of_last_state(line: _Line, other: _Line, k: int, places: tuple[int, int]) -> int | None:
    """For an operand of a loop that runs after all steps."""
    move, (low, high) = line.shifts[0], places
    shift = other.shifts[1 + k] if other.count > 1 else 0
    reach = shift * (other.count - 1)
    low, high = low + min(reach, 0), high + max(reach, 0)
    if not _meets(line.first - move, line.last - move, move, line.count + 1, (low, high)):
        return NOTHING
    far = (line.count - 1) * move
    if shift or low < line.first + far or high > line.last + far:
        return None
    return far + move


def _of_same_body(line: _Line, other: _Line, k: int, places: tuple[int, int]) -> int | None:
    """For an operand of a loop that runs in the same step."""
    move, (low, high) = line.shifts[0], places
    shift = other.shifts[1 + k]
    if shift != move:
        reach = shift * (other.count - 1)
        box = low + min(reach, 0), high + max(reach, 0)
        meets = _meets(line.first - move, line.last - move, move, line.count + 1, box)
        return None if meets else NOTHING
    # By how many steps the states that it meets are later than its own.
    steps = sorted(((low - line.last) / move, (high - line.first) / move))
    from_, to = int(np.ceil(steps[0])), int(np.floor(steps[1]))
    if from_ > to:
        return NOTHING
    if (from_, to) == (0, 0) and line.first <= low and high <= line.last:
        return move if other.number > line.number else None
    if (from_, to) != (-1, -1) or low < line.first - move or high > line.last - move:
        return None
    if other.number < line.number or (other is line and _is_own_place(line, k)):
        return 0
    return None


def _is_own_place(line: _Line, k: int) -> bool:
    """Whether each member reads by operand k the one place that it would write a step before."""
    loop, access = line.loop, line.loop.reads[k]
    if not access.affine or loop.terms_of(k) != 1 or access.base != loop.base - line.shifts[0]:
        return False
    size = 1
    for count, stride in zip(loop.shape[::-1], access.strides[::-1], strict=True):
        if count > 1 and stride != size:
            return False
        size *= count
    return True


def _meets(low: int, high: int, shift: int, count: int, places: tuple[int, int]) -> bool:
    """Whether what moves by a shift, so many times, meets some places at one of these times."""
    first, last = places
    if shift == 0 or count == 1:
        return low <= last and high >= first
    if shift < 0:
        low, high, shift, first, last = -high, -low, -shift, -last, -first
    earliest = max(0, -((high - first) // shift))  # ceil((first - high) / shift)
    return earliest <= min(count - 1, (last - low) // shift)


def _earlier(access: Access, by: int) -> Access:
    if by == 0:
        return access
    if access.affine:
        return replace(access, base=access.base - by)
    table: Any = np.frombuffer(access.table, np.int64) - by
    return replace(access, table=array("q", table.tobytes()))
