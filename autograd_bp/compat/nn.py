"""Neurons, layers and networks with the words of micrograd: its random numbers, its graph."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from autograd_bp.compat.engine import Value


class Module:
    """Something with parameters."""

    def zero_grad(self) -> None:
        """Set the gradient of every parameter to 0."""
        for parameter in self.parameters():
            parameter.grad = 0

    def parameters(self) -> list[Value]:
        """The Values that training changes."""
        return []


class Neuron(Module):
    """w · x + b, and relu of it.

    Arguments:
        nin: the number of inputs.
        nonlin: False leaves the relu out.

    The weights are drawn by `random.uniform(-1, 1)`, in order; the bias is 0.
    """

    def __init__(self, nin: int, nonlin: bool = True) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b = Value(0)
        self.nonlin = nonlin

    def __call__(self, x: Sequence[Any]) -> Any:
        act: Any = sum((wi * xi for wi, xi in zip(self.w, x)), self.b)  # noqa: B905
        return act.relu() if self.nonlin else act

    def parameters(self) -> list[Value]:
        """The weights, then the bias."""
        return [*self.w, self.b]

    def __repr__(self) -> str:
        return f"{'ReLU' if self.nonlin else 'Linear'}Neuron({len(self.w)})"


class Layer(Module):
    """Neurons with the same inputs.

    Arguments:
        nin, nout: the numbers of inputs and of neurons.
        kwargs: what every Neuron takes.

    Calling it gives a list, or the one output where there is one neuron.
    """

    def __init__(self, nin: int, nout: int, **kwargs: Any) -> None:
        self.neurons = [Neuron(nin, **kwargs) for _ in range(nout)]

    def __call__(self, x: Sequence[Any]) -> Any:
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        """Those of the neurons, one neuron after another."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]

    def __repr__(self) -> str:
        return f"Layer of [{', '.join(str(neuron) for neuron in self.neurons)}]"


class MLP(Module):
    """Layers one after another; the last one has no relu.

    Arguments:
        nin: the number of inputs.
        nouts: the number of neurons of each layer.

    Example:
        >>> from autograd_bp.compat.micrograd import MLP
        >>> MLP(2, [3, 1])
        MLP of [Layer of [ReLUNeuron(2), ReLUNeuron(2), ReLUNeuron(2)], Layer of [LinearNeuron(3)]]
    """

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        sizes = [nin, *nouts]
        self.layers = [
            Layer(sizes[k], sizes[k + 1], nonlin=k != len(nouts) - 1) for k in range(len(nouts))
        ]

    def __call__(self, x: Any) -> Any:
        for layer in self.layers:
            x = layer(x)
        return x

    def parameters(self) -> list[Value]:
        """Those of the layers, one layer after another."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def __repr__(self) -> str:
        return f"MLP of [{', '.join(str(layer) for layer in self.layers)}]"
