"""How far rounding alone can move a γ: the scale of differences in the proof with `unfold=True`.

There 1 / (1 + e^-α) and its derivative are computed in other steps than y and y(1 - y), so
the last digits differ, and later steps may magnify that: d - z and Σ γ w can cancel, and a
stimulus grows with its weights. This is a running error analysis to first order (Higham,
"Accuracy and Stability of Numerical Algorithms", 2nd ed., section 3.3): each operation adds
one rounding error of its own result, and passes on those of its inputs. A difference divided
by this much, times 2^-52, counts units in the last place of the numbers that went in.
In products one factor may have been rounded to 0 altogether, as 1 - y is for large α, so
there the second order counts too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from autograd_bp.nn.gamma import Layers, Weights

__all__ = ["Spread", "spread"]

# Near 0 a rounding error is no longer relative. In units of 2^-52 of these scales: a product
# that underflows; y, which unfolded is 0 below 2^-1022; the slope y² e^-α, where y² underflows.
_TINY = 2.0**-1022
_Y_FLOOR = 2.0**-970
_SLOPE_FLOOR = 2.0**-459
_SMALLEST_SQUARED = 2.0**-537


class Spread(NamedTuple):
    """The sum of one rounding error of each operation, for each y, γ and Δw."""

    y: list[list[float]]
    γ: list[list[float]]
    Δw: list[list[Weights]]


def spread(
    layers: Layers,
    y: Sequence[Sequence[float]],
    γ: Sequence[Sequence[float]],
    d: Sequence[float],
    rate: float,
) -> Spread:
    """The scales of rounding for the results of the functions of `gamma`, in their shapes;
    that of y begins with the inputs, which are exact.
    """
    of_y = _of_outputs(layers, y)
    of_γ = _of_gammas(layers, y, γ, d, of_y)
    of_Δw = [
        [
            _of_changes(neuron, y[n], of_y[n], γ_j, of_γ_j, rate)
            for neuron, γ_j, of_γ_j in zip(layer, γ[n], of_γ[n], strict=True)
        ]
        for n, layer in enumerate(layers)
    ]
    return Spread(of_y, of_γ, of_Δw)


def _of_outputs(layers: Layers, y: Sequence[Sequence[float]]) -> list[list[float]]:
    of_y = [[0.0] * len(y[0])]
    for layer, before, outs in zip(layers, y, y[1:], strict=False):
        of_y.append(
            [
                out + out * (1.0 - out) * _of_stimulus(neuron, before, of_y[-1]) + _Y_FLOOR
                for neuron, out in zip(layer, outs, strict=True)
            ]
        )
    return of_y


def _of_gammas(
    layers: Layers,
    y: Sequence[Sequence[float]],
    γ: Sequence[Sequence[float]],
    d: Sequence[float],
    of_y: Sequence[Sequence[float]],
) -> list[list[float]]:
    received = [desired - z for desired, z in zip(d, y[-1], strict=True)]
    of_received = [abs(r) + of_z for r, of_z in zip(received, of_y[-1], strict=True)]
    of_γ: list[list[float]] = []
    for n in reversed(range(len(layers))):
        of_γ.append(
            [
                _of_gamma(*operands)
                for operands in zip(y[n + 1], of_y[n + 1], received, of_received, strict=True)
            ]
        )
        blames = [_of_blame(layers[n], γ[n], of_γ[-1], j) for j in range(len(y[n]))]
        received, of_received = [blame for blame, _ in blames], [of for _, of in blames]
    return of_γ[::-1]


def _of_gamma(out: float, of_out: float, received: float, of_received: float) -> float:
    of_slope = out * (1.0 - out) + abs(1.0 - 2.0 * out) * of_out + _SLOPE_FLOOR
    # (r y²) e^-α, where the first product may underflow
    underflow = _TINY / max(out, _SMALLEST_SQUARED)
    return _of_product(out * (1.0 - out), of_slope, received, of_received) + underflow


def _of_blame(
    later: Sequence[Weights], γ: Sequence[float], of_γ: Sequence[float], j: int
) -> tuple[float, float]:
    """Σ γ_k w_kj over the neurons k that neuron j feeds, and its scale."""
    total, of_total = 0.0, 0.0
    for neuron, γ_k, of_γ_k in zip(later, γ, of_γ, strict=True):
        term = γ_k * neuron.inputs[j]
        total += term
        of_total += abs(term) + of_γ_k * abs(neuron.inputs[j]) + _TINY
    return total, of_total


def _of_changes(
    neuron: Weights,
    y: Sequence[float],
    of_y: Sequence[float],
    γ: float,
    of_γ: float,
    rate: float,
) -> Weights:
    return Weights(
        None if neuron.bias is None else rate * (abs(γ) + of_γ) + _TINY,
        [
            rate * (abs(out * γ) + _of_product(out, of_out, γ, of_γ) + _TINY) + _TINY
            for out, of_out in zip(y, of_y, strict=True)
        ],
    )


def _of_product(a: float, of_a: float, b: float, of_b: float) -> float:
    return abs(a) * of_b + of_a * abs(b) + 2.0**-52 * of_a * of_b


def _of_stimulus(neuron: Weights, y: Sequence[float], of_y: Sequence[float]) -> float:
    total = abs(neuron.bias) if neuron.bias is not None else 0.0
    for weight, out, of_out in zip(neuron.inputs, y, of_y, strict=True):
        total += abs(weight) * (abs(out) + of_out)
    return total
