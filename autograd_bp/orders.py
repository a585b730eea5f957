"""Functions of an order that is held fixed: Bessel functions.

Each order is a primitive of its own, which is made when it is first needed (table/bessel.py).
"""

from __future__ import annotations

import operator
from typing import Any, TypeVar, overload

from autograd_bp import primitives as ops
from autograd_bp.errors import PrimitiveError
from autograd_bp.operands import float_or_operand
from autograd_bp.value import Value

__all__ = ["bessel_i", "bessel_j", "bessel_k", "bessel_y"]

LARGEST_ORDER = 100  # derivatives need the orders above, up to that of special/bessel.py
X = TypeVar("X")


def _checked(name: str, order: Any) -> int:
    try:
        whole = -1 if isinstance(order, Value) else operator.index(order)
    except TypeError:
        whole = -1
    if not 0 <= whole <= LARGEST_ORDER:
        raise PrimitiveError(
            f"the order of {name} is fixed, a whole number from 0 to {LARGEST_ORDER}, "
            f"got {order!r:.60}: give an int"
        )
    return whole


@overload
def bessel_i(order: int, x: float) -> float: ...
@overload
def bessel_i(order: int, x: X) -> X: ...
def bessel_i(order: int, x: Any) -> Any:
    """The modified Bessel function of the first kind, I_n(x), of a whole order n.

    It takes floats, Values and arrays. The order is held fixed: each order is a primitive of its
    own, which is made when it is first needed. Source: DLMF 10.25.2.

    Formula:    y = I_n(x)
    Derivative: ∂y/∂x = (I_(n-1)(x) + I_(n+1)(x))/2; I_1(x) for n = 0
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   some n/6 + 4 units in the last place

    Raises: PrimitiveError where the order is no whole number from 0 to 100, or a derivative has an
        order above 120.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(1.0)
        >>> y = bp.bessel_i(0, x)
        >>> y.backward()
        >>> round(y.data, 6), round(x.grad, 6)
        (1.266066, 0.565159)
    """
    return ops.bessel_i(_checked("bessel_i", order))(float_or_operand("bessel_i", x))


@overload
def bessel_j(order: int, x: float) -> float: ...
@overload
def bessel_j(order: int, x: X) -> X: ...
def bessel_j(order: int, x: Any) -> Any:
    """The Bessel function of the first kind, J_n(x), of a whole order n.

    It takes floats, Values and arrays. The order is held fixed: each order is a primitive of its
    own, which is made when it is first needed. Source: DLMF 10.2.2.

    Formula:    y = J_n(x)
    Derivative: ∂y/∂x = (J_(n-1)(x) - J_(n+1)(x))/2; -J_1(x) for n = 0
    Domain:     all real numbers
    Kinks:      none
    Accuracy:   some 4 units in the last place, or what one rounding of x does

    Raises: PrimitiveError where the order is no whole number from 0 to 100, or a derivative has an
        order above 120.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(2.0)
        >>> y = bp.bessel_j(0, x)
        >>> y.backward()
        >>> round(y.data, 6), round(x.grad, 6)
        (0.223891, -0.576725)
    """
    return ops.bessel_j(_checked("bessel_j", order))(float_or_operand("bessel_j", x))


@overload
def bessel_k(order: int, x: float) -> float: ...
@overload
def bessel_k(order: int, x: X) -> X: ...
def bessel_k(order: int, x: Any) -> Any:
    """The modified Bessel function of the second kind, K_n(x), of a whole order n.

    It takes floats, Values and arrays. The order is held fixed: each order is a primitive of its
    own, which is made when it is first needed. Source: DLMF 10.25.3.

    Formula:    y = K_n(x)
    Derivative: ∂y/∂x = -(K_(n-1)(x) + K_(n+1)(x))/2; -K_1(x) for n = 0
    Domain:     x > 0; it is infinite at 0, and NaN for negative numbers
    Kinks:      none
    Accuracy:   some n/6 + 4 units in the last place

    Raises: PrimitiveError where the order is no whole number from 0 to 100, or a derivative has an
        order above 120.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(1.0)
        >>> y = bp.bessel_k(0, x)
        >>> y.backward()
        >>> round(y.data, 6), round(x.grad, 6)
        (0.421024, -0.601907)
    """
    return ops.bessel_k(_checked("bessel_k", order))(float_or_operand("bessel_k", x))


@overload
def bessel_y(order: int, x: float) -> float: ...
@overload
def bessel_y(order: int, x: X) -> X: ...
def bessel_y(order: int, x: Any) -> Any:
    """The Bessel function of the second kind, Y_n(x), of a whole order n.

    It takes floats, Values and arrays. The order is held fixed: each order is a primitive of its
    own, which is made when it is first needed. Source: DLMF 10.2.3.

    Formula:    y = Y_n(x)
    Derivative: ∂y/∂x = (Y_(n-1)(x) - Y_(n+1)(x))/2; -Y_1(x) for n = 0
    Domain:     x > 0; it is infinite at 0, and NaN for negative numbers
    Kinks:      none
    Accuracy:   some 4 units in the last place, or what one rounding of x does

    Raises: PrimitiveError where the order is no whole number from 0 to 100, or a derivative has an
        order above 120.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(2.0)
        >>> y = bp.bessel_y(0, x)
        >>> y.backward()
        >>> round(y.data, 6), round(x.grad, 6)
        (0.510376, 0.107032)
    """
    return ops.bessel_y(_checked("bessel_y", order))(float_or_operand("bessel_y", x))
