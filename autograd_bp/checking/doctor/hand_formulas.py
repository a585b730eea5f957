"""The wave of backpropagation by hand, with every step open to be written wrongly.

The right formulas are those of nn/gamma.py. Here each of them is a function that a mistake can
put another in the place of, in some layers or in one neuron, and everything that comes after is
computed from what the mistake gave: as it happens to people.
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

__all__ = ["Example", "Formulas", "Place", "Term", "derive", "nested"]


class Place(NamedTuple):
    """A γ (weight None) or a Δw; layers, neurons and weights count from 1, w0 is the bias."""

    layer: int
    neuron: int
    weight: int | None

    @property
    def name(self) -> str:
        """γ[2,1] is of neuron 1 in layer 2, Δw[2,1,0] of its bias weight."""
        kind, weight = ("γ", "") if self.weight is None else ("Δw", f",{self.weight}")
        return f"{kind}[{self.layer},{self.neuron}{weight}]"


class Term(NamedTuple):
    """One number of the wave."""

    place: Place
    value: float


@dataclass(frozen=True)
class Example:
    """A network, an example and the rate, with what the forward pass computed.

    Attributes:
        layers: the weights, first layer first.
        y: the inputs, then the outputs of each layer.
        α: the stimuli of each layer; None for the inputs, which have none.
        d: the desired outputs.
        rate: δ.
        γ, Δw: what the wave has computed so far, by layer from 1; changes as w0, w1 ...
    """

    layers: Sequence[Sequence[Weights]]
    y: list[list[float]]
    α: list[list[float] | None]
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
        α: list[list[float] | None] = [None]
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
        return len(self.layers)

    def neuron(self, layer: int, j: int) -> Weights:
        return self.layers[layer - 1][j]


def _plain(numbers: Iterable[Any]) -> list[float]:
    return [each.data if isinstance(each, Value) else number(each) for each in numbers]


def _stimulus(neuron: Weights, y: Sequence[float]) -> float:
    total = 0.0 if neuron.bias is None else -neuron.bias
    for weight, out in zip(neuron.inputs, y, strict=True):
        total += weight * out
    return total


Each = Callable[[Example, int, int], float]  # of the example, a layer from 1, a neuron from 0
Source = Callable[[Example, int, int, int], float]  # and a weight's input, from 0


def _slope(e: Example, n: int, j: int) -> float:
    return e.y[n][j] * (1.0 - e.y[n][j])


def _error(e: Example, n: int, j: int) -> float:
    return e.d[j] - e.y[n][j]


def _blame(e: Example, n: int, j: int) -> float:
    γ, later = e.γ[n + 1], e.layers[n]
    total = 0.0
    for k in reversed(range(len(later))):
        total += γ[k] * later[k].inputs[j]
    return total


@dataclass(frozen=True)
class Formulas:
    """How each step is computed; right when left out.

    γ = scale · slope · (error, of an output neuron; blame, of a hidden one), and
    Δw = rate · weigh · source · cause, for the bias rate · weigh · bias · cause.
    """

    scale: Each = lambda e, n, j: 1.0
    slope: Each = _slope
    error: Each = _error
    blame: Each = _blame
    rate: Each = lambda e, n, j: e.rate
    weigh: Each = lambda e, n, j: 1.0
    source: Source = lambda e, n, j, i: e.y[n - 1][i]
    bias: Each = lambda e, n, j: -1.0
    cause: Each = lambda e, n, j: e.γ[n][j]


RIGHT = Formulas()


def derive(
    example: Example, formulas: Callable[[int, int], Formulas] = lambda n, j: RIGHT
) -> Iterator[Term]:
    """γ and Δw one after the other in the order of the wave: from the last layer to the first,
    of each neuron its γ and then its Δw.

    Arguments:
        example: what they are derived for.
        formulas: those that are used in a layer, counted from 1, for a neuron, from 0.

    A term whose wrong formula does not fit the network (an index that is not there) is NaN.
    """
    e = Example(example.layers, example.y, example.α, example.d, example.rate)
    for n in range(e.depth, 0, -1):
        width = len(e.layers[n - 1])
        used = [formulas(n, j) for j in range(width)]
        e.received[n] = [
            _safely(f.error if n == e.depth else f.blame, e, n, j) for j, f in enumerate(used)
        ]
        e.γ[n] = [
            _safely(f.scale, e, n, j) * (_safely(f.slope, e, n, j) * e.received[n][j])
            for j, f in enumerate(used)
        ]
        e.Δw[n] = []
        for j, f in enumerate(used):
            yield Term(Place(n, j + 1, None), e.γ[n][j])
            neuron = e.neuron(n, j)
            cause = _safely(f.cause, e, n, j)
            factor = _safely(f.rate, e, n, j) * _safely(f.weigh, e, n, j)
            line = [] if neuron.bias is None else [factor * (_safely(f.bias, e, n, j) * cause)]
            line += [
                factor * (_safely(f.source, e, n, j, i) * cause) for i in range(len(neuron.inputs))
            ]
            first = neuron.bias is None
            for i, change in enumerate(line, first):
                yield Term(Place(n, j + 1, i), change)
            e.Δw[n].append(line)


def nested(e: Example, terms: Iterable[Term]) -> tuple[list[list[float]], list[Any]]:
    """γ and Δw as lists by layer, neuron and weight, as `check_formulas` takes them."""
    γ = [[0.0] * len(layer) for layer in e.layers]
    Δw = [[[0.0] * (len(w.inputs) + (w.bias is not None)) for w in layer] for layer in e.layers]
    for (n, j, i), value in terms:
        if i is None:
            γ[n - 1][j - 1] = value
        else:
            Δw[n - 1][j - 1][i - (e.layers[n - 1][j - 1].bias is None)] = value
    return γ, Δw


def _safely(step: Callable[..., float], *where: Any) -> float:
    try:
        return step(*where)
    except (IndexError, TypeError, KeyError):
        return float("nan")
