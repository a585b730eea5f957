"""Expressions: a primitive's computation as a tree that every target prints in its own language.

An `Expression` is an input, a number, or an operation on expressions. It is written with ordinary
operators and with the entries of the table, which put their own expressions in their places:

    >>> from autograd_bp.expressions import inputs, choose
    >>> from autograd_bp.primitives import exp
    >>> (a,) = inputs("a")
    >>> choose(a > 0.0, a, exp(a) - 1.0)
    a > 0.0 ? a : exp(a) - 1.0

A primitive of any number of inputs is a `Fold` of expressions: see folds.py.
Expressions know no target. The folder printers/ writes them in Python, C, JavaScript and so on.
"""

from __future__ import annotations

import threading
import weakref
from collections.abc import Iterator, Sequence
from typing import Any

from autograd_bp.errors import PrimitiveError

ARITHMETIC = ("+", "-", "*", "/")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
LOGIC = ("and", "or", "not")
TESTS = ("isnan", "isinf", "isfinite")
FUNCTIONS = frozenset((
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "copysign", "cos", "cosh",
    "erf", "erfc", "exp", "expm1", "fabs", "floor", "fmod", "hypot", "log", "log10", "log1p",
    "log2", "pow", "sin", "sinh", "sqrt", "tan", "tanh",
))  # fmt: skip
"""The functions that an expression may call; C's names. printers/functions.py says what each is
called elsewhere."""

OF_TWO = ("atan2", "copysign", "fmod", "hypot", "pow")
"""The functions of two inputs; the others take one."""

MAX_SHOWN_OPERATIONS = 500  # of an expression's repr

# How strongly an operation binds, for brackets; the same order in Python, C and JavaScript.
BINDING = {
    "?": 0,
    "or": 1,
    "and": 2,
    "not": 3,
    **dict.fromkeys(COMPARISONS, 4),
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "neg": 7,
}
CALL = 8

_SYMBOLS = {"and": "&&", "or": "||"}
_known: weakref.WeakValueDictionary[Any, Expression] = weakref.WeakValueDictionary()


