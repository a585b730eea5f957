"""Expressions as Python functions of floats: the reference that every other target is held to.

Python's operators and its module math raise where IEEE 754 has an answer. So a function is
printed twice: as it stands, which is quick, and with the total functions of ieee754.py, which
runs where the first form raises.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Sequence
from typing import Any

from autograd_bp import ieee754
from autograd_bp.expressions import BINDING, CALL, COMPARISONS, Expression, letters, walk
from autograd_bp.folds import Fold, Stage
from autograd_bp.printers.functions import SPELLINGS
from autograd_bp.printers.overrides import override
from autograd_bp.printers.uses import Uses

_SCOPE = {"math": math, "ieee754": ieee754, "INF": math.inf, "NAN": math.nan}
# Quicker than a function that Python runs; a division may raise.
_OPERATORS: dict[str, Callable[..., float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "neg": operator.neg,
}
MAX_DEPTH = 90  # of operations in each other: Python reads no more than 200 nested parentheses
_TESTS = {"isnan": "math.isnan", "isinf": "math.isinf", "isfinite": "math.isfinite"}


def function(name: str, arity: int | None, expression: Expression | Fold) -> Callable[..., float]:
    """The expression of a primitive as a Python function, which never raises."""
    own = override("python", name)
    if own is not None:
        return _evaluated(own)
    if isinstance(expression, Expression):
        if _has_inputs_in_order(expression, arity):
            if expression.head in _OPERATORS:
                return _OPERATORS[expression.head]
            if expression.head in SPELLINGS:
                return _evaluated(SPELLINGS[expression.head].total)
        head = ", ".join(letters(arity or 0))
        quick, total = (_body(expression, raises) for raises in (True, False))
    else:
        head = "*operands"
        quick, total = (
            [
                *fold_stages(expression, raises),
                *_body(expression.finish, raises),
            ]
            for raises in (True, False)
        )
    result: Callable[..., float] = _defined(name, head, quick, total)
    return result


def totals(fold: Fold, roots: Sequence[Expression]) -> Callable[..., tuple[float, ...]]:
    """Expressions of the accumulators of a fold, as a function of its inputs."""
    quick, total = (
        [*fold_stages(fold, raises, fold.stages), *_body_of_several(roots, raises)]
        for raises in (True, False)
    )
    function: Callable[..., tuple[float, ...]] = _defined("totals", "*operands", quick, total)
    return function


def _defined(name: str, head: str, quick: Sequence[str], total: Sequence[str]) -> Any:
    """A function of these parameters: the quick statements, and the total ones where they raise."""
    lines = quick
    if quick != total:
        lines = [
            "try:",
            *_indented(quick),
            "except (ArithmeticError, ValueError):",
            *_indented(total),
        ]
    # Under a name of its own: that of a primitive may be a keyword of Python's.
    text = "\n".join([f"def computed({head}):", *_indented(lines)])
    scope: dict[str, Any] = {}
    exec(compile(text, f"<expression of {name}>", "exec"), _SCOPE, scope)
    result = scope["computed"]
    result.__name__ = result.__qualname__ = name
    return result


def _evaluated(name: str) -> Callable[..., float]:
    result: Callable[..., float] = eval(name, dict(_SCOPE))
    return result


def _has_inputs_in_order(expression: Expression, arity: int | None) -> bool:
    names = tuple([part.parts[0] if part.head == "input" else "" for part in expression.operands])
    return names == letters(arity or 0)


def _indented(lines: Sequence[str]) -> list[str]:
    return ["    " + line for line in lines]


def _body(root: Expression, raises: bool) -> list[str]:
    printer = Printer(raises)
    result = printer.texts(root)
    return [*printer.lines, f"return {result[0]}"]


def _body_of_several(roots: Sequence[Expression], raises: bool) -> list[str]:
    printer = Printer(raises)
    results = printer.texts(*roots)
    return [*printer.lines, f"return {', '.join(results)},"]


def fold_stages(fold: Fold, raises: bool, stages: Sequence[Stage] | None = None) -> list[str]:
    """Statements that set the accumulators of a fold, of the sequence `operands`: those of the
    stages that its output needs, or of these."""
    operands = fold.operands
    count = len(operands.elements)
    lines = [f"terms = len(operands) // {count}" if count > 1 else "terms = len(operands)"]
    if operands.always:
        lines = [f"terms = (len(operands) - 1) // {count}", "initial = operands[-1]"]
    elif operands.initial:
        lines.append(f"initial = operands[-1] if len(operands) % {count} else 0.0")
    if _reads_count(fold):
        lines.append("n = float(terms)")
    for stage in fold.stages_of_output if stages is None else stages:
        state = ", ".join(stage.names)
        printer = Printer(raises)
        starts = printer.texts(*stage.start)
        lines += [*printer.lines, f"{state} = {', '.join(starts)}"]
        printer = Printer(raises)
        steps = printer.texts(*stage.steps)
        loop = [*printer.lines, f"{state} = {', '.join(steps)}"]
        loop = [f"for {', '.join(operands.elements)} in {terms_of(fold)}:", *_indented(loop)]
        if stage.when is not None:
            loop = [f"if {Printer(raises).texts(stage.when)[0]}:", *_indented(loop)]
        lines += loop
    return lines


def terms_of(fold: Fold) -> str:
    """The sequence that a loop over the terms of a fold walks over."""
    count = len(fold.operands.elements)
    lists = ", ".join(f"operands[{k} * terms:{k + 1} * terms]" for k in range(count))
    if count > 1:
        return f"zip({lists})"
    return "operands[:-1]" if fold.operands.always else "operands"


def _reads_count(fold: Fold) -> bool:
    """Whether the fold uses n, the number of its terms."""
    roots = [fold.finish]
    for stage in fold.stages:
        roots += [*stage.start, *stage.steps, *([] if stage.when is None else [stage.when])]
    return any(node.head == "input" and node.parts[0] == "n" for node in walk(*roots))


class Printer(Uses):
    """Writes expressions; what is used twice, or is nested deeply, gets a variable.

    Arguments:
        raises: print the quick form, which may raise, or the total one.

    Attributes:
        lines: the statements that set the variables.
    """

    def __init__(self, raises: bool) -> None:
        super().__init__()
        self._raises = raises
        self._depths: dict[int, int] = {}

    def texts(self, *roots: Expression) -> list[str]:
        """Each root as text; its variables are set in `lines`."""
        self.expect(*roots)
        for node in walk(*roots):
            if id(node) in self._written:
                continue
            text, binding = self._text(node)
            depth = 1 + max((self._depths[id(part)] for part in node.operands), default=0)
            is_shared = self._uses.get(id(node), 0) > 1 or depth > MAX_DEPTH
            if is_shared and node.operands and not node.is_truth:
                name = f"t{len(self.lines)}"
                self.lines.append(f"{name} = {text}")
                text, binding, depth = name, CALL, 0
            self._written[id(node)], self._depths[id(node)] = (text, binding), depth
        return [self._written[id(root)][0] for root in roots]

    def _text(self, node: Expression) -> tuple[str, int]:
        head, parts = node.head, node.parts
        if head == "input":
            return parts[0], CALL
        if head == "number":
            return number(parts[0]), CALL if parts[0] >= 0.0 else BINDING["neg"]
        own = BINDING.get(head, CALL)
        divides = head == "/" and not self._raises and not _is_nonzero_number(parts[1])
        if own == CALL or divides:
            return self._call(head, parts), CALL
        if head == "?":
            condition, yes, no = (self._part(part, own + 1) for part in parts)
            return f"{yes} if {condition} else {no}", own
        if head in ("neg", "not"):
            sign = "-" if head == "neg" else "not "
            return sign + self._part(parts[0], own), own
        left = own + 1 if head in COMPARISONS else own  # Python reads a < b < c in another way
        return f"{self._part(parts[0], left)} {head} {self._part(parts[1], own + 1)}", own

    def _call(self, head: str, parts: Sequence[Expression]) -> str:
        arguments = ", ".join(self._part(part, -1) for part in parts)
        if head == "/":
            return f"ieee754.divide({arguments})"
        spelling = SPELLINGS.get(head)
        if spelling is None:
            return f"{_TESTS[head]}({arguments})"
        return f"{spelling.python if self._raises else spelling.total}({arguments})"


def _is_nonzero_number(node: Expression) -> bool:
    return node.head == "number" and node.parts[0] != 0.0


def number(x: float) -> str:
    if math.isfinite(x):
        return repr(x)
    return "NAN" if x != x else "INF" if x > 0.0 else "-INF"
