"""A layer: neurons that share one row of inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any

from autograd_bp import primitives
from autograd_bp.errors import SettingError
from autograd_bp.nn import initialise
from autograd_bp.nn.module import Module, refuse_unknown
from autograd_bp.nn.neuron import Activation, Neuron, activation_name, receive, size
from autograd_bp.nn.outputs import Outputs
from autograd_bp.value import Value, constant, record_many
from autograd_bp.words import explains_keywords

__all__ = ["Layer"]

_DOT = primitives.dot.code


class Layer(Module):
    """Neurons side by side; the inputs are made into Values once for all of them.

    Arguments:
        n_inputs: the number of inputs.
        n_outputs: the number of neurons.
        activation: one for all neurons, or a list with one for each.
        bias: False for neurons without w0.
        seed: a whole number, or a `random.Random` to draw the weights from.
        place: the place of the layer in its network, for the labels of the weights.

    Attributes:
        neurons: the list of neurons.

    Raises: SettingError when a setting is outside its range.
    """

    neurons: list[Neuron]

    @explains_keywords
    def __init__(
        self,
        n_inputs: int,
        n_outputs: int,
        activation: Activation | str | Sequence[Activation | str] = primitives.sigmoid,
        bias: bool = True,
        seed: int | Random = 0,
        *,
        place: tuple[int, ...] = (),
    ) -> None:
        n = size("a layer's number of neurons", n_outputs)
        random = initialise.generator(seed)
        self.neurons = [
            Neuron(n_inputs, choice, bias, random, place=(*place, j), width=n)
            for j, choice in enumerate(one_for_each(activation, n, "neuron"), 1)
        ]

    def __setattr__(self, name: str, value: Any) -> None:
        if name != "neurons":
            refuse_unknown(self, Layer, name, ("neurons",))
        super().__setattr__(name, value)

    def stimuli(self, inputs: Iterable[Any]) -> list[Value]:
        """α of every neuron for one row of inputs.

        Raises: ShapeError when the row is not as long as the layer has inputs.
        """
        x = receive("a layer", inputs, len(self.neurons[0].weights))
        n, minus_one = len(x), constant(-1.0)
        minus_ones = (minus_one,)
        # What Neuron.weigh does, without the call.
        return [
            record_many(_DOT, ((bias,), weights, minus_ones, x))
            if type(neuron) is Neuron
            and (bias := neuron.bias) is not None
            and len(weights := neuron.weights) == n
            else neuron.weigh(x, minus_one)
            for neuron in self.neurons
        ]

    def __call__(self, inputs: Iterable[Any]) -> Outputs:
        """The outputs for one row of inputs: a list with one for each neuron."""
        # What Neuron.fire does, without the call.
        return Outputs(
            [
                y
                if type(neuron) is Neuron and isinstance(y := neuron.activation(α), Value)
                else neuron.fire(α)
                for neuron, α in zip(self.neurons, self.stimuli(inputs), strict=True)
            ]
        )

    @property
    def activation_names(self) -> str | list[str]:
        """The name of the activation; a list with one for each neuron where they differ."""
        names = [activation_name(neuron.activation) for neuron in self.neurons]
        return names[0] if len(set(names)) == 1 else names

    def __repr__(self) -> str:
        names = self.activation_names
        shown = names if isinstance(names, str) else f"[{', '.join(names)}]"
        bias = "" if any(neuron.bias is not None for neuron in self.neurons) else ", bias=False"
        return f"Layer({self.neurons[0].n_inputs}, {len(self.neurons)}, {shown}{bias})"


def one_for_each(choice: Any, n: int, what: str) -> list[Any]:
    """One setting for each of n things: the same for all, or a list of n."""
    if isinstance(choice, (list, tuple)):
        if len(choice) != n:
            raise SettingError(
                f"give one activation for all, or one for each {what}: got {len(choice)} for {n}"
            )
        return list(choice)
    return [choice] * n
