"""Expressions written as text in C, read into an `Expression`.

>>> parse("a > b ? a : -b")
a > b ? a : -b
"""

from __future__ import annotations

import math
import re

from autograd_bp.errors import PrimitiveError
from autograd_bp.expressions import (
    BINDING,
    Expression,
    as_expression,
    as_number,
    as_truth,
    call,
    choose,
    letters,
    walk,
)

TOKEN = re.compile(
    r"\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|(\|\||&&|[=!<>]=|[-+*/()?:,<>!]))"
)
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/"))
HEADS = {"||": "or", "&&": "and"}
CONSTANTS = {"NAN": math.nan, "INFINITY": math.inf}


def parse(text: str) -> Expression:
    """The expression that a text in C is.

    Raises: PrimitiveError for text that is none.
    """
    reader = _Reader(text)
    tree = reader.choice()
    if reader.token is not None:
        raise PrimitiveError(
            f"the C expression {text!r} is not understood from {reader.token!r} on"
        )
    return tree


def expression_of_inputs(name: str, c: str, arity: int) -> Expression:
    """The expression that a text in C is, of the inputs a, b, c and so on of a primitive.

    Raises: PrimitiveError for text that is none, for other names, and for unknown functions.
    """
    expression, known = as_number(parse(c)), letters(arity)
    for node in walk(expression):
        if node.head == "input" and node.parts[0] not in known:
            raise PrimitiveError(
                f"{name}: the C expression {c!r} names {node.parts[0]!r}: call the inputs "
                f"{', '.join(known)} there"
            )
        if node.head not in ("input", "number", *BINDING):
            call(node.head, *node.parts)  # refuses what no backend knows
    return expression


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0
        self.token: str | None = None
        self._next()

    def _next(self) -> str | None:
        token, rest = self.token, self._text[self._place :]
        found = TOKEN.match(rest)
        if found is None and rest.strip():
            raise PrimitiveError(
                f"the C expression {self._text!r} is not understood at {rest!r:.30}"
            )
        self.token = found[0].strip() if found else None
        self._place += found.end() if found else 0
        return token

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise PrimitiveError(f"the C expression {self._text!r} lacks a {token!r}")

    def choice(self) -> Expression:
        condition = self._binary(0)
        if self.token != "?":
            return condition
        self._next()
        yes = self.choice()
        self._expect(":")
        return choose(condition, yes, self.choice())

    def _binary(self, level: int) -> Expression:
        if level == len(LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self.token in LEVELS[level]:
            operator = str(self._next())
            right = self._binary(level + 1)
            if operator in HEADS:
                left, right = as_truth(left), as_truth(right)
            else:
                left, right = as_number(left), as_number(right)
            left = Expression(HEADS.get(operator, operator), left, right)
        return left

    def _unary(self) -> Expression:
        if self.token in ("-", "!"):
            return -self._unary() if self._next() == "-" else ~self._unary()
        token = self._next()
        if token == "(":
            tree = self.choice()
            self._expect(")")
            return tree
        if token is None or not (token[0].isalnum() or token[0] == "_"):
            raise PrimitiveError(f"the C expression {self._text!r} ends too early")
        if token[0].isdigit():
            return as_expression(float(token))
        if self.token != "(":
            known = CONSTANTS.get(token)
            return Expression("input", token) if known is None else as_expression(known)
        self._next()
        operands = [self.choice()]
        while self.token == ",":
            self._next()
            operands.append(self.choice())
        self._expect(")")
        return Expression(token, *map(as_number, operands))  # a function that others may not know
