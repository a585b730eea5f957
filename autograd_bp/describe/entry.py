"""The text about one entry: what `bp.sigmoid.__doc__` is."""

from __future__ import annotations

import inspect
import keyword
import math
import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from autograd_bp.describe import example, formulas
from autograd_bp.describe.accuracy import MEASURED
from autograd_bp.folds import Fold
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive

WIDTH = 88


def text(op: Primitive) -> str:
    """The docstring of an entry."""
    parts = [summary(op), "\n".join(facts(op))]
    shown = example.lines(op, *_call(op))
    if shown:
        parts.append("\n".join(["Example:", *(f"    {line}" for line in shown)]))
    return "\n\n".join(parts)


def method(op: Primitive, name: str = "") -> str:
    """The docstring of a method of Value, which may have another name. It stands in a file, so its
    numbers are rounded: the last digits of C libraries differ."""
    shown = example.of_method(op, name or op.name)
    return "\n\n".join(
        [
            summary(op),
            "\n".join([*short_facts(op), *section("See", [f"help(autograd_bp.{op.name})"])]),
            "\n".join(["Example:", *(f"    {line}" for line in shown)]),
        ]
    )


def short_facts(op: Primitive) -> list[str]:
    """The lines with the formula, the derivatives, the domain and so on, without reasons."""
    return [
        *section("Formula", [formula(op)]),
        *section("Derivative", [*derivative(op)]),
        *section("Domain", [*domain(op)]),
        *section("Kinks", [op.kinks or "none"]),
        *section("Accuracy", [next(accuracy(op))]),
    ]


def formula(op: Primitive) -> str:
    """The formula; where nothing else says what the entry computes, its name."""
    return formulas.formula(op) or f"y = {op.name}({', '.join(_shown_inputs(op))})"


def summary(op: Primitive) -> str:
    """The summary of an entry, or the docstring of the function that it was made of."""
    own = op.summary
    if not own and op.code >= OWN and inspect.isroutine(op._forward):
        own = inspect.getdoc(op._forward) or ""
    return own or f"The primitive {op.name} of {_inputs_in_words(op)}."


def _inputs_in_words(op: Primitive) -> str:
    if op.arity is None:
        return "any number of numbers"
    return "one number" if op.arity == 1 else f"{op.arity} numbers"


def facts(op: Primitive) -> list[str]:
    """The lines with the formula, the derivatives, the domain and so on."""
    sections = {
        "Formula": [formula(op)],
        "Derivative": [*derivative(op)],
        "Domain": [*domain(op)],
        "Kinks": [op.kinks or "none"],
        "Accuracy": [*accuracy(op)],
        "Takes": [takes(op)],
    }
    return [line for name, lines in sections.items() for line in section(name, lines)]


def section(name: str, paragraphs: Sequence[str]) -> list[str]:
    """A name and paragraphs beside it, in lines that are not too long."""
    head = f"{name}:".ljust(12)
    lines = []
    for k, paragraph in enumerate(paragraphs):
        lines += textwrap.wrap(
            paragraph,
            WIDTH,
            initial_indent=" " * len(head) if k else head,
            subsequent_indent=" " * (len(head) + 2 * (len(paragraphs) > 1)),
            break_long_words=False,
            break_on_hyphens=False,
        )
    return lines


def _shown_inputs(op: Primitive) -> Sequence[str]:
    return formulas.names(op) if op.arity is not None else ["*x"]


# --------------------------------------------------------------------------------- the facts
def derivative(op: Primitive) -> Iterator[str]:
    """Each derivative, then what else there is to say about gradients."""
    if op.partials is None:
        yield f"none: {op.refusal}"
        return
    written = formulas.derivatives(op)
    yield from written or ["by its rule, which branches or is too long to be written here"]
    if isinstance(op.expression, Fold) and any("n" in _words(line) for line in written):
        yield "n is the number of terms"
    names = formulas.names(op)
    for k in op.fixed if op.arity is not None else ():
        yield f"{names[k]} is held fixed, no gradient passes to it"


def _words(line: str) -> list[str]:
    return "".join(c if c.isalnum() or c == "_" else " " for c in line).split()


def domain(op: Primitive) -> Iterator[str]:
    """Where the function is defined, and what it is at the ends."""
    if op.arity is None or all(ends == (-math.inf, math.inf) for ends in op.domain):
        yield "all real numbers" + _tails(op)
        return
    limits = [
        _interval(op, name, *ends)
        for name, ends in zip(formulas.names(op), op.domain, strict=False)
    ]
    yield ", ".join(filter(None, limits)) + "; elsewhere y is NaN" + _tails(op)


