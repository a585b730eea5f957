"""How far rounding alone can move a γ: the yardstick of the proof against the unfolded graph.

There 1 / (1 + e^-α) and its derivative are computed in other steps than y and y(1 - y), so
the last digits differ, and what follows may magnify that: d - z and Σ γ w can cancel, and a
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

from autograd_bp.nn.gamma import Weights

__all__ = ["Spread", "spread"]

# Near 0 a rounding error is no longer relative. In units of 2^-52 of these scales: a product
# that underflows; y, which unfolded is 0 below 2^-1022; the slope y² e^-α, where y² underflows.
_TINY = 2.0**-1022
_Y_FLOOR = 2.0**-970
_SLOPE_FLOOR = 2.0**-459
_SMALLEST_SQUARED = 2.0**-537


class Spread(NamedTuple):
    """What one rounding error of each operation adds up to, for each y, γ and Δw."""

    y: list[list[float]]
    γ: list[list[float]]
    Δw: list[list[Weights]]


def spread(
    layers: Sequence[Sequence[Weights]],
    y: Sequence[Sequence[float]],
    γ: Sequence[Sequence[float]],
    d: Sequence[float],
    rate: float,
) -> Spread:
    """The scales of rounding for what the functions of `gamma` returned, in their shapes;
    that of y begins with the inputs, which are exact.
    """
    of_y = [[0.0] * len(y[0])]
    for layer, before, outs in zip(layers, y, y[1:], strict=False):
        of_y.append(
            [
                out + out * (1.0 - out) * _of_stimulus(neuron, before, of_y[-1]) + _Y_FLOOR
                for neuron, out in zip(layer, outs, strict=True)
            ]
        )
    of_slopes = [
        [
            out * (1.0 - out) + abs(1.0 - 2.0 * out) * s + _SLOPE_FLOOR
            for out, s in zip(outs, ss, strict=True)
        ]
        for outs, ss in zip(y[1:], of_y[1:], strict=True)
    ]
    received = [desired - z for desired, z in zip(d, y[-1], strict=True)]
    of_received = [abs(r) + s for r, s in zip(received, of_y[-1], strict=True)]
    of_γ: list[list[float]] = []
    for n in reversed(range(len(layers))):
        of_γ.append(
            [
                _of_product(out * (1.0 - out), of_slope, r, of_r)
                # (r y²) e^-α, where the first product may underflow
                + _TINY / max(out, _SMALLEST_SQUARED)
                for out, of_slope, r, of_r in zip(
                    y[n + 1], of_slopes[n], received, of_received, strict=True
                )
            ]
        )
        blame = [
            [
                (g * k.inputs[j], s * abs(k.inputs[j]))
                for k, g, s in zip(layers[n], γ[n], of_γ[-1], strict=True)
            ]
            for j in range(len(y[n]))
        ]
        received = [sum(term for term, _ in terms) for terms in blame]
        of_received = [sum(abs(term) + s + _TINY for term, s in terms) for terms in blame]
    of_γ.reverse()
    of_Δw = [
        [
            Weights(
                None if neuron.bias is None else rate * (abs(g) + s) + _TINY,
                [
                    rate * (abs(out * g) + _of_product(out, t, g, s) + _TINY) + _TINY
                    for out, t in zip(y[n], of_y[n], strict=True)
                ],
            )
            for neuron, g, s in zip(layer, γ[n], of_γ[n], strict=True)
        ]
        for n, layer in enumerate(layers)
    ]
    return Spread(of_y, of_γ, of_Δw)


def _of_product(a: float, of_a: float, b: float, of_b: float) -> float:
    return abs(a) * of_b + of_a * abs(b) + 2.0**-52 * of_a * of_b


def _of_stimulus(neuron: Weights, y: Sequence[float], of_y: Sequence[float]) -> float:
    total = abs(neuron.bias) if neuron.bias is not None else 0.0
    for weight, out, s in zip(neuron.inputs, y, of_y, strict=True):
        total += abs(weight) * (abs(out) + s)
    return total
