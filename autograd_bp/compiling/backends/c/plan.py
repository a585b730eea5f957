"""Plans: functions that run in parts, as steps that parts.py writes in C.

Each number has a place. What all rows share is at -1 - k, and number k of a row at k; both exist
twice, as the number itself and as the derivative by it. A table of places has a line for each time
that a step is repeated.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from autograd_bp.compiling.loops.loops import Loops

__all__ = ["Call", "Copy", "Emitted", "LookUp", "Numbers", "Plan", "Repeated", "Step"]

NUMBERS, SLOPES, SEEDS = "numbers", "slopes", "seeds"


@dataclass(frozen=True)
class Numbers:
    """Numbers that a step reads or writes.

    Attributes:
        array: "numbers", "slopes", or "seeds": 1 for the output that is swept back from, else 0.
        places: of them, (times, numbers).
        adds: whether what is written is added.
    """

    array: str
    places: Any
    adds: bool = False


@dataclass(frozen=True)
class Call:
    """A program that runs.

    Attributes:
        program: the program.
        parameters: what it reads, one after the other: what rows share,
        inputs: and numbers of the rows.
        sums: where its sums are added.
        each: where its other outputs go.
        cleared: what is set to 0 once everything has been read.
    """

    program: Loops
    parameters: Sequence[Numbers]
    inputs: Sequence[Numbers]
    sums: Numbers | None = None
    each: Sequence[Numbers] = ()
    cleared: Numbers | None = None


@dataclass(frozen=True)
class Copy:
    """Numbers that are copied."""

    source: Numbers
    target: Numbers


@dataclass(frozen=True)
class LookUp:
    """Entries of a table that are looked up, or whose derivatives are added.

    Attributes:
        table: the places of its numbers, (entries, numbers).
        indices: those of the indices.
        results: those of the entries, (indices, numbers).
        is_slope: whether derivatives go from the results to the table.
    """

    table: Any
    indices: Any
    results: Any
    is_slope: bool


@dataclass(frozen=True)
class Repeated:
    """Steps that run `count` times, from the last to the first where they go backwards."""

    count: int
    steps: Sequence[Call | Copy | LookUp]
    is_backwards: bool


Step = Call | Copy | LookUp | Repeated


@dataclass(frozen=True)
class Emitted:
    """Numbers that are handed out.

    Attributes:
        kind: "value", numbers of the last program; or "slopes".
        direction, sweep: after which of them.
        sources: places among the outputs of that program, or places of registers.
        is_sum: whether they are added up over the rows.
        targets: their places in `sums`, or in those of a row in `each`.
    """

    kind: str
    direction: int
    sweep: int
    sources: Any
    is_sum: bool
    targets: Any


@dataclass(frozen=True)
class Plan:
    """A function in parts.

    Attributes:
        parameters, inputs: how they are called.
        outputs: how many there are that are summed, and others.
        leaves: the places of the parameters, and of the inputs.
        directions: the places of what is 1 in one direction after the other, where there are some.
        constants: places, and numbers.
        sizes: how many places there are of what rows share, and of numbers of a row.
        sweeps: how many sweeps there are.
        forward: the steps of the value: of what rows share, then those of the rows.
        backward: the same of a sweep.
        last: the program of the outputs.
        emitted: what is handed out.
        guard: says for each row whether something goes wrong in it, where something may.
        run: the function itself: from parameters and rows to sums and the other outputs.
        remarks: lines about how it is computed.
    """

    parameters: Sequence[str]
    inputs: Sequence[str]
    outputs: tuple[int, int]
    leaves: tuple[Any, Any]
    directions: Any
    constants: tuple[Any, Sequence[float]]
    sizes: tuple[int, int]
    sweeps: int
    forward: tuple[Sequence[Step], Sequence[Step]]
    backward: tuple[Sequence[Step], Sequence[Step]]
    last: Call
    emitted: Sequence[Emitted]
    run: Callable[[Any, Any], tuple[Any, Any]]
    guard: Plan | Loops | None = None
    remarks: Sequence[str] = field(default_factory=tuple)
