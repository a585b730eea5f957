"""Numbers that are wrong only because an earlier one is: derived from the student's own numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from autograd_bp.checking.doctor.hand_formulas import TermPlace
from autograd_bp.nn.network import Network

__all__ = ["follows"]

CLOSE = 1e-9  # relative


class _Numbers:
    """The outputs and slopes of a network for an example."""

    def __init__(self, network: Network, x: Sequence[float]) -> None:
        traces = network.trace(x)
        self.outputs = [list(x), *([y.data for y in trace.outputs] for trace in traces)]
        self.slopes = [[y.partials[0] for y in trace.outputs] for trace in traces]
        self.weights = network.weights


def follows(
    network: Network, x: Sequence[float], rate: float, given: Mapping[TermPlace, float]
) -> set[TermPlace]:
    """The terms that are what the right formula makes of the student's own γ.

    γ of a hidden neuron is its slope times Σ γ_k w_kj over the student's γ of the next layer; Δw is
    δ y γ with the student's γ of the neuron. A term that this makes 0 proves nothing, and does not
    count.
    """
    numbers = _Numbers(network, x)
    found = set()
    for place, value in given.items():
        own = _derived(numbers, place, rate, given)
        if own and math.isfinite(own) and abs(value - own) <= CLOSE * abs(own):
            found.add(place)
    return found


def _derived(
    numbers: _Numbers, place: TermPlace, rate: float, given: Mapping[TermPlace, float]
) -> float | None:
    n, j = place.layer, place.neuron - 1
    if place.weight is not None:
        γ = given.get(TermPlace(n, place.neuron, None))
        if γ is None:
            return None
        y = -1.0 if place.weight == 0 else numbers.outputs[n - 1][place.weight - 1]
        return rate * y * γ
    if n == len(numbers.slopes):
        return None
    later = [given.get(TermPlace(n + 1, k, None)) for k in range(1, len(numbers.slopes[n]) + 1)]
    if None in later:
        return None
    blame = sum(
        γ * (neuron[j + 1] or 0.0)
        for γ, neuron in zip(later, numbers.weights[n], strict=True)
        if γ is not None
    )
    return numbers.slopes[n - 1][j] * blame
