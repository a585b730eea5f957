"""An operation of the table on formulas."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.notation import maths
from autograd_bp.notation.latex import places
from autograd_bp.notation.maths import MANY, Maths
from autograd_bp.primitives import Primitive, add, div, mul, neg, pow, power, sub

NOTATIONS: dict[str, Callable[..., Maths] | str] = {
    "add": lambda m, a, b: a + b,
    "sub": lambda m, a, b: a - b,
    "neg": lambda m, a: -a,
    "mul": lambda m, a, b: m.product(a, b),
    "div": lambda m, a, b: a / b,
    "pow": lambda m, a, b: a**b,
    "power": lambda m, a, b: a**b,
    "sum": lambda m, x: m.sum(*x),
    "dot": lambda m, left, right, *initial: m.sum(*map(m.product, left, right), *initial),
    "mean": lambda m, x: m.sum(*x) / len(x),
    "norm": lambda m, x: m.root(m.sum(*[v**2 for v in x])),
    "hypot": lambda m, a, b: m.root(a**2 + b**2),
    "performance": lambda m, d, z: m.minus_half * m.sum(*[e**2 for e in map(m.minus, d, z)]),
    "exp": lambda m, x: m.e**x,
    "expm1": lambda m, x: m.e**x - 1,
    "exp2": lambda m, x: 2**x,
    "log": "ln",
    "log1p": lambda m, x: m.named("ln", 1 + x),
    "log2": lambda m, x: m.log(2, x),
    "log10": lambda m, x: m.log(10, x),
    "sqrt": lambda m, x: m.root(x),
    "cbrt": lambda m, x: m.root(x, 3),
    "abs": lambda m, x: m.enclosed("|", x, "|"),
    "floor": lambda m, x: m.enclosed("⌊", x, "⌋"),
    "sigmoid": "σ",
    "log_sigmoid": lambda m, x: m.named("ln", m.named("σ", x)),
    "softplus": lambda m, x: m.named("ln", 1 + m.e**x),
    "logsumexp": lambda m, x: m.named("ln", m.sum(*[m.e**v for v in x])),
    **{name: name for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "erf", "erfc")},
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arsinh",
    "acosh": "arcosh",
    "atanh": "artanh",
    "maximum": "max",
    "minimum": "min",
    "where": lambda m, c, a, b: m.words("if ", c, " then ", a, " else ", b),
}


OPERATORS = frozenset((add, sub, neg, mul, div, pow, power))
"""What is written with operators wherever formulas are."""


def apply(op: Primitive, parts: Sequence[Maths]) -> Maths:
    """The formula of an operation on formulas, as the table says it is written."""
    notation: Any = NOTATIONS.get(op.name)
    if callable(notation):
        formula: Maths = notation(maths, *_arguments(op, parts))
        return formula
    name, parts = notation or op.name, _elided(parts)
    default = r"\operatorname{{" + op.name.replace("_", r"\_")
    if notation is None and not op.latex.startswith(default) and _fits(op.latex, len(parts)):
        return maths.formatted(name, op.latex, *parts)
    return maths.named(name, *parts)


def _arguments(op: Primitive, parts: Sequence[Maths]) -> Sequence[Any]:
    """What a notation is a function of: the inputs, or for any number of them each list of them
    and then the initial value, if there is one."""
    if op.arity is not None:
        return parts
    initial = parts[-1:] if op.operands.has_initial(len(parts)) else ()
    return [*op.operands.lists(parts), *initial]


def _fits(template: str, count: int) -> bool:
    return {index for index, _, _ in places(template)} == {*range(count)}


def called(op: Primitive, parts: Sequence[Maths]) -> Maths:
    """The formula of an operation on formulas as it is called in Python: log(x), sigmoid(x)."""
    return apply(op, parts) if op in OPERATORS else maths.named(op.name, *parts)


def _elided(parts: Sequence[Maths]) -> Sequence[Maths]:
    return [*parts[:2], maths.dots, parts[-1]] if len(parts) > MANY else parts
