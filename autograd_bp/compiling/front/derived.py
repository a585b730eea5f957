"""What a compiled function computes for each kind of result: its value, or a derivative of it.

The value is recorded, flattened and rolled. Where that gives a handful of loops, these are
differentiated, which takes no longer for a million operations than for a hundred. Where loops have
few members each, the instructions of the program are differentiated one by one. Where a rule cannot
be seen from one member alone, the derivative is recorded node by node.

It is recorded too where a slope may be infinite and the program is small. Then it matters whether a
gradient of 0 has cancelled or has never arrived (docs/kinks.md), which a recorded sweep asks of all
paths. The other two take 0 for nothing there.
The value is recorded, flattened and rolled. Where that gives a few large loops, these are
differentiated, which takes little longer for a million operations than for a hundred. Otherwise the
instructions of the program are differentiated one by one. Where a rule cannot be seen from one
member or instruction alone, the derivative is recorded node by node.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp.compiling.front.arguments import Nodes
from autograd_bp.compiling.front.by_steps import derivative_by_steps, value_by_steps
from autograd_bp.compiling.front.results import Result, recorded, result
from autograd_bp.compiling.loops.differentiate import (
    StepPlaces,
    UnsupportedError,
    gradients,
    jacobian,
    tangents,
)
from autograd_bp.compiling.loops.instructions import (
    program_gradients,
    program_jacobian,
    program_tangents,
)
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.loops.sweeps import Leaves
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.slopes import has_infinite_slope
from autograd_bp.derivatives.trees import Tree
from autograd_bp.value import Value

__all__ = ["INSTRUCTIONS", "LOOPS", "RECORDED", "STEPS", "derived", "differentiated"]

Number = Any  # a float or a Value
MANY_LOOPS = 40  # more than those of most networks
MAX_ASKED = 2000  # operations of a program whose derivative asks what a gradient of 0 is
# Numbers that a loop reads on the average, where differentiating loops pays. In Python it would pay
# sooner, but sums are added up in one order or the other, and both cores give the same bits.
MIN_READ = 500
FEW_LOOPS = 24  # more than those of most networks, without their gradients
# How a derivative came about.
LOOPS, STEPS = "loops", "steps"
INSTRUCTIONS, RECORDED = "instructions", "recorded"


def derived(
    kind: str, outputs: list[Number], tree: Tree, nodes: Nodes, sums: bool
) -> tuple[Result, Program | Loops, str]:
    """What computes one kind of result.

    Arguments:
        kind: "value", "grad", "value_and_grad", "hvp" or "jacobian".
        outputs: what the function returned.
        tree: the shape of that.
        nodes: its arguments.
        sums: whether results are summed over the rows.

    Returns: how the result is handed out; what computes its numbers; and LOOPS, STEPS,
        INSTRUCTIONS or RECORDED, the way that a derivative came about, or the empty text for a value.

    Raises: ShapeError where one number is needed and the function returned more; the errors of
        `record_gradients`.
    """
    shape = result(kind, len(outputs), tree, nodes, sums)
    if kind == "value":
        program = _program(outputs, nodes, sums)
        return shape, value_by_steps(program) or program, ""
    # Of a jacobian all numbers are summed or none, by whatever arguments.
    is_summed = shape.parts[0].summed if kind == "jacobian" else sums
    program = _program(outputs, nodes, is_summed)
    by, along, summed, start = [], [], [], 0
    for group, varies in nodes.groups:
        leaves = nodes.wrt[start : start + group.size]
        by.append(leaves_of(leaves, nodes.inputs if varies else nodes.parameters, varies))
        along.append(leaves_of(nodes.tangent[start : start + group.size], nodes.parameters, False))
        summed.append(is_summed and not varies)
        start += group.size
    try:
        if len(program.codes) <= MAX_ASKED and has_infinite_slope(set(program.codes)):
            raise UnsupportedError
        loops = derivative_by_steps(
            program,
            by,
            along,
            lambda *a, steps: of_loops(kind, *a, summed=summed, steps=steps),
        )
        if loops is not None:
            return shape, loops, STEPS
        content, way = differentiated(program, kind, by, along, summed=summed)
    except UnsupportedError:
        entries = recorded(kind, outputs, nodes)
        return shape, _program(entries, nodes, shape.summed), RECORDED
    return shape, content, way


def differentiated(
    program: Program,
    kind: str,
    by: Leaves,
    along: Leaves = (),
    *,
    outputs: Sequence[int] | None = None,
    summed: Sequence[bool] = (True,),
) -> tuple[Program | Loops, str]:
    """A derivative of a program, and the way that it came about.

    Arguments:
        program: the program.
        kind: "grad", "value_and_grad", "hvp" or "jacobian".
        by: the leaves to differentiate by.
        along: those of the tangent of an "hvp".
        outputs: those of which a gradient is taken; all when left out.
        summed: for each pair in `by` whether the derivatives are summed over the rows.

    Raises: UnsupportedError where a rule cannot be traced on one member alone.
    """
    loops = roll(program)
    keep = range(len(program.outputs)) if kind == "value_and_grad" else ()
    is_again = kind == "hvp"
    options: Any = {"outputs": outputs, "keep": keep, "summed": summed, "again": is_again}
    if not pays(loops):
        if kind == "jacobian":
            return optimised(program_jacobian(program, by, summed=all(summed))), INSTRUCTIONS
        slopes = optimised(program_gradients(program, by, **options))
        if is_again:
            slopes = optimised(program_tangents(slopes, by, along))
        return slopes, INSTRUCTIONS
    return regular(of_loops(kind, loops, by, along, outputs=outputs, summed=summed)), LOOPS


def of_loops(
    kind: str,
    loops: Loops,
    by: Leaves,
    along: Leaves,
    *,
    outputs: Sequence[int] | None = None,
    summed: Sequence[bool],
    steps: StepPlaces | None = None,
) -> Loops:
    """A derivative of loops; see `differentiated` and, for `steps`, `gradients`."""
    if kind == "jacobian":
        return jacobian(loops, by, summed=all(summed), steps=steps)
    is_again = kind == "hvp"
    keep = range(len(loops.outputs)) if kind == "value_and_grad" else ()
    slopes = gradients(
        loops, by, outputs=outputs, keep=keep, summed=summed, again=is_again, steps=steps
    )
    return tangents(slopes, by, along, steps=steps) if is_again else slopes


def regular(loops: Loops) -> Program | Loops:
    """The loops, or what they compute as a program, where there are many of them or some read
    tables: rolled again, members of several loops become one."""
    is_regular = all(access.affine for loop in loops.loops for access in loop.reads)
    if is_regular and len(loops.loops) <= MANY_LOOPS:
        return loops
    return optimised(unrolled(loops))


def pays(loops: Loops) -> bool:
    """Whether the loops are differentiated sooner than all instructions, one by one."""
    numbers = sum(
        loop.members * loop.terms_of(k) for loop in loops.loops for k in range(len(loop.reads))
    )
    return len(loops.loops) <= FEW_LOOPS and numbers >= MIN_READ * len(loops.loops)


def _program(outputs: Sequence[Number], nodes: Nodes, summed: bool | Sequence[bool]) -> Program:
    marks = [summed] * len(outputs) if isinstance(summed, bool) else summed
    graph = flatten(
        outputs,
        parameters=nodes.parameters,
        inputs=nodes.inputs,
        summed=marks,
        names=nodes.names,
    )
    return optimised(graph)


def leaves_of(
    chosen: Sequence[Value], among: Sequence[Value], varies: bool
) -> tuple[str, Sequence[int]]:
    """The space of some leaves, and their places in it."""
    space = "input" if varies else "parameter"
    if not chosen:
        return space, range(0)
    first = next(k for k, leaf in enumerate(among) if leaf is chosen[0])
    side_by_side = among[first : first + len(chosen)]
    if len(side_by_side) == len(chosen) and all(
        a is b for a, b in zip(side_by_side, chosen, strict=True)
    ):
        return space, range(first, first + len(chosen))
    places = {id(leaf): k for k, leaf in enumerate(among)}
    return space, [places[id(leaf)] for leaf in chosen]
