# cython: infer_types=False
"""Functions of numbers, Values and arrays alike: those of the table, and those that take lists.

Given plain numbers they return plain numbers; given a Value anywhere, a recorded Value; given
NumPy arrays, the functions of a fixed number of inputs work elementwise. Written out here are
those whose arguments have initial values or conditions of their own.
"""

from __future__ import annotations

import operator
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp import value
from autograd_bp.errors import OperandError, PrimitiveError
from autograd_bp.extremes import extreme
from autograd_bp.listwise.folds import all, any, dot, mean, norm, performance, prod, std, sum, var
from autograd_bp.listwise.shares import cross_entropy, log_softmax, logsumexp, softmax
from autograd_bp.primitives import TABLE

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
