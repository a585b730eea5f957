"""A character-level GPT in scalar code, the engine's Value a parameter.

The architecture is that of microgpt (a GPT-2 with RMS norm for layer norm, no biases, relu for
gelu; 1 layer, 16 channels, 4 heads, positions up to 16), written anew for these benchmarks:
token and position embeddings, attention over the positions so far, a feed-forward block four
times as wide, the mean cross-entropy over the positions, one step of Adam.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

CHANNELS, HEADS, POSITIONS = 16, 4, 16
HEAD = CHANNELS // HEADS
LETTERS = "abcdefghijklmnopqrstuvwxyz"
EDGE = len(LETTERS)  # the token before and after a name
TOKENS = EDGE + 1

SHAPES = {
    "token": (TOKENS, CHANNELS),
    "position": (POSITIONS, CHANNELS),
    "query": (CHANNELS, CHANNELS),
    "key": (CHANNELS, CHANNELS),
    "value": (CHANNELS, CHANNELS),
    "attended": (CHANNELS, CHANNELS),
    "wide": (4 * CHANNELS, CHANNELS),
    "narrow": (CHANNELS, 4 * CHANNELS),
    "logits": (TOKENS, CHANNELS),
}

Vector = Sequence[Any]
Dot = Callable[[Vector, Vector], Any]


def start() -> dict[str, list[list[float]]]:
    """The first weights, the same for everybody."""
    random = Random(42)
    return {
        name: [[random.gauss(0, 0.08) for _ in range(n_in)] for _ in range(n_out)]
        for name, (n_out, n_in) in SHAPES.items()
    }


def tokens_of(name: str) -> list[int]:
    return [EDGE, *(LETTERS.index(letter) for letter in name), EDGE]


def products(w: Vector, x: Vector) -> Any:
    """Σ w x with * and +, as scalar scripts write it."""
    return sum(wi * xi for wi, xi in zip(w, x))  # noqa: B905, as fast as scripts have it


def linear(w: Sequence[Vector], x: Vector, dot: Dot) -> list[Any]:
    return [dot(row, x) for row in w]


def rms_norm(x: Vector, dot: Dot) -> list[Any]:
    scale = (dot(x, x) / len(x) + 1e-5) ** -0.5
    return [xi * scale for xi in x]


def softmax(logits: Vector) -> list[Any]:
    largest = max(logit.data for logit in logits)
    powers = [(logit - largest).exp() for logit in logits]
    total = sum(powers)
    return [power / total for power in powers]


def attend(q: Vector, keys: Sequence[Vector], values: Sequence[Vector], dot: Dot) -> list[Any]:
    """All heads, one after the other."""
    out: list[Any] = []
    for first in range(0, CHANNELS, HEAD):
        part = slice(first, first + HEAD)
        weights = softmax([dot(q[part], k[part]) / HEAD**0.5 for k in keys])
        out += [dot(weights, [v[j] for v in values]) for j in range(first, first + HEAD)]
    return out


def add(x: Vector, y: Vector) -> list[Any]:
    return [xi + yi for xi, yi in zip(x, y, strict=True)]


def logits_of(
    weights: dict[str, Any],
    token: int,
    position: int,
    keys: list[Vector],
    values: list[Vector],
    dot: Dot,
) -> list[Any]:
    """The logits of the token after this one; its key and value join those before."""
    x: Vector = rms_norm(add(weights["token"][token], weights["position"][position]), dot)
    normal = rms_norm(x, dot)
    keys.append(linear(weights["key"], normal, dot))
    values.append(linear(weights["value"], normal, dot))
    heads = attend(linear(weights["query"], normal, dot), keys, values, dot)
    x = add(linear(weights["attended"], heads, dot), x)
    wide = [each.relu() for each in linear(weights["wide"], rms_norm(x, dot), dot)]
    x = add(linear(weights["narrow"], wide, dot), x)
    return linear(weights["logits"], x, dot)


def loss_of(weights: dict[str, Any], tokens: list[int], dot: Dot) -> Any:
    """The mean cross-entropy of a name's tokens."""
    keys: list[Vector] = []
    values: list[Vector] = []
    n = min(POSITIONS, len(tokens) - 1)
    losses = []
    for position in range(n):
        logits = logits_of(weights, tokens[position], position, keys, values, dot)
        losses.append(-softmax(logits)[tokens[position + 1]].log())
    return (1 / n) * sum(losses)


def padded_loss(
    weights: dict[str, Any],
    tokens: Sequence[Vector],
    targets: Sequence[Vector],
    mask: Vector,
    functions: Any,
) -> Any:
    """The loss for any name as one wiring: all positions, tokens one-hot, weighted by a mask."""
    dot, table = functions.dot, list(zip(*weights["token"], strict=True))
    keys: list[Vector] = []
    values: list[Vector] = []
    losses = []
    for position in range(POSITIONS):
        token = [dot(tokens[position], column) for column in table]
        x: Vector = rms_norm(add(token, weights["position"][position]), dot)
        normal = rms_norm(x, dot)
        keys.append(linear(weights["key"], normal, dot))
        values.append(linear(weights["value"], normal, dot))
        query = linear(weights["query"], normal, dot)
        heads: list[Any] = []
        for first in range(0, CHANNELS, HEAD):
            part = slice(first, first + HEAD)
            shares = functions.softmax([dot(query[part], k[part]) / HEAD**0.5 for k in keys])
            heads += [dot(shares, [v[j] for v in values]) for j in range(first, first + HEAD)]
        x = add(linear(weights["attended"], heads, dot), x)
        wide = [each.relu() for each in linear(weights["wide"], rms_norm(x, dot), dot)]
        x = add(linear(weights["narrow"], wide, dot), x)
        logits = linear(weights["logits"], x, dot)
        loss = functions.logsumexp(logits) - dot(targets[position], logits)
        losses.append(mask[position] * loss)
    return functions.sum(losses)


class Adam:
    """Adam on a flat list of Values, as scalar scripts write it."""

    def __init__(self, parameters: list[Any], rate: float = 0.01) -> None:
        self.parameters, self.rate, self.steps = parameters, rate, 0
        self.mean = [0.0] * len(parameters)
        self.square = [0.0] * len(parameters)

    def step(self) -> None:
        """Move every parameter and set its gradient to 0."""
        self.steps += 1
        a, b = 1 - 0.85**self.steps, 1 - 0.99**self.steps
        for i, p in enumerate(self.parameters):
            g = p.grad
            self.mean[i] = 0.85 * self.mean[i] + 0.15 * g
            self.square[i] = 0.99 * self.square[i] + 0.01 * g * g
            p.data -= self.rate * (self.mean[i] / a) / ((self.square[i] / b) ** 0.5 + 1e-8)
            p.grad = 0
