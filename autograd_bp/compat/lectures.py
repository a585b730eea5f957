"""The functions with which the lectures look at a graph: its order, its edges, its picture."""

from __future__ import annotations

from typing import Any

from autograd_bp.value import Value


def _children(node: Value) -> tuple[Value, ...]:
    return getattr(node, "_children", node.parents)


def build_topo(root: Value) -> list[Value]:
    """Every node that `root` depends on, itself included, each after its children.

    No recursion: a graph may be of any depth.
    """
    order: list[Value] = []
    seen: set[Value] = set()
    pending: list[tuple[Value, bool]] = [(root, False)]
    while pending:
        node, is_done = pending.pop()
        if is_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            pending.append((node, True))
            pending += [(child, False) for child in reversed(_children(node))]
    return order


def trace(root: Value) -> tuple[set[Value], set[tuple[Value, Value]]]:
    """The nodes of a graph, and its edges from child to result, as two sets."""
    nodes = set(build_topo(root))
    return nodes, {(child, node) for node in nodes for child in _children(node)}


def draw_dot(root: Value, format: str = "svg", rankdir: str = "LR") -> Any:
    """The picture of a graph as the lectures draw it: a box for each number, an oval for each
    operation.

    Arguments:
        root: the output.
        format: what `graphviz` renders.
        rankdir: "LR" from left to right, "TB" from top to bottom.

    Returns: a `graphviz.Digraph`. Where the package graphviz is not installed, it is the drawing of
        this library, `autograd_bp.draw(root)`.

    Raises: DrawingError where there is nothing that can draw.
    """
    try:
        from graphviz import Digraph
    except ImportError:
        from autograd_bp.drawing import draw

        return draw(root)
    dot = Digraph(format=format, graph_attr={"rankdir": rankdir})
    # Numbered in topological order: the same graph gives the same text.
    names = {node: str(number) for number, node in enumerate(build_topo(root))}
    for node, name in names.items():
        label = f"{node.label} | " if node.label else ""
        gradient = 0.0 if node.grad is None else node.grad
        text = f"{{ {label}data {node.data:.4f} | grad {gradient:.4f} }}"
        dot.node(name, label=text, shape="record")
        op = getattr(node, "_op", node.op.name if node.op else "")
        if op:
            dot.node(name + op, label=op)
            dot.edge(name + op, name)
        for child in dict.fromkeys(_children(node)):
            dot.edge(names[child], name + op)
    return dot
