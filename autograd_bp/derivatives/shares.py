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
    totals: dict[Value, tuple[Value, Value]] = {}  # of a rest and its part: ln Σ e^x, and max x
    for node in order:
        _note_total(node, new, totals)
        parents = [new[parent] for parent in node.parents]
        written = _written(node, new, totals)
        if written is not None:
            new[node] = written
        elif node.op is None or all(a is b for a, b in zip(parents, node.parents, strict=True)):
            new[node] = node
        else:
            new[node] = node.op(*parents)
            new[node].label = node.label
    return [new[output] for output in outputs]


def _note_total(
    node: Value, new: dict[Value, Value], totals: dict[Value, tuple[Value, Value]]
) -> None:
    """Keep ln Σ e^x for a rest of powers e^(x - max x), and for its part."""
    if node.op is ops.part and node.parents[0] in totals:
        totals[node] = totals[node.parents[0]]
    inputs = _inputs(node) if node.op is ops.rest else None
    if inputs is not None:
        totals[node] = ops.logsumexp(*[new[x] for x in inputs]), node.parents[0].parents[1]


def _inputs(rest: Value) -> list[Value] | None:
    """The inputs of a softmax, from its rest: all are powers relative to their largest."""
    powers = rest.parents
    if not powers or any(power.op is not ops.expdiff for power in powers):
        return None
    inputs, tops = zip(*[power.parents for power in powers], strict=True)
    top = tops[0]
    if top.op is not ops.largest or any(other is not top for other in tops):
        return None
    missing = [*inputs]  # the order may be another one
    for x in top.parents:
        places = [k for k, other in enumerate(missing) if _same(x, other)]
        if not places:
            return None
        del missing[places[0]]
    return [*top.parents] if not missing else None


def _same(a: Value, b: Value) -> bool:
    """Whether two nodes are one, or one number: each operation makes its own constants."""
    return a is b or (a.is_constant and b.is_constant and a.data == b.data)


def _written(
    node: Value, new: dict[Value, Value], totals: dict[Value, tuple[Value, Value]]
) -> Value | None:
    """A share, or its logarithm, in terms of the logarithm of the sum; None for other nodes."""
    op, parents = node.op, node.parents
    if op is ops.where and parents[0].op is ops.moves and parents[0].parents[1] in totals:
        return new[parents[1]]  # what holds for all inputs but the largest is right for all
    if op not in (ops.share, ops.other_shares, ops.log_share) or parents[1] not in totals:
        return None
    relative, (total, top) = parents[0], totals[parents[1]]
    kind = ops.sub if op is ops.log_share else ops.expdiff
    if relative.op is not kind or relative.parents[1] is not top:
        return None
    logarithm = new[relative.parents[0]] - total
    if op is ops.log_share:
        written = logarithm
    elif op is ops.share:
        written = ops.exp(logarithm)
    else:
        written = 1.0 - ops.exp(logarithm)
    written.label = node.label
    return written
