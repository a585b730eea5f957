"""Why some results are further off than four units in the last place, and what is promised of the
others.
"""

from __future__ import annotations

LIMIT = 4.0
TERMS = 32  # of the sums that are measured

_OF_OUTPUT = (
    "the slope is written in terms of the output, as the post has it; where that rounds to {end}, "
    "the slope rounds to 0, an absolute error of at most 2⁻⁵³"
)
_NORM = (
    "a divided by the norm: where that is beyond the largest float, 1.8e308, it is infinite and "
    "the partial 0; where it is below 2⁻¹⁰²² its half unit is a large part of it"
)
_PRODUCT = "the slope times a hyperbolic tangent: the errors of both, up to 5 units"
_DIFFERENCE = (
    "e^({}): half a unit of the difference is an error of as much in the exponent, whose size is "
    "up to 745"
)
_BASE = (
    "b a^(b-1): where b - 1 is rounded, half a unit of it is magnified by ln a, at most 745 times; "
    "where a^(b-1) is below 2⁻¹⁰²², its half unit is magnified by b; where it overflows so does "
    "the partial, also if b would have made it finite again"
)
_EXPONENT = (
    "a^b ln a: where a^b is below 2⁻¹⁰²² its half unit is magnified by ln a, at most 745 times; "
    "where it overflows so does the partial, also if ln a would have made it finite again"
)

_ZERO = "the terms of the slope cancel where it is 0, {where}: a unit is of the terms there"
_BETWEEN = (
    "it has zeros, at least one between any two poles, where terms cancel: a unit is of the terms "
    "there; elsewhere the error is at most 4 units"
)
_OSCILLATES = (
    "it has zeros, where terms cancel: a unit is of the terms there; and from 5.7e307 on πx is "
    "infinite"
)
_MANY_FACTORS = (
    "the errors of its many factors add up, to 16 units at most where they are above 2⁻¹⁰²² and "
    "none overflows"
)
_HUGE = (
    "its terms overflow or vanish for inputs beyond 1e100 and below 1e-100; between, at most 8 "
    "units"
)
_ADDS_UP = "the errors of the factors that it is made of add up, to 8 units at most"
_OF_RATIOS = "the difference of two numbers of like size, whose errors add up: at most 16 units"
_DISTANCE = (
    "half a unit of a - b is an error of as much in the exponent, relative to the partial |a - b| "
    "units, at most 745"
)
_OF_POWER = (
    "a^(b - 1): its exponent is rounded, which a large logarithm of a magnifies; where 1 + b ln a "
    "cancels, and where the power overflows or is below 2⁻¹⁰²², nothing is left"
)

