"""Derivatives of programs: as loops where these are few and large, else by instructions."""

from __future__ import annotations

import operator
from collections.abc import Sequence
from typing import Any, NamedTuple

from autograd_bp.compiling.loops.differentiate import gradients, tangents
from autograd_bp.compiling.loops.instructions import program_gradients, program_tangents
from autograd_bp.compiling.loops.jacobians import jacobian_entries
from autograd_bp.compiling.loops.loops import Loops, numbers_read
from autograd_bp.compiling.loops.rolling import roll_if
from autograd_bp.compiling.loops.sweeps import Leaves
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.program.merging import with_outputs
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.value import Value

__all__ = [
    "INSTRUCTIONS",
    "LOOPS",
    "Derivative",
    "differentiated",
    "leaves_of",
    "pays",
    "regular",
    "space_of",
]

MANY_LOOPS = 40  # more than those of most networks
# Numbers that a loop reads on the average, where differentiating loops pays. In Python it would pay
# sooner, but sums are added up in one order or the other, and both cores give the same bits.
MIN_READ = 500
FEW_LOOPS = 24  # more than those of most networks, without their gradients
MANY_READ = 2000  # of so many, it pays however many loops there are: the layers of a transformer
LOOPS, INSTRUCTIONS = "loops", "instructions"  # how a derivative came about


class Derivative(NamedTuple):
    """A derivative of a program.

    Attributes:
        content: what computes it.
        way: how it came about.
        places: of a matrix, the output and the leaf of each number.
    """

    content: Program | Loops
    way: str
    places: list[tuple[int, int]]


def differentiated(
    program: Program,
    kind: str,
    by: Leaves,
    along: Leaves = (),
    *,
    outputs: Sequence[int] | None = None,
    keep: Sequence[int] = (),
    keep_gradient: bool = False,
    summed: Sequence[bool] = (True,),
    is_dense: bool = True,
    may_be_loops: bool = True,
) -> Derivative:
    """A derivative of a program, and the way that it came about.

    Arguments:
        program: the program.
        kind: "grad", "jvp", "hvp", "jacobian" or "hessian".
        by: the leaves to differentiate by.
        along: those of the tangent of a "jvp" or "hvp".
        outputs: those of which a gradient is taken; all when left out.
        keep: the outputs of the program that the result begins with.
        keep_gradient: whether the gradient follows them, before the product of an "hvp".
        summed: for each pair in `by` whether the derivatives are summed over the rows.
        is_dense: whether matrices have entries that are 0 whatever the numbers are.
        may_be_loops: False where some derivatives are summed over the rows and others are not.

    Raises: UnsupportedError where a rule cannot be traced on one member alone.
    """
    content: Program | Loops = program
    way, is_again = INSTRUCTIONS, kind in ("hvp", "hessian")
    loops = roll_if(program, pays) if may_be_loops else None
    if loops is not None:
        content, way = loops, LOOPS
    if kind == "jvp":
        content = _tangents(content, by, along, range(len(program.outputs)), keep)
    elif kind != "jacobian":
        options: Any = {"outputs": outputs, "keep": keep, "summed": summed}
        content = _gradients(content, by, again=is_again, **options)
    if kind == "hvp":
        slopes = range(len(keep), len(content.outputs))
        kept = [*range(len(keep)), *(slopes if keep_gradient else ())]
        content = _tangents(content, by, along, slopes, kept)
    places: list[tuple[int, int]] = []
    if kind in ("jacobian", "hessian"):
        rows = None
        if kind == "hessian":
            pairs = zip(by, summed, strict=True)
            rows = [mark for (_, indices), mark in pairs for _ in indices]
        entries = jacobian_entries(content, by, summed=summed, of_outputs=rows, dense=is_dense)
        content, places = entries.content, entries.places
        content = optimised(content) if isinstance(content, Program) else content
    return Derivative(regular(content) if isinstance(content, Loops) else content, way, places)


def _gradients(content: Program | Loops, by: Leaves, **options: Any) -> Program | Loops:
    if isinstance(content, Loops):
        return gradients(content, by, **options)
    return optimised(program_gradients(content, by, **options))


def _tangents(
    content: Program | Loops,
    by: Leaves,
    along: Leaves,
    outputs: Sequence[int],
    keep: Sequence[int],
) -> Program | Loops:
    if isinstance(content, Loops):
        return tangents(content, by, along, outputs=outputs, keep=keep)
    moved = program_tangents(content, by, along, keep=keep)
    chosen = [*range(len(keep)), *(len(keep) + k for k in outputs)]
    return optimised(with_outputs(moved, chosen, [moved.summed[k] for k in chosen]))


def regular(loops: Loops) -> Program | Loops:
    """The loops, or what they compute as a program, where many of them are small or some read
    tables: rolled again, members of several loops become one."""
    is_regular = all(access.affine for loop in loops.loops for access in loop.reads)
    if (is_regular and len(loops.loops) <= MANY_LOOPS) or _read_by_each(loops) >= MANY_READ:
        return loops
    return optimised(unrolled(loops))


def pays(loops: int, numbers: int) -> bool:
    """Whether so many loops, which read so many numbers, are differentiated sooner than all
    instructions, one by one."""
    return numbers / max(loops, 1) >= (MIN_READ if loops <= FEW_LOOPS else MANY_READ)


def _read_by_each(loops: Loops) -> float:
    """How many numbers a loop reads, on the average."""
    return sum(map(numbers_read, loops.loops)) / max(len(loops.loops), 1)


def space_of(varies: bool) -> str:
    """The space of leaves of which each row has its own, or that all rows share."""
    return "input" if varies else "parameter"


def leaves_of(
    chosen: Sequence[Value], among: Sequence[Value], varies: bool
) -> tuple[str, Sequence[int]]:
    """The space of some leaves, and their places in it."""
    space = space_of(varies)
    if not chosen:
        return space, range(0)
    first = next(k for k, leaf in enumerate(among) if leaf is chosen[0])
    side_by_side = among[first : first + len(chosen)]
    if len(side_by_side) == len(chosen) and all(map(operator.is_, side_by_side, chosen)):
        return space, range(first, first + len(chosen))
    places = {id(leaf): k for k, leaf in enumerate(among)}
    return space, [places[id(leaf)] for leaf in chosen]
