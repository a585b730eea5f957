"""The function that is checked, at its point, in the form that the rest of a check needs: a
function of a list of floats to a float, with its gradients in the same order.
"""

from __future__ import annotations

import math
import random
import sys
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.checking.gradient.arguments import component_names, takes_one
from autograd_bp.checking.gradient.foreign_arrays import (
    DOUBLE,
    assemble,
    blocks,
    is_foreign,
    plain,
    rounding_of,
)
from autograd_bp.checking.points.kinks import reach
from autograd_bp.contexts import no_recording
from autograd_bp.derivatives.calls import Call, like, name_of
from autograd_bp.derivatives.trees import flatten, strip
from autograd_bp.errors import (
    NotDifferentiableError,
    OperandError,
    ShapeError,
    SideEffectError,
)
from autograd_bp.graph import topological_order
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

__all__ = ["Subject", "same"]

OUTSIDE_DOMAIN = (ValueError, ArithmeticError, TypeError)  # what a function raises there
PROBES = 24  # of a function that seems constant


class Subject:
    """A function and the point at which its gradient is checked.

    Attributes:
        name: of the function.
        point: its numbers as floats.
        names: the names of these numbers.
        value: the function there.
        rounding: the relative precision of its numbers: 2^-52, or that of the coarsest dtype
            among its argument and its result.
        output, inputs: the recorded graph, after `autodiff`.
        library: "torch" or "jax" where the argument holds their arrays.

    Raises: OperandError, ShapeError for what is no function of numbers to a number;
        SideEffectError where it changes its argument.
    """

    def __init__(
        self, function: Callable[..., Any], x: Any, names: Sequence[str] | str | None = None
    ) -> None:
        if not callable(function):
            raise OperandError(
                f"a function is needed, got {name_of(function)}: pass f itself, not f(x)"
            )
        self.function = function
        self.name = function.name if isinstance(function, Primitive) else name_of(function)
        self.spread = type(x) is tuple and not takes_one(function)
        self.argument = strip(x)
        what = f"the argument of {self.name}"
        kinds = list(blocks(self.argument))
        self.library = next(filter(None, map(is_foreign, kinds)), "")
        self.rounding = max([DOUBLE, *(rounding_of(kind, what) for kind in kinds)])
        numbers, self._backs = plain(self.argument)
        leaves, self.tree = flatten(numbers, what)
        self.point: tuple[float, ...] = tuple(map(float, leaves))
        if not self.point:
            raise ShapeError(
                f"{self.name} was given no numbers to differentiate by: its argument is empty"
            )
        self.names = component_names(self.tree, function, self.spread, names)
        self.output: Value | None = None
        self.inputs: tuple[Value, ...] = ()
        self.is_recorded = False
        self.flat = True  # until a value differs from that at the point
        self.value = self._first_call()

    # ------------------------------------------------------------------------ its values
    def _first_call(self) -> float:
        argument = self.build(self.point)
        result = self._call(argument)
        self._unchanged(argument)
        if result is None:
            raise OperandError(f"{self.name} returned None: give it a return statement")
        value = self._number(result)
        self.rounding = max(self.rounding, _result_rounding(result))
        return value

    def build(self, numbers: Sequence[float]) -> Any:
        """The argument, with these numbers."""
        return assemble(self.tree, list(numbers), self._backs)

    def at(self, numbers: Sequence[float]) -> float:
        """The function at other numbers; NaN where it raises an error of arithmetic, as it may
        beyond its domain."""
        try:
            value = self._number(self._call(self.build(numbers)))
        except Exception:  # whatever a function raises beyond its domain
            return math.nan
        if value != self.value:
            self.flat = False
        return value

    def never_moves(self, rng: random.Random) -> bool:
        """True where no value so far, and none farther away, differs from that at the point."""
        for k in range(PROBES):
            if not self.flat:
                return False
            reach = 2.0 ** (k - 2)
            self.at(
                [
                    self.rounded(x + reach * (abs(x) or 1.0) * rng.uniform(-1.0, 1.0))
                    for x in self.point
                ]
            )
        return self.flat

    def again(self) -> float:
        """A second call with the same numbers."""
        return self._number(self._call(self.build(self.point)))

    def line(self, i: int) -> Callable[[float], tuple[float, float]]:
        """The function along one of its numbers: from a step to the step that the precision of
        the argument allows, and the value there."""
        numbers = list(self.point)
        x = numbers[i]

        def value(step: float) -> tuple[float, float]:
            numbers[i] = self.rounded(x + step)
            actual = numbers[i] - x
            return actual, self.at(numbers)

        return value

    def rounded(self, x: float) -> float:
        """The nearest number of the argument's precision: its last bits are taken off."""
        if self.rounding == DOUBLE or not math.isfinite(x) or x == 0.0:
            return x
        mantissa, exponent = math.frexp(x)
        digits = 2.0 / self.rounding
        return math.ldexp(round(mantissa * digits) / digits, exponent)

    def _call(self, argument: Any) -> Any:
        with no_recording():
            return self.function(*argument) if self.spread else self.function(argument)

    def _number(self, result: Any) -> float:
        if is_foreign(result) or getattr(result, "shape", None) is not None:
            rounding_of(result, f"the output of {self.name}")
            result = plain(result)[0]
        try:
            leaves, tree = flatten(strip(result), f"the output of {self.name}")
        except OperandError:
            raise OperandError(
                f"{self.name} returned {type(result).__name__} {result!r:.60}: a gradient is of "
                "one real number, so return a float, an array of one or a Value"
            ) from None
        if len(leaves) != 1 or tree.children:
            raise ShapeError(
                f"a gradient is of one number, but {self.name} returned {tree}: return a sum, "
                f"or check one of them, lambda x: {self.name}(x)[0]"
            )
        return float(leaves[0])

    def _unchanged(self, argument: Any) -> None:
        message = (
            f"{self.name} changes its argument{{}}: a check calls it many times, so let it work "
            "on a copy"
        )
        try:
            leaves, tree = flatten(plain(argument)[0], "the argument")
        except (OperandError, ShapeError):
            raise SideEffectError(message.format("")) from None
        if tree != self.tree:
            raise SideEffectError(message.format(f" into {tree}"))
        before, _ = flatten(plain(self.build(self.point))[0])
        for a, b, name in zip(before, leaves, self.names, strict=True):
            if not same(a, strip(b)):
                raise SideEffectError(message.format(f" ({name} from {a!r} to {strip(b)!r})"))

    # --------------------------------------------------------------------- its gradients
    def flat_gradient(self, gradient: Any) -> list[float]:
        """The caller's gradient as a list of floats, in the order of the point.

        Raises: ShapeError where it has another structure than the argument, OperandError where
            it is no tree of numbers.
        """
        if callable(gradient):
            argument = self.build(self.point)
            gradient = gradient(*argument) if self.spread else gradient(argument)
            if gradient is None:
                raise OperandError(
                    "the gradient function returned None: give it a return statement"
                )
        for block in blocks(gradient):
            self.rounding = max(self.rounding, rounding_of(block, "the gradient"))
        numbers = plain(strip(gradient))[0]
        if self.tree.size == 1 and not self.tree.children and not self.tree.shape:
            numbers = _single(numbers)
        if self.spread and len(self.point) == 1 and isinstance(numbers, float):
            numbers = (numbers,)
        return [float(x) for x in like([numbers], [self.tree], "gradient", "argument")]

    def autodiff(self) -> tuple[list[float] | None, str]:
        """The gradient by a sweep through the recorded graph, and a remark on it; None where
        the function does not run on Values, with the reason."""
        if self.library or any(self._backs):
            return None, ""
        x = self.tree.build(self.point)
        args = tuple(x) if self.spread else (x,)
        wrt: Any = list(range(len(args))) if self.spread else 0
        try:
            call = Call(self.function, args, {}, wrt, record=False)
            output = call.scalar()
            gradient = [float(strip(x)) for x in call.linear().reverse([1.0])]
        except NotDifferentiableError as refusal:
            return None, f"autodiff refuses: {refusal}"
        except Exception as error:  # whatever a function made for floats does with Values
            reason = str(error).partition(":")[0][:90]
            return None, f"{self.name} does not run on Values ({type(error).__name__}: {reason})"
        self.output, self.inputs = output, tuple(call.inputs)
        if not (same(output.data, self.value) or _near(output.data, self.value)):
            return gradient, (
                f"on Values {self.name} is {output.data!r}, on floats {self.value!r}: it is not "
                "the same function there"
            )
        self.is_recorded = bool(output.parents) or output in self.inputs
        if not self.is_recorded:
            return gradient, (
                f"on Values {self.name} returned a plain number, so autodiff finds 0: it does not "
                "use its argument, or cuts the graph with .data or float()"
            )
        return gradient, ""

    def reach(self, i: int) -> float:
        """How far one of the numbers may move before a node of the graph jumps."""
        if self.output is None or not self.output.parents:
            return math.inf
        return reach(topological_order(self.output), self.inputs[i])

    def library_gradient(self) -> tuple[list[float] | None, str]:
        """The gradient that torch or JAX find for their own arrays, and how it was found."""
        argument = self.build(self.point)
        arguments = argument if self.spread else (argument,)
        if self.library == "jax":
            grad = sys.modules["jax"].grad
            slopes = grad(self.function, argnums=tuple(range(len(arguments))))(*arguments)
            return self.flat_gradient(slopes if self.spread else slopes[0]), "by jax.grad"
        torch = sys.modules["torch"]
        tensors = [block for block in blocks(argument) if is_foreign(block) == "torch"]
        if len(tensors) != len(list(blocks(argument))):
            return None, ""
        for tensor in tensors:
            tensor.requires_grad_(True)
        output = self.function(*arguments)
        if not output.requires_grad:
            return [0.0] * len(self.point), "by torch.autograd (no graph was recorded)"
        slopes = torch.autograd.grad(output, tensors, allow_unused=True)
        flat: list[float] = []
        for tensor, slope in zip(tensors, slopes, strict=True):
            full = torch.zeros_like(tensor) if slope is None else slope
            flat += full.detach().double().reshape(-1).tolist()
        return flat, "by torch.autograd"


def same(a: float, b: float) -> bool:
    """Equal, or both NaN."""
    return a == b or (a != a and b != b)


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1.0)


def _result_rounding(result: Any) -> float:
    return DOUBLE if isinstance(result, (float, int, Value)) else rounding_of(result, "the output")


def _single(gradient: Any) -> Any:
    """The one number of [g], (g,) or an array of one, for an argument that is a number."""
    leaves, tree = flatten(gradient, "the gradient")
    return leaves[0] if tree.size == 1 else gradient
