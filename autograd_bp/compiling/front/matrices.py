"""How Jacobians and Hessians are handed out: in the shape of the output by that of the argument."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_bp.compiling.front.parts import Part
from autograd_bp.compiling.front.rows import tree_of_array
from autograd_bp.derivatives.jacobians import arrange
from autograd_bp.derivatives.trees import Tree


def matrix_part(output: Tree, argument: Tree, summed: bool, title: str) -> Part:
    """The derivatives of each output, output after output.

    Summed, it is the output with the argument's shape at each number. For each row it is one array
    (rows, outputs, inputs) where both are numbers, arrays or lists of numbers; else a list.
    """
    if summed:
        tree = composed(output, argument)
        if tree is not None:
            return Part(tree, True, title)
        return Part(_flat(output, argument), True, title, _by_hand(output, argument))
    dimensions = _dimensions(output), _dimensions(argument)
    if dimensions[0] is None or dimensions[1] is None:
        return Part(_flat(output, argument), False, title, _one_by_one(output, argument))
    if output.is_array and not argument.is_array:  # a list of arrays, one for each input
        return Part(_flat(output, argument), False, title, _inputs_first(output, argument))
    return Part(tree_of_array((*dimensions[0], *dimensions[1])), False, title)


def composed(output: Tree, argument: Tree) -> Tree | None:
    """The output with the argument's shape at each number; None where the numbers of that would
    stand in another order than row by row."""
    if output.is_array and (argument.is_array or argument.key == "number"):
        return tree_of_array((*output.shape, *argument.shape))
    if any(block.is_array for block in output.blocks()):
        return None
    return _substituted(output, argument)


def _substituted(tree: Tree, argument: Tree) -> Tree:
    if tree.key == "number":
        return argument
    if not tree.children:
        return tree
    children = [_substituted(child, argument) for child in tree.children]
    known: Any = tree.key
    key = (known[0], known[1], tuple([child.key for child in children]))
    return Tree(tree._make, children, key, sum(child.size for child in children), [])


def _flat(output: Tree, argument: Tree) -> Tree:
    return tree_of_array((output.size * argument.size,))


def _by_hand(output: Tree, argument: Tree) -> Callable[[Any], Any]:
    def result(numbers: Any) -> Any:
        matrix = numbers.reshape(output.size, argument.size)
        return arrange(matrix.T.tolist(), output, argument)

    return result


def _one_by_one(output: Tree, argument: Tree) -> Callable[[Any], Any]:
    part = matrix_part(output, argument, True, "")

    def results(numbers: Any) -> Any:
        return [part.of_numbers(numbers[:, k], None) for k in range(numbers.shape[1])]

    return results


def _inputs_first(output: Tree, argument: Tree) -> Callable[[Any], Any]:
    def results(numbers: Any) -> Any:
        rows = numbers.shape[1]
        cube = numbers.reshape(output.size, argument.size, rows).transpose(2, 1, 0).copy()
        inputs = _dimensions(argument)
        assert inputs is not None
        return cube.reshape(rows, *inputs, *output.shape)

    return results


def _dimensions(tree: Tree) -> tuple[int, ...] | None:
    """The dimensions of an array like a tree; None for a tree that is none."""
    if tree.is_array or tree.key == "number":
        return tree.shape
    kind = tree.key[0] if isinstance(tree.key, tuple) else None
    if kind in (list, tuple) and all(child.key == "number" for child in tree.children):
        return (len(tree.children),)
    return None
