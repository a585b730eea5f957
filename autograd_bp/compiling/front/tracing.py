"""Whether the body of a loop may be traced once, for all of its rounds."""

from __future__ import annotations

import sys

from autograd_bp.compiling.program.flatten import flatten
from autograd_bp.compiling.program.program import Program
from autograd_bp.flow.rounds import PlainRoundsError, TracedLoop, Tracer

MIN_ROUNDS = 32  # of a loop that is traced once
# Numbers of tables that a call would pass to select entries, where looking them up takes less.
MIN_SELECTED = 100_000
MIN_OPERATIONS = 2000  # in all of its rounds


def new_tracer(rows: int | None, *, traces_loops: bool = True) -> Tracer:
    """Traces the loops of one recording.

    Arguments:
        rows: how many rows of data there are; None where all entries of tables are selected.
        traces_loops: False where loops are recorded round by round, and entries are looked up.
    """
    if not traces_loops:
        return Tracer(sys.maxsize, require_alike, MIN_SELECTED, rows or 1)
    if rows is None:
        return Tracer(MIN_ROUNDS, require_alike)
    return Tracer(MIN_ROUNDS, require_alike, MIN_SELECTED, rows)


def require_alike(first: TracedLoop, loop: TracedLoop) -> None:
    """Raises PlainRoundsError where two tracings of a body differ, in an operation or in a number
    that it has of itself (a counter, an iterator), or where there is little to repeat."""
    one, other = _program_of(first), _program_of(loop)
    if (
        one.codes != other.codes
        or one.operands != other.operands
        or one.outputs != other.outputs
        or [repr(x) for x in one.constants] != [repr(x) for x in other.constants]
    ):
        raise PlainRoundsError("the body computes something else when it is called again")
    size = len(other) - sum(other.uniform()[other.first :])
    if size * loop.count < MIN_OPERATIONS:
        raise PlainRoundsError("")


def _program_of(loop: TracedLoop) -> Program:
    return flatten([*loop.ends, *loop.ys], inputs=[*loop.starts, *loop.xs])
