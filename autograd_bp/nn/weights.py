"""The weights of a network as plain numbers, [[(w0, w1, ...), ...], ...]: read, checked, set.

The first number of a neuron is w0, the bias; it is None for a neuron without one. So the weight
w[layer, neuron, input] is weights[layer - 1][neuron - 1][input].
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, overload

from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.primitives import number
from autograd_bp.value import Value

if TYPE_CHECKING:
    from autograd_bp.nn.network import Network
    from autograd_bp.nn.neuron import Neuron

__all__ = ["NeuronWeights", "Weights", "WeightsOf", "set_numbers", "sizes_of", "weight_of"]

NeuronWeights = tuple[float | None, ...]
Weights = list[list[NeuronWeights]]
_FORM = "weights are [[(w0, w1, ...), ...], ...], a tuple for each neuron of each layer"


def numbers(network: Network) -> Weights:
    """The weights of every neuron of every layer, w0 first."""
    return [
        [tuple(None if w is None else w.data for w in slots(neuron)) for neuron in layer.neurons]
        for layer in network.layers
    ]


class WeightsOf:
    """`network.weights`: the weights as numbers, `weights[layer - 1][neuron - 1][input]`.

    Input 0 is w0, the bias weight, or None in a neuron without one. The lists are a copy:
    `set_weights` changes the weights.

    A class of a user's that is derived from Network may have an attribute of this name.
    """

    @overload
    def __get__(self, network: None, owner: type) -> WeightsOf: ...
    @overload
    def __get__(self, network: Network, owner: type) -> Weights: ...
    def __get__(self, network: Network | None, owner: type) -> WeightsOf | Weights:
        return self if network is None else numbers(network)


def slots(neuron: Neuron) -> tuple[Value | None, ...]:
    """w0, which is None where there is no bias, then w1 to wn."""
    return (neuron.bias, *neuron.weights)


def sizes_of(weights: Any) -> tuple[list[int], list[list[list[Any]]]]:
    """The sizes of the network that has these weights, and the weights as lists.

    Raises: ShapeError where the layers do not fit together, OperandError for what are no lists.
    """
    layers = [
        [_listed(f"the weights of neuron {j} of layer {n}", neuron) for j, neuron in _from_1(layer)]
        for n, layer in _from_1(
            [_listed(f"layer {n}", layer) for n, layer in _from_1(_listed("the argument", weights))]
        )
    ]
    if not layers or not all(layers):
        where = f"layer {layers.index([]) + 1} has no neurons" if layers else "there are no layers"
        raise ShapeError(f"{_FORM}: {where}")
    sizes = [len(layers[0][0]) - 1, *map(len, layers)]
    if sizes[0] < 1:
        raise ShapeError(f"{_FORM}: neuron 1 of layer 1 needs w0 and a weight for each input")
    for n, layer in _from_1(layers):
        for j, neuron in _from_1(layer):
            _check_count(n, j, neuron, sizes[n - 1])
    return sizes, layers


def set_numbers(network: Network, weights: Any) -> None:
    """Give every weight its number. Everything is checked before anything is changed."""
    sizes, layers = sizes_of(weights)
    if sizes != list(network.sizes):
        raise ShapeError(
            f"the weights are those of a network with the sizes {sizes}, this one has "
            f"{list(network.sizes)}: give [[(w0, w1, ...), ...], ...] of its shape"
        )
    new: dict[Value, tuple[str, float]] = {}
    for n, layer in _from_1(network.layers):
        for j, neuron in _from_1(layer.neurons):
            for i, (parameter, given) in enumerate(
                zip(slots(neuron), layers[n - 1][j - 1], strict=True)
            ):
                _collect(f"w[{n},{j},{i}]", parameter, given, new)
    for parameter, (_, data) in new.items():
        parameter.data = data


def _collect(
    name: str, parameter: Value | None, given: Any, new: dict[Value, tuple[str, float]]
) -> None:
    """Add the number of one weight to `new`, if it may have it."""
    if parameter is None or given is None:
        if parameter is not given:
            has, got = ("no", "a number") if parameter is None else ("a", "None")
            raise ShapeError(f"{name}: the neuron has {has} bias, and its w0 is given as {got}")
        return
    data = finite(name, given)
    if parameter.parents:
        raise OperandError(
            f"{name} is computed from other Values, so it has no number of its own to set"
        )
    other, known = new.setdefault(parameter, (name, data))
    if known != data:
        raise ShapeError(
            f"{name} and {other} are one shared weight, and got two numbers, {data!r} and {known!r}"
        )


def weight_of(name: str, given: Any, place: int) -> Value | None:
    """A weight of that name: the Value itself, a new one for a number, None for no bias."""
    if given is None and place == 0:
        return None
    return given if isinstance(given, Value) else Value(finite(name, given), name)


def finite(name: str, given: Any) -> float:
    """A weight as a number.

    Raises: OperandError where it is none, is a Value, or is not finite.
    """
    if not isinstance(given, (bool, Value)):
        try:
            data = number(given)
        except (OperandError, OverflowError):
            data = math.nan
        if math.isfinite(data):
            return data
    advice = ": take its .data" if isinstance(given, Value) else ""
    raise OperandError(
        f"{name} is given as {type(given).__name__} {given!r:.60}, where a finite real number is "
        f"needed{advice}"
    )


def _check_count(n: int, j: int, neuron: Sequence[Any], inputs: int) -> None:
    if len(neuron) == inputs + 1:
        return
    fed = "the network has" if n == 1 else f"layer {n - 1} feeds it"
    raise ShapeError(
        f"neuron {j} of layer {n} has {len(neuron)} weights, where {inputs + 1} are needed, w0 and "
        f"one for each of the {inputs} inputs that {fed}; a neuron without bias has None as w0"
    )


def _listed(what: str, parts: Any) -> list[Any]:
    if isinstance(parts, (str, bytes, Value)) or not isinstance(parts, Iterable):
        raise OperandError(f"{_FORM}: {what} is {type(parts).__name__} {parts!r:.60}")
    return list(parts)


def _from_1(parts: Iterable[Any]) -> Iterable[tuple[int, Any]]:
    return enumerate(parts, 1)
