"""Finding the steps in a program: where the same instructions come over and over."""

from __future__ import annotations

from array import array
from dataclasses import replace
from typing import Any

import numpy as np

from autograd_bp.compiling.program.native import CODES, walks
from autograd_bp.compiling.program.program import Program
from autograd_bp.compiling.program.steps import KEPT, Cut, Steps

MIN_INSTRUCTIONS = 2000  # of a program that is looked at
MIN_STEPS = 24  # in which it has to repeat itself
MAX_TRIED = 20  # lengths of a step that are looked at closely
MAX_BACK = 4  # steps that are left to what comes before, where they read something else
LOOKED_AT = 256  # instructions that the length of a step is tried on
MAX_CODES = 256  # different operations
PREPARATION = 24  # instructions one after the other before the steps, where there are many
NOWHERE = 2**62


def find_steps(program: Program, per_loop: int = 0) -> Steps | None:
    """The steps of a program; None where there are none, or only few. A piece that is computed many
    times side by side has no steps.

    Arguments:
        program: the program.
        per_loop: how many instructions there have to be for each loop of a step; a step has at
            least one loop for each of its instructions that wait for each other.

    A graph is flattened from its output backwards, which puts what one step needs of another before
    it. So the instructions are put into the order of `_positions` first. Where recurrences run side
    by side at paces of their own, the order of the graph is the regular one.
    """
    if len(program) < MIN_INSTRUCTIONS:
        return None
    positions = _positions(program)
    depth = _depth(positions, program)
    if per_loop * depth > len(program):
        return None
    longest = int(positions.max() - positions.min()) + 1  # of one step after the other
    for is_ordered in (True, False) if depth else (False,):
        ordered = _in_order_of(positions, program) if is_ordered else program
        steps = _steps_as_ordered(ordered)
        if steps is not None and steps.count <= longest:
            return steps
    return None


def _depth(positions: Any, program: Program) -> int:
    """How many positions a step has, or fewer: the instructions in each are as many, of the same
    operations, as in the one a step further on. 0 where that is not so; then sorting is in vain."""
    kinds = np.asarray(program.codes, np.int64) * 32 + np.diff(np.asarray(program.starts)) % 32
    sums = np.bincount(positions - positions.min(), kinds * kinds % 65_521)
    text = (sums.astype(np.int64) % 251).astype(np.uint8).tobytes()
    middle, window = len(text) // 2, len(text) // 4
    if not window:
        return 0
    return max(text.find(text[middle : middle + window], middle + 1) - middle, 0)


def _in_order_of(positions: Any, program: Program) -> Program:
    found = None
    if walks is not None:
        found = walks.in_order_of(positions, program, CODES, MAX_CODES)
    if found is None:
        return _in_order_of_in_python(positions, program)
    codes, starts, operands, outputs = found
    return replace(program, codes=codes, starts=starts, operands=operands, outputs=outputs)


def _in_order_of_in_python(positions: Any, program: Program) -> Program:
    codes = np.asarray(program.codes)
    starts, operands = np.asarray(program.starts), np.asarray(program.operands)
    looks = [_looks(program, positions, k) for k in (1, 0)]
    order = np.lexsort((*looks, codes, positions))
    numbers = np.arange(program.first + len(program))
    numbers[program.first + order] = program.first + np.arange(len(order))
    lengths = np.diff(starts)[order]
    ends = np.cumsum(lengths)
    where = np.arange(len(operands)) + np.repeat(starts[:-1][order] - (ends - lengths), lengths)
    return replace(
        program,
        codes=_array("i", np.asarray(program.codes)[order]),
        starts=_array("q", np.concatenate([[0], ends])),
        operands=_array("q", numbers[operands[where]]),
        outputs=tuple(numbers[list(program.outputs)].tolist()),
    )


def _looks(program: Program, positions: Any, k: int) -> Any:
    """A number for operand k of each instruction that is the same in all steps, to put those that
    run at a time into an order that is the same in all of them."""
    starts, operands = np.asarray(program.starts), np.asarray(program.operands)
    where = np.minimum(starts[:-1] + k, np.maximum(starts[1:] - 1, 0))
    reads = operands[np.minimum(where, len(operands) - 1)]
    results = np.maximum(reads - program.first, 0)
    codes = np.asarray(program.codes, np.int64)[results]
    before = (positions - positions[results]) * MAX_CODES + codes % MAX_CODES
    return np.where(reads < program.first, -reads, before)


