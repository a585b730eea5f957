"""The incomplete gamma and beta functions: distribution functions of many laws.

They are made when they are first needed, and so are their derivatives (table/incomplete.py).
"""

from __future__ import annotations

from typing import Any, overload

from autograd_bp import primitives as ops
from autograd_bp.operands import float_or_operand
from autograd_bp.value import Value

__all__ = ["betainc", "gammainc", "gammaincc"]


def _is_plain(parameter: Any) -> bool:
    """Whether no derivative by a parameter can be asked for."""
    return issubclass(type(parameter), (int, float))  # compiled functions take Values for floats


@overload
def gammainc(a: float, x: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def gammainc(a: Value | float, x: Value | float) -> Value: ...
@overload
def gammainc(a: Any, x: Any) -> Any: ...
def gammainc(a: Any, x: Any) -> Any:
    """The regularised lower incomplete gamma function, P(a, x) = ∫₀ˣ t^(a-1) e^-t dt / Γ(a).

    It takes floats, Values and arrays, and has derivatives by both. It is the distribution function
    of the gamma law, and of chi-square with n degrees of freedom for a = n/2, at half the number.
    Source: DLMF 8.2.4.

    Formula:    y = P(a, x)
    Derivative: ∂y/∂x = x^(a-1) e^-x / Γ(a); ∂y/∂a is a function of its own
    Domain:     a ≥ 0 and x ≥ 0, else NaN; P(0, x) is 1, and P(0, 0) NaN
    Kinks:      at x = 0 the slope is that from above: infinite for a < 1
    Accuracy:   at most 6 units in the last place for a and x from 1e-3 to 1e4, ∂y/∂a 10

    Raises: OperandError for an integer that no float holds; PrimitiveError where a derivative of an
        order above 5 by a is needed.

    Example:
        >>> import autograd_bp as bp
        >>> a, x = bp.Value(2.0), bp.Value(1.5)
        >>> y = bp.gammainc(a, x)
        >>> y.backward()
        >>> round(y.data, 6), round(a.grad, 6), round(x.grad, 6)
        (0.442175, -0.313489, 0.334695)
    """
    family = ops.gammainc_held if _is_plain(a) else ops.gammainc
    return family(0)(float_or_operand("gammainc", a), float_or_operand("gammainc", x))


@overload
def gammaincc(a: float, x: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def gammaincc(a: Value | float, x: Value | float) -> Value: ...
@overload
def gammaincc(a: Any, x: Any) -> Any: ...
def gammaincc(a: Any, x: Any) -> Any:
    """The regularised upper incomplete gamma function, Q(a, x) = 1 - P(a, x).

    It has all its digits where it is small, and takes and gives what `gammainc` does. Q(k + 1, λ)
    is the probability of at most k events of a Poisson law with mean λ. Source: DLMF 8.2.4.

    Formula:    y = Q(a, x)
    Derivative: ∂y/∂x = -x^(a-1) e^-x / Γ(a); ∂y/∂a is a function of its own
    Domain:     a ≥ 0 and x ≥ 0, else NaN; Q(0, x) is 0, and Q(0, 0) NaN
    Kinks:      at x = 0 the slope is that from above: infinite for a < 1
    Accuracy:   at most 6 units in the last place for a and x from 1e-3 to 1e4, ∂y/∂a 10

    Raises: OperandError for an integer that no float holds; PrimitiveError where a derivative of an
        order above 5 by a is needed.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(80.0)
        >>> y = bp.gammaincc(4, x)
        >>> y.backward()
        >>> print(f"{y.data:.6e}, {x.grad:.6e}")
        1.599357e-30, -1.540140e-30
    """
    family = ops.gammaincc_held if _is_plain(a) else ops.gammaincc
    return family(0)(float_or_operand("gammaincc", a), float_or_operand("gammaincc", x))


@overload
def betainc(a: float, b: float, x: float) -> float: ...  # type: ignore[overload-overlap]
@overload
def betainc(a: Value | float, b: Value | float, x: Value | float) -> Value: ...
@overload
def betainc(a: Any, b: Any, x: Any) -> Any: ...
def betainc(a: Any, b: Any, x: Any) -> Any:
    """The regularised incomplete beta function, I_x(a, b) = ∫₀ˣ t^(a-1) (1-t)^(b-1) dt / B(a, b).

    It takes floats, Values and arrays, and has derivatives by all three. The distribution functions
    of the beta law, of Student's t, of F and of the binomial law are made of it. Where the result
    is near 1, `betainc(b, a, 1 - x)` has what is missing. Source: DLMF 8.17.2.

    Formula:    y = I_x(a, b)
    Derivative: ∂y/∂x = x^(a-1) (1-x)^(b-1) / B(a, b); ∂y/∂a and ∂y/∂b are functions of their own
    Domain:     a > 0, b > 0 and 0 ≤ x ≤ 1, else NaN
    Kinks:      at x = 0 and x = 1 the slopes are those from inside: infinite for a < 1, b < 1
    Accuracy:   at most 8 units in the last place for a and b from 1e-3 to 1e4; ∂y/∂a and ∂y/∂b 30

    Raises: OperandError for an integer that no float holds; PrimitiveError where a derivative of an
        order above 5 by a and b is needed.

    Example:
        >>> import autograd_bp as bp
        >>> a, b, x = bp.Value(2.0), bp.Value(3.0), bp.Value(0.3)
        >>> y = bp.betainc(a, b, x)
        >>> y.backward()
        >>> [round(number, 6) for number in (y.data, a.grad, b.grad, x.grad)]
        [0.3483, -0.246094, 0.129545, 1.764]
    """
    family = ops.betainc_held if _is_plain(a) and _is_plain(b) else ops.betainc
    return family(0)(
        float_or_operand("betainc", a),
        float_or_operand("betainc", b),
        float_or_operand("betainc", x),
    )
