"""Shared by the functions of this room: the truth of a condition, and choices between trees."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from autograd_bp import functions
from autograd_bp.contexts import is_traced
from autograd_bp.derivatives.tree_differences import difference
from autograd_bp.derivatives.trees import Tree, flatten_static
from autograd_bp.entry import number, unboxed
from autograd_bp.errors import OperandError, ShapeError
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


def leaves_like(expected: Tree | None, tree: Any, what: str) -> tuple[list[Any], Tree]:
    """The numbers of a tree, and its shape, which has to be the expected one.

    Raises: ShapeError where it is not.
    """
    leaves, shape = flatten_static(tree, what)
    if expected is not None and shape != expected:
        names = sorted({*shape.names} ^ {*expected.names})
        where = difference(shape, expected)
        if names:
            where = f"they differ at {names[0] or 'the number itself'}"
        raise ShapeError(f"{what} must have the shape {expected}, got {shape}; {where}")
    return leaves, shape


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
