"""A compiled function as an operation of torch: the program computes it, and its derivatives.

torch.autograd sees one operation from two tensors, the parameters and the inputs of all rows, to
the numbers that come out. Its gradient is the vjp of the program. That has a gradient too: for a
cotangent c and a direction u it is the Hessian of c·f times u, and the derivative of f in the
direction u.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp import functions
from autograd_bp.compiling.front.foreign import (
    ForeignCall,
    foreign_call,
    handed_out,
    require_real,
)
from autograd_bp.derivatives.trees import flatten
from autograd_bp.errors import MissingExtraError, NotDifferentiableError

Compiled = Any  # compiled.py imports this file
Tensor = Any
COTANGENT = "cotangent_of_the_value"  # the name of a parameter that no function has


def to_torch(compiled: Compiled) -> Callable[..., Any]:
    """See `Compiled.to_torch`."""
    torch = _torch()
    library, operation = _Library(torch), _operations(torch)
    products = _Products(compiled)

    def function(*args: Any, **kwargs: Any) -> Any:
        call = foreign_call(library, compiled._arguments, args, kwargs)
        kinds = [t.dtype for t in library.seen if t.dtype.is_floating_point]
        devices = [t.device for t in library.seen]
        library.seen.clear()
        program = _Program(compiled, call, products)
        numbers = operation.apply(program, call.parameters, call.inputs)
        kind = functools.reduce(torch.promote_types, kinds) if kinds else torch.float64
        if devices:
            numbers = numbers.to(devices[0])
        return handed_out(program.part, numbers.to(kind), lambda array: array.transpose(0, 1))

    return _named(function, compiled)


class _Library:
    """torch as foreign.py uses it; `seen` are the tensors among the arguments of a call."""

    def __init__(self, torch: Any) -> None:
        self._torch = torch
        self.seen: list[Tensor] = []

    def array(self, numbers: Any) -> Tensor:
        require_real(numbers)
        if isinstance(numbers, self._torch.Tensor):
            self.seen.append(numbers)
            return numbers.to(device="cpu", dtype=self._torch.float64)
        return self._torch.as_tensor(np.asarray(numbers, dtype=float))

    def concatenate(self, arrays: Sequence[Tensor], axis: int) -> Tensor:
        return self._torch.cat([*arrays], dim=axis)


class _Products:
    """The product of what a function returns with a cotangent, as compiled functions: their
    gradients are vjps of the function, and their products with Hessians are what these have for
    gradients.

    Arguments:
        compiled: the function.
    """

    def __init__(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self._known: dict[tuple[str, ...], Compiled] = {}

    def of(self, wrt: tuple[str, ...]) -> Compiled:
        """The product with derivatives by these arguments."""
        if wrt not in self._known:
            compiled, arguments = self._compiled, self._compiled._arguments
            rows = [*arguments.rows]
            if rows and compiled._reduce is None:
                rows.append(COTANGENT)
            options = {**compiled._options, "rows": rows, "wrt": wrt, "reduce": "sum"}
            function = _Weighted(compiled._function)
            self._known[wrt] = type(compiled)(function, **{**options, "sparse": False})
        return self._known[wrt]


class _Weighted:
    """The product of what a function returns with its last argument."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self.__name__ = getattr(function, "__name__", type(function).__name__)
        signature = inspect.signature(function)
        last = inspect.Parameter(COTANGENT, inspect.Parameter.KEYWORD_ONLY)
        self.__signature__ = signature.replace(parameters=[*signature.parameters.values(), last])

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        cotangent = kwargs.pop(COTANGENT)
        outputs, _ = flatten(self._function(*args, **kwargs), f"the output of {self.__name__}")
        return functions.dot(outputs, [*cotangent])

    @property
    def __reachable__(self) -> list[Any]:
        return [self._function]


