"""What a primitive computes, as a tree that every target prints in its own language.

An `Expression` is an input, a number, or an operation on expressions. It is written with ordinary
operators and with the entries of the table, which put their own expressions in their places:

    >>> from autograd_bp.expressions import inputs, choose
    >>> from autograd_bp.primitives import exp
    >>> (a,) = inputs("a")
    >>> choose(a > 0.0, a, exp(a) - 1.0)
    a > 0.0 ? a : exp(a) - 1.0

A primitive of any number of inputs is a `Fold`: it visits its operands one after another.
Expressions know no target. The folder printers/ writes them in Python, C, JavaScript and so on.
"""

from __future__ import annotations

import functools
import math
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd_bp.errors import PrimitiveError

ARITHMETIC = ("+", "-", "*", "/")
COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
LOGIC = ("and", "or", "not")
TESTS = ("isnan", "isinf", "isfinite")
FUNCTIONS = frozenset((
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "copysign", "cos", "cosh",
    "erf", "erfc", "exp", "expm1", "fabs", "floor", "hypot", "log", "log10", "log1p", "log2", "pow",
    "sin", "sinh", "sqrt", "tan", "tanh",
))  # fmt: skip
"""The functions that an expression may call; C's names. printers/functions.py says what each is
called elsewhere."""

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
        if _Branches.current is not None:
            raise PrimitiveError("a function that looks its number up cannot be traced")
        return id(self) >> 4

    def __add__(self, other: Any) -> Expression:
        return Expression("+", self, as_expression(other))

    def __radd__(self, other: Any) -> Expression:
        return Expression("+", as_expression(other), self)

    def __sub__(self, other: Any) -> Expression:
        return Expression("-", self, as_expression(other))

    def __rsub__(self, other: Any) -> Expression:
        return Expression("-", as_expression(other), self)

    def __mul__(self, other: Any) -> Expression:
        return Expression("*", self, as_expression(other))

    def __rmul__(self, other: Any) -> Expression:
        return Expression("*", as_expression(other), self)

    def __truediv__(self, other: Any) -> Expression:
        return Expression("/", self, as_expression(other))

    def __rtruediv__(self, other: Any) -> Expression:
        return Expression("/", as_expression(other), self)

    def __pow__(self, other: Any) -> Expression:
        return Expression("pow", self, as_expression(other))

    def __rpow__(self, other: Any) -> Expression:
        return Expression("pow", as_expression(other), self)

    def __neg__(self) -> Expression:
        return Expression("neg", self)

    def __pos__(self) -> Expression:
        return self

    def __abs__(self) -> Expression:
        return Expression("fabs", self)

    def __lt__(self, other: Any) -> Expression:
        return Expression("<", self, as_expression(other))

    def __le__(self, other: Any) -> Expression:
        return Expression("<=", self, as_expression(other))

    def __gt__(self, other: Any) -> Expression:
        return Expression(">", self, as_expression(other))

    def __ge__(self, other: Any) -> Expression:
        return Expression(">=", self, as_expression(other))

    def __eq__(self, other: Any) -> Expression:  # type: ignore[override]
        return Expression("==", self, as_expression(other))

    def __ne__(self, other: Any) -> Expression:  # type: ignore[override]
        return Expression("!=", self, as_expression(other))

    def __or__(self, other: Any) -> Expression:
        return Expression("or", as_truth(self), as_truth(other))

    def __and__(self, other: Any) -> Expression:
        return Expression("and", as_truth(self), as_truth(other))

    def __invert__(self) -> Expression:
        return Expression("not", as_truth(self))

    def __bool__(self) -> bool:
        condition = as_truth(self)
        if _Branches.current is None:
            raise PrimitiveError(
                f"the truth of the expression {self!r} is not known before it has numbers: use "
                "choose(condition, a, b)"
            )
        return _Branches.current.answer(condition)

    def __float__(self) -> float:
        raise PrimitiveError(f"the expression {self!r} has no number: it is to be printed")

    __int__ = __index__ = __float__

    def __apply_primitive__(self, op: Any, operands: Sequence[Any]) -> Expression:
        """What an entry of the table is of expressions (see `Primitive.__call__`)."""
        if op.expression is None:
            raise PrimitiveError(f"{op.name} has no expression, so none can be made of it")
        parts = [as_expression(operand) for operand in operands]
        if isinstance(op.expression, Fold):
            return op.expression.unrolled(parts)
        expression: Expression = op.expression
        return expression.substitute(dict(zip(letters(len(parts)), parts, strict=True)))

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
    return Expression(name, *map(as_expression, operands))


def choose(condition: Any, yes: Any, no: Any) -> Expression:
    """`yes` where the condition holds, else `no`. A number is true where it is not 0."""
    return Expression("?", as_truth(condition), *map(as_expression, (yes, no)))


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


