"""Values that a compiled function takes from outside: from a closure, a global name, a default
argument, an attribute of an object.

Their numbers are read at each call, as those of arguments are. A call also looks whether other
Values stand in their places by now, or more of them: then the function is recorded again.
"""

from __future__ import annotations

import contextlib
import functools
import sys
import weakref
from collections.abc import Callable, Iterable, Sequence
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

from autograd_bp.backprop import free_leaves
from autograd_bp.errors import FrozenNumberError
from autograd_bp.graph import topological_order
from autograd_bp.random.sources import frozen, is_drawn, note_mean
from autograd_bp.value import Value, number_of

MAX_OBJECTS = 20_000  # that are looked at in search of Values
MAX_REMEMBERED = 1000  # arguments of one recording that are not to be used elsewhere
MAX_MIXED = 1000  # entries of a list that begins with a plain number and may have Values too

_PLAIN = (int, float, complex, str, bytes, bool, type(None), ModuleType, CodeType)
_LIBRARIES = {*sys.stdlib_module_names, "autograd_bp", "numpy", "scipy"} - {"__main__"}


class Captured:
    """The leaves that a function took from outside.

    Arguments:
        function: the function.
        leaves: what its recorded graph depends on beside its arguments.
        static: its static arguments, which may have Values too.
        took_means: whether it asked for random numbers where none are drawn.

    Attributes:
        leaves, took_means: as given.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        leaves: Sequence[Value],
        static: Sequence[Any] = (),
        *,
        took_means: bool = False,
    ) -> None:
        self.leaves, self.took_means = list(leaves), took_means
        self._function = function
        self._reachable = reachable_values(function, *static) if leaves else []

    def numbers(self) -> list[float]:
        """The numbers that the leaves have now."""
        return [number_of(leaf) for leaf in self.leaves]

    def is_current(self, static: Sequence[Any]) -> bool:
        """Whether the function would find the same Values now.

        Raises: FrozenNumberError where it would draw random numbers now, and took means.
        """
        if self.took_means:
            if is_drawn():
                raise frozen(getattr(self._function, "__name__", repr(self._function)))
            note_mean()  # for a function around this one
        if not self.leaves:
            return True
        now = reachable_values(self._function, *static)
        return len(now) == len(self._reachable) and all(
            a is b for a, b in zip(now, self._reachable, strict=True)
        )


_recorded: weakref.WeakSet[Value] = weakref.WeakSet()  # arguments that functions were recorded with


def remember(*lists: Sequence[Value]) -> None:
    """Note the arguments that a function was recorded with: they are not to be used elsewhere."""
    if sum(map(len, lists)) <= MAX_REMEMBERED:
        for leaves in lists:
            _recorded.update(leaves)


def refuse_recorded(leaves: Sequence[Value], name: str) -> None:
    """Raise FrozenNumberError for an argument that another function was recorded with: what that
    function kept outside has the numbers of its recording for ever."""
    for leaf in topological_order(*leaves):
        if leaf in _recorded:
            raise FrozenNumberError(
                f"{name} computes with what another compiled function kept outside while it was "
                f"recorded, from its argument {leaf.label or 'without a name'}: that number would "
                "stay as it was then; return it from that function, and pass it as an argument"
            )


def captured_values(outputs: Sequence[Any], known: Sequence[Value], *roots: Any) -> list[Value]:
    """The Values that a recorded graph takes from outside.

    Arguments:
        outputs: the ends of the graph.
        known: the arguments that it was recorded with.
        *roots: the function, and its static arguments.
    """
    if not free_leaves([*outputs], known if type(known) is list else [*known]):
        return []
    computed = _computed_outside(outputs, known, roots)
    return [*computed, *_captured_leaves([*outputs], [*known, *computed])]


def _computed_outside(
    outputs: Sequence[Any], known: Sequence[Value], roots: Sequence[Any]
) -> list[Value]:
    """Results of operations that the function found outside. They have the numbers of when they
    were computed, or that were written into them, as in code that is not compiled."""
    results = [node for node in reachable_values(*roots) if node.op is not None]
    if not results:
        return []
    given = {id(node) for node in known}
    nodes = [output for output in outputs if isinstance(output, Value)]
    used = {id(node) for node in topological_order(*nodes, stop=[*known, *results])}
    return [
        node
        for node in dict.fromkeys(results)
        if id(node) in used
        and not any(id(other) in given for other in topological_order(node, stop=known))
    ]


def _captured_leaves(outputs: list[Any], known: list[Value]) -> list[Value]:
    """The leaves that the graph takes from outside.

    A leaf that nothing but the graph refers to was made while the function ran, and nobody can
    give it another number: it is a constant.
    """
    leaves = free_leaves(outputs, known)
    count = getattr(sys, "getrefcount", None)
    if count is None:  # another Python than CPython: each of them may be referred to
        return [leaf for leaf, _ in leaves]
    captured: list[Value] = []
    leaves.append((Value(0.0), 0))  # which nothing refers to but what is written here
    own = -1
    while leaves:
        leaf, edges = leaves.pop()
        references = count(leaf) - edges
        if own < 0:
            own = references
        elif references > own or leaf in _recorded:
            captured.append(leaf)
    return captured[::-1]


def reachable_values(*roots: Any) -> list[Value]:
    """The Values that `roots` reach; see `reachable`."""
    return reachable(Value, roots, MAX_OBJECTS)


def reachable(kinds: Any, roots: Iterable[Any], limit: int) -> list[Any]:
    """The objects of some classes that functions reach by the names that they use, and objects by
    what they hold, in the order in which they are found.

    Arguments:
        kinds: a class, or several.
        roots: the functions and objects.
        limit: how many other objects are looked at.
    """
    results: list[Any] = []
    seen: set[int] = set()
    pending: list[Any] = [*roots]
    while pending and len(seen) < limit:
        item = pending.pop()
        if isinstance(item, kinds):
            results.append(item)
        elif not isinstance(item, _PLAIN) and id(item) not in seen:
            seen.add(id(item))
            pending += _parts(item)
    return results


def _parts(item: Any) -> list[Any]:
    """The objects that can be reached from an object in one step."""
    if isinstance(item, (list, tuple)):
        is_data = len(item) > MAX_MIXED and type(item[0]) in (float, int, str)
        return [] if is_data else list(item)
    if isinstance(item, (set, frozenset)):
        return list(item)
    if isinstance(item, dict):
        return list(item.values())
    if isinstance(item, FunctionType):
        return _parts_of_function(item)
    if isinstance(item, MethodType):
        return [item.__self__, item.__func__]
    if isinstance(item, functools.partial):
        return [item.func, item.args, item.keywords]
    if isinstance(item, (staticmethod, classmethod)):
        return [item.__func__]
    if isinstance(item, property):
        return [item.fget]
    if hasattr(type(item), "__reachable__"):  # a compiled function, a method of one
        return list(item.__reachable__)
    kind = getattr(getattr(item, "dtype", None), "kind", "")
    if kind:
        return list(item.ravel()) if kind == "O" else []
    if isinstance(item, type):
        return [] if _is_library(item.__module__) else [*vars(item).values(), *item.__bases__]
    return [*getattr(item, "__dict__", {}).values(), *_slots(item), type(item)]


def _is_library(module: Any) -> bool:
    return str(module).partition(".")[0] in _LIBRARIES


def _slots(item: Any) -> list[Any]:
    names = [name for cls in type(item).__mro__ for name in _listed(cls.__dict__.get("__slots__"))]
    return [getattr(item, name) for name in names if hasattr(item, name)]


def _listed(slots: Any) -> list[str]:
    names = [slots] if isinstance(slots, str) else list(slots or ())
    return [name for name in names if not name.startswith("__")]


def _parts_of_function(function: FunctionType) -> list[Any]:
    parts: list[Any] = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    for cell in function.__closure__ or ():
        with contextlib.suppress(ValueError):  # a name that has no value yet
            parts.append(cell.cell_contents)
    spaces = function.__globals__
    if not _is_library(spaces.get("__name__")):
        names = _names(function.__code__)
        for item in [spaces[name] for name in names if name in spaces]:
            if not isinstance(item, ModuleType):
                parts.append(item)
            elif not _is_library(item.__name__):
                parts += [vars(item)[name] for name in names if name in vars(item)]
    return parts


def _names(code: CodeType) -> list[str]:
    """The names that the code of a function, and of functions inside it, may look up."""
    names = list(code.co_names)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            names += _names(constant)
    return names