class Expression:
    """An operation and its operands; equal expressions are one object.

    Attributes:
        head: "input", "number", "?", "neg", an operator (`ARITHMETIC`, `COMPARISONS`, `LOGIC`),
            a test (`TESTS`) or a function (`FUNCTIONS`).
        parts: the operands; of an input its name, of a number its float.

    A comparison is an expression too. Asking for its truth raises PrimitiveError, unless a
    function is being traced (see `traced`), which then runs once for each answer.
    """

    __slots__ = ("__weakref__", "head", "parts")
    head: str
    parts: tuple[Any, ...]

    def __new__(cls, head: str, *parts: Any) -> Expression:
        if head in ("number", "input"):
            key: tuple[Any, ...] = (head, repr(parts[0]))  # which tells -0.0 from 0.0
        else:
            key = (head, *map(id, parts))  # they live as long as the node
        node = _known.get(key)
        if node is None:
            node = super().__new__(cls)
            node.head = head
            node.parts = parts
            _known[key] = node
        return node

    def __hash__(self) -> int:
        if Branches.current is not None:
            raise PrimitiveError("a function that looks its number up cannot be traced")
        return id(self) >> 4

    def __add__(self, other: Any) -> Expression:
        return Expression("+", as_number(self), as_number(other))

    def __radd__(self, other: Any) -> Expression:
        return Expression("+", as_number(other), as_number(self))

    def __sub__(self, other: Any) -> Expression:
        return Expression("-", as_number(self), as_number(other))

    def __rsub__(self, other: Any) -> Expression:
        return Expression("-", as_number(other), as_number(self))

    def __mul__(self, other: Any) -> Expression:
        return Expression("*", as_number(self), as_number(other))

    def __rmul__(self, other: Any) -> Expression:
        return Expression("*", as_number(other), as_number(self))

    def __truediv__(self, other: Any) -> Expression:
        return Expression("/", as_number(self), as_number(other))

    def __rtruediv__(self, other: Any) -> Expression:
        return Expression("/", as_number(other), as_number(self))

    def __pow__(self, other: Any) -> Expression:
        return Expression("pow", as_number(self), as_number(other))

    def __rpow__(self, other: Any) -> Expression:
        return Expression("pow", as_number(other), as_number(self))

    def __neg__(self) -> Expression:
        return Expression("neg", as_number(self))

    def __pos__(self) -> Expression:
        return as_number(self)

    def __abs__(self) -> Expression:
        return Expression("fabs", as_number(self))

    def __lt__(self, other: Any) -> Expression:
        return Expression("<", as_number(self), as_number(other))

    def __le__(self, other: Any) -> Expression:
        return Expression("<=", as_number(self), as_number(other))

    def __gt__(self, other: Any) -> Expression:
        return Expression(">", as_number(self), as_number(other))

    def __ge__(self, other: Any) -> Expression:
        return Expression(">=", as_number(self), as_number(other))

    def __eq__(self, other: Any) -> Expression:  # type: ignore[override]
        return Expression("==", as_number(self), as_number(other))

    def __ne__(self, other: Any) -> Expression:  # type: ignore[override]
        return Expression("!=", as_number(self), as_number(other))

    def __or__(self, other: Any) -> Expression:
        return Expression("or", as_truth(self), as_truth(other))

    def __and__(self, other: Any) -> Expression:
        return Expression("and", as_truth(self), as_truth(other))

    def __invert__(self) -> Expression:
        return Expression("not", as_truth(self))

    def __bool__(self) -> bool:
        condition = as_truth(self)
        if Branches.current is None:
            raise PrimitiveError(
                f"the truth of the expression {self!r} is not known before it has numbers: use "
                "choose(condition, a, b)"
            )
        return Branches.current.answer(condition)

    def __float__(self) -> float:
        raise PrimitiveError(f"the expression {self!r} has no number: it is to be printed")

    __int__ = __index__ = __float__

    def __apply_primitive__(self, op: Any, operands: Sequence[Any]) -> Expression:
        """Apply an entry of the table to expressions (see `Primitive.__call__`)."""
        if op.expression is None:
            raise PrimitiveError(f"{op.name} has no expression, so none can be made of it")
        parts = [as_expression(operand) for operand in operands]
        if isinstance(op.expression, Expression):
            return op.expression.substitute(dict(zip(letters(len(parts)), parts, strict=True)))
        whole: Expression = op.expression.unrolled(parts)  # a Fold, see folds.py
        return whole

    @property
    def is_truth(self) -> bool:
        """True for a comparison, a test and what connects them."""
        return self.head in COMPARISONS or self.head in LOGIC or self.head in TESTS

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The operands; none for an input and a number."""
        return () if self.head in ("input", "number") else self.parts

    def substitute(self, values: dict[str, Expression]) -> Expression:
        """The expression with other expressions in the place of its inputs."""
        done: dict[int, Expression] = {}
        for node in walk(self):
            if node.head == "input":
                done[id(node)] = values.get(node.parts[0], node)
            elif node.head == "number":
                done[id(node)] = node
            else:
                done[id(node)] = Expression(node.head, *[done[id(part)] for part in node.parts])
        return done[id(self)]

    def __repr__(self) -> str:
        # Shared parts are written once for each use, so the text may be much longer.
        lengths: dict[int, int] = {}
        for node in walk(self):
            lengths[id(node)] = 1 + sum([lengths[id(part)] for part in node.operands])
        if lengths[id(self)] > MAX_SHOWN_OPERATIONS:
            return f"<expression of {len(lengths)} operations>"
        return _shown(self, -1)


def _shown(node: Expression, binding: int) -> str:
    if node.head == "number":
        return repr(node.parts[0])
    if node.head == "input":
        return str(node.parts[0])
    own = BINDING.get(node.head, CALL)
    parts = [_shown(part, own + (k > 0)) for k, part in enumerate(node.parts)]
    if node.head == "?":
        text = f"{parts[0]} ? {parts[1]} : {parts[2]}"
    elif node.head in ("neg", "not"):
        text = ("-" if node.head == "neg" else "!") + parts[0]
    elif own == CALL:
        return f"{node.head}({', '.join(_shown(part, -1) for part in node.parts)})"
    else:
        text = f"{parts[0]} {_SYMBOLS.get(node.head, node.head)} {parts[1]}"
    return f"({text})" if own < binding else text


# ------------------------------------------------------------------------- making expressions
def as_expression(operand: Any) -> Expression:
    """An expression as it is, a plain number as a number.

    Raises: PrimitiveError for anything else.
    """
    if isinstance(operand, Expression):
        return operand
    try:
        return Expression("number", float(operand))
    except (TypeError, ValueError):
        raise PrimitiveError(
            f"an expression is made of numbers and inputs, got {type(operand).__name__} "
            f"{operand!r:.60}"
        ) from None


def as_number(operand: Any) -> Expression:
    """An expression as a number: of a condition 1 where it holds, else 0, as in Python and C."""
    expression = as_expression(operand)
    return Expression("?", expression, _ONE, _ZERO) if expression.is_truth else expression


def as_truth(operand: Any) -> Expression:
    """A condition as it is; of a number whether it differs from 0."""
    expression = as_expression(operand)
    return expression if expression.is_truth else expression != 0.0


def inputs(*names: str) -> tuple[Expression, ...]:
    """An input for each name."""
    return tuple([Expression("input", name) for name in names])


def letters(count: int) -> tuple[str, ...]:
    """The names of the inputs of a primitive: a, b, c, then x3, x4 and so on."""
    return tuple(["abc"[k] if k < 3 else f"x{k}" for k in range(count)])


def call(name: str, *operands: Any) -> Expression:
    """A function of `FUNCTIONS` or a test of `TESTS`."""
    if name not in FUNCTIONS and name not in TESTS:
        raise PrimitiveError(
            f"expressions know no function {name!r}: they know {', '.join(sorted(FUNCTIONS))}"
        )
    if len(operands) != (2 if name in OF_TWO else 1):
        raise PrimitiveError(
            f"{name} takes {2 if name in OF_TWO else 1} inputs, got {len(operands)}"
        )
    return Expression(name, *map(as_number, operands))


def choose(condition: Any, yes: Any, no: Any) -> Expression:
    """`yes` where the condition holds, else `no`. A number is true where it is not 0."""
    return Expression("?", as_truth(condition), *map(as_number, (yes, no)))


def walk(*roots: Expression) -> Iterator[Expression]:
    """Every expression that the roots are made of, once, each after its operands."""
    seen: set[int] = set()
    pending = [(root, False) for root in reversed(roots)]
    while pending:
        node, ready = pending.pop()
        if ready:
            yield node
        elif id(node) not in seen:
            seen.add(id(node))
            pending.append((node, True))
            pending += [(part, False) for part in reversed(node.operands)]


def last_uses(nodes: Sequence[Expression], roots: Sequence[Expression]) -> dict[int, int]:
    """Of a walk over roots, the place of the node that needs each node last, by its identity;
    what a root is has no such place but the end."""
    places = {id(part): place for place, node in enumerate(nodes) for part in node.operands}
    return places | {id(root): len(nodes) for root in roots}


_ZERO, _ONE = as_expression(0.0), as_expression(1.0)


# ------------------------------------------------------------ see printers/tracing.py
class Branches:
    """The answers that a traced function got when it asked for the truth of expressions."""

    current: Branches | None = None
    MAX_PATHS = 64
    MAX_CONDITIONS = 64  # a loop may go on for as long as the answer is yes
    lock = threading.RLock()

    def __init__(self, answers: Sequence[bool]) -> None:
        self.answers = [*answers]
        self.conditions: list[Expression] = []

    def answer(self, condition: Expression) -> bool:
        for known, answer in zip(self.conditions, self.answers, strict=False):
            if known is condition:
                return answer
        if len(self.conditions) == Branches.MAX_CONDITIONS:
            raise PrimitiveError("the function asks about its numbers again and again")
        self.conditions.append(condition)
        if len(self.conditions) > len(self.answers):
            self.answers.append(True)
        return self.answers[len(self.conditions) - 1]
