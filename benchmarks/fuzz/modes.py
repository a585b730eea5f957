"""What the engine computes of a program, in every mode."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import autograd_bp as bp
from autograd_bp import Value
from benchmarks.fuzz.programs import Program

Vector = list[float]


class Answer:
    """What one mode says.

    Attributes:
        mode: its name.
        value: the output, or None.
        slopes: the derivatives that it computes, by the place of the input.
        bends: the second derivatives that it computes, by the places of both.
    """

    def __init__(
        self,
        mode: str,
        value: float | None = None,
        slopes: Mapping[int, float] | None = None,
        bends: Mapping[tuple[int, int], float] | None = None,
    ) -> None:
        self.mode, self.value, self.slopes, self.bends = mode, value, slopes or {}, bends or {}


def unit(k: int, width: int) -> Vector:
    return [float(i == k) for i in range(width)]


def _row(k: int, numbers: Sequence[float]) -> dict[tuple[int, int], float]:
    return {(k, j): number for j, number in enumerate(numbers)}


def eager(program: Program) -> Iterator[Answer]:
    """Recorded and swept: in reverse, forward, over each other, and as Taylor coefficients."""
    f, x = program.function(), list(program.start)
    width = len(x)
    leaves = [Value(number) for number in x]
    output = f(leaves)
    output.backward()
    yield Answer("reverse", output.data, {i: leaf.grad for i, leaf in enumerate(leaves)})
    H = bp.hessian(f)(x)
    yield Answer(
        "recorded", None, None, {(i, j): H[i][j] for i in range(width) for j in range(i + 1)}
    )
    k = program.number % width
    direction = unit(k, width)
    value, slope = bp.jvp(f, x, direction)
    yield Answer("forward", value, {k: slope})
    gradient, row = bp.jvp(bp.grad(f), x, direction)
    yield Answer("forward over reverse", None, dict(enumerate(gradient)), _row(k, row))
    yield Answer("hvp", None, None, _row(k, bp.hvp(f, x, direction)))

    def along(t: Value) -> Value:
        moved: Value = f([*x[:k], x[k] + t, *x[k + 1 :]])
        return moved

    c = bp.taylor(along, 0.0, 2)
    yield Answer("taylor", c[0], {k: c[1]}, {(k, k): 2.0 * c[2]})


def compiled(program: Program, backend: str) -> Iterator[Answer]:
    """Compiled: the value with the gradient, and the Hessian times a vector."""
    x, k = list(program.start), program.number % len(program.start)
    f = bp.compiled(program.function(), backend=backend)
    value, slopes = f.value_and_grad(x)
    row = f.hvp(x, tangent=unit(k, len(x)))
    yield Answer(f"compiled, {backend}", value, dict(enumerate(slopes)), _row(k, row))


def all_modes(program: Program, backends: Sequence[str]) -> Iterator[Answer]:
    """Every mode's answer."""
    yield from eager(program)
    for backend in backends:
        yield from compiled(program, backend)
