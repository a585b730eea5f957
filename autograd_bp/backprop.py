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

_generation = 0  # each sweep marks the nodes that it has seen with a number of its own
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
    global _generation
    _generation = _generation + 1 if _generation < LAST_GENERATION else 1
    seen = _generation
    root = memory.node(output)
    if root._code < 0:
        root._grad = root._grad + seed if accumulate else seed
        return None
    order: Any = memory.stack()
    try:
        search(root, seen, order)
        root._grad = seed
        refused = propagate(order, seen)
        if memory.exists(refused):
            settle(order, seen, True)
        elif not accumulate:
            settle(order, seen, False)
    except BaseException:  # interrupted, or out of memory
        settle(order, seen, True)
        raise
    finally:
        memory.close(order)
    return memory.value(refused)


def search(root: Any, seen: int, order: Any) -> None:
    """Put what `root` depends on into `order`, leaves apart: each node after its parents.

    Their gradients are 0 then, and they are marked as seen."""
    pending: Any = memory.stack()
    try:
        memory.push(pending, root)
        while memory.size(pending):
            node = memory.pop(pending)
            if not memory.exists(node):  # the sign that all before the next node is in order
                memory.push(order, memory.pop(pending))
                memory.breathe(memory.size(order))
            elif node._mark != seen:
                node._mark = seen
                node._grad = 0.0
                memory.push(pending, node)
                memory.push(pending, memory.absent())
                # The first parent is searched first, so it goes on top.
                if memory.exists(node._first):
                    if memory.exists(node._second):
                        wait(node._second, seen, pending)
                    wait(node._first, seen, pending)
                else:
                    many = memory.many(node)
                    if many._inner == 0:
                        continue
                    for i in range(many._count - 1, -1, -1):
                        wait(many._parents[i], seen, pending)
    finally:
        memory.close(pending)


def wait(node: Any, seen: int, pending: Any) -> None:
    """Let a parent wait for its turn in the search; leaves have nothing to search."""
    if node._code >= 0 and node._mark != seen:
        memory.push(pending, node)


def propagate(order: Any, seen: int) -> Any:
    """Pass every node's gradient on to its parents, last node first. Returns the node that
    refused, or the absent node.

    An exact zero stops where it is: 0 · ∞ makes no NaN in a branch that was not taken."""
    refused = memory.absent()
    for i in range(memory.size(order) - 1, -1, -1):
        memory.breathe(i)
        node = memory.at(order, i)
        gradient = node._grad
        if gradient == 0.0:
            continue
        flags = kernels.flags(node._code)
        gate = flags & kernels.GATE
        if flags & kernels.REFUSE:
            refused = node
        elif memory.exists(node._first):
            if node._d_first != 0.0 or not gate:
                add(gradient * node._d_first, node._first, seen)
            if memory.exists(node._second) and (node._d_second != 0.0 or not gate):
                add(gradient * node._d_second, node._second, seen)
        else:
            many = memory.many(node)
            for k in range(many._count):
                if many._partials[k] != 0.0 or not gate:
                    add(gradient * many._partials[k], many._parents[k], seen)
    return refused


def add(amount: float, node: Any, seen: int) -> None:
    """Add to a gradient. A leaf, which no search has visited, remembers in the places of its
    partials what this sweep gave it and what it had: twice the sweep is exactly twice that."""
    if node._code >= 0:
        node._grad += amount
        return
    if node._mark != seen:
        node._d_first = 0.0
        node._d_second = node._grad
        node._mark = seen  # last: whoever undoes an interrupted sweep finds what was before
    node._d_first += amount
    node._grad = node._d_second + node._d_first


def settle(order: Any, seen: int, undo: bool) -> None:
    """Take from the leaves what they had before the sweep or, to undo, what it gave them."""
    for i in range(memory.size(order) - 1, -1, -1):
        node = memory.at(order, i)
        if memory.exists(node._first):
            settle_leaf(node._first, seen, undo)
            if memory.exists(node._second):
                settle_leaf(node._second, seen, undo)
        else:
            many = memory.many(node)
            for k in range(many._count):
                settle_leaf(many._parents[k], seen, undo)


def settle_leaf(node: Any, seen: int, undo: bool) -> None:
    if node._code < 0:
        if node._mark == seen:
            node._grad = node._d_second if undo else node._d_first
        elif not undo:
            node._grad = 0.0


def climb(values: list[Any], rate: float) -> None:
    """Move each value by rate · its gradient, which then is 0: a step of gradient ascent."""
    for node in values:
        gradient = node._grad
        if gradient != 0.0:
            node._grad = 0.0
            node._data += rate * gradient


value.set_backward(backward)
