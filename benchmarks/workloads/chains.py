"""y = y a + b, over and over: the cost of one operation, from a thousand to ten million."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter_ns as now
from typing import Any

from benchmarks import build, engines
from benchmarks.model import (
    FORWARD,
    OFF,
    ON,
    Contestant,
    Job,
    Workload,
    both_collectors,
    both_cores,
)

# So close to 1 that 5e6 multiplications leave numbers and gradients of ordinary size.
X, A, B = 0.5, 1.0 - 2.0**-24, 2.0**-24
DEEP = 10**9  # a limit that no recursion here meets


def chain(leaves: Sequence[Any], n: int) -> Any:
    y, a, b = leaves
    for _ in range(n // 2):
        y = y * a + b
    return y


def recorded(make: Callable[[float], Any], n: int) -> Job:
    """An engine with `.backward()` and `.grad`; recording, sweeping and freeing apart."""

    def graph() -> tuple[Any, list[Any]]:
        leaves = [make(X), make(A), make(B)]
        return chain(leaves, n), leaves

    def phases() -> dict[str, int]:
        start = now()
        y, leaves = graph()
        recorded = now()
        y.backward()
        swept = now()
        del y, leaves
        return {"record": recorded - start, "sweep": swept - recorded, "free": now() - swept}

    def answer() -> dict[str, float]:
        y, leaves = graph()
        y.backward()
        return named(y.data, [leaf.grad for leaf in leaves])

    def hold(nodes: int) -> Any:
        return chain([make(X), make(A), make(B)], nodes)

    return Job(phases, answer, units=n, phases=phases, hold=hold)


def named(y: Any, gradient: Any) -> dict[str, float]:
    return {"y": float(y), **{f"dy/d{k}": float(g) for k, g in zip("xab", gradient, strict=True)}}


def ours(n: int) -> Job:
    from autograd_bp import Value

    return recorded(Value, n)


def micrograd(n: int) -> Job:
    from micrograd.engine import Value

    return recorded(Value, n)


def microgpt(n: int) -> Job:
    from benchmarks.microgpt_value import Value

    return recorded(Value, n)


def unlimited(prepare: Callable[[int], Job]) -> Callable[[int], Job]:
    """With Python's recursion limit out of the way, for engines that recurse."""

    def prepared(n: int) -> Job:
        sys.setrecursionlimit(DEEP)
        return prepare(n)

    return prepared


def torch(n: int) -> Job:
    torch = engines.torch()
    return recorded(lambda x: torch.tensor(x, requires_grad=True), n)


def xad(n: int) -> Job:
    import xad.adj_1st as adjoint

    tape = adjoint.Tape()
    tape.activate()

    def graph() -> tuple[Any, list[Any]]:
        leaves = [adjoint.Real(X), adjoint.Real(A), adjoint.Real(B)]
        for leaf in leaves:
            tape.registerInput(leaf)
        tape.newRecording()
        return chain(leaves, n), leaves

    def sweep(y: Any) -> None:
        tape.registerOutput(y)
        y.derivative = 1.0
        tape.computeAdjoints()

    def phases() -> dict[str, int]:
        start = now()
        y, leaves = graph()
        recorded = now()
        sweep(y)
        swept = now()
        del y, leaves
        tape.clearAll()
        return {"record": recorded - start, "sweep": swept - recorded, "free": now() - swept}

    def answer() -> dict[str, float]:
        y, leaves = graph()
        sweep(y)
        result = named(y.value, [leaf.derivative for leaf in leaves])
        tape.clearAll()
        return result

    def hold(nodes: int) -> Any:
        leaves = [adjoint.Real(X), adjoint.Real(A), adjoint.Real(B)]
        for leaf in leaves:
            tape.registerInput(leaf)
        tape.newRecording()
        return chain(leaves, nodes), leaves

    return Job(phases, answer, units=n, phases=phases, hold=hold)


def autograd(n: int) -> Job:
    from autograd import value_and_grad

    both = value_and_grad(lambda leaves: chain(leaves, n))
    return Job(lambda: both((X, A, B)), lambda: named(*both((X, A, B))), units=n)


