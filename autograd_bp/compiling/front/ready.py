"""A program that is ready for calls of one kind."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp.compiling.backends import c, registry
from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.calling.caller import Machine
from autograd_bp.compiling.front.bound import (
    Bound,
    BoundToTables,
    BoundToValues,
    GrowingBound,
    Grown,
    PlainBound,
)
from autograd_bp.compiling.front.by_loops import INSTRUCTIONS
from autograd_bp.compiling.front.captured import Captured
from autograd_bp.compiling.front.checkpoints import CHECKPOINTS, Checkpointed, checkpointed
from autograd_bp.compiling.front.derivation import Derivation
from autograd_bp.compiling.front.derived import MAX_OPEN, Derived, Zeros, derived
from autograd_bp.compiling.front.guarded import Guard
from autograd_bp.compiling.front.packed import Nodes, Packed
from autograd_bp.compiling.front.parts import Result
from autograd_bp.compiling.front.results import names_of_kind
from autograd_bp.compiling.front.results import result as result_of
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.program.collector import no_collections as no_collections
from autograd_bp.compiling.program.finding_steps import MIN_INSTRUCTIONS
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.trees import Tree
from autograd_bp.flow.growing import MoreRoundsError


class UndecidedZeroWarning(UserWarning):
    """A gradient of 0 met an infinite slope in a program that is too large to find out whether its
    parts have cancelled, which is NaN, or nothing arrived, which is 0: the result has 0."""


@dataclass(frozen=True)
class ReadyProgram:
    """A program, what runs it, and how its outputs become a result.

    Attributes:
        backend: what runs it.
        result: makes the result.
        example: parameters, and inputs of some rows, of the first call.
        kind: what is computed: "value", "grad" ...
        wrt: the argument that it is differentiated by.
        captured: the Values from outside: their numbers are the last parameters.
        way: how a derivative came about, see `derived`.
        guard: what may go wrong when it runs; None where nothing may.
        other: None where the program leaves no question open. Else it makes the program that asks
            all paths whether a gradient of 0 was reached, or the one that takes it for nothing.
        exported: makes the program for a file, in which the steps of a recurrence are a loop
            however few they are.
        is_too_large: whether asking would take too long.
        look_up_from: with how many rows a program that looks entries of tables up is better; 0
            where there is none.
    """

    backend: BackendChoice | Checkpointed
    result: Result
    example: tuple[Any, Any]
    kind: str
    wrt: str
    captured: Captured
    way: str
    guard: Guard | None = None
    other: Callable[[Zeros], ReadyProgram] | None = None
    exported: Callable[[Zeros], ReadyProgram] | None = None
    look_up_from: int = 0
    is_too_large: bool = False

    @property
    def program(self) -> Program:
        """The program."""
        return self.backend.program

    @property
    def content(self) -> Program | Loops:
        """The program as it was made: as loops if it is a derivative of loops."""
        return self.backend.content

    def run(self, packed: Packed, threads: int) -> Any:
        """Return the caller's result."""
        return self.result.of_numbers(*self.numbers(packed, threads), packed.tables)

    def numbers(self, packed: Packed, threads: int) -> tuple[Any, Any]:
        """The outputs that are summed, and an array (outputs, rows) of the others."""
        parameters = with_numbers(packed.parameters, self.captured)
        if self.guard is not None:
            self.guard.check(parameters, packed.inputs, threads, packed.nodes)
        sums, per_row = self.backend.run(parameters, packed.inputs, threads)
        return self.settled(sums, per_row, parameters, packed.inputs, threads)

    def settled(
        self, sums: Any, per_row: Any, parameters: Any, inputs: Any, threads: int
    ) -> tuple[Any, Any]:
        """These outputs, or where they have a NaN and a question was left open those of the
        program that asks it; of the one that takes 0 for nothing if that would take too long.

        Arguments:
            sums: the outputs that are summed.
            per_row: the others.
            parameters: what they were computed from.
            inputs: the same of the rows.
            threads: how many may share the work.
        """
        if self.other is None or not (has_nan(sums) or has_nan(per_row)):
            return sums, per_row
        others = self._asking.backend.run(parameters, inputs, threads)
        if self.is_too_large and count_nan(*others) < count_nan(sums, per_row):
            warnings.warn(
                f"{self.kind}: in this program, which is too large to ask all paths, a gradient of "
                "0 met an infinite slope. The result has 0 there, and NaN would be right if the "
                "gradient had cancelled: find_nonfinite, and grad of the function that is not "
                "compiled, tell at this point. See docs/kinks.md",
                UndecidedZeroWarning,
                stacklevel=4,
            )
        return others

    @cached_property
    def _asking(self) -> ReadyProgram:
        assert self.other is not None
        return self.other(Zeros.NOTHING if self.is_too_large else Zeros.ASKED)

    @cached_property
    def for_export(self) -> ReadyProgram:
        """The program for a file. No result is looked at there: a gradient of 0 is taken for
        nothing. Its size does not grow with the steps of a recurrence."""
        is_long = self.way == INSTRUCTIONS and len(self.program) >= MIN_INSTRUCTIONS
        is_long = is_long or (self.guard is not None and self.guard.grows)
        if self.exported is None or (self.other is None and not is_long):
            return self
        return self.exported(Zeros.OPEN if self.other is None else Zeros.NOTHING)

    @cached_property
    def with_all_rounds(self) -> ReadyProgram:
        """The program in which loops have as many rounds as their limits, for what is compiled
        once."""
        if self.exported is None or self.guard is None or not self.guard.grows:
            return self
        return self.exported(Zeros.OPEN)

    def grown(self, rows: int) -> Grown:
        """What a bound call of so many rows goes on with; machine code is made for it where there
        can be any."""
        self.backend.compile_now()
        settled = None if self.other is None else self.settled
        return Grown(self.backend.runner(rows), self.captured, self.guard, settled)

    def bound(
        self, packed: Packed, threads: int, again: Callable[[MoreRoundsError], ReadyProgram]
    ) -> Bound | PlainBound:
        """A call with buffers of its own.

        Arguments:
            packed: the arguments of a first call.
            threads: how many may share the work.
            again: records the function with more rounds of its loops.
        """
        rows = packed.inputs.shape[1]
        packed = replace(packed, parameters=with_numbers(packed.parameters, self.captured))
        grown = self.grown(rows)
        if self.guard is not None and self.guard.grows:
            return GrowingBound(
                grown, packed, self.result, threads, lambda more: again(more).grown(rows)
            )
        runner, outside = grown.runner, (self.captured, self.guard, grown.settled)
        if isinstance(runner, Machine):
            is_plain = not (self.captured.leaves or self.captured.took_means or self.guard)
            kind = Bound if is_plain and not packed.tables else BoundToTables
            kind = kind if is_plain else BoundToValues
            return kind(runner, packed, self.result, threads, *outside)
        return PlainBound(runner, packed, self.result, threads, *outside)


