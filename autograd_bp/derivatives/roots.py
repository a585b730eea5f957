"""implicit: derivatives of the solution of an equation, however it was computed.

Where F(y, θ) = 0 defines y(θ), dy/dθ = -(∂F/∂y)⁻¹ ∂F/∂θ (the implicit function theorem). The
steps of the solver are not differentiated, only F at the solution.

A root is computed for one call, and never used for another one: what the solver or the equation
reads besides its arguments may have changed in between.
"""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.contexts import is_recording, is_traced, on_plain_numbers
from autograd_bp.derivatives.calls import Call, Function, name_of
from autograd_bp.derivatives.custom import require_function
from autograd_bp.derivatives.graphs import data
from autograd_bp.derivatives.shaped import Recent, build_all, flatten_all, temporary_primitive
from autograd_bp.derivatives.trees import Tree, flatten
from autograd_bp.errors import NotDifferentiableError, OperandError, ShapeError
from autograd_bp.value import Value, as_nodes, restore
from autograd_bp.words import explains_keywords

MAX_NEWTON_STEP = 1e-4  # relative; what a Newton step moves by more is not a solution


@explains_keywords
def implicit(equation: Function, solve: Function) -> Callable[..., Any]:
    """The solution y of equation(y, θ) = 0 as a differentiable function of θ.

    Arguments:
        equation: F(y, *θ), as many numbers as y has, all 0 at the solution; written with
            operators and functions of autograd_bp.
        solve: called with θ as plain numbers, returns y: a number or a tree of numbers. It may
            use any method.

    Returns: a function of θ. With Values among its arguments it returns Values, whose
        derivatives of every order follow from the equation, and are as exact as y: what a step of
        Newton's would move by more than 1e-4 of its size is refused. Each call solves again, so
        plain numbers that `solve` and `equation` read from elsewhere may change between calls. A
        compiled function solves again for each row, but its derivatives keep the equation as it
        was when the function was recorded.

    Raises: ShapeError when the equation has not as many numbers as y; NotDifferentiableError
        when what `solve` returns does not solve the equation; OperandError for what is no
        function, and when the equation depends on Values that are not arguments, because their
        derivatives would be lost.

    Example:
        >>> import autograd_bp as bp
        >>> root = bp.implicit(lambda y, a: y * y - a, solve=lambda a: a ** 0.5)
        >>> bp.grad(root)(4.0), bp.grad(bp.grad(root))(4.0)
        (0.25, -0.03125)
    """
    require_function("implicit", "equation", equation)
    require_function("implicit", "solve", solve)
    name = name_of(solve)
    problems = Recent()

    @functools.wraps(solve)
    def solution(*arguments: Any) -> Any:
        flat, trees = flatten_all(arguments, name)
        point = tuple([data(number) for number in flat])
        y, shape = _solved(solve, point, trees, name)
        key = (*[tree.key for tree in trees], shape.key)
        problem = problems.get(key, lambda: Problem(equation, solve, trees, shape, name))
        records = any(isinstance(number, Value) for number in flat)
        if not is_recording.get():
            return shape.build([Value(number) for number in y] if records else y)
        root = Root(problem, point, y)
        if not records:
            root.call()  # for the Values that the equation may reach although none is an argument
            return shape.build(y)
        root.check()
        return shape.build(problem.nodes(root, flat))

    return solution


def _solved(
    solve: Function, point: Sequence[float], trees: Sequence[Tree], name: str
) -> tuple[list[float], Tree]:
    with on_plain_numbers():
        returned = solve(*build_all(point, trees))
    leaves, shape = flatten(returned, f"what {name} returned")
    return [data(leaf) for leaf in leaves], shape


class Root:
    """A solution at one point, and the derivatives of the equation there.

    Attributes:
        point: the arguments as numbers.
        y: the solution as numbers.
        nodes: the nodes that were recorded for it.
    """

    def __init__(self, problem: Problem, point: Sequence[float], y: list[float]) -> None:
        self._problem = problem
        self.point, self.y = tuple(point), y
        self.nodes: list[weakref.ref[Value]] = []
        self._system: tuple[list[list[float]], list[list[float]]] | None = None

    def call(self) -> Call:
        """The equation at the solution.

        Raises: OperandError where it depends on Values that are not arguments.
        """
        call = self._problem.call(self.y, self.point)
        if not call.closed:
            name = self._problem.name
            raise OperandError(
                f"the equation of {name} depends on Values that are not its arguments: pass them "
                f"as arguments of {name} and of the equation, or their derivatives would be lost"
            )
        return call

    def system(self) -> tuple[list[list[float]], list[list[float]]]:
        """∂F/∂y and ∂F/∂θ as floats."""
        if self._system is None:
            self._system = self._problem.parts(self.call())
        return self._system

    def check(self) -> None:
        """Raise NotDifferentiableError where y is no solution."""
        call = self.call()
        J, _ = self._system = self._problem.parts(call)
        F = list(map(data, call.outputs))
        for left, slopes_by_y in zip(F, J, strict=True):
            if left != 0.0 and math.isfinite(left) and not any(slopes_by_y):
                raise NotDifferentiableError(
                    f"what {self._problem.name} returned is no solution: a number of the equation "
                    f"is {left!r} there, and its derivatives by y are all 0; an equation is 0 at "
                    "the solution, and depends on y"
                )
        for value, move in zip(self.y, solve_linear(J, F), strict=True):
            if math.isfinite(move) and abs(move) > MAX_NEWTON_STEP * (1.0 + abs(value)):
                raise NotDifferentiableError(
                    f"what {self._problem.name} returned is no solution: y = {value!r} is about "
                    f"{abs(move):.2g} away from one; solve more exactly"
                )

    def slopes(self, i: int) -> list[Any]:
        return slopes(i, *self.system())