class _Program:
    """The programs of one call: the value, its vjp, and the gradient of that.

    Arguments:
        compiled: the function.
        call: the arguments of the call.
        products: see there.

    Attributes:
        part: what the value is handed out as.
    """

    def __init__(self, compiled: Compiled, call: ForeignCall, products: _Products) -> None:
        self._call, self._products = call, products
        self._compiled = compiled
        ready = compiled._program_for("value", call.packed)
        (self.part,) = ready.result.parts
        static = compiled._arguments.static
        self._names = tuple([name for name in call.passed if name not in static])

    def value(self, parameters: Any, inputs: Any) -> Any:
        """The numbers that come out: (outputs,), or (outputs, rows)."""
        packed = replace(self._call.packed, parameters=parameters, inputs=inputs)
        sums, per_row = _numbers_of(self._compiled, "value", packed)
        return sums if self.part.summed else per_row

    def vjp(
        self, needs: tuple[bool, bool], parameters: Any, inputs: Any, cotangent: Any
    ) -> tuple[Any, Any]:
        """The gradients of c·f by the parameters and by the inputs; 0 for those not needed."""
        rows = self._call.packed.arguments
        varies = {name: has_rows for name, _, has_rows in rows}
        wrt = tuple([name for name in self._names if needs[varies[name]]])
        results = np.zeros_like(parameters), np.zeros_like(inputs)
        if wrt:
            found = self._run("grad", wrt, self._with(parameters, inputs, cotangent))
            results = tuple(
                [
                    new if need else zero
                    for new, need, zero in zip(found, needs, results, strict=True)
                ]
            )
        return results

    def of_vjp(
        self, parameters: Any, inputs: Any, cotangent: Any, along: tuple[Any, Any]
    ) -> tuple[Any, Any, Any]:
        """The gradients of u·vjp, u a direction of the parameters and of the inputs."""
        count, width = len(parameters), len(inputs)
        at = self._with(parameters, inputs, cotangent)
        moved = self._with(*along, np.zeros_like(cotangent))
        numbers = [np.concatenate(pair) for pair in zip(at, moved, strict=True)]
        sums, per_row = self._run("hvp", (*self._names, COTANGENT), numbers)
        of_cotangent = sums[count:] if self.part.summed else per_row[width:]
        return sums[:count], per_row[:width], of_cotangent

    def _with(self, parameters: Any, inputs: Any, cotangent: Any) -> tuple[Any, Any]:
        """The numbers with the cotangent as the last argument."""
        if self.part.summed:
            return np.concatenate([parameters, cotangent]), inputs
        return parameters, np.concatenate([inputs, cotangent])

    def _run(self, kind: str, wrt: tuple[str, ...], numbers: Sequence[Any]) -> tuple[Any, Any]:
        compiled = self._products.of(wrt)
        size = self.part.tree.size
        rows = self._call.packed.inputs.shape[1]
        cotangent = np.ones(size if self.part.summed else (rows, size))
        passed = {**self._call.passed, COTANGENT: cotangent}
        directions = {"tangent": tuple([passed[name] for name in wrt])} if kind == "hvp" else {}
        packed = compiled._arguments.pack((), passed, directions)
        packed = replace(packed, parameters=numbers[0], inputs=np.ascontiguousarray(numbers[1]))
        return _numbers_of(compiled, kind, packed)


def _numbers_of(compiled: Compiled, kind: str, packed: Any) -> tuple[Any, Any]:
    """The numbers of a result, by a program whose loops have rounds enough."""
    found: tuple[Any, Any]
    found, _ = compiled._with_rounds(
        kind, packed, lambda ready: ready.numbers(packed, compiled._threads)
    )
    return found


def _operations(torch: Any) -> Any:
    """The operation of torch, and the operation that is its gradient."""

    class OfVjp(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(ctx: Any, program: _Program, *tensors: Tensor) -> tuple[Tensor, ...]:
            parameters, inputs, cotangent, *along = map(_numbers, tensors)
            results = program.of_vjp(parameters, inputs, cotangent, (along[0], along[1]))
            return tuple(map(torch.from_numpy, results))

        @staticmethod
        def backward(ctx: Any, *_: Tensor) -> Any:
            raise NotDifferentiableError(
                "the operation of a compiled function has a gradient in torch, and that has one "
                "too: a third derivative was asked for; take it from the compiled function, as "
                "bp.grad of its hessian or in JAX by to_jax"
            )

    class Vjp(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(
            ctx: Any, program: _Program, needs: tuple[bool, bool], *tensors: Tensor
        ) -> tuple[Tensor, Tensor]:
            ctx.program = program
            ctx.save_for_backward(*tensors)
            results = program.vjp(needs, *map(_numbers, tensors))
            return torch.from_numpy(results[0]), torch.from_numpy(results[1])

        @staticmethod
        def backward(ctx: Any, *directions: Tensor) -> tuple[Any, ...]:
            return None, None, *OfVjp.apply(ctx.program, *ctx.saved_tensors, *directions)

    class Value(torch.autograd.Function):  # type: ignore[misc]
        @staticmethod
        def forward(ctx: Any, program: _Program, parameters: Tensor, inputs: Tensor) -> Tensor:
            ctx.program = program
            ctx.save_for_backward(parameters, inputs)
            return torch.from_numpy(program.value(_numbers(parameters), _numbers(inputs)))

        @staticmethod
        def backward(ctx: Any, cotangent: Tensor) -> tuple[Any, ...]:
            needs = tuple(ctx.needs_input_grad[1:])
            gradients = Vjp.apply(ctx.program, needs, *ctx.saved_tensors, cotangent)
            needed = [g if need else None for g, need in zip(gradients, needs, strict=True)]
            return None, *needed

    return Value


def layer(function: Callable[..., Any], weights: Any) -> Any:
    """A module of torch that calls a function with its weights and what it is called with."""
    torch = _torch()

    class CompiledLayer(torch.nn.Module):  # type: ignore[misc,name-defined]
        def __init__(self) -> None:
            super().__init__()
            self.weights = torch.nn.Parameter(torch.as_tensor(weights, dtype=torch.float64))

        def forward(self, X: Tensor) -> Tensor:
            return function(self.weights, X)

    return CompiledLayer()


def _numbers(tensor: Tensor) -> Any:
    return np.ascontiguousarray(tensor.detach().numpy())


def _torch() -> Any:
    try:
        import torch
    except ImportError:
        raise MissingExtraError(
            'to_torch needs PyTorch, which is not installed: pip install "autograd_bp[torch]"'
        ) from None
    return torch


def _named(function: Callable[..., Any], compiled: Compiled) -> Callable[..., Any]:
    names = ("__module__", "__name__", "__qualname__", "__doc__")
    return functools.wraps(compiled, assigned=names, updated=())(function)
