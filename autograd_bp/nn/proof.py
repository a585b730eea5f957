"""prove: every γ and every Δw that people derive by hand, compared with autodiff.

The hand side is `gamma`, on plain floats; the other side is a sweep through the recorded
graph, which knows only the rules of the table of primitives.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import Any

from autograd_bp import functions, graph
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.nn import gamma
from autograd_bp.nn.gamma import Weights
from autograd_bp.nn.network import Network, Trace
from autograd_bp.nn.report import Proof, Row
from autograd_bp.nn.rounding import spread
from autograd_bp.primitives import number
from autograd_bp.value import Value

__all__ = ["prove"]

TOLERANCE = 4.0

_COVERS = "the hand-derived formulas cover a Network of layers of sigmoid neurons"


def prove(
    network: Network,
    x: Iterable[Any],
    d: Any,
    rate: float = 1.0,
    *,
    unfold: bool = False,
    tolerance: float = TOLERANCE,
) -> Proof:
    """Compare the hand-derived γ and Δw of every neuron and weight with autodiff.

    Arguments:
        network: a Network of sigmoid neurons, of any depth and width, with or without bias.
        x: a row of inputs.
        d: the desired outputs; a number for a network of one output.
        rate: δ in Δw = δ y γ.
        unfold: sweep through the graph with every composite replaced by its definition, the
            sigmoid by 1 / (1 + e^-α), P by its differences and squares.
        tolerance: how many units a difference may have: units in the last place of the
            numbers compared, where both sides round alike and 0 is expected; unfolded, where
            they do not, units of the rounding that their steps add up to (nn/rounding.py).

    Returns: a report, with `.ok`, `.max_ulps` and `.rows`, that prints as a table. Gradients
        of the parameters are left as they were.

    Raises: SettingError when the formulas do not cover the network, or a setting is outside
        its range; ShapeError when x or d has the wrong length.

    Example:
        >>> from autograd_bp.nn import Network, prove
        >>> report = prove(Network([2, 3, 1], seed=0), [0.0, 1.0], [1.0])
        >>> report.ok, report.max_ulps
        (True, 0.0)
    """
    δ = _positive("rate", rate)
    limit = _positive("tolerance", tolerance)
    _refuse_other_networks(network)
    inputs = [_plain(value) for value in x]
    trace = network.trace(inputs)
    _refuse_other_graphs(trace)
    desired = [_plain(value) for value in (d if _is_row(d) else [d])]
    if len(desired) != network.sizes[-1]:
        raise ShapeError(
            f"the network has {network.sizes[-1]} outputs, got {len(desired)} desired numbers"
        )
    layers = [
        [
            Weights(None if n.bias is None else n.bias.data, [w.data for w in n.weights])
            for n in layer.neurons
        ]
        for layer in network.layers
    ]
    y = gamma.outputs(layers, inputs)
    γ = gamma.gammas(layers, y, desired)
    Δw = gamma.changes(layers, y, γ, δ)
    sweep = _sweep(network, trace, desired, δ, unfold)
    if unfold:
        scales = spread(layers, y, γ, desired, δ)
        units: Iterator[float] = _in_order(scales.y, scales.γ, scales.Δw)
    else:
        units = iter(lambda: 0.0, None)
    rows = [
        Row(*name, by_hand, autodiff, difference(by_hand, autodiff, unit))
        for name, by_hand, autodiff, unit in zip(
            _names(layers), _in_order(y, γ, Δw), sweep, units, strict=False
        )
    ]
    return Proof(tuple(rows), network.sizes, δ, limit, unfold)


def difference(by_hand: float, autodiff: float, scale: float = 0.0) -> float:
    """|by_hand - autodiff| in units in the last place: of the larger of the two, or, where a
    scale of rounding is given, of that. Infinite where one is NaN.
    """
    if by_hand == autodiff:
        return 0.0
    distance = abs(by_hand - autodiff)
    if not math.isfinite(distance):
        return math.inf
    if scale > 0.0:
        return distance / scale * 2.0**52
    return distance / math.ulp(max(abs(by_hand), abs(autodiff)))


def _sweep(
    network: Network, trace: list[Trace], d: list[float], δ: float, unfold: bool
) -> list[float]:
    """The numbers of autodiff, in the order of the rows."""
    P = functions.performance(d, trace[-1].outputs)
    twins: dict[Value, Value] = {}
    if unfold:
        P, twins = graph.unfold(P)
    gradients = [(parameter, parameter.grad) for parameter in graph.leaves(P)]
    try:
        P.backward(accumulate=False)
        γ = [[twins.get(α, α).grad for α in stimuli] for stimuli, _ in trace]
        Δw = [
            [
                Weights(
                    None if n.bias is None else δ * n.bias.grad, [δ * w.grad for w in n.weights]
                )
                for n in layer.neurons
            ]
            for layer in network.layers
        ]
    finally:
        for parameter, grad in gradients:
            parameter.grad = grad
    y = [[], *([twins.get(out, out).data for out in outputs] for _, outputs in trace)]
    return list(_in_order(y, γ, Δw))


def _in_order(
    y: list[list[float]], γ: list[list[float]], Δw: list[list[Weights]]
) -> Iterator[float]:
    """One after the other as they are derived: outputs forward, then γ and Δw backward."""
    for outs in y[1:]:
        yield from outs
    for layer_γ, layer_Δw in zip(reversed(γ), reversed(Δw), strict=True):
        for g, change in zip(layer_γ, layer_Δw, strict=True):
            yield g
            if change.bias is not None:
                yield change.bias
            yield from change.inputs


def _names(layers: list[list[Weights]]) -> Iterator[tuple[str, int, int, int | None]]:
    """The kind, layer, neuron and weight of each row; layers and neurons count from 1."""
    for number_, layer in enumerate(layers, 1):
        for j in range(1, len(layer) + 1):
            yield "y", number_, j, None
    for number_, layer in reversed(list(enumerate(layers, 1))):
        for j, neuron in enumerate(layer, 1):
            yield "γ", number_, j, None
            for i in range(neuron.bias is None, len(neuron.inputs) + 1):
                yield "Δw", number_, j, i


def _refuse_other_networks(network: Any) -> None:
    if not isinstance(network, Network) or type(network).__call__ is not Network.__call__:
        raise SettingError(
            f"{_COVERS}, fed by the layer before and nothing else; got "
            f"{type(network).__name__}, a wiring of its own: check it with numerical gradients"
        )
    weights = [
        weight
        for layer in network.layers
        for neuron in layer.neurons
        for weight in (neuron.bias, *neuron.weights)
        if weight is not None
    ]
    if len(set(weights)) < len(weights) or any(weight.parents for weight in weights):
        raise SettingError(
            f"{_COVERS}, each with weights of its own; this one has shared or computed weights"
        )


def _refuse_other_graphs(trace: list[Trace]) -> None:
    for number_, (stimuli, outputs) in enumerate(trace, 1):
        for j, (α, y) in enumerate(zip(stimuli, outputs, strict=True), 1):
            if not α.parents:
                raise SettingError(
                    "prove needs the graph of the network: call it outside no_recording()"
                )
            if y.op is None or y.op.name != "sigmoid" or y.parents != (α,):
                other = "another activation" if y.op is None or y is α else y.op.name
                raise SettingError(
                    f"{_COVERS}; neuron {j} of layer {number_} has {other}: give it the "
                    "activation sigmoid, or check it with numerical gradients"
                )


def _is_row(d: Any) -> bool:
    return not isinstance(d, Value) and isinstance(d, Iterable)


def _plain(value: Any) -> float:
    return value.data if isinstance(value, Value) else number(value)


def _positive(what: str, setting: Any) -> float:
    plain = math.nan if isinstance(setting, (bool, str)) else number(setting)
    if not 0.0 < plain < math.inf:
        raise SettingError(f"{what} is a number above 0, got {setting!r:.60}")
    return plain
