"""Gauss-Newton and Levenberg-Marquardt: for sums of squares, -½ Σ r², by their jacobian.

Where P is no sum of squares but the logarithm of a likelihood, -2 P takes the place of Σ r² and
JᵀJ is Fisher's matrix: then a step is one of iteratively reweighted least squares.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from autograd_bp.derivatives.reverse import gradients
from autograd_bp.errors import OperandError, SettingError, ShapeError
from autograd_bp.training.optimisers.base import packed, unpacked
from autograd_bp.training.optimisers.whole import WholeFunction
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["GaussNewton", "LevenbergMarquardt"]

Residuals = Callable[[Any], "Place"]
TINY = 2.2250738585072014e-308
EPSILON = 2.220446049250313e-16
MOST_TRIALS = 40
ROUNDING = 8.0 * EPSILON  # of a sum of squares


class Place(NamedTuple):
    """Residuals r, their jacobian J, and the sum of squares (or -2 P)."""

    r: Any
    J: Any
    squares: float


class _LeastSquares(WholeFunction):
    kind: ClassVar[str] = "residuals"

    @explains_keywords
    def __init__(
        self,
        parameters: Iterable[Value] | None = None,
        rate: float = 1.0,
        *,
        minimise: bool = False,
    ) -> None:
        super().__init__(parameters, rate, minimise)

    def step(self, weights: Any, function: Any = None) -> Any:
        """Take a step.

        Arguments:
            weights: a flat array of the weights; or, where there are parameters, a function without
                arguments that computes the residuals, a list of Values, from them.
            function: of the weights; it returns the residuals r and their jacobian, (r, J), an
                array (residuals, weights); or (r, J, P), where P is not -½ Σ r².

        Returns: the new weights; None where the parameters were moved. Where no better weights
            were found they are the old ones, and `finished` says why.
        """
        start, function, is_own = self._arguments(weights, function, self._swept)
        self.finished = ""
        place = self._placed(function, start)
        self._require_start(place.squares)
        if not (place.J.T @ place.r).any():
            self.finished = "the gradient is 0"
            return self._returned(start, is_own)
        return self._returned(
            self._moved(start, place, lambda w: self._placed(function, w)), is_own
        )

    def _moved(self, w: Any, place: Place, placed: Residuals) -> Any:
        raise NotImplementedError

    def _placed(self, function: Callable[[Any], Any], w: Any) -> Place:
        import numpy as np

        self.evaluations += 1
        with np.errstate(all="ignore"):
            result = function(w)
            if not isinstance(result, tuple) or len(result) not in (2, 3):
                raise OperandError(
                    f"the function returns residuals and their jacobian, got {result!r:.60}"
                )
            r, J = (np.asarray(part, dtype=float) for part in result[:2])
            if r.ndim != 1 or J.shape != (len(r), len(w)):
                raise ShapeError(
                    f"the residuals have the shape {r.shape} and the jacobian {J.shape}: one row "
                    f"for each residual and {len(w)} columns are needed"
                )
            if len(result) == 3:
                sign = 2.0 if self.minimise else -2.0
                return Place(r, J, sign * float(result[2]))
            return Place(r, J, float(r @ r))

    def _swept(self, residuals: Callable[[], Any]) -> Callable[[Any], Any]:
        import numpy as np

        parameters = self.parameters

        def function(weights: Any) -> tuple[Any, Any]:
            for w, number in zip(parameters, weights.tolist(), strict=True):
                w.data = number
            values = residuals()
            values = [values] if isinstance(values, Value) else list(values)
            if not values or not all(isinstance(value, Value) for value in values):
                raise OperandError("the function computes residuals, a list of Values")
            J = [gradients(value, parameters) for value in values]
            return np.array([value.data for value in values]), np.array(J, dtype=float)

        return function


class GaussNewton(_LeastSquares):
    """w ← w + δ p, where p minimises |J p + r|² (C. F. Gauss, 1809). Where such a step makes it
    worse, δ is halved, up to 40 times.

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        rate: δ; 1 for the step of Gauss.
        minimise: whether a third result of the function is a loss.

    Raises: MissingExtraError without NumPy; SettingError for a rate out of range.
    """

    name: ClassVar[str] = "gauss-newton"

    def _moved(self, w: Any, place: Place, placed: Residuals) -> Any:
        import numpy as np

        p = np.linalg.lstsq(place.J, -place.r, rcond=None)[0]
        step = self._rate
        for _ in range(MOST_TRIALS):
            new = w + step * p
            if placed(new).squares <= (1.0 + ROUNDING) * place.squares:
                if not (new != w).any():
                    break
                return new
            step *= 0.5
        self.finished = "no step of Gauss and Newton is better"
        return w


class LevenbergMarquardt(_LeastSquares):
    """w ← w + p, where p minimises |J p + r|² among all p with |D p| ≤ Δ. (K. Levenberg, 1944; D.
    Marquardt, 1963.)

    D has the largest norm that each column of J had so far, so the units of weights do not matter;
    Δ grows and shrinks with how well J predicted the last step. These are the rules of J. J. Moré,
    The Levenberg-Marquardt algorithm: implementation and theory (1978).

    Arguments:
        parameters: the Values to move; None where `step` is called with vectors.
        rate: the first Δ is this many times |D w|.
        minimise: whether a third result of the function is a loss.

    Raises: MissingExtraError without NumPy; SettingError for a rate out of range.

    Example:
        >>> import math
        >>> from autograd_bp import Value, exp
        >>> from autograd_bp.training.optimisers import LevenbergMarquardt
        >>> half_life = Value(1.0)
        >>> measured = [(t, 8.0 * math.exp(-t / 3.0)) for t in (1.0, 2.0, 4.0, 8.0)]
        >>> optimiser = LevenbergMarquardt([half_life])
        >>> for _ in range(8):
        ...     optimiser.step(lambda: [8.0 * exp(-t / half_life) - y for t, y in measured])
        >>> round(half_life.data, 6)
        3.0
    """

    name: ClassVar[str] = "levenberg-marquardt"
    _scale: Any = None  # D
    _radius, _par = 0.0, 0.0  # Δ and the parameter of Levenberg

    def _moved(self, w: Any, place: Place, placed: Residuals) -> Any:
        import numpy as np

        norms = np.linalg.norm(place.J, axis=0)
        is_first = self._scale is None
        if is_first:
            self._scale = np.where(norms == 0.0, 1.0, norms)
            self._radius = self._rate * (float(np.linalg.norm(self._scale * w)) or 1.0)
        elif len(self._scale) != len(w):
            raise ShapeError(
                f"{self.name} moved {len(self._scale)} weights before, and got {len(w)}"
            )
        self._scale = np.maximum(self._scale, norms)
        system = _System(place, self._scale)
        for _ in range(MOST_TRIALS):
            self._par, scaled = system.step(self._radius, self._par)
            length = float(np.linalg.norm(scaled))
            if is_first:
                self._radius, is_first = min(self._radius, length), False
            new = w + scaled / self._scale
            ratio = self._judge(place, placed(new).squares, system, scaled, length)
            if ratio >= 1e-4:
                return new
            if self._radius <= EPSILON * float(np.linalg.norm(self._scale * w)):
                break
        self.finished = "no step within the radius is better"
        return w

    def _judge(
        self, place: Place, squares: float, system: _System, scaled: Any, length: float
    ) -> float:
        """How much of the predicted fall came true; Δ and the parameter for the next step."""
        actual = -1.0
        if math.isfinite(squares) and 0.01 * squares < place.squares:
            actual = 1.0 - squares / place.squares
        linear = system.linear(scaled) / place.squares
        damped = self._par * length * length / place.squares
        predicted = linear + 2.0 * damped
        ratio = actual / predicted if predicted else 0.0
        if ratio <= 0.25:
            slope = -(linear + damped)
            factor = 0.5 if actual >= 0.0 else 0.5 * slope / (slope + 0.5 * actual)
            if not math.isfinite(squares) or 0.01 * squares >= place.squares or factor < 0.1:
                factor = 0.1
            self._radius = factor * min(self._radius, 10.0 * length)
            self._par /= factor
        elif self._par == 0.0 or ratio >= 0.75:
            self._radius, self._par = 2.0 * length, 0.5 * self._par
        return ratio

    def _state(self) -> dict[str, Any]:
        scale = None if self._scale is None else packed(self._scale)
        return {"scale": scale, "radius": self._radius, "par": self._par}

    def _load(self, state: Mapping[str, Any]) -> None:
        import numpy as np

        self._scale = None if state["scale"] is None else np.array(unpacked(state["scale"]))
        radius, par = float(state["radius"]), float(state["par"])
        if not (radius >= 0.0 and par >= 0.0):
            raise SettingError(f"radius and par are 0 or more, got {radius:g} and {par:g}")
        self._radius, self._par = radius, par


class _System:
    """min |J p + r| within |D p| ≤ Δ, for any Δ: by the singular values of J D⁻¹ everything is a
    sum over them."""

    def __init__(self, place: Place, scale: Any) -> None:
        import numpy as np

        A, r = place.J / scale, place.r
        if len(A) > A.shape[1]:  # an equal problem with as many rows as there are weights
            Q, A = np.linalg.qr(A)
            r = Q.T @ r
        U, self.s, self.V = np.linalg.svd(A, full_matrices=False)
        self.b = -(U.T @ r)
        self.is_regular = bool(
            len(self.s) == len(scale) and self.s[-1] > EPSILON * len(scale) * self.s[0]
        )
        self.gradient = float(np.linalg.norm(self.s * self.b))

    def linear(self, scaled: Any) -> float:
        """|J p|²."""
        products = self.s * (self.V @ scaled)
        return float(products @ products)

    def step(self, radius: float, par: float) -> tuple[float, Any]:
        """The parameter of Levenberg and D p, so that |D p| is Δ within a tenth, or the step
        without a limit lies within it: Newton's method on |D p| - Δ, with bounds."""
        length, slope = self._length(0.0)
        excess = length - radius
        if excess <= 0.1 * radius:
            return 0.0, self._solution(0.0)
        low = excess / radius / slope if self.is_regular else 0.0
        high = self.gradient / radius or TINY / min(radius, 0.1)
        par = min(max(par, low), high) or self.gradient / length
        for trial in range(1, 11):
            par = par or max(TINY, 0.001 * high)
            before, (length, slope) = excess, self._length(par)
            excess = length - radius
            is_near = abs(excess) <= 0.1 * radius
            if is_near or (low == 0.0 and excess <= before < 0.0) or trial == 10:
                break
            if excess > 0.0:
                low = max(low, par)
            else:
                high = min(high, par)
            par = max(low, par + excess / radius / slope)
        return par, self._solution(par)

    def _length(self, par: float) -> tuple[float, float]:
        """|D p| and -(d|D p| / d par) / |D p|."""
        import numpy as np

        weights = self._weights(par)
        p = weights * self.b
        length = float(np.linalg.norm(p))
        squares = self.s * self.s + par
        known = squares > 0.0
        if length == 0.0:
            return 0.0, 1.0
        unit = p[known] / length
        return length, float(unit @ (unit / squares[known]))

    def _weights(self, par: float) -> Any:
        import numpy as np

        squares = self.s * self.s + par
        usable = self.s > (EPSILON * len(self.s) * self.s[0] if par == 0.0 else 0.0)
        return np.where(usable, self.s / np.where(squares > 0.0, squares, 1.0), 0.0)

    def _solution(self, par: float) -> Any:
        return self.V.T @ (self._weights(par) * self.b)
