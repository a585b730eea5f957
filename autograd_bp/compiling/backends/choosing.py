"""Which backend runs a program, and why.

Machine code takes a while to make, so "auto" lets another backend begin and counts the operations
that it does. When those have cost about what compiling would, the program is compiled: whatever
comes then, it has cost at most twice the best choice. What is counted are operations and not
seconds, so the same calls give the same bits in every run.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from time import perf_counter
from typing import TYPE_CHECKING, Any, TypeVar

from autograd_bp.compiling.backends import llvm, protocol, tape
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.program import Program
from autograd_bp.errors import SettingError

if TYPE_CHECKING:
    from autograd_bp.compiling.backends.protocol import Floats, Runner

Prepared = TypeVar("Prepared")
BACKENDS = ("auto", "reference", "numpy", "tape", "llvm")
MACHINES = ("tape", "llvm")
# Orders of magnitude, in seconds, for the decision alone.
COMPILING_STARTS, COMPILING_A_LOOP = 2e-2, 4e-3
A_CALL, A_QUICK_CALL = 2e-5, 5e-7
A_LOOP = {"numpy": 5e-6, "tape": 1e-7}
AN_OPERATION = {"numpy": 1e-9, "tape": 2e-10}
MOST_LOOPS = 800  # of a program with more, machine code would take seconds to make


@dataclass(frozen=True)
class Choice:
    """A backend, and how it came to be chosen.

    Attributes:
        name: "reference", "numpy", "tape" or "llvm".
        reason: why.
        seconds: what preparing it took.
    """

    name: str
    reason: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}; prepared in {self.seconds:.3f} s"


def checked(backend: Any) -> str:
    """The name of a backend.

    Raises: SettingError naming those that there are.
    """
    if backend not in BACKENDS:
        raise SettingError(f"there is no backend {backend!r:.60}: choose {', '.join(BACKENDS)}")
    return str(backend)


class Plan:
    """Runs a program by the backend that suits.

    Arguments:
        program: what to run.
        wanted: the name of a backend, or "auto".

    Attributes:
        choice: the backend that runs now.
    """

    def __init__(self, program: Program, wanted: str) -> None:
        self.program, self._wanted = program, wanted
        self._machines: dict[Any, Any] = {}
        self._spent = 0.0
        self.choice = self._first_choice()

    @cached_property
    def loops(self) -> Loops:
        return roll(self.program)

    def run(self, parameters: Floats, inputs: Floats, threads: int) -> tuple[Floats, Floats]:
        """The outputs that are summed, and those that are not, (outputs, rows)."""
        rows = inputs.shape[1]
        if self.choice.name != "llvm" and self._wanted == "auto":
            self._count(rows)
        if self.choice.name in MACHINES:
            found: tuple[Floats, Floats] = self.machine(rows).run(parameters, inputs, threads)
            return found
        return self._runner(parameters, inputs, threads)

    def machine(self, rows: int) -> Any:
        """What runs batches of about so many rows on buffers; None where nothing does."""
        if self.choice.name not in MACHINES:
            return None
        if self.choice.name == "tape":
            if "tape" not in self._machines:
                self._machines["tape"] = self._timed(lambda: protocol.interpreted(self.loops))
            return self._machines["tape"]
        # Few rows are computed one by one, many side by side: not the same code.
        few = rows <= llvm.FEW_ROWS
        if few not in self._machines:
            self._machines[few] = self._timed(lambda: protocol.native(self.loops, rows))
        return self._machines[few]

    @property
    def budget(self) -> tuple[float, float, float, Callable[[], None]] | None:
        """What may be spent on quick calls before there is a better backend, what a call costs
        and a row costs, in seconds, and what to call when all is spent. None without a limit."""
        if self._wanted != "auto" or self.choice.name not in A_LOOP or self._against_llvm:
            return None
        name, loops = self.choice.name, self.loops
        a_call = A_QUICK_CALL + A_LOOP[name] * len(loops.loops)
        left = self._cost - self._spent
        return left, a_call, AN_OPERATION[name] * loops.work, self._spend_all

    def _spend_all(self) -> None:
        self._spent = self._cost

    def hurry(self) -> None:
        """Machine code from now on, if there can be any."""
        if self._wanted == "auto" and self._against_llvm is None:
            self.choice = Choice("llvm", f"{len(self.loops.loops):,} loops, bound", 0.0)

    @cached_property
    def _runner(self) -> Runner:
        if self.choice.name == "reference":
            return protocol.reference(self.program)
        return self._timed(lambda: protocol.numpy(self.loops))

    def _timed(self, prepare: Callable[[], Prepared]) -> Prepared:
        start = perf_counter()
        prepared = prepare()
        self.choice = replace(self.choice, seconds=self.choice.seconds + perf_counter() - start)
        return prepared

    # --------------------------------------------------------------------------------- choosing
    def _first_choice(self) -> Choice:
        if self._wanted != "auto":
            return Choice(self._wanted, "asked for", 0.0)
        name = "numpy" if tape.unavailable() or tape.refused(self.loops) else "tape"
        return Choice(name, self._against_llvm or self._until, 0.0)

    @cached_property
    def _against_llvm(self) -> str | None:
        """Why machine code is out of the question; None where it is not."""
        if importlib.util.find_spec("llvmlite") is None:
            return 'llvmlite is not installed (pip install "autograd_bp[compile]")'
        name = llvm.refused(self.loops)
        if name is not None:
            return f"the primitive {name!r} has no C expression"
        if self._different > MOST_LOOPS:
            return f"{self._different:,} different loops are too many to make machine code of"
        return None

    @cached_property
    def _different(self) -> int:
        """How many loops machine code has, where those of a sequence are written once."""
        return llvm.different(self.loops)

    @cached_property
    def _cost(self) -> float:
        return COMPILING_STARTS + COMPILING_A_LOOP * self._different

    @property
    def _until(self) -> str:
        return (
            f"{len(self.program):,} operations in {len(self.loops.loops):,} loops; machine code "
            f"takes about {self._cost:.2f} s to make, and takes over when that much work is done"
        )

    def _count(self, rows: int) -> None:
        if self._against_llvm is not None:
            return
        if self._spent >= self._cost:
            self.choice = Choice(
                "llvm", f"{len(self.loops.loops):,} loops, called often enough to pay", 0.0
            )
            return
        name = self.choice.name
        self._spent += A_CALL + A_LOOP[name] * len(self.loops.loops)
        self._spent += AN_OPERATION[name] * self.loops.work * rows
