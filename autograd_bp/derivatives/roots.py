"""implicit: derivatives of the solution of an equation, however it was computed.

Where F(y, θ) = 0 defines y(θ), dy/dθ = -(∂F/∂y)⁻¹ ∂F/∂θ (the implicit function theorem). The
steps of the solver are not differentiated, only F at the solution.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.derivatives.calls import Call, Function, name_of
from autograd_bp.derivatives.graphs import data
from autograd_bp.derivatives.shaped import ShapedPrimitives, build_all, flatten_all
from autograd_bp.derivatives.trees import Tree, flatten
from autograd_bp.errors import NotDifferentiableError, OperandError, ShapeError
from autograd_bp.value import Value

MAX_NEWTON_STEP = 1e-4  # relative; what a Newton step moves by more is not a solution


def implicit(equation: Function, solve: Function) -> Callable[..., Any]:
    """The solution y of equation(y, θ) = 0 as a differentiable function of θ.

    Arguments:
        equation: F(y, *θ), as many numbers as y has, all 0 at the solution; written with
            operators and functions of autograd_bp.
        solve: called with θ as plain numbers, returns y: a number or a tree of numbers. It may
            use any method.

    Returns: a function of θ. With Values among its arguments it returns Values, whose
        derivatives of every order follow from the equation. Call `implicit` once, not in a loop:
        every call adds entries to the table of primitives.

    Raises: ShapeError when the equation has not as many numbers as y; NotDifferentiableError
        when what `solve` returns does not solve the equation; OperandError when the equation
        depends on Values that are not arguments.

    Example:
        >>> import autograd_bp as bp
        >>> root = bp.implicit(lambda y, a: y * y - a, solve=lambda a: a ** 0.5)
        >>> bp.grad(root)(4.0), bp.grad(bp.grad(root))(4.0)
        (0.25, -0.03125)
    """
    name = name_of(solve)
    primitives = ShapedPrimitives("implicit")
    problems: dict[object, Problem] = {}

    @functools.wraps(solve)
    def solution(*arguments: Any) -> Any:
        flat, trees = flatten_all(arguments, name)
        if not any(isinstance(number, Value) for number in flat):
            return solve(*arguments)
        key = tuple(tree.key for tree in trees)
        if key not in problems:
            problems[key] = Problem(equation, solve, trees, name)
        problem = problems[key]
        problem.check([data(number) for number in flat])
        if not problem.ops:
            problem.ops = [
                primitives.primitive((key, i), *problem.rules(i)) for i in range(problem.shape.size)
            ]
        return problem.shape.build([op(*flat) for op in problem.ops])

    return solution


class Problem:
    """An equation and its solver for arguments of certain shapes."""

    def __init__(
        self, equation: Function, solve: Function, trees: Sequence[Tree], name: str
    ) -> None:
        self._equation, self._solve, self._trees, self._name = equation, solve, trees, name
        self._point: tuple[float, ...] | None = None
        self._solution: list[float] = []
        self._system: tuple[list[list[float]], list[list[float]]] = [], []
        self._residual: list[float] = []
        self.ops: list[Any] = []
        self.shape: Tree

    def check(self, point: Sequence[float]) -> None:
        """Solve, and check that the result solves the equation.

        Raises: NotDifferentiableError where it does not.
        """
        y = self._solved(tuple(point))
        J, _ = self._system
        step = solve_linear(J, self._residual)
        for value, move in zip(y, step, strict=True):
            if math.isfinite(move) and abs(move) > MAX_NEWTON_STEP * (1.0 + abs(value)):
                raise NotDifferentiableError(
                    f"what {self._name} returned is no solution: y = {value!r} is about "
                    f"{abs(move):.2g} away from one; solve more exactly"
                )

    def _solved(self, point: tuple[float, ...]) -> list[float]:
        if point != self._point:
            solved = self._solve(*build_all(point, self._trees))
            leaves, shape = flatten(solved, f"what {self._name} returned")
            if self.ops and shape != self.shape:
                raise ShapeError(f"{self._name} returned {self.shape} before and {shape} now")
            self._solution, self.shape = [data(leaf) for leaf in leaves], shape
            self._system, self._residual = self._derivatives(self._solution, point, record=False)
            self._point = point
        return self._solution

    def rules(self, i: int) -> tuple[Callable[..., float], Callable[..., Sequence[Any]]]:
        """The forward function and the rule of the primitive for y_i."""

        def forward(*point: float) -> float:
            return self._solved(point)[i]

        def partials(*inputs: Any, y: Any) -> Sequence[Any]:
            m = self.shape.size
            if any(isinstance(number, Value) for number in (*inputs, y)):
                solution = [y if k == i else op(*inputs) for k, op in enumerate(self.ops)]
                (J, by_input), _ = self._derivatives(solution, inputs, record=None)
            else:
                self._solved(tuple(inputs))
                J, by_input = self._system
            # λᵀ J = e_i, and then ∂y_i/∂θ = -λᵀ ∂F/∂θ.
            weights = solve_linear(list(zip(*J, strict=True)), [float(k == i) for k in range(m)])
            return [_negated_dot(weights, column) for column in zip(*by_input, strict=True)]

        return forward, partials

    def _derivatives(
        self, y: Sequence[Any], inputs: Sequence[Any], *, record: bool | None
    ) -> tuple[tuple[list[list[Any]], list[list[Any]]], list[float]]:
        """∂F/∂y and ∂F/∂θ, and F itself."""
        m = self.shape.size
        arguments = [self.shape.build(y), *build_all(inputs, self._trees)]
        call = Call(self._equation, arguments, {}, range(len(arguments)))
        if record is False and call.records:
            raise OperandError(
                f"the equation of {self._name} depends on Values that are not its arguments: "
                "pass them as arguments, or their derivatives would be lost"
            )
        if len(call.outputs) != m:
            raise ShapeError(
                f"the equation must have as many numbers as y: {m} are needed, got "
                f"{len(call.outputs)}"
            )
        J = [call.numbers(line) for line in call.linear().matrix()]
        parts = [line[:m] for line in J], [line[m:] for line in J]
        return parts, [data(output) for output in call.outputs]


def solve_linear(matrix: Sequence[Sequence[Any]], right: Sequence[Any]) -> list[Any]:
    """Solve matrix · x = right, by elimination with pivots; on floats and on Values."""
    n = len(right)
    lines = [[*line, b] for line, b in zip(matrix, right, strict=True)]
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(data(lines[i][k])))
        lines[k], lines[best] = lines[best], lines[k]
        for i in range(k + 1, n):
            if data(lines[i][k]) != 0.0:
                factor = ops.div(lines[i][k], lines[k][k])
                lines[i] = [a - factor * b for a, b in zip(lines[i], lines[k], strict=True)]
    x: list[Any] = [0.0] * n
    for k in range(n - 1, -1, -1):
        rest = lines[k][n]
        for j in range(k + 1, n):
            rest = rest - lines[k][j] * x[j]
        x[k] = ops.div(rest, lines[k][k])
    return x


def _negated_dot(a: Sequence[Any], b: Sequence[Any]) -> Any:
    total: Any = 0.0
    for x, y in zip(a, b, strict=True):
        total = total - x * y
    return total
