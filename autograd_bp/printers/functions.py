"""What each function of an expression is called by each target. C has the names themselves."""

from __future__ import annotations

import types
from collections.abc import Callable
from typing import Any, NamedTuple

from autograd_bp import ieee754
from autograd_bp.expressions import (
    ARITHMETIC,
    COMPARISONS,
    FUNCTIONS,
    LOGIC,
    TESTS,
    Expression,
    Fold,
    call,
    walk,
)


class Function(NamedTuple):
    """A function of C's math.h elsewhere.

    Attributes:
        python: of the module math, or a built-in function: quick, but it may raise.
        total: of ieee754.py: never raises; the name of `python` where that never does.
        numpy: NumPy's ufunc, or None.
        javascript: an expression whose value is the function.
        inputs: how many it takes.
    """

    python: str
    total: str
    numpy: str | None
    javascript: str
    inputs: int = 1


_OF_TWO = ("atan2", "copysign", "hypot", "pow")


def _function(name: str, numpy: str | None = "", javascript: str = "") -> Function:
    total = f"ieee754.{name}" if hasattr(ieee754, name) else f"math.{name}"
    return Function(
        f"math.{name}",
        total,
        name if numpy == "" else numpy,
        javascript or f"Math.{name}",
        2 if name in _OF_TWO else 1,
    )


SPELLINGS: dict[str, Function] = {
    **{name: _function(name) for name in sorted(FUNCTIONS)},
    **{name: _function(name, f"arc{name[1:]}") for name in sorted(FUNCTIONS) if name[0] == "a"},
    "fabs": Function("abs", "abs", "absolute", "Math.abs"),
    "floor": Function("ieee754.floor", "ieee754.floor", "floor", "Math.floor"),
    "copysign": _function("copysign", javascript="copysign"),
    "cbrt": Function("ieee754.cbrt", "ieee754.cbrt", "cbrt", "Math.cbrt"),
    "pow": _function("pow", "power", "power"),
    "erf": _function("erf", None, "erf"),
    "erfc": _function("erfc", None, "erfc"),
}


_HEADS = frozenset((
    "input", "number", "?", "neg", *ARITHMETIC, *COMPARISONS, *LOGIC, *TESTS, *FUNCTIONS
))  # fmt: skip


def is_printable(expression: Expression | Fold | None) -> bool:
    """Whether every target can print it: a user's text in C may call any function."""
    if expression is None:
        return False
    roots = [expression] if isinstance(expression, Expression) else [expression.finish]
    if isinstance(expression, Fold):
        roots += [step for stage in expression.stages for step in stage.steps]
    return all(node.head in _HEADS for node in walk(*roots))


# ------------------------------------------------------- functions of the user's, to be traced
def _traceable_math() -> types.SimpleNamespace:
    """The module math with the functions that expressions know, which take expressions too."""
    import math

    def either(name: str, own: Callable[..., Any]) -> Callable[..., Any]:
        def function(*operands: Any) -> Any:
            if any(isinstance(operand, Expression) for operand in operands):
                return call(name, *operands)
            return own(*operands)

        return function

    names = {
        name: either(name, getattr(math, name))
        for name in (*FUNCTIONS, *TESTS)
        if hasattr(math, name) and name != "cbrt"  # which ieee754.py computes otherwise
    }
    return types.SimpleNamespace(**{**vars(math), **names})


def tracing(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with a module `math` that takes expressions, if it uses that module."""
    import math

    variables = getattr(function, "__globals__", None)
    if variables is None:
        return function
    shim = _traceable_math()
    replaced = {}
    for name, value in variables.items():
        if value is math:
            replaced[name] = shim
        elif isinstance(value, types.BuiltinFunctionType):
            own = value.__name__
            if getattr(math, own, None) is value:
                replaced[name] = getattr(shim, own)
    if not replaced or not isinstance(function, types.FunctionType):
        return function
    copy = types.FunctionType(
        function.__code__,
        {**variables, **replaced},
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    copy.__kwdefaults__ = function.__kwdefaults__
    return copy


def reads_variables(function: Callable[..., Any]) -> bool:
    """Whether a function reads a variable from outside that is no module, class or function."""
    code = getattr(function, "__code__", None)
    if code is None:
        return True
    variables = getattr(function, "__globals__", {})
    outside = [variables[name] for name in code.co_names if name in variables]
    outside += [cell.cell_contents for cell in getattr(function, "__closure__", None) or ()]
    return not all(isinstance(value, types.ModuleType) or callable(value) for value in outside)
