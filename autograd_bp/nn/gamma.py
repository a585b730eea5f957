"""Backpropagation by hand: the formulas for γ and Δw, on plain floats.

`prove` compares the engine with these numbers, which have to be independent of it: so nothing of
the engine is imported here. The formulas cover layered networks of sigmoid neurons, of any depth
and width. Neuron j has the stimulus α_j = -w_j0 + Σ_i y_i w_ji over the outputs y_i of the layer
before (or the inputs x_i), and the output y_j = σ(α_j); P = -½ Σ_k (d_k - z_k)²:

    γ_k = ∂P/∂α_k = y_k (1 - y_k) (d_k - z_k)          for an output neuron, z_k = y_k
    γ_j = ∂P/∂α_j = y_j (1 - y_j) Σ_k γ_k w_kj         for a hidden neuron; k: the next layer
    Δw_ji = δ y_i γ_j                                   and δ (-1) γ_j for the bias weight

Sums are added in the order in which a sweep adds them, which for γ means from the last
neuron of the next layer to the first. So rounding is the same on both sides, and any difference
is a mistake.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

__all__ = ["Weights", "changes", "gammas", "outputs", "performance", "sigmoid", "step"]


class Weights(NamedTuple):
    """The weights of one neuron: w0, which is None where there is no bias, and w1 to wn."""

    bias: float | None
    inputs: Sequence[float]


Layers = Sequence[Sequence[Weights]]
"""A network: layers of neurons, first layer first."""


def sigmoid(α: float) -> float:
    """σ(α) = 1 / (1 + e^-α), which is e^α / (1 + e^α) for α < 0, where e^-α could overflow."""
    if α >= 0.0:
        return 1.0 / (1.0 + math.exp(-α))
    e = math.exp(α)
    return e / (1.0 + e)


def performance(d: Sequence[float], z: Sequence[float]) -> float:
    """P = -½ Σ (d - z)²."""
    total = 0.0
    for desired, output in zip(d, z, strict=True):
        total += (desired - output) * (desired - output)
    return -0.5 * total


def outputs(layers: Layers, x: Sequence[float]) -> list[list[float]]:
    """The inputs, then the outputs y of each layer; the last list is z."""
    y = [list(x)]
    for layer in layers:
        y.append([sigmoid(_stimulus(neuron, y[-1])) for neuron in layer])
    return y


def gammas(layers: Layers, y: Sequence[Sequence[float]], d: Sequence[float]) -> list[list[float]]:
    """γ of every neuron, layer by layer.

    Arguments:
        layers: the weights.
        y: the result of `outputs` for them.
        d: the desired outputs.
    """
    γ = [[z * (1.0 - z) * (desired - z) for z, desired in zip(y[-1], d, strict=True)]]
    for later, outs in zip(reversed(layers[1:]), reversed(y[1:-1]), strict=True):
        γ.append([out * (1.0 - out) * _blame(later, γ[-1], j) for j, out in enumerate(outs)])
    return γ[::-1]


def changes(
    layers: Layers,
    y: Sequence[Sequence[float]],
    γ: Sequence[Sequence[float]],
    rate: float = 1.0,
) -> list[list[Weights]]:
    """Δw of every weight, in the shape of the weights.

    Arguments:
        layers: the weights.
        y: the result of `outputs` for them.
        γ: the result of `gammas` for them.
        rate: δ.
    """
    return [
        [
            Weights(
                None if neuron.bias is None else rate * (-1.0 * γ_j),
                [rate * (out * γ_j) for out in before],
            )
            for neuron, γ_j in zip(layer, layer_γ, strict=True)
        ]
        for layer, before, layer_γ in zip(layers, y, γ, strict=False)
    ]


def step(
    layers: Layers, x: Sequence[float], d: Sequence[float], rate: float = 1.0
) -> list[list[Weights]]:
    """The weights after one step of gradient ascent on the example (x, d): w + Δw."""
    y = outputs(layers, x)
    Δ = changes(layers, y, gammas(layers, y, d), rate)
    return [
        [
            Weights(
                None if w.bias is None or Δw.bias is None else w.bias + Δw.bias,
                [old + change for old, change in zip(w.inputs, Δw.inputs, strict=True)],
            )
            for w, Δw in zip(layer, layer_Δ, strict=True)
        ]
        for layer, layer_Δ in zip(layers, Δ, strict=True)
    ]


def _stimulus(neuron: Weights, y: Sequence[float]) -> float:
    total = 0.0 if neuron.bias is None else neuron.bias * -1.0
    for weight, out in zip(neuron.inputs, y, strict=True):
        total += weight * out
    return total


def _blame(later: Sequence[Weights], γ: Sequence[float], j: int) -> float:
    """Σ γ_k w_kj over the neurons k that neuron j feeds."""
    total = 0.0
    for k in reversed(range(len(later))):
        total += γ[k] * later[k].inputs[j]
    return total
