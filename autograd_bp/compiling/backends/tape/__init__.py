"""The backend "tape": loops interpreted over lanes of rows, with nothing to compile.

    loops.Loops -> numbers in an array -> tape.h, part of the compiled core

tape.h runs the loops over a block of rows, lanes.h what one block takes on each kind of processor;
rows.h, which `generate` writes, has the rows of the table, exponentials.h the functions among them
that need no library.
"""

from __future__ import annotations

from array import array
from typing import Any

from autograd_bp import primitives as rows
from autograd_bp.compiling.calling.code import NativeCode
from autograd_bp.compiling.loops.loops import Access, Loop, Loops
from autograd_bp.errors import ProgramError, SettingError
from autograd_bp.native.kernels import OWN
from autograd_bp.primitives import TABLE, Primitive

_interpreter: Any
try:
    from autograd_bp.compiling.backends.tape import _interpreter
except ImportError:  # the interpreted core
    _interpreter = None

__all__ = ["processors", "refused", "tape_of", "unavailable"]

SPACES = ("parameter", "input", "constant", "shared", "slot", "sum", "per_row")
COPY = -1
UNIFORM = ("parameter", "constant", "shared")
DOT = rows.dot.code
DEEPEST = 16  # counters of a nest
LONGEST_BLOCK = 128  # rows
LANES = 16  # rows side by side
CACHE = 3 << 19  # bytes that the lines of a block should take
MANY_SLOTS = 20_000  # so many lines do not fit any cache


def unavailable() -> str | None:
    """Why there is no tape; None where there is."""
    if _interpreter is None:
        return "the compiled core is not there: reinstall autograd_bp where a C compiler is"
    if _interpreter.names(OWN) != [row.name for row in TABLE[:OWN]]:
        return "the compiled core was built for another table of primitives: reinstall autograd_bp"
    return None


def processors() -> list[str]:
    """The kinds of processor that the tape has code for and this one can run, the best last."""
    return [] if _interpreter is None else _interpreter.processors()


def refused(loops: Loops) -> str | None:
    """The name of a row that the tape does not have; None if there is none."""
    for loop in loops.loops:
        if loop.op is not None and not _understands(loop.op):
            return loop.op.name
    return None


def _understands(row: Primitive) -> bool:
    return row.code < OWN and TABLE[row.code] is row


def tape_of(loops: Loops, processor: str | None = None) -> NativeCode:
    """The loops for the tape; it takes batches of any size.

    Arguments:
        loops: what to compute.
        processor: one of `processors()`; the best when left out.

    Raises: ProgramError naming a row that is the user's own; SettingError where there is no
        tape, or not for that processor.
    """
    reason = unavailable()
    if reason is not None:
        raise SettingError(f'there is no backend "tape": {reason}; choose backend="numpy"')
    name = refused(loops)
    if name is not None:
        raise ProgramError(
            f'the primitive {name!r} is your own, and the backend "tape" has only those of the '
            'library: choose backend="llvm" if it has a C expression, or backend="numpy"'
        )
    known = processors()
    if processor is not None and processor not in known:
        raise SettingError(f"the tape has no code for {processor!r}: choose {', '.join(known)}")
    text, tables = array("q"), array("i")
    for loop in loops.loops:
        _encode(loop, text, tables)
    made = _interpreter.Interpreter(
        text or array("q", [0]),
        tables or array("i", [0]),
        array("d", [*loops.constants] or [0.0]),
        count=len(loops.loops),
        shared=sum(loop.space == "shared" for loop in loops.loops),
        slots=loops.sizes["slot"],
        block=_block(loops),
        processor=known.index(processor or known[-1]),
    )
    return NativeCode(made.rows, made.shared, made.self, made.scratch, made, LANES)


def _block(loops: Loops) -> int:
    """How many rows at a time: long lines, that stay in the cache."""
    slots = max(loops.sizes["slot"], 1)
    shortest = 64 if slots < MANY_SLOTS else 16
    return max(shortest, min(CACHE // (8 * slots), LONGEST_BLOCK) // 16 * 16)


def _encode(loop: Loop, text: array[int], tables: array[int]) -> None:
    """Appends a loop as tape.h reads it: seven numbers, the shape, then each access."""
    if len(loop.shape) > DEEPEST:
        raise ProgramError(f"a nest of {len(loop.shape)} counters is deeper than {DEEPEST}")
    reads = list(loop.reads)
    if _code(loop) == DOT and reads[1].space in UNIFORM:
        reads[:2] = reads[1::-1]  # weights that all rows share come first
    text.extend(
        (
            _code(loop),
            SPACES.index(loop.space),
            loop.base,
            loop.terms,
            loop.has_initial,
            len(reads),
            len(loop.shape),
            *loop.shape,
        )
    )
    for access in reads:
        text.extend(
            (
                SPACES.index(access.space),
                access.base,
                access.step,
                len(tables) if access.table else -1,
                *_strides(access, loop),
            )
        )
        tables.extend(array("i", access.table))


def _code(loop: Loop) -> int:
    return COPY if loop.op is None else loop.op.code


def _strides(access: Access, loop: Loop) -> tuple[int, ...]:
    return access.strides or (0,) * len(loop.shape)
