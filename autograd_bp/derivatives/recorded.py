"""Sweeps that are recorded: the derivative is a graph, to be drawn, compiled, differentiated again.

The one question that a recorded sweep asks of numbers is what an exact zero stops. The answer is a
policy. `AtHand` decides it for the numbers that the nodes hold: the graph is as small as it can be,
and serves these numbers. `AnyNumbers` puts the question into the graph, as `where`, wherever a
factor may be infinite or NaN: the graph then serves all numbers, which is what a program needs, and
what is recorded while a function is traced for one. Whether a gate is open is part of the graph
with either policy.

The compiler takes the gradient of what it compiles from `record_gradients`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from autograd_bp import primitives as ops
from autograd_bp.contexts import may_branch, no_branching
from autograd_bp.derivatives.graphs import Edge, Region, data, is_fixed, refuse
from autograd_bp.derivatives.sweeps import Sweeps, is_zero
from autograd_bp.errors import ConversionError, NotDifferentiableError, PrimitiveError
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, number_of

Number = Any  # a float or a Value


def record_gradients(
    outputs: Sequence[Value],
    inputs: Sequence[Value],
    seeds: Sequence[Number] | None = None,
    *,
    again: bool = False,
) -> list[Number]:
    """Σ_j seed_j · ∂output_j/∂input_i for each input i, recorded for any numbers; floats where it
    is constant.

    Arguments:
        outputs: nodes that are differentiated.
        inputs: nodes to differentiate by.
        seeds: one for each output; 1 when left out.
        again: True where the result will be differentiated in turn.

    Raises: NotDifferentiableError where the gradient would have to pass a primitive that refuses;
        BranchError where a rule compares Values.
    """
    region = Region(outputs, inputs, stop=True)
    with no_branching():  # a rule that asks about a number would answer for that one alone
        return Recorded(region, AnyNumbers(again=again)).reverse(seeds or [1.0] * len(outputs))


class Policy(Protocol):
    """What an exact zero stops in a recorded sweep."""

    def stops(self, op: Primitive, adjoint: Number) -> bool:
        """Whether a node that this primitive made passes nothing of the adjoint on."""

    def product(self, gradient: Number, partial: Number) -> Number | None:
        """The product for an edge without a gate; None where nothing passes."""

    def forward_product(self, tangent: Number, partial: Number) -> Number | None:
        """The same in forward mode: a zero on the side of the output, which is the partial, stops,
        and so does a tangent of zero, which may have come through a closed gate."""

    def is_finite(self, gradient: Number, op: Primitive) -> bool:
        """Whether the gradient times a closed gate's zero is surely zero."""


class AtHand:
    """For the numbers that the nodes hold."""

    def stops(self, op: Primitive, adjoint: Number) -> bool:
        return is_zero(adjoint) or (op.partials is None and data(adjoint) == 0.0)

    def product(self, gradient: Number, partial: Number) -> Number | None:
        if data(gradient) == 0.0 and not math.isfinite(data(partial)):
            return None
        if not isinstance(partial, Value) and partial == 0.0 and math.isfinite(data(gradient)):
            return None
        return times(gradient, partial)

    def forward_product(self, tangent: Number, partial: Number) -> Number | None:
        if data(partial) == 0.0 and not math.isfinite(data(tangent)):
            return None
        return self.product(tangent, partial)

    def is_finite(self, gradient: Number, op: Primitive) -> bool:
        return not isinstance(gradient, Value) and math.isfinite(gradient)


class AnyNumbers:
    """For any numbers that the leaves may get.

    Arguments:
        again: True where derivatives of the result are needed. A gradient that is 0 for these
            numbers may still depend on them, so it may stop an infinite partial alone.
    """

    def __init__(self, *, again: bool) -> None:
        self._again = again
        self._infinite: dict[Value, bool] = {}  # what is known of each node

    def stops(self, op: Primitive, adjoint: Number) -> bool:
        return False

    def product(self, gradient: Number, partial: Number) -> Number | None:
        if not isinstance(partial, Value) and partial == 0.0:
            return None
        return self._unless_stopped(times(gradient, partial), gradient, partial)

    def forward_product(self, tangent: Number, partial: Number) -> Number | None:
        product = self.product(tangent, partial)
        return None if product is None else self._unless_stopped(product, partial, tangent)

    def _unless_stopped(self, product: Number, zero: Number, infinite: Number) -> Number:
        """The product, or 0 where its first factor is 0 and its second infinite or NaN."""
        if not isinstance(zero, Value) or not self.may_be_infinite(infinite):
            return product
        passes = zero
        if self._again:
            is_infinite = ops.nonzero(infinite - infinite)  # ∞ - ∞ is NaN, and NaN is not 0
            passes = ops.where(is_infinite, zero, 1.0)
        return ops.where(passes, product, 0.0)

    def is_finite(self, gradient: Number, op: Primitive) -> bool:
        # `where` as a factor costs a product: it passes the gradient through a `where` of its own.
        return op is not ops.where and not self.may_be_infinite(gradient)

    def may_be_infinite(self, number: Number) -> bool:
        """Whether a number may be infinite or NaN although all leaves are finite."""
        if not isinstance(number, Value):
            return False
        known = self._infinite
        pending = [number]
        while pending:
            node = pending[-1]
            if node in known:
                pending.pop()
                continue
            op = node.op
            if op is not None and not op.finite:
                known[node] = True
                continue
            unknown = [parent for parent in node.parents if parent not in known]
            if unknown and not any(known.get(parent) for parent in node.parents):
                pending.extend(unknown)
                continue
            # A bounded function of an infinite number may still be NaN.
            known[node] = any(known.get(parent, False) for parent in node.parents)
        return known[number]


