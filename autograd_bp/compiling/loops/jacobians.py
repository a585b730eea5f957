"""Jacobians of programs and of loops: forward or reverse sweeps, whichever are less work.

One forward sweep serves all leaves of which no output depends on two, one reverse sweep all outputs
that share no leaf. Which these are is seen from the program before there are numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd_bp.compiling.loops.forward import Forward
from autograd_bp.compiling.loops.instructions import Tangents, program_gradients_of, registers_of
from autograd_bp.compiling.loops.loops import Loops
from autograd_bp.compiling.loops.outputs import runs_of
from autograd_bp.compiling.loops.reverse import Reverse
from autograd_bp.compiling.loops.sweeps import Leaves, marks_of
from autograd_bp.compiling.loops.unrolled import unrolled
from autograd_bp.compiling.loops.writer import RESULTS, LoopWriter
from autograd_bp.compiling.program.merging import with_outputs
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.sparsity import Sparsity, sparsity
from autograd_bp.derivatives.colouring import colour, transposed

__all__ = ["Entries", "jacobian_entries"]

MORE_LOOPS = 3  # a forward sweep through loops is loops of its own; reverse ones are a counter more
MORE_WORK = 2  # forward sweeps through instructions have to be so much less work


@dataclass(frozen=True)
class Entries:
    """Entries of a Jacobian.

    Attributes:
        content: what computes them, one output for each.
        places: the output and the leaf of each.
    """

    content: Program | Loops
    places: list[tuple[int, int]]


def jacobian_entries(
    content: Program | Loops,
    by: Leaves,
    *,
    summed: Sequence[bool] = (True,),
    of_outputs: Sequence[bool] | None = None,
    dense: bool = True,
) -> Entries:
    """The derivatives of each output by each leaf, output after output.

    Arguments:
        content: what is differentiated. Of loops, all outputs are summed over the rows, or none is.
        by: pairs of a space and indices in it.
        summed: for each pair in `by` whether the derivatives are summed over the rows.
        of_outputs: for each output whether its derivatives may be; an entry is summed where both
            allow it.
        dense: whether entries that are 0 whatever the numbers are among them.

    Raises: as `gradients`.
    """
    program = unrolled(content) if isinstance(content, Loops) else content
    pattern = sparsity(program, registers_of(program, by))
    pairs = zip(by, marks_of(by, summed), strict=True)
    marks = [mark for (_, indices), mark in pairs for _ in indices]
    rows = [True] * len(pattern.rows) if of_outputs is None else [*of_outputs]
    places = pattern.places()
    if dense:
        places = [(i, j) for i in range(len(rows)) for j in range(len(marks))]
    groups, forward = _plan(pattern, isinstance(content, Loops))
    if isinstance(content, Loops):
        is_summed = all(marks) and all(rows)
        loops = _of_loops(content, by, groups, forward, pattern, places, is_summed)
        return Entries(loops, places)
    sweep = _forward if forward else _reverse
    compressed, index = sweep(content, by, groups)
    chosen = [index(i, j) if pattern.rows[i] >> j & 1 else -1 for i, j in places]
    return Entries(
        with_outputs(compressed, chosen, [rows[i] and marks[j] for i, j in places]), places
    )


def _plan(pattern: Sparsity, loops: bool) -> tuple[list[list[int]], bool]:
    """Which leaves, or outputs, each sweep serves, and whether sweeps are forward."""
    columns = colour(pattern.rows, pattern.columns)
    rows = colour(transposed(pattern.rows, pattern.columns), len(pattern.rows))
    if loops:
        forward = 0 < MORE_LOOPS * len(columns) <= len(rows)
    else:
        forward = 0 < MORE_WORK * pattern.forward <= pattern.reverse
    return (columns, True) if forward else (rows, False)


def _group_of(groups: Sequence[Sequence[int]]) -> dict[int, int]:
    return {k: group for group, members in enumerate(groups) for k in members}


def _reverse(program: Program, by: Leaves, groups: Sequence[Sequence[int]]) -> tuple[Program, Any]:
    """The adjoints of all leaves for each group of outputs, and which of them an entry is."""
    width, group = sum(len(indices) for _, indices in by), _group_of(groups)
    registers = [[program.outputs[k] for k in some] for some in groups]
    marks = [False] * (len(groups) * width)
    compressed = program_gradients_of(program, by, registers, keep=(), marks=marks)
    return compressed, lambda i, j: group[i] * width + j


def _forward(program: Program, by: Leaves, groups: Sequence[Sequence[int]]) -> tuple[Program, Any]:
    """The tangents of all outputs for each group of leaves, and which of them an entry is."""
    height, group = len(program.outputs), _group_of(groups)
    tangents = Tangents(program, by)
    results = [x for some in groups for x in tangents.of_leaves(some)]
    compressed = tangents.finish((), results, [False] * len(results))
    return compressed, lambda i, j: group[j] * height + i


# ------------------------------------------------------------------------------------------ loops
def _of_loops(
    loops: Loops,
    by: Leaves,
    groups: Sequence[Sequence[int]],
    forward: bool,
    pattern: Sparsity,
    places: Sequence[tuple[int, int]],
    summed: bool,
) -> Loops:
    target = RESULTS[not summed]
    group = _group_of(groups)
    if forward:
        writer = LoopWriter(loops)
        table = _tangents(loops, writer, by, groups, target)
    else:
        sweep = Reverse(loops, by, max(len(groups), 1), False)
        for seed, some in enumerate(groups):
            for k in some:
                sweep.begin(loops.outputs[k], 1.0, seed)
        sweep.run()
        runs = sweep.results(by, [summed] * len(by))
        writer = sweep.writer
        table = np.concatenate([where for _, where in runs]).reshape(max(len(groups), 1), -1)
    chosen = np.full(len(places), -1, np.int64)
    for k, (i, j) in enumerate(places):
        if pattern.rows[i] >> j & 1:
            chosen[k] = table[group[j], i] if forward else table[group[i], j]
    missing = np.flatnonzero(chosen < 0)
    if len(missing):
        zero = writer.constant(0.0, (len(missing),))
        zeros = writer.emit(None, (len(missing),), [zero], target=target)
        chosen[missing] = zeros.array()
    return writer.finish([(target, chosen)])


def _tangents(
    loops: Loops, writer: LoopWriter, by: Leaves, groups: Sequence[Sequence[int]], target: str
) -> Any:
    """For each group of leaves, where the tangents of all outputs are handed out."""
    leaves = [(space, k) for space, indices in by for k in indices]
    table = np.zeros((len(groups), len(loops.outputs)), np.int64)
    for g, some in enumerate(groups):
        chosen = runs_of([leaves[k] for k in some], range(len(some)))
        moving = [(space, where.tolist()) for space, where in chosen]
        sweep = Forward(loops, writer, moving, None, range(len(loops.outputs)))
        sweep.run()
        [(space, where)] = sweep.results()
        assert space == target
        table[g] = where
    return table
