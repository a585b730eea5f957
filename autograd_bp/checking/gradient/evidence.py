"""What is known about one component, and the differences that are allowed."""

from __future__ import annotations

import math
from dataclasses import dataclass

from autograd_bp.checking.gradient.foreign_arrays import DOUBLE
from autograd_bp.checking.numeric.differences import Slope

__all__ = ["Evidence", "Limits", "relative", "round_up"]

MAX_RELATIVE_ERROR = 1e-3  # differences that are less accurate than this decide nothing
MAX_SHORT_ERROR = 1.2e-2  # and these in formats of fewer digits than double


@dataclass(frozen=True)
class Limits:
    """The differences that are allowed.

    Attributes:
        relative: between a gradient and its reference.
        strict: True where the caller chose it: then differences that are less accurate are NOISY.
        rounding: the relative precision of the numbers.
    """

    relative: float
    strict: bool
    rounding: float

    @property
    def sharp(self) -> float:
        """The relative error of differences above which they decide nothing."""
        return MAX_RELATIVE_ERROR if self.rounding == DOUBLE else MAX_SHORT_ERROR

    @classmethod
    def of(cls, tolerance: float | None, rounding: float) -> Limits:
        """The limits for a tolerance, or the default for numbers of this precision."""
        if tolerance is not None:
            return cls(tolerance, True, rounding)
        # Half of what must be caught in doubles; in fewer digits rounding leaves less to see.
        default = 4e-9 if rounding == DOUBLE else min(1000.0 * rounding, max(0.01, 8.0 * rounding))
        return cls(default, False, rounding)


@dataclass(frozen=True)
class Evidence:
    """The numbers that are known about one component.

    Attributes:
        name: of the component.
        value: of the function.
        given: the caller's derivative.
        autodiff: that of autodiff.
        precise: that at high precision.
        slope: that of differences.
        typical: the size of a slope here that would matter as much as the other components do.
        exact_floor: how far rounding may move a gradient that is computed without differences.
        is_right_elsewhere: whether a slope that does not show here was found right where it shows.
    """

    name: str
    value: float
    given: float | None
    autodiff: float | None
    precise: float | None
    slope: Slope
    typical: float
    exact_floor: float = math.inf
    is_right_elsewhere: bool = False


def relative(a: float, b: float) -> float:
    """|a - b| over the larger of the two; 0 for equal ones."""
    if a == b:
        return 0.0
    size = max(abs(a), abs(b))
    return abs(a / size - b / size) if math.isfinite(size) and size else math.nan


def round_up(x: float) -> float:
    """The next power of ten."""
    return 10.0 ** math.ceil(math.log10(x)) if 0.0 < x < 0.1 else 0.5
