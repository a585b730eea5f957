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
from autograd_bp.compiling.front.results import Result
from autograd_bp.compiling.program.collector import no_collections as no_collections
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program


@dataclass(frozen=True)
class ReadyProgram:
    """A program, what runs it, and how its outputs become a result.

    Attributes:
        program: the program.
        backend: what runs it.
        result: makes the result.
        example: parameters, and inputs of some rows, of the first call.
        kind: what is computed: "value", "grad" ...
        wrt: the argument that it is differentiated by.
        captured: the Values from outside: their numbers are the last parameters.
    """

    program: Program
    backend: BackendChoice
    result: Result
    example: tuple[Any, Any]
    kind: str
    wrt: str
    captured: Captured

    def run(self, packed: Packed, threads: int) -> Any:
        parameters = with_numbers(packed.parameters, self.captured)
        sums, per_row = self.backend.run(parameters, packed.inputs, threads)
        return self.result.of_numbers(sums, per_row)

    def bound(self, packed: Packed, threads: int) -> Bound | PlainBound:
        """A call with buffers of its own; machine code is made for it where there can be any."""
        self.backend.compile_now()
        runner = self.backend.runner(packed.inputs.shape[1])
        packed = replace(packed, parameters=with_numbers(packed.parameters, self.captured))
        if isinstance(runner, Machine):
            kind = BoundToValues if self.captured.leaves else Bound
            return kind(runner, packed, self.result, threads, self.captured)
        return PlainBound(self.backend, packed, self.result, threads, self.captured)


def with_numbers(parameters: Any, captured: Captured) -> Any:
    """The parameters of a call, and the numbers of the Values from outside after them."""
    if not captured.leaves:
        return parameters
    return np.concatenate([parameters, captured.numbers()])


def ready_program(
    result: Result,
    nodes: Nodes,
    packed: Packed,
    *,
    backend: str,
    kind: str,
    wrt: str,
    captured: Captured,
) -> ReadyProgram:
    """The program that computes a result.

    Arguments:
        result: the nodes to compute.
        nodes: those that numbers take the place of.
        packed: the numbers of the first call.
        backend: the name of a backend, or "auto".
        kind: what the result is: "value", "grad" ...
        wrt: the argument that it is differentiated by.
        captured: the Values from outside.
    """
    program = optimised(
        flatten(
            result.outputs,
            parameters=[*nodes.parameters, *captured.leaves],
            inputs=nodes.inputs,
            summed=result.summed,
        )
    )
    return ReadyProgram(
        program,
        BackendChoice(program, backend),
        # The recorded graph is many times as large as the program, and needed no more.
        replace(result, outputs=[]),
        (
            with_numbers(packed.parameters, captured).copy(),
            packed.inputs[:, : c.rows_for(program)].copy(),
        ),
        kind,
        wrt,
        captured,
    )
