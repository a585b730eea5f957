"""How far rounding may move a gradient that is computed exactly, by a sweep or by a formula.

Differences lose the digits of every large term of the function; a gradient does not. In
1e12 sin(a) + 1e-6 sin(b) the slope by b is known to all digits. What a formula may lose is what
cancels inside the slope of a primitive, such as 1 - y² for tanh, and what the rounding of a
primitive's inputs does to its slope. So much is allowed, passed back to the inputs like a gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from autograd_bp.graph import topological_order
from autograd_bp.value import Value

__all__ = ["rounding_bounds"]

# Their partials are inputs, constants or quotients of these: nothing cancels in them.
EXACT_SLOPES = frozenset(["add", "sub", "neg", "mul", "div", "dot", "sum", "mean", "square", "abs"])
EXACT_SLOPES |= {
    "maximum",
    "minimum",
    "where",
    "clip",
    "relu",
    "leaky_relu",
    "threshold",
    "copysign",
}
EXACT_SLOPES |= {"sign", "heaviside", "floor", "ceil", "trunc", "round", "round_to", "floor_divide"}
EXACT_SLOPES |= {"degrees", "radians"}
LINEAR = frozenset(["add", "sub", "neg", "sum", "mean"])


def rounding_bounds(output: Value, inputs: Sequence[Value], rounding: float) -> list[float]:
    """For each input, how far its gradient may be off.

    Arguments:
        output: of a recorded graph.
        inputs: nodes of that graph.
        rounding: the error of one step, relative.
    """
    order = topological_order(output)
    errors = _errors_of_values(order, inputs, rounding)
    adjoint: dict[int, float] = {id(output): 1.0}
    bound: dict[int, float] = {}
    for node in reversed(order):
        above, doubt = adjoint.get(id(node), 0.0), bound.get(id(node), 0.0)
        if node.op is None or not (above or doubt):
            continue
        for i, (parent, partial) in enumerate(zip(node.parents, node.partials, strict=True)):
            error = abs(partial) * doubt + abs(above) * _error_of_partial(node, i, errors, rounding)
            adjoint[id(parent)] = adjoint.get(id(parent), 0.0) + above * partial
            bound[id(parent)] = bound.get(id(parent), 0.0) + error
    return [_finite(bound.get(id(node), 0.0)) for node in inputs]


def _errors_of_values(
    order: Sequence[Value], inputs: Sequence[Value], rounding: float
) -> dict[int, float]:
    """How far rounding may move the number of each node."""
    errors = {id(node): rounding * abs(node.data) for node in inputs}
    for node in order:
        if node.op is not None and id(node) not in errors:
            pairs = zip(node.parents, node.partials, strict=True)
            passed = sum(abs(partial) * errors.get(id(parent), 0.0) for parent, partial in pairs)
            errors[id(node)] = passed + rounding * abs(node.data)
    return errors


def _error_of_partial(node: Value, i: int, errors: dict[int, float], rounding: float) -> float:
    """How far rounding may move a partial of a node."""
    assert node.op is not None
    parent, partial = node.parents[i], abs(node.partials[i])
    error = rounding * partial
    name = node.op.name
    if name in LINEAR:
        return error
    if name in ("mul", "dot"):
        other = node.parents[(i + len(node.parents) // 2) % len(node.parents)]
        return error + errors.get(id(other), 0.0)
    size = abs(parent.data)
    if size:
        error += partial / size * errors.get(id(parent), 0.0)
        if name not in EXACT_SLOPES:
            error += rounding * abs(node.data) * max(1.0, 1.0 / size)
    return error


def _finite(x: float) -> float:
    return x if math.isfinite(x) else math.inf
