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

_generation = 0  # each search marks nodes with two numbers of its own: found, and done


def backward(output: Any, seed: Any = 1.0, accumulate: bool = True) -> None:
    """Sweep from `output`; see Value.backward.

    Raises: OperandError when `output` is not a Value or `seed` not a number;
        NotDifferentiableError when a gradient arrives at an operation that refuses it.
    """
    if not isinstance(output, value.Value):
        raise OperandError(
            f"backward starts at a Value, got {type(output).__name__} {output!r:.60}"
        )
    refused = sweep(output, number(seed), bool(accumulate))
    if refused is not None:
        row = TABLE[value.kind(refused)]
        raise NotDifferentiableError(f"{row.name} cannot be differentiated: {row.refusal}")


def sweep(output: Any, seed: float, accumulate: bool) -> Any:
    """The sweep itself. Returns None, or the node that refused; leaves are then untouched."""
    order = memory.stack()
    leaves = memory.stack()
    try:
        search(output, order, leaves)
        output._grad = seed
        refused = propagate(order)
        settle(leaves, accumulate, refused is not None)
    finally:
        memory.close(order)
        memory.close(leaves)
    return refused


def search(output: Any, order: Any, leaves: Any) -> None:
    """Put what `output` depends on into `order` (nodes with parents, each after its parents)
    and `leaves`, all gradients at 0. A leaf keeps its gradient in the place of a partial."""
    global _generation
    _generation += 2
    found = _generation - 1
    done = _generation
    pending = memory.stack()
    try:
        memory.push(pending, output)
        while memory.size(pending):
            node = memory.top(pending)
            if node._mark == found:
                node._mark = done
                memory.push(order, memory.pop(pending))
                continue
            if node._mark == done:
                memory.pop(pending)
                continue
            if node._code < 0:
                node._mark = done
                node._d_first = node._grad
                node._grad = 0.0
                memory.push(leaves, memory.pop(pending))
                continue
            node._mark = found
            node._grad = 0.0
            # The first parent is searched first, so it goes on top.
            if node._first is None:
                many = node
                for i in range(len(many._parents) - 1, -1, -1):
                    parent = many._parents[i]
                    if parent._mark != done:
                        memory.push(pending, parent)
            else:
                if node._second is not None and node._second._mark != done:
                    memory.push(pending, node._second)
                if node._first._mark != done:
                    memory.push(pending, node._first)
    finally:
        memory.close(pending)


def propagate(order: Any) -> Any:
    """Pass every node's gradient on to its parents, last node first.

    An exact zero stops where it is: 0 · ∞ makes no NaN in a branch that was not taken."""
    refused = None
    for i in range(memory.size(order) - 1, -1, -1):
        node = memory.at(order, i)
        gradient = node._grad
        if gradient == 0.0:
            continue
        flags = kernels.flags(node._code)
        if flags & kernels.REFUSE:
            refused = node
            continue
        if node._first is None:
            many = node
            for k in range(len(many._parents)):
                if many._partials[k] != 0.0 or not flags & kernels.GATE:
                    many._parents[k]._grad += gradient * many._partials[k]
            continue
        if node._d_first != 0.0 or not flags & kernels.GATE:
            node._first._grad += gradient * node._d_first
        if node._second is not None and (node._d_second != 0.0 or not flags & kernels.GATE):
            node._second._grad += gradient * node._d_second
    return refused


def settle(leaves: Any, accumulate: bool, undo: bool) -> None:
    """Leaves add what this sweep found to what they had (or, to undo, take that back)."""
    for i in range(memory.size(leaves)):
        node = memory.at(leaves, i)
        if undo:
            node._grad = node._d_first
        elif accumulate:
            node._grad += node._d_first
        node._d_first = 0.0


value.set_backward(backward)
