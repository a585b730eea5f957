"""One workload at one size: everybody's numbers are compared, then everybody is timed.

Contestants are timed in rounds, each once in every round, so that a machine that is busy for
a while is busy for all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from benchmarks.agreement import DisagreementError, first_difference
from benchmarks.machine import why_missing
from benchmarks.model import Contestant, Workload, find
from benchmarks.processes import FailedError, Process
from benchmarks.summary import schedule

Say = Callable[[str], None]


@dataclass(frozen=True)
class Plan:
    """How long to measure.

    Attributes:
        rounds: how many rounds there are at most.
        least: and at least, however slow a contestant is.
        repetition: seconds that one repetition is stretched to.
        budget: seconds of measuring for one contestant and size.
        quick: tiny sizes.
    """

    rounds: int = 15
    least: int = 3
    repetition: float = 0.1
    budget: float = 6.0
    quick: bool = False

    def count(self, seconds: float) -> int:
        """The number of rounds for a contestant whose repetition takes so long."""
        return max(min(self.least, self.rounds), min(self.rounds, int(self.budget / seconds)))


QUICK = Plan(rounds=3, repetition=0.002, budget=0.05, quick=True)


@dataclass
class Entry:
    """What came of one contestant at one size: times by round and phase, or a reason."""

    contestant: Contestant
    status: str = "measured"  # or skipped, left out, failed
    reason: str = ""
    times: dict[int, dict[str, float]] = field(default_factory=dict)  # ns per unit
    bytes: float | None = None
    peak: int | None = None

    def totals(self) -> dict[int, float]:
        """Nanoseconds per unit, by round."""
        return {r: sum(phases.values()) for r, phases in self.times.items()}

    def stop(self, status: str, reason: str) -> None:
        self.status, self.reason = status, reason
        self.times = {}


@dataclass
class Case:
    """One size of a workload."""

    size: Any
    entries: list[Entry]


@dataclass
class Table:
    """All that was measured of a workload."""

    module: str
    workload: Workload
    cases: list[Case]


def measure(module: str, plan: Plan, say: Say) -> Table:
    """Compare and time a workload, size after size.

    Raises: DisagreementError when a contestant's numbers are not the reference's.
    """
    workload = find(module)
    table = Table(module, workload, [])
    for size in workload.quick if plan.quick else workload.sizes:
        case = Case(size, [enter(each, size) for each in workload.contestants])
        say(f"{workload.name}, {workload.size_name} {size}")
        field_of_play = Field(module, workload, case)
        try:
            field_of_play.start()
            field_of_play.compare()
            field_of_play.time(plan)
            field_of_play.weigh(plan)
        finally:
            field_of_play.close()
        table.cases.append(case)
    return table


def enter(contestant: Contestant, size: Any) -> Entry:
    """The contestant's entry at this size, closed at once when it cannot take part."""
    entry = Entry(contestant)
    for package in contestant.packages:
        missing = why_missing(package)
        if missing:
            entry.stop("skipped", missing)
            return entry
    if isinstance(size, (int, float)) and size > contestant.at_most:
        entry.stop("left out", contestant.why_at_most)
    elif contestant.cannot(size):
        entry.stop("left out", contestant.cannot(size))
    return entry


class Field:
    """The workers of one case, a process each."""

    def __init__(self, module: str, workload: Workload, case: Case) -> None:
        self.workload = workload
        self.case = case
        self.module = module
        self.workers: list[tuple[Entry, Process]] = []

    def start(self) -> None:
        """Start all workers and set them up, side by side."""
        for entry in self.case.entries:
            if entry.status == "measured":
                self.workers.append((entry, Process(self.module, entry.contestant)))
        for entry, worker in self.workers:
            with Excused(entry):
                worker.send("setup", size=self.case.size)
        for entry, worker in self.workers:
            with Excused(entry):
                worker.reply()
        self._dismiss()

    def compare(self) -> None:
        answers: list[tuple[Entry, dict[str, float]]] = []
        for entry, worker in self.workers:
            with Excused(entry):
                answers.append((entry, worker.ask("answer")["answer"]))
        self._dismiss()
        whole = [each for each in answers if not each[0].contestant.only]
        if not whole:
            return
        reference, expected = whole[0]
        for entry, answer in answers:
            contestant = entry.contestant
            different = first_difference(answer, expected, contestant.tolerance, contestant.only)
            if different:
                raise DisagreementError(
                    f"{self.workload.name}, {self.workload.size_name} {self.case.size}, "
                    f"{contestant.name}: {different}, as {reference.contestant.name} has it "
                    f"(relative tolerance {contestant.tolerance:g})"
                )

    def time(self, plan: Plan) -> None:
        counts = []
        for entry, worker in self.workers:
            counts.append(0)
            with Excused(entry):
                found = worker.ask("calibrate", seconds=plan.repetition)
                if found["seconds"] > plan.budget:  # that one was long enough
                    entry.times[0] = found["ns"]
                else:
                    counts[-1] = plan.count(max(found["seconds"], plan.repetition))
        for number, order in enumerate(schedule(counts)):
            for entry, worker in (self.workers[i] for i in order):
                if entry.status == "measured":
                    with Excused(entry):
                        entry.times[number] = worker.ask("run")["ns"]
        self._dismiss()

    def weigh(self, plan: Plan) -> None:
        """Bytes per node, and what a run takes, in fresh processes, each contestant once."""
        if self.workload.weigh and self.case.size == min(self.workload.sizes):
            nodes = min(self.workload.weigh, 10**4) if plan.quick else self.workload.weigh
            self._in_fresh_processes("bytes", "weigh", nodes=nodes)
        if self.workload.peak:
            self._in_fresh_processes("peak", "peak")

    def _in_fresh_processes(self, attribute: str, do: str, **arguments: Any) -> None:
        self.close()
        for i, (entry, _) in enumerate(self.workers):
            worker = Process(self.module, entry.contestant)
            self.workers[i] = (entry, worker)
            try:
                worker.ask("setup", size=self.case.size)
                setattr(entry, attribute, worker.ask(do, **arguments)["bytes"])
            except FailedError:
                setattr(entry, attribute, None)
            finally:
                worker.close()

    def close(self) -> None:
        for _, worker in self.workers:
            worker.close()

    def _dismiss(self) -> None:
        for entry, worker in self.workers:
            if entry.status != "measured":
                worker.close()
        self.workers = [each for each in self.workers if each[0].status == "measured"]


class Excused:
    """A contestant that fails here is out of the case, with its reason; others go on."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> bool:
        if isinstance(error, FailedError):
            self.entry.stop("failed", str(error))
            return True
        return False
