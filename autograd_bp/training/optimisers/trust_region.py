"""Newton's method in a trust region, by products of the Hessian with vectors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar

from autograd_bp.derivatives.reverse import gradients
from autograd_bp.errors import OperandError, SettingError
from autograd_bp.training.optimisers.whole import WholeFunction, _called
from autograd_bp.training.settings import positive
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["TrustRegionNewton"]

ACCEPTED = 0.15  # of the predicted fall
LEAST_RADIUS = 1e-300


class TrustRegionNewton(WholeFunction):
    """w ← w + p, where p comes near the minimum of ∇·p + ½ pᵀ H p among all p with |p| ≤ Δ.

    Conjugate gradients look for p (T. Steihaug, 1983), so only products H v are needed; Δ is
    quartered after a bad prediction and doubled after a good one (J. Nocedal and S. J. Wright,
    Numerical Optimization, 2006, algorithms 4.1 and 7.2).

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        rate: the first Δ.
        most: the largest Δ.
        minimise: whether the function is a loss, and weights move down.

    Raises: MissingExtraError without NumPy; SettingError for a setting out of range.
    """

    name: ClassVar[str] = "trust-region"
    kind: ClassVar[str] = "curvature"
    names: ClassVar[tuple[str, ...]] = ("rate", "most")

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 1.0,
        *,
        most: float = 1000.0,
        minimise: bool = False,
    ) -> None:
        super().__init__(parameters, rate, minimise)
        self.most = positive("most", most)
        if self.most < self._rate:
            raise SettingError(
                f"the rate is {self._rate:g} and most is {most:g}: it is at most that"
            )
        self._radius = self._rate

    def step(self, weights: Any, function: Any = None, product: Any = None) -> Any:
        """Take a step.

        Arguments:
            weights: a flat array of the weights; or, where there are parameters, a function without
                arguments that computes the performance, a Value, from them.
            function: of the weights; it returns the performance and its gradient.
            product: of the weights and a vector v; it returns H v, where H is the Hessian of the
                performance.

        Returns: the new weights; None where the parameters were moved. Where no better weights
            were found they are the old ones, and `finished` says why.
        """
        if (function is None) is not (product is None):
            raise OperandError("step takes weights, a function and its products H v, all three")
        recorded: list[Any] = []

        def of_parameters(performance: Callable[[], Any]) -> Callable[[Any], Any]:
            recorded.append(_Recorded(self.parameters, performance))
            return recorded[0]  # type: ignore[no-any-return]

        start, function, is_own = self._arguments(weights, function, of_parameters)
        products = recorded[0].product if recorded else _called(product)
        sign = 1.0 if self.minimise else -1.0
        moved = self._moved(
            start, self._minimised(function), lambda w, v: sign * _array(products(w, v))
        )
        return self._returned(moved, is_own)

    def _moved(
        self,
        w: Any,
        loss: Callable[[Any], tuple[float, Any]],
        product: Callable[[Any, Any], Any],
    ) -> Any:
        import numpy as np

        self.finished = ""
        value, gradient = loss(w)
        self._require_start(value)
        if not gradient.any():
            self.finished = "the gradient is 0"
            return w
        while self._radius > LEAST_RADIUS:
            p, is_at_edge = _steihaug(gradient, lambda v: product(w, v), self._radius)
            predicted = -float(gradient @ p + 0.5 * (p @ product(w, p)))
            actual = value - loss(w + p)[0]
            if predicted <= 0.0 or not (w + p != w).any():
                break
            ratio = actual / predicted if math.isfinite(actual) else -1.0
            if ratio < 0.25:
                self._radius *= 0.25
            elif ratio > 0.75 and is_at_edge:
                self._radius = min(2.0 * self._radius, self.most)
            if ratio > ACCEPTED:
                return w + p
            if self._radius < 1e-16 * max(1.0, float(np.linalg.norm(w))):
                break
        self.finished = "no step within the radius is better"
        return w

    def _state(self) -> dict[str, Any]:
        return {"radius": self._radius}

    def _load(self, state: Mapping[str, Any]) -> None:
        self._radius = positive("radius", state["radius"])


def _steihaug(gradient: Any, product: Callable[[Any], Any], radius: float) -> tuple[Any, bool]:
    """A step within the radius, and whether it ends at its edge."""
    import numpy as np

    norm = float(np.linalg.norm(gradient))
    enough = min(0.5, math.sqrt(norm)) * norm
    z, r, d = np.zeros_like(gradient), gradient, -gradient
    if norm < enough:
        return z, False
    for _ in range(2 * len(gradient) + 20):
        Bd = product(d)
        curvature = float(d @ Bd)
        if not curvature > 0.0:
            return _best_end(gradient, product, z, d, radius), True
        squared = float(r @ r)
        alpha = squared / curvature
        new = z + alpha * d
        if float(np.linalg.norm(new)) >= radius:
            return z + _ends(z, d, radius)[1] * d, True
        r = r + alpha * Bd
        after = float(r @ r)
        z = new
        if math.sqrt(after) < enough:
            break
        d = -r + (after / squared) * d
    return z, False


def _best_end(gradient: Any, product: Callable[[Any], Any], z: Any, d: Any, radius: float) -> Any:
    """Where curvature is negative: the better of both ends of the line."""
    ends = [z + t * d for t in _ends(z, d, radius)]
    models = [float(gradient @ p + 0.5 * (p @ product(p))) for p in ends]
    return ends[0] if models[0] < models[1] else ends[1]


def _ends(z: Any, d: Any, radius: float) -> tuple[float, float]:
    """The two t with |z + t d| = Δ, the lower one first."""
    a, b, c = float(d @ d), 2.0 * float(z @ d), float(z @ z) - radius * radius
    root = math.sqrt(max(0.0, b * b - 4.0 * a * c))
    stable = b + math.copysign(root, b)
    low, high = sorted((-stable / (2.0 * a), -2.0 * c / stable if stable else 0.0))
    return low, high


def _array(vector: Any) -> Any:
    import numpy as np

    return np.asarray(vector, dtype=float)


class _Recorded:
    """A performance that is recorded at the weights of the parameters, with its derivatives."""

    def __init__(self, parameters: list[Value], performance: Callable[[], Any]) -> None:
        self.parameters, self.performance = parameters, performance
        self._weights: Any = None
        self._slopes: Any = None

    def __call__(self, weights: Any) -> tuple[float, Any]:
        import numpy as np

        P = self._at(weights)
        self._weights = None
        return P.data, np.array(gradients(P, self.parameters), dtype=float)

    def _at(self, weights: Any) -> Value:
        for w, number in zip(self.parameters, weights.tolist(), strict=True):
            w.data = number
        P = self.performance()
        if not isinstance(P, Value):
            raise OperandError(f"the performance is one Value, got {type(P).__name__} {P!r:.60}")
        return P

    def product(self, weights: Any, v: Any) -> Any:
        """H v: the gradient of ∇P · v."""
        if self._weights is None or (self._weights != weights).any():
            self._slopes = gradients(self._at(weights), self.parameters, record=True)
            self._weights = weights.copy()
        pairs = zip(self._slopes, v.tolist(), strict=True)
        along = sum((slope * number for slope, number in pairs), Value(0.0))
        return _array(gradients(along, self.parameters))
