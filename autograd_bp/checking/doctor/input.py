"""What the user derived: nested lists, functions and printed tables as terms by their places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import TermPlace
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Network
from autograd_bp.primitives import number

__all__ = ["user_terms"]


def user_terms(
    network: Network,
    x: Sequence[Any],
    d: Any,
    *,
    gamma: Any,
    weight_changes: Any,
    weights_after: Any,
    decimals: int | None,
) -> tuple[dict[TermPlace, float], dict[TermPlace, float]]:
    """The user's numbers, and how far each may be off because it was rounded."""
    if weight_changes is not None and weights_after is not None:
        raise SettingError("weight_changes and weights_after say the same: give one of them")
    half = _half_of_last_place(decimals)

    def numbers(derived: Any) -> Any:
        return derived(network, x, d) if callable(derived) else derived

    terms: dict[TermPlace, float] = {}
    if gamma is not None:
        terms |= _gammas("gamma", numbers(gamma), network)
    if weight_changes is not None:
        terms |= _changes("weight_changes", numbers(weight_changes), network)
    rounding = dict.fromkeys(terms, half)
    if weights_after is not None:
        now = dict(_changes("the network", _weights(network), network))
        for place, after in _changes("weights_after", numbers(weights_after), network):
            terms[place] = after - now[place]
            rounding[place] = half or 2.0 * math.ulp(max(abs(after), abs(now[place])))
    return terms, rounding


def _half_of_last_place(decimals: int | None) -> float:
    """How far rounding to that many places after the point moves a number."""
    if decimals is None:
        return 0.0
    if isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 20:
        raise SettingError(f"decimals is a whole number from 0 to 20, got {decimals!r:.60}")
    return 0.5 * 10.0**-decimals * (1.0 + 1e-9)


def _weights(network: Network) -> list[list[list[float]]]:
    return [
        [
            [w.data for w in (neuron.bias, *neuron.weights) if w is not None]
            for neuron in layer.neurons
        ]
        for layer in network.layers
    ]


def _gammas(what: str, derived: Any, network: Network) -> Iterable[tuple[TermPlace, float]]:
    layers = _list(what, derived, len(network.layers), "layers, first layer first")
    for n, (layer, numbers) in enumerate(zip(network.layers, layers, strict=True), 1):
        if numbers is None:
            continue
        γ = _list(f"{what}[{n - 1}]", numbers, len(layer.neurons), f"neurons of layer {n}")
        for j, value in enumerate(γ, 1):
            if value is not None:
                yield TermPlace(n, j, None), _number(f"{what}[{n - 1}][{j - 1}]", value)


def _changes(what: str, derived: Any, network: Network) -> Iterable[tuple[TermPlace, float]]:
    layers = _list(what, derived, len(network.layers), "layers, first layer first")
    for n, (layer, neurons) in enumerate(zip(network.layers, layers, strict=True), 1):
        if neurons is None:
            continue
        at = f"{what}[{n - 1}]"
        neurons = _list(at, neurons, len(layer.neurons), f"neurons of layer {n}")
        for j, (neuron, weights) in enumerate(zip(layer.neurons, neurons, strict=True), 1):
            if weights is None:
                continue
            if isinstance(weights, Weights):
                weights = (
                    [weights.bias, *weights.inputs]
                    if neuron.bias is not None
                    else [*weights.inputs]
                )
            first = int(neuron.bias is None)
            size = len(neuron.weights) + 1 - first
            about = f"weights of neuron {j} of layer {n}" + ("" if first else ", w0 first")
            for i, value in enumerate(_list(f"{at}[{j - 1}]", weights, size, about), first):
                if value is not None:
                    place = f"{at}[{j - 1}][{i - first}]"
                    yield TermPlace(n, j, i), _number(place, value)


def _list(what: str, entries: Any, size: int, of: str) -> list[Any]:
    if isinstance(entries, (str, bytes, Mapping)) or not isinstance(entries, Iterable):
        raise ShapeError(
            f"{what} is a list of {size} {of}; got {type(entries).__name__} {entries!r:.40}"
        )
    listed = list(entries)
    if len(listed) != size:
        raise ShapeError(f"{what} has {len(listed)} entries, but there are {size} {of}")
    return listed


def _number(what: str, value: Any) -> float:
    if isinstance(value, bool):
        raise OperandError(f"{what} is the truth value {value}: a number is needed, or None")
    try:
        return number(getattr(value, "data", value) if hasattr(value, "partials") else value)
    except OperandError as error:
        raise OperandError(f"{what}: {error}, or None where it is not known") from None
