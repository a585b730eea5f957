"""Flattens the computation of a function: as a program, and as the steps of a recurrence."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.compiling.program.finding_steps import find_steps
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.moved_template import Along
from autograd_bp.compiling.program.passes import optimised, split_products
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.steps import Steps
from autograd_bp.compiling.program.traced import TracedProgram


class Flattened:
    """Some numbers of a graph as a program.

    Arguments:
        outputs: the numbers.
        nodes: the arguments of the function, and its loops.
        marks: for each number whether it is summed over the rows.
        along: see `TracedProgram`.

    Raises: PlainRoundsError where loops that were traced once do not suit.
    """

    def __init__(
        self,
        outputs: Sequence[Any],
        nodes: Nodes,
        marks: Sequence[bool],
        along: Along | None = None,
    ) -> None:
        self._traced: TracedProgram | None = None
        if nodes.loops:
            self._traced = TracedProgram(
                outputs, nodes.loops, nodes.parameters, nodes.inputs, marks, nodes.names, along
            )
        else:
            graph = flatten(
                outputs,
                parameters=nodes.parameters,
                inputs=nodes.inputs,
                summed=marks,
                names=nodes.names,
            )
            self.program = optimised(graph)

    @cached_property
    def program(self) -> Program:
        """The program after the passes."""
        assert self._traced is not None
        return self._traced.program()

    def steps(self, per_loop: int = 0) -> Steps | None:
        """The steps of the program; None where there are none, or only few.

        Arguments:
            per_loop: see `find_steps`; where the steps are not rounds that were traced once.
        """
        steps = None if self._traced is None else self._traced.steps()
        return find_steps(split_products(self.program), per_loop) if steps is None else steps

    @property
    def traced(self) -> TracedProgram | None:
        """The program as loops that were traced once; None where none were."""
        return self._traced

    @property
    def size(self) -> int:
        """How many instructions there are."""
        return len(self.program) if self._traced is None else self._traced.size
