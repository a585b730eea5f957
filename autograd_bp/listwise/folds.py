# cython: infer_types=False
"""Functions of a list of numbers and Values: each is one node of the graph, or a few.

The functions at the end take what users call lists, and apply a primitive of any number of inputs.
"""

from __future__ import annotations

import builtins
import math
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp import value
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.primitives import Primitive

__all__ = ["all", "any", "dot", "mean", "norm", "performance", "prod", "std", "sum", "var"]

Number = Any  # a Value or a real number


def sum(values: Iterable[Number]) -> Any:
    """Σ x_i as one node, added from left to right; 0.0 for no values.

    Formula:    y = x1 + x2 + x3 for three terms
    Derivative: ∂y/∂x_i = 1
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   largest error measured, in units in the last place: y 3.7, ∂y/∂x 0

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(1.0), bp.Value(2.0), 4.0]
        >>> y = bp.sum(x)
        >>> y.backward()
        >>> y.data, x[0].grad
        (7.0, 1.0)
    """
    return fold(ops.sum_, [numbers("sum", values)])


def dot(left: Iterable[Number], right: Iterable[Number], bias: Number | None = None) -> Any:
    """bias + Σ left_i · right_i as one node, added from left to right.

    Formula:    y = left1·right1 + left2·right2 + left3·right3 for three terms
    Derivative: ∂y/∂left_i = right_i
                ∂y/∂right_i = left_i
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   largest error measured, in units in the last place: y 2.2, ∂y/∂x 0

    Raises: ShapeError when the two have different lengths.

    Example:
        >>> import autograd_bp as bp
        >>> w, x = [bp.Value(0.5), bp.Value(-1.0)], [2.0, 3.0]
        >>> y = bp.dot(w, x, bias=10.0)
        >>> y.backward()
        >>> y.data, [weight.grad for weight in w]
        (8.0, [2.0, 3.0])
    """
    first, second = numbers("dot", left), numbers("dot", right)
    if len(first) != len(second):
        raise ShapeError(f"dot needs two lists of one length, got {len(first)} and {len(second)}")
    return fold(ops.dot, [first, second] if bias is None else [first, second, (bias,)])


def mean(values: Iterable[Number]) -> Any:
    """Σ x_i / n, the mean of a list of n numbers.

    Formula:    y = (x1 + x2 + x3)/3 for three terms
    Derivative: ∂y/∂x_i = 1/n
                n is the number of terms
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   largest error measured, in units in the last place: y 4.7, ∂y/∂x 0

    Raises: ShapeError for no values.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(1.0), bp.Value(2.0), 6.0, 7.0]
        >>> y = bp.mean(x)
        >>> y.backward()
        >>> y.data, x[0].grad
        (4.0, 0.25)
    """
    return fold(ops.mean, [some("mean", values)])


def prod(values: Iterable[Number]) -> Any:
    """Π x_i, multiplied from left to right; 1.0 for no values.

    It is recorded as a chain of products, so that its derivatives are right where one or more of
    the numbers are 0.

    Formula:    y = x1·x2·x3 for three terms
    Derivative: ∂y/∂x_i is the product of the others
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   that of n - 1 products, of which it is made

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(2.0), bp.Value(0.0), bp.Value(5.0)]
        >>> y = bp.prod(x)
        >>> y.backward()
        >>> y.data, [node.grad for node in x]
        (0.0, [0.0, 10.0, 0.0])
    """
    product: Any = 1.0
    for place, x in enumerate(numbers("prod", values)):
        product = x if place == 0 else product * x
    return product if isinstance(product, value.Value) else ops.number(product)


def var(values: Iterable[Number], *, ddof: float = 0) -> Any:
    """Σ (x_i - m)² / (n - ddof), the variance of n numbers.

    Formula:    y = ((x1 - m)^2 + (x2 - m)^2 + (x3 - m)^2)/(n - ddof) for three terms
    Derivative: ∂y/∂x_i = 2·(x_i - m)/(n - ddof)
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   that of mean and dot, of which it is made

    Arguments:
        values: the numbers x_i; m is their mean.
        ddof: what is subtracted from their count n: 1 for an estimate from a sample.

    Raises: ShapeError where there are no more than `ddof` values.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(1.0), bp.Value(3.0)]
        >>> y = bp.var(x)
        >>> y.backward()
        >>> y.data, [node.grad for node in x], bp.var([1.0, 3.0], ddof=1)
        (1.0, [-1.0, 1.0], 2.0)
    """
    deviations, divisor = _deviations("var", values, ddof)
    return dot(deviations, deviations) / divisor


def std(values: Iterable[Number], *, ddof: float = 0) -> Any:
    """The square root of Σ (x_i - m)² / (n - ddof), the standard deviation of n numbers.

    Formula:    y = √(var(x))
    Derivative: ∂y/∂x_i = (x_i - m)/((n - ddof)·y)
    Domain:     all real numbers
    Kinks:      where all numbers are equal y is 0, and all partials are 0, as those of norm
    Accuracy:   that of mean and norm, of which it is made

    Arguments:
        values: the numbers x_i; m is their mean.
        ddof: what is subtracted from their count n: 1 for an estimate from a sample.

    Raises: ShapeError where there are no more than `ddof` values.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(1.0), bp.Value(3.0)]
        >>> y = bp.std(x)
        >>> y.backward()
        >>> y.data, [round(node.grad, 6) for node in x]
        (1.0, [-0.5, 0.5])
    """
    deviations, divisor = _deviations("std", values, ddof)
    return norm(deviations) / math.sqrt(divisor)


