"""Gradients of loops whose states are computed again: `checkpoint=` of fori, scan and while_loop.

The function is cut into parts (program/parts.py). The value goes through them in order, and keeps
of a loop with checkpoints the carry before each segment of its rounds. The gradient goes backwards:
it computes a segment again, with all that its rounds need, and passes the derivatives by the carry
on to the segment before. So of n rounds some √n states are kept, and what √n rounds compute.

A part is run by any backend, as every program is. Sums over the rounds are added up segment by
segment, and else what is computed is what is computed without checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.choosing import BackendChoice, Choice
from autograd_bp.compiling.front.by_loops import differentiated
from autograd_bp.compiling.front.derived import Derivation
from autograd_bp.compiling.front.part_runs import (
    Content,
    LookUpRun,
    LoopRun,
    Makers,
    PlainRun,
    Run,
)
from autograd_bp.compiling.loops.sweeps import indices_of
from autograd_bp.compiling.program.parts import LookUp, Part, Rounds
from autograd_bp.compiling.program.program import Program
from autograd_bp.flow.rounds import SelectedEntriesError, TracedLoop

CHECKPOINTS = "checkpoints"  # how a derivative came about
_KINDS: dict[type, Any] = {Part: PlainRun, Rounds: LoopRun, LookUp: LookUpRun}
BLOCK_BYTES = 64 << 20  # of rows that are computed together

__all__ = ["CHECKPOINTS", "Checkpointed", "checkpointed"]


class Wanted:
    """Which results a function gives.

    Arguments:
        count: how many outputs it has.
        sums: whether they are summed over the rows.
        target: the output that is differentiated; None where nothing is.
        by: leaves to differentiate by: their space, their places there, and whether the
            derivatives are summed over the rows.
        names: "value", or what is differentiated, in the order of the results.
    """

    def __init__(
        self,
        count: int,
        sums: bool,
        target: int | None,
        by: Sequence[tuple[str, Any, bool]],
        names: Sequence[str],
    ) -> None:
        self.count, self.sums, self.target = count, sums, target
        self.by, self.names = by, names


class Checkpointed:
    """Runs a function part by part; it takes the place of a BackendChoice.

    Arguments:
        makers: what makes the programs of its parts.
        wanted: the results.
        plain: makes the program without checkpoints, for exports and for printing.
    """

    def __init__(
        self,
        makers: Makers,
        wanted: Wanted,
        plain: Callable[[], Content],
    ) -> None:
        self._makers, self._wanted, self._plain = makers, wanted, plain
        parts = self._parts = makers.parts
        last = parts.parts[-1]
        assert isinstance(last, Part)
        marks = [wanted.sums] * len(parts.outputs)
        self._last, self._outputs = last, makers.choice_of(parts.program(last, marks))
        self._runs = {id(part): _KINDS[type(part)](makers, part) for part in parts.parts}

    # ----------------------------------------------------------------- as a BackendChoice is
    @property
    def choice(self) -> Choice:
        """The backend that runs the largest of its parts."""
        loops = [run for run in self._runs.values() if isinstance(run, LoopRun)]
        if loops:
            choice, how = max(loops, key=lambda run: run.work).choice, "between checkpoints"
        else:
            choice, how = self._outputs.choice, "around look-ups"
        return Choice(choice.name, f"in parts {how}; {choice.reason}", choice.seconds)

    @property
    def may_be_open(self) -> bool:
        """Whether a gradient may leave open what a 0 is."""
        return self._makers.may_be_open

    @cached_property
    def _whole(self) -> BackendChoice:
        return BackendChoice(self._plain(), self._makers.backend)

    @property
    def program(self) -> Program:
        """The program without checkpoints."""
        return self._whole.program

    @property
    def content(self) -> Content:
        """The same, as it was made."""
        return self._whole.content

    def compile_now(self) -> None:
        """Nothing: each part is compiled when that pays."""

    def runner(self, rows: int) -> Checkpointed:
        """Itself, for any number of rows."""
        return self

    def run(self, parameters: Any, inputs: Any, threads: int) -> tuple[Any, Any]:
        """The outputs that are summed, and those that are not, (outputs, rows)."""
        run = Run(self._parts, parameters, inputs, threads)
        for part in self._parts.parts:
            if part.is_shared:
                self._runs[id(part)].forward(run)
        rows = inputs.shape[1]
        size = self._block(rows)
        results = []
        for start in range(0, max(rows, 1), size):
            run.take(inputs[:, start : start + size])
            results.append(self._block_of_rows(run))
        if self._wanted.target is not None:
            for part in reversed(self._parts.parts):
                if part.is_shared:
                    self._runs[id(part)].backward(run)
        return self._results(run, results, rows)

    def _block(self, rows: int) -> int:
        """How many rows are computed together."""
        numbers = int((~self._parts.shared).sum())
        for run in self._runs.values():
            if isinstance(run, LoopRun):
                numbers += run.kept_numbers
        return max(64, min(rows, BLOCK_BYTES // (8 * max(numbers, 1))))

    # ------------------------------------------------------------------------------- results
    def _block_of_rows(self, run: Run) -> tuple[Any, Any, Any]:
        """The sums and the lines of the value, and the gradient by numbers of the rows."""
        parts = [part for part in self._parts.parts if not part.is_shared]
        for part in parts[:-1]:
            self._runs[id(part)].forward(run)
        sums, lines = self._outputs.run(*run.read(self._last), run.threads)
        own = None
        if self._wanted.target is not None:
            for part in reversed(parts):
                self._runs[id(part)].backward(run)
            own = run.own_slopes
        return sums, lines, own

    def _results(
        self, run: Run, blocks: Sequence[tuple[Any, Any, Any]], rows: int
    ) -> tuple[Any, Any]:
        wanted = self._wanted
        sums: list[Any] = [np.zeros(0)]
        lines: list[Any] = [np.zeros((0, rows))]
        for name in wanted.names:
            if name == "value":
                if wanted.sums:
                    total = blocks[0][0]
                    for block in blocks[1:]:
                        total = total + block[0]
                    sums.append(total[: wanted.count])
                else:
                    lines.append(np.concatenate([b[1] for b in blocks], axis=1)[: wanted.count])
                continue
            own = np.concatenate([block[2] for block in blocks], axis=1)
            for space, places, summed in wanted.by:
                slopes = run.slopes_by(space, places, own)
                if summed:
                    sums.append(slopes.sum(axis=1))
                else:
                    lines.append(slopes)
        return np.concatenate(sums), np.concatenate(lines)


def checkpointed(
    names: Sequence[str],
    derivation: Derivation,
    backend: str,
    plain: Callable[[], Content],
    *,
    leaves_open: bool,
) -> Checkpointed | None:
    """The runner of a function with checkpoints; None where it has none, or other results are asked
    for than values and gradients.

    Arguments:
        names: the results.
        derivation: their derivatives.
        backend: the name of a backend, or "auto".
        plain: makes the program without checkpoints.
        leaves_open: whether gradients may leave open what a 0 among them is.

    Raises: UnsupportedError where a rule cannot be traced on one member alone.
    """
    sums, count = derivation.sums, len(derivation.outputs)
    slopes = [name for name in names if name != "value"]
    if not _applies(derivation.nodes.loops, slopes):
        return None
    traced = derivation.flat(sums, derivation.product() if slopes == ["vjp"] else ()).traced
    if traced is None or not traced.is_cut:
        return None
    leaves = [
        (space, indices_of(places), mark)
        for (space, places), mark in zip(derivation.by, derivation.marks, strict=True)
    ]
    start = {"parameter": 0, "input": len(derivation.nodes.parameters)}
    by = [start[space] + places for space, places, _ in leaves]
    is_by_shared = any(space == "parameter" for space, _, _ in leaves)
    parts = traced.parts(
        np.concatenate([np.zeros(0, np.int64), *(by if slopes else [])]),
        spread=bool(slopes) and not sums and is_by_shared,
    )
    target = None
    if slopes:
        target = count if slopes == ["vjp"] else 0
    makers = Makers(parts, target, backend, _gradient, bool(slopes) and leaves_open)
    return Checkpointed(makers, Wanted(count, sums, target, leaves, names), plain)


def _applies(loops: Sequence[TracedLoop], slopes: list[str]) -> bool:
    """Whether a function is run in parts for these derivatives.

    Raises: SelectedEntriesError where it looks entries up, and others are asked for.
    """
    looks_up = any(loop.table is not None for loop in loops)
    if not looks_up and not any(loop.kept for loop in loops):
        return False
    if slopes in ([], ["grad"], ["vjp"]):
        return True
    if looks_up:
        raise SelectedEntriesError
    return False


def _gradient(program: Program, by: list[tuple[str, Any]], marks: list[bool]) -> Content:
    return differentiated(program, "grad", by, summed=marks).content
