"""The gradient that is checked: the caller's, as a list of floats in the order of the point."""

from __future__ import annotations

import contextlib
import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.checking.gradient.autodiff import DifferentiatedFunction
from autograd_bp.checking.gradient.foreign_arrays import (
    aligned,
    blocks,
    plain,
    refuse_complex,
    refuse_odd_arrays,
    rounding_of,
)
from autograd_bp.checking.gradient.outputs import contracted
from autograd_bp.checking.gradient.point_function import (
    LAST_BITS,
    Line,
    close,
)
from autograd_bp.checking.numeric.kept import CALLS, Kept, kept
from autograd_bp.derivatives.calls import like
from autograd_bp.derivatives.trees import flatten, strip
from autograd_bp.errors import OperandError

__all__ = ["Subject"]


class Subject(DifferentiatedFunction):
    """A function at its point, with its gradients.

    Attributes:
        kept: what the gradient function keeps between calls, after `repeated_gradient`.
    """

    kept: Kept | None = None

    @property
    def returns_its_gradient(self) -> bool:
        """Whether the result is a tuple of a number and something like the argument."""
        tree = self.outputs.tree
        if tree is None or len(tree.children) != 2:
            return False
        if not (isinstance(tree.key, tuple) and tree.key[0] is tuple):
            return False
        value, rest = tree.children
        return not (value.children or value.shape) and rest == self.tree

    def flat_gradient(self, gradient: Any, point: Any = None) -> list[float]:
        """The caller's gradient as a list of floats, in the order of the point; at the point, or
        at other numbers.

        Raises: ShapeError where it has another structure than the argument, OperandError where
            it is no tree of numbers.
        """
        takes_cotangent = False
        if callable(gradient):
            takes_cotangent = self._takes_cotangent(gradient)
            gradient = self._called(gradient, self.numbers if point is None else point)
        for block in blocks(gradient):
            refuse_complex(block, "the gradient holds")
            refuse_odd_arrays(block, "the gradient holds")
            self.rounding = max(self.rounding, rounding_of(block, "the gradient"))
        outputs = self.outputs
        if outputs.cotangent is not None and not takes_cotangent:
            return contracted(gradient, outputs.cotangent, outputs.size, self.tree)
        numbers = plain(strip(aligned(gradient, self.argument)))[0]
        if self.tree.size == 1 and not self.tree.children and not self.tree.shape:
            numbers = _single(numbers)
        if self.spread and len(self.point) == 1 and isinstance(numbers, float):
            numbers = (numbers,)
        return [float(x) for x in like([numbers], [self.tree], "gradient", "argument")]

    def _called(self, gradient: Callable[..., Any], point: Sequence[float]) -> Any:
        """Call the gradient function at a point, and return its result.

        Raises: OperandError where it returns None; SideEffectError where it changes its argument.
        """
        argument = self.build(point)
        arguments = list(argument) if self.spread else [argument]
        if self._takes_cotangent(gradient):
            arguments.append(self.outputs.as_output())
        result = gradient(*arguments)
        if result is None:
            raise OperandError("the gradient function returned None: give it a return statement")
        self.unchanged(argument, point, "the gradient function")
        return result

    def _takes_cotangent(self, gradient: Callable[..., Any]) -> bool:
        """Whether a gradient function takes a cotangent after the arguments."""
        if self.outputs.cotangent is None:
            return False
        count = len(self.tree.children) if self.spread else 1
        try:
            inspect.signature(gradient).bind(*range(count))
        except TypeError:
            return True
        except ValueError:
            return False
        return False

    def gradient_line(self, gradient: Any, i: int) -> Line:
        """A component of the gradient function along its own number."""
        numbers, x = self.copy(), self.point[i]

        def value(step: float) -> tuple[float, float]:
            moved = numbers[i] = self.rounded(x + step)
            try:
                return moved - x, self.flat_gradient(gradient, numbers)[i]
            except Exception:
                return moved - x, math.nan

        return value

    def _elsewhere(self) -> Any:
        """The numbers of a point nearby."""
        if self.numbers is not self.point:
            x, size = self.numbers, abs(self.numbers)
            return self.rounded_array(x + 1e-3 * (size + (size == 0.0)))
        return [self.rounded(x + 1e-3 * (abs(x) or 1.0)) for x in self.point]

    def repeated_gradient(self, gradient: Any, first: Sequence[float]) -> str:
        """How the gradient function contradicts itself when it is called again; an empty text where
        it does not. It is called at the point, somewhere else, and at the point again."""
        if not callable(gradient):
            return ""
        with contextlib.suppress(Exception):  # it need not have values elsewhere
            self._called(gradient, self._elsewhere())
        for _ in range(2):
            second = self.flat_gradient(gradient)
            if second == first:
                continue
            size = max((abs(x) for x in first if math.isfinite(x)), default=0.0)
            for name, a, b in zip(self.names, first, second, strict=True):
                if not close(a, b, LAST_BITS * self.rounding, size):
                    return (
                        f"the gradient function gave {a!r} and then {b!r} for {name} at the same "
                        f"point: {self._state(gradient, second)}"
                    )
        return ""

    def _state(self, gradient: Any, result: list[float]) -> str:
        """Find what a gradient function keeps between its calls, by calling it again."""
        results = [result]
        with contextlib.suppress(Exception):  # whatever it raises later
            results += [self.flat_gradient(gradient) for _ in range(CALLS - 1)]
        if len(results) == CALLS:
            state = kept(results, self.rounding)
            if state is not None:
                self.kept = state
                return f"it keeps something between calls ({state.name}): {state.explanation}"
            if all(later == results[1] for later in results[2:]):
                return (
                    "it keeps something between calls (a stale cache): it gives what a call at "
                    "another point left"
                )
        return (
            "it keeps something between calls (a sum that is not reset, a momentum, a buffer), "
            "or draws random numbers"
        )


def _single(gradient: Any) -> Any:
    """The one number of [g], (g,) or an array of one, for an argument that is a number."""
    leaves, tree = flatten(gradient, "the gradient")
    return leaves[0] if tree.size == 1 else gradient
