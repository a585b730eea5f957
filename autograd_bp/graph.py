"""Walks over a graph of Values: orders, counts, copies, pickles, unfolding.

Nothing here recurses, so a chain of ten million nodes is as safe as one of ten. Parents are
taken in order and with their multiplicity.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any

from autograd_bp.primitives import TABLE, Primitive
from autograd_bp.value import Value, constant, kind, restore

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
    if only is None:
        wanted: Callable[[Value], bool] = lambda node: True  # noqa: E731
    elif callable(only):
        wanted = only
    else:
        names = frozenset(only)
        wanted = lambda node: node.op is not None and node.op.name in names  # noqa: E731

    new: dict[Value, Value] = {}
    # A definition is expanded in place: its nodes join the walk, and what they are made of
    # may be unfolded again. `alias` says which node of the expansion stands for the composite.
    alias: dict[Value, Value] = {}
    pending = [output]
    keep: list[Value] = []  # nodes of expansions live as long as the walk
    while pending:
        node = pending[-1]
        if node in new:
            pending.pop()
            continue
        if node in alias:
            inner = alias[node]
            if inner in new:
                result = new[inner]
                if node.label and not result.label and result.parents:
                    result.label = node.label
                new[node] = result
                pending.pop()
            else:
                pending.append(inner)
            continue
        waiting = [parent for parent in reversed(node.parents) if parent not in new]
        if waiting:
            pending.extend(waiting)
            continue
        row = node.op
        if row is None:
            new[node] = node
        elif row.definition is not None and wanted(node):
            expansion = row.definition(*(new[parent] for parent in node.parents))
            if not isinstance(expansion, Value):
                expansion = Value(expansion)
            for parent in node.parents:
                new.setdefault(new[parent], new[parent])
            alias[node] = expansion
            keep.append(expansion)
            continue
        elif all(new[parent] is parent for parent in node.parents):
            new[node] = node
        else:
            made = row(*(new[parent] for parent in node.parents))
            made.label = node.label
            new[node] = made
        pending.pop()
    return new[output], {node: new[node] for node in topological_order(output)}


def source(outputs: Iterable[Value]) -> list[str]:
    """The computation as lines of text, one operation each: `v3 = mul(w, x)`.

    Leaves go by their labels; nodes without a name are numbered in topological order.
    """
    names: dict[Value, str] = {}
    lines = []
    for number, node in enumerate(topological_order(*outputs)):
        row = node.op
        if row is None:
            names[node] = node.label or repr(node.data)
        else:
            names[node] = node.label or f"v{number}"
            inputs = ", ".join(names[parent] for parent in node.parents)
            lines.append(f"{names[node]} = {row.name}({inputs})")
    return lines


# ------------------------------------------------------------------- copies and pickles
def copy_node(node: Value) -> Value:
    """A second node with the same parents (for copy.copy); a leaf becomes a second leaf."""
    if node.op is None and not node.is_constant:
        return _copy_leaf(node)
    twin = restore(kind(node), node.data, node.grad, node.parents, node.partials)
    twin.label = node.label
    return twin


def _copy_leaf(node: Value) -> Value:
    make, arguments, *state = _reduce_leaf(node)
    twin: Value = make(*arguments)
    if state:
        twin.__dict__.update(state[0])
    return twin


def deep_copy(output: Value, memo: dict[int, Any]) -> Value:
    """The whole graph again (for copy.deepcopy): what is shared stays shared."""
    for node in topological_order(output):
        if id(node) in memo:
            continue
        if node.op is None:
            twin = _copy_leaf(node)
        else:
            parents = tuple([memo[id(parent)] for parent in node.parents])
            twin = restore(kind(node), node.data, node.grad, parents, node.partials)
            twin.label = node.label
        memo[id(node)] = twin
        # copy.deepcopy keeps the originals alive while their ids stand in the memo.
        memo.setdefault(id(memo), []).append(node)
    copied: Value = memo[id(output)]
    return copied


def reduce(node: Value) -> tuple[Any, ...]:
    """How a node is pickled: its graph as flat lists, leaves as objects of their own.

    So depth does not matter, and a parameter that stands in two pickled graphs, or in a graph
    and in a network, is one object again when it is loaded.
    """
    if node.op is None:
        return _reduce_leaf(node)
    order = topological_order(node)
    index = {id(each): i for i, each in enumerate(order)}
    flat: list[tuple[Any, ...]] = []
    for each in order:
        row = each.op
        if row is None:
            flat.append((each,))
        else:
            parents = tuple(index[id(parent)] for parent in each.parents)
            flat.append((row.name, each.data, each.grad, parents, each.partials, each.label))
    return _rebuild, (flat,)


def _rebuild(flat: list[tuple[Any, ...]]) -> Value:
    nodes: list[Value] = []
    for entry in flat:
        if len(entry) == 1:
            nodes.append(entry[0])
        else:
            name, data, grad, parents, partials, label = entry
            code = Primitive.named(name).code
            nodes.append(restore(code, data, grad, tuple([nodes[i] for i in parents]), partials))
            nodes[-1].label = label
    return nodes[-1]


def _reduce_leaf(node: Value) -> tuple[Any, ...]:
    arguments = (type(node), node.data, node.grad, node.label, node.is_constant)
    state = getattr(node, "__dict__", None)
    return (_leaf, arguments, state) if state else (_leaf, arguments)


def _leaf(cls: type[Value], data: float, grad: float, label: str, is_constant: bool) -> Value:
    if is_constant:
        node = constant(data)
        node.grad = grad
        return node
    node = cls.__new__(cls)
    Value.__init__(node, data, label)
    node.grad = grad
    return node


def rows_used(*outputs: Value) -> list[Primitive]:
    """The rows of the table that made these graphs, in the order of the table."""
    used = {node.op.code for node in topological_order(*outputs) if node.op is not None}
    return [TABLE[code] for code in sorted(used)]
