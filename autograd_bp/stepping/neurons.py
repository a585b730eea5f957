"""The network in a graph: its neurons in layers, where it computes a network on one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp.primitives import dot
from autograd_bp.value import Value

MAX_NEURONS = 2_000


def network(order: Sequence[Value]) -> dict[str, Any] | None:
    """The inputs and the layers of the network that a graph computes; None where it is none.

    A neuron is a dot product of weights, each of which is its own, with the inputs or with outputs
    of other neurons, and the activation after it.

    Arguments:
        order: the nodes of the graph, in topological order.

    Returns: `inputs`, the places of the inputs; `layers`, of each neuron the places of its `sum`,
        its output `out`, its `weights` and its `inputs`, without the bias weight and its -1.
    """
    users = _users(order)
    place = {node: i for i, node in enumerate(order)}
    depth_of: dict[Value, int] = {}  # of the output of a neuron
    inputs: dict[Value, None] = {}
    layers: dict[int, list[dict[str, Any]]] = {}
    for node in order:
        if node.op is not dot:
            continue
        pairs = _pairs(node)
        if not pairs or not all(_is_link(w, y, users, depth_of) for w, y in pairs):
            return None
        inputs.update((y, None) for _, y in pairs if not y.parents)
        out = _output(node, users)
        depth_of[out] = depth = 1 + max(depth_of.get(y, 0) for _, y in pairs)
        weights, read = ([place[each] for each in side] for side in zip(*pairs, strict=True))
        neuron = {"sum": place[node], "out": place[out], "weights": weights, "inputs": read}
        layers.setdefault(depth, []).append(neuron)
    if not inputs or len(depth_of) > MAX_NEURONS:
        return None
    return {
        "inputs": [place[x] for x in inputs],
        "layers": [layers[depth] for depth in sorted(layers)],
    }


def _users(order: Sequence[Value]) -> dict[Value, list[Value]]:
    users: dict[Value, list[Value]] = {}
    for node in order:
        for parent in node.parents:
            users.setdefault(parent, []).append(node)
    return users


def _pairs(node: Value) -> list[tuple[Value, Value]]:
    """The weights of a sum, each with its input, without the bias weight."""
    pairs = list(zip(*dot.operands.lists(node.parents), strict=True))
    if pairs and pairs[0][1].is_constant and pairs[0][1].data == -1.0:
        del pairs[0]
    return [(weight, read) for weight, read in pairs]


def _is_link(
    weight: Value,
    read: Value,
    users: Mapping[Value, Sequence[Value]],
    depth_of: Mapping[Value, int],
) -> bool:
    """Whether a weight of its own leads from an input or from another neuron."""
    is_own = not weight.parents and len(users[weight]) == 1
    return is_own and (not read.parents or read in depth_of)


def _output(node: Value, users: dict[Value, list[Value]]) -> Value:
    """The activation of a sum, or the sum itself where it has none."""
    after = users.get(node, [])
    if len(after) == 1 and len(after[0].parents) == 1:
        return after[0]
    return node
