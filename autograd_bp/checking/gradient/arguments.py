"""How a function takes its numbers, and what these are called in a report."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.derivatives.trees import Tree
from autograd_bp.errors import SettingError

__all__ = ["component_names", "takes_one"]


def takes_one(function: Callable[..., Any]) -> bool:
    """True where a tuple is to be passed as it is: where exactly one argument is expected."""
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return False
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    positional = [each for each in signature.parameters.values() if each.kind in kinds]
    if any(each.kind is each.VAR_POSITIONAL for each in signature.parameters.values()):
        return False
    needed = [each for each in positional if each.default is each.empty]
    return len(needed) == 1 or (not needed and len(positional) == 1)


def component_names(
    tree: Tree, function: Callable[..., Any], spread: bool, names: Sequence[str] | str | None
) -> tuple[str, ...]:
    if names is not None and not isinstance(names, str):
        if len(names) != tree.size:
            raise SettingError(
                f"names must hold one name for each of the {tree.size} numbers, got {len(names)}"
            )
        return tuple(names)
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    if spread and all(each.kind is not each.VAR_POSITIONAL for each in parameters):
        own = [each.name for each in parameters]
        found = []
        for child, name in zip(tree.children, own, strict=False):
            found += [name + rest[rest.index("]") + 1 :] for rest in child.names]
        if len(found) == tree.size:
            return tuple(found)
    if spread or not parameters or parameters[0].kind is inspect.Parameter.VAR_POSITIONAL:
        prefix = names or "x"
    else:
        prefix = names or parameters[0].name
    return tuple(prefix + name for name in tree.names)
