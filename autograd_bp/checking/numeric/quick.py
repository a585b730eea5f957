"""The quick look at many components: four values each, which confirm most right gradients.

Two central quotients, with steps h and 16 h, are extrapolated. What they confirm is a given number,
so they need no estimate of their own error: to agree with it to nine digits by chance is as good as
impossible. Only what is the same for every step could deceive them, and is looked for: a function
that is narrower than the steps and so looks flat, or has a kink, is not where its neighbours
expect it to be.

The formulas take floats and arrays of them: `maximum` is that of what they are given.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Look", "agreement", "ratio_of_steps", "steps"]

RATIO = 16.0  # of the longer step to the shorter
SHORT_RATIO = 8.0  # the same in formats of fewer digits than double
OFFSET = 2.7371  # of the steps: no simple fraction, for functions that are periodic
LONGEST = 0.12  # of the scale: steps longer than this confirm nothing
ROUNDINGS = 1.5  # of single values
SHARE = 0.5  # of the tolerance that noise may take up
BENT = 6.0  # the second difference must fall with the square of the step, to so many times that
VISIBLE = 8.0  # times the error: a slope that is smaller is not told from 0
FAINT = 1e-2  # of the largest slope: smaller ones need not be known to as many digits


class Look(NamedTuple):
    """The result of a quick look at four values, for one component or for an array of them.

    Attributes:
        confirmed: whether the gradient is right.
        slope: the extrapolated quotient.
        error: how far it may be off.
        moved: whether the function moved at all.
    """

    confirmed: Any
    slope: Any
    error: Any
    moved: Any


def steps(
    scale: Any,
    claim: Any,
    typical: Any,
    value: float,
    rounding: float,
    tolerance: float,
    maximum: Callable[[Any, Any], Any],
) -> tuple[Any, float]:
    """The shorter step, and the ratio of the longer one to it.

    Arguments:
        scale: the size of the component.
        claim: the gradient that is checked.
        typical: the size of slopes that matter.
        value: of the function.
        rounding: the relative precision of its numbers.
        tolerance: relative, of the gradient.
        maximum: the larger of two.
    """
    # As short as a quotient's error of h² lets it be, or as long as the noise of values demands.
    noise = ROUNDINGS * rounding * abs(value) + 5e-324
    size = maximum(abs(claim), FAINT * typical)
    needed = 2.0 * noise / (SHARE * tolerance * maximum(size, 1e-300))
    shortest = OFFSET * rounding ** (1.0 / 3.0) * scale
    return maximum(shortest, 1.3 * needed), ratio_of_steps(rounding)


def ratio_of_steps(rounding: float) -> float:
    """The ratio of the longer step to the shorter."""
    return RATIO if rounding < 1e-12 else SHORT_RATIO


def agreement(
    claim: Any,
    typical: Any,
    value: float,
    near: tuple[Any, Any, Any],
    far: tuple[Any, Any, Any],
    rounding: float,
    tolerance: float,
    maximum: Callable[[Any, Any], Any],
) -> Look:
    """Whether values at two steps confirm a gradient.

    Arguments:
        claim: the gradient.
        typical: the size of slopes that matter.
        value: of the function at the point.
        near: the shorter step (as long up as down), the value above and the value below.
        far: the same for the longer step.
        rounding: the relative precision of numbers.
        tolerance: relative, of the gradient.
        maximum: the larger of two.
    """
    (h, above, below), (wide, far_above, far_below) = near, far
    quotient = (0.5 * above - 0.5 * below) / h
    wide_quotient = (0.5 * far_above - 0.5 * far_below) / wide
    ratio = (wide / h) ** 2
    bend = (quotient - wide_quotient) / (ratio - 1.0)
    slope = quotient + bend
    size = maximum(maximum(abs(above), abs(below)), maximum(abs(far_above), abs(far_below)))
    noise = ROUNDINGS * rounding * maximum(size, abs(value))
    error = 2.0 * noise / h
    second = abs(0.5 * above + 0.5 * below - value)
    far_second = abs(0.5 * far_above + 0.5 * far_below - value)
    is_smooth = second <= BENT * far_second / ratio + 2.0 * noise
    allowed = tolerance * abs(claim)
    least = tolerance * FAINT * typical
    is_sharp = (error <= SHARE * maximum(allowed, least)) & (abs(bend) <= 1e-3 * abs(slope) + error)
    is_near = abs(claim - slope) <= maximum(0.9 * allowed, error)
    is_visible = (abs(claim) > VISIBLE * error) | (claim == 0.0)
    moved = (above != value) | (below != value) | (far_above != value) | (far_below != value)
    return Look(is_smooth & is_sharp & is_near & is_visible, slope, abs(bend) + error, moved)
