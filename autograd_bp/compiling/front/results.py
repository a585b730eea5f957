"""What a compiled function computes for value, gradient and so on, and how that is handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp.compiling.front.arguments import Nodes
from autograd_bp.derivatives.jacobians import arrange
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import ShapeError
from autograd_bp.value import Value

Number = Any  # a float or a Value


@dataclass(frozen=True)
class Part:
    """Outputs that are handed out together: in the shape of a tree, summed over the rows or
    as arrays with the rows first."""

    tree: Tree
    summed: bool

    def made_of(self, numbers: Any) -> Any:
        """What the caller gets: of an array of floats, or of one (outputs, rows)."""
        return _tree_of(self.tree, numbers) if self.summed else _over_rows(self.tree, numbers)


@dataclass(frozen=True)
class Result:
    """Nodes to compute, and the making of what the caller gets from their numbers.

    Attributes:
        outputs: the nodes.
        parts: what they are handed out as: one part, or a pair.
        arrange: makes the result of a part's numbers where it has another shape than its tree.
    """

    outputs: list[Number]
    parts: tuple[Part, ...]
    arrange: Callable[[Any], Any] | None = None

    @property
    def summed(self) -> list[bool]:
        """For each output, whether it is summed over the rows."""
        if self.arrange is not None:
            return [self.parts[0].summed] * len(self.outputs)
        return [part.summed for part in self.parts for _ in range(part.tree.size)]

    def made_of(self, sums: Any, each: Any) -> Any:
        """What the caller gets, of the outputs that are summed and an array (outputs, rows)."""
        if self.arrange is not None:
            return self.arrange(sums if self.parts[0].summed else each)
        made, places = [], {True: 0, False: 0}
        for part in self.parts:
            start = places[part.summed]
            places[part.summed] += part.tree.size
            numbers = sums if part.summed else each
            made.append(part.made_of(numbers[start : start + part.tree.size]))
        return made[0] if len(made) == 1 else tuple(made)


def result(what: str, outputs: list[Number], tree: Tree, call: Nodes, sums: bool) -> Result:
    """The nodes that compute `what` (value, grad, value_and_grad, hvp or jacobian).

    Raises: ShapeError where one number is needed and the function returned more.
    """
    value = Part(tree, sums)
    if what == "value":
        return Result(outputs, (value,))
    if what == "jacobian":
        return _jacobian(outputs, tree, call, sums)
    if len(outputs) != 1 or tree.children or tree.shape:
        raise ShapeError(
            f"{what} needs a function that returns one number, got {tree}: "
            "return a sum, or use jacobian"
        )
    gradient = record_gradients([_node(outputs[0])], call.wrt)
    if what == "hvp":
        pairs = zip(gradient, call.tangent, strict=True)
        moving = [(g, t) for g, t in pairs if isinstance(g, Value)]
        found = record_gradients([g for g, _ in moving], call.wrt, [t for _, t in moving])
        return Result(found, (Part(call.tree, sums),))
    by_wrt = Part(call.tree, sums and not call.varies)
    if what == "grad":
        return Result(gradient, (by_wrt,))
    return Result([*outputs, *gradient], (value, by_wrt))


def _jacobian(outputs: list[Number], tree: Tree, call: Nodes, sums: bool) -> Result:
    matrix = [record_gradients([_node(output)], call.wrt) for output in outputs]
    width = len(call.wrt)
    sums = sums and not call.varies

    def one(numbers: Sequence[float]) -> Any:
        lines = [numbers[i : i + width] for i in range(0, len(numbers), width)]
        return arrange(list(zip(*lines, strict=True)), tree, call.tree)

    def shape(found: Any) -> Any:
        if sums:
            return one(found.tolist())
        import numpy as np

        rows = [one(numbers) for numbers in found.T.tolist()]
        return np.array(rows) if rows and isinstance(rows[0], (float, np.ndarray)) else rows

    return Result([each for line in matrix for each in line], (Part(tree, sums),), shape)


def _node(output: Number) -> Value:
    return output if isinstance(output, Value) else Value(output)


def _tree_of(tree: Tree, numbers: Any) -> Any:
    """A tree of that shape, of an array of floats."""
    if tree.is_array:
        return numbers.reshape(tree.shape).copy()
    if not any(block.is_array for block in tree.children):
        return tree.result(numbers.tolist())
    parts, start = [], 0
    for block in tree.blocks():
        parts.append(_tree_of(block, numbers[start : start + block.size]))
        start += block.size
    return tree.map_blocks(iter(parts))


def _over_rows(tree: Tree, numbers: Any) -> Any:
    """A tree of that shape, of arrays with rows first, of an array (outputs, rows)."""
    parts, start = [], 0
    for block in tree.blocks():
        part = numbers[start : start + block.size].T.copy()
        parts.append(part.reshape(len(part), *block.shape))
        start += block.size
    return tree.map_blocks(iter(parts))
