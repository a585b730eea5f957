"""How the backend "numpy" is chosen and called."""

from __future__ import annotations

from autograd_bp.compiling.backends.numpy.runner import Rolled
from autograd_bp.compiling.backends.protocol import Backend, Costs, Runner, Source
from autograd_bp.compiling.calling.caller import Floats
from autograd_bp.compiling.loops.loops import Loops


class NumpyBackend(Backend):
    """Runs every program everywhere: a row of data costs little, a call much."""

    name = "numpy"
    costs = Costs(loop=5e-6, operation=1e-9, step=6e-5, weight=2e-9)

    def prepare(self, source: Source, rows: int) -> Runner:
        return NumpyRunner(source.loops)


class NumpyRunner:
    """Loops as operations on arrays of a block of rows, sums of products as matrix products."""

    def __init__(self, loops: Loops) -> None:
        self._blocks = Rolled(loops)
        self._summed = [k for space, k in loops.outputs if space == "sum"]
        self._per_row = [k for space, k in loops.outputs if space == "per_row"]

    def run(self, parameters: Floats, inputs: Floats, threads: int = 1) -> tuple[Floats, Floats]:
        sums, per_row = self._blocks.arrays(parameters, inputs)
        return sums[self._summed], per_row[self._per_row]
