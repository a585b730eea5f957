"""What a compiled function computes for value, gradient and so on, and how that is handed out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from autograd_bp.compiling.adjoints import record_gradients
from autograd_bp.compiling.arguments import Nodes
from autograd_bp.derivatives.jacobians import arrange
from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import ShapeError
from autograd_bp.value import Value

Number = Any  # a float or a Value
Shape = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True)
class Result:
    """Nodes to compute, and the making of what the caller gets from their numbers.

    Attributes:
        outputs: the nodes.
        summed: whether each is summed over the rows.
        shape: makes the result of a float for each output that is summed, and an array over
            the rows for each that is not.
    """

    outputs: list[Number]
    summed: list[bool]
    shape: Shape


def result(what: str, outputs: list[Number], tree: Tree, call: Nodes, sums: bool) -> Result:
    """The nodes that compute `what` (value, grad, value_and_grad, hvp or jacobian).

    Raises: ShapeError where one number is needed and the function returned more.
    """
    if what == "value":
        return _alike(outputs, sums, lambda found: _filled(tree, found))
    if what == "jacobian":
        return _jacobian(outputs, tree, call, sums)
    if len(outputs) != 1 or tree.children or tree.shape:
        raise ShapeError(f"{what} needs a function that returns one number, got {tree}: "
                         "return a sum, or use jacobian")  # fmt: skip
    gradient = record_gradients([_node(outputs[0])], call.wrt)
    if what == "hvp":
        pairs = zip(gradient, call.tangent, strict=True)
        moving = [(g, t) for g, t in pairs if isinstance(g, Value)]
        found = record_gradients([g for g, _ in moving], call.wrt, [t for _, t in moving])
        return _alike(found, sums, lambda numbers: _filled(call.tree, numbers))
    by_wrt = _alike(gradient, sums and not call.varies, lambda found: _filled(call.tree, found))
    if what == "grad":
        return by_wrt
    value = _alike(outputs, sums, lambda found: _filled(tree, found))
    return Result(
        value.outputs + by_wrt.outputs,
        value.summed + by_wrt.summed,
        lambda found: (value.shape(found[:1]), by_wrt.shape(found[1:])),
    )


def _jacobian(outputs: list[Number], tree: Tree, call: Nodes, sums: bool) -> Result:
    matrix = [record_gradients([_node(output)], call.wrt) for output in outputs]
    width = len(call.wrt)
    sums = sums and not call.varies

    def one(numbers: Sequence[float]) -> Any:
        lines = [numbers[i : i + width] for i in range(0, len(numbers), width)]
        return arrange(list(zip(*lines, strict=True)), tree, call.tree)

    def shape(found: Sequence[Any]) -> Any:
        if sums:
            return one(found)
        import numpy as np

        rows = [one(numbers) for numbers in np.stack(found, axis=1).tolist()]
        return np.array(rows) if rows and isinstance(rows[0], (float, np.ndarray)) else rows

    return _alike([each for line in matrix for each in line], sums, shape)


def _alike(outputs: list[Number], summed: bool, shape: Shape) -> Result:
    return Result(outputs, [summed] * len(outputs), shape)


def _node(output: Number) -> Value:
    return output if isinstance(output, Value) else Value(output)


def _filled(tree: Tree, found: Sequence[Any]) -> Any:
    """A tree of that shape: of floats or, from arrays over rows, of arrays with rows first."""
    if not found or isinstance(found[0], float):
        return tree.result(found)
    import numpy as np

    parts, start = [], 0
    for block in tree.blocks():
        part = np.stack(found[start : start + block.size], axis=1)
        parts.append(part.reshape(len(part), *block.shape))
        start += block.size
    return tree.map_blocks(iter(parts))
