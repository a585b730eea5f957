"""Rows on two half circles, the first weights of a 2-w-w-1 network, and what it is compared by."""

from __future__ import annotations

import math
from random import Random
from typing import Any

from benchmarks import engines


def moons(n: int = 100) -> tuple[list[list[float]], list[float]]:
    """Rows on two interleaved half circles with a little noise, labelled -1 and 1."""
    random = Random(1337)
    rows, labels = [], []
    for i in range(n):
        t = math.pi * (i // 2) / (n // 2 - 1)
        upper = i % 2 == 0
        x, y = (math.cos(t), math.sin(t)) if upper else (1 - math.cos(t), 0.5 - math.sin(t))
        rows.append([x + random.gauss(0, 0.1), y + random.gauss(0, 0.1)])
        labels.append(-1.0 if upper else 1.0)
    return rows, labels


def start(width: int) -> list[float]:
    """The parameters in micrograd's order: for each neuron its weights, then its bias."""
    random = Random(width)
    numbers = []
    for n_in, n_out in ((2, width), (width, width), (width, 1)):
        for _ in range(n_out):
            numbers += [random.uniform(-1, 1) / math.sqrt(n_in) for _ in range(n_in)]
            numbers.append(random.uniform(-0.1, 0.1))
    return numbers


def matrices(numbers: list[float], width: int) -> list[tuple[list[list[float]], list[float]]]:
    """The same as weights and biases, layer by layer."""
    layers, at = [], 0
    for n_in, n_out in ((2, width), (width, width), (width, 1)):
        rows = [numbers[at + j * (n_in + 1) : at + (j + 1) * (n_in + 1)] for j in range(n_out)]
        layers.append(([row[:-1] for row in rows], [row[-1] for row in rows]))
        at += n_out * (n_in + 1)
    return layers


def flat(gradients: list[tuple[Any, Any]]) -> list[float]:
    """Gradients of weights and biases, in micrograd's order."""
    return [
        engines.number(g)
        for W, b in gradients
        for row, b_j in zip(W, b, strict=True)
        for g in (*row, b_j)
    ]


def named(loss: Any, gradient: list[float]) -> dict[str, float]:
    parts = {f"gradient {i}": engines.number(g) for i, g in enumerate(gradient)}
    return {"loss": engines.number(loss), **parts}
