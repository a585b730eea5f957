"""Gradient ascent as in the post: Δw = δ ∇P. Weights move towards a better performance."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from autograd_bp import backprop
from autograd_bp.errors import OperandError, SettingError
from autograd_bp.primitives import number
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["GradientAscent", "not_negative", "positive", "whole"]


class GradientAscent:
    """Moves weights up the gradient of a performance that was swept: w + δ ∂P/∂w.

    P is at most 0, and the closer to 0 the better, so weights move up. For a loss, which is to
    go down, sweep from `-loss`.

    Arguments:
        parameters: the Values to move, for example `network.parameters()`; one that is listed
            twice is moved once.
        rate: δ, above 0.

    Raises: SettingError when the rate is not a finite number above 0, or there is nothing to
        move; OperandError when a parameter is not a Value.

    Example:
        >>> import autograd_bp as bp
        >>> from autograd_bp.training import GradientAscent
        >>> w = bp.Value(0.5, "w")
        >>> ascent = GradientAscent([w], rate=0.1)
        >>> for _ in range(50):
        ...     bp.performance(3.0, 2.0 * w).backward()
        ...     ascent.step()
        >>> round(w.data, 6)
        1.5
    """

    @explains_keywords
    def __init__(self, parameters: Iterable[Value], rate: float) -> None:
        self.rate = rate
        if isinstance(parameters, Value) or not isinstance(parameters, Iterable):
            raise OperandError(
                "GradientAscent takes a list of Values, such as network.parameters(), got "
                f"{type(parameters).__name__} {parameters!r:.60}"
            )
        parameters = list(parameters)
        for parameter in parameters:
            if not isinstance(parameter, Value):
                raise OperandError(
                    f"a parameter is a Value, got {type(parameter).__name__} {parameter!r:.60}"
                )
        self.parameters = list(dict.fromkeys(parameters))
        if not self.parameters:
            raise SettingError("GradientAscent got no parameters: there is nothing to move")

    @property
    def rate(self) -> float:
        """δ; it may be changed between steps."""
        return self._rate

    @rate.setter
    def rate(self, rate: float) -> None:
        self._rate = positive("the rate", rate)

    def step(self) -> None:
        """Move every parameter by δ times its gradient, and set its gradient to 0.

        Gradients of several sweeps add up until the step. With one sweep before each step
        this is learning per example; with more it is ascent on the *sum* of their performances.
        For the mean over n examples, seed each sweep with 1/n: `P.backward(1 / n)`.
        """
        backprop.ascend_step(self.parameters, self._rate)

    def zero_grad(self) -> None:
        """Set the gradients since the last step to 0."""
        for w in self.parameters:
            w.grad = 0.0

    def __repr__(self) -> str:
        return f"GradientAscent({len(self.parameters)} parameters, rate={self._rate:g})"


def positive(what: str, setting: Any) -> float:
    """The setting as a finite number above 0. Raises SettingError, naming `what`, if it is not."""
    try:
        plain = math.nan if isinstance(setting, bool) else number(setting)
    except (OperandError, OverflowError):
        plain = math.nan
    if not 0.0 < plain < math.inf:
        raise SettingError(f"{what} is a number above 0, got {setting!r:.60}")
    return plain


def not_negative(what: str, setting: Any) -> float:
    """The setting as a finite number, 0 or more. Raises SettingError if it is not."""
    if not isinstance(setting, (bool, str)) and setting == 0:
        return 0.0
    try:
        return positive(what, setting)
    except SettingError:
        raise SettingError(f"{what} is a number, 0 or more, got {setting!r:.60}") from None


def whole(what: str, setting: Any, least: int = 1) -> int:
    """The setting as a whole number from `least` up. Raises SettingError if it is not."""
    if isinstance(setting, bool) or not hasattr(type(setting), "__index__") or setting < least:
        raise SettingError(f"{what} is a whole number, {least} or more, got {setting!r:.60}")
    return int(setting)
