"""Operations that a script computes by itself: closures, and derivatives that it states.

`Value(data, children, "tanh")` says what a node was computed from, and not how. If the script then
assigns a function to `_backward`, the sweep calls it. If it gives the local derivatives instead,
the node is like any other.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp import backprop
from autograd_bp.entry import Primitive
from autograd_bp.errors import NotDifferentiableError, OperandError, ShapeError
from autograd_bp.graph import topological_order
from autograd_bp.operands import number
from autograd_bp.value import OpenValue, Value, attributes_of, recompose, set_attribute

UNKNOWN = (
    "its script computed it, and says nothing of its derivatives: it was made by "
    "Value(data, children, op)"
)


def _not_computed(*inputs: float, **output: float) -> Any:
    raise OperandError(
        "a node that a script computed by itself cannot be computed again: write its operation "
        "with operators, or as a primitive of your own (autograd_bp.primitive)"
    )


CLOSURE = Primitive("closure", None, _not_computed, None, refusal=UNKNOWN, temporary=True)
"""The primitive of a node that its script computed. A sweep in C refuses it, and then `sweep` calls
the closures."""

STATED = Primitive("stated", None, _not_computed, _not_computed, temporary=True)
"""The primitive of a node of which the script states the local derivatives."""


def nodes_of(children: Any, like: type[OpenValue]) -> tuple[Value, ...]:
    """The children of a node as Values: a single one, a list or a set of them, plain numbers.

    Raises: OperandError for what is no number.
    """
    if isinstance(children, Value):
        return (children,)
    try:
        return tuple([each if isinstance(each, Value) else like(number(each)) for each in children])
    except (TypeError, OperandError):
        raise OperandError(
            f"the children of a Value are Values, got {type(children).__name__} {children!r:.60}"
        ) from None


def computed_by_script(node: OpenValue, children: Any) -> None:
    """Let a node have these children; nothing is known of its derivatives yet."""
    parents = nodes_of(children, type(node))
    if any(parent is node for parent in parents):
        raise OperandError("a Value cannot be among its own children")
    recompose(node, CLOSURE, parents, [0.0] * len(parents))


def with_derivatives(node: OpenValue, children: Any, local_grads: Iterable[Any]) -> None:
    """Let a node have these children, with a local derivative for each.

    Raises: ShapeError where there is not one for each child.
    """
    parents = nodes_of(children, type(node))
    try:
        partials = [number(each) for each in local_grads]
    except TypeError:
        raise OperandError(
            "the third argument of Value is the operation as text, or the local derivatives, one "
            f"for each child, got {type(local_grads).__name__} {local_grads!r:.60}"
        ) from None
    if len(partials) != len(parents):
        raise ShapeError(
            f"a Value has one local derivative for each child, got {len(partials)} for "
            f"{len(parents)} children"
        )
    if parents:
        recompose(node, STATED, parents, partials)


def closure_of(node: Value) -> Callable[[], Any] | None:
    """The function that a script has assigned to `_backward`, or the method of that name that a
    derived class has."""
    attributes = attributes_of(node)
    own = attributes.get("_backward") if attributes else None
    if own is None and callable(getattr(type(node), "_backward", None)):
        own = node._backward
    closure: Callable[[], Any] | None = own
    return closure


def set_closure(node: OpenValue, closure: Any, children: Sequence[Value], op: str) -> None:
    """Let a sweep call a function of the script's where it arrives at a node."""
    if not callable(closure):
        raise OperandError(
            f"_backward is a function without arguments, got {type(closure).__name__} "
            f"{closure!r:.60}"
        )
    if node.op is not CLOSURE:
        set_attribute(node, "_op", op)
        recompose(node, CLOSURE, tuple(children), [0.0] * len(children))
    set_attribute(node, "_backward", closure)


def pass_on(node: Value) -> None:
    """Add a node's gradient times its local derivatives to the gradients of its parents."""
    op, gradient = node.op, node.grad
    if op is None or gradient is None or gradient == 0.0 or op is CLOSURE:
        return
    if op.partials is None:
        raise NotDifferentiableError(f"{op.name} cannot be differentiated: {op.refusal}")
    for parent, partial in zip(node.parents, node.partials, strict=True):
        if partial != 0.0 or not op.gate:
            parent.grad = (parent.grad or 0.0) + gradient * partial


def backward_of(node: OpenValue) -> Callable[[], Any]:
    """The `_backward` of a node: the script's own function, or one that passes its gradient on."""
    return closure_of(node) or functools.partial(pass_on, node)


def call_closure(node: Value) -> bool:
    """Pass on the gradient of a node that its script computed: where there is no closure, nothing
    passes. False for a node of another primitive."""
    if node.op is not CLOSURE:
        return False
    closure = closure_of(node)
    if closure is not None:
        closure()
    return True


def _had_none(leaf: Value) -> bool:
    """Whether the gradient of a leaf was None before a sweep that did not reach its end."""
    attributes = attributes_of(leaf)
    return bool(attributes and attributes.get("no_grad")) and leaf.grad == 0.0


def sweep(output: Value, seed: Any = 1.0, accumulate: bool = True) -> None:
    """A sweep that calls closures where there are any, and is that of backprop.py where not.

    Raises: NotDifferentiableError where an operation has no derivative. If it raises, or a closure
        does, the gradients of the leaves are as they were.
    """
    refused = backprop.attempt(output, seed, accumulate)
    if refused is None:
        return
    try:
        refused = backprop.attempt(output, seed, accumulate, call_closure)
        if refused is not None:
            op = refused.op
            raise NotDifferentiableError(f"{op.name} cannot be differentiated: {op.refusal}")
    except BaseException:
        for leaf in topological_order(output):
            if not leaf.parents and _had_none(leaf):
                leaf.grad = None
        raise
