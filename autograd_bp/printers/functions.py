"""The name of each function of an expression in each target. C has the names themselves."""

from __future__ import annotations

from typing import NamedTuple

from autograd_bp import ieee754
from autograd_bp.expressions import (
    ARITHMETIC,
    COMPARISONS,
    FUNCTIONS,
    LOGIC,
    OF_TWO,
    TESTS,
    Expression,
    walk,
)
from autograd_bp.folds import Fold


class Function(NamedTuple):
    """A function of C's math.h elsewhere.

    Attributes:
        python: of the module math, or a built-in function: quick, but it may raise.
        total: of ieee754.py: never raises; the name of `python` where that never does.
        numpy: NumPy's ufunc, or None.
        javascript: an expression whose value is the function.
        sympy, mpmath: expressions in Python whose value is the function, where `sympy` is the
            module, and `mp` the context of mpmath.
        inputs: how many it takes.
    """

    python: str
    total: str
    numpy: str | None
    javascript: str
    sympy: str
    mpmath: str
    inputs: int = 1


def _function(
    name: str, numpy: str | None = "", javascript: str = "", python: str = ""
) -> Function:
    total = f"ieee754.{name}" if hasattr(ieee754, name) else f"math.{name}"
    return Function(
        python or f"math.{name}",
        python or total,
        name if numpy == "" else numpy,
        javascript or f"Math.{name}",
        _SYMPY.get(name, f"sympy.{name}"),
        _MPMATH.get(name, f"mp.{name}"),
        2 if name in OF_TWO else 1,
    )


_SYMPY = {
    "cbrt": "lambda x: sympy.real_root(x, 3)",
    "copysign": "lambda a, b: sympy.Abs(a) * sympy.Piecewise((-1, b < 0), (1, True))",
    "expm1": "lambda x: sympy.exp(x) - 1",
    "fabs": "sympy.Abs",
    "fmod": "lambda a, b: sympy.nan if b.is_zero else "
    "sympy.sign(a) * sympy.Mod(sympy.Abs(a), sympy.Abs(b))",
    "hypot": "lambda a, b: sympy.sqrt(a**2 + b**2)",
    # Of 1/(1 + e^-x), which SymPy keeps, it is -log(1 + e^-x).
    "log": "lambda x: -sympy.log(1 / x) if (1 / x).is_Add and x.is_positive else sympy.log(x)",
    "log10": "lambda x: sympy.log(x, 10)",
    "log1p": "lambda x: sympy.log(1 + x)",
    "log2": "lambda x: sympy.log(x, 2)",
    "pow": "sympy.Pow",
}
_MPMATH = {
    "cbrt": "lambda x: mp.sign(x) * mp.cbrt(abs(x))",
    "copysign": "lambda a, b: -abs(a) if b < 0 else abs(a)",
    "fmod": "lambda a, b: mp.sign(a) * (abs(a) if mp.isinf(b) else mp.fmod(abs(a), abs(b)))",
    "log2": "lambda x: mp.log(x, 2)",
    "pow": "lambda a, b: mp.mpf(1) if b == 0 else mp.power(a, b)",
}


SPELLINGS: dict[str, Function] = {
    **{name: _function(name) for name in sorted(FUNCTIONS)},
    **{name: _function(name, f"arc{name[1:]}") for name in sorted(FUNCTIONS) if name[0] == "a"},
    "fabs": _function("fabs", "absolute", "Math.abs", "abs"),
    "floor": _function("floor", python="ieee754.floor"),
    "copysign": _function("copysign", javascript="copysign"),
    "cbrt": _function("cbrt", python="ieee754.cbrt"),
    "fmod": _function("fmod", javascript="remainder"),
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
        stages = expression.stages_of_output
        roots += [tree for stage in stages for tree in (*stage.start, *stage.steps)]
    return all(node.head in _HEADS for node in walk(*roots))