# ------------------------------------------------------------------ operands that come in lists
class Operands:
    """How a primitive of any number of inputs arranges them.

    Attributes:
        name: what the arrangement is called.
        elements: the names of what one step of a fold reads: one of each list.
        initial: True where one more input may follow the lists, the initial value of the fold.
    """

    def __init__(self, name: str, elements: tuple[str, ...], initial: bool = False) -> None:
        self.name, self.elements, self.initial = name, elements, initial

    def terms(self, count: int) -> int:
        """How long each list is, of `count` inputs."""
        return count // len(self.elements)

    def has_initial(self, count: int) -> bool:
        """Whether the last of `count` inputs is the initial value."""
        return self.initial and count % len(self.elements) == 1

    def lists(self, operands: Sequence[Any]) -> list[Sequence[Any]]:
        """The inputs as one list for each of `elements`, all of one length."""
        n = self.terms(len(operands))
        return [operands[k * n : (k + 1) * n] for k in range(len(self.elements))]

    def initial_value(self, operands: Sequence[Any], default: Any = None) -> Any:
        """The initial value among the inputs, or `default`."""
        return operands[-1] if self.has_initial(len(operands)) else default

    def partner(self, k: int, count: int) -> int | None:
        """Of pairs, the place of the input that the k-th of `count` inputs is paired with."""
        n = self.terms(count)
        if len(self.elements) != 2 or k >= 2 * n:
            return None
        return k + n if k < n else k - n

    def __repr__(self) -> str:
        return f"<operands: {self.name}>"


LIST = Operands("list", ("x",))
PAIRS = Operands("pairs", ("left", "right"))
PAIRS_WITH_INITIAL = Operands("pairs with an initial value", ("left", "right"), True)


class Stage:
    """One pass of a fold over its operands.

    Arguments:
        step: the new state, from the state, the elements and what earlier stages found; its
            parameters are matched by name. Several accumulators are returned as a tuple.
        when: a condition on what earlier stages found: where it does not hold, nothing needs
            this stage, and scalar targets leave it out. None for always.
        state: each accumulator by name, and its number before the first element. INITIAL stands
            for the initial value among the inputs, 0 where there is none.
    """

    def __init__(
        self,
        step: Callable[..., Any],
        *,
        when: Callable[..., Expression] | None = None,
        **state: float | Expression,
    ) -> None:
        self.names = tuple(state)
        self._state, self._step, self._when = tuple(state.values()), step, when

    # Read when a target first asks: the import of the table is shorter without.
    @functools.cached_property
    def start(self) -> tuple[Expression, ...]:
        return tuple([as_expression(number) for number in self._state])

    @functools.cached_property
    def steps(self) -> tuple[Expression, ...]:
        steps = _trace(self._step)
        return steps if isinstance(steps, tuple) else (as_expression(steps),)

    @functools.cached_property
    def when(self) -> Expression | None:
        when: Expression | None = None if self._when is None else _trace(self._when)
        return when


class Fold:
    """What a primitive of any number of inputs computes: stages, then a finish.

    Arguments:
        operands: how the inputs are arranged.
        stages: the passes over them, in order.
        finish: the output, from what the stages found and from `n`, the number of terms.
        partials: the partial derivative with respect to the element of one term, or a tuple
            with one for each element of a pair, from the elements, `y` (the output), `n` and
            what the stages found. The partial with respect to the initial value is 1.
        found: for each accumulator that `partials` reads how it is computed with entries of the
            table, from the lists of elements, `y` and the accumulators before it. A derivative
            that is recorded reads these nodes; numbers are read from the stages.
    """

    def __init__(
        self,
        operands: Operands,
        stages: Sequence[Stage],
        finish: Callable[..., Any],
        partials: Callable[..., Any],
        found: Mapping[str, Callable[..., Any]] | None = None,
    ) -> None:
        self.operands, self.stages = operands, tuple(stages)
        self._finish, self.rule, self._found = finish, partials, dict(found or {})

    @functools.cached_property
    def finish(self) -> Expression:
        return as_expression(_trace(self._finish))

    @functools.cached_property
    def slopes(self) -> tuple[Expression, ...]:
        slopes = _trace(self.rule)
        return tuple(map(as_expression, slopes if isinstance(slopes, tuple) else (slopes,)))

    def partials(self, *x: Any, y: Any) -> tuple[Any, ...]:
        """The rule on numbers, Values or expressions: one partial for each input."""
        n, count = self.operands.terms(len(x)), len(x)
        lists = self.operands.lists(x)
        known = [self._without_rule(slope, lists, n) for slope in self.slopes]
        if None in known:
            names = parameters(self.rule)
            rest = {"y": y, "n": float(n), **self._accumulators(x, lists, y)}
            places = [self.operands.elements.index(a) if a not in rest else None for a in names]
            terms = [
                self.rule(
                    *[
                        rest[name] if place is None else term[place]
                        for name, place in zip(names, places, strict=True)
                    ]
                )
                for term in zip(*lists, strict=True)
            ]
            if len(self.slopes) == 1:
                known = [terms]
            else:
                known = [[term[k] for term in terms] for k in range(len(self.slopes))]
        initial = (1.0,) if self.operands.has_initial(count) else ()
        return (*[slope for slopes in known for slope in slopes], *initial)  # type: ignore[union-attr]

    def _accumulators(
        self, x: Sequence[Any], lists: Sequence[Sequence[Any]], y: Any
    ) -> dict[str, Any]:
        """What the partials read of the stages: numbers for numbers, else nodes."""
        if not self._found:
            return {}
        if all(type(number) is float for number in x):
            return dict(zip(self._found, self._accumulated(*x), strict=True))
        known: dict[str, Any] = {"y": y, **dict(zip(self.operands.elements, lists, strict=True))}
        for name, compute in self._found.items():
            known[name] = compute(*[known[parameter] for parameter in parameters(compute)])
        return {name: known[name] for name in self._found}

    @functools.cached_property
    def _accumulated(self) -> Callable[..., Sequence[float]]:
        from autograd_bp.printers import python

        return python.accumulators(self, tuple(self._found))

    def _without_rule(
        self, slope: Expression, lists: Sequence[Sequence[Any]], n: int
    ) -> Sequence[Any] | None:
        """The partials of one list where they are one number, or another list as it is."""
        if slope.head == "number":
            return (slope.parts[0],) * n
        if slope.head == "input" and slope.parts[0] in self.operands.elements:
            return lists[self.operands.elements.index(slope.parts[0])]
        return None

    def unrolled(self, operands: Sequence[Expression]) -> Expression:
        """The fold over these operands as one expression."""
        n = self.operands.terms(len(operands))
        known = {
            "n": as_expression(float(n)),
            "initial": as_expression(self.operands.initial_value(operands, 0.0)),
        }
        for stage in self.stages:
            known.update(zip(stage.names, [s.substitute(known) for s in stage.start], strict=True))
            for term in zip(*self.operands.lists(operands), strict=True):
                at = {**known, **dict(zip(self.operands.elements, term, strict=True))}
                known.update(zip(stage.names, [s.substitute(at) for s in stage.steps], strict=True))
        return self.finish.substitute(known)


