"""Formulas that rules and definitions run on, with the algebra that keeps them short.

Numbers are computed, 0 and 1 vanish, x·x becomes x². A rule chooses by a number that is 0 at
singular points only, such as `where(x, y / x, 0.0)`: the formula is that of the other points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp.notation.maths import Maths, number, signed_sum
from autograd_bp.notation.operations import apply
from autograd_bp.primitives import Primitive, add, div, mul, neg, pow, power, sub, where

DIGITS = 6  # of the numbers in formulas
Operand = Any  # a RuleTerm or a float


class RuleTerm:
    """A formula with operators, which the entries of the table take as an input.

    Attributes:
        maths: the formula.
        is_step: True for what an operation with steps computed, such as a comparison.
    """

    def __init__(self, formula: Maths, is_step: bool = False) -> None:
        self.maths = formula
        self.is_step = is_step

    def __apply_primitive__(self, op: Primitive, operands: Sequence[Operand]) -> Operand:
        rule = _RULES.get(op)
        if rule is not None:
            return rule(*operands)
        is_step = op.gate or any(isinstance(x, RuleTerm) and x.is_step for x in operands)
        return RuleTerm(apply(op, [_formula(operand) for operand in operands]), is_step)

    def __add__(self, other: Operand) -> Operand:
        return _sum(self, other)

    def __radd__(self, other: Operand) -> Operand:
        return _sum(other, self)

    def __sub__(self, other: Operand) -> Operand:
        return _sum(self, _negative(other))

    def __rsub__(self, other: Operand) -> Operand:
        return _sum(other, _negative(self))

    def __mul__(self, other: Operand) -> Operand:
        return _product(self, other)

    def __rmul__(self, other: Operand) -> Operand:
        return _product(other, self)

    def __truediv__(self, other: Operand) -> Operand:
        return _quotient(self, other)

    def __rtruediv__(self, other: Operand) -> Operand:
        return _quotient(other, self)

    def __pow__(self, other: Operand) -> Operand:
        return _power(self, other)

    def __rpow__(self, other: Operand) -> Operand:
        return _power(other, self)

    def __neg__(self) -> Operand:
        return _negative(self)

    def __abs__(self) -> Operand:
        from autograd_bp.primitives import abs_

        return abs_(self)


def _formula(operand: Operand) -> Maths:
    return operand.maths if isinstance(operand, RuleTerm) else number(float(operand), DIGITS)


def _term(formula: Maths, *operands: Operand) -> RuleTerm:
    return RuleTerm(formula, any(isinstance(x, RuleTerm) and x.is_step for x in operands))


def _is(operand: Operand, x: float) -> bool:
    return not isinstance(operand, RuleTerm) and bool(operand == x)


def _positive(operand: Operand) -> Operand | None:
    """Return the formula whose negative this one is; None where it begins with no minus."""
    if not isinstance(operand, RuleTerm):
        return -operand if operand < 0.0 else None
    formula = operand.maths
    if formula.kind == "sum" and len(formula.parts) == 1:
        return RuleTerm(formula.parts[0], operand.is_step)
    return None


def _negative(x: Operand) -> Operand:
    if not isinstance(x, RuleTerm):
        return -x
    inner = _positive(x)
    if inner is not None:
        return inner
    if x.maths.kind == "sum" and x.maths.data[0] == (1.0, -1.0):  # -(a - b) is b - a
        a, b = x.maths.parts
        return RuleTerm(b - a, x.is_step)
    return RuleTerm(-x.maths, x.is_step)


def _sum(a: Operand, b: Operand) -> Operand:
    if _is(a, 0.0):
        return b
    if _is(b, 0.0):
        return a
    subtracted = _positive(b)
    if subtracted is not None:
        return _term(_formula(a) - _formula(subtracted), a, b)
    subtracted = _positive(a)
    if subtracted is not None:
        return _term(signed_sum([(1.0, _formula(b)), (-1.0, _formula(subtracted))]), a, b)
    return _term(_formula(a) + _formula(b), a, b)


def _product(a: Operand, b: Operand) -> Operand:
    if _is(a, 0.0) or _is(b, 0.0):
        return 0.0
    for one, other in ((a, b), (b, a)):
        if _is(one, 1.0):
            return other
        inner = _positive(one)
        if inner is not None:
            return _negative(_product(inner, other) if one is a else _product(other, inner))
    if a is b:
        return _term(a.maths**2, a)
    if not isinstance(b, RuleTerm):  # a number goes first
        a, b = b, a
    return _term(_formula(a) * _formula(b), a, b)


def _quotient(a: Operand, b: Operand) -> Operand:
    if _is(a, 0.0) or _is(b, 1.0):
        return a
    inner = _positive(a)
    if inner is not None:
        return _negative(_quotient(inner, b))
    above, below = _formula(a), _formula(b)
    if above.kind == "fraction" and above.parts[1] is below:
        return _quotient(_term(above.parts[0], a), _power(b, 2.0))
    return _term(above / below, a, b)


def _power(a: Operand, b: Operand) -> Operand:
    if _is(b, 0.0):
        return 1.0
    if _is(b, 1.0):
        return a
    base = _formula(a)
    if base.kind == "root" and _is(b, float(base.data)):
        return _term(base.parts[0], a)
    return _term(base ** _formula(b), a, b)


def _choice(condition: Operand, yes: Operand, no: Operand) -> Operand:
    if not isinstance(condition, RuleTerm):
        return yes if condition else no
    if not condition.is_step:
        return yes
    return _term(apply(where, [_formula(x) for x in (condition, yes, no)]), condition, yes, no)


_RULES: dict[Primitive, Any] = {
    add: _sum,
    sub: lambda a, b: _sum(a, _negative(b)),
    neg: _negative,
    mul: _product,
    div: _quotient,
    pow: _power,
    power: _power,
    where: _choice,
}
