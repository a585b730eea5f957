"""Puts the quick functions in the place of those of value.py and backprop.py, and records.

These functions record a primitive by its code: `record1`, `record2` and `record_many`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import FunctionType
from typing import Any

from autograd_bp.built import fingerprint
from autograd_bp.core import TABLE_FILES

PACKAGE = Path(__file__).parent.parent
SOURCES = (
    "table/making.py",
    *(f"table/{name}.py" for name in TABLE_FILES),
    "value.py",
    "backprop.py",
    "native/kernels.py",
    "native/memory.py",
)
"""The sources of operators.py and sweep.py, which these stand in the place of."""
MAX_EXPONENTS = 64  # whose nodes are kept


def sources() -> list[bytes]:
    return [(PACKAGE / name).read_bytes() for name in SOURCES]


def why_plain() -> str:
    """Why the quick functions are left out; empty where they are used."""
    if os.environ.get("AUTOGRAD_BP_PURE") == "plain":
        return "AUTOGRAD_BP_PURE is plain"
    try:
        found = fingerprint(sources())
    except OSError as error:
        return f"its sources cannot be read ({error})"
    from autograd_bp.interpreted import operators

    if found != operators.MADE_FROM:
        return "a source of theirs was edited, run `python tools/generate.py`"
    return ""


def install() -> None:
    """Replace the functions of value.py and backprop.py, unless `why_plain` has a reason."""
    from autograd_bp import backprop, entry, value
    from autograd_bp.interpreted import freeing

    if freeing.is_needed():
        freeing.install(value)
    if why_plain():
        return
    from autograd_bp.interpreted import operators, sweep
    from autograd_bp.native import kernels, memory

    _connect(operators, value, kernels)
    _replace(value, operators)
    entry.set_recorder((value.Value, value.ManyValue), value.record1, value.keep)
    sweep.install(value, backprop)
    memory.adopt = adopt


def adopt(cls: Any) -> None:
    """Give a class that is derived from OpenValue quick functions too: those of a second copy of
    operators.py, in which it has the place of Value. What OpenValue composes stays as it is."""
    from importlib import util

    from autograd_bp import value
    from autograd_bp.interpreted import operators
    from autograd_bp.native import kernels

    spec = util.spec_from_file_location(f"{operators.__name__}_open", operators.__file__)
    assert spec is not None
    assert spec.loader is not None
    copy: Any = util.module_from_spec(spec)
    spec.loader.exec_module(copy)
    set_paused = kernels.set_shortcuts
    _connect(copy, value, kernels)
    set_paused_too = kernels.set_shortcuts

    def set_shortcuts(on: bool) -> None:
        set_paused(on)
        set_paused_too(on)

    kernels.set_shortcuts = set_shortcuts
    copy.Value = copy.ManyValue = cls
    composed = {*vars(value.OpenValue), *vars(cls)} - {"__add__", "__mul__"}
    for name, quick in copy.METHODS.items():
        plain = getattr(cls, name)
        setattr(copy, f"plain_{name.strip('_')}", plain)
        if name not in composed:
            setattr(cls, name, _named_as(quick, plain))
    cls.__pow__ = _named_as(_power(cls, value, copy.TWO["power"]), cls.__pow__)


def _power(cls: Any, value: Any, two_power: Callable[[Any, Any], Any]) -> Any:
    """A power with a plain exponent: one node serves all powers with the same exponent."""
    plain = cls.__pow__
    nodes: dict[tuple[type, Any], Any] = {}

    def power(self: Any, other: Any, modulo: None = None) -> Any:
        kind = type(other)
        if type(self) is not cls or modulo is not None or (kind is not int and kind is not float):
            return plain(self, other, modulo)
        node = nodes.get((kind, other))
        if node is None:
            if len(nodes) == MAX_EXPONENTS:
                nodes.clear()
            node = value.as_class(value.leaf(float(other), value.CONSTANT), cls)
            value.set_attribute(node, "exponent", other)
            nodes[kind, other] = node
        return two_power(self, node)

    return power


def _named_as(quick: Any, plain: Any) -> Any:
    """The function, with the name and the documentation of another one."""
    twin = FunctionType(
        quick.__code__, quick.__globals__, None, quick.__defaults__, quick.__closure__
    )
    for attribute in ("__doc__", "__annotations__", "__name__", "__qualname__"):
        setattr(twin, attribute, getattr(plain, attribute))
    return twin


def _connect(operators: Any, value: Any, kernels: Any) -> None:
    """Give operators.py what it calls, and let it know of no_recording() blocks."""
    for name in ("Value", "ManyValue", "record1", "record2", "forget"):
        setattr(operators, name, getattr(value, name))
    operators.evaluate = kernels.evaluate
    kernels.set_shortcuts = lambda on: setattr(operators, "paused", not on)


def _replace(value: Any, operators: Any) -> None:
    """Put the quick methods and functions in the place of those of value.py."""
    taken = set()
    for name, quick in operators.METHODS.items():
        if quick in taken:  # by a method under another name, such as NumPy's
            quick = FunctionType(quick.__code__, quick.__globals__)
        taken.add(quick)
        plain = getattr(value.Value, name)
        setattr(operators, f"plain_{name.strip('_')}", plain)
        for attribute in ("__doc__", "__annotations__", "__name__", "__qualname__"):
            setattr(quick, attribute, getattr(plain, attribute))
        setattr(value.Value, name, quick)
    value.record1, value.record2 = recorders(value, operators)
    value.record_many = recorder_of_many(value, operators)


def _by_code(functions: dict[str, Callable[..., Any]], table: Sequence[Any]) -> list[Any]:
    return [functions.get(op.name) for op in table]


def recorders(
    value: Any, operators: Any
) -> tuple[Callable[[int, Any], Any], Callable[[int, Any, Any], Any]]:
    """`record1` and `record2`: the function of the primitive, or the plain one."""
    plain1, plain2 = value.record1, value.record2
    one, two = _by_code(operators.ONE, value.TABLE), _by_code(operators.TWO, value.TABLE)
    own = len(one)

    def record1(code: int, parent: Any) -> Any:
        quick = one[code] if code < own else None
        return plain1(code, parent) if quick is None else quick(parent)

    def record2(code: int, left: Any, right: Any) -> Any:
        quick = two[code] if code < own else None
        return plain2(code, left, right) if quick is None else quick(left, right)

    return record1, record2


def recorder_of_many(value: Any, operators: Any) -> Callable[[int, Iterable[Sequence[Any]]], Any]:
    """`record_many`, with the numbers by the function of the primitive."""
    many = _by_code(operators.MANY, value.TABLE)
    own, new = len(many), object.__new__
    Value, ManyValue = value.Value, value.ManyValue
    nodes = {Value, ManyValue}
    operands_known = {*nodes, float, int}
    plain, constant, plain_leaf = value.record_many, value.constant, value.leaf

    def record_many(code: int, lists: Iterable[Sequence[Any]]) -> Any:
        """Record a primitive of any number of inputs: those in `lists`, one list after another.

        Raises OperandError naming the operand that is not a real number.
        """
        quick = many[code] if code < own else None
        parents: list[Any] = []
        for operands in lists:
            parents += operands
        kinds = {*map(type, parents)}
        if quick is None or not kinds <= operands_known:
            return plain(code, lists)
        if not kinds <= nodes:
            parents = [x if isinstance(x, Value) else constant(x) for x in parents]
        y, partials = quick([parent._data for parent in parents])
        if operators.paused and value.is_paused():
            if value._guards:
                value.refuse_number("an operation without recording")
            return plain_leaf(y, value.LEAF)
        node = new(ManyValue)
        node._grad = 0.0
        node._code = code
        node._mark = 0
        node._first = None
        node._second = None
        node._data = y
        node._parents = parents
        node._partials = [*partials]
        node._count = len(parents)
        node._inner = len([None for parent in parents if parent._code >= 0])
        return node

    return record_many
