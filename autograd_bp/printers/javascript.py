"""Expressions in JavaScript, for the page that steps through a computation.

A primitive is printed as an object of two functions: `f` of the inputs is the value, `d` of the
array of inputs and of the value is the array of partials.

    { f: (a, b) => a * b, d: ([a, b], y) => [b, a] }

stepping/library.js has the functions that JavaScript lacks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from autograd_bp.expressions import BINDING, TESTS, Expression, letters, walk
from autograd_bp.folds import Fold, Stage
from autograd_bp.printers import c
from autograd_bp.printers.c_parser import parse
from autograd_bp.printers.functions import SPELLINGS
from autograd_bp.printers.overrides import override
from autograd_bp.printers.tracing import traced_rule

_TESTS = {"isnan": "Number.isNaN", "isfinite": "Number.isFinite"}


def primitive(
    name: str,
    arity: int | None,
    expression: Expression | Fold | None,
    rule: Callable[..., Sequence[Any]] | None,
) -> str | None:
    """A primitive as an object of two functions; None where its expression or its rule cannot be
    seen. Without a rule the partials are NaN."""
    if isinstance(expression, Fold):
        return _object(*_fold(expression))
    if expression is None or arity is None:
        return None
    form = override("javascript", name)
    if form is not None:
        expression = parse(form)
    partials = _unknown(arity) if rule is None else traced_rule(rule, arity)
    names = letters(arity)
    if partials is None or not _is_known([expression, *partials], {*names, "y"}):
        return None
    listed = ", ".join(names)
    return _object(
        f"({listed}) => {_body([expression], '{}')}",
        f"([{listed}], y) => {_body(partials, '[{}]')}",
    )


def literal(x: float) -> str:
    """A number, to the last bit."""
    if math.isnan(x):
        return "NaN"
    text = "Infinity" if math.isinf(x) else repr(abs(x)).removesuffix(".0")
    return text if math.copysign(1.0, x) > 0.0 else f"(-{text})"


class Printer(c.Printer):
    """Writes expressions in JavaScript, whose operators are C's."""

    def __init__(self, names: Mapping[str, str], temporary: str = "t") -> None:
        super().__init__(names, temporary, _spelling)

    def numbers(self, *roots: Expression) -> list[str]:
        """Each root as text whose value is a number: 1 or 0 for a condition, as in C."""
        texts = self.texts(*roots)
        return [
            f"Number({text})" if root.is_truth else text
            for root, text in zip(roots, texts, strict=True)
        ]

    def _declaration(self, node: Expression, name: str, text: str) -> str:
        return f"const {name} = {text};"

    def _literal(self, x: float) -> str:
        return literal(x)

    def _text(self, node: Expression) -> tuple[str, int]:
        if node.head == "isinf":  # which JavaScript has no function for
            return f"Math.abs({self._part(node.parts[0], -1)}) == Infinity", BINDING["=="]
        return super()._text(node)


def _spelling(head: str) -> str:
    function = SPELLINGS.get(head)
    return _TESTS[head] if function is None else function.javascript


def _unknown(arity: int) -> tuple[Expression, ...]:
    return (Expression("number", math.nan),) * arity


def _is_known(roots: Sequence[Expression], names: Collection[str]) -> bool:
    """Whether JavaScript has all functions and names of these expressions: text in C may have
    others."""
    heads = {*BINDING, *SPELLINGS, *TESTS, "number"}
    return all(
        node.parts[0] in names if node.head == "input" else node.head in heads
        for node in walk(*roots)
    )


def _object(f: str, d: str) -> str:
    return f"{{\n  f: {f},\n  d: {d},\n}}"


def _body(roots: Sequence[Expression], form: str) -> str:
    """Write the part after the arrow of a function that returns the roots."""
    printer = Printer({})
    result = form.format(", ".join(printer.numbers(*roots)))
    return _block([*printer.lines, f"return {result};"]) if printer.lines else result


