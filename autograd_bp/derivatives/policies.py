"""Policies: which terms an exact zero stops in a recorded sweep.

Nothing is passed to an input whose partial is an exact zero, and a node that nothing reached meets
no infinite partial. A gradient whose parts cancel to 0 is something: times infinity it is NaN. For
floats the sweep itself can tell the two apart; what is recorded has to be there also where it is 0
for the numbers at hand, because its derivative may not be. So a recorded sweep keeps apart what a
gradient is and whether anything reached a node, and a policy answers the second question.

`AtHand` answers it for the numbers that the nodes hold: the graph is as small as it can be, and
serves these numbers. `AnyNumbers` puts the question into the graph, as `where`, wherever a factor
may be infinite or NaN: the graph then serves all numbers, which is what a program needs, and what
is recorded while a function is traced for one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple, Protocol

from autograd_bp import primitives as ops
from autograd_bp.derivatives.graphs import data
from autograd_bp.derivatives.ranges import of_this_recording
from autograd_bp.derivatives.sweeps import is_zero
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

Number = Any  # a float or a Value


class Policy(Protocol):
    """Decides which terms an exact zero stops in a recorded sweep. A node is named by its place in
    the region."""

    def start(
        self, nodes: Sequence[int | None], numbers: Sequence[Number], *, forward: bool
    ) -> None:
        """A sweep starts at these nodes, with these seeds or tangents."""

    def is_unreached(self, k: int) -> bool:
        """Whether surely nothing has reached the k-th node."""

    def product(self, k: int, gradient: Number, partial: Number) -> Number | None:
        """The term that the k-th node passes back along an edge without a gate, or None."""

    def forward_product(self, k: int, tangent: Number, partial: Number) -> Number:
        """The term that the k-th node passes on in forward mode. There too a zero on the side of
        the output stops: it is the partial."""

    def guarded(self, k: int, amount: Number, partial: Number) -> Number | None:
        """The term that passes a gate from the k-th node, if anything has reached that."""

    def passed(self, edge: Pass, target: int) -> None:
        """An edge has passed something to this node."""

    def is_finite(self, gradient: Number, op: Primitive) -> bool:
        """Whether the gradient times a closed gate's zero is surely zero."""


class Pass(NamedTuple):
    """The term that an edge has passed on.

    Attributes:
        source: the node that it came from.
        gradient: the gradient or the tangent of that node.
        partial: the partial of the edge. 1 in forward mode, where no gate is: a tangent passes
            partials of 0.
        gate: whether nothing passes where the partial is 0, whatever the gradient is.
        amount: their product.
    """

    source: int
    gradient: Number
    partial: Number
    gate: bool
    amount: Number


class AtHand:
    """For the numbers that the nodes hold."""

    def __init__(self) -> None:
        self._reached: set[int] = set()

    def start(
        self, nodes: Sequence[int | None], numbers: Sequence[Number], *, forward: bool
    ) -> None:
        pairs = zip(nodes, numbers, strict=True)
        self._reached = {k for k, number in pairs if k is not None and data(number) != 0.0}

    def is_unreached(self, k: int) -> bool:
        return k not in self._reached

    def product(self, k: int, gradient: Number, partial: Number) -> Number | None:
        if k not in self._reached and not math.isfinite(data(partial)):
            return None
        if not isinstance(partial, Value) and partial == 0.0 and math.isfinite(data(gradient)):
            return None
        return _product_at_hand(gradient, partial)

    def forward_product(self, k: int, tangent: Number, partial: Number) -> Number:
        if data(partial) == 0.0:
            if not isinstance(partial, Value) or not math.isfinite(data(tangent)):
                return 0.0
        elif k not in self._reached and not math.isfinite(data(partial)):
            return 0.0
        return _product_at_hand(tangent, partial)

    def guarded(self, k: int, amount: Number, partial: Number) -> Number | None:
        return amount if k in self._reached or math.isfinite(data(partial)) else None

    def passed(self, edge: Pass, target: int) -> None:
        if edge.source in self._reached and target not in self._reached:
            open_ = not edge.gate and not math.isfinite(data(edge.gradient))
            if open_ or data(edge.partial) != 0.0:
                self._reached.add(target)

    def is_finite(self, gradient: Number, op: Primitive) -> bool:
        return not isinstance(gradient, Value) and math.isfinite(gradient)


def _product_at_hand(gradient: Number, partial: Number) -> Number:
    """The product. A gradient that cancels, times infinity, is NaN, and so are its derivatives:
    those of a constant 0 times the partial would be 0."""
    if is_zero(gradient) and isinstance(partial, Value) and not math.isfinite(partial.data):
        return nan_if_infinite(partial)
    return times(gradient, partial)


