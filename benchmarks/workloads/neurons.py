"""A sigmoid neuron: as autograd_bp.nn has it, by one dot, and written with * and +."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from benchmarks.model import Contestant, Job, Workload, both_cores


def numbers(n: int) -> tuple[list[float], list[float]]:
    """Weights, the bias weight first, and inputs."""
    random = Random(n)
    return (
        [random.uniform(-1, 1) for _ in range(n + 1)],
        [random.uniform(-1, 1) for _ in range(n)],
    )


def swept(parameters: list[Any], inputs: list[float], output: Callable[[], Any]) -> Job:
    def run() -> Any:
        y = output()
        y.backward()
        return y

    def answer() -> dict[str, float]:
        for w in parameters:
            w.grad = 0.0
        y = run()
        return {"y": y.data, **{f"dy/dw{i}": w.grad for i, w in enumerate(parameters)}}

    return Job(run, answer, units=len(inputs))


def by_nn(n: int) -> Job:
    from autograd_bp.nn import Neuron

    weights, x = numbers(n)
    neuron = Neuron(n)
    assert neuron.bias is not None
    parameters = [neuron.bias, *neuron.weights]
    for parameter, w in zip(parameters, weights, strict=True):
        parameter.data = w
    return swept(parameters, x, lambda: neuron(x))


def by_operators(n: int) -> Job:
    from autograd_bp import Value, sigmoid

    weights, x = numbers(n)
    parameters = [Value(w) for w in weights]

    def output() -> Any:
        α = -parameters[0]
        for w_i, x_i in zip(parameters[1:], x, strict=True):
            α = α + w_i * x_i
        return sigmoid(α)

    return swept(parameters, x, output)


def microgpt(n: int) -> Job:
    from benchmarks.microgpt_value import Value

    weights, x = numbers(n)
    parameters = [Value(w) for w in weights]

    def output() -> Any:
        α = -parameters[0]
        for w_i, x_i in zip(parameters[1:], x, strict=True):
            α = α + w_i * x_i
        return 1.0 / (1.0 + (-α).exp())

    return swept(parameters, x, output)


WORKLOAD = Workload(
    name="neurons",
    title="A neuron",
    about=(
        "A sigmoid neuron of n plain numbers as inputs, recorded, swept and freed: "
        "autograd_bp.nn's Neuron (one dot) and the same written with * and +. The time is that "
        "of one input."
    ),
    sizes=(2, 10, 64, 784),
    quick=(10,),
    unit="input",
    size_name="inputs",
    contestants=[
        *both_cores(by_nn, ", nn.Neuron"),
        *both_cores(by_operators, ", * and +"),
        Contestant("microgpt-style Value", microgpt),
    ],
)
