"""The variables around a call of `draw`, as names for values that have no label.

Looked at are the function that calls, those that called it, and the module's globals, nearest
first; of each, its variables, the lists and dictionaries among them, and the attributes of objects,
such as `self`. A value that is named nearby keeps its name, and a name is used once.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from itertools import islice
from types import FrameType, ModuleType
from typing import Any

from autograd_bp.value import Value

MAX_ITEMS = 1_000  # variables, and items of a list
# Items of a list of lists, and of all lists and dictionaries, the nearest first: a program may hold
# millions.
MAX_IN_ONE, MAX_IN_ALL = 5_000, 20_000
MAX_FRAMES = 30
OURS = "autograd_bp."
_PLAIN = (int, float, str, bytes, bool, type(None), type, ModuleType)


def variables(frame: FrameType | None = None) -> dict[str, Value]:
    """The Values that variables hold: as x, `w[0]` in lists and tuples, `d[key]` in dictionaries,
    and as the attribute `w` of `self` or `model.w` of another object.

    Names that begin with an underscore are private. No method of a variable is called: an object
    that only behaves like a list is ignored.

    Arguments:
        frame: where to begin; None for the first that is not of this library.
    """
    names: dict[str, Value] = {}
    named: set[Value] = set()
    left = iter(range(MAX_IN_ALL))
    for namespace in _namespaces(frame or sys._getframe(1)):
        for name, value in _values(namespace, left):
            if name not in names and value not in named:
                names[name] = value
                named.add(value)
    return names


def _namespaces(frame: FrameType | None) -> Iterator[dict[str, Any]]:
    """Local variables from the nearest function outwards, then the globals of the first."""
    while frame is not None and frame.f_globals.get("__name__", "").startswith(OURS):
        frame = frame.f_back
    first = frame
    for _ in range(MAX_FRAMES):
        if frame is None:
            break
        if frame.f_locals is not frame.f_globals:
            yield dict(frame.f_locals)
        elif frame is first:
            break  # called from a module: its variables are its globals
        frame = frame.f_back
    if first is not None:
        yield dict(first.f_globals)


def _values(namespace: dict[str, Any], left: Iterator[int]) -> Iterator[tuple[str, Value]]:
    """Plain variables first, because x is a better name than w[3]. Each item of a list takes one
    number of `left`; where there are none, no more items are looked at."""
    items = [
        (name, variable)
        for name, variable in list(namespace.items())[:MAX_ITEMS]
        if name.isidentifier() and name[0] != "_" and not isinstance(variable, _PLAIN)
    ]
    for name, variable in items:
        if isinstance(variable, Value):
            yield name, variable
    for name, variable in items:
        if type(variable) in (list, tuple, dict):
            yield from _in_container(name, variable, islice(left, MAX_IN_ONE))
    for name, variable in items:
        attributes = getattr(type(variable), "__dict__", {}) and _attributes(variable)
        prefix = "" if name == "self" else f"{name}."
        for key, item in list(attributes.items())[:MAX_ITEMS]:
            if not isinstance(key, str) or key.startswith("_"):
                continue
            if isinstance(item, Value):
                yield prefix + key, item
            elif type(item) in (list, tuple, dict):
                yield from _in_container(prefix + key, item, islice(left, MAX_IN_ONE))


def _attributes(variable: Any) -> dict[Any, Any]:
    """The attributes that an object itself holds; none are computed."""
    if type(variable) in (list, tuple, dict, set, frozenset):
        return {}
    try:
        own = object.__getattribute__(variable, "__dict__")
    except (AttributeError, TypeError):
        return {}
    return own if type(own) is dict else {}


def _in_container(
    name: str, container: Any, left: Iterator[int], depth: int = 2
) -> Iterator[tuple[str, Value]]:
    """The Values in a list, tuple or dictionary, also in lists of lists."""
    pairs = container.items() if type(container) is dict else enumerate(container)
    for _, (key, item) in list(zip(left, islice(pairs, MAX_ITEMS), strict=False)):
        if type(key) not in (int, str):
            continue
        place = f"{name}[{key}]" if not name.endswith("]") else f"{name[:-1]},{key}]"
        if isinstance(item, Value):
            yield place, item
        elif depth > 1 and type(item) in (list, tuple, dict):
            yield from _in_container(place, item, left, depth - 1)
