"""Functions of the user's: called twice, on copies, and found out where they change what they are
given.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable
from typing import Any, NamedTuple

from autograd_bp.checking.doctor.hand_formulas import TermPlace
from autograd_bp.checking.doctor.input import Given
from autograd_bp.errors import SideEffectError
from autograd_bp.nn.layer import Layer
from autograd_bp.nn.network import Network
from autograd_bp.value import Value

__all__ = ["called", "unstable"]


def called(given: Given, network: Network, x: Any, d: Any) -> Given:
    """Return the results of functions, and numbers as they are.

    Each function is called with the network and with copies of x and d. The network is as it was
    afterwards, whatever the function does.

    Raises: SideEffectError where a function changes one of the three.
    """
    return Given(
        *[
            _result(name, derived, network, x, d) if callable(derived) else derived
            for name, derived in zip(Given._fields, given, strict=True)
        ]
    )


def _result(name: str, function: Any, network: Network, x: Any, d: Any) -> Any:
    own_x, own_d = copy.deepcopy(x), copy.deepcopy(d)
    before = _State.of(network)
    try:
        result = function(network, own_x, own_d)
    finally:
        changed = before.changes(network)
        before.restore(network)
    changed += [
        f"{letter} from {_shown(was)} to {_shown(now)}"
        for letter, was, now in (("x", x, own_x), ("d", d, own_d))
        if _flat(was) != _flat(now)
    ]
    if changed:
        who = getattr(function, "__name__", type(function).__name__)
        raise SideEffectError(
            f"{name}: {who} changes its arguments: {'; '.join(changed[:4])}"
            + (f"; and {len(changed) - 4} more" if len(changed) > 4 else "")
            + ". The network is as it was before. Let it work on copies"
        )
    return result


class _State(NamedTuple):
    """A network, so that it can be compared and restored.

    Attributes:
        layers: the list of layers; of each its neurons, of each its bias, weights, activation.
        numbers: the number and the gradient of each parameter.
    """

    layers: list[tuple[Layer, list[tuple[Any, Value | None, tuple[Value, ...], Any]]]]
    numbers: dict[Value, tuple[float, float]]

    @classmethod
    def of(cls, network: Network) -> _State:
        layers = [
            (layer, [(n, n.bias, tuple(n.weights), n.activation) for n in layer.neurons])
            for layer in network.layers
        ]
        numbers = {
            w: (w.data, w.grad)
            for _, neurons in layers
            for _, bias, weights, _ in neurons
            for w in (bias, *weights)
            if w is not None
        }
        return cls(layers, numbers)

    def changes(self, network: Network) -> list[str]:
        """Say in words what is different. Gradients are left out: a sweep may leave them there."""
        now = _State.of(network)
        if [layer for layer, _ in now.layers] != [layer for layer, _ in self.layers]:
            return ["the layers of the network"]
        changed = []
        for n, ((_, before), (_, after)) in enumerate(zip(self.layers, now.layers, strict=True), 1):
            if [neuron for neuron, *_ in before] != [neuron for neuron, *_ in after]:
                changed.append(f"the neurons of layer {n}")
                continue
            for j, (was, new) in enumerate(zip(before, after, strict=True), 1):
                changed += self._of_neuron(f"{n},{j}", was, new)
        return changed

    def _of_neuron(self, place: str, was: Any, new: Any) -> list[str]:
        (_, bias, weights, activation), (_, bias_now, weights_now, activation_now) = was, new
        changed = []
        if activation is not activation_now:
            changed.append(f"the activation of neuron [{place}]")
        if len(weights) != len(weights_now):
            return [*changed, f"the number of weights of neuron [{place}]"]
        pairs = zip((bias, *weights), (bias_now, *weights_now), strict=True)
        for i, (w, w_now) in enumerate(pairs):
            before = None if w is None else self.numbers[w][0]
            after = None if w_now is None else w_now.data
            if before != after and not (before != before and after != after):
                changed.append(f"w[{place},{i}] from {before!r} to {after!r}")
            elif w is not w_now:
                changed.append(f"w[{place},{i}], which is another Value")
        return changed

    def restore(self, network: Network) -> None:
        """Put everything back."""
        network.layers = [layer for layer, _ in self.layers]
        for layer, neurons in self.layers:
            layer.neurons = [neuron for neuron, *_ in neurons]
            for neuron, bias, weights, activation in neurons:
                neuron.bias, neuron.weights, neuron.activation = bias, weights, activation
        for w, (number, gradient) in self.numbers.items():
            w.data, w.grad = number, gradient


def _flat(entries: Any) -> Any:
    """Nested numbers as tuples, to be compared; NaN equals NaN."""
    if isinstance(entries, Value):
        return repr(entries.data)
    if hasattr(entries, "tolist"):
        return _flat(entries.tolist())
    if isinstance(entries, Iterable) and not isinstance(entries, (str, bytes)):
        return tuple(map(_flat, entries))
    return repr(entries)


def _shown(entries: Any) -> str:
    return f"{' '.join(repr(entries).split()):.60}"


def unstable(
    first: dict[TermPlace, float], second: dict[TermPlace, float], epsilon: float
) -> tuple[TermPlace, float, float] | None:
    """The first term that two calls of the functions give differently, by more than rounding."""
    for place, number in first.items():
        again = second.get(place, math.nan)
        if number == again or (number != number and again != again):
            continue
        if not abs(number - again) <= 512.0 * epsilon * max(abs(number), abs(again)):
            return place, number, again
    return None
