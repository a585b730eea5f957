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
from benchmarks.model import (
    ONCE,
    OURS,
    Contestant,
    Job,
    Workload,
    both_collectors,
    both_cores,
    both_settings,
)
from benchmarks.workloads.calls import COMPILED, NO_CACHE

DATA = Path(__file__).parent.parent / "data" / "names.txt"
LENGTH = 6  # names of one length, so that every step is the same work
SIZE, BRIEFLY = "16 channels", "16 channels, briefly"
STEPS = 20  # of training, whose losses must agree
ARRAYS = "records, sweeps, frees arrays"


def names() -> list[str]:
    """The names, from BENCHMARKS_NAMES or the list of this folder."""
    path = Path(os.environ.get("BENCHMARKS_NAMES") or DATA)
    kept = [
        name
        for name in path.read_text(encoding="utf-8").lower().split()
        if len(name) == LENGTH and set(name) <= set(transformer.LETTERS)
    ]
    if not kept:
        raise ValueError(f"{path} has no name of {LENGTH} letters")
    return kept


def named(loss: Any, gradients: list[Any]) -> dict[str, float]:
    parts = {f"gradient {i}": engines.number(g) for i, g in enumerate(gradients)}
    return {"loss": engines.number(loss), **parts}


def after_steps(size: str, step: Callable[[], Any]) -> dict[str, float]:
    """The losses of the first steps of training; a step returns its loss."""
    count = STEPS if size == SIZE else 2
    return {f"loss of step {k + 1}": engines.number(step()) for k in range(count)}


def scalar(make: Callable[[float], Any], size: str, dot: transformer.Dot) -> Job:
    """The scalar script with an engine's Value."""
    weights = {
        name: [[make(x) for x in row] for row in rows] for name, rows in transformer.start().items()
    }
    parameters = [p for rows in weights.values() for row in rows for p in row]
    adam = transformer.Adam(parameters)
    tokens = itertools.cycle([transformer.tokens_of(name) for name in names()])

    def answer() -> dict[str, float]:
        loss = transformer.loss_of(weights, transformer.tokens_of(names()[0]), dot)
        loss.backward()
        result = named(loss.data, [p.grad for p in parameters])
        for p in parameters:
            p.grad = 0
        return result | after_steps(size, step)

    def step() -> Any:
        phases()
        return kept[0].data

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
    weights = {
        name: torch.tensor(rows, requires_grad=True) for name, rows in transformer.start().items()
    }
    adam = torch.optim.Adam(list(weights.values()), lr=0.01, betas=(0.85, 0.99))

    def norm(x: Any) -> Any:
        return x * ((x * x).mean(-1, keepdim=True) + 1e-5) ** -0.5

    def loss_of(tokens: list[int]) -> Any:
        n, heads, width = len(tokens) - 1, transformer.HEADS, transformer.HEAD
        x = norm(weights["token"][tokens[:-1]] + weights["position"][:n])
        normal = norm(x)
        q, k, v = (
            (normal @ weights[part].T).view(n, heads, width).transpose(0, 1)
            for part in ("query", "key", "value")
        )
        scores = q @ k.transpose(1, 2) / width**0.5
        future = torch.ones(n, n, dtype=torch.bool).triu(1)
        seen = torch.softmax(scores.masked_fill(future, -torch.inf), -1) @ v
        x = x + seen.transpose(0, 1).reshape(n, transformer.CHANNELS) @ weights["attended"].T
        x = x + torch.relu(norm(x) @ weights["wide"].T) @ weights["narrow"].T
        return torch.nn.functional.cross_entropy(x @ weights["logits"].T, torch.tensor(tokens[1:]))

    tokens = itertools.cycle([transformer.tokens_of(name) for name in names()])

    def run() -> Any:
        adam.zero_grad()
        loss = loss_of(next(tokens))
        loss.backward()
        adam.step()
        return loss

    def answer() -> dict[str, float]:
        loss = loss_of(transformer.tokens_of(names()[0]))
        loss.backward()
        found = named(loss, [g for w in weights.values() for g in w.grad.flatten()])
        return found | after_steps(size, run)

    return Job(run, answer)


