"""Rolling: repeated structure of a program, recovered as loops.

Scalar code that was written with loops leaves the same instructions over and over, on numbers that
lie at regular distances. `roll` puts instructions that could run side by side into groups, gives
the results of a group consecutive places, and describes what a group reads by a few numbers where
it can: base + i0·stride + i1·stride + ... + term·step.

    >>> import autograd_bp as bp
    >>> from autograd_bp.compiling import flatten, optimised, roll
    >>> w, x = [bp.Value(0.5) for _ in range(6)], [bp.Value(1.0) for _ in range(3)]
    >>> hidden = [bp.relu(bp.dot(w[3 * i : 3 * i + 3], x)) for i in range(2)]
    >>> print(roll(optimised(flatten(hidden, parameters=w, inputs=x))))
    dot        2 x 3      P(0,3,1) X(0,0,1) -> S(0)
    relu       2          S(0,1) -> Y(0)

A group has one primitive, one number of operands, and for each operand one source: the
parameters, the inputs, the constants, or the level of the instruction that computed it. The level
of an instruction is one more than the highest among its operands, so no instruction of a group
waits for another one.

The idea is that of trace-based affine reconstruction of codes (Rodríguez et al., CGO 2016).
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.affine import arrange_in_python
from autograd_bp.compiling.loops.loops import Access, Loop, Loops
from autograd_bp.compiling.loops.outputs import outputs_of
from autograd_bp.compiling.loops.table import MANY, LoopTable
from autograd_bp.compiling.program.collector import no_collections
from autograd_bp.compiling.program.native import CODES, walks
from autograd_bp.compiling.program.passes import split_products
from autograd_bp.compiling.program.program import Program
from autograd_bp.entry import TABLE, Primitive, by_code
from autograd_bp.expressions import Expression
from autograd_bp.folds import Fold
from autograd_bp.native.kernels import OWN

Suits = Callable[[int, int], bool]
COPY = -1  # the code of an instruction that hands out a register as it is
# Where a register comes from. Results have their level: even where each row has its own, odd where
# all rows share it, as the parameters and the constants do.
PARAMETER, INPUT, CONSTANT = -3, -2, -1
SPACES = {PARAMETER: "parameter", INPUT: "input", CONSTANT: "constant"}
COMMUTATIVE = (ops.add.code, ops.mul.code)
POWERS, PRODUCTS = (ops.pow.code, ops.power.code), (1.0, 2.0, 3.0)  # exponents that are products
MAX_RUNS = 16  # of numbers from one source among the copies, before these are sorted


def _space(source: int) -> str:
    return SPACES[source] if source < 0 else "shared" if source & 1 else "slot"


class LoopGroup:
    """Instructions that become one loop.

    Attributes:
        code: their primitive's place in the table, or COPY.
        space: where their results go.
        level: when they can run.
        members: the registers that they fill; -1 - k for what is output k and nothing else.
        operands: the registers that each reads.
    """

    def __init__(self, code: int, space: str, level: int) -> None:
        self.code, self.space, self.level = code, space, level
        self.members: list[int] = []
        self.operands: list[Sequence[int]] = []

    def append(self, member: int, operands: Sequence[int]) -> None:
        self.members.append(member)
        self.operands.append(operands)


def roll(program: Program) -> Loops:
    """The program as loops; the same numbers, to the bit."""
    with no_collections():
        return _rolled(split_products(program), many=MANY)


def roll_if(program: Program, suits: Suits) -> Loops | None:
    """The same, or None where they do not suit.

    Arguments:
        program: the program.
        suits: is called with how many loops there are, and how many numbers they read; then the
            others are not made.
    """
    with no_collections():
        program = split_products(program)
        loops = None if walks is None else _rolled_in_c(program, (), b"", MANY, suits)
        if loops is not None:
            return loops or None
        grouping = _Grouping(program)
        numbers = sum([len(k) for group in grouping.groups for k in group.operands])
        suit = suits(len(grouping.groups), numbers)
        return _Layout(program, grouping).loops() if suit else None


def roll_in_steps(program: Program, barriers: Sequence[int], streams: bytes) -> Loops:
    """The same for the steps of a recurrence.

    Arguments:
        program: one that `split_products` has seen.
        barriers: numbers of instructions, in ascending order. No loop has instructions from both
            sides of one.
        streams: for each parameter and input whether it is one of those that single steps read. In
            the place of one operand, no loop reads them and others.
    """
    with no_collections():
        return _rolled(program, barriers, streams)


def _rolled(
    program: Program, barriers: Sequence[int] = (), streams: bytes = b"", many: int = sys.maxsize
) -> Loops:
    loops: Loops | None = None
    if walks is not None:
        loops = _rolled_in_c(program, barriers, streams, many)
    if loops is None:
        loops = _Layout(program, _Grouping(program, barriers, streams)).loops()
    return loops


def roll_in_python(program: Program) -> Loops:
    """Do what `roll` does, for the interpreted core and for the tests of the walk in C."""
    program = split_products.reference(program)  # type: ignore[attr-defined]
    return _Layout(program, _Grouping(program)).loops()


# ------------------------------------------------------------------------------ the walk in C
IS_COMMUTATIVE, IS_POWER, IS_DOT = 1, 2, 4  # as in groups.h


def _rolled_in_c(
    program: Program,
    barriers: Sequence[int],
    streams: bytes,
    many: int,
    suits: Suits | None = None,
) -> Any:
    """The loops, as a `LoopTable` from so many on; None where Python does it, False where they do
    not suit."""
    kinds, later = array("q", _library()), array("q", program.later)
    for code in later:
        kinds.extend(_kind(by_code(code)))
    return walks.roll(
        program,
        CODES,
        kinds,
        later,
        array("d", PRODUCTS),
        MAX_RUNS,
        (Loop, Access, Loops),
        by_code,
        _only_copies,
        outputs_of,
        array("q", barriers),
        streams,
        many,
        LoopTable,
        suits,
    )


@cache
def _library() -> array[int]:
    return array("q", [x for op in TABLE[:OWN] for x in _kind(op)])


def _kind(op: Primitive) -> tuple[int, int, int, int, int]:
    """The facts about a primitive that the walk needs: the structure Kind of groups.h."""
    code = op.code
    flags = IS_COMMUTATIVE * (code in COMMUTATIVE) + IS_POWER * (code in POWERS)
    flags += IS_DOT * (op is ops.dot)
    if op.arity is not None:
        return op.arity, 1, 0, 0, flags
    operands = op.operands
    return -1, len(operands.elements), operands.initial, operands.always, flags


# ------------------------------------------------------------------------------ what it means


class _Grouping:
    """The instructions of a program in groups.

    Attributes:
        groups: in the order in which they can run.
        sources: for each register where it comes from.
    """

    def __init__(
        self, program: Program, barriers: Sequence[int] = (), streams: bytes = b""
    ) -> None:
        self._barriers = {*barriers}
        self._streams = {k for k, flag in enumerate(streams) if flag}
        self.sources = [PARAMETER] * len(program.parameters) + [INPUT] * len(program.inputs)
        self.sources += [CONSTANT] * len(program.constants)
        self._by_key: dict[Any, LoopGroup] = {}
        self._total = program.first + len(program)
        self._copies: dict[tuple[int, str], int] = {}
        self._collect(program)
        self._add_outputs(program)
        order = sorted(self._by_key.values(), key=lambda group: group.level)
        order = _copy_groups(self._copies, self.sources) + order
        self.groups = sorted(order, key=lambda group: group.space != "shared")

    def _collect(self, program: Program) -> None:
        sources, sole_outputs = self.sources, _sole_outputs(program)
        sources += [0] * len(program)
        first = len(program.parameters) + len(program.inputs)
        starts, operands = program.starts, program.operands
        floor = highest = 0
        for i, code in enumerate(program.codes):
            if i in self._barriers:
                floor = highest
            register = program.first + i
            registers: Sequence[int] = operands[starts[i] : starts[i + 1]]
            op = by_code(code)
            if op.arity is None:
                registers, origin = self._in_lists(op, registers)
            else:
                if code in COMMUTATIVE and sources[registers[0]] > sources[registers[1]]:
                    registers = registers[::-1]
                origin = tuple([sources[k] for k in registers])
                if code in POWERS and origin[1] == CONSTANT:  # products for some, calls for others
                    exponent = program.constants[registers[1] - first]
                    origin += (exponent if exponent in PRODUCTS else 0.0,)
            shared = all(source & 1 for source in origin[: len(registers)])
            deepest = max(origin[: len(registers)], default=0)
            level = (max(deepest, floor) & ~1) + 2 + shared
            highest = max(highest, level)
            sources[register] = level
            target = "shared" if shared else sole_outputs.get(register, "slot")
            stream = tuple([k in self._streams for k in registers]) if self._streams else ()
            key = (code, len(registers), target, origin, level, stream)
            group = self._by_key.get(key)
            if group is None:
                group = self._by_key[key] = LoopGroup(code, target, level)
            group.append(register, registers)

    def _in_lists(self, op: Primitive, operands: Sequence[int]) -> tuple[Sequence[int], Any]:
        """The operands with those of a list all in one space, and one source for each list."""
        sources = self.sources
        if op is ops.dot:
            operands = _factors_in_order(operands, sources)
        whole: list[int] = []
        origin = []
        for part in _lists(op, len(operands)):
            registers = operands[part]
            list_sources = {sources[k] for k in registers}
            if len({_space(source) for source in list_sources}) > 1:
                space = "shared" if all(source & 1 for source in list_sources) else "slot"
                registers = [self._copied(k, space) for k in registers]
                list_sources = {sources[k] for k in registers}
            whole += registers
            origin.append(max(list_sources, default=CONSTANT))
        return whole, tuple(origin)

    def _copied(self, register: int, space: str) -> int:
        """The register itself, if it is in that space, or the number of its copy there."""
        if _space(self.sources[register]) == space:
            return register
        key = (register, space)
        if key not in self._copies:
            self._copies[key] = len(self.sources)
            self.sources.append(1 if space == "shared" else 0)
        return self._copies[key]

    def _add_outputs(self, program: Program) -> None:
        """Adds copies for the outputs that are more than the result of one instruction."""
        sole_outputs = _sole_outputs(program)
        for k, (register, summed) in enumerate(zip(program.outputs, program.summed, strict=True)):
            source, space = self.sources[register], "sum" if summed else "per_row"
            if sole_outputs.get(register) == space and not source & 1:
                continue
            key = (COPY, 1, space, source)
            if key not in self._by_key:
                self._by_key[key] = LoopGroup(COPY, space, max(source, 0) + 2)
            self._by_key[key].append(-1 - k, (register,))


def _copy_groups(copies: dict[tuple[int, str], int], sources: list[int]) -> list[LoopGroup]:
    """Groups that make the copies, in the order of the reads if that leaves few groups."""
    groups: list[LoopGroup] = []
    for space in ("shared", "slot"):
        pairs = [(register, new) for (register, where), new in copies.items() if where == space]
        origins = [sources[register] for register, _ in pairs]
        if sum(a != b for a, b in pairwise(origins)) >= MAX_RUNS:
            pairs.sort(key=lambda pair: sources[pair[0]])
        source = None
        for register, new in pairs:
            if sources[register] != source:
                source = sources[register]
                groups.append(LoopGroup(COPY, space, 0))
            groups[-1].append(new, (register,))
    return groups


def _sole_outputs(program: Program) -> dict[int, str]:
    """The results that are one output and nothing else, and where that output goes."""
    uses = np.bincount(
        np.array([*program.operands, *program.outputs], dtype=np.int64),
        minlength=program.first + len(program),
    )
    return {
        k: "sum" if summed else "per_row"
        for k, summed in zip(program.outputs, program.summed, strict=True)
        if uses[k] == 1 and k >= program.first
    }


def _factors_in_order(operands: Sequence[int], sources: list[int]) -> Sequence[int]:
    """The pairs of a dot with the factors of each in the order of their sources."""
    left, right = map(list, ops.dot.operands.lists(operands))
    for j, (a, b) in enumerate(zip(left, right, strict=True)):
        if sources[a] > sources[b]:
            left[j], right[j] = b, a
    return [*left, *right, *operands[2 * len(left) :]]


def _lists(op: Primitive | None, count: int) -> Iterator[slice]:
    """Which operands belong together: see Loop.reads."""
    if op is None or op.arity is not None:
        yield from (slice(k, k + 1) for k in range(count))
        return
    n = op.operands.terms(count)
    if n > 0:
        yield from (slice(start, start + n) for start in range(0, n * len(op.operands.elements), n))
    if op.operands.has_initial(count):
        yield slice(count - 1, count)


def _without_terms(op: Primitive, count: int) -> bool:
    """Whether `count` operands are the initial value of a fold and nothing else."""
    return op.arity is None and op.operands.terms(count) == 0


def _only_copies(op: Primitive) -> bool:
    """Whether a fold over no terms is its initial value."""
    initial = Expression("input", "a")
    return isinstance(op.expression, Fold) and op.expression.unrolled([initial]) is initial


class _Layout:
    """Places for results, and what each loop reads in terms of places."""

    def __init__(self, program: Program, grouping: _Grouping) -> None:
        self._program, self._groups = program, grouping.groups
        self._sources = grouping.sources
        self._place = np.zeros(len(grouping.sources), dtype=np.int64)
        start = 0
        for numbers in (program.parameters, program.inputs, program.constants):
            self._place[start : start + len(numbers)] = np.arange(len(numbers))
            start += len(numbers)
        self._sizes = {"shared": 0, "slot": 0, "sum": 0, "per_row": 0}
        self._outputs: dict[int, tuple[str, int]] = {}

    def loops(self) -> Loops:
        loops = tuple(self._loop(group) for group in self._groups)
        program = self._program
        outputs = []
        for k, (register, summed) in enumerate(zip(program.outputs, program.summed, strict=True)):
            direct = ("sum" if summed else "per_row", int(self._place[register]))
            outputs.append(self._outputs.get(k, direct))
        return Loops(
            program.parameters,
            program.inputs,
            program.constants,
            loops,
            self._sizes,
            tuple(outputs),
        )

    def _loop(self, group: LoopGroup) -> Loop:
        count = len(group.members)
        if count == len(group.operands[0]) == 1 or (count == 1 and by_code(group.code).arity):
            return self._single(group)
        operands = np.array(group.operands, dtype=np.int64).reshape(count, -1)
        op = None if group.code == COPY else by_code(group.code)
        parts = list(_lists(op, operands.shape[1]))
        lists = [self._place[operands[:, part]] for part in parts]
        spaces = [_space(self._sources[operands[0, part.start]]) for part in parts]
        terms = lists[0].shape[1]
        if op is not None and _without_terms(op, operands.shape[1]):
            op, terms = (None, 1) if _only_copies(op) else (op, 0)
        order, shape, families = arrange_in_python(lists)
        base = self._sizes[group.space]
        self._sizes[group.space] += count
        self._give_places(group, order, base)
        reads = tuple(
            Access(space, *family)
            if isinstance(family, tuple)
            else Access(space, 0, (0,) * len(shape), 0, array("q", family.ravel().tolist()))
            for space, family in zip(spaces, families, strict=True)
        )
        return Loop(op, shape, terms, reads, group.space, base)

    def _single(self, group: LoopGroup) -> Loop:
        """A loop of one member that reads single numbers: there are many of them, or few loops."""
        op, terms = None if group.code == COPY else by_code(group.code), 1
        if op is not None and _without_terms(op, len(group.operands[0])):
            op, terms = (None, 1) if _only_copies(op) else (op, 0)
        reads = tuple(
            Access(_space(self._sources[k]), int(self._place[k])) for k in group.operands[0]
        )
        base = self._sizes[group.space]
        self._sizes[group.space] += 1
        self._give_places(group, None, base)
        return Loop(op, (), terms, reads, group.space, base)

    def _give_places(self, group: LoopGroup, order: Any, base: int) -> None:
        members = group.members if order is None else [group.members[m] for m in order]
        if group.members[0] < 0:
            for place, k in enumerate(members, base):
                self._outputs[-1 - k] = (group.space, place)
        else:
            self._place[members] = np.arange(base, base + len(members))
