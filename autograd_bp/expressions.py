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
import threading
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


# ------------------------------------------------------------------ operands that come in lists
class Operands:
    """How a primitive of any number of inputs arranges them.

    Attributes:
        name: what the arrangement is called.
        elements: the names of what one step of a fold reads: one of each list.
        initial: True where one more input may follow the lists, the initial value of the fold.
        always: True where that input is always there.
    """

    def __init__(
        self, name: str, elements: tuple[str, ...], initial: bool = False, always: bool = False
    ) -> None:
        self.name, self.elements, self.initial, self.always = name, elements, initial, always

    def terms(self, count: int) -> int:
        """How long each list is, of `count` inputs."""
        return (count - self.always) // len(self.elements)

    def fit(self, count: int) -> bool:
        """Whether `count` inputs can be arranged so."""
        if self.always:
            return count > 0 and (count - 1) % len(self.elements) == 0
        return count % len(self.elements) == 0 or self.has_initial(count)

    def has_initial(self, count: int) -> bool:
        """Whether the last of `count` inputs is the initial value."""
        return self.always or (self.initial and count % len(self.elements) == 1)

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
LIST_WITH_INITIAL = Operands("a list with an initial value", ("x",), True, True)
PAIRS = Operands("pairs", ("left", "right"))
PAIRS_WITH_INITIAL = Operands("pairs with an initial value", ("left", "right"), True)


