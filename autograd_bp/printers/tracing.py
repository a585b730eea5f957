"""Python functions of numbers as expressions, and which functions can be seen so.

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
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import (
    FUNCTIONS,
    TESTS,
    Branches,
    Expression,
    as_number,
    call,
    inputs,
    letters,
)

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


def traced(function: Callable[..., Any], arity: int) -> Expression | None:
    """Trace a Python function of numbers to an expression; None where it cannot be traced.

    A function that branches on its numbers runs once for each path through it, up to 64 of them.
    It may use the module `math` and call Python functions. Loops whose length depends on the
    numbers cannot be seen, and a function that reads variables, catches errors or asks for types
    is left alone: numbers that may change would be frozen.
    """
    if not is_traceable(function):
        return None
    visible = _visible(function, {})
    paths = _all_paths(lambda *x: (visible(*x),), arity)
    return None if paths is None else paths[0]


def traced_rule(rule: Callable[..., Sequence[Any]], arity: int) -> tuple[Expression, ...] | None:
    """The partials that a rule gives, in the inputs and in `y`; None where they cannot be seen.

    The rule is traced as `traced` does it. It may read variables: it is called again wherever a
    derivative is differentiated, and what is printed is what it says now.
    """
    visible = _visible(rule, {})
    (y,) = inputs("y")
    partials = _all_paths(lambda *x: visible(*x, y=y), arity)
    return None if partials is None or len(partials) != arity else partials


def _all_paths(function: Callable[..., Sequence[Any]], arity: int) -> tuple[Expression, ...] | None:
    with Branches.lock:
        outer = Branches.current  # a function that calls a primitive whose function is traced
        try:
            return _paths(function, inputs(*letters(arity)), [])
        except Exception:
            return None  # whatever a function does to numbers that are none, it is not to be seen
        finally:
            Branches.current = outer


def _paths(
    function: Callable[..., Sequence[Any]], nodes: Sequence[Expression], answers: list[bool]
) -> tuple[Expression, ...]:
    if len(answers) > math.log2(Branches.MAX_PATHS):
        raise PrimitiveError("the function has too many branches")
    branches = Branches.current = Branches(answers)
    results = tuple(map(as_number, function(*nodes)))
    for k in range(len(branches.answers) - 1, len(answers) - 1, -1):
        others = _paths(function, nodes, [*branches.answers[:k], False])
        results = tuple(
            [
                yes if yes is no else Expression("?", branches.conditions[k], yes, no)
                for yes, no in zip(results, others, strict=True)
            ]
        )
    return results


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
    return all(
        _is_pure_step(function, steps, seen)
        for code in _codes(function.__code__)
        for steps in _chains(code)
    )


def _is_pure_step(
    function: types.FunctionType, steps: list[dis.Instruction], seen: set[int]
) -> bool:
    """Whether an instruction, and the reads of attributes that follow it, freeze nothing."""
    name, operation = steps[0].argval, steps[0].opname
    cells = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=True))
    if operation in _REFUSED or (operation == "STORE_DEREF" and name in cells):
        return False
    if operation in ("LOAD_GLOBAL", "LOAD_NAME"):
        value = function.__globals__.get(name, getattr(builtins, name, _MISSING))
    elif operation.startswith("LOAD_") and name in cells:
        value = _content(cells[name])
    else:
        return True
    return _is_constant(value, [step.argval for step in steps[1:]], seen)


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
    if id(value) not in copies:
        _copy_function(value, copies)
    return copies[id(value)]


def _copy_function(value: types.FunctionType, copies: dict[int, Any]) -> None:
    """Add a copy of a function whose variables are replaced; it may call itself."""
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
