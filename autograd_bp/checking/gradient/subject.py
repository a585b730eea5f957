"""The gradients of the function that is checked: the caller's, autodiff's, and those of torch and
JAX, as lists of floats in the order of the point.
"""

from __future__ import annotations

import contextlib
import inspect
import io
import math
import sys
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp import functions
from autograd_bp.checking.gradient.bounds import rounding_bounds
from autograd_bp.checking.gradient.foreign_arrays import (
    blocks,
    is_foreign,
    plain,
    refuse_complex,
    rounding_of,
)
from autograd_bp.checking.gradient.outputs import contracted
from autograd_bp.checking.gradient.point_function import (
    LAST_BITS,
    Line,
    PointFunction,
    close,
    same,
)
from autograd_bp.checking.numeric.kept import CALLS, Kept, kept
from autograd_bp.checking.points.kinks import reach
from autograd_bp.contexts import no_comparing_of_nodes, recording
from autograd_bp.derivatives.calls import Call, like
from autograd_bp.derivatives.trees import flatten, strip
from autograd_bp.errors import ConversionError, NotDifferentiableError, OperandError
from autograd_bp.graph import topological_order
from autograd_bp.value import Value

__all__ = ["Subject"]


class Subject(PointFunction):
    """A function at its point, with its gradients.

    Attributes:
        output, inputs: the recorded graph, after `autodiff`.
        is_recorded: whether the graph says anything of the function.
        kept: what the gradient function keeps between calls, after `repeated_gradient`.
    """

    output: Value | None = None
    inputs: tuple[Value, ...] = ()
    is_recorded = False
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
            self.rounding = max(self.rounding, rounding_of(block, "the gradient"))
        outputs = self.outputs
        if outputs.cotangent is not None and not takes_cotangent:
            return contracted(gradient, outputs.cotangent, outputs.size, self.tree)
        numbers = plain(strip(gradient))[0]
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

    def autodiff(self, *, is_needed: bool) -> tuple[list[float] | None, str]:
        """The gradient by a sweep through the recorded graph, and a remark on it; None where
        the function does not run on Values, with the reason where no other gradient is given."""
        if self.library or any(self._backs):
            return None, ""
        x = self.tree.build(self.point)
        args = tuple(x) if self.spread else (x,)
        wrt: Any = list(range(len(args))) if self.spread else 0
        try:
            # A loop that waits for equal numbers would not end; and compiled libraries print what
            # is raised inside of them.
            with (
                contextlib.redirect_stderr(io.StringIO()),
                no_comparing_of_nodes(),
            ):  # a loop that waits for equal numbers would not end
                call = Call(self.function, args, {}, wrt, record=False)
            cotangent = self.outputs.cotangent
            output = call.scalar() if cotangent is None else self._sum(call.outputs, cotangent)
            sweep = call.linear().reverse([1.0] if cotangent is None else cotangent)
            gradient = [float(strip(x)) for x in sweep]
        except NotDifferentiableError as refusal:
            return None, f"autodiff refuses: {refusal}"
        except Exception as error:  # whatever a function made for floats does with Values
            if not is_needed:
                compared = isinstance(error, OperandError) and "the same node" in str(error)
                why = f" ({str(error).partition(':')[0]})" if compared else ""
                return None, f"{self.name} does not run on Values{why}: differences stand alone"
            reason = f"{type(error).__name__}: {str(error).partition(':')[0][:90]}"
            if isinstance(error, ConversionError):
                reason = "it turns them into plain numbers"
            return None, f"autodiff has no gradient: {self.name} does not run on Values ({reason})"
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

    @staticmethod
    def _sum(outputs: Sequence[Value], cotangent: Sequence[float]) -> Value:
        with recording():
            total: Value = functions.dot(list(cotangent), list(outputs))
        return total

    def exact_floors(self, roundings: float) -> list[float]:
        """How far so many roundings may move each component of a gradient that is computed without
        differences; infinity where there is no graph to tell."""
        if not self.is_recorded or self.output is None:
            return [math.inf] * len(self.point)
        return rounding_bounds(self.output, self.inputs, roundings * self.rounding)

    def reach(self, i: int) -> float:
        """How far one of the numbers may move before a node of the graph jumps."""
        if self.output is None or not self.output.parents:
            return math.inf
        return reach(topological_order(self.output), self.inputs[i])

    def library_gradient(self) -> tuple[list[float] | None, str]:
        """The gradient that torch or JAX find for their own arrays, and how it was found."""
        argument = self.build(self.numbers)
        arguments = tuple(argument) if self.spread else (argument,)
        cotangent = self.outputs.cotangent
        if self.library == "jax":
            _, vjp = sys.modules["jax"].vjp(self.function, *arguments)
            one = sys.modules["jax"].numpy.ones_like
            seed = self.outputs.as_output() if cotangent else one(self.function(*arguments))
            slopes = vjp(seed)
            numbers = plain(slopes if self.spread else slopes[0])[0]
            # By the structure of the argument: JAX sorts the keys of dicts.
            flat = like([numbers], [self.tree], "gradient", "argument")
            return [float(x) for x in flat], "by jax.vjp"
        return self._torch_gradient(arguments)

    def _torch_gradient(self, arguments: tuple[Any, ...]) -> tuple[list[float] | None, str]:
        torch = sys.modules["torch"]
        tensors = [block for block in blocks(arguments) if is_foreign(block) == "torch"]
        others = [block for block in blocks(arguments) if is_foreign(block) != "torch"]
        if others:
            return None, (
                f"torch finds no gradient: the point holds {type(others[0]).__name__} "
                f"{others[0]!r:.40} beside tensors, and it differentiates by tensors alone: make "
                "it a tensor too"
            )
        for tensor in tensors:
            tensor.requires_grad_(True)
        result = self.function(*arguments)
        cotangent = self.outputs.cotangent
        seeds = list(blocks(self.outputs.as_output())) if cotangent else [None]
        pairs = [
            (output, seed)
            for output, seed in zip(blocks(result), seeds, strict=True)
            if is_foreign(output) == "torch" and output.requires_grad
        ]
        if not pairs:
            return [0.0] * len(self.point), "by torch.autograd (no graph was recorded)"
        outputs, starts = zip(*pairs, strict=True)
        slopes = torch.autograd.grad(outputs, tensors, starts, allow_unused=True)
        flat: list[float] = []
        for tensor, slope in zip(tensors, slopes, strict=True):
            full = torch.zeros_like(tensor) if slope is None else slope
            flat += full.detach().double().reshape(-1).tolist()
        return flat, "by torch.autograd"


def _near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1.0)


def _single(gradient: Any) -> Any:
    """The one number of [g], (g,) or an array of one, for an argument that is a number."""
    leaves, tree = flatten(gradient, "the gradient")
    return leaves[0] if tree.size == 1 else gradient
