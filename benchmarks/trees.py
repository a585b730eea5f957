"""Two source trees compared: what a change made slower, by paired alternation.

    python -m benchmarks.trees OLD NEW [--pairs 9] [--only chain]

OLD and NEW are two checkouts with built cores. Each measurement runs in a process of its own, old
and new in turn; the ratio new / old is taken pair by pair, so a drift of the machine's speed
cancels. A row prints the median of the ratios, and the interval from a sign test that holds the
true median with at least 95 % probability.

The workloads use only what both trees have; each takes the best of several repetitions, the
garbage collector off, so a process gives one number: seconds.
"""

from __future__ import annotations

import argparse
import gc
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from math import comb
from pathlib import Path

from benchmarks.processes import ONE_THREAD

Work = Callable[[], object]


def chain() -> Work:
    """A chain of a thousand + and *, recorded, swept and freed."""
    from autograd_bp import Value

    def work() -> None:
        x = y = Value(1.0001)
        for _ in range(500):
            y = y * x + x
        y.backward()

    return work


def functions() -> Work:
    """A chain of five hundred functions of one number."""
    import autograd_bp as bp
    from autograd_bp import Value

    def work() -> None:
        y = Value(0.3)
        for _ in range(100):
            y = bp.softplus(bp.sin(bp.sigmoid(bp.tanh(bp.exp(y)))))
        y.backward()

    return work


def dot() -> Work:
    """A hundred dot products of a hundred terms."""
    import autograd_bp as bp
    from autograd_bp import Value

    weights = [Value(0.01 * k) for k in range(100)]
    inputs = [Value(0.02 * k) for k in range(100)]

    def work() -> None:
        bp.sum([bp.dot(weights, inputs) for _ in range(100)]).backward()

    return work


def network() -> Work:
    """A row through a 2-16-16-1 network, forward and backward."""
    import autograd_bp as bp
    from autograd_bp.nn import Network

    net = Network([2, 16, 16, 1], seed=0)

    def work() -> None:
        bp.performance([1.0], net([0.5, -0.3])).backward()

    return work


def transformer() -> Work:
    """A training step of the character-level GPT, in scalar code."""
    from autograd_bp import Value
    from benchmarks import transformer as model

    weights = {
        name: [[Value(w) for w in row] for row in rows] for name, rows in model.start().items()
    }
    tokens = model.tokens_of("emma")

    def work() -> None:
        model.loss_of(weights, tokens, model.products).backward()

    return work


def moons() -> Work:
    """The gradient of the 2-16-16-1 network of micrograd's demo over its 100 rows, with `nn`."""
    from benchmarks.workloads import moons as demo

    return demo.ours_nn(16).run


def moons_scalar() -> Work:
    """The same network in scalar code, every product and every sum a node."""
    from autograd_bp import Value
    from benchmarks import circles

    numbers = iter(circles.start(16))
    layers = [
        [[Value(next(numbers)) for _ in range(n_in + 1)] for _ in range(n_out)]
        for n_in, n_out in ((2, 16), (16, 16), (16, 1))
    ]
    rows, labels = circles.moons()

    def score(row: Sequence[float]) -> Value:
        out: list[Value] = [Value(x) for x in row]
        for layer in layers:
            sums = [sum((w * x for w, x in zip(n, out)), n[-1]) for n in layer]  # noqa: B905
            out = [s.relu() for s in sums] if layer is not layers[-1] else sums
        return out[0]

    def work() -> None:
        losses = [(1 + -y * score(row)).relu() for row, y in zip(rows, labels, strict=True)]
        (sum(losses) * (1.0 / len(losses))).backward()

    return work


def gpt() -> Work:
    """A training step of the character-level GPT, its sums of products as `dot`, and Adam."""
    from benchmarks.workloads import gpt as model

    return model.ours_by_dot(model.SIZE).run


def second_derivatives() -> Work:
    """The Hessian of a function of six numbers."""
    import autograd_bp as bp

    def f(x: list[object]) -> object:
        return bp.logsumexp([bp.tanh(a * b) for a, b in itertools.pairwise(x)])

    return lambda: bp.hessian(f)([0.1, 0.2, 0.3, 0.4, 0.5, 0.6])


def _compiled(backend: str, rows: int) -> Work:
    import numpy as np

    from autograd_bp.nn import Network

    program = Network([2, 16, 16, 1], seed=0).compiled(backend=backend)
    X = np.random.default_rng(0).normal(size=(rows, 2))
    D = np.ones((rows, 1))
    return lambda: program.gradient(X, D)


