"""Activations whose derivatives keep their digits where they are saturated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from autograd_bp.entry import Primitive
from autograd_bp.expressions import Expression, call
from autograd_bp.table.making import NUMBERS, entry, special_normal
from autograd_bp.table.neurons import sigmoid_of

if TYPE_CHECKING:  # rules run later: primitives.py hands them these entries
    from autograd_bp.table.elementary import cosh, exp, tanh
    from autograd_bp.table.limits import decayed
    from autograd_bp.table.neurons import sigmoid
    from autograd_bp.table.normal import ndtr, normal_pdf


def _sigmoid_slope(x: Expression) -> Expression:
    # In terms of e^-|x|: 1 - β would lose its digits where β is near 1.
    e = call("exp", -abs(x))
    return e / ((1.0 + e) * (1.0 + e))


# The formatter leaves the table alone: an expression and its rule stand side by side.
# fmt: off
gelu = entry("gelu", lambda x: special_normal.gelu(x), lambda x, y: (ndtr(x) + decayed(x, normal_pdf(x)),),
    definition=lambda x: x * ndtr(x), notation=lambda m, x: m.product(x, m.named("Φ", x)),
    finite=True, points=(-30.0, -2.5, -1e-9, 0.0, 0.5, 3.0, 40.0),
    rounding="magnified",
    summary="x times the normal distribution function: the Gaussian error linear unit.")
# Functions whose derivatives keep their digits where sigmoid and tanh are saturated.
logistic: Primitive = entry("logistic", sigmoid_of, lambda x, y: (sigmoid_slope(x),),
    definition=lambda x: 1.0 / (1.0 + exp(-x)), symbol="σ",
    points=(-1000.0, -40.0, *NUMBERS, 1000.0),
    finite=True,
    summary="The logistic function σ, as sigmoid, with derivatives that are exact in both tails.")
sigmoid_slope: Primitive = entry("sigmoid_slope", _sigmoid_slope,
    lambda x, y: (-(y * tanh(0.5 * x)),),
    definition=lambda x: sigmoid(x) * sigmoid(-x), symbol="σ'",
    notation=lambda m, x: m.product(m.named("σ", x), m.named("σ", -x)),
    points=(-1000.0, -40.0, *NUMBERS, 1000.0),
    finite=True,
    summary="The slope σ(x) σ(-x) of the sigmoid, exact in both tails.")
sech2: Primitive = entry("sech2", lambda x: 4.0 * _sigmoid_slope(2.0 * x),
    lambda x, y: (-2.0 * (y * tanh(x)),),
    definition=lambda x: 1.0 / (cosh(x) * cosh(x)), symbol="sech²",
    notation=lambda m, x: m.named("sech", x)**2,
    points=(-400.0, -20.0, -1.0, -1e-9, 0.0, 1e-9, 0.5, 1.0, 20.0, 400.0),
    finite=True,
    summary="The slope 1 - tanh² of tanh, exact in both tails.")
