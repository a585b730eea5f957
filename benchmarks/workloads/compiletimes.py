"""From a function to its first result: recording, passes, rolling, machine code; nothing is cached.

Each repetition starts from the function, in a process that has compiled something before.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import math
from collections.abc import Callable
from random import Random
from time import perf_counter_ns as now
from typing import Any

from benchmarks import engines
from benchmarks.model import OURS, Contestant, Job, Workload
from benchmarks.networks import RELU, data, named, scalar_loss, sizes_of, start
from benchmarks.workloads import batches
from benchmarks.workloads.calls import COMPILED, NO_CACHE

ROWS = 100
WORK = "records, compiles, computes once"
# Widths at which the loss of a row and its gradient are about so many operations on two numbers.
NETWORKS = {
    100: "2-3-3-1",
    1_000: "2-13-13-1",
    10_000: "2-43-43-1",
    100_000: "2-139-139-1",
    1_000_000: "2-443-443-1",
}
LEAVES, INPUTS = 12, 4
SHARE = 2.4  # operations for a step of a graph, with its gradient


def graph(n: int) -> Callable[..., Any]:
    """A function of w and x: about n operations with its gradient, wired at random. Each node is
    read at least once, and none grows."""
    random = Random(11)
    steps = []
    for i in range(LEAVES + INPUTS, LEAVES + INPUTS + int(n / SHARE)):
        far = random.randrange(i)
        steps.append((i - 1 - random.randrange(min(8, i)), far, random.choice("+-*st")))

    def function(w: Any, x: Any, sin: Any, tanh: Any) -> Any:
        nodes = [*(w[i] for i in range(LEAVES)), *(x[i] for i in range(INPUTS))]
        for near, far, kind in steps:
            a, b = nodes[near], nodes[far]
            if kind == "+":
                node = 0.5 * a + 0.5 * b
            elif kind == "-":
                node = 0.5 * a - 0.5 * b
            elif kind == "*":
                node = a * b
            else:
                node = sin(a) if kind == "s" else tanh(a)
            nodes.append(node)
        total = nodes[-1]
        for node in nodes[-9:-1]:
            total = total + node
        return total

    return function


def graph_data() -> tuple[Any, Any]:
    import numpy as np

    random = np.random.default_rng(7)
    return random.normal(size=LEAVES) / math.sqrt(3), random.normal(size=(ROWS, INPUTS))


# ------------------------------------------------------------------------------ autograd_bp
def first_result(function: Any, backend: str, given: tuple[Any, ...]) -> tuple[Any, dict[str, int]]:
    """What `value_and_grad` does when it is called for the first time, with a clock."""
    import autograd_bp as bp
    from autograd_bp.compiling.backends.choosing import BackendChoice
    from autograd_bp.compiling.front.derived import derived
    from autograd_bp.compiling.program.collector import no_collections

    times = [now()]
    with no_collections():
        it = bp.compiled(function, rows=tuple("xd")[: len(given) - 1], backend=backend)
        packed = it._arguments.pack(given, {}, None)
        nodes, outputs, tree = it._record(packed)
        times.append(now())
        wanted, program, *_ = derived("value_and_grad", outputs, tree, nodes, True)
        times.append(now())
        plan = BackendChoice(program, backend)
        len(plan.loops.loops)
        times.append(now())
    found = wanted.of_numbers(*plan.run(packed.parameters, packed.inputs, 1))
    del outputs, wanted, nodes
    times.append(now())
    names = ("record", "derivative", "roll", "machine code and first run")
    return found, {name: b - a for name, a, b in zip(names, times, times[1:], strict=False)}


def ours(function: Any, backend: str, given: tuple[Any, ...]) -> Job:
    def phases() -> dict[str, int]:
        return first_result(function, backend, given)[1]

    if backend in ("llvm", "tape"):  # the first program of a process also loads the compiler
        first_result(lambda w: w[0] * w[1], backend, given[:1])
    return Job(phases, lambda: named(*first_result(function, backend, given)[0]), phases=phases)


def our_network(backend: str) -> Callable[[int], Job]:
    def prepare(size: int) -> Job:
        import numpy as np

        import autograd_bp as bp

        sizes = sizes_of(NETWORKS[size])
        loss = scalar_loss(sizes, RELU, batches.products, bp.relu, bp.sigmoid)
        return ours(loss, backend, (np.array(start(sizes)), *data(sizes, ROWS)))

    return prepare


def our_graph(backend: str) -> Callable[[int], Job]:
    def prepare(size: int) -> Job:
        import autograd_bp as bp

        function = graph(size)
        return ours(lambda w, x: function(w, x, bp.sin, bp.tanh), backend, graph_data())

    return prepare


# ---------------------------------------------------------------------------------- others
def network(make: Callable[[str, int, str], Job]) -> Callable[[int], Job]:
    """A contestant of `batches`: made, and run once."""

    def prepare(size: int) -> Job:
        def run(name: str = NETWORKS[size]) -> None:
            job = make(RELU, ROWS, name)
            job.run()

        run("2-2-1")
        return Job(run, lambda: make(RELU, ROWS, NETWORKS[size]).answer())

    return prepare


def graph_of(first: Callable[[Any], tuple[Any, Any]]) -> Callable[[int], Job]:
    def prepare(size: int) -> Job:
        first(graph(10))
        function = graph(size)
        return Job(lambda: first(function), lambda: named(*first(function)))

    return prepare


def jax_graph(function: Any) -> tuple[Any, Any]:
    jax = engines.jax()
    numpy = jax.numpy
    w, X = map(numpy.array, graph_data())

    def total(w: Any, X: Any) -> Any:
        return function(w, X.T, numpy.sin, numpy.tanh).sum()

    return jax.block_until_ready(jax.jit(jax.value_and_grad(total))(w, X))  # type: ignore[no-any-return]


def casadi_graph(function: Any) -> tuple[Any, Any]:
    import casadi

    w, X = graph_data()
    symbols = casadi.SX.sym("w", LEAVES), casadi.SX.sym("x", INPUTS)
    g = function(
        *([each[i] for i in range(each.shape[0])] for each in symbols), casadi.sin, casadi.tanh
    )
    row = casadi.Function("row", symbols, [g, casadi.gradient(g, symbols[0])])
    total, gradient = row.map("all", "serial", ROWS, [0], [0, 1], {})(w, X.T)
    return total, [gradient[i] for i in range(LEAVES)]


def ddx_graph(function: Any) -> tuple[Any, Any]:
    import ddx
    import numpy as np

    w, X = graph_data()

    @ddx.equation  # type: ignore[untyped-decorator, unused-ignore]
    def model() -> Any:
        return function(
            [ddx.var(f"w{i}") for i in range(LEAVES)],
            [ddx.param(f"x{i}") for i in range(INPUTS)],
            ddx.sin,
            ddx.tanh,
        )

    points = np.concatenate([np.repeat(w[:, None], ROWS, axis=1), X.T])
    value, gradient = model.compile(points=ROWS).jacobian(points)
    return value.sum(), gradient.sum(axis=1)


# ------------------------------------------------------------------------------------ tables
def contestant(
    name: str, prepare: Callable[[int], Job], packages: tuple[str, ...], at_most: float = math.inf,
    why: str = "takes more than a minute", cannot: Callable[[int], str] = lambda size: "",
) -> Contestant:  # fmt: skip
    return Contestant(
        name,
        prepare,
        WORK,
        packages,
        environment={**NO_CACHE},
        at_most=at_most,
        why_at_most=why,
        cannot=cannot,
    )


def no_tape(size: int) -> str:
    return batches.without("tape", "")


SIZES = (1_000, 10_000, 100_000, 1_000_000)
ABOUT = (
    f" To the first value and gradient over {ROWS} rows; nothing is kept on disk. Memory is what "
    "the process holds at most during one such run, without what it held before."
)
TABLES = {
    "compile-networks": Workload(
        name="compile-networks",
        title="From a function to the first result: networks",
        about="Relu networks 2-w-w-1 in scalar code with * and +, of such widths that loss and "
        "gradient are about so many operations; JAX has the same with arrays." + ABOUT,
        sizes=SIZES,
        quick=(100,),
        unit="compilation",
        size_name="operations",
        peak=True,
        contestants=[
            contestant(OURS + " llvm", our_network("llvm"), COMPILED),
            contestant(OURS + " numpy", our_network("numpy"), COMPILED[:2]),
            contestant(OURS + " tape", our_network("tape"), COMPILED[:2], cannot=no_tape),
            contestant("jax, jit, arrays", network(batches.jax), ("jax",)),
            contestant("ddx-ad", network(batches.ddx), ("ddx-ad",), 10_000),
            contestant("casadi SX, C", network(batches.casadi), ("casadi", "cc"), 1_000),
        ],
    ),
    "compile-graphs": Workload(
        name="compile-graphs",
        title="From a function to the first result: graphs without a pattern",
        about="Graphs of + - * sin tanh, wired at random, with their gradient: there is little to "
        "roll. casadi SX is interpreted, without C." + ABOUT,
        sizes=SIZES,
        quick=(100,),
        unit="compilation",
        size_name="operations",
        peak=True,
        contestants=[
            contestant(OURS + " auto", our_graph("auto"), COMPILED),
            contestant(
                OURS + " llvm",
                our_graph("llvm"),
                COMPILED,
                10_000,
                '"auto" would not make machine code of it: thousands of loops',
            ),
            contestant(OURS + " tape", our_graph("tape"), COMPILED[:2], cannot=no_tape),
            contestant("jax, jit", graph_of(jax_graph), ("jax",), 1_000),
            contestant("ddx-ad", graph_of(ddx_graph), ("ddx-ad",), 10_000),
            contestant("casadi SX", graph_of(casadi_graph), ("casadi",), 100_000),
        ],
    ),
}
