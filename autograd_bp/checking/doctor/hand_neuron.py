"""One neuron in one row, with the names that formulas use, and what is derived of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from autograd_bp.checking.doctor.examples import Example, RowNumbers
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.slopes import Slope

__all__ = ["Derived", "HandNeuron", "HandTerm", "Place", "TermPlace"]


class TermPlace(NamedTuple):
    """A γ (weight None) or a Δw; layers, neurons and weights count from 1, w0 is the bias.

    Of several rows a γ has the number of its row, from 1.
    """

    layer: int
    neuron: int
    weight: int | None
    row: int | None = None

    @property
    def name(self) -> str:
        """γ[2,1] is of neuron 1 in layer 2, Δw[2,1,0] of its bias weight; γ[2,1]@3 is in row 3."""
        kind, weight = ("γ", "") if self.weight is None else ("Δw", f",{self.weight}")
        row = "" if self.row is None else f"@{self.row}"
        return f"{kind}[{self.layer},{self.neuron}{weight}]{row}"


Place = TermPlace
"""The name in pickles of earlier versions."""


class HandTerm(NamedTuple):
    """One number that is derived by hand."""

    place: TermPlace
    value: float


class Derived:
    """The terms that have been derived so far: by row and layer, both as the example counts them.

    Attributes:
        γ: of each row, for each layer.
        received: what the slope of each neuron is multiplied by: the error or the blame.
        Δw: for each layer w0, w1 ... of each neuron.
    """

    def __init__(self, e: Example) -> None:
        self.γ: list[dict[int, list[float]]] = [{} for _ in e.rows]
        self.received: list[dict[int, list[float]]] = [{} for _ in e.rows]
        self.Δw: dict[int, list[list[float]]] = {}


class HandNeuron:
    """Neuron j of a layer in one row, with the names that formulas use.

    Attributes:
        e: the example.
        derived: what has been derived before.
        layer: its layer, from 1.
        j: its place there, from 0.
        t: the row, from 0.
    """

    __slots__ = ("derived", "e", "j", "layer", "row", "t")

    def __init__(self, e: Example, derived: Derived, layer: int, j: int, t: int) -> None:
        self.e, self.derived, self.layer, self.j, self.t = e, derived, layer, j, t
        self.row: RowNumbers = e.rows[t]

    def at(self, t: int) -> HandNeuron:
        """The same neuron in another row."""
        return HandNeuron(self.e, self.derived, self.layer, self.j, t)

    @property
    def y(self) -> float:
        """Its output."""
        return self.row.y[self.layer][self.j]

    @property
    def z(self) -> float:
        """Its output as P sees it: of a softmax its share."""
        return self.row.z[self.j]

    @property
    def α(self) -> float:
        """Its stimulus."""
        return self.row.α[self.layer][self.j]

    @property
    def d(self) -> float:
        """The desired output of an output neuron."""
        d = self.row.d
        return d[self.j] if d is not None else self.z

    @property
    def right_slope(self) -> float:
        """dy/dα."""
        return self.row.slopes[self.layer][self.j]

    @property
    def right_error(self) -> float:
        """∂P/∂z of an output neuron."""
        return self.row.errors[self.j]

    @property
    def slope(self) -> Slope:
        """dy/dα as a function."""
        return self.e.setting.slopes[self.layer - 1][self.j]

    @property
    def activation(self) -> str:
        """The name of its activation; "combined" in an output that has its slope in its error."""
        return self.e.activation(self.layer, self.j)

    @property
    def mask(self) -> float:
        """The factor on its output."""
        return float(self.masks[self.j])

    @property
    def masks(self) -> Sequence[float]:
        """The factors on the outputs of its layer in this row."""
        masks = self.e.setting.masks
        mask = masks[self.t][self.layer - 1] if masks else None
        return [1.0] * len(self.all_y) if mask is None else mask

    @property
    def γ(self) -> float:
        """∂P/∂α, after the step that computes it."""
        return self.derived.γ[self.t][self.layer][self.j]

    @property
    def all_γ(self) -> Sequence[float]:
        """γ of all neurons of its layer in this row."""
        return self.derived.γ[self.t][self.layer]

    @property
    def received(self) -> float:
        """The error of an output neuron, the blame of a hidden one."""
        return self.derived.received[self.t][self.layer][self.j]

    @property
    def inputs(self) -> Sequence[float]:
        """The inputs of the neuron: the outputs of the layer before, or the inputs of the network,
        and in a recurrent layer those of its layer one step before."""
        return self.row.fed[self.layer]

    @property
    def all_y(self) -> Sequence[float]:
        """The outputs of all neurons of its layer in this row."""
        return self.row.y[self.layer]

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
        return self.derived.γ[self.t][self.layer + 1]

    @property
    def own_layer(self) -> Sequence[Weights]:
        """The weights of all neurons of its layer."""
        return self.e.layers[self.layer - 1]

    def w(self, k: int) -> float:
        """w_kj: the weight on the connection to neuron k of the next layer."""
        return float(self.next[k].inputs[self.j])

    def sum(self, term: Callable[[int], float]) -> float:
        """Σ over the neurons k of the next layer, in the order of nn/gamma.py."""
        total = 0.0
        for k in reversed(range(len(self.next))):
            total += term(k)
        return total

    def back(self, weight: Callable[[Weights], float] | None = None) -> float:
        """Σ γ_i w_ij over its own layer one step later; 0 where the layer is not recurrent."""
        if self.layer not in self.e.setting.recurrent or self.t + 1 == len(self.e.rows):
            return 0.0
        later, layer = self.derived.γ[self.t + 1][self.layer], self.own_layer
        place = len(layer[0].inputs) - len(layer) + self.j
        total = 0.0
        for i in reversed(range(len(layer))):
            total += later[i] * (layer[i].inputs[place] if weight is None else weight(layer[i]))
        return total
