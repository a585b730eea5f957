"""The two loops of a sweep, `search` and `propagate` of backprop.py, written out.

They visit the nodes in the same order and add in the same order, so that the gradients have the
same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from math import copysign
from typing import Any

from autograd_bp.native import kernels


def install(value: Any, backprop: Any) -> None:
    """Let a sweep use the functions of this file."""
    flags = [kernels.flags(op.code) for op in value.TABLE]
    backprop.propagate = propagate_with(flags, backprop.propagate)
    backprop.search = search


def search(root: Any, seen: int, order: list[Any]) -> None:
    """Put the nodes that `root` depends on into `order`, each after its parents, but no leaves.

    They are marked as nodes that something reaches, and their gradients are set to -0.0, which says
    that nothing has reached them so far. On the stack None stands above a node whose parents will
    be in order when it is met again."""
    reached = seen + 1
    stack = [root]
    push, pop, put = stack.append, stack.pop, order.append
    while stack:
        node = pop()
        if node is None:
            put(pop())
            continue
        if node._mark == reached:
            continue
        node._mark = reached
        node._grad = -0.0
        first, second = node._first, node._second
        if first is None:
            push_many(node, reached, push)
        elif second is not None and second._code >= 0 and second._mark != reached:
            push(node)
            push(None)
            push(second)
            if first._code >= 0 and first._mark != reached:
                push(first)
        elif first._code >= 0 and first._mark != reached:
            push(node)
            push(None)
            push(first)
        else:
            put(node)


def push_many(node: Any, reached: int, push: Callable[[Any], None]) -> None:
    """Put a node of many parents on the stack of the search, and above it those to search."""
    push(node)
    push(None)
    if node._inner:
        for parent in reversed(node._parents):
            if parent._code >= 0 and parent._mark != reached:
                push(parent)


def propagate_with(flags: list[int], plain: Callable[..., Any]) -> Callable[..., Any]:
    """`propagate`, where the primitives with these flags are known already; `plain` is that of
    backprop.py."""
    known = len(flags)

    def propagate(order: list[Any], leaves: list[Any], reached: int, call: Any) -> Any:
        """Pass every node's gradient on to its parents, last node first.

        Returns: the node whose primitive refuses a gradient, or None.

        A gradient of -0.0 says that nothing reached a node: a sum of numbers that are not all -0.0
        is never -0.0. A leaf that is met for the first time keeps the gradient that it had in the
        place of its second partial, and its sum starts from 0."""
        root = order[-1]
        if call is not None:  # what a script adds may be -0.0: nodes are marked
            unmark(order, reached - 1)
            return plain(order, leaves, reached, call)
        refused = None
        keep = leaves.append
        root._grad = root._grad or -0.0  # a seed of 0 is nothing
        for node in reversed(order):
            gradient = node._grad
            if gradient == 0.0 and copysign(1.0, gradient) < 0.0:
                node._grad = 0.0
                continue
            code = node._code
            first = node._first
            if first is None or code >= known or flags[code]:
                if spread(node, gradient, reached, leaves):
                    refused = node
                continue
            if first._mark != reached:
                first._d_second = first._grad
                if first._grad:
                    keep(first)
                first._mark = reached  # if the sweep is interrupted, RESTORE trusts the mark
                first._grad = 0.0
            # To add -0.0 changes nothing, and a product of -0.0 is something.
            first._grad += gradient * node._d_first or (0.0 if node._d_first else -0.0)
            second = node._second
            if second is not None:
                if second._mark != reached:
                    second._d_second = second._grad
                    if second._grad:
                        keep(second)
                    second._mark = reached
                    second._grad = 0.0
                second._grad += gradient * node._d_second or (0.0 if node._d_second else -0.0)
        return refused

    return propagate


def unmark(order: list[Any], seen: int) -> None:
    """Mark the nodes as backprop.py does: seen, and reached only where the sweep starts."""
    for node in order[:-1]:
        node._mark = seen
        node._grad = 0.0
    if order[-1]._grad == 0.0:
        order[-1]._mark = seen


def spread(node: Any, gradient: float, reached: int, leaves: list[Any]) -> bool:
    """Pass the gradient of a node with many parents, or of a gate, on to its parents.

    Returns: True where the primitive of the node refuses it.
    """
    flags = kernels.flags(node._code)
    if flags & kernels.REFUSE:
        return True
    gate = flags & kernels.GATE
    first, second = node._first, node._second
    if first is None:
        parents, partials = node._parents, node._partials
    elif second is None:
        parents, partials = [first], [node._d_first]
    else:
        parents, partials = [first, second], [node._d_first, node._d_second]
    for parent, partial in zip(parents, partials, strict=True):
        if gate and not partial:
            continue
        if parent._mark != reached:
            parent._d_second = parent._grad
            if parent._grad:
                leaves.append(parent)
            parent._mark = reached
            parent._grad = 0.0
        parent._grad += gradient * partial or (0.0 if partial else -0.0)
    return False
