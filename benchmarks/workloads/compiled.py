"""The problems of benchmarks/problems by each library: the first call, and those that follow."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from functools import partial

from benchmarks.model import BY_HAND, ONCE, OURS, Contestant, Job, Workload
from benchmarks.networks import RELU
from benchmarks.problems import problem_of, runners
from benchmarks.problems.model import GRADIENT, SLOPES
from benchmarks.workloads import batches, gpt
from benchmarks.workloads.calls import COMPILED, NO_CACHE

ROWS = 100  # of the network
NETWORK, GPT = "network", "GPT"
SIZES = (
    "network 2-64-64-1",
    "chain 1,000",
    "irregular 1,000",
    "RK4 100",
    "LSTM 100",
    "attention 32",
    "convolution 100",
    "n-body 32",
    "prices 10,000",
    "bundle 1,000",
    "hand 100",
    "softmax 1,000",
    "k-means 1,000",
    "GPT 16 channels",
)
QUICK = (
    "network 2-3-1",
    "chain 20",
    "irregular 40",
    "RK4 2",
    "LSTM 2",
    "attention 3",
    "convolution 2",
    "n-body 4",
    "prices 10",
    "bundle 5",
    "hand 2",
    "softmax 7",
    "k-means 60",
    "GPT 16 channels, briefly",
)
FLOATS = ("attention 32", "convolution 100", "n-body 32", "prices 10,000", "softmax 1,000")
MANY = ("network 2-64-64-1", "prices 1,000,000", "softmax 100,000", "bundle 100,000")
NO_TORCH_CACHE = {"TORCHINDUCTOR_FORCE_DISABLE_CACHES": "1"}
FLOAT32 = "float32"
NOT_WRITTEN = "not written for it"
Make = Callable[[str], Job]


def kind_of(size: str) -> str:
    return size.split()[0]


# -------------------------------------------------------- networks and the GPT have code of theirs
def with_own(
    make: Make, network: Callable[..., Job] | None, script: Make | None, rows: int = ROWS
) -> Make:
    """Makes a job of any size: networks by `batches`, the GPT by `gpt`."""

    def prepare(size: str) -> Job:
        if kind_of(size) == NETWORK:
            assert network is not None
            return network(RELU, rows, size.split()[1])
        if kind_of(size) == GPT:
            assert script is not None
            return script(size.partition(" ")[2])
        return make(size)

    return prepare


def first(make: Make) -> Make:
    """From the function to its first result, once modules are loaded."""

    def prepare(size: str) -> Job:
        make("chain 4").run()
        kept: list[Job] = []

        def run() -> None:
            if (dynamo := sys.modules.get("torch._dynamo")) is not None:
                dynamo.reset()  # it keeps what it compiled for the same code before
            kept[:] = [make(size)]
            kept[0].run()

        def answer() -> dict[str, float]:
            return make(size).answer()  # a job that has run may have trained

        return Job(run, answer)

    return prepare


# --------------------------------------------------------------------------- who cannot do what
def torch_cannot(size: str) -> str:
    kind = kind_of(size)
    if kind in ("chain", "irregular", "RK4", "LSTM"):
        return "unrolls it: compiles for minutes"
    if kind in ("bundle", "hand"):
        return "compiles its Jacobians of rows for minutes"
    if size in QUICK and kind not in (NETWORK, "softmax"):
        return "compiles for half a minute"
    return "compares its eager arrays in the table `gpt-compiled`" if kind == GPT else ""


def casadi_cannot(size: str) -> str:
    kind = kind_of(size)
    if kind == NETWORK:
        return batches.casadi_cannot(size.split()[1])
    return NOT_WRITTEN if kind == GPT else ""


def ddx_cannot(size: str) -> str:
    kind = kind_of(size)
    if kind == NETWORK:
        return batches.ddx_cannot(ROWS, size.split()[1])
    if kind == GPT:
        return NOT_WRITTEN
    if problem_of(size).derivative not in (GRADIENT, SLOPES):
        return "has first derivatives of one output"
    long = kind in ("RK4", "LSTM", "attention") and size not in QUICK
    return "compiles for minutes" if long else ""


def numpy_cannot(size: str) -> str:
    if kind_of(size) == NETWORK:
        return ""
    return "" if kind_of(size) != GPT and problem_of(size).by_hand else NOT_WRITTEN


def c_cannot(size: str) -> str:
    if kind_of(size) in (NETWORK, GPT):
        return ""
    return "" if problem_of(size).in_c else NOT_WRITTEN


# ---------------------------------------------------------------------------------------- tables
def backend_of(name: str) -> Make:
    """This library with a backend; the GPT's program is machine code in any case."""
    return with_own(partial(runners.ours, name), partial(batches.bound, name), gpt.compiled)


def no_gpt(size: str) -> str:
    return "the GPT is compared by machine code alone" if kind_of(size) == GPT else ""


JAX = with_own(runners.jax, batches.jax, gpt.jax)
TORCH = with_own(runners.torch, partial(batches.torch, True), None)
CASADI = with_own(runners.casadi, batches.casadi, None)
DDX = with_own(runners.ddx, batches.ddx, None)


def one(
    name: str, make: Make, packages: tuple[str, ...], cannot: Callable[[str], str] = lambda _: "",
    work: str = ONCE, environment: Mapping[str, str] | None = None, tolerance: float = 1e-9,
) -> Contestant:  # fmt: skip
    return Contestant(
        name,
        make,
        work,
        packages,
        environment={**NO_CACHE, **NO_TORCH_CACHE, **(environment or {})},
        cannot=cannot,
        tolerance=tolerance,
    )