def compiled_tape() -> Work:
    """The gradient of a compiled 2-16-16-1 network over a hundred rows, by the tape."""
    return _compiled("tape", 100)


def compiled_llvm() -> Work:
    """The same by machine code."""
    return _compiled("llvm", 100)


def compiled_numpy() -> Work:
    """The same by NumPy."""
    return _compiled("numpy", 100)


def _ready(backend: str) -> Work:
    import autograd_bp as bp

    def f(x: list[object], w: list[object]) -> object:
        for _ in range(20):
            x = [bp.tanh(bp.dot(w, x) + k) for k in range(8)]
        return bp.sum(x)

    x, w = [0.1 * k for k in range(8)], [0.2 * k for k in range(8)]

    def work() -> None:
        bp.compiled(f, backend=backend).grad(x, w)

    return work


def ready_tape() -> Work:
    """A function of 500 operations, from Python to its first gradient, by the tape."""
    return _ready("tape")


def ready_llvm() -> Work:
    """The same by machine code."""
    return _ready("llvm")


def loading() -> Work:
    """`import autograd_bp` in a process of its own."""
    return lambda: subprocess.run([sys.executable, "-c", "import autograd_bp"], check=True)


WORKLOADS = {
    work.__name__: work
    for work in (
        chain, functions, dot, network, moons, moons_scalar, transformer, gpt,
        second_derivatives, compiled_tape, compiled_llvm, compiled_numpy, ready_tape,
        ready_llvm, loading,
    )
}  # fmt: skip
PURE = ("chain", "functions", "network", "loading")  # also on the interpreted core


def measure(name: str, seconds: float) -> float:
    """The shortest time of a repetition, in seconds."""
    work = WORKLOADS[name]()
    work()
    gc.disable()
    best, end = float("inf"), time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def interval(ratios: Sequence[float]) -> tuple[float, float]:
    """The narrowest interval between two of the ratios that holds the median with 95 %."""
    ordered, n = sorted(ratios), len(ratios)
    k = 0
    while k < n // 2 and 2 * sum(comb(n, i) for i in range(k + 1)) / 2**n <= 0.05:
        k += 1
    k = max(k - 1, 0)
    return ordered[k], ordered[n - 1 - k]


def _seconds(tree: Path, name: str, seconds: float, pure: bool) -> float:
    environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(tree)}
    environment |= {"AUTOGRAD_BP_PURE": "1" if pure else "", "AUTOGRAD_BP_CACHE": "off"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # users import what is compiled already
    command = [sys.executable, str(Path(__file__).resolve()), "--measure", name,
               "--seconds", str(seconds)]  # fmt: skip
    done = subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def compare(old: Path, new: Path, name: str, pairs: int, seconds: float, pure: bool) -> str:
    """One row: the median of new / old, its interval, and the median times."""
    times: list[tuple[float, float]] = []
    for k in range(pairs):
        order = (old, new) if k % 2 == 0 else (new, old)
        first, second = (_seconds(tree, name, seconds, pure) for tree in order)
        times.append((first, second) if k % 2 == 0 else (second, first))
    ratios = [after / before for before, after in times]
    low, high = interval(ratios)
    before, after = (statistics.median(column) for column in zip(*times, strict=True))
    label = name + (" (interpreted)" if pure else "")
    return (
        f"{label:28} {statistics.median(ratios):6.3f}  [{low:.3f}, {high:.3f}]"
        f"  {before * 1e6:10.1f} us -> {after * 1e6:10.1f} us"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare two source trees by paired alternation.")
    parser.add_argument("trees", nargs="*", type=Path, metavar="TREE", help="old, then new")
    parser.add_argument("--pairs", type=int, default=9, help="processes for each tree (at least 7)")
    parser.add_argument("--seconds", type=float, default=1.0, help="of repetitions in a process")
    parser.add_argument("--only", action="append", choices=sorted(WORKLOADS), help="a workload")
    parser.add_argument("--measure", choices=sorted(WORKLOADS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(repr(measure(options.measure, options.seconds)))
        return 0
    if len(options.trees) != 2 or not all(
        (tree / "autograd_bp").is_dir() for tree in options.trees
    ):
        parser.error("give two checkouts of autograd_bp, the old one first")
    old, new = (tree.resolve() for tree in options.trees)
    print(f"{'workload':28} new/old  [95 % interval]  ({options.pairs} pairs)")
    for name in options.only or WORKLOADS:
        for pure in (False, True) if name in PURE else (False,):
            print(compare(old, new, name, options.pairs, options.seconds, pure), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
