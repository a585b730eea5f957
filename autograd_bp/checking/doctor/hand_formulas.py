"""Backpropagation by hand, with steps that can be replaced by wrong ones.

The right formulas are those of nn/gamma.py. Here each step is a function of one neuron. A mistake
replaces one of them, in some layers or in one neuron, and everything that is computed after it
uses its result, as it does when a person makes the mistake.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from autograd_bp.nn import gamma
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Network
from autograd_bp.primitives import number
from autograd_bp.value import Value

__all__ = ["Example", "Formulas", "HandNeuron", "HandTerm", "TermPlace", "derive", "nested"]


class TermPlace(NamedTuple):
    """A γ (weight None) or a Δw; layers, neurons and weights count from 1, w0 is the bias."""

    layer: int
    neuron: int
    weight: int | None

    @property
    def name(self) -> str:
        """γ[2,1] is of neuron 1 in layer 2, Δw[2,1,0] of its bias weight."""
        kind, weight = ("γ", "") if self.weight is None else ("Δw", f",{self.weight}")
        return f"{kind}[{self.layer},{self.neuron}{weight}]"


Place = TermPlace
"""The name in pickles of earlier versions."""


class HandTerm(NamedTuple):
    """One number that is derived by hand."""

    place: TermPlace
    value: float


@dataclass(frozen=True)
class Example:
    """A network, an example and the rate, with the numbers that have been computed so far.

    Attributes:
        layers: the weights, first layer first.
        y: the inputs, then the outputs of each layer.
        α: the stimuli of each layer; an empty list for the inputs, which have none.
        d: the desired outputs.
        rate: δ.
        γ, Δw: the results of the backward pass, by layer from 1; changes as w0, w1 ...
        received: for each neuron what its slope is multiplied by: the error or the blame.
    """

    layers: Sequence[Sequence[Weights]]
    y: list[list[float]]
    α: list[list[float]]
    d: list[float]
    rate: float
    γ: dict[int, list[float]] = field(default_factory=dict)
    Δw: dict[int, list[list[float]]] = field(default_factory=dict)
    received: dict[int, list[float]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        layers: Sequence[Sequence[Weights]],
        x: Sequence[float],
        d: Sequence[float],
        rate: float,
    ) -> Example:
        y = gamma.outputs(layers, x)
        α: list[list[float]] = [[]]
        for layer, before in zip(layers, y, strict=False):
            α.append([_stimulus(neuron, before) for neuron in layer])
        return cls(layers, y, α, list(d), rate)

    @classmethod
    def of_network(cls, network: Network, x: Sequence[Any], d: Any, rate: float) -> Example:
        """For the weights that a network has now."""
        layers = [
            [
                Weights(None if n.bias is None else n.bias.data, [w.data for w in n.weights])
                for n in layer.neurons
            ]
            for layer in network.layers
        ]
        desired = list(d) if isinstance(d, Iterable) else [d]
        return cls.of(layers, _plain(x), _plain(desired), rate)

    @property
    def depth(self) -> int:
        """The number of layers."""
        return len(self.layers)


def _plain(numbers: Iterable[Any]) -> list[float]:
    return [x.data if isinstance(x, Value) else number(x) for x in numbers]


def _stimulus(neuron: Weights, y: Sequence[float]) -> float:
    total = 0.0 if neuron.bias is None else -neuron.bias
    for weight, out in zip(neuron.inputs, y, strict=True):
        total += weight * out
    return total


class HandNeuron:
    """Neuron j of a layer, with the names that formulas use.

    Attributes:
        e: the example.
        layer: its layer, from 1.
        j: its place there, from 0.
    """

    __slots__ = ("e", "j", "layer")

    def __init__(self, e: Example, layer: int, j: int) -> None:
        self.e, self.layer, self.j = e, layer, j

    @property
    def y(self) -> float:
        """Its output; z for a neuron of the last layer."""
        return self.e.y[self.layer][self.j]

    @property
    def α(self) -> float:
        """Its stimulus."""
        return self.e.α[self.layer][self.j]

    @property
    def d(self) -> float:
        """The desired output of an output neuron."""
        return self.e.d[self.j]

    @property
    def γ(self) -> float:
        """∂P/∂α, after the step that computes it."""
        return self.e.γ[self.layer][self.j]

    @property
    def received(self) -> float:
        """The error of an output neuron, the blame of a hidden one."""
        return self.e.received[self.layer][self.j]

    @property
    def inputs(self) -> Sequence[float]:
        """The outputs of the layer before, or the inputs of the network."""
        return self.e.y[self.layer - 1]

    @property
    def weights(self) -> Weights:
        """Its own weights."""
        return self.e.layers[self.layer - 1][self.j]

    @property
    def next(self) -> Sequence[Weights]:
        """The weights of the neurons of the next layer, which it feeds."""
        return self.e.layers[self.layer]

    @property
    def next_γ(self) -> Sequence[float]:
        """The γ of the next layer."""
        return self.e.γ[self.layer + 1]

    def w(self, k: int) -> float:
        """w_kj: the weight on the connection to neuron k of the next layer."""
        return float(self.next[k].inputs[self.j])

    def sum(self, term: Callable[[int], float]) -> float:
        """Σ over the neurons k of the next layer, in the order of nn/gamma.py."""
        total = 0.0
        for k in reversed(range(len(self.next))):
            total += term(k)
        return total


Step = Callable[[HandNeuron], float]
InputStep = Callable[[HandNeuron, int], float]  # of a neuron and one of its inputs, from 0


@dataclass(frozen=True)
class Formulas:
    """How each step is computed; right when left out.

    γ = scale · slope · (error, of an output neuron; blame, of a hidden one), and
    Δw = rate · weigh · source · cause, for the bias rate · weigh · bias · cause.
    """

    scale: Step = lambda n: 1.0
    slope: Step = lambda n: n.y * (1.0 - n.y)
    error: Step = lambda n: n.d - n.y
    blame: Step = lambda n: n.sum(lambda k: n.next_γ[k] * n.w(k))
    rate: Step = lambda n: n.e.rate
    weigh: Step = lambda n: 1.0
    source: InputStep = lambda n, i: n.inputs[i]
    bias: Step = lambda n: -1.0
    cause: Step = lambda n: n.γ


RIGHT = Formulas()


def derive(
    example: Example, formulas: Callable[[int, int], Formulas] = lambda n, j: RIGHT
) -> Iterator[HandTerm]:
    """γ and Δw one after the other, from the last layer to the first, of each neuron its γ and
    then its Δw.

    Arguments:
        example: what they are derived for.
        formulas: those that are used in a layer, counted from 1, for a neuron, from 0.

    A term whose wrong formula does not fit the network (an index that is not there) is NaN.
    """
    e = Example(example.layers, example.y, example.α, example.d, example.rate)
    for n in range(e.depth, 0, -1):
        steps = [(HandNeuron(e, n, j), formulas(n, j)) for j in range(len(e.layers[n - 1]))]
        e.received[n] = [
            _result(f.error if n == e.depth else f.blame, neuron) for neuron, f in steps
        ]
        e.γ[n] = [
            _result(f.scale, neuron) * (_result(f.slope, neuron) * neuron.received)
            for neuron, f in steps
        ]
        e.Δw[n] = []
        for neuron, f in steps:
            yield HandTerm(TermPlace(n, neuron.j + 1, None), neuron.γ)
            changes = _changes(neuron, f)
            for i, change in enumerate(changes, int(neuron.weights.bias is None)):
                yield HandTerm(TermPlace(n, neuron.j + 1, i), change)
            e.Δw[n].append(changes)


def _changes(neuron: HandNeuron, f: Formulas) -> list[float]:
    """Δw of each weight of a neuron, that of the bias first where there is one."""
    cause = _result(f.cause, neuron)
    factor = _result(f.rate, neuron) * _result(f.weigh, neuron)
    bias, inputs = neuron.weights
    changes = [] if bias is None else [factor * (_result(f.bias, neuron) * cause)]
    return changes + [factor * (_result(f.source, neuron, i) * cause) for i in range(len(inputs))]


def nested(e: Example, terms: Iterable[HandTerm]) -> tuple[list[list[float]], list[Any]]:
    """γ and Δw as lists by layer, neuron and weight, as `check_formulas` takes them."""
    γ = [[0.0] * len(layer) for layer in e.layers]
    Δw = [[[0.0] * (len(w.inputs) + (w.bias is not None)) for w in layer] for layer in e.layers]
    for (n, j, i), value in terms:
        if i is None:
            γ[n - 1][j - 1] = value
        else:
            Δw[n - 1][j - 1][i - (e.layers[n - 1][j - 1].bias is None)] = value
    return γ, Δw


def _result(step: Callable[..., float], *operands: Any) -> float:
    try:
        return step(*operands)
    except (IndexError, TypeError, KeyError):
        return float("nan")
