"""The reverse sweep, recorded for any numbers: what a compiled gradient is made of.

`derivatives` records a gradient for the numbers at hand, and leaves out what an exact zero
stops. A program runs on other numbers, so here that is asked when it runs, wherever a partial
may be infinite or NaN: an adjoint of 0, from a branch of `where` that is not taken, say, passes
nothing on, as in `backward`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp import primitives as rows
from autograd_bp.derivatives.graphs import Region
from autograd_bp.derivatives.sweeps import plus, symbolic_partials, times
from autograd_bp.value import Value

Number = Any  # a float or a Value


def record_gradients(
    outputs: Sequence[Value], inputs: Sequence[Value], seeds: Sequence[Number] | None = None
) -> list[Number]:
    """Σ_j seed_j · ∂output_j/∂input_i for each input i, as nodes; floats where it is constant.

    Raises: NotDifferentiableError where the gradient would have to pass a row that refuses.
    """
    region = Region(outputs, inputs, stop=True)
    adjoints: list[Number] = [None] * len(region.nodes)
    for k, seed in zip(region.outputs, seeds or [1.0] * len(outputs), strict=True):
        if k is not None:
            adjoints[k] = plus(adjoints[k], seed)
    wildness = Wildness()
    for k in range(len(region.nodes) - 1, -1, -1):
        adjoint, node, row = adjoints[k], region.nodes[k], region.nodes[k].op
        if adjoint is None or row is None or not region.edges[k]:
            continue
        partials = symbolic_partials(node, region.edges[k])
        for parent, i in region.edges[k]:
            if row.gate:
                passed = _through_gate(node, i, partials[i], adjoint, wildness)
            else:
                passed = _product(adjoint, partials[i], wildness)
            if passed is not None:
                adjoints[parent] = plus(adjoints[parent], passed)
    return [0.0 if k is None or adjoints[k] is None else adjoints[k] for k in region.inputs]


def _through_gate(
    node: Value, i: int, partial: Number, adjoint: Number, wildness: Wildness
) -> Number:
    if not isinstance(partial, Value):
        return None if partial == 0.0 else times(adjoint, partial)
    if node.op is rows.where:
        return rows.where(node.parents[0], *((adjoint, 0.0) if i == 1 else (0.0, adjoint)))
    passed = times(adjoint, partial)
    return rows.where(partial, passed, 0.0) if wildness.of(adjoint) else passed


def _product(adjoint: Number, partial: Number, wildness: Wildness) -> Number:
    if not isinstance(partial, Value) and partial == 0.0:
        return None
    product = times(adjoint, partial)
    if isinstance(adjoint, Value) and wildness.of(partial):
        return rows.where(adjoint, product, 0.0)
    return product


class Wildness:
    """Which numbers may be infinite or NaN although everything that is given is finite."""

    def __init__(self) -> None:
        self._known: dict[Value, bool] = {}

    def of(self, number: Number) -> bool:
        if not isinstance(number, Value):
            return False
        known = self._known
        pending = [number]
        while pending:
            node = pending[-1]
            if node in known:
                pending.pop()
                continue
            row = node.op
            if row is not None and not row.finite:
                known[node] = True
                continue
            waiting = [parent for parent in node.parents if parent not in known]
            if waiting and not any(known.get(parent) for parent in node.parents):
                pending.extend(waiting)
                continue
            # A bounded function of something wild may still be NaN.
            known[node] = any(known.get(parent, False) for parent in node.parents)
        return known[number]
