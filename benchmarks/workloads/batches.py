"""Value and gradient of a network, summed over all rows, as each compiler does it.

A workload for each activation and number of rows; its sizes are networks.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import ctypes
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from benchmarks import build, engines
from benchmarks.model import BY_HAND, FRESH, ONCE, OURS, Contestant, Job, Workload
from benchmarks.networks import (
    RELU,
    SIGMOID,
    array_loss,
    by_hand,
    count,
    data,
    flat,
    layers,
    named,
    scalar_loss,
    sizes_of,
    start,
)
from benchmarks.workloads.calls import COMPILED, NO_CACHE

NETWORKS = ("2-4-1", "2-16-16-1", "2-32-32-1", "2-64-64-1", "2-128-128-1", "64-30-10")
QUICK = ("2-3-1",)
ROWS = (100, 1_000, 10_000)
MANY = 10_000  # rows from which a second core is worth a row of the table
VECTOR = 16

CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
ALL = {
    name: str(CORES)
    for name in (
        "OMP_NUM_THREADS",
        "MKL_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "VECLIB_MAXIMUM_THREADS",
    )
} | {"XLA_FLAGS": ""}
Prepare = Callable[..., Job]


def threads() -> int:
    """How many this contestant may use: its environment says so."""
    return int(os.environ["OMP_NUM_THREADS"])


def arrays(name: str, rows: int) -> tuple[list[int], Any, Any, Any]:
    import numpy as np

    sizes = sizes_of(name)
    return sizes, np.array(start(sizes)), *data(sizes, rows)


# ------------------------------------------------------------------------------ autograd_bp
def compiled(sizes: list[int], kind: str, backend: str) -> Any:
    import autograd_bp as bp

    loss = scalar_loss(sizes, kind, bp.dot, bp.relu, bp.sigmoid)
    return bp.compiled(loss, rows=("x", "d"), backend=backend, threads=threads())


def bound(backend: str, kind: str, rows: int, name: str) -> Job:
    sizes, w, X, D = arrays(name, rows)
    call = compiled(sizes, kind, backend).bind(w, X, D)
    return Job(call, lambda: named(call(), call.numbers[1:]))


def convenient(backend: str, kind: str, rows: int, name: str) -> Job:
    sizes, w, X, D = arrays(name, rows)
    function = compiled(sizes, kind, backend)
    function.value_and_grad(w, X, D)
    both = function.value_and_grad  # from the second call on the quick way
    return Job(lambda: both(w, X, D), lambda: named(*both(w, X, D)))


def without(backend: str, name: str) -> str:
    """Why this backend cannot take part."""
    from autograd_bp.compiling.backends.registry import names

    return "" if backend in names() else f"there is no backend {backend!r}"


# ---------------------------------------------------------------------------------- others
def torch(compiling: bool, kind: str, rows: int, name: str) -> Job:
    torch = engines.torch()
    torch.set_num_threads(threads())
    sizes, w, X, D = arrays(name, rows)
    parts = [
        [torch.tensor(part, requires_grad=True) for part in layer] for layer in layers(w, sizes)
    ]
    leaves = [part for layer in parts for part in layer]
    X, D = torch.tensor(X), torch.tensor(D)
    relu = torch.relu if kind == RELU else None

    def forward(*leaves: Any) -> Any:
        pairs = list(zip(leaves[::2], leaves[1::2], strict=True))
        return array_loss(pairs, X, D, relu, torch.sigmoid)

    if compiling:
        forward = torch.compile(forward, dynamic=False)

    def run() -> Any:
        for part in leaves:
            part.grad = None
        loss = forward(*leaves)
        loss.backward()
        return loss

    run()
    return Job(run, lambda: named(run().detach(), flat([(W.grad, b.grad) for W, b in parts])))


def jax(kind: str, rows: int, name: str) -> Job:
    jax = engines.jax()
    import numpy as np

    sizes, w, X, D = arrays(name, rows)
    parts = [tuple(map(jax.numpy.array, layer)) for layer in layers(w, sizes)]
    X, D = jax.numpy.array(X), jax.numpy.array(D)
    relu = jax.nn.relu if kind == RELU else None
    both = jax.jit(
        jax.value_and_grad(lambda parts, X, D: array_loss(parts, X, D, relu, jax.nn.sigmoid))
    )

    def answer() -> dict[str, float]:
        loss, gradients = both(parts, X, D)
        return named(loss, flat([(np.array(W), np.array(b)) for W, b in gradients]))

    return Job(lambda: jax.block_until_ready(both(parts, X, D)), answer)


def numpy(kind: str, rows: int, name: str) -> Job:
    sizes, w, X, D = arrays(name, rows)
    parts = layers(w, sizes)

    def answer() -> dict[str, float]:
        loss, gradients = by_hand(parts, X, D, kind)
        return named(loss, flat(gradients))

    return Job(lambda: by_hand(parts, X, D, kind), answer)


def products(w: Any, x: Any) -> Any:
    total = w[0] * x[0]
    for i in range(1, len(x)):
        total = total + w[i] * x[i]
    return total


def ddx(kind: str, rows: int, name: str) -> Job:
    """The gradient of each row by a buffer of all points, then the sum of NumPy. Weights are
    inputs of every point; that they would have to be written there each time is not counted."""
    import ddx
    import numpy as np

    sizes, w, X, D = arrays(name, rows)
    relu, sigmoid = lambda u: ddx.max(u, 0.0), lambda u: 1.0 / (1.0 + ddx.exp(-u))
    loss = scalar_loss(sizes, kind, products, relu, sigmoid)

    @ddx.equation  # type: ignore[untyped-decorator, unused-ignore]
    def model() -> Any:
        weights = [ddx.var(f"w{i}") for i in range(len(w))]
        x, d = (
            [ddx.param(f"{letter}{i}") for i in range(n)]
            for letter, n in (("x", sizes[0]), ("d", sizes[-1]))
        )
        return loss(weights, x, d)

    points = np.concatenate([np.repeat(w[:, None], rows, axis=1), X.T, D.T])
    call = model.compile(points=rows).buffer(points)

    def run() -> tuple[Any, Any]:
        call()
        return call.value.sum(), call.jacobian.sum(axis=1)

    return Job(run, lambda: named(*run()))


def ddx_cannot(rows: int, name: str) -> str:
    weights = count(sizes_of(name))
    if weights > 5_000:
        return "compiles for minutes"
    return "holds a gradient for every row: gigabytes" if weights * rows > 10**7 else ""


def casadi(kind: str, rows: int, name: str) -> Job:
    """One row as C, folded over all rows; compiled by cc -O3 -march=native."""
    import casadi
    import numpy as np

    sizes, w, X, D = arrays(name, rows)
    relu, sigmoid = lambda u: casadi.fmax(u, 0.0), lambda u: 1.0 / (1.0 + casadi.exp(-u))
    symbols = [
        casadi.SX.sym(letter, n) for letter, n in (("w", len(w)), ("x", sizes[0]), ("d", sizes[-1]))
    ]
    pick = [[each[i] for i in range(each.shape[0])] for each in symbols]
    loss = scalar_loss(sizes, kind, products, relu, sigmoid)(*pick)
    sums = casadi.SX.sym("sums", len(w) + 1)
    more = sums + casadi.vertcat(loss, casadi.gradient(loss, symbols[0]))
    row = casadi.Function("row", [sums, *symbols], [more])
    options = {
        "jit": True,
        "compiler": "shell",
        "jit_options": {"compiler": "cc", "flags": ["-O3", "-march=native"], "cleanup": False},
    }
    all_rows = [
        casadi.MX.sym("w", len(w)),
        casadi.MX.sym("x", sizes[0], rows),
        casadi.MX.sym("d", sizes[-1], rows),
    ]
    found = row.fold(rows)(0, casadi.repmat(all_rows[0], 1, rows), *all_rows[1:])
    home = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:  # where CasADi leaves its files
        os.chdir(folder)
        function = casadi.Function("all", all_rows, [found], options)
        os.chdir(home)
    buffer, call = function.buffer()
    numbers, total = [w, X.copy(), D.copy()], np.zeros(len(w) + 1)
    for i, each in enumerate(numbers):
        buffer.set_arg(i, memoryview(each))
    buffer.set_res(0, memoryview(total))

    def answer(keep: Any = (function, buffer, numbers)) -> dict[str, float]:
        call()
        return named(total[0], total[1:])

    return Job(call, answer)


def casadi_cannot(name: str) -> str:
    return "compiles for a minute and more" if count(sizes_of(name)) > 2_500 else ""


def in_c(kind: str, rows: int, name: str) -> Job:
    import numpy as np

    linux = sys.platform == "linux" and platform.machine() == "x86_64"
    flags = ("-march=native", "-mprefer-vector-width=512") if linux else ()
    entry = build.library("batches", flags, ("-lmvec",) if linux else ()).batch
    sizes, w, X, D = arrays(name, rows)
    stride = -(-rows // VECTOR) * VECTOR
    X, D = (np.pad(each, ((0, stride - rows), (0, 0)), mode="edge").T.copy() for each in (X, D))
    out = np.zeros(len(w) + 1)
    kept = (w, X, D, out)
    places = [ctypes.c_void_p(each.ctypes.data) for each in kept]
    given = (
        (ctypes.c_int * len(sizes))(*sizes),
        len(sizes) - 1,
        int(kind == SIGMOID),
        *places[:3],
        ctypes.c_long(stride),
        ctypes.c_long(rows),
        places[3],
    )

    def answer(keep: Any = kept) -> dict[str, float]:
        entry(*given)
        return named(out[0], out[1:])

    return Job(lambda: entry(*given), answer)


# ------------------------------------------------------------------------------------ tables
def torch_compile_cannot(name: str) -> str:
    return "compiles for half a minute" if name in QUICK else ""


def contestants(kind: str, rows: int) -> list[Contestant]:
    def one(
        name: str, prepare: Prepare, work: str, packages: tuple[str, ...],
        environment: Mapping[str, str] = NO_CACHE, cannot: Callable[[str], str] = lambda size: "",
    ) -> Contestant:  # fmt: skip
        return Contestant(
            name,
            partial(prepare, kind, rows),
            work,
            packages,
            environment=environment,
            cannot=cannot,
        )

    no_tape = partial(without, "tape")
    alone = [
        one(OURS + " llvm, bound", partial(bound, "llvm"), ONCE, COMPILED),
        one(OURS + " llvm, arrays", partial(convenient, "llvm"), ONCE, COMPILED),
        one(OURS + " numpy, arrays", partial(convenient, "numpy"), ONCE, COMPILED[:2]),
        one(OURS + " tape, bound", partial(bound, "tape"), ONCE, COMPILED[:2], cannot=no_tape),
        one("torch, eager", partial(torch, False), "records, sweeps, frees arrays", ("torch",)),
        one("torch, compiled", partial(torch, True), ONCE, ("torch",), cannot=torch_compile_cannot),
        one("jax, jit", jax, ONCE, ("jax",)),
        one("ddx-ad, buffer", ddx, ONCE, ("ddx-ad",), cannot=partial(ddx_cannot, rows)),
        one("casadi SX, C, buffer", casadi, ONCE, ("casadi", "cc"), cannot=casadi_cannot),
        one("NumPy, by hand", numpy, BY_HAND, ("numpy",)),
        one("C, by hand", in_c, BY_HAND, ("cc", "numpy")),
    ]
    if rows < MANY:
        return alone
    every, ours = ", all threads", ALL | NO_CACHE
    return [
        *alone,
        one(OURS + " llvm, bound" + every, partial(bound, "llvm"), ONCE, COMPILED, ours),
        one("torch, eager" + every, partial(torch, False), FRESH, ("torch",), ALL),
        one(
            "torch, compiled" + every,
            partial(torch, True),
            ONCE,
            ("torch",),
            ALL,
            torch_compile_cannot,
        ),
        one("jax, jit" + every, jax, ONCE, ("jax",), ALL),
        one("NumPy, by hand" + every, numpy, BY_HAND, ("numpy",), ALL),
    ]


def workload(kind: str, rows: int) -> Workload:
    return Workload(
        name=f"{kind}-{rows}",
        title=f"Gradients over {rows:,} rows, {kind} networks",
        about=(
            "Loss ½ Σ (z - d)² and its gradient by all weights, summed over all rows, in doubles. "
            'autograd_bp is given scalar code for one row. "ddx-ad" computes a gradient for each '
            'row and NumPy adds them up; "casadi SX, C" is its generated C for a row in a loop, '
            'compiled by cc -O3 -march=native; "C, by hand" (c/batches.c) keeps chunks of rows '
            "in the cache and tiles in registers, and is the limit."
            + (f' "All threads" are {CORES}; all others have one.' if rows >= MANY else "")
        ),
        sizes=NETWORKS,
        quick=QUICK,
        unit="gradient",
        size_name="network",
        contestants=contestants(kind, rows),
    )


TABLES = {f"{kind}-{rows}": workload(kind, rows) for kind in (RELU, SIGMOID) for rows in ROWS}
