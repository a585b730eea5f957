"""Computes the members of a loop by LLVM instructions, once it is known how they read."""

from __future__ import annotations

from autograd_bp.caching import cached_for_life
from autograd_bp.compiling.backends.llvm.library import IN_LIBMVEC
from autograd_bp.compiling.backends.llvm.places import Places, Read
from autograd_bp.compiling.backends.llvm.writer import DOUBLE, Writer
from autograd_bp.compiling.loops.loops import Loop
from autograd_bp.expressions import Expression, as_expression, letters, walk
from autograd_bp.folds import Fold
from autograd_bp.primitives import Primitive
from autograd_bp.printers.llvm import Printer
from autograd_bp.printers.overrides import form, tuned

FEW_TERMS = 2  # that are written out one after the other
FEW_TERMS_OF_MEMBERS = 4  # the same where lanes are members, which have an address each
FEW_NODES = 16  # of an expression that is short
# Steps of a primitive that is computed with floats where numbers are floats. Most of those with
# more are approximations for doubles.
FEW_STEPS = 12


class Values:
    """Writes the results of members, several side by side.

    Arguments:
        writer, printer: where to write, and how expressions are written there.
        places: where constants stand.
    """

    def __init__(self, writer: Writer, printer: Printer, places: Places) -> None:
        self._w, self._printer, self._places = writer, printer, places

    def of(self, loop: Loop, readers: list[list[Read]], few: int = FEW_TERMS) -> list[str]:
        """The results of some members.

        Arguments:
            loop: what they are members of.
            readers: of each, what loads its operands.
            few: terms of sums of products that are written out one after the other.
        """
        if loop.op is None:
            return [read[0](0) for read in readers]
        if is_tiled(loop):
            return self._sums_of_products(loop, readers, few)
        printed = form("llvm", loop.op)
        if isinstance(printed, Fold):
            return [self._folded_terms(printed, loop, read) for read in readers]
        assert printed is not None
        return self._expressions(printed, loop, readers)

    def _expressions(self, printed: Expression, loop: Loop, readers: list[list[Read]]) -> list[str]:
        """An expression for each member; an operand that is a constant is part of it."""
        names = letters(len(loop.reads))
        numbers = map(self._places.number_at, [loop] * len(names), range(len(names)))
        known = {name: x for name, x in zip(names, numbers, strict=True) if x is not None}
        if known:
            printed = printed.substitute({name: as_expression(x) for name, x in known.items()})
        results = []
        for read in readers:
            loads = zip(names, read, strict=True)
            operands = {name: load(0) for name, load in loads if name not in known}
            is_wide = self._w.real != DOUBLE and loop.op is not None and has_many_steps(loop.op)
            write = self._with_doubles if is_wide else self._printer.expression
            results.append(write(printed, operands))
        return results

    def _with_doubles(self, printed: Expression, operands: dict[str, str]) -> str:
        """An expression of floats that is computed with doubles."""
        w = self._w
        wide = {name: w.widened(x) for name, x in operands.items()}
        with w.of_doubles():
            y = self._printer.expression(printed, wide)
        return w.loaded(y)

    def _folded_terms(self, fold: Fold, loop: Loop, read: list[Read]) -> str:
        initial = read[-1](0) if loop.has_initial else None
        return self._printer.fold(fold, loop.terms, read, initial)

    def _sums_of_products(self, loop: Loop, readers: list[list[Read]], few: int) -> list[str]:
        w, a = self._w, self._printer
        starts = [read[-1](0) if loop.has_initial else w.constant(0.0) for read in readers]
        if loop.terms <= few:
            for term in range(loop.terms):
                starts = [
                    a.fused(read[0](term), read[1](term), y)
                    for read, y in zip(readers, starts, strict=True)
                ]
            return starts
        totals = [w.local() for _ in readers]
        for total, y in zip(totals, starts, strict=True):
            w.put(y, total)
        with w.loop(self._places.terms_of(loop, 0)) as j:
            for read, total in zip(readers, totals, strict=True):
                w.put(a.fused(read[0](j), read[1](j), w.get(total)), total)
        return [w.get(total) for total in totals]


@cached_for_life
def has_many_steps(op: Primitive) -> bool:
    """Whether a primitive is made of many steps. Its approximations are made for doubles then, and
    what cancels in it would leave few digits of a float."""
    printed = form("llvm", op)
    assert isinstance(printed, Expression)
    return sum(1 for node in walk(printed) if node.operands) > FEW_STEPS


def is_tiled(loop: Loop) -> bool:
    """Whether its members are sums of products, computed side by side."""
    return loop.op is not None and tuned("llvm", loop.op.name)


def shares_a_list(loop: Loop) -> bool:
    """Whether neighbouring members of a sum of products read one list from the same place."""
    return any(read.affine and read.strides[-1:] == (0,) for read in loop.reads[:2])


def is_small(loop: Loop) -> bool:
    """Whether a member is computed by few instructions, without a loop and without a call."""
    if loop.terms != 1 or loop.op is None or loop.op.arity is None:
        return False
    printed = form("llvm", loop.op)
    nodes = [*walk(printed)] if isinstance(printed, Expression) else []
    return 0 < len(nodes) <= FEW_NODES and not any(node.head in IN_LIBMVEC for node in nodes)


def is_straight(loop: Loop) -> bool:
    """Whether the code for its members is without a loop and without tables of places."""
    few = loop.terms == 1 or (is_tiled(loop) and loop.terms <= FEW_TERMS)
    return few and all(access.affine for access in loop.reads)
