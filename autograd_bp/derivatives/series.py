"""Truncated power series carried through a graph: y(t) = Σ y_k t^k for every node.

From y = g(u) follows y' = Σ_i ∂g/∂u_i · u_i', so k · y_k = Σ_i Σ_j j · u_i,j · p_i,k-j with p_i
the series of the partial. The rules of the table are polymorphic: applied to series they say
which further series the partials are (cos(u) for sin(u), β(1 - β) for β). Coefficient k of y
needs the partials only up to k - 1, so all series grow together, one coefficient at a time:
the work is quadratic in the order, cubic for general powers, and nothing recurses.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.contexts import may_branch
from autograd_bp.derivatives.graphs import data, is_fixed, refuse
from autograd_bp.derivatives.recorded import apply_rule
from autograd_bp.graph import topological_order
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, number_of

Number = Any  # a float or a Value: coefficients can be recorded
MAX_PRODUCT_EXPONENT = 64  # whole powers up to this one are products: exact around 0 too


class Series:
    """One series: the operation and the operands that give it, and its coefficients.

    Attributes:
        coefficients: y_0, y_1, ... as far as they are computed.
        constant: True where y_1, y_2, ... are all 0.
        moves: False where nothing passes to it, because of closed gates; y_1 is then 0.
        refused: the primitive without a derivative that it depends on, or None.
    """

    __slots__ = (
        "_graph",
        "_partials",
        "coefficients",
        "constant",
        "length",
        "moves",
        "op",
        "operands",
        "refused",
    )

    def __init__(self, graph: SeriesGraph, op: Primitive | None, operands: tuple[Any, ...]) -> None:
        self._graph = graph
        self.op = op
        self.operands = operands
        self.coefficients: list[Number] = []
        self.constant = False
        self.moves = True
        self.length = 0
        self.refused: Primitive | None = None
        self._partials: Sequence[Any] | None = None

    def __apply_primitive__(self, op: Primitive, operands: tuple[Any, ...]) -> Any:
        return self._graph.apply(op, operands)

    def __add__(self, other: Any) -> Any:
        return self._graph.apply(ops.add, (self, other))

    def __radd__(self, other: Any) -> Any:
        return self._graph.apply(ops.add, (other, self))

    def __sub__(self, other: Any) -> Any:
        return self._graph.apply(ops.sub, (self, other))

    def __rsub__(self, other: Any) -> Any:
        return self._graph.apply(ops.sub, (other, self))

    def __mul__(self, other: Any) -> Any:
        return self._graph.apply(ops.mul, (self, other))

    def __rmul__(self, other: Any) -> Any:
        return self._graph.apply(ops.mul, (other, self))

    def __truediv__(self, other: Any) -> Any:
        return self._graph.apply(ops.div, (self, other))

    def __rtruediv__(self, other: Any) -> Any:
        return self._graph.apply(ops.div, (other, self))

    def __pow__(self, other: Any) -> Any:
        op = ops.pow if isinstance(other, Series) else ops.power
        return self._graph.apply(op, (self, other))

    def __rpow__(self, other: Any) -> Any:
        return self._graph.apply(ops.pow, (other, self))

    def __neg__(self) -> Any:
        return self._graph.apply(ops.neg, (self,))

    def __abs__(self) -> Any:
        return self._graph.apply(ops.abs_, (self,))

    def partials(self) -> Sequence[Any]:
        """The partials as numbers and series, by the rule of the primitive."""
        if self._partials is None:
            assert self.op is not None
            rule = self.op.partials
            if rule is None:
                self._partials = ()
            elif self.op.code < OWN:
                self._partials = rule(*self.operands, y=self)
            else:
                self._partials = self._graph.partials_by_values(self)
        return self._partials

    def head(self) -> Number:
        """The first coefficient."""
        return self._graph.head(self)

    def moving(self) -> list[tuple[Any, Any]]:
        """The operands that are not constant, each with its partial."""
        pairs = zip(self.operands, self.partials(), strict=False)
        return [(u, p) for u, p in pairs if isinstance(u, Series) and not u.constant]


class SeriesGraph:
    """Series in an order in which each stands after its operands; equal ones stand once.

    Arguments:
        length: how many coefficients of the outputs are computed.
        records: True where coefficients are Values.
    """

    def __init__(self, length: int, *, records: bool) -> None:
        self._length, self._records = length, records
        self._all: list[Series] = []
        self._known: dict[tuple[Any, ...], Series] = {}

    def start(self, coefficients: list[Number], *, constant: bool = False) -> Series:
        """A series without operands: the variable, or a constant that is a Value."""
        series = Series(self, None, ())
        series.coefficients = coefficients
        series.constant = constant
        return series

    def apply(self, op: Primitive, operands: Sequence[Any], value: Number | None = None) -> Any:
        """The series of a primitive applied to series and floats; `value` is y_0 if it is known."""
        if not any(isinstance(u, Series) for u in operands):
            return op(*operands)
        if op is ops.where and not isinstance(operands[0], Series):
            return operands[1] if operands[0] else operands[2]
        if op is ops.power and not isinstance(operands[1], Series):
            exponent = float(operands[1])
            if exponent == int(exponent) if abs(exponent) <= MAX_PRODUCT_EXPONENT else False:
                return self._whole_power(operands[0], int(exponent))
        key = (op.code, *(id(u) if isinstance(u, Series) else (float(u),) for u in operands))
        if key in self._known:
            return self._known[key]
        series = Series(self, op, tuple(operands))
        if value is not None:
            series.coefficients.append(value)
        self._known[key] = series
        self._all.append(series)  # before the partials, which may be made of it
        series.constant = self._is_constant(series)
        return series

    def _is_constant(self, series: Series) -> bool:
        assert series.op is not None
        if all(not isinstance(u, Series) or u.constant for u in series.operands):
            return True
        if not series.op.gate:
            return False
        # Steps: sign, floor, the comparisons that rules use.
        return all(not isinstance(p, Series) and p == 0.0 for _, p in series.moving())

    def _whole_power(self, base: Any, exponent: int) -> Any:
        if exponent < 0 and may_branch.get() and data(_head(base)) == 0.0:
            # At the pole x·x has no slope: its quotient would be NaN where the powers of 1/x are
            # infinite with their signs.
            return self._whole_power(self.apply(ops.div, (1.0, base)), -exponent)
        if exponent < 0:
            return self.apply(ops.div, (1.0, self._whole_power(base, -exponent)))
        result, square = None, base
        while exponent:
            if exponent & 1:
                result = square if result is None else result * square
            exponent >>= 1
            if exponent:
                square = square * square
        return 1.0 if result is None else result

    def partials_by_values(self, series: Series) -> list[Any]:
        """The partials of a primitive that is not the library's own.

        Its rule may do with its inputs whatever it does with numbers and Values: it is recorded
        on Values, and what was recorded is then applied to the series. A rule that works on
        floats only is enough for an expansion to order 1.
        """
        assert series.op is not None
        heads = [self.head(u) if isinstance(u, Series) else u for u in series.operands]
        y = self.head(series)
        if self._length <= 2 and not any(isinstance(x, Value) for x in (*heads, y)):
            return list(apply_rule(series.op, heads, y))
        known: dict[int, Any] = {}
        operands = []
        for u, number in zip((*series.operands, series), (*heads, y), strict=True):
            node = Value(data(number)) if isinstance(u, Series) else u
            known[id(node)] = u
            operands.append(node)
        partials = apply_rule(series.op, operands[:-1], operands[-1])
        return [self._replayed(partial, known) for partial in partials]

    def _replayed(self, output: Any, known: dict[int, Any]) -> Any:
        """Apply what was recorded on Values to the series that the Values stand for."""
        if not isinstance(output, Value):
            return output
        for node in topological_order(output):
            if id(node) in known:
                continue
            if node.op is None:
                fixed = is_fixed(node) or not self._records
                known[id(node)] = number_of(node) if fixed else self.start([node], constant=True)
            else:
                operands = [known[id(parent)] for parent in node.parents]
                known[id(node)] = self.apply(node.op, operands)
        return known[id(output)]

    def head(self, series: Series) -> Number:
        """The first coefficient of a series, and those that it needs of others."""
        pending = [series]
        while pending:
            top = pending[-1]
            missing = [u for u in top.operands if isinstance(u, Series) and not u.coefficients]
            if top.coefficients or not missing:
                pending.pop()
                if not top.coefficients:
                    top.coefficients.append(coefficient(top, 0))
            pending += missing if not top.coefficients else []
        return series.coefficients[0]

    def grow(self, outputs: Sequence[Any]) -> None:
        """Compute the coefficients of the outputs, and what they need of others.

        Raises: NotDifferentiableError where an output depends on a primitive without a derivative.
        """
        length = self._length
        self._plan([(output, length) for output in outputs if isinstance(output, Series)])
        for k in range(length):
            for series in self._all:
                if k < series.length and k >= len(series.coefficients):
                    series.coefficients.append(coefficient(series, k))
        for output in outputs:
            if length > 1 and isinstance(output, Series) and output.refused is not None:
                raise refuse(output.refused)

    def _plan(self, pending: list[tuple[Series, int]]) -> None:
        """Set how many coefficients of each series are needed; rules may add series here."""
        while pending:
            series, length = pending.pop()
            if length <= series.length:
                continue
            series.length = length
            pending += [(u, length) for u in series.operands if isinstance(u, Series)]
            if length > 1 and not (series.op is None or series.op in DIRECT or series.constant):
                pending += [(p, length - 1) for _, p in series.moving() if isinstance(p, Series)]


def _head(number: Any) -> Number:
    """The first coefficient of a series, or the number itself."""
    return number.head() if isinstance(number, Series) else number


def coefficient(y: Series, k: int) -> Number:
    """y_k, where the operands are known up to k and the partials up to k - 1."""
    op = y.op
    if op is None:
        return 0.0
    if k == 0:
        return op(*(u.coefficients[0] if isinstance(u, Series) else u for u in y.operands))
    if y.constant:
        return 0.0
    if op.partials is None:
        y.refused = op
        return 0.0
    if k == 1 and may_branch.get():
        return _first_order(y)
    if op in DIRECT:
        pass_refusal(y, y.operands)
        return DIRECT[op](y, k, *map(_coefficients, y.operands))
    # The recurrence divides by a_0, which may be any number while a function is traced.
    if op is ops.power and may_branch.get() and data(y.operands[0].coefficients[0]) != 0.0:
        pass_refusal(y, y.operands)
        return _power(y, k)
    return _by_rule(y, k)


def _is_finite(y: Series) -> bool:
    """Whether the first coefficients of a series and of its operands are finite."""
    heads = [u.coefficients[0] if isinstance(u, Series) else u for u in (y, *y.operands)]
    return all(math.isfinite(data(head)) for head in heads)


def _first_order(y: Series) -> Number:
    """y_1, by the rules of a sweep in forward mode; see docs/kinks.md."""
    op = y.op
    assert op is not None
    if op in DIRECT and _is_finite(y):
        y.moves = any(u.moves for u in y.operands if isinstance(u, Series) and not u.constant)
        pass_refusal(y, y.operands)
        return DIRECT[op](y, 1, *map(_coefficients, y.operands))
    total: Number = 0.0
    y.moves = False
    for u, p in y.moving():
        partial = p.head() if isinstance(p, Series) else p
        if u.moves and not (op.gate and data(partial) == 0.0):
            y.moves = True
            pass_refusal(y, (u, p))
            total = total + _first_product(u.coefficients[1], partial)
    return total


def _first_product(tangent: Number, partial: Number) -> Number:
    """The product of two first coefficients, as a sweep in forward mode has it: a partial of 0
    meets no infinite tangent, but an infinite partial meets a tangent of 0."""
    if data(partial) == 0.0 and not (isinstance(partial, Value) and math.isfinite(data(tangent))):
        return 0.0
    return 0.0 if _zero(tangent) and math.isfinite(data(partial)) else partial * tangent


def _by_rule(y: Series, k: int) -> Number:
    assert y.op is not None
    total: Number = 0.0
    for u, p in y.moving():
        series = isinstance(p, Series)
        first = p.coefficients[0] if series else p
        if y.op.gate and isinstance(first, Value) and not may_branch.get():
            # A gate that is closed for these numbers may be open for others.
            pass_refusal(y, (u, p))
            total = total + ops.where(first, first * u.coefficients[k], 0.0)
            continue
        is_other = isinstance(first, Value) and not may_branch.get()  # it may be another number
        if not is_other and data(first) == 0.0 and (y.op.gate or not series):
            continue
        pass_refusal(y, (u, p))
        if series and not p.constant:
            total = total + convolution(u.coefficients, p.coefficients, k, 1, weighted=True) / k
        elif not _zero(u.coefficients[k]):
            total = total + first * u.coefficients[k]
    return total


def pass_refusal(y: Series, operands: Sequence[Any]) -> None:
    for u in operands:
        if isinstance(u, Series) and u.refused is not None:
            y.refused = u.refused


def convolution(
    a: Sequence[Number], b: Sequence[Number], k: int, first: int, *, weighted: bool = False
) -> Number:
    """Σ_j a_j · b_k-j for j from `first` to k, each times j where weighted."""
    total: Number = 0.0
    for j in range(first, min(k + 1, len(a))):
        if k - j < len(b):
            left, right = a[j], b[k - j]
            if not _zero(left) and not _zero(right):
                product = left * right
                total = total + (product * float(j) if weighted else product)
    return total


def _zero(number: Number) -> bool:
    return not isinstance(number, Value) and number == 0.0


def _coefficients(operand: Any) -> list[Number]:
    if not isinstance(operand, Series):
        return [operand]
    return operand.coefficients[:1] if operand.constant else operand.coefficients


def _at(a: list[Number], k: int) -> Number:
    return a[k] if k < len(a) else 0.0


def _quotient(y: Series, k: int, a: list[Number], b: list[Number]) -> Number:
    return ops.div(_at(a, k) - convolution(b, y.coefficients, k, 1), b[0])


def _power(y: Series, k: int) -> Number:
    """From a · y' = b · a' · y: k a_0 y_k = Σ_j (b j - (k - j)) a_j y_k-j."""
    a, b = _coefficients(y.operands[0]), _coefficients(y.operands[1])[0]
    total: Number = 0.0
    for j in range(1, min(k + 1, len(a))):
        if not _zero(a[j]):
            total = total + (b * float(j) - float(k - j)) * (a[j] * y.coefficients[k - j])
    return ops.div(total, a[0] * float(k))


DIRECT: dict[Primitive, Callable[..., Number]] = {
    ops.add: lambda y, k, a, b: _at(a, k) + _at(b, k),
    ops.sub: lambda y, k, a, b: _at(a, k) - _at(b, k),
    ops.neg: lambda y, k, a: -_at(a, k),
    ops.mul: lambda y, k, a, b: convolution(a, b, k, 0),
    ops.div: _quotient,
}
