"""Loops whose results one other loop reads, taken into that loop: what is computed is read again at
once, and needs no memory.

A loop that was taken in is part of an expression, so the bits of what is computed stay as they are.
Sums of products stay apart, because backends have code of their own for them.
"""

from __future__ import annotations

import itertools
from array import array
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, cast

import numpy as np

from autograd_bp import primitives as ops
from autograd_bp.compiling.loops.affine import arrange
from autograd_bp.compiling.loops.living import reads_of, renumbered
from autograd_bp.compiling.loops.loops import Access, Loop, Loops, LoopsInNumbers
from autograd_bp.compiling.loops.sequences import count_different
from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.expressions import Expression, letters, walk
from autograd_bp.folds import Fold, Operands, Stage
from autograd_bp.primitives import Primitive

MAX_NODES, MAX_READS = 100, 10  # of one expression: more have no room in registers
MAX_PLACES = 200_000  # that one access is looked at for
# What a sum may take in: nothing with a product, which the sum would round once with itself.
IN_SUMS = frozenset((
    *(ops.where, ops.add, ops.sub, ops.neg, ops.abs_, ops.relu, ops.maximum, ops.minimum),
    *(ops.equal, ops.not_equal, ops.less, ops.less_equal, ops.greater, ops.greater_equal),
    *(ops.nonzero, ops.logical_not, ops.logical_and, ops.logical_or),
))  # fmt: skip
Form = Callable[[Primitive], "Expression | Fold | None"]
_codes = itertools.count(1 << 40)


class FusedOp:
    """Several primitives, computed one after the other; to a backend it is a primitive.

    Attributes:
        expression: what a member computes.
        has_products: whether that was computed by others than `IN_SUMS`.
    """

    name = "fused"

    def __init__(self, expression: Expression | Fold, inputs: int, has_products: bool) -> None:
        self.expression, self.has_products = expression, has_products
        self.arity = inputs if isinstance(expression, Expression) else None
        self.operands = expression.operands if isinstance(expression, Fold) else None
        self.code = next(_codes)


def fused(loops: Loops, form: Form, apart: frozenset[tuple[str, int]] = frozenset()) -> Loops:
    """The loops with those taken in that one other loop reads.

    Arguments:
        loops: the loops. Those that are repeated stay as they are.
        form: what the backend prints for a primitive.
        apart: the space and the first place of loops that are not taken in.
    """
    if isinstance(loops.loops, LoopsInNumbers):
        loops = loops.written_out()
    if not isinstance(loops.loops, tuple) or count_different(loops) != len(loops.loops):
        return loops
    fusion = _Fusion(loops, form, apart)
    kept = fusion.run()
    if len(kept) == len(loops.loops):
        return loops
    kept, sizes, _ = renumbered(kept, loops.sizes, [])
    return replace(loops, loops=tuple(kept), sizes=sizes)


