"""Rules of folds of many terms, seen from those of few.

The rule of a primitive is written for one member of a loop, term by term: that of a logsumexp of
40,000 numbers has as many operands. The terms are alike, so the rule is written for a few of them,
twice, and described: each of its loops has one member or one for each term, and goes over one
number or over all terms. If the two descriptions are the same, it is emitted for any number of
terms. What has another form goes term by term.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd_bp.compiling.loops.loops import Loop
from autograd_bp.compiling.loops.places import Places, Shape
from autograd_bp.compiling.loops.rules import Operand, Rule, reverse_rule
from autograd_bp.compiling.loops.writer import LoopWriter
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import Primitive

__all__ = ["WIDE", "Amount", "amounts_of_lists"]

WIDE = 32  # terms from which on a rule is seen from few
FEW = (5, 6)  # how many terms it is written for
Amount = tuple[Places, ...]  # one or two factors, over the members and the terms
Name = tuple[Any, ...]  # of a variable of the rule: ("list", k), ("y",), ("constant", x) ...


class _OtherFormError(Exception):
    """A rule that is not described here."""


class _Read(NamedTuple):
    """What a loop of a rule reads: a variable, at the place of its member, of its term, or the
    only one."""

    name: Name
    at: str


class _RuleLoop(NamedTuple):
    """A loop of a rule.

    Attributes:
        op: what each member computes; None for a copy.
        is_wide: whether there is a member for each term; else there is one.
        goes_over_terms: whether a member goes over as many numbers as there are terms.
        reads: what it reads, its initial value last.
        has_initial: whether it has one.
    """

    op: Primitive | None
    is_wide: bool
    goes_over_terms: bool
    reads: tuple[_Read, ...]
    has_initial: bool


class _Description(NamedTuple):
    """A rule, for any number of terms: its loops, and the factors of what each list gets."""

    loops: tuple[_RuleLoop, ...]
    amounts: tuple[tuple[_Read, ...], ...]

    def reads(self) -> list[_Read]:
        """All that it reads."""
        return [read for loop in self.loops for read in loop.reads] + [
            factor for amount in self.amounts for factor in amount
        ]


def amounts_of_lists(
    writer: LoopWriter,
    op: Primitive,
    lists: Sequence[Places],
    operands: Sequence[Operand],
    y: tuple[Operand, Callable[[], Places]],
    adjoint: tuple[Operand, Places],
    *,
    shape: Shape,
    again: bool,
) -> list[Amount] | None:
    """What each list of operands of a loop gets; None where the rule has another form.

    Arguments:
        writer: where the loops go.
        op: the primitive, a fold of lists of one length.
        lists: its operands, each over `shape` and the terms.
        operands: of each list what holds for all of its terms.
        y: the output of the primitive, and what gives its places.
        adjoint: the adjoint of that.
        shape: the counters of the members.
        again: as in `AnyNumbers`.
    """
    if op.code >= OWN:
        return None
    descriptions = []
    for w in FEW:
        some = [operand for operand in operands for _ in range(w)]
        rule = reverse_rule(op, some, y[0], adjoint[0], again=again)
        descriptions.append(_description_of(rule, len(lists), w))
    description, other = descriptions
    if description is None or description != other:
        return None
    variables: dict[Name, Places] = {("list", k): places for k, places in enumerate(lists)}
    variables["adjoint",] = adjoint[1]
    if any(read.name == ("y",) for read in description.reads()):
        variables["y",] = y[1]()
    return _Emitted(writer, shape, lists[0].shape[-1], variables).amounts(description)


# --------------------------------------------------------------------------------- describing
class _Symbols:
    """The variables of a rule for `w` terms, by the places where its loops find them."""

    def __init__(self, rule: Rule, lists: int, w: int) -> None:
        self._rule, self._lists, self._w = rule, lists, w
        self._results: dict[tuple[str, int], tuple[Name, int]] = {}

    def of_input(self, k: int) -> tuple[Name, int]:
        """The variable, and which of its numbers; -1 where it has one."""
        if k < self._lists * self._w:
            return ("list", k // self._w), k % self._w
        return ("y",) if k == self._lists * self._w else ("adjoint",), -1

    def of(self, space: str, k: int) -> tuple[Name, int]:
        if space == "input":
            return self.of_input(k)
        if space == "constant":
            return ("constant", repr(self._rule.loops.constants[k])), -1
        return self._results[space, k]

    def add(self, number: int, loop: Loop, is_wide: bool) -> None:
        for m in range(loop.members):
            self._results[loop.space, loop.base + m] = ("result", number), m if is_wide else -1


def _description_of(rule: Rule, lists: int, w: int) -> _Description | None:
    """The description of a rule, which is made once; None where it has another form."""
    if (lists, w) not in rule.described:
        try:
            rule.described[lists, w] = _described(rule, lists, w)
        except _OtherFormError:
            rule.described[lists, w] = None
    description: _Description | None = rule.described[lists, w]
    return description


def _described(rule: Rule, lists: int, w: int) -> _Description:
    """Describe a rule that was written for lists of w terms."""
    symbols = _Symbols(rule, lists, w)
    loops = []
    for number, loop in enumerate(rule.loops.loops):
        if loop.members not in (1, w) or loop.terms not in (1, w):
            raise _OtherFormError
        is_wide = loop.members == w
        reads = []
        for k, access in enumerate(loop.reads):
            places = np.array(access.indices(loop.shape, loop.terms_of(k)), np.int64)
            cells = [
                [symbols.of(access.space, p) for p in line]
                for line in places.reshape(loop.members, -1).tolist()
            ]
            reads.append(_read(cells))
        loops.append(_RuleLoop(loop.op, is_wide, loop.terms == w, tuple(reads), loop.has_initial))
        symbols.add(number, loop, is_wide)
    amounts = []
    for k in range(lists):
        of_terms = [
            [_of_factor(symbols, rule, factor) for factor in amount]
            for amount in rule.amounts[k * w : (k + 1) * w]
        ]
        if len({len(factors) for factors in of_terms}) > 1:
            raise _OtherFormError
        amounts.append(
            tuple([_read([[cell] for cell in cells]) for cells in zip(*of_terms, strict=True)])
        )
    return _Description(tuple(loops), tuple(amounts))


def _of_factor(symbols: _Symbols, rule: Rule, factor: Any) -> tuple[Name, int]:
    if factor.kind == "input":
        return symbols.of_input(int(factor.number))
    if factor.kind == "constant":
        return ("constant", repr(factor.number)), -1
    return symbols.of(*rule.loops.outputs[int(factor.number)])


def _read(cells: Sequence[Sequence[tuple[Name, int]]]) -> _Read:
    """What is read, from the variable and its number for each member and each term."""
    names = {name for line in cells for name, _ in line}
    if len(names) > 1:
        raise _OtherFormError
    name = names.pop()
    numbers = np.array([[number for _, number in line] for line in cells])
    members, terms = (np.arange(n) for n in numbers.shape)
    if (numbers == -1).all():
        return _Read(name, "only")
    if len(members) > 1 and (numbers == members[:, None]).all():
        return _Read(name, "member")
    if len(members) == 1 and len(terms) > 1 and (numbers == terms).all():
        return _Read(name, "term")
    raise _OtherFormError


# ----------------------------------------------------------------------------------- emitting
class _Emitted:
    """A description, over the members of a loop and the terms that it has.

    Arguments:
        variables: those of the rule by name; lists over `shape` and the terms, others over `shape`.
    """

    def __init__(
        self, writer: LoopWriter, shape: Shape, terms: int, variables: Mapping[Name, Places]
    ) -> None:
        self._writer, self._shape, self._terms = writer, shape, terms
        self._variables = dict(variables)

    def amounts(self, rule: _Description) -> list[Amount]:
        for number, loop in enumerate(rule.loops):
            self._variables["result", number] = self._emit(loop)
        return [tuple([self._places(read, True, False) for read in some]) for some in rule.amounts]

    def _emit(self, loop: _RuleLoop) -> Places:
        lists = [
            self._places(read, loop.is_wide, loop.goes_over_terms and not is_initial)
            for read, is_initial in self._with_initial(loop)
        ]
        initial = lists.pop() if loop.has_initial else None
        shape = (*self._shape, self._terms) if loop.is_wide else self._shape
        terms = self._terms if loop.goes_over_terms else 1
        return self._writer.emit(loop.op, shape, lists, terms=terms, initial=initial)

    @staticmethod
    def _with_initial(loop: _RuleLoop) -> list[tuple[_Read, bool]]:
        last = len(loop.reads) - 1 if loop.has_initial else -1
        return [(read, k == last) for k, read in enumerate(loop.reads)]

    def _places(self, read: _Read, is_wide: bool, over_terms: bool) -> Places:
        """Places over the members of a loop of the rule, and over its terms where there are any."""
        if read.name[0] == "constant":
            places = self._writer.constant(float(read.name[1]), self._shape)
        else:
            places = self._variables[read.name]
        if is_wide and read.at == "only":
            places = places.for_terms(self._terms)
        if over_terms and read.at != "term":
            places = places.for_terms(self._terms)
        return places
