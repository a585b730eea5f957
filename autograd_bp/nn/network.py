"""A network of layers, each fed by the one before it.

Other wirings need no class of their own: a `Module` whose `__call__` passes Values from neuron to
neuron in any other way is a network too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, NamedTuple

from autograd_bp import primitives
from autograd_bp.errors import SettingError
from autograd_bp.nn import initialise
from autograd_bp.nn.layer import Layer, one_for_each
from autograd_bp.nn.missing import OF_NETWORKS, explain_missing, without_missing
from autograd_bp.nn.module import Module, refuse_unknown
from autograd_bp.nn.neuron import Activation, Neuron, identity, receive, size
from autograd_bp.nn.outputs import Outputs
from autograd_bp.nn.weights import WeightsOf, set_numbers, sizes_of, weight_of
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["Network", "Trace"]


class Trace(NamedTuple):
    """The numbers of one layer: the stimulus α and the output y of every neuron."""

    stimuli: list[Value]
    outputs: list[Value]


MAX_SHOWN_WEIGHTS = 12  # of a layer, in the table of a notebook


class Network(Module):
    """Layers of neurons, one after the other.

    Arguments:
        sizes: the number of inputs, then of neurons in each layer: [64, 30, 10].
        activation: one for all layers, or a list with one for each layer; the one of a layer
            may in turn be a list with one for each neuron.
        bias: False for neurons without w0.
        seed: a whole number, or a `random.Random` to draw the weights from.

    Attributes:
        layers: the list of layers.

    A weight is called w[layer, neuron, input]. Layers, neurons and inputs count from 1; input 0 is
    the constant -1, on which the bias weight w0 stands. Pictures, formulas and reports use these
    names, and γ[layer, neuron] for what belongs to a neuron. As numbers the weights are
    `weights[layer - 1][neuron - 1][input]`. As Values `layers[layer - 1].neurons[neuron - 1]` has
    them: w0 is `.bias`, w1 and the others are in `.weights`.

    Raises: SettingError when a setting is outside its range.

    Example:
        >>> from autograd_bp.nn import Network
        >>> net = Network([2, 3, 1])
        >>> net
        Network([2, 3, 1], sigmoid)
        >>> [z.op.name for z in net([0.0, 1.0])], len(net.parameters())
        (['sigmoid'], 13)
        >>> net.layers[0].neurons[2].weights[1].label
        'w[1,3,2]'
        >>> net.weights[0][2][2] == net.layers[0].neurons[2].w2.data
        True
    """

    layers: list[Layer]

    @explains_keywords
    def __init__(
        self,
        sizes: Sequence[int],
        activation: Activation | str | Sequence[Any] = primitives.sigmoid,
        bias: bool = True,
        seed: int | Random = 0,
    ) -> None:
        if isinstance(sizes, (str, bytes)) or not isinstance(sizes, Iterable):
            raise SettingError(
                f"sizes is a list of whole numbers, got {sizes!r:.60}: write Network([2, 3, 1]) "
                "for 2 inputs, 3 neurons and 1 output"
            )
        numbers = [size("a layer's size", n) for n in sizes]
        if len(numbers) < 2:
            raise SettingError(
                "a network needs two sizes or more, its inputs and at least one layer, "
                f"got {numbers}"
            )
        random = initialise.generator(seed)
        choices = one_for_each(activation, len(numbers) - 1, "layer")
        self.layers = [
            Layer(n_inputs, n_outputs, choice, bias, random, place=(number,))
            for number, (n_inputs, n_outputs, choice) in enumerate(
                zip(numbers, numbers[1:], choices, strict=False), 1
            )
        ]

    @classmethod
    def from_weights(
        cls,
        weights: Sequence[Sequence[Sequence[Any]]],
        activation: Activation | str | Sequence[Any] = primitives.sigmoid,
    ) -> Network:
        """A network with these weights; its sizes are read from them.

        Arguments:
            weights: for each layer, for each neuron (w0, w1, ...): the bias weight first, which is
                None for a neuron without one. A Value becomes the weight itself, so that weights
                may be shared or computed; a number becomes a new Value.
            activation: as in `Network`.

        Raises: ShapeError naming the neuron whose number of weights does not fit; OperandError
            naming the weight that is not a finite real number; SettingError for an activation.

        Example:
            >>> from autograd_bp.nn import Network
            >>> xor = [[(10.0, 20.0, 20.0), (30.0, 20.0, 20.0)], [(10.0, 20.0, -20.0)]]
            >>> network = Network.from_weights(xor)
            >>> network, [round(network([a, b])[0].data, 3) for a in (0.0, 1.0) for b in (0.0, 1.0)]
            (Network([2, 2, 1], sigmoid), [0.0, 1.0, 1.0, 0.0])
            >>> network.weights == xor
            True
        """
        sizes, layers = sizes_of(weights)
        network = cls(sizes, activation)
        for n, (layer, neurons) in enumerate(zip(network.layers, layers, strict=True), 1):
            for j, (neuron, given) in enumerate(zip(layer.neurons, neurons, strict=True), 1):
                values = [weight_of(f"w[{n},{j},{i}]", w, i) for i, w in enumerate(given)]
                neuron.bias, *neuron.weights = values  # type: ignore[assignment]
        return network

    weights = WeightsOf()

    def set_weights(self, weights: Sequence[Sequence[Sequence[Any]]]) -> None:
        """Give every weight its number; everything is checked before anything is changed.

        Arguments:
            weights: as `weights` gives them.

        Raises: ShapeError when the shape is not that of the network, or one shared weight gets two
            numbers; OperandError naming the weight that is not a finite real number, or that is
            computed.

        Example:
            >>> from autograd_bp.nn import Network
            >>> network = Network([1, 1], seed=0)
            >>> network.set_weights([[(0.5, 2.0)]])
            >>> network.weights
            [[(0.5, 2.0)]]
        """
        set_numbers(self, weights)

    def __dir__(self) -> list[str]:
        return without_missing(type(self), super().__dir__())

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "weights" and type(self) is Network:
            self.set_weights(value)
            return
        if name != "layers":
            refuse_unknown(self, Network, name, ("layers", "weights"))
        super().__setattr__(name, value)

    def __call__(self, row: Iterable[Any]) -> Outputs:
        """The outputs z for one row of inputs: a list, also of one output.

        Raises: ShapeError when the row is not as long as the network has inputs.
        """
        values: Iterable[Any] = row
        for layer in self.layers:
            values = layer(values)
        return values if type(values) is Outputs else Outputs(values)

    def trace(self, row: Iterable[Any]) -> list[Trace]:
        """The same computation, which returns every stimulus and output, named: for pictures and
        proofs.

        Returns: for each layer its stimuli and outputs. Inputs are labelled x1, x2 ..., and in
            layer 1, neuron 2: α[1,2] and y[1,2]; outputs of the last layer are z1, z2 ...

        Raises: ShapeError when the row is not as long as the network has inputs.
        """
        values = list(receive("a network", row, self.sizes[0]))
        _name(values, [f"x{i}" for i in range(1, len(values) + 1)])
        traces = []
        for number, layer in enumerate(self.layers, 1):
            stimuli = layer.stimuli(values)
            values = [neuron.fire(α) for neuron, α in zip(layer.neurons, stimuli, strict=True)]
            indices = range(1, len(values) + 1)
            last = layer is self.layers[-1]
            _name(values, [f"z{j}" if last else f"y[{number},{j}]" for j in indices])
            _name(stimuli, [f"α[{number},{j}]" for j in indices])
            traces.append(Trace(stimuli, values))
        return traces

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of inputs, then of neurons in each layer."""
        first = self.layers[0].neurons[0]
        return (first.n_inputs, *(len(layer.neurons) for layer in self.layers))

    @property
    def activation_names(self) -> list[str | list[str]]:
        """The name of each layer's activation; a list of names where its neurons differ."""
        return [layer.activation_names for layer in self.layers]

    @property
    def has_bias(self) -> bool:
        """True when any neuron has a bias weight."""
        return any(neuron.bias is not None for layer in self.layers for neuron in layer.neurons)

    def __repr__(self) -> str:
        names = self.activation_names
        same = isinstance(names[0], str) and all(name == names[0] for name in names)
        shown = names[0] if same else str(names).replace("'", "")
        return f"Network({list(self.sizes)}, {shown}{'' if self.has_bias else ', bias=False'})"

    def _repr_html_(self) -> str:
        """Show the layers in a notebook as a table, with their weights where they are few, and with
        their gradients where a sweep has left any."""
        from html import escape

        rows = []
        swept = any(weight.grad != 0.0 for weight in self.parameters())
        for k, layer in enumerate(self.layers, 1):
            weights = [
                weight
                for neuron in layer.neurons
                for weight in (*([neuron.bias] if neuron.bias is not None else []), *neuron.weights)
            ]
            numbers = [[weight.data for weight in weights]]
            numbers += [[weight.grad for weight in weights]] if swept else []
            names = layer.activation_names
            activation = names if isinstance(names, str) else ", ".join(dict.fromkeys(names))
            cells = [k, self.sizes[k - 1], len(layer.neurons), activation, len(weights)]
            row = "".join(f"<td>{escape(str(cell))}</td>" for cell in cells)
            row += "".join(f'<td style="text-align: left">{_few(side)}</td>' for side in numbers)
            rows.append(f"<tr>{row}</tr>")
        head = "".join(
            f"<th>{name}</th>"
            for name in ("layer", "inputs", "neurons", "activation", "weights", "w0, w1, …")
            + (("∂/∂w0, ∂/∂w1, …",) if swept else ())
        )
        return f"<p>{escape(repr(self))}</p><table><tr>{head}</tr>{''.join(rows)}</table>"


def _few(numbers: Sequence[float]) -> str:
    """The first of some numbers, as text."""
    more = ", …" if len(numbers) > MAX_SHOWN_WEIGHTS else ""
    return ", ".join(f"{x:.4g}" for x in numbers[:MAX_SHOWN_WEIGHTS]) + more


def is_plain(network: Any) -> bool:
    """Whether each run of a network is the same: layers of neurons of this library, whose
    activations are primitives of the table and whose weights are leaves."""
    return type(network) is Network and all(
        type(layer) is Layer and all(map(_is_plain_neuron, layer.neurons))
        for layer in network.layers
    )


def _is_plain_neuron(neuron: Neuron) -> bool:
    weights = neuron.weights if neuron.bias is None else (neuron.bias, *neuron.weights)
    return (
        type(neuron) is Neuron
        and (neuron.activation is identity or isinstance(neuron.activation, Primitive))
        and all(weight.op is None for weight in weights)
    )


def _name(values: list[Value], labels: list[str]) -> None:
    """Label the values that have no name yet; the user's own names stay."""
    for value, label in zip(values, labels, strict=True):
        if not value.label:
            value.label = label


explain_missing(Network, OF_NETWORKS)