def _positions(program: Program) -> Any:
    """For each instruction when it runs, if those that follow from the longest chain run as early
    as they can, and the others, which could run ahead of it, as late as they can.

    So a sum that is carried along is added up when its terms are there, and what a step computes
    from its inputs alone, or from the time, is not computed long before.
    """
    if walks is not None:
        return walks.positions(program, PREPARATION)
    first = program.first
    reads = [
        [k - first for k in operands if k >= first] for _, _, operands in program.instructions()
    ]
    positions, follows = _positions_on_chain(reads)
    for i in range(len(reads) - 1, -1, -1):
        for k in reads[i]:
            if not follows[k]:
                positions[k] = min(positions[k], positions[i] - 1)
    return np.array(positions, np.int64)


def _positions_on_chain(reads: list[list[int]]) -> tuple[list[int], list[bool]]:
    """The positions of what follows from the longest chain, and for each whether it does. Others
    are at NOWHERE, or as early as they can be where nothing reads them."""
    count = len(reads)
    depths, heights = [0] * count, [0] * count
    for i in range(count):
        depths[i] = 1 + max([depths[k] for k in reads[i]], default=0)
    for i in range(count - 1, -1, -1):
        for k in reads[i]:
            heights[k] = max(heights[k], heights[i] + 1)
    longest = max(map(sum, zip(depths, heights, strict=True)), default=0)
    start = min(longest // 8, PREPARATION)
    positions = [
        NOWHERE if height else depth for depth, height in zip(depths, heights, strict=True)
    ]
    follows = [False] * count
    for i in range(count):
        before = [positions[k] for k in reads[i] if follows[k]]
        is_on_chain = depths[i] + heights[i] == longest and depths[i] >= start
        if before or is_on_chain:
            follows[i], positions[i] = True, 1 + max(before, default=depths[i] - 1)
    return positions, follows


def _steps_as_ordered(program: Program) -> Steps | None:
    n = len(program)
    text = _as_text(program)
    if text is None:
        return None
    middle, window = n // 2, n // 4
    period = text.find(text[middle : middle + window], middle + 1) - middle
    if period < 1 or n // period < MIN_STEPS:
        return None
    for length in _lengths(program, period):
        found = _steps_of(program, length)
        if found is not None:
            return found
    return None


def _as_text(program: Program) -> bytes | None:
    """The operations as bytes, so that they can be searched."""
    codes = np.asarray(program.codes)
    known = np.flatnonzero(np.bincount(codes))
    if len(known) > MAX_CODES:
        return None
    numbers = np.zeros(int(known[-1]) + 1, np.uint8)
    numbers[known] = np.arange(len(known))
    text: bytes = numbers[codes].tobytes()
    return text


def _lengths(program: Program, period: int) -> list[int]:
    """Lengths of a step, multiples of a period of the operations, that hold for some operands."""
    n, first = len(program), program.first
    starts, operands = np.asarray(program.starts), np.asarray(program.operands)
    at = n // 4
    begin, end = int(starts[at]), int(starts[min(at + LOOKED_AT, n // 2)])
    here = operands[begin:end]
    lengths: list[int] = []
    for chunk in range(1, n // (MIN_STEPS * period) + 1, LOOKED_AT):
        times = np.arange(chunk, min(chunk + LOOKED_AT, n // (MIN_STEPS * period) + 1))
        shifts = times * period
        once, twice = starts[at + shifts] - begin, starts[at + 2 * shifts] - begin
        inside = begin + twice + len(here) <= len(operands)
        times, shifts, once, twice = times[inside], shifts[inside], once[inside], twice[inside]
        where = begin + np.arange(len(here))
        next_ones = operands[once[:, None] + where]
        moves = next_ones - here
        steady = operands[twice[:, None] + where] - next_ones == moves
        known = (here < first) & (next_ones < first)
        fits = steady & ((known & (moves >= 0)) | (moves == 0) | (moves == shifts[:, None]))
        lengths += shifts[fits.all(axis=1)].tolist()
        if len(lengths) >= MAX_TRIED:
            break
    return lengths[:MAX_TRIED]


def _steps_of(program: Program, length: int) -> Steps | None:
    """The steps of such a length around the middle of a program, if there are enough of them."""
    starts, operands = np.asarray(program.starts), np.asarray(program.operands)
    first, middle = program.first, len(program) // 2
    low, high = _around(_alike(program, length), middle)
    if high - low < MIN_STEPS * length:
        return None
    a_step = int(starts[low + length] - starts[low])
    begin, end = int(starts[low]), int(starts[high])
    here, there = operands[begin:end], operands[begin + a_step : end + a_step]
    moves = there - here
    of_step = (here >= first) & ((moves == 0) | (moves == length))
    good = of_step | _same_leaves(program, here, there)
    steady = moves[a_step:] == moves[:-a_step]
    good[: len(steady)] &= steady
    center = int(starts[middle]) - begin
    bad = np.flatnonzero(~good)
    before, after = bad[bad < center], bad[bad >= center]
    if len(before):
        low = int(np.searchsorted(starts, begin + before[-1], side="right"))
    if len(after):
        high = int(np.searchsorted(starts, begin + after[0], side="right")) - 1
    low = _behind_what_is_fixed(program, low, length, moves, begin)
    count = (high + length - low) // length
    if low < 0 or count < MIN_STEPS:
        return None
    at = int(starts[low]) - begin
    step_moves = moves[at : at + a_step].copy()
    step = operands[begin + at : begin + at + a_step]
    cuts = leaf_cuts(program.first, step, step_moves, count)
    if cuts is None:
        return None
    cuts.append(Cut(first + low + KEPT * length, length))
    return Steps(program, low, length, count, step_moves, tuple(cuts))


def _alike(program: Program, length: int) -> Any:
    """For each instruction whether it is as the one a step further on."""
    codes, lengths = np.asarray(program.codes), np.diff(np.asarray(program.starts))
    return (codes[length:] == codes[:-length]) & (lengths[length:] == lengths[:-length])


def _around(holds: Any, middle: int) -> tuple[int, int]:
    """The run around the middle in which something holds."""
    middle = min(middle, len(holds) - 1)
    breaks = np.flatnonzero(~holds)
    before, after = breaks[breaks <= middle], breaks[breaks > middle]
    low = int(before[-1]) + 1 if len(before) else 0
    return low, int(after[0]) if len(after) else len(holds)


def _same_leaves(program: Program, here: Any, there: Any) -> Any:
    """Whether both are parameters, or both are inputs; or the same constant."""
    parameters = len(program.parameters)
    leaves = parameters + len(program.inputs)
    both = (here < leaves) & (there < leaves)
    return (both & ((here < parameters) == (there < parameters))) | (
        (here < program.first) & (here == there)
    )


def _behind_what_is_fixed(program: Program, low: int, length: int, moves: Any, begin: int) -> int:
    """Where the steps begin so that what all of them read was computed before; -1 for nowhere."""
    starts, operands = program.starts, np.asarray(program.operands)
    at, end = starts[low], starts[low + length]
    fixed = operands[at:end][moves[at - begin : end - begin] == 0]
    latest = int(fixed.max(initial=0)) - program.first
    if latest < low:
        return low
    back = (latest - low) // length + 1
    return low + back * length if back <= MAX_BACK else -1


def leaf_cuts(leaves: int, operands: Any, moves: Any, count: int) -> list[Cut] | None:
    """Which parameters and inputs belong to single steps; None where that is not plain.

    Arguments:
        leaves: registers below this one are parameters and inputs.
        operands: what a step reads.
        moves: how far each of these moves from one step to the next.
        count: how many steps there are.
    """
    moving = (operands < leaves) & (moves != 0)
    streams: list[Cut] = []
    ends: list[int] = []
    pairs = sorted(set(zip(operands[moving].tolist(), moves[moving].tolist(), strict=True)))
    for leaf, move in pairs:
        if move < 0:
            return None
        if streams and leaf < ends[-1] and move == streams[-1].step:
            streams[-1] = Cut(max(streams[-1].start, leaf + 1), move)
            continue
        streams.append(Cut(leaf + KEPT * move, move))
        ends.append(leaf + count * move)
    return streams


def _array(kind: str, numbers: Any) -> array[Any]:
    return array(kind, numbers.tobytes())