def has_nan(numbers: Any) -> bool:
    """Whether any of them is NaN."""
    return bool(np.isnan(numbers).any())


def count_nan(sums: Any, per_row: Any) -> int:
    """How many of the outputs are NaN."""
    return int(np.isnan(sums).sum() + np.isnan(per_row).sum())


def with_numbers(parameters: Any, captured: Captured) -> Any:
    """The parameters of a call, and the numbers of the Values from outside after them."""
    if not captured.leaves:
        return parameters
    return np.concatenate([parameters, captured.numbers()])


def ready_program(
    kind: str,
    outputs: list[Any],
    tree: Tree,
    nodes: Nodes,
    packed: Packed,
    *,
    sums: bool,
    backend: str,
    wrt: str,
    captured: Captured,
    guard: Guard | None = None,
    sparse: bool = False,
    zeros: Zeros = Zeros.OPEN,
    other: Callable[[Zeros], ReadyProgram] | None = None,
    exported: Callable[[Zeros], ReadyProgram] | None = None,
    is_exported: bool = False,
    selecting: Callable[[], Program | Loops] | None = None,
) -> ReadyProgram:
    """The program that computes a result.

    Arguments:
        kind: what the result is: "value", "grad" ...
        outputs: what the function returned.
        tree: the shape of that.
        nodes: those that numbers take the place of.
        packed: the numbers of the first call.
        sums: whether results are summed over the rows.
        backend: the name of a backend, or "auto".
        wrt: the argument that it is differentiated by.
        captured: the Values from outside.
        guard: what may go wrong when it runs.
        sparse: whether Jacobians and Hessians are handed out as sparse matrices.
        zeros: what is done about a gradient of 0 that meets an infinite slope.
        other: makes the same with another answer to that.
        exported: makes the same for a file.
        is_exported: whether it is that.
        selecting: makes the program in which entries of tables are selected.

    Raises: as `derived`.
    """
    if captured.leaves:
        nodes = replace(nodes, parameters=[*nodes.parameters, *captured.leaves])
    names = names_of_kind(kind)

    def whole() -> Derived:
        machine_code = registry.always_compiles(backend)
        return derived(
            kind,
            outputs,
            tree,
            nodes,
            sums,
            sparse,
            zeros,
            machine_code=machine_code,
            by_steps=is_exported,
        )

    choice: BackendChoice | Checkpointed | None = None
    if zeros is not Zeros.ASKED and any(loop.kept or loop.table for loop in nodes.loops):
        derivation = Derivation(outputs, nodes, sums, sparse)
        leaves_open = zeros is Zeros.OPEN
        looks_up = any(loop.table is not None for loop in nodes.loops)
        plain = selecting if looks_up and selecting else lambda: whole().content
        choice = checkpointed(names, derivation, backend, plain, leaves_open=leaves_open)
    if isinstance(choice, Checkpointed):
        result = result_of(kind, len(outputs), tree, nodes, sums, sparse)
        way, is_open = "" if names == ["value"] else CHECKPOINTS, choice.may_be_open
        is_too_large = is_open and derivation.flat(sums).size > MAX_OPEN
        rows = c.ROWS
    else:
        result, content, way, is_open, is_too_large, shorter = whole()
        if zeros is Zeros.ASKED and registry.always_compiles(backend):
            backend = registry.auto_for(backend)  # the program may be too large for machine code
        choice, rows = BackendChoice(content, backend, shorter), c.rows_for(content)
    return ReadyProgram(
        choice,
        result,
        (with_numbers(packed.parameters, captured).copy(), packed.inputs[:, :rows].copy()),
        kind,
        wrt,
        captured,
        way,
        guard,
        other if is_open else None,
        exported,
        is_too_large=is_too_large,
    )
