"""The best arguments of a function of Values, in one call."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.errors import MissingExtraError, OperandError, SettingError
from autograd_bp.training.optimisers.base import GradientRule, Optimiser
from autograd_bp.training.optimisers.names import optimiser as by_name
from autograd_bp.training.optimisers.vectors import arrays, numbers_of
from autograd_bp.training.settings import not_negative, whole
from autograd_bp.value import Value
from autograd_bp.words import explains_keywords

__all__ = ["Found", "maximise", "minimise", "minimise_by_scipy"]


@dataclass(frozen=True)
class Found:
    """The minimum that was found.

    Attributes:
        x: the arguments, an array.
        value: the function there.
        gradient: its gradient there, an array.
        steps: how many steps were taken.
        reason: why no further one was.
    """

    x: Any
    value: float
    gradient: Any
    steps: int
    reason: str


@explains_keywords
def minimise(
    function: Callable[[list[Value]], Any],
    start: Iterable[float],
    optimiser: str | Optimiser = "lbfgs",
    *,
    steps: int = 1000,
    tolerance: float = 1e-8,
) -> Found:
    """The arguments at which a function is smallest, as far as steps downhill lead.

    Arguments:
        function: of a list of Values; it returns a Value, or for "gauss-newton" and
            "levenberg-marquardt" the list of residuals whose squares are to be small.
        start: the first arguments, a flat list or array of numbers.
        optimiser: the name of one, or one that was made without parameters.
        steps: the most steps.
        tolerance: it ends where no derivative is larger than this.

    Raises: OperandError for a function that returns something else; SettingError for settings out
        of range, and where the function runs away; MissingExtraError without NumPy.

    Example:
        >>> from autograd_bp.training.optimisers import minimise
        >>> found = minimise(lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2, [-1.2, 1.0])
        >>> found.x.round(6).tolist()
        [1.0, 1.0]
    """
    return _best(function, start, optimiser, steps, tolerance, down=True)


@explains_keywords
def maximise(
    function: Callable[[list[Value]], Any],
    start: Iterable[float],
    optimiser: str | Optimiser = "lbfgs",
    *,
    steps: int = 1000,
    tolerance: float = 1e-8,
) -> Found:
    """The arguments at which a function is largest; see `minimise`."""
    return _best(function, start, optimiser, steps, tolerance, down=False)


def _best(
    function: Any, start: Any, chosen: Any, steps: int, tolerance: float, *, down: bool
) -> Found:
    np = arrays("minimise")
    steps, tolerance = whole("steps", steps), not_negative("tolerance", tolerance)
    tool = chosen if isinstance(chosen, Optimiser) else by_name(chosen)
    if tool.parameters:
        raise SettingError("the optimiser has parameters of its own: give one without")
    before, tool.minimise = tool.minimise, down
    problem = _Problem(function, numbers_of("start", start))
    try:
        return problem.solve(np, tool, steps, tolerance)
    finally:
        tool.minimise = before


class _Problem:
    """A function of Values, for the different kinds of optimisers."""

    def __init__(self, function: Callable[[list[Value]], Any], start: list[float]) -> None:
        if not callable(function):
            raise OperandError(f"a function is needed, got {function!r:.60}")
        if not start:
            raise SettingError("start is empty: there is nothing to move")
        self.function, self.start = function, start

    def solve(self, np: Any, tool: Optimiser, steps: int, tolerance: float) -> Found:
        x = np.array(self.start)
        reason = f"{steps} steps were taken"
        squares = tool.kind == "residuals"
        value, gradient = self._pair(x, squares)
        taken = 0
        while taken < steps:
            if not np.abs(gradient).max() > tolerance and math.isfinite(value):
                reason = "the gradient is small enough"
                break
            self._require_finite(value, taken)
            x = self._step(tool, x, gradient)
            taken += 1
            value, gradient = self._pair(x, squares)
            if getattr(tool, "finished", ""):
                reason = tool.finished  # type: ignore[attr-defined]
                break
        self._require_finite(value, taken)
        return Found(x, value, gradient, taken, reason)

    def _step(self, tool: Any, x: Any, gradient: Any) -> Any:
        if isinstance(tool, GradientRule):
            return tool.advance(x, gradient)
        if tool.kind == "residuals":
            return tool.step(x, self._residuals)
        if tool.kind == "curvature":
            return tool.step(x, self._value_and_gradient, self._product)
        return tool.step(x, self._value_and_gradient)

    def _require_finite(self, value: float, steps: int) -> None:
        if not math.isfinite(value):
            what = f"ran away in step {steps}" if steps else "is no number at the start"
            raise SettingError(
                f"the function {what} (it is {value:g}): choose a smaller rate, or another start"
            )

    def _pair(self, x: Any, squares: bool) -> tuple[float, Any]:
        if not squares:
            return self._value_and_gradient(x)
        r, J = self._residuals(x)
        return 0.5 * float(r @ r), J.T @ r

    def _called(self, x: Any) -> tuple[list[Value], Any]:
        values = [Value(number) for number in x.tolist()]
        return values, self.function(values)

    def _value_and_gradient(self, x: Any) -> tuple[float, Any]:
        import numpy as np

        values, y = self._called(x)
        y = _one(y)
        y.backward()
        return y.data, np.array([value.grad for value in values])

    def _product(self, x: Any, v: Any) -> Any:
        import numpy as np

        values, y = self._called(x)
        slopes = record_gradients([_one(y)], values)
        along = sum((s * number for s, number in zip(slopes, v.tolist(), strict=True)), Value(0.0))
        along.backward(accumulate=False)
        if not along.parents:
            return np.zeros(len(v))
        return _gradient(along, values)

    def _residuals(self, x: Any) -> tuple[Any, Any]:
        import numpy as np

        values, residuals = self._called(x)
        residuals = [residuals] if isinstance(residuals, Value) else list(residuals)
        J = np.array([_gradient(_one(r), values) for r in residuals])
        return np.array([r.data for r in residuals]), J


def _gradient(y: Value, values: list[Value]) -> Any:
    import numpy as np

    from autograd_bp.derivatives.reverse import gradients

    return np.array(gradients(y, values), dtype=float)


def _one(y: Any) -> Value:
    if isinstance(y, (list, tuple)) and len(y) == 1:
        y = y[0]
    if not isinstance(y, Value):
        raise OperandError(
            f"the function has to return a Value that depends on its arguments, got "
            f"{type(y).__name__} {y!r:.60}"
        )
    return y


def minimise_by_scipy(
    function: Callable[[list[Value]], Any],
    start: Iterable[float],
    method: str = "trust-ncg",
    **options: Any,
) -> Any:
    """A function minimised by a method of `scipy.optimize.minimize`, which gets its gradients and
    its products of the Hessian with vectors from here.

    Arguments:
        function: of a list of Values; it returns a Value.
        start: the first arguments.
        method: such as "trust-ncg", "trust-krylov", "Newton-CG", "BFGS" or "trust-constr".
        options: further keywords of `scipy.optimize.minimize`: tol, bounds, constraints, options.

    Returns: SciPy's OptimizeResult.

    Raises: MissingExtraError without SciPy.

    Example:
        >>> from autograd_bp.training.optimisers import minimise_by_scipy
        >>> f = lambda x: (1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2
        >>> found = minimise_by_scipy(f, [-1.2, 1.0])              # doctest: +SKIP
        >>> found.x.round(4).tolist()                              # doctest: +SKIP
        [1.0, 1.0]
    """
    try:
        from scipy import optimize
    except ImportError:
        raise MissingExtraError(
            'minimise_by_scipy needs SciPy: pip install "autograd_bp[optimise]"'
        ) from None
    problem = _Problem(function, numbers_of("start", start))
    takes_products = method.lower() in (
        "newton-cg",
        "trust-ncg",
        "trust-krylov",
        "trust-constr",
    )
    if takes_products:
        options.setdefault("hessp", problem._product)
    return optimize.minimize(
        problem._value_and_gradient, problem.start, jac=True, method=method, **options
    )
