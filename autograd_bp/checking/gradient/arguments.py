"""How a function takes its numbers, and the names of these in a report."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import SettingError
from autograd_bp.notation.text import clean, short

__all__ = ["MAX_NAME", "component_names", "takes_one"]

MAX_NAME = 120  # characters of a name in a report


def takes_one(function: Callable[..., Any]) -> bool:
    """True where a function expects exactly one argument, so that a tuple is passed as it is."""
    parameters = _parameters(function)
    if _takes_any_number(parameters):
        return False
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    positional = [parameter for parameter in parameters if parameter.kind in kinds]
    required = [parameter for parameter in positional if parameter.default is parameter.empty]
    return len(required) == 1 or (not required and len(positional) == 1)


def component_names(
    tree: Tree, function: Callable[..., Any], spread: bool, names: Sequence[str] | str | None
) -> tuple[str, ...]:
    """A name for each number of the argument.

    Arguments:
        tree: the structure of the argument.
        function: the function, whose parameters give the names.
        spread: whether the argument is a tuple that is passed as several arguments.
        names: the caller's own: one for each number, or one for the argument.

    Raises: SettingError where there are too few or too many names.
    """
    if names is not None and not isinstance(names, str):
        if len(names) != tree.size:
            raise SettingError(
                f"names must hold one name for each of the {tree.size} numbers, got {len(names)}"
            )
        return _printable([str(name) for name in names])
    parameters = _parameters(function)
    if spread and not _takes_any_number(parameters):
        by_parameter = _names_by_parameter(tree, parameters)
        if len(by_parameter) == tree.size:
            return _printable(by_parameter)
    first_is_named = bool(parameters) and parameters[0].kind is not parameters[0].VAR_POSITIONAL
    prefix = names or (parameters[0].name if first_is_named and not spread else "x")
    return _printable([prefix + name for name in tree.names])


def _printable(names: Sequence[str]) -> tuple[str, ...]:
    """Names for terminals and pages: without control characters, and not too long."""
    together = "".join(names)
    longest = max(map(len, names), default=0)
    if longest > MAX_NAME or clean(together) != together:
        return tuple([short(clean(name), MAX_NAME) for name in names])
    return tuple(names)


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    """The parameters of a function; none where Python does not know them."""
    try:
        return list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []


def _takes_any_number(parameters: Sequence[inspect.Parameter]) -> bool:
    return any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)


def _names_by_parameter(tree: Tree, parameters: Sequence[inspect.Parameter]) -> tuple[str, ...]:
    """The names of a tuple's numbers: each entry begins with the parameter that it is passed for,
    which takes the place of the entry's index.
    """
    return tuple(
        parameter.name + name
        for child, parameter in zip(tree.children, parameters, strict=False)
        for name in child.names
    )
