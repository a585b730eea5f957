"""Random programs: drawn by number, run on any kind of number, printed as Python."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from random import Random
from typing import Any

from benchmarks.fuzz.operations import Operation

MAX_STEPS = 9
LARGEST = 1e6  # of the numbers on the way: what is far larger says little about the rules
TRIES = 6  # to find operands on which an operation is defined
SPECIAL = (0.0, 1.0, -1.0, 2.0, 0.5, -0.5, 3.0, 10.0)


@dataclass(frozen=True)
class Step:
    """An operation on earlier numbers: an int is the place of one, a float a constant."""

    operation: Operation
    operands: tuple[int | float, ...]


@dataclass(frozen=True)
class Program:
    """Steps one after another; the last one's number is the output.

    Attributes:
        start: the numbers of the inputs, which are the first places.
        steps: each adds a place.
        number: what it was drawn from, or -1.
    """

    start: tuple[float, ...]
    steps: tuple[Step, ...]
    number: int = -1

    def run(self, numbers: Sequence[Any]) -> list[Any]:
        """All numbers on the way, from inputs of any kind."""
        known = list(numbers)
        for step in self.steps:
            operands = [known[k] if isinstance(k, int) else k for k in step.operands]
            known.append(step.operation.apply(*operands))
        return known

    def function(self) -> Callable[[Sequence[Any]], Any]:
        """The program as a function of the list of its inputs."""
        return lambda numbers: self.run(numbers)[-1]

    def __str__(self) -> str:
        lines = [f"x{k} = {x!r}" for k, x in enumerate(self.start)]
        for k, step in enumerate(self.steps, len(self.start)):
            operands = ", ".join(f"x{j}" if isinstance(j, int) else repr(j) for j in step.operands)
            lines.append(f"x{k} = {step.operation.name}({operands})")
        return "\n".join(lines)


def drawn(number: int, operations: Sequence[Operation]) -> Program:
    """The program of that number."""
    random = Random(number)
    weights = list(accumulate(operation.weight for operation in operations))
    start = tuple(_start(random) for _ in range(random.choice((1, 2, 2, 3))))
    numbers: list[float] = list(start)
    steps: list[Step] = []
    count = random.randint(1, MAX_STEPS)
    for k in range(count):
        step, y = _step(random, operations, weights, numbers, uses_last=bool(k))
        steps.append(step)
        numbers.append(y)
        if not math.isfinite(y):
            break
    return Program(start, tuple(steps), number)


def _start(random: Random) -> float:
    kind = random.random()
    if kind < 0.12:
        return random.choice(SPECIAL)
    if kind < 0.8:
        return random.uniform(-3.0, 3.0)
    if kind < 0.9:
        return random.uniform(-40.0, 40.0)
    return random.choice((-1.0, 1.0)) * 10.0 ** random.uniform(-6.0, 0.0)


def _step(
    random: Random,
    operations: Sequence[Operation],
    weights: Sequence[float],
    numbers: Sequence[float],
    *,
    uses_last: bool,
) -> tuple[Step, float]:
    """A step, on numbers where it is defined if they are found soon. It reads the last number as
    a rule, so that most of a program matters to its output."""
    for last_try in range(TRIES, -1, -1):
        operation = random.choices(operations, cum_weights=weights)[0]
        operands: list[int | float] = []
        for i in range(operation.arity):
            if i in operation.fixed:
                operands.append(random.choice(operation.constants))
            elif random.random() < 0.1:
                operands.append(random.choice(SPECIAL))
            else:
                operands.append(random.randrange(len(numbers)))
        free = [i for i in range(operation.arity) if i not in operation.fixed]
        if not any(isinstance(operands[i], int) for i in free) or (
            uses_last and random.random() < 0.8
        ):
            operands[random.choice(free)] = len(numbers) - 1
        y = operation.apply(*[float(numbers[k] if isinstance(k, int) else k) for k in operands])
        if not last_try or (math.isfinite(y) and abs(y) < LARGEST):
            break
    return Step(operation, tuple(operands)), y
