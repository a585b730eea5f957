# cython: infer_types=False
"""Functions of numbers, Values and arrays alike: those of the table, and those that take lists.

Given plain numbers they return plain numbers; given a Value anywhere, a recorded Value; given
NumPy arrays, the functions of a fixed number of inputs work elementwise.
"""

from __future__ import annotations

import builtins
import functools
import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp import value
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.primitives import TABLE, Primitive, exp

__all__ = [
    "all",
    "any",
    "clip",
    "cross_entropy",
    "dot",
    "elu",
    "leaky_relu",
    "logsumexp",
    "mean",
    "norm",
    "performance",
    "prod",
    "softmax",
    "std",
    "sum",
    "var",
    "where",
]
# The functions of the table: elementwise.pyi lists them for type checkers.
_elementwise = {op.name: op for op in TABLE if op.public and op.arity is not None}
globals().update(_elementwise)
__all__ += _elementwise

Number = Any  # a Value or a real number


def sum(values: Iterable[Number]) -> Any:
    """Σ x_i as one node, added from left to right; 0.0 for no values."""
    return _fold(ops.sum_, [_numbers("sum", values)])


def dot(left: Iterable[Number], right: Iterable[Number], bias: Number | None = None) -> Any:
    """bias + Σ left_i · right_i as one node, added from left to right.

    Raises: ShapeError when the two have different lengths.
    """
    first, second = _numbers("dot", left), _numbers("dot", right)
    if len(first) != len(second):
        raise ShapeError(f"dot needs two lists of one length, got {len(first)} and {len(second)}")
    return _fold(ops.dot, [first, second] if bias is None else [first, second, (bias,)])


def mean(values: Iterable[Number]) -> Any:
    """Σ x_i / n. Raises ShapeError for no values."""
    return _fold(ops.mean, [_some("mean", values)])


def prod(values: Iterable[Number]) -> Any:
    """Π x_i, multiplied from left to right; 1.0 for no values.

    It is recorded as a chain of products, so that the derivative in x_i, the product of the
    others, is right where one or more of them are 0.
    """
    product: Any = 1.0
    for place, x in enumerate(_numbers("prod", values)):
        product = x if place == 0 else product * x
    return product if isinstance(product, value.Value) else ops.number(product)


def var(values: Iterable[Number], *, ddof: float = 0) -> Any:
    """The variance, Σ (x_i - x̄)² / (n - ddof).

    Arguments:
        values: the numbers x_i.
        ddof: what is subtracted from their count n: 1 for an estimate from a sample.

    Raises: ShapeError where there are no more than `ddof` values.
    """
    deviations, divisor = _deviations("var", values, ddof)
    return dot(deviations, deviations) / divisor


def std(values: Iterable[Number], *, ddof: float = 0) -> Any:
    """The standard deviation, sqrt(Σ (x_i - x̄)² / (n - ddof)).

    Where all values are equal it is 0, and has a kink: the partial derivatives are 0 there, as
    those of `norm`.

    Arguments:
        values: the numbers x_i.
        ddof: what is subtracted from their count n: 1 for an estimate from a sample.

    Raises: ShapeError where there are no more than `ddof` values.
    """
    deviations, divisor = _deviations("std", values, ddof)
    return norm(deviations) / math.sqrt(divisor)


def _deviations(name: str, values: Iterable[Number], ddof: float) -> tuple[list[Any], float]:
    """x_i - x̄ for each i, and n - ddof."""
    inputs = _some(name, values)
    divisor = len(inputs) - ops.number(ddof)
    if not divisor > 0.0:
        raise ShapeError(
            f"{name} with ddof={ddof} needs more than {ddof} values, got {len(inputs)}"
        )
    centre = mean(inputs)
    return [x - centre for x in inputs], divisor


def any(values: Iterable[Number]) -> Any:
    """1.0 where one of the values is not 0, else 0.0, also for no values; no gradient passes."""
    return _fold(ops.any_, [_numbers("any", values)])


def all(values: Iterable[Number]) -> Any:
    """0.0 where one of the values is 0, else 1.0, also for no values; no gradient passes."""
    return _fold(ops.all_, [_numbers("all", values)])


def norm(values: Iterable[Number]) -> Any:
    """sqrt(Σ x_i²), without overflow in between. Raises ShapeError for no values."""
    return _fold(ops.norm, [_some("norm", values)])


def logsumexp(values: Iterable[Number]) -> Any:
    """ln Σ e^x_i, without overflow in between. Raises ShapeError for no values."""
    return _fold(ops.logsumexp, [_some("logsumexp", values)])


def softmax(values: Iterable[Number]) -> list[Any]:
    """e^x_i / Σ e^x_k for each i: positive numbers that add up to 1."""
    inputs = _some("softmax", values)
    total = logsumexp(inputs)
    return [exp(x - total) for x in inputs]