REASONS: dict[tuple[str, str], str] = {
    ("div", "∂y/∂b"): "-y/b: where y is below 2⁻¹⁰²² its half unit is magnified by 1/b",
    ("pow", "∂y/∂a"): _BASE,
    ("power", "∂y/∂a"): _BASE,
    ("pow", "∂y/∂b"): _EXPONENT,
    ("exp2", "∂y/∂a"): "2^x ln 2: from x = 1024 on 2^x is infinite, the slope only from 1024.53 on",
    (
        "slope_of_atan",
        "y",
    ): "1 + x² overflows for |x| > 1.3e154: the slope, below 6e-309, is then 0",
    ("atan", "∂y/∂a"): "1 + x² overflows for |x| > 1.3e154: the slope, below 6e-309, is then 0",
    ("atan2", "∂y/∂a"): _NORM,
    ("atan2", "∂y/∂b"): _NORM,
    ("hypot", "∂y/∂a"): _NORM,
    ("hypot", "∂y/∂b"): _NORM,
    ("tanh", "∂y/∂a"): _OF_OUTPUT.format(end="±1"),
    ("sigmoid", "∂y/∂a"): _OF_OUTPUT.format(end="1"),
    ("sigmoid_slope", "∂y/∂a"): _PRODUCT,
    ("sech2", "∂y/∂a"): _PRODUCT,
    ("norm", "∂y/∂x"): _NORM,
    ("cross_entropy", "y"): "probabilities of both signs cancel",
    ("cross_entropy", "∂y/∂x"): "a probability is taken from a share: near 0 they cancel",
    ("surprise", "∂y/∂x"): _DIFFERENCE.format("x - the largest logit"),
    ("logsumexp", "∂y/∂x"): _DIFFERENCE.format("x - the largest input"),
    **dict.fromkeys(
        (("expdiff", what) for what in ("y", "∂y/∂a", "∂y/∂b")), _DIFFERENCE.format("a - b")
    ),
    (
        "logaddexp",
        "y",
    ): "near 0 the larger input and the correction cancel: a unit is of the inputs there",
    ("logaddexp", "∂y/∂a"): _DISTANCE,
    ("logaddexp", "∂y/∂b"): _DISTANCE,
    ("entr", "∂y/∂a"): _ZERO.format(where="at 1/e"),
    ("silu", "∂y/∂a"): _ZERO.format(where="at -1.278"),
    ("gelu", "∂y/∂a"): _ZERO.format(where="at -0.752"),
    (
        "gelu",
        "y",
    ): "x Φ(x): where Φ is below 2⁻¹⁰²² its half unit is magnified by x, at most 39 times",
    ("lgamma", "y"): _BETWEEN,
    ("lgamma", "∂y/∂a"): _BETWEEN,
    ("digamma", "y"): _BETWEEN,
    ("trigamma", "∂y/∂a"): _BETWEEN,
    ("polygamma_2", "y"): _BETWEEN,
    ("polygamma_3", "∂y/∂a"): _BETWEEN,
    ("spherical_bessel_pi_1", "y"): _OSCILLATES,
    ("spherical_bessel_pi_1", "∂y/∂a"): _OSCILLATES,
    ("sinc", "∂y/∂a"): _OSCILLATES,
    (
        "log_beta",
        "y",
    ): "where B(a, b) is near 1 the logarithms of gamma functions cancel: a unit is of them there",
    ("beta", "y"): _MANY_FACTORS,
    ("beta", "∂y/∂a"): _MANY_FACTORS,
    ("beta", "∂y/∂b"): _MANY_FACTORS,
    ("digamma_difference", "y"): _HUGE,
    ("digamma_difference", "∂y/∂a"): _HUGE,
    ("polygamma_difference_1", "y"): _HUGE,
    ("polygamma_difference_1", "∂y/∂a"): _HUGE,
    ("polygamma_difference_1", "∂y/∂b"): _HUGE,
    ("digamma_difference", "∂y/∂b"): _HUGE,
    ("log_beta", "∂y/∂a"): _HUGE,
    ("log_beta", "∂y/∂b"): _HUGE,
    (
        "exp_of_minus_square",
        "∂y/∂a",
    ): "-2x e^(-x²): its units below 2⁻¹⁰²² are magnified by 2x, at most 55 times",
    ("normal_pdf", "∂y/∂a"): "-x φ(x): where φ is below 2⁻¹⁰²² its half unit is magnified by x, at "
    "most 39 times",
    ("ndtr", "y"): _ADDS_UP,
    ("slope_of_atan", "∂y/∂a"): _ADDS_UP,
    ("erfcx", "∂y/∂a"): _ADDS_UP,
    ("ierfcx", "y"): _ADDS_UP,
    ("ierfcx", "∂y/∂a"): _ADDS_UP,
    ("ierfcx_2", "y"): _ADDS_UP,
    ("ierfcx_2", "∂y/∂a"): _ADDS_UP,
    ("mills_excess", "y"): _ADDS_UP,
    ("mills_excess_1", "y"): _ADDS_UP,
    ("mills_excess", "∂y/∂a"): _OF_RATIOS,
    ("mills_excess_1", "∂y/∂a"): _OF_RATIOS,
    ("ndtri", "∂y/∂a"): _ADDS_UP,
    ("erfinv", "∂y/∂a"): _ADDS_UP,
    (
        "unit",
        "∂y/∂b",
    ): "-(a/b)/b: where the quotient is below 2⁻¹⁰²² its half unit is magnified by 1/b",
    ("power_slope", "y"): _OF_POWER,
    ("power_slope", "∂y/∂a"): _OF_POWER,
    ("power_slope", "∂y/∂b"): _OF_POWER,
    ("power_logarithm", "y"): _OF_POWER,
    ("power_logarithm", "∂y/∂a"): _OF_POWER,
    ("power_logarithm", "∂y/∂b"): _OF_POWER,
    ("exp_left", "y"): "b e^a: where e^a is below 2⁻¹⁰²² its half unit is magnified by b",
    ("exp_left", "∂y/∂a"): "b e^a: where e^a is below 2⁻¹⁰²² its half unit is magnified by b",
    ("elu", "∂y/∂a"): "b e^a: where e^a is below 2⁻¹⁰²² its half unit is magnified by b",
}
"""Where no bound is promised, and why."""

ADDED = {
    (row, "y"): "n numbers are added from the first to the last: at most n/2 units, unless "
    "the terms or their sum on the way overflow"
    for row in ("sum", "mean", "dot", "rest", "performance")
}
"""Where the bound grows with the number of terms, and why."""


def reason(row: str, what: str) -> str:
    """Why more than the limit is possible, or nothing."""
    return REASONS.get((row, what)) or ADDED.get((row, what), "")


def bound(row: str, what: str) -> float | None:
    """How many units are promised; None where there is a reason to promise nothing."""
    if (row, what) in REASONS:
        return None
    return TERMS / 2.0 if (row, what) in ADDED else LIMIT
