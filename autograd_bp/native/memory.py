"""Nodes in memory: the parents of a node, stacks of nodes, and the lock that sweeps take.

In the compiled core memory.pxd and the headers that it names take the place of this file: with
C pointers, C arrays, and nodes that are allocated in blocks.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from autograd_bp.errors import NestedSweepError

_value_type: Any = object
_many_type: Any = object
_own_types: frozenset[type] = frozenset()  # those of nodes that are of no subclass, and of None
_class_of_result: Callable[[Iterable[Any]], Any]
_dict_of: Callable[[Any], dict[str, Any]]


# ------------------------------------------------------------------------------ making nodes
def plain_node(code: int, first: Any, second: Any) -> Any:
    """A node of at most two parents, whose number and partials are not yet set."""
    cls = _value_type
    if type(first) not in _own_types or type(second) not in _own_types:
        cls = _class_of_result([node for node in (first, second) if node is not None])
    node = cls.__new__(cls)
    node._grad = 0.0
    node._code = code
    node._mark = 0
    node._first = first
    node._second = second
    return node


def many_node(count: int) -> Any:
    """A node with room for `count` parents; it is a leaf until its primitive is known."""
    node = _many_type.__new__(_many_type)
    node._grad = 0.0
    node._code = -1
    node._mark = 0
    node._first = None
    node._second = None
    reserve_parents(node, count)
    return node


def reserve_parents(node: Any, count: int) -> None:
    """Make room for `count` parents and their partials; `put_parent` then adds the parents."""
    node._count = 0
    node._inner = 0
    node._parents = [None] * count
    node._partials = [0.0] * count


length = len  # of a list or a tuple


def put_parent(node: Any, parent: Any) -> None:
    node._parents[node._count] = parent
    node._count += 1
    if parent._code >= 0:
        node._inner += 1


def put_parents(node: Any, operands: Sequence[Any], start: int) -> int:
    """Add the Values of a list or a tuple from `start` on, up to the first item that is not one.

    The node's mark becomes 1 when one of them is an instance of a subclass.

    Returns: the place of that item, or the length.
    """
    for i in range(start, len(operands)):
        if not isinstance(operands[i], _value_type):
            return i
        if type(operands[i]) not in _own_types:
            node._mark = 1
        put_parent(node, operands[i])
    return len(operands)


def keep(node: Any, op: Any) -> None:
    """Keep a primitive of a user's alive, as long as the node that it made; none that was
    recorded inside no_recording()."""
    if node._code >= 0:
        node._primitive = op


def get_parent(node: Any, index: int) -> Any:
    return node._parents[index]


# ------------------------------------------------- attributes of nodes that may have any
# Compiled, open.h keeps a dict beside the node, and lets the cyclic collector visit the node once
# something is in it that may refer to nodes.
def has_attributes(node: Any) -> bool:
    return bool(_dict_of(node))


def attributes(node: Any) -> dict[str, Any]:
    return _dict_of(node)


def put_attribute(node: Any, name: str, value: Any) -> None:
    _dict_of(node)[name] = value


def get_attribute(node: Any, name: str) -> Any:
    return _dict_of(node).get(name)


def follow(node: Any) -> None:
    """Compiled, the collector visits a node from now on if it visits one of its parents."""


def adopt(cls: type) -> None:
    """Compiled, a class that is derived from OpenValue gets quick operators: see operators.h."""


def catch_subscripts(array_class: Any, by_values: Callable[[Any, Any], Any]) -> None:
    """Make a class of arrays ask `by_values` for an index that NumPy refuses."""
    plain = array_class.__getitem__

    def subscript(array: Any, index: Any) -> Any:
        try:
            return plain(array, index)
        except Exception:
            result = by_values(array, index)
            if result is NotImplemented:
                raise
            return result

    array_class.__getitem__ = subscript


# ------------------------------------------------------------- nodes, as a sweep sees them
# Compiled, a sweep works on C pointers to nodes. There `None` is a pointer like any other, and
# comparing it needs a function.
def as_node(value: Any) -> Any:
    return value


def as_many(node: Any) -> Any:
    """The same node, which is known to be a ManyValue."""
    return node


def as_value(node: Any) -> Any:
    return node


def is_node(node: Any) -> bool:
    """False for `no_node()` and for a parent that does not exist."""
    return node is not None


def no_node() -> Any:
    return None


def fetch_near(node: Any) -> None:
    """Compiled, this has the processor fetch the nodes that were recorded around this one."""


# --------------------------------------------------------------------------- stacks of nodes
stack = list
push = list.append
pop = list.pop
size = len


def item(nodes: list[Any], index: int) -> Any:
    return nodes[index]


def add_earlier(leaves: list[Any]) -> None:
    """Add to the gradients of these leaves what they had before the sweep."""
    for node in leaves:
        node._grad = node._d_second + node._grad


def close(nodes: list[Any]) -> None:
    """Compiled, this frees the memory of a stack; a list needs no help."""


# ---------------------------------------------------------------------------------- the lock
# Sweeps mark nodes, and threads may share parameters, so only one sweep runs at a time.
_lock = threading.Lock()
_sweeper = 0  # the thread that holds the lock


def lock() -> None:
    """Wait until no other sweep runs.

    Raises: NestedSweepError when this thread is inside a sweep already (in a signal handler).
    """
    global _sweeper
    me = threading.get_ident()
    if _sweeper == me:
        raise NestedSweepError(
            "backward() was called while this thread was inside a sweep, from a signal handler "
            "or a destructor: call it after the sweep"
        )
    _lock.acquire()
    _sweeper = me


def unlock() -> None:
    global _sweeper
    _sweeper = 0
    _lock.release()


def poll_signals(nodes: int) -> None:
    """Compiled, other threads run and signals are handled here, once in many nodes."""


# -------------------------------------------------------------------------------- installing
def install_types(
    value_type: type,
    many_type: type,
    open_type: type,
    class_of_result: Callable[[Iterable[Any]], Any],
    own: int,
) -> None:
    """Compiled, this gives the types their own allocators and deallocators."""
    global _value_type, _many_type, _own_types, _class_of_result, _dict_of
    _dict_of = vars(open_type)["__dict__"].__get__  # a class may have another `__dict__`
    _value_type, _many_type, _class_of_result = value_type, many_type, class_of_result
    _own_types = frozenset((value_type, many_type, type(None)))
    value_type.__init__ = _explaining(value_type.__init__)  # type: ignore[misc]


def _explaining(plain: Any) -> Any:
    """`Value.__init__` for arguments too that it does not have; compiled, node_types.h has it."""

    @functools.wraps(plain)
    def explaining(self: Any, data: Any, label: str = "", *more: Any, **unknown: Any) -> None:
        if unknown or more:
            from autograd_bp.words import refuse_children, refuse_of_value

            refuse_of_value(unknown)
            refuse_children(label)
        plain(self, data, label)

    return explaining


def check_layout(node: Any) -> None:
    """Compiled, this raises ImportError where nodes.h and value.pxd disagree about a node."""
