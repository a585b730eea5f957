"""Programs that may go wrong when they run: an index outside of its table, a loop above its limit.

Code that was compiled raises no errors. So what may go wrong is a program of its own, which
computes for each row whether it does; the function itself, on the numbers of that row, says what.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp import functions
from autograd_bp import primitives as ops
from autograd_bp.compiling.backends.choosing import BackendChoice
from autograd_bp.compiling.front.by_steps import value_by_steps
from autograd_bp.compiling.front.checkpoints import Checkpointed, checkpointed
from autograd_bp.compiling.front.derivation import Derivation
from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.program.builder import Builder
from autograd_bp.compiling.program.merging import merged
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.contexts import no_recording, on_plain_numbers
from autograd_bp.errors import BadIndexError
from autograd_bp.flow.growing import Limits, MoreRoundsError, counting
from autograd_bp.value import Value

MAX_ROWS = 8  # that are run again to see how many rounds they need


class Guard:
    """Knows what may go wrong in a compiled function.

    Arguments:
        function: the function.
        name: what it is called.
        nodes: those that it was recorded with, and its faults.
        outside: the Values from outside, the last parameters.
        backend: the name of a backend, or "auto".
        limits: how many rounds are computed of loops where numbers say it.

    Attributes:
        grows: whether it has loops that can be recorded with more rounds.
        has_endless: whether a loop has no limit.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        name: str,
        nodes: Nodes,
        outside: list[Value],
        backend: str,
        *,
        limits: Limits | None = None,
    ) -> None:
        self._function, self._name = function, name
        limits = Limits() if limits is None else limits
        self.grows, self.has_endless = limits.may_grow, limits.has_endless
        self._rounds = dict(limits.rounds)
        fault = functions.any([*nodes.faults])
        if outside:
            nodes = replace(nodes, parameters=[*nodes.parameters, *outside])
        derivation = Derivation([fault], nodes, False, False)

        def plain() -> Program | Loops:
            flat = derivation.flat(False)
            return value_by_steps(flat) or flat.program

        self._backend = checkpointed(
            ["value"], derivation, backend, plain, leaves_open=False
        ) or BackendChoice(plain(), backend)

    @property
    def backend(self) -> BackendChoice | Checkpointed:
        """The object that runs its program."""
        return self._backend

    @property
    def program(self) -> Program:
        """Computes for each row 1 where something goes wrong, else 0."""
        return self._backend.program

    def check(self, parameters: Any, inputs: Any, threads: int, nodes: Callable[[], Nodes]) -> None:
        """Raises what the function raises on the first row where something goes wrong; or
        MoreRoundsError, where nothing does and rounds are missing.

        Arguments:
            parameters: the numbers that all rows share, those of Values outside last.
            inputs: an array (inputs of a row, rows).
            threads: how many may share the work.
            nodes: makes the arguments of the function, as Values.
        """
        _, per_row = self._backend.run(parameters, inputs, threads)
        faults = np.flatnonzero(per_row[0])
        counts: dict[Any, int] = {}
        for row in self._looked_at(faults.tolist()):
            for key, count in self._explain(parameters, inputs[:, row], row, nodes()).items():
                counts[key] = max(count, counts.get(key, 0))
        if len(faults):
            raise MoreRoundsError(counts, self._rounds)

    def _looked_at(self, faults: list[int]) -> list[int]:
        """Rows that are run again: the first, and some others where rounds may be missing."""
        if not self.grows:
            return faults[:1]
        return list(dict.fromkeys([*faults[:: -(-len(faults) // MAX_ROWS) or 1], *faults[-1:]]))

    def _explain(self, parameters: Any, inputs: Any, row: int, nodes: Nodes) -> dict[Any, int]:
        """Raises what the function raises on a row. Returns: the rounds that its loops need."""
        try:
            counts = rounds_of(self._function, parameters, inputs, nodes)
        except Exception as error:
            if nodes.inputs and hasattr(error, "add_note"):
                error.add_note(f"in row {row} of a call of {self._name}, which is compiled")
            raise
        if self.grows:
            return counts
        raise BadIndexError(
            f"an index or a number of rounds is out of its range in row {row} of {self._name}"
        )


def rounds_of(
    function: Callable[..., Any],
    parameters: Any,
    inputs: Any,
    nodes: Nodes,
    most: float = math.inf,
) -> dict[Any, int]:
    """How many rounds the loops of a function need for the numbers of one row.

    Raises: what the function raises; MoreRoundsError where a loop needs more than `most`.
    """
    for leaves, numbers in ((nodes.parameters, parameters), (nodes.inputs, inputs)):
        for leaf, x in zip(leaves, numbers.tolist(), strict=False):
            leaf.data = x
    with on_plain_numbers(), no_recording(), counting(most) as counts:
        function(*nodes.args, **nodes.kwargs)
    return counts


def content_with_nan(content: Program | Loops, guard: Guard | None) -> Program | Loops:
    """Return a program that computes the same where no error can be raised: NaN for all outputs of
    a row in which something goes wrong, such as an index outside of its table."""
    if guard is None:
        return content
    program = unrolled(content) if isinstance(content, Loops) else content
    both = merged([program, guard.program])
    builder = Builder.after(both)
    leaves = len(both.parameters) + len(both.inputs)

    def place(register: int) -> int:
        """A register of the program as the builder numbers it."""
        if register < leaves:
            return register
        k = register - leaves
        return -1 - k if k < len(both.constants) else register - len(both.constants)

    *outputs, wrong = map(place, both.outputs)
    nan = builder.constant(math.nan)
    results = [builder.emit(ops.where, [wrong, nan, output]) for output in outputs]
    return optimised(builder.finish(results, program.summed))
