"""The parts of a function with checkpoints (program/parts.py) as they run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.choosing import BackendChoice, Choice
from autograd_bp.compiling.backends.registry import always_compiles
from autograd_bp.compiling.front.by_steps import Asked, derivative_by_steps, value_by_steps
from autograd_bp.compiling.front.part_numbers import Run
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rules import questions_left_open
from autograd_bp.compiling.program.parts import LookUp, Part, Parts, Rounds
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.segments import Segment

__all__ = ["Content", "LookUpRun", "LoopRun", "Makers", "PlainRun", "cuts_of"]

Content = Program | Loops


@dataclass(frozen=True)
class Makers:
    """The functions that make the programs of parts, and run them.

    Attributes:
        parts: those of the function.
        targets: the outputs that are differentiated.
        backend: the name of a backend, or "auto".
        differentiate: makes the gradient of the only output of a program by some leaves; for each
            group of them it is told whether it is summed over the rows.
        may_be_open: whether gradients may leave open what a 0 among them is; see derived.py.
        is_exported: whether they are written to a file, whose size shall not grow with the rounds.
    """

    parts: Parts
    targets: Sequence[int]
    backend: str
    differentiate: Callable[[Program, list[tuple[str, Any]], list[bool]], Content]
    may_be_open: bool
    is_exported: bool = False

    def choice_of(self, content: Content) -> BackendChoice:
        """The backend that runs a program."""
        return BackendChoice(content, self.backend)

    def gradient(self, flat: Segment | Program, moving: tuple[Any, Any]) -> BackendChoice:
        """The runner of the gradient of the only output of a program: by these parameters, summed
        over the rows, then by these inputs."""
        pairs = zip(("parameter", "input"), moving, (True, False), strict=True)
        used = [(space, some, mark) for space, some, mark in pairs if len(some)]
        by = [(space, some.tolist()) for space, some, _ in used]
        marks = [mark for _, _, mark in used]
        content: Content | None = None
        block: Any = questions_left_open() if self.may_be_open else nullcontext()
        with block:
            if isinstance(flat, Segment):
                asked = Asked("grad", False, False, marks)
                always = self.is_exported or always_compiles(self.backend)
                content = derivative_by_steps(flat, by, (), asked, always=always)
            if content is None:
                program = flat.program if isinstance(flat, Segment) else flat
                content = self.differentiate(program, by, marks)
        return self.choice_of(content)


class PlainRun:
    """Runs a plain part.

    Arguments:
        makers: what makes their programs.
        part: the part.
    """

    def __init__(self, makers: Makers, part: Part) -> None:
        self._makers, self._part = makers, part
        parts = makers.parts
        self.targets = part.writes[parts.active[part.writes]]
        if part is parts.parts[-1]:
            some = np.array(makers.targets, np.int64)
            self.targets = part.writes[some]
        active = np.flatnonzero(parts.active[part.reads])
        split = np.searchsorted(active, part.shares)
        self.moving = active[:split], active[split:] - part.shares

    @cached_property
    def value(self) -> BackendChoice:
        program = self._makers.parts.program(self._part, [False] * len(self._part.writes))
        return self._makers.choice_of(program)

    @cached_property
    def slopes(self) -> BackendChoice:
        program = self._makers.parts.product(self._part, self.targets)
        return self._makers.gradient(program, self.moving)

    def forward(self, run: Run) -> None:
        """Computes what others read."""
        part = self._part
        if len(part.writes):
            _, lines = self.value.run(*run.read(part), run.threads)
            run.write(part.writes, lines, is_shared=part.is_shared)

    def backward(self, run: Run) -> None:
        """Passes derivatives on."""
        part = self._part
        if not len(self.targets) or not sum(map(len, self.moving)):
            return
        parameters, inputs = run.read(part)
        if part is self._makers.parts.parts[-1]:
            seeds = np.repeat(run.seeds[:, None], run.rows, axis=1)
        else:
            seeds = run.slopes_of(self.targets, is_shared=part.is_shared)
        if part.is_shared:
            parameters = np.concatenate([parameters, seeds[:, 0]])
        else:
            inputs = np.concatenate([inputs, seeds])
        sums, lines = self.slopes.run(parameters, inputs, run.threads)
        shared, own = self.moving
        if len(shared):
            run.add(part.reads[shared], np.asarray(sums)[:, None])
        if len(own):
            run.add(part.reads[part.shares + own], lines)


class LoopRun:
    """Runs a loop in segments.

    Arguments: as of `PlainRun`.

    Attributes:
        kept_numbers: how many numbers of a row are kept.
        work: how many instructions it has.
    """

    def __init__(self, makers: Makers, loop: Rounds) -> None:
        self._makers, self._loop = makers, loop
        self._count = loop.body.count
        self._segments: dict[int, tuple[Segment, BackendChoice]] = {}
        self._slopes: dict[int, tuple[Segment, BackendChoice]] = {}
        self.kept_numbers = max(loop.kept, 1) * len(loop.carried)
        parts = makers.parts
        self.work = self._count * len(parts.members(loop.body.stage))
        self.is_active = bool(parts.active[loop.body.starts].any())

    @property
    def choice(self) -> Choice:
        """The backend that runs its latest segment."""
        known = [*self._segments.values(), *self._slopes.values()]
        return known[-1][1].choice if known else Choice("auto", "it has not run", 0.0)

    def forward(self, run: Run) -> None:
        """Computes the carry and what the rounds hand out, and keeps states."""
        loop, body = self._loop, self._loop.body
        carry = run.gathered(body.init[loop.carried], is_shared=loop.is_shared)
        states = run.kept[id(self)] = []
        many = len(loop.handed)
        for start, length in cuts_of(self._loop):
            states.append(carry)
            segment, choice = self.segment(length)
            _, numbers = choice.run(*self._leaves(run, segment, start, carry), run.threads)
            carry = numbers[: len(loop.carried)]
            if many:
                lines = body.lines[start : start + length, loop.handed].ravel()
                run.write(lines, numbers[len(carry) :], is_shared=loop.is_shared)
        run.write(body.results[loop.carried], carry, is_shared=loop.is_shared)

    def backward(self, run: Run) -> None:
        """Goes through the segments from the last to the first, and passes derivatives on."""
        loop, body = self._loop, self._loop.body
        states = [*run.kept[id(self)]]
        if not self.is_active:
            return
        count = len(loop.carried)
        slopes = run.slopes_of(body.results[loop.carried], is_shared=loop.is_shared)
        for start, length in reversed(cuts_of(self._loop)):
            segment, choice = self.slope_of(length)
            parameters, inputs = self._leaves(run, segment, start, states.pop())
            lines = body.lines[start : start + length][:, loop.handed].T.ravel()
            seeds = np.concatenate([slopes, run.slopes_of(lines, is_shared=loop.is_shared)])
            if loop.is_shared:
                parameters = np.concatenate([parameters, seeds[:, 0]])
            else:
                inputs = np.concatenate([inputs, seeds])
            sums, own = choice.run(parameters, inputs, run.threads)
            slopes = np.zeros((count, run.rows if not loop.is_shared else 1))
            results = np.asarray(sums)[:, None], own
            for sources, moving, some in zip(
                segment.sources(start), segment.moving, results, strict=True
            ):
                registers = sources[moving]
                mine = registers < 0
                slopes[-1 - registers[mine]] = some[mine]
                run.add(registers[~mine], some[~mine])
        run.add(body.init[loop.carried], slopes)

    # ------------------------------------------------------------------------------- segments
    def _leaves(self, run: Run, segment: Segment, start: int, carry: Any) -> tuple[Any, Any]:
        """The parameters and the inputs of a segment, without those of a product."""
        shared, own = segment.sources(start)
        parameters = run.numbers[np.maximum(shared, 0)]
        if self._loop.is_shared:
            parameters[shared < 0] = carry[:, 0]
            return parameters, np.empty((0, 1))
        inputs = run.gathered(own[own >= 0], is_shared=False)
        return parameters, np.concatenate([inputs, carry])

    def segment(self, length: int) -> tuple[Segment, BackendChoice]:
        if length not in self._segments:
            segment = Segment(self._makers.parts, self._loop, length, is_product=False)
            content = value_by_steps(segment) or segment.program
            self._segments[length] = segment, self._makers.choice_of(content)
        return self._segments[length]

    def slope_of(self, length: int) -> tuple[Segment, BackendChoice]:
        if length not in self._slopes:
            segment = Segment(self._makers.parts, self._loop, length, is_product=True)
            self._slopes[length] = segment, self._makers.gradient(segment, segment.moving)
        return self._slopes[length]


def cuts_of(loop: Rounds) -> list[tuple[int, int]]:
    """Where the segments of a loop begin, and how long they are: of one length, or of two
    neighbours."""
    states = max(loop.kept, 1)
    length, longer = divmod(loop.body.count, states)
    lengths = [length + (k < longer) for k in range(states)]
    return [*zip(accumulate([0, *lengths]), lengths)]  # noqa: B905


class LookUpRun:
    """Looks entries of a table up; their derivatives are added where the entries are.

    Arguments:
        makers: what makes the programs of the function.
        part: the look-ups.
    """

    def __init__(self, makers: Makers, part: LookUp) -> None:
        self._parts, self._part = makers.parts, part
        self.is_active = bool(self._parts.active[part.table].any())

    def forward(self, run: Run) -> None:
        """Computes the entries. Where an index is none, which `Guard` reports unless a branch is
        not taken, they are 0, as what is selected is."""
        part = self._part
        places, is_right = self._places(run)
        count, rows = places.shape
        if self._parts.shared[part.table].all():
            entries = run.numbers[part.table[places]]  # (indices, rows, numbers)
        else:
            table = run.gathered(part.table.ravel(), is_shared=part.is_shared)
            table = table.reshape(*part.table.shape, rows)
            entries = table[places, :, np.arange(rows)[None, :]]
        entries = np.where(is_right[:, :, None], entries, 0.0) + 0.0
        lines = np.moveaxis(entries, 2, 1).reshape(count * part.table.shape[1], rows)
        run.write(part.results.ravel(), lines, is_shared=part.is_shared)

    def backward(self, run: Run) -> None:
        """Passes derivatives on to the entries that were taken."""
        part = self._part
        if not self.is_active:
            return
        places, is_right = self._places(run)
        count, rows = places.shape
        slopes = run.slopes_of(part.results.ravel(), is_shared=part.is_shared)
        slopes = np.moveaxis(slopes.reshape(count, -1, rows), 1, 2)
        where, row = np.nonzero(is_right)
        registers = part.table[places[where, row]]  # (look-ups, numbers)
        run.add_single(registers, slopes[where, row], row)

    def _places(self, run: Run) -> tuple[Any, Any]:
        """The places of the entries, (indices, rows), and whether an index is one; else it is 0."""
        indices = run.gathered(self._part.indices, is_shared=self._part.is_shared)
        is_right = (indices >= 0) & (indices < len(self._part.table))
        is_right &= np.floor(indices) == indices
        return np.where(is_right, indices, 0.0).astype(np.int64), is_right
