"""Expressions in C, as the table of primitives has them, read into a tree.

    >>> parse("a > b ? a : -b")
    ('?', ('>', 'a', 'b'), 'a', ('neg', 'b'))

A tree is a name, a float, or a tuple: an operator or the name of a function, and its operands.
"""

from __future__ import annotations

import re
from typing import Any

from autograd_bp.errors import ProgramError

TOKEN = re.compile(
    r"\s*(?:(\d+\.?\d*(?:[eE][-+]?\d+)?)|([A-Za-z_]\w*)|(\|\||&&|[=!<>]=|[-+*/()?:,<>!]))"
)
LEVELS = (("||",), ("&&",), ("==", "!="), ("<", ">", "<=", ">="), ("+", "-"), ("*", "/"))


def parse(text: str) -> Any:
    """The tree of an expression.

    Raises: ProgramError for text that is none.
    """
    reader = _Reader(text)
    tree = reader.choice()
    if reader.token is not None:
        raise ProgramError(f"the C expression {text!r} is not understood from {reader.token!r} on")
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._place = text, 0
        self.token: str | None = None
        self._next()

    def _next(self) -> str | None:
        token, rest = self.token, self._text[self._place :]
        found = TOKEN.match(rest)
        if found is None and rest.strip():
            raise ProgramError(f"the C expression {self._text!r} is not understood at {rest!r:.30}")
        self.token = found[0].strip() if found else None
        self._place += found.end() if found else 0
        return token

    def _expect(self, token: str) -> None:
        if self._next() != token:
            raise ProgramError(f"the C expression {self._text!r} lacks a {token!r}")

    def choice(self) -> Any:
        condition = self._binary(0)
        if self.token != "?":
            return condition
        self._next()
        yes = self.choice()
        self._expect(":")
        return ("?", condition, yes, self.choice())

    def _binary(self, level: int) -> Any:
        if level == len(LEVELS):
            return self._unary()
        left = self._binary(level + 1)
        while self.token in LEVELS[level]:
            left = (self._next(), left, self._binary(level + 1))
        return left

    def _unary(self) -> Any:
        if self.token in ("-", "!"):
            return ("neg" if self._next() == "-" else "!", self._unary())
        token = self._next()
        if token == "(":
            tree = self.choice()
            self._expect(")")
            return tree
        if token is None or not (token[0].isalnum() or token[0] == "_"):
            raise ProgramError(f"the C expression {self._text!r} ends too early")
        if token[0].isdigit():
            return float(token)
        if self.token != "(":
            return token
        self._next()
        operands = [self.choice()]
        while self.token == ",":
            self._next()
            operands.append(self.choice())
        self._expect(")")
        return (token, *operands)