class Stage:
    """One pass of a fold over its operands.

    Arguments:
        step: the new state, from the state, the elements and the accumulators of earlier stages;
            its parameters are matched by name. Several accumulators are returned as a tuple.
        when: a condition on the accumulators of earlier stages: where it does not hold, nothing
            needs this stage, and scalar targets leave it out. None for always.
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
        return tuple(map(as_number, steps if isinstance(steps, tuple) else (steps,)))

    @functools.cached_property
    def when(self) -> Expression | None:
        when: Expression | None = None if self._when is None else _trace(self._when)
        return when


class Fold:
    """What a primitive of any number of inputs computes: stages, then a finish.

    Arguments:
        operands: how the inputs are arranged.
        stages: the passes over them, in order.
        finish: the output, from the accumulators of the stages and from `n`, the number of terms.
        partials: the partial derivative with respect to the element of one term, or a tuple
            with one for each element of a pair, from the elements, `y` (the output), `n`,
            `initial` and the totals.
        totals: what `partials` reads of all terms together. For each name two functions: one of
            the accumulators, for numbers, and one of the lists of elements, `initial`, `y` and
            the totals before it, written with entries of the table. A derivative that is recorded
            reads the nodes that the second one makes.
        initial_partial: the partial derivative with respect to the initial value, from the same;
            1 without it.
        written: all partials as formulas show them, from all inputs and `y`, where the rule has a
            form that keeps digits and says little to a reader. None for the rule itself.
    """

    def __init__(
        self,
        operands: Operands,
        stages: Sequence[Stage],
        finish: Callable[..., Any],
        partials: Callable[..., Any],
        totals: Mapping[str, tuple[Callable[..., Any], Callable[..., Any]]] | None = None,
        initial_partial: Callable[..., Any] | None = None,
        written: Callable[..., Sequence[Any]] | None = None,
    ) -> None:
        self.written = written
        self.operands, self.stages = operands, tuple(stages)
        self._finish, self.rule, self._totals = finish, partials, dict(totals or {})
        self._initial_rule = initial_partial

    @functools.cached_property
    def finish(self) -> Expression:
        return as_number(_trace(self._finish))

    @functools.cached_property
    def slopes(self) -> tuple[Expression, ...]:
        """The partials by the elements of a term, of the elements and the accumulators."""
        slopes = _trace(self.rule)
        slopes = slopes if isinstance(slopes, tuple) else (slopes,)
        return tuple([as_number(slope).substitute(self._accumulated) for slope in slopes])

    @functools.cached_property
    def initial_slope(self) -> Expression:
        """The partial by the initial value, of it and the accumulators."""
        if self._initial_rule is None:
            return _ONE
        return as_number(_trace(self._initial_rule)).substitute(self._accumulated)

    @functools.cached_property
    def _accumulated(self) -> dict[str, Expression]:
        """The totals in terms of the accumulators."""
        return {name: as_number(_trace(total)) for name, (total, _) in self._totals.items()}

    @functools.cached_property
    def stages_of_output(self) -> tuple[Stage, ...]:
        """The stages that the output needs; the others are for partials."""
        needed: list[Stage] = []
        roots = [self.finish]
        for stage in reversed(self.stages):
            names = {node.parts[0] for node in walk(*roots) if node.head == "input"}
            if names.intersection(stage.names):
                needed.append(stage)
                roots += [*stage.start, *stage.steps, *([] if stage.when is None else [stage.when])]
        return tuple(reversed(needed))

    def partials(self, *x: Any, y: Any) -> tuple[Any, ...]:
        """The rule on numbers, Values or expressions: one partial for each input."""
        if self._copies is None:
            return self._by_rule(x, y)
        n = self.operands.terms(len(x))
        initial = (1.0,) if self.operands.has_initial(len(x)) else ()
        partials: tuple[Any, ...] = ()
        for place, number in self._copies:
            partials += (number,) * n if place is None else x[place * n : (place + 1) * n]
        return partials + initial

    @functools.cached_property
    def _copies(self) -> list[tuple[int | None, float]] | None:
        """Where every partial is a number or an element: for each list of partials, the place of
        the list of inputs that it equals, or None and the number. Else None."""
        copies: list[tuple[int | None, float]] = []
        if self._initial_rule is not None:
            return None
        for slope in self.slopes:
            if slope.head == "number":
                copies.append((None, slope.parts[0]))
            elif slope.head == "input" and slope.parts[0] in self.operands.elements:
                copies.append((self.operands.elements.index(slope.parts[0]), 0.0))
            else:
                return None
        return copies

    def _by_rule(self, x: Sequence[Any], y: Any) -> tuple[Any, ...]:
        """The partials of all terms, list after list, and of the initial value, by the rules."""
        n, lists = self.operands.terms(len(x)), self.operands.lists(x)
        known = {"y": y, "n": float(n), "initial": self.operands.initial_value(x, 0.0)}
        known.update(self._numbers_of_totals(x, lists, known))
        columns = dict(zip(self.operands.elements, lists, strict=True))
        for name in parameters(self.rule):
            if name not in columns:
                columns[name] = [known[name]] * n
        names = parameters(self.rule)
        terms = [self.rule(*term) for term in zip(*[columns[name] for name in names], strict=True)]
        if len(self.slopes) > 1:
            terms = [term[k] for k in range(len(self.slopes)) for term in terms]
        if not self.operands.has_initial(len(x)):
            return tuple(terms)
        rule = self._initial_rule
        return (*terms, 1.0 if rule is None else rule(*[known[name] for name in parameters(rule)]))

    def _numbers_of_totals(
        self, x: Sequence[Any], lists: Sequence[Sequence[Any]], others: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The totals that the rules read: numbers for numbers, else nodes."""
        if not self._totals:
            return {}
        if all(type(number) is float for number in x):
            return dict(zip(self._totals, self._computed_totals(*x), strict=True))
        known = {**others, **dict(zip(self.operands.elements, lists, strict=True))}
        for name, (_, compute) in self._totals.items():
            known[name] = compute(*[known[parameter] for parameter in parameters(compute)])
        return {name: known[name] for name in self._totals}

    @functools.cached_property
    def _computed_totals(self) -> Callable[..., Sequence[float]]:
        from autograd_bp.printers import python

        return python.totals(self, tuple(self._accumulated.values()))

    def unrolled(self, operands: Sequence[Expression]) -> Expression:
        """The fold over these operands as one expression."""
        n = self.operands.terms(len(operands))
        known = {
            "n": as_expression(float(n)),
            "initial": as_expression(self.operands.initial_value(operands, 0.0)),
        }
        for stage in self.stages_of_output:
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
