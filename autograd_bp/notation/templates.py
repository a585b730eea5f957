"""Formulas with places in them, as plain data: what a page fills in with names and numbers.

A template is a MathML tree, [tag, child, ...], in which a child is such a tree, a text, or the
place of an input: {"slot": k, "bracket": b}. The slot is the position of the input among the
inputs, or "y" for the output. Where `bracket` is true a number with a minus needs brackets.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd_bp.notation import maths
from autograd_bp.notation.algebra import RuleTerm
from autograd_bp.notation.mathml import MATHML
from autograd_bp.notation.maths import CHOICE, PRODUCT
from autograd_bp.notation.operations import apply
from autograd_bp.primitives import Primitive

Template = Any  # a list; a dictionary where the template is a place alone


def operation_template(op: Primitive, count: int) -> Template:
    """The formula of an operation on `count` inputs."""
    return MATHML.printed(apply(op, [maths.slot(k) for k in range(count)]))


def definition_template(op: Primitive, count: int) -> Template | None:
    """The formula of the definition of an operation in terms of others; None without one."""
    if op.definition is None:
        return None
    return _printed(_of_places(op.definition, count))


def partial_templates(
    op: Primitive, count: int, *, as_factors: bool = False
) -> list[Template | None]:
    """The partial derivative by each of `count` inputs, where it says more than a number.

    Arguments:
        op: the operation.
        count: how many inputs it has.
        as_factors: whether each is to stand in a product, where a sum needs brackets.

    Returns: for each input a template of the inputs and of the output, "y"; None where the
        partial is a number, the input is fixed, or the rule cannot be run on formulas.
    """
    rule = getattr(op.expression, "written", None) or op.partials
    partials = rule and _of_places(rule, count, y=RuleTerm(maths.slot("y")))
    if partials is None:
        return [None] * count
    least = PRODUCT if as_factors else CHOICE
    return [
        None if k in op.fixed else _printed(partial, least) for k, partial in enumerate(partials)
    ]


def partial_template(op: Primitive, k: int, count: int) -> Template | None:
    """The partial derivative by the k-th of `count` inputs: see `partial_templates`."""
    return partial_templates(op, count)[k]


def _of_places(function: Callable[..., Any], count: int, **more: RuleTerm) -> Any:
    """Call a rule or a definition with places; None where it asks for numbers."""
    try:
        return function(*[RuleTerm(maths.slot(k)) for k in range(count)], **more)
    except (ArithmeticError, AttributeError, TypeError, ValueError):
        return None


def _printed(term: Any, least: int = CHOICE) -> Template | None:
    if not isinstance(term, RuleTerm) or term.maths.is_number:
        return None
    printed = MATHML.printed(term.maths)
    return printed if term.maths.binding >= least else MATHML.bracketed(printed)
