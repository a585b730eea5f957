"""How the backend "tape" is chosen and called."""

from __future__ import annotations

from autograd_bp.compiling.backends import tape
from autograd_bp.compiling.backends.protocol import Backend, Costs, Runner, Source
from autograd_bp.compiling.calling.caller import machine


class TapeBackend(Backend):
    """Starts at once, on batches of any size. Primitives of users are recipes."""

    name = "tape"
    costs = Costs(
        loop=7.5e-9,
        operation=2.2e-11,
        scattered=1.1e-10,
        element=1.75e-10,
        function=5e-10,
        once=8.5e-10,
        step=5e-6,
        weight=3e-9,
        fast_call=1.1e-6,
    )

    def unavailable(self) -> str | None:
        return tape.unavailable()

    def refusal(self, source: Source) -> str | None:
        name = tape.refused(source.loops)
        return None if name is None else f"the primitive {name!r} has no expression"

    def prepare(self, source: Source, rows: int) -> Runner:
        runner: Runner = machine(source.loops, tape.tape_of(source.loops))
        return runner
