"""A graph of Values as expressions of SymPy, which is imported only here."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd_bp.errors import MissingExtraError
from autograd_bp.value import Value

SIMPLEST_FRACTION = 1024  # a float that is a fraction with a denominator up to this is one


def to_sympy(
    order: Sequence[Value], ends: Sequence[Value], names: Mapping[Value, str]
) -> list[Any]:
    """The expressions of `ends`, where `order` holds all they depend on.

    Raises: MissingExtraError when SymPy is not installed.
    """
    try:
        sympy = importlib.import_module("sympy")
    except ImportError as error:
        raise MissingExtraError(
            'formulas for SymPy need it installed: pip install "autograd_bp[symbolic]"'
        ) from error
    functions = _functions(sympy)
    found: dict[Value, Any] = {}
    for node in order:
        if node.op is None:
            found[node] = (
                sympy.Symbol(names[node], real=True) if node in names else _number(sympy, node.data)
            )
        else:
            inputs = [found[parent] for parent in node.parents]
            function = functions.get(node.op.name) or sympy.Function(node.op.name)
            found[node] = function(*inputs)
    return [found[node] for node in ends]


def _number(sympy: Any, x: float) -> Any:
    if x != x:
        return sympy.nan
    if x in (float("inf"), float("-inf")):
        return sympy.oo if x > 0 else -sympy.oo
    above, below = x.as_integer_ratio()
    return sympy.Rational(above, below) if below <= SIMPLEST_FRACTION else sympy.Float(x, 17)


def _functions(s: Any) -> dict[str, Callable[..., Any]]:
    def dot(*x: Any) -> Any:
        n = len(x) // 2
        return s.Add(*(x[i] * x[n + i] for i in range(n)), *x[2 * n :])

    def performance(*x: Any) -> Any:
        m = len(x) // 2
        return -s.Rational(1, 2) * s.Add(*((x[i] - x[m + i]) ** 2 for i in range(m)))

    def where(c: Any, a: Any, b: Any) -> Any:
        return s.Piecewise((a, s.Ne(c, 0)), (b, True))

    return {
        "add": lambda a, b: a + b,
        "sub": lambda a, b: a - b,
        "mul": lambda a, b: a * b,
        "div": lambda a, b: a / b,
        "pow": s.Pow,
        "power": s.Pow,
        "neg": lambda x: -x,
        "abs": s.Abs,
        "exp": s.exp,
        "expm1": lambda x: s.exp(x) - 1,
        "exp2": lambda x: 2**x,
        "log": s.log,
        "log1p": lambda x: s.log(1 + x),
        "log2": lambda x: s.log(x, 2),
        "log10": lambda x: s.log(x, 10),
        "sqrt": s.sqrt,
        "cbrt": lambda x: s.real_root(x, 3),
        "sin": s.sin,
        "cos": s.cos,
        "tan": s.tan,
        "asin": s.asin,
        "acos": s.acos,
        "atan": s.atan,
        "atan2": s.atan2,
        "sinh": s.sinh,
        "cosh": s.cosh,
        "tanh": s.tanh,
        "asinh": s.asinh,
        "acosh": s.acosh,
        "atanh": s.atanh,
        "hypot": lambda a, b: s.sqrt(a**2 + b**2),
        "erf": s.erf,
        "erfc": s.erfc,
        "sigmoid": lambda x: 1 / (1 + s.exp(-x)),
        "log_sigmoid": lambda x: -s.log(1 + s.exp(-x)),
        "softplus": lambda x: s.log(1 + s.exp(x)),
        "relu": lambda x: s.Max(x, 0),
        "threshold": lambda x: s.Heaviside(x, 1),
        "maximum": s.Max,
        "minimum": s.Min,
        "where": where,
        "sign": s.sign,
        "floor": s.floor,
        "heaviside": s.Heaviside,
        "compare": lambda a, b: s.sign(a - b),
        "nonzero": lambda x: where(x, 1, 0),
        "sum": s.Add,
        "dot": dot,
        "mean": lambda *x: s.Add(*x) / len(x),
        "norm": lambda *x: s.sqrt(s.Add(*(v**2 for v in x))),
        "logsumexp": lambda *x: s.log(s.Add(*map(s.exp, x))),
        "performance": performance,
    }
