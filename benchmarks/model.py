"""The words of the benchmarks: a workload, its sizes, its contestants, and one job of work.

Nothing here imports a peer: workloads name their peers, workers import them.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

OURS = "autograd_bp"
INTERPRETED = "autograd_bp interpreted"

ON, OFF = "on", "off"  # Python's cyclic garbage collector: as users have it, or disabled
PURE = {"AUTOGRAD_BP_PURE": "1"}

FRESH = "records, sweeps, frees"
ONCE = "evaluates what was built once"
FORWARD = "computes the number alone"
BY_HAND = "has its gradient written by hand"


@dataclass
class Job:
    """One contestant, set up for one size.

    Attributes:
        run: does the work once; this is what is timed.
        answer: does the work once and returns every number that the contestants must agree on.
        units: how many of the workload's units one run holds; times are reported per unit.
        batch: does the work n times, where a call from Python each time would cost too much.
        phases: does the work once and returns nanoseconds by phase; timed instead of `run`.
        hold: builds a graph of n nodes and returns it alive, to weigh it.
    """

    run: Callable[[], Any]
    answer: Callable[[], dict[str, float]]
    units: int = 1
    batch: Callable[[int], Any] | None = None
    phases: Callable[[], dict[str, int]] | None = None
    hold: Callable[[int], Any] | None = None


@dataclass(frozen=True)
class Contestant:
    """Who takes part, and how.

    Attributes:
        name: as the tables print it.
        prepare: makes the job of a size; it imports what it needs, in the worker.
        work: what one repetition does, in a few words.
        packages: distributions that must be installed; "cc" stands for a C compiler.
        collector: the setting of Python's cyclic garbage collector while it is timed.
        environment: variables of the worker's process.
        at_most: the largest size it is asked for.
        why_at_most: the reason, for the table.
        tolerance: the largest relative difference from the reference.
        only: the answers it can give, where it cannot give all (a value without gradients).
        cannot: why it is not asked for a size; the empty string if it is.
    """

    name: str
    prepare: Callable[[Any], Job]
    work: str = FRESH
    packages: tuple[str, ...] = ()
    collector: str = ON
    environment: Mapping[str, str] = field(default_factory=dict)
    at_most: float = float("inf")
    why_at_most: str = "would take too long"
    tolerance: float = 1e-9
    only: tuple[str, ...] = ()
    cannot: Callable[[Any], str] = lambda size: ""

    @property
    def key(self) -> str:
        return f"{self.name}, collector {self.collector}"


@dataclass(frozen=True)
class Workload:
    """A table: the same work, by everybody, in several sizes.

    Attributes:
        name: for `--only`.
        title: the heading of its table.
        about: what is computed, from where, and what the columns mean.
        sizes: what is measured; each is handed to `prepare`.
        quick: the sizes of a quick run.
        unit: what a time is divided by, such as "operation".
        contestants: in the order of the table; the first that is available is the reference
            for the answers.
        size_name: what a size is.
        weigh: the number of nodes to hold for the bytes per node, or 0.
        peak: whether the memory that one run takes is measured, at every size.
        transposed: whether the page has a line for each size and a column for each contestant.
    """

    name: str
    title: str
    about: str
    sizes: Sequence[Any]
    quick: Sequence[Any]
    unit: str
    contestants: Sequence[Contestant]
    size_name: str = "size"
    weigh: int = 0
    peak: bool = False
    transposed: bool = False


def find(address: str) -> Workload:
    """The workload of a module: its WORKLOAD or, by "module:name", one of its TABLES."""
    module, _, name = address.partition(":")
    found = importlib.import_module(module)
    workload: Workload = found.TABLES[name] if name else found.WORKLOAD
    return workload


def both_collectors(contestant: Contestant) -> list[Contestant]:
    """The contestant with the collector as users have it, and with it off."""
    return [contestant, replace(contestant, collector=OFF)]


def both_settings(contestants: Sequence[Contestant]) -> list[Contestant]:
    """Each of the contestants with the collector on, and off."""
    return [each for contestant in contestants for each in both_collectors(contestant)]


def both_cores(
    prepare: Callable[[Any], Job], suffix: str = "", packages: tuple[str, ...] = ()
) -> list[Contestant]:
    """Our own contestant, compiled and interpreted."""
    return [
        Contestant(OURS + suffix, prepare, packages=("compiled core", *packages)),
        Contestant(INTERPRETED + suffix, prepare, environment=PURE, packages=packages),
    ]
