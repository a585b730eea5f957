"""Writes what an entry computes, and its partial derivatives, as lines of text.

The formula is the notation of the entry, or its definition, or its expression: the first of them
that says more than its name. The derivatives are its rule, applied to nodes called x and y. So
nothing is stated here that the entry does not say.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.simplify import simplified
from autograd_bp.derivatives.slope_formulas import written_out
from autograd_bp.expressions import Expression, letters, walk
from autograd_bp.expressions import inputs as input_expressions
from autograd_bp.folds import Fold, parameters
from autograd_bp.graph import topological_order
from autograd_bp.native.kernels import OWN
from autograd_bp.notation import maths
from autograd_bp.notation.maths import Maths
from autograd_bp.notation.operations import OPERATORS, apply, called
from autograd_bp.primitives import Primitive, abs_, where
from autograd_bp.value import Value, as_nodes

MAX_NODES = 60  # a longer formula explains nothing in a docstring
MAX_CHARACTERS = 160
TERMS = 3  # of an entry of any number of inputs
PLACE = 0.75  # the number of every node: rules do not branch on it
_NOTED = OPERATORS | {where, abs_}  # written as in formulas, the others as they are called

# Where an expression says it in Python's words, these are plainer.
_PLAINER = (("math.", ""), ("ieee754.", ""), ("INF", "inf"), ("NAN", "nan"))


def names(op: Primitive) -> tuple[str, ...]:
    """The names of the inputs: the labels of the entry, the parameters of a function of the user's,
    those of its rule; else a, b, c."""
    if op.arity is None:
        elements = op.operands.elements
        return op.labels[: len(elements)] or elements
    written: Callable[..., Any] | None = op._forward
    printed = getattr(getattr(written, "__code__", None), "co_filename", "").startswith(
        "<expression"
    )
    of_user = () if printed or op.code < OWN else _parameters(written)
    for candidate in (op.labels, of_user, _rule_names(op)):
        if len(candidate) == op.arity and all(name != "y" for name in candidate):
            return tuple(candidate)
    return ("x",) if op.arity == 1 else letters(op.arity)


def variables(op: Primitive) -> tuple[str, ...]:
    """The names of the inputs where they are names in Python: a, b, c if they cannot be."""
    written = names(op)
    taken = {"bp", "y", "Primitive", op.name}
    usable = [name for name in written if name.isidentifier() and not keyword.iskeyword(name)]
    if len({*usable} - taken) == len(written):
        return written
    return letters(len(written))


def _rule_names(op: Primitive) -> tuple[str, ...]:
    return tuple(name for name in _parameters(op.partials) if name != "y")


def _parameters(function: Any) -> tuple[str, ...]:
    try:
        return tuple(parameters(function))
    except Exception:  # whatever a callable of the user's raises
        return ()


def formula(op: Primitive) -> str:
    """`y = ...`; "" where nothing but the function itself says what it computes."""
    inputs = _terms(op) if op.arity is None else names(op)
    text = ""
    if callable(op.notation):
        text = apply(op, [_name(name) for name in inputs]).text
    elif op.definition is not None:
        text = _of_graph(lambda *x: [op.definition(*x)], inputs)  # type: ignore[misc]
    elif op.arity is not None and isinstance(op.expression, Expression):
        text = _of_expression(op.expression, names(op))
    elif isinstance(op.notation, str) or op.arity is None:
        text = apply(op, [_name(name) for name in inputs]).text
    return f"y = {text}{' for three terms' if op.arity is None else ''}" if text else ""


def derivatives(op: Primitive) -> list[str]:
    """`∂y/∂x = ...` for each input that a gradient can reach; none where the rule cannot be
    written down."""
    if op.partials is None:
        return []
    if isinstance(op.expression, Fold):
        if op.expression.written is not None and not op.operands.initial:
            return _of_first_term(op, op.expression.written)
        return _of_one_term(op.expression, names(op))
    partials = op.partials
    inputs = _terms(op) if op.arity is None else names(op)
    texts = _of_graph_all(lambda *x: partials(*x[:-1], y=x[-1]), [*inputs, "y"])
    if len(texts) != len(inputs):
        return []
    return [
        f"∂y/∂{name} = {text}"
        for k, (name, text) in enumerate(zip(inputs, texts, strict=True))
        if k not in op.fixed
    ]


def _of_one_term(fold: Fold, shown: Sequence[str]) -> list[str]:
    """The derivatives by the elements of the i-th term of a fold."""
    called_ = dict(zip(fold.operands.elements, shown, strict=True))
    columns = [f"{called_[name]}_i" if name in called_ else name for name in parameters(fold.rule)]
    texts = _of_graph_all(lambda *x: _as_tuple(fold.rule(*x)), columns)
    if len(texts) != len(shown):
        return []
    return [f"∂y/∂{name}_i = {text}" for name, text in zip(shown, texts, strict=True)]


def _of_first_term(op: Primitive, written: Callable[..., Sequence[Any]]) -> list[str]:
    """The derivatives by the first term, as formulas show them."""
    inputs = _terms(op)
    texts = _of_graph_all(lambda *x: written(*x[:-1], y=x[-1]), [*inputs, "y"])
    shown = list(zip(inputs, texts, strict=False))[::TERMS]
    return [f"∂y/∂{name} = {text}" for name, text in shown]


def _as_tuple(slopes: Any) -> tuple[Any, ...]:
    return slopes if isinstance(slopes, tuple) else (slopes,)


def _terms(op: Primitive) -> list[str]:
    """The inputs of an entry of any number of them: x1, x2 and so on, list after list."""
    return [f"{name}{k}" for name in names(op) for k in range(1, TERMS + 1)]


def _name(name: str) -> Maths:
    from autograd_bp.notation.names import identifier

    return identifier(name, text=name)


def _of_graph(function: Callable[..., Sequence[Any]], inputs: Sequence[str]) -> str:
    texts = _of_graph_all(function, inputs)
    return texts[0] if texts else ""


def _of_graph_all(function: Callable[..., Sequence[Any]], inputs: Sequence[str]) -> list[str]:
    """The results of a function of nodes as text; none where it branches, is long, or fails."""
    leaves = [Value(PLACE, name) for name in inputs]
    try:
        with recording(), no_branching():
            results = as_nodes(function(*leaves))
        if len(topological_order(*results)) > MAX_NODES:
            return []
        outputs = simplified(written_out(results))
        written: dict[int, Maths] = {}
        for node in topological_order(*outputs):
            written[id(node)] = _written(node, [written[id(parent)] for parent in node.parents])
        texts = [written[id(node)].text for node in outputs]
    except Exception:  # whatever a rule of the user's raises
        return []
    return texts if max(map(len, texts), default=0) <= MAX_CHARACTERS else []


def _written(node: Value, parts: Sequence[Maths]) -> Maths:
    if node.op is None:
        return _name(node.label) if node.label else maths.number(node.data)
    return apply(node.op, parts) if node.op in _NOTED else called(node.op, parts)


def _of_expression(expression: Expression, inputs: Sequence[str]) -> str:
    """An expression in the words of Python, such as `1.0 if x >= 0.0 else 0.0`."""
    from autograd_bp.printers.python import Printer

    if sum(1 for _ in walk(expression)) > MAX_NODES:
        return ""
    new = dict(zip(letters(len(inputs)), input_expressions(*inputs), strict=True))
    renamed = expression.substitute(new)
    printer = Printer(raises=True)
    (text,) = printer.texts(renamed)
    if printer.lines:
        return ""
    for words, plainer in _PLAINER:
        text = text.replace(words, plainer)
    return text if len(text) <= MAX_CHARACTERS else ""
