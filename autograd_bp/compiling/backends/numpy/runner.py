"""The numpy backend: loops as operations on whole arrays, sums of products as matrix products.

Rows of data are taken in blocks, so that what a block needs stays in the cache and memory stays
bounded. All that can be decided before there are numbers is decided once for each size of block:
a `BlockPlan` has its arrays, and a list of NumPy calls on views of them.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from autograd_bp.compiling.backends.numpy.products import dot, summed_dot
from autograd_bp.compiling.backends.numpy.views import (
    SHARED,
    Floats,
    Scratch,
    Step,
    counters,
    family,
    results,
    table,
)
from autograd_bp.compiling.loops.loops import Access, Loop, Loops
from autograd_bp.compiling.loops.outputs import places_in
from autograd_bp.expressions import Expression, letters
from autograd_bp.folds import Fold
from autograd_bp.primitives import Primitive
from autograd_bp.printers.numpy import Calls, computes_terms
from autograd_bp.printers.overrides import form, tuned

MAX_NUMBERS = 2**19  # of a block: 4 MiB
MIN_ROWS, MAX_ROWS = 16, 4096  # of a block
MAX_PLANS = 4  # sizes of blocks that are remembered
MANY_CALLS = 100  # of an expression: from here on they are made once for loops of one size


class NumpyRunner:
    """Runs loops on blocks of rows. Several threads may call one at once.

    Arguments:
        loops: the loops.
        dtype: the type of the numbers of a block. Sums over all blocks are doubles.

    Attributes:
        loops: the loops.
        block: how many rows it takes at a time, at most.
    """

    def __init__(self, loops: Loops, dtype: Any = float) -> None:
        self.loops, self._dtype = loops, dtype
        self.block = _rows_of_a_block(loops)
        self._summed = places_in("sum", loops.outputs).tolist()
        self._per_row = places_in("per_row", loops.outputs).tolist()
        self._idle: dict[int, list[BlockPlan]] = {}  # plans that wait for work, by their width
        self._lock = threading.Lock()

    def run(self, parameters: Floats, inputs: Floats, threads: int = 1) -> tuple[Floats, Floats]:
        """See `Runner`."""
        count = inputs.shape[1]
        sums: Floats = np.zeros(self.loops.sizes["sum"])
        per_row: Floats = np.empty((self.loops.sizes["per_row"], count))
        with np.errstate(all="ignore"):
            for width, starts in _blocks(count, self.block):
                plan = self._borrow(width)
                plan.begin(parameters)
                for start in starts:
                    plan.run(inputs, start, sums, per_row)
                self._give_back(plan)
        return sums[self._summed], per_row[self._per_row]

    def _borrow(self, width: int) -> BlockPlan:
        with self._lock:
            waiting = self._idle.get(width)
            if waiting:
                return waiting.pop()
        return BlockPlan(self.loops, width, self._dtype)

    def _give_back(self, plan: BlockPlan) -> None:
        with self._lock:
            waiting = self._idle.pop(plan.width, [])
            waiting.append(plan)
            self._idle[plan.width] = waiting  # the latest is the last
            while len(self._idle) > MAX_PLANS:
                del self._idle[next(iter(self._idle))]


def _blocks(count: int, block: int) -> list[tuple[int, range]]:
    """The rows as blocks of one size, and one that may be smaller."""
    if not count:
        return []
    width = -(-count // -(-count // block))  # as even as may be
    whole = count - count % width
    parts = [(width, range(0, whole, width)), (count - whole, range(whole, count, width))]
    return [(width, starts) for width, starts in parts if len(starts)]


def _rows_of_a_block(loops: Loops) -> int:
    places = loops.sizes["slot"] + loops.sizes["per_row"] + len(loops.inputs)
    places += max(map(_for_itself, loops.loops), default=0)
    return min(MAX_ROWS, max(MIN_ROWS, MAX_NUMBERS // max(places, 1) // 16 * 16))


def _for_itself(loop: Loop) -> int:
    """How many numbers of a row a loop gathers, sums only, or computes on the way."""
    gathered = sum(len(access.table) for access in loop.reads if access.space not in SHARED)
    tree = None if loop.op is None or tuned("numpy", loop.op.name) else loop.op.expression
    if isinstance(tree, Fold) and computes_terms(tree):
        gathered += loop.members * loop.terms
    return gathered + (loop.members if loop.space == "sum" and not loop.is_product else 0)


class BlockPlan:
    """Loops on blocks of one number of rows."""

    def __init__(self, loops: Loops, width: int, dtype: Any = float) -> None:
        self.width, self._dtype = width, dtype
        sizes = loops.sizes
        self._parameters = np.empty((len(loops.parameters), 1), dtype)
        self._inputs = np.empty((len(loops.inputs), width), dtype)
        self._sums = np.empty((sizes["sum"], 1), dtype)
        self._per_row = np.empty((sizes["per_row"], width), dtype)
        self._spaces = {
            "parameter": self._parameters,
            "input": self._inputs,
            "constant": _rounded(loops.constants, dtype).reshape(-1, 1),
            "shared": np.empty((sizes["shared"], 1), dtype),
            "slot": np.empty((sizes["slot"], width), dtype),
            "sum": self._sums,
            "per_row": self._per_row,
        }
        self._scratch = Scratch(dtype)
        self._met: dict[Any, Expression] = {}  # expressions of many calls
        self._recipes: dict[Any, tuple[list[Floats], list[Step]]] = {}  # of those met again
        self._once: list[Step] = []
        self._steps: list[Step] = []
        for loop in loops.loops:
            self._scratch.reset()
            self._add(loop)

    def begin(self, parameters: Floats) -> None:
        """Compute what all rows share."""
        self._parameters[:, 0] = parameters
        for step in self._once:
            step()

    def run(self, inputs: Floats, start: int, sums: Floats, per_row: Floats) -> None:
        """Compute the rows from `start` on, and add their sums to `sums`."""
        end = start + self.width
        self._inputs[:] = inputs[:, start:end]
        for step in self._steps:
            step()
        sums += self._sums[:, 0]
        per_row[:, start:end] = self._per_row

    def _add(self, loop: Loop) -> None:
        shared = loop.space == "shared"
        steps = self._once if shared else self._steps
        reads = [self._operand(loop, k, steps) for k in range(len(loop.reads))]
        if loop.space == "sum":
            sums = results(self._sums, loop)[..., 0]
            if loop.is_product and not all(access.space in SHARED for access in loop.reads):
                summed_dot(reads[0], reads[1], sums, self._scratch, steps)
                return
            out = self._scratch.take((*counters(loop), self.width))
            self._compute(loop, reads, out, steps)
            steps.append(partial(np.add.reduce, out, -1, None, sums))
            return
        self._compute(loop, reads, results(self._spaces[loop.space], loop), steps)

    def _operand(self, loop: Loop, k: int, steps: list[Step]) -> Floats:
        access, terms = loop.reads[k], loop.terms_of(k)
        array = self._spaces[access.space]
        if access.affine:
            return family(array, loop, access, terms)
        return self._gathered(loop, access, terms, steps)

    def _gathered(self, loop: Loop, access: Access, terms: int, steps: list[Step]) -> Floats:
        array, places = self._spaces[access.space], table(loop, access, terms)
        shape = (*places.shape, array.shape[1])
        if access.space in SHARED:
            steps = self._once
            out = np.empty(shape, self._dtype)
        else:
            out = self._scratch.take(shape)
        # "clip" writes to out as it goes; the places are known to be there.
        steps.append(partial(array.take, places, 0, out, "clip"))
        return out

    def _compute(self, loop: Loop, reads: list[Floats], out: Floats, steps: list[Step]) -> None:
        op = loop.op
        if op is None:
            steps.append(partial(np.copyto, out, reads[0][..., 0, :]))
            return
        if tuned("numpy", op.name):
            self._dot(loop, reads, out, steps)
            return
        tree, calls = form("numpy", op), Calls(self._scratch.take, steps)
        if isinstance(tree, Fold):
            initial = reads[-1][..., 0, :] if loop.has_initial else None
            lists = reads[:-1] if loop.has_initial else reads
            calls.fold(tree, lists, initial, out)
        elif tree is not None:
            self._expression(tree, [array[..., 0, :] for array in reads], out, steps)
        else:  # nothing says what is computed: number by number
            numbers = [array[..., j, :] for array in reads for j in range(loop.terms)]
            steps.append(partial(_apply, op, numbers, out))

    def _expression(
        self, tree: Expression, numbers: list[Floats], out: Floats, steps: list[Step]
    ) -> None:
        """Adds the calls of an expression; one of many calls that comes again has them once, on
        arrays of its own: making thousands of calls takes longer than copying a few arrays."""
        key = (id(tree), out.shape, *[array.shape for array in numbers])
        if key in self._met and key not in self._recipes:
            own = [np.empty_like(array) for array in (*numbers, out)]
            calls = Calls(self._scratch.take, [])
            calls.expression(tree, dict(zip(letters(len(numbers)), own, strict=False)), own[-1])
            self._recipes[key] = own, calls.made
        if key in self._recipes:
            own, made = self._recipes[key]
            steps += [partial(np.copyto, *pair) for pair in zip(own, numbers, strict=False)]
            steps += [partial(_call_all, made), partial(np.copyto, out, own[-1])]
            return
        before, calls = len(steps), Calls(self._scratch.take, steps)
        calls.expression(tree, dict(zip(letters(len(numbers)), numbers, strict=True)), out)
        if len(steps) - before >= MANY_CALLS:
            self._met[key] = tree  # which stays, so that no other gets its identity

    def _dot(self, loop: Loop, reads: list[Floats], out: Floats, steps: list[Step]) -> None:
        left, right = reads[:2]
        shared = [access.space in SHARED for access in loop.reads]
        products = out
        if all(shared[:2]):  # whatever the initial value is
            products = np.empty((*counters(loop), 1), self._dtype)
            dot(left, right, shared, products, self._scratch, self._once, self._once)
        else:
            dot(left, right, shared, products, self._scratch, self._once, steps)
        if loop.has_initial:
            steps.append(partial(np.add, products, reads[-1][..., 0, :], out))
        elif products is not out:
            steps.append(partial(np.copyto, out, products))


def _call_all(steps: Sequence[Step]) -> None:
    for step in steps:
        step()


def _rounded(numbers: Sequence[float], dtype: Any) -> Floats:
    with np.errstate(all="ignore"):
        rounded: Floats = np.array(numbers, dtype=float).astype(dtype)
    return rounded


def _apply(op: Primitive, numbers: list[Floats], out: Floats) -> None:
    np.copyto(out, op(*numbers))
