"""Problems that are long: a chain, a graph without pattern, and loops over time."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from benchmarks.problems.model import GRADIENT, Problem, Recurrence

STATES = 10  # of the system that is integrated
CELLS = 8  # of the recurrent network
STEP = 0.01
Numbers = Sequence[Any]


def random_numbers(*counts: int) -> tuple[Any, ...]:
    """An array of so many numbers for each argument, the same for everybody."""
    import numpy as np

    random = Random(5)
    return tuple(np.array([random.uniform(-0.7, 0.7) for _ in range(n)]) for n in counts)


def chain(operations: int) -> Problem:
    """y becomes sin(w y), again and again."""
    steps = operations // 2

    def scalar(m: Any, w: Numbers, x: Numbers) -> Any:
        y = x[0]
        for _ in range(steps):
            y = m.sin(w[0] * y)
        return y

    def arrays(m: Any, w: Any, x: Any) -> Any:
        return m.scan(lambda y, _: m.sin(w[0] * y), x[0], None, steps)

    return Problem(
        GRADIENT,
        random_numbers(1, 1),
        scalar,
        arrays=arrays,
        step=Recurrence(
            steps, 1, lambda x: x[:1], lambda m, w, y, _: [m.sin(w[0] * y[0])], lambda x, t: []
        ),
        in_c="chain",
    )


def irregular(operations: int) -> Problem:
    """Wired at random: see compiletimes.graph."""
    from benchmarks.workloads import compiletimes

    graph = compiletimes.graph(operations)

    def scalar(m: Any, w: Numbers, x: Numbers) -> Any:
        return graph(w, x, m.sin, m.tanh)

    counts = compiletimes.LEAVES, compiletimes.INPUTS
    return Problem(GRADIENT, random_numbers(*counts), scalar, arrays=scalar)


def rk4_step(w: Numbers, y: Numbers) -> list[Any]:
    """Ten states on a ring (Lorenz, 1996), by the classical method of fourth order."""

    def slope(y: Numbers) -> list[Any]:
        return [(y[(k + 1) % STATES] - y[k - 2]) * y[k - 1] - y[k] + w[k] for k in range(STATES)]

    k1 = slope(y)
    k2 = slope([a + 0.5 * STEP * k for a, k in zip(y, k1, strict=True)])
    k3 = slope([a + 0.5 * STEP * k for a, k in zip(y, k2, strict=True)])
    k4 = slope([a + STEP * k for a, k in zip(y, k3, strict=True)])
    slopes = zip(y, k1, k2, k3, k4, strict=True)
    return [a + STEP / 6 * (b + 2.0 * c + 2.0 * d + e) for a, b, c, d, e in slopes]


def runge_kutta(steps: int) -> Problem:
    def scalar(m: Any, w: Numbers, x: Numbers) -> Any:
        y: Numbers = list(x)
        for _ in range(steps):
            y = rk4_step(w, y)
        return sum(y[1:], y[0])

    def arrays(m: Any, w: Any, x: Any) -> Any:
        def slope(y: Any) -> Any:
            return (m.roll(y, -1) - m.roll(y, 2)) * m.roll(y, 1) - y + w

        def after(y: Any, _: Any) -> Any:
            k1 = slope(y)
            k2 = slope(y + 0.5 * STEP * k1)
            k3 = slope(y + 0.5 * STEP * k2)
            k4 = slope(y + STEP * k3)
            return y + STEP / 6 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)

        return m.scan(after, x, None, steps).sum()

    return Problem(
        GRADIENT,
        random_numbers(STATES, STATES),
        scalar,
        arrays=arrays,
        step=Recurrence(
            steps, STATES, lambda x: x, lambda m, w, y, _: rk4_step(w, y), lambda x, t: []
        ),
    )


def lstm_step(m: Any, w: Numbers, h: Numbers, c: Numbers, x: Numbers) -> tuple[Numbers, Numbers]:
    """A cell of long short-term memory: eight inputs and eight outputs."""
    width, z, gates = 2 * CELLS + 1, [*x, *h], []
    for gate in range(4 * CELLS):
        total = w[gate * width]
        for j, y in enumerate(z, gate * width + 1):
            total = total + w[j] * y
        gates.append(total)
    forget, enter, new, leave = (gates[k : k + CELLS] for k in range(0, 4 * CELLS, CELLS))
    c = [
        m.sigmoid(a) * before + m.sigmoid(b) * m.tanh(n)
        for a, before, b, n in zip(forget, c, enter, new, strict=True)
    ]
    return [m.sigmoid(a) * m.tanh(b) for a, b in zip(leave, c, strict=True)], c


def lstm(steps: int) -> Problem:
    def scalar(m: Any, w: Numbers, x: Numbers) -> Any:
        h, c = x[-2 * CELLS : -CELLS], x[-CELLS:]
        for t in range(steps):
            h, c = lstm_step(m, w, h, c, x[t * CELLS : (t + 1) * CELLS])
        return sum(h[1:], h[0])

    def arrays(m: Any, w: Any, x: Any) -> Any:
        matrix = w.reshape(4 * CELLS, 2 * CELLS + 1)

        def after(state: Any, x: Any) -> Any:
            h, c = state
            gates = matrix[:, 1:] @ m.concatenate([x, h], 0) + matrix[:, 0]
            forget, enter, new, leave = gates.reshape(4, CELLS)
            c = m.sigmoid(forget) * c + m.sigmoid(enter) * m.tanh(new)
            return m.sigmoid(leave) * m.tanh(c), c

        first = x[-2 * CELLS : -CELLS], x[-CELLS:]
        each = x[: steps * CELLS].reshape(steps, CELLS)
        return m.scan(after, first, each, steps)[0].sum()

    def after(m: Any, w: Numbers, state: Numbers, x: Numbers) -> Numbers:
        h, c = lstm_step(m, w, state[:CELLS], state[CELLS:], x)
        return [*h, *c]

    return Problem(
        GRADIENT,
        random_numbers(4 * CELLS * (2 * CELLS + 1), (steps + 2) * CELLS),
        scalar,
        arrays=arrays,
        step=Recurrence(
            steps,
            CELLS,
            lambda x: x[-2 * CELLS :],
            after,
            lambda x, t: x[t * CELLS : (t + 1) * CELLS],
        ),
    )
