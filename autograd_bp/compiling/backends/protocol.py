"""Defines a backend.

A backend prepares a program once and then runs it often, over rows of data. The numbers of all
backends are compared with those of `Program.run`, the reference. `registry` says which there are.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import cached_property
from typing import Protocol

from autograd_bp.compiling.backends.work import Costs, Work, work_of
from autograd_bp.compiling.calling import cache
from autograd_bp.compiling.calling.caller import Floats
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.loops.sequences import count_different
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.program.program import Program

__all__ = ["Backend", "Costs", "Runner", "Source", "Work"]

ANY_NUMBER = 2**62  # more rows than there can be


class Runner(Protocol):
    """A program that is ready to run."""

    def run(self, parameters: Floats, inputs: Floats, threads: int) -> tuple[Floats, Floats]:
        """The numbers of the outputs.

        Arguments:
            parameters: an array of all of them.
            inputs: an array (inputs, rows).
            threads: how many may share the work.

        Returns: the outputs that are summed over the rows, and an array (outputs, rows) of the
            others, both in their order.
        """


class Source:
    """The source that a backend runs, as a program and as loops, whichever it asks for.

    Arguments:
        content: one of the two. The other is made of it when it is first asked for.
    """

    def __init__(self, content: Program | Loops) -> None:
        self._content = content

    @cached_property
    def program(self) -> Program:
        return unrolled(self._content) if isinstance(self._content, Loops) else self._content

    @cached_property
    def loops(self) -> Loops:
        return self._content if isinstance(self._content, Loops) else roll(self._content)

    @property
    def content(self) -> Program | Loops:
        """The program or the loops that are there without being made."""
        return self._content

    @cached_property
    def operations(self) -> int:
        """How many instructions the program has."""
        if isinstance(self._content, Program):
            return len(self._content)
        return sum(
            times * loop.members
            for loop, times in self._content.with_times()
            if loop.op is not None
        )

    @cached_property
    def work(self) -> Work:
        """What a call does."""
        return work_of(self.loops)

    @cached_property
    def different_loops(self) -> int:
        """How many loops there are, where those of a sequence are counted once."""
        return count_different(self.loops)


class Backend(ABC):
    """One way to run programs. A subclass says what it can run, what that costs, and how.

    Attributes:
        name: what users call it.
        costs: None for a backend that runs only where it is asked for by name.
        compiles: whether it makes machine code, which takes a while. "auto" lets another backend
            begin, and lets this one take over when that pays.
    """

    name: str
    costs: Costs | None = None
    compiles: bool = False

    @abstractmethod
    def prepare(self, source: Source, rows: int) -> Runner:
        """The program, ready to run on batches of about so many rows.

        Raises: ProgramError where it cannot run the program; SettingError or MissingExtraError
            where this installation has no such backend.
        """

    def unavailable(self) -> str | None:
        """Why this installation does not have it; None where it does."""
        return None

    def refusal(self, source: Source) -> str | None:
        """Why it cannot run this program, or should not unless asked; None where it can."""
        return None

    def batches(self, rows: int) -> tuple[int, int]:
        """The fewest and the most rows for which what `prepare` makes for `rows` is meant."""
        return 0, ANY_NUMBER

    def seconds_to_prepare(self, work: Work, different_loops: int, rows: int) -> float:
        """About what `prepare` takes, 0 where that is negligible.

        Arguments:
            work: what a call does.
            different_loops: how many of its loops are no repetitions of others.
            rows: of a batch, about.
        """
        return 0.0

    def kept(self, make: Callable[[], bytes], *material: str) -> bytes:
        """Code from the cache on disk, or else made now and kept there.

        Arguments:
            make: makes it.
            material: all that it is made from.
        """
        key = cache.material(self.name, *material)
        code = cache.load(key)
        if code is None:
            code = make()
            cache.store(key, code)
        return code
