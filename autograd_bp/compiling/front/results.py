"""How the numbers that a program computes are handed out, for each kind of result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograd_bp.compiling.front.arguments import Nodes
from autograd_bp.derivatives.jacobians import arrange
from autograd_bp.derivatives.recorded import record_gradients
from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import SettingError, ShapeError
from autograd_bp.value import Value

Number = Any  # a float or a Value


@dataclass(frozen=True)
class Part:
    """Outputs that are handed out together: in the shape of a tree, summed over the rows or
    as arrays with the rows first."""

    tree: Tree
    summed: bool

    def of_numbers(self, numbers: Any) -> Any:
        """What the caller gets, from an array of floats, or from one (outputs, rows)."""
        return _tree_of(self.tree, numbers) if self.summed else _over_rows(self.tree, numbers)


@dataclass(frozen=True)
class Result:
    """How the caller's result is made from numbers.

    Attributes:
        count: how many numbers there are.
        parts: what they are handed out as: one part, or a pair.
        arrange: makes the result from the numbers where its shape is not that of the part's tree.
        nested: whether the parts are a value and those of a tuple of gradients.
    """

    count: int
    parts: tuple[Part, ...]
    arrange: Callable[[Any], Any] | None = None
    nested: bool = False

    @property
    def summed(self) -> list[bool]:
        """For each number, whether it is summed over the rows."""
        if self.arrange is not None:
            return [self.parts[0].summed] * self.count
        return [part.summed for part in self.parts for _ in range(part.tree.size)]

    @property
    def begins_with_the_value(self) -> bool:
        """Whether the first number that is summed is the value, a single number."""
        return bool(self.parts[0].summed and self.parts[0].tree.key == "number")

    def of_numbers(self, sums: Any, per_row: Any) -> Any:
        """What the caller gets, from the outputs that are summed and an array (outputs, rows)."""
        if self.arrange is not None:
            return self.arrange(sums if self.parts[0].summed else per_row)
        results, places = [], {True: 0, False: 0}
        for part in self.parts:
            start = places[part.summed]
            places[part.summed] += part.tree.size
            numbers = sums if part.summed else per_row
            results.append(part.of_numbers(numbers[start : start + part.tree.size]))
        if self.nested:
            return results[0], tuple(results[1:])
        return results[0] if len(results) == 1 else tuple(results)


def result(kind: str, count: int, tree: Tree, nodes: Nodes, sums: bool) -> Result:
    """How one kind of result is handed out.

    Arguments:
        kind: "value", "grad", "value_and_grad", "hvp" or "jacobian".
        count: how many numbers the function returned.
        tree: their shape.
        nodes: its arguments.
        sums: whether results are summed over the rows.

    Raises: ShapeError where one number is needed and the function returned more.
    """
    value = Part(tree, sums)
    if kind == "value":
        return Result(count, (value,))
    if kind == "jacobian":
        return _jacobian(count, tree, nodes, sums)
    if count != 1 or tree.children or tree.shape:
        raise ShapeError(
            f"{kind} needs a function that returns one number, got {tree}: "
            "return a sum, or use jacobian"
        )
    if kind == "hvp":
        return Result(len(nodes.wrt), (Part(nodes.tree, sums),))
    by_wrt = parts_by_wrt(nodes, sums)
    if kind == "grad":
        return Result(len(nodes.wrt), by_wrt)
    return Result(1 + len(nodes.wrt), (value, *by_wrt), nested=len(by_wrt) > 1)


def parts_by_wrt(nodes: Nodes, sums: bool) -> tuple[Part, ...]:
    """What a gradient is handed out as: one part, or one for each selected argument where some of
    them have rows and others have none."""
    if len({varies for _, varies in nodes.groups}) < 2:
        return (Part(nodes.tree, sums and not nodes.varies),)
    return tuple([Part(tree, sums and not varies) for tree, varies in nodes.groups])


def _jacobian(count: int, tree: Tree, nodes: Nodes, sums: bool) -> Result:
    width = len(nodes.wrt)
    sums_all, sums = sums, sums and not nodes.varies

    if len({varies for _, varies in nodes.groups}) > 1 and sums_all:
        raise SettingError(
            "a jacobian by arguments of which some have rows is one for each row by some and a sum "
            "by others: use reduce=None, or wrt= with arguments of one kind"
        )
    # A tuple of arguments, and not one argument that is a tuple.
    several = nodes.tree.children if nodes.tree is not nodes.groups[0][0] else ()

    def of_numbers(numbers: Any) -> Any:
        matrix = numbers.reshape(count, width, *numbers.shape[1:])
        form = _matrix if sums else _matrices
        if not several:
            return form(matrix, tree, nodes.tree)
        results, start = [], 0
        for argument in several:
            results.append(form(matrix[:, start : start + argument.size], tree, argument))
            start += argument.size
        return tuple(results)

    return Result(count * width, (Part(tree, sums),), of_numbers)


def _matrix(matrix: Any, output: Tree, argument: Tree) -> Any:
    """The derivatives of each output, in the shape of the output by that of the argument."""
    if output.is_array and argument.is_array:
        return matrix.reshape(*output.shape, *argument.shape).copy()
    if _dimensions(output) is None or _dimensions(argument) is None:
        return arrange(matrix.T.tolist(), output, argument)
    if output.is_array or argument.is_array:
        return arrange(matrix.T.tolist(), output, argument)
    return output.result([argument.result(line) for line in matrix.tolist()])


def _matrices(matrices: Any, output: Tree, argument: Tree) -> Any:
    """The same for each row: one array (rows, outputs, inputs) where both are numbers, arrays or
    lists of numbers; else a list."""
    dimensions = _dimensions(output), _dimensions(argument)
    rows = matrices.shape[2]
    if None in dimensions:
        return [_matrix(matrices[:, :, k], output, argument) for k in range(rows)]
    outputs, inputs = dimensions
    if output.is_array and not argument.is_array:  # a list of arrays, one for each input
        by_row = matrices.transpose(2, 1, 0).copy()
        return by_row.reshape(rows, *inputs, *outputs)  # type: ignore[misc]
    by_row = matrices.transpose(2, 0, 1).copy()
    return by_row.reshape(rows, *outputs, *inputs)  # type: ignore[misc]


def _dimensions(tree: Tree) -> tuple[int, ...] | None:
    """The dimensions of an array like a tree; None for a tree that is none."""
    if tree.is_array or tree.key == "number":
        return tree.shape
    kind = tree.key[0] if isinstance(tree.key, tuple) else None
    if kind in (list, tuple) and all(child.key == "number" for child in tree.children):
        return (len(tree.children),)
    return None


def recorded(kind: str, outputs: list[Number], nodes: Nodes) -> list[Number]:
    """The numbers of a result as nodes, with derivatives that are recorded node by node.

    Arguments:
        kind: "grad", "value_and_grad", "hvp" or "jacobian".
        outputs: what the function returned.
        nodes: its arguments.
    """
    if kind == "jacobian":
        matrix = [record_gradients([_node(output)], nodes.wrt) for output in outputs]
        return [entry for line in matrix for entry in line]
    gradient = record_gradients([_node(outputs[0])], nodes.wrt, again=kind == "hvp")
    if kind == "hvp":
        return _product(gradient, nodes)
    return gradient if kind == "grad" else [*outputs, *gradient]


def _product(gradient: list[Number], nodes: Nodes) -> list[Number]:
    """The Hessian times the tangent: the gradient of the gradient's product with the tangent."""
    pairs = zip(gradient, nodes.tangent, strict=True)
    varying = [(slope, factor) for slope, factor in pairs if isinstance(slope, Value)]
    slopes, factors = [slope for slope, _ in varying], [factor for _, factor in varying]
    return record_gradients(slopes, nodes.wrt, factors)


def _node(output: Number) -> Value:
    return output if isinstance(output, Value) else Value(output)


def _tree_of(tree: Tree, numbers: Any) -> Any:
    """A tree of that shape, from an array of floats."""
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
    """A tree of that shape with arrays, rows first, from an array (outputs, rows)."""
    parts, start = [], 0
    for block in tree.blocks():
        part = numbers[start : start + block.size].T.copy()
        parts.append(part.reshape(len(part), *block.shape))
        start += block.size
    return tree.map_blocks(iter(parts))
