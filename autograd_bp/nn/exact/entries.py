"""The entries of the table over exact numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any

from autograd_bp.expressions import Expression, letters, walk
from autograd_bp.nn.exact.numbers import Exact
from autograd_bp.nn.exact.unknowns import Unknowns

__all__ = ["applied"]


def applied(op: Any, x: Sequence[Exact], f: Unknowns) -> Exact:
    """The output of an entry of the table: by its expression where that is made of + - * / and
    choices, by its definition, or as an unknown of its own."""
    own = _OWN.get(op.name)
    if own is not None:
        return own(f, *x)
    expression = op.expression if op.arity is not None else None
    rational, readable = _kind(expression) if isinstance(expression, Expression) else (False, False)
    if op.definition is not None and not rational:
        return f.number(op.definition(*x))
    if readable:
        assert isinstance(expression, Expression)
        return _evaluated(expression, dict(zip(letters(len(x)), x, strict=True)), f)
    known = f.function(op.name, *x)
    if known.x != known.x and op.forward is not None:
        known.x = op.forward(*[operand.x for operand in x])
    return known


def _divided_powers(f: Unknowns, a: Exact, b: Exact) -> Exact:
    quotient: Exact = f.exp(a) / f.exp(b)
    return quotient


def _largest(f: Unknowns, *x: Exact) -> Exact:
    return max(x)


def _sum(f: Unknowns, *x: Exact) -> Exact:
    total = f.number(0.0)
    for v in x:
        total = total + v
    return total


def _dot(f: Unknowns, *x: Exact) -> Exact:
    """Σ left · right and an initial value, if there is one; the largest part of most graphs."""
    count = len(x) // 2
    total = sum([a.v * b.v for a, b in zip(x[:count], x[count : 2 * count], strict=True)])
    if len(x) % 2:
        total += x[-1].v
    n, d = 0, sum([operand.d for operand in x])
    if x:
        n = d + 2 * max([operand.n for operand in x])
    plain = sum([a.x * b.x for a, b in zip(x[:count], x[count : 2 * count], strict=True)])
    plain += x[-1].x if len(x) % 2 else 0.0
    return Exact(f, total % f.p if f.p else Fraction(total), n, d, plain)


_OWN: dict[str, Callable[..., Exact]] = {
    "exp": lambda f, x: f.exp(x),
    "log": lambda f, x: f.log(x),
    "log1p": lambda f, x: f.log(1.0 + x),
    "expm1": lambda f, x: f.exp(x) - 1.0,
    "sqrt": lambda f, x: x.sqrt(),
    "sigmoid": lambda f, x: f.sigmoid(x),
    "logistic": lambda f, x: f.sigmoid(x),
    "log_sigmoid": lambda f, x: f.log(f.sigmoid(x)),
    "tanh": lambda f, x: f.tanh(x),
    "sech2": lambda f, x: 1.0 - f.tanh(x) * f.tanh(x),
    "softplus": lambda f, x: x.softplus(),
    "silu": lambda f, x: x * f.sigmoid(x),
    "expdiff": _divided_powers,
    "pow": lambda f, a, b: _power(a, b),
    "power": lambda f, a, b: _power(a, b),
    "neg": lambda f, x: -x,
    "mul": lambda f, a, b: a * b,
    "add": lambda f, a, b: a + b,
    "sub": lambda f, a, b: a - b,
    "div": lambda f, a, b: a / b,
    "sum": _sum,
    "largest": _largest,
    "dot": _dot,
}
"""Entries that are not what their expression says for floats, where digits are kept; quick ones."""


def _power(a: Exact, b: Exact) -> Exact:
    power: Exact = a ** (_constant(b) if b.n == b.d == 0 else b)
    return power


def _constant(x: Exact) -> Any:
    """A constant as a plain whole number where it is one."""
    if x.f.small:
        return x.v
    p = x.f.p
    near = x.v if x.v < p // 2 else x.v - p
    if abs(near) < 1000:
        return near
    half = 2 * x.v % p
    return Fraction(half if half < p // 2 else half - p, 2) if min(half, p - half) < 1000 else x


_RATIONAL = {"input", "number", "+", "-", "*", "/", "neg", "?", "and", "or", "not", "fabs"}
_RATIONAL |= {"<", "<=", ">", ">=", "==", "!=", "isnan", "isinf", "isfinite"}
_heads: dict[int, tuple[Expression, bool, bool]] = {}


def _kind(expression: Expression) -> tuple[bool, bool]:
    """Whether an expression is made of arithmetic and choices alone, and whether of what is known
    here."""
    known = _heads.get(id(expression))
    if known is None:
        heads = {node.head for node in walk(expression)}
        rational, readable = heads <= _RATIONAL, heads <= _RATIONAL | set(_HEADS)
        known = _heads[id(expression)] = (expression, rational, readable)
    return known[1], known[2]


def _evaluated(expression: Expression, inputs: dict[str, Exact], f: Unknowns) -> Exact:
    """The expression; of a choice only the side that is chosen."""
    values: dict[int, Any] = {}

    def value(node: Expression) -> Any:
        result = values.get(id(node))
        if result is not None:
            return result
        if node.head == "input":
            result = inputs[node.parts[0]]
        elif node.head == "number":
            result = f.number(node.parts[0])
        elif node.head == "?":
            result = value(node.parts[1] if value(node.parts[0]) else node.parts[2])
        elif node.head == "and":
            result = bool(value(node.parts[0])) and bool(value(node.parts[1]))
        elif node.head == "or":
            result = bool(value(node.parts[0])) or bool(value(node.parts[1]))
        else:
            result = _HEADS[node.head](*[value(part) for part in node.parts])
        values[id(node)] = result
        return result

    return f.number(value(expression))


_HEADS: dict[str, Callable[..., Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "neg": lambda a: -a,
    "fabs": abs,
    "not": lambda a: not a,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "isnan": lambda a: False,
    "isinf": lambda a: False,
    "isfinite": lambda a: True,
    "exp": lambda a: a.exp(),
    "expm1": lambda a: a.exp() - 1.0,
    "log": lambda a: a.log(),
    "log1p": lambda a: (1.0 + a).log(),
    "sqrt": lambda a: a.sqrt(),
    "tanh": lambda a: a.tanh(),
    "pow": _power,
}
