"""Optimisers that need a gradient alone: each is one rule, as its publication states it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from autograd_bp.errors import SettingError
from autograd_bp.training.optimisers.base import GradientRule
from autograd_bp.training.optimisers.vectors import Operations
from autograd_bp.training.settings import not_negative, positive, share
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["Adam", "AdamW", "Momentum", "Nesterov", "RMSProp", "Rprop"]


class Momentum(GradientRule):
    """Ascent with momentum: v ← μ v + g, w ← w + δ v. (B. T. Polyak, 1964.)

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        rate: δ.
        momentum: μ, from 0 up and below 1.
        minimise: whether gradients are those of a loss, and weights move down.

    Raises: SettingError for a setting out of range; OperandError for parameters that are no Values.
    """

    name: ClassVar[str] = "momentum"
    names: ClassVar[tuple[str, ...]] = ("rate", "momentum")
    slots: ClassVar[tuple[str, ...]] = ("velocity",)

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 0.01,
        *,
        momentum: float = 0.9,
        minimise: bool = False,
    ) -> None:
        super().__init__(parameters, rate, minimise)
        self.momentum = share("momentum", momentum)

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        velocity = self.momentum * slots[0] + g
        return w + self._rate * velocity, velocity


class Nesterov(Momentum):
    """Momentum that looks ahead: v ← μ v + g, w ← w + δ (g + μ v). (Y. Nesterov, 1983; in this
    form I. Sutskever and others, 2013.)

    Arguments: as of `Momentum`.
    """

    name: ClassVar[str] = "nesterov"

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        velocity = self.momentum * slots[0] + g
        return w + self._rate * (g + self.momentum * velocity), velocity


class RMSProp(GradientRule):
    """Each weight by its own scale: s ← ρ s + (1 - ρ) g², w ← w + δ g / (√s + ε). (G. Hinton's
    lectures, 2012.)

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        rate: δ.
        memory: ρ, from 0 up and below 1.
        epsilon: ε, above 0.
        minimise: whether gradients are those of a loss, and weights move down.

    Raises: as `Momentum`.
    """

    name: ClassVar[str] = "rmsprop"
    names: ClassVar[tuple[str, ...]] = ("rate", "memory", "epsilon")
    slots: ClassVar[tuple[str, ...]] = ("square",)

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 0.001,
        *,
        memory: float = 0.99,
        epsilon: float = 1e-8,
        minimise: bool = False,
    ) -> None:
        super().__init__(parameters, rate, minimise)
        self.memory, self.epsilon = share("memory", memory), positive("epsilon", epsilon)

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        square = self.memory * slots[0] + (1.0 - self.memory) * (g * g)
        return w + self._rate * g / (functions.sqrt(square) + self.epsilon), square


class Adam(GradientRule):
    """Moments of the gradient: m ← β₁ m + (1 - β₁) g, s ← β₂ s + (1 - β₂) g²,
    w ← w + δ m̂ / (√ŝ + ε) with m̂ = m / (1 - β₁ᵗ) and ŝ = s / (1 - β₂ᵗ). (D. P. Kingma and J. Ba,
    2015, algorithm 1.)

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        rate: δ.
        beta1: β₁, from 0 up and below 1.
        beta2: β₂, the same.
        epsilon: ε, above 0.
        minimise: whether gradients are those of a loss, and weights move down.

    Raises: as `Momentum`.

    Example:
        >>> from autograd_bp import Value
        >>> from autograd_bp.training.optimisers import Adam
        >>> w = Value(5.0)
        >>> adam = Adam([w], rate=0.1, minimise=True)
        >>> for _ in range(200):
        ...     ((w - 3.0) ** 2).backward()
        ...     adam.step()
        >>> round(w.data, 2)
        3.0
    """

    name: ClassVar[str] = "adam"
    names: ClassVar[tuple[str, ...]] = ("rate", "beta1", "beta2", "epsilon")
    slots: ClassVar[tuple[str, ...]] = ("mean", "square")

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        minimise: bool = False,
    ) -> None:
        super().__init__(parameters, rate, minimise)
        self.beta1, self.beta2 = share("beta1", beta1), share("beta2", beta2)
        self.epsilon = positive("epsilon", epsilon)

    def _prepare(self) -> None:
        self._of_mean = 1.0 - self.beta1**self.steps
        self._of_root = (1.0 - self.beta2**self.steps) ** 0.5

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        mean = self.beta1 * slots[0] + (1.0 - self.beta1) * g
        square = self.beta2 * slots[1] + (1.0 - self.beta2) * (g * g)
        root = functions.sqrt(square) / self._of_root + self.epsilon
        return w + self._rate / self._of_mean * mean / root, mean, square


class AdamW(Adam):
    """Adam whose weights decay apart from the gradient: w ← (1 - δ λ) w before each step of Adam.
    (I. Loshchilov and F. Hutter, 2019.)

    Arguments:
        decay: λ, 0 or more. The other arguments are those of `Adam`.
    """

    name: ClassVar[str] = "adamw"
    names: ClassVar[tuple[str, ...]] = (*Adam.names, "decay")

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 0.001,
        *,
        beta1: float = 0.9,
        beta2: float = 0.999,
        epsilon: float = 1e-8,
        decay: float = 0.01,
        minimise: bool = False,
    ) -> None:
        super().__init__(
            parameters, rate, beta1=beta1, beta2=beta2, epsilon=epsilon, minimise=minimise
        )
        self.decay = not_negative("decay", decay)

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        return super()._rule(functions, w * (1.0 - self._rate * self.decay), g, *slots)


class Rprop(GradientRule):
    """Only the signs of gradients count: the step of a weight grows while its gradient keeps its
    sign, and shrinks when it changes; then the weight waits for a step. (M. Riedmiller and H.
    Braun, 1993; C. Igel and M. Hüsken, 2003, iRprop⁻.)

    It needs the gradient over all rows: one that changes with the rows changes its sign for no
    reason. `train` therefore takes all rows in a step.

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        rate: the first step of every weight.
        shrink: the factor where the sign changes, above 0 and below 1.
        grow: the factor where it stays, above 1.
        least: the smallest step, above 0.
        most: the largest step.
        minimise: whether gradients are those of a loss, and weights move down.

    Raises: as `Momentum`.
    """

    name: ClassVar[str] = "rprop"
    takes_all_rows: ClassVar[bool] = True
    names: ClassVar[tuple[str, ...]] = ("rate", "shrink", "grow", "least", "most")
    slots: ClassVar[tuple[str, ...]] = ("before", "size")

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 0.01,
        *,
        shrink: float = 0.5,
        grow: float = 1.2,
        least: float = 1e-6,
        most: float = 50.0,
        minimise: bool = False,
    ) -> None:
        super().__init__(parameters, rate, minimise)
        self.shrink, self.grow = positive("shrink", shrink), positive("grow", grow)
        self.least, self.most = positive("least", least), positive("most", most)
        if self.shrink >= 1.0 or self.grow <= 1.0:
            raise SettingError(
                f"shrink is below 1 and grow is above 1, got {self.shrink:g} and {self.grow:g}"
            )
        if self.least > self.most:
            raise SettingError(f"least is {self.least:g} and most is {self.most:g}: exchange them")

    def _initial(self) -> list[float]:
        return [0.0, self._rate]

    def _rule(self, functions: Operations, w: Any, g: Any, *slots: Any) -> tuple[Any, ...]:
        before, size = slots
        where, sign = functions.where, functions.sign
        agreement = sign(g) * sign(before)
        factor = where(agreement > 0.0, self.grow, where(agreement < 0.0, self.shrink, 1.0))
        size = functions.clip(size * factor, self.least, self.most)
        g = where(agreement < 0.0, 0.0 * sign(g), g)
        return w + sign(g) * size, g, size
