"""find_lost_gradient: where a gradient is 0 although the function may change."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.derivatives.hints import exact_logarithm
from autograd_bp.derivatives.lines import tracing_lines
from autograd_bp.derivatives.nonfinite import recorded_outputs
from autograd_bp.graph import topological_order
from autograd_bp.notation.numbers import number
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

EXACT_IN_TAILS = {
    ops.sigmoid: "logistic has, and sigmoid_slope is, the derivative with all its digits",
    ops.tanh: "sech2 is the derivative with all its digits",
}


class LostGradient:
    """A node that passes nothing back.

    Attributes:
        kind: "stopped" where a derivative of exactly 0 kept an infinite or NaN one apart;
            "kink" where it met a corner, whose derivative is a choice; "saturated" where the
            output of sigmoid or tanh has rounded to a limit, so that its derivative is 0; "rounded"
            where a logarithm is taken of a share of softmax, a sigmoid or a probability that has
            rounded to 0 or to 1.
        node: that node.
        position: the input to which nothing passes.
        partial: the derivative by this input.
        gradient: the gradient that arrives at the node.
        line: file, line and source of the operation; empty where lines were not traced.
    """

    def __init__(
        self, kind: str, node: Value, position: int, gradient: float, line: str = ""
    ) -> None:
        self.kind, self.node, self.position, self.gradient = kind, node, position, gradient
        self.partial, self.line = node.partials[position], line

    def __str__(self) -> str:
        op = self.node.op
        assert op is not None
        inputs = ", ".join(
            f"{parent.label}={number(parent.data)}" if parent.label else number(parent.data)
            for parent in self.node.parents
        )
        named = f" {self.node.label!r}" if self.node.label else ""
        where = f", at {self.line}" if self.line else ""
        start = f"{op.name}({inputs}){named}"
        if self.kind == "saturated":
            return (
                f"{start} is saturated: its output has rounded to {number(self.node.data)}, so its "
                f"derivative is 0; {EXACT_IN_TAILS[op]}{where}"
            )
        if self.kind == "rounded":
            return (
                f"{start} is of a number that has rounded to {number(self.node.parents[0].data)}: "
                f"{exact_logarithm(self.node)} keeps the digits of the result{where}"
            )
        if self.kind == "kink":
            return (
                f"{start} is at its kink, and the gradient that arrives is 0: derivatives of "
                f"higher order may be lost there{where}"
            )
        return (
            f"{start} passes nothing back: its derivative by input {self.position} is "
            f"{number(self.partial)}, and the gradient that arrives is 0{where}"
        )

    def __repr__(self) -> str:
        return f"<{self.kind}: {self}>"


def find_lost_gradient(
    what: Any, *arguments: Any, lines: tracing_lines | None = None, **named: Any
) -> list[LostGradient]:
    """The nodes at which a gradient of 0, or a logarithm of what has rounded, may not be the truth.

    Nothing is passed to an input whose derivative is exactly 0, so it meets no infinite derivative
    behind it: 0 · ∞ is taken for 0. So the gradient of sqrt(x)² at 0 is 0, where the limit is 1.

    Arguments:
        what: a recorded node; or a function, which is called with the arguments, its numbers
            as Values, while its lines are traced.
        arguments: of the function.
        lines: for a node recorded inside `with tracing_lines() as lines`: these lines.
        named: keyword arguments of the function, which it gets as they are.

    Returns: a LostGradient for each such node, to be printed, from the output back; an empty list
        where no gradient is lost.

    Raises: OperandError for what is neither a Value nor a function of numbers.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(0.0, "x")
        >>> for lost in bp.find_lost_gradient(bp.sqrt(x) ** 2):
        ...     print(lost)
        sqrt(x=0) passes nothing back: its derivative by input 0 is ∞, and the gradient that arrives is 0
    """  # noqa: E501
    outputs, traced = recorded_outputs("find_lost_gradient", what, arguments, named)
    lost = _lost(outputs)
    for each in lost:
        known = traced or lines
        if known is not None:
            each.line = known.text(each.node)
    return lost


def _lost(outputs: list[Value]) -> list[LostGradient]:
    order = topological_order(*outputs)
    adjoints: dict[int, float] = {}  # of the nodes that lead to an output, if only by a 0
    for output in outputs:
        adjoints[id(output)] = adjoints.get(id(output), 0.0) + 1.0
    reached = set(adjoints)  # those to which a sweep passes something
    lost: list[LostGradient] = []
    for node in reversed(order):
        op = node.op
        if op is None or op.partials is None or id(node) not in adjoints:
            continue
        adjoint, is_reached = adjoints[id(node)], id(node) in reached
        if exact_logarithm(node):
            lost.append(LostGradient("rounded", node, 0, adjoint))
        for i, parent, partial in _varying(node, op):
            kind = _kind(node, adjoint, partial, is_reached)
            if kind and not (kind == "kink" and _has(lost, node)):
                lost.append(LostGradient(kind, node, i, adjoint))
            if kind != "stopped" and not (op.gate and partial == 0.0):
                adjoints[id(parent)] = adjoints.get(id(parent), 0.0) + adjoint * partial
                if is_reached and _passes(adjoint, partial):
                    reached.add(id(parent))
    return lost


def _has(lost: list[LostGradient], node: Value) -> bool:
    """Whether the latest entry is of this node."""
    return bool(lost) and lost[-1].node is node


def _varying(node: Value, op: Primitive) -> Iterator[tuple[int, Value, float]]:
    """The inputs that may change: position, node and partial."""
    for i, (parent, partial) in enumerate(zip(node.parents, node.partials, strict=True)):
        if not parent.is_constant and i not in op.fixed:
            yield i, parent, partial


def _passes(adjoint: float, partial: float) -> bool:
    return partial != 0.0 or not math.isfinite(adjoint)


def _kind(node: Value, adjoint: float, partial: float, is_reached: bool) -> str:
    """How a gradient is lost on the way to an input; the empty string where it is not."""
    op = node.op
    assert op is not None
    if adjoint == 0.0:
        if not math.isfinite(partial):
            return "" if is_reached else "stopped"  # zero times infinity is NaN where it arrives
        inputs = [parent.data for parent in node.parents]
        flat = op.gate and partial == 0.0 and op is not ops.abs_
        return "kink" if op.kink is not None and not flat and op.kink.gap(*inputs) == 0 else ""
    saturated = op in EXACT_IN_TAILS and partial == 0.0 and math.isfinite(node.parents[0].data)
    return "saturated" if saturated and node.data != 0.0 else ""
