"""Recurrences of many steps: their loops are made from a few steps (loops/stretching.py)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import numpy as np

from autograd_bp.compiling.front.flattened import Flattened
from autograd_bp.compiling.loops.differentiate import UnsupportedError, gradients, tangents
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.ordering import ordered
from autograd_bp.compiling.loops.reverse import WHOLE
from autograd_bp.compiling.loops.rolling import roll, roll_in_steps
from autograd_bp.compiling.loops.rules import OpenQuestions, questions_left_open
from autograd_bp.compiling.loops.sequences import count_different
from autograd_bp.compiling.loops.stretching import stretched
from autograd_bp.compiling.loops.sweeps import Leaves, StepPlaces
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.segments import Segment
from autograd_bp.compiling.program.steps import Steps, UnevenError

# Operations of a program for each loop of a step, where its derivative is made sooner from a few
# steps than instruction by instruction: a loop takes as long as some 20,000 instructions.
MIN_OPERATIONS = 14_000
MIN_OF_LARGE = 3500  # the same where memory counts more: steps take a quarter of it
LARGE = 200_000  # operations
MIN_TRACED = 1200  # the same where nobody had to record and to find the steps
MIN_COMPILED = 300  # the same where LLVM would have to go through all instructions
FEW = 6  # steps in which the loops of a step are counted
MANY_LOOPS, MANY_TIMES = 200, 4  # different loops, where the whole program is looked at


@dataclass(frozen=True)
class Asked:
    """Which derivatives are asked for.

    Attributes:
        kind: "grad", "jvp", "hvp", "jacobian"; or "vjp", where the last output is the product with
            the cotangent.
        keep: whether the value comes first.
        keep_gradient: whether the gradient follows, before the product of an "hvp".
        summed: for each group of leaves whether the derivatives are summed over the rows.
    """

    kind: str
    keep: bool
    keep_gradient: bool
    summed: Sequence[bool]

    def of_loops(self, loops: Loops, by: Leaves, along: Leaves, steps: StepPlaces) -> Loops:
        """The loops of these derivatives; see `differentiated`."""
        count = len(loops.outputs) - (self.kind == "vjp")
        keep = range(count) if self.keep else range(0)
        if self.kind == "jvp":
            return tangents(loops, by, along, keep=keep, steps=steps)
        is_again = self.kind == "hvp"
        slopes = gradients(
            loops,
            by,
            outputs=[count] if self.kind == "vjp" else None,
            keep=keep,
            summed=self.summed,
            each=self.kind == "jacobian",
            again=is_again,
            steps=steps,
        )
        if not is_again:
            return slopes
        places = range(len(keep), len(slopes.outputs))
        kept = [*keep, *(places if self.keep_gradient else ())]
        return tangents(slopes, by, along, outputs=places, keep=kept, steps=steps)


def value_by_steps(flat: Flattened | Segment) -> Loops | None:
    """The loops of a recurrence; None where a program is none, or is not made from a few steps.

    A vector that is turned round in each step can be gone through along its entries, too. That is
    regular, but the steps are then as long as the vector, where the loops of the program are few.
    """
    steps = flat.steps()
    loops = None if steps is None else stretched(steps, lambda n: _rolled(steps, n))
    if loops is None or steps is None or steps.given is not None:
        return loops
    count = count_different(loops)
    return None if count > MANY_LOOPS and count > MANY_TIMES * _loops_of(flat) else loops


def _loops_of(flat: Flattened | Segment) -> int:
    return len(roll(flat.program).loops)


def _rolled(steps: Steps, n: int) -> Loops:
    return ordered(roll_in_steps(steps.of(n), steps.barriers(n), steps.streams(n)))


def derivative_by_steps(
    flat: Flattened | Segment,
    by: Leaves,
    along: Leaves,
    asked: Asked,
    *,
    always: bool = False,
    machine_code: bool = False,
) -> Loops | None:
    """The same for a derivative.

    Arguments:
        flat: the program.
        by: leaves, in the program of all steps.
        along: those of the tangent of a "jvp" or "hvp".
        asked: which derivatives.
        always: also where the instructions, one by one, would be differentiated sooner.
        machine_code: whether all loops will be compiled at once.
    """
    per_loop = _least_operations(flat.size, machine_code)
    steps = flat.steps(0 if always else per_loop)
    is_traced = steps is not None and steps.given is not None and asked.kind != "jacobian"
    if steps is None:
        return None
    rolled = cache(partial(_rolled, steps))
    per_loop = min(MIN_TRACED, per_loop) if is_traced else per_loop
    if not always and not _pays(steps.size, rolled, per_loop):
        return None

    def leaves(groups: Leaves, n: int) -> list[tuple[str, Sequence[int]]]:
        return [(space, steps.leaves(space, indices, n)) for space, indices in groups]

    def made(n: int) -> Loops:
        loops, some, others = rolled(n), leaves(by, n), leaves(along, n)
        if along and [len(k) for _, k in some] != [len(k) for _, k in others]:
            raise UnevenError  # a direction for each step
        return asked.of_loops(loops, some, others, step_places(steps, n, loops))

    return stretched(steps, made, lambda: _settles(rolled(FEW)))


@dataclass(frozen=True)
class Shorter:
    """Makes a derivative by steps later, when machine code is to be made of it: then it is worth
    it for shorter recurrences.

    Attributes:
        flat, by, along, asked: as in `derivative_by_steps`.
        may_be_open: whether a question may be left open, see `derived`.
        is_open: whether one was in what runs until then.
    """

    flat: Flattened
    by: Leaves
    along: Leaves
    asked: Asked
    may_be_open: bool = False
    is_open: bool = False

    def __call__(self) -> Loops | None:
        """The loops; None where the program is no recurrence, or a short one, and where they
        leave a question open that was not."""
        block: Any = questions_left_open() if self.may_be_open else nullcontext(OpenQuestions())
        with block as questions:
            try:
                loops = derivative_by_steps(
                    self.flat, self.by, self.along, self.asked, machine_code=True
                )
            except UnsupportedError:
                return None
        return None if questions.any and not self.is_open else loops


def step_places(steps: Steps, n: int, loops: Loops) -> StepPlaces:
    """Where the steps write, in the loops that were made of n of them.

    Loops are in the order of the barriers, behind the copies that some of them read, and each
    instruction has one place.
    """
    program, barriers = steps.of(n), steps.barriers(n)
    is_shared = np.array(program.uniform()[program.first :], bool)
    places = {}
    for space, flags in (("shared", is_shared), ("slot", ~is_shared & ~_are_handed_out(program))):
        copies = loops.sizes[space] - int(flags.sum())
        before = np.concatenate([[0], np.cumsum(flags)])
        places[space] = tuple((copies + before[list(barriers)]).tolist())
    return places


def _are_handed_out(program: Program) -> Any:
    """For each instruction whether it is an output and nothing else."""
    read = np.concatenate([np.asarray(program.operands), np.array(program.outputs, np.int64)])
    uses = np.bincount(read, minlength=program.first + len(program))
    alone = np.zeros(program.first + len(program), bool)
    alone[list(program.outputs)] = True
    return (alone & (uses == 1))[program.first :]


def _least_operations(size: int, machine_code: bool) -> int:
    """How many operations there have to be for each loop of a step."""
    if machine_code:
        return min(MIN_COMPILED, MIN_OPERATIONS)
    return min(MIN_OF_LARGE, MIN_OPERATIONS) if size >= LARGE else MIN_OPERATIONS


def _pays(size: int, rolled: Callable[[int], Loops], per_loop: int) -> bool:
    """Whether a program of so many operations has enough of them for each loop of a step."""
    try:
        few, more = (len(rolled(n).loops) for n in (FEW, FEW + 1))
    except UnevenError:
        return False
    return size >= per_loop * (more - few)


def _settles(loops: Loops) -> bool:
    """Whether members of long loops read parameters or inputs of their own: what steps pass to
    these is added up step by step, beginning with the last one."""
    return any(
        loop.members >= WHOLE
        and loop.terms == 1
        and any(a.space in ("parameter", "input") and any(a.strides) for a in loop.reads)
        for loop in loops.loops
    )
