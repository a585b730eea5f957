"""Writes the terms that one member of a loop passes on, as a small program.

The rule of a primitive is applied once to Values, by the sweep that records derivatives of graphs:
so what an exact zero stops, what a gate closes and what refuses is decided there, and there alone.
The result is emitted once for each kind of operands, over all members of a loop.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import dead_code, optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.contexts import no_branching, recording
from autograd_bp.derivatives.graphs import Region, is_fixed
from autograd_bp.derivatives.policies import AnyNumbers, nan_if_infinite
from autograd_bp.derivatives.ranges import UNKNOWN, Range
from autograd_bp.derivatives.recorded import Recorded
from autograd_bp.derivatives.sweeps import is_zero
from autograd_bp.errors import AutogradError
from autograd_bp.graph import topological_order
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive
from autograd_bp.value import Value

MAX_KEPT = 512  # rules of the library's primitives
Number = Any  # a float or a Value


class UnsupportedError(Exception):
    """A rule that cannot be seen from one member alone: the gradient is recorded instead."""


class OpenQuestions:
    """Whether rules left open what a gradient of 0 is, see `questions_left_open`."""

    def __init__(self) -> None:
        self.any = False


_questions: ContextVar[OpenQuestions | None] = ContextVar("questions", default=None)


@contextmanager
def questions_left_open() -> Iterator[OpenQuestions]:
    """Around a derivation of which the result is looked at before it is handed out.

    A gradient of 0 stops an infinite slope if nothing has reached it; if its parts cancel, their
    product is NaN. Asking all paths which of the two it is would double a program. So where a
    gradient may be parts that cancel, nothing is asked and the product is NaN in both cases.
    A result with a NaN is then computed again, by a program that asks. Outside of such a block a
    gradient of 0 is taken for one that nothing has reached.
    """
    questions = OpenQuestions()
    token = _questions.set(questions)
    try:
        yield questions
    finally:
        _questions.reset(token)


@dataclass(frozen=True)
class Operand:
    """The facts about one input of a primitive, for all members of a loop.

    Attributes:
        number: the constant that it is, if it is the same one for all members.
        infinite: whether it may be infinite or NaN.
        moves: whether a derivative passes it.
        tangent: in forward mode what is known of its tangent.
        sure: of an adjoint whether a 0 surely says that nothing has reached it; it does where it
            is a product of slopes and no sum.
    """

    number: float | None = None
    infinite: bool = False
    moves: bool = False
    tangent: Operand | None = None
    sure: bool = True

    @property
    def key(self) -> Any:
        tangent = None if self.tangent is None else self.tangent.key
        return repr(self.number), self.infinite, self.moves, tangent, self.sure


@dataclass(frozen=True)
class Factor:
    """A register of the rule's program: an input of it, a constant, or what it computes.

    Attributes:
        kind: "input", "constant" or "result".
        number: which input or result, or the constant.
    """

    kind: str
    number: float


@dataclass(frozen=True)
class Rule:
    """The terms that one member passes on.

    Attributes:
        program: computes the results; its inputs are those operands that are no constants, one
            after the other, then the output of the primitive, then the adjoint or the tangents.
        amounts: for each operand (in forward mode for the output) the factors of what it gets,
            one or two; none where nothing passes.
        is_open: whether it leaves open what a gradient of 0 is.
        described: its descriptions for lists of some terms, by the numbers of both; see wide.py.
    """

    program: Program
    amounts: tuple[tuple[Factor, ...], ...]
    is_open: bool = False
    described: dict[tuple[int, int], Any] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def loops(self) -> Loops:
        return roll(self.program)

    @cached_property
    def is_single(self) -> bool:
        """Whether every instruction has a fixed number of inputs."""
        return all(op.arity is not None for _, op, _ in self.program.instructions())

    @cached_property
    def reads(self) -> set[int]:
        """The inputs that are read."""
        first = len(self.program.inputs)
        used = {k for k in self.program.operands if k < first}
        return used | {int(f.number) for a in self.amounts for f in a if f.kind == "input"}


_kept: dict[Any, Rule] = {}


def reverse_rule(
    op: Primitive, operands: Sequence[Operand], y: Operand, adjoint: Operand, *, again: bool
) -> Rule:
    """Write the terms that one member of a loop passes to its operands.

    Arguments:
        op: the primitive.
        operands: its operands.
        y: its output.
        adjoint: the adjoint of that.
        again: as in `AnyNumbers`.

    Raises: NotDifferentiableError where the primitive refuses, or its rule works on floats only;
        UnsupportedError where the rule depends on other Values than these.
    """
    if _questions.get() is None and not adjoint.sure:
        adjoint = replace(adjoint, sure=True)
    key = "reverse", op.code, tuple(x.key for x in operands), y.key, adjoint.key, again
    return _known(op, key, lambda: _reverse(op, operands, y, adjoint, again))


def forward_rule(op: Primitive, operands: Sequence[Operand], y: Operand) -> Rule:
    """Write the terms that the operands of one member pass to its output, see `reverse_rule`."""
    sure = _questions.get() is None
    key = "forward", op.code, tuple(x.key for x in operands), y.key, sure
    return _known(op, key, lambda: _forward(op, operands, y, sure))


def _known(op: Primitive, key: Any, make: Callable[[], Rule]) -> Rule:
    if op.code >= OWN:  # a primitive of the user's may change what its rule refers to
        rule = make()
    else:
        if key not in _kept:
            while len(_kept) >= MAX_KEPT:
                del _kept[next(iter(_kept))]
            _kept[key] = make()
        rule = _kept[key]
    questions = _questions.get()
    if questions is not None:
        questions.any |= rule.is_open
    return rule


class OfMember(AnyNumbers):
    """For any numbers that one member of a loop may get.

    These questions are answered by the operands, the output and the adjoint of that member.

    Arguments:
        again: as in `AnyNumbers`.
        sure: whether an adjoint or tangent of 0 is taken for one that nothing has reached. Where
            it is not, the question is left open.

    Attributes:
        is_open: whether one was.
    """

    def __init__(self, *, again: bool, sure: bool) -> None:
        super().__init__(again=again)
        self._sure, self.is_open = sure, False

    def guarded(self, k: int, amount: Number, partial: Number) -> Number:
        """See `AnyNumbers`. Without a question 0 · ∞ is NaN."""
        if self._sure or not self.may_be_infinite(partial):
            return super().guarded(k, amount, partial)
        self.is_open |= isinstance(self.reached(k), Value)
        return amount

    def product(self, k: int, gradient: Number, partial: Number) -> Number | None:
        """See `AnyNumbers`. Derivatives of an open question are NaN too."""
        product = super().product(k, gradient, partial)
        if self._sure or not self._again or is_zero(partial) or not self.may_be_infinite(partial):
            return product
        return product + ops.where(gradient, 0.0, nan_if_infinite(partial))

    def assume(self, node: Value, infinite: bool) -> None:
        """Say of a node whether it may be infinite or NaN, whatever it was computed from."""
        self._ranges.assume(node, UNKNOWN if infinite else Range())


class _Member:
    """One member: the primitive applied to Values."""

    def __init__(
        self, op: Primitive, operands: Sequence[Operand], y: Operand, again: bool, sure: bool
    ) -> None:
        self.policy = OfMember(again=again, sure=sure)
        self.operands = [self.leaf(x) for x in operands]
        self.moving = [leaf for leaf, x in zip(self.operands, operands, strict=True) if x.moves]
        try:
            self.node = op(*self.operands)
        except AutogradError:
            raise
        except Exception as error:  # a function of the user's, at numbers that it never gets
            raise UnsupportedError(op.name) from error
        self.policy.assume(self.node, y.infinite)
        self.region = Region([self.node], self.moving, stop=True)

    def leaf(self, operand: Operand) -> Number:
        if operand.number is not None:
            return operand.number
        leaf = Value(0.5)
        self.policy.assume(leaf, operand.infinite)
        return leaf

    def rule(self, results: Sequence[Number | None], others: Sequence[Number]) -> Rule:
        """The rule with these results, of the operands, the output and other numbers."""
        inputs = [x for x in (*self.operands, self.node, *others) if isinstance(x, Value)]
        nodes = [x for x in results if isinstance(x, Value)]
        known = {id(x) for x in inputs}
        for node in topological_order(*nodes, stop=inputs):
            if not node.parents and id(node) not in known and not is_fixed(node):
                raise UnsupportedError("a rule reads Values that are not among its inputs")
        program = optimised(flatten(nodes, inputs=inputs))
        registers, uses = iter(program.outputs), Counter([*program.operands, *program.outputs])
        factors = [
            _factors(program, next(registers), uses) if isinstance(x, Value) else _of_number(x)
            for x in results
        ]
        return replace(_with_results(program, factors), is_open=self.policy.is_open)


def _reverse(
    op: Primitive, operands: Sequence[Operand], y: Operand, adjoint: Operand, again: bool
) -> Rule:
    with recording(), no_branching():
        member = _Member(op, operands, y, again, adjoint.sure)
        seed = member.leaf(adjoint)
        slopes = iter(Recorded(member.region, member.policy).reverse([seed]))
        results = [next(slopes) if x.moves else 0.0 for x in operands]
        return member.rule(results, [seed])


def _forward(op: Primitive, operands: Sequence[Operand], y: Operand, sure: bool) -> Rule:
    with recording(), no_branching():
        member = _Member(op, operands, y, False, sure)
        tangents = [member.leaf(x.tangent) for x in operands if x.moves and x.tangent is not None]
        moved = Recorded(member.region, member.policy).forward(tangents)
        return member.rule(moved, tangents)


def _of_number(number: Number) -> list[int | float]:
    return [float(number)] if number != 0.0 else []


def _factors(program: Program, register: int, uses: Mapping[int, int]) -> list[int | float]:
    """The registers of the factors of a result: two where it is a product that nothing else
    reads. `uses` counts the reads of each register."""
    first = program.first
    is_read_once = register >= first and uses[register] == 1
    if is_read_once and program.codes[register - first] == ops.mul.code:
        return [*program.operands_of(register)]
    return [register]


def _with_results(program: Program, factors: Sequence[Sequence[int | float]]) -> Rule:
    """The rule whose results are these registers, or numbers."""
    inputs, first = len(program.inputs), program.first
    results = sorted({k for f in factors for k in f if isinstance(k, int) and k >= first})
    places = {register: place for place, register in enumerate(results)}

    def factor(k: int | float) -> Factor:
        if isinstance(k, float):
            return Factor("constant", k)
        if k < inputs:
            return Factor("input", k)
        if k < first:
            return Factor("constant", program.constants[k - inputs])
        return Factor("result", places[k])

    amounts = []
    for some in factors:
        amount = tuple(map(factor, some))
        if len(amount) == 1 and amount[0].kind == "constant" and amount[0].number == 0.0:
            amount = ()
        amounts.append(amount)
    shorter = dead_code(
        Program(
            program.parameters,
            program.inputs,
            program.constants,
            program.codes,
            program.starts,
            program.operands,
            tuple(results),
            (False,) * len(results),
        )
    )
    return Rule(shorter, tuple(amounts))
