"""What a compiled function computes for each kind of result: its value, or a derivative of it.

The value is recorded, flattened and rolled. The derivatives are those of its loops. Where a rule
cannot be seen from one member of a loop alone, they are recorded node by node instead.
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
from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.trees import Tree
from autograd_bp.value import Value

__all__ = ["LOOPS", "RECORDED", "derived", "gradient_loops"]

Number = Any  # a float or a Value
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
    try:
        loops = _loops(kind, outputs, nodes, sums, shape.summed)
    except UnsupportedError:
        entries = recorded(kind, outputs, nodes)
        return shape, _program(entries, nodes, shape.summed), RECORDED
    return shape, loops, LOOPS


def _loops(
    kind: str, outputs: list[Number], nodes: Nodes, sums: bool, summed: Sequence[bool]
) -> Loops:
    by = [leaves_of(nodes.wrt, nodes.inputs if nodes.varies else nodes.parameters, nodes.varies)]
    is_summed = summed[-1]  # the derivatives come last
    if kind == "jacobian":
        return jacobian(roll(_program(outputs, nodes, is_summed)), by, summed=is_summed)
    loops = roll(_program(outputs, nodes, sums))
    keep = range(len(outputs)) if kind == "value_and_grad" else ()
    slopes = gradients(loops, by, keep=keep, summed=is_summed, again=kind == "hvp")
    if kind != "hvp":
        return slopes
    return tangents(slopes, by, [leaves_of(nodes.tangent, nodes.parameters, False)])


def gradient_loops(
    program: Program, by: Sequence[Value], parameters: Sequence[Value], last: int
) -> Loops:
    """The program, with the gradient of one of its outputs by parameters, summed over the rows."""
    leaves = [leaves_of(by, parameters, False)]
    keep = range(len(program.outputs))
    return gradients(roll(program), leaves, outputs=[last], keep=keep)


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
