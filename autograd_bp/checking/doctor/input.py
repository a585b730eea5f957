"""What the user derived: nested lists, functions and printed tables as terms of the wave."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from autograd_bp.checking.doctor.hand_formulas import Place
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Network
from autograd_bp.primitives import number


def given_terms(
    network: Network,
    x: Sequence[Any],
    d: Any,
    gamma: Any,
    weight_changes: Any,
    weights_after: Any,
    right: Mapping[Place, float],
    decimals: int | None,
) -> tuple[dict[Place, float], dict[Place, float]]:
    """The numbers that were given, and how far each may be off because it was rounded."""
    if weight_changes is not None and weights_after is not None:
        raise SettingError("weight_changes and weights_after say the same: give one of them")
    if decimals is not None and (
        isinstance(decimals, bool) or not isinstance(decimals, int) or not 0 <= decimals <= 20
    ):
        raise SettingError(f"decimals is a whole number from 0 to 20, got {decimals!r:.60}")
    half = 0.0 if decimals is None else 0.5 * 10.0**-decimals * (1.0 + 1e-9)
    given: dict[Place, float] = {}
    rounded: dict[Place, float] = {}
    if gamma is not None:
        for place, value in _gammas("gamma", _called(gamma, network, x, d), network):
            given[place], rounded[place] = value, half
    if weight_changes is not None:
        called = _called(weight_changes, network, x, d)
        for place, value in _changes("weight_changes", called, network):
            given[place], rounded[place] = value, half
    if weights_after is not None:
        now = dict(_changes("the network", _weights(network), network))
        called = _called(weights_after, network, x, d)
        for place, value in _changes("weights_after", called, network):
            given[place] = value - now[place]
            rounded[place] = half or 2.0 * math.ulp(max(abs(value), abs(now[place])))
    # In the order of the wave, which is that of `right`.
    return {place: given[place] for place in right if place in given}, rounded


def _called(given: Any, network: Network, x: Sequence[Any], d: Any) -> Any:
    return given(network, x, d) if callable(given) else given


def _weights(network: Network) -> list[list[list[float]]]:
    return [
        [
            [w.data for w in (neuron.bias, *neuron.weights) if w is not None]
            for neuron in layer.neurons
        ]
        for layer in network.layers
    ]


def _gammas(what: str, given: Any, network: Network) -> Iterable[tuple[Place, float]]:
    layers = _list(what, given, len(network.layers), "layers, first layer first")
    for n, (layer, numbers) in enumerate(zip(network.layers, layers, strict=True), 1):
        if numbers is None:
            continue
        row = _list(f"{what}[{n - 1}]", numbers, len(layer.neurons), f"neurons of layer {n}")
        for j, value in enumerate(row, 1):
            if value is not None:
                yield Place(n, j, None), _number(f"{what}[{n - 1}][{j - 1}]", value)


def _changes(what: str, given: Any, network: Network) -> Iterable[tuple[Place, float]]:
    layers = _list(what, given, len(network.layers), "layers, first layer first")
    for n, (layer, neurons) in enumerate(zip(network.layers, layers, strict=True), 1):
        if neurons is None:
            continue
        at = f"{what}[{n - 1}]"
        rows = _list(at, neurons, len(layer.neurons), f"neurons of layer {n}")
        for j, (neuron, weights) in enumerate(zip(layer.neurons, rows, strict=True), 1):
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
                    yield Place(n, j, i), _number(place, value)


def _list(what: str, given: Any, size: int, of: str) -> list[Any]:
    if isinstance(given, (str, bytes, Mapping)) or not isinstance(given, Iterable):
        raise ShapeError(
            f"{what} is a list of {size} {of}; got {type(given).__name__} {given!r:.40}"
        )
    listed = list(given)
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