class Recorded(Sweeps):
    """Sweeps on Values.

    Arguments:
        region: what is swept.
        policy: what an exact zero stops. When it is left out this is decided for the numbers at
            hand, and for any numbers while a function is traced, in a no_branching() block.
    """

    def __init__(self, region: Region, policy: Policy | None = None) -> None:
        super().__init__(region)
        self._policy = policy or (AtHand() if may_branch.get() else AnyNumbers(again=True))
        self._stops, self._product = self._policy.stops, self._policy.product
        self._partials: dict[int, Sequence[Number]] = {}

    def _backwards(self, k: int, adjoint: Number) -> Iterable[tuple[int, Number]]:
        op, edges = self._ops[k], self._region.edges[k]
        if op is None or not edges or self._stops(op, adjoint):
            return ()
        partials, product = self._rule(k), self._product
        amounts = []
        for parent, i in edges:
            if op.gate:
                amount = self._through_gate(k, i, partials[i], adjoint)
            else:
                amount = product(adjoint, partials[i])
            if amount is not None:
                amounts.append((parent, amount))
        return amounts

    def _forwards(self, k: int, moved: Sequence[Number | None]) -> Iterable[Number]:
        op = self._ops[k]
        if op is None or op.partials is None:
            return ()
        moving = [(moved[parent], i) for parent, i in self._region.edges[k]]
        moving = [(tangent, i) for tangent, i in moving if tangent is not None]
        if not moving:
            return ()
        partials, product = self._rule(k), self._policy.forward_product
        amounts = []
        for tangent, i in moving:
            if op.gate:
                amount = self._through_gate(k, i, partials[i], tangent)
            else:
                amount = product(tangent, partials[i])
            if amount is not None:
                amounts.append(amount)
        return amounts

    def _rule(self, k: int) -> Sequence[Number]:
        if k not in self._partials:
            self._partials[k] = symbolic_partials(self._region.nodes[k], self._region.edges[k])
        return self._partials[k]

    def _through_gate(self, k: int, i: int, partial: Number, gradient: Number) -> Number | None:
        """What passes the i-th input of the k-th node, whose primitive has a gate."""
        op = self._ops[k]
        assert op is not None
        if not isinstance(partial, Value):
            return None if partial == 0.0 else times(gradient, partial)
        if self._policy.is_finite(gradient, op):
            return times(gradient, partial)
        if op is ops.where:
            condition = self._region.nodes[k].parents[0]
            return ops.where(condition, *((gradient, 0.0) if i == 1 else (0.0, gradient)))
        return ops.where(partial, times(gradient, partial), 0.0)


def symbolic_partials(node: Value, edges: Sequence[Edge]) -> Sequence[Number]:
    """The rule of a node's primitive on the nodes themselves; constants enter as plain numbers.

    Arguments:
        node: the node.
        edges: its edges in the region: these inputs vary.

    Raises: NotDifferentiableError where there is no rule, or one that works on floats only.
    """
    op = node.op
    assert op is not None
    inputs: Sequence[Number] = node.parents
    if len(edges) < len(inputs):
        varying = {i for _, i in edges}
        inputs = [
            number_of(parent) if i not in varying and is_fixed(parent) else parent
            for i, parent in enumerate(inputs)
        ]
    return apply_rule(op, inputs, node)


def apply_rule(op: Primitive, inputs: Sequence[Number], y: Number) -> Sequence[Number]:
    """The partials of a primitive, as Values where inputs are Values.

    Raises: NotDifferentiableError where there is no rule, or one that works on floats only.
    """
    if op.partials is None:
        raise refuse(op)
    try:
        partials = op.partials(*inputs, y=y)
        if not hasattr(partials, "__len__"):
            raise PrimitiveError(
                f"{op.name}: the rule gave {type(partials).__name__} {partials!r:.60} where a "
                "sequence with one partial for each input is needed: write (partial,)"
            )
        return partials
    except ConversionError as error:
        raise NotDifferentiableError(
            f"the rule of {op.name} cannot be recorded, so there is no derivative of its "
            f"derivative: write it with operators and functions of autograd_bp ({error})"
        ) from error


def times(a: Number, b: Number) -> Number:
    """The product a · b, without a node for a factor of 1 or -1."""
    if not isinstance(a, Value):
        if a == 1.0:
            return b
        if a == -1.0:
            return -b
    if not isinstance(b, Value):
        if b == 1.0:
            return a
        if b == -1.0:
            return -a
    return a * b
