"""Primitives as expressions of SymPy, in the form that SymPy can do most with.

A function of SymPy's comes first, then the definition in terms of simpler entries, 1/(1 + e^-x)
for sigmoid. The expression is written for floats, with branches that keep it from overflowing:
it serves where there is nothing else, and choices in it become Max, sign and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.expressions import COMPARISONS, Expression, as_expression, inputs, letters, walk
from autograd_bp.folds import Fold
from autograd_bp.printers.evaluation import Evaluator
from autograd_bp.printers.functions import SPELLINGS
from autograd_bp.printers.overrides import form

MAX_DENOMINATOR = 1024  # a float that is a fraction with a denominator up to this is written as one


class Symbolic:
    """Primitives on expressions of SymPy.

    Arguments:
        sympy: the module.
    """

    def __init__(self, sympy: Any) -> None:
        self._sympy = sympy
        self._evaluator = _Sympy(sympy)

    def number(self, x: float) -> Any:
        """A float as a number of SymPy: a simple fraction as such."""
        return self._evaluator.number(x)

    def apply(self, op: Any, operands: Sequence[Any]) -> Any:
        """Compute a primitive; a function without a meaning where nothing says it."""
        expression = form("sympy", op)
        if isinstance(expression, Expression) and _is_call(expression, len(operands)):
            return self._evaluator.apply(expression, operands)
        if op.definition is not None:
            return self._evaluator.define(op.definition, operands, self.apply)
        if expression is None:
            return self._sympy.Function(op.name)(*operands)
        if isinstance(expression, Fold):
            expression = expression.unrolled(inputs(*letters(len(operands))))
        return self._evaluator.apply(with_choices_named(expression), operands)


class _Sympy(Evaluator):
    def __init__(self, sympy: Any) -> None:
        scope = {"sympy": sympy}
        functions = {name: eval(known.sympy, scope) for name, known in SPELLINGS.items()}
        logic = {
            "==": sympy.Eq,
            "!=": sympy.Ne,
            "and": sympy.And,
            "or": sympy.Or,
            "not": sympy.Not,
        }
        choices = {
            "max": sympy.Max,
            "min": sympy.Min,
            "sign": sympy.sign,
            "step": sympy.Heaviside,
        }
        library = {
            "lgamma": lambda x: (
                sympy.loggamma(x) if x.is_positive else sympy.log(sympy.Abs(sympy.gamma(x)))
            ),
            "polygamma": sympy.polygamma,
            "erfinv": sympy.erfinv,
            "erfcx": lambda x: sympy.exp(x**2) * sympy.erfc(x),
            "sincpi": lambda x: sympy.sinc(sympy.pi * x),
            "besseli": sympy.besseli,
            "besselj": sympy.besselj,
            "besselk": sympy.besselk,
            "bessely": sympy.bessely,
            **_incomplete(sympy),
            "spherical_bessel": lambda n, x: sympy.Piecewise(
                (int(n == 0), sympy.Eq(x, 0)), (sympy.expand_func(sympy.jn(n, x)), True)
            ),
        }
        super().__init__({**functions, **logic, **choices, **library}, self._number)
        self._sympy = sympy

    def _number(self, x: float) -> Any:
        sympy = self._sympy
        if x != x:
            return sympy.nan
        if x in (float("inf"), float("-inf")):
            return sympy.oo if x > 0 else -sympy.oo
        above, below = x.as_integer_ratio()
        return sympy.Rational(above, below) if below <= MAX_DENOMINATOR else sympy.Float(x, 17)

    def decided(self, condition: Any) -> bool | None:
        if condition in (True, False):
            return bool(condition)
        return None

    def choose(self, condition: Any, yes: Any, no: Any) -> Any:
        sympy = self._sympy
        if isinstance(condition, sympy.Eq) and self._becomes(no, condition, yes):
            return no  # which is a special case of the other: b == 1 ? a : a**b
        return sympy.Piecewise((yes, condition), (no, True))

    def _becomes(self, general: Any, condition: Any, special: Any) -> bool:
        """Whether an expression is another one where an equation holds."""
        try:
            return bool(general.subs(condition.lhs, condition.rhs) == special)
        except ZeroDivisionError:  # of a remainder by what is 0 there
            return False


def _is_call(expression: Expression, count: int) -> bool:
    """Whether it is one function of the inputs, in their order."""
    names = [part.parts[0] if part.head == "input" else None for part in expression.operands]
    return expression.head in SPELLINGS and names == [*letters(count)]


# ----------------------------------------------------------------------------- choices by name
_TRUE = Expression("==", as_expression(0.0), as_expression(0.0))
_FALSE = Expression("!=", as_expression(0.0), as_expression(0.0))
_TESTS = {"isnan": _FALSE, "isinf": _FALSE, "isfinite": _TRUE}
_OUTCOMES = {"<": "<", "<=": "<=", ">": ">", ">=": ">=", "==": "=", "!=": "<>"}


def with_choices_named(root: Expression) -> Expression:
    """The expression with "max", "min", "sign" and "step" in the place of the choices that
    compute them of real numbers, and without tests for what is no real number."""
    return _rebuilt(_rebuilt(root, _without_tests), _with_name)


Rule = Callable[[Expression, dict[int, Expression]], Expression]


def _rebuilt(root: Expression, rule: Rule) -> Expression:
    """The expression with each operation replaced by what a rule makes of it.

    Arguments:
        root: the expression.
        rule: takes an operation, and what each node below it was replaced by, by the node's id.
    """
    results: dict[int, Expression] = {}
    for node in walk(root):
        results[id(node)] = rule(node, results) if node.operands else node
    return results[id(root)]


def _without_tests(node: Expression, results: dict[int, Expression]) -> Expression:
    head, parts = node.head, [results[id(part)] for part in node.parts]
    first = parts[0]
    if head in _TESTS:
        return _TESTS[head]
    if head in ("and", "or"):
        return _connected(head, *parts)
    if head == "not" and _is_decided(first):
        return _FALSE if first is _TRUE else _TRUE
    if head == "?" and _is_decided(first):
        return parts[1] if first is _TRUE else parts[2]
    return Expression(head, *parts)


def _is_decided(condition: Expression) -> bool:
    return condition is _TRUE or condition is _FALSE


def _connected(head: str, a: Expression, b: Expression) -> Expression:
    """Two conditions joined by "and" or "or", where one of them may be decided."""
    for condition, other in ((a, b), (b, a)):
        if _is_decided(condition):
            decides = (condition is _TRUE) == (head == "or")
            return condition if decides else other
    return Expression(head, a, b)


def _with_name(node: Expression, results: dict[int, Expression]) -> Expression:
    """A choice by which of two numbers is larger, by its name."""
    unnamed = Expression(node.head, *[results[id(part)] for part in node.parts])
    if node.head != "?" or node.parts[0].head not in COMPARISONS:
        return unnamed
    a, b = node.parts[0].parts
    below, equal, above = _outcomes(node, a, b)
    first, second = results[id(a)], results[id(b)]
    if (equal is a or equal is b) and {id(above), id(below)} == {id(a), id(b)}:
        return Expression("max" if above is a else "min", first, second)
    difference = first if _is(b, 0.0) else first - second
    if _is(above, 1.0) and _is(equal, 0.0) and _is(below, -1.0):
        return Expression("sign", difference)
    if _is(above, 1.0) and _is(below, 0.0):
        return Expression("step", difference, results[id(equal)])
    return unnamed


def _outcomes(node: Expression, a: Expression, b: Expression) -> list[Expression]:
    """The results of nested choices for a < b, a == b and a > b."""
    outcomes: dict[str, Expression] = {}
    while node.head == "?" and _compares(node.parts[0], a, b):
        for outcome in _OUTCOMES[node.parts[0].head]:
            outcomes.setdefault(outcome, node.parts[1])
        node = node.parts[2]
    return [outcomes.get(outcome, node) for outcome in "<=>"]


def _compares(condition: Expression, a: Expression, b: Expression) -> bool:
    return condition.head in COMPARISONS and condition.parts[0] is a and condition.parts[1] is b


def _is(node: Expression, x: float) -> bool:
    return node.head == "number" and bool(node.parts[0] == x)


def _incomplete(sympy: Any) -> dict[str, Callable[..., Any]]:
    """The incomplete gamma and beta functions, their densities, and derivatives by parameters."""

    def by(function: Callable[..., Any], orders: Sequence[Any], parameters: Sequence[Any]) -> Any:
        names = [sympy.Dummy(name) for name in "ab"[: len(orders)]]
        counts = [(name, int(n)) for name, n in zip(names, orders, strict=True) if n]
        if not counts:
            return function(*parameters)
        derivative = sympy.Derivative(function(*names), *counts)
        return sympy.Subs(derivative, tuple(names), tuple(parameters))

    def lower(a: Any, x: Any) -> Any:
        return sympy.lowergamma(a, x) / sympy.gamma(a)

    def density(a: Any, x: Any) -> Any:
        return x ** (a - 1) * sympy.exp(-x) / sympy.gamma(a)

    def beta_density(a: Any, b: Any, x: Any) -> Any:
        return x ** (a - 1) * (1 - x) ** (b - 1) / sympy.beta(a, b)

    return {
        "gammainc": lambda n, a, x: by(lambda a: lower(a, x), [n], [a]),
        "gammaincc": lambda a, x: sympy.uppergamma(a, x) / sympy.gamma(a),
        "gamma_density": lambda n, a, x: by(lambda a: density(a, x), [n], [a]),
        "betainc": lambda m, n, a, b, x: by(
            lambda a, b: sympy.betainc_regularized(a, b, 0, x), [m, n], [a, b]
        ),
        "beta_density": lambda m, n, a, b, x: by(
            lambda a, b: beta_density(a, b, x), [m, n], [a, b]
        ),
    }
