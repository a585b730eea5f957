"""Reads facts from the numbers of a graph beyond its cards: gradients from elsewhere, where NaN
began."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from autograd_bp.drawing.graph.scene import View
from autograd_bp.value import Value

TOLERANCE = 1e-9  # of the sum of the sizes that were added: what rounding may do


@dataclass(frozen=True)
class Facts:
    """The facts that the numbers show.

    Attributes:
        earlier: for a leaf, the part of its gradient that is not from this graph's sweep.
        began: the nodes that are not finite although all their parents are.
    """

    earlier: Mapping[Value, float]
    began: frozenset[Value]


def facts(order: Sequence[Value], outputs: Sequence[Value], view: View) -> Facts:
    """Look at all numbers once."""
    began = frozenset(
        node
        for node in order
        if not math.isfinite(node.data) and all(math.isfinite(p.data) for p in node.parents)
    )
    return Facts(_earlier(order, outputs, view), began)


def passed_back(node: Value, partial: float, grad: float) -> float:
    """Gradient times local derivative, where a zero stops as it does in the sweep.

    A gradient of 0 is taken for one that never arrived: a node does not tell whether it cancelled.
    """
    if grad == 0.0 or (partial == 0.0 and node.op is not None and node.op.gate):
        return 0.0
    return grad * partial


def _earlier(order: Sequence[Value], outputs: Sequence[Value], view: View) -> dict[Value, float]:
    """Leaves add up the gradients of all sweeps; all other nodes hold those of the latest."""
    leaves = [
        node
        for node in order
        if not node.parents and not node.is_constant and view.grad(node) != 0.0
    ]
    ends = {*outputs}
    sums = {leaf: 0.0 for leaf in leaves if leaf not in ends}
    if not sums or view.grads:
        return {}
    sizes = dict.fromkeys(sums, 0.0)
    for node in order:
        grad = view.grad(node)
        if grad == 0.0 or node in view.stops:
            continue
        for parent, partial in zip(node.parents, node.partials, strict=True):
            if parent in sums:
                passed = passed_back(node, partial, grad)
                sums[parent] += passed
                sizes[parent] += abs(passed)
    earlier = {}
    for leaf, total in sums.items():
        rest = leaf.grad - total
        if math.isfinite(rest) and abs(rest) > TOLERANCE * max(sizes[leaf], abs(leaf.grad)):
            earlier[leaf] = rest
    return earlier


def desired(order: Sequence[Value]) -> dict[Value, str]:
    """The leaves that performances compare outputs with, by their kind."""
    return {
        node: "desired"
        for performance in order
        if performance.op is not None and performance.op.name == "performance"
        for node in performance.op.operands.lists(performance.parents)[0]
        if not node.parents and not (node.is_constant and not node.label)
    }
