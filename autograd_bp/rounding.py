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


def remainder(a: Expression, b: Expression) -> Expression:
    """What `%` of Python gives: a - b · floor(a / b), with the sign of b."""
    rest = call("fmod", a, b)
    return choose(
        rest == 0.0, call("copysign", 0.0, b), choose(_is_across(rest, b), rest + b, rest)
    )


def floor_divide(a: Expression, b: Expression) -> Expression:
    """What `//` of Python gives, floor(a / b) rounded once; a / b for b = 0, as in NumPy."""
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
