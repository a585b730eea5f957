"""Backpropagation by hand: the formulas for γ and Δw, on plain floats.

`prove` compares the engine with these numbers, which have to be independent of it: so nothing of
the engine is imported here. The formulas cover layered networks, of any depth and width. Neuron j
has the stimulus α_j = -w_j0 + Σ_i y_i w_ji over the outputs y_i of the layer before (or the inputs
x_i). Without a `Setting` its output is y_j = σ(α_j), and P = -½ Σ_k (d_k - z_k)²:

    γ_k = ∂P/∂α_k = y_k (1 - y_k) (d_k - z_k)          for an output neuron, z_k = y_k
    γ_j = ∂P/∂α_j = y_j (1 - y_j) Σ_k γ_k w_kj         for a hidden neuron; k: the next layer
    Δw_ji = δ y_i γ_j                                   and δ (-1) γ_j for the bias weight

Other activations have other slopes dy/dα in the place of y (1 - y), other performances another
∂P/∂z_k in the place of d_k - z_k. A `Setting` states both, and dropout, recurrence in time, several
rows and weight decay; slopes.py has the usual ones.

The numbers may be of any kind that can be added, multiplied and divided: `prove(exact=True)` runs
these lines on exact ones.

Sums are added in the order in which a sweep adds them, which for γ means from the last
neuron of the next layer to the first. So rounding is the same on both sides, and any difference
is a mistake.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

__all__ = [
    "Weights",
    "changes",
    "decayed",
    "gammas",
    "outputs",
    "performance",
    "sigmoid",
    "softmax",
    "step",
    "stimuli",
    "total",
]


class Weights(NamedTuple):
    """The weights of one neuron: w0, which is None where there is no bias, and w1 to wn."""

    bias: Any
    inputs: Sequence[Any]


Layers = Sequence[Sequence[Weights]]
"""A network: layers of neurons, first layer first."""


Setting = Any
"""What the formulas need to know beside weights and numbers: see slopes.py."""


def sigmoid(α: Any) -> Any:
    """σ(α) = 1 / (1 + e^-α), which is e^α / (1 + e^α) for α < 0, where e^-α could overflow."""
    if α >= 0.0:
        return 1.0 / (1.0 + _exp(-α))
    e = _exp(α)
    return e / (1.0 + e)


def softmax(α: Sequence[Any]) -> list[Any]:
    """e^α_k / Σ e^α_i, with the largest α taken off all of them."""
    top = max(α)
    e = [_exp(a - top) for a in α]
    total = 0.0
    for power in e:
        total += power
    return [power / total for power in e]


def performance(d: Sequence[float], z: Sequence[float]) -> float:
    """P = -½ Σ (d - z)²."""
    total = 0.0
    for desired, output in zip(d, z, strict=True):
        total += (desired - output) * (desired - output)
    return -0.5 * total


def outputs(
    layers: Layers,
    x: Sequence[Any],
    setting: Setting | None = None,
    before: Sequence[Sequence[Any]] | None = None,
) -> list[list[Any]]:
    """The inputs, then the outputs y of each layer; the last list is z.

    Arguments:
        layers: the weights.
        x: the inputs.
        setting: the activations; sigmoids when left out.
        before: the result for the step before, for recurrent layers; zeros when left out.
    """
    y = [list(x)]
    for n, layer in enumerate(layers, 1):
        fed = _fed(layers, y, n, setting, before)
        functions = [sigmoid] * len(layer) if setting is None else _functions(setting, n)
        y.append([f(_stimulus(neuron, fed)) for f, neuron in zip(functions, layer, strict=True)])
    return y


def stimuli(
    layers: Layers,
    y: Sequence[Sequence[Any]],
    setting: Setting | None = None,
    before: Sequence[Sequence[Any]] | None = None,
) -> list[list[Any]]:
    """The stimuli α of each layer, for outputs that are known."""
    return [
        [_stimulus(neuron, _fed(layers, y, n, setting, before)) for neuron in layer]
        for n, layer in enumerate(layers, 1)
    ]


def gammas(
    layers: Layers,
    y: Sequence[Sequence[Any]],
    d: Sequence[Any] | None,
    setting: Setting | None = None,
    α: Sequence[Sequence[Any]] = (),
    after: Sequence[Sequence[Any]] | None = None,
) -> list[list[Any]]:
    """γ of every neuron, layer by layer.

    Arguments:
        layers: the weights.
        y: the result of `outputs` for them.
        d: the desired outputs; None for a step in time that has none.
        setting: slopes and the rest; sigmoids and P = -½ Σ (d - z)² when left out.
        α: the result of `stimuli`, for slopes.
        after: γ of the next step in time, for recurrent layers.
    """
    if setting is not None:
        return _gammas(layers, y, d, setting, α, after)
    assert d is not None
    γ = [[z * (1.0 - z) * (desired - z) for z, desired in zip(y[-1], d, strict=True)]]
    for later, outs in zip(reversed(layers[1:]), reversed(y[1:-1]), strict=True):
        γ.append([out * (1.0 - out) * _blame(later, γ[-1], j) for j, out in enumerate(outs)])
    return γ[::-1]


def _gammas(
    layers: Layers,
    y: Sequence[Sequence[Any]],
    d: Sequence[Any] | None,
    setting: Setting,
    α: Sequence[Sequence[Any]],
    after: Sequence[Sequence[Any]] | None,
) -> list[list[Any]]:
    """γ_j = dy_j/dα_j (m_j Σ_k γ_k w_kj + Σ_i γ_i w_ij), the second sum over the neurons i of
    the same layer one step later."""
    γ: list[list[Any]] = [[] for _ in layers]
    for n in range(len(layers), 0, -1):
        outs = y[n]
        slopes = [s(*of) for s, *of in zip(setting.slopes[n - 1], α[n - 1], outs, strict=True)]
        if n == len(layers):
            γ[n - 1] = _of_outputs(setting.output, slopes, d, outs)
        else:
            mask = _mask(setting, n, len(outs))
            blames = [_blame(layers[n], γ[n], j) for j in range(len(outs))]
            γ[n - 1] = [s * (m * b) for s, m, b in zip(slopes, mask, blames, strict=True)]
        if after is not None and n in setting.recurrent:
            first = len(layers[n - 1][0].inputs) - len(outs)
            back = [_blame(layers[n - 1], after[n - 1], first + j) for j in range(len(outs))]
            γ[n - 1] = [g + s * b for g, s, b in zip(γ[n - 1], slopes, back, strict=True)]
    return γ


def changes(
    layers: Layers,
    y: Sequence[Sequence[Any]],
    γ: Sequence[Sequence[Any]],
    rate: Any = 1.0,
    setting: Setting | None = None,
    before: Sequence[Sequence[Any]] | None = None,
) -> list[list[Weights]]:
    """Δw of every weight, in the shape of the weights, for one row and without weight decay.

    Arguments:
        layers: the weights.
        y: the result of `outputs` for them.
        γ: the result of `gammas` for them.
        rate: δ.
        setting: as in `outputs`.
        before: as in `outputs`.
    """
    return [
        [
            Weights(
                None if neuron.bias is None else rate * (-1.0 * γ_j),
                [rate * (out * γ_j) for out in fed],
            )
            for neuron, γ_j in zip(layer, layer_γ, strict=True)
        ]
        for layer, fed, layer_γ in zip(
            layers,
            y if setting is None else _all_fed(layers, y, setting, before),
            γ,
            strict=setting is not None,
        )
    ]


def total(rows: Sequence[Sequence[Sequence[Weights]]], share: Any = 1.0) -> list[list[Weights]]:
    """share · Σ Δw over several rows or steps, of each weight.

    Arguments:
        rows: the result of `changes` for each row.
        share: 1 for the sum, 1/m for the mean.
    """

    def added(parts: Sequence[Any]) -> Any:
        if parts[0] is None:
            return None
        change = parts[0]
        for part in parts[1:]:
            change = change + part
        return change if share == 1.0 else share * change

    return [
        [
            Weights(
                added([row[n][j].bias for row in rows]),
                [added([row[n][j].inputs[i] for row in rows]) for i in range(len(w.inputs))],
            )
            for j, w in enumerate(layer)
        ]
        for n, layer in enumerate(rows[0])
    ]


def decayed(
    layers: Layers, changes: Sequence[Sequence[Weights]], rate: Any, setting: Setting
) -> list[list[Weights]]:
    """Δw - δ λ w: the changes with weight decay, which pulls every weight towards 0."""
    of_bias = setting.decay if setting.decay_bias else 0.0
    return [
        [
            Weights(
                None if w.bias is None else Δw.bias - rate * (of_bias * w.bias),
                [
                    change - rate * (setting.decay * weight)
                    for weight, change in zip(w.inputs, Δw.inputs, strict=True)
                ],
            )
            for w, Δw in zip(layer, layer_Δ, strict=True)
        ]
        for layer, layer_Δ in zip(layers, changes, strict=True)
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


def _exp(x: Any) -> Any:
    """e^x, of a float or of a number that knows its own exponential."""
    return x.exp() if hasattr(x, "exp") else math.exp(x)


def _functions(setting: Setting, n: int) -> list[Callable[[Any], Any]]:
    functions = [slope.function for slope in setting.slopes[n - 1]]
    if None in functions:
        raise ValueError(f"the slopes of layer {n} have no function=: their outputs are unknown")
    return functions


def _mask(setting: Setting | None, n: int, width: int) -> Sequence[Any]:
    """The factors on the outputs of layer n."""
    if setting is None or not setting.masks or not n:
        return [1.0] * width
    mask = setting.masks[setting.row][n - 1]
    return [1.0] * width if mask is None else mask


def _fed(
    layers: Layers,
    y: Sequence[Sequence[Any]],
    n: int,
    setting: Setting | None,
    before: Sequence[Sequence[Any]] | None,
) -> list[Any]:
    """The inputs of layer n: the outputs of the layer before, masked, then its own a step ago."""
    outs = y[n - 1]
    if setting is None:
        return list(outs)
    fed = list(outs)
    if n > 1 and setting.masks:
        fed = [m * out for m, out in zip(_mask(setting, n - 1, len(outs)), outs, strict=True)]
    if n in setting.recurrent:
        fed += [0.0] * len(layers[n - 1]) if before is None else before[n]
    return fed


def _all_fed(
    layers: Layers,
    y: Sequence[Sequence[Any]],
    setting: Setting,
    before: Sequence[Sequence[Any]] | None,
) -> list[list[Any]]:
    return [_fed(layers, y, n, setting, before) for n in range(1, len(layers) + 1)]


def _of_outputs(
    output: Any, slopes: Sequence[Any], d: Sequence[Any] | None, y: Sequence[Any]
) -> list[Any]:
    """γ of the output neurons; 0 at a step that has no desired outputs."""
    if d is None:
        return [0.0] * len(y)
    z = y if output.outputs is None else output.outputs(y)
    if output.gamma is not None:
        return list(output.gamma(d, z))
    return [slope * error for slope, error in zip(slopes, output.errors(d, z), strict=True)]


def _stimulus(neuron: Weights, y: Sequence[Any]) -> Any:
    total = 0.0 if neuron.bias is None else neuron.bias * -1.0
    for weight, out in zip(neuron.inputs, y, strict=True):
        total += weight * out
    return total


def _blame(later: Sequence[Weights], γ: Sequence[Any], j: int) -> Any:
    """Σ γ_k w_kj over the neurons k that neuron j feeds."""
    total: Any = 0.0
    for k in reversed(range(len(later))):
        total += γ[k] * later[k].inputs[j]
    return total
