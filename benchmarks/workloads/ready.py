"""The first gradient of a compiled function, in eager gradients of the same scalar code.

The measure depends little on the machine: both sides are this library's, in one process each.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from random import Random
from time import perf_counter_ns as now
from typing import Any

from benchmarks import phases
from benchmarks.model import FRESH, OURS, Contestant, Job, Workload
from benchmarks.networks import named, sizes_of
from benchmarks.workloads import compiletimes
from benchmarks.workloads.calls import COMPILED, NO_CACHE
from benchmarks.workloads.recurrences import RECURRENCES

STATES = 10  # of the system that is integrated
CELLS = 8  # of the recurrent network
Function = Callable[[Sequence[Any], Sequence[Any]], Any]


def network(operations: int) -> tuple[Function, int, int]:
    """2-w-w-1 with sigmoids, of such a width that loss and gradient are about so many."""
    sizes = sizes_of(compiletimes.NETWORKS[operations])

    def loss(w: Sequence[Any], x: Sequence[Any]) -> Any:
        from autograd_bp import sigmoid

        k, layer = 0, list(x[:2])
        for count in sizes[1:]:
            before, layer = layer, []
            for _ in range(count):
                total = w[k]
                for j, y in enumerate(before, k + 1):
                    total = total + w[j] * y
                layer.append(sigmoid(total))
                k += 1 + len(before)
        return (layer[0] - x[2]) * (layer[0] - x[2])

    return loss, sum((a + 1) * b for a, b in itertools.pairwise(sizes)), 3


def runge_kutta(steps: int) -> tuple[Function, int, int]:
    """Ten states on a ring (Lorenz, 1996), by the classical method of fourth order."""

    def slope(w: Sequence[Any], y: Sequence[Any]) -> list[Any]:
        return [(y[(k + 1) % STATES] - y[k - 2]) * y[k - 1] - y[k] + w[k] for k in range(STATES)]

    def last(w: Sequence[Any], x: Sequence[Any]) -> Any:
        y, h = list(x), 0.01
        for _ in range(steps):
            k1 = slope(w, y)
            k2 = slope(w, [a + 0.5 * h * k for a, k in zip(y, k1, strict=True)])
            k3 = slope(w, [a + 0.5 * h * k for a, k in zip(y, k2, strict=True)])
            k4 = slope(w, [a + h * k for a, k in zip(y, k3, strict=True)])
            slopes = zip(y, k1, k2, k3, k4, strict=True)
            y = [a + h / 6 * (b + 2.0 * c + 2.0 * d + e) for a, b, c, d, e in slopes]
        return sum(y[1:], y[0])

    return last, STATES, STATES


def lstm(steps: int) -> tuple[Function, int, int]:
    """A cell of long short-term memory: eight inputs and eight outputs a step."""
    width = 2 * CELLS + 1

    def last(w: Sequence[Any], x: Sequence[Any]) -> Any:
        from autograd_bp import sigmoid, tanh

        h, c = list(x[-2 * CELLS : -CELLS]), list(x[-CELLS:])
        for t in range(steps):
            z = [*x[t * CELLS : (t + 1) * CELLS], *h]
            gates = []
            for gate in range(4 * CELLS):
                total = w[gate * width]
                for j, y in enumerate(z, gate * width + 1):
                    total = total + w[j] * y
                gates.append(total)
            forget, enter, new, leave = (gates[k : k + CELLS] for k in range(0, 4 * CELLS, CELLS))
            c = [
                sigmoid(a) * before + sigmoid(b) * tanh(n)
                for a, before, b, n in zip(forget, c, enter, new, strict=True)
            ]
            h = [sigmoid(a) * tanh(b) for a, b in zip(leave, c, strict=True)]
        return sum(h[1:], h[0])

    return last, 4 * CELLS * width, (steps + 2) * CELLS


def irregular(operations: int) -> tuple[Function, int, int]:
    """Wired at random: see compiletimes.graph."""
    graph = compiletimes.graph(operations)

    def function(w: Sequence[Any], x: Sequence[Any]) -> Any:
        from autograd_bp import sin, tanh

        return graph(w, x, sin, tanh)

    return function, compiletimes.LEAVES, compiletimes.INPUTS


def chain(operations: int) -> tuple[Function, int, int]:
    def function(w: Sequence[Any], x: Sequence[Any]) -> Any:
        from autograd_bp import sin

        y = x[0]
        for _ in range(operations // 2):
            y = sin(w[0] * y)
        return y

    return function, 1, 1


GRAPHS = {
    "network": network,
    "RK4": runge_kutta,
    "LSTM": lstm,
    "irregular": irregular,
    "chain": chain,
    **RECURRENCES,
}


def graph_of(size: str) -> tuple[Function, list[float], list[float]]:
    """The graph that a size names, and numbers for its arguments."""
    kind, count = size.rsplit(" ", 1)
    function, parameters, inputs = GRAPHS[kind](int(count.replace(",", "")))
    random = Random(5)
    return (
        function,
        [random.uniform(-0.7, 0.7) for _ in range(parameters)],
        [random.uniform(-0.7, 0.7) for _ in range(inputs)],
    )


def eager(size: str) -> Job:
    function, w, x = graph_of(size)

    def swept() -> tuple[dict[str, int], Any, list[Any]]:
        from autograd_bp import Value

        values, inputs = [Value(number) for number in w], [Value(number) for number in x]
        start = now()
        y = function(values, inputs)
        recorded = now()
        y.backward()
        return {"record": recorded - start, "sweep": now() - recorded}, y, values

    def answer() -> dict[str, float]:
        _, y, values = swept()
        return named(y.data, [value.grad for value in values])

    return Job(swept, answer, phases=lambda: swept()[0])


def compiled(backend: str) -> Callable[[str], Job]:
    def prepare(size: str) -> Job:
        import numpy as np

        import autograd_bp as bp

        function, numbers, inputs = graph_of(size)
        w, x = np.array(numbers), np.array(inputs)

        def first() -> tuple[Any, Any]:
            result: tuple[Any, Any] = bp.compiled(function, backend=backend).value_and_grad(w, x)
            return result

        def timed() -> dict[str, int]:
            with phases.measured() as found:
                first()
            return {phase: ns for phase, ns in found.ns.items() if phase != phases.REST} | {
                "run": found.ns[phases.REST]
            }

        # What a process does once, such as loading the compiler.
        bp.compiled(lambda w: w[0] * w[0], backend=backend).value_and_grad(w[:1])
        return Job(first, lambda: named(*first()), phases=timed)

    return prepare


EAGER_NAME, COMPILED_NAME = OURS + " eager", OURS + " compiled, tape"


def contestant(name: str, prepare: Callable[[str], Job], work: str) -> Contestant:
    return Contestant(name, prepare, work, COMPILED, environment={**NO_CACHE})


FIRST = "records, compiles, computes once"
WORKLOAD = Workload(
    name="ready",
    title="From a function to the first gradient, in eager gradients",
    about="The first value and gradient of a compiled function at one point, next to what "
    "recording the same scalar code and sweeping once takes. Nothing is kept on disk; modules are "
    "loaded. Networks are 2-w-w-1 of such widths that loss and gradient are about so many "
    "operations; RK4 integrates ten states for so many steps; the LSTM has eight cells and as many "
    "steps; irregular graphs are wired at random.",
    sizes=(
        "network 1,000",
        "network 10,000",
        "network 100,000",
        "network 1,000,000",
        "RK4 100",
        "RK4 1,000",
        "LSTM 100",
        "irregular 100,000",
        "chain 100,000",
    ),
    quick=("network 100", "RK4 2", "irregular 100"),
    unit="gradient",
    size_name="graph",
    contestants=[
        contestant(EAGER_NAME, eager, FRESH),
        contestant(COMPILED_NAME, compiled("tape"), FIRST),
    ],
    peak=True,
)
