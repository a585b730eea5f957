"""An operation of the table on formulas."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp.errors import PrimitiveError
from autograd_bp.notation import maths
from autograd_bp.notation.latex import LATEX, places
from autograd_bp.notation.maths import MANY, Maths
from autograd_bp.primitives import Primitive, add, div, mul, neg, pow, power, sub

OPERATORS = frozenset((add, sub, neg, mul, div, pow, power))
"""Operations that are written with operators wherever formulas are."""


def apply(op: Primitive, parts: Sequence[Maths]) -> Maths:
    """The formula of an operation on formulas, as its entry says that it is written."""
    formula = _noted(op, parts)
    if op.latex_format and _fits(op.latex_format, len(parts)):
        return maths.formatted(formula, op.latex_format, *parts)
    return formula


def called(op: Primitive, parts: Sequence[Maths]) -> Maths:
    """The formula of an operation on formulas as it is called in Python: log(x), sigmoid(x)."""
    return apply(op, parts) if op in OPERATORS else maths.named(op.name, *parts)


def format_string(op: Primitive) -> str:
    """How an entry is printed in LaTeX, as a format string over its printed inputs."""
    if op.arity is None:
        return LATEX.format_string(maths.named(op.name, maths.place(0)))
    return LATEX.format_string(apply(op, [maths.place(k) for k in range(op.arity)]))


def check(op: Primitive) -> None:
    """Raises PrimitiveError when the notation of an entry cannot be applied to its inputs."""
    count = op.arity or 2 * len(op.operands.elements)
    try:
        formula: Any = _noted(op, [maths.place(k) for k in range(count)])
        if isinstance(formula, Maths):
            return
        reason = f"it gives {type(formula).__name__} {formula!r:.60}"
    except Exception as error:  # whatever a function of the user's raises
        reason = f"{type(error).__name__}: {error}"
    raise PrimitiveError(
        f"{op.name}: notation= does not write {count} inputs ({reason}): it takes the module "
        "autograd_bp.notation.maths and the inputs, and returns a formula of them"
    )


def _noted(op: Primitive, parts: Sequence[Maths]) -> Maths:
    if callable(op.notation):
        formula: Maths = op.notation(maths, *_arguments(op, parts))
        return formula
    name = op.notation or (op.symbol if op.symbol.isidentifier() else op.name)
    if len(parts) > MANY:
        parts = [*parts[:2], maths.dots, parts[-1]]
    return maths.named(name, *parts)


def _arguments(op: Primitive, parts: Sequence[Maths]) -> Sequence[Any]:
    """The arguments of a notation: the inputs, or for any number of them each list of them and then
    the initial value, if there is one."""
    if op.arity is not None:
        return parts
    initial = parts[-1:] if op.operands.has_initial(len(parts)) else ()
    return [*op.operands.lists(parts), *initial]


def _fits(template: str, count: int) -> bool:
    return {index for index, _, _ in places(template)} == {*range(count)}
