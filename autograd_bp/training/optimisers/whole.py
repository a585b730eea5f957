"""Optimisers that evaluate a function several times in a step: what they share.

They need all rows at once, since the function must be the same for the whole step.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar

from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.float_arrays import floats_of
from autograd_bp.training.optimisers.base import Optimiser
from autograd_bp.training.optimisers.vectors import arrays
from autograd_bp.value import Value

__all__ = ["WholeFunction", "swept"]


class WholeFunction(Optimiser):
    """An optimiser whose steps evaluate a function.

    Attributes:
        finished: why no further step would be better; "" while one might be.
        evaluations: how often the function was evaluated.
    """

    kind: ClassVar[str] = "function"
    takes_all_rows: ClassVar[bool] = True

    def __init__(self, parameters: Any, rate: float, minimise: bool) -> None:
        arrays(type(self).__name__)
        super().__init__(parameters, rate, minimise)
        self.finished, self.evaluations = "", 0

    def _arguments(
        self, weights: Any, function: Any, of_parameters: Callable[[Callable[[], Any]], Any]
    ) -> tuple[Any, Any, bool]:
        """The weights, the function of weights, and whether they are those of the parameters."""
        import numpy as np

        if function is not None:
            return floats_of("weights", weights, 1).copy(), _called(function), False
        self._require_parameters()
        return np.array(self._weights()), of_parameters(_called(weights)), True

    def _returned(self, weights: Any, is_own: bool) -> Any:
        self.steps += 1
        if not is_own:
            return weights
        self._keep(weights)
        self.zero_grad()
        return None

    def _minimised(self, function: Callable[[Any], Any]) -> Callable[[Any], tuple[float, Any]]:
        """The function that is to go down: the loss, or minus the performance."""
        import numpy as np

        sign = 1.0 if self.minimise else -1.0

        def loss(weights: Any) -> tuple[float, Any]:
            self.evaluations += 1
            with np.errstate(all="ignore"):
                value, gradient = _pair(function(weights))
                gradient = np.asarray(gradient, dtype=float)
                if gradient.shape != weights.shape:
                    raise ShapeError(
                        f"the function gave a gradient of the shape {gradient.shape} for "
                        f"{len(weights)} weights"
                    )
                return sign * float(value), sign * gradient

        return loss

    def _require_start(self, value: float) -> None:
        if not math.isfinite(value):
            raise SettingError(
                f"{self.name} starts where the function is {value:g}: choose other first weights, "
                "or scale the rows"
            )


def _called(function: Any) -> Callable[..., Any]:
    if not callable(function):
        raise OperandError(f"a function is needed, got {type(function).__name__} {function!r:.60}")
    return function  # type: ignore[no-any-return]


def _pair(result: Any) -> tuple[Any, Any]:
    if not isinstance(result, tuple) or len(result) != 2:
        raise OperandError(
            f"the function returns the performance and its gradient, got {result!r:.60}"
        )
    return result


def swept(parameters: list[Value]) -> Callable[[Callable[[], Any]], Callable[[Any], Any]]:
    """Makes of a function without arguments, which computes a Value, the function of the weights
    that gives its number and its gradient."""
    import numpy as np

    def of(performance: Callable[[], Any]) -> Callable[[Any], Any]:
        def function(weights: Any) -> tuple[float, Any]:
            for w, number in zip(parameters, weights.tolist(), strict=True):
                w.data, w.grad = number, 0.0
            P = performance()
            if not isinstance(P, Value):
                raise OperandError(
                    f"the performance is one Value, got {type(P).__name__} {P!r:.60}"
                )
            P.backward()
            gradient = np.array([w.grad for w in parameters])
            return P.data, gradient

        return function

    return of
