"""The core that runs without a compiler, next to a plain Python Value that does the least it can.

Forward and backward alone, on three graphs: micrograd's README expression, micrograd's demo
network 2-16-16-1 on 100 rows, and the loss of a character-level GPT on a name of six letters. Both
engines run the same lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks import transformer
from benchmarks.circles import moons, named, start
from benchmarks.model import INTERPRETED, PURE, Contestant, Job, Workload, both_collectors
from benchmarks.workloads import expressions, gpt

EXPRESSION, NETWORK, GPT = "README expression", "demo network", "GPT"
WIDTH = 16
ALPHA = 1e-4  # the weight of the squared parameters in the loss of the network
Make = Callable[[float], Any]


def swept(loss: Callable[[], Any], parameters: Sequence[Any]) -> Job:
    """Record the loss and sweep. As in a script, the last graph lives until the next is made."""
    kept: list[Any] = [None]

    def run() -> Any:
        kept[0] = loss()
        kept[0].backward()
        return kept[0]

    def answer() -> dict[str, float]:
        for parameter in parameters:
            parameter.grad = 0.0
        total = run()
        return named(total.data, [parameter.grad for parameter in parameters])

    return Job(run, answer)


def network(make: Make) -> Job:
    """The demo's max-margin loss, each neuron a sum of products in plain Python."""
    numbers = iter(start(WIDTH))
    layers = [
        [[make(next(numbers)) for _ in range(n_in + 1)] for _ in range(n_out)]
        for n_in, n_out in ((2, WIDTH), (WIDTH, WIDTH), (WIDTH, 1))
    ]
    parameters = [w for layer in layers for neuron in layer for w in neuron]
    rows, labels = moons()

    def score(row: Sequence[float]) -> Any:
        out: list[Any] = [make(x) for x in row]
        for depth, layer in enumerate(layers):
            sums = [sum((w * x for w, x in zip(n, out)), n[-1]) for n in layer]  # noqa: B905
            out = [s.relu() for s in sums] if depth < len(layers) - 1 else sums
        return out[0]

    def loss() -> Any:
        losses = [(1 + -y * score(row)).relu() for row, y in zip(rows, labels, strict=True)]
        return sum(losses) * (1.0 / len(losses)) + ALPHA * sum(w * w for w in parameters)

    return swept(loss, parameters)


def transformer_loss(make: Make) -> Job:
    """The loss of the GPT on one name, all of its sums of products with * and +."""
    weights = {
        name: [[make(x) for x in row] for row in rows] for name, rows in transformer.start().items()
    }
    tokens = transformer.tokens_of(gpt.names()[0])
    return swept(
        lambda: transformer.loss_of(weights, tokens, transformer.products),
        [w for rows in weights.values() for row in rows for w in row],
    )


def prepared(make: Make, size: str) -> Job:
    if size == EXPRESSION:
        return expressions.recorded(make, "small", expressions.method)
    return network(make) if size == NETWORK else transformer_loss(make)


def ours(size: str) -> Job:
    from autograd_bp import Value

    return prepared(Value, size)


def microgpt(size: str) -> Job:
    from benchmarks.microgpt_value import Value

    return prepared(Value, size)


WORKLOAD = Workload(
    name="interpreted",
    title="Without a compiler",
    about=(
        "What the library costs where it has no compiled core: the value and all derivatives of "
        "micrograd's README expression, of the loss of micrograd's demo network 2-16-16-1 on 100 "
        "rows, and of the loss of a character-level GPT on a name of six letters. The same lines "
        "run with the interpreted core (`AUTOGRAD_BP_PURE=1`) and with the microgpt-style Value "
        "(benchmarks/microgpt_value.py), which is about the least that a scalar engine in plain "
        "Python can do."
    ),
    sizes=(EXPRESSION, NETWORK, GPT),
    quick=(EXPRESSION,),
    unit="gradient",
    size_name="graph",
    contestants=[
        *both_collectors(Contestant("microgpt-style Value", microgpt)),
        *both_collectors(Contestant(INTERPRETED, ours, environment=PURE)),
    ],
)
