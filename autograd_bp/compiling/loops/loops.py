"""Loops: a program as loop nests over families of numbers, which `rolling.roll` finds.

A number has a place: a space and an index in it.

| space | holds |
|---|---|
| parameter | the numbers that all rows of data share |
| input | the numbers of one row |
| constant | the constants of the program |
| shared | results that are the same for all rows: computed once |
| slot | results of one row |
| sum | accumulators: numbers that are added up over the rows |
| per_row | results that are handed out for every row |

The members of a loop are numbered by a nest of counters (i0, i1 ...), the last running fastest.
Member number m writes target.base + m; no place is written twice (states.py makes an exception for
machine code). What one member reads is never written by another member of its loop, so members may
run in any order.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, TypeVar, overload

import numpy as np

from autograd_bp import primitives
from autograd_bp.primitives import Primitive

LETTERS = {
    "parameter": "P",
    "input": "X",
    "constant": "C",
    "shared": "U",
    "slot": "S",
    "sum": "Σ",
    "per_row": "Y",
}


_T = TypeVar("_T", bound=type)


def _pickled_as_dict(cls: _T) -> _T:
    """A decorator of dataclasses with slots: their pickles hold a dict, as those without slots do.
    It also reads the loops of version 0.1.0, in which `op` was called `row`."""

    def get_state(self: Any) -> dict[str, Any]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def set_state(self: Any, state: dict[str, Any]) -> None:
        if "row" in state:
            state["op"], state["space"] = state.pop("row"), _space_of_today(state["space"])
        for name, x in state.items():
            object.__setattr__(self, name, x)

    cls.__getstate__, cls.__setstate__ = get_state, set_state  # type: ignore[attr-defined]
    return cls


# A program without a pattern has nearly as many loops as operations: slots keep them small.
@_pickled_as_dict
@dataclass(frozen=True, slots=True)
class Access:
    """Where the members of a loop read one operand, or the terms of one list of operands.

    Term j of the member (i0, i1 ...) is at base + i0·strides[0] + i1·strides[1] + ... + j·step
    or, where no such numbers exist, at table[member · terms + j].

    Attributes:
        space: "parameter", "input", "constant", "shared" or "slot".
        base, strides, step: the affine family; strides has one number for each counter.
        table: the indices one by one, empty for an affine family.
    """

    space: str
    base: int
    strides: tuple[int, ...] = ()
    step: int = 0
    table: array[int] = field(default_factory=lambda: array("q"))

    @property
    def affine(self) -> bool:
        return not self.table

    def indices(self, shape: Sequence[int], terms: int) -> list[int]:
        """All of them, member by member, the terms of each in order."""
        if self.table:
            return list(self.table)
        starts = [self.base]
        for count, stride in zip(shape, self.strides, strict=True):
            starts = [start + i * stride for start in starts for i in range(count)]
        return [start + j * self.step for start in starts for j in range(terms)]

    def __str__(self) -> str:
        if self.table:
            return f"{LETTERS[self.space]}[table of {len(self.table)}]"
        numbers = [self.base, *self.strides, *([self.step] if self.step else [])]
        return f"{LETTERS[self.space]}({','.join(map(str, numbers))})"


@_pickled_as_dict
@dataclass(frozen=True, slots=True)
class Loop:
    """One primitive applied to a family of operands.

    Attributes:
        op: what each member computes; None for a copy.
        shape: the counters of the members; () for a single one.
        terms: how many terms each list in `reads` has; 1 for a fixed number of inputs.
        reads: one access for each input of a primitive with a fixed number of them. Else one for
            each list of `op.operands` and, where there is one, the initial value; without terms
            the initial value alone.
        space, base: where the results go: "shared", "slot", "sum" or "per_row", from base on.
    """

    op: Primitive | None
    shape: tuple[int, ...]
    terms: int
    reads: tuple[Access, ...]
    space: str
    base: int

    @property
    def members(self) -> int:
        return math.prod(self.shape)

    @property
    def has_initial(self) -> bool:
        """Whether the last access is the initial value of a fold, a single number."""
        if self.op is None or self.op.arity is not None:
            return False
        return self.op.operands.has_initial(len(self.reads))

    @property
    def is_product(self) -> bool:
        """Whether a member is the product of two numbers, or a sum of products that starts at 0."""
        return self.op in (primitives.mul, primitives.dot) and len(self.reads) == 2

    def terms_of(self, k: int) -> int:
        """How many terms access k has."""
        return 1 if self.has_initial and k == len(self.reads) - 1 else self.terms

    def __str__(self) -> str:
        name = "copy" if self.op is None else self.op.name
        counts = self.shape or (1,)
        if self.terms != 1:
            counts = (*counts, self.terms)
        size = " x ".join(map(str, counts))
        reads = " ".join(map(str, self.reads))
        return f"{name:<10} {size:<10} {reads} -> {LETTERS[self.space]}({self.base})"


@dataclass(frozen=True)
class Repeat:
    """Loops to run `count` times.

    Attributes:
        body: the loops of the first time.
        shifts: for each of them how far it moves from one time to the next: where it writes,
            then where each access begins.
        over: the numbers of those that write over what the same time has read; see states.py.
    """

    count: int
    body: tuple[Loop, ...]
    shifts: tuple[tuple[int, ...], ...]
    over: frozenset[int] = frozenset()

    def loop(self, k: int) -> Loop:
        """Loop number k of all that it stands for."""
        time, place = divmod(k, len(self.body))
        return moved(self.body[place], self.shifts[place], time)

    def __len__(self) -> int:
        return self.count * len(self.body)


@dataclass(frozen=True)
class RepeatedLoops(Sequence[Loop]):
    """Loops that are kept as repeats; those of each step are made when they are read."""

    repeats: tuple[Repeat, ...]

    def __len__(self) -> int:
        return sum(map(len, self.repeats))

    def __iter__(self) -> Iterator[Loop]:
        return (repeat.loop(k) for repeat in self.repeats for k in range(len(repeat)))

    @overload
    def __getitem__(self, k: int) -> Loop: ...
    @overload
    def __getitem__(self, k: slice) -> tuple[Loop, ...]: ...
    def __getitem__(self, k: int | slice) -> Loop | tuple[Loop, ...]:
        if isinstance(k, slice):
            return tuple([self[i] for i in range(*k.indices(len(self)))])
        place = k + len(self) if k < 0 else k
        for repeat in self.repeats:
            if 0 <= place < len(repeat):
                return repeat.loop(place)
            place -= len(repeat)
        raise IndexError(k)


def numbers_read(loop: Loop) -> int:
    """How many numbers a loop reads, all members together."""
    return loop.members * sum([loop.terms_of(k) for k in range(len(loop.reads))])


def ends(loop: Loop, access: Access) -> tuple[int, int]:
    """The first and the last place that an access reads."""
    if access.table:
        table = np.frombuffer(access.table, np.int64)
        return int(table.min()), int(table.max())
    moves = [(n - 1) * s for n, s in zip(loop.shape, access.strides, strict=True)]
    moves.append((loop.terms - 1) * access.step)
    low = access.base + sum(move for move in moves if move < 0)
    return low, access.base + sum(move for move in moves if move > 0)


class LoopsInNumbers(Sequence[Loop]):
    """Many loops without an object for each: see table.py.

    Attributes:
        ops: what they apply, each primitive once; None for copies.
        work: the operations of one row.
    """

    @property
    def ops(self) -> list[Primitive | None]:
        raise NotImplementedError

    @property
    def work(self) -> int:
        raise NotImplementedError


def moved(loop: Loop, shifts: Sequence[int], times: int) -> Loop:
    """A loop of a body as it is some steps later."""
    if times == 0 or not any(shifts):
        return loop
    reads = [
        _moved(read, times * shift) for read, shift in zip(loop.reads, shifts[1:], strict=True)
    ]
    return replace(loop, base=loop.base + times * shifts[0], reads=tuple(reads))


def _moved(access: Access, shift: int) -> Access:
    if shift == 0:
        return access
    if access.affine:
        return replace(access, base=access.base + shift)
    table = np.frombuffer(access.table, np.int64) + shift
    return replace(access, table=array("q", table.tobytes()))


@dataclass(frozen=True)
class Loops:
    """A program as loops, in the order in which they run.

    Attributes:
        parameters, inputs: their names.
        constants: their numbers.
        loops: first those that write "shared", then the others; a tuple, `RepeatedLoops`, or a
            `LoopTable`.
        sizes: how many places the spaces "shared", "slot", "sum" and "per_row" have.
        outputs: for each output of the program its space, "sum" or "per_row", and its index.
    """

    parameters: Sequence[str]
    inputs: Sequence[str]
    constants: tuple[float, ...]
    loops: Sequence[Loop]
    sizes: dict[str, int]
    outputs: Sequence[tuple[str, int]]

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Also the state of version 0.1.0, in which "per_row" was called "each"."""
        state["sizes"] = {_space_of_today(space): size for space, size in state["sizes"].items()}
        state["outputs"] = tuple((_space_of_today(space), k) for space, k in state["outputs"])
        self.__dict__.update(state)

    @property
    def work(self) -> int:
        """The operations of one row: one for each member and term."""
        if isinstance(self.loops, LoopsInNumbers):
            return self.loops.work
        return sum(times * loop.members * loop.terms for loop, times in self.with_times())

    @property
    def ops(self) -> list[Primitive | None]:
        """The primitives that the loops apply, each once; None for copies."""
        if isinstance(self.loops, LoopsInNumbers):
            return self.loops.ops
        return [*dict.fromkeys([loop.op for loop, _ in self.with_times()])]

    def written_out(self) -> Loops:
        """The same with an object for every loop."""
        return self if isinstance(self.loops, tuple) else replace(self, loops=tuple(self.loops))

    def with_times(self) -> Iterator[tuple[Loop, int]]:
        """The loops as they are written down, and how often each runs."""
        if isinstance(self.loops, RepeatedLoops):
            for repeat in self.loops.repeats:
                yield from ((loop, repeat.count) for loop in repeat.body)
        else:
            yield from ((loop, 1) for loop in self.loops)

    def run(
        self, parameters: Sequence[float], rows: Iterable[Sequence[float]] = ((),)
    ) -> list[float | list[float]]:
        """Run the loops as they are defined; the same bits as `Program.run`."""
        spaces = {name: [math.nan] * size for name, size in self.sizes.items()}
        sums = [0.0] * self.sizes["sum"]
        per_row: list[list[float]] = [[] for _ in range(self.sizes["per_row"])]
        spaces["parameter"] = [*map(float, parameters)]
        spaces["constant"] = [*self.constants]
        for row in rows:
            spaces["input"] = [*map(float, row)]
            for loop in self.loops:
                for member, operands in enumerate(_operands(loop, spaces)):
                    y = operands[0] if loop.op is None else loop.op.forward(*operands)
                    spaces[loop.space][loop.base + member] = y
            sums = [total + x for total, x in zip(sums, spaces["sum"], strict=True)]
            for numbers, x in zip(per_row, spaces["per_row"], strict=True):
                numbers.append(x)
        return [sums[k] if space == "sum" else per_row[k] for space, k in self.outputs]

    def __str__(self) -> str:
        return "\n".join(map(str, self.loops))


def _space_of_today(space: str) -> str:
    return "per_row" if space == "each" else space


def _operands(loop: Loop, spaces: dict[str, list[float]]) -> Iterator[list[float]]:
    lists = []
    for k, access in enumerate(loop.reads):
        numbers, count = spaces[access.space], loop.terms_of(k)
        places = access.indices(loop.shape, count)
        lists.append(
            [[numbers[i] for i in places[m * count : (m + 1) * count]] for m in range(loop.members)]
        )
    for member in zip(*lists, strict=True):
        yield [x for numbers in member for x in numbers]
