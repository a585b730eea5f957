"""The formulas of a page: templates that its script fills in with names and numbers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from autograd_bp.notation.maths import MANY
from autograd_bp.notation.templates import (
    Template,
    definition_template,
    operation_template,
    partial_templates,
)
from autograd_bp.primitives import Primitive
from autograd_bp.stepping.functions import page_name
from autograd_bp.value import Value

MAX_PARTIALS = 40
"""How many inputs a step of the page shows."""


def templates(order: Sequence[Value]) -> dict[str, Any]:
    """The formulas of the operations of a graph, and of their partial derivatives.

    Returns: under the name of an operation and the number of its inputs, as "dot 4", a dictionary:
        `operation`, a list of formulas that are equal; `partials`, one for each input, None where
        the page shows ∂y/∂x.
    """
    formulas: dict[str, Any] = {}
    for node in order:
        op, count = node.op, len(node.parents)
        key = "" if op is None else f"{page_name(op)} {count}"
        if op is not None and key not in formulas:
            formulas[key] = {
                "operation": _operation(op, count),
                "partials": _partials(op, count),
            }
    return formulas


def _operation(op: Primitive, count: int) -> list[Template]:
    """The operation, and its definition where the operation is written as a name that says no
    more."""
    operation = operation_template(op, count)
    if not _is_call(operation) or count > MANY:
        return [operation]
    definition = definition_template(op, count)
    if definition is None or [*_texts(definition)] == [*_texts(operation)]:
        return [operation]
    return [operation, definition]


def _is_call(template: Template) -> bool:
    """Whether a formula is a name and arguments in brackets."""
    return isinstance(template, list) and isinstance(template[1], list) and template[1][0] == "mi"


def _texts(template: Template) -> Iterator[Any]:
    """The tags, texts and places of a template, which are equal where formulas look the same."""
    if isinstance(template, list):
        if template[0] != "mrow":
            yield template[0]
        for part in template[1:]:
            yield from _texts(part)
    else:
        yield template["slot"] if isinstance(template, dict) else template


def _partials(op: Primitive, count: int) -> list[Template | None]:
    """The partials of the first inputs; none of a choice, whose partials are 0 or 1."""
    if op.gate:
        return []
    return partial_templates(op, count, as_factors=True)[: 2 * MAX_PARTIALS]
