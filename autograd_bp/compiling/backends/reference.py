"""The backend "reference": one row after the other, one instruction after the other.

It runs programs as they are, without loops. It is slow, and what the others are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from autograd_bp.compiling.backends.protocol import Backend, Runner, Source
from autograd_bp.compiling.calling.caller import Floats
from autograd_bp.compiling.program.program import Program


class ReferenceBackend(Backend):
    name = "reference"

    def prepare(self, source: Source, rows: int) -> Runner:
        return ReferenceRunner(source.program)


class ReferenceRunner:
    """`Program.run` on arrays."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def run(self, parameters: Floats, inputs: Floats, threads: int = 1) -> tuple[Floats, Floats]:
        outputs = self._program.run(parameters.tolist(), inputs.T.tolist())
        sums = [x for x in outputs if isinstance(x, float)]
        per_row = [x for x in outputs if isinstance(x, Sequence)]
        return np.array(sums), np.array(per_row).reshape(len(per_row), inputs.shape[1])
