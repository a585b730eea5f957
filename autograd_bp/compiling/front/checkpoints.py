"""Functions that run in parts: loops whose states are computed again, `checkpoint=` of fori, scan
and while_loop, and look-ups in large tables.

The function is cut into parts (program/parts.py). The value goes through them in order, and keeps
of a loop with checkpoints the carry before each segment of its rounds. The gradient goes backwards:
it computes a segment again, with all that its rounds need, and passes the derivatives by the carry
on to the segment before. So of n rounds some √n states are kept, and what √n rounds compute.

A derivative in a direction is the value of a function that carries tangents too
(program/moved_template.py), and the product of the Hessian with it is the gradient of that.
Jacobians and Hessians are made line by line.

A part is run by any backend, as every program is. Sums over the rounds are added up segment by
segment, and else what is computed is what is computed without checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.choosing import BackendChoice, Choice
from autograd_bp.compiling.front.by_loops import differentiated
from autograd_bp.compiling.front.derivation import Derivation
from autograd_bp.compiling.front.flattened import Flattened
from autograd_bp.compiling.front.part_numbers import Run
from autograd_bp.compiling.front.part_results import Matrix, Wanted
from autograd_bp.compiling.front.part_runs import Content, LookUpRun, LoopRun, Makers, PlainRun
from autograd_bp.compiling.front.results import MATRICES
from autograd_bp.compiling.loops.instruction_tangents import program_tangents
from autograd_bp.compiling.loops.rules import questions_left_open
from autograd_bp.compiling.loops.sweeps import indices_of
from autograd_bp.compiling.program.moved_template import Along
from autograd_bp.compiling.program.parts import LookUp, Part, Rounds
from autograd_bp.compiling.program.program import Program
from autograd_bp.flow.rounds import SelectedEntriesError, TracedLoop
from autograd_bp.value import Value

CHECKPOINTS = "checkpoints"  # how a derivative came about
_KINDS: dict[type, Any] = {Part: PlainRun, Rounds: LoopRun, LookUp: LookUpRun}
BLOCK_BYTES = 64 << 20  # of rows that are computed together

__all__ = ["CHECKPOINTS", "Checkpointed", "checkpointed"]


class Checkpointed:
    """Runs a function part by part; it takes the place of a BackendChoice.

    Arguments:
        makers: what makes the programs of its parts.
        wanted: the results.
        plain: makes the program without checkpoints, for exports and for printing.

    Attributes:
        parts: the parts.
        wanted: as given.
        outputs: the runner of the last part.
        runs: what runs the parts, by their `id`.
    """

    def __init__(
        self,
        makers: Makers,
        wanted: Wanted,
        plain: Callable[[], Content],
    ) -> None:
        self._makers, self.wanted, self._plain = makers, wanted, plain
        parts = self.parts = makers.parts
        last = parts.parts[-1]
        assert isinstance(last, Part)
        marks = [wanted.sums] * len(parts.outputs)
        self._last, self.outputs = last, makers.choice_of(parts.program(last, marks))
        self.runs = self._runs_by(makers)

    def _runs_by(self, makers: Makers) -> dict[int, Any]:
        return {id(part): _KINDS[type(part)](makers, part) for part in self.parts.parts}

    def runs_for_export(self) -> dict[int, Any]:
        """What runs the parts, by their `id`, with programs for a file."""
        return self._runs_by(replace(self._makers, is_exported=True))

    # ----------------------------------------------------------------- as a BackendChoice is
    @property
    def choice(self) -> Choice:
        """The backend that runs the largest of its parts."""
        loops = [run for run in self.runs.values() if isinstance(run, LoopRun)]
        if loops:
            choice, how = max(loops, key=lambda run: run.work).choice, "between checkpoints"
        else:
            choice, how = self.outputs.choice, "around look-ups"
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
        wanted = self.wanted
        lines = [
            self._run_along(direction, parameters, inputs, threads)
            for direction in wanted.directions
        ]
        return wanted.numbers(lines, inputs.shape[1])

    def _run_along(self, direction: Any, parameters: Any, inputs: Any, threads: int) -> Any:
        """The outputs and the derivatives in one direction: an array of numbers for each.

        Arguments:
            direction: the last parameters, those of a direction that moves along one leaf.
            parameters: the others.
            inputs: an array (inputs, rows).
            threads: how many may share the work.
        """
        run = Run(self.parts, np.concatenate([parameters, direction]), inputs, threads)
        for part in self.parts.parts:
            if part.is_shared:
                self.runs[id(part)].forward(run)
        rows = inputs.shape[1]
        size = self._block(rows)
        blocks = []
        common = [np.zeros_like(run.slopes) for _ in self.wanted.seeds]
        for start in range(0, max(rows, 1), size):
            run.take(inputs[:, start : start + size])
            blocks.append(self._block_of_rows(run, common))
        slopes = []
        for k, seeds in enumerate(self.wanted.seeds):
            run.begin(seeds, common[k])
            for part in reversed(self.parts.parts):
                if part.is_shared:
                    self.runs[id(part)].backward(run)
            own = np.concatenate([block[2][k] for block in blocks], axis=1)
            slopes.append([run.slopes_by(*leaves, own) for leaves in self.wanted.leaves])
        return [block[0] for block in blocks], [block[1] for block in blocks], slopes

    def _block(self, rows: int) -> int:
        """How many rows are computed together."""
        numbers = int((~self.parts.shared).sum())
        for run in self.runs.values():
            if isinstance(run, LoopRun):
                numbers += run.kept_numbers
        return max(64, min(rows, BLOCK_BYTES // (8 * max(numbers, 1))))

    def _block_of_rows(self, run: Run, common: Sequence[Any]) -> tuple[Any, Any, list[Any]]:
        """The sums and the lines of the value, and for each sweep the gradient by numbers of the
        rows. That by what rows share is added to `common`."""
        parts = [part for part in self.parts.parts if not part.is_shared]
        for part in parts[:-1]:
            self.runs[id(part)].forward(run)
        sums, lines = self.outputs.run(*run.read(self._last), run.threads)
        own = []
        for seeds, shared in zip(self.wanted.seeds, common, strict=True):
            run.begin(seeds, shared)
            for part in reversed(parts):
                self.runs[id(part)].backward(run)
            own.append(run.own_slopes)
        return sums, lines, own


def checkpointed(
    names: Sequence[str],
    derivation: Derivation,
    backend: str,
    plain: Callable[[], Content],
    *,
    leaves_open: bool,
) -> Checkpointed | None:
    """The runner of a function that is cut into parts; None where it is not, or where sparse
    matrices are asked for, or a Hessian beside a product in another direction.

    Arguments:
        names: the results.
        derivation: their derivatives.
        backend: the name of a backend, or "auto".
        plain: makes the program without checkpoints.
        leaves_open: whether gradients may leave open what a 0 among them is.

    Raises: UnsupportedError where a rule cannot be traced on one member alone.
    """
    sums, nodes = derivation.sums, derivation.nodes
    if not _applies(nodes.loops, names, is_sparse=derivation.is_sparse):
        return None
    slopes = [name for name in names if name not in ("value", "jvp")]
    product = derivation.product() if "vjp" in names else []
    matrix = Matrix(names, derivation)
    moves = bool({"jvp", "hvp"} & {*names}) or matrix.is_by_columns
    along = list(derivation.along)
    if matrix.is_by_columns:  # each leaf in turn is the direction
        first = len(nodes.parameters)
        fresh = [Value(0.0) for _ in range(derivation.width)]
        nodes = replace(nodes, parameters=[*nodes.parameters, *fresh])
        along = [("parameter", range(first, first + derivation.width))]
    start = {"parameter": 0, "input": len(nodes.parameters)}

    def registers(groups: Sequence[tuple[str, Any]]) -> Any:
        places = [start[space] + indices_of(some) for space, some in groups]
        return np.concatenate([np.zeros(0, np.int64), *places])

    by = registers(derivation.by)
    block: Any = questions_left_open() if leaves_open and moves else nullcontext()
    with block:
        moving = Along(by, registers(along), program_tangents) if moves else None
        outputs = [*derivation.outputs, *product]
        flat = Flattened(outputs, nodes, [sums] * len(outputs), moving)
    traced = flat.traced
    if traced is None or not traced.is_cut:
        return None
    is_by_shared = any(space == "parameter" for space, _ in derivation.by)
    is_mixed = "hessian" in names and len({*derivation.marks}) > 1
    spread = bool(slopes) and is_by_shared and (not sums or is_mixed)
    parts = traced.parts(by if slopes else by[:0], spread=spread)
    wanted = Wanted(names, derivation, matrix, len(outputs))
    makers = Makers(
        parts, wanted.targets, backend, _gradient, bool(slopes or moves) and leaves_open
    )
    return Checkpointed(makers, wanted, plain)


def _applies(loops: Sequence[TracedLoop], names: Sequence[str], *, is_sparse: bool) -> bool:
    """Whether a function is run in parts for these derivatives.

    Raises: SelectedEntriesError where it looks entries up, and what is asked for is not made so.
    """
    looks_up = any(loop.table is not None for loop in loops)
    if not looks_up and not any(loop.kept for loop in loops):
        return False
    is_double = "hessian" in names and bool({"jvp", "hvp"} & {*names})
    if not (is_double or (is_sparse and {*MATRICES} & {*names})):
        return True
    if looks_up:
        raise SelectedEntriesError
    return False


def _gradient(program: Program, by: list[tuple[str, Any]], marks: list[bool]) -> Content:
    return differentiated(program, "grad", by, summed=marks).content