class _Fusion:
    def __init__(self, loops: Loops, form: Form, apart: frozenset[tuple[str, int]]) -> None:
        self._form, self._apart = form, apart
        self._loops: list[Loop | None] = [*loops.loops]
        self._owners = {space: np.full(loops.sizes[space], -1) for space in ("shared", "slot")}
        self._readers: list[set[int]] = [set() for _ in self._loops]
        for i, loop in enumerate(loops.loops):
            if loop.space in self._owners:
                self._owners[loop.space][loop.base : loop.base + loop.members] = i
            for read in reads_of(loop):
                if read.space in self._owners:
                    for owner in distinct(read.of(self._owners[read.space])):
                        self._readers[owner].add(i)

    def run(self) -> list[Loop]:
        for i, loop in enumerate(self._loops):
            while loop is not None and (more := self._with_one_more(i, loop)) is not None:
                loop = self._loops[i] = more
        return [loop for loop in self._loops if loop is not None]

    def _with_one_more(self, i: int, loop: Loop) -> Loop | None:
        """The loop with one that it reads taken in; None where there is none."""
        if not self._takes_in(loop):
            return None
        for access in loop.reads:
            owner = self._owner(loop, access)
            if owner is None:
                continue
            producer = self._loops[owner]
            assert producer is not None
            if self._readers[owner] == {i} and self._may_go_into(producer, loop, access):
                together = self._together(loop, access, producer)
                if together is not None:
                    self._take_out(owner, i)
                    return together
        return None

    def _takes_in(self, loop: Loop) -> bool:
        """Whether a loop can have others in it."""
        if loop.op is None:
            return loop.space != "shared"
        if loop.op is ops.dot or (loop.space == "sum" and loop.is_product):
            return False
        printed = self._printed(loop.op)
        if isinstance(printed, Fold):
            stages = printed.stages_of_output
            return len(stages) == 1 and stages[0].when is None and not loop.has_initial
        return printed is not None

    def _owner(self, loop: Loop, access: Access) -> int | None:
        """The loop that computes all that an access reads."""
        if access.space not in self._owners:
            return None
        read = reads_of(loop)[loop.reads.index(access)]
        owners = read.of(self._owners[access.space])
        first = int(owners.flat[0])
        return first if first >= 0 and (owners == first).all() else None

    def _may_go_into(self, producer: Loop, loop: Loop, access: Access) -> bool:
        op, count = producer.op, loop.members * loop.terms
        if op is None or op.arity is None or producer.terms != 1:
            return False
        if (producer.space, producer.base) in self._apart:
            return False
        if (producer.space == "shared") != (loop.space == "shared"):
            return False  # computed once, or once for each row
        if count > producer.members or count > MAX_PLACES:
            return False  # it would be computed several times
        if loop.op is not None and loop.op.arity is None and _has_products(op):
            return False
        places = [other for other in loop.reads if self._reads(other, producer, loop)]
        return isinstance(self._printed(op), Expression) and all(
            _key(other) == _key(access) for other in places
        )

    def _reads(self, access: Access, producer: Loop, loop: Loop) -> bool:
        if access.space != producer.space:
            return False
        owner = self._owner(loop, access)
        return owner is None or self._loops[owner] is producer

    def _together(self, loop: Loop, access: Access, producer: Loop) -> Loop | None:
        """One loop that computes both; None where its places are not regular, or are too many."""
        terms, key = loop.terms, _key(access)
        place = loop.reads.index(access)
        inside = reads_of(loop)[place].array() - producer.base
        tables: list[tuple[str, Any, bool]] = []  # of each access its space, places, has a table
        names: dict[Any, int] = {}

        def number(space: str, places: Any, has_table: bool) -> int:
            known = space, places.tobytes()
            if known not in names:
                names[known] = len(tables)
                tables.append((space, places.reshape(loop.members, terms), has_table))
            return names[known]

        inner = [
            number(read.space, np.ascontiguousarray(read.array()[inside]), read.table is not None)
            for read in reads_of(producer)
        ]
        outer = [
            None
            if _key(other) == key
            else number(other.space, np.ascontiguousarray(read.array()), read.table is not None)
            for other, read in zip(loop.reads, reads_of(loop), strict=True)
        ]
        if len(tables) > MAX_READS:
            return None
        order, nest, families = arrange([places for _, places, _ in tables])
        if order is not None or any(
            not isinstance(family, tuple) and not has_table
            for family, (_, _, has_table) in zip(families, tables, strict=True)
        ):
            return None
        op = self._combined(loop, producer, inner, outer, len(tables))
        if op is None:
            return None
        accesses = [
            Access(space, *family)
            if isinstance(family, tuple)
            else Access(space, 0, (0,) * len(nest), 0, array("q", family.ravel().tolist()))
            for family, (space, _, _) in zip(families, tables, strict=True)
        ]
        return replace(loop, op=cast(Primitive, op), shape=nest, reads=tuple(accesses))

    def _combined(
        self,
        loop: Loop,
        producer: Loop,
        inner: Sequence[int],
        outer: Sequence[int | None],
        count: int,
    ) -> FusedOp | None:
        """The computation of both, of numbered inputs: those of the producer, and those of the
        loop, of which None is the producer's result."""
        assert producer.op is not None
        printed = None if loop.op is None else self._printed(loop.op)
        is_fold = isinstance(printed, Fold)
        names = [f"of{k}" for k in range(count)] if is_fold else letters(count)
        inputs = [Expression("input", name) for name in names]
        part = self._printed(producer.op)
        assert isinstance(part, Expression)
        own = letters(len(inner))
        part = part.substitute({own[k]: inputs[at] for k, at in enumerate(inner)})
        values = [part if at is None else inputs[at] for at in outer]
        has_products = _has_products(producer.op) or _has_products(loop.op)
        if isinstance(printed, Fold):
            known = dict(zip(printed.operands.elements, values, strict=True))
            whole: Expression | Fold = _with_elements(printed, names, known)
            nodes = [*walk(*whole.stages_of_output[0].steps)]  # type: ignore[union-attr]
        else:
            root = Expression("input", "a") if printed is None else printed
            whole = root.substitute(dict(zip(letters(len(values)), values, strict=True)))
            nodes = [*walk(whole)]
        return FusedOp(whole, count, has_products) if len(nodes) <= MAX_NODES else None

    def _printed(self, op: Any) -> Expression | Fold | None:
        return op.expression if isinstance(op, FusedOp) else self._form(op)

    def _take_out(self, owner: int, reader: int) -> None:
        """The loop that a reader took in is gone; what it read, the reader reads."""
        gone = self._loops[owner]
        assert gone is not None
        self._loops[owner] = None
        for read in reads_of(gone):
            if read.space in self._owners:
                for source in distinct(read.of(self._owners[read.space])):
                    self._readers[source].discard(owner)
                    self._readers[source].add(reader)


def _has_products(op: Any) -> bool:
    return op.has_products if isinstance(op, FusedOp) else op is not None and op not in IN_SUMS


def _key(access: Access) -> Any:
    return access.space, access.base, access.strides, access.step, bytes(access.table)


def _with_elements(fold: Fold, names: Sequence[str], values: dict[str, Expression]) -> Fold:
    """A fold of one stage over other elements, of which it computes its own."""
    stage = fold.stages_of_output[0]
    state: dict[str, Any] = dict(zip(stage.names, stage.start, strict=True))
    other = Stage(lambda: None, **state)
    other.__dict__["steps"] = tuple([step.substitute(values) for step in stage.steps])
    result = Fold(Operands("fused", tuple(names)), [other], lambda: None, fold.rule)
    result.__dict__["finish"] = fold.finish
    return result
