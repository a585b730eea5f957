"""A graph of Values as expressions of SymPy."""

from __future__ import annotations

import importlib
from collections.abc import Mapping, Sequence
from typing import Any

from autograd_bp.errors import MissingExtraError
from autograd_bp.printers.sympy import Symbolic
from autograd_bp.value import Value


def to_sympy(
    order: Sequence[Value], ends: Sequence[Value], names: Mapping[Value, str]
) -> list[Any]:
    """The expressions of `ends`, where `order` holds all they depend on.

    Raises: MissingExtraError when SymPy is not installed.
    """
    try:
        sympy = importlib.import_module("sympy")
    except ImportError as error:
        raise MissingExtraError(
            'formulas for SymPy need it installed: pip install "autograd_bp[symbolic]"'
        ) from error
    symbolic = Symbolic(sympy)
    expressions: dict[Value, Any] = {}
    for node in order:
        if node.op is not None:
            operands = [expressions[parent] for parent in node.parents]
            expressions[node] = symbolic.apply(node.op, operands)
        elif node in names:
            expressions[node] = sympy.Symbol(names[node], real=True)
        else:
            expressions[node] = symbolic.number(node.data)
    return [expressions[node] for node in ends]
