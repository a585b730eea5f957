"""A Network, or a module of any wiring, as an ONNX model."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.contexts import no_branching, recording
from autograd_bp.errors import ModelError, ShapeError
from autograd_bp.exchange.onnx.functions import Functions
from autograd_bp.exchange.onnx.graph import Graph, saved
from autograd_bp.graph import topological_order
from autograd_bp.nn.layer import Layer
from autograd_bp.nn.module import Module
from autograd_bp.nn.network import Network, is_plain
from autograd_bp.nn.neuron import identity
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

__all__ = ["outputs_of", "to_onnx"]

MAX_NODES = 20_000  # of a wiring that is written value by value


def to_onnx(
    module: Module,
    path: str | os.PathLike[str] | None = None,
    *,
    inputs: int | None = None,
    dtype: str = "float64",
) -> Any:
    """The model; see `Module.to_onnx`."""
    graph = Graph(dtype)
    width = inputs
    if isinstance(module, Network):
        width = module.sizes[0]
    if isinstance(width, bool) or not isinstance(width, int) or width < 1:
        raise ShapeError(
            f"say how many inputs a row of a {type(module).__name__} has: to_onnx(inputs=...), a "
            f"whole number, got {inputs!r:.40}"
        )
    if inputs not in (None, width):
        raise ShapeError(f"the network has {width} inputs, got inputs={inputs}")
    z, count = outputs_of(graph, module, graph.input("x", width), width)
    graph.output("z", z, count)
    return saved(graph.model(type(module).__name__), path)


def outputs_of(graph: Graph, module: Module, x: str, width: int) -> tuple[str, int]:
    """Add a module to a graph.

    Arguments:
        graph: the graph.
        module: the module.
        x: the name of its inputs, (rows, width).
        width: their number.

    Returns: the name of its outputs, (rows, outputs), and their number.

    Raises: ModelError for what cannot be written as ONNX; BranchError where it compares Values;
        FrozenNumberError where another run of it would have other numbers.
    """
    row: list[Value] = []
    outputs: list[Value] = []
    if not is_plain(module):  # every run of a plain network is the same
        row, outputs = _recorded(module, width)
    if type(module) is Network and all(type(layer) is Layer for layer in module.layers):
        for layer in module.layers:
            x = _layer(graph, layer, x)
        return x, len(module.layers[-1].neurons)
    return _by_values(graph, row, outputs, x), len(outputs)


def _recorded(module: Module, width: int) -> tuple[list[Value], list[Value]]:
    """One run of a module: the Values of a row, and its outputs."""
    from autograd_bp import functions
    from autograd_bp.compiling.front.recording import Recording

    return Recording(module, width, functions.performance).wiring()


def _layer(graph: Graph, layer: Layer, x: str) -> str:
    """W x - w0 of all neurons in one product, and the activations; several where they differ."""
    import numpy as np

    neurons = layer.neurons
    weights = np.array([[w.data for w in neuron.weights] for neuron in neurons], dtype=float)
    bias = [0.0 if neuron.bias is None else neuron.bias.data for neuron in neurons]
    if not (np.isfinite(weights).all() and np.isfinite(bias).all()):
        raise ModelError("the network has a weight that is not finite: it cannot be exported")
    α = graph.node("MatMul", x, graph.array(weights.T))
    if any(neuron.bias is not None for neuron in neurons):
        α = graph.node("Sub", α, graph.array([bias]))
    activations = [neuron.activation for neuron in neurons]
    if all(activation is activations[0] for activation in activations):
        return _activated(graph, activations[0], α)
    columns = [
        _activated(graph, activation, _column(graph, α, j))
        for j, activation in enumerate(activations)
    ]
    return graph.node("Concat", *columns, axis=1)


def _activated(graph: Graph, activation: Callable[[Any], Any], α: str) -> str:
    """An activation of a tensor: a primitive, or a function of a Value that is recorded."""
    if activation is identity:
        return α
    functions = Functions(graph)
    if isinstance(activation, Primitive):
        return functions.apply_primitive(activation, [α])
    stimulus = Value(0.5, "α")
    with recording(), no_branching():
        output = activation(stimulus)
    if not isinstance(output, Value):
        raise ModelError(f"the activation returned {type(output).__name__}, and not a Value")
    return _Columns(functions, {id(stimulus): α}).written([output])[0]


def _by_values(graph: Graph, row: list[Value], outputs: list[Value], x: str) -> str:
    """The wiring of one run, value by value: each is a column of rows."""
    columns = {id(value): _column(graph, x, i) for i, value in enumerate(row)}
    names = _Columns(Functions(graph), columns).written(outputs)
    return graph.node("Concat", *names, axis=1)


class _Columns:
    """Writes Values as tensors.

    Arguments:
        functions: of the graph.
        columns: the tensors of Values that are known, by their identity.
    """

    def __init__(self, functions: Functions, columns: dict[int, str]) -> None:
        self._functions, self._names = functions, columns
        self._varying = set(columns)
        self._first = next(iter(columns.values()))

    def written(self, outputs: Sequence[Value]) -> list[str]:
        """The tensors of these Values, each as long as the columns."""
        order, graph = topological_order(*outputs), self._functions.graph
        if len(order) > MAX_NODES:
            raise ModelError(
                f"one run of the module is {len(order):,} operations, more than the "
                f"{MAX_NODES:,} that are written one by one: use a Network, or a smaller module"
            )
        for node in order:
            if id(node) in self._names:
                continue
            if node.op is None:
                self._names[id(node)] = graph.number(node.data)
                continue
            operands = [self._names[id(parent)] for parent in node.parents]
            self._names[id(node)] = self._functions.apply_primitive(node.op, operands)
            if any(id(parent) in self._varying for parent in node.parents):
                self._varying.add(id(node))
        return [self._as_column(output) for output in outputs]

    def _as_column(self, output: Value) -> str:
        """A number that no input reaches is repeated for all rows."""
        name, graph = self._names[id(output)], self._functions.graph
        if id(output) in self._varying:
            return name
        shape = graph.node("Shape", self._first)
        return graph.node("Expand", name, shape)


def _column(graph: Graph, x: str, i: int) -> str:
    import numpy as np

    return graph.node("Gather", x, graph.array([i], np.int64), axis=1)
