"""A graph as plain data for the page: what each value is, what it was made of, the γ's."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp.drawing.output import text
from autograd_bp.graph import topological_order
from autograd_bp.value import Value

Data = dict[str, Any]


def program(
    output: Value,
    names: Mapping[Value, str],
    parameters: Sequence[Value] = (),
    history: Sequence[Sequence[float]] = (),
) -> Data:
    """The computation as a list of nodes, each after all that it depends on; and what the
    parameters were at each stage of a training.
    """
    order = topological_order(output)
    position = {node: i for i, node in enumerate(order)}
    shown = _names(order, output, names)
    return {
        "nodes": [_node(node, position, shown[node]) for node in order],
        "gammas": _gammas(order, position),
        "history": _history(position, parameters, history),
    }


def finite(x: float) -> float | str:
    """The number, or its name in JavaScript where JSON has none for it."""
    if math.isfinite(x):
        return x
    return "NaN" if x != x else "Infinity" if x > 0.0 else "-Infinity"


def _history(
    position: Mapping[Value, int],
    parameters: Sequence[Value],
    history: Sequence[Sequence[float]],
) -> Data:
    used = [k for k, each in enumerate(parameters) if each in position and not each.parents]
    return {
        "leaves": [position[parameters[k]] for k in used],
        "rows": [[finite(row[k]) for k in used] for row in history],
    }


def _node(node: Value, position: Mapping[Value, int], name: str) -> Data:
    row = node.op
    kind = "operation" if row is not None else "constant" if node.is_constant else "leaf"
    return {
        "name": name,
        "kind": kind,
        "op": row.name if row is not None else "",
        "symbol": row.symbol if row is not None else "",
        "value": finite(node.data),
        "parents": [position[parent] for parent in node.parents],
        "partials": [finite(partial) for partial in node.partials],
        "gate": row is not None and row.gate,
    }


def _names(order: Sequence[Value], output: Value, names: Mapping[Value, str]) -> dict[Value, str]:
    """A name for every value; a constant without one goes by its number."""
    found = {}
    for i, node in enumerate(order):
        name = text.name(node.label or names.get(node, ""))
        if not name and node.is_constant:
            name = text.number(node.data)
        if not name and node is output and node.op is not None and node.op.name == "performance":
            name = "P"
        found[node] = name or text.name(f"v{i}")
    return found


def _gammas(order: Sequence[Value], position: Mapping[Value, int]) -> list[Data]:
    """The neurons whose ∂P/∂α is one of the two formulas for γ: sigmoid neurons that feed
    either a performance alone, or other sigmoid neurons alone.
    """
    users: dict[Value, list[tuple[Value, int]]] = {}
    for node in order:
        for k, parent in enumerate(node.parents):
            users.setdefault(parent, []).append((node, k))
    found: list[Data] = []
    for node in order:
        if _op(node) != "sigmoid":
            continue
        uses = users.get(node, [])
        entry = {"node": position[node], "alpha": position[node.parents[0]]}
        if len(uses) == 1 and _op(uses[0][0]) == "performance" and uses[0][0] is order[-1]:
            last, k = uses[0]
            half = len(last.parents) // 2
            if k >= half:
                found.append({**entry, "desired": position[last.parents[k - half]], "next": []})
        elif uses and all(_feeds_neuron(user, k, users) for user, k in uses):
            weights = [
                [position[user], position[user.parents[_partner(user, k)]]] for user, k in uses
            ]
            found.append({**entry, "desired": None, "next": weights})
    return found


def _op(node: Value) -> str:
    return node.op.name if node.op is not None else ""


def _partner(node: Value, k: int) -> int:
    """The place of what the k-th input of a sum of products is multiplied with."""
    half = len(node.parents) // 2
    return k + half if k < half else k - half


def _feeds_neuron(node: Value, k: int, users: Mapping[Value, list[tuple[Value, int]]]) -> bool:
    after = users.get(node, [])
    return (
        _op(node) == "dot"
        and k < 2 * (len(node.parents) // 2)
        and len(after) == 1
        and _op(after[0][0]) == "sigmoid"
    )
