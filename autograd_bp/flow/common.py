"""Shared by the functions of this room: the truth of a condition, and choices between trees."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd_bp import functions
from autograd_bp.contexts import is_traced
from autograd_bp.derivatives.tree_differences import difference_inside, shown
from autograd_bp.derivatives.trees import Tree, flatten_static, parts_of_tree
from autograd_bp.errors import OperandError, ShapeError
from autograd_bp.operands import number, unboxed
from autograd_bp.value import Value, number_of


def is_open(condition: Any) -> bool:
    """Whether a condition is a Value whose number is not known, in a function that is compiled."""
    return isinstance(condition, Value) and not condition.is_constant and is_traced()


def truth(condition: Any, what: str) -> bool:
    """The truth of a number: everything but 0, and NaN, is true.

    Raises: OperandError for what is no number.
    """
    condition = unboxed(condition)
    if isinstance(condition, Value):
        return number_of(condition) != 0.0
    try:
        return number(condition) != 0.0
    except OperandError:
        raise OperandError(
            f"{what} is a condition, a truth value or a number, got {type(condition).__name__} "
            f"{condition!r:.60}: compare first, as in x < 1.0"
        ) from None


def require_function(what: str, function: Any) -> None:
    if not callable(function):
        raise OperandError(
            f"{what} is a function, got {type(function).__name__} {function!r:.60}: write lambda, "
            "or choose between numbers with where(condition, a, b)"
        )


def numbers_of(tree: Any, what: str) -> tuple[list[Any], Tree, Any]:
    """The numbers of a tree, its shape, and the tree itself; truth values are 1 and 0.

    Raises: OperandError for what is no tree of numbers.
    """
    try:
        return *flatten_static(tree, what), tree
    except OperandError:
        plain = _without_truths(tree)
        return *flatten_static(plain, what), plain


def _without_truths(tree: Any) -> Any:
    if isinstance(tree, bool) or type(tree).__name__ in ("bool_", "bool"):
        return float(tree)
    if getattr(getattr(tree, "dtype", None), "kind", "") == "b":
        return tree.astype(float)
    parts, make = parts_of_tree(tree)
    return tree if parts is None else make([_without_truths(part) for part in parts])


def leaves_like(expected: Tree | None, tree: Any, what: str) -> tuple[list[Any], Tree]:
    """The numbers of a tree, and its shape, which has to be the expected one; dicts may have their
    keys in another order.

    Raises: ShapeError where it is not.
    """
    leaves, shape, _ = numbers_like(expected, tree, what)
    return leaves, shape


def numbers_like(expected: Tree | None, tree: Any, what: str) -> tuple[list[Any], Tree, Any]:
    """As `leaves_like`, and the tree itself, in which truth values are 1 and 0."""
    leaves, shape, tree = numbers_of(tree, what)
    if expected is not None and shape != expected:
        leaves, shape, tree = numbers_of(_in_order(expected, tree), what)
    if expected is not None and shape != expected:
        raise ShapeError(
            f"{what} must have the shape {shown(expected)}, got {shown(shape)}"
            f"{difference_inside(shape, expected)}"
        )
    return leaves, shape, tree


def _in_order(expected: Tree, tree: Any) -> Any:
    """A tree whose dicts have their keys in the order of the expected shape."""
    parts, make = parts_of_tree(tree)
    if parts is None or len(parts) != len(expected.children):
        return tree
    if isinstance(tree, dict):
        places = {step: k for k, step in enumerate(expected.steps)}
        try:
            keys = sorted(tree, key=lambda key: places[f"[{key!r}]"])
        except KeyError:
            return tree
        children = zip(keys, expected.children, strict=True)
        return {key: _in_order(child, tree[key]) for key, child in children}
    pairs = zip(expected.children, parts, strict=True)
    return make([_in_order(child, part) for child, part in pairs])


def chosen(condition: Value, leaves: list[Any], others: list[Any]) -> list[Any]:
    """The first numbers where a condition holds, else the others."""
    return [
        a if a is b else functions.where(condition, a, b)
        for a, b in zip(leaves, others, strict=True)
    ]


def whole(index: Any, what: str) -> int:
    """A whole number.

    Raises: OperandError for what is none.
    """
    index = unboxed(index)
    if not isinstance(index, Value) and not hasattr(index, "__float__"):
        raise OperandError(
            f"{what} is a whole number, got {type(index).__name__} {index!r:.60}: a real number "
            "is needed"
        )
    plain = number_of(index) if isinstance(index, Value) else number(index)
    if isinstance(index, bool) or plain != plain or plain in (float("inf"), float("-inf")):
        shown = plain if isinstance(index, Value) else index
        raise OperandError(f"{what} is a whole number, got {shown!r:.60}")
    if plain != int(plain):
        raise OperandError(f"{what} is a whole number, got {plain!r}: round it first")
    return int(plain)


def kept_states(rounds: int, checkpoint: bool | int | None) -> int:
    """How many states of a loop are kept for its gradient; 0 where all of them are.

    Arguments:
        rounds: how many rounds there are.
        checkpoint: True for about √rounds states, or how many.
    """
    if checkpoint is True:
        most = math.isqrt(max(rounds - 1, 0)) + 1
        # Where segments have one length, one program serves all of them.
        return next((k for k in range(most, 2 * most) if rounds % k == 0), most)
    return min(int(checkpoint or 0), rounds)


Function = Callable[..., Any]