class AnyNumbers:
    """For any numbers that the leaves may get.

    Whether anything reached a node is a number of the graph, a condition. Where one path alone
    leads there it is the gradient itself, a product of partials. Behind a sum, which may be 0
    although its parts are not, it is computed apart, where a partial that may be infinite asks.

    Arguments:
        again: True where derivatives of the result are needed. A gradient that is 0 for these
            numbers may still depend on them, so it may stop an infinite partial alone.
    """

    def __init__(self, *, again: bool) -> None:
        self._again = again
        self._ranges = of_this_recording()
        self._passes: dict[int, list[Pass]] = {}
        self._reached: dict[int, Number] = {}
        self._single: set[int] = set()  # nodes whose gradient is a product of partials
        self._forward = False

    def start(
        self, nodes: Sequence[int | None], numbers: Sequence[Number], *, forward: bool
    ) -> None:
        self._passes, self._reached, self._single = {}, {}, set()
        self._forward = forward
        for k, number in zip(nodes, numbers, strict=True):
            if k is not None and not is_zero(number):
                seed = Pass(-1, 1.0, number, False, number)
                self._passes.setdefault(k, []).append(seed)

    def is_unreached(self, k: int) -> bool:
        return False

    def product(self, k: int, gradient: Number, partial: Number) -> Number | None:
        if is_zero(partial):
            return gradient * 0.0 if self.may_be_infinite(gradient) else None
        if is_zero(gradient) and isinstance(partial, Value) and self.may_be_infinite(partial):
            return nan_if_infinite(partial)
        return self.guarded(k, times(gradient, partial), partial)

    def forward_product(self, k: int, tangent: Number, partial: Number) -> Number:
        if is_zero(partial):
            return 0.0
        product = times(tangent, partial)
        if isinstance(partial, Value) and self.may_be_infinite(tangent):
            product = self._where(partial, product, tangent)
        return self.guarded(k, product, partial)

    def guarded(self, k: int, amount: Number, partial: Number) -> Number:
        if not self.may_be_infinite(partial):
            return amount
        return self._where(self.reached(k), amount, partial)

    def _where(self, passes: Number, product: Number, infinite: Number) -> Number:
        """The product, or 0 where nothing passes and the other factor is infinite or NaN."""
        if not isinstance(passes, Value):
            return product
        if self._again:
            # ∞ - ∞ is NaN, and NaN is true; the difference of a finite number to itself is 0.
            passes = ops.where(infinite - infinite, passes, 1.0)
        return ops.where(passes, product, 0.0)

    def passed(self, edge: Pass, target: int) -> None:
        self._passes.setdefault(target, []).append(edge)

    def reached(self, k: int) -> Number:
        """Whether anything reached the k-th node, as a condition: a Value, or the number 1."""
        pending = [k]
        while pending:
            node = pending[-1]
            if node in self._reached:
                pending.pop()
                continue
            passes = self._passes[node]
            unknown = [p.source for p in passes if p.source >= 0 and p.source not in self._reached]
            if unknown:
                pending += unknown
                continue
            source = passes[0].source
            if len(passes) == 1 and (source < 0 or source in self._single) and not self._forward:
                self._single.add(node)
            # Both edges of x · x ask the same.
            edges = {(edge.source, id(edge.partial)): edge for edge in passes}
            self._reached[node] = any_of([self._condition(edge) for edge in edges.values()])
        return self._reached[k]

    def _condition(self, edge: Pass) -> Number:
        """Whether an edge has passed something."""
        source, partial = edge.source, edge.partial
        if source < 0 or is_zero(partial):
            return edge.amount
        reached = self._reached[source]
        if not isinstance(partial, Value) or self._ranges(partial).nonzero:
            return reached
        if source in self._single:
            return edge.amount
        # An infinite gradient times 0 is NaN, unless there is a gate.
        infinite = not edge.gate and self.may_be_infinite(edge.gradient)
        if not isinstance(reached, Value) and not infinite:
            return partial
        return ops.where(partial, reached, edge.amount if infinite else 0.0)

    def is_finite(self, gradient: Number, op: Primitive) -> bool:
        # `where` as a factor costs a product: it passes the gradient through a `where` of its own.
        return op is not ops.where and not self.may_be_infinite(gradient)

    def may_be_infinite(self, number: Number) -> bool:
        """Whether a number may be infinite or NaN although all leaves are finite."""
        if not isinstance(number, Value):
            return not math.isfinite(number)
        return not self._ranges(number).finite


def nan_if_infinite(number: Value) -> Value:
    """NaN, with derivatives that are NaN, where a number is infinite or NaN; else a constant 0."""
    difference = number - number
    only_nan: Value = ops.where(difference, difference, 0.0)
    return only_nan


def any_of(conditions: Sequence[Number]) -> Number:
    """A condition that is true where one of these is: the number 1 where one is a number."""
    if not all(isinstance(condition, Value) for condition in conditions):
        return 1.0
    distinct = {id(condition): condition for condition in conditions}.values()
    return conditions[0] if len(distinct) == 1 else ops.any_(*distinct)


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
