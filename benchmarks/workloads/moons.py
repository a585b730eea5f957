"""micrograd's demo: a 2-w-w-1 network of relu neurons, max-margin loss, 100 rows, one gradient.

micrograd's nn module runs as it was published; another engine takes part by standing in for
its Value. Rows lie on two half circles, made by a formula, seeded.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from typing import Any

from benchmarks import build, engines
from benchmarks.circles import flat, matrices, moons, named, start
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

ALPHA = 1e-4  # the weight of the squared parameters in the loss
ARRAYS = "records, sweeps, frees arrays"


def demo(value: Any, width: int) -> Job:
    """The demo's loss with `micrograd.nn`, whose Value is `value`."""
    from micrograd import nn

    nn.Value = value
    model = nn.MLP(2, [width, width, 1])
    for parameter, number in zip(model.parameters(), start(width), strict=True):
        parameter.data = number
    X, y = moons()

    def loss() -> Any:
        inputs = [list(map(value, row)) for row in X]
        scores = list(map(model, inputs))
        losses = [(1 + -yi * scorei).relu() for yi, scorei in zip(y, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = ALPHA * sum(p * p for p in model.parameters())
        return data_loss + reg_loss

    kept: list[Any] = [None]  # as in a script: the last graph lives until the next one is made

    def run() -> Any:
        kept[0] = loss()
        model.zero_grad()
        kept[0].backward()
        return kept[0]

    def answer() -> dict[str, float]:
        total = run()
        return named(total.data, [p.grad for p in model.parameters()])

    return Job(run, answer)


def raise_limit(width: int) -> None:
    """Room to recurse, where the script as it is fails for want of it."""
    if width >= 32:
        sys.setrecursionlimit(10**6)


def micrograd(width: int) -> Job:
    from micrograd.engine import Value

    raise_limit(width)
    return demo(Value, width)


def ours(width: int) -> Job:
    from autograd_bp import Value

    return demo(Value, width)


def microgpt(width: int) -> Job:
    from benchmarks.microgpt_value import Value

    raise_limit(width)
    return demo(Value, width)


def ours_nn(width: int) -> Job:
    """The same with autograd_bp.nn: every neuron one dot. Its bias weight stands on -1."""
    from autograd_bp import relu
    from autograd_bp import sum as total_of
    from autograd_bp.nn import Network

    network = Network([2, width, width, 1], activation=["relu", "relu", "identity"])
    parameters, signs = [], []
    for layer in network.layers:
        for neuron in layer.neurons:
            parameters += [*neuron.weights, neuron.bias]
            signs += [1.0] * len(neuron.weights) + [-1.0]
    for parameter, sign, number in zip(parameters, signs, start(width), strict=True):
        assert parameter is not None
        parameter.data = sign * number
    X, y = moons()

    def run() -> Any:
        losses = [relu(1 - yi * network(row)[0]) for row, yi in zip(X, y, strict=True)]
        total = total_of(losses) / len(losses)
        total = total + ALPHA * total_of([p * p for p in parameters])  # type: ignore[operator]
        total.backward(accumulate=False)
        return total

    def answer() -> dict[str, float]:
        total = run()
        return named(
            total.data,
            [s * p.grad for s, p in zip(signs, parameters, strict=True) if p is not None],
        )

    return Job(run, answer)


def array_loss(layers: Any, X: Any, y: Any, relu: Callable[[Any], Any]) -> Any:
    """The loss with arrays, the same line for torch, JAX and autograd."""
    out = X
    for k, (W, b) in enumerate(layers):
        out = out @ W.T + b
        out = relu(out) if k < len(layers) - 1 else out
    data_loss = relu(1 - y * out[:, 0]).sum() / len(y)
    return data_loss + ALPHA * sum((W * W).sum() + (b * b).sum() for W, b in layers)


def torch(width: int) -> Job:
    torch = engines.torch()
    layers = [
        tuple(torch.tensor(part, requires_grad=True) for part in layer)
        for layer in matrices(start(width), width)
    ]
    X, y = (torch.tensor(part) for part in moons())

    def run() -> Any:
        for layer in layers:
            for part in layer:
                part.grad = None
        loss = array_loss(layers, X, y, torch.relu)
        loss.backward()
        return loss

    return Job(run, lambda: named(run(), flat([(W.grad, b.grad) for W, b in layers])))


def jax(width: int) -> Job:
    jax = engines.jax()
    import numpy as np

    layers = [tuple(map(np.array, layer)) for layer in matrices(start(width), width)]
    X, y = map(np.array, moons())
    both = jax.jit(jax.value_and_grad(lambda p: array_loss(p, X, y, jax.nn.relu)))

    def answer() -> dict[str, float]:
        loss, gradients = both(layers)
        return named(loss, flat([(np.array(W), np.array(b)) for W, b in gradients]))

    return Job(lambda: jax.block_until_ready(both(layers)), answer)


def autograd(width: int) -> Job:
    import autograd.numpy as anp
    from autograd import value_and_grad

    layers = [tuple(map(anp.array, layer)) for layer in matrices(start(width), width)]
    X, y = map(anp.array, moons())
    both = value_and_grad(lambda p: array_loss(p, X, y, lambda u: anp.where(u > 0, u, 0.0)))

    def answer() -> dict[str, float]:
        loss, gradients = both(layers)
        return named(loss, flat(gradients))

    return Job(lambda: both(layers), answer)


def casadi(width: int) -> Job:
    import casadi

    numbers = start(width)
    p = casadi.SX.sym("p", len(numbers))
    X, y = moons()
    total = 0
    for row, label in zip(X, y, strict=True):
        values, at = row, 0
        for k, n_out in enumerate((width, width, 1)):
            n, outputs = len(values), []
            for _ in range(n_out):
                s = p[at + n]
                for i in range(n):
                    s = s + p[at + i] * values[i]
                outputs.append(casadi.fmax(s, 0.0) if k < 2 else s)
                at += n + 1
            values = outputs
        total = total + casadi.fmax(1 - label * values[0], 0.0)
    loss = total / len(y) + ALPHA * casadi.dot(p, p)
    function = casadi.Function("loss", [p], [loss, casadi.gradient(loss, p)])

    def answer() -> dict[str, float]:
        number, gradient = function(numbers)
        return named(number, [gradient[i] for i in range(len(numbers))])

    return Job(lambda: function(numbers), answer)


def in_c(function: str) -> Callable[[int], Job]:
    def prepare(width: int) -> Job:
        entry = getattr(build.library("moons"), function)
        pointer = ctypes.POINTER(ctypes.c_double)
        entry.argtypes = [
            pointer,
            ctypes.c_int,
            ctypes.c_int,
            pointer,
            pointer,
            ctypes.c_int,
            ctypes.c_double,
            pointer,
        ]
        entry.restype = None
        numbers = start(width)
        X, y = moons()
        p, rows, labels = map(build.doubles, (numbers, [x for row in X for x in row], y))
        out = build.doubles([0.0] * (1 + len(numbers)))

        def run() -> None:
            entry(p, len(numbers), width, rows, labels, len(y), ALPHA, out)

        def answer() -> dict[str, float]:
            run()
            return named(out[0], out[1:])

        return Job(run, answer)

    return prepare


WORKLOAD = Workload(
    name="moons",
    title="micrograd's demo network, 2-w-w-1",
    about=(
        "Loss and gradient of micrograd's demo (relu neurons, max-margin loss, squared "
        "parameters) on 100 rows of two half circles: one step without the update. In the rows "
        '"autograd_bp" and "microgpt-style Value" micrograd\'s nn module runs unchanged, with '
        "their Value in the place of its own. From width 32 on micrograd and the microgpt-style "
        "Value meet Python's limit of recursion (RecursionError); there it is raised for them."
    ),
    sizes=(4, 8, 16, 32, 64),
    quick=(4,),
    unit="gradient",
    size_name="width",
    contestants=[
        *both_settings(both_cores(ours, packages=("micrograd",))),
        *both_settings(both_cores(ours_nn, ", nn")),
        *both_collectors(Contestant("micrograd", micrograd, packages=("micrograd",), at_most=32)),
        *both_collectors(Contestant("microgpt-style Value", microgpt, packages=("micrograd",))),
        Contestant("autograd, arrays", autograd, ARRAYS, packages=("autograd",)),
        Contestant("torch, arrays", torch, ARRAYS, packages=("torch",)),
        Contestant("jax, arrays, jit", jax, ONCE, packages=("jax",)),
        Contestant(
            "casadi SX, once",
            casadi,
            ONCE,
            packages=("casadi",),
            at_most=16,
            why_at_most="takes minutes to build",
        ),
        Contestant("C, tape", in_c("tape"), packages=("cc",)),
        Contestant("C, by hand", in_c("by_hand"), BY_HAND, packages=("cc",)),
    ],
)
