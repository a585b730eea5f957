"""Shares of a softmax as mathematics writes them, for formulas.

They are recorded in terms of the largest input, which keeps their digits but says nothing to a
reader. In a formula a share is e^(x - ln Σ e^x_k), and its logarithm x - ln Σ e^x_k.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp import primitives as ops
from autograd_bp.graph import topological_order
from autograd_bp.value import Value


def with_logarithms(outputs: Sequence[Value]) -> list[Value]:
    """The graphs of the outputs, with logarithms of sums in the place of shares."""
    order = topological_order(*outputs)
    if not any(node.op is ops.rest for node in order):
        return [*outputs]
    new: dict[Value, Value] = {}
    totals: dict[Value, Value] = {}
    for node in order:
        parents = [new[parent] for parent in node.parents]
        inputs = _inputs(node) if node.op is ops.rest else None
        if inputs is not None:
            totals[node] = ops.logsumexp(*[new[x] for x in inputs])
        written = _with_total(node, totals)
        if written is not None:
            x, total = new[written], totals[node.parents[1]]
            difference = total - x if node.op is ops.surprise else x - total
            new[node] = ops.exp(difference) if node.op is ops.share else difference
            new[node].label = node.label
        elif node.op is None or all(a is b for a, b in zip(parents, node.parents, strict=True)):
            new[node] = node
        else:
            new[node] = node.op(*parents)
            new[node].label = node.label
    return [new[output] for output in outputs]


def _inputs(rest: Value) -> list[Value] | None:
    """The inputs of a softmax, from its rest: all are powers relative to their largest."""
    powers = rest.parents
    if not powers or any(power.op is not ops.expdiff for power in powers):
        return None
    inputs, tops = zip(*[power.parents for power in powers], strict=True)
    top = tops[0]
    if top.op is not ops.largest or any(other is not top for other in tops):
        return None
    return list(inputs) if all(map(_same, inputs, top.parents)) else None


def _same(a: Value, b: Value) -> bool:
    """Whether two nodes are one, or one number: each operation makes its own constants."""
    return a is b or (a.is_constant and b.is_constant and a.data == b.data)


def _with_total(node: Value, totals: dict[Value, Value]) -> Value | None:
    """The input whose share, or its logarithm, a node is; None for any other node."""
    if node.op not in (ops.share, ops.log_share, ops.surprise) or node.parents[1] not in totals:
        return None
    relative, rest = node.parents
    top = rest.parents[0].parents[1]
    kind = ops.expdiff if node.op is ops.share else ops.sub
    if relative.op is not kind or relative.parents[1] is not top:
        return None
    return relative.parents[0]
