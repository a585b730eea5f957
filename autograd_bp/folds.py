"""Primitives of any number of inputs: how their operands are arranged, and how they are folded.

A `Fold` visits its operands one after another. What it computes for each of them, its stages, are
expressions; printers write them as loops.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd_bp.expressions import (
    Expression,
    as_expression,
    as_number,
    inputs,
    walk,
)


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
    """The computation of a primitive of any number of inputs: stages, then a finish.

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
            return as_expression(1.0)
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
    """Call a function with inputs that have the names of its parameters."""
    return function(*inputs(*parameters(function)))
