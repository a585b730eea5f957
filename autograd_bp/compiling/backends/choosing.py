"""Which backend runs a program, and why.

Machine code takes a while to make, so "auto" lets another backend begin and counts the operations
that it does. When those have cost about what compiling would, the program is compiled: whatever
comes then, it has cost at most twice the best choice. Operations are counted and not seconds, so
the same calls give the same bits in every run.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from time import perf_counter
from typing import Any, NamedTuple

from autograd_bp.compiling.backends.protocol import Backend, Runner, Source, Work
from autograd_bp.compiling.backends.registry import AUTO, AUTOS, backends, named
from autograd_bp.compiling.calling.caller import Floats
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.program.collector import no_collections
from autograd_bp.compiling.program.program import Program

__all__ = ["BackendChoice", "Budget", "Choice", "training_seconds"]

MANY = 100  # rows
SHORTENED = 0.5  # seconds: where making machine code takes longer, shorter loops are looked for
# Of a network, forward and backward, whose sizes are not known yet.
TYPICAL = Work(loops=26, sums=8, small=3, terms=0, scattered=0, results=0, calls=0)
NOTHING = Work(loops=0, sums=0, small=0, terms=0, scattered=0, results=0, calls=0)


@dataclass(frozen=True)
class Choice:
    """A backend, and how it came to be chosen.

    Attributes:
        name: the name of the backend.
        reason: why.
        seconds: what preparing it took.
    """

    name: str
    reason: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}; prepared in {self.seconds:.3f} s"


class Budget(NamedTuple):
    """The seconds that calls may take before another backend takes over.

    Attributes:
        left: what is left of it.
        call, row: what a call takes, and each row of it.
        use_up: to be called when nothing is left.
    """

    left: float
    call: float
    row: float
    use_up: Callable[[], None]


class BackendChoice:
    """Runs a program by the backend that suits.

    Arguments:
        content: the program, or its loops.
        name: the name of a backend, or "auto".
        shorter: makes loops of the same program that are compiled sooner, or None where there are
            none. "auto" asks for them when machine code is to take over from many loops.
    """

    def __init__(
        self,
        content: Program | Loops,
        name: str,
        shorter: Callable[[], Program | Loops | None] | None = None,
    ) -> None:
        self._source = self._compiled = Source(content)
        self._name, self._is_free = name, name in AUTOS
        self._shorter = shorter if self._is_free else None  # it keeps the program of the value
        self._runners: dict[tuple[str, int, int], Runner] = {}
        self._spent = self._seconds = 0.0
        self._backend = _that_begins(self._source, name) if self._is_free else named(name)
        self._reason = "" if self._is_free else "asked for"  # empty: that of the one that begins

    @property
    def choice(self) -> Choice:
        """The backend that runs now, and why."""
        reason = self._reason or self._reason_to_begin
        return Choice(self._backend.name, reason, self._seconds)

    @property
    def program(self) -> Program:
        return self._source.program

    @property
    def content(self) -> Program | Loops:
        """The program or the loops that it was made with."""
        return self._source.content

    @property
    def loops(self) -> Loops:
        return self._source.loops

    def run(self, parameters: Floats, inputs: Floats, threads: int) -> tuple[Floats, Floats]:
        """The outputs that are summed, and those that are not, (outputs, rows)."""
        rows = inputs.shape[1]
        if self._is_free and not self._backend.compiles:
            self._count(rows)
        return self.runner(rows).run(parameters, inputs, threads)

    def runner(self, rows: int) -> Runner:
        """The runner that now runs batches of about so many rows."""
        key = (self._backend.name, *self._backend.batches(rows))
        runner = self._runners.get(key)
        if runner is None:
            start = perf_counter()
            with no_collections():
                source = self._compiled if self._backend.compiles else self._source
                runner = self._runners[key] = self._backend.prepare(source, rows)
            self._seconds += perf_counter() - start
        return runner

    def batches(self, rows: int) -> tuple[int, int]:
        """The fewest and the most rows for which `runner(rows)` is meant."""
        return self._backend.batches(rows)

    def compile_now(self) -> None:
        """Lets machine code take over at once, if there can be any."""
        if self._is_free and not self._backend.compiles:
            self._take_over("bound")

    @property
    def place(self) -> dict[str, Any]:
        """How far it is on the way to machine code, as plain values. A choice for the same program
        that is given it goes on with the same backends, and so with the same bits."""
        return {"backend": self._backend.name, "spent": self._spent}

    @place.setter
    def place(self, place: dict[str, Any]) -> None:
        self._spent = float(place["spent"])
        if self._is_free and place["backend"] != self._backend.name:
            self._take_over("as before")

    def budget(self, rows: int) -> Budget | None:
        """The seconds that calls of so many rows may take before machine code takes over; None
        where it never does."""
        costs = self._backend.costs
        if not self._is_free or self._backend.compiles or costs is None:
            return None
        is_early = self._is_early
        if not is_early and self._compiler is None:
            return None
        price = self._least_price if is_early else self._price(rows)
        return Budget(
            left=price - self._spent,
            call=costs.fast_call + costs.of_call(self._source.work),
            row=costs.of_row(self._source.work),
            use_up=partial(self._use_up, price),
        )

    def _use_up(self, price: float) -> None:
        self._spent = price

    @property
    def _is_early(self) -> bool:
        """Whether so little is done that no machine code pays, whatever the program. Until then
        nothing asks what would make it: most functions are called a few times."""
        return self._spent < self._least_price

    @cached_property
    def _least_price(self) -> float:
        """What machine code of the shortest program costs."""
        compilers = _by_cost(self._name, compiles=True)
        least = min([b.seconds_to_prepare(NOTHING, 0, 1) for b in compilers], default=0.0)
        return least if self._shorter is None else min(least, SHORTENED)

    def _count(self, rows: int) -> None:
        """Counts what a call takes, or lets machine code take over."""
        costs = self._backend.costs
        if costs is None or (not self._is_early and self._compiler is None):
            return
        is_spent = not self._is_early and self._spent >= self._price(rows)
        if is_spent and self._is_as_cheap_as_promised(rows):
            self._take_over("called often enough to pay")
            return
        work = self._source.work
        self._spent += costs.call + costs.of_call(work) + costs.of_row(work) * rows

    def _is_as_cheap_as_promised(self, rows: int) -> bool:
        """Whether machine code costs what was promised, now that shorter loops are looked for. If
        not, it has to wait until it is worth its price."""
        promised = self._price(rows)
        self._shorten()
        return self._price(rows) <= promised

    def _shorten(self) -> None:
        """Looks for shorter loops of a program that has many, once."""
        if self._shorter is None or self._compiler is None:
            return
        if self._seconds_to_prepare(self._source, MANY) > SHORTENED:
            with no_collections():
                content = self._shorter()
            if content is not None:
                self._compiled = Source(content)
        self._shorter = None

    def _take_over(self, reason: str) -> None:
        if self._compiler is not None:
            self._shorten()
            self._backend, self._seconds = self._compiler, 0.0
            self._reason = f"{len(self._compiled.loops.loops):,} loops, {reason}"

    # --------------------------------------------------------------------------------- choosing
    @cached_property
    def _compiler(self) -> Backend | None:
        """The backend that may take over; None where none may."""
        for backend in _by_cost(self._name, compiles=True):
            if _objection(backend, self._source) is None:
                return backend
        return None

    def _price(self, rows: int) -> float:
        """The price of machine code for so many rows: so much work is done before it is made."""
        seconds = self._seconds_to_prepare(self._compiled, rows)
        return seconds if self._shorter is None else min(seconds, SHORTENED)

    def _seconds_to_prepare(self, source: Source, rows: int) -> float:
        if self._compiler is None:
            return 0.0
        return self._compiler.seconds_to_prepare(source.work, source.different_loops, rows)

    @property
    def _reason_to_begin(self) -> str:
        if self._compiler is None:
            compilers = _by_cost(self._name, compiles=True)
            objections = [_objection(backend, self._source) for backend in compilers]
            return "; ".join(filter(None, objections)) or "no backend makes machine code"
        return (
            f"{self._source.operations:,} operations in {len(self.loops.loops):,} loops; machine "
            f"code takes about {self._price(MANY):.2f} s to make, and takes over when that much "
            "work is done"
        )


def training_seconds(steps: int, rows: int, weights: int) -> tuple[float, bool]:
    """Estimate what training by a program takes that is not recorded yet, and whether machine code
    pays from the start.

    Arguments:
        steps: how many calls there will be.
        rows: how many rows they go over together.
        weights: how many weights the network has.
    """
    best, is_compiled = math.inf, False
    for compiles in (False, True):
        candidates = _by_cost(AUTO, compiles=compiles)
        available = [backend for backend in candidates if backend.unavailable() is None]
        if available and available[0].costs is not None:
            seconds = available[0].seconds_to_prepare(TYPICAL, TYPICAL.loops, rows)
            seconds += available[0].costs.of_training(steps, rows, weights)
            if seconds < best:
                best, is_compiled = seconds, compiles
    return best, is_compiled


def _by_cost(name: str, *, compiles: bool) -> list[Backend]:
    """The backends among which that name chooses, those first whose operations cost least."""
    return _sorted_by_cost((*backends(name),), compiles)


@lru_cache(maxsize=8)  # registering a backend is rare
def _sorted_by_cost(among: tuple[Backend, ...], compiles: bool) -> list[Backend]:
    costs = {
        backend: backend.costs.operation
        for backend in among
        if backend.costs is not None and backend.compiles == compiles
    }
    return sorted(costs, key=lambda backend: costs[backend])


def _objection(backend: Backend, source: Source) -> str | None:
    """Why "auto" does not choose a backend for a program; None where it may."""
    return backend.unavailable() or backend.refusal(source)


def _that_begins(source: Source, name: str) -> Backend:
    """The best of those that need not be compiled."""
    for backend in _by_cost(name, compiles=False):
        if _objection(backend, source) is None:
            return backend
    return backends(name)[0]


Plan = BackendChoice  # what pickles of version 0.1.0 call it
