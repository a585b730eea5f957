"""Slopes as mathematics writes them, for formulas.

Rules use entries that keep their digits, such as slope_of_atan, and entries that keep infinite
inputs from making NaN. A formula shows what they are: 1 / (1 + x²), and the product alone.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_bp import primitives as ops
from autograd_bp.graph import topological_order
from autograd_bp.value import Value

WRITTEN_OUT = (
    *(ops.square_left, ops.slope_of_atan, ops.exp_of_minus_square, ops.decayed, ops.stopped),
    *(ops.difference, ops.unit, ops.power_slope, ops.power_logarithm, ops.exp_left),
)


def written_out(outputs: Sequence[Value]) -> list[Value]:
    """The graphs of the outputs, with definitions in the place of the entries that serve rules."""
    order = topological_order(*outputs)
    if not any(node.op in (*WRITTEN_OUT, ops.unless_stopped) for node in order):
        return [*outputs]
    new: dict[Value, Value] = {}
    for node in order:
        parents = [new[parent] for parent in node.parents]
        if node.op in WRITTEN_OUT:
            assert node.op.definition is not None
            new[node] = node.op.definition(*parents)
            new[node].label = node.label
        elif node.op is ops.unless_stopped:
            new[node] = parents[0]
        elif node.op is None or all(a is b for a, b in zip(parents, node.parents, strict=True)):
            new[node] = node
        else:
            new[node] = node.op(*parents)
            new[node].label = node.label
    return [new[output] for output in outputs]
