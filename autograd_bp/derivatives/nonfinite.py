"""find_nonfinite: where the first NaN or infinity arises, in values or in gradients."""

from __future__ import annotations

import math
from typing import Any

from autograd_bp.derivatives.hints import exact_logarithm
from autograd_bp.derivatives.lines import tracing_lines
from autograd_bp.derivatives.trees import flatten
from autograd_bp.errors import OperandError
from autograd_bp.graph import topological_order
from autograd_bp.notation.numbers import number
from autograd_bp.value import Value


class Finding:
    """The node where an operation on finite numbers first gave a number that is not finite.

    Attributes:
        kind: "input" for a leaf that is not finite itself, "value" for an operation whose
            result is not, "gradient" for an operation that passes back what is not.
        node: that node.
        number: the number that is not finite.
        inputs: the inputs of the operation, as numbers.
        gradient: for the kind "gradient", the gradient of the node.
        position: for the kind "gradient", the input that the number goes back to.
        line: file, line and source of the operation; empty where lines were not traced.
    """

    def __init__(
        self,
        kind: str,
        node: Value,
        number: float,
        *,
        gradient: float = 0.0,
        position: int = 0,
        line: str = "",
    ) -> None:
        self.kind, self.node, self.number = kind, node, number
        self.inputs = [parent.data for parent in node.parents]
        self.gradient, self.position, self.line = gradient, position, line

    def __str__(self) -> str:
        named = f" {self.node.label!r}" if self.node.label else ""
        where = f", at {self.line}" if self.line else ""
        if self.node.op is None:
            return f"the input{named} is {number(self.number)}{where}"
        operation = f"{self.node.op.name}({', '.join(map(_input, self.node.parents))})"
        if self.kind == "value":
            better = exact_logarithm(self.node)
            hint = f"; {better} is finite there" if better else ""
            return f"{operation}{named} is {number(self.number)}{hint}{where}"
        partial = self.node.partials[self.position]
        return (
            f"{operation}{named} passes back {number(self.number)}: its derivative by input "
            f"{self.position} is {number(partial)}, the gradient that arrives is "
            f"{number(self.gradient)}{where}"
        )

    def __repr__(self) -> str:
        return f"<{self.kind}: {self}>"


def _input(node: Value) -> str:
    return f"{node.label}={number(node.data)}" if node.label else number(node.data)


def find_nonfinite(
    what: Any, *arguments: Any, lines: tracing_lines | None = None, **named: Any
) -> Finding | None:
    """The first operation that makes a NaN or an infinity of finite numbers.

    Arguments:
        what: a recorded node; or a function, which is called with the arguments, its numbers
            as Values, while its lines are traced.
        arguments: of the function.
        lines: for a node recorded inside `with tracing_lines() as lines`: these lines.
        named: keyword arguments of the function, which it gets as they are.

    Returns: a Finding, to be printed, or None where every value and every gradient is finite.
        Gradients are looked at only where all values are finite.

    Raises: OperandError for what is neither a Value nor a function of numbers.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(0.0, "x")
        >>> print(bp.find_nonfinite(bp.sqrt(x) * 2.0))
        sqrt(x=0) passes back ∞: its derivative by input 0 is ∞, the gradient that arrives is 2
    """
    outputs, traced = recorded_outputs("find_nonfinite", what, arguments, named)
    lines = traced or lines
    order = topological_order(*outputs)
    finding = _in_values(order) or _in_gradients(order, outputs)
    if finding is not None and lines is not None:
        finding.line = lines.text(finding.node)
    return finding


def recorded_outputs(
    name: str, what: Any, arguments: tuple[Any, ...], named: dict[str, Any]
) -> tuple[list[Value], tracing_lines | None]:
    """The outputs of a recorded node or of a function that is called, and its lines.

    Raises: OperandError, in the name of the function that asks.
    """
    if isinstance(what, Value):
        return [what], None
    if not callable(what):
        raise OperandError(
            f"{name} takes a Value or a function, got {type(what).__name__} {what!r:.60}"
        )
    points = []
    for position, argument in enumerate(arguments):
        leaves, shape = flatten(argument, f"argument {position}")
        points.append(shape.build([x if isinstance(x, Value) else Value(x) for x in leaves]))
    with tracing_lines() as lines:
        result = what(*points, **named)
    outputs = [x for x in flatten(result, "the output")[0] if isinstance(x, Value)]
    return outputs, lines


def _in_values(order: list[Value]) -> Finding | None:
    for node in order:  # parents come first, so the first that is not finite has finite parents
        if not math.isfinite(node.data):
            return Finding("input" if node.op is None else "value", node, node.data)
    return None


def _in_gradients(order: list[Value], outputs: list[Value]) -> Finding | None:
    adjoints: dict[int, float] = {}  # of the nodes that a sweep reaches
    for output in outputs:
        adjoints[id(output)] = adjoints.get(id(output), 0.0) + 1.0
    for node in reversed(order):
        adjoint = adjoints.get(id(node))
        if adjoint is None or node.op is None or node.op.partials is None:
            continue
        for i, (parent, partial) in enumerate(zip(node.parents, node.partials, strict=True)):
            if parent.is_constant or partial == 0.0:
                continue
            passed = adjoint * partial
            if not math.isfinite(passed):
                return Finding("gradient", node, passed, gradient=adjoint, position=i)
            adjoints[id(parent)] = adjoints.get(id(parent), 0.0) + passed
    return None
