"""One run of a network, for its diagram: its inputs, outputs, γ's, and the names of its parts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from autograd_bp import functions
from autograd_bp.derivatives.reverse import gradients
from autograd_bp.drawing.network.wiring import Wiring, read
from autograd_bp.errors import AutogradError, DrawingError, OperandError, SettingError, ShapeError
from autograd_bp.nn import Layer, Module, Network, Neuron
from autograd_bp.primitives import number
from autograd_bp.value import Value

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass(frozen=True)
class Run:
    """What a run showed.

    Attributes:
        wiring: units and connections.
        names: what each unit is called.
        parameters: what each weight is called.
        γ: ∂P/∂α by unit; empty without desired outputs.
        P: the performance; None without desired outputs.
        desired: d by unit.
        shown: True where a row of inputs was given, so that outputs mean something.
    """

    wiring: Wiring
    names: list[str]
    parameters: dict[Value, str]
    γ: dict[int, float]
    P: float | None
    desired: dict[int, float]
    shown: bool


def run(network: Callable[..., Any], x: Iterable[Any] | None, d: Any) -> Run:
    """Record one run. The errors are those that `draw_network` lists."""
    if not callable(network) or isinstance(network, (Value, type)):
        raise OperandError(
            "draw_network takes a network (a Module, or a function of a row of inputs), got "
            f"{type(network).__name__} {network!r:.60}; draw(value) draws a computation graph"
        )
    inputs = _inputs(network, x)
    outputs = _outputs(network, inputs)
    _finite(network)
    wiring = read(inputs, outputs)
    if not any(unit.kind == "neuron" for unit in wiring.units):
        raise DrawingError(
            "draw_network: no neuron was found, because no weight is multiplied with anything "
            "that depends on the inputs; draw(value) draws any computation"
        )
    parameters = {node: node.label for node in _weights(wiring) if node.label}
    if isinstance(network, Module):
        for name, parameter in network.named_parameters():
            parameters.setdefault(parameter, name)
    γ, P, desired = _gammas(wiring, outputs, d, x is not None)
    return Run(wiring, _names(wiring), parameters, γ, P, desired, x is not None)


def _inputs(network: object, x: Iterable[Any] | None) -> list[Value]:
    n = _inputs_of(network)
    if x is None:
        if n is None:
            raise SettingError(
                "draw_network: how many inputs this network has is known only to itself: give "
                "a row of them, x=[...]"
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
    index = [""] if len(row) == 1 else [str(i) for i in range(1, len(row) + 1)]
    return [
        Value(
            each.data if isinstance(each, Value) else number(each),
            (each.label if isinstance(each, Value) else "") or f"x{i}",
        )
        for i, each in zip(index, row, strict=True)
    ]


def _inputs_of(network: object) -> int | None:
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
        made = network(list(inputs))
    except AutogradError:
        raise
    except (IndexError, ValueError, TypeError) as error:
        raise DrawingError(
            f"draw_network: the network failed on a row of {len(inputs)} inputs "
            f"({type(error).__name__}: {error}): is x= as long as it needs?"
        ) from error
    outputs = [made] if isinstance(made, Value) else None
    if outputs is None and isinstance(made, Iterable):
        outputs = list(made)
    if not outputs or not all(isinstance(each, Value) for each in outputs):
        raise OperandError(
            "draw_network: a network gives a Value or a list of Values, this one gave "
            f"{type(made).__name__} {made!r:.60}"
        )
    return outputs


def _finite(network: object) -> None:
    if isinstance(network, Module):
        for name, parameter in network.named_parameters():
            if not math.isfinite(parameter.data):
                raise DrawingError(
                    f"draw_network: the weight {(parameter.label or name)!r:.60} is "
                    f"{parameter.data}, which has no size to draw: was the rate too high? Load "
                    "finite weights first"
                )


def _weights(wiring: Wiring) -> list[Value]:
    return [each.by for each in wiring.connections if each.by is not None]


def _names(wiring: Wiring) -> list[str]:
    """x₁ for an input, z₁ for an output, y₁₂ for neuron 2 of layer 1; a label stays."""
    outputs = {place: k for k, place in enumerate(wiring.outputs, 1)}
    hidden = {
        unit.column
        for i, unit in enumerate(wiring.units)
        if i not in outputs and unit.kind != "input"
    }
    counts: dict[int, int] = {}
    single = len({unit.column for unit in wiring.units if unit.kind != "input"}) == sum(
        unit.kind != "input" for unit in wiring.units
    )
    names = []
    for i, unit in enumerate(wiring.units):
        row = 0 if unit.kind == "input" else unit.column
        k = counts[row] = counts.get(row, 0) + 1
        if unit.node.label:
            names.append(unit.node.label)
        elif i in outputs:
            names.append("z" if len(outputs) == 1 else "z" + _sub(outputs[i]))
        elif single or len(hidden) == 1:
            names.append(
                "y"
                + ("" if len(hidden) == k == 1 and single else _sub(unit.column if single else k))
            )
        else:
            apart = "" if k < 10 and unit.column < 10 else ","
            names.append("y" + _sub(unit.column) + apart + _sub(k))
    return names


def _sub(k: int) -> str:
    return str(k).translate(SUBSCRIPTS)


def _gammas(
    wiring: Wiring, outputs: list[Value], d: Any, has_inputs: bool
) -> tuple[dict[int, float], float | None, dict[int, float]]:
    if d is None:
        return {}, None, {}
    if not has_inputs:
        raise SettingError("draw_network: d=, the desired output, needs x=, the inputs it is for")
    wanted = list(d) if isinstance(d, Iterable) else [d]
    if len(wanted) != len(outputs):
        raise ShapeError(
            f"draw_network: {len(outputs)} desired outputs are needed, one for each output, "
            f"d= has {len(wanted)}"
        )
    numbers = [each.data if isinstance(each, Value) else number(each) for each in wanted]
    P = functions.performance(numbers, outputs)
    neurons = {i: unit.stimulus for i, unit in enumerate(wiring.units) if unit.stimulus is not None}
    γ = gradients([P], list(neurons.values()))
    place = {unit.node: i for i, unit in enumerate(wiring.units)}
    desired = {place[z]: n for z, n in zip(outputs, numbers, strict=True) if z in place}
    return dict(zip(neurons, γ, strict=True)), P.data, desired
