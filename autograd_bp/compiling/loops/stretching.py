"""Stretching: the loops of a recurrence of many steps, seen from a few.

Loops are made of a recurrence (passes, `roll`, derivatives of any order) by going through all of
its instructions, although the steps are alike. So the same is done with `n` steps, `n + 1` and
`n + 2`, for a small n, and what comes out is compared: the same repeats in the same order, in which
every number (where a loop reads and writes, how many members and terms it has, how often it runs)
grows by the same amount from each to the next. Then it is known for any number of steps.

A table of places that grows does so in one axis and at one place: a block is put in for each step,
as the blocks beside it are. A block that does not fit any of this is not stretched, and the caller
goes through all of the steps.

The loops that come out are those of the recurrence, not an approximation: what they compute may
differ in the last digits from what going through all steps would give, because long sums are added
up in another order there.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.constants import with_constants
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, Repeat, RepeatedLoops
from autograd_bp.compiling.loops.ordering import in_runs
from autograd_bp.compiling.loops.outputs import Outputs, runs_of
from autograd_bp.compiling.loops.sequences import repeated
from autograd_bp.compiling.program.steps import Steps, UnevenError

__all__ = ["stretched"]

FEWEST = (4, 6)  # steps to begin with; the second where what is seen in four is no pattern yet
COMPARED = 3  # numbers of steps
LONGEST_BODY = 1000  # loops of one step
WORTH = 4  # times as many steps as are gone through


class _NoPatternError(Exception):
    """Loops that do not grow regularly."""


def stretched(
    steps: Steps, made: Callable[[int], Loops], needs_more: Callable[[], bool] = lambda: False
) -> Loops | None:
    """The loops of a recurrence; None where they are not seen from a few steps.

    Arguments:
        steps: the recurrence.
        made: makes the loops for so many steps.
        needs_more: whether the fewest steps are known to be no pattern.
    """
    of_steps = cache(made)
    for fewest in FEWEST[1:] if steps.count >= WORTH * FEWEST[1] and needs_more() else FEWEST:
        n = fewest + 2 * max(steps.reach - 1, 0)
        if (n + 1) * WORTH > steps.count:
            return None
        try:
            _require_alike(of_steps(n), of_steps(n + 1))
            loops = _Growth([of_steps(n + k) for k in range(COMPARED)], n, steps.count).loops(steps)
            return with_constants(loops, steps.streamed)
        except _NoPatternError:
            continue
        except UnevenError:
            return None
    return None


def _require_alike(some: Loops, more: Loops) -> None:
    """Raises _NoPatternError where loops differ in what may not change with the number of steps:
    then those of another number need not be made."""
    if _Outline.of(_repeats(some)).kinds != _Outline.of(_repeats(more)).kinds:
        raise _NoPatternError


@dataclass(frozen=True)
class _Outline:
    """Loops as what may not change with the number of steps, and the numbers that may.

    Attributes:
        kinds: what may not change.
        numbers: what may.
        tables: the tables of places, over the counters and the terms.
    """

    kinds: list[Any]
    numbers: list[int]
    tables: list[Any]

    @classmethod
    def of(cls, repeats: Sequence[Repeat]) -> _Outline:
        outline = cls([], [], [])
        for repeat in repeats:
            outline.kinds.append(len(repeat.body))
            outline.numbers.append(repeat.count)
            for loop, shifts in zip(repeat.body, repeat.shifts, strict=True):
                outline._add(loop, shifts)
        return outline

    def _add(self, loop: Loop, shifts: Sequence[int]) -> None:
        spaces = tuple([(a.space, len(a.strides), a.affine) for a in loop.reads])
        self.kinds.append((loop.op, len(loop.shape), loop.space, spaces))
        self.numbers.extend([*loop.shape, loop.terms, loop.base, *shifts])
        for k, access in enumerate(loop.reads):
            self.numbers.extend([access.base, *access.strides, access.step])
            if not access.affine:
                table = np.frombuffer(access.table, np.int64)
                self.tables.append(table.reshape(*loop.shape, loop.terms_of(k)))


class _Growth:
    """How loops grow with the number of steps.

    Arguments:
        made: the loops for n steps, one more and two more.
        n: the first number of steps.
        count: for how many steps loops are wanted.
    """

    def __init__(self, made: Sequence[Loops], n: int, count: int) -> None:
        self._made, self._n, self._more = made, n, count - n

    def loops(self, steps: Steps) -> Loops:
        first = self._made[0]
        if any(loops.constants != first.constants for loops in self._made):
            raise _NoPatternError
        names = list(first.sizes)
        sizes = self._grown([np.array([loops.sizes[s] for s in names]) for loops in self._made])
        found = [_repeats(loops) for loops in self._made]
        outlines = [_Outline.of(repeats) for repeats in found]
        if any(outline.kinds != outlines[0].kinds for outline in outlines):
            raise _NoPatternError
        numbers = self._grown([np.array(outline.numbers, np.int64) for outline in outlines])
        tables = [
            self._grown_table(list(some))
            for some in zip(*[outline.tables for outline in outlines], strict=True)
        ]
        repeats = _Reader(numbers.tolist(), tables).repeats(found[0])
        program = steps.program
        return Loops(
            program.parameters,
            program.inputs,
            first.constants,
            in_runs(RepeatedLoops(tuple(repeats))),
            dict(zip(names, sizes.tolist(), strict=True)),
            self._outputs(),
        )

    def _outputs(self) -> Outputs:
        """Where the outputs are: their number may grow too."""
        spaces = list(self._made[0].sizes)
        codes = {space: k for k, space in enumerate(spaces)}
        lists = []
        for loops in self._made:
            runs = runs_of(loops.outputs, range(len(loops.outputs)))
            of_spaces = [np.full(len(places), codes[space], np.int64) for space, places in runs]
            places = [places for _, places in runs]
            lists.append(
                np.stack([np.concatenate(of_spaces), np.concatenate(places)])
                if runs
                else np.zeros((2, 0), np.int64)
            )
        of_each, where = self._grown_table(lists)
        cuts = np.flatnonzero(np.diff(of_each)) + 1
        starts = [0, *cuts.tolist()] if len(where) else []
        parts = np.split(where, cuts)
        return Outputs([(spaces[of_each[k]], part) for k, part in zip(starts, parts, strict=False)])

    # --------------------------------------------------------------------------------- growth
    def _grown(self, numbers: Sequence[Any]) -> Any:
        """Numbers that grow by the same amounts from each to the next."""
        a, b, c = numbers
        if a.shape != b.shape or a.shape != c.shape or (b - a != c - b).any():
            raise _NoPatternError
        return a + self._more * (b - a)

    def _grown_table(self, tables: Sequence[Any]) -> Any:
        """A table, which may get longer in one axis."""
        shapes = [table.shape for table in tables]
        if len({len(shape) for shape in shapes}) > 1:
            raise _NoPatternError
        longer = [d for d in range(len(shapes[0])) if len({shape[d] for shape in shapes}) > 1]
        if not longer:
            return self._grown(tables)
        if len(longer) > 1:
            raise _NoPatternError
        axis = longer[0]
        turned = [np.moveaxis(table, axis, -1) for table in tables]
        return np.moveaxis(self._longer(*turned), -1, axis)

    def _longer(self, a: Any, b: Any, c: Any) -> Any:
        """The same in the last axis.

        The entries before a place, and those from there on counted from the end, grow by the same
        amounts. Between them there is one block more for each step: block k of a table of n steps
        is u + k·v + n·w.
        """
        length = a.shape[-1]
        block = b.shape[-1] - length
        if block <= 0 or c.shape[-1] - b.shape[-1] != block or length < 2 * block:
            raise _NoPatternError
        front = _agreeing(a, b[..., :length], c[..., :length])
        back = _agreeing(*[table[..., -length:][..., ::-1] for table in (a, b, c)])
        low, high = max(length - back, block), min(front, length - block)
        if low > high:
            raise _NoPatternError
        at = (low + high) // 2
        one, same = b[..., at : at + block], c[..., at : at + block]
        w, v = same - one, c[..., at + block : at + 2 * block] - same
        u = one - v - (self._n + 1) * w
        for k, table in enumerate((a, b, c)):
            before, after = table[..., at - block : at], table[..., at + k * block :][..., :block]
            base = u + (self._n + k) * w
            if (before != base).any() or (after != base + (k + 1) * v).any():
                raise _NoPatternError
        steps = np.arange(1, self._more + 1)
        many = (u + (self._n + self._more) * w)[..., None, :] + steps[:, None] * v[..., None, :]
        first = a[..., :at] + self._more * (b[..., :at] - a[..., :at])
        end = length - at
        last = a[..., at:] + self._more * (b[..., -end:] - a[..., -end:])
        return np.concatenate([first, many.reshape(*a.shape[:-1], -1), last], axis=-1)


def _agreeing(a: Any, b: Any, c: Any) -> int:
    """How many entries from the first on grow by the same amounts."""
    differs = (b - a != c - b).reshape(-1, a.shape[-1]).any(axis=0)
    breaks = np.flatnonzero(differs)
    return int(breaks[0]) if len(breaks) else a.shape[-1]


def _repeats(loops: Loops) -> list[Repeat]:
    """The loops as repeats; no repeat has loops that rows share and others."""
    shared = sum(loop.space == "shared" for loop in loops.loops)
    parts = (loops.loops[:shared], loops.loops[shared:])
    return [repeat for part in parts for repeat in repeated(part, LONGEST_BODY)]


def _is_shared(one: Repeat, other: Repeat) -> bool:
    """Whether both compute what rows share, or neither does."""
    return (one.body[0].space == "shared") == (other.body[0].space == "shared")


class _Reader:
    """Makes repeats of the numbers and the tables of an outline.

    Arguments:
        numbers, tables: as in `_Outline`.
    """

    def __init__(self, numbers: list[int], tables: list[Any]) -> None:
        self._numbers, self._tables = iter(numbers), iter(tables)

    def repeats(self, models: Sequence[Repeat]) -> list[Repeat]:
        made: list[Repeat] = []
        for model in models:
            repeat = self._repeat(model)
            if made and repeat.count == made[-1].count == 1 and _is_shared(made[-1], repeat):
                before = made.pop()
                repeat = Repeat(1, before.body + repeat.body, before.shifts + repeat.shifts)
            made.append(repeat)
        return made

    def _some(self, count: int) -> tuple[int, ...]:
        return tuple([next(self._numbers) for _ in range(count)])

    def _repeat(self, model: Repeat) -> Repeat:
        (count,) = self._some(1)
        pairs = [self._loop(loop) for loop in model.body]
        return Repeat(count, tuple([p[0] for p in pairs]), tuple([p[1] for p in pairs]))

    def _loop(self, model: Loop) -> tuple[Loop, tuple[int, ...]]:
        shape = self._some(len(model.shape))
        terms, base = self._some(2)
        shifts = self._some(1 + len(model.reads))
        reads = tuple([self._access(access) for access in model.reads])
        return Loop(model.op, shape, terms, reads, model.space, base), shifts

    def _access(self, model: Access) -> Access:
        (base,), strides, (step,) = self._some(1), self._some(len(model.strides)), self._some(1)
        if model.affine:
            return Access(model.space, base, strides, step)
        table = np.ascontiguousarray(next(self._tables), np.int64)
        return Access(model.space, base, strides, step, array("q", table.tobytes()))
