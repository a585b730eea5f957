"""Ranges: what is known of a number, and of what primitives compute of such numbers.

Overflow of + - × and of powers of whole exponents is left out, as are products and quotients that
round to 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd_bp import primitives as ops
from autograd_bp.primitives import Primitive

INF = math.inf
MAX_EXP = 709.0  # e to the power of more than about this overflows


class Range(NamedTuple):
    """Where a number lies: between low and high, if it is finite.

    Attributes:
        low, high: its bounds.
        finite: False where it may be infinite or NaN.
        nonzero: True where it is not 0.
        bounded: False where it may be infinite, True where it may be NaN but not infinite.
        below: True where it is finite or minus infinity, as a score that a mask leaves out.
    """

    low: float = -INF
    high: float = INF
    finite: bool = True
    nonzero: bool = False
    bounded: bool = True
    below: bool = False


UNKNOWN = Range(finite=False, bounded=False)


def of_constant(number: float) -> Range:
    """The range of a constant."""
    if number == -INF:
        return Range(-INF, -INF, finite=False, nonzero=True, bounded=False, below=True)
    if not math.isfinite(number):
        return UNKNOWN
    return Range(number, number, nonzero=number != 0.0)


def hull(ranges: Sequence[Range]) -> Range:
    """The smallest range that holds all of these ranges."""
    if len(ranges) == 1:
        return ranges[0]
    finite = all(x.finite for x in ranges)
    return Range(
        min(x.low for x in ranges),
        max(x.high for x in ranges),
        finite=finite,
        nonzero=all(x.nonzero for x in ranges),
        bounded=all(x.bounded for x in ranges),
        below=not finite and all(x.finite or x.below for x in ranges),
    )


def range_of(op: Primitive, parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    """The range of what a primitive computes.

    Arguments:
        op: the primitive.
        parents: what stands for its operands: the same object where two of them are the same.
        operands: their ranges.
    """
    if op in TRUTHS:
        return TRUTHS[op]
    if not all(operand.finite for operand in operands[len(op.fixed) if op is ops.where else 0 :]):
        return _of_infinite(op, parents, operands)
    rule = RULES.get(op)
    if rule is None:
        return Range(finite=op.finite, bounded=op.finite)
    return _with_nonzero(rule(parents, operands))


def _with_nonzero(known: Range) -> Range:
    return known if known.low <= 0.0 <= known.high else known._replace(nonzero=True)


def _of_infinite(op: Primitive, parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    """Of a result where an operand may be infinite or NaN."""
    chosen = operands[1:] if op is ops.where else operands
    if op in OF_BELOW and all(operand.finite or operand.below for operand in chosen):
        known = OF_BELOW[op](parents, operands)
        if known is not None:
            return _with_nonzero(known)
    bounded = op in BOUNDED and all(operand.bounded for operand in operands)
    nonzero = op in (ops.mul, ops.neg) and all(operand.nonzero for operand in operands)
    if op is ops.div:
        nonzero = operands[0].nonzero and operands[1].bounded
    return Range(finite=False, nonzero=nonzero, bounded=bounded)


def _times(a: float, b: float) -> float:
    return a * b if a and b else 0.0  # 0 times an infinite bound is 0: the number is finite


def _product(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    a, b = operands
    ends = [_times(x, y) for x in (a.low, a.high) for y in (b.low, b.high)]
    nonzero = a.nonzero and b.nonzero
    return Range(0.0 if parents[0] is parents[1] else min(ends), max(ends), nonzero=nonzero)


def _quotient(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
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


def _dot(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    n = len(parents) // 2
    pairs = [
        _product((parents[i], parents[n + i]), (operands[i], operands[n + i])) for i in range(n)
    ]
    return _total([*pairs, *operands[2 * n :]])


def _mean(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    total, n = _total(operands), max(len(parents), 1)
    return Range(total.low / n, total.high / n, finite=bool(parents))


def _size(operand: Range) -> Range:
    smallest = max(operand.low, -operand.high, 0.0)
    return Range(smallest, max(-operand.low, operand.high), nonzero=operand.nonzero)


def _length(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    return Range(max([_size(operand).low for operand in operands], default=0.0))


def _power(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
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


def _exponential(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    low, high = (math.exp(min(x, MAX_EXP)) for x in operands[0][:2])
    finite = operands[0].high < MAX_EXP
    return Range(low, high, finite=finite, bounded=finite)


def _logarithm(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    finite = operands[0].low > 0.0
    return Range(finite=finite, bounded=finite)


def _root(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    low = operands[0].low
    return Range(math.sqrt(max(low, 0.0)), finite=low >= 0.0, nonzero=operands[0].nonzero)


def _choice(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    _, a, b = operands
    return Range(min(a.low, b.low), max(a.high, b.high), nonzero=a.nonzero and b.nonzero)


def _between(low: float, high: float) -> Callable[..., Range]:
    return lambda parents, operands: Range(low, high)


def _below(high: float) -> Range:
    return Range(-INF, high, finite=False, bounded=False, below=True)


def _sum_below(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    highs = [operand.high for operand in operands]
    return _below(-INF if -INF in highs else sum(highs))


def _difference_below(parents: Sequence[Any], operands: Sequence[Range]) -> Range | None:
    a, b = operands
    return _below(a.high - b.low if a.high > -INF else -INF) if b.finite else None


def _scaled_below(parents: Sequence[Any], operands: Sequence[Range]) -> Range | None:
    """Of a product or quotient of a number that may be minus infinity and a positive one."""
    a, b = operands
    return _below(INF if a.high > 0.0 else 0.0) if b.finite and b.low > 0.0 else None


def _largest_below(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    low, high = max(x.low for x in operands), max(x.high for x in operands)
    return Range(low, high) if any(x.finite for x in operands) else _below(high)


def _exponential_below(parents: Sequence[Any], operands: Sequence[Range]) -> Range | None:
    known = _exponential(parents, operands)
    return known._replace(low=0.0) if known.finite else None


def _power_of_difference(parents: Sequence[Any], operands: Sequence[Range]) -> Range | None:
    """Of e^(a - b) for a that is not above b."""
    return Range(0.0, 1.0) if operands[1].finite else None


def _choice_below(parents: Sequence[Any], operands: Sequence[Range]) -> Range:
    return hull(operands[1:])


Rule = Callable[[Sequence[Any], Sequence[Range]], Range]
BOUNDED = (ops.add, ops.sub, ops.mul, ops.neg, ops.dot, ops.sum_, ops.sqrt)
COMPARISONS = (ops.equal, ops.not_equal, ops.less, ops.less_equal, ops.greater, ops.greater_equal)
LOGIC = (ops.nonzero, ops.any_, ops.all_, ops.logical_or, ops.logical_and, ops.logical_not)
TRUTHS = {op: Range(0.0, 1.0) for op in (*COMPARISONS, *LOGIC, ops.moves)}  # also of NaN
RULES: dict[Primitive, Rule] = {
    ops.add: lambda parents, operands: _total(operands),
    ops.sub: lambda parents, operands: _difference(*operands),
    ops.mul: _product,
    ops.div: _quotient,
    ops.stopped: _product,
    ops.decayed: _product,
    ops.unless_stopped: lambda parents, operands: operands[0]._replace(nonzero=False),
    ops.difference: lambda parents, operands: _difference(*operands),
    ops.infinities: _between(0.0, INF),
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
OF_BELOW: dict[Primitive, Callable[[Sequence[Any], Sequence[Range]], Range | None]] = {
    ops.add: _sum_below,
    ops.sum_: _sum_below,
    ops.sub: _difference_below,
    ops.difference: _difference_below,
    ops.mul: _scaled_below,
    ops.div: _scaled_below,
    ops.maximum: _largest_below,
    ops.largest: _largest_below,
    ops.logsumexp: lambda parents, operands: Range() if any(x.finite for x in operands) else None,
    ops.exp: _exponential_below,
    ops.expdiff: _power_of_difference,
    ops.where: _choice_below,
}
"""Of operands that are finite or minus infinity; None where that says nothing of the result."""
