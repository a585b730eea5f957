"""Training on the packaged handwritten digits: 64-30-10 sigmoid neurons, one row at a time.

Everybody takes the same rows in the same order from the same weights, and moves every weight
after every row: Δw = δ ∂P/∂w with P = -1/2 Σ (d - z)^2. Each repetition starts again from the
first weights, so that all repetitions are the same work.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import ctypes
import functools
import itertools
from collections.abc import Callable
from typing import Any

from benchmarks import build, engines
from benchmarks.model import (
    BY_HAND,
    ONCE,
    Contestant,
    Job,
    Workload,
    both_collectors,
    both_cores,
    both_settings,
)

SIZES, RATE = (64, 30, 10), 0.5
Rows = list[tuple[list[float], list[float]]]
Layers = list[tuple[list[list[float]], list[float]]]
ARRAYS = "records, sweeps, frees arrays"


def rows(n: int) -> Rows:
    """The first rows of the packaged digits, pixels from 0 to 1, and the desired outputs."""
    from autograd_bp.training import digits

    data = digits()
    answers = [int(answer) for answer in data.answers[:n]]
    return [
        ([pixel / 16.0 for pixel in x], [1.0 if k == answer else 0.0 for k in range(10)])
        for x, answer in zip(data.inputs[:n], answers, strict=True)
    ]


@functools.cache
def network() -> Any:
    from autograd_bp.nn import Network

    return Network(list(SIZES), seed=0)


def start() -> Layers:
    """The first weights and bias weights, layer by layer."""
    return [
        (
            [[w.data for w in neuron.weights] for neuron in layer.neurons],
            [0.0 if neuron.bias is None else neuron.bias.data for neuron in layer.neurons],
        )
        for layer in network().layers
    ]


def named(performance: Any, layers: Any) -> dict[str, float]:
    """Σ P over the rows, and every weight after the last."""
    result = {"P": engines.number(performance)}
    for k, (W, w0) in enumerate(layers):
        for j, (row, bias) in enumerate(zip(W, w0, strict=True)):
            result[f"w0[{k},{j}]"] = engines.number(bias)
            result |= {f"w[{k},{j},{i}]": engines.number(w) for i, w in enumerate(row)}
    return result


def job(train: Callable[[], tuple[Any, Any]], n: int) -> Job:
    """`train` starts anew, takes all rows and returns Σ P and the layers."""
    return Job(train, lambda: named(*train()), units=n)


# --------------------------------------------------------------------------- scalar engines
def ours(n: int) -> Job:
    """autograd_bp.nn and GradientAscent: every neuron one dot."""
    from autograd_bp import performance
    from autograd_bp.training import GradientAscent

    net, data = network(), rows(n)
    parameters = net.parameters()
    first = [w.data for w in parameters]
    ascent = GradientAscent(parameters, RATE)

    def train() -> tuple[float, Layers]:
        for w, number in zip(parameters, first, strict=True):
            w.data = number
        total = 0.0
        for x, d in data:
            P = performance(d, net(x))
            P.backward()
            ascent.step()
            total += P.data
        return total, start()

    result = job(train, n)
    return Job(lambda: train()[0], result.answer, units=n)


def by_operators(make: Callable[[float], Any], sigmoid: Callable[[Any], Any], n: int) -> Job:
    """The same network written with * and +, for an engine with `.backward()` and `.grad`."""
    data, first = rows(n), start()

    def layer(W: Any, w0: Any, x: Any) -> list[Any]:
        outputs = []
        for row, bias in zip(W, w0, strict=True):
            α = -bias
            for w, x_i in zip(row, x, strict=True):
                α = α + w * x_i
            outputs.append(sigmoid(α))
        return outputs

    def train() -> tuple[float, Layers]:
        layers = [([[make(w) for w in row] for row in W], [make(w) for w in w0]) for W, w0 in first]
        weights = [w for W, w0 in layers for w in (*w0, *(w for row in W for w in row))]
        total = 0.0
        for x, d in data:
            z: Any = x
            for W, w0 in layers:
                z = layer(W, w0, z)
            P = -0.5 * sum((d_k - z_k) ** 2 for d_k, z_k in zip(d, z, strict=True))
            P.backward()
            for w in weights:
                w.data += RATE * w.grad
                w.grad = 0.0
            total += P.data
        return total, [
            ([[w.data for w in row] for row in W], [w.data for w in w0]) for W, w0 in layers
        ]

    return job(train, n)


def ours_by_operators(n: int) -> Job:
    from autograd_bp import Value, sigmoid

    return by_operators(Value, sigmoid, n)


def microgpt(n: int) -> Job:
    from benchmarks.microgpt_value import Value

    return by_operators(Value, lambda α: 1.0 / (1.0 + (-α).exp()), n)


# --------------------------------------------------------------------------------- arrays
def torch(n: int) -> Job:
    torch = engines.torch()
    data = [(torch.tensor(x), torch.tensor(d)) for x, d in rows(n)]
    first = start()

    def train() -> tuple[float, Any]:
        layers = [[torch.tensor(part, requires_grad=True) for part in layer] for layer in first]
        ascent = torch.optim.SGD([p for layer in layers for p in layer], RATE, maximize=True)
        total = 0.0
        for x, d in data:
            z = x
            for W, w0 in layers:
                z = torch.sigmoid(W @ z - w0)
            P = -0.5 * ((d - z) ** 2).sum()
            ascent.zero_grad()
            P.backward()
            ascent.step()
            total += P.item()
        return total, layers

    return job(train, n)


def jax(n: int) -> Job:
    jax = engines.jax()
    import numpy as np

    data = [(np.array(x), np.array(d)) for x, d in rows(n)]
    first = [tuple(map(np.array, layer)) for layer in start()]

    def performance(layers: Any, x: Any, d: Any) -> Any:
        for W, w0 in layers:
            x = jax.nn.sigmoid(W @ x - w0)
        return -0.5 * ((d - x) ** 2).sum()

    @jax.jit  # type: ignore[untyped-decorator, unused-ignore]
    def step(layers: Any, x: Any, d: Any) -> Any:
        P, gradients = jax.value_and_grad(performance)(layers, x, d)
        return P, jax.tree.map(lambda w, g: w + RATE * g, layers, gradients)

    def train() -> tuple[float, Any]:
        layers, total = first, 0.0
        for x, d in data:
            P, layers = step(layers, x, d)
            total += P
        return total, jax.block_until_ready(layers)

    def answer() -> dict[str, float]:
        total, layers = train()
        return named(total, [(np.array(W), np.array(w0)) for W, w0 in layers])

    return Job(train, answer, units=n)


def numpy(n: int) -> Job:
    import numpy as np

    data = [(np.array(x), np.array(d)) for x, d in rows(n)]
    first = start()

    def train() -> tuple[float, Any]:
        (W1, b1), (W2, b2) = [(np.array(W), np.array(w0)) for W, w0 in first]
        total = 0.0
        for x, d in data:
            y = 1 / (1 + np.exp(b1 - W1 @ x))
            z = 1 / (1 + np.exp(b2 - W2 @ y))
            γ2 = (d - z) * z * (1 - z)
            γ1 = (γ2 @ W2) * y * (1 - y)
            W2 += RATE * np.outer(γ2, y)
            b2 -= RATE * γ2
            W1 += RATE * np.outer(γ1, x)
            b1 -= RATE * γ1
            total -= 0.5 * ((d - z) ** 2).sum()
        return total, [(W1, b1), (W2, b2)]

    return job(train, n)


def in_c(n: int) -> Job:
    entry = build.library("digits").train
    pointer = ctypes.POINTER(ctypes.c_double)
    entry.argtypes = [pointer, pointer, pointer, ctypes.c_int, ctypes.c_double]
    entry.restype = ctypes.c_double
    data = rows(n)
    inputs, desired = (build.doubles([v for row in data for v in row[k]]) for k in (0, 1))
    first = build.doubles(
        [v for W, w0 in start() for row, bias in zip(W, w0, strict=True) for v in (*row, bias)]
    )
    weights = build.doubles(list(first))

    def train() -> tuple[float, Any]:
        ctypes.memmove(weights, first, ctypes.sizeof(first))
        total = entry(weights, inputs, desired, n, RATE)
        return total, weights

    def answer() -> dict[str, float]:
        total, weights = train()
        layers, at = [], 0
        for n_in, n_out in itertools.pairwise(SIZES):
            width = n_in + 1
            part = [weights[at + j * width : at + (j + 1) * width] for j in range(n_out)]
            layers.append(([row[:-1] for row in part], [row[-1] for row in part]))
            at += n_out * width
        return named(total, layers)

    return Job(train, answer, units=n)


WORKLOAD = Workload(
    name="digits",
    title="Training on handwritten digits, row by row",
    about=(
        f"A {'-'.join(map(str, SIZES))} network of sigmoid neurons on the packaged digits "
        f"(UCI, CC BY 4.0): record, sweep and move all weights after each row (rate {RATE}); the "
        "time is that of one row. Compared are Σ P and every weight after the last row. "
        "The NumPy and C rows have the chain rule written by hand."
    ),
    sizes=(200,),
    quick=(3,),
    unit="row",
    size_name="rows",
    contestants=[
        *both_settings(both_cores(ours, ", nn")),
        *both_cores(ours_by_operators, ", * and +"),
        *both_collectors(Contestant("microgpt-style Value", microgpt)),
        Contestant("torch, arrays", torch, ARRAYS, packages=("torch",)),
        Contestant("jax, arrays, jit", jax, ONCE, packages=("jax",)),
        Contestant("NumPy, by hand", numpy, BY_HAND, packages=("numpy",)),
        Contestant("C, by hand", in_c, BY_HAND, packages=("cc",)),
    ],
)
