"""A program that is ready for calls of one kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd_bp.compiling.backends import c
from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.calling.caller import Machine
from autograd_bp.compiling.front.arguments import Nodes, Packed
from autograd_bp.compiling.front.bound import Bound, BoundToValues, PlainBound
from autograd_bp.compiling.front.captured import Captured
from autograd_bp.compiling.front.derived import derived
from autograd_bp.compiling.front.guarded import Guard
from autograd_bp.compiling.front.parts import Result
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.program.collector import no_collections as no_collections
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.trees import Tree


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
    """

    backend: BackendChoice
    result: Result
    example: tuple[Any, Any]
    kind: str
    wrt: str
    captured: Captured
    way: str
    guard: Guard | None = None

    @property
    def program(self) -> Program:
        """The program."""
        return self.backend.program

    @property
    def content(self) -> Program | Loops:
        """The program as it was made: as loops if it is a derivative of loops."""
        return self.backend.content

    def run(self, packed: Packed, threads: int) -> Any:
        """What the caller gets."""
        return self.result.of_numbers(*self.numbers(packed, threads))

    def numbers(self, packed: Packed, threads: int) -> tuple[Any, Any]:
        """The outputs that are summed, and an array (outputs, rows) of the others."""
        parameters = with_numbers(packed.parameters, self.captured)
        if self.guard is not None:
            self.guard.check(parameters, packed.inputs, threads, packed.nodes)
        return self.backend.run(parameters, packed.inputs, threads)

    def bound(self, packed: Packed, threads: int) -> Bound | PlainBound:
        """A call with buffers of its own; machine code is made for it where there can be any."""
        self.backend.compile_now()
        runner = self.backend.runner(packed.inputs.shape[1])
        packed = replace(packed, parameters=with_numbers(packed.parameters, self.captured))
        if isinstance(runner, Machine):
            kind = BoundToValues if self.captured.leaves or self.guard else Bound
            return kind(runner, packed, self.result, threads, self.captured, self.guard)
        return PlainBound(self.backend, packed, self.result, threads, self.captured, self.guard)


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

    Raises: as `derived`.
    """
    nodes = replace(nodes, parameters=[*nodes.parameters, *captured.leaves])
    result, content, way = derived(kind, outputs, tree, nodes, sums, sparse)
    rows = c.rows_for(content)
    return ReadyProgram(
        BackendChoice(content, backend),
        result,
        (with_numbers(packed.parameters, captured).copy(), packed.inputs[:, :rows].copy()),
        kind,
        wrt,
        captured,
        way,
        guard,
    )
