"""A program that is ready for calls of one kind."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from autograd_bp.compiling.backends import c
from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.calling.caller import Machine
from autograd_bp.compiling.front.arguments import Nodes, Packed
from autograd_bp.compiling.front.bound import Bound, PlainBound
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
    """

    program: Program
    backend: BackendChoice
    result: Result
    example: tuple[Any, Any]
    kind: str
    wrt: str

    def run(self, packed: Packed, threads: int) -> Any:
        sums, per_row = self.backend.run(packed.parameters, packed.inputs, threads)
        return self.result.of_numbers(sums, per_row)

    def bound(self, packed: Packed, threads: int) -> Bound | PlainBound:
        """A call with buffers of its own; machine code is made for it where there can be any."""
        self.backend.compile_now()
        runner = self.backend.runner(packed.inputs.shape[1])
        if isinstance(runner, Machine):
            return Bound(runner, packed, self.result, threads)
        return PlainBound(self.backend, packed, self.result, threads)


def ready_program(
    result: Result, nodes: Nodes, packed: Packed, *, backend: str, kind: str, wrt: str
) -> ReadyProgram:
    """The program that computes a result.

    Arguments:
        result: the nodes to compute.
        nodes: those that numbers take the place of.
        packed: the numbers of the first call.
        backend: the name of a backend, or "auto".
        kind: what the result is: "value", "grad" ...
        wrt: the argument that it is differentiated by.
    """
    program = optimised(
        flatten(
            result.outputs,
            parameters=nodes.parameters,
            inputs=nodes.inputs,
            summed=result.summed,
        )
    )
    return ReadyProgram(
        program,
        BackendChoice(program, backend),
        # The recorded graph is many times as large as the program, and needed no more.
        replace(result, outputs=[]),
        (packed.parameters.copy(), packed.inputs[:, : c.rows_for(program)].copy()),
        kind,
        wrt,
    )
