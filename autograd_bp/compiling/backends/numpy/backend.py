"""How the backend "numpy" is chosen and called."""

from __future__ import annotations

import numpy as np

from autograd_bp.compiling.backends.numpy.runner import NumpyRunner
from autograd_bp.compiling.backends.protocol import Backend, Costs, Runner, Source


class NumpyBackend(Backend):
    """Runs every program everywhere: a row of data costs little, a call much."""

    name = "numpy"
    costs = Costs(loop=5e-6, operation=1e-9, step=6e-5, weight=2e-9)

    def prepare(self, source: Source, rows: int) -> Runner:
        return NumpyRunner(source.loops.written_out())


class NumpyFloat32Backend(NumpyBackend):
    """The same with floats of 32 bits: half the memory, twice the numbers in a vector register."""

    name = "numpy-float32"

    def prepare(self, source: Source, rows: int) -> Runner:
        return NumpyRunner(source.loops.written_out(), np.float32)
