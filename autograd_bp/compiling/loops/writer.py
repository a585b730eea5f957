"""Writing loops after other loops: a program as loops that grows at its end."""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.affine import arrange
from autograd_bp.compiling.loops.living import (
    living,
    reads_of,
    renumbered,
    with_constants_in_use,
)
from autograd_bp.compiling.loops.loops import Access, Loop, Loops
from autograd_bp.compiling.loops.outputs import Outputs, Run
from autograd_bp.compiling.loops.places import Places, Shape, in_row, merged, one_place
from autograd_bp.compiling.loops.ranges import LoopRanges
from autograd_bp.compiling.program.distinct import distinct
from autograd_bp.primitives import Primitive

SHARED = ("parameter", "constant", "shared")  # the spaces that all rows share
MAX_LOOKED_AT = 4096  # places that may be copies of constants
RESULTS = ("sum", "per_row")  # those that are handed out, and that no loop reads


class LoopWriter:
    """Loops under construction.

    Arguments:
        loops: those that it begins with.
        as_written: whether every loop is written: else the results of constants are constants,
            and what is there already is not computed again. Which of that happens may depend on
            how many steps there are of what a program repeats.

    Attributes:
        loops: those that there are.
        sizes: how many places each space has.
    """

    def __init__(self, loops: Loops, *, as_written: bool = False) -> None:
        self._original, self._as_written = loops, as_written
        self.loops = list(loops.loops)
        self.sizes = dict(loops.sizes)
        self._constants = list(loops.constants)
        self._numbers = {_bits(x): k for k, x in enumerate(loops.constants)}
        self._infinite = {"slot": np.zeros(0, bool), "shared": np.zeros(0, bool)}
        self._has_infinite = not all(map(math.isfinite, loops.constants))
        self._ranges = LoopRanges(self._constants)
        self._with_ranges = 0  # so many loops have ranges
        self._copies: dict[str, dict[int, int]] = {"slot": {}, "shared": {}}  # of constants
        self._known: dict[Any, Places] = {}
        for loop in self.loops:
            self._note(loop)
            key = self._key(loop)
            if loop.space not in RESULTS and key not in self._known:
                self._known[key] = in_row(loop.space, loop.base, (loop.members,))

    # ----------------------------------------------------------------------------- constants
    def constant(self, x: float, shape: Shape) -> Places:
        """A number, for each member."""
        return one_place("constant", self._place_of(x), shape)

    def _place_of(self, x: float) -> int:
        place = self._numbers.get(_bits(x))
        if place is None:
            place = self._numbers[_bits(x)] = len(self._constants)
            self._constants.append(x)
            self._has_infinite = self._has_infinite or not math.isfinite(x)
        return place

    def number(self, places: Places) -> float | None:
        """The constant that all places hold, where they do."""
        numbers = self.numbers(places)
        if numbers is None:
            return None
        bits = {_bits(x) for x in numbers}
        return next(iter(bits))[0] if len(bits) == 1 else None

    def numbers(self, places: Places) -> list[float] | None:
        """The constants that these places hold, some more than once; None where any is none."""
        if places.space == "constant":
            some = distinct(places.of(np.arange(len(self._constants))))
            return [self._constants[k] for k in some]
        copies = self._copies.get(places.space)
        if not copies or places.count > MAX_LOOKED_AT:
            return None
        sources = {copies.get(k) for k in places.array().tolist()}
        return None if None in sources else [self._constants[k] for k in sources if k is not None]

    def is_zero(self, places: Places) -> Any:
        """For each place whether it holds a constant 0; None where none does."""
        if places.space == "constant":
            flags = places.of(np.array(self._constants) == 0.0)
            return np.array(self._constants)[places.array()] == 0.0 if flags.any() else None
        zeros = [k for k, c in self._copies.get(places.space, {}).items() if not self._constants[c]]
        if not zeros:
            return None
        flags = np.isin(places.array(), zeros)
        return flags if flags.any() else None

    # --------------------------------------------------------------------- infinite numbers
    def may_be_infinite(self, places: Places) -> bool:
        """Whether a number may be infinite or NaN although parameters and inputs are finite."""
        if not self._may_come_from_infinite(places):
            return False
        for loop in self.loops[self._with_ranges :]:
            self._ranges.add(loop, reads_of(loop))
        self._with_ranges = len(self.loops)
        return not self._ranges.finite(places)

    def _may_come_from_infinite(self, places: Places) -> bool:
        """Whether these numbers depend on any that may be infinite: a quick first look."""
        if not self._has_infinite:
            return False
        if places.space == "constant":
            return any(not math.isfinite(x) for x in self.numbers(places) or ())
        flags = self._infinite.get(places.space)
        return flags is not None and bool(places.of(flags).any())

    def _note(self, loop: Loop) -> None:
        """Keep what is known about the results of a loop."""
        if loop.op is None and loop.reads[0].space == "constant" and loop.space in self._copies:
            sources = loop.reads[0].indices(loop.shape, 1)
            self._copies[loop.space].update(enumerate(sources, loop.base))
        flags = self._infinite.get(loop.space)
        if flags is None:
            return
        end = loop.base + loop.members
        if end > len(flags):
            more = np.zeros(max(end, 2 * len(flags)) - len(flags), bool)
            flags = self._infinite[loop.space] = np.concatenate([flags, more])
        is_finite = (loop.op is None or loop.op.finite) and not any(
            self._may_come_from_infinite(read) for read in reads_of(loop)
        )
        flags[loop.base : end] = not is_finite
        self._has_infinite |= not is_finite

    # ----------------------------------------------------------------------------- new loops
    def emit(
        self,
        op: Primitive | None,
        shape: Shape,
        lists: Sequence[Places],
        *,
        terms: int = 1,
        initial: Places | None = None,
        target: str = "",
    ) -> Places:
        """A loop at the end.

        Arguments:
            op: what each member computes; None for a copy.
            shape: the counters of the members.
            lists: what they read; the last counter of each runs over the terms where there are
                several.
            terms: how many there are.
            initial: the initial value of a fold.
            target: "sum" or "per_row"; "shared" or "slot" is found out when it is left out.

        Returns: where the results are.
        """
        reads = [*lists] if initial is None else [*lists, initial]
        is_folded = op is not None and not target and not self._as_written
        if op is not None and is_folded and all(p.space == "constant" for p in reads):
            return self._folded(op, shape, reads)
        lengths = [terms] * len(lists) + [1] * (initial is not None)
        if not target:
            target = "shared" if all(p.space in SHARED for p in reads) else "slot"
        if all(places.table is None for places in reads):
            return self._affine(op, shape, reads, lengths, terms, target)
        return self._arranged(op, shape, reads, lengths, terms, target)

    def _arranged(
        self,
        op: Primitive | None,
        shape: Shape,
        reads: Sequence[Places],
        lengths: Sequence[int],
        terms: int,
        target: str,
    ) -> Places:
        """A loop whose members are put into an order in which their places are regular."""
        arrays = [p.array().reshape(-1, n) for p, n in zip(reads, lengths, strict=True)]
        order, nest, families = arrange(arrays)
        accesses = tuple(
            Access(p.space, *family)
            if isinstance(family, tuple)
            else Access(p.space, 0, (0,) * len(nest), 0, array("q", family.ravel().tolist()))
            for p, family in zip(reads, families, strict=True)
        )
        results = self._append(Loop(op, nest, terms, accesses, target, self.sizes[target]))
        if order is None:
            return results.shaped(shape)
        places = np.empty(len(order), dtype=np.int64)
        places[order] = results.array()
        return Places(target, shape, table=places)

    def _folded(self, op: Primitive, shape: Shape, reads: Sequence[Places]) -> Places:
        """The results of constants, as constants."""
        count = math.prod(shape)
        lists = [places.array().reshape(count, -1) for places in reads]
        table = np.concatenate(lists, axis=1)
        different, which = np.unique(table, axis=0, return_inverse=True)
        places = [
            self._place_of(op.forward(*[self._constants[k] for k in operands]))
            for operands in different.tolist()
        ]
        if len(places) == 1:
            return one_place("constant", places[0], shape)
        return Places("constant", shape, table=np.array(places, np.int64)[which.ravel()])

    def _affine(
        self,
        op: Primitive | None,
        shape: Shape,
        reads: Sequence[Places],
        lengths: Sequence[int],
        terms: int,
        target: str,
    ) -> Places:
        steps = [p.strides[-1] if n > 1 else 0 for p, n in zip(reads, lengths, strict=True)]
        strides = [p.strides[: len(shape)] for p in reads]
        nest, strides = merged(shape, strides)
        accesses = tuple(
            Access(p.space, p.base, s, step)
            for p, s, step in zip(reads, strides, steps, strict=True)
        )
        loop = Loop(op, nest, terms, accesses, target, self.sizes[target])
        return self._append(loop).shaped(shape)

    def _append(self, loop: Loop) -> Places:
        key = self._key(loop)
        known = None if loop.space in RESULTS or self._as_written else self._known.get(key)
        if known is not None:
            return known
        self.sizes[loop.space] += loop.members
        self.loops.append(loop)
        self._note(loop)
        results = in_row(loop.space, loop.base, (loop.members,))
        if loop.space not in RESULTS:
            self._known[key] = results
        return results

    def _key(self, loop: Loop) -> Any:
        code = None if loop.op is None else loop.op.code
        reads = [(a.space, a.base, a.strides, a.step, bytes(a.table)) for a in loop.reads]
        return code, loop.shape, loop.terms, tuple(reads), loop.space

    # ------------------------------------------------------------------------------- results
    def readable(self, k: int) -> Places:
        """Where the results of loop k can be read. Where they are handed out alone, it writes
        them to where others are, and a copy hands them out."""
        loop = self.loops[k]
        if loop.space not in RESULTS:
            return in_row(loop.space, loop.base, loop.shape)
        space = "shared" if all(a.space in SHARED for a in loop.reads) else "slot"
        moved = replace(loop, space=space, base=self.sizes[space])
        self.sizes[space] += loop.members
        self.loops[k] = moved
        self._note(moved)
        if k < self._with_ranges:
            self._ranges.add(moved, reads_of(moved))
        results = in_row(space, moved.base, (loop.members,))
        strides = () if loop.members == 1 else (1,)
        self.loops.append(
            Loop(
                None,
                strides and (loop.members,),
                1,
                (Access(space, moved.base, strides),),
                loop.space,
                loop.base,
            )
        )
        return results.shaped(loop.shape)

    def finish(self, outputs: Sequence[Run]) -> Loops:
        """The loops that these outputs need, those that all rows share first."""
        loops = living(self.loops, self.sizes, outputs)
        loops.sort(key=lambda loop: loop.space != "shared")
        loops, sizes, outputs = renumbered(loops, self.sizes, outputs)
        loops, constants = with_constants_in_use(loops, self._constants)
        original = self._original
        return Loops(
            original.parameters,
            original.inputs,
            constants,
            tuple(loops),
            sizes,
            Outputs(outputs),
        )


def _bits(x: float) -> tuple[float, float]:
    return (x, math.copysign(1.0, x)) if x == x else (math.nan, 0.0)
