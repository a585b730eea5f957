"""Expressions evaluated on the numbers of another library, which both SymPy and mpmath are here.

An expression is walked without recursion. Of a choice whose condition is decided only one branch
is computed: the other may divide by 0.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd_bp.expressions import Expression, inputs, letters
from autograd_bp.folds import Fold

Foreign = Any  # a number of the other library


class Evaluator:
    """How one library computes.

    Arguments:
        functions: each operation by its head: arithmetic, comparisons, logic, tests, functions.
        number: a number of the library, from a float.
    """

    def __init__(
        self, functions: Mapping[str, Callable[..., Foreign]], number: Callable[[float], Foreign]
    ) -> None:
        self._functions = {**_OPERATORS, **functions}
        self.number = number

    def evaluate(self, root: Expression, values: Mapping[str, Foreign]) -> Foreign:
        """An expression on values of its inputs, by name."""
        return self._evaluated(root, values, {})

    def _evaluated(
        self, root: Expression, values: Mapping[str, Foreign], results: dict[int, Foreign]
    ) -> Foreign:
        """The same, beside results of other expressions."""
        pending = [root]
        while pending:
            node = pending[-1]
            missing = [part for part in self._needed(node, results) if id(part) not in results]
            if missing:
                pending += missing
                continue
            pending.pop()
            results[id(node)] = self._result(node, results, values)
        return results[id(root)]

    def _result(
        self, node: Expression, results: dict[int, Foreign], values: Mapping[str, Foreign]
    ) -> Foreign:
        """The result of an operation from those of its operands."""
        if node.head == "input":
            return values[node.parts[0]]
        if node.head == "number":
            return self.number(node.parts[0])
        if node.head == "?":
            return self._chosen(node, results)
        return self._functions[node.head](*[results[id(part)] for part in node.parts])

    def apply(self, form: Expression | Fold, operands: Sequence[Foreign]) -> Foreign:
        """Compute a primitive on numbers of the library, from its expression or fold."""
        names = letters(len(operands))
        if isinstance(form, Fold):
            form = form.unrolled(inputs(*names))
        return self.evaluate(form, dict(zip(names, operands, strict=True)))

    def define(
        self,
        definition: Callable[..., Any],
        operands: Sequence[Foreign],
        apply: Callable[[Any, Sequence[Foreign]], Foreign],
    ) -> Foreign:
        """Compute a definition in terms of other primitives on numbers of the library.

        Arguments:
            definition: the column of the table.
            operands: its inputs.
            apply: computes another primitive of numbers of the library.
        """
        result = definition(*[_Number(operand, self, apply) for operand in operands])
        return result.value if isinstance(result, _Number) else self.number(float(result))

    def decided(self, condition: Foreign) -> bool | None:
        """Whether a condition holds; None where that depends on numbers that are not known."""
        return bool(condition)

    def choose(self, condition: Foreign, yes: Foreign, no: Foreign) -> Foreign:
        """A choice by a condition that is not decided."""
        raise NotImplementedError

    def _needed(self, node: Expression, results: Mapping[int, Foreign]) -> Sequence[Expression]:
        if node.head != "?":
            return node.operands
        condition, yes, no = node.parts
        if id(condition) not in results:
            return (condition,)
        decided = self.decided(results[id(condition)])
        return (yes, no) if decided is None else (yes if decided else no,)

    def _chosen(self, node: Expression, results: Mapping[int, Foreign]) -> Foreign:
        condition, yes, no = node.parts
        decided = self.decided(results[id(condition)])
        if decided is not None:
            return results[id(yes if decided else no)]
        return self.choose(*[results[id(part)] for part in node.parts])


_OPERATORS: dict[str, Callable[..., Any]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "neg": operator.neg,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
    "and": lambda a, b: a and b,
    "or": lambda a, b: a or b,
    "not": operator.not_,
}


class _Number:
    """A number of another library, with the operators that definitions use."""

    def __init__(self, value: Foreign, evaluator: Evaluator, apply: Callable[..., Foreign]) -> None:
        self.value, self._evaluator, self._apply = value, evaluator, apply

    def __apply_primitive__(self, op: Any, operands: Sequence[Any]) -> _Number:
        values = [self._value(operand) for operand in operands]
        return _Number(self._apply(op, values), self._evaluator, self._apply)

    def _value(self, operand: Any) -> Foreign:
        if isinstance(operand, _Number):
            return operand.value
        return self._evaluator.number(float(operand))

    def _with(self, head: str, *operands: Any) -> _Number:
        function = self._evaluator._functions[head]
        value = function(*[self._value(operand) for operand in operands])
        return _Number(value, self._evaluator, self._apply)

    def __add__(self, other: Any) -> _Number:
        return self._with("+", self, other)

    def __radd__(self, other: Any) -> _Number:
        return self._with("+", other, self)

    def __sub__(self, other: Any) -> _Number:
        return self._with("-", self, other)

    def __rsub__(self, other: Any) -> _Number:
        return self._with("-", other, self)

    def __mul__(self, other: Any) -> _Number:
        return self._with("*", self, other)

    def __rmul__(self, other: Any) -> _Number:
        return self._with("*", other, self)

    def __truediv__(self, other: Any) -> _Number:
        return self._with("/", self, other)

    def __rtruediv__(self, other: Any) -> _Number:
        return self._with("/", other, self)

    def __pow__(self, other: Any) -> _Number:
        return self._with("pow", self, other)

    def __rpow__(self, other: Any) -> _Number:
        return self._with("pow", other, self)

    def __neg__(self) -> _Number:
        return self._with("neg", self)

    def __abs__(self) -> _Number:
        return self._with("fabs", self)

    def __lt__(self, other: Any) -> bool:
        return bool(self.value < self._value(other))

    def __le__(self, other: Any) -> bool:
        return bool(self.value <= self._value(other))

    def __gt__(self, other: Any) -> bool:
        return bool(self.value > self._value(other))

    def __ge__(self, other: Any) -> bool:
        return bool(self.value >= self._value(other))
