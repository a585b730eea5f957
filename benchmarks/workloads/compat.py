"""Scripts for other engines with our Value under their names, next to those engines.

The same lines run with each Value: a chain, micrograd's README expression, its demo network, the
loss of a character-level GPT, and a recurrent network whose tanh is a closure of the script.
"""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from benchmarks.model import (
    INTERPRETED,
    OURS,
    PURE,
    Contestant,
    Job,
    Workload,
    both_settings,
)
from benchmarks.workloads import chains, expressions
from benchmarks.workloads.interpreted import (
    EXPRESSION,
    GPT,
    NETWORK,
    network,
    swept,
    transformer_loss,
)

CHAIN, CLOSURES = "chain of 10,000", "RNN with closures"
OPERATIONS = 10**4
HIDDEN, LETTERS, STEPS = 12, 8, 10
COMPAT = "compat.micrograd"
ENGINE, MICROGPT, MICROGRAD = "engine of closures", "microgpt-style Value", "micrograd"


def chain(make: Any) -> Job:
    leaves = [make(x) for x in (chains.X, chains.A, chains.B)]
    return swept(lambda: chains.chain(leaves, OPERATIONS), leaves)


def rnn(make: Any) -> Job:
    """The squared error of a recurrent network over a few letters."""
    random = Random(1)

    def matrix(rows: int, columns: int) -> list[list[Any]]:
        return [[make(random.gauss(0, 0.5)) for _ in range(columns)] for _ in range(rows)]

    wx, wh = matrix(HIDDEN, LETTERS), matrix(HIDDEN, HIDDEN)
    text = [random.randrange(LETTERS) for _ in range(STEPS)]

    def tanh(x: Any) -> Any:
        t = math.tanh(x.data)
        out = make(t, (x,), "tanh")

        def _backward() -> None:
            x.grad += (1 - t * t) * out.grad

        out._backward = _backward
        return out

    def loss() -> Any:
        h = [make(0.0) for _ in range(HIDDEN)]
        for k in text:
            sums = [sum(w * x for w, x in zip(row, h)) for row in wh]  # noqa: B905
            h = [tanh(s + row[k]) for s, row in zip(sums, wx)]  # noqa: B905
        return sum((x - 0.5) ** 2 for x in h)

    return swept(loss, [w for m in (wx, wh) for row in m for w in row])


JOBS: dict[str, Callable[[Any], Job]] = {
    EXPRESSION: lambda make: expressions.recorded(make, "small", expressions.method),
    CHAIN: chain,
    NETWORK: network,
    GPT: transformer_loss,
    CLOSURES: rnn,
}


def prepared(value: Callable[[], Any]) -> Callable[[str], Job]:
    return lambda size: JOBS[size](value())


def compat() -> Any:
    from autograd_bp.compat.micrograd import Value

    return Value


def own() -> Any:
    from autograd_bp import Value

    return Value


def closures() -> Any:
    from benchmarks.closure_value import Value

    return Value


def microgpt() -> Any:
    from benchmarks.microgpt_value import Value

    return Value


def micrograd() -> Any:
    from micrograd.engine import Value

    return Value


def without_closures(size: str) -> str:
    return "has no closures" if size == CLOSURES else ""


def without_functions(size: str) -> str:
    return "has no exp and no log" if size == GPT else ""


THEIRS = Contestant(COMPAT, prepared(compat), packages=("compiled core",))

WORKLOAD = Workload(
    name="compat",
    title="Scripts for other engines",
    about=(
        "The value and all derivatives of micrograd's README expression, of a chain of "
        "multiplications and additions, of the loss of micrograd's demo network 2-16-16-1 on 100 "
        "rows, of the loss of a character-level GPT on a name of six letters, and of a recurrent "
        "network whose tanh is a closure of the script. The same lines run with each Value; in "
        '"compat.micrograd" it is the one of `autograd_bp.compat.micrograd`, whose operators are '
        "composed as in micrograd, so that it records as many nodes as these engines; in "
        '"autograd_bp" our own. Engines that recurse have the recursion limit raised. The engine '
        "of closures (benchmarks/closure_value.py) and the microgpt-style Value "
        "(benchmarks/microgpt_value.py) are written anew."
    ),
    sizes=tuple(JOBS),
    quick=(EXPRESSION, CLOSURES),
    unit="gradient",
    size_name="script",
    contestants=both_settings(
        [
            THEIRS,
            Contestant(OURS, prepared(own), packages=("compiled core",), cannot=without_closures),
            replace(THEIRS, name=f"{COMPAT}, {INTERPRETED}", packages=(), environment=PURE),
            Contestant(ENGINE, chains.unlimited(prepared(closures))),
            Contestant(MICROGPT, chains.unlimited(prepared(microgpt)), cannot=without_closures),
            Contestant(
                MICROGRAD,
                chains.unlimited(prepared(micrograd)),
                packages=("micrograd",),
                cannot=without_functions,
            ),
        ]
    ),
)
