"""The signature of a compiled class, which Python cannot see: it is read from the source."""

from __future__ import annotations

import ast
import inspect
import sys
from pathlib import Path
from types import FunctionType
from typing import Any


def signature(cls: type) -> inspect.Signature:
    """The parameters of a class, as its file writes those of `__init__`.

    Raises: AttributeError where the file or the method cannot be found.
    """
    module = sys.modules[cls.__module__]
    path = Path(str(module.__file__)).parent / f"{cls.__module__.rpartition('.')[2]}.py"
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (OSError, SyntaxError):
        raise AttributeError(f"the source of {cls.__name__} is not there") from None
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == cls.__name__:
            for method in node.body:
                if isinstance(method, ast.FunctionDef) and method.name == "__init__":
                    return _without_self(inspect.signature(_function(method, vars(module))))
    raise AttributeError(f"{cls.__name__} has no __init__ of its own")


def _function(method: ast.FunctionDef, names: dict[str, Any]) -> FunctionType:
    """A function of these parameters that does nothing; its annotations are texts."""
    method.body = [ast.Pass()]
    future = ast.ImportFrom("__future__", [ast.alias("annotations")], 0)
    module = ast.fix_missing_locations(ast.Module([future, method], []))
    scope = dict(names)
    exec(compile(module, "<signature>", "exec"), scope)
    function: FunctionType = scope["__init__"]
    return function


def _without_self(found: inspect.Signature) -> inspect.Signature:
    _, *parameters = found.parameters.values()
    return found.replace(parameters=parameters, return_annotation=inspect.Signature.empty)