# ----------------------------------------------------------------- compiled: one length for all
def padded(tokens: list[int]) -> tuple[Any, Any, Any]:
    """Tokens and those that follow them, one-hot, a line for each of all positions, and a mask:
    the share of each position in the loss, 0 where the name is over."""
    import numpy as np

    n, table = len(tokens) - 1, np.eye(transformer.TOKENS)
    now, later = np.zeros((2, transformer.POSITIONS, transformer.TOKENS))
    now[:n], later[:n] = table[tokens[:-1]], table[tokens[1:]]
    return now, later, np.where(np.arange(transformer.POSITIONS) < n, 1.0 / n, 0.0)


class ArrayAdam:
    """Adam on one array of all parameters."""

    def __init__(self, count: int, rate: float = 0.01) -> None:
        import numpy as np

        self.rate, self.steps = rate, 0
        self.mean, self.square, self.room, self.more = np.zeros((4, count))

    def step(self, parameters: Any, gradient: Any) -> None:
        import numpy as np

        self.steps += 1
        a, b = 1 - 0.85**self.steps, 1 - 0.99**self.steps
        room, more = self.room, self.more
        self.mean *= 0.85
        self.mean += np.multiply(gradient, 0.15, out=room)
        self.square *= 0.99
        self.square += np.multiply(np.multiply(gradient, gradient, out=room), 0.01, out=room)
        np.sqrt(np.divide(self.square, b, out=room), out=room)
        room += 1e-8
        parameters -= np.divide(np.multiply(self.mean, self.rate / a, out=more), room, out=more)


def compiled(size: str) -> Job:
    """The script as one program for names of all lengths, its buffers bound."""
    import autograd_bp as bp

    def loss(weights: Any, tokens: Any, targets: Any, mask: Any) -> Any:
        return transformer.padded_loss(weights, tokens, targets, mask, bp)

    function = bp.compiled(loss, rows=("tokens", "targets", "mask"), backend="llvm", threads=1)
    examples = [padded(transformer.tokens_of(name)) for name in names()]
    call = function.bind(transformer.start(), *[part[None] for part in examples[0]])
    places = [call.arguments[name] for name in ("weights", "tokens", "targets", "mask")]
    weights, gradient = places[0], call.numbers[1:]
    adam = ArrayAdam(len(weights))

    def differentiate(example: tuple[Any, Any, Any]) -> Any:
        for place, part in zip(places[1:], example, strict=True):
            place[0] = part
        return call()

    tokens = itertools.cycle(examples)

    def answer() -> dict[str, float]:
        found = named(differentiate(examples[0]), list(gradient))
        return found | after_steps(size, step)

    def step() -> Any:
        phases()
        return call.numbers[0]

    def phases() -> dict[str, int]:
        start = now()
        differentiate(next(tokens))
        swept = now()
        adam.step(weights, gradient)
        return {"gradient": swept - start, "update": now() - swept}

    return Job(phases, answer, phases=phases)