def _deviations(name: str, values: Iterable[Number], ddof: float) -> tuple[list[Any], float]:
    """x_i - x̄ for each i, and n - ddof."""
    inputs = some(name, values)
    divisor = len(inputs) - ops.number(ddof)
    if not divisor > 0.0:
        raise ShapeError(
            f"{name} with ddof={ddof} needs more than {ddof} values, got {len(inputs)}"
        )
    centre = mean(inputs)
    return [x - centre for x in inputs], divisor


def any(values: Iterable[Number]) -> Any:
    """1.0 where one of the values is not 0, else 0.0, also for no values.

    Formula:    y = any(x1, x2, x3) for three terms
    Derivative: ∂y/∂x_i = 0
    Domain:     all real numbers
    Kinks:      its derivatives are 0 everywhere
    Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(2.0)
        >>> bp.any([bp.greater(x, 3.0), bp.less(x, 1.0)]).data
        0.0
    """
    return fold(ops.any_, [numbers("any", values)])


def all(values: Iterable[Number]) -> Any:
    """0.0 where one of the values is 0, else 1.0, also for no values.

    Formula:    y = all(x1, x2, x3) for three terms
    Derivative: ∂y/∂x_i = 0
    Domain:     all real numbers
    Kinks:      its derivatives are 0 everywhere
    Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(2.0)
        >>> bp.all([bp.greater(x, 1.0), bp.less(x, 3.0)]).data
        1.0
    """
    return fold(ops.all_, [numbers("all", values)])


def norm(values: Iterable[Number]) -> Any:
    """√(Σ x_i²), the length of a vector, without overflow in between.

    Formula:    y = √(x1^2 + x2^2 + x3^2) for three terms
    Derivative: ∂y/∂x_i = x_i/y
    Domain:     all real numbers
    Kinks:      all partials are 0 where all inputs are 0
    Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 1.4

    Raises: ShapeError for no values.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(3.0), bp.Value(4.0)]
        >>> y = bp.norm(x)
        >>> y.backward()
        >>> y.data, [node.grad for node in x]
        (5.0, [0.6, 0.8])
    """
    return fold(ops.norm, [some("norm", values)])


def performance(desired: Number | Sequence[Number], output: Number | Sequence[Number]) -> Any:
    """P(d, z) = -1/2 Σ (d_i - z_i)²: 0 for a perfect output, below 0 for every other.

    Formula:    y = -½·((d1 - z1)^2 + (d2 - z2)^2 + (d3 - z3)^2) for three terms
    Derivative: ∂y/∂d_i = z_i - d_i
                ∂y/∂z_i = d_i - z_i
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   largest error measured, in units in the last place: y 3, ∂y/∂x 0

    Arguments:
        desired: d, one number or a list of them.
        output: z, one number or a list of the same length.

    Returns: P as one node; ∂P/∂z_i = d_i - z_i.

    Raises: ShapeError when the lengths differ.

    Example:
        >>> import autograd_bp as bp
        >>> z = bp.Value(0.75)
        >>> P = bp.performance(1.0, z)
        >>> P.backward()
        >>> P.data, z.grad
        (-0.03125, 0.25)
    """
    d = as_list("performance", desired)
    z = as_list("performance", output)
    if len(d) != len(z) or not d:
        raise ShapeError(
            f"performance needs one desired number for each output, got {len(d)} for {len(z)}"
        )
    return fold(ops.performance, [d, z])


def fold(op: Primitive, lists: list[Sequence[Number]]) -> Any:
    """Apply a primitive of any number of inputs to lists, one after another: to floats when no
    Value is in them."""
    if value.any_value(lists):
        return value.record_many(op.code, lists)
    return op.forward(*[ops.number(x) for inputs in lists for x in inputs])


def some(name: str, values: Iterable[Number]) -> Sequence[Number]:
    """The inputs of a function, of which there has to be one."""
    inputs = numbers(name, values)
    if not inputs:
        raise ShapeError(f"{name} needs at least one number, got none")
    return inputs


def numbers(name: str, values: Iterable[Number]) -> Sequence[Number]:
    """The inputs of a function as a list or a tuple.

    Raises: OperandError in the name of the function, for anything else.
    """
    if type(values) is list or type(values) is tuple:
        return values
    if isinstance(values, (builtins.list, builtins.tuple)):
        return builtins.list(values)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise OperandError(
            f"{name} takes a list of numbers, got {type(values).__name__} {values!r:.60}"
        )
    return builtins.list(values)


def as_list(name: str, values: Number | Sequence[Number]) -> Sequence[Number]:
    """The same, where one number may stand for a list of one."""
    if isinstance(values, (builtins.list, builtins.tuple)):  # quicker to ask than Iterable
        return numbers(name, values)
    if isinstance(values, value.Value) or not isinstance(values, Iterable):
        return [values]
    return numbers(name, values)
