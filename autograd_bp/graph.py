"""Walks over a graph of Values: orders, unfolding, listings, copies, pickles.

Nothing here recurses, so a chain of ten million nodes is as safe as one of ten. Parents are
taken in order and with their multiplicity.
"""

from __future__ import annotations

import contextlib
import copy
import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from autograd_bp.backprop import order_of
from autograd_bp.core import is_native
from autograd_bp.entry import Primitive, is_registered
from autograd_bp.errors import NestedSweepError
from autograd_bp.value import Value, attributes_of, constant, kind, plain_class, restore

__all__ = ["leaves", "source", "topological_order", "unfold", "zero_grad"]


def topological_order(*outputs: Value, stop: Iterable[Value] = ()) -> list[Value]:
    """Every node that the outputs depend on, once, each after all its parents.

    The order is that of a depth-first search that takes parents from first to last, so the
    same graph gives the same order; backpropagation walks it backwards.

    Arguments:
        outputs: where the search starts.
        stop: nodes whose parents are not searched, even where such a node is an output. Those
            that the search meets are in the order.
    """
    if is_native():
        nodes, ends = [*outputs], [*stop]
        if all(isinstance(node, Value) for node in itertools.chain(nodes, ends)):
            with contextlib.suppress(NestedSweepError):  # asked for inside a sweep
                return order_of(nodes, ends)
        return searched(nodes, ends)
    return searched(outputs, stop)


def searched(outputs: Sequence[Value], stop: Iterable[Value]) -> list[Value]:
    """`topological_order` in plain Python, the reference of `order_of` in backprop.py."""
    order: list[Value] = []
    placed: set[int] = set()
    # A node is placed when it is visited again, after its parents; a node to stop at, at once.
    visited = {id(node) for node in stop}
    pending = [*reversed(outputs)]
    while pending:
        node = pending[-1]
        key = id(node)
        if key in placed:
            pending.pop()
        elif key in visited:
            placed.add(key)
            order.append(pending.pop())
        else:
            visited.add(key)
            parents = [p for p in reversed(node.parents) if id(p) not in placed]
            if parents:
                pending += parents
            else:
                placed.add(key)
                order.append(pending.pop())
    return order


def leaves(*outputs: Value) -> list[Value]:
    """The nodes without parents that the outputs depend on, in topological order."""
    return [node for node in topological_order(*outputs) if not node.parents]


def zero_grad(*outputs: Value) -> None:
    """Set to 0 the gradient of every node that the outputs depend on."""
    for node in topological_order(*outputs):
        node.grad = 0.0


def unfold(
    output: Value, only: Collection[str] | Callable[[Value], bool] | None = None
) -> tuple[Value, dict[Value, Value]]:
    """The same computation with its composites replaced by their definitions.

    Arguments:
        output: the node whose graph is unfolded; it is left as it is.
        only: the names of the composites to unfold, or a function that says of a node whether
            to unfold it; all of them when left out. What a definition is made of is unfolded
            in turn.

    Returns: the new output, and for every old node the new node that computes the same
        number. Leaves are the same objects in both, labels are kept.

    Raises: PrimitiveError when a definition cannot be applied.
    """
    unfolding = _Unfolding(_selector(only))
    new_output = unfolding.run(output)
    return new_output, {node: unfolding.new[node] for node in topological_order(output)}


def _selector(only: Collection[str] | Callable[[Value], bool] | None) -> Callable[[Value], bool]:
    """The function that says which composites to unfold."""
    if only is None:
        return lambda node: True
    if callable(only):
        return only
    names = frozenset(only)
    return lambda node: node.op is not None and node.op.name in names


class _Unfolding:
    """A walk that gives every node its replacement, parents first.

    Attributes:
        new: the replacement of each node that the walk has finished.
    """

    def __init__(self, is_selected: Callable[[Value], bool]) -> None:
        self._is_selected = is_selected
        self.new: dict[Value, Value] = {}
        # The nodes of a definition join the walk, because they may be unfolded in turn: this is
        # the last of them for each composite.
        self._expansions: dict[Value, Value] = {}

    def run(self, output: Value) -> Value:
        pending = [output]
        while pending:
            node = pending[-1]
            if node in self.new:
                pending.pop()
                continue
            needed = self._needed(node)
            if needed:
                pending += needed
            elif node in self._expansions:
                self._take_expansion(node)
            elif node.op is not None and node.op.definition is not None and self._is_selected(node):
                self._expand(node, node.op.definition)
            else:
                self.new[node] = self._copied(node)
        return self.new[output]

    def _needed(self, node: Value) -> list[Value]:
        """The nodes without a replacement that the node's own replacement is made of."""
        expansion = self._expansions.get(node)
        sources = reversed(node.parents) if expansion is None else (expansion,)
        return [source for source in sources if source not in self.new]

    def _expand(self, node: Value, definition: Callable[..., Any]) -> None:
        inputs = [self.new[parent] for parent in node.parents]
        for input in inputs:
            self.new.setdefault(input, input)
        expansion = definition(*inputs)
        self._expansions[node] = expansion if isinstance(expansion, Value) else Value(expansion)

    def _take_expansion(self, node: Value) -> None:
        result = self.new[self._expansions[node]]
        if node.label and not result.label and result.parents:
            result.label = node.label
        self.new[node] = result

    def _copied(self, node: Value) -> Value:
        """The node itself, or the same operation on the replacements of its parents."""
        inputs = [self.new[parent] for parent in node.parents]
        if node.op is None or all(a is b for a, b in zip(inputs, node.parents, strict=True)):
            return node
        result: Value = node.op(*inputs)
        result.label = node.label
        return result


