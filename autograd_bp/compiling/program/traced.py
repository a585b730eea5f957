"""Programs of functions whose loops were traced once.

`program()` repeats all bodies of the template (template.py). `steps()` repeats all but the largest,
which becomes `Steps`: the program of few rounds shows what that of all of them looks like
(loops/stretching.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from autograd_bp.compiling.program.assembling import Assembly
from autograd_bp.compiling.program.moved_template import Along
from autograd_bp.compiling.program.parts import Parts
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.steps import Steps
from autograd_bp.compiling.program.template import new_template, stages_of
from autograd_bp.flow.rounds import PlainRoundsError, SelectedEntriesError, TracedLoop
from autograd_bp.value import Value

__all__ = ["TracedProgram"]


class TracedProgram:
    """The program of a function whose loops were traced once.

    Arguments:
        outputs, parameters, inputs, summed, names: as of `flatten`.
        loops: those that were traced.
        along: what a derivative in a direction is taken by; then the outputs are followed by
            their tangents.

    Raises: PlainRoundsError where the graph reads what belongs to single rounds.
    """

    def __init__(
        self,
        outputs: Sequence[Any],
        loops: Sequence[TracedLoop],
        parameters: Sequence[Value],
        inputs: Sequence[Value],
        summed: Sequence[bool],
        names: tuple[Sequence[str], Sequence[str]],
        along: Along | None = None,
    ) -> None:
        twice = 1 if along is None else 2
        self._summed, self._count = tuple(summed) * twice, len(outputs) * twice
        self._leaves = (len(parameters), len(inputs))
        template, self._bodies = new_template(outputs, loops, parameters, inputs, names, along)
        self._template = template
        self._stages = stages_of(template, self._bodies)
        self._require_closed(template.first)

    # -------------------------------------------------------------------------- the template
    def _require_closed(self, first: int) -> None:
        """Raises PlainRoundsError where a number of a round is read outside of its loop."""
        template, stages = self._template, self._stages
        operands = np.asarray(template.operands)
        lengths = np.diff(np.asarray(template.starts))
        readers = np.repeat(stages[first:], lengths)
        ends = [body.ends for body in self._bodies]
        inner = (stages[operands] & 1) == 1
        wrong = bool((inner & (stages[operands] != readers)).any())
        for body, end in zip(self._bodies, ends, strict=True):
            for some, most in ((body.init, body.stage - 1), (body.columns, body.stage - 1)):
                wrong |= bool((_stages_of(stages, some) > most).any())
                wrong |= bool((_stages_of(stages, some) & 1 == 1).any())
            for some in (end, body.ys):
                found = _stages_of(stages, some)
                wrong |= bool(
                    ((found > body.stage) | ((found & 1 == 1) & (found != body.stage))).any()
                )
        results = stages[np.array(template.outputs[: self._count], np.int64)]
        if wrong or (results & 1 == 1).any():
            raise PlainRoundsError("a number of one round is used outside of its loop")

    @cached_property
    def size(self) -> int:
        """How many instructions there are with all rounds."""
        first = self._template.first
        counts = np.bincount(self._stages[first:], minlength=2 * len(self._bodies) + 1)
        times = np.ones(len(counts), np.int64)
        for body in self._bodies:
            times[body.stage] = body.count
        return int((counts * times).sum())

    # ------------------------------------------------------------------------------ what for
    def program(self) -> Program:
        """The program with all rounds, after the passes."""
        self._require_loops()
        return optimised(self._assembly(as_parameters=False).program(self._count, self._summed))

    @property
    def is_cut(self) -> bool:
        """Whether it is run in parts: it has loops with checkpoints, or looks entries up."""
        return any(body.kept or body.table is not None for body in self._bodies)

    def parts(self, by: Any, *, spread: bool) -> Parts:
        """The program cut where loops begin and end.

        Arguments:
            by: registers to differentiate by: parameters, then inputs.
            spread: whether parameters are numbers of the rows.
        """
        return Parts(
            self._template,
            self._bodies,
            self._stages,
            self._leaves,
            self._count,
            spread=spread,
            by=by,
        )

    def steps(self) -> Steps | None:
        """The largest loop as steps; None where its rounds are not alike."""
        self._require_loops()
        template, bodies = self._template, self._bodies
        if not bodies:
            return None
        stages = self._stages
        counts = np.bincount(stages[template.first :], minlength=2 * len(bodies) + 1)
        largest = max(bodies, key=lambda body: body.count * int(counts[body.stage]))
        assembly = self._assembly(as_parameters=True)
        return assembly.steps(largest, self._count, self._summed)

    def _require_loops(self) -> None:
        """Raises SelectedEntriesError where entries are looked up, which no primitive does."""
        if any(body.table is not None for body in self._bodies):
            raise SelectedEntriesError

    def _assembly(self, *, as_parameters: bool) -> Assembly:
        return Assembly(
            self._template, self._bodies, self._stages, self._leaves, as_parameters=as_parameters
        )


def _stages_of(stages: Any, registers: Any) -> Any:
    some = registers.ravel()
    return stages[some[some >= 0]]
