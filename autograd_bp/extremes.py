"""The largest and the smallest of any number of numbers, as one node; and of those so far.

The derivative goes to the extreme one, and in equal shares to those that tie. The entries for two,
`maximum` and `minimum`, share a tie by halves: a chain of them would give the last one half of it.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.operands import unboxed
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value, record_many

Number = Any  # a Value or a real number


def extreme(op: Primitive, values: Sequence[Number]) -> Any:
    """The largest (of `maximum`) or the smallest (of `minimum`) of floats, Values and arrays."""
    values = [unboxed(x) for x in values]
    if len(values) < 3:
        return op(*values) if len(values) == 2 else values[0]
    if any(isinstance(x, Value) for x in values) and not any(map(_has_entries, values)):
        return record_many(of_many(op).code, [values])
    if any(getattr(x, "dtype", "") == "object" or isinstance(x, Value) for x in values):
        from autograd_bp.arrays import boxed, elementwise

        return elementwise(lambda *each: extreme(op, each), list(map(boxed, values)))
    return functools.reduce(op, values)


def of_many(op: Primitive) -> Primitive:
    """The entry of any number of inputs that goes with `maximum` or `minimum`."""
    return ops.highest if op is ops.maximum else ops.lowest


def running(op: Primitive, values: Sequence[Number]) -> Iterator[Number]:
    """For each of the numbers the largest, or the smallest, of those up to it.

    A number for the ties goes along, so each costs the same, however many came before it.
    """
    is_better = ops.greater if op is ops.maximum else ops.less
    best, ties = values[0], 1.0
    yield best
    for x in values[1:]:
        order = ops.compare(best, x)
        share = ties / (ties + 1.0)
        # Equal numbers mixed: the number itself. The difference of infinities is NaN.
        mixed = ops.where(ops.less(ops.abs_(x), math.inf), x + share * (best - x), x)
        ties = ops.where(order, ops.where(is_better(best, x), ties, 1.0), ties + 1.0)
        best = ops.where(order, op(best, x), mixed)
        yield best


def _has_entries(operand: Any) -> bool:
    return bool(getattr(operand, "ndim", 0))
