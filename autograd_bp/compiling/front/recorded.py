"""The numbers of a result as nodes, with derivatives that are recorded node by node."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.contexts import no_branching
from autograd_bp.derivatives.graphs import Region
from autograd_bp.derivatives.policies import AnyNumbers
from autograd_bp.derivatives.recorded import Recorded, record_gradients
from autograd_bp.value import Value

Number = Any  # a float or a Value


def numbers(name: str, outputs: Sequence[Number], nodes: Nodes) -> list[Number]:
    """The value, the gradient, or a product with derivatives.

    Arguments:
        name: "value", "grad", "jvp", "vjp" or "hvp".
        outputs: what the function returned.
        nodes: its arguments.
    """
    if name == "value":
        return [*outputs]
    if name == "grad":
        return record_gradients([_node(outputs[0])], nodes.wrt)
    if name == "vjp":
        return record_gradients([*map(_node, outputs)], nodes.wrt, nodes.cotangent)
    if name == "hvp":
        gradient = record_gradients([_node(outputs[0])], nodes.wrt, again=True)
        return _product(gradient, nodes)
    region = Region([*map(_node, outputs)], nodes.wrt, stop=True)
    with no_branching():
        return Recorded(region, AnyNumbers(again=False)).forward(nodes.tangent)


def matrix(name: str, outputs: Sequence[Number], nodes: Nodes) -> list[list[Number]]:
    """The derivatives of each output, or of each entry of the gradient for a "hessian"."""
    ends = outputs
    if name == "hessian":
        ends = record_gradients([_node(outputs[0])], nodes.wrt, again=True)
    zero = [0.0] * len(nodes.wrt)
    return [
        record_gradients([end], nodes.wrt) if isinstance(end, Value) else [*zero] for end in ends
    ]


def _product(gradient: list[Number], nodes: Nodes) -> list[Number]:
    """The Hessian times the tangent: the gradient of the gradient's product with the tangent."""
    pairs = zip(gradient, nodes.tangent, strict=True)
    varying = [(slope, factor) for slope, factor in pairs if isinstance(slope, Value)]
    slopes, factors = [slope for slope, _ in varying], [factor for _, factor in varying]
    return record_gradients(slopes, nodes.wrt, factors)


def _node(output: Number) -> Value:
    return output if isinstance(output, Value) else Value(output)
