"""The reverse sweep: the chain rule, from an output back to everything it depends on.

A depth-first search puts the nodes in the order in which they can be swept: every node after
all that it depends on, so that, read backwards, a node's gradient is complete before it is
passed on. Then each node adds (its gradient) x (local derivative) to each parent's gradient:
one multiplication and one addition for each edge, nothing computed twice.
"""

from __future__ import annotations

from typing import Any

from autograd_bp import value
from autograd_bp.errors import NotDifferentiableError, OperandError
from autograd_bp.native import kernels, memory
from autograd_bp.primitives import TABLE, number

_generation = 0  # each search marks the nodes that it has seen with a number of its own
LAST_GENERATION = 2**32 - 1  # a mark has 32 bits in the compiled core


def backward(output: Any, seed: Any = 1.0, accumulate: bool = True) -> None:
    """Sweep from `output`; see Value.backward.

    Raises: OperandError when `output` is not a Value or `seed` not a number;
        NotDifferentiableError when a gradient arrives at an operation that refuses it.
    """
    if not isinstance(output, value.Value):
        raise OperandError(
            f"backward starts at a Value, got {type(output).__name__} {output!r:.60}"
        )
    start = seed if type(seed) is float else number(seed)
    memory.enter()
    try:
        refused = sweep(output, start, bool(accumulate))
    finally:
        memory.leave()
    if refused is not None:
        row = TABLE[value.kind(refused)]
        raise NotDifferentiableError(f"{row.name} cannot be differentiated: {row.refusal}")


def sweep(output: Any, seed: float, accumulate: bool) -> Any:
    """The sweep itself. Returns None, or the node that refused; leaves are then untouched."""
    root = memory.node(output)
    order = memory.stack()
    leaves = memory.stack()
    try:
        search(root, order, leaves)
        root._grad = seed
        refused = propagate(order)
        settle(leaves, accumulate, memory.exists(refused))
    except BaseException:  # interrupted, or out of memory
        settle(leaves, False, True)
        raise
    finally:
        memory.close(order)
        memory.close(leaves)
    return memory.value(refused)


def search(root: Any, order: Any, leaves: Any) -> None:
    """Put what `root` depends on into `order` (nodes with parents, each after its parents)
    and `leaves`, all gradients at 0. A leaf keeps its gradient in the place of a partial."""
    global _generation
    _generation = _generation + 1 if _generation < LAST_GENERATION else 1
    seen = _generation
    pending = memory.stack()
    try:
        meet(root, seen, pending, leaves)
        while memory.size(pending):
            node = memory.pop(pending)
            if not memory.exists(node):  # the sign that all before the next node is in order
                memory.push(order, memory.pop(pending))
                memory.breathe(order)
            elif node._mark != seen:
                node._mark = seen
                node._grad = 0.0
                memory.push(pending, node)
                memory.push(pending, memory.absent())
                # The first parent is searched first, so it goes on top.
                if memory.exists(node._first):
                    if memory.exists(node._second):
                        meet(node._second, seen, pending, leaves)
                    meet(node._first, seen, pending, leaves)
                else:
                    many = memory.many(node)
                    for i in range(many._count - 1, -1, -1):
                        meet(many._parents[i], seen, pending, leaves)
    finally:
        memory.close(pending)


def meet(node: Any, seen: int, pending: Any, leaves: Any) -> None:
    """Take note of a parent: a leaf has nothing to search, another node waits its turn."""
    if node._mark != seen:
        if node._code >= 0:
            memory.push(pending, node)
        else:
            node._mark = seen
            node._d_first = node._grad
            node._grad = 0.0
            memory.push(leaves, node)


def propagate(order: Any) -> Any:
    """Pass every node's gradient on to its parents, last node first. Returns the node that
    refused, or the absent node.

    An exact zero stops where it is: 0 · ∞ makes no NaN in a branch that was not taken."""
    refused = memory.absent()
    while memory.size(order):
        memory.breathe(order)
        node = memory.pop(order)
        gradient = node._grad
        if gradient == 0.0:
            continue
        flags = kernels.flags(node._code)
        gate = flags & kernels.GATE
        if flags & kernels.REFUSE:
            refused = node
        elif memory.exists(node._first):
            if node._d_first != 0.0 or not gate:
                node._first._grad += gradient * node._d_first
            if memory.exists(node._second) and (node._d_second != 0.0 or not gate):
                node._second._grad += gradient * node._d_second
        else:
            many = memory.many(node)
            for i in range(many._count):
                if many._partials[i] != 0.0 or not gate:
                    many._parents[i]._grad += gradient * many._partials[i]
    return refused


def settle(leaves: Any, accumulate: bool, undo: bool) -> None:
    """Leaves add what this sweep found to what they had (or, to undo, take that back)."""
    while memory.size(leaves):
        node = memory.pop(leaves)
        if undo:
            node._grad = node._d_first
        elif accumulate:
            node._grad += node._d_first
        node._d_first = 0.0


value.set_backward(backward)
