"""Networks of many sizes over rows of numbers, the loss ½ Σ (z - d)², as everybody writes them.

Weights stand in one list: for each neuron its weights, then its bias. Relu networks have an output
without activation, sigmoid networks have sigmoids everywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random
from typing import Any

RELU, SIGMOID = "relu", "sigmoid"
Numbers = Sequence[Any]


def sizes_of(name: str) -> list[int]:
    """[2, 16, 1] of "2-16-1"."""
    return [int(part) for part in name.split("-")]


def count(sizes: Sequence[int]) -> int:
    """How many weights there are, biases included."""
    return sum((n + 1) * m for n, m in pairwise(sizes))


def start(sizes: Sequence[int]) -> list[float]:
    """The weights, the same for everybody."""
    random = Random(3)
    return [
        random.gauss(0.0, 1.0) / math.sqrt(n + 1)
        for n, m in pairwise(sizes)
        for _ in range((n + 1) * m)
    ]


def data(sizes: Sequence[int], rows: int) -> tuple[Any, Any]:
    """What goes in and what is wanted, a row for each point, as arrays."""
    import numpy as np

    random = np.random.default_rng(5)
    return random.normal(size=(rows, sizes[0])), random.random((rows, sizes[-1]))


def layers(weights: Any, sizes: Sequence[int]) -> list[tuple[Any, Any]]:
    """For each layer the matrix and the biases, of an array of all weights."""
    found, place = [], 0
    for n, m in pairwise(sizes):
        block = weights[place : place + (n + 1) * m].reshape(m, n + 1)
        found.append((block[:, :n].copy(), block[:, n].copy()))
        place += (n + 1) * m
    return found


def flat(gradients: Sequence[tuple[Any, Any]]) -> list[float]:
    """One list again of matrices and biases."""
    return [
        float(x)
        for W, b in gradients
        for row, last in zip(W.tolist(), b.tolist(), strict=True)
        for x in (*row, last)
    ]


def named(loss: Any, gradient: Numbers) -> dict[str, float]:
    parts = {f"gradient {i}": float(g) for i, g in enumerate(gradient)}
    return {"loss": float(loss), **parts}


def scalar_loss(
    sizes: Sequence[int],
    kind: str,
    dot: Callable[[Numbers, Numbers], Any],
    relu: Callable[[Any], Any],
    sigmoid: Callable[[Any], Any],
) -> Callable[[Numbers, Numbers, Numbers], Any]:
    """The loss of one row in scalar code: a function of weights, x and d."""

    def loss(w: Numbers, x: Numbers, d: Numbers) -> Any:
        values, place = list(x), 0
        for k, m in enumerate(sizes[1:]):
            n = len(values)
            starts = range(place, place + m * (n + 1), n + 1)
            values = [dot(w[i : i + n], values) + w[i + n] for i in starts]
            place += m * (n + 1)
            if kind == SIGMOID:
                values = list(map(sigmoid, values))
            elif k < len(sizes) - 2:
                values = list(map(relu, values))
        errors = [z - each for z, each in zip(values, [d[i] for i in range(m)], strict=True)]
        return 0.5 * dot(errors, errors)

    return loss


def array_loss(
    parts: Sequence[tuple[Any, Any]],
    X: Any,
    D: Any,
    relu: Callable[[Any], Any] | None,
    sigmoid: Callable[[Any], Any],
) -> Any:
    """The loss of all rows with arrays; without relu, of a sigmoid network."""
    y = X
    for k, (W, b) in enumerate(parts):
        y = y @ W.T + b
        if relu is None:
            y = sigmoid(y)
        elif k < len(parts) - 1:
            y = relu(y)
    return 0.5 * ((y - D) ** 2).sum()


def by_hand(parts: Sequence[tuple[Any, Any]], X: Any, D: Any, kind: str) -> tuple[Any, Any]:
    """Loss and gradient with NumPy, the derivatives written by hand."""
    import numpy as np

    ys = [X]
    for k, (W, b) in enumerate(parts):
        a = ys[-1] @ W.T + b
        if kind == SIGMOID:
            a = 1.0 / (1.0 + np.exp(-a))
        elif k < len(parts) - 1:
            a = np.maximum(a, 0.0)
        ys.append(a)
    g = ys[-1] - D
    loss, gradients = 0.5 * (g * g).sum(), []
    for k in reversed(range(len(parts))):
        y = ys[k + 1]
        if kind == SIGMOID:
            g = g * y * (1.0 - y)
        elif k < len(parts) - 1:
            g = g * (y > 0.0)
        gradients.append((g.T @ ys[k], g.sum(0)))
        if k:
            g = g @ parts[k][0]
    return loss, gradients[::-1]
