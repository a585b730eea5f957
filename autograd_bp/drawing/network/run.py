"""One run of a network, for its diagram: inputs, outputs, the γ of each neuron, and names."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from autograd_bp import functions
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.drawing import options
from autograd_bp.drawing.network.names import names_of_units
from autograd_bp.drawing.network.wiring import Wiring, read
from autograd_bp.errors import AutogradError, DrawingError, OperandError, SettingError, ShapeError
from autograd_bp.nn import Layer, Module, Network, Neuron
from autograd_bp.primitives import number
from autograd_bp.value import Value


@dataclass(frozen=True)
class Gammas:
    """How the performance depends on the neurons.

    Attributes:
        γ: ∂P/∂α by unit.
        P: the performance.
        desired: d by unit.
    """

    γ: dict[int, float]
    P: float
    desired: dict[int, float]


@dataclass(frozen=True)
class NetworkRun:
    """The numbers of a run.

    Attributes:
        wiring: units and connections.
        names: what each unit is called.
        parameters: what each weight is called.
        outputs: the number that each unit gives.
        stimuli: its stimulus; None for an input or an operation.
        gammas: None without desired outputs.
        has_inputs: True where a row of inputs was given, so that outputs mean something.
    """

    wiring: Wiring
    names: list[str]
    parameters: dict[Value, str]
    outputs: list[float]
    stimuli: list[float | None]
    gammas: Gammas | None
    has_inputs: bool

    @property
    def γ(self) -> dict[int, float]:
        """∂P/∂α by unit; empty without desired outputs."""
        return {} if self.gammas is None else self.gammas.γ


def run(network: Callable[..., Any], x: Iterable[Any] | None, d: Any) -> NetworkRun:
    """Record one run. The errors are those that `draw_network` lists."""
    if not callable(network) or isinstance(network, (Value, type)):
        raise OperandError(
            "draw_network takes a network (a Module, or a function of a row of inputs), got "
            f"{type(network).__name__} {network!r:.60}; draw(value) draws a computation graph"
        )
    inputs = _inputs(network, x)
    outputs = _outputs(network, inputs)
    _require_finite(network)
    wiring = read(inputs, outputs)
    if not any(unit.kind == "neuron" for unit in wiring.units):
        raise DrawingError(
            "draw_network: no neuron was found, because no weight is multiplied with anything "
            "that depends on the inputs; draw(value) draws any computation"
        )
    weights = [edge.by for edge in wiring.connections if edge.by is not None]
    parameters = {weight: weight.label for weight in weights if weight.label}
    if isinstance(network, Module):
        for name, parameter in network.named_parameters():
            parameters.setdefault(parameter, name)
    units = wiring.units
    return NetworkRun(
        wiring,
        names_of_units(wiring),
        parameters,
        [unit.node.data for unit in units],
        [None if unit.stimulus is None else unit.stimulus.data for unit in units],
        None if d is None else _gammas(wiring, outputs, d, x is not None),
        x is not None,
    )


def renamed(
    shown: NetworkRun, inputs: Iterable[str] | None, outputs: Iterable[str] | None
) -> NetworkRun:
    """The run with names that the user gives.

    Raises: ShapeError for another number of names than there are inputs or outputs.
    """
    units = shown.wiring.units
    places = {
        "inputs": (inputs, [i for i, unit in enumerate(units) if unit.kind == "input"]),
        "outputs": (outputs, shown.wiring.outputs),
    }
    names = list(shown.names)
    for kind, (given, units_of_kind) in places.items():
        if given is None:
            continue
        words = [str(word) for word in options.items(given, kind, "['a', 'b']")]
        if len(words) != len(units_of_kind):
            raise ShapeError(
                f"draw_network: {kind}= has {len(words)} names for {len(units_of_kind)} {kind}"
            )
        for i, word in zip(units_of_kind, words, strict=True):
            names[i] = word
    return replace(shown, names=names)


def _inputs(network: object, x: Iterable[Any] | None) -> list[Value]:
    """The inputs as fresh Values with names."""
    n = _number_of_inputs(network)
    if x is None:
        if n is None:
            raise SettingError(
                "draw_network: the number of inputs of this network is not known; give a row of "
                "them, x=[...]"
            )
        x = [0.0] * n
    try:
        row = list(x)
    except TypeError:
        raise OperandError(
            f"draw_network: x is a row of numbers, got {type(x).__name__} {x!r:.60}"
        ) from None
    if n is not None and len(row) != n:
        raise ShapeError(
            f"draw_network: a network of {n} inputs got a row of {len(row)}: give one number each"
        )
    if not row:
        raise ShapeError("draw_network: x is an empty row: a network needs inputs")
    indices = [""] if len(row) == 1 else [str(i) for i in range(1, len(row) + 1)]
    return [_input(item, f"x{index}") for item, index in zip(row, indices, strict=True)]


def _input(item: Any, name: str) -> Value:
    if isinstance(item, Value):
        return Value(item.data, item.label or name)
    return Value(number(item), name)


def _number_of_inputs(network: object) -> int | None:
    """How many inputs a network takes; None where only itself knows."""
    if isinstance(network, Network):
        if not network.layers or not network.layers[0].neurons:
            raise ShapeError("draw_network: the network has no layers or no neurons to draw")
        return network.sizes[0]
    if isinstance(network, Layer):
        if not network.neurons:
            raise ShapeError("draw_network: the layer has no neurons to draw")
        return network.neurons[0].n_inputs
    return network.n_inputs if isinstance(network, Neuron) else None


def _outputs(network: Callable[..., Any], inputs: list[Value]) -> list[Value]:
    try:
        result = network(list(inputs))
    except AutogradError:
        raise
    except (IndexError, ValueError, TypeError) as error:
        raise DrawingError(
            f"draw_network: the network failed on a row of {len(inputs)} inputs "
            f"({type(error).__name__}: {error}): is x= as long as it needs?"
        ) from error
    outputs = [result] if isinstance(result, Value) else None
    if outputs is None and isinstance(result, Iterable):
        outputs = list(result)
    if not outputs or not all(isinstance(output, Value) for output in outputs):
        raise OperandError(
            "draw_network: a network gives a Value or a list of Values, this one gave "
            f"{type(result).__name__} {result!r:.60}"
        )
    return outputs


def _require_finite(network: object) -> None:
    if isinstance(network, Module):
        for name, parameter in network.named_parameters():
            if not math.isfinite(parameter.data):
                raise DrawingError(
                    f"draw_network: the weight {(parameter.label or name)!r:.60} is "
                    f"{parameter.data}, which has no size to draw: was the rate too high? Load "
                    "finite weights first"
                )


def _gammas(wiring: Wiring, outputs: list[Value], d: Any, has_inputs: bool) -> Gammas:
    if not has_inputs:
        raise SettingError("draw_network: d=, the desired output, needs x=, the inputs it is for")
    desired = list(d) if isinstance(d, Iterable) else [d]
    if len(desired) != len(outputs):
        raise ShapeError(
            f"draw_network: {len(outputs)} desired outputs are needed, one for each output, "
            f"d= has {len(desired)}"
        )
    numbers = [item.data if isinstance(item, Value) else number(item) for item in desired]
    P = functions.performance(numbers, outputs)
    stimuli = {i: unit.stimulus for i, unit in enumerate(wiring.units) if unit.stimulus is not None}
    γ = gradients([P], list(stimuli.values()))
    units = {unit.node: i for i, unit in enumerate(wiring.units)}
    return Gammas(
        dict(zip(stimuli, γ, strict=True)),
        P.data,
        {units[z]: n for z, n in zip(outputs, numbers, strict=True) if z in units},
    )
