"""The gradients that libraries find of a function that is checked: our own, torch and JAX."""

from __future__ import annotations

import contextlib
import io
import math
import sys
from collections.abc import Sequence
from typing import Any

from autograd_bp import functions
from autograd_bp.checking.gradient.bounds import rounding_bounds
from autograd_bp.checking.gradient.foreign_arrays import blocks, is_foreign, plain
from autograd_bp.checking.gradient.point_function import PointFunction, same
from autograd_bp.checking.points.kinks import reach
from autograd_bp.contexts import no_comparing_of_nodes, recording
from autograd_bp.derivatives.calls import Call, like
from autograd_bp.derivatives.trees import strip
from autograd_bp.errors import ConversionError, NodeComparisonError, NotDifferentiableError
from autograd_bp.graph import topological_order
from autograd_bp.value import Value

__all__ = ["DifferentiatedFunction"]


class DifferentiatedFunction(PointFunction):
    """A function at its point, and what libraries that differentiate say of it.

    Attributes:
        output, inputs: the recorded graph, after `autodiff`.
        is_recorded: whether the graph says anything of the function.
    """

    output: Value | None = None
    inputs: tuple[Value, ...] = ()
    is_recorded = False

    def autodiff(self, *, is_needed: bool) -> tuple[list[float] | None, str]:
        """The gradient by a sweep through the recorded graph, and a remark on it; None where
        the function does not run on Values, with the reason where no other gradient is given."""
        if self.library or any(self._backs):
            return None, ""
        try:
            # Compiled libraries print what is raised inside of them, and a loop that waits for
            # equal numbers would not end.
            with contextlib.redirect_stderr(io.StringIO()), no_comparing_of_nodes():
                call, output, gradient = self._swept()
        except NotDifferentiableError as refusal:
            return None, f"autodiff refuses: {refusal}"
        except Exception as error:  # whatever a function made for floats does with Values
            return None, self._why_not(error, is_needed=is_needed)
        self.output, self.inputs = output, tuple(call.inputs)
        return gradient, self._difference_from_floats(output)

    def _swept(self) -> tuple[Call, Value, list[float]]:
        """Record the function on Values, and sweep through its graph."""
        x = self.tree.build(self.point)
        args = tuple(x) if self.spread else (x,)
        wrt: Any = list(range(len(args))) if self.spread else 0
        call = Call(self.function, args, {}, wrt, record=False)
        cotangent = self.outputs.cotangent
        output = call.scalar() if cotangent is None else self._sum(call.outputs, cotangent)
        sweep = call.linear().reverse([1.0] if cotangent is None else cotangent)
        return call, output, [float(strip(x)) for x in sweep]

    def _why_not(self, error: Exception, *, is_needed: bool) -> str:
        """Why the function does not run on Values, in words."""
        message = f"{str(error).partition(':')[0][:90]}"
        if not is_needed:
            why = f" ({message})" if isinstance(error, NodeComparisonError) else ""
            return f"{self.name} does not run on Values{why}: differences stand alone"
        reason = f"{type(error).__name__}: {message}"
        if isinstance(error, ConversionError):
            reason = "it turns them into plain numbers"
        return f"autodiff has no gradient: {self.name} does not run on Values ({reason})"

    def _difference_from_floats(self, output: Value) -> str:
        """What the graph does not say of the function on floats, in words."""
        if not (same(output.data, self.value) or _near(output.data, self.value)):
            return (
                f"on Values {self.name} is {output.data!r}, on floats {self.value!r}: it is not "
                "the same function there"
            )
        self.is_recorded = bool(output.parents) or output in self.inputs
        if not self.is_recorded:
            return (
                f"on Values {self.name} returned a plain number, so autodiff finds 0: it does not "
                "use its argument, or cuts the graph with .data or float()"
            )
        return ""

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
