"""A program that is ready for calls of one kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from autograd_bp.compiling.backends import c
from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.calling.caller import Machine
from autograd_bp.compiling.front.arguments import Nodes, Packed
from autograd_bp.compiling.front.bound import Bound, PlainBound
from autograd_bp.compiling.front.derived import derived
from autograd_bp.compiling.front.results import Result
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
        way: how a derivative came about: "loops" or "recorded"; the empty text for a value.
    """

    backend: BackendChoice
    result: Result
    example: tuple[Any, Any]
    kind: str
    wrt: str
    way: str

    @property
    def program(self) -> Program:
        """The program."""
        return self.backend.program

    @property
    def content(self) -> Program | Loops:
        """The program as it was made: as loops if it is a derivative of loops."""
        return self.backend.content

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
    kind: str,
    outputs: list[Any],
    tree: Tree,
    nodes: Nodes,
    packed: Packed,
    *,
    sums: bool,
    backend: str,
    wrt: str,
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

    Raises: as `derived`.
    """
    result, content, way = derived(kind, outputs, tree, nodes, sums)
    rows = c.rows_for(content)
    return ReadyProgram(
        BackendChoice(content, backend),
        result,
        (packed.parameters.copy(), packed.inputs[:, :rows].copy()),
        kind,
        wrt,
        way,
    )