def others(wrap: Callable[[Make], Make], work: str) -> list[Contestant]:
    listed: list[tuple[str, Make, tuple[str, ...], Callable[[str], str]]] = [
        ("jax, jit", JAX, ("jax",), lambda _: ""),
        ("torch, compiled", TORCH, ("torch", "cc"), torch_cannot),
        ("casadi", CASADI, ("casadi", "cc"), casadi_cannot),
        ("ddx-ad", DDX, ("ddx-ad",), ddx_cannot),
    ]
    return [
        one(name, wrap(make), packages, cannot, work) for name, make, packages, cannot in listed
    ]


def ours(
    name: str, wrap: Callable[[Make], Make], work: str, cannot: Callable[[str], str] = no_gpt
) -> Contestant:
    return one(f"{OURS} {name}", wrap(backend_of(name)), COMPILED, cannot, work)


def same(make: Make) -> Make:
    return make


def many(prepare: Make, network: Callable[..., Job]) -> Make:
    return with_own(prepare, network, None, batches.MANY)


ABOUT = (
    "All are given the same code: scalar code for one row, or arrays of all rows where a library "
    "is made for them. The network is value and gradient of 2-64-64-1 with relus over 100 rows; "
    "the chain is y = sin(w y) 500 times; irregular graphs are wired at random; RK4 integrates ten "
    "states for 100 steps, the LSTM has eight cells and as many steps (both unrolled in Python, "
    "`scan` in JAX, `fold` in CasADi); attention is a causal head of 16 channels; convolution has "
    "four filters over pictures of 12 x 12; n-body is the potential and its forces; prices are "
    "options with four slopes each; bundle and hand are the Jacobians of bundle adjustment and "
    "hand tracking; softmax is regression with 20 features and 5 classes; k-means is a gradient "
    "and a product with the Hessian; GPT is a training step with Adam. The count is that of rows, "
    "steps, positions, bodies or operations. CasADi maps over rows and runs its own "
    'instructions (the network: compiled C). "By hand" rows have their derivatives written by '
    "hand (c/problems.c, c/batches.c, c/gpt.c)."
)
FIRST = "records, compiles, computes once"
TABLES = {
    "compiled-first": Workload(
        name="compiled-first",
        title="The first call",
        about="From the function to the first result, modules loaded, nothing on disk. One "
        "thread. The problems are those of the next table.",
        sizes=SIZES,
        quick=("chain 20", "softmax 7"),
        unit="first call",
        size_name="problem",
        contestants=[
            ours("auto", first, FIRST),
            ours("llvm", first, FIRST, lambda _: ""),
            *others(first, FIRST),
        ],
        transposed=True,
    ),
    "compiled-steady": Workload(
        name="compiled-steady",
        title="The calls that follow",
        about="One thread. " + ABOUT,
        sizes=SIZES,
        quick=QUICK,
        unit="call",
        size_name="problem",
        contestants=[
            ours("llvm", same, ONCE, lambda _: ""),
            ours("tape", same, ONCE),
            *others(same, ONCE),
            one(
                "NumPy, by hand",
                with_own(runners.numpy, batches.numpy, None),
                ("numpy",),
                numpy_cannot,
                BY_HAND,
            ),
            one(
                "C, by hand",
                with_own(runners.in_c, batches.in_c, gpt.in_c),
                ("cc", "numpy"),
                c_cannot,
                BY_HAND,
            ),
        ],
        transposed=True,
    ),
    "compiled-floats": Workload(
        name="compiled-floats",
        title="Floats of 32 bits",
        about="The calls that follow, one thread, with floats of 32 bits where a row does not say "
        "doubles. Numbers agree to 1e-3 of the largest.",
        sizes=FLOATS,
        quick=("n-body 4", "softmax 7"),
        unit="call",
        size_name="problem",
        contestants=[
            one(name, make, packages, cannot, tolerance=1e-3)
            for name, make, packages, cannot in (
                (
                    f"{OURS} llvm",
                    partial(runners.ours, "llvm", dtype=FLOAT32),
                    COMPILED,
                    lambda _: "",
                ),
                (f"{OURS} llvm, doubles", partial(runners.ours, "llvm"), COMPILED, lambda _: ""),
                ("jax, jit", partial(runners.jax, dtype=FLOAT32), ("jax",), lambda _: ""),
                (
                    "torch, compiled",
                    partial(runners.torch, dtype=FLOAT32),
                    ("torch", "cc"),
                    torch_cannot,
                ),
            )
        ],
        transposed=True,
    ),
    "compiled-threads": Workload(
        name="compiled-threads",
        title="All threads",
        about=f"The calls that follow on {batches.CORES} threads, over many rows: 10,000 of the "
        "network, of the others as many as the count says.",
        sizes=MANY,
        quick=("network 2-3-1", "prices 10", "softmax 7", "bundle 5"),
        unit="call",
        size_name="problem",
        contestants=[
            one(name, many(make, network), packages, cannot, environment=batches.ALL)
            for name, make, network, packages, cannot in (
                (
                    f"{OURS} llvm",
                    partial(runners.ours, "llvm"),
                    partial(batches.bound, "llvm"),
                    COMPILED,
                    lambda _: "",
                ),
                ("jax, jit", runners.jax, batches.jax, ("jax",), lambda _: ""),
                (
                    "torch, compiled",
                    runners.torch,
                    partial(batches.torch, True),
                    ("torch", "cc"),
                    torch_cannot,
                ),
            )
        ],
        transposed=True,
    ),
}
