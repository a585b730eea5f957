"""Forward and reverse sweeps over a region of a graph, on floats or recorded.

Both modes read the same partials. On floats they are those taken when the nodes were
recorded; a recorded sweep evaluates the rules on the nodes themselves, so what it gives is a
graph that can be drawn, compiled and differentiated again. Neither touches `.grad`.

What stops: a row with a gate lets nothing through where its partial is zero, and an exact
zero from the side of the output meets no infinite partial (0 · ∞ is 0, as in `backward`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd_bp import primitives as rows
from autograd_bp.derivatives.graphs import Edge, Region, data, is_fixed, refuse
from autograd_bp.errors import ConversionError, NotDifferentiableError
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

Number = Any  # a float or a Value


class Floats:
    """Sweeps on floats over one region; many of them share the preparation."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._rows = [node.op for node in region.nodes]
        self._links: list[list[tuple[int, float]]] = []
        self._refusing = any(row is not None and row.partials is None for row in self._rows)
        for node, edges in zip(region.nodes, region.edges, strict=True):
            row = node.op
            if not edges or row is None or row.partials is None:
                self._links.append([])
                continue
            partials = node.partials
            self._links.append(
                [(k, partials[i]) for k, i in edges if not (row.gate and partials[i] == 0.0)]
            )

    def reverse(self, seeds: Sequence[float]) -> list[float]:
        """Σ_j seed_j · ∂output_j/∂input_i for each input i.

        Raises: NotDifferentiableError when a gradient arrives at a row that refuses it.
        """
        region, links = self._region, self._links
        adjoints = [0.0] * len(links)
        for k, seed in zip(region.outputs, seeds, strict=True):
            if k is not None:
                adjoints[k] += seed
        for k in range(len(links) - 1, -1, -1):
            adjoint = adjoints[k]
            if adjoint == 0.0:
                continue
            if not links[k]:
                self._check(k)
            for parent, partial in links[k]:
                adjoints[parent] += adjoint * partial
        return [0.0 if k is None else adjoints[k] for k in region.inputs]

    def forward(self, tangents: Sequence[float]) -> list[float]:
        """Σ_i ∂output_j/∂input_i · tangent_i for each output j: one pass in recording order.

        Raises: NotDifferentiableError when an output depends on a row that refuses.
        """
        region, links = self._region, self._links
        found: list[float | None] = [None] * len(links)
        for k, tangent in zip(region.inputs, tangents, strict=True):
            if k is not None and tangent != 0.0:
                found[k] = tangent + (found[k] or 0.0)
        refusals = Refusals(region)
        for k, link in enumerate(links):
            total = found[k]  # an input has a tangent of its own
            for parent, partial in link:
                step = found[parent]
                if step is not None:
                    moved = partial * step if partial != 0.0 else 0.0
                    total = moved if total is None else total + moved
            found[k] = total
            if self._refusing:
                refusals.follow(k, found)
        refusals.raise_at(region.outputs)
        return [0.0 if k is None else found[k] or 0.0 for k in region.outputs]

    def _check(self, k: int) -> None:
        row = self._rows[k]
        if row is not None and row.partials is None and self._region.edges[k]:
            raise refuse(row)


