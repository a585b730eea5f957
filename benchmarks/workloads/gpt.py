"""One training step of a character-level GPT on a name of six letters."""

# mypy: disable-error-code="import-not-found, import-untyped"
from __future__ import annotations

import ctypes
import itertools
import os
from collections.abc import Callable
from pathlib import Path
from time import perf_counter_ns as now
from typing import Any

from benchmarks import build, engines, transformer
from benchmarks.model import Contestant, Job, Workload, both_collectors, both_cores, both_settings

DATA = Path(__file__).parent.parent / "data" / "names.txt"
LENGTH = 6  # names of one length, so that every step is the same work
ARRAYS = "records, sweeps, frees arrays"


def names() -> list[str]:
    """The names, from BENCHMARKS_NAMES or the list of this folder."""
    path = Path(os.environ.get("BENCHMARKS_NAMES") or DATA)
    kept = [name for name in path.read_text(encoding="utf-8").lower().split()
            if len(name) == LENGTH and set(name) <= set(transformer.LETTERS)]
    if not kept:
        raise ValueError(f"{path} has no name of {LENGTH} letters")
    return kept


def named(loss: Any, gradients: list[Any]) -> dict[str, float]:
    parts = {f"gradient {i}": engines.number(g) for i, g in enumerate(gradients)}
    return {"loss": engines.number(loss), **parts}


def scalar(make: Callable[[float], Any], size: str, dot: transformer.Dot) -> Job:
    """The scalar script with an engine's Value."""
    weights = {name: [[make(x) for x in row] for row in rows]
               for name, rows in transformer.start().items()}
    parameters = [p for rows in weights.values() for row in rows for p in row]
    adam = transformer.Adam(parameters)
    tokens = itertools.cycle([transformer.tokens_of(name) for name in names()])

    def answer() -> dict[str, float]:
        loss = transformer.loss_of(weights, transformer.tokens_of(names()[0]), dot)
        loss.backward()
        result = named(loss.data, [p.grad for p in parameters])
        for p in parameters:
            p.grad = 0
        return result

    kept: list[Any] = [None]  # as in a script: the last graph lives until the next one is made

    def phases() -> dict[str, int]:
        start = now()
        kept[0] = transformer.loss_of(weights, next(tokens), dot)
        kept[0].backward()
        swept = now()
        adam.step()
        return {"gradient": swept - start, "update": now() - swept}

    return Job(phases, answer, phases=phases)


def ours(size: str) -> Job:
    from autograd_bp import Value

    return scalar(Value, size, transformer.products)


def ours_by_dot(size: str) -> Job:
    from autograd_bp import Value, dot

    return scalar(Value, size, dot)


def microgpt(size: str) -> Job:
    from benchmarks.microgpt_value import Value

    return scalar(Value, size, transformer.products)


def micrograd(size: str) -> Job:
    from micrograd.engine import Value

    return scalar(Value, size, transformer.products)


def torch(size: str) -> Job:
    """The same network with arrays, its own Adam."""
    torch = engines.torch()
    weights = {name: torch.tensor(rows, requires_grad=True)
               for name, rows in transformer.start().items()}
    adam = torch.optim.Adam(list(weights.values()), lr=0.01, betas=(0.85, 0.99))

    def norm(x: Any) -> Any:
        return x * ((x * x).mean(-1, keepdim=True) + 1e-5) ** -0.5

    def loss_of(tokens: list[int]) -> Any:
        n, heads, width = len(tokens) - 1, transformer.HEADS, transformer.HEAD
        x = norm(weights["token"][tokens[:-1]] + weights["position"][:n])
        normal = norm(x)
        q, k, v = ((normal @ weights[part].T).view(n, heads, width).transpose(0, 1)
                   for part in ("query", "key", "value"))
        scores = q @ k.transpose(1, 2) / width**0.5
        future = torch.ones(n, n, dtype=torch.bool).triu(1)
        seen = torch.softmax(scores.masked_fill(future, -torch.inf), -1) @ v
        x = x + seen.transpose(0, 1).reshape(n, transformer.CHANNELS) @ weights["attended"].T
        x = x + torch.relu(norm(x) @ weights["wide"].T) @ weights["narrow"].T
        return torch.nn.functional.cross_entropy(x @ weights["logits"].T,
                                                 torch.tensor(tokens[1:]))

    tokens = itertools.cycle([transformer.tokens_of(name) for name in names()])

    def run() -> None:
        adam.zero_grad()
        loss_of(next(tokens)).backward()
        adam.step()

    def answer() -> dict[str, float]:
        loss = loss_of(transformer.tokens_of(names()[0]))
        loss.backward()
        return named(loss, [g for w in weights.values() for g in w.grad.flatten()])

    return Job(run, answer)


def in_c(size: str) -> Job:
    """The scalar script in C on a tape, with Adam."""
    step = build.library("gpt").step
    pointer = ctypes.POINTER(ctypes.c_double)
    step.argtypes = [*[pointer] * 4, ctypes.POINTER(ctypes.c_int), ctypes.c_int, ctypes.c_int]
    step.restype = ctypes.c_double
    numbers = [x for rows in transformer.start().values() for row in rows for x in row]
    weights = build.doubles(numbers)
    gradients, mean, square = (build.doubles([0.0] * len(numbers)) for _ in range(3))
    lists = [(ctypes.c_int * (LENGTH + 2))(*transformer.tokens_of(name)) for name in names()]
    tokens, count = itertools.cycle(lists), itertools.count(1)

    def run() -> None:
        step(weights, gradients, mean, square, next(tokens), LENGTH + 2, next(count))

    def answer() -> dict[str, float]:
        loss = step(weights, gradients, mean, square, lists[0], LENGTH + 2, 0)
        return named(loss, list(gradients))

    return Job(run, answer)


WORKLOAD = Workload(
    name="gpt",
    title="A training step of a character-level GPT",
    about=(
        "Loss, gradient and an Adam update of 4,192 parameters on one name of six letters, in "
        "scalar Python: the architecture of microgpt, written anew (benchmarks/transformer.py). "
        "\"dot\" rows write Σ w x as `dot(w, x)` and are otherwise the same script. The "
        "microgpt-style Value is written anew too, after the published description: four slots, "
        "local derivatives, a recursive topological sort."
    ),
    sizes=("16 channels",),
    quick=("16 channels",),
    unit="step",
    size_name="network",
    contestants=[
        *both_settings(both_cores(ours)),
        *both_settings(both_cores(ours_by_dot, ", dot")),
        *both_collectors(Contestant("microgpt-style Value", microgpt)),
        Contestant("micrograd", micrograd, packages=("micrograd",)),
        Contestant("torch, arrays", torch, ARRAYS, packages=("torch",)),
        Contestant("C, tape", in_c, packages=("cc",)),
    ],
)
