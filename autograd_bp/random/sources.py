"""Finds the source of random numbers: a row in training, the recording of a program, or nobody.

Where nobody is, a number is its mean: networks are judged and used without chance.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from hashlib import sha256
from operator import index
from typing import Any, NamedTuple, Protocol

from autograd_bp.errors import FrozenNumberError, SettingError
from autograd_bp.flow.checks import is_in_branch
from autograd_bp.random import philox
from autograd_bp.value import Value, constant

__all__ = [
    "Draw",
    "RecordedNumbers",
    "Replayed",
    "RowNumbers",
    "asked",
    "draw",
    "frozen",
    "is_drawn",
    "note_mean",
    "noting_means",
    "refused",
    "source_of_rows",
    "table",
    "whole",
]

MAX_SEED = 1 << 64
LOOKS = 2  # after the first rows; what these do not keep, later ones rarely do


class Draw(NamedTuple):
    """A number that a row draws.

    Attributes:
        kind: "uniform", from 0 to 1; "normal", with mean 0 and deviation 1; "bernoulli", 1 or 0.
        share: the probability of 1, of the last.
    """

    kind: str
    share: float = 0.5

    @property
    def mean(self) -> float:
        """The number where nothing is drawn."""
        return 0.0 if self.kind == "normal" else self.share


class Source(Protocol):
    """Something that has random numbers."""

    def number(self, draw: Draw) -> Value:
        """The next one."""


class RowNumbers:
    """The random numbers of rows, one row after another.

    Arguments:
        seed: a whole number, 0 or more.
        look: called with the numbers of a row before the next one begins, twice.

    Attributes:
        seed: as given.
        epoch, row: whose numbers come next.
    """

    def __init__(self, seed: int, look: Callable[[list[Value]], None] | None = None) -> None:
        self._look, self._looks = look, 0
        self._drawn: list[Value] = []
        self.seed, self.epoch, self.row = seed, 0, 0
        self._key, self._place = key_of(seed, 0), 0
        self._block: Sequence[int] = ()

    def begin(self, epoch: int, row: int) -> None:
        """From now on the numbers are those of a row, from its first one."""
        if self._look is not None and (self._drawn or self._looks):
            self._look(self._drawn)
            self._drawn, self._looks = [], self._looks + 1
            if self._looks == LOOKS:
                self._look = None
        self.epoch, self.row = epoch, row
        self._key, self._place = (self._key[0], epoch), 0

    def number(self, draw: Draw) -> Value:
        block, lane = divmod(self._place, philox.LANES)
        if not lane:
            self._block = philox.raw(self._key, self.row, block)
        self._place += 1
        number = constant(_number(draw, self._block[lane]))
        if self._look is not None:
            self._drawn.append(number)
        return number


class RecordedNumbers:
    """The random numbers of a module that is recorded: each is an input of the program.

    Attributes:
        draws: what is drawn, in the order of the code.
        leaves: the inputs, one for each.
    """

    def __init__(self) -> None:
        self.draws: list[Draw] = []
        self.leaves: list[Value] = []
        self._place = 0

    def again(self, place: int = 0) -> None:
        """The code runs again from the number with this place on, and gets the same inputs."""
        self._place = place

    def number(self, draw: Draw) -> Value:
        if is_in_branch():
            raise FrozenNumberError(
                "a random number is drawn inside a branch of cond, or in a round that only some "
                "rows make, in a module that is compiled: all rows draw the same numbers there; "
                "draw before, with size= for several, and use the numbers inside"
            )
        if self._place == len(self.draws):
            self.draws.append(draw)
            self.leaves.append(Value(draw.mean, f"random{len(self.draws)}"))
        elif self.draws[self._place] != draw:
            raise FrozenNumberError(
                f"random number {self._place + 1} of a row is {self.draws[self._place]} and then "
                f"{draw} when the module is recorded again: a compiled module draws the same kinds "
                "of numbers for every row, in the same order"
            )
        leaf = self.leaves[self._place]
        self._place += 1
        return leaf


class Replayed:
    """Numbers that were drawn before."""

    def __init__(self, numbers: Sequence[Any]) -> None:
        self._numbers = iter(numbers)

    def number(self, draw: Draw) -> Any:
        return next(self._numbers)


class Refused:
    """Nobody, in a function that is compiled while numbers are drawn."""

    def __init__(self, name: str) -> None:
        self._name = name

    def number(self, draw: Draw) -> Value:
        raise frozen(self._name)


def frozen(name: str) -> FrozenNumberError:
    """The error for a function that draws numbers and is compiled by itself."""
    return FrozenNumberError(
        f"{name} draws numbers of bp.random, and it is compiled by itself: each call and each row "
        "would have the same; compile the module that draws, whose programs take such numbers as "
        "inputs, or pass numbers as an argument"
    )


_source: ContextVar[Source | None] = ContextVar("source of random numbers", default=None)
_means: ContextVar[list[bool] | None] = ContextVar("means that were taken", default=None)


class asked:  # noqa: N801 -- it is used as a function
    """Around code that draws its numbers from a source; from None it gets means."""

    __slots__ = ("_source", "_token")

    def __init__(self, source: Source | None) -> None:
        self._source = source

    def __enter__(self) -> None:
        self._token = _source.set(self._source)

    def __exit__(self, *error: object) -> None:
        _source.reset(self._token)


def is_drawn() -> bool:
    """Whether numbers are drawn here, and are not means."""
    return _source.get() is not None


def note_mean() -> None:
    """Note that a mean was taken, where a function is recorded: its program has that for ever."""
    noted = _means.get()
    if noted is not None:
        noted.append(True)


@contextmanager
def noting_means() -> Iterator[list[bool]]:
    """Around a function that is recorded: a list, empty unless it took a mean."""
    outside, noted = _means.get(), list[bool]()
    token = _means.set(noted)
    try:
        yield noted
    finally:
        _means.reset(token)
        if noted and outside is not None:
            outside.append(True)


def source_of_rows() -> RowNumbers | None:
    """The numbers of rows that are asked here, if any."""
    source = _source.get()
    return source if isinstance(source, RowNumbers) else None


def refused(name: str) -> AbstractContextManager[None]:
    """Around a function that is compiled by itself: where numbers are drawn, it may draw none."""
    return asked(Refused(name)) if is_drawn() else nullcontext()


def draw(what: Draw) -> Value:
    """The next number."""
    source = _source.get()
    if source is not None:
        return source.number(what)
    note_mean()
    return constant(what.mean)


def key_of(seed: int, epoch: int) -> tuple[int, int]:
    """The key of an epoch. Raises SettingError for a seed that is no whole number, 0 or more."""
    number = whole("the seed of random numbers", seed)
    if number >= MAX_SEED:  # Philox takes 64 bits
        digest = sha256(str(number).encode()).digest()
        number = int.from_bytes(digest[:8], "little")
    return number, epoch


def whole(what: str, number: Any) -> int:
    """A whole number, 0 or more, also one of NumPy. Raises SettingError for anything else."""
    try:
        count = -1 if isinstance(number, bool) else index(number)
    except TypeError:
        count = -1
    if count < 0:
        raise SettingError(f"{what} is a whole number, 0 or more, got {number!r:.60}")
    return count


def table(draws: Sequence[Draw], seed: int, epoch: int, rows: Sequence[int]) -> Any:
    """Draw for rows: an array (numbers, rows), equal to the bit to what each row draws by itself.

    Arguments:
        draws: what each row draws.
        seed: a whole number, 0 or more.
        epoch: from 0.
        rows: the numbers of the rows, from 0.
    """
    import numpy as np

    blocks = -(-len(draws) // philox.LANES)
    bits = philox.raw_table(key_of(seed, epoch), rows, blocks)
    numbers = np.empty((len(draws), len(rows)))
    kinds = np.array([what.kind for what in draws])
    for kind in ("uniform", "normal", "bernoulli"):
        places = np.flatnonzero(kinds == kind)
        if not len(places):
            continue
        if kind == "normal":
            numbers[places] = philox.standard_normals(bits[places])
            continue
        numbers[places] = philox.uniform(bits[places])
        if kind == "bernoulli":
            shares = np.array([draws[place].share for place in places.tolist()])
            numbers[places] = numbers[places] < shares[:, None]
    return numbers


def _number(draw: Draw, bits: int) -> float:
    if draw.kind == "normal":
        return philox.standard_normal(bits)
    share: float = philox.uniform(bits)
    return float(share < draw.share) if draw.kind == "bernoulli" else share


def share_of(what: str, number: Any) -> float:
    """A probability. Raises SettingError for anything else."""
    try:
        share = math.nan if isinstance(number, (str, bytes, Value)) else float(number)
    except (TypeError, ValueError, OverflowError):
        share = math.nan
    if not 0.0 <= share <= 1.0:
        raise SettingError(f"{what} is a plain number from 0 to 1, got {number!r:.60}")
    return share
