"""Integers and what is left of them, as expressions: what the entries of the table compute."""

from __future__ import annotations

from autograd_bp.expressions import Expression, call, choose


def ceil(x: Expression) -> Expression:
    """The least integer that is not below x."""
    return -call("floor", -x)


def trunc(x: Expression) -> Expression:
    """The integer towards 0."""
    return choose(x < 0.0, ceil(x), call("floor", x))


def round_half_even(x: Expression) -> Expression:
    """The nearest integer, the even one of two."""
    below = call("floor", x)
    distance = x - below  # exact, but between -1/2 and 0, where below + 1 is right
    even = call("floor", below * 0.5) * 2.0 == below
    up = (distance > 0.5) | ((distance == 0.5) & ~even)
    nearest = call("copysign", choose(up, below + 1.0, below), x)
    return choose(call("isfinite", x), nearest, x)


def round_to(a: Expression, b: Expression, c: Expression) -> Expression:
    """The multiple of c / b that is nearest to a, where b or c is 1 and the other a power of 10.

    The result is that of Python's round(a, digits). The product a · b is rounded, so a half may
    be none, as in round(2.675, 2): its exact error then decides.
    """
    scaled = a * b / c
    below = call("floor", scaled)
    is_half = scaled - below == 0.5
    (product, error), (reached, missed) = _exact_product(a, b), _exact_product(scaled, c)
    rest = (product - reached) + (error - missed)
    nearest = choose(
        is_half & (rest > 0.0),
        below + 1.0,
        choose(is_half & (rest < 0.0), below, round_half_even(scaled)),
    )
    # Of larger numbers every float is a multiple; NaN and infinity stay as they are.
    return choose(abs(scaled) >= 2.0**52, a, call("copysign", nearest * c / b, a))


def _exact_product(a: Expression, b: Expression) -> tuple[Expression, Expression]:
    """a · b rounded, and its error (T. J. Dekker, A floating-point technique for extending the
    available precision, Numerische Mathematik 18, 1971)."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low
    return product, error


def _halves(a: Expression) -> tuple[Expression, Expression]:
    """a as the sum of two numbers of 26 bits."""
    shifted = a * 134217729.0
    high = shifted - (shifted - a)
    return high, a - high


def remainder(a: Expression, b: Expression) -> Expression:
    """Compute Python's `%`: a - b · floor(a / b), with the sign of b."""
    rest = call("fmod", a, b)
    return choose(
        rest == 0.0, call("copysign", 0.0, b), choose(_is_across(rest, b), rest + b, rest)
    )


def floor_divide(a: Expression, b: Expression) -> Expression:
    """Compute Python's `//`: floor(a / b) rounded once; a / b for b = 0, as in NumPy."""
    rest = call("fmod", a, b)
    exact = (a - rest) / b
    quotient = choose(_is_across(rest, b), exact - 1.0, exact)
    below = call("floor", quotient)
    whole = choose(quotient - below > 0.5, below + 1.0, below)
    signed = choose(quotient == 0.0, call("copysign", 0.0, a / b), whole)
    return choose(b == 0.0, a / b, signed)


def _is_across(rest: Expression, b: Expression) -> Expression:
    """Whether a remainder has the other sign than b."""
    return ((rest < 0.0) & (b > 0.0)) | ((rest > 0.0) & (b < 0.0))
