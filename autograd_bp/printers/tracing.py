"""Which Python functions may be traced, and how they see the module math while they are.

Tracing runs a function once. A number that the function takes from elsewhere would be frozen at
that moment, and a question that an expression answers otherwise than a float (what type it has,
whether it raises) would be answered wrongly. So a function is traced only where neither can occur;
every other function is called as it is.
"""

from __future__ import annotations

import builtins
import dis
import functools
import math
import types
from collections.abc import Callable, Iterator
from typing import Any

from autograd_bp.expressions import FUNCTIONS, TESTS, Expression, call

_BUILTINS = frozenset(
    getattr(builtins, name)
    for name in (
        "abs", "all", "any", "bool", "enumerate", "filter", "float", "int", "len", "list", "map",
        "max", "min", "pow", "range", "reversed", "sorted", "sum", "tuple", "zip",
    )
)  # fmt: skip
"""The built-in functions that answer for an expression as for a float, or raise."""

_REFUSED = frozenset((
    "SETUP_FINALLY", "SETUP_WITH", "PUSH_EXC_INFO",  # an expression raises other errors
    "STORE_GLOBAL", "DELETE_GLOBAL", "IMPORT_NAME", "LOAD_BUILD_CLASS",
    "IS_OP",  # equal expressions are one object
    "FORMAT_VALUE", "FORMAT_SIMPLE", "FORMAT_WITH_SPEC", "CONVERT_VALUE",
))  # fmt: skip
_ATTRIBUTES = ("LOAD_ATTR", "LOAD_METHOD")
_MISSING = object()


def is_traceable(function: Any) -> bool:
    """Whether a function depends on its numbers alone, as far as its code and that of the Python
    functions it calls show, and asks nothing that an expression answers otherwise."""
    return isinstance(function, types.FunctionType) and _is_pure(function, set())


def _is_pure(function: types.FunctionType, seen: set[int]) -> bool:
    if id(function) in seen:
        return True
    seen.add(id(function))
    defaults = (*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values())
    if not all(isinstance(x, (int, float, str, type(None))) for x in defaults):
        return False
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    for code in _codes(function.__code__):
        for steps in _chains(code):
            name = steps[0].argval
            if steps[0].opname in _REFUSED:
                return False
            if steps[0].opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                value = function.__globals__.get(name, getattr(builtins, name, _MISSING))
            elif name in cells and steps[0].opname.startswith("LOAD_"):
                value = _content(cells[name])
            elif name in cells and steps[0].opname == "STORE_DEREF":
                return False
            else:
                continue
            if not _is_constant(value, [step.argval for step in steps[1:]], seen):
                return False
    return True


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and those of the functions inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _chains(code: types.CodeType) -> Iterator[list[dis.Instruction]]:
    """Each instruction with the reads of attributes that follow it."""
    chain: list[dis.Instruction] = []
    for step in dis.get_instructions(code):
        if chain and step.opname not in _ATTRIBUTES:
            yield chain
            chain = []
        chain.append(step)
    if chain:
        yield chain


def _content(cell: types.CellType) -> Any:
    try:
        return cell.cell_contents
    except ValueError:  # it is empty
        return _MISSING


def _is_constant(value: Any, attributes: list[str], seen: set[int]) -> bool:
    """Whether a variable, or what is read from the module in it, stays what it is."""
    for name in attributes:
        if value is math or _is_own(getattr(value, "__name__", "")):
            return True
        if not isinstance(value, types.ModuleType):
            return False  # it may be set at any time
        module, value = value, getattr(value, name, _MISSING)
        if isinstance(value, float):
            return module.__name__ == "numpy"  # pi, e, inf or nan
    if callable(value) and _is_own(getattr(value, "__module__", None)):
        return not isinstance(value, type)
    if isinstance(value, types.FunctionType):
        return _is_pure(value, seen)
    if isinstance(value, types.BuiltinFunctionType | type):
        return value in _BUILTINS or getattr(math, value.__name__, None) is value
    return callable(value) and _is_own(type(value).__module__)  # a primitive


def _is_own(module: str | None) -> bool:
    return (module or "").split(".")[0] == "autograd_bp"


@functools.cache
def _traceable_math() -> types.SimpleNamespace:
    """The module math with the functions that expressions know, which take expressions too."""

    def either(name: str, own: Callable[..., Any]) -> Callable[..., Any]:
        def function(*operands: Any) -> Any:
            if any(isinstance(operand, Expression) for operand in operands):
                return _called(name, *operands)
            return own(*operands)

        return function

    names = {
        name: either(name, getattr(math, name))
        for name in (*FUNCTIONS, *TESTS)
        if hasattr(math, name) and name != "cbrt"  # which ieee754.py computes otherwise
    }
    return types.SimpleNamespace(**{**vars(math), **names})


def _called(name: str, *operands: Any) -> Any:
    if name == "log" and len(operands) == 2:
        return call("log", operands[0]) / call("log", operands[1])
    if name == "floor":
        # math.floor returns an integer, and so no -0.0.
        return call("floor", *operands) + 0.0
    return call(name, *operands)


def tracing(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with a module `math` that takes expressions, in the functions it calls too."""
    visible: Callable[..., Any] = _visible(function, {})
    return visible


def _visible(value: Any, copies: dict[int, Any]) -> Any:
    """A variable of a traced function: math, its functions and Python functions are replaced."""
    shim = _traceable_math()
    if value is math:
        return shim
    if isinstance(value, types.BuiltinFunctionType):
        name = value.__name__
        return getattr(shim, name) if getattr(math, name, None) is value else value
    if not isinstance(value, types.FunctionType) or _is_own(value.__module__):
        return value
    if id(value) in copies:
        return copies[id(value)]
    variables = dict(value.__globals__)
    cells = tuple([types.CellType() for _ in value.__closure__ or ()])
    copy = types.FunctionType(
        value.__code__, variables, value.__name__, value.__defaults__, cells or None
    )
    copy.__kwdefaults__ = value.__kwdefaults__
    copies[id(value)] = copy
    names = {name for code in _codes(value.__code__) for name in code.co_names}
    for name in names & variables.keys():
        variables[name] = _visible(variables[name], copies)
    for cell, own in zip(cells, value.__closure__ or (), strict=True):
        content = _content(own)
        if content is not _MISSING:
            cell.cell_contents = _visible(content, copies)
    return copy