class Problem:
    """An equation and its solver, for arguments and a solution of certain shapes.

    Attributes:
        ops: a primitive for each number of the solution.
    """

    def __init__(
        self, equation: Function, solve: Function, trees: Sequence[Tree], shape: Tree, name: str
    ) -> None:
        self._equation, self._solve, self._trees, self._shape = equation, solve, trees, shape
        self.name = name
        self.ops = [temporary_primitive("implicit", *self.rules(i)) for i in range(shape.size)]
        # The root that a node belongs to: a rule then finds the other numbers of the solution.
        self._roots: weakref.WeakKeyDictionary[Value, Root] = weakref.WeakKeyDictionary()

    def call(self, y: Sequence[Any], inputs: Sequence[Any]) -> Call:
        """The equation on numbers or on Values."""
        arguments = [self._shape.build(y), *build_all(inputs, self._trees)]
        with_numbers = [k for k, tree in enumerate(self._trees, 1) if tree.size]
        call = Call(self._equation, arguments, {}, [0, *with_numbers])
        if len(call.outputs) != self._shape.size:
            raise ShapeError(
                f"the equation must have as many numbers as y: {self._shape.size} are needed, "
                f"got {len(call.outputs)}"
            )
        return call

    def parts(self, call: Call) -> tuple[list[list[Any]], list[list[Any]]]:
        """∂F/∂y and ∂F/∂θ."""
        m = self._shape.size
        J = [call.numbers(line) for line in call.linear().matrix()]
        return [line[:m] for line in J], [line[m:] for line in J]

    def nodes(self, root: Root, inputs: Sequence[Any]) -> list[Value]:
        """The solution as nodes that depend on these inputs; its numbers are not computed again."""
        parents = as_nodes(inputs)
        nodes = [
            restore(op.code, y, 0.0, parents, root.slopes(i))
            for i, (op, y) in enumerate(zip(self.ops, root.y, strict=True))
        ]
        root.nodes = [weakref.ref(node) for node in nodes]
        self._roots.update((node, root) for node in nodes)
        return nodes

    def rules(self, i: int) -> tuple[Callable[..., float], Callable[..., Sequence[Any]]]:
        """The forward function and the rule of the primitive for y_i."""

        def forward(*point: float) -> float:
            return self._root(point).y[i]

        def partials(*inputs: Any, y: Any) -> Sequence[Any]:
            if not any(isinstance(number, Value) for number in (*inputs, y)):
                return self._root(inputs).slopes(i)
            call = self.call(self._solution(i, inputs, y), inputs)
            return slopes(i, *self.parts(call))

        return forward, partials

    def _root(self, point: Sequence[float]) -> Root:
        y, shape = _solved(self._solve, point, self._trees, self.name)
        if shape != self._shape:
            raise ShapeError(f"{self.name} returned {self._shape} before and {shape} now")
        return Root(self, point, y)

    def _solution(self, i: int, inputs: Sequence[Any], y: Any) -> list[Any]:
        """The solution that y is the i-th number of, as nodes that depend on these inputs."""
        if self._shape.size == 1:
            return [y]
        point = tuple([data(number) for number in inputs])
        root = self._roots.get(y) if isinstance(y, Value) else None
        if root is None or root.point != point:
            root = self._root(point)
        known = [reference() for reference in root.nodes]
        nodes: list[Any] = [node for node in known if _has_parents(node, inputs)]
        if len(nodes) < self._shape.size:
            nodes = self.nodes(root, inputs)
            if isinstance(y, Value):
                self._roots[y] = root
                root.nodes[i] = weakref.ref(y)
        nodes[i] = y
        return nodes


def _has_parents(node: Value | None, inputs: Sequence[Any]) -> bool:
    """Whether a node depends on these inputs; a number stands for a parent that is constant."""
    return node is not None and all(
        parent is x or not isinstance(x, Value)
        for parent, x in zip(node.parents, inputs, strict=True)
    )


def slopes(i: int, J: list[list[Any]], by_input: list[list[Any]]) -> list[Any]:
    """∂y_i/∂θ = -λᵀ ∂F/∂θ, where λᵀ ∂F/∂y is the i-th unit vector."""
    unit = [float(k == i) for k in range(len(J))]
    weights = solve_linear(list(zip(*J, strict=True)), unit)
    return [_negated_dot(weights, column) for column in zip(*by_input, strict=True)]


def solve_linear(matrix: Sequence[Sequence[Any]], right: Sequence[Any]) -> list[Any]:
    """Solve matrix · x = right, by elimination with pivots; on floats and on Values."""
    n = len(right)
    lines = [[*line, b] for line, b in zip(matrix, right, strict=True)]
    for k in range(n):
        best = max(range(k, n), key=lambda i: abs(data(lines[i][k])))
        lines[k], lines[best] = lines[best], lines[k]
        for i in range(k + 1, n):
            entry = lines[i][k]
            # A Value that is 0 now may be another number when a compiled function runs.
            if data(entry) != 0.0 or (isinstance(entry, Value) and is_traced()):
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
