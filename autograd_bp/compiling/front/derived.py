"""What a compiled function computes for each kind of result: its value, or a derivative of it.

The value is recorded, flattened and rolled. Where that gives a handful of loops, these are
differentiated, which takes no longer for a million operations than for a hundred. Where loops have
few members each, or a rule cannot be seen from one member alone, the derivative is recorded node by
node.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from autograd_bp.compiling.front.arguments import Nodes
from autograd_bp.compiling.front.results import Result, recorded, result
from autograd_bp.compiling.loops.differentiate import (
    UnsupportedError,
    gradients,
    jacobian,
    tangents,
)
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rolling import roll
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.trees import Tree
from autograd_bp.value import Value

__all__ = ["LOOPS", "RECORDED", "derived", "with_gradient"]

Number = Any  # a float or a Value
MANY_LOOPS = 40  # more than those of most networks
MIN_READ = 40  # numbers that a loop reads on the average, where differentiating loops pays
LOOPS, RECORDED = "loops", "recorded"  # how a derivative came about


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

    Returns: how the result is handed out; what computes its numbers; and LOOPS or RECORDED, the
        way that a derivative came about, or the empty text for a value.

    Raises: ShapeError where one number is needed and the function returned more; the errors of
        `record_gradients`.
    """
    shape = result(kind, len(outputs), tree, nodes, sums)
    if kind == "value":
        return shape, _program(outputs, nodes, sums), ""
    loops = _loops(kind, outputs, nodes, sums, shape.summed)
    if loops is not None:
        return shape, regular(loops), LOOPS
    entries = recorded(kind, outputs, nodes)
    return shape, _program(entries, nodes, shape.summed), RECORDED


def regular(loops: Loops) -> Program | Loops:
    """The loops, or what they compute as a program, where there are many of them or some read
    tables: rolled again, members of several loops become one."""
    is_regular = all(access.affine for loop in loops.loops for access in loop.reads)
    if is_regular and len(loops.loops) <= MANY_LOOPS:
        return loops
    return optimised(unrolled(loops))


def _loops(
    kind: str, outputs: list[Number], nodes: Nodes, sums: bool, summed: Sequence[bool]
) -> Loops | None:
    """The derivative of the loops of the outputs; None where it is to be recorded."""
    by = [leaves_of(nodes.wrt, nodes.inputs if nodes.varies else nodes.parameters, nodes.varies)]
    is_summed = summed[-1] if summed else sums  # the derivatives come last
    loops = roll(_program(outputs, nodes, is_summed if kind == "jacobian" else sums))
    if not pays(loops):
        return None
    try:
        if kind == "jacobian":
            return jacobian(loops, by, summed=is_summed)
        keep = range(len(outputs)) if kind == "value_and_grad" else ()
        slopes = gradients(loops, by, keep=keep, summed=is_summed, again=kind == "hvp")
        if kind != "hvp":
            return slopes
        return tangents(slopes, by, [leaves_of(nodes.tangent, nodes.parameters, False)])
    except UnsupportedError:
        return None


def pays(loops: Loops) -> bool:
    """Whether the loops are differentiated sooner than all nodes, one by one."""
    numbers = sum(
        loop.members * loop.terms_of(k) for loop in loops.loops for k in range(len(loop.reads))
    )
    return numbers >= MIN_READ * len(loops.loops)


def with_gradient(program: Program, output: int) -> Program | Loops | None:
    """The program, and the gradient of one of its outputs by all parameters, summed over the rows;
    None where it is to be recorded."""
    loops = roll(program)
    if not pays(loops):
        return None
    leaves, keep = [("parameter", range(len(program.parameters)))], range(len(program.outputs))
    try:
        return regular(gradients(loops, leaves, outputs=[output], keep=keep))
    except UnsupportedError:
        return None


def _program(outputs: Sequence[Number], nodes: Nodes, summed: bool | Sequence[bool]) -> Program:
    marks = [summed] * len(outputs) if isinstance(summed, bool) else summed
    graph = flatten(outputs, parameters=nodes.parameters, inputs=nodes.inputs, summed=marks)
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
