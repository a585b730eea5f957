# cython: infer_types=False
"""Functions of numbers, Values and arrays alike: those of the table, and those that take lists.

Given plain numbers they return plain numbers; given a Value anywhere, a recorded Value; given
NumPy arrays, the functions of a fixed number of inputs work elementwise.
"""

from __future__ import annotations

import builtins
import math
import operator
from collections.abc import Iterable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp import value
from autograd_bp.errors import OperandError, PrimitiveError, ShapeError
from autograd_bp.extremes import extreme
from autograd_bp.primitives import TABLE, Primitive

__all__ = [
    "all",
    "any",
    "clip",
    "cross_entropy",
    "dot",
    "elu",
    "leaky_relu",
    "log_softmax",
    "logsumexp",
    "mean",
    "norm",
    "performance",
    "polygamma",
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
    return _fold(ops.sum_, [_numbers("sum", values)])


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
    first, second = _numbers("dot", left), _numbers("dot", right)
    if len(first) != len(second):
        raise ShapeError(f"dot needs two lists of one length, got {len(first)} and {len(second)}")
    return _fold(ops.dot, [first, second] if bias is None else [first, second, (bias,)])


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
    return _fold(ops.mean, [_some("mean", values)])


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
    for place, x in enumerate(_numbers("prod", values)):
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
    inputs = _some(name, values)
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
    return _fold(ops.any_, [_numbers("any", values)])


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
    return _fold(ops.all_, [_numbers("all", values)])


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
    return _fold(ops.norm, [_some("norm", values)])


def logsumexp(values: Iterable[Number]) -> Any:
    """ln Σ e^x_i, without overflow in between.

    Formula:    y = ln(e^x1 + e^x2 + e^x3) for three terms
    Derivative: ∂y/∂x1 = exp(x1 - y)
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   largest error measured, in units in the last place: y 1.5, ∂y/∂x 5.1e+02

    Raises: ShapeError for no values.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(1000.0), bp.Value(1000.0)]
        >>> y = bp.logsumexp(x)
        >>> y.backward()
        >>> round(y.data, 6), [round(node.grad, 6) for node in x]
        (1000.693147, [0.5, 0.5])
    """
    return _fold(ops.logsumexp, [_some("logsumexp", values)])


def softmax(values: Iterable[Number]) -> list[Any]:
    """e^x_i / Σ e^x_k for each i: positive numbers that add up to 1.

    A number that is added to all values changes nothing. Each share keeps its digits, and so do
    its derivatives of every order, however far the values are apart. An input of -inf takes no
    share.

    Formula:    y_i = exp(x_i - logsumexp(x))
    Derivative: ∂y_i/∂x_k = y_i·(1 - y_i) for k = i, else -y_i·y_k
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   a few units in the last place, beside those of the differences of the inputs

    Returns: a list as long as the one that it was given.

    Raises: ShapeError for no values.

    Example:
        >>> import autograd_bp as bp
        >>> x = [bp.Value(2.0), bp.Value(2.0)]
        >>> y = bp.softmax(x)
        >>> y[0].backward()
        >>> [round(node.data, 6) for node in y], [round(node.grad, 6) for node in x]
        ([0.5, 0.5], [0.25, -0.25])
    """
    inputs, top = _beside_largest("softmax", values)
    powers = _each(ops.expdiff, inputs, top)
    return _each(ops.share, powers, _part(_fold(ops.rest, [powers])))


def log_softmax(values: Iterable[Number]) -> list[Any]:
    """ln softmax(values)_i for each i, also where the share has rounded to 1 or 0.

    Formula:    y_i = x_i - logsumexp(x)
    Derivative: ∂y_i/∂x_k = 1 - softmax(x)_i for k = i, else -softmax(x)_k
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   a few units in the last place, beside those of the differences of the inputs

    Returns: a list as long as the one that it was given.

    Raises: ShapeError for no values.

    Example:
        >>> import autograd_bp as bp
        >>> bp.log_softmax([40.0, 0.0])
        [-4.248354255291589e-18, -40.0]
    """
    inputs, top = _beside_largest("log_softmax", values)
    rest = _fold(ops.rest, [_each(ops.expdiff, inputs, top)])
    return _each(ops.log_share, _each(ops.difference, inputs, top), rest)


def cross_entropy(desired: int | Sequence[Number], logits: Iterable[Number]) -> Any:
    """-Σ d_i ln softmax(logits)_i, the loss of a classifier.

    A class of probability 0 does not count, even if its logit is -inf.

    Formula:    y = d1·(ln(e^logit1 + e^logit2 + e^logit3) - logit1) + d2·(ln(e^logit1 +
                e^logit2 + e^logit3) - logit2) + d3·(ln(e^logit1 + e^logit2 + e^logit3) -
                logit3) for three terms
    Derivative: ∂y/∂d1 = logsumexp(logit1, logit2, logit3) - logit1
                ∂y/∂logit1 = (d1 + d2 + d3)·exp(logit1 - logsumexp(logit1, logit2, logit3))
                  - d1
    Domain:     all real numbers
    Kinks:      a class of probability 0 does not count, also if its logit is -inf
    Accuracy:   largest error measured, in units in the last place: y 6.8e+02, ∂y/∂x 3.3e+03

    Arguments:
        desired: the index of the right class, or a probability for each class.
        logits: a number for each class, not yet normalised.

    Raises: ShapeError when `desired` does not fit the number of classes.

    Example:
        >>> import autograd_bp as bp
        >>> logits = [bp.Value(1.0), bp.Value(1.0)]
        >>> y = bp.cross_entropy(0, logits)
        >>> y.backward()
        >>> round(y.data, 6), [round(node.grad, 6) for node in logits]
        (0.693147, [-0.5, 0.5])
    """
    inputs = _some("cross_entropy", logits)
    if hasattr(desired, "__index__") and not isinstance(desired, Iterable):
        index = operator.index(desired)
        if not 0 <= index < len(inputs):
            raise ShapeError(
                f"cross_entropy: class {index} is not one of the {len(inputs)} classes"
            )
        others = [*inputs]
        chosen = others.pop(index)
        return _fold(ops.surprise, [others, [chosen]])
    probabilities = _numbers("cross_entropy", desired)
    if len(probabilities) != len(inputs):
        raise ShapeError(
            f"cross_entropy needs a probability for each class, got {len(probabilities)} "
            f"for {len(inputs)} classes"
        )
    return _fold(ops.cross_entropy, [probabilities, inputs])


def _beside_largest(name: str, values: Iterable[Number]) -> tuple[Sequence[Any], Any]:
    """The inputs, and the largest of them."""
    inputs = [x if isinstance(x, value.Value) else ops.number(x) for x in _some(name, values)]
    return inputs, _fold(ops.largest, [inputs])


def _part(rest: Any) -> Any:
    """1 / (1 + rest)."""
    if isinstance(rest, value.Value):
        return value.record1(ops.part.code, rest)
    return ops.part.forward(rest)


def _each(op: Primitive, left: Sequence[Any], right: Any) -> list[Any]:
    """A primitive of two inputs of each left number with the right one."""
    if isinstance(right, value.Value):
        return [
            value.record2(op.code, x if isinstance(x, value.Value) else value.constant(x), right)
            for x in left
        ]
    return [op.forward(x, right) for x in left]


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
    d = _as_list("performance", desired)
    z = _as_list("performance", output)
    if len(d) != len(z) or not d:
        raise ShapeError(
            f"performance needs one desired number for each output, got {len(d)} for {len(z)}"
        )
    return _fold(ops.performance, [d, z])


def where(condition: Any, yes: Number, no: Number) -> Any:
    """`yes` where the condition holds, else `no`; the other branch gets no gradient.

    Formula:    y = if condition then yes else no
    Derivative: ∂y/∂yes = nonzero(condition)
                ∂y/∂no = 1 - nonzero(condition)
                condition is held fixed, no gradient passes to it
    Domain:     all real numbers
    Kinks:      the branch that is not taken gets nothing, whatever its value
    Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂condition 0,
                ∂y/∂yes 0, ∂y/∂no 0

    The condition is a truth value, a number (0 is false) or a Value. Both branches are computed,
    so the choice can be made again when compiled code runs on other numbers.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(3.0)
        >>> y = bp.where(x > 1.0, x * x, 0.0)
        >>> y.backward()
        >>> y.data, x.grad
        (9.0, 6.0)
    """
    if isinstance(condition, bool):
        condition = 1.0 if condition else 0.0
    return ops.where(condition, yes, no)


def leaky_relu(x: Number, slope: Number = 0.01) -> Any:
    """x where it is positive, else slope · x: a rectifier that still learns where it is off.

    It takes floats, Values and arrays. Source: Maas, Hannun and Ng (2013).

    Formula:    y = a if a > 0.0 else b * a
    Derivative: ∂y/∂a = if greater(a, 0) then 1 else b
                ∂y/∂b = if greater(a, 0) then 0 else a
    Domain:     all real numbers
    Kinks:      at a = 0 the derivatives of the left side, b and a
    Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂a 0, ∂y/∂b 0

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(-2.0)
        >>> y = bp.leaky_relu(x, slope=0.25)
        >>> y.backward()
        >>> y.data, x.grad
        (-0.5, 0.25)
    """
    return ops.leaky_relu(x, slope)


def elu(x: Number, alpha: Number = 1.0) -> Any:
    """x where it is positive, else alpha · (e^x - 1): the exponential linear unit.

    It takes floats, Values and arrays. Source: Clevert, Unterthiner and Hochreiter (2015).

    Formula:    y = a if a > 0.0 else b * expm1(a)
    Derivative: ∂y/∂a = greater(a, 0) + (if greater(a, 0) then 0 else b·exp(a))
                ∂y/∂b = if greater(a, 0) then 0 else expm1(a)
    Domain:     all real numbers
    Kinks:      at a = 0 the derivatives of the left side, b and 0
    Accuracy:   largest error measured, in units in the last place: y 1.4, ∂y/∂a 8.8e+15,
                ∂y/∂b 0.72

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(-1.0)
        >>> y = bp.elu(x)
        >>> y.backward()
        >>> round(y.data, 6), round(x.grad, 6)
        (-0.632121, 0.367879)
    """
    return ops.elu(x, alpha)


LARGEST_ORDER = 165  # of polygamma: derivatives of it need the orders above; 171! is infinite


def polygamma(order: int, x: Number) -> Any:
    """The derivative of this order of digamma; that of order 0 is digamma itself.

    It takes floats, Values and arrays. The order is a whole number that is held fixed: each order
    is a primitive of its own, which is made when it is first needed.

    Formula:    y = ψ^(order)(x)
    Derivative: ∂y/∂x = polygamma(order + 1, x)
    Domain:     all real numbers but 0, -1, -2 ..., where it is infinite or NaN
    Kinks:      none
    Accuracy:   a few units in the last place, but where it is near 0 between two poles

    Raises: PrimitiveError where the order is no whole number from 0 to 165, or a derivative has an
        order above 170.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(1.0)
        >>> y = bp.polygamma(1, x)
        >>> y.backward()
        >>> round(y.data, 6), round(x.grad, 6)
        (1.644934, -2.404114)
    """
    given: Any = order
    is_whole = hasattr(given, "__index__") and not isinstance(given, value.Value)
    if not is_whole or not 0 <= given <= LARGEST_ORDER:
        raise PrimitiveError(
            f"the order of polygamma is fixed, a whole number from 0 to {LARGEST_ORDER}, "
            f"got {order!r:.60}: give an int"
        )
    return ops.polygamma(operator.index(order))(x)


def clip(x: Number, low: Number | None = None, high: Number | None = None) -> Any:
    """x, but `low` where it is below that, and `high` where it is above; None for no bound.

    It takes floats, Values and arrays. It is minimum(maximum(x, low), high).

    Formula:    y = minimum(maximum(x, low), high)
    Derivative: ∂y/∂x = (0.5·compare(x, low) + 0.5)·(0.5 - 0.5·compare(maximum(x, low),
                  high))
                ∂y/∂low = (0.5 - 0.5·compare(x, low))·(0.5 - 0.5·compare(maximum(x, low),
                  high))
                ∂y/∂high = 0.5·compare(maximum(x, low), high) + 0.5
    Domain:     all real numbers
    Kinks:      a tie gives half to each
    Accuracy:   largest error measured, in units in the last place: y 0, ∂y/∂x 0, ∂y/∂low 0,
                ∂y/∂high 0

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(0.5)
        >>> y = bp.clip(x, 0.0, 1.0)
        >>> y.backward()
        >>> y.data, x.grad, bp.clip(3.0, high=1.0)
        (0.5, 1.0, 1.0)
    """
    if low is None:
        return x if high is None else ops.minimum(x, high)
    return ops.maximum(x, low) if high is None else ops.clip(x, low, high)


def _to_digits(x: Number, digits: int) -> Any:
    """A number rounded to so many decimal digits after the point, or before it where that is
    negative: what Python's round gives; the derivative is 0."""
    if not hasattr(type(digits), "__index__") or issubclass(type(digits), value.Value):
        raise OperandError(f"round needs an integer as its number of digits, got {digits!r:.60}")
    places = operator.index(digits)
    if places < -308:  # all numbers are nearer to 0
        return ops.copysign(0.0, x)
    scale = 10.0 ** min(abs(places), 308)
    return ops.round_to(x, scale, 1.0) if places >= 0 else ops.round_to(x, 1.0, scale)


ops.round_.others = _to_digits
ops.maximum.others = lambda *values: extreme(ops.maximum, values)
ops.minimum.others = lambda *values: extreme(ops.minimum, values)


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
    if isinstance(values, (builtins.list, builtins.tuple)):
        return builtins.list(values)
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise OperandError(
            f"{name} takes a list of numbers, got {type(values).__name__} {values!r:.60}"
        )
    return builtins.list(values)


def _as_list(name: str, values: Number | Sequence[Number]) -> Sequence[Number]:
    if isinstance(values, (builtins.list, builtins.tuple)):  # quicker to ask than Iterable
        return _numbers(name, values)
    if isinstance(values, value.Value) or not isinstance(values, Iterable):
        return [values]
    return _numbers(name, values)