INITIAL = Expression("input", "initial")


def parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters; quicker to load than the module inspect."""
    code = function.__code__
    return tuple(code.co_varnames[: code.co_argcount])


def _trace(function: Callable[..., Any]) -> Any:
    """What a function gives for inputs with the names of its parameters."""
    return function(*inputs(*parameters(function)))


# ------------------------------------------------------------------------ tracing functions
class _Branches:
    """The answers that a traced function got when it asked for the truth of expressions."""

    current: _Branches | None = None
    MAX_PATHS = 64

    def __init__(self, answers: Sequence[bool]) -> None:
        self.answers = [*answers]
        self.conditions: list[Expression] = []

    def answer(self, condition: Expression) -> bool:
        for known, answer in zip(self.conditions, self.answers, strict=False):
            if known is condition:
                return answer
        self.conditions.append(condition)
        if len(self.conditions) > len(self.answers):
            self.answers.append(True)
        return self.answers[len(self.conditions) - 1]


def traced(function: Callable[..., Any], arity: int) -> Expression | None:
    """What a Python function of numbers computes, as an expression; None where it cannot be seen.

    A function that branches on its numbers runs once for each path through it, up to 64 of them.
    It may use the module `math`. Loops whose length depends on the numbers cannot be seen, and a
    function that reads variables other than modules and functions is left alone: they may change.
    """
    from autograd_bp.printers.functions import reads_variables, tracing

    if reads_variables(function):
        return None
    visible = tracing(function)
    paths = _all_paths(lambda *x: (visible(*x),), arity)
    return None if paths is None else paths[0]


def traced_rule(rule: Callable[..., Sequence[Any]], arity: int) -> tuple[Expression, ...] | None:
    """The partials that a rule gives, in the inputs and in `y`; None where they cannot be seen.

    The rule is traced as `traced` does it. It may read variables: it is called again wherever a
    derivative is differentiated, and what is printed is what it says now.
    """
    from autograd_bp.printers.functions import tracing

    visible = tracing(rule)
    (y,) = inputs("y")
    partials = _all_paths(lambda *x: visible(*x, y=y), arity)
    return None if partials is None or len(partials) != arity else partials


def _all_paths(function: Callable[..., Sequence[Any]], arity: int) -> tuple[Expression, ...] | None:
    try:
        return _paths(function, inputs(*letters(arity)), [])
    except Exception:
        return None  # whatever a function does to numbers that are none, it is not to be seen
    finally:
        _Branches.current = None


def _paths(
    function: Callable[..., Sequence[Any]], nodes: Sequence[Expression], answers: list[bool]
) -> tuple[Expression, ...]:
    if len(answers) > math.log2(_Branches.MAX_PATHS):
        raise PrimitiveError("the function has too many branches")
    branches = _Branches.current = _Branches(answers)
    results = tuple(map(as_expression, function(*nodes)))
    for k in range(len(branches.answers) - 1, len(answers) - 1, -1):
        others = _paths(function, nodes, [*branches.answers[:k], False])
        results = tuple(
            [
                yes if yes is no else Expression("?", branches.conditions[k], yes, no)
                for yes, no in zip(results, others, strict=True)
            ]
        )
    return results