def source(outputs: Iterable[Value]) -> list[str]:
    """The computation as lines of text, one operation each: `v3 = mul(w, x)`.

    Leaves go by their labels; nodes without a name are numbered in topological order.
    """
    names: dict[Value, str] = {}
    lines = []
    for number, node in enumerate(topological_order(*outputs)):
        op = node.op
        if op is None:
            names[node] = node.label or repr(node.data)
        else:
            names[node] = node.label or f"v{number}"
            inputs = ", ".join(names[parent] for parent in node.parents)
            lines.append(f"{names[node]} = {op.name}({inputs})")
    return lines


# ------------------------------------------------------------------- copies and pickles
def copy_node(node: Value) -> Value:
    """A second node with the same parents (for copy.copy); a leaf becomes a second leaf."""
    twin = _twin(node, node.parents)
    if attributes := attributes_of(node):
        twin.__dict__.update(attributes)
    return twin


def _twin(node: Value, parents: tuple[Value, ...]) -> Value:
    """The same operation on other parents, with the same numbers, name and class."""
    cls = plain_class(type(node))
    twin = restore(kind(node), node.data, _gradient(node), parents, node.partials, cls)
    twin.label = node.label
    return twin


def _gradient(node: Value) -> float:
    """The gradient of a node; 0 where a script for another engine has set it to None."""
    gradient: float | None = node.grad
    return 0.0 if gradient is None else gradient


def deep_copy(output: Value, memo: dict[int, Any]) -> Value:
    """A copy of the whole graph (for copy.deepcopy), in which shared nodes are shared."""
    for node in topological_order(output):
        if id(node) in memo:
            continue
        twin = _twin(node, tuple([memo[id(parent)] for parent in node.parents]))
        memo[id(node)] = twin
        # copy.deepcopy keeps the originals alive while their ids stand in the memo.
        memo.setdefault(id(memo), []).append(node)
        if attributes := attributes_of(node):
            twin.__dict__.update(copy.deepcopy(attributes, memo))
    copied: Value = memo[id(output)]
    return copied


def reduce(node: Value) -> tuple[Any, ...]:
    """How a node is pickled: its graph as a flat list, leaves as objects of their own.

    Pickling then does not recurse, and a parameter that two graphs share, or a graph and a
    network, is one object again when they are loaded from one pickle.
    """
    if node.op is None:
        return _reduce_leaf(node)
    order = topological_order(node)
    index = {id(item): i for i, item in enumerate(order)}
    flat: list[tuple[Any, ...]] = []
    for item in order:
        op = item.op
        if op is None:
            flat.append((item,))
        else:
            parents = tuple(index[id(parent)] for parent in item.parents)
            cls, attributes = plain_class(type(item)), attributes_of(item)
            more = () if cls is Value and not attributes else (cls, attributes)
            entry = op.name if is_registered(op) else op
            flat.append(
                (entry, item.data, _gradient(item), parents, item.partials, item.label, *more)
            )
    return _rebuild, (flat,)


def _rebuild(flat: list[tuple[Any, ...]]) -> Value:
    nodes: list[Value] = []
    for entry in flat:
        if len(entry) == 1:
            nodes.append(entry[0])
        else:
            op, data, grad, parents, partials, label, *more = entry
            cls, attributes = more or (Value, None)
            if isinstance(op, str):
                op = Primitive.named(op)
            inputs = tuple([nodes[i] for i in parents])
            nodes.append(restore(op.code, data, grad, inputs, partials, cls))
            nodes[-1].label = label
            if attributes:
                nodes[-1].__dict__.update(attributes)
    return nodes[-1]


def _reduce_leaf(node: Value) -> tuple[Any, ...]:
    arguments = (type(node), node.data, _gradient(node), node.label, node.is_constant)
    state = attributes_of(node)
    return (_leaf, arguments, state) if state else (_leaf, arguments)


def _leaf(cls: type[Value], data: float, grad: float, label: str, is_constant: bool) -> Value:
    code = kind(constant(data) if is_constant else Value(data))
    node = restore(code, data, grad, (), (), cls)
    node.label = label
    return node


def ops_used(*outputs: Value) -> list[Primitive]:
    """The primitives that made these graphs, in the order of the table."""
    ops = {node.op for node in topological_order(*outputs) if node.op is not None}
    return sorted(ops, key=lambda op: op.code)
