"""L-BFGS: a direction from the last gradients, and a step length by line search."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from autograd_bp.training.optimisers.base import packed, unpacked
from autograd_bp.training.optimisers.line_search import Point, line_search
from autograd_bp.training.optimisers.whole import WholeFunction, swept
from autograd_bp.training.settings import whole
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["LBFGS"]


class LBFGS(WholeFunction):
    """Limited-memory BFGS (J. Nocedal, 1980; D. C. Liu and J. Nocedal, 1989), with the line search
    of Moré and Thuente.

    The direction is -H ∇ of what goes down, where H is built of the last `memory` pairs
    s = w' - w and y = ∇' - ∇ by the recursion of two loops, from (s·y / y·y) times the identity.
    A step evaluates the function twice or a few times.

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        memory: how many pairs are kept.
        rate: the first step of a line search, where there are pairs already.
        minimise: whether the function is a loss, and weights move down.

    Raises: MissingExtraError without NumPy; SettingError for a setting out of range.

    Example:
        >>> from autograd_bp import Value
        >>> from autograd_bp.training.optimisers import LBFGS
        >>> x, y = Value(-1.2), Value(1.0)
        >>> lbfgs = LBFGS([x, y], minimise=True)
        >>> while not lbfgs.finished:
        ...     lbfgs.step(lambda: (1 - x) ** 2 + 100 * (y - x**2) ** 2)
        >>> round(x.data, 6), round(y.data, 6)
        (1.0, 1.0)
    """

    name: ClassVar[str] = "lbfgs"
    names: ClassVar[tuple[str, ...]] = ("rate", "memory")

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 1.0,
        *,
        memory: int = 10,
        minimise: bool = False,
    ) -> None:
        super().__init__(parameters, rate, minimise)
        self.memory = whole("memory", memory)
        self._pairs: list[tuple[Any, Any, float]] = []  # s, y and s·y

    def step(self, weights: Any, function: Any = None) -> Any:
        """Take a step.

        Arguments:
            weights: a flat array of the weights; or, where there are parameters, a function without
                arguments that computes the performance, a Value, from them.
            function: of the weights; it returns the performance and its gradient.

        Returns: the new weights; None where the parameters were moved. Where no better weights
            were found they are the old ones, and `finished` says why.
        """
        start, function, is_own = self._arguments(weights, function, swept(self.parameters))
        return self._returned(self._moved(start, self._minimised(function)), is_own)

    def _moved(self, w: Any, loss: Callable[[Any], tuple[float, Any]]) -> Any:
        self.finished = ""
        value, gradient = loss(w)
        self._require_start(value)
        if not gradient.any():
            self.finished = "the gradient is 0"
            return w
        while True:
            new = self._searched(w, value, gradient, loss)
            if new is not None:
                return new
            if not self._pairs:
                self.finished = "no step along the gradient is better"
                return w
            self._pairs.clear()  # the pairs say nothing of this place: begin with the gradient

    def _searched(
        self, w: Any, value: float, gradient: Any, loss: Callable[[Any], tuple[float, Any]]
    ) -> Any:
        """The weights after a line search, None where it found nothing better."""
        import numpy as np

        direction = -self._times_inverse(gradient)
        slope = float(gradient @ direction)
        if not slope < 0.0:
            return None
        gradients: dict[float, Any] = {}

        def along(step: float) -> tuple[float, float]:
            here, gradients[step] = loss(w + step * direction)
            return here, float(gradients[step] @ direction)

        first = self._rate if self._pairs else min(1.0, 1.0 / float(np.linalg.norm(direction)))
        point = line_search(along, Point(0.0, value, slope), first)
        if point is None:
            return None
        s = point.step * direction
        self._remember(s, gradients[point.step] - gradient, -point.step * slope)
        return w + s

    def _times_inverse(self, gradient: Any) -> Any:
        """H ∇, by the recursion of two loops."""
        q = gradient.copy()
        factors = []
        for s, y, product in reversed(self._pairs):
            factor = float(s @ q) / product
            q -= factor * y
            factors.append(factor)
        if self._pairs:
            _, y, product = self._pairs[-1]
            q *= product / float(y @ y)
        for (s, y, product), factor in zip(self._pairs, reversed(factors), strict=True):
            q += (factor - float(y @ q) / product) * s
        return q

    def _remember(self, s: Any, y: Any, fall: float) -> None:
        product = float(s @ y)
        if product > sys.float_info.epsilon * fall:
            self._pairs = [*self._pairs[-(self.memory - 1) :], (s, y, product)]
            if self.memory == 1:
                self._pairs = self._pairs[-1:]

    def _state(self) -> dict[str, Any]:
        return {"pairs": [[packed(s), packed(y)] for s, y, _ in self._pairs]}

    def _load(self, state: Mapping[str, Any]) -> None:
        import numpy as np

        pairs = [tuple(np.array(unpacked(text)) for text in pair) for pair in state["pairs"]]
        self._pairs = [(s, y, float(s @ y)) for s, y in pairs]
