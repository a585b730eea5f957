"""The same graph simplified: the same function as a smaller graph, by the rules of school algebra.

Sums collect like terms, products collect powers, constants are folded, and equal
subexpressions become one node. The result is again a graph of Values. It agrees with the old
one wherever both are finite: x / x becomes 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.graph import topological_order
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, constant

MAX_TERMS = 24  # a longer sum or product is one thing in the next: else all would be copied
Term = Any  # a node of the new graph, or a float
Factors = dict[Value, float]  # the exponent of each factor
Terms = dict[Any, float]  # the coefficient of each term; of None: the constant


def simplified(outputs: Sequence[Value]) -> list[Value]:
    """The outputs again, made of fewer nodes. Leaves stay the same objects, and labels stay."""
    algebra = Algebra()
    terms: dict[int, Term] = {}
    for node in topological_order(*outputs):
        if node.op is None:
            terms[id(node)] = node.data if node.is_constant and not node.label else node
            continue
        term = algebra.apply(node.op, [terms[id(parent)] for parent in node.parents])
        terms[id(node)] = term
        if node.label and isinstance(term, Value) and term.op is not None and not term.label:
            term.label = node.label
    return [_as_value(terms[id(output)]) for output in outputs]


def _as_value(term: Term) -> Value:
    return term if isinstance(term, Value) else constant(term)


class Algebra:
    """Makes nodes, each once, and remembers which are sums and products of which."""

    def __init__(self) -> None:
        self._nodes: dict[Any, Value] = {}
        self._sums: dict[Value, Terms] = {}
        self._products: dict[Value, tuple[float, Factors]] = {}

    def apply(self, op: Primitive, operands: list[Term]) -> Term:
        """The simplest node for an operation on nodes and floats."""
        if op.partials is not None and not any(isinstance(x, Value) for x in operands):
            return op(*operands)
        rule = RULES.get(op)
        return self.node(op, operands) if rule is None else rule(self, *operands)

    def node(self, op: Primitive, operands: Sequence[Term]) -> Value:
        """The one node for this operation on these operands."""
        key = (op.code, *(id(x) if isinstance(x, Value) else (x,) for x in operands))
        if key not in self._nodes:
            self._nodes[key] = _as_value(op(*operands))
        return self._nodes[key]

    # ------------------------------------------------------------------------------- sums
    def terms(self, node: Term) -> Terms:
        """A node as a sum: its terms with their coefficients."""
        if not isinstance(node, Value):
            return {None: node}
        known = self._sums.get(node)
        if known is not None:
            return known if len(known) <= MAX_TERMS else {node: 1.0}
        factor, factors = self.factors(node)
        return {node: 1.0} if factor == 1.0 else {self.product(1.0, factors): factor}

    def linear(self, parts: Sequence[tuple[float, Term]]) -> Term:
        """Σ coefficient · node, like terms together."""
        total: Terms = {}
        for factor, node in parts:
            for term, inner in self.terms(node).items():
                total[term] = total.get(term, 0.0) + factor * inner
        return self.sum({term: c for term, c in total.items() if c != 0.0})

    def sum(self, terms: Terms) -> Term:
        if not terms:
            return 0.0
        if len(terms) == 1:
            ((term, factor),) = terms.items()
            return factor if term is None else self.multiply([factor, term])
        key = ("sum", frozenset((id(term), c) for term, c in terms.items()))
        if key in self._nodes:
            return self._nodes[key]
        # A constant goes last, and a positive term first: d - z, 1 - y, x + 2.
        order = sorted(terms.items(), key=lambda item: item[0] is None)
        order.sort(key=lambda item: item[1] < 0.0)
        total: Term = None
        for term, c in order:
            size = abs(c) if total is not None else c
            part = size if term is None else self.multiply([size, term])
            if total is None:
                total = part
            else:
                total = self.node(ops.sub if c < 0.0 else ops.add, [total, part])
        self._nodes[key] = total
        self._sums[total] = terms
        return total

    # --------------------------------------------------------------------------- products
    def factors(self, node: Term) -> tuple[float, Factors]:
        """A node as a product: a number, and factors with their exponents."""
        if not isinstance(node, Value):
            return node, {}
        known = self._products.get(node)
        return known if known and len(known[1]) <= MAX_TERMS else (1.0, {node: 1.0})

    def multiply(self, parts: Sequence[Term], exponents: Sequence[float] | None = None) -> Term:
        """Π node ** exponent for whole exponents, powers of the same factor together."""
        number, total = 1.0, dict[Value, float]()
        for part, exponent in zip(parts, exponents or [1.0] * len(parts), strict=True):
            factor, factors = self.factors(part)
            number *= ops.power(factor, exponent)
            for base, inner in factors.items():
                total[base] = total.get(base, 0.0) + inner * exponent
        return self.product(number, {base: e for base, e in total.items() if e != 0.0})

    def product(self, number: float, factors: Factors) -> Term:
        if number == 0.0 or not factors:
            return number
        if len(factors) == 1:
            ((base, exponent),) = factors.items()
            if exponent == 1.0 and number == 1.0:
                return base
            if exponent == 1.0 and number == -1.0 and base in self._sums:
                return self.sum({term: -c for term, c in self._sums[base].items()})
        key = ("product", number, frozenset((id(base), e) for base, e in factors.items()))
        if key not in self._nodes:
            self._nodes[key] = self._fraction(number, factors)
            self._products[self._nodes[key]] = (number, factors)
        return self._nodes[key]

    def _fraction(self, number: float, factors: Factors) -> Value:
        above: Term = None
        below: Term = None
        for base, exponent in factors.items():
            size = abs(exponent)
            part = base if size == 1.0 else self.node(ops.power, [base, size])
            if exponent > 0.0:
                above = part if above is None else self.node(ops.mul, [above, part])
            else:
                below = part if below is None else self.node(ops.mul, [below, part])
        if above is None:
            return self.node(ops.div, [number, below])
        if number == -1.0 and below is None:
            return self.node(ops.neg, [above])
        if number not in (1.0, -1.0):
            above = self.node(ops.mul, [number, above])
        if below is not None:
            above = self.node(ops.div, [above, below])
            return self.node(ops.neg, [above]) if number == -1.0 else above
        assert isinstance(above, Value)
        return above

    # ---------------------------------------------------------------- powers and conditions
    def raised(self, base: Term, exponent: Term) -> Term:
        if isinstance(exponent, Value):
            return self.node(ops.pow, [base, exponent])
        if exponent == 0.0:
            return 1.0
        if exponent == int(exponent):
            return self.multiply([base], [exponent])
        assert isinstance(base, Value)
        return self.product(1.0, {base: exponent})

    def chosen(self, condition: Term, yes: Term, no: Term) -> Term:
        if not isinstance(condition, Value):
            return yes if condition else no
        if yes is no or (not isinstance(yes, Value) and yes == no):
            return yes
        if self._is_guard(condition, yes, self._last_resort(yes, no)):
            return yes
        return self.node(ops.where, [condition, yes, no])

    def _last_resort(self, yes: Term, no: Term) -> Term:
        """The form that remains where two guards lead to the same: `pow` has two."""
        if isinstance(no, Value) and no.op is ops.where and no.parents[1] is yes:
            other = no.parents[2]
            return other.data if other.is_constant else other
        return no

    def _is_guard(self, condition: Value, yes: Term, no: Term) -> bool:
        """True for the guards that rules put around singular points: there the formula of the
        other points has a limit, or no meaning."""
        factors = self.factors(yes)[1]
        if not isinstance(no, Value) and no == 0.0:
            if factors.get(condition, 0.0) > 0.0:
                return True
            if condition in factors and condition.op in (ops.hypot, ops.norm):
                return True
        logs = any(f.op is ops.log and f.parents[0] is condition for f in factors)
        return logs and any(f.op is ops.pow and f.parents[0] is condition for f in factors)


def _dot(algebra: Algebra, *x: Term) -> Term:
    left, right = ops.dot.operands.lists(x)
    products = [algebra.multiply([a, b]) for a, b in zip(left, right, strict=True)]
    initial = ops.dot.operands.initial_value(x, 0.0)
    return algebra.linear([(1.0, term) for term in [*products, initial]])


RULES: dict[Primitive, Any] = {
    ops.add: lambda algebra, a, b: algebra.linear([(1.0, a), (1.0, b)]),
    ops.sub: lambda algebra, a, b: algebra.linear([(1.0, a), (-1.0, b)]),
    ops.neg: lambda algebra, a: algebra.linear([(-1.0, a)]),
    ops.sum_: lambda algebra, *x: algebra.linear([(1.0, term) for term in x]),
    ops.dot: _dot,
    ops.mul: lambda algebra, a, b: algebra.multiply([a, b]),
    ops.div: lambda algebra, a, b: algebra.multiply([a, b], [1.0, -1.0]),
    ops.power: lambda algebra, a, b: algebra.raised(a, b),
    ops.pow: lambda algebra, a, b: algebra.raised(a, b),
    ops.where: lambda algebra, c, a, b: algebra.chosen(c, a, b),
}
