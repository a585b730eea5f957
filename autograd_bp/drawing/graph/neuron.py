"""Parts of a graph to draw: one neuron with the path to its performance, and the graph with its
composites unfolded, gradients included.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp import graph
from autograd_bp.errors import DrawingError, NotDifferentiableError, SettingError
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

STIMULUS = ("dot", "sum")  # the operations that add up what a neuron receives


@dataclass(frozen=True)
class NeuronPart:
    """The part of a graph that belongs to the picture of a neuron.

    Attributes:
        path: the nodes from its output to the performance.
        inside: everything that is drawn as an operation.
        stops: the nodes at which the drawing ends.
        names: the letters for nodes that have no label.
    """

    path: frozenset[Value]
    inside: frozenset[Value]
    stops: frozenset[Value]
    names: dict[Value, str]


def neuron(output: Value, to: Value) -> NeuronPart:
    """The neuron that gives `output`. Raises DrawingError when `to` does not depend on it."""
    path = _between(output, to)
    own, stimuli = _own_operations(output)
    inside = path | own
    stops = frozenset(
        parent
        for node in inside
        for parent in node.parents
        if parent not in inside and parent.parents
    )
    names: dict[Value, str] = {}
    if len(stimuli) == 1:
        _name_stimulus(stimuli[0], names)
    for node in path:
        if node.op is not None and node.op.name == "performance":
            desired, outputs = node.op.operands.lists(node.parents)
            _name_performance(desired, outputs, names)
    nameless = {node: name for node, name in names.items() if not node.label}
    return NeuronPart(path, frozenset(inside), stops, nameless)


def _own_operations(output: Value) -> tuple[set[Value], list[Value]]:
    """The operations of a neuron, from its stimulus to its output, and its stimuli among them."""
    own: set[Value] = set()
    stimuli = []
    pending = [output]
    while pending:
        node = pending.pop()
        if node in own or node.op is None:
            continue
        own.add(node)
        if node.op.name in STIMULUS:
            stimuli.append(node)
        else:
            pending.extend(node.parents)
    return own, stimuli


def _between(first: Value, last: Value) -> frozenset[Value]:
    """The nodes on the paths from `first` to `last`, both included."""
    nodes = {first}
    if first is not last:
        for node in graph.topological_order(last):
            if any(parent in nodes for parent in node.parents):
                nodes.add(node)
        if last not in nodes:
            raise DrawingError(
                "draw_neuron: the value given as to= does not depend on the neuron's output; "
                "give the performance that was computed from it"
            )
    return frozenset(nodes)


def _name_stimulus(node: Value, names: dict[Value, str]) -> None:
    """The letters of the post: α = Σ w x, where an x that is an output is called y."""
    names[node] = "α"
    if node.op is None or node.op.name != "dot":
        return
    weights, inputs = node.op.operands.lists(node.parents)
    if sum(w.label != "" for w in weights) < sum(x.label != "" for x in inputs):
        weights, inputs = inputs, weights
    has_bias = bool(inputs) and inputs[0].is_constant and inputs[0].data == -1.0
    for i, (w, x) in enumerate(zip(weights, inputs, strict=True), start=0 if has_bias else 1):
        if not w.is_constant:
            names.setdefault(w, f"w{i}")
        if i:
            names.setdefault(x, f"x{i}" if x.op is None else f"y{i}")


def _name_performance(
    desired: Sequence[Value], outputs: Sequence[Value], names: dict[Value, str]
) -> None:
    for i, (d, z) in enumerate(zip(desired, outputs, strict=True), start=1):
        index = str(i) if len(outputs) > 1 else ""
        names.setdefault(d, f"d{index}")
        names.setdefault(z, f"z{index}")


def composites(unfold: bool | str | Collection[str]) -> list[str] | None:
    """The names of the composites to unfold; None for all.

    Raises: PrimitiveError for a name that is not in the table; SettingError for one that
        has no definition.
    """
    if unfold is True:
        return None
    if unfold is False or unfold is None:
        return []
    is_list = isinstance(unfold, Collection) and not isinstance(unfold, (bytes, Mapping))
    names: list[Any] = list(unfold) if is_list and not isinstance(unfold, str) else [unfold]
    for name in names:
        if not isinstance(name, str):
            raise SettingError(
                "unfold is True, False, or names of operations, such as 'sigmoid', got "
                f"{unfold!r:.60}"
            )
        if Primitive.named(name).definition is None:
            raise SettingError(f"unfold: {name!r} is a primitive, there is nothing to unfold")
    return names


def unfolded(
    output: Value, only: Collection[str] | None
) -> tuple[Value, dict[Value, Value], dict[Value, float]]:
    """The unfolded graph, the node that stands for each old node, and the gradients.

    The gradients of the old nodes are what they were. Nodes that only the definitions have get
    theirs from a sweep, after which every old gradient is put back: leaves belong to both graphs.
    """
    before = {node: node.grad for node in graph.topological_order(output)}
    new, twin = graph.unfold(output, only)
    grads: dict[Value, float] = {}
    if any(grad != 0.0 for grad in before.values()):
        try:
            new.backward(before[output])
        except NotDifferentiableError:
            pass  # as in the graph as it was: nodes before a threshold have no gradient
        finally:
            grads = {node: node.grad for node in graph.topological_order(new)}
            for node, grad in before.items():
                node.grad = grad
        for node, grad in before.items():
            grads[twin[node]] = grad
    return new, twin, grads


def all_unfolded(
    outputs: Sequence[Value], only: Collection[str] | None, grads: dict[Value, float]
) -> tuple[tuple[Value, ...], dict[Value, Value], dict[Value, float]]:
    """As `unfolded`, for several outputs.

    Raises: SettingError where they share values, which would be drawn once for each output.
    """
    if len(outputs) == 1:
        new, twin, swept = unfolded(outputs[0], only)
        return (new,), twin, {**swept, **{twin[n]: grad for n, grad in grads.items() if n in twin}}
    raise SettingError("unfold takes one output: draw each of a list by itself")
