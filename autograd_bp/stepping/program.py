"""A graph as plain data for the page: what each value is, what it was made of, its formulas and
its γ's."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp.drawing.output import text
from autograd_bp.drawing.output.theme import BINS
from autograd_bp.graph import topological_order
from autograd_bp.primitives import dot, performance, sigmoid
from autograd_bp.stepping import neurons
from autograd_bp.stepping.folds import folds
from autograd_bp.stepping.formulas import templates
from autograd_bp.stepping.functions import page_name
from autograd_bp.value import Value

Data = dict[str, Any]
MAX_UNFOLDED, MAX_EDGES = 100, 90  # values, each of which has a card, and what they read
WEIGHT = re.compile(r"[wWbθ](\d|[₀-₉]|\[|_|$)|weight|bias")  # names of weights


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
    net = neurons.network(order)
    edges = sum(len(node.parents) for node in order)
    is_large = len(order) > MAX_UNFOLDED or edges > MAX_EDGES
    return {
        "nodes": [_node(node, position, shown[node]) for node in order],
        "formulas": templates(order),
        "gammas": _gammas(order, position),
        "history": _history(position, parameters, history),
        "parameters": _parameters(position, parameters, shown),
        "network": net,
        "folds": folds(order, net["layers"] if net else ()).as_data() if is_large else None,
        "bins": list(BINS),
    }


def finite(x: float) -> float | str:
    """The number, or its name in JavaScript where JSON has none for it."""
    if math.isfinite(x):
        return x
    return "NaN" if x != x else "Infinity" if x > 0.0 else "-Infinity"


def _parameters(
    position: Mapping[Value, int], parameters: Sequence[Value], shown: Mapping[Value, str]
) -> list[int]:
    """The leaves that a step of learning moves: the parameters or, where none are given, those that
    are called like weights."""
    leaves = [node for node in position if not node.parents and not node.is_constant]
    known = set(parameters)
    if known:
        return [position[node] for node in leaves if node in known]
    return [position[node] for node in leaves if WEIGHT.match(shown[node])]


def _history(
    position: Mapping[Value, int],
    parameters: Sequence[Value],
    history: Sequence[Sequence[float]],
) -> Data:
    used = [k for k, w in enumerate(parameters) if w in position and not w.parents]
    return {
        "leaves": [position[parameters[k]] for k in used],
        "rows": [[finite(stage[k]) for k in used] for stage in history],
    }


def _node(node: Value, position: Mapping[Value, int], name: str) -> Data:
    op = node.op
    kind = "operation" if op is not None else "constant" if node.is_constant else "leaf"
    return {
        "name": name,
        "kind": kind,
        "op": page_name(op) if op is not None else "",
        "symbol": op.symbol if op is not None else "",
        "value": finite(node.data),
        "parents": [position[parent] for parent in node.parents],
        "partials": [finite(partial) for partial in node.partials],
        "gate": op is not None and op.gate,
    }


def _names(order: Sequence[Value], output: Value, names: Mapping[Value, str]) -> dict[Value, str]:
    """A name for every value; a constant without one goes by its number."""
    shown = {}
    for i, node in enumerate(order):
        name = text.name(node.label or names.get(node, ""))
        if not name and node.is_constant:
            name = text.number(node.data)
        if not name and node is output and node.op is performance:
            name = "P"
        shown[node] = name or text.name(f"v{i}")
    return shown


def _gammas(order: Sequence[Value], position: Mapping[Value, int]) -> list[Data]:
    """The neurons whose ∂P/∂α is one of the two formulas for γ: sigmoid neurons that feed
    either a performance alone, or other sigmoid neurons alone.
    """
    users: dict[Value, list[tuple[Value, int]]] = {}
    for node in order:
        for k, parent in enumerate(node.parents):
            users.setdefault(parent, []).append((node, k))
    gammas: list[Data] = []
    for node in order:
        if node.op is not sigmoid:
            continue
        uses = users.get(node, [])
        alpha = node.parents[0]
        neuron = {
            "node": position[node],
            "alpha": position[alpha],
            "inputs": _weighted_inputs(alpha, position),
        }
        if len(uses) == 1 and uses[0][0].op is performance and uses[0][0] is order[-1]:
            desired = _desired(*uses[0])
            if desired is not None:
                gammas.append({**neuron, "desired": position[desired], "next": []})
        elif uses and all(_feeds_neuron(user, k, users) for user, k in uses):
            weights = [[position[user], position[_partner(user, k)]] for user, k in uses]
            gammas.append({**neuron, "desired": None, "next": weights})
    return gammas


def _weighted_inputs(alpha: Value, position: Mapping[Value, int]) -> list[list[int]]:
    """The weights of a stimulus, each with its input; none where it is no sum of products."""
    if alpha.op is not dot:
        return []
    weights, inputs = dot.operands.lists(alpha.parents)
    return [[position[w], position[y]] for w, y in zip(weights, inputs, strict=True)]


def _desired(node: Value, k: int) -> Value | None:
    """The desired value for the k-th input of a performance; None where that is desired itself."""
    count = len(node.parents)
    _, outputs = performance.operands.lists(range(count))
    return _partner(node, k) if k in outputs else None


def _partner(node: Value, k: int) -> Value:
    """The input that the k-th is multiplied with, or compared with."""
    assert node.op is not None
    place = node.op.operands.partner(k, len(node.parents))
    assert place is not None
    return node.parents[place]


def _feeds_neuron(node: Value, k: int, users: Mapping[Value, list[tuple[Value, int]]]) -> bool:
    """Whether the k-th input of a node is that of a sigmoid neuron, with a weight."""
    after = users.get(node, [])
    return (
        node.op is dot
        and dot.operands.partner(k, len(node.parents)) is not None
        and len(after) == 1
        and after[0][0].op is sigmoid
    )