def cross_entropy(desired: int | Sequence[Number], logits: Iterable[Number]) -> Any:
    """-Σ d_i ln softmax(logits)_i, the loss of a classifier.

    Arguments:
        desired: the index of the right class, or a probability for each class.
        logits: a number for each class, not yet normalised.

    Raises: ShapeError when `desired` does not fit the number of classes.
    """
    inputs = _some("cross_entropy", logits)
    total = logsumexp(inputs)
    if hasattr(desired, "__index__") and not isinstance(desired, Iterable):
        index = operator.index(desired)
        if not 0 <= index < len(inputs):
            raise ShapeError(
                f"cross_entropy: class {index} is not one of the {len(inputs)} classes"
            )
        return total - inputs[index]
    probabilities = _numbers("cross_entropy", desired)
    if len(probabilities) != len(inputs):
        raise ShapeError(
            f"cross_entropy needs a probability for each class, got {len(probabilities)} "
            f"for {len(inputs)} classes"
        )
    return dot(probabilities, [total - x for x in inputs])


def performance(desired: Number | Sequence[Number], output: Number | Sequence[Number]) -> Any:
    """P(d, z) = -1/2 Σ (d_i - z_i)²: 0 for a perfect output, below 0 for every other.

    Arguments:
        desired: d, one number or a list of them.
        output: z, one number or a list of the same length.

    Returns: P as one node; ∂P/∂z_i = d_i - z_i.

    Raises: ShapeError when the lengths differ.
    """
    d = _as_list("performance", desired)
    z = _as_list("performance", output)
    if len(d) != len(z) or not d:
        raise ShapeError(
            f"performance needs one desired number for each output, got {len(d)} for {len(z)}"
        )
    return _fold(ops.performance, [d, z])


def where(condition: Any, yes: Number, no: Number) -> Any:
    """`yes` where the condition holds, else `no`; the other branch gets no gradient.

    The condition is a truth value, a number (0 is false) or a Value. Both branches are computed,
    so the choice can be made again when compiled code runs on other numbers.
    """
    if isinstance(condition, bool):
        condition = 1.0 if condition else 0.0
    return ops.where(condition, yes, no)


def leaky_relu(x: Number, slope: Number = 0.01) -> Any:
    """x for x > 0, else slope · x: ReLU that still learns where it is off (Maas et al., 2013)."""
    return ops.leaky_relu(x, slope)


def elu(x: Number, alpha: Number = 1.0) -> Any:
    """x for x > 0, else alpha · (e^x - 1): the exponential linear unit (Clevert et al., 2015)."""
    return ops.elu(x, alpha)


def clip(x: Number, low: Number | None = None, high: Number | None = None) -> Any:
    """x, but `low` where it is below that, and `high` where it is above; None for no bound.

    It is minimum(maximum(x, low), high): on a bound half of the derivative goes to each.
    """
    if low is None:
        return x if high is None else ops.minimum(x, high)
    return ops.maximum(x, low) if high is None else ops.clip(x, low, high)


def _extreme(op: Primitive, values: Sequence[Number]) -> Any:
    """The largest or smallest of any number of them, by the primitive for two.

    The derivative goes to the extreme one, and in equal shares to those that tie.
    """
    if not builtins.any(
        isinstance(x, value.Value) or getattr(x, "dtype", "") == "object" for x in values
    ):
        return functools.reduce(op, values)
    is_better = ops.greater if op is ops.maximum else ops.less
    best, ties = values[0], 1.0
    for x in values[1:]:
        order = ops.compare(best, x)
        share = ties / (ties + 1.0)
        # Equal numbers mixed: the number itself. The difference of infinities is NaN.
        mixed = ops.where(ops.less(ops.abs_(x), math.inf), x + share * (best - x), x)
        ties = ops.where(order, ops.where(is_better(best, x), ties, 1.0), ties + 1.0)
        best = ops.where(order, op(best, x), mixed)
    return best


ops.maximum.others = lambda *values: _extreme(ops.maximum, values)
ops.minimum.others = lambda *values: _extreme(ops.minimum, values)


def _fold(op: Primitive, lists: list[Sequence[Number]]) -> Any:
    """Apply a primitive of any number of inputs to lists, one after another: to floats when no
    Value is in them."""
    if value.any_value(lists):
        return value.record_many(op.code, lists)
    return op.forward(*[ops.number(x) for inputs in lists for x in inputs])


def _some(name: str, values: Iterable[Number]) -> Sequence[Number]:
    inputs = _numbers(name, values)
    if not inputs:
        raise ShapeError(f"{name} needs at least one number, got none")
    return inputs


def _numbers(name: str, values: Iterable[Number]) -> Sequence[Number]:
    if type(values) is list or type(values) is tuple:
        return values
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise OperandError(
            f"{name} takes a list of numbers, got {type(values).__name__} {values!r:.60}"
        )
    return builtins.list(values)


def _as_list(name: str, values: Number | Sequence[Number]) -> Sequence[Number]:
    if isinstance(values, value.Value) or not isinstance(values, Iterable):
        return [values]
    return _numbers(name, values)
