"""Names the nodes of a graph in text and in LaTeX."""

from __future__ import annotations

from collections.abc import Iterable

from autograd_bp.notation.maths import Maths
from autograd_bp.notation.names import identifier
from autograd_bp.notation.numbers import number
from autograd_bp.notation.text import clean
from autograd_bp.value import Value


def node_names(nodes: Iterable[Value]) -> dict[Value, str]:
    """A name for every node, unique: its label, its number for a constant, else v1, v2, ...

    A label that several nodes have is numbered: w, w′2, w′3.
    """
    names: dict[Value, str] = {}
    listed = list(nodes)
    taken = {node.label for node in listed}
    used: dict[str, int] = {}
    count = 0
    for node in listed:
        label = node.label
        if label:
            used[label] = used.get(label, 0) + 1
            names[node] = label if used[label] == 1 else f"{label}′{used[label]}"
        elif node.is_constant:
            names[node] = number(node.data)
        else:
            count += 1
            while f"v{count}" in taken:
                count += 1
            names[node] = f"v{count}"
    return names


def formula_name(name: str) -> Maths:
    """A unique name in a formula: w1 has an index, w′2 is the second w."""
    label, _, count = name.partition("′")
    if count.isdigit():
        return identifier(label, int(count), text=clean(name))
    return identifier(name, text=clean(name))
