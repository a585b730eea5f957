"""Sweeps that are recorded: the derivative is a graph, to be drawn, compiled, differentiated again.

The one question that a recorded sweep asks of numbers is what an exact zero stops. The answer is a
policy of policies.py: for the numbers at hand, or for any. Whether a gate is open is part of the
graph with either policy.

The compiler takes the gradient of what it compiles from `record_gradients`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.contexts import may_branch, no_branching
from autograd_bp.derivatives.graphs import Edge, Region, is_fixed, refuse
from autograd_bp.derivatives.policies import AnyNumbers, AtHand, Pass, Policy, times
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
        self._partials: dict[int, Sequence[Number]] = {}

    def reverse(self, seeds: Sequence[Number]) -> list[Number]:
        self._policy.start(self._region.outputs, seeds, forward=False)
        return super().reverse(seeds)

    def forward(self, tangents: Sequence[Number]) -> list[Number]:
        self._policy.start(self._region.inputs, tangents, forward=True)
        return super().forward(tangents)

    def _backwards(self, k: int, adjoint: Number) -> Iterable[tuple[int, Number]]:
        op, edges, policy = self._ops[k], self._region.edges[k], self._policy
        if op is None or not edges:
            return ()
        if op.partials is None and policy.is_unreached(k):
            return ()
        partials = self._rule(k)
        amounts = []
        for parent, i in edges:
            partial = partials[i]
            if op.gate:
                amount = self._through_gate(k, i, partial, adjoint)
                if amount is not None:
                    amount = policy.guarded(k, amount, partial)
            else:
                amount = policy.product(k, adjoint, partial)
            if amount is not None:
                amounts.append((parent, amount))
                policy.passed(Pass(k, adjoint, partial, op.gate, amount), parent)
        return amounts

    def _forwards(self, k: int, moved: Sequence[Number | None]) -> Iterable[Number]:
        op = self._ops[k]
        if op is None or op.partials is None:
            return ()
        moving = [edge for edge in self._region.edges[k] if moved[edge[0]] is not None]
        if not moving:
            return ()
        partials, policy = self._rule(k), self._policy
        amounts = []
        for parent, i in moving:
            tangent, partial = moved[parent], partials[i]
            if op.gate:
                amount = self._through_gate(k, i, partial, tangent)
                if amount is not None:
                    amount = policy.guarded(parent, amount, partial)
            else:
                amount = policy.forward_product(parent, tangent, partial)
                partial = 1.0  # what moves a node may be 0: it meets infinite partials after it
            if amount is not None:
                amounts.append(amount)
                policy.passed(Pass(parent, tangent, partial, op.gate, amount), k)
        # Numbers that are 0 say only that something moves.
        return [amount for amount in amounts if not is_zero(amount)] or amounts[:1]

    def _rule(self, k: int) -> Sequence[Number]:
        if k not in self._partials:
            self._partials[k] = symbolic_partials(self._region.nodes[k], self._region.edges[k])
        return self._partials[k]

    def _through_gate(self, k: int, i: int, partial: Number, gradient: Number) -> Number | None:
        """The term that passes the i-th input of the k-th node, whose primitive has a gate."""
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
