"""Gradient ascent as in the post: Δw = δ ∇P. Weights move towards a better performance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from autograd_bp import backprop
from autograd_bp.training.optimisers.base import GradientRule
from autograd_bp.training.optimisers.vectors import Operations
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["GradientAscent"]


class GradientAscent(GradientRule):
    """Moves weights up the gradient of a performance that was swept: w + δ ∂P/∂w.

    P is at most 0, and the closer to 0 the better, so weights move up. For a loss, which is to
    go down, sweep from `-loss`, or say `minimise=True`.

    Arguments:
        parameters: the Values to move, for example `network.parameters()`; one that is listed
            twice is moved once. None where `step` is called with vectors.
        rate: δ, above 0.
        minimise: whether gradients are those of a loss, and weights move down.

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

    name: ClassVar[str] = "ascent"

    @explains_keywords
    def __init__(
        self, parameters: Iterable[Value] | None, rate: float, *, minimise: bool = False
    ) -> None:
        super().__init__(parameters, rate, minimise)

    def step(self, weights: Any = None, gradient: Any = None) -> Any:
        """Move every parameter by δ times its gradient, and set its gradient to 0.

        Gradients of several sweeps add up until the step. With one sweep before each step
        this is learning per example; with more it is ascent on the *sum* of their performances.
        For the mean over n examples, seed each sweep with 1/n: `P.backward(1 / n)`.

        With arguments, weights and their gradient as vectors, it returns the new weights; see
        `autograd_bp.training.optimisers`.
        """
        if weights is not None:
            return super().step(weights, gradient)
        if not self.parameters:
            self._require_parameters()
        backprop.ascend_step(self.parameters, -self._rate if self.minimise else self._rate)
        self.steps += 1
        return None

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        return (w + self._rate * g,)

    def __repr__(self) -> str:
        return f"GradientAscent({len(self.parameters)} parameters, rate={self._rate:g})"
