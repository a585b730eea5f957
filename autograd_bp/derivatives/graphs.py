"""The part of a graph that matters to a derivative: the nodes between some inputs and some outputs.

Nothing here recurses.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp.errors import NotDifferentiableError
from autograd_bp.graph import topological_order
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, number_of

Edge = tuple[int, int]  # a parent's index in the region, and its position among the parents

# Leaves that a finished call made of plain numbers: nothing can be differentiated by them any more.
_retired: weakref.WeakSet[Value] = weakref.WeakSet()


def retire(leaves: Iterable[Value]) -> None:
    """Declare leaves to be constants from now on, for every other differentiation."""
    _retired.update(leaves)


def is_fixed(node: Value) -> bool:
    """True for a leaf that is a plain number: a constant, or a variable of a finished call."""
    if node.op is not None:
        return not node.parents  # an operation without inputs, such as an empty sum
    return node.is_constant or node in _retired


def depends_on_others(outputs: Iterable[Value], inputs: Iterable[Value]) -> bool:
    """True when the outputs also depend on leaves, not constants, that are not inputs."""
    seen = {id(node) for node in inputs}
    pending = [*outputs]
    while pending:
        node = pending.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        parents = node.parents
        if parents:
            pending.extend(parents)
        elif not is_fixed(node):
            return True
    return False


class Region:
    """The nodes that depend on an input and lead to an output, in recording order.

    Attributes:
        nodes: those nodes; an edge names a node by its index here.
        edges: for each node, its parents in the region and their positions among its parents.
        inputs: the index of each input, None for one that no output depends on.
        outputs: the index of each output, None for one that depends on no input.
    """

    def __init__(
        self, outputs: Sequence[Value], inputs: Sequence[Value], *, stop: bool = False
    ) -> None:
        index: dict[int, int] = {}
        place = index.get
        starts = {id(node) for node in inputs}
        self.nodes: list[Value] = []
        self.edges: list[list[Edge]] = []
        for node in topological_order(*outputs, stop=inputs if stop else ()):
            key = id(node)
            is_start = key in starts
            edges: list[Edge] = []
            if not (stop and is_start):
                for i, parent in enumerate(node.parents):
                    if (k := place(id(parent))) is not None:
                        edges.append((k, i))
            if edges or is_start:
                index[key] = len(self.nodes)
                self.nodes.append(node)
                self.edges.append(edges)
        self.inputs = [index.get(id(node)) for node in inputs]
        self.outputs = [index.get(id(node)) for node in outputs]


def refuse(op: Primitive) -> NotDifferentiableError:
    """The error for a derivative that would have to pass through this primitive."""
    return NotDifferentiableError(f"{op.name} cannot be differentiated: {op.refusal}")


def data(number: Any) -> float:
    """The float of a float or a Value."""
    return number_of(number) if isinstance(number, Value) else float(number)
