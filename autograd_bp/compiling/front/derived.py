"""Derives each kind of result of a compiled function: its value, or derivatives of it.

The value is recorded, flattened and rolled. Where that gives a few large loops, these are
differentiated, which takes little longer for a million operations than for a hundred. Otherwise the
instructions of the program are differentiated one by one. Where a rule cannot be seen from one
member or instruction alone, the derivative is recorded node by node.

It is recorded too where a slope may be infinite and the program is small. Then it matters whether a
gradient of 0 has cancelled or has never arrived (docs/kinks.md), which a recorded sweep asks of all
paths. Larger programs leave the question open where a gradient is a sum: a result with a NaN is
computed again by what is recorded (ready.py). A result that is too large to be recorded is then
computed again by a program that takes 0 for nothing, with a warning where it gives a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from enum import Enum
from itertools import accumulate
from typing import Any, NamedTuple

from autograd_bp.compiling.front.by_steps import Shorter, value_by_steps
from autograd_bp.compiling.front.derivation import RECORDED, Derivation, Piece, selected
from autograd_bp.compiling.front.packed import Nodes
from autograd_bp.compiling.front.results import Result, names_of_kind, result
from autograd_bp.compiling.loops.differentiate import UnsupportedError
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.rules import OpenQuestions, questions_left_open
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.program.merging import merged
from autograd_bp.compiling.program.passes import optimised
from autograd_bp.compiling.program.program import Program
from autograd_bp.derivatives.trees import Tree
from autograd_bp.flow.rounds import PlainRoundsError

__all__ = ["MAX_OPEN", "Derived", "Zeros", "derived"]

Number = Any  # a float or a Value
MAX_OPEN = 100_000  # of one that asks when a result is NaN: it takes some ten seconds to record


class Zeros(Enum):
    """The treatment of a gradient of 0 that meets an infinite slope.

    ASKED: all paths are asked whether anything reached it, so derivatives are recorded.
    OPEN: the same for very small programs; others may leave the question open.
    NOTHING: all but small programs take it for one that nothing has reached.
    """

    ASKED = "asked"
    OPEN = "open"
    NOTHING = "nothing"


class Derived(NamedTuple):
    """Computes one kind of result.

    Attributes:
        result: how it is handed out.
        content: what computes its numbers.
        way: LOOPS, STEPS, INSTRUCTIONS or RECORDED, the way that a derivative came about, or the
            empty text for a value.
        is_open: whether a question was left open: then a result with a NaN has to be computed
            again by what Zeros.ASKED gives.
        is_too_large: whether that would take too long to record; then Zeros.NOTHING has to do.
        shorter: makes loops of the same for machine code, see `Shorter`; None for nothing else.
    """

    result: Result
    content: Program | Loops
    way: str
    is_open: bool
    is_too_large: bool = False
    shorter: Shorter | None = None


def derived(
    kind: str,
    outputs: list[Number],
    tree: Tree,
    nodes: Nodes,
    sums: bool,
    sparse: bool = False,
    zeros: Zeros = Zeros.OPEN,
    *,
    machine_code: bool = False,
    by_steps: bool = False,
) -> Derived:
    """Return the object that computes one kind of result.

    Arguments:
        kind: "value", "grad", "value_and_grad", "hvp", "jacobian" ...
        outputs: what the function returned.
        tree: the shape of that.
        nodes: its arguments.
        sums: whether results are summed over the rows.
        sparse: whether Jacobians and Hessians are handed out as sparse matrices.
        zeros: what is done about a gradient of 0 that meets an infinite slope.
        machine_code: whether it will be compiled at once: then loops are worth more.
        by_steps: whether a recurrence is differentiated by its steps however few they are.

    Raises: ShapeError where one number is needed and the function returned more; the errors of
        `record_gradients`.
    """
    shape = result(kind, len(outputs), tree, nodes, sums, sparse)
    names = names_of_kind(kind)
    derivation = Derivation(
        outputs, nodes, sums, sparse, machine_code=machine_code, by_steps=by_steps
    )
    if names == ["value"]:
        flat = derivation.flat(sums)
        return Derived(shape, value_by_steps(flat) or flat.program, "", False)
    may_be_open = zeros is Zeros.OPEN
    block: Any = questions_left_open() if may_be_open else nullcontext(OpenQuestions())
    with block as questions:
        try:
            if zeros is Zeros.ASKED:
                raise UnsupportedError
            pieces, way = derivation.pieces(names, may_be_open=may_be_open)
            is_open = questions.any
        except UnsupportedError:
            if nodes.loops:
                raise PlainRoundsError("its derivative is recorded node by node") from None
            pieces, way, is_open = derivation.recorded(names), RECORDED, False
    return Derived(
        _with_sparse(shape, names, derivation),
        _together(pieces, names),
        way,
        is_open,
        is_open and derivation.flat(sums).size > MAX_OPEN,
        shorter_of(pieces, names, may_be_open, is_open),
    )


def shorter_of(
    pieces: Sequence[Piece], names: Sequence[str], may_be_open: bool, is_open: bool
) -> Shorter | None:
    """See Derived."""
    shorter = pieces[0].shorter
    if shorter is None or pieces[0].names != [*names]:
        return None
    return replace(shorter, may_be_open=may_be_open, is_open=is_open)


def _with_sparse(shape: Result, names: Sequence[str], derivation: Derivation) -> Result:
    """The result with sparse matrices in the place of others."""
    matrices = [name for name in names if name in derivation.places]
    if not derivation.is_sparse or not matrices:
        return shape
    parts: list[Any] = []
    forms: list[Any] = []
    rest = iter(shape.parts)
    for name, form in zip(names, shape.form if len(names) > 1 else (shape.form,), strict=True):
        some = [next(rest) for _ in range(_count(form))]
        is_sparse = name in matrices
        parts += [derivation.sparse_part(name, some[0].title)] if is_sparse else some
        forms.append(None if is_sparse else form)
    return Result(tuple(parts), forms[0] if len(forms) == 1 else tuple(forms))


def _count(form: Any) -> int:
    return 1 if form is None else sum(map(_count, form))


def _together(pieces: Sequence[Piece], names: Sequence[str]) -> Program | Loops:
    """One program of all pieces, with the results in this order."""
    together = [name for piece in pieces for name in piece.names]
    counts = [count for piece in pieces for count in piece.counts]
    content = pieces[0].content
    if len(pieces) > 1:
        programs = [
            unrolled(piece.content) if isinstance(piece.content, Loops) else piece.content
            for piece in pieces
        ]
        content = optimised(merged(programs))
    if together == list(names):
        return content
    starts = [0, *accumulate(counts)]
    order = [
        k
        for name in names
        for k in range(starts[together.index(name)], starts[together.index(name) + 1])
    ]
    return selected(content, order)
