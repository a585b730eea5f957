"""Checks primitives that users make: the LaTeX, the rule, the function."""

from __future__ import annotations

import inspect
from collections.abc import Sequence

from autograd_bp.entry import Primitive
from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import Expression, inputs, letters

_is_checking = False  # the rule of a new primitive is being looked at


def check_latex(name: str, latex: str, count: int) -> None:
    try:
        text = (
            latex.format(*letters(count)).replace("\\\\", "").replace(r"\{", "").replace(r"\}", "")
        )
    except (AttributeError, IndexError, KeyError, ValueError) as error:
        reason = repr(error)
    else:
        if text.count("{") == text.count("}"):
            return
        reason = "its braces do not match"
    raise PrimitiveError(
        f"{name}: latex={latex!r} is no format of {count} inputs ({reason}): write each input "
        "as {}, and a brace of LaTeX's as {{ or }}"
    )


def check_rule(op: Primitive) -> None:
    """Raise PrimitiveError where the rule cannot be called as it will be, or returns a number and
    no sequence of them. It is run on expressions; what it does with numbers only is seen when a
    node is recorded."""
    global _is_checking
    if op.partials is None or _is_checking:  # a rule may make primitives of its own
        return
    names = letters(op.arity or 2)
    _check_parameters(op, names)
    _is_checking = True
    try:
        partials = op.partials(*inputs(*names), y=inputs("y")[0])
    except Exception:
        return
    finally:
        _is_checking = False
    if isinstance(partials, (Expression, float, int)):
        raise PrimitiveError(
            f"{op.name}: the rule returns one number, and a sequence with one partial for "
            "each input is needed: write (partial,), as in lambda x, y: (2 * x,)"
        )


def _check_parameters(op: Primitive, names: Sequence[str]) -> None:
    rule = op.partials
    if not callable(rule):
        raise PrimitiveError(
            f"{op.name}: partials is a function, got {type(rule).__name__} {rule!r:.60}: write "
            f"partials=lambda {', '.join(names)}, y: (...)"
        )
    try:
        signature = inspect.signature(rule)
        if op.arity is None:  # how many inputs it takes is seen when it is applied
            kinds = {p.kind for p in signature.parameters.values()}
            if "y" in signature.parameters or inspect.Parameter.VAR_KEYWORD in kinds:
                return
        signature.bind(*names, y=None)
    except TypeError as error:
        raise PrimitiveError(
            f"{op.name}: the rule is called with the inputs and, as the keyword y, with the "
            f"output, which it does not take ({error}): write lambda {', '.join(names)}, y: (...)"
        ) from None
    except ValueError:  # it does not say what it takes
        return


def traced_expression(op: Primitive) -> Expression | None:
    """The expression of a Python function; None where it cannot be seen, or gives other numbers
    at the points of the entry."""
    if op.arity is None:
        return None
    from autograd_bp.printers.tracing import traced

    expression = traced(op.forward, op.arity)
    if expression is None:
        return None
    from autograd_bp.printers import python

    printed = python.function(op.name, op.arity, expression)
    for point in op.points:
        at = point if len(point) == op.arity else point[:1] * op.arity
        try:
            y = float(op.forward(*at))
        except (ArithmeticError, ValueError):
            continue  # a function of the user's may raise where the expression is infinite
        except TypeError:
            return None  # a complex number, say: what it means is for the function alone to say
        if repr(y) != repr(printed(*at)):
            return None
    return expression