def _interval(op: Primitive, name: str, low: float, high: float) -> str:
    """An interval; an end belongs to it where the function is finite there."""
    above = "≥" if math.isfinite(_at(op, low)) else ">"
    below = "≤" if math.isfinite(_at(op, high)) else "<"
    if low == -math.inf:
        return "" if high == math.inf else f"{name} {below} {high:g}"
    if high == math.inf:
        return f"{name} {above} {low:g}"
    return f"{low:g} {'≤' if above == '≥' else '<'} {name} {below} {high:g}"


def _at(op: Primitive, x: float) -> float:
    """The output at one number; NaN for a primitive of the user's, which may take its time."""
    return float(op.forward(x)) if op.arity == 1 and op.code < OWN else math.nan


def _tails(op: Primitive) -> str:
    """The outputs at the ends of the domain, of a function of one number of the library's."""
    if op.arity != 1 or op.code >= OWN:
        return ""
    name, ends = formulas.names(op)[0], op.domain[0]
    numbers = [_at(op, end) for end in ends]
    if ends == (-math.inf, math.inf) and all(map(math.isnan, numbers)):
        return f"; y is NaN at {name} = ±inf"
    return "".join(
        f"; y {'is NaN' if math.isnan(y) else f'= {y + 0.0:.6g}'} at {name} = {end:g}"
        for end, y in zip(ends, numbers, strict=True)
    )


def takes(op: Primitive) -> str:
    """Says which operands it may be called on."""
    if op.arity is None:
        return "numbers and Values, one after another; it gives a Value if one of them is a Value"
    also = ""
    if op.others is not None:
        names = [str(p.replace(annotation=p.empty)) for p in _parameters(op.others)]
        also = f"; also called as {op.name}({', '.join(names)})"
    return (
        "floats, and gives a float; Values, and gives a Value, which is recorded; NumPy arrays "
        f"of either, elementwise{also}"
    )


def accuracy(op: Primitive) -> Iterator[str]:
    """The largest errors that were measured."""
    if op.code >= OWN:
        yield "not measured; bp.check_gradient compares its gradient with others"
        return
    measured = MEASURED.get(op.name)
    if measured is None:
        yield "not measured yet"
        return
    names = formulas.names(op)
    errors = ", ".join(f"{_renamed(quantity, names)} {ulps:.2g}" for quantity, ulps, _ in measured)
    yield f"largest error measured, in units in the last place: {errors}"
    reasons = dict.fromkeys(reason for _, _, reason in measured if reason)
    for reason in reasons:
        of = [_renamed(quantity, names) for quantity, _, other in measured if other == reason]
        yield f"({', '.join(of)}: {reason})"


def _renamed(quantity: str, names: Sequence[str]) -> str:
    """`∂y/∂a` of the measurements with the name that the input has here."""
    head, _, letter = quantity.rpartition("∂")
    place = "abc".find(letter)
    return f"{head}∂{names[place]}" if head and 0 <= place < len(names) else quantity


# ------------------------------------------------------------------------------ how it is called
def signature(op: Primitive) -> inspect.Signature:
    """The inputs, as `inspect.signature` gives them."""
    kind: Any = inspect.Parameter.VAR_POSITIONAL
    if op.arity is None:
        return inspect.Signature([inspect.Parameter("x", kind)])
    kind = inspect.Parameter.POSITIONAL_ONLY
    names = formulas.variables(op)
    return inspect.Signature([*(inspect.Parameter(name, kind) for name in names), *_more(op)])


def _more(op: Primitive) -> list[inspect.Parameter]:
    """`*more`, where an entry of a fixed number of inputs takes any number of them. An option that
    may be left out is not shown: `compiled` would take it for an input."""
    kind = inspect.Parameter.VAR_POSITIONAL
    if op.others is None or all(p.kind is not kind for p in _parameters(op.others)):
        return []
    return [inspect.Parameter("more", kind)]


def _parameters(function: Callable[..., Any]) -> list[inspect.Parameter]:
    return list(inspect.signature(function).parameters.values())


def _call(op: Primitive) -> tuple[str, list[str]]:
    """How an example applies it, and what it imports first."""
    setup = ["import autograd_bp as bp"]
    if op.name in example.OPERATORS:
        return example.OPERATORS[op.name], setup
    count = len(formulas.names(op))
    if op.code < OWN and op.public:
        return f"bp.{op.name}({', '.join(['{}'] * count)})", setup
    place = "*{}" if op.arity is None else "{}"
    setup.append("from autograd_bp import Primitive")
    function = op.name
    if keyword.iskeyword(op.name):
        function = f"Primitive.named({op.name!r})"
    else:
        setup.append(f"{op.name} = Primitive.named({op.name!r})")
    return f"{function}({', '.join([place] * count)})", setup
