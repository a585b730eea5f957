"""explain: a gradient as the sum over its paths of the products of local derivatives."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from autograd_bp.derivatives.graphs import Region, refuse
from autograd_bp.derivatives.names import formula_name, node_names
from autograd_bp.derivatives.sweeps import Floats
from autograd_bp.errors import OperandError, SettingError
from autograd_bp.notation import lines, maths
from autograd_bp.notation.maths import Maths
from autograd_bp.notation.numbers import latex_number, number
from autograd_bp.value import Value

# How a path goes on from a node: the logarithm of the size of its product, the parent, the
# parent's position, and which of the parent's routes follows.
Route = tuple[float, int, int, int]
MAX_WRITTEN_NODES = 12  # of one path


class Path(NamedTuple):
    """One path from the output to the input.

    Attributes:
        product: of the local derivatives along the path.
        nodes: from the output to the input.
        partials: the local derivatives: one for each step.
        positions: which parent each step goes to.
    """

    product: float
    nodes: tuple[Value, ...]
    partials: tuple[float, ...]
    positions: tuple[int, ...]


class Explanation:
    """A gradient and the paths that it is the sum of, the largest first.

    Attributes:
        gradient: ∂output/∂input.
        paths: the largest ones, in order of the size of their products.
        count: how many paths there are in all (with a product that is not 0); a float, and
            perhaps infinite, where there are very many.
        remainder: what the paths that are not shown add up to: the gradient without the
            products shown, and 0 where all are shown.

    Print it for a table; `latex()` gives an equation.
    """

    def __init__(
        self, output: Value, input: Value, gradient: float, paths: Sequence[Path], count: float
    ) -> None:
        self.output, self.input = output, input
        self.gradient, self.paths, self.count = gradient, tuple(paths), count
        shown = [path.product for path in paths]
        self.remainder = _without(gradient, shown) if len(paths) < count else 0.0
        nodes = {id(node): node for path in self.paths for node in reversed(path.nodes)}
        self._names = node_names([*nodes.values()] or [input, output])

    def __str__(self) -> str:
        quotient = f"∂{self._name(self.output)}/∂{self._name(self.input)}"
        head = f"{quotient} = {number(self.gradient)}"
        if not self.paths:
            return f"{head}: no path leads from {self._name(self.output)} to the input"
        plural = "s" if self.count != 1 else ""
        shown = [f"{head}, the sum over {_counted(self.count)} path{plural}:"]
        products = [number(path.product, 6) for path in self.paths]
        rest = number(self.remainder, 6)
        hidden = len(self.paths) < self.count
        width = max(len(text) for text in [*products, rest if hidden else ""])
        for text, path in zip(products, self.paths, strict=True):
            factors = " · ".join(_figures(path, number))
            names = " ← ".join(self._name(node) for node in _shortened(path.nodes))
            shown.append(f"  {text:>{width}}  = {factors or '1'}   along {names}")
        if hidden:
            more = self.count - len(self.paths)
            plural = "s" if more != 1 else ""
            shown.append(f"  {rest:>{width}}  = the other {_counted(more)} path{plural}")
        return "\n".join(shown)

    def latex(self) -> str:
        """The gradient, the sum of products of ∂y/∂x, and their numbers, as one equation."""
        quotient = self._quotient((self.output, self.input))
        gradient = latex_number(self.gradient, 6)
        if not self.paths:
            return f"{quotient} = {gradient}"
        hidden = len(self.paths) < self.count
        letters, figures = [], []
        for path in self.paths:
            steps = list(zip(path.nodes, path.nodes[1:], strict=False))
            letters.append(" ".join(map(self._quotient, _shortened(steps))) or "1")
            factors = [f.replace("…", r"\cdots") for f in _figures(path, latex_number)]
            figures.append(r" \cdot ".join(f"({f})" if f[0] == "-" else f for f in factors) or "1")
        if hidden:
            letters.append(r"\cdots")
            figures.append(f"({latex_number(self.remainder, 6)})")
        return "\n".join(
            [
                r"\begin{aligned}",
                rf"{quotient} &= {' + '.join(letters)} \\",
                rf"&= {' + '.join(figures)} \\",
                f"&= {gradient}",
                r"\end{aligned}",
            ]
        )

    def mathml(self) -> str:
        """The same as `latex()`, as a `math` element."""
        quotient = self._derivative((self.output, self.input))
        gradient = maths.number(self.gradient, 6)
        if not self.paths:
            return lines.mathml_block([[quotient, gradient]])
        letters, figures = [], []
        for path in self.paths:
            steps = list(zip(path.nodes, path.nodes[1:], strict=False))
            letters.append([self._derivative(step) for step in _shortened(steps)])
            figures.append(
                [
                    maths.number(x, 6) if x is not ... else maths.dots
                    for x in _shortened(path.partials)
                ]
            )
        sums = [
            maths.signed_sum([(1.0, maths.times(f or [maths.number(1.0)])) for f in products])
            for products in (letters, figures)
        ]
        if len(self.paths) < self.count:
            rest = maths.number(self.remainder, 6)
            sums = [sums[0] + maths.dots, maths.signed_sum([(1.0, sums[1]), (1.0, rest)])]
        return lines.mathml_block([[quotient, *sums, gradient]])

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.latex()}$"

    def _repr_html_(self) -> str:
        return self.mathml()

    def _quotient(self, step: Any) -> str:
        return self._derivative(step).latex

    def _derivative(self, step: Any) -> Maths:
        if step is ...:
            return maths.dots
        above, below = (formula_name(self._name(node)) for node in step)
        return maths.derivative(above, below)

    def _name(self, node: Any) -> str:
        return "…" if node is ... else self._names.get(node, node.label or "x")

    def __repr__(self) -> str:
        return f"<explanation: {str(self).splitlines()[0]}>"


def explain(output: Value, input: Value, *, most: int = 10) -> Explanation:
    """Where a gradient comes from: its paths, and the product of local derivatives on each.

    Arguments:
        output: a recorded node.
        input: a node that it depends on.
        most: how many paths to show; the largest come first. The others are not walked, so
            graphs with any number of paths can be explained.

    Returns: an Explanation, to be printed.

    Raises: OperandError for what is not a Value; SettingError for `most` below 1;
        NotDifferentiableError when a path passes an operation without a derivative.

    Example:
        >>> import autograd_bp as bp
        >>> x = bp.Value(3.0, "x")
        >>> y = x * x + 2 * x
        >>> y.label = "y"
        >>> print(bp.explain(y, x))
        ∂y/∂x = 8, the sum over 3 paths:
          3  = 1 · 3   along y ← v1 ← x
          3  = 1 · 3   along y ← v1 ← x
          2  = 1 · 2   along y ← v2 ← x
    """
    for what, node in (("output", output), ("input", input)):
        if not isinstance(node, Value):
            raise OperandError(
                f"explain needs Values, got {type(node).__name__} {node!r:.60} as {what}: call "
                "the function on Values first"
            )
    if isinstance(most, bool) or not isinstance(most, int) or most < 1:
        raise SettingError(f"most is the number of paths to show, 1 or more, got {most!r:.60}")
    region = Region([output], [input], stop=True)
    gradient = Floats(region).reverse([1.0])[0]
    if region.outputs[0] is None:
        return Explanation(output, input, gradient, [], 0)
    paths, count = _largest(region, most)
    return Explanation(output, input, gradient, paths, count)


def _largest(region: Region, most: int) -> tuple[list[Path], float]:
    """The paths with the largest products, largest first, and how many paths there are.

    Each node keeps its best routes to the input; they continue the best routes of its parents.
    """
    start, output = region.inputs[0], region.outputs[0]
    assert start is not None
    assert output is not None
    best: list[list[Route]] = [[] for _ in region.nodes]
    counts: list[float] = [0] * len(region.nodes)
    best[start], counts[start] = [(0.0, -1, -1, -1)], 1
    for k, edges in enumerate(region.edges):
        node = region.nodes[k]
        if not edges or node.op is None:
            continue
        if node.op.partials is None:
            raise refuse(node.op)
        partials = node.partials
        routes: list[Route] = []
        for parent, i in edges:
            size = _log_size(partials[i])
            if size > -math.inf and best[parent]:
                counts[k] = _added(counts[k], counts[parent])
                routes += [(size + route[0], parent, i, n) for n, route in enumerate(best[parent])]
        if len(routes) > 1:
            routes.sort(key=operator.itemgetter(0), reverse=True)
        best[k] = routes[:most]
    paths = [_path(region, best, output, route) for route in best[output]]
    paths.sort(key=lambda path: -abs(path.product) if path.product == path.product else -math.inf)
    return paths, counts[output]


def _path(region: Region, best: list[list[Route]], k: int, route: Route) -> Path:
    nodes, positions, partials = [region.nodes[k]], [], []
    while route[1] >= 0:
        _, parent, i, n = route
        partials.append(nodes[-1].partials[i])
        positions.append(i)
        nodes.append(region.nodes[parent])
        route = best[parent][n]
    return Path(math.prod(partials), tuple(nodes), tuple(partials), tuple(positions))


def _log_size(partial: float) -> float:
    if partial == 0.0:
        return -math.inf
    # A partial that is not finite explains the most, so it comes first.
    return math.log(abs(partial)) if math.isfinite(partial) else 1e6


def _added(a: float, b: float) -> float:
    total = a + b
    return total if total < 2**63 else float(total)  # not an integer of a million digits


def _without(gradient: float, products: Sequence[float]) -> float:
    try:
        return math.fsum([gradient, *(-product for product in products)])
    except (OverflowError, ValueError):
        return math.nan


def _shortened(items: Sequence[Any]) -> list[Any]:
    if len(items) <= MAX_WRITTEN_NODES:
        return list(items)
    return [*items[: MAX_WRITTEN_NODES - 2], ..., items[-1]]


def _figures(path: Path, write: Callable[[float, int], str]) -> list[str]:
    return ["…" if p is ... else write(p, 6) for p in _shortened(path.partials)]


def _counted(count: float) -> str:
    return f"{count:,}" if isinstance(count, int) else f"about {count:.2g}"
