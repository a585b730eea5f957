"""The same graph simplified: the same function as a smaller graph, by the rules of school algebra.

Sums collect like terms, products collect powers, constants are folded, and equal
subexpressions become one node. The result is again a graph of Values. It agrees with the old
one wherever both are finite: x / x becomes 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp import primitives as rows
from autograd_bp.graph import topological_order
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, constant

LONGEST = 24  # a longer sum or product is one thing in the next: else all would be copied
Term = Any  # a node of the new graph, or a float
Factors = dict[Value, float]  # the exponent of each factor
Terms = dict[Any, float]  # the coefficient of each term; of None: the constant


def simplified(outputs: Sequence[Value]) -> list[Value]:
    """The outputs again, made of fewer nodes. Leaves stay the same objects, and labels stay."""
    algebra = Algebra()
    new: dict[int, Term] = {}
    for node in topological_order(*outputs):
        row = node.op
        if row is None:
            new[id(node)] = node.data if node.is_constant and not node.label else node
        else:
            made = algebra.apply(row, [new[id(parent)] for parent in node.parents])
            new[id(node)] = made
            if node.label and isinstance(made, Value) and made.op is not None and not made.label:
                made.label = node.label
    found = [new[id(output)] for output in outputs]
    return [each if isinstance(each, Value) else constant(each) for each in found]


class Algebra:
    """Makes nodes, each once, and remembers which are sums and products of which."""

    def __init__(self) -> None:
        self._made: dict[Any, Value] = {}
        self._sums: dict[Value, Terms] = {}
        self._products: dict[Value, tuple[float, Factors]] = {}

    def apply(self, row: Primitive, operands: list[Term]) -> Term:
        """The simplest node for a row applied to nodes and floats."""
        if row.partials is not None and not any(isinstance(each, Value) for each in operands):
            return row(*operands)
        rule = RULES.get(row)
        return self.node(row, operands) if rule is None else rule(self, *operands)

    def node(self, row: Primitive, operands: Sequence[Term]) -> Value:
        """The one node for this row and these operands."""
        key = (row.code, *(id(each) if isinstance(each, Value) else (each,) for each in operands))
        if key not in self._made:
            made = row(*operands)
            self._made[key] = made if isinstance(made, Value) else constant(made)
        return self._made[key]

    # ------------------------------------------------------------------------------- sums
    def terms(self, node: Term) -> Terms:
        """A node as a sum: its terms with their coefficients."""
        if not isinstance(node, Value):
            return {None: node}
        known = self._sums.get(node)
        if known is not None:
            return known if len(known) <= LONGEST else {node: 1.0}
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
        if key in self._made:
            return self._made[key]
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
                total = self.node(rows.sub if c < 0.0 else rows.add, [total, part])
        self._made[key] = total
        self._sums[total] = terms
        return total

    # --------------------------------------------------------------------------- products
    def factors(self, node: Term) -> tuple[float, Factors]:
        """A node as a product: a number, and factors with their exponents."""
        if not isinstance(node, Value):
            return node, {}
        known = self._products.get(node)
        return known if known and len(known[1]) <= LONGEST else (1.0, {node: 1.0})

    def multiply(self, parts: Sequence[Term], exponents: Sequence[float] | None = None) -> Term:
        """Π node ** exponent for whole exponents, powers of the same factor together."""
        number, total = 1.0, dict[Value, float]()
        for part, exponent in zip(parts, exponents or [1.0] * len(parts), strict=True):
            factor, factors = self.factors(part)
            number *= rows.power(factor, exponent)
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
        if key not in self._made:
            self._made[key] = self._fraction(number, factors)
            self._products[self._made[key]] = (number, factors)
        return self._made[key]

    def _fraction(self, number: float, factors: Factors) -> Value:
        above: Term = None
        below: Term = None
        for base, exponent in factors.items():
            size = abs(exponent)
            part = base if size == 1.0 else self.node(rows.power, [base, size])
            if exponent > 0.0:
                above = part if above is None else self.node(rows.mul, [above, part])
            else:
                below = part if below is None else self.node(rows.mul, [below, part])
        if above is None:
            return self.node(rows.div, [number, below])
        if number == -1.0 and below is None:
            return self.node(rows.neg, [above])
        if number not in (1.0, -1.0):
            above = self.node(rows.mul, [number, above])
        if below is not None:
            above = self.node(rows.div, [above, below])
            return self.node(rows.neg, [above]) if number == -1.0 else above
        assert isinstance(above, Value)
        return above

    # ---------------------------------------------------------------- powers and conditions
    def raised(self, base: Term, exponent: Term) -> Term:
        if isinstance(exponent, Value):
            return self.node(rows.pow, [base, exponent])
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
        return (
            yes
            if self._is_guard(condition, yes, no)
            else self.node(rows.where, [condition, yes, no])
        )

    def _is_guard(self, condition: Value, yes: Term, no: Term) -> bool:
        """True for the guards that rules put around singular points: there the formula of the
        other points has a limit, or no meaning."""
        factors = self.factors(yes)[1]
        if not isinstance(no, Value) and no == 0.0:
            if factors.get(condition, 0.0) > 0.0:
                return True
            if condition in factors and condition.op in (rows.hypot, rows.norm):
                return True
        logs = any(f.op is rows.log and f.parents[0] is condition for f in factors)
        return logs and any(f.op is rows.pow and f.parents[0] is condition for f in factors)


def _dot(algebra: Algebra, *x: Term) -> Term:
    n = len(x) // 2
    products = [algebra.multiply([x[i], x[n + i]]) for i in range(n)]
    return algebra.linear([(1.0, each) for each in [*products, *x[2 * n :]]])


RULES: dict[Primitive, Any] = {
    rows.add: lambda algebra, a, b: algebra.linear([(1.0, a), (1.0, b)]),
    rows.sub: lambda algebra, a, b: algebra.linear([(1.0, a), (-1.0, b)]),
    rows.neg: lambda algebra, a: algebra.linear([(-1.0, a)]),
    rows.sum_: lambda algebra, *x: algebra.linear([(1.0, each) for each in x]),
    rows.dot: _dot,
    rows.mul: lambda algebra, a, b: algebra.multiply([a, b]),
    rows.div: lambda algebra, a, b: algebra.multiply([a, b], [1.0, -1.0]),
    rows.power: lambda algebra, a, b: algebra.raised(a, b),
    rows.pow: lambda algebra, a, b: algebra.raised(a, b),
    rows.where: lambda algebra, c, a, b: algebra.chosen(c, a, b),
}
