"""What the engine computes of a program, in every mode."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import autograd_bp as bp
from autograd_bp import Value
from benchmarks.fuzz.programs import Program

Vector = list[float]


class Answer:
    """What one mode says: the derivatives that it computes, None for the others.

    Attributes:
        mode: its name.
        value: the output.
        slopes: the gradient.
        bends: the rows of the Hessian, those that were computed.
        directions: (k, slope) and so on for derivatives by one input.
    """

    def __init__(
        self,
        mode: str,
        value: float | None = None,
        slopes: Sequence[float] | None = None,
        bends: dict[int, Sequence[float]] | None = None,
    ) -> None:
        self.mode, self.value, self.slopes, self.bends = mode, value, slopes, bends or {}


def unit(k: int, width: int) -> Vector:
    return [float(i == k) for i in range(width)]


def eager(program: Program) -> Iterator[Answer]:
    """Recorded and swept: in reverse, forward, over each other, and as Taylor coefficients."""
    f, x = program.function(), list(program.start)
    width = len(x)
    leaves = [Value(number) for number in x]
    output = f(leaves)
    output.backward()
    yield Answer("reverse", output.data, [leaf.grad for leaf in leaves])
    k = program.number % width
    value, slope = bp.jvp(f, x, unit(k, width))
    yield Answer("forward", value, [slope if i == k else float("nan") for i in range(width)])
    yield Answer("recorded", None, None, dict(enumerate(bp.hessian(f)(x))))
    gradient, row = bp.jvp(bp.grad(f), x, unit(k, width))
    yield Answer("forward over reverse", None, gradient, {k: row})
    yield Answer("hvp", None, None, {k: bp.hvp(f, x, unit(k, width))})
    moved = [lambda t, i=i: x[i] + t if i == k else x[i] for i in range(width)]
    coefficients = bp.taylor(lambda t: f([g(t) for g in moved]), 0.0, 2)
    slopes, bends = [float("nan")] * width, [float("nan")] * width
    slopes[k], bends[k] = coefficients[1], 2.0 * coefficients[2]
    yield Answer("taylor", coefficients[0], slopes, {k: bends})


def compiled(program: Program, backend: str) -> Iterator[Answer]:
    """Compiled: the value with the gradient, and the Hessian times a vector."""
    x, k = list(program.start), program.number % len(program.start)
    f = bp.compiled(program.function(), backend=backend)
    value, slopes = f.value_and_grad(x)
    bends = {k: f.hvp(x, tangent=unit(k, len(x)))}
    yield Answer(f"compiled, {backend}", value, slopes, bends)


Mode = Callable[[Program], Iterator[Answer]]


def all_modes(program: Program, backends: Sequence[str]) -> Iterator[Answer]:
    """Every mode's answer."""
    yield from eager(program)
    for backend in backends:
        yield from compiled(program, backend)


__all__: list[str] = ["Answer", "all_modes", "compiled", "eager"]
_ = Any
