"""Loops of compiled functions whose rounds depend on numbers: as many are computed as were ever
needed.

A compiled function starts with few rounds of such a loop. Where a row of data needs more, the
function itself runs on the numbers of that row and counts the rounds; then it is recorded again
with a quarter more at most, and half as many again at least, but no more than the limit of the
loop. Rounds of a row that is done leave its carry as it is.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from autograd_bp.errors import LoopMemoryError, SettingError
from autograd_bp.flow.common import kept_states

FIRST_LIMIT = 32  # rounds that are computed until more are needed
MIB_VARIABLE = "AUTOGRAD_BP_LOOP_MIB"
DEFAULT_MIB = 256
BYTES_OF_ROUND = 16 * 8  # for each number of the carry: rows are computed side by side


class MoreRoundsError(Exception):
    """A row of data needs more rounds than were recorded.

    Attributes:
        counts: for each loop how many the row needs.
        recorded: how many were recorded.
    """

    def __init__(self, counts: dict[Any, int], recorded: dict[Any, int]) -> None:
        super().__init__("a loop needs more rounds than were recorded")
        self.counts, self.recorded = counts, recorded


class Limits:
    """How many rounds of each loop of a compiled function are computed.

    Arguments:
        first: how many before a row was seen that needs more.
        shortens: whether loops with a limit begin with few rounds too.

    Attributes:
        rounds: by the code of the loop's body.
        limits: of the loops that have one.
    """

    def __init__(self, first: int = FIRST_LIMIT, *, shortens: bool = False) -> None:
        self.rounds: dict[Any, int] = {}
        self.limits: dict[Any, int] = {}
        self._first, self._shortens = first, shortens

    @property
    def may_grow(self) -> bool:
        """Whether a row of data may need another recording."""
        return any(n < self.limits.get(key, math.inf) for key, n in self.rounds.items())

    @property
    def has_endless(self) -> bool:
        """Whether a loop has no limit."""
        return not self.limits.keys() >= self.rounds.keys()

    def of(self, body: Any, limit: int | None = None) -> int:
        """The rounds of a loop, which may have a limit."""
        if limit is None:
            return self.rounds.setdefault(key_of(body), self._first)
        if not self._shortens or limit <= self._first:
            return limit
        key = key_of(body)
        self.limits[key] = max(limit, self.limits.get(key, 0))
        return min(limit, self.rounds.setdefault(key, self._first))

    def fit(self, counts: dict[Any, int]) -> None:
        """Takes over how many rounds a row needed, where that is more. Loops that go around as
        often whatever the numbers are have been counted too."""
        for key, count in counts.items():
            before = self.rounds.get(key, 0)
            if 0 < before < count:
                self.rounds[key] = rounded_up(max(count, before + before // 2))

    def grow(self, more: MoreRoundsError) -> None:
        """Takes over what a row needed. Where that is little more than there was, rounds grow by
        half, so that a function is not recorded again and again.

        Raises: LoopMemoryError where that is too much.
        """
        self.fit(more.counts)
        if self.rounds == more.recorded:  # rounding made the difference
            for key in more.recorded:
                self.rounds[key] *= 2
                if key not in self.limits:
                    require_room(self.rounds[key], 1)


def rounded_up(count: int) -> int:
    """The next number of rounds that has at most three binary digits before its zeros: at most a
    quarter more than is needed."""
    step = max(FIRST_LIMIT // 4, 1 << max((count - 1).bit_length() - 3, 0))
    return -(-count // step) * step


_limits: ContextVar[Limits | None] = ContextVar("limits", default=None)
_all_rounds: ContextVar[bool] = ContextVar("all_rounds", default=False)
_counts: ContextVar[dict[Any, int] | None] = ContextVar("counts", default=None)
_most: ContextVar[float] = ContextVar("most", default=math.inf)


@contextmanager
def growing(limits: Limits) -> Iterator[None]:
    """Around a function that is recorded, and can be recorded again with other limits."""
    token = _limits.set(limits)
    try:
        yield
    finally:
        _limits.reset(token)


@contextmanager
def all_rounds() -> Iterator[None]:
    """Around a function that is recorded, and cannot be recorded again: loops with a limit have as
    many rounds."""
    token = _all_rounds.set(True)
    try:
        yield
    finally:
        _all_rounds.reset(token)


@contextmanager
def counting(most: float = math.inf) -> Iterator[dict[Any, int]]:
    """Around a function that runs on plain numbers: the most rounds of each of its loops.

    Raises: MoreRoundsError where a loop has more than `most`.
    """
    counts: dict[Any, int] = {}
    tokens = _counts.set(counts), _most.set(most)
    try:
        yield counts
    finally:
        _counts.reset(tokens[0])
        _most.reset(tokens[1])


def limit_for(body: Any, limit: int | None) -> int | None:
    """How many rounds of a loop are recorded; None where it has no limit, and that cannot grow.

    Raises: LoopMemoryError where all rounds of a limit are too many.
    """
    limits = _limits.get()
    if limits is None or (limit is not None and _all_rounds.get()):
        if limit is not None:
            require_room(limit, 1)
        return limit
    return limits.of(body, limit)


def counter_of(
    body: Any, numbers: int, checkpoint: bool | int | None, limit: int | None
) -> Callable[[int], None] | None:
    """The object that notes the rounds of a loop, where they are counted.

    Arguments:
        body: the body of the loop.
        numbers: how many the carry has.
        checkpoint: see `kept_states`.
        limit: the most rounds that there may be; where there is none, or one for which there is no
            memory, the memory is the limit.
    """
    counts = _counts.get()
    if counts is None:
        return None
    key, most = key_of(body), _most.get()

    def note(rounds: int) -> None:
        counts[key] = max(counts.get(key, 0), rounds)
        if rounds > most:
            raise MoreRoundsError(counts, {})
        if limit is not None and has_room(limit, numbers):
            return
        kept = kept_states(rounds, checkpoint)
        require_room(rounds, numbers, kept + rounds // kept if kept else rounds)

    return note


def require_room(rounds: int, numbers: int, states: int | None = None) -> None:
    """Raises LoopMemoryError where so many rounds take too much memory.

    Arguments:
        rounds: how many.
        numbers: how many the carry has.
        states: how many carries are kept; all of them when left out.
    """
    if not has_room(rounds if states is None else states, numbers):
        raise LoopMemoryError(
            f"a loop is at {rounds:,} rounds and carries {numbers} numbers, which "
            f"needs more than {most_bytes() >> 20} MiB to be differentiated: look why it does not "
            f"end, give it a smaller limit= or checkpoint=True, or set {MIB_VARIABLE} to more"
        )


def has_room(states: int, numbers: int) -> bool:
    """Whether so many carries, of so many numbers each, may be kept."""
    return states * (numbers + 1) * BYTES_OF_ROUND <= most_bytes()


def most_bytes() -> int:
    """How much the rounds of a loop may take.

    Raises: SettingError where the variable is no number of MiB.
    """
    text = os.environ.get(MIB_VARIABLE, "")
    if not text:
        return DEFAULT_MIB << 20
    try:
        return int(float(text) * 2**20)
    except ValueError:
        raise SettingError(f"{MIB_VARIABLE} is a number of MiB, got {text!r:.60}") from None


def key_of(body: Any) -> Any:
    """A key for a loop that stays the same when its function runs again."""
    function = getattr(body, "func", body)  # of a partial
    return getattr(function, "__code__", None) or type(function)
