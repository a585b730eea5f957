"""Recurrences at random: a body of a few operations, and what it carries from step to step."""

from __future__ import annotations

from random import Random

import autograd_bp as bp

UNARY = [bp.sin, bp.tanh, bp.sigmoid, bp.cos, bp.relu, bp.softplus, lambda a: a * 0.5]
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b * 0.5,
    "m": lambda a, b: bp.maximum(a, b),
}
MODES = ("last", "sum", "accumulated", "each")  # what the steps end in


class Recurrence:
    """A function of weights, a first state and numbers for each step.

    Attributes:
        states, weights, width: how many numbers a state, the weights and what a step reads have.
        mode: one of MODES.
    """

    def __init__(self, seed: int, mode: str, width: int) -> None:
        random = Random(seed)
        self.states, self.weights = random.randint(1, 4), random.randint(1, 3)
        self.width, self.mode = width, mode
        self._reach = random.choice([1, 1, 2])  # how many steps back a step reads
        self._body = [
            (random.choice(["u", "u", "u", *BINARY]), random.random(), random.random())
            for _ in range(random.randint(8, 20))
        ]
        self._ends = [random.random() for _ in range(self.states)]

    def _step(self, before, w, x):
        pool = [*before[-1], *w, *x, *before[-self._reach]]
        for op, a, b in self._body:
            one, other = pool[int(a * len(pool))], pool[int(b * len(pool))]
            if op == "u":
                pool.append(UNARY[int(a * len(UNARY))](other))
            else:
                pool.append(BINARY[op](one, other))
        tail = pool[-len(self._body) :]
        return [
            0.5 * h + 0.1 * bp.tanh(tail[int(end * len(tail))])
            for h, end in zip(before[-1], self._ends, strict=True)
        ]

    def run(self, steps, w, first, x):
        states, total, each = [list(first)] * 2, 0.0, []
        for t in range(steps):
            states = [states[-1], self._step(states, w, x[t * self.width : (t + 1) * self.width])]
            total = total + states[-1][0] * states[-1][0]
            each.append(states[-1][0])
        return {
            "last": lambda: [bp.sum(states[-1])],
            "sum": lambda: [bp.sum(each)],
            "accumulated": lambda: [total],
            "each": lambda: each,
        }[self.mode]()
