"""What is known of the numbers of a graph, whatever finite numbers its leaves get.

Where a partial surely is finite, no zero has to stop it, so a compiled derivative need not ask.
Known are bounds, whether a number may be infinite or NaN, and whether it may be 0. A scale such as
(mean(x²) + 1e-5) ** -0.5 is finite because a square is not negative. Overflow of + - × and of
powers of whole exponents is left out, as are products and quotients that round to 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from autograd_bp import primitives as ops
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

INF = math.inf
MAX_EXP = 709.0  # e to the power of more than about this overflows


class Range(NamedTuple):
    """Where a number lies: between low and high, if it is finite.

    Attributes:
        low, high: its bounds.
        finite: False where it may be infinite or NaN.
        nonzero: True where it is not 0.
        bounded: False where it may be infinite, True where it may be NaN but not infinite.
    """

    low: float = -INF
    high: float = INF
    finite: bool = True
    nonzero: bool = False
    bounded: bool = True


UNKNOWN = Range(finite=False, bounded=False)


class Ranges:
    """The ranges of nodes; what has been computed is kept."""

    def __init__(self) -> None:
        self._known: dict[Value, Range] = {}

    def assume(self, node: Value, known: Range) -> None:
        """Say of a node what its range is, whatever it was computed from."""
        self._known[node] = known

    def __call__(self, number: Any) -> Range:
        """The range of a Value or a float."""
        if not isinstance(number, Value):
            return _of_constant(number)
        known = self._known
        pending = [number]
        while pending:
            node = pending[-1]
            if node not in known:
                unknown = [parent for parent in node.parents if parent not in known]
                if unknown:
                    pending += unknown
                    continue
                known[node] = _range(node, [known[parent] for parent in node.parents])
            pending.pop()
        return known[number]


_shared: ContextVar[Ranges | None] = ContextVar("shared", default=None)


def of_this_recording() -> Ranges:
    """The ranges that everything shares that is recorded together; else new ones."""
    return _shared.get() or Ranges()


@contextmanager
def shared_ranges() -> Iterator[None]:
    """Around a function that is recorded: derivatives inside it, of which there may be one in each
    round of a loop, do not look at what came before again and again."""
    token = _shared.set(Ranges())
    try:
        yield
    finally:
        _shared.reset(token)


def _of_constant(number: float) -> Range:
    if not math.isfinite(number):
        return UNKNOWN
    return Range(number, number, nonzero=number != 0.0)


def _range(node: Value, operands: Sequence[Range]) -> Range:
    op = node.op
    if op is None:
        return _of_constant(node.data) if node.is_constant else Range()
    if op in TRUTHS:
        return TRUTHS[op]
    if not all(operand.finite for operand in operands[len(op.fixed) if op is ops.where else 0 :]):
        slope = operands[0].finite and _of_slope_of_length(node)
        return slope or _of_infinite(op, operands)
    rule = RULES.get(op)
    if rule is None:
        return Range(finite=op.finite, bounded=op.finite)
    found = rule(node.parents, operands)
    return found if found.low <= 0.0 <= found.high else found._replace(nonzero=True)


def _of_infinite(op: Primitive, operands: Sequence[Range]) -> Range:
    """Of a result where an operand may be infinite or NaN."""
    bounded = op in BOUNDED and all(operand.bounded for operand in operands)
    nonzero = op in (ops.mul, ops.neg) and all(operand.nonzero for operand in operands)
    if op is ops.div:
        nonzero = operands[0].nonzero and operands[1].bounded
    return Range(finite=False, nonzero=nonzero, bounded=bounded)


def _of_slope_of_length(node: Value) -> Range | None:
    """Of where(y, x / y, 0) for y the length of a vector that x is a part of: -1 to 1."""
    if node.op is ops.where:
        length, quotient, other = node.parents
        if length.op in LENGTHS and quotient.op is ops.div and other.is_constant:
            x, y = quotient.parents
            if y is length and any(x is parent for parent in length.parents):
                return Range(-1.0, 1.0)
    return None


def _times(a: float, b: float) -> float:
    return a * b if a and b else 0.0  # 0 times an infinite bound is 0: the number is finite


def _product(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    a, b = operands
    ends = [_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    nonzero = a.nonzero and b.nonzero
    return Range(0.0 if parents[0] is parents[1] else min(ends), max(ends), nonzero=nonzero)


def _quotient(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    a, b = operands
    if b.low > 0.0 or b.high < 0.0:
        inverse = Range(_inverse(b.high), _inverse(b.low), nonzero=True)
        if math.isfinite(inverse.low) and math.isfinite(inverse.high):
            # Two different operands, whatever these are.
            return _product((parents[0], parents[1]), (a, inverse))._replace(nonzero=a.nonzero)
    return Range(finite=False, nonzero=a.nonzero, bounded=False)


def _inverse(x: float) -> float:
    return 1.0 / x if abs(x) > 1e-300 else math.copysign(INF, x)


def _total(parts: Sequence[Range]) -> Range:
    return Range(sum(part.low for part in parts), sum(part.high for part in parts))


def _difference(a: Range, b: Range) -> Range:
    return Range(a.low - b.high, a.high - b.low)


def _dot(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    n = len(parents) // 2
    pairs = [
        _product((parents[i], parents[n + i]), (operands[i], operands[n + i])) for i in range(n)
    ]
    return _total([*pairs, *operands[2 * n :]])


def _mean(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    total, n = _total(operands), max(len(parents), 1)
    return Range(total.low / n, total.high / n, finite=bool(parents))


def _size(operand: Range) -> Range:
    smallest = max(operand.low, -operand.high, 0.0)
    return Range(smallest, max(-operand.low, operand.high), nonzero=operand.nonzero)


def _length(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    return Range(max([_size(operand).low for operand in operands], default=0.0))


def _power(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    base, exponent = operands
    e = exponent.low
    if e != exponent.high:
        return UNKNOWN
    if e == int(e) and e >= 0.0:
        return Range(0.0 if e % 2.0 == 0.0 else -INF, nonzero=base.nonzero or e == 0.0)
    if base.low < 0.0:
        return UNKNOWN
    if e > 0.0:
        return Range(0.0, nonzero=base.nonzero)
    highest = base.low**e if base.low > 1e-300 ** (1.0 / max(-e, 1.0)) else INF
    return Range(
        0.0, highest, finite=math.isfinite(highest), nonzero=True, bounded=math.isfinite(highest)
    )


def _exponential(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    low, high = (math.exp(min(x, MAX_EXP)) for x in operands[0][:2])
    finite = operands[0].high < MAX_EXP
    return Range(low, high, finite=finite, bounded=finite)


def _logarithm(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    finite = operands[0].low > 0.0
    return Range(finite=finite, bounded=finite)


def _root(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    low = operands[0].low
    return Range(math.sqrt(max(low, 0.0)), finite=low >= 0.0, nonzero=operands[0].nonzero)


def _choice(parents: Sequence[Value], operands: Sequence[Range]) -> Range:
    _, a, b = operands
    return Range(min(a.low, b.low), max(a.high, b.high), nonzero=a.nonzero and b.nonzero)


def _between(low: float, high: float) -> Callable[..., Range]:
    return lambda parents, operands: Range(low, high)


Rule = Callable[[Sequence[Value], Sequence[Range]], Range]
BOUNDED = (ops.add, ops.sub, ops.mul, ops.neg, ops.dot, ops.sum_, ops.sqrt)
LENGTHS = (ops.norm, ops.hypot)
TRUTHS = {op: Range(0.0, 1.0) for op in (ops.nonzero, ops.any_, ops.all_, ops.logical_or)}
RULES: dict[Primitive, Rule] = {
    ops.add: lambda parents, operands: _total(operands),
    ops.sub: lambda parents, operands: _difference(*operands),
    ops.mul: _product,
    ops.div: _quotient,
    ops.neg: lambda parents, operands: Range(
        -operands[0].high, -operands[0].low, nonzero=operands[0].nonzero
    ),
    ops.sum_: lambda parents, operands: _total(operands),
    ops.dot: _dot,
    ops.mean: _mean,
    ops.abs_: lambda parents, operands: _size(operands[0]),
    ops.square: lambda parents, operands: Range(0.0, nonzero=operands[0].nonzero),
    ops.norm: _length,
    ops.hypot: _length,
    ops.power: _power,
    ops.exp: _exponential,
    ops.log: _logarithm,
    ops.sqrt: _root,
    ops.where: _choice,
    ops.maximum: lambda parents, operands: Range(
        max(operand.low for operand in operands), max(operand.high for operand in operands)
    ),
    ops.minimum: lambda parents, operands: Range(
        min(operand.low for operand in operands), min(operand.high for operand in operands)
    ),
    ops.relu: lambda parents, operands: Range(
        max(operands[0].low, 0.0), max(operands[0].high, 0.0)
    ),
    ops.softplus: _between(0.0, INF),
    **dict.fromkeys((ops.sigmoid, ops.logistic, ops.sech2), _between(0.0, 1.0)),
    **dict.fromkeys((ops.tanh, ops.sin, ops.cos, ops.erf), _between(-1.0, 1.0)),
}
