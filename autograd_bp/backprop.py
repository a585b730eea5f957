"""The reverse sweep: the chain rule, from an output back to everything that it depends on.

A depth-first search puts the nodes in an order in which each stands after all that it depends on.
Read backwards, a node's gradient is complete before it is passed on. Then each node adds
(its gradient) x (local derivative) to the gradient of each parent: one multiplication and one
addition for each edge, nothing computed twice.

A node that nothing reaches passes nothing on, so its infinite partials do no harm. A gradient whose
parts cancel to 0 does reach a node: zero times infinity is then NaN, as it is in forward mode.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_bp import value
from autograd_bp.entry import by_code
from autograd_bp.errors import NotDifferentiableError, OperandError
from autograd_bp.native import codes, kernels, memory
from autograd_bp.operands import number

# The number with which the latest sweep marked the nodes that it has seen; it is even, and the next
# one marks those that something has reached.
_generation = 0
MEET, RESTORE, CLEAR = range(3)  # what for_leaves does
LEAF = -1  # the code of a leaf that is no constant, as in value.py
LAST_GENERATION = 2**32 - 2  # a mark has 32 bits in the compiled core
LARGE = 4096  # nodes of a graph, from which on it pays to fetch those nearby


def backward(output: Any, seed: Any = 1.0, accumulate: bool = True) -> None:
    """Sweep from `output`; see Value.backward.

    Raises: OperandError when `output` is not a Value or `seed` not a number;
        NotDifferentiableError when a gradient arrives at an operation that refuses it.
    """
    refused = attempt(output, seed, accumulate)
    if refused is not None:
        op = by_code(value.kind(refused))
        raise NotDifferentiableError(f"{op.name} cannot be differentiated: {op.refusal}")


def attempt(
    output: Any, seed: Any, accumulate: bool, call: Callable[[Any], bool] | None = None
) -> Any:
    """A sweep that returns the node that refused a gradient, or None; see Value.backward.

    Arguments:
        output: where the sweep starts.
        seed: what it starts with there.
        accumulate: whether leaves keep what they had before.
        call: for graphs with operations that a script computes by itself: it passes the gradient of
            such a node on, and returns True; or returns False. See compat/closures.py.

    Where a node refuses, and where `call` raises, the leaves are as they were.
    """
    if not isinstance(output, value.Value):
        raise OperandError(
            f"backward starts at a Value, got {type(output).__name__} {output!r:.60}"
        )
    start = seed if type(seed) is float else number(seed)
    memory.lock()
    try:
        return sweep(output, start, bool(accumulate), call)
    finally:
        if call is not None:
            value.watch_scripts(0)
        memory.unlock()


def sweep(output: Any, seed: float, accumulate: bool, call: Callable[[Any], bool] | None) -> Any:
    """The sweep itself. Returns None, or the node that refused; leaves are then untouched."""
    global _generation
    _generation = _generation + 2 if _generation < LAST_GENERATION else 2
    seen = _generation
    root = memory.as_node(output)
    if root._code < 0:
        root._grad = root._grad + seed if accumulate else seed
        return None
    order: Any = memory.stack()
    leaves: Any = memory.stack()  # those that had a gradient before
    try:
        search(root, seen, order)
        if call is not None:
            for_leaves(order, leaves, seen + 1, MEET)
            value.watch_scripts(seen + 1)
        root._grad = seed + 0.0  # never -0.0
        if seed != 0.0:
            root._mark = seen + 1
        refused = propagate(order, leaves, seen + 1, call)
        if memory.is_node(refused):
            for_leaves(order, leaves, seen + 1, RESTORE)
        elif accumulate:
            memory.add_earlier(leaves)
        else:
            for_leaves(order, leaves, seen + 1, CLEAR)
    except BaseException:  # interrupted, out of memory, or raised by the function
        for_leaves(order, leaves, seen + 1, RESTORE)
        raise
    finally:
        memory.close(order)
        memory.close(leaves)
    return memory.as_value(refused)


def search(root: Any, seen: int, order: Any) -> None:
    """Put the nodes that `root` depends on into `order`, each after its parents, but no leaves.

    Their gradients are set to 0, and they are marked as seen."""
    pending: Any = memory.stack()
    visited = 0
    try:
        memory.push(pending, root)
        while memory.size(pending):
            node = memory.pop(pending)
            if not memory.is_node(node):  # the parents of the next node are in order
                memory.push(order, memory.pop(pending))
                memory.poll_signals(memory.size(order))
                continue
            while node._mark != seen:  # from a node to its first parent, without the stack
                visited += 1
                if visited > LARGE:
                    memory.fetch_near(node)
                node._mark = seen
                node._grad = 0.0
                first, second = node._first, node._second
                if not memory.is_node(first):
                    push_many(node, seen, pending)
                    break
                into_first = is_unseen(first, seen)
                into_second = memory.is_node(second) and is_unseen(second, seen)
                if not into_first and not into_second:
                    memory.push(order, node)
                    memory.poll_signals(memory.size(order))
                    break
                memory.push(pending, node)
                memory.push(pending, memory.no_node())
                if into_first and into_second:
                    memory.push(pending, second)
                node = first if into_first else second
    finally:
        memory.close(pending)


def push_many(node: Any, seen: int, pending: Any) -> None:
    """Put a node of many parents on the stack of the search, and above it those to search."""
    memory.push(pending, node)
    memory.push(pending, memory.no_node())
    many = memory.as_many(node)
    if many._inner:
        for i in range(many._count - 1, -1, -1):
            if is_unseen(many._parents[i], seen):
                memory.push(pending, many._parents[i])


def is_unseen(node: Any, seen: int) -> bool:
    """Whether a parent is still to be searched. Leaves are not: they have no parents."""
    return node._code >= 0 and node._mark != seen  # type: ignore[no-any-return]


def propagate(order: Any, leaves: Any, reached: int, call: Callable[[Any], bool] | None) -> Any:
    """Pass every node's gradient on to its parents, last node first.

    Returns: the node whose primitive refuses a gradient, or `memory.no_node()`."""
    refused = memory.no_node()
    for i in range(memory.size(order) - 1, -1, -1):
        memory.poll_signals(i)
        node = memory.item(order, i)
        if node._mark != reached:
            continue
        gradient = node._grad
        flags = kernels.flags(node._code)
        if flags & kernels.REFUSE:
            refused = node
        elif memory.is_node(node._first):
            if call is not None and is_own(node) and call(memory.as_value(node)):
                continue
            parent = node._first
            if node._d_first != 0.0 or reaches(parent, gradient, flags):
                if parent._mark != reached:
                    meet(parent, leaves, reached)
                parent._grad += gradient * node._d_first
            parent = node._second
            if not memory.is_node(parent):
                continue
            if node._d_second != 0.0 or reaches(parent, gradient, flags):
                if parent._mark != reached:
                    meet(parent, leaves, reached)
                parent._grad += gradient * node._d_second
        else:
            many = memory.as_many(node)
            parents = many._parents
            partials = many._partials
            for k in range(many._count):
                parent = parents[k]
                if partials[k] != 0.0 or reaches(parent, gradient, flags):
                    if parent._mark != reached:
                        meet(parent, leaves, reached)
                    parent._grad += gradient * partials[k]
    return refused


def reaches(parent: Any, gradient: float, flags: int) -> bool:
    """Whether a gradient reaches a parent whose partial is an exact zero: not through a gate, and
    nodes only where zero times the gradient is NaN. Leaves pass nothing on."""
    return not flags & kernels.GATE and (parent._code < 0 or gradient - gradient != 0.0)


def meet(node: Any, leaves: Any, reached: int) -> None:
    """Mark a node as reached.

    The search has not visited the leaves. They start from 0 here, and keep what they had before in
    the place of their second partial. Two equal sweeps then give exactly twice the gradient."""
    if node._code < 0:
        node._d_second = node._grad
        if node._grad != 0.0:
            memory.push(leaves, node)
            node._mark = reached  # before the next line: where interrupted, RESTORE trusts the mark
            node._grad = 0.0
    node._mark = reached


def is_own(node: Any) -> bool:
    """Whether a node shows one of many parents that refuses a gradient; see value.content."""
    if node._code != codes.add or memory.is_node(node._second):
        return False
    return kernels.flags(node._first._code) & kernels.REFUSE != 0


def for_leaves(order: Any, leaves: Any, reached: int, task: int) -> None:
    """Do one of three tasks for every leaf, at least once: see set_leaf."""
    for i in range(memory.size(order) - 1, -1, -1):
        node = memory.item(order, i)
        if memory.is_node(node._first):
            set_leaf(node._first, leaves, reached, task)
            if memory.is_node(node._second):
                set_leaf(node._second, leaves, reached, task)
        else:
            many = memory.as_many(node)
            for k in range(many._count):
                set_leaf(many._parents[k], leaves, reached, task)


def set_leaf(node: Any, leaves: Any, reached: int, task: int) -> None:
    """Meet a leaf before the sweep, or give it what it had before; or clear one that nothing
    reached. To do it twice changes nothing."""
    if node._code < 0:
        if node._mark == reached:
            if task == RESTORE:
                node._grad = node._d_second
        elif task == MEET:
            meet(node, leaves, reached)
        elif task == CLEAR:
            node._grad = 0.0


def ascend_step(values: list[Any], rate: float) -> None:
    """A step of gradient ascent: add rate · its gradient to each value, and set that to 0."""
    for node in values:
        gradient = node._grad
        if gradient != 0.0:
            node._grad = 0.0
            node._data += rate * gradient


# -------------------------------------------------------------------- what a graph is made of
def free_leaves(outputs: list[Any], known: list[Any]) -> list[tuple[Any, int]]:
    """The leaves that the outputs depend on and that are neither known nor constants, each with
    the number of edges that lead to it. What a known node depends on does not count."""
    global _generation
    memory.lock()
    try:
        _generation = _generation + 2 if _generation < LAST_GENERATION else 2
        return found_leaves(outputs, known, _generation)
    finally:
        memory.unlock()


def found_leaves(outputs: list[Any], known: list[Any], seen: int) -> list[tuple[Any, int]]:
    edges: dict[Any, int] = {}
    for leaf in known:
        node = memory.as_node(leaf)
        node._mark = seen
    pending: Any = memory.stack()
    try:
        for output in outputs:
            if isinstance(output, value.Value):
                node = memory.as_node(output)
                if node._code >= 0:
                    memory.push(pending, node)
                elif node._code == LEAF and node._mark != seen:
                    edges[output] = 0
        while memory.size(pending):
            node = memory.pop(pending)
            if node._mark == seen:
                continue
            node._mark = seen
            if memory.is_node(node._first):
                follow(node._first, seen, pending, edges)
                if memory.is_node(node._second):
                    follow(node._second, seen, pending, edges)
            else:
                many = memory.as_many(node)
                for i in range(many._count):
                    follow(many._parents[i], seen, pending, edges)
    finally:
        memory.close(pending)
    return list(edges.items())


def follow(node: Any, seen: int, pending: Any, edges: dict[Any, int]) -> None:
    """Put a parent on the stack of the search, or count an edge that leads to a leaf."""
    if node._code >= 0 and node._mark != seen:
        memory.push(pending, node)
    elif node._code == LEAF and node._mark != seen:
        leaf = memory.as_value(node)
        edges[leaf] = edges.get(leaf, 0) + 1


def order_of(outputs: list[Any], stop: list[Any]) -> list[Any]:
    """What `searched` of graph.py returns, faster where this file is compiled.

    Raises: NestedSweepError inside a sweep, whose marks this would overwrite.
    """
    global _generation
    memory.lock()
    try:
        _generation = _generation + 2 if _generation < LAST_GENERATION else 2
        return found_order(outputs, stop, _generation)
    finally:
        memory.unlock()


def found_order(outputs: list[Any], stop: list[Any], seen: int) -> list[Any]:
    order: list[Any] = []
    for output in stop:
        node = memory.as_node(output)
        node._mark = seen + 1  # in the order as soon as it is met
    pending: Any = memory.stack()
    try:
        for output in reversed(outputs):
            memory.push(pending, memory.as_node(output))
        while memory.size(pending):
            node = memory.pop(pending)
            if not memory.is_node(node):  # the parents of the next node are in order
                order.append(memory.as_value(memory.pop(pending)))
            elif node._mark == seen:
                continue
            elif node._code < 0 or node._mark == seen + 1:
                node._mark = seen
                order.append(memory.as_value(node))
            else:
                node._mark = seen
                memory.push(pending, node)
                memory.push(pending, memory.no_node())
                push_parents(node, seen, pending)
    finally:
        memory.close(pending)
    return order


def push_parents(node: Any, seen: int, pending: Any) -> None:
    """Put the parents that are not in order on the stack of the search, the first one on top."""
    if memory.is_node(node._second):
        if node._second._mark != seen:
            memory.push(pending, node._second)
    elif memory.is_node(node._first) and node._code == codes.add:  # see value.content
        node = node._first
    if memory.is_node(node._first):
        if node._first._mark != seen:
            memory.push(pending, node._first)
    else:
        many = memory.as_many(node)
        for i in range(many._count - 1, -1, -1):
            if many._parents[i]._mark != seen:
                memory.push(pending, many._parents[i])


value.set_backward(backward)
