"""Activations of neurons, and the logarithms that losses take of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_bp.entry import Kink
from autograd_bp.expressions import Expression, call, choose
from autograd_bp.table.making import NUMBERS, entry

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.choices import heaviside, maximum
    from autograd_bp.table.elementary import exp, log
    from autograd_bp.table.tails import logistic


def sigmoid_of(x: Expression) -> Expression:
    # e^-x overflows for x below -709; the exponential of -|x| never does.
    e = call("exp", -abs(x))
    return choose(x >= 0.0, 1.0, e) / (1.0 + e)


def _softplus(x: Expression) -> Expression:
    # The larger of x and 0, plus a correction that never overflows.
    correction = call("log1p", call("exp", -abs(x)))
    return choose(x > 0.0, x, 0.0) + correction


def _log_sigmoid(x: Expression) -> Expression:
    correction = call("log1p", call("exp", -abs(x)))
    return -(choose(x < 0.0, -x, 0.0) + correction)


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
# Neurons: the sigmoid β has the derivative β(1 - β), in terms of its own output.
sigmoid = entry("sigmoid", sigmoid_of, lambda x, y: (y * (1.0 - y),),
    definition=lambda x: 1.0 / (1.0 + exp(-x)), symbol="σ",
    points=(-1000.0, -40.0, *NUMBERS, 1000.0),
    finite=True,
    rounding="saturated",
    summary="The logistic function σ, which maps every number to one between 0 and 1.")
log_sigmoid = entry("log_sigmoid", _log_sigmoid, lambda x, y: (logistic(-x),),
    definition=lambda x: log(sigmoid(x)), symbol="ln σ",
    notation=lambda m, x: m.named("ln", m.named("σ", x)),
    points=(-1000.0, *NUMBERS, 1000.0),
    finite=True,
    summary="The logarithm of the sigmoid, without underflow for large negative x.")
softplus = entry("softplus", _softplus, lambda x, y: (logistic(x),),
    definition=lambda x: log(1.0 + exp(x)), notation=lambda m, x: m.named("ln", 1 + m.e**x),
    points=(-1000.0, *NUMBERS, 1000.0),
    finite=True,
    summary="The logarithm of 1 + e^x, a smooth form of relu, without overflow.")
relu = entry("relu", lambda x: choose((x > 0.0) | call("isnan", x), x, 0.0),
    lambda x, y: (heaviside(x, 0.0),),
    gate=True, definition=lambda x: maximum(x, 0.0), kinks="relu'(0) = 0",
    finite=True,
    kink=Kink(lambda x: x, "x < 0", "x > 0", "x = 0"),
    summary="x where it is positive, else 0: the rectified linear unit.")
threshold = entry("threshold", lambda x: choose(x >= 0.0, 1.0, choose(x < 0.0, 0.0, x)), None,
    refusal="the threshold function is a step: its derivative is 0 wherever it has one, so no "
            "gradient passes and nothing before it can learn; use sigmoid, its smooth replacement",
    symbol="⎍",
    kinks="threshold(0) = 1; a sweep through it is refused",
    finite=True,
    kink=Kink(lambda x: x, jumps=True),
    summary="The step function: 1 from 0 on, 0 below. No gradient passes it.")
