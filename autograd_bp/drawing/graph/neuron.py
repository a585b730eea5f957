"""Parts of a graph to draw: one neuron with the way to its performance, and the graph with its
composites unfolded, gradients included.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from autograd_bp import graph
from autograd_bp.errors import DrawingError, NotDifferentiableError, SettingError
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

STIMULUS = ("dot", "sum")  # the operations that add up what a neuron receives


@dataclass(frozen=True)
class Neuron:
    """What belongs to the picture of a neuron: `path` from its output to the performance,
    everything drawn as an operation (`inside`), where the drawing ends, names for the rest.
    """

    path: frozenset[Value]
    inside: frozenset[Value]
    stops: frozenset[Value]
    names: dict[Value, str]


def neuron(output: Value, to: Value) -> Neuron:
    """The neuron that gives `output`. Raises DrawingError when `to` does not depend on it."""
    path = _between(output, to)
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
            _name_performance(node, names)
    return Neuron(path, frozenset(inside), stops, {n: s for n, s in names.items() if not n.label})


def _between(first: Value, last: Value) -> frozenset[Value]:
    """The nodes on the ways from `first` to `last`, both included."""
    found = {first}
    if first is not last:
        for node in graph.topological_order(last):
            if any(parent in found for parent in node.parents):
                found.add(node)
        if last not in found:
            raise DrawingError(
                "draw_neuron: the value given as to= does not depend on the neuron's output; "
                "give the performance that was computed from it"
            )
    return frozenset(found)


def _name_stimulus(node: Value, names: dict[Value, str]) -> None:
    """The letters of the post: α = Σ w x, where an x that is an output is called y."""
    names[node] = "α"
    if node.op is None or node.op.name != "dot":
        return
    half = len(node.parents) // 2
    weights, inputs = node.parents[:half], node.parents[half : 2 * half]
    if sum(w.label != "" for w in weights) < sum(x.label != "" for x in inputs):
        weights, inputs = inputs, weights
    has_bias = bool(inputs) and inputs[0].is_constant and inputs[0].data == -1.0
    for i, (w, x) in enumerate(zip(weights, inputs, strict=True), start=0 if has_bias else 1):
        if not w.is_constant:
            names.setdefault(w, f"w{i}")
        if i:
            names.setdefault(x, f"x{i}" if x.op is None else f"y{i}")


def _name_performance(node: Value, names: dict[Value, str]) -> None:
    half = len(node.parents) // 2
    for i in range(half):
        index = str(i + 1) if half > 1 else ""
        names.setdefault(node.parents[i], f"d{index}")
        names.setdefault(node.parents[half + i], f"z{index}")


def composites(unfold: bool | str | Collection[str]) -> list[str] | None:
    """The names of the composites to unfold; None for all.

    Raises: PrimitiveError for a name that is not in the table; SettingError for a row that has
        no definition.
    """
    if unfold is True:
        return None
    names = [unfold] if isinstance(unfold, str) else list(unfold or ())
    for name in names:
        if Primitive.named(name).definition is None:
            raise SettingError(f"unfold: {name!r} is a primitive, there is nothing to unfold")
    return names


def unfolded(
    output: Value, only: Collection[str] | None
) -> tuple[Value, dict[Value, Value], dict[Value, float]]:
    """The unfolded graph, the node that stands for each old node, and the gradients.

    The old nodes' gradients are what they were; nodes that only the definitions have get
    theirs from a sweep whose traces are removed, since leaves belong to both graphs.
    """
    before = {node: node.grad for node in graph.topological_order(output)}
    new, twin = graph.unfold(output, only)
    grads: dict[Value, float] = {}
    if any(grad != 0.0 for grad in before.values()):
        try:
            new.backward(before[output])
        except NotDifferentiableError:
            pass  # as for the graph as it was: what lies behind has no gradient
        finally:
            grads = {node: node.grad for node in graph.topological_order(new)}
            for node, grad in before.items():
                node.grad = grad
        for node, grad in before.items():
            grads[twin[node]] = grad
    return new, twin, grads
