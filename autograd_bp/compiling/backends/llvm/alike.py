"""Loops that differ only in where they read and write, and in how many terms they add up.

A triangle of numbers, or the first and the last steps of a recurrence, leaves many of them, each of
which runs once. One function computes all that are alike; where they begin are its arguments.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from autograd_bp.compiling.backends.llvm.values import FEW_TERMS_OF_MEMBERS, is_tiled
from autograd_bp.compiling.loops.loops import Access, Loop, Repeat

LEAST = 10  # loops that share a function; for fewer it costs more than it saves
LARGE, LEAST_OF_LARGE = 100, 3  # the same for loops of so many operations, where a call is nothing
Move = tuple[str, int]  # a name of an i64, and what a place is moved by for each of its units


@dataclass(frozen=True)
class Function:
    """A function for loops that are alike.

    Attributes:
        name: its name.
        loop: one of them, as if everything began at 0.
        moves: what the place of its results moves by, and those that it reads.
        strides: of each access, those of its counters but the last are arguments.
        has_terms: whether the number of terms is an argument.
    """

    name: str
    loop: Loop
    moves: tuple[Move, ...]
    strides: tuple[tuple[int | str, ...], ...]
    has_terms: bool

    @property
    def parameters(self) -> str:
        """Its own parameters, as text."""
        kinds = ["i64 %terms"] if self.has_terms else []
        kinds.append("i64 %to")
        for k, read in enumerate(self.loop.reads):
            if not is_number(read):
                kinds.append(f"i64 %from{k}" if read.affine else f"ptr {table_name(k)}")
                kinds += [f"i64 {name}" for name in self.strides[k] if isinstance(name, str)]
        return "".join(f", {kind}" for kind in kinds)

    def arguments(self, loop: Loop, table: Callable[[Loop, int], str]) -> str:
        """The arguments for a loop, as text; `table` names the global array of its access k."""
        given = [f"i64 {loop.terms}"] if self.has_terms else []
        given.append(f"i64 {loop.base}")
        for k, (read, names) in enumerate(zip(loop.reads, self.strides, strict=True)):
            if not is_number(read):
                given.append(f"i64 {read.base}" if read.affine else f"ptr {table(loop, k)}")
                pairs = zip(read.strides, names, strict=True)
                given += [f"i64 {stride}" for stride, name in pairs if isinstance(name, str)]
        return "".join(f", {each}" for each in given)


def table_name(k: int) -> str:
    """The name of the parameter that holds the table of access k."""
    return f"%table{k}"


def is_number(access: Access) -> bool:
    """Whether an access reads one constant, which is part of the code."""
    return access.space == "constant" and access.affine and not any(access.strides)


def function_for(loop: Loop, name: str, *, any_terms: bool) -> Function:
    """The function for a loop and those that are alike.

    Arguments:
        loop: one of them.
        name: the name that the function gets.
        any_terms: whether they may differ in the number of terms.
    """
    reads = [read if is_number(read) else replace(read, base=0) for read in loop.reads]
    moves: list[Move] = [("%to", 1)]
    for k, read in enumerate(loop.reads):
        moves.append(("0", 0) if is_number(read) or not read.affine else (f"%from{k}", 1))
    strides = tuple(
        tuple(
            f"%by{k}.{i}" if stride and read.affine and i < len(read.strides) - 1 else stride
            for i, stride in enumerate(read.strides)
        )
        for k, read in enumerate(loop.reads)
    )
    has_terms = any_terms and may_differ_in_terms(loop)
    together = replace(loop, base=0, reads=tuple(reads))
    return Function(name, together, tuple(moves), strides, has_terms)


def may_differ_in_terms(loop: Loop) -> bool:
    """Whether the code for a sum of products is the same for any number of terms."""
    return is_tiled(loop) and loop.terms > FEW_TERMS_OF_MEMBERS


def kind_of(loop: Loop, way: Any, *, any_terms: bool) -> Any:
    """What is equal for loops that are alike.

    Arguments:
        loop: a loop.
        way: what else the code depends on.
        any_terms: see `function_for`.
    """
    terms = 0 if any_terms and may_differ_in_terms(loop) else loop.terms
    reads = tuple(
        (read.space, _last(read.strides), read.step, read.affine, is_number(read) and read.base)
        for read in loop.reads
    )
    op = None if loop.op is None else loop.op.code
    return op, loop.shape, terms, loop.space, reads, way


def _last(strides: tuple[int, ...]) -> Any:
    """The stride of the last counter, and which of the others move."""
    return strides[-1:], tuple([stride != 0 for stride in strides[:-1]])


def frequent(repeats: Iterable[Repeat], kind: Callable[[Loop], Any]) -> frozenset[Any]:
    """The kinds of which so many loops run once that they share a function."""
    loops = [(kind(loop), loop) for repeat in repeats if repeat.count == 1 for loop in repeat.body]
    counts = Counter(key for key, _ in loops)
    large = Counter(key for key, loop in loops if loop.members * loop.terms >= LARGE)
    return frozenset(
        key
        for key, count in counts.items()
        if key is not None and (count >= LEAST or large[key] >= LEAST_OF_LARGE)
    )