class Refusals:
    """Where forward mode has met rows that refuse, and which nodes move with them: an error
    only if that reaches an output, since a branch that is not taken may refuse."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._rows: dict[int, Primitive] = {}

    def follow(self, k: int, found: Sequence[Number | None]) -> None:
        """Look at the k-th node, after all its parents."""
        node, edges = self._region.nodes[k], self._region.edges[k]
        row = node.op
        if row is not None and row.partials is None:
            if any(found[parent] is not None or parent in self._rows for parent, _ in edges):
                self._rows[k] = row
        elif self._rows:
            partials = node.partials
            for parent, i in edges:
                if parent in self._rows and partials[i] != 0.0:
                    self._rows[k] = self._rows[parent]

    def raise_at(self, outputs: Sequence[int | None]) -> None:
        for k in outputs:
            if k in self._rows:
                raise refuse(self._rows[k])


class Recorded:
    """As `Floats`, with Values: what comes out is a graph."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._partials: dict[int, Sequence[Number]] = {}

    def reverse(self, seeds: Sequence[Number]) -> list[Number]:
        """Σ_j seed_j · ∂output_j/∂input_i for each input i."""
        region = self._region
        adjoints: list[Number] = [None] * len(region.nodes)
        for k, seed in zip(region.outputs, seeds, strict=True):
            if k is not None:
                adjoints[k] = plus(adjoints[k], seed)
        for k in range(len(region.nodes) - 1, -1, -1):
            adjoint = adjoints[k]
            if adjoint is None or not region.edges[k] or _is_zero(adjoint):
                continue
            node = region.nodes[k]
            if data(adjoint) == 0.0 and node.op is not None and node.op.partials is None:
                continue
            partials = self._rule(k)
            for parent, i in region.edges[k]:
                passed = through(node, i, partials[i], adjoint)
                if passed is not None:
                    adjoints[parent] = plus(adjoints[parent], passed)
        return [0.0 if k is None or adjoints[k] is None else adjoints[k] for k in region.inputs]

    def forward(self, tangents: Sequence[Number]) -> list[Number]:
        """Σ_i ∂output_j/∂input_i · tangent_i for each output j."""
        region = self._region
        found: list[Number] = [None] * len(region.nodes)
        for k, tangent in zip(region.inputs, tangents, strict=True):
            if k is not None and not _is_zero(tangent):
                found[k] = plus(found[k], tangent)
        refusals = Refusals(region)
        for k, edges in enumerate(region.edges):
            node = region.nodes[k]
            refusals.follow(k, found)
            moving = [(parent, i) for parent, i in edges if found[parent] is not None]
            if not moving or node.op is None or node.op.partials is None:
                continue
            partials = self._rule(k)
            for parent, i in moving:
                found[k] = plus(found[k], through(node, i, partials[i], found[parent]))
        refusals.raise_at(region.outputs)
        return [0.0 if k is None or found[k] is None else found[k] for k in region.outputs]

    def _rule(self, k: int) -> Sequence[Number]:
        if k not in self._partials:
            self._partials[k] = symbolic_partials(self._region.nodes[k], self._region.edges[k])
        return self._partials[k]


def symbolic_partials(node: Value, edges: Sequence[Edge]) -> Sequence[Number]:
    """The rule of a node's row on the nodes themselves; constants enter as plain numbers.

    Arguments:
        node: the node.
        edges: its edges in the region: these inputs vary.

    Raises: NotDifferentiableError where there is no rule, or one that works on floats only.
    """
    row = node.op
    assert row is not None
    if row.partials is None:
        raise refuse(row)
    varying = {i for _, i in edges}
    inputs = [
        parent.data if i not in varying and is_fixed(parent) else parent
        for i, parent in enumerate(node.parents)
    ]
    try:
        return row.partials(*inputs, y=node)
    except ConversionError as error:
        raise NotDifferentiableError(
            f"the rule of {row.name} cannot be recorded, so there is no derivative of its "
            f"derivative: write it with operators and functions of autograd_bp ({error})"
        ) from error


def through(node: Value, i: int, partial: Number, gradient: Number) -> Number | None:
    """What passes the i-th input of a node: partial · gradient, or None where nothing does.

    Whether a gate is open is part of the graph, not decided here: the same graph serves other
    inputs when it is compiled.
    """
    row = node.op
    assert row is not None
    if row.gate:
        return _through_gate(row, node, i, partial, gradient)
    if data(gradient) == 0.0 and not math.isfinite(data(partial)):
        return None
    if not isinstance(partial, Value) and partial == 0.0 and math.isfinite(data(gradient)):
        return None
    return times(gradient, partial)


def _through_gate(
    row: Primitive, node: Value, i: int, partial: Number, gradient: Number
) -> Number | None:
    if not isinstance(partial, Value):
        return None if partial == 0.0 else times(gradient, partial)
    if not isinstance(gradient, Value) and math.isfinite(gradient):
        return times(gradient, partial)
    if row is rows.where:
        condition = node.parents[0]
        return rows.where(condition, *((gradient, 0.0) if i == 1 else (0.0, gradient)))
    return rows.where(partial, times(gradient, partial), 0.0)


def _is_zero(number: Number) -> bool:
    return not isinstance(number, Value) and float(number) == 0.0


def times(a: Number, b: Number) -> Number:
    """The product a · b, without a node for a factor of 1 or -1."""
    for one, other in ((a, b), (b, a)):
        if not isinstance(one, Value):
            if one == 1.0:
                return other
            if one == -1.0:
                return -other
    return a * b


def plus(a: Number | None, b: Number | None) -> Number | None:
    """The sum a + b, where None is nothing at all."""
    if a is None or b is None:
        return b if a is None else a
    return a + b
