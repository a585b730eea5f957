"""How the backend "tape" is chosen and called."""

from __future__ import annotations

from autograd_bp.compiling.backends import tape
from autograd_bp.compiling.backends.protocol import Backend, Costs, Runner, Source
from autograd_bp.compiling.calling.caller import machine


class TapeBackend(Backend):
    """Starts at once, on batches of any size. Primitives of users are recipes."""

    name = "tape"
    costs = Costs(loop=3e-8, operation=6e-11, element=1e-9, once=1.5e-9, step=5e-6, weight=3e-9)

    def unavailable(self) -> str | None:
        return tape.unavailable()

    def refusal(self, source: Source) -> str | None:
        name = tape.refused(source.loops)
        return None if name is None else f"the primitive {name!r} has no expression"

    def prepare(self, source: Source, rows: int) -> Runner:
        runner: Runner = machine(source.loops, tape.tape_of(source.loops))
        return runner