def jax(size: str) -> Job:
    """The same with arrays of all positions, gradient and Adam in one jitted function."""
    jax = engines.jax()
    np = jax.numpy
    weights = {name: np.array(rows) for name, rows in transformer.start().items()}
    future = np.triu(np.ones((transformer.POSITIONS, transformer.POSITIONS), bool), 1)

    def norm(x: Any) -> Any:
        return x * ((x * x).mean(-1, keepdims=True) + 1e-5) ** -0.5

    def loss_of(weights: Any, tokens: Any, targets: Any, mask: Any) -> Any:
        heads, width = transformer.HEADS, transformer.HEAD
        x = norm(weights["token"][tokens] + weights["position"])
        normal = norm(x)
        q, k, v = (
            (normal @ weights[part].T).reshape(-1, heads, width).transpose(1, 0, 2)
            for part in ("query", "key", "value")
        )
        scores = np.where(future, -np.inf, q @ k.transpose(0, 2, 1) / width**0.5)
        seen = (jax.nn.softmax(scores, -1) @ v).transpose(1, 0, 2).reshape(x.shape)
        x = x + seen @ weights["attended"].T
        x = x + jax.nn.relu(norm(x) @ weights["wide"].T) @ weights["narrow"].T
        scores = jax.nn.log_softmax(x @ weights["logits"].T, -1)
        return -(mask * np.take_along_axis(scores, targets[:, None], 1)[:, 0]).sum()

    both = jax.value_and_grad(loss_of)
    tree = jax.tree_util.tree_map

    @jax.jit  # type: ignore[untyped-decorator, unused-ignore]
    def step(weights: Any, mean: Any, square: Any, count: Any, *example: Any) -> Any:
        loss, g = both(weights, *example)
        mean = tree(lambda m, g: 0.85 * m + 0.15 * g, mean, g)
        square = tree(lambda s, g: 0.99 * s + 0.01 * g * g, square, g)
        a, b = 1 - 0.85**count, 1 - 0.99**count
        weights = tree(
            lambda w, m, s: w - 0.01 * (m / a) / (np.sqrt(s / b) + 1e-8), weights, mean, square
        )
        return loss, weights, mean, square, count + 1.0

    def example(name: str) -> Any:
        now, later, mask = padded(transformer.tokens_of(name))
        return np.array(now.argmax(1)), np.array(later.argmax(1)), np.array(mask)

    zeros = tree(np.zeros_like, weights)
    state = [(weights, zeros, zeros, 1.0)]
    examples = itertools.cycle([example(name) for name in names()])

    def run() -> Any:
        loss, *state[0] = jax.block_until_ready(step(*state[0], *next(examples)))
        return loss

    def answer() -> dict[str, float]:
        loss, g = both(weights, *example(names()[0]))
        found = named(loss, [x for part in weights for x in g[part].ravel().tolist()])
        return found | after_steps(size, run)

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

    def run() -> Any:
        return step(weights, gradients, mean, square, next(tokens), LENGTH + 2, next(count))

    def answer() -> dict[str, float]:
        loss = step(weights, gradients, mean, square, lists[0], LENGTH + 2, 0)
        return named(loss, list(gradients)) | after_steps(size, run)

    return Job(run, answer)


COMPILED_NAME = OURS + " compiled, padded"
PADDED = [
    Contestant(COMPILED_NAME, compiled, ONCE, COMPILED, environment=NO_CACHE),
    Contestant("jax, jit, padded", jax, ONCE, packages=("jax",)),
]
ARCHITECTURE = (
    "Loss, gradient and an Adam update of 4,192 parameters on one name of six letters, in "
    "scalar Python: the architecture of microgpt, written anew (benchmarks/transformer.py). "
)
PADDING = (
    '"Padded" rows compute all 16 positions for every name by one program, tokens one-hot and '
    "the loss weighted by a mask. "
)
AGREEMENT = f"Before, the losses of the first {STEPS} steps are compared as all other numbers. "

WORKLOAD = Workload(
    name="gpt",
    title="A training step of a character-level GPT",
    about=(
        f"{ARCHITECTURE}"
        '"dot" rows write Σ w x as `dot(w, x)` and are otherwise the same script. '
        f"{PADDING}{AGREEMENT}The "
        "microgpt-style Value is written anew too, after the published description: four slots, "
        "local derivatives, a recursive topological sort."
    ),
    sizes=(SIZE,),
    quick=(BRIEFLY,),
    unit="step",
    size_name="network",
    contestants=[
        *both_settings(both_cores(ours)),
        *both_settings(both_cores(ours_by_dot, ", dot")),
        *both_collectors(Contestant("microgpt-style Value", microgpt)),
        Contestant("micrograd", micrograd, packages=("micrograd",)),
        *PADDED,
        Contestant("torch, arrays", torch, ARRAYS, packages=("torch",)),
        Contestant("C, tape", in_c, packages=("cc",)),
    ],
)
TABLES = {
    "gpt-compiled": Workload(
        name="gpt-compiled",
        title="A training step of a character-level GPT, compiled",
        about=f"{ARCHITECTURE}{PADDING}{AGREEMENT}",
        sizes=(SIZE,),
        quick=(BRIEFLY,),
        unit="step",
        size_name="network",
        contestants=[
            *PADDED,
            both_cores(ours_by_dot, ", dot")[0],
            Contestant("microgpt-style Value", microgpt),
            Contestant("torch, arrays", torch, ARRAYS, packages=("torch",)),
            Contestant("C, tape", in_c, packages=("cc",)),
        ],
    ),
}