def jax(n: int) -> Job:
    jax = engines.jax()
    both = jax.value_and_grad(lambda *leaves: chain(leaves, n), argnums=(0, 1, 2))
    return Job(lambda: jax.block_until_ready(both(X, A, B)), lambda: named(*both(X, A, B)), units=n)


def casadi(n: int) -> Job:
    import casadi

    def run() -> tuple[float, list[float]]:
        leaves = casadi.SX.sym("leaves", 3)
        y = chain([leaves[0], leaves[1], leaves[2]], n)
        function = casadi.Function("y", [leaves], [y, casadi.gradient(y, leaves)])
        number, gradient = function([X, A, B])
        return float(number), [float(gradient[i]) for i in range(3)]

    return Job(run, lambda: named(*run()), units=n)


def in_c(n: int) -> Job:
    library = build.library("chain")
    library.chain.argtypes = [
        *[ctypes.c_double] * 3,
        ctypes.c_long,
        ctypes.POINTER(ctypes.c_double),
    ]
    library.back.argtypes = [ctypes.c_int, ctypes.POINTER(ctypes.c_double)]
    library.back.restype = library.empty.restype = None
    out = build.doubles([0.0] * 4)

    def phases() -> dict[str, int]:
        start = now()
        y = library.chain(X, A, B, n, out)
        recorded = now()
        library.back(y, out)
        swept = now()
        library.empty()
        return {"record": recorded - start, "sweep": swept - recorded, "free": now() - swept}

    def answer() -> dict[str, float]:
        phases()
        return named(out[0], out[1:])

    def hold(nodes: int) -> Any:
        return library.chain(X, A, B, nodes, out)

    return Job(phases, answer, units=n, phases=phases, hold=hold)


def floats(n: int) -> Job:
    def run() -> float:
        y: float = chain((X, A, B), n)
        return y

    return Job(run, lambda: {"y": run()}, units=n)


def _recursive(
    name: str, prepare: Callable[[int], Job], packages: tuple[str, ...] = ()
) -> list[Contestant]:
    raised = f"{name}, recursion limit raised"
    return [
        Contestant(
            name,
            prepare,
            packages=packages,
            at_most=10**4,
            why_at_most="fails at every depth beyond the recursion limit",
        ),
        *(
            Contestant(
                raised, unlimited(prepare), packages=packages, collector=collector, at_most=10**5
            )
            for collector in (ON, OFF)
        ),
    ]


COMPILED_CORE, INTERPRETED_CORE = both_cores(ours)

WORKLOAD = Workload(
    name="chains",
    title="Chains of multiplications and additions",
    about=(
        "y = y a + b again and again: n operations of two parents, recorded, swept and freed. "
        '"free" is the drop of the last reference; micrograd\'s nodes and the microgpt-style '
        "sweep leave reference cycles, which the collector frees later or, when it is off, not at "
        "all. Bytes per node: what the process grows by when it holds a chain of 1e6 operations, "
        "unswept."
    ),
    sizes=(10**3, 10**4, 10**5, 10**6, 10**7),
    quick=(10**3,),
    unit="operation",
    size_name="operations",
    weigh=10**6,
    contestants=[
        *both_collectors(COMPILED_CORE),
        *both_collectors(replace(INTERPRETED_CORE, at_most=10**6)),
        *_recursive("micrograd", micrograd, ("micrograd",)),
        *_recursive("microgpt-style Value", microgpt),
        Contestant("xad", xad, packages=("xad",)),
        Contestant("autograd", autograd, packages=("autograd",), at_most=10**5),
        Contestant("torch, scalars", torch, packages=("torch",), at_most=10**5),
        Contestant("jax, eager", jax, packages=("jax",), at_most=10**3),
        Contestant("casadi SX", casadi, packages=("casadi",), at_most=10**5),
        Contestant("C, tape", in_c, packages=("cc",)),
        Contestant("Python floats", floats, FORWARD, only=("y",)),
    ],
)