def _block(lines: Sequence[str]) -> str:
    return "\n".join(["{", *[f"    {line}" for line in lines], "  }"])


# ---------------------------------------------------------------------------- of any number
def _fold(fold: Fold) -> tuple[str, str]:
    """The two functions of a fold. Its own names get an underscore: no word of the language ends
    with one."""
    places = _places(fold)
    names = {"n": "n", "y": "y", "initial": "initial"}
    names |= dict(zip(fold.operands.elements, places, strict=True))
    names |= {name: f"{name}_" for stage in fold.stages for name in stage.names}
    return (
        f"(...x) => {_block(_value_of(fold, names))}",
        f"(x, y) => {_block(_partials_of(fold, names, places))}",
    )


def _places(fold: Fold) -> list[str]:
    """Where the elements of a round stand in the inputs."""
    count = len(fold.operands.elements)
    return [f"x[{k} * n + i]" if k > 1 else ("x[i]", "x[n + i]")[k] for k in range(count)]


def _beginning(fold: Fold) -> list[str]:
    """The number of rounds and the initial value."""
    operands = fold.operands
    count = len(operands.elements)
    length = "(x.length - 1)" if operands.always else "x.length"
    lines = [f"const n = {length if count == 1 else f'Math.floor({length} / {count})'};"]
    if operands.always:
        lines.append("const initial = x[x.length - 1];")
    elif operands.initial:
        lines.append(f"const initial = x.length % {count} ? x[x.length - 1] : 0;")
    return lines


def _value_of(fold: Fold, names: Mapping[str, str]) -> list[str]:
    rounds = [line for stage in fold.stages_of_output for line in _stage(stage, names)]
    printer = Printer(names)
    (result,) = printer.numbers(fold.finish)
    return [*_beginning(fold), *rounds, *printer.lines, f"return {result};"]


def _partials_of(fold: Fold, names: Mapping[str, str], places: Sequence[str]) -> list[str]:
    printer = Printer(names)
    slopes = printer.numbers(*fold.slopes)
    stores = [
        f"d[{place.removeprefix('x[')} = {slope};"
        for place, slope in zip(places, slopes, strict=True)
    ]
    start = _beginning(fold)
    accumulators = (name for stage in fold.stages for name in stage.names)
    if any(c.reads([*fold.slopes, fold.initial_slope], name) for name in accumulators):
        start += [line for stage in fold.stages for line in _stage(stage, names)]
    elif not fold.operands.always:
        start = start[:1]
    last = Printer(names)
    (initial,) = last.numbers(fold.initial_slope)
    lines = [*start, "const d = x.map(() => 1);", *_loop([*printer.lines, *stores])]
    if fold.operands.always:
        lines += [*last.lines, f"d[x.length - 1] = {initial};"]
    return [*lines, "return d;"]


def _stage(stage: Stage, names: Mapping[str, str]) -> list[str]:
    state = [names[name] for name in stage.names]
    before = Printer(names, f"{stage.names[0]}_start")
    starts = before.numbers(*stage.start)
    pairs = ", ".join(f"{name} = {start}" for name, start in zip(state, starts, strict=True))
    printer = Printer(names)
    steps = printer.numbers(*stage.steps)
    # All at once, where there are several: each reads the state as it was.
    update = (
        f"{state[0]} = {steps[0]};"
        if len(state) == 1
        else f"[{', '.join(state)}] = [{', '.join(steps)}];"
    )
    loop = _loop([*printer.lines, update])
    if stage.when is not None:
        (condition,) = Printer(names).texts(stage.when)
        loop[0] = f"if ({condition}) {loop[0]}"
    return [*before.lines, f"let {pairs};", *loop]


def _loop(lines: Sequence[str]) -> list[str]:
    return ["for (let i = 0; i < n; i++) {", *[f"  {line}" for line in lines], "}"]
